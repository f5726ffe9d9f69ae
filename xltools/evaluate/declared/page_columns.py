"""The columns of a page: those of its widest table; all else takes whole ones of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from xltools.evaluate.blocks.canvas import LEFT

Span = tuple[int, int]  # first and last column of the page
_NARROWEST, _WIDEST = 980, 1560  # pixels of a page
_PLAIN = (96,) * 12  # of a page without a table
_GUTTER = 12
_SIGN = 40  # pixels of a column that holds a sign and stays as it is
_LEAST = 72
_MORE = 96  # of a column that is added


def widths_of(tables: Sequence[Sequence[int]]) -> list[int]:
    """The columns of a page for its tables, each given by the widths that its columns want."""
    most = max((*tables, ()), key=lambda one: (len(one), sum(one)))
    widths = list(most or _PLAIN)
    wide = [place for place, width in enumerate(widths) if width > _SIGN]
    limit = min(max(sum(widths), _NARROWEST), _WIDEST)
    spare = (limit - sum(widths)) / len(wide)
    for place in wide:
        widths[place] = max(_LEAST, round(widths[place] + spare))
    return widths


def side_by_side(widths: list[int], wanted: Sequence[Sequence[int]]) -> list[Span]:
    """Where parts stand beside each other; the page gets narrow columns between them.

    ``wanted`` are the widths of each part's columns: it gets as many columns at least.
    """
    whole = sum(map(sum, wanted))
    missing = sum(map(len, wanted)) - len(widths)
    widths += [_MORE] * max(missing, 0)
    spans: list[Span] = []
    first, used = 0, 0.0
    for number, part in enumerate(wanted):
        used += sum(part)
        behind = sum(map(len, wanted[number + 1 :]))
        last = first + len(part) - 1
        goal = used / whole * sum(widths)
        while last < len(widths) - 1 - behind and sum(widths[: last + 2]) <= goal:
            last += 1
        if number == len(wanted) - 1:
            last = len(widths) - 1
        elif widths[last + 1] != _GUTTER:
            widths.insert(last + 1, _GUTTER)
        spans.append((LEFT + first, LEFT + last))
        first = last + 2
    return spans


def spread(widths: Sequence[int], span: Span, wanted: Sequence[int]) -> list[Span]:
    """The columns of a span that each column of a table takes, as near as whole ones come.

    A narrow column between parts goes to the one before it.
    """
    mine = widths[span[0] - LEFT : span[1] - LEFT + 1]
    ends = [end for end in range(1, len(mine)) if mine[end] != _GUTTER]
    edges = [0]
    for number in range(1, len(wanted)):
        goal = sum(wanted[:number]) / sum(wanted) * sum(mine)
        behind = len(wanted) - number - 1
        possible = [end for end in ends if end > edges[-1]]
        possible = possible[: len(possible) - behind]
        edges.append(min(possible, key=lambda end: abs(sum(mine[:end]) - goal)))
    return [(span[0] + a, span[0] + b - 1) for a, b in pairwise([*edges, len(mine)])]
