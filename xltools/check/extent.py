"""Which rows below a header are data: no blank ones, totals, notes, examples, repeated headers."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from xltools.check.locate import Table
from xltools.check.wording import narrow
from xltools.definition import LocalText
from xltools.excel.identity import MARK
from xltools.folding import fold

Reason = Literal["total", "note", "example", "header", "stray"]

_TOTAL = re.compile(
    r"(?:总|合|小|共)计|本[月季年页期]?(?:合计|小计|总计)|累计|总和|汇总|(?:sub|grand)?totals?|sum"
)
_NOTE = re.compile(
    r"[*※#]|(?:注|备注|说明|填表说明|提示|附注|note|notes|remark|remarks)\d*[:.、]"
    r"|(?:填表|制表|审核|审批|复核|填报|编制|批准|负责)人?[:：]|填[表报]日期[:：]"
)
_EXAMPLE = re.compile(r"(?:示例|样例|范例|例如|例|example|sample|e\.g\.?)(?:行)?(?:[:：(]|$)")
_STRAY_GAP = 2
_HINT_LINE = 2
_LEAST_EXAMPLE = 4
_SAME_EXAMPLE = 0.8


class Extent(msgspec.Struct):
    """The Excel rows that hold data, and the filled rows that were left out, with the reason."""

    rows: list[int]
    ignored: dict[int, Reason]


def extent_of(table: Table) -> Extent:
    """Go through the rows below the header."""
    typed = [
        column - 1
        for name, column in table.headers.places.items()
        if table.sheet.column(name).typed
    ]
    left, right = min(typed, default=0), max(typed, default=-1) + 1
    reader = _Rows(table, typed)
    rows: list[int] = []
    ignored: dict[int, Reason] = {}
    gap = 0
    first = table.band.bottom + 1
    grid = table.cells.rows
    troubled = {row for row, column in table.cells.errors if column - 1 in typed}
    troubled |= {row for row, column in table.cells.uncached if column - 1 in typed}
    for number in range(first, min(table.last_row, len(grid)) + 1):
        row = grid[number - 1]
        reach = row[left:right]
        blank = reach.count(None) + reach.count("") == len(reach)  # most rows; told at C speed
        filled = [] if blank else [c for c in typed if (v := row[c]) is not None and v != ""]
        if number in troubled:
            rows.append(number)
            gap = 0
        elif not filled or not any(_says(row[c]) for c in filled):
            gap += 1
            if reader.anything(number, row):
                ignored[number] = "note"
        else:
            reason = reader.reason(number, row, filled, gap)
            if reason:
                ignored[number] = reason
            else:
                rows.append(number)
                gap = 0
    return Extent(rows, ignored)


def _caption_row(table: Table) -> int:
    """The last filled row above another table: where it holds one text, it is that one's title."""
    row = table.last_row if table.followed else 0
    while row and not any(value is not None and value != "" for value in table.cells.rows[row - 1]):
        row -= 1
    return row


def _is_ours(table: Table) -> bool:
    """Whether a template's header stands here: an example then stands below it."""
    headers = table.band.texts.values()
    return bool(table.band.keyed) or any(text.count("\n") >= _HINT_LINE for text in headers)


def _examples(table: Table) -> dict[int, set[str]]:
    """What the definition's example says in each place, in every language."""
    found: dict[int, set[str]] = {}
    for name, place in table.headers.places.items():
        example = table.sheet.column(name).example
        texts = example.all if isinstance(example, LocalText) else (example,)
        found[place - 1] = {_folded(text) for text in texts if text is not None}
    return found


def _folded(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else fold(str(value))


def _says(value: object) -> bool:
    return not isinstance(value, str) or bool(value.strip())


class _Rows:
    """Judges single rows of one table."""

    def __init__(self, table: Table, typed: list[int]) -> None:
        self.width = len(typed)
        self.caption = _caption_row(table)
        self.headers = {
            column - 1: fold(text)
            for column, text in table.band.texts.items()
            if column - 1 in typed
        }
        known = {column - 1 for column in table.headers.places.values()}
        own = known | {column - 1 for column in table.headers.own}
        width = len(table.cells.rows[0]) if table.cells.rows else 0
        self.outside = [column for column in range(width) if column not in own]
        self.formulas = table.cells.formulas
        self.first = min(known, default=0)
        margin = any(column - 1 < self.first for column in table.headers.own)
        ours = not margin and _is_ours(table)
        self.example = table.band.bottom + 1 if ours else 0
        self.examples = _examples(table)
        self.wide = {
            row
            for row, left, last, right in table.cells.merges
            if row == last and right > left and len(known.intersection(range(left - 1, right))) > 1
        }

    def anything(self, number: int, row: list[object]) -> bool:
        """Whether a row without typed values holds anything typed outside the known columns."""
        return any(
            isinstance(value := row[column], str)
            and value.strip()
            and (number, column + 1) not in self.formulas
            and not value.startswith(MARK)
            for column in self.outside
        )

    def reason(self, number: int, row: list[object], filled: list[int], gap: int) -> Reason | None:
        """Why a filled row is no data; None when it is."""
        first = row[filled[0]]
        text = narrow(first).casefold() if isinstance(first, str) else ""
        margin = row[self.first - 1] if self.first else None
        if isinstance(margin, str) and _EXAMPLE.match(narrow(margin).casefold()):
            return "example"
        if number == self.example and self._is_example(row, filled):
            return "example"
        if not text:
            return None
        if _TOTAL.fullmatch(fold(text).rstrip(":")):
            return "total"
        if _EXAMPLE.match(text):
            return "example"
        if all(isinstance(row[column], str) for column in filled) and self._repeats_header(row):
            return "header"
        if len(filled) > 1 or self.width < 2:
            return "note" if len(filled) == 2 and _NOTE.match(text) else None
        if number in self.wide or number == self.caption or _NOTE.match(text):
            return "note"
        return "stray" if gap >= _STRAY_GAP else None

    def _is_example(self, row: list[object], filled: list[int]) -> bool:
        """Whether the first row only says what the template's own example says."""
        same = sum(_folded(row[column]) in self.examples.get(column, ()) for column in filled)
        return same >= _LEAST_EXAMPLE and same >= _SAME_EXAMPLE * len(filled)

    def _repeats_header(self, row: list[object]) -> bool:
        """Whether a row of texts says what the header says."""
        same = sum(
            isinstance(value := row[column], str) and fold(value) == label
            for column, label in self.headers.items()
        )
        return same >= 2 and same * 2 >= len(self.headers)
