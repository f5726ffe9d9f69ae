"""Who has sent what, what is late, what must be mended."""

from __future__ import annotations

import json
from datetime import date

import msgspec
from submissions import CATALOG, PERIOD, SETTINGS, sent, together

from xltools.check.submission import Submission
from xltools.consolidate.combine.chat_text import chat_text
from xltools.consolidate.combine.submission_status import Status, WorkbookStatus, status
from xltools.issues import Code, issue
from xltools.settings import Settings, Team

DUE = msgspec.structs.replace(
    SETTINGS,
    period=PERIOD,
    deadline=date(2024, 10, 10),
    teams=(Team(team="甲队", workbooks=("goals", "plan")), Team(team="乙队", workbooks=("goals",))),
)


def of(found: Status, team: str, template: str) -> WorkbookStatus | None:
    both = ((one.team, one.template) for one in found.workbooks)
    return dict(zip(both, found.workbooks, strict=True)).get((team, template))


def standing(*sends: Submission, settings: Settings = DUE) -> Status:
    return status(together(sends, settings=settings), settings, CATALOG)


def test_an_empty_inbox_lacks_everything() -> None:
    found = status(None, DUE, CATALOG)
    assert (found.due, found.sent, found.missing, found.errors) == (3, 0, 3, 0)
    assert (found.period, found.deadline) == ("2024Q3", date(2024, 10, 10))
    assert found.teams == ("甲队", "乙队")


def test_sent_in_time_with_errors_and_late() -> None:
    faulty = sent("goals", "甲队", {"tasks": [{}, {}]}, modified="2024-10-10T23:59:00Z")
    faulty.issues = [
        issue(Code.CELL_REQUIRED, file=faulty.file, sheet="任务分解", cell="D10"),
        issue(Code.REFERENCE_NEAR, file=faulty.file, sheet="任务分解", cell="C10"),
    ]
    late = sent("goals", "乙队", {}, modified="2024-10-11T00:01:00+08:00")
    found = standing(faulty, late)
    one = of(found, "甲队", "goals")
    assert one is not None
    assert (one.state, one.errors, one.warnings, one.rows, one.late) == ("errors", 1, 1, 2, False)
    other = of(found, "乙队", "goals")
    assert other is not None
    assert (other.state, other.late, other.judged_by) == ("fine", True, "saved")
    assert (found.sent, found.missing, found.late, found.errors) == (2, 1, 1, 1)


def test_what_does_not_count_is_told_with_its_reason() -> None:
    old = sent("goals", "甲队", {}, file="a.xlsx", modified="2024-10-01")
    old.issues = [issue(Code.CELL_REQUIRED, file="a.xlsx", sheet="任务分解", cell="D10")]
    new = sent("goals", "甲队", {}, file="b.xlsx", modified="2024-10-02")
    foreign = sent("goals", "丁队", {}, file="c.xlsx")
    unread = Submission(file="d.xlsx", excluded=True, issues=[issue(Code.FILE_UNREADABLE)])
    found = standing(old, new, foreign, unread)
    assert [(one.file, [why.code for why in one.reasons]) for one in found.excluded] == [
        ("a.xlsx", ["workbook-duplicate"]),
        ("c.xlsx", ["team-mismatch"]),
        ("d.xlsx", ["file-unreadable"]),
    ]
    kept = of(found, "甲队", "goals")
    assert kept is not None
    assert kept.file == "b.xlsx"
    assert found.errors == 3


def test_what_nobody_asked_for_stands_behind_what_is_due() -> None:
    found = standing(sent("expansion", "甲队", {}))
    assert [(one.team, one.template, one.due) for one in found.workbooks] == [
        ("甲队", "goals", True),
        ("甲队", "plan", True),
        ("乙队", "goals", True),
        ("甲队", "expansion", False),
    ]
    assert (found.due, found.sent, found.missing) == (3, 1, 3)


def test_without_settings_everything_sent_is_listed() -> None:
    found = standing(sent("goals", "甲队", {}), settings=SETTINGS)
    assert [(one.team, one.state, one.due) for one in found.workbooks] == [("甲队", "fine", False)]


def test_as_json_it_is_plain() -> None:
    told = standing(sent("goals", "甲队", {})).as_json(CATALOG, "zh")
    assert told["summary"] == {"due": 3, "sent": 1, "missing": 2, "late": 0, "errors": 0}
    again = json.loads(json.dumps(told))
    assert again["deadline"] == "2024-10-10"
    assert again["standings"][0]["state"] == "fine"


def test_as_json_a_file_that_does_not_count_is_told_in_words() -> None:
    (told,) = standing(sent("goals", "丁队", {})).as_json(CATALOG, "en")["excluded"]
    assert told["codes"] == ["team-mismatch"]
    assert "丁队" in told["messages"][0]
    assert "team-mismatch" not in told["messages"][0]


def chat(found: Status, lang: str = "zh", settings: Settings = DUE) -> list[str]:
    return chat_text(found, settings, CATALOG, lang).splitlines()


def test_a_chat_is_told_who_must_send_and_mend_what_and_until_when() -> None:
    faulty = sent("goals", "甲队", {"tasks": [{}]})
    faulty.issues = [
        issue(Code.CELL_REQUIRED, file=faulty.file, sheet="任务分解", cell=cell)
        for cell in ("D10", "E10")
    ]
    late = Team(team="乙队", workbooks=("goals",), deadline=date(2024, 10, 15))
    settings = msgspec.structs.replace(DUE, teams=(DUE.teams[0], late))
    found = standing(faulty, settings=settings)
    assert chat(found, settings=settings) == [
        "【2024Q3 工作簿】截止 2024-10-10，应交 3 份，已交 1 份",
        "还没有交：",
        "· 甲队：年度计划与绩效",
        "· 乙队：目标管理（2024-10-15 前）",
        "请修改后重交（标好问题的副本已准备好）：",
        "· 甲队：目标管理 2 处",
    ]
    assert "· 乙队: Goal management (by 2024-10-15)" in chat(found, "en", settings)


def test_a_chat_is_told_what_does_not_count_and_when_all_is_done() -> None:
    foreign = sent("goals", "丁队", {}, file="c.xlsx")
    told = chat(standing(foreign))
    assert told[-2] == "没有计入，请核对："
    assert told[-1].startswith("· c.xlsx：")
    done = [
        sent(name, team, {})
        for team, name in (("甲队", "goals"), ("甲队", "plan"), ("乙队", "goals"))
    ]
    assert chat(standing(*done))[1:] == ["全部收齐，没有要修改的，谢谢大家！"]
