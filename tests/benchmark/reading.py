"""Reading and checking every cell, against reading alone with pandas; what safety costs of it."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import naive
from inbox import PERIOD, Inbox, inbox, returned, savers
from isal import isal_zlib
from measure import costs, each, medians, ratio, row, section, table

from xltools.check.check_files import check
from xltools.check.identify.vocabulary import Vocabulary
from xltools.check.read_submission import read_submission
from xltools.check.reading_plan import ReadingPlan
from xltools.excel.package.zip_writer import members
from xltools.excel.reading.preflight import admit
from xltools.workers import run

_WANTED = {
    "Excel (like)": ("≥ 25", "≥ 5"),
    "LibreOffice": ("≥ 20", "≥ 4"),
    "openpyxl": ("≥ 15", "≥ 3"),
}
_SLOW = 20  # workbooks that the slow contenders read; all are reckoned a workbook


def compare_reading(full: bool) -> None:
    """Read and check what each program saved, against pandas with either engine."""
    for saver in savers():
        _compare_saver(inbox(200 if full else 100, saver=saver), saver)


def _compare_saver(box: Inbox, saver: str) -> None:
    paths = box.paths
    section(f"Read and check {len(paths)} workbooks saved by {saver}, {os.cpu_count()} workers")
    some = paths[:: len(paths) // _SLOW][:_SLOW]
    contenders = {
        "pandas, openpyxl": partial(naive.read, some),
        "pandas, calamine": partial(naive.read, some, "calamine"),
        "xltools": partial(_check, box),
    }
    found = costs(contenders, 5)
    ours = found.pop("xltools")
    row("milliseconds a workbook", "passed", "of processors")
    for name, cost in found.items():
        row(name, *(each(part, len(some)) for part in cost))
    row("xltools: read, locate, parse, check", *(each(part, len(paths)) for part in ours))
    for name, wanted in zip(found, _WANTED[saver], strict=True):
        theirs = found[name]
        ratio(f"against {name}", ours.seconds / len(paths), theirs.seconds / len(some), wanted)
    for name, theirs in found.items():
        share = (theirs.processor / len(some)) / (ours.processor / len(paths))
        row(f"{name}, were all cores ours", f"{share * (os.cpu_count() or 1):.2f} x")


def compare_safety(full: bool) -> None:
    """What preflight and guarded processes add to reading and checking in the open."""
    saver = returned()
    box = inbox(100, saver=saver)
    paths = [str(path) for path in box.paths]
    plan = ReadingPlan(box.catalog, box.settings, period=PERIOD)
    read = partial(read_submission, words=Vocabulary(plan))
    section(f"Preflight and isolation, {len(paths)} workbooks saved by {saver}, one worker")
    found = medians(
        {
            "open and inflate, which any reader does": partial(_inflate, paths),
            "the same with preflight": lambda: [admit(path) for path in paths],
            "read in this process": lambda: [read(path) for path in paths],
            "read in a guarded process": lambda: list(run(read, paths, workers=1)),
        },
        5 if full else 3,
    )
    table(found, len(paths), "workbook")
    bare = medians({"bare calamine": partial(_calamine, paths)}, 3)["bare calamine"]
    row("bare calamine, values only", f"{each(bare, len(paths))} / workbook")
    bare_open, preflight, open_read, guarded = found.values()
    added = preflight - bare_open + guarded - open_read
    ratio("preflight and isolation", added, guarded, "≤ 0.15")


def _check(box: Inbox) -> None:
    plan = ReadingPlan(box.catalog, box.settings, period=PERIOD)
    for submission in check(box.paths, plan, workers=os.cpu_count()):
        assert submission.template


def _inflate(paths: list[str]) -> None:
    for path in paths:
        for member in members(Path(path).read_bytes()):
            name, extra = (int.from_bytes(member.record[at : at + 2], "little") for at in (26, 28))
            isal_zlib.decompressobj(-15).decompress(member.record[30 + name + extra :])


def _calamine(paths: list[str]) -> None:
    from python_calamine import CalamineWorkbook

    for path in paths:
        book = CalamineWorkbook.from_path(path)
        for title in book.sheet_names:
            book.get_sheet_by_name(title).to_python(skip_empty_area=False)
