"""What cells show beside what they hold: formats, struck-out words, flat rows, no values."""

from __future__ import annotations

import re
import struct
import zipfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hostile.cases import SHEET, packed
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from test_other_formats import binary, wide, xlsb

from xltools.excel.reading.workbook_reader import SheetCells, read_workbook
from xltools.kinds.display_format import RichText

if TYPE_CHECKING:
    from conftest import Office

NUMBERS = {
    "A1": (2150000, '0!.0,"万"'),
    "A2": (215000, "#,##0,"),
    "A3": (2150000, '0"元"'),
    "A4": (7, "000"),
    "A5": (1.1, "0.00"),
    "A6": (date(2024, 9, 1), 'yyyy"年"m"月"'),
    "A7": (date(2024, 9, 1), "yyyy-mm-dd"),
    "A8": (0.5, "0.0%"),
    "A9": (215, "General"),
    "A10": (2150000, '[>=10000]0!.0,"万";0'),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook whose cells show something else than they hold."""
    book = openpyxl.Workbook()
    sheet = book.active
    for place, (value, code) in NUMBERS.items():
        sheet[place] = value
        sheet[place].number_format = code
    struck, raised = InlineFont(strike=True), InlineFont(vertAlign="superscript")
    sheet["B1"] = CellRichText(TextBlock(struck, "45"), "48")
    sheet["B2"] = CellRichText("10", TextBlock(raised, "2"))
    sheet["B3"] = CellRichText(TextBlock(InlineFont(b=True), "粗"), "体")
    sheet["B4"] = "划掉"
    sheet["B4"].font = Font(strike=True, color="FFFF0000")
    sheet["B5"] = 5
    sheet["B5"].font = Font(strike=True)
    sheet["A12"] = "平"
    sheet.row_dimensions[12].height = 0
    for row in (13, 14):
        sheet.cell(row, 1, "组")
        sheet.row_dimensions[row].outlineLevel = 1
    path = tmp_path_factory.mktemp("made") / "shown.xlsx"
    book.save(path)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    rows = parts[SHEET].decode()
    parts[SHEET] = re.sub(
        '<row r="12"[^>]*>', '<row r="12" ht="0" customHeight="1">', rows
    ).encode()
    assert b'ht="0"' in parts[SHEET]
    path.write_bytes(packed(parts))
    return path


@pytest.fixture(scope="module")
def converted(office: Office, made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the workbook as LibreOffice writes it in every format."""
    folder = tmp_path_factory.mktemp("converted")
    for to in ("ods", "xls", "xlsx"):
        office.convert([made], to, folder)
    return folder


def _sections(sheet: SheetCells, *places: int) -> list[tuple[int, str]]:
    found = []
    for row in places:
        section = sheet.formats[row, 1].section(float(str(sheet.rows[row - 1][0])))
        found.append((section.scale, section.after))
    return found


def _check(sheet: SheetCells, *, scales: bool = True, runs: bool = True) -> None:
    if scales:
        assert _sections(sheet, 1, 2, 3, 10) == [(4, "万"), (3, ""), (0, "元"), (4, "万")]
    assert sheet.formats[4, 1].section(7).whole == 3
    assert sheet.formats[5, 1].section(1.1).decimals == 2
    assert sheet.formats[6, 1].grain == "month"
    assert sheet.rows[5][0] == date(2024, 9, 1)
    assert {(7, 1), (8, 1), (9, 1)}.isdisjoint(sheet.formats)
    assert sheet.percent == {(8, 1)}
    assert sheet.formats[4, 2].struck
    assert sheet.formats[5, 2].struck
    assert {row for row in sheet.grouped_rows if row < 15} == {13, 14}
    first, second, third = (sheet.rows[row][1] for row in range(3))
    assert third == "粗体"
    assert not isinstance(third, RichText)
    if runs:
        assert isinstance(first, RichText)
        assert (first, first.struck, first.raised) == ("48", "45", False)
        assert isinstance(second, RichText)
        assert (second, second.struck, second.raised) == ("102", "", True)


def test_what_openpyxl_wrote(made: Path) -> None:
    sheet = read_workbook(made).sheets[0]
    _check(sheet)
    assert sheet.hidden_rows == {12}


@pytest.mark.libreoffice
@pytest.mark.parametrize("to", ["xlsx", "ods"])
def test_what_libreoffice_wrote(converted: Path, to: str) -> None:
    _check(read_workbook(converted / f"shown.{to}").sheets[0])


@pytest.mark.libreoffice
def test_an_xls_tells_all_but_runs(converted: Path) -> None:
    _check(read_workbook(converted / "shown.xls").sheets[0], runs=False)


def test_what_openpyxl_reads(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> None:
        raise IndexError("stumbled")

    usual = read_workbook(made).sheets[0]
    monkeypatch.setattr("xltools.excel.reading.workbook_reader.read_plain", stumble)
    book = read_workbook(made)
    assert [finding.kind for finding in book.findings] == ["second-reader"]
    sheet = book.sheets[0]
    _check(sheet, runs=False)
    assert sheet.hidden_rows == usual.hidden_rows == {12}
    assert sheet.formats == usual.formats


def _xlsb() -> bytes:
    """The same workbook in binary."""
    codes = sorted({code for _, code in NUMBERS.values()} - {"General"})
    numbers = {"General": 0} | {code: 164 + at for at, code in enumerate(codes)}
    looks = [(0, 0), *((number, 0) for number in numbers.values()), (0, 1)]
    records: list[tuple[int, bytes]] = []

    def row(number: int, height: int = 300, flags: int = 0) -> None:
        records.append((0, struct.pack("<IIHBB5x", number - 1, 0, height, 0, flags)))

    def cell(column: int, value: object, look: tuple[int, int] = (0, 0)) -> None:
        place = struct.pack("<II", column, looks.index(look))
        if isinstance(value, str):
            records.append((6, place + wide(value)))
            return
        serial = (value - date(1899, 12, 30)).days if isinstance(value, date) else value
        records.append((5, place + struct.pack("<d", serial)))

    beside = {
        1: ("4548", (0, 0)),
        2: ("102", (0, 0)),
        3: ("粗体", (0, 0)),
        4: ("划掉", (0, 1)),
        5: (5, (0, 1)),
    }
    for at, (value, code) in enumerate(NUMBERS.values(), 1):
        row(at)
        cell(0, value, (numbers[code], 0))
        if at in beside:
            cell(1, *beside[at])
    row(12, height=0)
    cell(0, "平")
    for at in (13, 14):
        row(at, flags=1)
        cell(0, "组")
    row(15, flags=0x10)
    cell(0, "隐")
    fonts = [(43, struct.pack("<HH20x", 220, struck)) for struck in (0, 8)]
    formats = [(44, struct.pack("<H", numbers[code]) + wide(code)) for code in codes]
    styles = [
        *((615, struct.pack("<I", len(codes))), *formats, (616, b""), *fonts),
        *((47, struct.pack("<HHH10x", 0, number, font)) for number, font in looks),
    ]
    page = [(129, b""), (148, bytes(16)), (145, b""), *records, (146, b""), (130, b"")]
    return packed(xlsb(binary(page), styles))


def test_what_a_binary_workbook_holds(tmp_path: Path) -> None:
    path = tmp_path / "shown.xlsb"
    path.write_bytes(_xlsb())
    sheet = read_workbook(path).sheets[0]
    _check(sheet, runs=False)
    assert sheet.hidden_rows == {12, 15}


NS = (
    'xmlns:office="urn:o" xmlns:table="urn:t" xmlns:text="urn:x" xmlns:style="urn:s" '
    'xmlns:number="urn:n"'
)


def test_ods_rows_without_height_and_styles_of_columns(tmp_path: Path) -> None:
    content = (
        f"<office:document-content {NS}><office:automatic-styles>"
        '<style:style style:name="flat" style:family="table-row">'
        '<style:table-row-properties style:row-height="0cm"/></style:style>'
        '<number:currency-style style:name="n"><number:number number:display-factor="1000"/>'
        "<number:text>万</number:text></number:currency-style>"
        '<style:style style:name="c" style:family="table-cell" style:data-style-name="n"/>'
        '</office:automatic-styles><office:body><table:table table:name="表">'
        '<table:table-column table:default-cell-style-name="c"/>'
        '<table:table-row table:style-name="flat"><table:table-cell office:value-type="float" '
        'office:value="5"/><table:table-cell office:value-type="float" office:value="6"/>'
        "</table:table-row></table:table></office:body></office:document-content>"
    )
    path = tmp_path / "flat.ods"
    path.write_bytes(packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}))
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("content.xml", content)
    sheet = read_workbook(path).sheets[0]
    assert sheet.hidden_rows == {1}
    assert {spot: told.sections[0].after for spot, told in sheet.formats.items()} == {(1, 1): "万"}
