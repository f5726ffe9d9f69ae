"""The evaluation workbook: every calculation, with figures worked by hand."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from live import formulas, line, lines, stored
from quarter import TEAMS, Rows, before, known_teams, outcome, plan_rows, quarter, source_rows
from shown import Shown

from xltools.errors import UsageError, WriteError
from xltools.evaluate import evaluate
from xltools.evaluate.evaluation_result import EvaluationReport

EAST, SOUTH, MARKET, ODD = TEAMS
Make = Callable[..., EvaluationReport]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Evaluate rows into a workbook."""

    def made(rows: Rows, **options: Any) -> EvaluationReport:
        names = [name for name in ("teams", "missing", "period") if name in options]
        given = {name: options.pop(name) for name in names}
        parameters = options.pop("parameters", {})
        whole = quarter(rows, **given, **parameters)
        return evaluate(whole, tmp_path / "evaluation.xlsx", force=True, **options)

    return made


def scores(*rows: dict[str, Any]) -> dict[tuple[str, str], list[dict[str, Any]]]:
    return {("expansion", "outcome"): list(rows)}


def channels(path: Path) -> dict[tuple[str, str], list[Any]]:
    """What stands on Channels of each channel, by team; "" for all teams together."""
    totals = Shown(path).list("渠道投产", "渠道", "投入 (万元)")
    teams = Shown(path).list("渠道投产", "团队", "渠道")
    keyed = [(("", one["渠道"]), one) for one in totals]
    keyed += [((one["团队"], one["渠道"]), one) for one in teams]
    return {
        key: [value for name, value in one.items() if name not in ("团队", "渠道", "行")]
        for key, one in keyed
    }


def test_figures_of_the_source_documents(make: Make) -> None:
    """45 of 50, 215 of 200, 220 of 200, 12 % of 15 %; cost against plan is not counted."""
    path = make(source_rows()).path
    for metric, attainment, sign in (
        ("新增客户数", 0.9, "●"),
        ("销售额", 1.075, "▲"),
        ("客户拜访量", 1.1, "▲"),
        ("线索转化率", 0.8, "●"),
        ("投入成本", "-", None),
    ):
        values = line(path, "效果评估", metric)
        assert values[6] == pytest.approx(attainment) if sign else values[6] == attainment
        assert values[7] == sign
    # months 15 + 18 + 17 = 50, and 14 + 16 + 15 = 45 of them
    stages = Shown(path).list("阶段趋势", "团队", "指标")
    [stage] = [one for one in stages if (one["团队"], one["指标"]) == (EAST, "新增客户数")]
    quarter = ("季度目标", "累计实际", "累计达成率")
    assert [stage[name] for name in quarter] == [50, 45, pytest.approx(0.9)]
    # spend 10, revenue 35 → 1:3.5; 10 × 10,000 ÷ 8 customers = 12,500 元; 8 of 120 leads
    channel = channels(path)[EAST, "线上广告"]
    assert channel[:7] == [10, 120, 8, 35, pytest.approx(0.066667), 12_500, 3.5]


def test_score_is_weighted_and_capped(make: Make) -> None:
    """Equal weights: (90 + 107.5 + 110 + 80) / 4 = 96.875, 4 of 5 counted."""
    path = make(source_rows()).path
    east = line(path, "效果评估", EAST)
    assert east[8:12] == [pytest.approx(96.875), 4, 5, 1]
    # 0.4 × 100 % + 0.6 × 83.3333 % = 90; the row without a weight counts 0
    assert line(path, "效果评估", SOUTH)[8] == pytest.approx(89.99998)
    # 125 % is capped at 120; the second metric lacks its actual: shown, not ranked
    odd = line(path, "效果评估", ODD)
    assert (odd[6], *odd[8:13]) == (1.25, 120, 1, 2, None, "不完整")


def test_lights_at_their_borders(make: Make) -> None:
    """Exactly 80 % is amber, exactly 100 % green; 0.04 of 0.05 is 80 % although binary is less."""
    rows = scores(
        outcome(EAST, "a", 0.05, 0.04),
        outcome(EAST, "b", 3, 3),
        outcome(EAST, "c", 1000, 799.999),
        outcome(EAST, "d", 10**9, 10**9 - 1),
    )
    path = make(rows).path
    found = [line(path, "效果评估", metric)[6:8] for metric in "abcd"]
    assert [sign for _, sign in found] == ["●", "▲", "▼", "▲"]
    assert found[3][0] == 1.0  # rounded to six places before it is compared


def test_lower_is_better_and_targets_that_are_none(make: Make) -> None:
    """30 days planned, 25 taken: 120 %; 0 taken: the cap; without a positive target: none."""
    rows = scores(
        outcome(EAST, "销售周期", 30, 25),
        outcome(EAST, "报价响应时长", 4, 0),
        outcome(EAST, "a", 0, 5),
        outcome(EAST, "b", -2, 5),
        outcome(EAST, "c", None, 5),
        outcome(EAST, "d", 5, 0),
    )
    path = make(rows).path
    found = {
        name: line(path, "效果评估", name)[6] for name in ("销售周期", "报价响应时长", *"abcd")
    }
    assert found == {"销售周期": 1.2, "报价响应时长": 1.2, "a": "-", "b": "-", "c": "-", "d": 0}


def test_ties_share_a_rank_and_stand_in_their_order(make: Make) -> None:
    names = ["甲", "乙", "丙", "丁"]
    actuals = [90, 100, 100, 80]
    rows = scores(
        *(outcome(team, "销售额", 100, a) for team, a in zip(names, actuals, strict=True))
    )
    path = make(rows).path
    shown = [values for values in lines(path, "总览") if len(values) > 3 and values[1] in names]
    assert [(values[0], values[1]) for values in shown] == [
        (1, "乙"),
        (1, "丙"),
        (3, "甲"),
        (4, "丁"),
    ]


def test_a_subtotal_is_its_weighted_attainment(make: Make) -> None:
    rows = scores(
        outcome(EAST, "a", 100, 150, weight=0.25),
        outcome(EAST, "b", 100, 80, weight=0.75),
    )
    # 0.25 × 1.5 + 0.75 × 0.8 = 0.975, uncapped; the score caps: 25 × 1.2 + 75 × 0.8 = 90
    path = make(rows).path
    assert line(path, "效果评估", "结果指标")[6] == pytest.approx(0.975)
    assert line(path, "效果评估", EAST)[8] == pytest.approx(90)


def test_weights_of_zero_leave_no_score(make: Make) -> None:
    path = make(scores(outcome(EAST, "a", 100, 100, weight=0))).path
    assert line(path, "效果评估", EAST)[8] == "-"


def test_teams_without_outcome_show_their_goals(make: Make) -> None:
    """92 % and 110 %: mean 101 %, not ranked."""
    path = make(source_rows()).path
    market = line(path, "团队一览", "-", MARKET)
    assert (market[2], market[4], market[5]) == ("-", "只有目标", pytest.approx(1.01))


def states(path: Path) -> dict[str, tuple[Any, ...]]:
    """State, days, stale and answer of every task on Alerts."""
    rows = [
        values for values in lines(path, "任务预警") if len(values) >= 10 and values[2] is not None
    ]
    found = {}
    for values in rows:
        values = [*values, None, None, None][:13]
        found[values[2]] = (values[8], values[9], values[10], values[12])
    return found


def test_task_states_on_the_as_of_date(make: Make) -> None:
    late, silent = "24小时内补措施", "久未更新"
    found = states(make(source_rows()).path)
    # latest row of 28 September: 90 %, due 28 August: 33 days; its countermeasure is blank
    assert found["行业白皮书推广"] == ("逾期", 33, None, late)
    # 25 % of planned 50 % is under 60 % of it
    assert found["线上研讨会"] == ("严重滞后", "-", None, None)
    # two rows of one day: the lower one counts, 60 % as planned; the row of October is not yet
    assert found["短视频投放"] == ("正常", "-", None, None)
    # on track, but 20 days without news, more than a week
    assert found["官网改版"] == ("正常", 20, silent, late)
    # begun 5 days ago, no progress yet; not begun at all
    assert found["老客户回访*"] == ("-", "-", None, None)
    assert found["年度大会"] == ("-", "-", None, None)
    # progress of a task that no sheet knows: from its own row
    assert found["第一场线上直播"] == ("严重滞后", 10, silent, None)
    # tracked tasks: complete, overdue by ten days, not due, and unknown although past due
    assert found["上海行业展会参展"] == ("完成", "-", None, None)
    assert found["重点客户拜访"] == ("逾期", 10, None, None)
    assert found["渠道伙伴招募"] == ("正常", "-", None, None)
    assert found["年会筹备"] == ("-", "-", None, None)


def test_the_as_of_date_decides(make: Make) -> None:
    found = states(make(source_rows(), as_of=date(2024, 8, 28)).path)
    assert found["行业白皮书推广"][0] == "滞后"  # 60 % of 80 %, due this very day
    assert found["重点客户拜访"][0] == "正常"


def test_daily_tasks_allow_one_working_day(make: Make) -> None:
    """Monday after a Friday is fine, Tuesday is not; a week allows seven days."""
    task = {
        "team": EAST,
        "goal": "g",
        "owner": "李",
        "start": "2024-09-02",
        "end": "2024-12-31",
        "deliverable": "1",
    }
    progress = {"team": EAST, "planned": 0.5, "actual": 0.5, "as_of": "2024-09-20"}
    rows = {
        ("goals", "tasks"): [
            {**task, "task": cadence, "cadence": cadence} for cadence in ("daily", "weekly")
        ],
        ("goals", "progress"): [{**progress, "task": cadence} for cadence in ("daily", "weekly")],
    }
    for day, daily, weekly in (
        (23, None, None),
        (24, "久未更新", None),
        (27, "久未更新", None),
        (28, "久未更新", "久未更新"),
    ):
        found = states(make(rows, as_of=date(2024, 9, day)).path)
        assert (found["daily"][2], found["weekly"][2]) == (daily, weekly), day


def test_channels_decide_against_the_return_of_all(make: Make) -> None:
    """275 of 53 is 5.188679; ×1.2 is 6.226415, ×0.6 is 3.113207."""
    rows = {**source_rows(), **plan_rows()}
    path = make(rows).path
    found = {name: channels(path)["", name][6:] for name in ("线上广告", "行业展会", "渠道伙伴")}
    assert found == {
        "线上广告": [2.5, "削减"],
        "行业展会": [pytest.approx(7.777778), "加大"],
        "渠道伙伴": [12, "加大"],
    }
    assert line(path, "渠道投产", "建议以全部渠道的投入产出比 1:5.19 为基准。")
    # the south sent no spending: its channels come from its plan
    assert channels(path)[SOUTH, "线上广告"][:4] == [20, 150, 6, 40]


def test_channel_borders(make: Make) -> None:
    """120 of 30 is 4; exactly 1.2 × it is more."""
    spending = [
        {"team": EAST, "channel": name, "class": "marketing", "amount": spent, "revenue": revenue}
        for name, spent, revenue in (("a", 10, 48), ("b", 10, 40), ("c", 10, 32), ("d", 0, None))
    ]
    path = make({("expansion", "spending"): spending}).path
    found = [channels(path)["", name][7] for name in "abcd"]
    assert found == ["加大", "维持", "维持", None]


def test_budgets_stand_against_what_was_spent(make: Make) -> None:
    """8 + 4.5 planned, 10 spent: 80 %; 35 ÷ 10 → 1:3.5. Nothing planned, or spent: no share."""
    path = make({**source_rows(), **plan_rows()}).path
    names = ("预算 (万元)", "投入 (万元)", "预算使用率", "预期回报", "投入产出比")
    found = {
        (one["团队"], one["项目/渠道"]): [one[name] for name in names]
        for one in Shown(path).list("渠道投产", "团队", "项目/渠道")
        if one["优先级"] == "高"
    }
    assert found == {
        (EAST, "线上广告"): [12.5, 10, 0.8, 3, 3.5],
        (EAST, "行业展会"): [0, 18, None, 5, pytest.approx(7.777778)],
        (EAST, "客户答谢会"): [6, None, None, None, None],
        (SOUTH, "渠道伙伴"): [5, 5, 1, 6, 12],  # from the plan's channels: it sent no spending
    }


def test_budgets_alone_make_a_page(make: Make) -> None:
    report = make({("plan", "budget"): plan_rows()["plan", "budget"]})
    assert "渠道投产" in report.pages
    budgets = Shown(report.path).list("渠道投产", "团队", "项目/渠道")
    [one] = [one for one in budgets if one["团队"] == SOUTH]
    assert (one["项目/渠道"], one["预算 (万元)"], one["投入 (万元)"]) == ("渠道伙伴", 5, None)
    first = make({("plan", "budget"): [{"team": EAST, "quarter": "q1", "project": "p"}]})
    assert "渠道投产" not in first.pages


def test_actions_stand_where_their_dates_put_them(make: Make) -> None:
    """Over after its last day, not on it; nobody reports whether an action is done."""
    path = make(plan_rows()).path
    found = {
        one["行动"]: (one["时间"], one["结转自"])
        for one in Shown(path).list("目标分解", "团队", "行动")
        if one["关联目标"] == "G01"
    }
    assert found == {
        "渠道伙伴招募": ("已到期", "2024Q2"),
        "电子行业解决方案": ("进行中", None),
        "年度客户大会": ("未开始", None),
        "日期不详": (None, None),
    }


def test_commission_pool_growth_and_honours(make: Make) -> None:
    """5 % of 75 of 60: 0.05 × (1.2 × 60 + 1.5 × 15) = 4.725; 60 of 60: 3.6; 40 of 50: 2; 39: 0."""
    path = make({**source_rows(), **plan_rows()}, teams=known_teams(EAST), previous=[before()]).path
    listed = Shown(path).list("激励测算", "团队", "成员", "提成(万元)")
    people = {one["成员"]: one for one in listed if one["团队"] == EAST}
    four = [people[name] for name in ("张伟", "李娜", "刘洋", "陈杰")]
    assert [one["提成(万元)"] for one in four] == [pytest.approx(v) for v in (4.725, 3.6, 2.0, 0)]
    assert [one["荣誉"] for one in four] == ["签单王", "服务之星", "服务之星", None]
    # on target in both quarters: only the first; the second reached 83.3 % before
    assert [one["成长"] for one in four] == ["培养晋升", None, None, None]
    # 214 of 220 is 97.2727 %: 10 % of 50,000 元 × 0.972727
    team = Shown(path).list("激励测算", "团队", "奖金池(元)")[0]
    assert (team["目标(万元)"], team["实际(万元)"]) == (220, 214)
    assert (team["达成率"], team["奖金池(元)"]) == (
        pytest.approx(0.972727),
        pytest.approx(4863.64),
    )


@pytest.mark.parametrize(
    ("actual", "pool"), [(79, 0), (80, 4000), (100, 5000), (120, 6000), (150, 6000)]
)
def test_the_pool_has_a_floor_and_a_cap(make: Make, actual: float, pool: float) -> None:
    rows = {
        ("plan", "incentives"): [
            {"team": EAST, "member": "张", "sales_target": 100, "actual": actual, "base_rate": 0.1}
        ]
    }
    path = make(rows, teams=known_teams(EAST)).path
    [team] = Shown(path).list("激励测算", "团队", "奖金池(元)")
    assert team["奖金池(元)"] == pytest.approx(pool)


def test_customers_cross_borders_upwards(make: Make) -> None:
    """70, 20, 6 and 4 of 100: 70 % is A, 90 % is B; the one that starts at 70 % is B, at 90 % C."""
    path = make(plan_rows()).path
    listed = Shown(path).list("客户分级", "团队", "客户", "累计占比")
    found = {one["客户"]: [one["累计占比"], one["分级"]] for one in listed if one["团队"] == EAST}
    assert found == {
        "上海远航制造": [0.7, "A"],
        "苏州精工": [0.9, "B"],
        "杭州云图": [0.96, "C"],
        "宁波港机": [1, "C"],
    }
    first, *_ = Shown(path).list("客户分级", "分级", "客户数")
    assert list(first.values())[:4] == ["A", 1, 70, 0.7]


def test_trace_back_lists_drivers_worst_first(make: Make) -> None:
    """新增客户数 at 50 %: conversion (80 %) and visits (60 %) drive it, quality the first."""
    rows = scores(
        outcome(EAST, "新增客户数", 100, 50, analysis="少"),
        outcome(EAST, "线索转化率", 0.10, 0.08, dimension="process", analysis="低"),
        outcome(EAST, "客户拜访量", 100, 60, dimension="process", analysis="少"),
        outcome(EAST, "线索质量评分", 80, 80, dimension="process"),
        outcome(EAST, "销售周期", 10, 20, dimension="process"),
    )
    path = make(rows).path
    found = [values for values in lines(path, "指标回溯") if values[:1] == [EAST]]
    assert [(values[4], values[5], values[6]) for values in found] == [
        (1, "客户拜访量", 0.6),
        (2, "线索转化率", 0.8),
        (3, "线索质量评分", 1),
    ]
    assert {values[3] for values in found} == {"需回溯"}


@pytest.mark.parametrize(("actual", "state"), [(70, "未触发"), (69.9999, "需回溯")])
def test_trace_back_begins_under_its_line(make: Make, actual: float, state: str) -> None:
    rows = scores(
        outcome(EAST, "新增客户数", 100, actual),
        outcome(EAST, "客户拜访量", 10, 5, dimension="process"),
    )
    assert line(make(rows).path, "指标回溯", EAST, "新增客户数")[3] == state


def test_breakdown_children_and_year_to_date(make: Make) -> None:
    """800 + 1,150 miss 2,000; 170 + 210 + 130 of 180 + 200 + 200; of a rate the latest."""
    path = make(plan_rows()).path
    parent, child, rate = (line(path, "目标分解", EAST, code) for code in ("G00", "G01", "G03"))
    assert (parent[7], parent[8], parent[9]) == (2000, 1950, "下级不符")
    assert (child[14], child[15], child[16]) == (580, 510, pytest.approx(0.87931))
    assert (rate[14], rate[15]) == (0.94, 0.96)  # the row of October is after the as-of date


def test_year_to_date_reaches_into_quarters_before(make: Make) -> None:
    """510 of this workbook and 30 of January; what the older one says of 31 March is repeated."""
    path = make(plan_rows(), previous=[before()]).path
    assert line(path, "目标分解", EAST, "G01")[14:16] == [580, 540]


def test_of_many_teams_the_first_and_the_last_are_shown(make: Make) -> None:
    """Fourteen teams, 100 % down to 87 %: six from the top, four from the end."""
    rows = scores(*(outcome(f"队{n}", "销售额", 100, 100 - n) for n in range(14)))
    path = make(rows).path
    ranks = [values[0] for values in lines(path, "总览") if str(values[1:2]).startswith("['队")]
    assert ranks == [1, 2, 3, 4, 5, 6, 11, 12, 13, 14]


def test_quarters_before_stand_beside_this_one(make: Make) -> None:
    """销售额 171 in the second quarter, 215 now: +25.7 %; score 95 then, 96.875 now."""
    path = make(source_rows(), previous=[before()]).path
    stages = Shown(path).list("阶段趋势", "团队", "指标")
    [stage] = [one for one in stages if (one["团队"], one["指标"]) == (EAST, "销售额")]
    assert (stage["上季实际"], stage["环比"]) == (171, pytest.approx(0.25731))
    assert line(path, "总览", 1, EAST)[4] == pytest.approx(1.875)


def test_a_metric_is_compared_with_the_quarter_before_whatever_its_language(make: Make) -> None:
    """The library knows 区域销售额 as Regional sales, too."""
    east = TEAMS[0]
    then, now = (
        {
            "team": east,
            "metric": metric,
            "unit": "万元",
            **{f"{name}_{month}": value for name in ("target", "actual") for month in (1, 2, 3)},
        }
        for metric, value in (("Regional sales", 50), ("区域销售额", 60))
    )
    rows = [now, now | {"metric": "渠道数"}]
    last = quarter({("expansion", "stages"): [then]}, period="2024Q2")
    path = make({("expansion", "stages"): rows}, previous=[last]).path
    shown = {one["指标"]: one["上季实际"] for one in Shown(path).list("阶段趋势", "团队", "指标")}
    assert shown == {"区域销售额": 150, "渠道数": None}


def test_causes_are_counted(make: Make) -> None:
    assert counted(make(source_rows()).path) == {
        "目标设定": (0, 0),
        "资源投入": (0, 0),
        "执行过程": (1, 1),
    }


def counted(path: Path) -> dict[str, tuple[int, float]]:
    """Missed goals by cause, and their share."""
    listed = Shown(path).list("复盘汇总", "未达成原因类别", "条数")
    return {one["未达成原因类别"]: (one["条数"], one["占比"]) for one in listed}


def test_causes_of_goals_that_were_reached_do_not_count(make: Make) -> None:
    """One goal at 90 %, one at 110 %, both with a cause class: one cause of missed goals."""
    goals = [{"team": EAST, "supporting_goal": name, "target": 100, "metric": "a"} for name in "gh"]
    reviews = [
        {"team": EAST, "goal": goal, "actual": actual, "cause_class": "execution"}
        for goal, actual in (("g", 90), ("h", 110))
    ]
    path = make({("goals", "alignment"): goals, ("goals", "review"): reviews}).path
    assert counted(path)["执行过程"] == (1, 1)


def test_pages_without_data_are_left_out_and_named(make: Make) -> None:
    report = make({("expansion", "outcome"): source_rows()["expansion", "outcome"]})
    assert report.pages == ("总览", "团队一览", "效果评估", "指标回溯", "数据质量", "参数")
    assert [title for title, _ in report.left_out][:2] == ["目标达成", "任务预警"]
    assert all(reason for _, reason in report.left_out)
    shown = "".join(str(value) for values in lines(report.path, "总览") for value in values)
    assert "没有数据的页 9 个：目标达成" in shown


def test_who_has_not_sent_is_named(make: Make) -> None:
    report = make(source_rows(), teams=known_teams(*TEAMS, "西队"), missing=[("西队", "goals")])
    shown = "".join(str(value) for values in lines(report.path, "总览") for value in values)
    assert "未交 1 份：西队·目标管理" in shown
    assert line(report.path, "数据质量", "西队")[2] == "未交"


def test_one_team_alone(make: Make) -> None:
    report = make(source_rows(), teams=known_teams(*TEAMS), missing=[(SOUTH, "goals")])
    whole = stored(report.path)
    one = evaluate(report.consolidation, report.path, teams=[EAST], force=True)
    cells = stored(one.path)
    assert len(cells) < len(whole)
    assert not any(SOUTH in str(value) for value in cells.values())


def test_links_lead_from_figures_to_rows_to_files(make: Make) -> None:
    path = make(source_rows()).path
    found = formulas(path).values()
    assert '=HYPERLINK("#\'数据_效果评估\'!A3","→")' in found
    source = os.path.relpath(Path(f"inbox/{EAST}-市场拓展-2024Q3.xlsx").absolute(), path.parent)
    assert any(source in formula and "#'效果评估'!A7" in formula for formula in found)


def test_only_shared_functions_nothing_volatile(make: Make) -> None:
    path = make({**source_rows(), **plan_rows()}, previous=[before()]).path
    used = {name for f in formulas(path).values() for name in re.findall(r"([A-Z][A-Z0-9.]+)\(", f)}
    assert used <= {
        "ABS",
        "AND",
        "AVERAGE",
        "CHAR",
        "COUNT",
        "COUNTIFS",
        "DATE",
        "DAY",
        "FALSE",
        "FIND",
        "HYPERLINK",
        "IF",
        "IFERROR",
        "INDEX",
        "ISERROR",
        "ISNUMBER",
        "LEFT",
        "MATCH",
        "MAX",
        "MID",
        "MIN",
        "MONTH",
        "NA",
        "NETWORKDAYS",
        "NOT",
        "OR",
        "RANK",
        "RIGHT",
        "ROUND",
        "SUBSTITUTE",
        "SUM",
        "SUMIFS",
        "SUMPRODUCT",
        "TEXT",
        "TRIM",
        "TRUE",
        "VALUE",
        "YEAR",
        "LOOKUP",
        "ISTEXT",
    }


def test_same_input_same_bytes(make: Make) -> None:
    first = make(source_rows()).path.read_bytes()
    assert make(source_rows()).path.read_bytes() == first


def test_without_period_the_latest_date_stands(tmp_path: Path) -> None:
    whole = replace(
        quarter(
            {
                ("goals", "progress"): [
                    {"team": EAST, "task": "t", "as_of": "2024-02-15", "planned": 1, "actual": 0.5}
                ]
            }
        ),
        period=None,
    )
    report = evaluate(whole, tmp_path / "a.xlsx")
    assert stored(report.path)["参数", "C5"] == 45337
    with pytest.raises(UsageError):
        evaluate(replace(quarter({}), period=None), tmp_path / "b.xlsx")


def test_an_existing_file_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_bytes(b"mine")
    with pytest.raises(WriteError):
        evaluate(quarter(source_rows()), target)
    assert target.read_bytes() == b"mine"


def test_a_long_line_of_missing_workbooks_takes_the_rows_it_needs(make: Make) -> None:
    absent = [f"市场拓展第{number}销售大队华东分队" for number in range(6)]
    report = make(
        source_rows(),
        teams=known_teams(*TEAMS, *absent),
        missing=[(team, "goals") for team in absent],
    )
    sheet = openpyxl.load_workbook(report.path)["总览"]
    (cell,) = (
        cell for row in sheet.iter_rows() for cell in row if "未交 6 份" in str(cell.value or "")
    )
    (area,) = (area for area in sheet.merged_cells.ranges if cell.coordinate in area)
    assert cell.alignment.wrap_text
    assert area.max_col < sheet.max_column  # the contents stand beside it
    assert (sheet.row_dimensions[cell.row].height or 0) > 20


def test_charts_call_things_by_short_names(make: Make) -> None:
    """Nobody reads a paragraph beside a bar, and LibreOffice takes minutes to place one."""
    long = "渠道" * 10_000
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {
        ("expansion", "spending"): [{"team": EAST, "channel": long, "amount": 1, "revenue": 2}],
        ("plan", "customers"): [{"team": EAST, "customer": long, "annual_revenue": 7}],
        ("plan", "incentives"): [
            {"team": EAST, "member": long, "sales_target": 1, "actual": 1, "base_rate": 0.1}
        ],
        ("goals", "review"): [{"team": EAST, "goal": long, "actual": 1, "sales_share": 0.5}],
    }
    path = make(rows).path
    cells = stored(path)
    named = []
    with ZipFile(path) as package:
        for part in package.namelist():
            if part.startswith("xl/charts/chart"):
                found = re.findall(r"<c:cat>.*?<c:f>(.*?)</c:f>", package.read(part).decode())
                named += [place.replace("$", "").rpartition("!") for place in set(found)]
    assert len(named) >= 3
    for title, _, places in named:
        first = places.partition(":")[0]
        assert len(str(cells.get((title.strip("'"), first), ""))) <= 255, (title, places)
