"""Reading real workbooks: the same bytes wherever it runs, and nothing read twice."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from xltools.check.reading_plan import ReadingPlan
from xltools.check.submission import Submission
from xltools.consolidate import collect_submissions
from xltools.consolidate.collect_submissions import collect
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.submission_status import status
from xltools.consolidate.read_back.consolidated_reader import read_back
from xltools.consolidate.store.submission_store import Store
from xltools.consolidate.write.consolidated_workbook import write_consolidated
from xltools.definition import Catalog, load_catalog
from xltools.definition.default_settings import default_settings
from xltools.errors import ReadError, XltoolsWarning
from xltools.settings import Settings

sys.path.insert(0, str(Path(__file__).parent / "benchmark"))
from filled import PERIOD, write_filled

CATALOG = load_catalog()
COUNT = 16
REFUSED = "不是工作簿.xlsx"


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Settings]:
    folder = tmp_path_factory.mktemp("inbox")
    settings = write_filled(folder, COUNT, CATALOG, default_settings(CATALOG, "zh"), scale=0.1)
    (folder / REFUSED).write_text("hello")
    return folder, settings


@pytest.fixture(scope="module")
def bytes_of_one(inbox: tuple[Path, Settings], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return written(collected(inbox, workers=1), tmp_path_factory.mktemp("one"))


def collected(inbox: tuple[Path, Settings], **options: Any) -> Consolidation:
    folder, settings = inbox
    return collect([folder], ReadingPlan(CATALOG, settings, period=PERIOD), **options)


def written(consolidation: Consolidation, folder: Path) -> bytes:
    target = folder / "consolidated.xlsx"
    write_consolidated(consolidation, target, force=True)
    return target.read_bytes()


def test_two_workers_write_the_same_bytes(
    inbox: tuple[Path, Settings], bytes_of_one: bytes, tmp_path: Path
) -> None:
    found = collected(inbox, workers=2)
    assert len(found.submissions) == COUNT + 1
    assert found.rows > 400
    # Links are relative to the output: the folders lie side by side.
    assert written(found, tmp_path) == bytes_of_one


def test_a_cluster_that_loses_a_worker_writes_the_same_bytes(
    inbox: tuple[Path, Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("xltools.workers.dask_cluster.FILES_PER_TASK", 1)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        # The workers were started elsewhere: what is relative to us is not so to them.
        monkeypatch.chdir(inbox[0].parent)
        here = (Path(inbox[0].name), inbox[1])
        wanted = written(collected(here, workers=1), tmp_path)
        address = cluster.scheduler_address
        assert written(collected(here, scheduler=address), tmp_path) == wanted
        victim = next(iter(cluster.workers.values()))
        killed: list[int] = []

        def kill(done: int, _total: int) -> None:
            if done == 2:
                killed.append(victim.pid)
                os.kill(victim.pid, signal.SIGKILL)

        found = collected(here, scheduler=address, progress=kill)
        assert killed
        assert written(found, tmp_path) == wanted


class Watch:
    """Counts the files that are really read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read: list[str] = []
        real: Callable[..., Iterator[Any]] = collect_submissions.check

        def check(paths: Any, plan: ReadingPlan, **options: Any) -> Iterator[Any]:
            for path, submission in zip(paths, real(paths, plan, **options), strict=True):
                self.read.append(Path(path).name)
                yield submission

        monkeypatch.setattr(collect_submissions, "check", check)


def copied(inbox: tuple[Path, Settings], folder: Path) -> tuple[Path, Settings]:
    for path in inbox[0].iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder, inbox[1]


def test_a_second_run_reads_only_what_changed(
    inbox: tuple[Path, Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inbox").mkdir()
    mine = copied(inbox, tmp_path / "inbox")
    store = tmp_path / ".xltools" / "read.sqlite"
    collected(mine, workers=2, store=store)
    files = sorted(mine[0].glob("*销售*.xlsx"))
    files[0].write_bytes(files[2].read_bytes())  # another content under the same name
    files[1].unlink()
    watch = Watch(monkeypatch)
    told: list[tuple[int, int]] = []
    again = collected(mine, store=store, progress=lambda done, total: told.append((done, total)))
    # What could not be read is tried again: the reason may have gone.
    assert watch.read == [files[0].name, REFUSED]
    assert told == [(COUNT - 1, COUNT), (COUNT, COUNT)]
    first = written(again, tmp_path)
    assert written(collected(mine, workers=2), tmp_path) == first
    # Without its memory, or told to ignore it, the program reads all and gives the same.
    watch.read.clear()
    assert written(collected(mine, store=store, fresh=True), tmp_path) == first
    assert len(watch.read) == COUNT
    store.unlink()
    watch.read.clear()
    assert written(collected(mine, store=store), tmp_path) == first
    assert len(watch.read) == COUNT


def test_other_settings_or_a_moved_file_are_noticed(
    inbox: tuple[Path, Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "read.sqlite"
    (tmp_path / "a").mkdir()
    mine = copied(inbox, tmp_path / "a")
    collected(mine, store=store)
    (tmp_path / "a").rename(tmp_path / "b")
    moved = (tmp_path / "b", mine[1])
    watch = Watch(monkeypatch)
    found = collected(moved, store=store)
    assert watch.read == [REFUSED]
    assert {Path(one.file).parent for one in found.submissions} == {tmp_path / "b"}
    assert {Path(one.file).parent for one in found.all_issues} == {tmp_path / "b"}
    stricter = msgspec.structs.replace(mine[1], parameters={**mine[1].parameters, "on_target": 2})
    collected((tmp_path / "b", stricter), store=store)
    assert len(watch.read) == 1 + COUNT + 1


def test_a_cancelled_run_goes_on_from_what_was_read(
    inbox: tuple[Path, Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "read.sqlite"
    real = Store.put

    def put(self: Store, key: str, submission: Any) -> int:
        if len(self.known()) == 10:
            raise KeyboardInterrupt
        return real(self, key, submission)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "put", put)
        with pytest.raises(KeyboardInterrupt):
            collected(inbox, store=store)
    watch = Watch(monkeypatch)
    collected(inbox, store=store)
    assert len(watch.read) == COUNT + 1 - 9  # one of ten was refused


def test_a_figure_changed_in_the_store_reaches_nobody(
    inbox: tuple[Path, Settings], bytes_of_one: bytes, tmp_path: Path
) -> None:
    store = tmp_path / "read.sqlite"
    collected(inbox, store=store)
    with sqlite3.connect(store) as other:
        changed = other.execute('UPDATE "rows:expansion.outcome" SET actual = 999').rowcount
        other.execute("UPDATE readings SET submission = '{' WHERE id = 1")
    assert changed > 0
    with pytest.warns(XltoolsWarning) as told:
        again = collected(inbox, store=store)
    assert len(told) == 1
    assert written(again, tmp_path) == bytes_of_one


@pytest.mark.parametrize("told", ["rebuilt", "kept"])
def test_a_store_that_breaks_meanwhile_is_begun_anew_or_left_where_windows_keeps_it(
    inbox: tuple[Path, Settings],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: str,
) -> None:
    store = tmp_path / "read.sqlite"
    collected(inbox, store=store)
    real = Store.known

    def known(self: Store) -> dict[str, int]:
        found = real(self)
        if found:
            store.write_bytes(b"\0" * store.stat().st_size)
        return found

    monkeypatch.setattr(Store, "known", known)
    if told == "kept":  # by another program that has it open
        monkeypatch.setattr(Path, "unlink", lambda path, **_: open_elsewhere(path))
    with pytest.warns(XltoolsWarning, match=f"store.{told}"):
        assert len(collected(inbox, store=store).submissions) == COUNT + 1


def open_elsewhere(path: Path) -> None:
    raise PermissionError(13, "in use", str(path))


def test_a_consolidated_workbook_stands_in_for_its_workbooks(
    inbox: tuple[Path, Settings], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, settings = inbox
    found = collected(inbox)
    once = written(found, tmp_path)
    target = tmp_path / "consolidated.xlsx"
    watch = Watch(monkeypatch)
    store = tmp_path / "read.sqlite"
    taken_apart: list[Path] = []

    def noted(path: Path, catalog: Catalog) -> Iterator[Submission]:
        taken_apart.append(path)
        return read_back(path, catalog)

    monkeypatch.setattr(collect_submissions, "read_back", noted)
    for _ in range(2):  # the second time from memory
        again = collect([target], ReadingPlan(CATALOG, settings), store=store)
        assert written(again, tmp_path) == once
        assert status(again, settings, CATALOG) == status(found, settings, CATALOG)
        assert taken_apart == [target]
    with sqlite3.connect(store) as other:
        other.execute('UPDATE "rows:expansion.outcome" SET actual = 999')
    with pytest.warns(XltoolsWarning, match="store.doubtful"):
        again = collect([target], ReadingPlan(CATALOG, settings), store=store)
    assert written(again, tmp_path) == once
    assert watch.read == []
    # Together with workbooks: what was sent twice counts once.
    one = min(folder.glob("*销售*.xlsx"))
    both = collect([target, one], ReadingPlan(CATALOG, settings, period=PERIOD))
    assert both.rows == found.rows


def test_only_some_teams(inbox: tuple[Path, Settings]) -> None:
    folder, settings = inbox
    team = settings.teams[0].team
    plan = ReadingPlan(CATALOG, settings, teams=(f" {team} ",), period=PERIOD)
    found = collect([folder], plan)
    assert {one.team for one in found.submissions if one.team} == {team}
    assert found.missing == ()


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as raised:
        collect([tmp_path], ReadingPlan(CATALOG, default_settings(CATALOG, "zh")))
    assert raised.value.exit_code == 3
