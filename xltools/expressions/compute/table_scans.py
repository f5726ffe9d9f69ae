"""The functions over other rows, on tables: grouped, never row by row.

Rows and this row's conditions get one code per combination of group and equal keys. Without
order conditions each code is reduced once and handed to the rows that ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec
import numpy as np
import pandas as pd

from xltools.expressions.compute.column_arrays import Array, Floats, Positions, Truths, present

_MOST_PAIRS = 2_000_000
_COMPARE = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}


class Order(msgspec.Struct, frozen=True):
    """A condition that compares: the scanned column against this row's bound."""

    column: Floats
    bound: Floats
    operator: str

    def holds(self, rows: Positions, own: Positions) -> Truths:
        """Where it holds, for pairs of a scanned row and an own row."""
        column, bound = self.column[rows], self.bound[own]
        return np.asarray(_COMPARE[self.operator](column, bound))


class Wanted(msgspec.Struct, frozen=True):
    """A scan: the function, the scanned column and what orders it (``latest``)."""

    function: str
    column: Array
    by: Floats | None


def scan(
    wanted: Wanted, own_rows: int, keys: list[tuple[Positions, Positions]], orders: list[Order]
) -> Array:
    """One value per own row; ``keys`` are codes of a scanned column and of own values."""
    theirs, ours, size = _coded(len(wanted.column), own_rows, keys)
    usable = (theirs >= 0) & present(wanted.column)
    if wanted.by is not None:
        usable &= present(wanted.by)
    rows = np.flatnonzero(usable)
    if not orders:
        return _taken(_reduced(wanted, theirs[rows], rows, size), ours, wanted)
    if len(orders) == 1 and wanted.function in ("total", "count"):
        return _running(wanted, rows, theirs, ours, orders[0])
    return _paired(wanted, rows, theirs, ours, orders)


def _coded(
    their_rows: int, own_rows: int, keys: list[tuple[Positions, Positions]]
) -> tuple[Positions, Positions, int]:
    theirs, ours = np.zeros(their_rows, dtype=np.intp), np.zeros(own_rows, dtype=np.intp)
    for left, right in keys:
        width = int(max(left.max(initial=-1), right.max(initial=-1))) + 2
        for combined, added in ((theirs, left), (ours, right)):
            combined[:] = np.where((combined < 0) | (added < 0), -1, combined * width + added)
        theirs, ours = _compact(theirs, ours)
    return theirs, ours, int(max(theirs.max(initial=-1), ours.max(initial=-1))) + 1


def _compact(theirs: Positions, ours: Positions) -> tuple[Positions, Positions]:
    found, values = pd.factorize(np.concatenate([theirs, ours]))
    found = np.where(np.asarray(values)[found] < 0, -1, found).astype(np.intp)
    return found[: len(theirs)].copy(), found[len(theirs) :].copy()


def _reduced(wanted: Wanted, targets: Positions, rows: Positions, size: int) -> Array:
    """One value per target of the rows that belong to it; blank where there are none."""
    if wanted.function in ("total", "count"):
        counts = np.bincount(targets, minlength=size).astype(np.float64)
        if wanted.function == "count":
            return counts
        sums = np.bincount(targets, weights=wanted.column[rows], minlength=size)
        return np.where(counts > 0, sums, np.nan)
    winners = np.full(size, -1, dtype=np.intp)
    order = _ranking(wanted, targets, rows)
    winners[targets[order]] = rows[order]  # The last of equal targets stays.
    return _picked(wanted.column, winners)


def _ranking(wanted: Wanted, targets: Positions, rows: Positions) -> Positions:
    """An order of the rows in which the one that counts comes last of its target."""
    if wanted.function == "lookup":
        return np.lexsort((-rows, targets))
    values = wanted.column if wanted.by is None else wanted.by
    sign = -1 if wanted.function == "lowest" else 1
    return np.lexsort((rows, sign * values[rows], targets))


def _picked(column: Array, winners: Positions) -> Array:
    blank: Any = None if column.dtype == object else np.nan
    if not len(column):
        return np.full(len(winners), blank, dtype=column.dtype)
    return np.where(winners >= 0, column[winners], blank)


def _taken(per_code: Array, ours: Positions, wanted: Wanted) -> Array:
    if wanted.function == "count":
        return np.where(ours >= 0, per_code[ours], 0.0) if len(per_code) else np.zeros(len(ours))
    return _picked(per_code, ours)


def _running(
    wanted: Wanted, rows: Positions, theirs: Positions, ours: Positions, order: Order
) -> Array:
    """Totals and counts up to a bound: sums that run through each code's rows in order."""
    rows = rows[~np.isnan(order.column[rows])]
    sign = 1 if order.operator.startswith("<") else -1
    side: Literal["left", "right"] = "right" if order.operator.endswith("=") else "left"
    ranks = np.unique(
        np.concatenate([sign * order.column[rows], sign * order.bound]), return_inverse=True
    )[1]
    width = int(ranks.max(initial=0)) + 1
    keys = theirs[rows] * width + ranks[: len(rows)]
    sequence = np.argsort(keys, kind="stable")
    rows, keys = rows[sequence], keys[sequence]
    added = wanted.column[rows] if wanted.function == "total" else np.ones(len(rows))
    running = pd.Series(added).groupby(theirs[rows]).cumsum().to_numpy()
    asked = ours * width + ranks[len(theirs[rows]) :]
    at = np.searchsorted(keys, asked, side=side) - 1
    found = (at >= 0) & (ours >= 0) & ~np.isnan(order.bound)
    if len(rows):
        found &= theirs[rows][at] == ours
        return np.where(found, running[at], 0.0 if wanted.function == "count" else np.nan)
    return np.full(len(ours), 0.0 if wanted.function == "count" else np.nan)


def _paired(
    wanted: Wanted, rows: Positions, theirs: Positions, ours: Positions, orders: list[Order]
) -> Array:
    """Every pair of an own row and a scanned row of its code, tried in portions."""
    rows = rows[np.argsort(theirs[rows], kind="stable")]
    sorted_codes = theirs[rows]
    first = np.searchsorted(sorted_codes, ours, side="left")
    number = np.searchsorted(sorted_codes, ours, side="right") - first
    number = np.where(ours >= 0, number, 0)
    parts = []
    for start, stop in _portions(number):
        mine = np.repeat(np.arange(start, stop), number[start:stop])
        ends = np.cumsum(number[start:stop])
        within = np.arange(len(mine)) - np.repeat(ends - number[start:stop], number[start:stop])
        other = rows[np.repeat(first[start:stop], number[start:stop]) + within]
        holds = np.ones(len(mine), dtype=bool)
        for order in orders:
            holds &= order.holds(other, mine)
        parts.append(_reduced(wanted, mine[holds] - start, other[holds], stop - start))
    return np.concatenate(parts) if parts else np.zeros(0)


def _portions(number: Positions) -> Iterator[tuple[int, int]]:
    ends = np.cumsum(number)
    start = 0
    while start < len(number):
        before = ends[start - 1] if start else 0
        stop = int(np.searchsorted(ends, before + _MOST_PAIRS, side="right"))
        stop = max(stop, start + 1)
        yield start, stop
        start = stop
