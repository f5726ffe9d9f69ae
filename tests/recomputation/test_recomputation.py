"""Every figure class of the evaluation against a computation that shares nothing with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pytest
from quarter import known_teams, quarter
from second import Second, having, mean, number, numbers, ratio, summed
from shown import Shown, plain
from varied import SILENT, TEAMS, Sheets, Varied

from xltools.consolidate.combine.consolidation import Consolidation
from xltools.evaluate import evaluate

MISSING = [(SILENT, "goals"), (SILENT, "expansion"), (SILENT, "plan")]
BEFORE = ("2024-04-01", "2024-06-30")
ANNUAL = [("plan", sheet) for sheet in ("breakdown", "actions", "budget", "customers")]


class Case(NamedTuple):
    """An evaluation, and the second opinion on this quarter and the one before."""

    shown: Shown
    now: Second
    then: Second


def built(rows: Any, period: str = "2024Q3") -> Consolidation:
    teams = known_teams(*TEAMS)
    return quarter(rows, period=period, teams=teams, missing=MISSING)


@pytest.fixture(scope="module", params=range(4))
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    rows = Varied(request.param).sheets()
    earlier = Varied(request.param, "2024Q2").sheets()
    earlier = {key: given for key, given in earlier.items() if key[1] != "metrics"}
    current, before = built(rows), built(earlier, "2024Q2")
    path = tmp_path_factory.mktemp("varied") / "evaluation.xlsx"
    evaluate(current, path, previous=[before])
    library = current.settings.metrics
    now = Second(with_annual(rows, earlier), library, TEAMS)
    return Case(Shown(path), now, Second(earlier, library, TEAMS, BEFORE))


def with_annual(rows: Sheets, earlier: Sheets) -> Sheets:
    """Of an annual sheet that a team did not fill this quarter, what it sent the quarter before."""
    whole = dict(rows)
    for key in ANNUAL:
        there = {row["team"] for row in rows.get(key, ())}
        older = [row for row in earlier.get(key, ()) if row["team"] not in there]
        whole[key] = [*rows.get(key, ()), *older]
    return whole


def same(expected: Any, shown: Any, about: Any) -> None:
    """Equal, numbers but for the rounding of their last place."""
    if isinstance(expected, tuple | list):
        assert len(expected) == len(shown), about
        for one, other in zip(expected, shown, strict=True):
            same(one, other, (about, expected, shown))
    elif number(expected) and number(shown):
        assert shown == pytest.approx(expected, rel=2e-6, abs=2e-6), about
    else:
        assert (expected if expected == expected else None) == shown, about


def values(record: dict[str, Any], *labels: str) -> list[Any]:
    return [record[label] for label in labels]


def light(share: Any) -> str | None:
    if not number(share):
        return None
    return "▲" if share >= 1 else "●" if share >= 0.8 else "▼"


def ordered(teams: Iterable[Any]) -> None:
    """Teams stand in the order of the settings: first what is open, then what is settled."""
    places = [TEAMS.index(team) for team in teams]
    breaks = [at for at in range(1, len(places)) if places[at] < places[at - 1]]
    assert len(breaks) <= 1, places


def test_attainment_lights_and_shares_of_the_score(case: Case) -> None:
    rows, team = case.now.outcomes(), ""
    scores = case.now.scores()
    teams = [one["指标"] for one in outcome(case) if one["指标"] in TEAMS]
    ordered(teams)
    assert set(teams) == set(scores.index[scores.rows > 0])
    for line in outcome(case):
        if line["指标"] in TEAMS:
            team, score = line["指标"], scores.loc[line["指标"]]
            same([score.attained, score.score], values(line, "达成率", "得分"), team)
            assert line["灯"] == light(score.attained)
            shown = values(line, "计分项", "指标数", "名次", "不完整")
            same([score.counted, score.rows, *standing(score)], shown, team)
        elif line["行"] and line["口径"] is None:
            dimension = {"结果指标": "result", "过程指标": "process", "客户反馈": "feedback"}
            wanted = dimension.get(line["指标"], "input_output")
            mine = rows[(rows.team == team) & (rows.dimension == wanted)]
            same(case.now.weighted(mine), line["达成率"], (team, wanted))
        else:
            [row] = rows[(rows.team == team) & (rows.metric == line["指标"])].itertuples()
            same(row.attained, line["达成率"], (team, row))
            assert line["灯"] == light(row.attained)


def outcome(case: Case) -> list[dict[str, Any]]:
    return case.shown.list("效果评估", "指标", "口径", "得分")


def standing(score: Any) -> tuple[Any, str | None]:
    """The rank, and that there is none because an actual is lacking."""
    if not score.complete:
        return None, "不完整"
    return (score["rank"] if number(score["rank"]) else None), None


def ranking(case: Case) -> list[dict[str, Any]]:
    return case.shown.list("总览", "#", "团队", "得分")


def unranked(case: Case) -> list[dict[str, Any]]:
    lines = case.shown.list("团队一览", "#", "团队", "得分")
    return [line for line in lines if not number(line["#"])]


def test_ranked_teams_stand_first_and_the_others_apart(case: Case) -> None:
    scores, then = case.now.scores(), case.then.scores()
    ranked = having(scores, "rank")
    order = sorted(ranked.index, key=lambda team: (ranked.loc[team, "rank"], TEAMS.index(team)))
    assert [line["团队"] for line in ranking(case)] == order
    for line in ranking(case):
        score = ranked.loc[line["团队"]]
        before = then.loc[line["团队"], "score"]
        change = score.score - before if number(before) else None
        same(
            [score["rank"], score.score, change, score.attained],
            values(line, "#", "得分", "较上季", "达成率"),
            line,
        )
    goals = case.now.goal_figures()
    apart = {line["团队"]: line for line in unranked(case)}
    with_goals = {team for team in TEAMS if numbers(goals[goals.team == team].attained)}
    rest = (set(scores.index[scores.rows > 0]) | with_goals) - set(order)
    assert set(apart) == rest
    for team, line in apart.items():
        score = scores.loc[team]
        if not score.rows:
            assert line["计分项"] == "只有目标"
            same(mean(goals[goals.team == team].attained), line["达成率"], team)
        else:
            words = "{} {}/{} 项" if not score.complete else "{}{} / {} 项"
            mark = "" if score.complete else "不完整"
            assert line["计分项"] == words.format(mark, score.counted, score.rows)


def test_the_cards_of_the_overview(case: Case) -> None:
    scores, then = case.now.scores(), case.then.scores()
    ranked = {team: s for team, s in scores.ranked.items() if number(s)}
    value, note = case.shown.card("综合得分")
    same(mean(ranked.values()), value, note)
    both = [team for team in ranked if number(then.score[team])]
    if both:
        change = mean(ranked[t] for t in both) - mean(then.score[t] for t in both)  # type: ignore[operator]
        assert f"环比 {change:+.1f}（{len(both)} 队）" in note.replace("0.0", "+0.0").replace(
            "++", "+"
        )
    rows = case.now.outcomes()
    known = having(rows, "attained")
    value, _ = case.shown.card("指标达标率")
    same(ratio(int((known.attained.astype(float) >= 1).sum()), len(known)), value, "on target")
    channels = case.now.team_channels()
    value, _ = case.shown.card("投入产出比")
    same(ratio(summed(channels.revenue) or 0, summed(channels.spend)), value, "return")
    goals = case.now.goal_figures()
    value, note = case.shown.card("市场目标")
    if note:
        same(mean(goals.attained), value, note)


def test_stages(case: Case) -> None:
    lines = case.shown.list("阶段趋势", "团队", "指标", "季度目标")
    expected, before = case.now.stage_figures(), case.then.stage_figures()
    ordered(line["团队"] for line in lines)
    assert {(line["团队"], line["指标"]) for line in lines} == set(expected)
    for line in lines:
        key = line["团队"], line["指标"]
        same(expected[key], values(line, "季度目标", "累计实际", "累计达成率"), key)
        was = before.get(key, (None,) * 3)[1]
        actual = expected[key][1]
        growth = ratio(actual - was, was) if number(actual) and number(was) and was > 0 else None
        same([was, growth], values(line, "上季实际", "环比"), key)


def test_months_of_the_main_metric(case: Case) -> None:
    found = case.shown.lines("数据_月度")
    if not found:
        return
    head = found[1]
    rows = [dict(zip(head, row, strict=False)) for row in found[2:]]
    for opinion, shown in ((case.then, rows[:3]), (case.now, rows[3:])):
        for month, line in enumerate(shown, 1):
            expected = opinion.month("销售额", month)
            same(list(expected), [line.get("目标"), line.get("实际")], (month, line))


CHANNEL = (
    "投入 (万元)",
    "线索数",
    "成交客户",
    "新增销售额 (万元)",
    "转化率",
    "获客成本 (元)",
    "投入产出比",
    "建议",
)
OF_CHANNEL = ["spend", "leads", "customers", "revenue", "conversion", "cost", "return", "decision"]


def test_channels_of_all_teams_and_of_each(case: Case) -> None:
    for by, rows in ((), case.now.all_channels()), (("团队",), case.now.team_channels()):
        lines = case.shown.list("渠道投产", *by, "渠道", "建议")
        assert len(lines) == len(rows)
        judged = case.now.judged(rows)
        for line in lines:
            mine = judged[judged.channel == line["渠道"]]
            mine = mine[mine.team == line["团队"]] if by else mine
            same(mine[OF_CHANNEL].iloc[0].tolist(), values(line, *CHANNEL), line)
        if by:
            ordered(line["团队"] for line in lines)


def test_channel_decisions_show_what_they_compare_with(case: Case) -> None:
    base = case.now.baseline()
    shown = " ".join(str(cell) for row in case.shown.lines("渠道投产") for cell in row)
    assert base is None or f"1:{base:.2f}" in shown


def test_budgets(case: Case) -> None:
    lines = case.shown.list("渠道投产", "团队", "项目/渠道")
    expected = case.now.budgets()
    ordered(line["团队"] for line in lines)
    assert {(line["团队"], line["项目/渠道"]) for line in lines} == set(expected)
    for line in lines:
        key = line["团队"], line["项目/渠道"]
        same(
            expected[key],
            values(line, "预算 (万元)", "投入 (万元)", "预算使用率", "投入产出比"),
            key,
        )


def test_goals_and_causes(case: Case) -> None:
    expected = case.now.goal_figures().set_index(["team", "goal"]).attained
    lines = case.shown.list("目标达成", "团队", "市场目标", "达成率")
    ordered(line["团队"] for line in lines)
    for line in lines:
        same(expected.get((line["团队"], line["市场目标"])), line["达成率"], line)
    words = {"目标设定": "goal_setting", "资源投入": "resources", "执行过程": "execution"}
    causes = case.now.causes()
    for line in case.shown.list("复盘汇总", "未达成原因类别", "条数"):
        assert line["条数"] == causes.get(words[line["未达成原因类别"]], 0)
    ordered(line["团队"] for line in case.shown.list("复盘汇总", "团队", "市场目标"))


def test_tasks(case: Case) -> None:
    expected = case.now.task_states()
    lines = case.shown.list("任务预警", "团队", "任务", "状态", "类别")
    assert {(line["团队"], line["任务"]) for line in lines} == set(expected)
    for line in lines:
        state, days, silent, bare = expected[line["团队"], line["任务"]]
        shown = (line["状态"], line["天数"], bool(line["久未更新"]), bool(line["待措施"]))
        assert shown == (state, days, silent, bare), line
    teams = case.shown.list("任务预警", "团队", "任务数")
    ordered(line["团队"] for line in teams)
    for line in teams:
        mine = [one for (team, _), one in expected.items() if team == line["团队"]]
        for state in ("逾期", "严重滞后", "滞后", "正常", "完成"):
            assert line[state] == sum(one[0] == state for one in mine)
        assert (line["久未更新"], line["待措施"]) == (
            sum(m[2] for m in mine),
            sum(m[3] for m in mine),
        )


def test_trace_back(case: Case) -> None:
    expected = case.now.traces()
    lines = case.shown.list("指标回溯", "团队", "结果指标", "过程指标")
    none = "没有驱动它的过程指标"
    found = {(one["团队"], one["结果指标"], one["过程指标"]): one for one in lines}
    assert set(found) == {(team, result, one or none) for team, result, one in expected}
    for (team, result, driver), (share, low, driving, place) in expected.items():
        line = found[team, result, driver or none]
        judged = "需回溯" if low else "未触发"
        shown = values(line, "结果达成率", "判断", "过程达成率", "#")
        same([share, judged, driving, place], shown, line)


def test_breakdown(case: Case) -> None:
    dimensions = {"overall": "总体", "region": "区域", "channel": "渠道"}
    splits, verdicts, dates = case.now.splits(), case.now.verdicts(), case.now.to_date()
    lines = case.shown.list("目标分解", "团队", "编号", "校验")
    ordered(line["团队"] for line in lines)
    for line in lines:
        key = line["团队"], line["编号"]
        fits, off = verdicts[key]
        assert str(line["校验"]).startswith(fits), line
        sums = {dimensions[one]: amount for one, amount in splits[key].items()}
        if len(sums) == 1:
            same(next(iter(sums.values())), line["下级合计"], line)
        for word, amount in sums.items() if len(sums) > 1 else ():
            told = str(line["下级合计"]).replace(".00", "").replace("\u00a0", " ")
            amount = next(
                number for number, one in splits[key].items() if dimensions[number] == word
            )
            assert f"{word} {splits[key][amount]:,.2f}".replace(".00", "") in told, line
            assert ("✗" in told.split(word)[1].split("\n")[0]) == (amount in off), line
        same(dates[key], values(line, "累计目标", "累计实际", "累计达成率"), line)


def test_incentives(case: Case) -> None:
    members, then = case.now.members(), case.then.members()
    sales, service = case.now.honours()
    lines = case.shown.list("激励测算", "团队", "成员", "提成(万元)")
    ordered(line["团队"] for line in lines)
    assert {(line["团队"], line["成员"]) for line in lines} == set(members)
    for line in lines:
        key = line["团队"], line["成员"]
        was = then.get(key, (None, None))[0]
        same([*members[key], was], values(line, "达成率", "提成(万元)", "上季达成率"), key)
        assert ("签单王" in str(line["荣誉"])) == (key in sales), line
        assert ("服务之星" in str(line["荣誉"])) == (key in service), line
        assert bool(line["成长"]) == grown(members[key][0], was), line
    for line in case.shown.list("激励测算", "团队", "奖金池(元)"):
        team = line["团队"]
        share, pool = case.now.pool(team, 50_000)
        was = case.then.pool(team, 50_000)[0]
        shown = values(line, "达成率", "奖金池(元)", "上季达成率")
        same([share, pool, was], shown, line)
        assert bool(line["成长"]) == grown(share, was), line


def grown(now: Any, then: Any) -> bool:
    return number(now) and number(then) and now >= 1 and then >= 1


def test_customers(case: Case) -> None:
    expected = case.now.grades()
    lines = case.shown.list("客户分级", "团队", "客户", "累计占比")
    ordered(line["团队"] for line in lines)
    for line in lines:
        wanted = expected.get(line["客户"], (None,) * 3)
        same(wanted, values(line, "占比", "累计占比", "分级"), line)
    for line in case.shown.list("客户分级", "分级", "客户数"):
        assert line["客户数"] == sum(one[2] == line["分级"] for one in expected.values())
    drawn = case.shown.lines("数据_最大客户_列示")
    for row in drawn[2:]:
        record = dict(zip(drawn[1], row, strict=False))
        if record.get("客户"):
            wanted = expected.get(record["客户"], (None,) * 3)  # without revenue they stand last
            same(wanted[1], plain(record.get("累计占比")), record)


def test_diagnosis(case: Case) -> None:
    expected = case.now.diagnoses()
    lines = case.shown.list("绩效诊断", "团队", "目标", "流程", "能力")
    ordered(line["团队"] for line in lines if line["团队"] in TEAMS)
    for line in lines:
        team = line["团队"] if line["团队"] in TEAMS else None
        same(expected[team], values(line, "目标", "流程", "能力", "平均"), line)
    ordered(line["团队"] for line in case.shown.list("绩效诊断", "团队", "维度", "诊断项"))
