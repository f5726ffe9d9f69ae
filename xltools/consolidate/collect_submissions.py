"""Many workbooks → one `Consolidation`, reading only what is not remembered."""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from xltools.bundles import Source, find_workbooks
from xltools.check.check_files import check
from xltools.check.submission import Submission
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.supersede import conclude
from xltools.consolidate.read_back.consolidated_reader import is_consolidated, read_back
from xltools.consolidate.store.reading_key import content_hash, digest, reading_key
from xltools.consolidate.store.submission_store import Store, is_damage
from xltools.definition import Catalog
from xltools.errors import ReadError, XltoolsWarning
from xltools.excel.input_paths import printable
from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.settings import Settings

_COMMIT_EVERY = 50  # files: what a cancelled run loses at most

Progress = Callable[[int, int], None]


class Read(NamedTuple):
    """A submission without its values, and where the store keeps these."""

    submission: Submission
    reading: int


@dataclass(frozen=True, kw_only=True)
class _Job:
    """What to read and how; the options as `collect` takes them."""

    catalog: Catalog
    settings: Settings
    team: str
    period: Quarter | None
    lang: str
    workers: int | None
    scheduler: str
    progress: Progress | None

    @property
    def context(self) -> str:
        """All that a reading depends on besides the file and the definitions."""
        options = (self.team, str(self.period or ""), self.lang)
        return digest(self.settings, options)

    def check(self, paths: Sequence[Path], total: int) -> Iterator[Submission]:
        """Read and check files; progress counts those that were remembered, too."""
        advance, remembered = self.progress, total - len(paths)
        return check(
            # The machines of a cluster share the files, not the folder that we were started in.
            [path.absolute() for path in paths] if self.scheduler else paths,
            catalog=self.catalog,
            settings=self.settings,
            team=self.team,
            period=self.period,
            lang=self.lang,
            workers=self.workers,
            scheduler=self.scheduler,
            progress=advance and (lambda done, _: advance(remembered + done, total)),
        )


def collect(
    paths: Sequence[Path | str],
    *,
    catalog: Catalog,
    settings: Settings,
    period: Quarter | None = None,
    teams: Sequence[str] = (),
    lang: str = "zh",
    workers: int | None = None,
    scheduler: str = "",
    store: Path | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
) -> Consolidation:
    """Read and check workbooks, folders, or a consolidated workbook in their place.

    ``store`` remembers what was read; without it nothing outlives the result. ``teams`` keeps only
    theirs; a single one stands in where a workbook does not say whose it is. Raises ReadError where
    nothing is to be read, UsageError where the workbooks are of several periods and none is given.
    """
    files, skipped = find_workbooks(paths, workers)
    for one in skipped:
        told = XltoolsWarning("paths.skipped", path=one.path, reason=one.why)
        warnings.warn(told, stacklevel=2)
    if not files:
        raise ReadError("paths.nothing", paths=[printable(path) for path in paths])
    job = _Job(
        catalog=catalog,
        settings=settings,
        team=teams[0] if len(teams) == 1 else "",
        period=period,
        lang=lang,
        workers=workers,
        scheduler=scheduler,
        progress=progress,
    )
    memory = Store(store, catalog, fresh=fresh)
    try:
        return _collected(job, files, teams, memory)
    except sqlite3.DatabaseError as fault:
        # The file broke after it was opened: begin again with a new one. Where somebody took it
        # away, its disk is full or another program keeps the broken one open: go on without it.
        anew = is_damage(fault) and memory.discard()
        memory.close()
        return _collected(job, files, teams, Store(store if anew else None, catalog))
    except BaseException:
        memory.close()
        raise


def gathered(
    submissions: Iterable[Submission],
    *,
    catalog: Catalog,
    settings: Settings,
    period: Quarter,
    teams: Sequence[str] = (),
) -> Consolidation:
    """The same of submissions that are at hand with all their values."""
    memory = Store(None, catalog)
    try:
        put = ((one.file, memory.put(str(n), one)) for n, one in enumerate(submissions))
        read = [Read(memory.submission(reading, file), reading) for file, reading in put]
        return conclude(
            memory, catalog, settings, period, tuple(teams), _of_teams(read, settings, teams)
        )
    except BaseException:
        memory.close()
        raise


def _collected(
    job: _Job, files: Sequence[Source], teams: Sequence[str], memory: Store
) -> Consolidation:
    try:
        read = _of_teams(_read(job, files, memory), job.settings, teams)
    finally:
        memory.commit()
    return conclude(memory, job.catalog, job.settings, job.period, tuple(teams), read)


def _of_teams(read: Iterable[Read], settings: Settings, teams: Sequence[str]) -> list[Read]:
    """What the teams sent, or all, under the names that the teams go by today."""
    wanted, found = {fold(name) for name in teams}, []
    for one in read:
        one.submission.team = settings.known_as(one.submission.team)
        if not wanted or not one.submission.team or fold(one.submission.team) in wanted:
            found.append(one)
    return found


def _read(job: _Job, files: Sequence[Source], memory: Store) -> Iterator[Read]:
    """Every submission in the order of files; what is not remembered is checked now."""
    context = job.context
    keys = [reading_key(one.sha256 or content_hash(one.path), one, context) for one in files]
    known = _proved(memory, set(keys))
    together = {
        one.path
        for one, key in zip(files, keys, strict=True)
        if key not in known and is_consolidated(one.path)
    }
    pending = [
        one.path
        for one, key in zip(files, keys, strict=True)
        if key not in known and one.path not in together
    ]
    fresh = job.check(pending, len(files))
    for done, (source, key) in enumerate(zip(files, keys, strict=True)):
        path = source.path
        if done % _COMMIT_EVERY == 0:
            memory.commit()
        if key in known:
            yield Read(memory.submission(known[key], printable(path)), known[key])
        elif path in together:
            yield from _read_together(job, path, key, known, memory)
        else:
            submission = next(fresh)
            reading = memory.put(reading_key(submission.sha256, source, context), submission)
            yield Read(memory.submission(reading, printable(path)), reading)


def _proved(memory: Store, keys: set[str]) -> dict[str, int]:
    """What is remembered of files and proves itself; what does not is read anew."""
    remembered = {
        key: reading for key, reading in memory.known().items() if key.partition("#")[0] in keys
    }
    proved = {key: reading for key, reading in remembered.items() if memory.proves(reading)}
    doubtful = {key.partition("#")[0] for key in remembered.keys() - proved.keys()}
    if doubtful:
        told = XltoolsWarning("store.doubtful", count=len(doubtful), path=memory.path)
        warnings.warn(told, stacklevel=2)
    return {key: one for key, one in proved.items() if key.partition("#")[0] not in doubtful}


def _read_together(
    job: _Job, path: Path, key: str, known: dict[str, int], memory: Store
) -> Iterator[Read]:
    """The submissions in a consolidated workbook; all of them are put before any is committed.

    Where it lies and from where it is read tells where the files are that it was made of.
    """
    key = digest(key, str(path.absolute().parent), str(Path.cwd()))
    if f"{key}#0" not in known:
        for place, submission in enumerate(read_back(path, job.catalog)):
            known[f"{key}#{place}"] = memory.put(f"{key}#{place}", submission)
    place = 0
    while (numbered := f"{key}#{place}") in known:
        yield Read(memory.submission(known[numbered]), known[numbered])
        place += 1
