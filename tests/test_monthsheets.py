"""A table of which every month has a sheet is read whole, and each row knows its own sheet."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from tables import QUARTER, catalog, checked, one, settings, told, write

from xltools.check.locate.table_context import month_sheet
from xltools.check.reading_plan import ReadingPlan
from xltools.check.respond.marked_copies import write_all_marked
from xltools.check.submission import Submission
from xltools.consolidate.collect_submissions import collect
from xltools.consolidate.write.consolidated_workbook import write_consolidated
from xltools.excel.links import cell_target

FILE = "华东-市场拓展-2024Q3.xlsx"
OUTCOME = """
| 评估维度 | 核心指标 | 单位 | 目标值 | 实际值 | 分析说明 | 备注 |
| 结果指标 | {name} | 家 | 50 | {actual} | 展会延期 | {name}备注 |
| 结果指标 | {name}二 | 家 | 50 | 55 | | |
"""
SHEETS = {
    month: OUTCOME.format(name=f"{month}新增客户数", actual=actual)
    for month, actual in (("7月", "'45.5.5"), ("8月", "45"), ("9月", "60"))
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    shifted = SHEETS["8月"].replace("| 评估", "| 说明 |\n| 评估", 1)
    return write(tmp_path / FILE, SHEETS | {"8月": shifted, "8月 (2)": SHEETS["8月"]})


def read(path: Path) -> Submission:
    return one(path, team="华东", period=QUARTER)


def test_all_months_are_read_and_every_row_knows_its_sheet(path: Path) -> None:
    found = read(path)
    rows = found.sheets["outcome"]
    assert list(found.sheets) == ["outcome"]
    assert list(zip(rows.row_titles, rows.rows, strict=True)) == [
        ("7月", 2),
        ("7月", 3),
        ("8月", 3),
        ("8月", 4),
        ("9月", 2),
        ("9月", 3),
    ]
    assert rows.columns["actual"] == [None, 55, 45, 55, 60, 55]
    assert rows.columns["attainment"] == [None, 1.1, 0.9, 1.1, 1.2, 1.1]
    assert [text for text in rows.extra["备注"] if text] == [f"{m}新增客户数备注" for m in SHEETS]


def test_issues_stand_on_their_own_sheet(path: Path) -> None:
    said = told(read(path).issues)
    assert "error cell-kind 7月!E2 actual" in said
    assert "info sheet-renamed 7月!" in said
    assert [one for one in said if "sheet-renamed" in one] == ["info sheet-renamed 7月!"]
    assert [one for one in said if "sheet-unknown" in one] == ["warning sheet-unknown 8月 (2)!"]


def test_rules_speak_of_the_right_sheet(tmp_path: Path) -> None:
    silent = {month: text.replace("展会延期", "") for month, text in SHEETS.items()}
    path = write(tmp_path / FILE, silent | {"7月": SHEETS["7月"]})
    said = [one for one in told(read(path).issues) if "row-rule" in one]
    assert said == ["error row-rule 8月!F2 analysis"]


def test_provenance_survives_the_consolidated_workbook(path: Path, tmp_path: Path) -> None:
    plan = ReadingPlan(catalog(), settings(), team="华东", teams=("华东",), period=QUARTER)
    store = tmp_path / "store.sqlite"
    made = collect([path], plan, store=store)
    target = tmp_path / "consolidated.xlsx"
    write_consolidated(made, target)
    places = [("7月", 2), ("7月", 3), ("8月", 3), ("8月", 4), ("9月", 2), ("9月", 3)]
    table = made.table("expansion", "outcome")
    assert list(zip(table["_sheet"], table["_row"], strict=True)) == places
    cells = [
        str(cell.value)
        for sheet in openpyxl.load_workbook(target).worksheets
        for row in sheet.iter_rows()
        for cell in row
    ]
    ends = [cell_target(title, f"A{row}") for title, row in places]
    assert [end for text in cells for end in ends if f'{end}"' in text] == ends
    with closing(sqlite3.connect(store)) as connection:
        told = connection.execute('SELECT _sheet, _row FROM "expansion.outcome"').fetchall()
    assert told == places
    again = collect([target], ReadingPlan(catalog(), settings()))
    assert again.submissions == made.submissions
    assert again.table("expansion", "outcome").equals(table)


def test_a_marked_copy_marks_the_right_sheet(path: Path, tmp_path: Path) -> None:
    write_all_marked(checked(path, team="华东", period=QUARTER), tmp_path / "returned", lang="zh")
    [copy] = (tmp_path / "returned").rglob("*.xlsx")
    marked = openpyxl.load_workbook(copy)
    assert {s.title for s in marked.worksheets if s["E2"].comment} == {"7月"}


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("7月", ((7, ""), "")),
        ("2024年7月", ((7, "2024"), "")),
        ("七月", ((7, ""), "")),
        ("Jul", ((7, ""), "")),
        ("7月效果评估", ((7, ""), "效果评估")),
        ("效果评估", None),
        ("第7月", None),
    ],
)
def test_titles_that_name_a_month(title: str, named: object) -> None:
    assert month_sheet(title) == named
