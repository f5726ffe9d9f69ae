"""OpenDocument and old Excel workbooks, as LibreOffice writes them, and damaged ones."""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from good_goals import FILE, bent
from hostile.cases import links, packed
from tables import one, serious, write

from xltools.errors import FileRefused
from xltools.excel.package import compound_file
from xltools.excel.package.compound_file import workbook_stream
from xltools.excel.reading.workbook_reader import SheetCells, WorkbookCells, read_workbook
from xltools.locale import say
from xltools.workers import run

if TYPE_CHECKING:
    from conftest import Office

HEADERS = ["指标", "日期", "时刻", "百分比", "错误", "公式", "文本", "数", "时长"]
FIRST = [
    *("新客户 & <x>", date(2024, 2, 15), datetime(2024, 2, 15, 8, 30), 0.9, None, 1.8),
    *("  两端空格  ", 1234567890123, timedelta(hours=25, minutes=6)),
]
SECOND = ["多\n行", None, time(1, 6), 0.355, None, "ab", "a  b\tc", 1.5, None]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with one of everything."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "数据"
    sheet.append(HEADERS)
    sheet.append([*FIRST[:4], "#N/A", "=D2*2", *FIRST[6:]])
    sheet.append([*SECOND[:4], "=1/0", '="a"&"b"', *SECOND[6:]])
    sheet["D2"].number_format = sheet["D3"].number_format = "0.0%"
    sheet["A5"] = "合并"
    sheet.merge_cells("A5:B6")
    sheet["A7"] = "隐"
    sheet.row_dimensions[7].hidden = True
    sheet.column_dimensions["C"].hidden = True
    book.create_sheet("隐藏").sheet_state = "hidden"
    book["隐藏"]["C3"] = 1
    book.custom_doc_props.append(
        openpyxl.packaging.custom.StringProperty(name="xltools.team", value="华东")
    )
    path = tmp_path_factory.mktemp("made") / "full.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def converted(
    office: Office, made: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The workbook as LibreOffice writes it."""
    folder = tmp_path_factory.mktemp("converted")
    return {to: office.convert([made], to, folder)[0] for to in ("ods", "xls", "xlsx")}


def _check(book: WorkbookCells) -> None:
    shown, hidden = book.sheets
    assert (shown.title, shown.state, hidden.title, hidden.state) == (
        *("数据", "visible"),
        *("隐藏", "hidden"),
    )
    assert shown.rows[:3] == [HEADERS, FIRST, SECOND]
    assert [row[0] for row in shown.rows[3:]] == [None, "合并", None, "隐"]
    assert hidden.rows[2] == [None, None, 1]
    assert shown.errors == {(2, 5): "#N/A", (3, 5): "#DIV/0!"}
    assert {(2, 6), (3, 5), (3, 6)} <= set(shown.formulas)
    assert shown.percent == {(2, 4), (3, 4)}
    assert shown.merges == [(5, 1, 6, 2)]
    assert shown.hidden_rows == {7}
    assert shown.hidden_columns == {3}


@pytest.mark.libreoffice
@pytest.mark.parametrize("to", ["ods", "xls", "xlsx"])
def test_each_format_reads_as_the_others_do(converted: dict[str, Path], to: str) -> None:
    book = read_workbook(converted[to])
    _check(book)
    if to != "xls":
        assert book.properties["xltools.team"] == "华东"
        assert book.modified


@pytest.mark.libreoffice
def test_a_text_that_libreoffice_saved_as_zero_is_nothing(office: Office, tmp_path: Path) -> None:
    """It keeps the text of a formula that it did not calculate anew as the number 0."""
    formula = '=IF(1>0,"正常","") -> 正常'
    sheets = bent("进度跟踪", ("| 正常 |", f"| {formula} |"), ("| 报名少 |", f"| {formula} |"))
    made = write(tmp_path / FILE, sheets)
    [path] = office.convert([made], "xls", tmp_path)
    calculated = one(path)
    assert calculated.sheets["progress"].columns["risk"] == [None, "正常"]
    assert serious(calculated.issues) == []
    path.write_bytes(without_texts(path.read_bytes()))
    spoiled = one(path)
    assert spoiled.sheets["progress"].columns["status"] == ["normal", "behind"]
    assert [(i.code, i.cell, i.text) for i in spoiled.issues if i.severity == "error"] == [
        ("cell-error", "I3", "cell-error.uncached")
    ]
    assert "cell-recomputed" not in {issue.code for issue in spoiled.issues}


def without_texts(content: bytes) -> bytes:
    """The ``.xls`` with 0 for every text that a formula gave."""
    stream, at, changed = workbook_stream(content), 0, 0
    while at + 4 <= len(stream):
        record, length = struct.unpack_from("<HH", stream, at)
        whole = stream[at : at + 4 + length]
        at += len(whole)
        if record == 0x06 and whole[10] == 0 and whole[16:18] == b"\xff\xff":
            new = whole[:10] + bytes(8) + whole[18:]
            following = stream[at : at + 4]
            assert following[:2] == b"\x07\x02"
            assert content.count(whole + following) == 1
            content = content.replace(whole + following, new + b"\xb8\x00" + following[2:])
            changed += 1
    assert changed
    return content


@pytest.mark.libreoffice
@pytest.mark.parametrize("to", ["ods", "xls"])
def test_mutants_of_each_format_get_a_verdict(
    converted: dict[str, Path], to: str, tmp_path: Path
) -> None:
    good = converted[to].read_bytes()
    chance = random.Random(to)
    paths = []
    for number in range(150):
        content = bytearray(good)
        for _ in range(chance.choice([1, 1, 3, 20])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.1:
            del content[chance.randrange(len(content)) :]
        mutant = tmp_path / f"{number}.{to}"
        mutant.write_bytes(content)
        paths.append(str(mutant))
    for outcome in run(read_workbook, paths, workers=2):
        refusal = outcome.refusal
        assert refusal is None or refusal.code.startswith("file-")
        assert refusal is None or refusal.reason != "refused.reader_failed", (outcome.path, refusal)


_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [("office", "office"), ("table", "table"), ("text", "text")]
)


def _ods(tmp_path: Path, rows: str) -> SheetCells:
    content = (
        f"<office:document-content {_NAMES}><office:body><office:spreadsheet>"
        f'<table:table table:name="表">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "made.ods"
    path.write_bytes(
        packed(
            {
                "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": content.encode(),
            }
        )
    )
    return read_workbook(path).sheets[0]


def _cell(text: str, attributes: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string" {attributes}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def test_repeated_rows_and_cells_are_spelled_out_where_filled(tmp_path: Path) -> None:
    rows = (
        '<table:table-row table:number-rows-repeated="2">'
        '<table:table-cell table:number-columns-repeated="2"/>'
        + _cell("是", 'table:number-columns-repeated="2"')
        + '<table:table-cell table:number-columns-repeated="16380"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/>'
        "</table:table-row>"
    )
    assert _ods(tmp_path, rows).rows == [[None, None, "是", "是"]] * 2


def test_text_of_paragraphs_spaces_links_and_no_comments(tmp_path: Path) -> None:
    text = (
        'a<text:s text:c="2"/>b<text:tab/><text:span>c</text:span></text:p>'
        "<text:p><text:a>d</text:a></text:p><office:annotation><text:p>批注</text:p>"
        "</office:annotation><text:p>e"
    )
    rows = f"<table:table-row>{_cell(text)}</table:table-row>"
    assert _ods(tmp_path, rows).rows == [["a  b\tc\nd\ne"]]


@pytest.mark.parametrize(
    ("attributes", "row", "reason"),
    [
        ('table:number-columns-repeated="99999"', "", "refused.out_of_grid"),
        ('table:number-columns-repeated="9999"', "9999", "refused.sparse"),
        ("", "1048577", "refused.out_of_grid"),
    ],
)
def test_absurd_repetition_is_refused(
    tmp_path: Path, attributes: str, row: str, reason: str
) -> None:
    repeated = f' table:number-rows-repeated="{row}"' if row else ""
    rows = f"<table:table-row{repeated}>{_cell('x', attributes)}</table:table-row>"
    with pytest.raises(FileRefused) as refused:
        _ods(tmp_path, rows)
    assert refused.value.reason == reason
    assert "“表”" in say(reason, "zh", **refused.value.values)


def test_a_compound_file_shorter_than_its_header_is_damaged() -> None:
    with pytest.raises(FileRefused) as refused:
        compound_file.workbook_stream(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100)
    assert refused.value.reason == "refused.damaged"


def _record(number: int, body: bytes) -> bytes:
    head = bytes([number]) if number < 0x80 else bytes([number & 0x7F | 0x80, number >> 7])
    return head + bytes([len(body) & 0x7F | 0x80, len(body) >> 7]) + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary(records: list[tuple[int, bytes]]) -> bytes:
    """A part of a binary workbook."""
    return b"".join(_record(number, body) for number, body in records)


def xlsb(
    sheet: bytes, styles: Sequence[tuple[int, bytes]] = ((47, bytes(16)),)
) -> dict[str, bytes]:
    """A binary workbook with one sheet and these formats of cells, or none but the usual one."""
    count = struct.pack("<I", sum(number == 47 for number, _ in styles))
    first = next(at for at, (number, _) in enumerate(styles) if number == 47)
    looks = [*styles[:first], (617, count), *styles[first:], (618, b"")]
    book = [
        (131, b""),
        (143, b""),
        (156, struct.pack("<II", 0, 1) + wide("s1") + wide("表")),
        (144, b""),
        (157, b"\x00" * 26),
        (132, b""),
    ]
    return {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": links(("r1", "officeDocument", "xl/workbook.bin")),
        "xl/_rels/workbook.bin.rels": links(("s1", "worksheet", "worksheets/sheet1.bin")),
        "xl/workbook.bin": binary(book),
        "xl/styles.bin": binary(looks),
        "xl/worksheets/sheet1.bin": sheet,
    }


def _of_everything() -> dict[str, bytes]:
    """A binary workbook with a hidden row of a number, a percentage, an error and formulas."""

    def cell(column: int, style: int, value: bytes) -> bytes:
        return struct.pack("<II", column, style) + value

    number = struct.pack("<d", 0.9)
    row = struct.pack("<IIHBB", 1, 0, 300, 0, 0x10) + b"\x00" * 5
    sheet = [
        (129, b""),
        (148, struct.pack("<IIII", 1, 1, 0, 4)),
        (390, b""),
        (60, struct.pack("<IIIIH", 2, 3, 2000, 0, 1)),
        (391, b""),
        (145, b""),
        (0, row),
        (5, cell(0, 0, number)),
        (5, cell(1, 1, number)),
        (3, cell(2, 0, b"\x2a")),
        (11, cell(3, 0, b"\x17" + b"\x00" * 10)),
        (9, cell(4, 1, number + b"\x00" * 10)),
        (146, b""),
        (130, b""),
    ]
    styles = [(47, bytes(16)), (47, b"\x00\x00\x09\x00" + bytes(12))]
    return xlsb(binary(sheet), styles)


def test_binary_workbooks_tell_errors_formulas_and_percentages(tmp_path: Path) -> None:
    path = tmp_path / "made.xlsb"
    path.write_bytes(packed(_of_everything()))
    (sheet,) = read_workbook(path).sheets
    assert sheet.title == "表"
    assert sheet.rows == [[None] * 5, [0.9, 0.9, None, None, 0.9]]
    assert sheet.errors == {(2, 3): "#N/A", (2, 4): "#REF!"}
    assert set(sheet.formulas) == {(2, 4), (2, 5)}
    assert sheet.percent == {(2, 2), (2, 5)}
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({2}, {3, 4})
