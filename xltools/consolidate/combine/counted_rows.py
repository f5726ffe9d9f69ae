"""Which rows count, sheet by sheet: those of submissions that no other one supersedes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec

from xltools.check.submission import SheetRows, Submission
from xltools.consolidate.store.row_tables import Table
from xltools.consolidate.store.submission_store import Store
from xltools.ground.period import Quarter


class SubmissionRows(NamedTuple):
    """One submission's rows of one sheet.

    ``position`` is the submission's place in the run, ``reading`` the number under which the store
    holds its values, ``rows`` how many rows that are.
    """

    position: int
    reading: int
    submission: Submission
    sheet: SheetRows
    rows: int


class StoredRows(msgspec.Struct, frozen=True):
    """The store that holds a consolidation's rows, and the readings of its submissions in order."""

    store: Store
    readings: Sequence[int]
    counted: Mapping[tuple[str, str], CountedSheet]


class CountedSheet(msgspec.Struct, frozen=True, dict=True):
    """The rows of one sheet from every file that counts, in the order of files and rows."""

    store: Store
    table: Table
    parts: Sequence[SubmissionRows]

    @cached_property
    def total(self) -> int:
        """How many rows."""
        return sum(part.rows for part in self.parts)

    @cached_property
    def headers(self) -> tuple[str, ...]:
        """Headers that no definition knows, the most frequent first."""
        seen: dict[str, int] = {}
        for part in self.parts:
            for header in part.sheet.extra:
                seen[header] = seen.get(header, 0) + 1
        return tuple(sorted(seen, key=lambda header: (-seen[header], header)))


def counted_sheet(
    store: Store,
    table: Table,
    submissions: Sequence[Submission],
    readings: Sequence[int],
    period: Quarter | None,
) -> CountedSheet:
    """The parts of one sheet that count: those of the period, for an annual sheet of the year."""
    name = table.sheet.name
    stored = store.stored(name)
    parts = [
        SubmissionRows(position, reading, sent, sent.sheets[name], stored.get(reading, 0))
        for position, (sent, reading) in enumerate(zip(submissions, readings, strict=True))
        if sent.template == table.definition and not sent.excluded and name in sent.sheets
    ]
    if table.sheet.lasts == "year":
        parts = _latest(parts)
    else:
        parts = [part for part in parts if part.submission.period in ("", str(period))]
    return CountedSheet(store, table, [part for part in parts if part.rows])


def _latest(parts: Sequence[SubmissionRows]) -> list[SubmissionRows]:
    """Of each team and year the latest submission that has rows at all."""
    latest: dict[tuple[str, str], SubmissionRows] = {}
    for part in parts:
        key = part.submission.team, part.submission.period[:4]
        best = latest.get(key)
        if part.sheet.rows and (not best or part.submission.period > best.submission.period):
            latest[key] = part
    chosen = {part.position for part in latest.values()}
    return [part for part in parts if part.position in chosen]
