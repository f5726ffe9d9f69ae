"""What is no value counts as blank and says so; rows that are hard to see are told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from good_goals import FILE, bent
from hostile.cases import ROWS, packed, parts, sheet, workbook
from openpyxl.styles import Font
from tables import one, write

from xltools.check.parse.cells_without_values import is_circular
from xltools.check.submission import Submission
from xltools.excel.reading.workbook_reader import PICTURE, read_workbook


def _progress(tmp_path: Path, *changes: tuple[str, str]) -> Submission:
    return one(write(tmp_path / FILE, bent("进度跟踪", *changes)))


def _told(submission: Submission, text: str) -> list[tuple[str, str, str]]:
    return [(i.cell, i.severity, i.value) for i in submission.issues if i.text == text]


@pytest.mark.parametrize(
    ("cell", "text", "severity"),
    [
        ("=E2+1 -> 0.9", "cell-error.circular", "warning"),
        ("=SUM(E1:E9) -> 0", "cell-error.circular", "warning"),
        ("=D2 -> 0.9", "", ""),
        ('=IF("E2"="",1,0.9) -> 0.9', "", ""),
        ("=ROW(E2)*0.45 -> 0.9", "", ""),
        ("=目标复盘!E2 -> 0.9", "", ""),
        ('=_xlfn.DISPIMG("ID_1",1) -> =DISPIMG("ID_1",1)', "cell-error.picture", "error"),
        ("'#DIV/0!", "cell-error.typed", "error"),
        ("'#N/A", "cell-error.typed", "error"),
        ("=D2", "cell-error.uncached", "error"),
    ],
)
def test_a_cell_that_holds_no_value_is_blank(
    tmp_path: Path, cell: str, text: str, severity: str
) -> None:
    read = _progress(tmp_path, ("%0.9", cell))
    found = [i for i in read.issues if i.cell == "E2" and i.code == "cell-error"]
    assert [(i.text, i.severity) for i in found] == ([(text, severity)] if text else [])
    value = read.sheets["progress"].columns["actual"][0]
    assert (value is None) == bool(text)
    assert not [i for i in read.issues if i.code == "cell-required" and i.cell == "E2"]


def test_a_picture_is_no_analysis(tmp_path: Path) -> None:
    read = _progress(tmp_path, ("| 报名少 |", '| =DISPIMG("ID_1",1) -> =DISPIMG("ID_1",1) |'))
    assert read.sheets["progress"].columns["risk"][1] is None
    assert [cell for cell, _, _ in _told(read, "cell-error.picture")] == ["I3"]


def test_circles_are_followed_through_other_cells() -> None:
    formulas = {(1, 1): "B1*2", (1, 2): "SUM($C$1:C3)", (2, 3): "A1", (5, 5): "A1"}
    assert is_circular(formulas, (1, 1))
    assert is_circular(formulas, (2, 3))
    assert not is_circular(formulas, (5, 5))


def test_errors_with_metadata_are_pictures_unless_the_file_has_only_errors(tmp_path: Path) -> None:
    error = "<v>#VALUE!</v></c>"
    rows = f'<row r="1"><c r="A1" t="e" vm="1">{error}<c r="B1" t="e">{error}</row>'
    kinds = "xl/richData/rdrichvaluestructure.xml"
    path = tmp_path / "picture.xlsx"
    for body in (rows, rows.replace("<v>", "<v><!-- for the parser -->")):
        path.write_bytes(packed(parts(sheet1=sheet(body))))
        assert read_workbook(path).sheets[0].errors == {(1, 1): PICTURE, (1, 2): "#VALUE!"}
    made = {**parts(sheet1=sheet(rows)), kinds: b'<s><s t="_error"/></s>'}
    path.write_bytes(packed(made))
    assert read_workbook(path).sheets[0].errors[1, 1] == "#VALUE!"


@pytest.mark.parametrize(
    ("calculation", "uncached"),
    [
        ('calcMode="manual" calcCompleted="0"', True),
        ('calcMode="manual"', False),
        ('calcCompleted="0"', False),
    ],
)
def test_formulas_that_were_not_calculated_have_no_value(
    tmp_path: Path, calculation: str, uncached: bool
) -> None:
    book = workbook("数据", after=f"<calcPr {calculation}/>")
    path = tmp_path / "manual.xlsx"
    rows = ROWS.replace("<v>45</v>", "<f>40+5</f><v>45</v>")
    path.write_bytes(packed(parts(book=book, sheet1=sheet(rows))))
    assert read_workbook(path).sheets[0].uncached == ({(2, 2)} if uncached else set())


def test_rows_struck_out_flat_or_grouped_are_read_and_told(tmp_path: Path) -> None:
    path = write(tmp_path / FILE, bent("任务分解"))
    book = openpyxl.load_workbook(path)
    tasks = book["任务分解"]
    for cell in tasks[3]:
        cell.font = Font(strike=True, color="FFFF0000")
    tasks["H4"].font = Font(strike=True)
    tasks.row_dimensions[2].outlineLevel = 1
    book.save(path)
    read = one(path)
    assert len(read.sheets["tasks"].rows) == 3
    assert _told(read, "row-hidden.struck") == [("A3", "warning", "3")]
    assert _told(read, "row-hidden.grouped") == [("A2", "info", "2")]
    assert _told(read, "cell-normalised.struck") == [("H4", "warning", "3")]


def test_one_lost_text_is_one_bad_cell(tmp_path: Path) -> None:
    path = write(tmp_path / FILE, bent("任务分解"))
    with zipfile.ZipFile(path) as package:
        made = {name: package.read(name) for name in package.namelist()}
    name = "xl/worksheets/sheet2.xml"
    text = made[name].decode()
    at = text.index('<c r="G2"')
    end = text.index("</c>", at)
    made[name] = (text[:at] + '<c r="G2" t="s"><v>99999</v>' + text[end:]).encode()
    path.write_bytes(packed(made))
    read = one(path)
    assert [(i.cell, i.text) for i in read.issues if i.severity == "error"] == [
        ("G2", "cell-error.lost")
    ]
    assert [i.text for i in read.issues if i.code == "file-repaired"] == ["file-repaired.text-lost"]
    assert len(read.sheets["tasks"].rows) == 3
