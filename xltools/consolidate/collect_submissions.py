"""Many workbooks → one `Consolidation`, reading only what the store does not hold."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, count, takewhile
from pathlib import Path
from typing import NamedTuple

from xltools.bundles import Source, find_workbooks
from xltools.check.check_files import check
from xltools.check.reading_plan import ReadingPlan
from xltools.check.submission import Submission
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.supersede import combine
from xltools.consolidate.read_back.consolidated_reader import is_consolidated, read_back
from xltools.consolidate.store.reading_key import content_hash, digest, reading_key
from xltools.consolidate.store.submission_store import Store, is_damage
from xltools.errors import ReadError, XltoolsWarning
from xltools.excel.input_paths import printable

_COMMIT_EVERY = 50  # files: what a cancelled run loses at most

Progress = Callable[[int, int], None]


class StoredSubmission(NamedTuple):
    """A submission without its values, and the reading under which the store holds them."""

    submission: Submission
    reading: int


@dataclass(frozen=True, kw_only=True)
class _Job:
    """How to read and check, with which workers."""

    plan: ReadingPlan
    workers: int | None
    scheduler: str
    progress: Progress | None

    @property
    def context(self) -> str:
        """All that a reading depends on besides the file and the definitions."""
        plan = self.plan
        return digest(plan.settings, (plan.team, str(plan.period or ""), plan.lang))

    def check(self, paths: Sequence[Path], total: int) -> Iterator[Submission]:
        """Read and check files; progress counts those that the store holds, too.

        Without a ``total`` none is told. Workers begin at once.
        """
        advance, stored = self.progress if total else None, total - len(paths)
        return check(
            # The machines of a cluster share the files, not the folder that we were started in.
            [path.absolute() for path in paths] if self.scheduler else paths,
            self.plan,
            workers=self.workers,
            scheduler=self.scheduler,
            progress=advance and (lambda done, _: advance(stored + done, total)),
        )


def collect(
    paths: Sequence[Path | str],
    plan: ReadingPlan,
    *,
    workers: int | None = None,
    scheduler: str = "",
    store: Path | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
) -> Consolidation:
    """Read and check workbooks, folders, or a consolidated workbook in their place.

    ``store`` is the file of the store; without it nothing is stored beyond the result. ``fresh``
    reads every file again. Raises ReadError where there is nothing to read, UsageError where the
    workbooks are of several periods and the plan names none.
    """
    files, skipped = find_workbooks(paths, workers)
    for one in skipped:
        warning = XltoolsWarning("paths.skipped", path=one.path, reason=one.why)
        warnings.warn(warning, stacklevel=2)
    if not files:
        raise ReadError("paths.nothing", paths=[printable(path) for path in paths])
    job = _Job(plan=plan, workers=workers, scheduler=scheduler, progress=progress)
    opened = Store(store, plan.catalog, fresh=fresh)
    try:
        return _collected(job, files, opened)
    except sqlite3.DatabaseError as fault:
        # The file was damaged after it was opened: begin again with a new one. Where somebody took
        # it away, its disk is full or another program has it open: use a temporary one.
        anew = is_damage(fault) and opened.discard()
        opened.close()
        return _collected(job, files, Store(store if anew else None, plan.catalog))
    except BaseException:
        opened.close()
        raise


def gathered(submissions: Iterable[Submission], plan: ReadingPlan) -> Consolidation:
    """The same of submissions that are at hand with all their values."""
    store = Store(None, plan.catalog)
    try:
        put = ((one.file, store.put(str(n), one)) for n, one in enumerate(submissions))
        read = [StoredSubmission(store.submission(reading, file), reading) for file, reading in put]
        return combine(store, plan, _of_teams(read, plan))
    except BaseException:
        store.close()
        raise


def _collected(job: _Job, files: Sequence[Source], store: Store) -> Consolidation:
    try:
        read = _of_teams(_read(job, files, store), job.plan)
    finally:
        store.commit()
    return combine(store, job.plan, read)


def _of_teams(read: Iterable[StoredSubmission], plan: ReadingPlan) -> list[StoredSubmission]:
    """What the plan's teams sent, under their current names."""
    kept = []
    for one in read:
        one.submission.team = plan.settings.known_as(one.submission.team)
        if plan.wants(one.submission.team):
            kept.append(one)
    return kept


def _read(job: _Job, files: Sequence[Source], store: Store) -> Iterator[StoredSubmission]:
    """Every submission in the order of files; what the store does not hold is checked now."""
    context = job.context
    keys = [reading_key(one.sha256 or content_hash(one.path), one, context) for one in files]
    readings = store.known()
    unknown = [one.path for one, key in zip(files, keys, strict=True) if key not in readings]
    consolidated = set(filter(is_consolidated, unknown))
    fresh = job.check([path for path in unknown if path not in consolidated], len(files))
    with ThreadPoolExecutor(1) as beside:  # the workers of ``fresh`` read already
        remembered = beside.submit(_remembered, store, files, keys, readings)
        read = next(fresh, None)
        stored = remembered.result()
    fresh = chain([read] if read is not None else [], fresh)
    doubtful = [
        one.path
        for place, (one, key) in enumerate(zip(files, keys, strict=True))
        if key in readings and place not in stored
    ]
    _warn_of_doubtful(store, len(doubtful))
    anew = job.check(doubtful, 0)
    for place, (source, key) in enumerate(zip(files, keys, strict=True)):
        path = source.path
        if place % _COMMIT_EVERY == 0:
            store.commit()
        if place in stored:
            yield stored[place]
        elif path in consolidated:
            yield from _read_consolidated(job, path, key, readings, store)
        else:
            submission = next(anew if key in readings else fresh)
            reading = store.put(reading_key(submission.sha256, source, context), submission)
            yield StoredSubmission(store.submission(reading, printable(path)), reading)


def _remembered(
    store: Store, files: Sequence[Source], keys: Sequence[str], readings: Mapping[str, int]
) -> dict[int, StoredSubmission]:
    """What the store holds of these files by their place, where its signature holds."""
    authentic: dict[str, bool] = {}
    found: dict[int, StoredSubmission] = {}
    for place, (source, key) in enumerate(zip(files, keys, strict=True)):
        reading = readings.get(key)
        if reading is None:
            continue
        if key not in authentic:
            authentic[key] = store.is_authentic(reading)
        if authentic[key]:
            submission = store.submission(reading, printable(source.path))
            found[place] = StoredSubmission(submission, reading)
    return found


def _warn_of_doubtful(store: Store, files: int) -> None:
    if files:
        warning = XltoolsWarning("store.doubtful", count=files, path=store.path)
        warnings.warn(warning, stacklevel=2)


def _read_consolidated(
    job: _Job, path: Path, key: str, readings: Mapping[str, int], store: Store
) -> Iterator[StoredSubmission]:
    """The submissions in a consolidated workbook; all of them are put before any is committed.

    The key holds the folder of the workbook and the current one: names of the files that it was
    made of are relative to them.
    """
    key = digest(key, str(path.absolute().parent), str(Path.cwd()))
    stored = list(takewhile(readings.__contains__, (f"{key}#{place}" for place in count())))
    numbers = [readings[one] for one in stored]
    if not all(map(store.is_authentic, numbers)):
        _warn_of_doubtful(store, 1)
        numbers = []
    if not numbers:
        every = enumerate(read_back(path, job.plan.catalog))
        numbers = [store.put(f"{key}#{place}", submission) for place, submission in every]
    for number in numbers:
        yield StoredSubmission(store.submission(number), number)
