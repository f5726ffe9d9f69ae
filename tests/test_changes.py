"""A report that is made again: the one before is kept, and the new one says what changed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import openpyxl
import pytest
from conftest import Office
from live import differing, formulas, stored

from xltools import verbs
from xltools.evaluate import EvaluationReport
from xltools.ground.shipped import shipped

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")
EAST, SOUTH = (f"{team}-市场拓展-2024Q3.xlsx" for team in ("华东销售队", "华南销售队"))
DAY = 1_728_700_000  # 2024-10-12


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three reports: the first, one with a team more and a figure corrected, the same again."""
    folder = tmp_path_factory.mktemp("quarter")
    inbox = folder / "inbox"
    inbox.mkdir()
    put(inbox, EAST)
    first = report(folder)
    assert first.kept is None
    os.utime(first.path, (DAY, DAY))
    put(inbox, SOUTH)
    book = openpyxl.load_workbook(inbox / EAST)
    (cell,) = [
        row[5] for row in book["效果评估"].iter_rows(min_row=10) if row[2].value == "新增客户数"
    ]
    assert cell.value == 45
    cell.value = 50
    book.save(inbox / EAST)
    second = report(folder)
    assert second.kept == folder / "evaluation-2024-10-12.xlsx"
    return folder


def put(inbox: Path, name: str) -> None:
    shutil.copy(shipped("samples") / "2024Q3" / name, inbox)


def report(folder: Path) -> EvaluationReport:
    run = verbs.start(settings=shipped("samples") / "settings.xlsx")
    target = folder / "evaluation.xlsx"
    return verbs.evaluate_quarter(run, [folder / "inbox"], target, previous=[], force=True)


def cells(path: Path, title: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path, data_only=True)
    return [row for row in book[title].iter_rows(values_only=True) if any(row)]


def test_the_first_report_has_nothing_to_compare_with(folder: Path) -> None:
    kept = openpyxl.load_workbook(folder / "evaluation-2024-10-12.xlsx")
    assert "与上次相比" not in kept.sheetnames


def test_teams_added_and_figures_that_moved_are_told(folder: Path) -> None:
    rows = cells(folder / "evaluation.xlsx", "与上次相比")
    said = [str(cell) for row in rows for cell in row if cell is not None]
    assert "新增团队 1 个：华南销售队" in said
    assert "改过的工作簿 1 份：华东销售队·市场拓展" in said
    moved = {(row[1], row[2]): row[3:6] for row in rows if row[2]}
    assert moved["华东销售队", "新增客户数"] == (45, 50, 5)
    assert not any(team == "华南销售队" for team, _ in moved)
    overview = [str(cell) for row in cells(folder / "evaluation.xlsx", "总览") for cell in row]
    assert any("与上次报告相比" in text for text in overview)


def test_the_same_report_again_is_the_same_to_the_byte_and_nothing_more_is_kept(
    folder: Path,
) -> None:
    before = (folder / "evaluation.xlsx").read_bytes()
    assert report(folder).kept is None
    assert (folder / "evaluation.xlsx").read_bytes() == before
    assert sorted(path.name for path in folder.glob("*.xlsx")) == [
        "evaluation-2024-10-12.xlsx",
        "evaluation.xlsx",
    ]


def test_what_changed_is_live(folder: Path, office: Office) -> None:
    path = folder / "evaluation.xlsx"
    wanted, cells_of = stored(path), formulas(path)
    [again] = office.recalculated([path])
    assert differing(wanted, stored(again), cells_of) == []
