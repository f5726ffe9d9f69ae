"""The same tables of several copies laid over each other; what differs between the copies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from xltools.check.identify.label_forms import bare, title_forms
from xltools.check.identify.near_matches import similarity
from xltools.check.locate.table_context import month_sheet
from xltools.draft.sketch.copy_sketch import ColumnSketch, CopySketch, Dropdown, TableSketch
from xltools.draft.sketch.table_heads import most_frequent
from xltools.draft.understand.header_words import label_of
from xltools.excel.reading.xlsx.declared_content import Validation
from xltools.ground.folding import fold

_JUDGED = 20_000
_SAMPLE = 100
_SAME_TABLE = 0.6  # of the headers of the smaller one
_SAME_HEADER = 0.75


class Column(msgspec.Struct, dict=True):
    """One column of a table as all copies show it: copy number → its sketch, first copy first."""

    cells: dict[int, ColumnSketch]
    aliases: list[str] = []

    @property
    def first(self) -> ColumnSketch:
        return next(iter(self.cells.values()))

    @cached_property
    def values(self) -> list[object]:
        """What stands in it, of all copies."""
        return [value for one in self.cells.values() for value in one.values]

    @cached_property
    def percent(self) -> set[int]:
        """Which of these values are shown as percentages."""
        found: set[int] = set()
        start = 0
        for one in self.cells.values():
            found.update(start + at for at in one.percent)
            start += len(one.values)
        return found

    @cached_property
    def filled(self) -> list[object]:
        """The values that say something."""
        return [v for v in self.values if v is not None and str(v).strip()]

    @cached_property
    def judged(self) -> tuple[list[object], set[int]]:
        """Values enough to judge their kind by, from all copies, and which show percentages."""
        step = 1 + len(self.values) // _JUDGED
        percent = {at // step for at in self.percent if at % step == 0}
        return self.values[::step], percent

    @cached_property
    def sample(self) -> list[object]:
        """Some of these, different ones from all over."""
        step = max(1, len(self.filled) // (4 * _SAMPLE))
        return list(dict.fromkeys(self.filled[::step]))[:_SAMPLE]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Number formats, the most frequent first."""
        return most_frequent([code for one in self.cells.values() for code in one.codes[:1]])

    @cached_property
    def validations(self) -> tuple[Validation, ...]:
        """The input checks of the first copy that has any."""
        return next((one.validations for one in self.cells.values() if one.validations), ())

    @cached_property
    def dropdown(self) -> Dropdown | None:
        """The first copy's whose words can be known, else the first there is."""
        all_of_them = [one.dropdown for one in self.cells.values() if one.dropdown]
        known = (one for one in all_of_them if one.known)
        return next(known, next(iter(all_of_them), None))

    @property
    def computed(self) -> bool:
        """Whether formulas fill it in at least half of the copies that hold anything in it."""
        by_formula = sum(one.computed for one in self.cells.values())
        typed = sum(not one.computed and any(one.values) for one in self.cells.values())
        return by_formula > 0 and by_formula >= typed

    @property
    def hidden(self) -> bool:
        return any(one.hidden for one in self.cells.values())

    @property
    def given(self) -> bool:
        """Whether it is filled before the workbook is sent: locked, or the rows' numbers."""
        return all(one.locked or one.numbering for one in self.cells.values())

    @property
    def says_nothing(self) -> bool:
        """Whether no copy has a value, a formula, a check or a note in it: a row's own title."""
        return not self.filled and not any(
            one.formulas or one.validations or one.note or one.codes for one in self.cells.values()
        )


class Table(msgspec.Struct):
    """One table as all copies show it: copy number → its sketch."""

    title: str
    sketches: dict[int, TableSketch]
    columns: list[Column]
    titles: list[str] = []
    """Other titles that its sheet has."""
    months: list[str] = []
    """Sheets of other months that hold the same table."""

    @property
    def first(self) -> TableSketch:
        return next(iter(self.sketches.values()))


def together(copies: Sequence[CopySketch]) -> list[Table]:
    """The tables of all copies, in the order of the first copy that has each."""
    tables: list[Table] = []
    for number, copy in enumerate(copies):
        taken: set[int] = set()
        for sketch in copy.tables:
            first = next(
                (tables[at] for at in sorted(taken) if _of_month(tables[at], sketch)), None
            )
            if first is not None:
                first.months = list(dict.fromkeys((*first.months, sketch.title)))
                continue
            at = next((at for at in _like(tables, sketch) if at not in taken), None)
            if at is None:
                tables.append(_begun(number, sketch))
                taken.add(len(tables) - 1)
            else:
                taken.add(at)
                _add(tables[at], number, sketch)
    for table in tables:
        table.columns = [one for one in table.columns if not (one.says_nothing and one.hidden)]
    return tables


def _of_month(table: Table, sketch: TableSketch) -> bool:
    """Whether a sheet is another month's of a table: where every month has one, all are read."""
    first, other = month_sheet(table.title), month_sheet(sketch.title)
    if not (first and other) or first[1] != other[1] or first[0] == other[0]:
        return False
    return [_word(one.first) for one in table.columns] == [_word(one) for one in sketch.columns]


def _begun(number: int, sketch: TableSketch) -> Table:
    columns = [Column({number: one}) for one in sketch.columns]
    return Table(sketch.title, {number: sketch}, columns)


def _like(tables: Sequence[Table], sketch: TableSketch) -> Iterator[int]:
    """Which tables a sketch may be a copy of: by title, then by headers."""
    forms = set(title_forms(sketch.title))
    for at, table in enumerate(tables):
        if any(forms & set(title_forms(title)) for title in (table.title, *table.titles)):
            yield at
    words = {_word(one) for one in sketch.columns}
    for at, table in enumerate(tables):
        known = {_word(one.first) for one in table.columns}
        if len(words & known) >= _SAME_TABLE * min(len(words), len(known)):
            yield at


def _word(column: ColumnSketch) -> str:
    return bare(label_of(column.pieces).zh)


def _add(table: Table, number: int, sketch: TableSketch) -> None:
    """Lay a copy's table over the others: by field names, by labels, then by similarity."""
    if fold(sketch.title) not in {fold(title) for title in (table.title, *table.titles)}:
        table.titles.append(sketch.title)
    table.sketches[number] = sketch
    rest = list(sketch.columns)
    for same in (_same_key, _same_word, _is_near):
        for one in list(rest):
            free = (column for column in table.columns if number not in column.cells)
            found = next((column for column in free if same(column, one)), None)
            if found is not None:
                _join(found, number, one)
                rest.remove(one)
    for one in rest:
        left = [c for c in table.columns if number in c.cells and c.cells[number].place < one.place]
        at = table.columns.index(left[-1]) + 1 if left else 0
        table.columns.insert(at, Column({number: one}))


def _join(column: Column, number: int, sketch: ColumnSketch) -> None:
    words = {_word(one) for one in column.cells.values()}
    column.cells[number] = sketch
    if _word(sketch) not in words:
        column.aliases.append(label_of(sketch.pieces).zh)


def _same_key(column: Column, sketch: ColumnSketch) -> bool:
    return bool(sketch.key) and sketch.key == column.first.key


def _same_word(column: Column, sketch: ColumnSketch) -> bool:
    return _word(sketch) in {_word(one) for one in column.cells.values()}


def _is_near(column: Column, sketch: ColumnSketch) -> bool:
    """Whether a header that no copy had before is another spelling of one at the same place."""
    if sketch.key and column.first.key:
        return False
    alike = similarity(_word(column.first), _word(sketch)) >= _SAME_HEADER
    return alike and abs(column.first.place - sketch.place) <= 1


def used_alone(column: Column, words: Sequence[str]) -> dict[str, int]:
    """The choices that only one of several copies uses, and which one."""
    using: dict[str, set[int]] = {}
    for number, one in column.cells.items():
        for value in one.values:
            if isinstance(value, str) and value.strip():
                using.setdefault(fold(value), set()).add(number)
    if len([one for one in column.cells.values() if any(one.values)]) < 3:
        return {}
    alone = ((word, using.get(fold(word), set())) for word in words)
    return {word: next(iter(numbers)) for word, numbers in alone if len(numbers) == 1}
