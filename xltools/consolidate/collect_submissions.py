"""Many workbooks → one `Consolidation`, reading only what the store does not hold."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
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
        """Read and check files; progress counts those that the store holds, too."""
        advance, stored = self.progress, total - len(paths)
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
    known = _authentic(store, set(keys))
    consolidated = {
        one.path
        for one, key in zip(files, keys, strict=True)
        if key not in known and is_consolidated(one.path)
    }
    pending = [
        one.path
        for one, key in zip(files, keys, strict=True)
        if key not in known and one.path not in consolidated
    ]
    fresh = job.check(pending, len(files))
    for done, (source, key) in enumerate(zip(files, keys, strict=True)):
        path = source.path
        if done % _COMMIT_EVERY == 0:
            store.commit()
        if key in known:
            yield StoredSubmission(store.submission(known[key], printable(path)), known[key])
        elif path in consolidated:
            yield from _read_consolidated(job, path, key, known, store)
        else:
            submission = next(fresh)
            reading = store.put(reading_key(submission.sha256, source, context), submission)
            yield StoredSubmission(store.submission(reading, printable(path)), reading)


def _authentic(store: Store, keys: set[str]) -> dict[str, int]:
    """The readings of these files whose signatures hold; files with any other are read anew."""
    stored = {
        key: reading for key, reading in store.known().items() if key.partition("#")[0] in keys
    }
    authentic = {key: reading for key, reading in stored.items() if store.is_authentic(reading)}
    changed = {key.partition("#")[0] for key in stored.keys() - authentic.keys()}
    if changed:
        warning = XltoolsWarning("store.doubtful", count=len(changed), path=store.path)
        warnings.warn(warning, stacklevel=2)
    return {key: one for key, one in authentic.items() if key.partition("#")[0] not in changed}


def _read_consolidated(
    job: _Job, path: Path, key: str, known: dict[str, int], store: Store
) -> Iterator[StoredSubmission]:
    """The submissions in a consolidated workbook; all of them are put before any is committed.

    The key holds the folder of the workbook and the current one: names of the files that it was
    made of are relative to them.
    """
    key = digest(key, str(path.absolute().parent), str(Path.cwd()))
    if f"{key}#0" not in known:
        for place, submission in enumerate(read_back(path, job.plan.catalog)):
            known[f"{key}#{place}"] = store.put(f"{key}#{place}", submission)
    place = 0
    while (numbered := f"{key}#{place}") in known:
        yield StoredSubmission(store.submission(known[numbered]), known[numbered])
        place += 1
