"""The memory of what was read: value for value, and never in the way."""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import warnings
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from submissions import CATALOG, sent, sheet_rows, together

from xltools.check.submission import ComparedValue, SheetRows, Submission, UnknownSheet
from xltools.consolidate.store.row_signature import user_key
from xltools.consolidate.store.submission_store import Store
from xltools.errors import XltoolsWarning
from xltools.excel.cell_text import visible
from xltools.issues import Code, issue

TASK = {"task": "白皮书", "owner": "李娜", "start": date(2024, 7, 1), "budget": 2.5}

texts = st.text(min_size=1, max_size=20).map(visible)
numbers = st.floats(allow_nan=False, allow_infinity=False)
days = st.dates(date(1980, 1, 1), date(2099, 12, 31))
rows = st.lists(
    st.fixed_dictionaries(
        {
            "task": st.none() | texts,
            "start": st.none() | days,
            "budget": st.none() | numbers,
            "cadence": st.sampled_from([None, "daily", "weekly"]),
        }
    ),
    max_size=5,
)


def values(store: Store, reading: int, name: str = "tasks") -> list[tuple[object, ...]]:
    return store.select(store.tables["goals", name].select, reading)


def stored(store: Store, submission: Submission) -> int:
    reading = store.put("key", submission)
    store.commit()
    return reading


@settings(max_examples=60, deadline=None)
@given(rows)
def test_values_come_back_as_they_were(given_rows: list[dict[str, object]]) -> None:
    store = Store(None, CATALOG)
    reading = stored(store, sent("goals", "甲队", {"tasks": given_rows}))
    names = CATALOG["goals"].sheet("tasks").names
    wanted = [
        (10 + n, *(v.isoformat() if isinstance(v := row.get(name), date) else v for name in names))
        for n, row in enumerate(given_rows)
    ]
    assert values(store, reading) == wanted
    store.close()


@pytest.mark.parametrize("how", ["closed", "dropped"])
def test_a_temporary_store_is_closed_before_its_folder_is_removed(
    monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    store = Store(None, CATALOG)
    connection, folder = store._connection, store.path.parent
    stored(store, sent("goals", "甲队", {"tasks": [TASK]}))

    def remove(path: Path, **_: bool) -> None:
        assert path == folder
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")
        real(path)

    real = shutil.rmtree
    monkeypatch.setattr("xltools.ground.scratch.shutil.rmtree", remove)
    if how == "closed":
        store.close()
    del store
    gc.collect()
    assert not folder.exists()


def test_a_submission_comes_back_without_its_values() -> None:
    submission = sent(
        "goals",
        "甲队",
        {"tasks": [TASK]},
        modified="2024-10-01T08:00:00Z",
        unknown=[UnknownSheet(title="草稿", rows=[(3, ["a", ""])])],
        compared=[
            ComparedValue(kind="id", key="tasks.x", sheet="任务分解", table="tasks", cell="B10")
        ],
    )
    submission.sheets["tasks"].extra = {"备用": ["x"]}
    submission.issues = [issue(Code.CELL_KIND, file=submission.file, sheet="任务分解", cell="F10")]
    store = Store(None, CATALOG)
    again = store.submission(stored(store, submission))
    light = msgspec.structs.replace(submission.sheets["tasks"], columns={})
    assert again == msgspec.structs.replace(submission, sheets={"tasks": light})


def test_a_file_that_moved_takes_its_issues_along() -> None:
    submission = sent("goals", "甲队", {"tasks": [TASK]}, file="old/a.xlsx")
    submission.issues = [issue(Code.ROW_RULE, file="old/a.xlsx", sheet="任务分解", cell="F10")]
    store = Store(None, CATALOG)
    again = store.submission(stored(store, submission), "new/a.xlsx")
    assert again.file == "new/a.xlsx"
    assert [one.file for one in again.issues] == ["new/a.xlsx"]


def test_a_half_character_does_not_stop_the_run() -> None:
    submission = sent("goals", "甲\ud800队", {"tasks": [{"task": "白\udfff皮书"}]})
    store = Store(None, CATALOG)
    reading = stored(store, submission)
    assert store.submission(reading).team == "甲\\ud800队"
    assert values(store, reading)[0][1] == "白\\udfff皮书"


CHANGES = {
    "a value": 'UPDATE "rows:goals.tasks" SET budget = 99',
    "a text of another type": "UPDATE \"rows:goals.tasks\" SET task = x'ff'",
    "a text that is none": "UPDATE \"rows:goals.tasks\" SET task = CAST(x'ff' AS TEXT)",
    "a row number": 'UPDATE "rows:goals.tasks" SET _row = 11',
    "a row more": 'INSERT INTO "rows:goals.tasks" (_id, _row) SELECT _id + 1, 11'
    ' FROM "rows:goals.tasks"',
    "a row less": 'DELETE FROM "rows:goals.tasks"',
    "the issues": "UPDATE readings SET submission = replace(submission, '\"team\":', '\"other\":')",
    "no issues at all": "UPDATE readings SET submission = 'x'",
    "the team": "UPDATE readings SET team = '乙队'",
    "the definition": "UPDATE readings SET template = NULL",
    "the workbook": "UPDATE readings SET key = 'other'",
    "the title": "UPDATE sheets SET title = '别的'",
    "the number of rows": "UPDATE sheets SET stored = 0",
    "the signature": "UPDATE readings SET signature = NULL",
    "another signature": "UPDATE readings SET signature = randomblob(32)",
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_does_not_prove_itself(tmp_path: Path, change: str) -> None:
    store = Store(tmp_path / "read.sqlite", CATALOG)
    reading = stored(store, sent("goals", "甲队", {"tasks": [TASK]}))
    assert store.is_authentic(reading)
    store._connection.execute(CHANGES[change])
    assert not store.is_authentic(reading)


def test_another_user_proves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path / "read.sqlite", CATALOG)
    reading = stored(store, sent("goals", "甲队", {"tasks": [TASK]}))
    store.close()
    assert Store(tmp_path / "read.sqlite", CATALOG).is_authentic(reading)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "other"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "other"))
    assert not Store(tmp_path / "read.sqlite", CATALOG).is_authentic(reading)


@pytest.mark.skipif(os.name == "nt", reason="rights are kept otherwise on Windows")
def test_only_the_user_reads_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "xltools.consolidate.store.row_signature._key_file", lambda: tmp_path / "a" / "b" / "key"
    )
    key = user_key()
    assert user_key() == key
    assert (tmp_path / "a" / "b" / "key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["key"]


def test_without_a_place_for_the_key_nothing_is_believed_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(
        "xltools.consolidate.store.row_signature._key_file", lambda: tmp_path / "file" / "key"
    )
    assert user_key() == user_key()
    assert len(user_key()) == 32


def test_a_second_reading_takes_the_place_of_the_first(tmp_path: Path) -> None:
    store = Store(tmp_path / "read.sqlite", CATALOG)
    store.put("key", sent("goals", "甲队", {"tasks": [TASK, TASK, TASK]}))
    reading = store.put("key", sent("goals", "甲队", {"tasks": [TASK]}))
    assert store.known() == {"key": reading}
    assert len(values(store, reading)) == 1
    store.commit()
    store.close()
    with sqlite3.connect(tmp_path / "read.sqlite") as other:
        assert other.execute('SELECT count(*) FROM "rows:goals.tasks"').fetchone() == (1,)


def test_what_was_committed_outlives_the_run(tmp_path: Path) -> None:
    first = Store(tmp_path / "read.sqlite", CATALOG)
    stored(first, sent("goals", "甲队", {"tasks": [TASK]}))
    first.put("lost", sent("goals", "乙队", {"tasks": [TASK]}))
    first.close()  # as a run that was cancelled
    assert list(Store(tmp_path / "read.sqlite", CATALOG).known()) == ["key"]


@pytest.mark.parametrize("damage", ["not a database at all", "", "cut"])
def test_a_damaged_store_is_made_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "read.sqlite"
    store = Store(path, CATALOG)
    for number in range(50):
        store.put(str(number), sent("goals", "甲队", {"tasks": [TASK] * 40}))
    store.commit()
    store.close()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] if damage == "cut" else damage.encode())
    with warnings.catch_warnings(record=True) as told:
        again = Store(path, CATALOG)
    assert [str(one.message) for one in told] == [f"store.rebuilt(path={path})"] * bool(damage)
    assert again.known() == {}
    assert stored(again, sent("goals", "甲队", {"tasks": [TASK]}))
    assert again.path == path


@pytest.mark.parametrize(
    "damage",
    [
        "ALTER TABLE about RENAME COLUMN value TO other",
        "UPDATE about SET value = 'many' WHERE name = 'run'",
        "DROP TABLE sheets",
    ],
)
def test_a_store_that_somebody_bent_is_used_or_made_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "read.sqlite"
    together([sent("goals", "甲队", {"tasks": [TASK]})], store=path)
    with sqlite3.connect(path) as other:
        other.execute("DROP VIEW IF EXISTS problems")
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'view'"):
            other.execute(f'DROP VIEW "{name}"')
        other.execute(damage)
    store = Store(path, CATALOG)
    assert store.path == path
    assert isinstance(store.known(), dict)
    store.finish_run([], {})


def test_a_damaged_store_that_cannot_be_deleted_is_told_and_left(
    tmp_path: Path, opened_elsewhere: Path
) -> None:
    opened_elsewhere.write_text("not a database at all")
    with pytest.warns(XltoolsWarning, match="kept.*in use"):
        store = Store(opened_elsewhere, CATALOG)
    assert store.path != opened_elsewhere
    assert stored(store, sent("goals", "甲队", {"tasks": [TASK]}))


@pytest.fixture
def opened_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store that cannot be deleted, as on Windows while another program has it open."""
    held, real = tmp_path / "read.sqlite", Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path == held:
            raise PermissionError(13, "in use", str(path))
        real(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    return held


def test_other_definitions_begin_a_new_store(tmp_path: Path) -> None:
    path = tmp_path / "read.sqlite"
    store = Store(path, CATALOG)
    stored(store, sent("goals", "甲队", {"tasks": [TASK]}))
    store.close()
    goals = msgspec.structs.replace(CATALOG["goals"], version=99)
    changed = msgspec.structs.replace(CATALOG, definitions=CATALOG.definitions | {"goals": goals})
    assert Store(path, changed).known() == {}


def test_someone_elses_database_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "read.sqlite"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE x (y)")
    assert Store(path, CATALOG).known() == {}


def test_a_store_in_use_is_not_waited_for_in_vain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xltools.consolidate.store.submission_store._PATIENCE", 0.05)
    path = tmp_path / "read.sqlite"
    Store(path, CATALOG).close()
    with sqlite3.connect(path) as other:
        other.execute("BEGIN EXCLUSIVE")
        store = Store(path, CATALOG)
        assert store.path != path
        assert stored(store, sent("goals", "甲队", {"tasks": [TASK]}))


def test_one_run_holds_the_file_until_it_has_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xltools.consolidate.store.submission_store._PATIENCE", 0.05)
    path = tmp_path / "read.sqlite"
    first = Store(path, CATALOG)
    for fresh in (False, True):
        second = Store(path, CATALOG, fresh=fresh)
        assert second.path != path
        stored(second, sent("goals", "乙队", {"tasks": [TASK]}))
    reading = stored(first, sent("goals", "甲队", {"tasks": [TASK]}))
    first.finish_run([], {})
    third = Store(path, CATALOG, fresh=True)
    assert (third.path, third.known()) == (path, {})
    for finish in (third.commit, lambda: third.finish_run([], {})):
        assert third.put("key", sent("goals", "甲队", {"tasks": [TASK]})) == reading
        # The first writes its workbook meanwhile: it sees what it has put, before and after.
        for _ in range(2):
            assert first.submission_json(reading)
            assert len(values(first, reading)) == 1
            finish()


def test_a_folder_without_write_permission_costs_only_the_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "read.sqlite", CATALOG)
    assert store.known() == {}


def test_a_link_in_place_of_the_store_leaves_alone_what_it_leads_to(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.sqlite"
    with sqlite3.connect(theirs) as other:
        other.execute("CREATE TABLE x (y)")
    before = theirs.read_bytes()
    (tmp_path / "quarter").mkdir()
    (tmp_path / "quarter" / "read.sqlite").symlink_to(theirs)
    (tmp_path / "linked").symlink_to(tmp_path, target_is_directory=True)
    for path in (tmp_path / "quarter" / "read.sqlite", tmp_path / "linked" / "theirs.sqlite"):
        store = Store(path, CATALOG)
        assert store.path != path
        store.close()
    assert theirs.read_bytes() == before


def test_views_show_what_counts_to_any_program(tmp_path: Path) -> None:
    path = tmp_path / "read.sqlite"
    late = sent("goals", "甲队", {"tasks": [TASK, TASK]}, modified="2024-10-02", file="b.xlsx")
    early = sent("goals", "甲队", {"tasks": [TASK]}, modified="2024-10-01", file="a.xlsx")
    early.issues = [issue(Code.CELL_KIND, file="a.xlsx", sheet="任务分解", cell="F10")]
    together([early, late], store=path)
    with sqlite3.connect(path) as other:
        found = other.execute(
            'SELECT _team, _period, _file, _sheet, _row, task, start FROM "goals.tasks"'
        ).fetchall()
        problems = other.execute("SELECT file, code, cell FROM problems").fetchall()
    row = ("甲队", "2024Q3", "b.xlsx", "任务分解")
    assert found == [(*row, 10, "白皮书", "2024-07-01"), (*row, 11, "白皮书", "2024-07-01")]
    assert problems == [("a.xlsx", "cell-kind", "F10")]


def test_readings_that_no_run_needs_are_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "read.sqlite"
    store = Store(path, CATALOG)
    stored(store, sent("goals", "甲队", {"tasks": [TASK]}))
    store.finish_run([], {})
    store.close()
    for run in range(12):
        store = Store(path, CATALOG)
        assert bool(store.known()) == (run < 10)
        store.finish_run([], {})
        store.close()


def test_rows_without_a_sheet_of_ours_are_kept_light() -> None:
    submission = sent("goals", "甲队", {})
    submission.sheets = {
        "strange": SheetRows(name="strange", title="怪", rows=[1], columns={"a": [1]}, places={})
    }
    store = Store(None, CATALOG)
    assert store.submission(stored(store, submission)).row_counts == {"strange": 1}
    assert sheet_rows("goals", "tasks", []).rows == []
