"""Cells where none should be, and values that readers disagree about."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hostile.cases import Case, package, packed, parts, reads, sheet, strings, styles, written

BAD, BIG, NO = "file-unreadable", "file-too-large", "file-refused"


def _cell(reference: str, value: str = "1", more: str = "") -> str:
    return f'<c r="{reference}"{more}><v>{value}</v></c>'


def _row(number: int, *cells: str, more: str = "") -> str:
    return f'<row r="{number}"{more}>{"".join(cells)}</row>'


def _lone(reference: str, row: int) -> bytes:
    return sheet(_row(row, _cell(reference)))


def _one(name: str, cell: str, value: object, *findings: str, **changed: bytes) -> Case:
    return reads(name, _row(1, cell), [[value]], *findings, **changed)


def _shown(name: str, code: str, serial: str, value: object, *findings: str) -> Case:
    cell = _cell("A1", serial, ' s="1"')
    return _one(name, cell, value, *findings, styles=styles(0, 164, codes={164: code}))


def _error(text: str) -> Case:
    return reads(
        "error " + text.strip("#?!").replace("/", " "),
        _row(1, _cell("A1", text, ' t="e"'), _cell("B1", "2")),
        [[None, 2]],
        errors={(1, 1): text},
    )


def _many_rows(count: int) -> bytes:
    return sheet("".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(1, count + 1)))


def _formula(name: str, cell: str, value: object) -> Case:
    return reads(name, _row(1, cell, _cell("B1", "7")), [[value, 7]])


GRIDS: list[Case] = [
    package("column XFE", NO, "refused.out_of_grid", sheet1=_lone("XFE1", 1)),
    package("column of four letters", NO, "refused.out_of_grid", sheet1=_lone("AAAA1", 1)),
    package("row 1,048,577", NO, "refused.out_of_grid", sheet1=_lone("A1048577", 1_048_577)),
    package("row 2^32 + 1", NO, "refused.out_of_grid", sheet1=_lone("A4294967297", 1)),
    package("row 0", NO, "refused.out_of_grid", sheet1=_lone("A0", 1)),
    package("reference of digits", NO, "refused.out_of_grid", sheet1=_lone("11", 1)),
    package("reference of words", NO, "refused.out_of_grid", sheet1=_lone("负责人", 1)),
    reads(
        "two corners",
        _row(1, _cell("A1")) + _row(1_048_576, _cell("XFD1048576")),
        [[1], *[[]] * 1_048_574, [*[None] * 16_383, 1]],
    ),
    package(
        "rows that end far right",
        BIG,
        "refused.sparse",
        sheet1=sheet("".join(_row(n, _cell(f"XFD{n}")) for n in range(1, 700))),
    ),
    package(
        "cell twice, differently",
        BAD,
        "refused.cell_twice",
        sheet1=sheet(_row(1, _cell("A1", "1"), _cell("A1", "2"))),
    ),
    reads(
        "string index too high",
        _row(1, _cell("A1", "99", ' t="s"'), _cell("B1")),
        [[None, 1]],
        "text-lost",
        errors={(1, 1): "#TEXT!"},
    ),
    reads(
        "string index below 0",
        _row(1, _cell("A1", "-1", ' t="s"'), _cell("B1")),
        [[None, 1]],
        "text-lost",
        errors={(1, 1): "#TEXT!"},
    ),
    reads(
        "string index of words",
        _row(1, _cell("A1", "x", ' t="s"'), _cell("B1")),
        [[None, 1]],
        "text-lost",
        errors={(1, 1): "#TEXT!"},
    ),
    reads(
        "string index empty",
        _row(1, '<c r="A1" t="s"><v/></c>', _cell("B1")),
        [[None, 1]],
        "text-lost",
        errors={(1, 1): "#TEXT!"},
    ),
    Case(
        "a million empty rows",
        written("rows.xlsx", lambda: packed(parts(sheet1=_many_rows(200_000)))),
        values=[],
    ),
    reads("far right", _row(1, _cell("A1"), _cell("XFD1")), [[1, *[None] * 16_382, 1]]),
    reads(
        "cell twice, alike",
        _row(1, _cell("A1", "1"), _cell("A1", "1")),
        [[1]],
        "cells-out-of-order",
    ),
    reads(
        "cells turned", _row(1, _cell("B1", "2"), _cell("A1", "1")), [[1, 2]], "cells-out-of-order"
    ),
    reads(
        "rows turned",
        _row(2, _cell("A2", "2")) + _row(1, _cell("A1", "1")),
        [[1], [2]],
        "rows-out-of-order",
    ),
    reads("cell outside its row", _row(1, _cell("A2", "2")), [[None], [2]], "cell-outside-row"),
    reads(
        "no references",
        "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>",
        [[1, 2], [3, None]],
    ),
    reads("row without number", "<row>" + _cell("A1") + "</row>", [[1]]),
    reads("small letters", _row(1, _cell("a1")), [[1]]),
    reads("no cells", "", []),
    reads("blank cells", _row(1, '<c r="A1" s="1"/>', '<c r="ZZ1" s="1"/>'), []),
    reads("blank cells with ends", _row(1, '<c r="A1" s="1"></c>', _cell("B1")), [[None, 1]]),
    *(
        _error(text)
        for text in ("#REF!", "#N/A", "#DIV/0!", "#NAME?", "#SPILL!", "#GETTING_DATA", "ERROR")
    ),
    _one("true", _cell("A1", "1", ' t="b"'), True),
    _one("false", _cell("A1", "0", ' t="b"'), False),
    _one("18 digits", _cell("A1", "310101199001011234"), 310101199001011234),
    _one("2^53 + 1", _cell("A1", "9007199254740993"), 9007199254740993),
    _one("exponent", _cell("A1", "1.5E-3"), 0.0015),
    _one("full-width digits untyped", _cell("A1", "１２"), "１２"),
    _one("underscore in a number", _cell("A1", "1_000"), "1_000"),
    _one("not a number", _cell("A1", "NaN"), "NaN"),
    _one("infinity", _cell("A1", "1E999"), "1E999"),
    _one("spaces in a number", _cell("A1", " 12 "), 12),
    _one("unknown type", _cell("A1", "x", ' t="zz"'), "x"),
    _one("style out of range", _cell("A1", "5", ' s="99"'), 5),
    _one("style empty", _cell("A1", "5", ' s=""'), 5),
    _one("text that is a formula", _cell("A1", "=1+1", ' t="str"'), "=1+1"),
    _one("32,767 characters", _cell("A1", "长" * 32_767, ' t="str"'), "长" * 32_767),
    _one("escapes", _cell("A1", "a_x000D_b_x005F_x0041_", ' t="str"'), "a\rb_x0041_"),
    _one("escaped pair", _cell("A1", "_xD83D__xDE00_", ' t="str"'), "😀"),
    _one("escaped half pair", _cell("A1", "_xD83D_", ' t="str"'), "�"),
    _one("spaces kept", '<c r="A1" t="inlineStr"><is><t>  a  </t></is></c>', "  a  "),
    _one(
        "inline rich text",
        '<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r></is></c>',
        "a b",
    ),
    _one("inline empty", '<c r="A1" t="inlineStr"><is><t/></is></c>', ""),
    _one("ISO date", _cell("A1", "2024-02-15", ' t="d"'), date(2024, 2, 15)),
    _one(
        "ISO moment with Z",
        _cell("A1", "2024-02-15T08:30:00Z", ' t="d"'),
        datetime(2024, 2, 15, 8, 30),
    ),
    _one("bad ISO date", _cell("A1", "2024-02-31", ' t="d"'), "2024-02-31", "date-unreadable"),
    _one("percentage", _cell("A1", "0.9", ' s="1"'), 0.9),
    _shown("date", "yyyy-mm-dd", "45337", date(2024, 2, 15)),
    _shown(
        "Chinese date",
        "yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;",
        "45337",
        date(2024, 2, 15),
    ),
    _shown("moment", "yyyy/m/d h:mm", "45337.5", datetime(2024, 2, 15, 12)),
    _shown("time of 1:06", "h:mm", "0.045833333333333", time(1, 6)),
    _shown("hours over a day", "[h]:mm", "1.5", timedelta(hours=36)),
    _shown("serial 59", "yyyy-mm-dd", "59", date(1900, 2, 28)),
    _shown("serial 60", "yyyy-mm-dd", "60", date(1900, 2, 28)),
    _shown("serial 61", "yyyy-mm-dd", "61", date(1900, 3, 1)),
    _shown("serial below 0", "yyyy-mm-dd", "-1.2", -1.2, "date-outside-calendar"),
    _shown("serial after 9999", "yyyy-mm-dd", "2958466", 2958466, "date-outside-calendar"),
    _shown("serial 0", "yyyy-mm-dd", "0", 0),
    _shown("literal letters", "0&quot;day&quot;", "3", 3),
    _shown("colour and condition", "[Red][&gt;5]0.0", "3", 3),
    reads(
        "1904 calendar",
        _row(1, _cell("A1", "43875", ' s="2"')),
        [[date(2024, 2, 15)]],
        book=parts()["xl/workbook.xml"].replace(b"<sheets>", b'<workbookPr date1904="1"/><sheets>'),
    ),
    reads(
        "Chinese built-in date",
        _row(1, _cell("A1", "45337", ' s="1"')),
        [[date(2024, 2, 15)]],
        styles=styles(0, 31),
    ),
    _formula("formula", '<c r="A1"><f>B1*2</f><v>14</v></c>', 14),
    _formula("formula without value", '<c r="A1"><f>B1*2</f></c>', None),
    _formula("formula with empty value", '<c r="A1"><f>B1*2</f><v></v></c>', None),
    _formula("formula of empty text", '<c r="A1" t="str"><f>""</f><v></v></c>', None),
    _formula("shared formula", '<c r="A1"><f t="shared" si="0"/><v>14</v></c>', 14),
    reads(
        "shared string with line ends",
        _row(1, _cell("A1", "0", ' t="s"')),
        [["a\nb"]],
        strings=strings("<t>a\r\nb</t>"),
    ),
    reads(
        "quotes in a text",
        _row(12, _cell("A12", 'row 12" s=', ' t="str"'), _cell("B12", "1")),
        [*[[None, None]] * 11, ['row 12" s=', 1]],
    ),
]
