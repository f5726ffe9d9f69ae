"""Figures over teams: who is ranked, who stands behind a headline, and where axes begin."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from live import by_ironcalc, differing, formulas, line, lines, stored
from quarter import TEAMS, Rows, known_teams, outcome, plan_rows, quarter, source_rows

from xltools.evaluate import evaluate
from xltools.evaluate.figures import live_figure

EAST, SOUTH, MARKET, ODD = TEAMS
MANY_LEFT_OUT = (
    "QoQ compares teams ranked now that had a score last quarter: 1 of 8; without: "
    "队0, 队1, 队2, 队3, 队4 and 2 more"
)
OVERVIEW = {"zh": "总览", "en": "Overview"}


def made(folder: Path, rows: Rows, **options: Any) -> Path:
    path = folder / "a.xlsx"
    given = {name: options.pop(name) for name in ("teams", "missing") if name in options}
    evaluate(quarter(rows, **given), path, **options)
    return path


def goals_of(*names: str) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Goals attained by 90 %, for each of the teams."""
    goal = {"supporting_goal": "g", "metric": "有效线索数", "target": 100, "unit": "条"}
    return {
        ("goals", "alignment"): [{**goal, "team": team} for team in names],
        ("goals", "review"): [{"team": team, "goal": "g", "actual": 90} for team in names],
    }


def card(path: Path, label: str) -> tuple[Any, str]:
    """A card's value and note."""
    rows = lines(path, "总览")
    at = next(n for n, cell in enumerate(rows[3]) if str(cell).startswith(label))
    return rows[4][at], rows[5][at]


def test_goals_alone_are_no_incomplete_outcome(tmp_path: Path) -> None:
    path = made(tmp_path, goals_of(EAST, SOUTH))
    assert line(path, "总览", "-", EAST)[3:9] == ["-", "-", "只有目标", None, None, 0.9]


def test_outcome_rows_of_which_none_counts_are_not_goals_only(tmp_path: Path) -> None:
    rows = {**goals_of(EAST), ("expansion", "outcome"): [outcome(EAST, "销售额", 0, 5)]}
    assert line(made(tmp_path, rows), "总览", "-", EAST)[5:9] == ["0 / 1 项", None, None, "-"]


def test_the_last_teams_are_the_last_ranked_ones(tmp_path: Path) -> None:
    """Fourteen ranked teams; three that lack an actual and one with goals stand apart."""
    rows = [outcome(f"队{n:02d}", "销售额", 100, 100 - n) for n in range(14)]
    for team in ("缺一", "缺二", "缺三"):
        rows += [outcome(team, "销售额", 100, 150), outcome(team, "新增客户数", 5, None)]
    path = made(tmp_path, {("expansion", "outcome"): rows, **goals_of("市场部")})
    shown = lines(path, "总览")
    ranks = [row[0] for row in shown if str(row[1:2]).startswith("['队")]
    assert ranks == [1, 2, 3, 4, 5, 6, 11, 12, 13, 14]
    apart = {row[1]: row[4] for row in lines(path, "团队一览") if row[:1] == ["-"]}
    words = dict.fromkeys(("缺一", "缺二", "缺三"), "不完整 1/2 项")
    assert apart == {**words, "市场部": "只有目标"}
    drawn = [row[3] for row in lines(path, "数据_看板")[2:]]
    assert len(drawn) == 10
    assert not {"缺一", "市场部"} & set(drawn)


def test_one_attainment_of_a_team_on_every_page(tmp_path: Path) -> None:
    """130 % and 100 %: 115 % everywhere, although the score stops at 120 % each."""
    rows = [outcome(EAST, "a", 100, 130), outcome(EAST, "b", 100, 100)]
    path = made(tmp_path, {("expansion", "outcome"): rows})
    ranked, page = line(path, "总览", 1, EAST), line(path, "效果评估", EAST)
    assert (ranked[3], ranked[8]) == (page[8], page[6]) == (110, 1.15)


@pytest.mark.parametrize(
    ("actual", "missing", "note"),
    [
        (500, [], "▲ 目标 700 · 达成 102.1% · 3 / 3 队"),
        (None, [], "● 目标 200 · 达成 107.5% · 2 / 3 队"),  # the largest team's value was refused
        (500, [("西", "expansion")], "● 目标 700 · 达成 102.1% · 3 / 4 队"),
    ],
)
def test_a_headline_is_not_green_while_a_team_is_missing(
    tmp_path: Path, actual: float | None, missing: list[tuple[str, str]], note: str
) -> None:
    rows = [
        outcome(team, "销售额", target, reached, unit="万元")
        for team, target, reached in ((EAST, 500, actual), (SOUTH, 100, 110), (ODD, 100, 105))
    ]
    teams = known_teams(EAST, SOUTH, ODD, "西")
    path = made(tmp_path, {("expansion", "outcome"): rows}, teams=teams, missing=missing)
    assert card(path, "销售额")[1] == note


def test_goals_are_not_green_while_a_team_is_missing(tmp_path: Path) -> None:
    rows = goals_of(EAST, SOUTH)
    for one in rows["goals", "review"]:
        one["actual"] = 120
    assert card(made(tmp_path, rows), "市场目标")[1] == "▲ 2 / 2 个目标达成 · 2 / 2 队"
    rows["goals", "review"][1]["actual"] = None
    (tmp_path / "a.xlsx").unlink()
    assert card(made(tmp_path, rows), "市场目标")[1] == "● 1 / 1 个目标达成 · 1 / 2 队"


def test_the_change_of_the_score_compares_teams_of_both_quarters(tmp_path: Path) -> None:
    """90 against 80 for one team; a newcomer at 40 changes nothing."""
    then = quarter({("expansion", "outcome"): [outcome(EAST, "销售额", 100, 80)]}, period="2024Q2")
    rows = [outcome(EAST, "销售额", 100, 90), outcome(SOUTH, "销售额", 100, 40)]
    path = made(tmp_path, {("expansion", "outcome"): rows}, previous=[then])
    assert card(path, "综合得分") == (65, "2 / 2 队排名 · 环比 +10.0（1 队）")


@pytest.mark.parametrize(
    ("new", "lang", "told"),
    [
        (0, "zh", "环比只比较本季参与排名、上季也有得分的团队：1 / 1 队"),
        (2, "zh", "环比只比较本季参与排名、上季也有得分的团队：1 / 3 队；不含：队0、队1"),
        (
            7,
            "en",
            MANY_LEFT_OUT,
        ),
    ],
)
def test_a_change_names_the_teams_that_it_leaves_out(
    tmp_path: Path, new: int, lang: str, told: str
) -> None:
    """Live as cached; an arrow leads to the column with all of them."""
    then = quarter({("expansion", "outcome"): [outcome(EAST, "销售额", 100, 80)]}, period="2024Q2")
    rows = [outcome(team, "销售额", 100, 90) for team in (EAST, *(f"队{n}" for n in range(new)))]
    path = made(tmp_path, {("expansion", "outcome"): rows}, previous=[then], lang=lang)
    [shown] = [
        row for row in lines(path, OVERVIEW[lang]) if row and str(row[0]).startswith(told[:6])
    ]
    assert (shown[0], shown[-1]) == (told, "→")
    cells = {at: text for at, text in formulas(path).items() if at[0] == OVERVIEW[lang]}
    assert differing(stored(path), by_ironcalc(path, cells), cells) == []


def test_who_left_is_named_as_not_compared(tmp_path: Path) -> None:
    """Ranked the quarter before and incomplete now: no change of that team is in the mean."""
    before = [outcome(team, "销售额", 100, 80) for team in (EAST, SOUTH)]
    then = quarter({("expansion", "outcome"): before}, period="2024Q2")
    rows = [outcome(EAST, "销售额", 100, 90), outcome(SOUTH, "销售额", 100, None)]
    path = made(tmp_path, {("expansion", "outcome"): rows}, previous=[then])
    [shown] = [row[0] for row in lines(path, "总览") if str(row[:1]).startswith("['环比")]
    assert shown.endswith(f"1 / 2 队；不含：{SOUTH}")


def named(path: Path, title: str) -> list[Any]:
    """The teams of a data sheet, from top to bottom."""
    head, *rows = lines(path, title)[1:]
    return [row[head.index("团队")] for row in rows]


def test_a_ranked_team_without_the_main_metric_is_no_empty_slot(tmp_path: Path) -> None:
    rows = [outcome(EAST, "销售额", 100, 90), outcome(SOUTH, "新增客户数", 100, 95)]
    rows += [outcome(ODD, "销售额", 100, 80)]
    path = made(tmp_path, {("expansion", "outcome"): rows})
    assert named(path, "数据_看板") == [SOUTH, EAST, ODD]
    assert named(path, "数据_看板图") == [EAST, ODD]
    [chart] = [one for one in charts(path) if "数据_看板" in one]
    assert set(re.findall(r"数据_看板图'?!\$\w+\$(\d+):\$\w+\$(\d+)", chart)) == {("3", "4")}


def test_no_chart_gets_a_title_from_its_only_series(tmp_path: Path) -> None:
    drawn = charts(made(tmp_path, {**source_rows(), **plan_rows()}))
    assert len(drawn) >= 8
    assert all('<c:autoTitleDeleted val="1"/>' in chart for chart in drawn)


def test_months_name_how_many_teams_stand_behind_them(tmp_path: Path) -> None:
    stage = {"metric": "销售额", "unit": "万元", "target_1": 9, "target_2": 9, "target_3": 9}
    rows = {
        ("expansion", "outcome"): [outcome(EAST, "销售额", 1, 1)],
        ("expansion", "stages"): [
            {**stage, "team": EAST, "actual_1": 192, "actual_2": -1},
            {**stage, "team": SOUTH, "actual_1": 5},
        ],
    }
    path = made(tmp_path, rows)
    data = [row for row in lines(path, "数据_月度")[2:] if row]
    label = lines(path, "数据_月度")[1].index("图表标签")
    assert [row[label] for row in data] == ["2024-07", "2024-08\n1/2 队", "2024-09"]


def charts(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        names = sorted(name for name in package.namelist() if "charts/chart" in name)
        return [package.read(name).decode() for name in names]


def test_axes_of_numbers_begin_at_zero(tmp_path: Path) -> None:
    """Else 197 → 203 looks like a leap; where numbers are negative the axis reaches them."""
    rows = {**source_rows(), **plan_rows()}
    seen = 0
    for chart in charts(made(tmp_path, rows)):
        for axis in re.findall(r"<c:valAx>.*?</c:valAx>", chart):
            seen += 1
            assert '<c:min val="0"/>' in axis, chart[:400]
    assert seen >= 8


def test_bars_of_negative_returns_are_drawn(tmp_path: Path) -> None:
    spent = {"team": EAST, "channel": "a", "class": "marketing", "amount": 10, "revenue": -5}
    drawn = charts(made(tmp_path, {("expansion", "spending"): [spent]}))
    assert not any('<c:min val="0"/>' in chart for chart in drawn)


def test_no_figure_compares_a_text_with_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any text is more than any number, so that "" > 0: whoever compares must know it first."""
    compared: list[tuple[object, object]] = []
    plain = live_figure.If.value

    def value(self: live_figure.If, index: int) -> live_figure.Value:
        test = self.test
        if isinstance(test, live_figure.Call) and re.fullmatch(r"\{0\}[<>]=?\{1\}", test.text):
            pair = tuple(part.value(index) for part in test.parts)
            if isinstance(pair[0], str) != isinstance(pair[1], str):
                compared.append(pair)  # type: ignore[arg-type]
        return plain(self, index)

    monkeypatch.setattr(live_figure.If, "value", value)
    for number, rows in enumerate((goals_of(EAST), {**source_rows(), **plan_rows()})):
        folder = tmp_path / str(number)
        folder.mkdir()
        made(folder, rows)
    assert compared == []


def test_the_same_rows_give_the_same_bytes_in_processes_with_different_hashes(
    tmp_path: Path,
) -> None:
    """With these two seeds the columns of one data sheet once stood in a different order."""
    targets = [tmp_path / f"{seed}.xlsx" for seed in ("1", "3")]
    code = "from pathlib import Path; from many_teams import many; from xltools import evaluate;"
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", f"{code} evaluate.evaluate(many(2), Path({str(one)!r}))"],
            cwd=Path(__file__).parent,
            env={**os.environ, "PYTHONHASHSEED": one.stem, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        for one in targets
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    first, second = (one.read_bytes() for one in targets)
    assert first == second
