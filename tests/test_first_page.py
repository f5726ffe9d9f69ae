"""The Overview and the page of teams: right, on one sheet of paper, for one team or a hundred."""

from __future__ import annotations

import re
import shutil
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import many_teams
import openpyxl
import pandas as pd
import pytest
from conftest import Office
from live import differing, formulas, lines, stored
from many_teams import names

from xltools.definition import load_catalog
from xltools.evaluate import evaluate
from xltools.ground.shipped import shipped

many = cache(many_teams.many)
FLOOR, AT_RISK = 0.7, 0.8
AS_OF = pd.Timestamp("2024-09-30")


@pytest.fixture(scope="module", params=[1, 24, 100])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("first") / f"{request.param}.xlsx"
    evaluate(many(request.param), path, previous=[many(request.param, "2024Q2")])
    return path


def said(path: Path, title: str) -> list[float]:
    """The numbers in the sentence of a block."""
    rows = lines(path, "总览")
    at = next(n for n, row in enumerate(rows) if title in row)
    place = rows[at].index(title)
    shown = [cell for cell in rows[at + 1] if isinstance(cell, str) and cell != "→"]
    told = shown[0 if place == 0 else -1]
    return [float(number.replace(",", "")) for number in re.findall(r"-?\d[\d,]*\.?\d*", told)]


def teams_of(path: Path) -> int:
    return int(path.stem)


def scores(whole: Any) -> pd.DataFrame:
    """Mean attainment and score of each team: every metric counts alike here."""
    rows = whole.tables["expansion", "outcome"]
    counted = rows[rows["attainment"].notna()]
    grouped = counted.groupby("_team")["attainment"]
    return pd.DataFrame(
        {"overall": grouped.mean(), "score": grouped.agg(lambda s: 100 * s.clip(upper=1.2).mean())}
    )


def test_teams_below_and_the_teams_that_moved_most(page: Path) -> None:
    now, then = scores(many(teams_of(page))), scores(many(teams_of(page), "2024Q2"))
    change = (now["score"] - then["score"]).round(1)
    told = said(page, "团队排名")
    assert told[:3] == [len(now), (now["overall"] < AT_RISK).sum(), 100 * AT_RISK]
    moved = [one for one in (change.max(),) if one > 0] + [
        one for one in (change.min(),) if one < 0
    ]
    assert told[3:] == pytest.approx(moved)


def test_results_below_the_floor(page: Path) -> None:
    rows = many(teams_of(page)).tables["expansion", "outcome"]
    low = rows[(rows["dimension"] == "result") & (rows["attainment"].round(6) < FLOOR)]
    told = said(page, "最低的结果及其驱动指标")
    assert told == [len(low), 100 * FLOOR]


def test_overdue_work_by_team(page: Path) -> None:
    tables = many(teams_of(page)).tables
    tasks = tables["goals", "tasks"].merge(tables["goals", "progress"], on=["_team", "task"])
    late = tasks[(tasks["end"] < AS_OF) & (tasks["actual"] < 1)]
    unanswered = late["countermeasure"].isna().sum()
    assert said(page, "逾期任务（按团队）")[:2] == [len(late), late["_team"].nunique()]
    behind = tasks[(tasks["end"] >= AS_OF) & (tasks["actual"] < 1)]["countermeasure"].isna().sum()
    assert said(page, "逾期任务（按团队）")[2] == unanswered + behind


def test_channels_and_decisions(page: Path) -> None:
    tables = many(teams_of(page)).tables
    sums = tables["expansion", "spending"].groupby("channel")[["amount", "revenue"]].sum()
    back, base = sums["revenue"] / sums["amount"], sums["revenue"].sum() / sums["amount"].sum()
    assert said(page, "渠道") == [len(back), (back >= 1.2 * base).sum(), (back < 0.6 * base).sum()]
    review = tables["goals", "review"]
    decided = review["next_action"].notna() & review["attainment"].notna()
    assert said(page, "复盘决定的措施") == [decided.sum()]


def test_one_sheet_of_paper(page: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheet = openpyxl.load_workbook(page)["总览"]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight in (None, 1)
    last = sheet[sheet.print_area.rpartition("$")[2]]  # which LibreOffice may lose
    assert {cell.value for cell in last} == {None, " "}


def test_every_team_stands_on_the_page_of_teams(page: Path) -> None:
    silent = 2 if teams_of(page) > 2 else 0
    listed = [row[1] for row in lines(page, "团队一览") if row[1:2] and row[1] in names(100)]
    assert sorted(listed) == sorted(names(teams_of(page))[: teams_of(page) - silent])


def test_recalculated_it_is_the_same(office: Office, tmp_path: Path) -> None:
    paths = [tmp_path / f"{lang}.xlsx" for lang in ("zh", "en")]
    for path in paths:
        evaluate(many(24), path, previous=[many(24, "2024Q2")], lang=path.stem)
    for path, again in zip(paths, office.recalculated(paths), strict=True):
        assert differing(stored(path), stored(again), formulas(path)) == []


def test_a_definition_of_ones_own_needs_no_page_for_the_first_one(tmp_path: Path) -> None:
    """Its block of the reviews leads to its figures where no page has all of it."""
    templates = tmp_path / "templates"
    shutil.copytree(shipped("templates"), templates)
    goals = templates / "goals.toml"
    bare = re.sub(r'(?m)^page = ".*"$', "", goals.read_text("utf-8").partition("[[pages]]")[0])
    goals.write_text(bare, "utf-8")
    whole = replace(many(24), catalog=load_catalog(templates))
    report = evaluate(whole, tmp_path / "a.xlsx")
    assert "复盘汇总" not in report.pages
    assert any("#'数据_目标管理_数字'!A" in text for text in formulas(report.path).values())
    assert said(report.path, "复盘决定的措施") == [66]
