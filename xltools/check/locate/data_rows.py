"""Which rows below a header are data: no blank ones, totals, notes, examples, repeated headers."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Literal

import msgspec

from xltools.check.identify.label_forms import normalised
from xltools.check.locate.example_rows import Examples, says_example
from xltools.check.locate.header_rows import is_of_template
from xltools.check.locate.sheet_tables import Table
from xltools.check.locate.total_rows import adds_others, adds_up, names_total, says_total
from xltools.excel.identity import MARK
from xltools.ground.folding import fold
from xltools.kinds import KINDS

Reason = Literal["total", "note", "example", "header", "stray"]

_NOTE = re.compile(
    r"[*※#]|(?:注|备注|说明|填表说明|提示|附注|note|notes|remark|remarks)\d*[:.、]"
    r"|(?:填表|制表|审核|审批|复核|填报|编制|批准|负责)人?[:：]|填[表报]日期[:：]"
)
# Without such a character no text names a total or an example, however it is written.
_TELLING = re.compile("[计計例总總均其]|[^\u4e00-\u9fff0-9（）、，。]")
_STRAY_GAP = 2
_FILLED = 3  # cells that a note does not fill


class Extent(msgspec.Struct):
    """The Excel rows that hold data, and the filled rows that were left out, with the reason.

    ``marked`` are rows of data that are marked as an example, but say something else; ``labels``
    are the words by which rows were left out; ``example`` is the row of the template's own example,
    0 for none.
    """

    rows: list[int]
    ignored: dict[int, Reason]
    marked: list[int] = []
    labels: dict[int, str] = {}
    example: int = 0


def extent_of(table: Table, examples: Examples) -> Extent:
    """Which rows below a table's header hold data, and why other filled ones do not."""
    typed = [
        column - 1
        for name, column in table.headers.places.items()
        if table.sheet.column(name).typed
    ]
    left, right = min(typed, default=0), max(typed, default=-1) + 1
    reader = _Rows(table, typed, examples)
    extent = Extent([], {})
    gap = 0
    first = table.band.bottom + 1
    grid = table.cells.rows
    troubled = {row for row, column in table.cells.errors if column - 1 in typed}
    troubled.update(*(table.cells.uncached.columns.get(column + 1, ()) for column in typed))
    reader.doubtful |= troubled
    for number in range(first, min(table.last_row, len(grid)) + 1):
        row = grid[number - 1]
        if reader.is_plainly_data(number, row):
            extent.rows.append(number)
            gap = 0
            continue
        reach = row[left:right]
        blank = reach.count(None) + reach.count("") == len(reach)  # most rows; counted at C speed
        filled = [] if blank else [c for c in typed if (v := row[c]) is not None and v != ""]
        if number in troubled:
            if reader.computes_total(number, filled):
                extent.ignored[number] = "total"
                continue
            extent.rows.append(number)
            gap = 0
        elif not filled or not any(_says(row[c]) for c in filled):
            gap += 1
            if reader.anything(number, row):
                extent.ignored[number] = "note"
        else:
            reason = reader.reason(number, row, filled, gap)
            if reason:
                extent.ignored[number] = reason
            else:
                extent.rows.append(number)
                gap = 0
    extent.marked, extent.labels, extent.example = reader.marked, reader.labels, reader.shipped
    return extent


def shipped_example(table: Table) -> int:
    """The row below the header where a template has its example; 0 where that stands above it."""
    band = table.band
    above = table.cells.rows[band.top - 2] if band.top > 1 else ()
    is_above = any(isinstance(text, str) and says_example(text) for text in above[:1])
    return 0 if band.below_keys or is_above or not is_of_template(band) else band.bottom + 1


def _caption_row(table: Table) -> int:
    """The last filled row above another table: where it holds one text, it is that one's title."""
    row = table.last_row if table.followed else 0
    while row and not any(value is not None and value != "" for value in table.cells.rows[row - 1]):
        row -= 1
    return row


def _says(value: object) -> bool:
    return not isinstance(value, str) or bool(value.strip())


class _Rows:
    """Judges single rows of one table."""

    def __init__(self, table: Table, typed: list[int], examples: Examples) -> None:
        self.width = len(typed)
        self.examples = examples
        self.marked: list[int] = []
        self.labels: dict[int, str] = {}
        self.caption = _caption_row(table)
        labels = {
            place: table.sheet.column(n).label.all for n, place in table.headers.places.items()
        }
        self.headers = {
            column - 1: {fold(text), *map(fold, labels.get(column, ()))}
            for column, text in table.band.texts.items()
            if column - 1 in typed
        }
        known = {column - 1 for column in table.headers.places.values()}
        own = known | {column - 1 for column in table.headers.own}
        self.outside = [column for column in range(table.cells.width) if column not in own]
        self.formulas = table.cells.formulas
        self.knows_formulas = any(
            word for words in self.formulas.columns.values() for word in words.values()
        )
        self.first = min(known, default=0)
        margin = any(column - 1 < self.first for column in table.headers.own)
        self.top = table.band.bottom + 1
        self.shipped = shipped_example(table)
        self.example = 0 if margin else self.shipped  # with a margin its mark stands there
        self.grid = table.cells.rows
        sheet = table.sheet
        names = {place - 1: name for name, place in table.headers.places.items()}
        self.amounts = [c for c in typed if KINDS[sheet.column(names[c]).kind].align == "right"]
        tree = {c.reference for c in sheet.columns if c.reference.startswith(f"{sheet.name}.")}
        summed = (self.formulas.columns.get(column + 1, ()) for column in self.amounts)
        self.computing = set[int]().union(*summed)
        self.keys = [p for p, name in names.items() if f"{sheet.name}.{name}" in tree]
        self.wide = {
            row
            for row, left, last, right in table.cells.merges
            if row == last and right > left and len(known.intersection(range(left - 1, right))) > 1
        }

        # What `is_plainly_data` goes by.
        self.typed = typed
        self.label = typed[0] if typed and typed[0] not in self.amounts else -1
        self.reach = min(typed, default=0), max(typed, default=-1) + 1
        self.untyped = self.reach[1] - self.reach[0] - len(typed)
        self.figures = [c for c in typed if KINDS[sheet.column(names[c]).kind].dtype != "str"]
        self.doubtful = self.computing | {self.example}
        self.calm: set[object] = {None, ""}  # texts that say nothing of their rows

    def is_plainly_data(self, number: int, row: list[object]) -> bool:
        """Whether one look tells a row of data, as most are; `reason` judges all others.

        Its first text names no total and no example, and its formulas sum nothing; where it begins
        with a text, it holds two more cells, one of them a figure, of which a header has none.
        """
        begins = row[self.label] if self.label >= 0 else None
        if begins is None or begins == "" or number in self.doubtful:
            return False
        label = begins
        if isinstance(begins, str):
            cells = row[self.reach[0] : self.reach[1]]
            filled = len(cells) - cells.count(None) - cells.count("")
            if filled < _FILLED + self.untyped:
                return False
            if all(row[column] is None or isinstance(row[column], str) for column in self.figures):
                return False
        else:
            label = next((v for c in self.typed if isinstance(v := row[c], str) and v), None)
        if label is None or not self._is_calm(label):
            return False
        return not self.first or self._is_calm(row[self.first - 1])

    def _is_calm(self, value: object) -> bool:
        """Whether a text names neither a total nor an example; no other value does."""
        if value in self.calm or not isinstance(value, str):
            return True
        if _TELLING.search(value) and (
            not value.strip() or says_example(value) or says_total(value) or names_total(value)
        ):
            return False
        self.calm.add(value)
        return True

    def anything(self, number: int, row: list[object]) -> bool:
        """Whether a row without typed values holds anything typed outside the known columns."""
        return any(
            isinstance(value := row[column], str)
            and value.strip()
            and (number, column + 1) not in self.formulas
            and not value.startswith(MARK)
            for column in takewhile(len(row).__gt__, self.outside)
        )

    def reason(self, number: int, row: list[object], filled: list[int], gap: int) -> Reason | None:
        """Why a filled row is no data; None when it is."""
        first = row[filled[0]]
        text = normalised(first).casefold() if isinstance(first, str) else ""
        if self._is_example(number, row, filled, text):
            return "example"
        if self._is_total(number, row, filled):
            return "total"
        if not text:
            return None
        if all(isinstance(row[column], str) for column in filled) and self._repeats_header(row):
            return "header"
        if len(filled) > 1 or self.width < 2:
            return "note" if len(filled) == 2 and _NOTE.match(text) else None
        if number in self.wide or number == self.caption or _NOTE.match(text):
            return "note"
        return "stray" if gap >= _STRAY_GAP else None

    def computes_total(self, number: int, filled: list[int]) -> bool:
        """Whether a row's amounts are sums over other rows; in a tree a goal sums its parts."""
        if number not in self.computing or any(column in filled for column in self.keys):
            return False
        held = [c for c in self.amounts if c in filled or (number, c + 1) in self.formulas]
        return bool(held) and adds_others(self.formulas, number, held)

    def _is_total(self, number: int, row: list[object], filled: list[int]) -> bool:
        inside = (v for c in filled if isinstance(v := row[c], str) and v.strip())
        texts = [text] if (text := next(inside, "")) else []
        if not texts:
            margin = (row[column] for column in self.outside if column < len(row))
            texts = [v for v in margin if isinstance(v, str) and v.strip()]
        if label := next((text for text in texts if says_total(text)), ""):
            self.labels[number] = label
            return True
        if self.computes_total(number, filled):
            return True
        amounts = [column for column in self.amounts if column in filled]
        unnamed = len(amounts) == len(filled)
        named = texts[0] if texts and names_total(texts[0]) else ""
        likely = unnamed or named or self._computes_unknown(number, row, amounts)
        if not (likely and adds_up(self.grid, self.top, number, amounts)):
            return False
        self.labels[number] = named
        return True

    def _computes_unknown(self, number: int, row: list[object], amounts: list[int]) -> bool:
        """Whether a row computes all its amounts in a file whose formulas cannot be read."""
        if self.knows_formulas or any(row[column] for column in self.keys):
            return False
        return all((number, column + 1) in self.formulas for column in amounts)

    def _is_example(self, number: int, row: list[object], filled: list[int], text: str) -> bool:
        """Whether a row only repeats the template's example; whatever is marked so otherwise."""
        margin = row[self.first - 1] if self.first else None
        labels = (row[filled[0]] if says_example(text) else "", margin)
        marked = next((one for one in labels if isinstance(one, str) and says_example(one)), "")
        if not marked and number != self.example:
            return False
        if self.examples.repeated(row, filled, here=number == self.example):
            self.labels[number] = marked
            return True
        if marked:
            self.marked.append(number)
        return False

    def _repeats_header(self, row: list[object]) -> bool:
        """Whether a row of texts says what the header says, in one language or the other."""
        same = sum(
            isinstance(value := row[column], str) and fold(value) in labels
            for column, labels in self.headers.items()
        )
        return same >= 2 and same * 2 >= len(self.headers)
