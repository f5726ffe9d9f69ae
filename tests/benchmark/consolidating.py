"""Consolidating, end to end and again; time and memory as the number of workbooks grows."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import naive
from inbox import PERIOD, Inbox, inbox, returned, workplace
from measure import each, medians, ratio, row, section, timed

from xltools.check.reading_plan import ReadingPlan
from xltools.consolidate.collect_submissions import collect
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.write.consolidated_workbook import write_consolidated

_SLOW = 25  # workbooks that the naive script gets; all are reckoned a workbook
_CHANGED = 5


def compare_consolidation(full: bool) -> None:
    """The whole way from workbooks to a workbook, and the second time."""
    saver = returned()
    box = inbox(500 if full else 100, saver=saver)
    paths = box.paths
    some = paths[:: max(1, len(paths) // _SLOW)][:_SLOW]
    section(f"Consolidate {len(paths)} workbooks saved by {saver} (naive: {len(some)} of them)")
    with workplace() as folder:
        script = partial(naive.consolidate, some, folder / "naive.xlsx")
        ours = partial(_consolidate, box, folder / "ours.xlsx", folder / "read.sqlite", fresh=True)
        found = medians({"naive script": script, "xltools": ours}, 3 if full else 2)
        row("naive script", f"{each(found['naive script'], len(some))} / workbook")
        row("xltools", f"{each(found['xltools'], len(paths))} / workbook")
        slow = found["naive script"] / len(some)
        ratio("end to end", found["xltools"] / len(paths), slow, "≥ 20")
        _again(box, folder)


def _again(box: Inbox, folder: Path) -> None:
    """The same with a few changed: what is remembered is not read."""
    mine = folder / "inbox"
    mine.mkdir()
    for path in box.paths:
        (mine / path.name).write_bytes(path.read_bytes())
    copy = Inbox(mine, box.catalog, box.settings)
    store = folder / "again.sqlite"
    first = timed(partial(_collect, copy, store))
    for path in copy.paths[:_CHANGED]:
        path.write_bytes(path.read_bytes() + b"\0")  # another content to any hash
    second = timed(partial(_collect, copy, store))
    row("first reading", f"{first:.2f} s")
    row(f"second reading, {_CHANGED} changed", f"{second:.2f} s")
    ratio("second reading", second, first, "≥ 15")


def show_scale(full: bool) -> None:
    """Time and memory by number of workbooks, each in a process of its own."""
    section("Reading and checking by number of workbooks, our own files")
    row("workbooks", "seconds", "ms / workbook", "memory added", "rows")
    for count in (500, 1000, 2000, 5000) if full else (50, 100, 200):
        box = inbox(count)
        command = [sys.executable, __file__, str(count)]
        told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        seconds, memory, rows = told.split()
        row(str(len(box.paths)), seconds, each(float(seconds), count), f"{memory} MB", rows)


def _collect(box: Inbox, store: Path | None, *, fresh: bool = False) -> Consolidation:
    return collect(
        [box.folder],
        ReadingPlan(box.catalog, box.settings, period=PERIOD),
        store=store,
        fresh=fresh,
    )


def _consolidate(box: Inbox, target: Path, store: Path, *, fresh: bool) -> None:
    write_consolidated(_collect(box, store, fresh=fresh), target, force=True)


def _measure(count: int) -> None:
    """One scale: seconds, megabytes above the start, rows."""
    import pandas as pd  # noqa: F401  (its own weight is not the tables')

    box = inbox(count)
    before = _reset_peak()
    found: list[Consolidation] = []
    seconds = timed(lambda: found.append(_collect(box, None)))
    print(f"{seconds:.1f} {(_memory('VmHWM') - before) / 1024:.0f} {found[0].rows}")


def _reset_peak() -> int:
    """Forget the highest memory so far (Linux only); kilobytes in use now."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


if __name__ == "__main__":
    _measure(int(sys.argv[1]))
