"""Late is what arrives late: a file that is opened and saved afterwards came when it came."""

from __future__ import annotations

import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import msgspec
import openpyxl
import pytest
from submissions import CATALOG, PERIOD, SETTINGS, sent, together

from xltools import verbs
from xltools.check.submission import Submission
from xltools.cli import cli
from xltools.consolidate.combine.file_summaries import saved_time
from xltools.consolidate.combine.submission_status import status
from xltools.consolidate.store import arrivals
from xltools.consolidate.store.arrivals import note_arrivals, timeliness
from xltools.errors import XltoolsWarning
from xltools.generate.workbook_series import write_settings, write_workbook
from xltools.settings import Settings, Team

DUE = msgspec.structs.replace(
    SETTINGS,
    period=PERIOD,
    deadline=date(2024, 10, 10),
    teams=(
        Team(team="东队", former_names=("老东队",), lead="张伟", workbooks=("goals",)),
        Team(team="南队", lead="陈静", workbooks=("goals",), deadline=date(2024, 10, 15)),
    ),
)
ROWS = {"tasks": [{"task": "展会"}]}


class Inbox:
    """An inbox that is looked at from time to time."""

    def __init__(self, folder: Path) -> None:
        self.inbox, self.file = folder / "inbox", folder / "arrivals.json"

    def sent(self, team: str, saved: str, name: str = "a.xlsx") -> Submission:
        return sent("goals", team, ROWS, file=str(self.inbox / name), modified=saved)

    def look(
        self, day: str, *sends: Submission, whole: bool = True, settings: Settings = DUE
    ) -> list[tuple[bool, str]]:
        known = note_arrivals(
            self.file,
            sends,
            settings,
            inbox=self.inbox,
            complete=whole,
            now=datetime.fromisoformat(day),
        )
        judged = [timeliness(one, known, settings, saved_time(one.modified)) for one in sends]
        return [(one.late, one.by) for one in judged]


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)


def test_a_workbook_seen_in_time_stays_in_time_however_late_it_is_saved(inbox: Inbox) -> None:
    assert inbox.look("2024-10-10T23:00", inbox.sent("东队", "2024-10-09")) == [(False, "arrival")]
    assert inbox.look("2024-10-20", inbox.sent("东队", "2024-10-19")) == [(False, "arrival")]


def test_what_arrives_at_one_time_is_noted_whole(inbox: Inbox) -> None:
    places = [("东队", f"2024Q{n}") for n in (1, 2, 3, 4)] + [
        ("南队", f"202{n}Q1") for n in range(9)
    ]
    sends = [
        msgspec.structs.replace(inbox.sent(team, "2024-10-09"), period=quarter)
        for team, quarter in places
    ]
    with ThreadPoolExecutor(len(sends)) as threads:
        for one in sends:
            threads.submit(inbox.look, "2024-10-09", one, whole=False)
    noted = msgspec.json.decode(inbox.file.read_bytes())["arrivals"]
    assert {(one["team"], one["period"]) for one in noted} == set(places)


def test_a_workbook_that_was_not_there_after_the_deadline_is_late(inbox: Inbox) -> None:
    inbox.look("2024-10-11")
    assert inbox.look("2024-10-12", inbox.sent("东队", "2024-10-01")) == [(True, "arrival")]


def test_who_did_not_look_in_between_goes_by_the_time_of_saving(inbox: Inbox) -> None:
    assert inbox.look("2024-10-12", inbox.sent("东队", "2024-10-09")) == [(False, "saved")]
    assert inbox.look("2024-10-13", inbox.sent("东队", "2024-10-12")) == [(True, "saved")]


def test_a_look_at_single_files_says_nothing_of_the_others(inbox: Inbox) -> None:
    inbox.look("2024-10-12", whole=False)
    assert inbox.look("2024-10-13", inbox.sent("东队", "2024-10-09")) == [(False, "saved")]


def test_a_deadline_of_its_own_counts(inbox: Inbox) -> None:
    south = inbox.sent("南队", "2024-10-14", "b.xlsx")
    assert inbox.look("2024-10-14", south) == [(False, "arrival")]
    inbox.look("2024-10-16")
    east = inbox.sent("东队", "2024-10-14")
    assert inbox.look("2024-10-17", east, south) == [(True, "arrival"), (False, "arrival")]


def test_a_renamed_team_came_when_it_came_under_its_old_name(inbox: Inbox) -> None:
    before = msgspec.structs.replace(DUE, teams=(Team(team="老东队"),))
    inbox.look("2024-10-09", inbox.sent("老东队", "2024-10-08"), settings=before)
    assert inbox.look("2024-10-20", inbox.sent("东队", "2024-10-19")) == [(False, "arrival")]


def test_files_elsewhere_are_no_arrivals(inbox: Inbox) -> None:
    elsewhere = sent("goals", "东队", ROWS, file="elsewhere/a.xlsx", modified="2024-10-09")
    assert inbox.look("2024-10-09", elsewhere) == [(False, "saved")]


SEEN = '{"arrivals": [{"team": "东队", "template": "goals", "period": "2024Q3", "seen": %s}]}'


@pytest.mark.parametrize(
    "planted",
    [
        "{",
        "",
        "null",
        '{"x":' + "[" * 100_000,
        '{"looked": "9999-12-31T23:59:59Z"}',
        '{"arrivals": [{"team": 1}]}',
        SEEN % '"2024-10-01T00:00:00+08:00"',
        SEEN % '"2024-13-01T00:00:00"',
        SEEN.replace("东队", r"\ud800") % '"2024-10-01T00:00:00"',
        "\udcff",
    ],
)
def test_a_damaged_memory_is_told_once_and_begun_anew(inbox: Inbox, planted: str) -> None:
    inbox.file.write_text(planted, "utf-8", "surrogateescape")
    with pytest.warns(XltoolsWarning, match="damaged"):
        assert inbox.look("2024-10-09", inbox.sent("东队", "2024-10-08")) == [(False, "arrival")]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert inbox.look("2024-10-20", inbox.sent("东队", "2024-10-19")) == [(False, "arrival")]


def test_a_memory_that_cannot_be_one_stops_nothing(inbox: Inbox) -> None:
    inbox.file.mkdir()
    with pytest.warns(XltoolsWarning, match="damaged"):
        assert inbox.look("2024-10-09", inbox.sent("东队", "2024-10-08")) == [(False, "arrival")]
    inbox.file.rmdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(inbox.file)  # reading it would wait for ever
        with pytest.warns(XltoolsWarning, match="damaged"):
            inbox.look("2024-10-09")


def test_a_planted_time_is_believed_as_far_as_it_goes(inbox: Inbox) -> None:
    for seen in ('"0001-01-01T00:00:00"', '"9999-12-31T23:59:59"'):
        inbox.file.write_text(SEEN % seen, "utf-8")
        inbox.look("2024-10-20", inbox.sent("东队", "2024-10-19"))


def test_a_team_named_by_half_a_character_is_remembered(inbox: Inbox) -> None:
    half = inbox.sent("东\ud800队", "2024-10-08")
    assert inbox.look("2024-10-09", half) == [(False, "arrival")]
    assert inbox.look("2024-10-20", half) == [(False, "arrival")]


def test_the_commands_remember_and_say_which_was_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = verbs.Run(catalog=CATALOG, settings=DUE, period=PERIOD)
    workspace = verbs.make_workspace(run, tmp_path / "2024Q3")
    write_settings(
        workspace.settings, catalog=CATALOG, settings=DUE, period=PERIOD, lang="zh", force=True
    )
    east, south = (workspace.inbox / f"{team}.xlsx" for team in ("东队", "南队"))

    def send(path: Path) -> None:
        write_workbook(
            path,
            catalog=CATALOG,
            definition=CATALOG["goals"],
            settings=DUE,
            team=path.stem,
            period=PERIOD,
            lang="zh",
            rows=ROWS,
        )

    def told(day: str, *words: str) -> str:
        monkeypatch.setattr(arrivals, "clock", lambda: datetime.fromisoformat(day))
        with pytest.raises(SystemExit):
            cli.main([*words, str(workspace.inbox)])
        return capsys.readouterr().out

    send(east)
    told("2024-10-09", "check")
    told("2024-10-16", "status")
    book = openpyxl.load_workbook(east)
    book.save(east)
    send(south)
    out = told("2024-10-17", "status")
    assert "迟交：2024-10-17 收到" in out
    assert out.count("迟交：") == 1
    told("2024-10-18", "consolidate")
    page = openpyxl.load_workbook(workspace.consolidated)["提交情况"]
    said = {str(cell.value) for row in page.iter_rows() for cell in row}
    assert {"按时：2024-10-09 收到", "▲ 迟交：2024-10-17 收到"} <= said


def test_status_names_the_day_in_json() -> None:
    late = sent("goals", "东队", ROWS, modified="2024-10-12T08:00:00Z")
    found = status(together([late], settings=DUE), DUE, CATALOG)
    (told,) = [one for one in found.as_json(CATALOG, "zh")["standings"] if one["late"]]
    assert (told["judged_by"], told["judged_day"]) == ("saved", "2024-10-12")
