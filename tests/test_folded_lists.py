"""Long lists: what needs eyes stands first, the rest is there, live, and folded away."""

from __future__ import annotations

import re
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import many_teams
import openpyxl
import own_pages
import pytest
from quarter import outcome, quarter
from shown import FOLDED

from xltools.errors import DefinitionError
from xltools.evaluate import evaluate


@cache
def sheets(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of features that only programs with a window show
        return openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("folded") / "many.xlsx"
    evaluate(many_teams.many(24), found)
    return found


def folded(path: Path, title: str) -> set[int]:
    sheet = sheets(path)[1][title]
    return {row for row, one in sheet.row_dimensions.items() if one.hidden}


def column(path: Path, title: str, label: str, nth: int = 0) -> dict[int, Any]:
    """The cells under a header, down to the end of the list."""
    sheet = sheets(path)[1][title]
    heads = [cell for row in sheet.iter_rows() for cell in row if cell.value == label]
    found: dict[int, Any] = {}
    for row in range(heads[nth].row + 1, sheet.max_row + 1):
        if sheet.cell(row, 3).value is None and sheet.cell(row, heads[nth].column).value is None:
            break
        found[row] = sheet.cell(row, heads[nth].column).value
    return found


@pytest.mark.parametrize(
    ("title", "label", "settled"),
    [
        ("任务预警", "状态", lambda state: state in ("完成", "正常")),
        ("目标达成", "达成率", lambda share: share != "-" and share >= 1),
        ("阶段趋势", "累计达成率", lambda share: share != "-" and share >= 1),
        ("指标回溯", "判断", lambda word: word == "未触发"),
        ("激励测算", "达成率", lambda share: share != "-" and share >= 1),
        ("客户分级", "分级", lambda grade: grade == "C"),
        ("复盘汇总", "达成率", lambda share: share != "-" and share >= 1),
        ("数据质量", "错误", lambda count: count == 0),
    ],
)
def test_what_is_settled_is_folded_and_nothing_else(
    path: Path, title: str, label: str, settled: Any
) -> None:
    away = folded(path, title)
    lists = []
    for nth in range(5):
        try:
            lists.append(column(path, title, label, nth))
        except IndexError:
            break
    [cells] = [one for one in lists if set(one) & away]
    assert {row for row, value in cells.items() if settled(value)} == away & set(cells)
    assert [row in away for row in cells] == sorted(row in away for row in cells)


@pytest.mark.parametrize("title", ["效果评估", "任务预警", "渠道投产", "绩效诊断", "客户分级"])
def test_folded_rows_are_groups_that_a_click_opens(path: Path, title: str) -> None:
    live, sheet = (book[title] for book in sheets(path))
    away = folded(path, title)
    assert away
    assert all(sheet.row_dimensions[row].outlineLevel == 1 for row in away)
    below = sheet.sheet_properties.outlinePr.summaryBelow
    step = 1 if below else -1
    openers = {row + step for row in away} - away
    assert all(sheet.row_dimensions[row].collapsed for row in openers)
    for row in away:
        assert any(cell.data_type == "f" for cell in live[row])


def test_the_note_below_a_list_counts_what_is_folded(path: Path) -> None:
    for title in ("效果评估", "任务预警", "渠道投产"):
        texts = (str(cell.value) for row in sheets(path)[1][title].iter_rows() for cell in row)
        told = [int(found[1]) for text in texts if (found := FOLDED.fullmatch(text))]
        assert sum(told) == len(folded(path, title))


def test_a_team_stays_in_sight_with_its_metrics_below_target(path: Path) -> None:
    away = folded(path, "效果评估")
    cells = column(path, "效果评估", "达成率")
    sheet = sheets(path)[1]["效果评估"]
    for row, share in cells.items():
        is_metric = sheet.cell(row, 3).value or "目标" in str(sheet.cell(row, 2).value)
        if is_metric and share != "-":
            assert (row in away) == (share >= 1), row
    heads = {row for row in cells if sheet.cell(row, 2).value in many_teams.names(24)}
    assert len(heads) == 22
    assert not heads & away


def test_a_link_to_a_team_leads_to_a_row_in_sight(path: Path, tmp_path: Path) -> None:
    whole = many_teams.many(24)
    del whole.tables["expansion", "outcome"]
    alone = tmp_path / "goals.xlsx"
    evaluate(whole, alone)
    for book, title in ((path, "效果评估"), (alone, "数据_团队")):
        texts = (
            str(cell.value) for row in sheets(book)[1]["数据_团队"].iter_rows() for cell in row
        )
        rows = [
            int(found[1]) for text in texts if (found := re.match(rf"#'{title}'![AB](\d+)", text))
        ]
        assert len(rows) >= 22, title
        assert not set(rows) & folded(book, title)


def test_a_short_list_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "short.xlsx"
    metrics = ("销售额", "新增客户数", "客户拜访量")
    evaluate(quarter({("expansion", "outcome"): [outcome("甲", m, 1, 1) for m in metrics]}), path)
    assert folded(path, "效果评估") == set()


def test_a_declared_table_folds_what_its_condition_settles(tmp_path: Path) -> None:
    known = own_pages.catalog(tmp_path / "templates", "complaints", own_pages.complaints())
    path = tmp_path / "own.xlsx"
    evaluate(own_pages.complaint_quarter(known, "2024Q3", 1), path)
    states = column(path, "客户投诉", "状态")
    assert {row for row, state in states.items() if state == "已关闭"} == folded(path, "客户投诉")
    assert {"已关闭", "处理中"} == set(states.values())


SETTLED = 'of = "cases", order = "received", settled = "state == choices.state.closed"'
BY_OWNER = 'table = { of = "by_owner",'


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        (SETTLED, 'of = "cases", settled = "stat == 1"', "complaints.pages.complaints.6.settled"),
        (BY_OWNER, f'{BY_OWNER} settled = "open == 0",', "pages.complaints.5.table.of"),
    ],
)
def test_a_mistaken_condition_is_told_with_its_place(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    text = own_pages.complaints()
    assert right in text
    with pytest.raises(DefinitionError) as error:
        own_pages.catalog(tmp_path / "templates", "complaints", text.replace(right, wrong))
    assert told in map(str, error.value.values.values())
