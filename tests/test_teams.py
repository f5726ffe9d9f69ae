"""Teams live: they are renamed, join, leave, and may have a deadline of their own."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import msgspec
import pytest
from submissions import CATALOG, PERIOD, SETTINGS, sent, together
from tables import IDENTITY, checked, settings_with, write
from test_check_codes import GOOD

from xltools import verbs
from xltools.check.settings.settings_workbook import read_settings
from xltools.cli import cli
from xltools.consolidate.combine import compared_quarters
from xltools.consolidate.combine.submission_status import status
from xltools.errors import SettingsError
from xltools.generate.workbook_series import write_settings
from xltools.ground.period import Quarter
from xltools.rollover.rollover import rollover
from xltools.settings import Settings, Team

RENAMED = Team(team="增长中心", former_names=("市场部", "市场推广部"))
BEFORE, AFTER = Quarter(2024, 2), Quarter(2024, 4)


def known(*teams: Team, **more: object) -> Settings:
    return msgspec.structs.replace(SETTINGS, period=PERIOD, teams=teams, **more)


def test_settings_come_back_as_written(tmp_path: Path) -> None:
    team = Team(
        team="增长中心",
        former_names=("市场部", "市场推广部"),
        joined=BEFORE,
        left=AFTER,
        lead="林悦",
        contact="lin@example.com",
        deadline=date(2024, 10, 15),
        workbooks=("goals",),
        bonus=1000,
    )
    path = tmp_path / "settings.xlsx"
    given = known(team)
    write_settings(path, catalog=CATALOG, settings=given, period=PERIOD, lang="zh")
    assert read_settings(path, CATALOG, "zh").teams == (team,)


@pytest.mark.parametrize(
    ("team", "code"),
    [
        ({"joined": "2024-07-03"}, "cell-kind"),
        ({"joined": "2024Q3", "left": "2024Q3"}, "row-rule"),
        ({"former_names": "市场部、南队"}, "row-duplicate"),
    ],
)
def test_faulty_settings_are_named_at_their_cells(
    tmp_path: Path, team: dict[str, str], code: str
) -> None:
    path = tmp_path / "settings.xlsx"
    rows = [{"team": "东队", "lead": "张伟", **team}, {"team": "南队", "lead": "陈静"}]
    write_settings(
        path, catalog=CATALOG, settings=SETTINGS, period=PERIOD, lang="zh", rows={"teams": rows}
    )
    with pytest.raises(SettingsError) as caught:
        read_settings(path, CATALOG, "zh")
    (fault,) = caught.value.values["issues"]  # type: ignore[misc]
    assert (str(fault.code), fault.sheet) == (code, "团队")
    assert fault.cell


def test_settings_understand_former_names_in_their_own_sheets(tmp_path: Path) -> None:
    path = tmp_path / "settings.xlsx"
    rows = {
        "teams": [
            {"team": "增长中心", "lead": "张伟", "former_names": "市场部、南队"},
            {"team": "东队", "lead": "陈静"},
        ],
        "members": [
            {"name": "王芳", "team": "市场部", "role": "专员"},
            {"name": "李强", "team": " 南队 ", "role": "专员"},
            {"name": "陈静", "team": "东队", "role": "专员"},
        ],
        "targets": [{"team": "市场部", "metric": "新增客户数", "target": 50}],
    }
    write_settings(path, catalog=CATALOG, settings=SETTINGS, period=PERIOD, lang="zh", rows=rows)
    found = read_settings(path, CATALOG, "zh")
    assert [one.team for one in found.members] == ["增长中心", "增长中心", "东队"]
    assert [(one.team, one.target) for one in found.targets] == [("增长中心", 50.0)]
    (submission,) = checked(path).submissions
    told = [one for one in submission.issues if one.text == "cell-normalised.former_name"]
    assert [(one.sheet, one.cell, one.value) for one in told] == [
        ("成员", "C10", "市场部"),
        ("成员", "C11", "南队"),
        ("季度目标", "B10", "市场部"),
    ]


def test_check_lists_every_fault_of_the_settings_of_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = verbs.make_workspace(verbs.start(period="2024Q3"), tmp_path / "2024Q3").root
    rows = {
        "teams": [
            {"team": "东队", "lead": "张伟", "joined": "2024-07-03", "left": "年底"},
            {"team": "南队", "lead": "陈静", "joined": "2024Q3", "left": "2024Q2"},
            {"team": "西队", "former_names": "南队", "workbooks": "市场扩展"},
        ],
        "members": [{"name": "王芳", "team": "北队"}],
    }
    what: dict[str, object] = {"settings": SETTINGS, "period": PERIOD, "lang": "zh", "rows": rows}
    path = folder / "settings.xlsx"
    write_settings(path, catalog=CATALOG, force=True, **what)  # type: ignore[arg-type]
    for here in (folder, tmp_path):
        monkeypatch.chdir(here)
        words = ["check", os.path.relpath(path), "--format", "json", "--lang", "zh"]
        with pytest.raises(SystemExit) as ended:
            cli.main(words)
        assert ended.value.code == 1
        (file,) = json.loads(capsys.readouterr().out)["files"]
        errors = {one["cell"]: one["code"] for one in file["issues"] if one["severity"] == "error"}
        assert errors == {
            "D10": "cell-kind",
            "E10": "cell-kind",
            "E11": "row-rule",
            "C12": "row-duplicate",
            "F12": "cell-required",
            "L12": "reference-missing",
            "C10": "reference-missing",
        }


def test_a_renamed_team_is_known_by_identity_and_by_file_name(tmp_path: Path) -> None:
    inside = write(tmp_path / "工作簿.xlsx", GOOD, identity=IDENTITY)
    outside = write(tmp_path / "市场推广部-目标管理-2024Q3.xlsx", GOOD)
    for path in (inside, outside):
        answer = checked(path, settings=settings_with(teams=(RENAMED,)), period=PERIOD)
        (submission,) = answer.submissions
        assert (submission.team, submission.excluded, answer.issues) == ("增长中心", False, ())


def test_the_old_name_in_a_file_name_does_not_contradict_the_new_one(tmp_path: Path) -> None:
    path = write(
        tmp_path / "市场部-目标管理-2024Q3.xlsx", GOOD, identity={**IDENTITY, "team": "增长中心"}
    )
    answer = checked(path, settings=settings_with(teams=(RENAMED,)), period=PERIOD)
    assert not answer.issues


def test_a_former_name_names_the_team_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "settings.xlsx"
    team = msgspec.structs.replace(RENAMED, lead="林悦")
    write_settings(path, catalog=CATALOG, settings=known(team), period=PERIOD, lang="zh")
    assert verbs.start(settings=path, teams=["市场部"]).teams == ("增长中心",)


def test_workbooks_of_the_old_name_count_and_are_carried(tmp_path: Path) -> None:
    goal = {"sales_goal": "销售额", "supporting_goal": "线索", "due": "2024-07-01/2025-12-31"}
    found = together([sent("goals", "市场部", {"alignment": [goal]})], settings=known(RENAMED))
    assert ("增长中心", "goals") not in found.missing
    report = rollover(found, to=AFTER, folder=tmp_path / "next", lang="zh", teams=["增长中心"])
    assert {one.team for one in report.decisions} == {"增长中心"}
    assert [one.fate for one in report.decisions] == ["carried"]


def test_the_earlier_quarter_is_compared_under_the_new_name() -> None:
    earlier = together(
        [sent("goals", "市场部", {"alignment": [{"supporting_goal": "线索"}]}, period=BEFORE)],
        settings=SETTINGS,
        period=BEFORE,
    )
    shown = compared_quarters.as_of_today(earlier, known(RENAMED))
    table = shown.table("goals", "alignment")
    assert table is not None
    assert list(table["_team"]) == ["增长中心"]
    assert [one.team for one in shown.submissions] == ["增长中心"]


def test_a_team_that_joined_has_no_earlier_quarter() -> None:
    earlier = together(
        [
            sent("goals", team, {"alignment": [{"supporting_goal": "线索"}]}, period=BEFORE)
            for team in ("市场部", "东队")
        ],
        settings=SETTINGS,
        period=BEFORE,
    )
    joined = Team(team="东队", joined=PERIOD)
    shown = compared_quarters.as_of_today(earlier, known(Team(team="市场部"), joined))
    table = shown.table("goals", "alignment")
    assert table is not None
    assert list(table["_team"]) == ["市场部"]


def test_a_team_that_left_is_not_missing_and_gets_no_workbook(tmp_path: Path) -> None:
    given = known(
        Team(team="东队"), Team(team="南队", left=PERIOD), Team(team="西队", joined=AFTER)
    )
    found = status(None, given, CATALOG)
    assert found.teams == ("东队",)
    run = verbs.Run(catalog=CATALOG, settings=given, period=PERIOD)
    written = verbs.generate_workbooks(run, tmp_path, names=["goals"])
    assert {path.parent.name for path in written} == {"东队"}


def test_rows_of_a_team_that_leaves_are_accounted_for(tmp_path: Path) -> None:
    goal = {"supporting_goal": "线索", "due": "2024-07-01/2025-12-31"}
    given = known(Team(team="东队", left=AFTER), Team(team="南队"))
    found = together([sent("goals", "东队", {"alignment": [goal]})], settings=given)
    report = rollover(found, to=AFTER, folder=tmp_path / "next", lang="zh")
    (one,) = report.decisions
    assert (one.fate, one.reason.en) == ("dropped", "the team has left by the next quarter")
    assert not (tmp_path / "next" / "outbox" / "东队").exists()
