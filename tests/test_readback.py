"""A consolidated workbook that is read back later: by other definitions, after other hands."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from submissions import CATALOG, SETTINGS, extra_texts, sent, together

from xltools.check.reading_plan import ReadingPlan
from xltools.check.respond.issue_sentences import sentence
from xltools.consolidate.collect_submissions import collect
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.write.consolidated_workbook import write_consolidated
from xltools.definition import Catalog
from xltools.issues import Code, issue

TASK = {
    "task": "白皮书",
    "owner": "李娜",
    "start": date(2024, 7, 1),
    "budget": 2.5,
    "resources": "设计",
    "milestone": "随便",
    "cadence": "weekly",
}
STEP = {"as_of": date(2024, 8, 1), "task": "白皮书", "planned": 0.5, "actual": 0.45}


def written(folder: Path, found: Consolidation, **options: Any) -> Path:
    target = folder / "consolidated.xlsx"
    write_consolidated(found, target, **options)
    return target


def again(target: Path, catalog: Catalog = CATALOG) -> Consolidation:
    return collect([target], ReadingPlan(catalog, SETTINGS))


def later(**changes: Any) -> Catalog:
    """Goals with other columns of tasks; a sheet None is gone, a text is its new name."""
    goals = CATALOG["goals"]
    tasks = goals.sheet("tasks")
    sheets = []
    for sheet in goals.sheets:
        if sheet is tasks:
            columns = [changes.get(one.name, one) for one in tasks.columns]
            kept = tuple(one for one in columns if one is not None)
            sheet = msgspec.structs.replace(sheet, columns=kept, rules=())
        named = changes.get(f"sheet_{sheet.name}", sheet.name)
        if named == sheet.name:
            sheets.append(sheet)
        elif named is not None:
            sheets.append(msgspec.structs.replace(sheet, name=named, was=sheet.name))
    changed = msgspec.structs.replace(goals, sheets=tuple(sheets), version=2)
    definitions = CATALOG.definitions | {"goals": changed}
    return msgspec.structs.replace(CATALOG, definitions=definitions)


def test_a_removed_column_is_kept_as_unknown_content(tmp_path: Path) -> None:
    one = sent("goals", "甲队", {"tasks": [TASK, {**TASK, "resources": None}]})
    one.sheets["tasks"].extra = {"备用": ["x", ""]}
    target = written(tmp_path, together([one, sent("goals", "乙队", {"tasks": [TASK]})]))
    catalog = later(resources=None, budget=None, start=None, cadence=None)
    found = again(target, catalog)
    assert extra_texts(found, "goals", "tasks", "备用") == ["x", "", ""]
    assert extra_texts(found, "goals", "tasks", "所需资源") == ["设计", "", "设计"]
    assert extra_texts(found, "goals", "tasks", "预算（万元）") == ["2.5"] * 3
    assert extra_texts(found, "goals", "tasks", "开始时间") == ["2024-07-01"] * 3
    assert extra_texts(found, "goals", "tasks", "跟踪频率") == ["每周"] * 3


def test_a_removed_sheet_is_kept_as_unknown_content(tmp_path: Path) -> None:
    one = sent("goals", "甲队", {"tasks": [TASK], "progress": [STEP, STEP]})
    one.sheets["progress"].extra = {"备用": ["", "x"]}
    target = written(tmp_path, together([one]))
    found = again(target, later(sheet_progress=None)).submissions[0]
    assert found.row_counts == {"tasks": 1}
    (kept,) = found.unknown
    assert (kept.title, [row for row, _ in kept.rows]) == ("进度跟踪", [9, 10, 11])
    header, *_, last = (dict(zip(kept.rows[0][1], texts, strict=True)) for _, texts in kept.rows)
    assert header["任务名称"] == "任务名称"
    assert (last["任务名称"], last["实际进度"], last["备用"]) == ("白皮书", "45%", "x")


@pytest.mark.parametrize("steps", ["progress", "steps"])
def test_a_renamed_sheet_and_column_are_found(tmp_path: Path, steps: str) -> None:
    one = sent("goals", "甲队", {"progress": [STEP], "tasks": [TASK]})
    one.sheets["progress"].extra = {"备用": ["x"]}
    one.issues = [
        issue(
            Code.REFERENCE_MISSING,
            file=one.file,
            sheet="进度跟踪",
            cell="B10",
            column="task",
            value="红皮书",
            details={"of": "goals.progress", "target": "tasks.task"},
        )
    ]
    column = CATALOG["goals"].sheet("tasks").column("task")
    renamed = msgspec.structs.replace(column, name="work", was="task")
    target = written(tmp_path, together([one]))
    catalog = later(sheet_progress=steps, task=renamed)
    found = again(target, catalog)
    assert [*found.tables["goals", steps]["actual"]] == [0.45]
    assert extra_texts(found, "goals", steps, "备用") == ["x"]
    assert [*found.tables["goals", "tasks"]["work"]] == ["白皮书"]
    assert all(sentence(told, "zh", catalog) for told in found.all_issues)


def test_a_definition_that_is_not_at_hand_loses_nothing(tmp_path: Path) -> None:
    target = written(tmp_path, together([sent("plan", "甲队", {"training": [{"member": "李娜"}]})]))
    definitions = {name: one for name, one in CATALOG.definitions.items() if name != "plan"}
    found = again(target, msgspec.structs.replace(CATALOG, definitions=definitions))
    (kept,) = found.submissions[0].unknown
    assert "李娜" in kept.rows[1][1]
    write_consolidated(found, tmp_path / "again.xlsx")


@pytest.mark.parametrize("most", [1, 2, 3])
def test_unknown_columns_of_a_split_sheet_stay_with_their_rows(tmp_path: Path, most: int) -> None:
    one = sent("goals", "甲队", {"tasks": [TASK] * 5})
    one.sheets["tasks"].extra = {"备用": ["a", "b", "", "d", "e"]}
    found = together([one])
    read = again(written(tmp_path, found, max_rows=most))
    assert read.submissions == found.submissions
    assert extra_texts(read, "goals", "tasks", "备用") == ["a", "b", "", "d", "e"]


def edited(target: Path, column: str, value: str, row: int) -> None:
    book = openpyxl.load_workbook(target)
    sheet = book["任务分解"]
    place: dict[str, Any] = {str(cell.value): cell.column for cell in sheet[3]}
    sheet.cell(row, place[column], value)
    book.save(target)


def test_what_was_typed_here_and_cannot_be_read_is_told(tmp_path: Path) -> None:
    target = written(tmp_path, together([sent("goals", "甲队", {"tasks": [TASK, TASK]})]))
    edited(target, "budget", "不少", row=6)
    found = again(target)
    (told,) = found.all_issues
    assert (told.code, told.file, told.value) == ("cell-kind", str(target), "不少")
    assert (told.sheet, told.cell[-1]) == ("任务分解", "6")
    assert "不少" in sentence(told, "zh", CATALOG)
    # Its own workbook lists it, too, and reading that does not tell it twice.
    copy = tmp_path / "copy.xlsx"
    write_consolidated(found, copy)
    assert again(copy).all_issues == found.all_issues


def test_a_column_that_somebody_added_is_kept(tmp_path: Path) -> None:
    target = written(tmp_path, together([sent("goals", "甲队", {"tasks": [TASK, TASK]})]))
    book = openpyxl.load_workbook(target)
    sheet = book["任务分解"]
    for row, text in ((4, "批注"), (6, "已核对")):
        sheet.cell(row, sheet.max_column + (row == 4), text)
    book.save(target)
    assert extra_texts(again(target), "goals", "tasks", "批注") == ["", "已核对"]
