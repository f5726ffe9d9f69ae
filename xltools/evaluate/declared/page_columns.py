"""The columns of a page: those of its widest table; all else takes whole ones of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from xltools.evaluate.blocks.canvas import LEFT
from xltools.evaluate.blocks.list_columns import SIGN

Span = tuple[int, int]  # first and last column of the page
_NARROWEST, _WIDEST = 980, 1560  # pixels of a page
_PLAIN = (96,) * 12  # of a page without a table
_GUTTER = 12
_EMPTY = 24  # columns narrower than this are gutters, also where a printed block stretches them
_LEAST = 72
_MORE = 96  # of a column that is added
_SQUEEZED = 0.6  # of what a column wants is enough where whole ones of the page do not give more


def widths_of(tables: Sequence[Sequence[int]]) -> list[int]:
    """The columns of a page for its tables, each given by the widths that its columns want."""
    most = max((*tables, ()), key=lambda one: (len(one), sum(one)))
    widths = list(most or _PLAIN)
    wide = [place for place, width in enumerate(widths) if width > SIGN]  # signs stay as wide
    limit = min(max(sum(widths), _NARROWEST), _WIDEST)
    spare = (limit - sum(widths)) / len(wide)
    for place in wide:
        widths[place] = max(_LEAST, round(widths[place] + spare))
    return widths


def side_by_side(widths: list[int], wanted: Sequence[Sequence[int]]) -> list[Span]:
    """Where parts stand beside each other, counted from 0; the page gets columns that it lacks.

    ``wanted`` are the widths of each part's columns: it gets as many columns at least.
    """
    missing = sum(map(len, wanted)) - len(widths)
    widths += [_MORE] * max(missing, 0)
    whole = sum(map(sum, wanted))
    ends = [0]
    for number in range(1, len(wanted)):
        goal = sum(map(sum, wanted[:number])) / whole * sum(widths)
        least = ends[-1] + len(wanted[number - 1])
        most = len(widths) - sum(map(len, wanted[number:]))
        ends.append(min(range(least, most + 1), key=lambda end: abs(sum(widths[:end]) - goal)))
    return [(a, b - 1) for a, b in pairwise([*ends, len(widths)])]


def with_gutters(widths: list[int], blocks: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Narrow columns between parts; where the parts of each block stand on the page then."""
    cuts = sorted({last for spans in blocks for _, last in spans[:-1]})
    moved = [LEFT + place + sum(cut < place for cut in cuts) for place in range(len(widths))]
    for cut in reversed(cuts):
        widths.insert(cut + 1, _GUTTER)
    return [[(moved[first], moved[last]) for first, last in spans] for spans in blocks]


def room(widths: Sequence[int], span: Span) -> int:
    """How many columns a table may have across a span of the page."""
    mine = widths[span[0] - LEFT : span[1] - LEFT + 1]
    return 1 + sum(width >= _EMPTY for width in mine[1:])


def spread(widths: Sequence[int], span: Span, wanted: Sequence[int]) -> list[Span]:
    """The columns of a span that each column of a table takes, as near as whole ones come.

    A narrow column between parts goes to the one before it.
    """
    mine = widths[span[0] - LEFT : span[1] - LEFT + 1]
    ends = [end for end in range(1, len(mine)) if mine[end] >= _EMPTY]
    scale = sum(mine) / sum(wanted)
    edges = [0]
    for number in range(1, len(wanted)):
        goal, least = sum(wanted[:number]) * scale, wanted[number - 1] * scale * _SQUEEZED
        behind = len(wanted) - number - 1
        possible = [end for end in ends if end > edges[-1]]
        possible = possible[: len(possible) - behind]
        wide = [end for end in possible if sum(mine[edges[-1] : end]) >= least]
        edges.append(min(wide or possible, key=lambda end: abs(sum(mine[:end]) - goal)))
    return [(span[0] + a, span[0] + b - 1) for a, b in pairwise([*edges, len(mine)])]
