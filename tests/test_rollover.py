"""Roll-over: four quarters of five teams, followed row by row through real workbooks."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest

from xltools import verbs
from xltools.check.check_files import check_all
from xltools.check.reading_plan import ReadingPlan
from xltools.consolidate.collect_submissions import collect
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.definition import Catalog, load_catalog
from xltools.definition.default_settings import default_settings
from xltools.errors import SettingsError, UsageError
from xltools.generate.workbook_series import write_workbook
from xltools.ground.period import Quarter
from xltools.ground.shipped import shipped
from xltools.rollover.decisions import CARRIED, CLOSED, DROPPED
from xltools.rollover.leaks import LeakError, find_leaks
from xltools.rollover.rollover import RolloverReport, rollover
from xltools.settings import Member, Settings, Target, Team

TEAMS = ("东区", "南区", "西区", "北区", "中区")
Row = dict[str, Any]
GOAL = "季度提供有效线索1000条"


def settings_of(catalog: Catalog, period: Quarter, **changes: Any) -> Settings:
    return msgspec.structs.replace(
        default_settings(catalog, "zh"),
        period=period,
        deadline=date(period.end.year, period.end.month, 28),
        teams=tuple(Team(team=name, lead=f"{name}甲", workbooks=("goals",)) for name in TEAMS),
        members=tuple(Member(name=f"{name}{n}", team=name) for name in TEAMS for n in "甲乙"),
        **changes,
    )


def goal(name: str = GOAL, due: str = "2024-01-01/2025-12-31") -> Row:
    return {
        "sales_goal": "年度新增销售额5000万元",
        "supporting_goal": name,
        "metric": "有效线索数",
        "target": 1000.0,
        "unit": "条",
        "priority": "high",
        "due": due,
        "owner": "东区甲",
    }


def task(name: str, period: Quarter, on: str = GOAL) -> Row:
    return {
        "task": name,
        "goal": on,
        "owner": "东区甲",
        "start": period.start,
        "end": period.end,
        "deliverable": "线索100条",
        "cadence": "weekly",
    }


def progress(name: str, actual: float, period: Quarter) -> Row:
    return {
        "as_of": period.end,
        "task": name,
        "planned": 1.0,
        "actual": actual,
        "risk": None if actual >= 1 else "人手不足",
        "countermeasure": None if actual >= 1 else "借调一人",
    }


def read_rows(path: Path, catalog: Catalog, settings: Settings) -> dict[str, list[Row]]:
    """The rows of one workbook as a team finds them, ids and all."""
    sent = check_all([path], ReadingPlan(catalog, settings), workers=1).submissions[0]
    return {
        name: [
            {column: values[index] for column, values in sheet.columns.items()}
            for index in range(len(sheet.rows))
        ]
        for name, sheet in sent.sheets.items()
    }


@dataclass
class Year:
    """The quarters as they pass."""

    folder: Path
    catalog: Catalog = field(default_factory=load_catalog)
    reports: list[RolloverReport] = field(default_factory=list)
    ids: list[dict[str, str]] = field(default_factory=list)

    def send(self, period: Quarter, team: str, rows: Mapping[str, list[Row]], s: Settings) -> None:
        inbox = self.folder / str(period) / "inbox"
        inbox.mkdir(parents=True, exist_ok=True)
        write_workbook(
            inbox / f"{team}.xlsx",
            catalog=self.catalog,
            definition=self.catalog["goals"],
            settings=s,
            team=team,
            period=period,
            lang="zh",
            rows=rows,
        )

    def received(self, period: Quarter, team: str, s: Settings) -> dict[str, list[Row]]:
        path = self.folder / str(period) / "outbox" / team / f"{team}-目标管理-{period}.xlsx"
        return read_rows(path, self.catalog, s)

    def close(self, period: Quarter, s: Settings) -> RolloverReport:
        found = collect(
            [self.folder / str(period) / "inbox"], ReadingPlan(self.catalog, s), workers=1
        )
        to = period.shift(1)
        report = rollover(found, to=to, folder=self.folder / str(to), lang="zh")
        self.reports.append(report)
        return report


def fates(report: RolloverReport, sheet: str) -> Counter[str]:
    return Counter(one.fate for one in report.decisions if one.sheet == sheet)


def id_of(rows: list[Row], name: str) -> str:
    return str(next(row["id"] for row in rows if row["task"] == name))


def renamed_definition(folder: Path) -> Catalog:
    """Version 2 of goals: ``deliverable`` is now called ``acceptance``."""
    folder.mkdir()
    text = (shipped("templates") / "goals.toml").read_text(encoding="utf-8")
    text = text.replace("version = 1", "version = 2", 1)
    text = text.replace(
        'name = "deliverable", label = { zh = "交付标准", en = "Deliverable" }',
        'name = "acceptance", was = "deliverable", label = { zh = "验收标准", en = "Acceptance" }',
    )
    text = text.replace(
        'check = "has_number(deliverable)", columns = ["deliverable"]',
        'check = "has_number(acceptance)", columns = ["acceptance"]',
    )
    (folder / "goals.toml").write_text(text, encoding="utf-8")
    return load_catalog(folder)


def test_of_a_record_that_is_referred_to_its_name_alone_goes_along(tmp_path: Path) -> None:
    """What was counted in a sheet without ``carry`` is not counted again next quarter."""
    (tmp_path / "templates").mkdir()
    text = (shipped("templates") / "goals.toml").read_text(encoding="utf-8")
    head, _, rest = text.partition('carry = [{ when = "end(due) > parameters.period_end"')
    text = head + rest.partition("\n")[2]
    (tmp_path / "templates" / "goals.toml").write_text(text, encoding="utf-8")
    year = Year(tmp_path, catalog=load_catalog(tmp_path / "templates"))
    period = Quarter(2024, 1)
    s = settings_of(year.catalog, period)
    rows = {"alignment": [goal(), goal("另一个目标")], "tasks": [task("A", period)]}
    year.send(period, "东区", rows, s)
    report = year.close(period, s)
    assert fates(report, "alignment") == {CARRIED: 1, CLOSED: 1}
    [kept] = [one for one in report.decisions if one.sheet == "alignment" and one.fate == CARRIED]
    assert kept.reason.zh == "仍有未结束的行引用它；只带过去：市场支撑目标"
    [row] = year.received(period.shift(1), "东区", s)["alignment"]
    assert row["supporting_goal"] == GOAL
    assert [row[name] for name in ("sales_goal", "target", "due", "owner")] == [None] * 4


def test_four_quarters_of_five_teams(tmp_path: Path) -> None:
    """Three tasks from birth to completion; open tasks add up; nothing vanishes unexplained.

    Of every team, in 2024Q1: A is completed at once; B takes until Q3 and is renamed in Q2; C is
    born in Q2 and completed in Q4. In Q3 the column ``deliverable`` is renamed; before Q4 one
    team is dissolved.
    """
    year = Year(tmp_path)
    q1, q2, q3, q4 = (Quarter(2024, n) for n in (1, 2, 3, 4))
    s = settings_of(year.catalog, q1)
    for team in TEAMS:
        rows = {
            "alignment": [goal()],
            "tasks": [task("A", q1), task("B", q1)],
            "progress": [progress("A", 1, q1), progress("B", 0.4, q1)],
        }
        year.send(q1, team, rows, s)
    report = year.close(q1, s)
    assert fates(report, "tasks") == {CARRIED: 5, CLOSED: 5}

    s = settings_of(year.catalog, q2)
    born: dict[str, str] = {}
    for team in TEAMS:
        rows = year.received(q2, team, s)
        assert [row["task"] for row in rows["tasks"]] == ["B"]
        assert rows["tasks"][0]["carried_since"] == "2024Q1"
        assert rows["tasks"][0]["last_actual"] == 0.4
        assert rows["progress"] == []
        born[team] = id_of(rows["tasks"], "B")
        rows["tasks"][0]["task"] = "B（二期）"
        rows["tasks"].append(task("C", q2))
        rows["progress"] = [progress("B（二期）", 0.7, q2)]
        year.send(q2, team, rows, s)
    assert len(set(born.values())) == len(TEAMS)
    report = year.close(q2, s)
    assert fates(report, "tasks") == {CARRIED: 10}

    year.catalog = renamed_definition(tmp_path / "templates")
    s = settings_of(year.catalog, q3)
    c_ids: dict[str, str] = {}
    for team in TEAMS:
        rows = year.received(q3, team, s)
        assert id_of(rows["tasks"], "B（二期）") == born[team]
        assert {row["acceptance"] for row in rows["tasks"]} == {"线索100条"}
        c_ids[team] = id_of(rows["tasks"], "C")
        rows["progress"] = [progress("B（二期）", 1, q3), progress("C", 0.5, q3)]
        year.send(q3, team, rows, s)
    remaining = s.teams[:4]
    report = year.close(q3, msgspec.structs.replace(s, teams=remaining))
    assert fates(report, "tasks") == {CARRIED: 4, CLOSED: 4}
    book = openpyxl.load_workbook(tmp_path / "2024Q4/reports/rollover-2024Q3-2024Q4.xlsx")
    excluded = list(book["未计入的文件"].iter_rows(min_row=5, values_only=True))
    assert [line[:2] for line in excluded] == [("中区", "中区.xlsx")]

    s = msgspec.structs.replace(settings_of(year.catalog, q4), teams=remaining)
    for team in TEAMS[:4]:
        rows = year.received(q4, team, s)
        assert [row["task"] for row in rows["tasks"]] == ["C"]
        assert id_of(rows["tasks"], "C") == c_ids[team]
        assert rows["tasks"][0]["carried_since"] == "2024Q2"
        rows["progress"] = [progress("C", 1, q4)]
        year.send(q4, team, rows, s)
    report = year.close(q4, s)
    assert fates(report, "tasks") == {CLOSED: 4}
    opened, gone = 15, 2  # the dissolved team's two open tasks
    for one in year.reports:
        counts = fates(one, "tasks")
        gone += counts[CLOSED] + counts[DROPPED]
    assert opened == gone
    first = Quarter(2025, 1)
    assert year.received(first, "东区", settings_of(year.catalog, first))["tasks"] == []


def one_team(
    tmp_path: Path, rows: Mapping[str, list[Row]], name: str = "goals", **changes: Any
) -> tuple[Consolidation, Settings]:
    catalog, period = load_catalog(), changes.pop("period", Quarter(2024, 3))
    s = settings_of(catalog, period, **changes)
    teams = (Team(team="东区", lead="东区甲", workbooks=(name,)),)
    s = msgspec.structs.replace(s, teams=teams)
    tmp_path.mkdir(exist_ok=True)
    write_workbook(
        tmp_path / "in.xlsx",
        catalog=catalog,
        definition=catalog[name],
        settings=s,
        team="东区",
        period=period,
        lang="zh",
        rows=rows,
    )
    found = collect([tmp_path / "in.xlsx"], ReadingPlan(catalog, s), workers=1)
    return found, s


def test_next_actions_become_tasks_and_keep_their_goal_alive(tmp_path: Path) -> None:
    q3 = Quarter(2024, 3)
    review = {"goal": GOAL, "actual": 900.0, "next_action": "追加渠道B", "owner": "东区乙"}
    review |= {"cause_class": "execution", "cause": "慢", "due": "2024-11-15"}
    rows = {"alignment": [goal(due="2024-07-01/2024-09-30")], "review": [review]}
    found, s = one_team(tmp_path / "a", rows)
    report = rollover(found, to=q3.shift(1), folder=tmp_path / "next", lang="zh")
    path = tmp_path / "next/outbox/东区/东区-目标管理-2024Q4.xlsx"
    got = read_rows(path, found.catalog, s)
    new = got["tasks"][0]
    assert (new["task"], new["goal"], new["owner"]) == ("追加渠道B", GOAL, "东区乙")
    assert (new["start"], new["end"]) == (date(2024, 10, 1), date(2024, 11, 15))
    assert str(new["carried_from"]).startswith("in.xlsx · 目标复盘!")
    assert [row["supporting_goal"] for row in got["alignment"]] == [GOAL]
    assert {one.sheet: one.fate for one in report.decisions} == {
        "alignment": CARRIED,
        "review": CARRIED,
    }


def test_metrics_start_with_baseline_and_the_breakdowns_target(tmp_path: Path) -> None:
    rows = {
        "breakdown": [
            {
                "code": "E1",
                "level": "department",
                "dimension": "region",
                "metric": "区域销售额",
                "class": "result",
                "annual_target": 100.0,
                "unit": "万元",
                "q1": 20.0,
                "q2": 25.0,
                "q3": 25.0,
                "q4": 30.0,
                "owner": "东区甲",
            }
        ],
        "metrics": [
            {
                "as_of": date(2024, 9, 30),
                "metric": "区域销售额",
                "class": "result",
                "goal": "E1",
                "target": 25.0,
                "actual": 27.0,
            }
        ],
    }
    targets = (Target(team="东区", metric="区域销售额", target=25.0, unit="万元"),)
    found, s = one_team(tmp_path / "a", rows, "plan", targets=targets)
    report = rollover(found, to=Quarter(2024, 4), folder=tmp_path / "next", lang="zh")
    got = read_rows(tmp_path / "next/outbox/东区/东区-年度计划与绩效-2024Q4.xlsx", found.catalog, s)
    metric = got["metrics"][0]
    assert (metric["target"], metric["baseline"]) == (30.0, 27.0)
    assert metric["actual"] is None
    assert metric["as_of"] is None
    assert [one.proposed for one in report.deviations] == [30.0]
    assert got["breakdown"][0]["q4"] == 30.0


def test_the_annual_plan_ends_with_the_year(tmp_path: Path) -> None:
    """What lives on is cut loose from the goals of the old plan, and has no target of it."""
    row = {
        "code": "E1",
        "level": "company",
        "dimension": "overall",
        "metric": "销售额",
        "class": "result",
        "annual_target": 4.0,
        "q1": 1.0,
        "q2": 1.0,
        "q3": 1.0,
        "q4": 1.0,
        "owner": "东区甲",
    }
    metric = {
        "as_of": date(2024, 12, 31),
        "metric": "销售额",
        "class": "result",
        "goal": "E1",
        "target": 1.0,
        "actual": 2.0,
    }
    action = {
        "action": "拜访",
        "goal": "E1",
        "owner": "东区甲",
        "start": date(2024, 11, 1),
        "end": date(2025, 2, 28),
        "expected_result": "10家",
    }
    rows = {"breakdown": [row], "metrics": [metric], "actions": [action]}
    found, s = one_team(tmp_path / "a", rows, "plan", period=Quarter(2024, 4))
    report = rollover(found, to=Quarter(2025, 1), folder=tmp_path / "next", lang="zh")
    assert fates(report, "breakdown") == {CLOSED: 1}
    got = read_rows(tmp_path / "next/outbox/东区/东区-年度计划与绩效-2025Q1.xlsx", found.catalog, s)
    assert got["breakdown"] == []
    assert [(one["action"], one["goal"]) for one in got["actions"]] == [("拜访", None)]
    (left,) = got["metrics"]
    assert (left["baseline"], left["goal"], left["target"]) == (2.0, None, None)


def test_a_copied_row_keeps_its_id_only_in_its_first_place(tmp_path: Path) -> None:
    q3 = Quarter(2024, 3)
    tasks = [{**task(name, q3), "id": "2024Q1-abc"} for name in ("一", "二")]
    found, _ = one_team(tmp_path / "a", {"alignment": [goal()], "tasks": tasks})
    report = rollover(found, to=q3.shift(1), folder=tmp_path / "next", lang="zh")
    ids = [one.row["id"] for one in report.decisions if one.sheet == "tasks"]
    assert ids[0] == "2024Q1-abc"
    assert ids[1] != ids[0]


def test_a_member_who_left_is_dropped_from_the_list_of_members(tmp_path: Path) -> None:
    rows = [
        {"member": name, "sales_target": 10.0, "actual": 9.0, "base_rate": 0.03}
        for name in ("东区甲", "东区丙")
    ]
    found, _ = one_team(tmp_path / "a", {"incentives": rows}, "plan")
    report = rollover(found, to=Quarter(2024, 4), folder=tmp_path / "next", lang="zh")
    assert {one.label: one.fate for one in report.decisions} == {
        "东区甲": CARRIED,
        "东区丙": DROPPED,
    }


def test_the_report_opens_and_adds_up(tmp_path: Path) -> None:
    q3 = Quarter(2024, 3)
    rows = {
        "alignment": [goal()],
        "tasks": [task("一", q3), task("二", q3)],
        "progress": [progress("一", 1, q3)],
    }
    found, _ = one_team(tmp_path / "a", rows)
    report = rollover(found, to=q3.shift(1), folder=tmp_path / "next", lang="en")
    book = openpyxl.load_workbook(tmp_path / "next/reports/rollover-2024Q3-2024Q4.xlsx")
    assert book.sheetnames[:2] == ["Summary", "Every row"]
    for line in book["Summary"].iter_rows(min_row=5, values_only=True):
        assert line[3] == sum(line[4:7])
    assert len(report.decisions) == book["Every row"].max_row - 4


@pytest.mark.parametrize("to", [Quarter(2024, 3), Quarter(2024, 2)])
def test_only_a_later_quarter_can_follow(tmp_path: Path, to: Quarter) -> None:
    found, _ = one_team(tmp_path / "a", {"alignment": [goal()]})
    with pytest.raises(UsageError) as caught:
        rollover(found, to=to, folder=tmp_path / "next", lang="zh")
    assert caught.value.key == "usage.not_later"


def test_only_the_teams_asked_for_get_workbooks(tmp_path: Path) -> None:
    found, s = one_team(tmp_path / "a", {"alignment": [goal()]})
    teams = (*s.teams, Team(team="南区", lead="南区甲", workbooks=("goals",)))
    both = replace(found, settings=msgspec.structs.replace(s, teams=teams))
    rollover(both, to=Quarter(2024, 4), folder=tmp_path / "next", lang="zh", teams=("东区",))
    assert [path.name for path in (tmp_path / "next/outbox").iterdir()] == ["东区"]


def test_nothing_is_written_where_a_quarter_is_already(tmp_path: Path) -> None:
    found, _ = one_team(tmp_path / "a", {"alignment": [goal()]})
    (tmp_path / "next").mkdir()
    (tmp_path / "next" / "settings.xlsx").write_text("mine")
    with pytest.raises(SettingsError):
        rollover(found, to=Quarter(2024, 4), folder=tmp_path / "next", lang="zh")
    assert [path.name for path in (tmp_path / "next").iterdir()] == ["settings.xlsx"]


def test_a_workbook_that_leaks_does_not_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, _ = one_team(tmp_path / "a", {"alignment": [goal()]})

    def leak(*_: object) -> None:
        raise LeakError("errors.rollover.leak", file="a", sheet="b", row=1)

    monkeypatch.setattr(sys.modules["xltools.rollover.rollover"], "find_leaks", leak)
    with pytest.raises(LeakError):
        rollover(found, to=Quarter(2024, 4), folder=tmp_path / "next", lang="zh")
    assert list((tmp_path / "next").rglob("*.xlsx")) == []


def test_what_was_not_sent_is_told(tmp_path: Path) -> None:
    found, _ = one_team(tmp_path / "a", {"alignment": [goal()]})
    found = replace(found, missing=(("东区", "plan"),))
    rollover(found, to=Quarter(2024, 4), folder=tmp_path / "next", lang="en")
    book = openpyxl.load_workbook(tmp_path / "next/reports/rollover-2024Q3-2024Q4.xlsx")
    (line,) = book["Files not counted"].iter_rows(min_row=5, values_only=True)
    assert line[:2] == ("东区", "Annual plan and performance")


def test_a_workspace_hands_its_definitions_on(tmp_path: Path) -> None:
    now = verbs.make_workspace(verbs.start(period="2024Q3"), tmp_path / "2024Q3")
    now.templates.mkdir()
    shutil.copy(shipped("templates") / "goals.toml", now.templates)
    run = verbs.start(folder=now.root, teams=["东区"])
    rows = {"alignment": [goal()]}
    write_workbook(
        now.inbox / "a.xlsx",
        catalog=run.catalog,
        definition=run.catalog["goals"],
        settings=run.settings,
        team="东区",
        period=Quarter(2024, 3),
        lang="zh",
        rows=rows,
    )
    with pytest.raises(UsageError) as caught:
        verbs.roll_over(run, [now.inbox], "2024Q4", now.root, force=True)
    assert caught.value.key == "usage.same_folder"
    verbs.roll_over(run, [now.inbox], "2024Q4", tmp_path / "2024Q4")
    later = verbs.start(folder=tmp_path / "2024Q4")
    assert later.workspace is not None
    assert [path.name for path in later.workspace.templates.iterdir()] == ["goals.toml"]
    assert later.period == Quarter(2024, 4)


def test_a_leak_is_noticed(tmp_path: Path) -> None:
    q3 = Quarter(2024, 3)
    found, s = one_team(tmp_path / "a", {"alignment": [goal()], "tasks": [task("一", q3)]})
    path = tmp_path / "a" / "in.xlsx"
    mine = {("东区", "goals"): {"alignment": [goal()], "tasks": [task("一", q3)]}}
    find_leaks(found.catalog, s, [path], mine)
    with pytest.raises(LeakError) as caught:
        find_leaks(found.catalog, s, [path], {("东区", "goals"): {"alignment": [goal()]}})
    assert caught.value.values["row"] == found.tables["goals", "tasks"]["_row"].iloc[0]
