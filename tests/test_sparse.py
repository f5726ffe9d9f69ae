"""A few cells far apart: what is filled is counted, not the box between; whoever saved it."""

from __future__ import annotations

import struct
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from good_goals import FILE, GOOD
from hostile.cases import packed, parts, sheet
from tables import catalog, one, settings, told, write
from test_other_formats import binary, xlsb

from xltools.check.check_files import check
from xltools.check.reading_plan import ReadingPlan
from xltools.excel.package.compound_file import compound_file, workbook_stream
from xltools.excel.reading.cells import dense_rows
from xltools.excel.reading.workbook_reader import SheetCells, WorkbookCells, read_workbook
from xltools.ground.period import Quarter
from xltools.workers import run, worker_limits

if TYPE_CHECKING:
    from conftest import Office

SAMPLES = Path(__file__).parents[1] / "samples"
CORNERS = {"A1": "左上", "IV1": 2.5, "A65536": date(2024, 2, 15), "IV65536": "右下"}


def _places(cells: SheetCells) -> dict[tuple[int, int], object]:
    return {
        (row, column): value
        for row, values in enumerate(cells.rows, 1)
        for column, value in enumerate(values, 1)
        if value is not None
    }


def _read_in(megabytes: int, path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkbookCells:
    """The workbook, by a reader that may take so much memory."""
    monkeypatch.setattr(worker_limits, "MEMORY_PER_WORKER", megabytes * 2**20)
    (outcome,) = run(read_workbook, [str(path)], workers=1)
    assert outcome.refusal is None, outcome.refusal
    assert isinstance(outcome.result, WorkbookCells)
    return outcome.result


@pytest.fixture(scope="module")
def corners(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = openpyxl.Workbook()
    for place, value in CORNERS.items():
        book.active[place] = value
    book.active.row_dimensions[65536].hidden = True
    book.active.merge_cells("B2:C3")
    book.create_sheet("另").append(["第二张", 7])
    path = tmp_path_factory.mktemp("corners") / "corners.xlsx"
    book.save(path)
    return path


@pytest.mark.libreoffice
@pytest.mark.parametrize("to", ["xls", "ods", "xlsx"])
def test_four_corners_are_four_cells(
    to: str, corners: Path, tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = office.convert([corners], to, tmp_path)
    first, second = _read_in(128, path, monkeypatch).sheets  # the box takes 128 MB a word each
    assert list(_places(first).values()) == list(CORNERS.values())
    assert list(_places(first)) == [(1, 1), (1, 256), (65536, 1), (65536, 256)]
    assert 65536 in first.hidden_rows
    assert first.merges == [(2, 2, 3, 3)]
    assert second.rows == [["第二张", 7]]


def _biff(*cells: bytes) -> bytes:
    """The stream of an old workbook with one sheet of these records."""

    def record(number: int, body: bytes) -> bytes:
        return struct.pack("<HH", number, len(body)) + body

    begin = record(0x809, struct.pack("<HH12x", 0x600, 5))
    title = record(0x85, struct.pack("<IHBB", 0, 0, 1, 0) + b"S")
    offset = len(begin) + len(title) + 4
    title = record(0x85, struct.pack("<IHBB", offset, 0, 1, 0) + b"S")
    page = record(0x809, struct.pack("<HH12x", 0x600, 0x10))
    return begin + title + record(0x0A, b"") + page + b"".join(cells) + record(0x0A, b"")


def test_nothing_is_made_room_for_by_an_announced_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "claims.xls"
    claim = struct.pack("<HHIIHH2x", 0x200, 14, 0, 65536, 0, 256)
    path.write_bytes(compound_file(_biff(claim, _number(0, 0, 1.5), _number(1, 2, 2))))
    (cells,) = _read_in(128, path, monkeypatch).sheets
    assert cells.rows == [[1.5, None, None], [None, None, 2]]


def _number(row: int, column: int, value: float) -> bytes:
    return struct.pack("<HHHHHd", 0x203, 14, row, column, 0, value)


def _row_of_numbers(row: int, column: int, *values: int) -> bytes:
    cells = b"".join(struct.pack("<HI", 0, value << 2 | 2) for value in values)
    body = struct.pack("<HH", row, column) + cells
    body += struct.pack("<H", column + len(values) - 1)
    return struct.pack("<HH", 0xBD, len(body)) + body


def test_an_old_workbook_keeps_the_places_of_numbers_in_a_row(tmp_path: Path) -> None:
    path = tmp_path / "far.xls"
    stream = _biff(_number(0, 0, 1.5), _row_of_numbers(65535, 200, 7, 8, 9), _number(3, 255, 2))
    path.write_bytes(compound_file(stream))
    (cells,) = read_workbook(path).sheets
    found = _places(cells)
    assert found == {
        (1, 1): 1.5,
        (4, 256): 2,
        (65536, 201): 7,
        (65536, 202): 8,
        (65536, 203): 9,
    }


@pytest.mark.parametrize("size", [10, 4095, 4096, 4097, 1_000_000, 5_000_000])
def test_what_is_put_into_a_compound_file_comes_out_of_it(size: int) -> None:
    stream = _biff() + bytes(size)
    assert workbook_stream(compound_file(stream)).rstrip(b"\0") == stream.rstrip(b"\0")


def test_a_binary_workbook_is_read_sparsely(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cell(column: int, value: float) -> tuple[int, bytes]:
        return 5, struct.pack("<IId", column, 0, value)

    def row(number: int) -> tuple[int, bytes]:
        return 0, struct.pack("<IIHBB5x", number, 0, 300, 0, 0)

    records = [row(0), cell(0, 1.5), row(7), row(1_048_575), cell(3, 2.5), cell(16_383, 3.5)]
    path = tmp_path / "far.xlsb"
    path.write_bytes(
        packed(
            xlsb(
                sheet=binary(
                    [
                        (129, b""),
                        (148, bytes(16)),
                        (390, b""),
                        (391, b""),
                        (145, b""),
                        *records,
                        (146, b""),
                    ]
                )
            )
        )
    )
    (cells,) = _read_in(128, path, monkeypatch).sheets
    assert _places(cells) == {(1, 1): 1.5, (1_048_576, 4): 2.5, (1_048_576, 16_384): 3.5}


def test_openpyxl_reads_sparsely_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
    rows += '<row r="1048576"><c r="XFD1048576"><f>1+1</f><v>2</v></c></row>'
    path = tmp_path / "far.xlsx"
    path.write_bytes(packed(parts(sheet1=sheet(rows))))
    usual = read_workbook(path).sheets[0]

    def stumble(*_: object) -> None:
        raise IndexError("stumbled")

    monkeypatch.setattr("xltools.excel.reading.workbook_reader.read_plain", stumble)
    book = read_workbook(path)
    assert [finding.kind for finding in book.findings] == ["second-reader"]
    second = book.sheets[0]
    assert (second.rows, second.formulas) == (usual.rows, usual.formulas)


def test_a_form_with_a_stray_cell_far_away_is_checked_as_without(tmp_path: Path) -> None:
    path = write(tmp_path / FILE, GOOD)
    usual = one(path)
    book = openpyxl.load_workbook(path)
    book["任务分解"]["XFD1048576"] = "手误"
    book.save(path)
    found = one(path)
    assert found.sheets == usual.sheets
    assert [text for text in told(found.issues) if text not in told(usual.issues)] == [
        "info row-ignored 任务分解!A1048576"
    ]


def test_a_stray_cell_beside_a_header_is_a_spare_column(tmp_path: Path) -> None:
    path = write(tmp_path / FILE, GOOD)
    usual = one(path)
    book = openpyxl.load_workbook(path)
    book["任务分解"]["XFD2"] = "手误"
    book["任务分解"]["A1048576"] = "手误"
    book.save(path)
    found = one(path)
    assert found.sheets["tasks"].columns == usual.sheets["tasks"].columns
    assert found.sheets["tasks"].extra == {"XFD": ["手误", "", ""]}


def test_answers_do_not_depend_on_how_rows_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = sorted(SAMPLES.glob("2024Q*/**/*.xlsx"))
    assert len(paths) > 10
    plan = ReadingPlan(catalog(), settings(), period=Quarter(2024, 3))
    usual = list(check(paths, plan, workers=1))

    def sparse(placed: list[tuple[int, list[object]]]) -> list[list[object]]:
        for _, values in placed:
            while values and values[-1] is None:
                values.pop()
        return dense_rows.sparse(placed, placed[-1][0] if placed else 0)

    monkeypatch.setattr("xltools.excel.reading.xlsx.fast_sheet.dense", sparse)
    monkeypatch.setattr("xltools.excel.reading.xlsx.parsed_sheet.dense", sparse)
    assert list(check(paths, plan, workers=1)) == usual
