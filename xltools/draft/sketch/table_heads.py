"""Where the tables of a workbook stand: header rows, first rows of data, sheets that are none.

What declares cells of rows alike (input checks, names, Excel tables, formulas, frozen rows) tells
where data begins, which a blank workbook does not show otherwise; else the shape of the rows does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from xltools.check.locate.example_rows import says_example
from xltools.excel.identity import MARK, decode
from xltools.excel.reading.cells.surroundings import Box
from xltools.excel.reading.workbook_reader import SheetCells
from xltools.excel.reading.xlsx.declared_content import Declared
from xltools.ground.folding import fold

_SEARCHED = 60
_LONGEST = 160
_MOST_ABOVE = 14  # rows between a header and the first row of data
_FEWEST = 2
_WIDE = 0.6
_DIFFERENT = 0.5
_TEXTS = 0.8
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_+[A-Za-z0-9]+)+|_?[a-z][a-z0-9_]*")
_VALUE = re.compile(r"[-+$¥€￥]?[\d.,:/%\-年月日季度Qq]+%?")
_TALL = 2


class Head(msgspec.Struct):
    """A header: its first and last row, where data may begin, and its columns.

    ``keys`` are the names that machines use, from a row of field names; ``own`` columns that this
    program filled for its live checks.
    """

    top: int
    bottom: int
    first: int
    columns: list[int]
    keys: dict[int, str] = {}
    own: frozenset[int] = frozenset()
    sure: bool = False
    """Whether something declares that rows follow."""
    others: list[Box] = []
    example: int = 0
    """The row of an example that stands outside of the data."""


def find_header(cells: SheetCells, declared: Declared, named: Sequence[Box]) -> Head | None:
    """The header of a sheet's largest table, with the ranges of the others; None without any."""
    keyed = _keyed(cells)
    if keyed is not None:
        return keyed
    starts = _starts(declared, named)
    head = _below_hint(cells, declared, starts) or _by_shape(cells, declared)
    if head is None:
        return None
    head.keys = _field_names(cells, head)
    return _largest(cells, declared, head)


def _keyed(cells: SheetCells) -> Head | None:
    """The header beside a key row of this program's own forms."""
    for row, values in enumerate(cells.rows[:_SEARCHED], 1):
        texts = {c: v for c, v in enumerate(values, 1) if isinstance(v, str) and v}
        mark = next((c for c, text in texts.items() if text.startswith(f"{MARK}|")), 0)
        if not mark or decode(texts[mark]) is None:
            continue
        own = frozenset({c for c, key in texts.items() if key.startswith("_")} | {mark})
        keys = {c: key for c, key in texts.items() if c not in own}
        near = range(max(row - 1, 1), row + 3)
        header = max(near, key=lambda one: sum("\n" in str(cells.at(one, c)) for c in keys))
        example = next((one for one in near if one != header and _is_example(cells, one)), 0)
        first = max(row, header) + 1
        return Head(header, header, first, sorted(keys), keys, own, sure=True, example=example)
    return None


def _starts(declared: Declared, named: Sequence[Box]) -> list[tuple[int, set[int]]]:
    """First rows of data that something declares, the most agreed first, with their columns."""
    votes: dict[int, set[int]] = {}
    boxes = [box for check in declared.validations for box in check.ranges]
    for top, left, bottom, right in [*boxes, *named]:
        if bottom - top + 1 >= _TALL and top > 1:
            votes.setdefault(top, set()).update(range(left, min(right, left + 200) + 1))
    for top, left, _, right in declared.tables.values():
        votes.setdefault(top + 1, set()).update(range(left, right + 1))
    for column, row in _formula_starts(declared).items():
        votes.setdefault(row, set()).add(column)
    return sorted(votes.items(), key=lambda vote: (-len(vote[1]), vote[0]))


def _formula_starts(declared: Declared) -> dict[int, int]:
    """Columns that formulas fill from some row on, and that row."""
    found: dict[int, int] = {}
    for row, column in sorted(declared.formulas):
        if column not in found and row > 1 and (row + 1, column) in declared.formulas:
            found[column] = row
    return found


def _below_hint(
    cells: SheetCells, declared: Declared, starts: list[tuple[int, set[int]]]
) -> Head | None:
    """The last row of headers above the most agreed first row of data."""
    for start, columns in starts[:3]:
        for row in range(start - 1, max(start - 1 - _MOST_ABOVE, 0), -1):
            texts = header_texts(cells, declared, row)
            if not texts or is_field_row(texts) or _is_example(cells, row):
                continue
            if columns.intersection(texts) or len(columns) == 1:
                return Head(row, row, start, sorted(texts), sure=True)
    return None


def header_texts(cells: SheetCells, declared: Declared, row: int) -> dict[int, str]:
    """The words of a row that may be a header, by column; nothing where it cannot be one."""
    if not 1 <= row <= len(cells.rows):
        return {}
    filled = {c: v for c, v in enumerate(cells.rows[row - 1], 1) if is_filled(v)}
    texts = {c: v for c, v in filled.items() if isinstance(v, str) and v.strip()}
    if len(texts) < _FEWEST or len(texts) < _TEXTS * len(filled):
        return {}
    if any((row, c) in declared.formulas or (row, c) in cells.formulas for c in texts):
        return {}
    if any(len(text) > _LONGEST for text in texts.values()):
        return {}
    different = {fold(text) for text in texts.values()}
    values = sum(_VALUE.fullmatch(text.strip()) is not None for text in texts.values())
    if len(different) < max(_FEWEST, _DIFFERENT * len(texts)) or values > 0.3 * len(texts):
        return {}
    return texts


def is_field_row(texts: dict[int, str]) -> bool:
    """Whether a row holds names for machines: ``Project_Name__c``."""
    fields = sum(_FIELD.fullmatch(text.strip()) is not None for text in texts.values())
    snakes = sum("_" in text for text in texts.values())
    return fields >= 0.8 * len(texts) and snakes >= 1


def _is_example(cells: SheetCells, row: int) -> bool:
    values = cells.rows[row - 1] if row <= len(cells.rows) else []
    return any(isinstance(v, str) and says_example(v) for v in values)


def _by_shape(cells: SheetCells, declared: Declared) -> Head | None:
    """The first row of headers that is as wide as what stands below it."""
    for row in range(1, min(len(cells.rows), _SEARCHED) + 1):
        texts = header_texts(cells, declared, row)
        if not texts or is_field_row(texts):
            continue
        if len(texts) < _WIDE * _width_below(cells, row):
            continue
        if len(texts) == _FEWEST and not _stands_alone(cells, row):
            continue
        return Head(row, row, row + 1, sorted(texts))
    return None


def _width_below(cells: SheetCells, row: int) -> int:
    """The widest of the rows that follow without a gap."""
    width = 0
    for values in cells.rows[row : row + _SEARCHED]:
        filled = sum(map(is_filled, values))
        if not filled:
            break
        width = max(width, filled)
    return width


def _stands_alone(cells: SheetCells, row: int) -> bool:
    """Whether two words head columns: no pair of a label and its value, as covers have them."""
    texts = [v for v in cells.rows[row - 1] if isinstance(v, str) and v.strip()]
    below = [values for values in cells.rows[row : row + _SEARCHED] if any(values)]
    if any(len(text) > 60 or text.rstrip().endswith((":", "：")) for text in texts):
        return False
    return sum(sum(map(is_filled, values)) >= _FEWEST for values in below) >= 3


def _field_names(cells: SheetCells, head: Head) -> dict[int, str]:
    """The names that a row of field names gives columns, above the header or below it."""
    nearest = sorted(range(1, head.first), key=lambda row: abs(row - head.top))
    for row in nearest[: 2 * _MOST_ABOVE]:
        texts = {
            c: v.strip()
            for c in head.columns
            if isinstance(v := cells.at(row, c), str) and v.strip()
        }
        if len(texts) >= _WIDE * len(head.columns) and len(texts) > 1 and is_field_row(texts):
            return texts
    return {}


def _largest(cells: SheetCells, declared: Declared, head: Head) -> Head:
    """The largest of the tables that stand beside or below each other, the others as ranges."""
    tables = [*_beside(cells, head)]
    below = _below(cells, declared, head)
    if len(tables) + len(below) == 1:
        return head

    def order(one: Head) -> tuple[int, int, int]:
        """By how many cells it has, then from the top and left."""
        size = len(one.columns) * (1 + _end(cells, one) - one.bottom)
        return -size, one.top, one.columns[0]

    best, *others = sorted([*tables, *below], key=order)
    best.others = [(one.top, one.columns[0], _end(cells, one), one.columns[-1]) for one in others]
    return best


def _beside(cells: SheetCells, head: Head) -> Iterator[Head]:
    """The header cut where a column is blank from top to bottom."""
    runs: list[list[int]] = []
    for column in head.columns:
        if runs and not _gap(cells, head, runs[-1][-1] + 1, column):
            runs[-1].append(column)
        else:
            runs.append([column])
    if any(len(run) < _FEWEST for run in runs):
        runs = [head.columns]
    for run in runs:
        yield msgspec.structs.replace(
            head, columns=run, keys={c: k for c, k in head.keys.items() if c in run}
        )


def _gap(cells: SheetCells, head: Head, start: int, stop: int) -> bool:
    """Whether some column between two headers is blank all the way down."""
    rows = range(head.top, len(cells.rows) + 1)
    return any(
        not any(is_filled(cells.at(row, column)) for row in rows) for column in range(start, stop)
    )


def _below(cells: SheetCells, declared: Declared, head: Head) -> list[Head]:
    """Headers further down, after a gap or a title: words over numbers, not over more words."""
    found: list[Head] = []
    for row in range(head.first + 1, len(cells.rows) + 1):
        if sum(map(is_filled, cells.rows[row - 2])) >= _FEWEST or row > 2_000:
            continue
        texts = header_texts(cells, declared, row)
        if len(texts) > _FEWEST and _heads_numbers(cells, row, texts):
            found.append(Head(row, row, row + 1, sorted(texts)))
    return found


def _heads_numbers(cells: SheetCells, row: int, texts: dict[int, str]) -> bool:
    """Whether below words there are numbers or dates, and above them none in half the columns."""
    if row >= len(cells.rows):
        return False
    below = (cells.at(row + 1, c) for c in texts)
    return any(not isinstance(value, str | bool) and is_filled(value) for value in below)


def _end(cells: SheetCells, head: Head) -> int:
    last = head.bottom
    for row in range(head.first, len(cells.rows) + 1):
        if not any(is_filled(cells.at(row, c)) for c in head.columns):
            break
        last = row
    return last


def is_filled(value: object) -> bool:
    """Whether a cell holds anything; "" is what a formula shows that gives nothing."""
    return value is not None and value != ""


def most_frequent(texts: Sequence[str]) -> tuple[str, ...]:
    """Different texts, the most frequent first, ties in order."""
    counts = Counter(texts)
    return tuple(sorted(counts, key=lambda text: (-counts[text], texts.index(text))))
