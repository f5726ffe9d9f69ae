"""Where a calculation changes its answer: figures at and beside every border, worked by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from live import line
from quarter import TEAMS, Rows, known_teams, outcome, quarter
from shown import Shown

from xltools.evaluate import evaluate
from xltools.expressions import Scope, Tables, parse
from xltools.expressions import evaluate as evaluate_rule

EAST, SOUTH = TEAMS[:2]
Row = dict[str, Any]


def made(folder: Path, rows: Rows, **options: Any) -> Path:
    path = folder / "a.xlsx"
    evaluate(quarter(rows, teams=known_teams(EAST, SOUTH)), path, **options)
    return path


def test_a_row_says_its_basis_before_dimension_and_library(tmp_path: Path) -> None:
    """Cost of 30 planned, 25 spent, lower is better: 120 %; a result not counted; the library's."""
    rows = [
        outcome(EAST, "差旅费", 30, 25, dimension="input_output", basis="lower"),
        outcome(EAST, "投入产出比", 5, 6, dimension="input_output"),
        outcome(EAST, "销售额", 100, 120, basis="not_counted"),
        outcome(EAST, "销售周期", 30, 40),
        outcome(EAST, "没有人知道的指标", 50, 40),
    ]
    path = made(tmp_path, {("expansion", "outcome"): rows})
    found = {row["metric"]: line(path, "效果评估", row["metric"])[4:7:2] for row in rows}
    assert found == {
        "差旅费": ["越低越好", 1.2],
        "投入产出比": ["不计", "-"],
        "销售额": ["不计", "-"],
        "销售周期": ["越低越好", 0.75],
        "没有人知道的指标": ["越高越好", 0.8],
    }
    # (1.2 + 0.75 + 0.8) / 3 = 91.6667; what is not counted lacks nothing
    assert line(path, "效果评估", EAST)[8:12] == [pytest.approx(91.6667), 3, 5, 1]


def test_an_actual_lacking_only_where_it_counts(tmp_path: Path) -> None:
    """Not counted, or of weight 0: the team is complete and ranked."""
    rows = [
        outcome(EAST, "销售额", 100, 90, weight=1),
        outcome(EAST, "新增客户数", 10, None, weight=0),
        outcome(EAST, "投入成本", 30, None, dimension="input_output", weight=0.5),
    ]
    path = made(tmp_path, {("expansion", "outcome"): rows})
    assert line(path, "效果评估", EAST)[9:12] == [1, 3, 1]
    assert line(path, "总览", 1, EAST)[5] == "1 / 3 项"


@pytest.mark.parametrize(
    ("planned", "actual", "end", "state"),
    [
        (0.5, 0.3, "2024-12-31", "滞后"),  # exactly 60 % of the plan
        (0.5, 0.2999, "2024-12-31", "严重滞后"),
        (0.5, 0.5, "2024-12-31", "正常"),
        (0.5, 0.4999, "2024-12-31", "滞后"),
        (1.0, 1.0, "2024-09-01", "完成"),  # complete goes before overdue
        (1.0, 0.9999, "2024-09-29", "逾期"),
        (1.0, 0.9999, "2024-09-30", "滞后"),  # due on the as-of date itself
        (1.0, 0.1, "2024-09-29", "逾期"),  # overdue goes before seriously behind
    ],
)
def test_task_states_at_their_borders(
    tmp_path: Path, planned: float, actual: float, end: str, state: str
) -> None:
    task = {"team": EAST, "task": "t", "goal": "g", "start": "2024-07-01", "end": end}
    progress = {"team": EAST, "task": "t", "as_of": "2024-09-30"}
    rows = {
        ("goals", "tasks"): [task],
        ("goals", "progress"): [{**progress, "planned": planned, "actual": actual}],
    }
    assert line(made(tmp_path, rows), "任务预警", EAST, None, "t")[8] == state


def test_returns_that_are_none_and_decisions_at_their_borders(tmp_path: Path) -> None:
    """120 of 30 is 4; exactly 0.6 × it is kept, a hair less is cut."""
    channels = [("a", 10, 56), ("b", 10, 40), ("c", 10, 24), ("d", 0, 0), ("e", None, 0)]
    spending = [
        {"team": EAST, "channel": name, "class": "marketing", "amount": spent, "revenue": earned}
        for name, spent, earned in channels
    ]
    spending[0] |= {"leads": 0, "customers": 0}
    path = made(tmp_path, {("expansion", "spending"): spending})
    listed = Shown(path).list("渠道投产", "渠道", "投入 (万元)")
    names = ("转化率", "获客成本 (元)", "投入产出比", "建议")
    assert {one["渠道"]: [one[name] for name in names] for one in listed} == {
        "a": [None, None, 5.6, "加大"],  # no leads, no customers
        "b": [None, None, 4, "维持"],
        "c": [None, None, 2.4, "维持"],
        "d": [None, None, None, None],  # nothing spent
        "e": [None, None, None, None],
    }
    spending[2]["revenue"] = 23.9  # 2.39 where all return 3.996667, 0.6 × which is 2.398
    path = tmp_path / "b.xlsx"
    evaluate(quarter({("expansion", "spending"): spending}), path)
    listed = Shown(path).list("渠道投产", "渠道", "投入 (万元)")
    assert [one["建议"] for one in listed if one["渠道"] == "c"] == ["削减"]


def test_months_compare_where_there_are_actuals(tmp_path: Path) -> None:
    """50 + 52 of 55 + 60 is 88.6957 %; of a rate the last month given: 0.13 of 0.14."""
    stage = {"team": EAST, "metric": "销售额", "unit": "万元"}
    targets = {"target_1": 55, "target_2": 60, "target_3": 65}
    rate = {"team": EAST, "metric": "线索转化率", "unit": "%"}
    rates = {"target_1": 0.12, "target_2": 0.14, "target_3": 0.15}
    rows = [
        {**stage, **targets, "actual_1": 50, "actual_2": 52},
        {**rate, **rates, "actual_1": 0.11, "actual_2": 0.13},
        {"team": EAST, "metric": "客户拜访量", **targets},
    ]
    path = made(tmp_path, {("expansion", "stages"): rows})
    found = {row["metric"]: line(path, "阶段趋势", EAST, row["metric"])[9:12] for row in rows}
    assert found == {
        "销售额": [180, 102, pytest.approx(0.886957)],
        "线索转化率": [0.15, 0.13, pytest.approx(0.928571)],
        "客户拜访量": [180, "-", "-"],
    }


def test_last_year_stands_beside_this_one(tmp_path: Path) -> None:
    """180 of last year's third quarter, 225 now: +25 %."""
    stage = {"team": EAST, "metric": "销售额", "unit": "万元", "target_1": 1}
    then = quarter({("expansion", "stages"): [{**stage, "actual_1": 180}]}, period="2023Q3")
    rows = {("expansion", "stages"): [{**stage, "actual_1": 225}]}
    stages = line(made(tmp_path, rows, previous=[then]), "阶段趋势", EAST, "销售额")
    assert stages[14:17] == ["-", "-", 0.25]


@pytest.mark.parametrize(
    ("children", "sums", "verdict"),
    [
        (1990, "总体\u00a01,990\u00a0✓\n区域\u00a02,000\u00a0✓", "相符"),
        (1989.9, "总体\u00a01,989.90\u00a0✗\n区域\u00a02,000.00\u00a0✓", "下级不符"),
    ],
)
def test_children_may_miss_by_the_tolerance(
    tmp_path: Path, children: float, sums: str, verdict: str
) -> None:
    """0.5 % of 2,000 is 10; another dimension has a sum of its own, another metric none."""
    quarters = {"q1": 500, "q2": 500, "q3": 500, "q4": 500}
    parent = {"team": EAST, "level": "company", "dimension": "overall", "metric": "销售额"}
    child = {**parent, "parent": "G", "unit": "万元", "q4": children}
    rows = [
        {**parent, "code": "G", "unit": "万元", "annual_target": 2000, **quarters},
        {**child, "code": "A", "annual_target": children},
        {**child, "code": "B", "annual_target": 2000, "dimension": "region"},
        {**child, "code": "C", "annual_target": 77, "metric": "新增客户数"},
    ]
    found = line(made(tmp_path, {("plan", "breakdown"): rows}), "目标分解", EAST, "G")
    assert found[7:10] == [2000, sums, verdict]


def member(actual: float, target: float = 100, team: str = EAST) -> Row:
    return {
        "team": team,
        "member": "张",
        "sales_target": target,
        "actual": actual,
        "base_rate": 0.1,
    }


@pytest.mark.parametrize(
    ("actual", "target", "commission"),
    [
        (79.9999, 100, 0),
        (80, 100, 8),  # base rate × sales
        (99.9999, 100, 9.99999),
        (100, 100, 12),  # base rate × 1.2
        (110, 100, 13.5),  # 12 on the target, 10 × 0.1 × 1.5 above it
        (50, 0, "-"),
    ],
)
def test_commission_at_its_steps(
    tmp_path: Path, actual: float, target: float, commission: float | str
) -> None:
    path = made(tmp_path, {("plan", "incentives"): [member(actual, target)]})
    [one] = Shown(path).list("激励测算", "团队", "成员", "提成(万元)")
    wanted = None if commission == "-" else pytest.approx(commission)
    assert one["提成(万元)"] == wanted


@pytest.mark.parametrize(
    ("now", "then", "mark"), [(100, 100, "培养晋升"), (100, 99.9999, None), (99.9999, 120, None)]
)
def test_a_team_grows_at_the_line_two_quarters_running(
    tmp_path: Path, now: float, then: float, mark: str | None
) -> None:
    earlier = quarter({("plan", "incentives"): [member(then)]}, period="2024Q2")
    path = made(tmp_path, {("plan", "incentives"): [member(now)]}, previous=[earlier])
    [team] = Shown(path).list("激励测算", "团队", "奖金池(元)")
    assert (team["实际(万元)"], team["成长"]) == (now, mark)


def test_low_scores_and_pass_rates(tmp_path: Path) -> None:
    """A score of 2 is low, 3 is not; 60 % is passed, less needs a follow-up."""
    scores = [
        {"team": EAST, "dimension": "goal", "item": item, "score": score}
        for item, score in (("a", 2), ("b", 3), ("c", None))
    ]
    trained = [
        {"team": EAST, "level": "new", "member": name, "pass_rate": rate}
        for name, rate in (("x", 0.6), ("y", 0.5999))
    ]
    path = made(tmp_path, {("plan", "diagnosis"): scores, ("plan", "training"): trained})
    items = Shown(path).list("绩效诊断", "团队", "诊断项")
    assert {one["诊断项"]: one["判断"] for one in items} == {"a": "低分", "b": None, "c": None}
    members = Shown(path).list("绩效诊断", "团队", "成员")
    assert {one["成员"]: one["判断"] for one in members} == {"x": None, "y": "需跟进"}
    assert line(path, "绩效诊断", EAST)[1] == 2.5  # of 2 and 3; without a score it does not count


@pytest.mark.parametrize(
    ("regions", "channels", "fits"),
    [
        ((500, 500), (400, 600), True),
        ((500, 500), (400, 500), False),  # a dimension that misses is no more hidden by another
        ((500, 400), (400, 600), False),
        ((500, 504.9), (), True),
    ],
)
def test_the_check_sums_each_dimension_by_itself(
    regions: tuple[float, ...], channels: tuple[float, ...], fits: bool
) -> None:
    """A goal of the whole, split by region and again by channel."""
    named = {"team": EAST, "level": "company", "metric": "销售额", "unit": "万元"}
    rows = [{**named, "code": "G", "dimension": "overall", "annual_target": 1000}]
    for dimension, parts in (("region", regions), ("channel", channels)):
        rows += [
            {
                **named,
                "code": f"{dimension}{place}",
                "parent": "G",
                "dimension": dimension,
                "annual_target": part,
            }
            for place, part in enumerate(parts)
        ]
    whole = quarter({("plan", "breakdown"): rows})
    definition = whole.catalog["plan"]
    sheet = definition.sheet("breakdown")
    [rule] = [one for one in sheet.rules if one.name == "children_sum"]
    tables = Tables(
        sheets={"breakdown": whole.tables["plan", "breakdown"]},
        library=pd.DataFrame(whole.settings.library()),
        parameters=whole.settings.parameters,
    )
    parsed = parse(rule.check, Scope.of(whole.catalog, definition, sheet))
    of_goal = next(iter(evaluate_rule(parsed, "breakdown", tables)))
    assert bool(pd.isna(of_goal) or of_goal) == fits
