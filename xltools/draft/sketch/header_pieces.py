"""The words of a header: of one row, of rows over each other, of rows in two languages."""

from __future__ import annotations

from xltools.check.locate.header_rows import grouped_header, merged_header
from xltools.draft.sketch.table_heads import Head
from xltools.excel.reading.workbook_model import SheetCells
from xltools.ground.folding import fold


def header_pieces(cells: SheetCells, head: Head) -> tuple[dict[int, tuple[str, ...]], int, int]:
    """Each header's words from the top down, and the header's first and last row."""
    top = _topmost(cells, head)
    texts = {c: v for c, v in enumerate(cells.rows[top - 1], 1) if isinstance(v, str) and v.strip()}
    several = merged_header(top, texts, cells)
    if several is None and head.first == head.bottom + 1:
        several = grouped_header(top, texts, cells)
    translated = _translated(cells, head) if several is None else None
    if translated is not None:
        return {c: (upper, lower) for c, (upper, lower) in translated.items()}, top, top + 1
    if several is None:
        return {c: (str(cells.at(head.top, c)),) for c in head.columns}, head.top, head.bottom
    words, bottom = several
    last = max(bottom, head.bottom)
    inside = range(head.columns[0], max(head.columns[-1], *words) + 1)
    return _telling({c: tuple(words[c]) for c in words if c in inside}), top, last


def _telling(words: dict[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """As many of the lowest words as tell all columns apart."""
    for count in range(1, max(map(len, words.values()))):
        shorter = {c: pieces[-count:] for c, pieces in words.items()}
        if len({fold("".join(pieces)) for pieces in shorter.values()}) == len(words):
            return shorter
    return words


def _topmost(cells: SheetCells, head: Head) -> int:
    """The first row of a header whose words for groups stand above it in merged cells."""
    top, width = head.top, len(head.columns)
    while top > 1 and head.top - top < 2:
        above = [
            box for box in cells.merges if box[0] < top <= box[2] or box[0] == box[2] == top - 1
        ]
        groups = [box for box in above if 0 < box[3] - box[1] < width - 1 or box[2] >= top]
        if not groups:
            break
        top = min(top - 1, *(box[0] for box in groups))
    return max(top, 1)


def _translated(cells: SheetCells, head: Head) -> dict[int, tuple[str, str]] | None:
    """Two header rows that say the same in two languages."""
    pairs = {
        c: (str(cells.at(head.top, c)), below)
        for c in head.columns
        if isinstance(below := cells.at(head.top + 1, c), str) and below.strip()
    }
    if len(pairs) < len(head.columns) or head.first > head.bottom + 2:
        return None
    languages = [{str(pair[at]).isascii() for pair in pairs.values()} for at in (0, 1)]
    if languages not in ([{True}, {False}], [{False}, {True}]) or head.keys:
        return None
    return pairs
