"""The checker of Excel's rules finds every fault that is planted, and none in what is sound."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from excel_rules import findings

from xltools.excel.package.workbook_package import Package

BOOK, SHEET, TABLE = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/tables/table1.xml"
TEXTS = "xl/sharedStrings.xml"
FORMULA, RULE = "SUM(A2:A3)", "$H$1=1"


def sound(path: Path) -> Path:
    """A workbook with one of everything that the rules are about."""
    with xlsxwriter.Workbook(path) as book:
        sheet, other = book.add_worksheet("Data"), book.add_worksheet("It's 2")
        sheet.add_table(0, 0, 2, 1, {"name": "t_x", "columns": [{"header": "a"}, {"header": "b"}]})
        sheet.write_formula("D1", "=" + FORMULA, None, 3)
        sheet.write_formula("D2", "=SUMPRODUCT((A2:A3=1)*1)+limit+'It''s 2'!A1", None, 3)
        sheet.write_string("E1", "text")
        sheet.merge_range("F1:G2", "merged")
        sheet.merge_range("F4:G5", "merged, too")
        for cell in ("H1", "H3"):
            options = {"validate": "decimal", "criteria": ">", "value": 5, "input_message": "say"}
            sheet.data_validation(cell, options)
        sheet.conditional_format("H2", {"type": "formula", "criteria": "=" + RULE})
        sheet.conditional_format("H4", {"type": "formula", "criteria": "=$H$1=2"})
        sheet.set_footer("foot")
        book.define_name("limit", "=Data!$A$2")
        book.define_name("all_of_it", "=Data!$A$2:$A$3")
        other.write_number("A1", 1)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return sound(tmp_path / "sound.xlsx")


def test_a_sound_workbook_has_no_fault(path: Path) -> None:
    assert findings(path) == []


PLANTED: dict[str, tuple[str, str, str, str]] = {
    # what: part, text there, text instead, what is said
    "name twice": (BOOK, '"all_of_it"', '"LIMIT"', "is defined twice"),
    "name like a cell": (BOOK, '"all_of_it"', '"R1C1"', "R1C1 is no name"),
    "name of nowhere": (BOOK, "Data!$A$2:$A$3", "Datum!$A$2:$A$3", "no sheet 'Datum'"),
    "broken name": (BOOK, "Data!$A$2:$A$3", "#REF!", "#REF! in a formula"),
    "name of a table": (BOOK, '"all_of_it"', '"T_X"', "t_x is there twice"),
    "long title": (BOOK, 'name="Data"', f'name="{"D" * 32}"', "no sheet can be called"),
    "title twice": (BOOK, 'name="Data"', 'name="IT\'S 2"', "two sheets called"),
    "undefined name": (SHEET, FORMULA, "SUM(nothing)", "nothing is not defined"),
    "no such cell": (SHEET, FORMULA, "SUM(XFE1)", "XFE1 is no cell"),
    "long text": (SHEET, FORMULA, f'"{"x" * 256}"', "more than 255 characters"),
    "long formula": (SHEET, FORMULA, "1+" * 4_100 + "1", "a formula of 8201"),
    "function of 2019": (SHEET, FORMULA, "CONCAT(A2)", "CONCAT is not a function of all"),
    "too few arguments": (SHEET, FORMULA, "IF(A2)", "IF with 1 arguments"),
    "a day in words": (SHEET, FORMULA, 'TEXT(A2,"yyyy-mm-dd")', "reader's language"),
    "half a pair": (SHEET, FORMULA, "COUNTIFS(A2:A3,1,B2:B3)", "COUNTIFS with 3 arguments"),
    "no range": (SHEET, FORMULA, 'COUNTIF(A2&amp;"",1)', "must be a range"),
    "nested": (SHEET, FORMULA, "NOT(" * 65 + "A2" + ")" * 65, "nested more than 64"),
    "no bracket": (SHEET, FORMULA, "SUM((A2:A3)", "a bracket is missing"),
    "one bracket more": (SHEET, FORMULA, "SUM(A2:A3))", "cannot be read"),
    "stored with =": (SHEET, FORMULA, "=SUM(A2:A3)", "stored with ="),
    "one cell of many": (SHEET, FORMULA, "SUM((A2:A3=1)*1)", "Excel takes one cell of it"),
    "one cell of a name": (SHEET, FORMULA, "all_of_it+1", "Excel takes one cell of it"),
    "array in IF": (SHEET, FORMULA, "SUMPRODUCT(IF(A2:A3=1,1,0))", "does not compute"),
    "long rule": (SHEET, RULE, "1=" + "1+" * 127 + "1", "a rule of 257 characters"),
    "constants in a rule": (SHEET, RULE, "OR($H$1={1,2})", "an array of constants"),
    "entry rules": (SHEET, 'sqref="H3"', 'sqref="H1:H3"', "two entry rules"),
    "prompt": (SHEET, 'prompt="say"', f'prompt="{"x" * 256}"', "prompt of 256"),
    "merged twice": (SHEET, 'ref="F4:G5"', 'ref="G2:G5"', "overlap"),
    "merged alone": (SHEET, 'ref="F4:G5"', 'ref="F4"', "merged cells that are no range"),
    "merged table": (SHEET, 'ref="F4:G5"', 'ref="A3:B3"', "merged cells in a table"),
    "priority": (SHEET, 'priority="2"', 'priority="1"', "two colours of one priority"),
    "footer": (SHEET, ">foot<", f">{'f' * 256}<", "header or footer of 256"),
    "no number": (SHEET, "</f><v>3</v>", "</f><v>three</v>", "is no number"),
    "no text there": (SHEET, '<c r="E1" t="s"><v>2</v>', '<c r="E1" t="s"><v>9</v>', "text 9"),
    "order": (SHEET, 'r="E1"', 'r="C1"', "is out of order"),
    "text too long": (
        "xl/sharedStrings.xml",
        "<t>text<",
        f"<t>{'x' * 32_768}<",
        "32768 characters",
    ),
    "header": (TABLE, 'name="a"', 'name="A 1"', "is not the column 'A 1'"),
    "two headers": (TABLE, 'name="b"', 'name="A"', "two columns called"),
    "no row": (TABLE, 'ref="A1:B3"', 'ref="A1:B1"', "a table without a row"),
    "table name": (TABLE, 'displayName="t_x"', 'displayName="A1"', "no table can be called so"),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_fault_is_found(what: str, path: Path) -> None:
    part, old, new, said = PLANTED[what]
    package = Package(path.read_bytes())
    text = package.text(part)
    assert old in text
    package.replace(part, text.replace(old, new))
    path.write_bytes(package.save())
    assert any(said in fault for fault in findings(path)), findings(path)
