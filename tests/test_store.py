"""The memory of what was read: value for value, and never in the way."""

from __future__ import annotations

import gc
import shutil
import sqlite3
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from submissions import CATALOG, sent, sheet_rows, together

from xltools.check.submission import Claim, SheetRows, Submission, UnknownSheet
from xltools.consolidate.store import Store
from xltools.excel.text import visible
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
    monkeypatch.setattr("xltools.scratch.shutil.rmtree", remove)
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
        claims=[Claim(kind="id", key="tasks.x", sheet="任务分解", table="tasks", cell="B10")],
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
    again = Store(path, CATALOG)
    assert again.known() == {}
    assert stored(again, sent("goals", "甲队", {"tasks": [TASK]}))
    assert again.path == path


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
    monkeypatch.setattr("xltools.consolidate.store._PATIENCE", 0.05)
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
    monkeypatch.setattr("xltools.consolidate.store._PATIENCE", 0.05)
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
            assert first.light(reading)
            assert len(values(first, reading)) == 1
            finish()


def test_a_folder_without_write_permission_costs_only_the_memory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "read.sqlite", CATALOG)
    assert store.known() == {}


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
