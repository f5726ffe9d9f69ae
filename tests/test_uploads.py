"""Workbooks sent through the desk: what is taken, under which name, and what counts."""

from __future__ import annotations

import hashlib
import signal
import sqlite3
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from desk_folder import (
    EARLIER,
    EAST,
    EXPANSION,
    GOALS,
    MARKET,
    NAMELESS,
    bomb,
    made,
    packed,
    resaved,
)
from openpyxl import load_workbook

from xltools import verbs
from xltools.desk.receiving import uploads
from xltools.desk.receiving.inbox_places import set_aside, set_aside_names, take_back
from xltools.desk.receiving.marked_copy import marked_copy
from xltools.desk.receiving.sendings import (
    Sending,
    State,
    all_sendings,
    find_sending,
    sendings_of,
    state_of,
)
from xltools.desk.receiving.uploads import receive
from xltools.desk.teams.team_links import new_key, team_keys, team_of_key
from xltools.errors import UsageError, WriteError
from xltools.locale import say
from xltools.run import Run
from xltools.workspace import Workspace

NAME = f"{EAST}-市场拓展-2024Q3.xlsx"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return made(tmp_path)


def place(run: Run) -> Workspace:
    assert run.workspace is not None
    return run.workspace


def send(run: Run, content: bytes, name: str = "x.xlsx", team: str = "") -> Sending:
    """The one sending that comes of it."""
    ((sending, _),) = receive(run, name, [content], team)
    return sending


def states(run: Run) -> list[State]:
    every = all_sendings(place(run))
    return [state_of(place(run), one, every) for one in every]


def reason(sending: Sending, lang: str = "zh") -> str:
    assert sending.refusal is not None
    key = sending.refusal.key
    return say(
        key if key.startswith("skipped") else f"errors.{key}", lang, **sending.refusal.values
    )


def test_a_workbook_lies_in_the_inbox_byte_for_byte_under_our_name(run: Run) -> None:
    content = EXPANSION.read_bytes()
    pieces = [content[:1000], content[1000:]]
    ((sending, issues),) = receive(run, r"C:\我的\最终版 <b>.xlsx", pieces, EAST)
    assert (place(run).inbox / NAME).read_bytes() == content
    assert sending.name == NAME
    assert sending.original == "最终版 <b>.xlsx"
    assert sending.sha256 == hashlib.sha256(content).hexdigest()
    assert (sending.team, sending.template, sending.period) == (EAST, "expansion", "2024Q3")
    assert sending.rows["outcome"] > 0
    assert sending.verdict == "fine"
    assert find_sending(place(run), sending.id) == (sending, issues)
    assert sendings_of(place(run), run.settings, EAST) == [sending]
    assert states(run) == ["inbox"]
    assert list((place(run).root / ".xltools" / "uploads").iterdir()) == []


def test_what_is_wrong_is_told_of_the_file_by_our_name(run: Run) -> None:
    ((sending, issues),) = receive(run, NAMELESS.name, [NAMELESS.read_bytes()])
    assert sending.verdict == "warnings"
    assert sending.warnings > 0
    assert {one.file for one in issues} == {sending.name}
    assert all(one.sheet for one in issues if one.cell)


def test_a_marked_copy_is_of_the_file_as_it_was_sent(run: Run) -> None:
    sent = send(run, NAMELESS.read_bytes(), NAMELESS.name)
    copy = marked_copy(run, place(run), sent)
    assert copy is not None
    assert copy.name == sent.name
    titles = load_workbook(BytesIO(copy.content)).sheetnames
    assert say("check.marks.title", "zh") in titles
    (place(run).inbox / sent.name).write_bytes(EXPANSION.read_bytes())
    assert marked_copy(run, place(run), sent) is None


def test_the_later_sending_counts_whatever_its_own_time_says(run: Run) -> None:
    first = resaved(EXPANSION, "2024-10-09T00:00:00Z")
    second = resaved(EXPANSION, "2024-10-01T00:00:00Z")
    one, two = send(run, first, team=EAST), send(run, second, team=EAST)
    assert two.name == NAME.replace(".xlsx", " (2).xlsx")
    assert (place(run).inbox / two.name).read_bytes() == second
    assert (place(run).set_aside / one.name).read_bytes() == first
    assert states(run) == ["replaced", "inbox"]
    read = verbs.check_workbooks(run, [place(run).inbox]).submissions
    assert [(Path(sent.file).name, sent.excluded) for sent in read] == [(two.name, False)]


def test_the_same_bytes_again_are_received_again_and_lie_there_once(run: Run) -> None:
    one, two = (send(run, EXPANSION.read_bytes(), team=EAST) for _ in range(2))
    assert one.id != two.id
    assert [path.name for path in place(run).inbox.iterdir()] == [one.name] == [two.name]
    assert states(run) == ["inbox", "inbox"]


def test_a_sending_takes_the_place_of_a_file_that_came_by_mail(run: Run) -> None:
    kept = place(run).inbox / "邮件" / f"{EAST}-市场拓展-2024Q3-最终版.xlsx"
    kept.parent.mkdir()
    kept.write_bytes(EXPANSION.read_bytes())
    other = place(run).inbox / GOALS.name
    other.write_bytes(GOALS.read_bytes())
    sent = send(run, resaved(EXPANSION, "2024-01-01T00:00:00Z"), team=EAST)
    assert not kept.exists()
    assert (place(run).set_aside / kept.name).read_bytes() == EXPANSION.read_bytes()
    assert sorted(path.name for path in place(run).inbox.rglob("*.xlsx")) == sorted(
        [sent.name, GOALS.name]
    )


def test_set_aside_and_taken_back_nothing_is_lost(run: Run) -> None:
    first = send(run, resaved(EXPANSION, "2024-10-01T00:00:00Z"), team=EAST)
    second = send(run, resaved(EXPANSION, "2024-10-02T00:00:00Z"), team=EAST)
    set_aside(place(run), second.name)
    assert states(run) == ["set_aside", "set_aside"]
    take_back(run, place(run), first.name)
    assert states(run) == ["inbox", "replaced"]
    take_back(run, place(run), second.name)
    assert states(run) == ["replaced", "inbox"]
    assert set_aside_names(place(run)) == [first.name]


@pytest.mark.parametrize("name", ["../settings.xlsx", "/etc/passwd", "nothing.xlsx", "", "."])
def test_no_name_leads_out_of_the_inbox(run: Run, name: str) -> None:
    with pytest.raises(UsageError, match=r"desk\.not_there"):
        set_aside(place(run), name)
    with pytest.raises(UsageError, match=r"desk\.not_there"):
        take_back(run, place(run), name)
    assert place(run).settings.is_file()


def test_a_link_is_no_file_of_the_inbox(run: Run) -> None:
    (place(run).inbox / "a.xlsx").symlink_to(place(run).settings)
    with pytest.raises(UsageError, match=r"desk\.not_there"):
        set_aside(place(run), "a.xlsx")


def test_a_zip_is_taken_apart(run: Run) -> None:
    bundle = packed(
        ("回收/华东.xlsx", EXPANSION.read_bytes()),
        ("目标.xlsx", GOALS.read_bytes()),
        ("图.rar", b"Rar!"),
    )
    sent = [one for one, _ in receive(run, "全部.zip", [bundle])]
    assert [(one.original, one.name, one.verdict) for one in sent] == [
        ("全部.zip › 回收 › 华东.xlsx", NAME, "fine"),
        ("全部.zip › 目标.xlsx", f"{MARKET}-目标管理-2024Q3.xlsx", sent[1].verdict),
        ("全部.zip › 图.rar", "", "refused"),
    ]
    assert (place(run).inbox / NAME).read_bytes() == EXPANSION.read_bytes()
    assert sent[0].size == EXPANSION.stat().st_size
    assert reason(sent[2]) == say("skipped.archive", "zh")


def test_of_two_of_the_same_in_a_zip_the_newer_is_taken(run: Run) -> None:
    bundle = packed(
        ("新.xlsx", resaved(EXPANSION, "2024-10-09T00:00:00Z")),
        ("旧.xlsx", resaved(EXPANSION, "2024-10-01T00:00:00Z")),
    )
    (new, _), (old, issues) = receive(run, "a.zip", [bundle], EAST)
    assert (new.name, old.name) == (NAME, "")
    assert [(one.code, one.other_file) for one in issues] == [("workbook-duplicate", "新.xlsx")]
    assert str(place(run).root) not in str(issues)


def refusals() -> dict[str, tuple[str, bytes, str]]:
    earlier = next(EARLIER.glob(f"{EAST}-市场拓展-*.xlsx"))
    return {
        "another team's": ("a.xlsx", GOALS.read_bytes(), EAST),
        "another quarter's": ("a.xlsx", earlier.read_bytes(), EAST),
        "settings": ("a.xlsx", (EARLIER.parent / "settings.xlsx").read_bytes(), ""),
        "a picture": ("a.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(99), EAST),
        "text": ("a.csv", b"a,b", EAST),
        "nothing at all": ("a.xlsx", b"", EAST),
        "a mail": ("a.eml", b"From: a@b", EAST),
        "an empty zip": ("a.zip", packed(("a.txt", b"x")), EAST),
        "nobody's": ("a.xlsx", NAMELESS.read_bytes(), ""),
        "no name": ("", EXPANSION.read_bytes(), EAST),
        "a bomb": ("a.zip", bomb(), EAST),
    }


@pytest.mark.parametrize("what", refusals())
def test_what_is_refused_is_logged_with_a_reason_and_kept_nowhere(run: Run, what: str) -> None:
    name, content, team = refusals()[what]
    ((sending, issues),) = receive(run, name, [content], team)
    assert sending.verdict == "refused"
    assert sending.refusal is not None or issues
    if sending.refusal is not None:
        assert reason(sending, "zh")
        assert reason(sending, "en")
    assert sending.team == team or what in ("settings", "nobody's")
    assert states(run) == ["refused"]
    assert list(place(run).inbox.iterdir()) == []
    assert not any(str(place(run).root) in str(one) for one in issues)


def test_a_refusal_does_not_tell_whose_workbook_it_is(run: Run) -> None:
    sending = send(run, GOALS.read_bytes(), "a.xlsx", EAST)
    assert sending.refusal is not None
    assert sending.refusal.key == "desk.other_team"
    assert MARKET not in reason(sending)


def test_a_file_that_is_too_large_is_refused_as_soon_as_it_is(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_FILE", 2**20)
    taken: list[int] = []

    def endless() -> object:
        while True:
            taken.append(1)
            yield bytes(2**18)

    ((sending, _),) = receive(run, "a.xlsx", endless(), EAST)  # type: ignore[arg-type]
    assert sending.refusal is not None
    assert sending.refusal.key == "desk.large"
    assert len(taken) == 5


def test_too_many_are_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_OF_TEAM", 1)
    monkeypatch.setattr(uploads, "MOST_INSIDE", 1)
    send(run, EXPANSION.read_bytes(), team=EAST)
    with pytest.raises(UsageError, match=r"desk\.many_sendings"):
        send(run, EXPANSION.read_bytes(), team=EAST)
    assert len(all_sendings(place(run))) == 1
    assert send(run, GOALS.read_bytes(), team=MARKET).verdict != "refused"
    bundle = packed(("a.xlsx", EXPANSION.read_bytes()), ("b.xlsx", GOALS.read_bytes()))
    many = send(run, bundle, "a.zip")
    assert many.refusal is not None
    assert many.refusal.values == {"count": 2, "limit": 1}


def test_a_file_that_is_open_elsewhere_does_not_keep_a_team_from_sending(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = send(run, resaved(EXPANSION, "2024-10-01T00:00:00Z"), team=EAST)

    def held(self: Path, target: Path) -> Path:
        raise PermissionError(13, "in use", str(self))

    with monkeypatch.context() as excel:
        excel.setattr(Path, "rename", held)
        second = send(run, resaved(EXPANSION, "2024-10-02T00:00:00Z"), team=EAST)
    assert sorted(path.name for path in place(run).inbox.iterdir()) == [second.name, first.name]
    third = send(run, resaved(EXPANSION, "2024-10-03T00:00:00Z"), team=EAST)
    assert [path.name for path in place(run).inbox.iterdir()] == [third.name]


def test_the_arrival_is_noted_when_it_is_received(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1728345600")
    send(run, EXPANSION.read_bytes(), team=EAST)
    assert '"2024-10-08T00:00:00"' in place(run).arrivals.read_text("utf-8")


KILLED = """
import os, signal, sys
from pathlib import Path
from xltools import verbs
from xltools.desk.receiving import uploads
run = verbs.start(folder=Path(sys.argv[1]))
uploads.receive(run, "a.xlsx", [Path(sys.argv[2]).read_bytes()], "华东销售队")
uploads.note = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # before it is logged
uploads.receive(run, "b.xlsx", [Path(sys.argv[3]).read_bytes()], "市场部")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_what_was_acknowledged_is_there_after_a_kill(run: Run) -> None:
    root = str(place(run).root)
    command = [sys.executable, "-c", KILLED, root, str(EXPANSION), str(GOALS)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    uploads.clear_landings(place(run))
    (known,) = all_sendings(place(run))
    assert (place(run).inbox / known.name).read_bytes() == EXPANSION.read_bytes()
    again = send(run, GOALS.read_bytes(), team=MARKET)  # the half of it that was there gives way
    assert [path.name for path in place(run).inbox.iterdir() if MARKET in path.name] == [again.name]


def test_a_log_that_cannot_be_read_is_said_and_never_made_anew(run: Run) -> None:
    log = place(run).root / ".xltools" / "desk.sqlite"
    log.parent.mkdir(exist_ok=True)
    log.write_bytes(b"no database" * 1000)
    with pytest.raises(WriteError, match=r"desk\.memory"):
        send(run, EXPANSION.read_bytes(), team=EAST)
    assert log.read_bytes() == b"no database" * 1000


def test_a_log_that_a_link_leads_elsewhere_is_not_written(run: Run, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (place(run).root / ".xltools").symlink_to(elsewhere)
    with pytest.raises(WriteError, match=r"output\.stray_link"):
        team_keys(place(run), run.settings, run.settings.period or pytest.fail("no period"))
    assert list(elsewhere.iterdir()) == []


def test_a_key_opens_its_teams_page_until_it_is_revoked(run: Run) -> None:
    assert run.period is not None
    where = place(run), run.settings, run.period
    keys = team_keys(*where)
    assert keys == team_keys(*where)
    assert len(set(keys.values())) == len(run.settings.teams)
    assert all(len(key) == 32 for key in keys.values())
    assert {team_of_key(*where, key) for key in keys.values()} == set(keys)
    fresh = new_key(*where, EAST)
    assert team_of_key(*where, keys[EAST]) == ""
    assert team_of_key(*where, fresh) == EAST
    assert team_keys(*where) == {**keys, EAST: fresh}
    assert [team_of_key(*where, key) for key in ("", "ä", "\ud800", fresh[:-1])] == [""] * 4


def test_a_key_is_of_one_quarter(run: Run) -> None:
    assert run.period is not None
    keys = team_keys(place(run), run.settings, run.period)
    assert team_of_key(place(run), run.settings, run.period.shift(1), keys[EAST]) == ""


def test_keys_are_for_this_user_alone(run: Run) -> None:
    assert run.period is not None
    team_keys(place(run), run.settings, run.period)
    file = place(run).root / ".xltools" / "desk.sqlite"
    assert file.stat().st_mode & 0o077 == 0
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
