"""Text layout for terminals, where a Chinese character is two columns wide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import east_asian_width

_WORD = re.compile(r"[!-~…→–—“”‘’]+|.", re.DOTALL)
_NEVER_FIRST = "，。；：、！？）》”’…"


def columns(words: str) -> int:
    """How many columns of a terminal these words take."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in words)


def wrapped(words: str, width: int) -> list[str]:
    """Lines no wider than that: broken at spaces, or between Chinese characters."""
    lines, line = [], ""
    for piece in _WORD.findall(words):
        # Two columns are kept for a comma, which may not begin a line.
        clings = columns(piece) <= 2 and piece[0] in _NEVER_FIRST
        if line and columns(line + piece) > width - 2 and not clings:
            lines.append(line.rstrip())
            line = ""
        if line or piece != " ":
            line += piece
    return [*lines, line.rstrip()] if line else lines


def side_by_side(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """How wide columns of cells are: their longest words fit, and the widest ones wrap first."""
    widths, wanted = [], []
    for cells in zip(*rows, strict=True):
        words = [word for cell in cells for word in _WORD.findall(cell)]
        widths.append(max(map(columns, words), default=0))
        wanted.append(max(map(columns, cells)) - widths[-1])
    spare = max(room - sum(widths), 0)
    for done, at in enumerate(sorted(range(len(widths)), key=wanted.__getitem__)):
        more = min(wanted[at], spare // (len(widths) - done))
        widths[at] += more
        spare -= more
    return widths


def fitted(words: str, width: int) -> str:
    """Words in lines of a cell of that width."""
    return words if columns(words) <= width else "\n".join(wrapped(words, width))


def listed(records: Sequence[tuple[str, str]], width: int) -> list[str]:
    """Names and what they mean, the meanings in a column of their own."""
    edge = max(columns(name) for name, _ in records) + 2
    lines = []
    for name, meaning in records:
        first, *rest = wrapped(meaning, width - 2 - edge) or [""]
        lines.append(name + " " * (edge - columns(name)) + first)
        lines += [" " * edge + line for line in rest]
    return lines
