"""Sheets and columns: labels, names, kinds, what is required, limits, hints, examples."""

from __future__ import annotations

from msgspec.structs import replace

from xltools.check.identify.label_forms import bare, header_keys
from xltools.definition import ColumnDef, LocalText, SheetDef
from xltools.draft.copies_together import Column, Table
from xltools.draft.make.column_kinds import Found, kind_of, limits_of
from xltools.draft.make.draft_choices import add_choices
from xltools.draft.make.drafted import DraftedColumn, DraftedSheet, DraftState, short
from xltools.draft.understand.header_words import (
    bare_header,
    free_name,
    label_of,
    name_of,
    says_required,
    says_unique,
    unit_of,
)
from xltools.ground.folding import fold
from xltools.locale import say

_LONGEST_HINT = 200
_FEWEST_ROOM = 12  # rows below which a range is no sign of how many are meant
_MOST_ROOM = 2_000
_EVERY = 3  # rows from which on "filled in every row" says something
_MANY = 10
_NO_NAMES = ("choices", "parameters", "library")  # of sheets: expressions mean other things


def add_sheet(state: DraftState, table: Table) -> None:
    """Add a sheet with its columns, each judged by itself."""
    title = _title(table.title)
    shipped = state.words.sheet(table.title)
    if shipped and title.zh == title.en and not title.zh.isascii():
        title = LocalText(title.zh, shipped.title.en)
    wanted = (shipped.name if shipped else "") or name_of(title.en)
    wanted = wanted or f"sheet_{len(state.sheets) + 1}"
    taken = [*(one.name for one in state.sheets), *_NO_NAMES]
    sheet = DraftedSheet(table, free_name(wanted, taken), title, [])
    labels: set[str] = set()
    for column in table.columns:
        sheet.columns.append(_column(state, sheet, column, labels, shipped))
    _say_filled(state, sheet)
    _make_room(state, sheet)
    if table.months:
        months = ", ".join(table.months)
        sheet.notes.append(say("draft.note.months", state.lang, sheets=months))
    if table.first.others:
        others = ", ".join(table.first.others)
        sheet.notes.append(say("draft.note.others", state.lang, ranges=others))
    state.sheets.append(sheet)


def _title(text: str) -> LocalText:
    label = label_of((text,))
    return label if label.zh != label.en else LocalText(text.strip("' "), text.strip("' "))


def _column(
    state: DraftState,
    sheet: DraftedSheet,
    column: Column,
    labels: set[str],
    shipped: SheetDef | None,
) -> DraftedColumn:
    label, known = _label(state, column, labels, shipped)
    header = f"{label.zh} {label.en}"
    found = kind_of(column, header, unit_of(column.first.pieces), _likely(known, column))
    drafted = DraftedColumn(
        column,
        ColumnDef(
            name=_name(state, sheet, column, label, known, found),
            label=label,
            kind=found.kind,
            unit=found.unit,
            # The copies may show that a mark is not always meant.
            required=_is_marked(column) and len(column.filled) * 2 >= len(column.values),
            unique=any(says_unique(f"{one.prompt}\n{one.error}") for one in column.validations),
            hidden=column.hidden,
            given=column.given and not column.computed,
            aliases=_aliases(column, label),
            hint=_hint(column),
        ),
        guess=found.guess and not column.computed,
    )
    add_choices(state, drafted)
    _say_doubts(state, drafted, found)
    _limit(state, drafted)
    drafted.column = replace(drafted.column, example=_example(state, drafted))
    return drafted


def _label(
    state: DraftState, column: Column, labels: set[str], shipped: SheetDef | None
) -> tuple[LocalText, ColumnDef | None]:
    """A label that no other column has, and the shipped column of that header."""
    label = label_of(column.first.pieces)
    label = label if label.zh else LocalText("-", "-")
    known = state.words.column(label, shipped)
    if known and label.zh == label.en:
        zh, en = known.label.all
        if not label.zh.isascii():
            label = LocalText(label.zh, en)
        elif shipped:  # else English words may mean other things
            label = LocalText(zh, label.en)
    made, count = label, 1
    while {fold(made.zh), fold(made.en)} & labels:
        count += 1
        made = LocalText(f"{label.zh} {count}", f"{label.en} {count}")
    labels.update((fold(made.zh), fold(made.en)))
    return made, known


def _likely(known: ColumnDef | None, column: Column) -> str:
    """The kind of a shipped column of that header; only the program itself fills in ids."""
    if known is None or (known.kind == "id" and not column.given):
        return ""
    return known.kind


def _aliases(column: Column, label: LocalText) -> tuple[str, ...]:
    """Other headers of the copies, and those that say both languages in one line."""
    known = {form for text in label.all for form in (fold(text), bare(text))}
    found = dict.fromkeys(column.aliases)
    for one in column.cells.values():
        ends = ("".join(one.pieces[at:]) for at in range(len(one.pieces)))
        forms = {form for text in (*ends, *one.pieces) for form in header_keys(text)}
        if not forms & {*known, *(form for text in found for form in header_keys(text))}:
            found[bare_header("".join(one.pieces))] = None
    return tuple(text for text in found if text)


def _name(
    state: DraftState,
    sheet: DraftedSheet,
    column: Column,
    label: LocalText,
    known: ColumnDef | None,
    found: Found,
) -> str:
    """A field name, the name of the column's range, the shipped one, English words, its place."""
    keys = [one.key for one in column.cells.values() if one.key]
    wanted = name_of(keys[0]) if keys else ""
    wanted = wanted or _range_name(state, sheet.table, column) or (known.name if known else "")
    offered = column.dropdown is not None and column.dropdown.known
    kind = "choice" if offered else found.kind
    wanted = wanted or name_of(label.en) or f"{kind}_{column.first.place}"
    return free_name(wanted, [one.column.name for one in sheet.columns])


def _range_name(state: DraftState, table: Table, column: Column) -> str:
    """The defined name of just this column's cells."""
    for number, one in column.cells.items():
        title, first = table.sketches[number].title, table.sketches[number].first
        for name, (home, (top, left, bottom, right)) in state.copies[number].names.items():
            whole = left == right == one.place and abs(top - first) <= 1 and bottom > top
            if home == title and whole and "[" not in name and name.isascii():
                return name_of(name)
    return ""


def _is_marked(column: Column) -> bool:
    """Whether its header, or what stands beside it, says that it must be filled in."""
    if column.computed:
        return False
    cells = column.cells.values()
    prompts = (check.prompt for check in column.validations)
    return any(says_required(one.pieces, one.note, one.demand) for one in cells) or says_required(
        (), *prompts
    )


def _hint(column: Column) -> LocalText | None:
    """What an input message or a comment says, but for the words about being required."""
    words = [check.prompt for check in column.validations if check.prompt]
    words += [one.note for one in column.cells.values() if one.note]
    lines = [line.strip() for line in words[0].splitlines()] if words else []
    kept = " ".join(line for line in lines if line and not says_required((), line))
    kept = kept if len(kept) <= _LONGEST_HINT else kept[: _LONGEST_HINT - 1] + "…"
    return LocalText(kept, kept) if kept else None


def _say_doubts(state: DraftState, drafted: DraftedColumn, found: Found) -> None:
    """Note guesses, values that do not fit, marks that the copies do not follow."""
    column = drafted.source
    if _is_marked(column) and not drafted.column.required:
        blank = len(column.values) - len(column.filled)
        drafted.notes.append(say("draft.note.marked", state.lang, count=blank))
    if drafted.guess:
        drafted.notes.append(say("draft.note.kind", state.lang))
    if found.refused and drafted.column.kind == found.kind:
        odd = " / ".join(found.refused[:3])
        drafted.notes.append(say("draft.note.odd", state.lang, values=odd))
    numbers = [v for v in column.filled if isinstance(v, int | float)]
    free = drafted.column.kind == "number" and not (column.computed or column.validations)
    if free and len(numbers) >= _MANY and min(numbers) >= 0:
        drafted.notes.append(say("draft.note.least", state.lang, least=f"{min(numbers):g}"))


def _limit(state: DraftState, drafted: DraftedColumn) -> None:
    """Set the least and most that checks allow; other limits are noted."""
    if drafted.source.computed:
        return
    least, most, rest = limits_of(drafted.source, drafted.column.kind)
    drafted.column = replace(drafted.column, min=least, max=most)
    for check in rest:
        if check.kind in ("textLength", "date", "time", "whole", "decimal"):
            limits = " / ".join(text for text in (check.first, check.second) if text)
            form = short(f"{check.kind} {check.operator} {limits}")
            drafted.notes.append(say("draft.note.limit", state.lang, check=form))


def _example(state: DraftState, drafted: DraftedColumn) -> str | float | None:
    """What the workbook's own example row says."""
    examples = (one.example for one in drafted.source.cells.values())
    value = next((one for one in examples if one is not None), None)
    if value is None or value == "" or drafted.source.computed:
        return None
    if drafted.column.choices:
        return state.choice_names(drafted.column.choices).get(fold(str(value)))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return str(value)[:10] if drafted.column.kind == "date" else str(value)


def _say_filled(state: DraftState, sheet: DraftedSheet) -> None:
    """Note the columns that are filled in every row, once for the sheet."""
    found = [
        one.column.name
        for one in sheet.columns
        if not (one.source.computed or one.column.required or one.column.given)
        and len(one.source.filled) == len(one.source.values) >= _EVERY
    ]
    if found:
        rows = sum(len(one.rows) for one in sheet.table.sketches.values())
        names = ", ".join(found)
        sheet.notes.append(say("draft.note.always", state.lang, count=rows, columns=names))


def _make_room(state: DraftState, sheet: DraftedSheet) -> None:
    """As many rows as the workbook has prepared."""
    first = sheet.table.first
    ends = [
        bottom
        for column in first.columns
        for check in column.validations
        for top, left, bottom, right in check.ranges
        if left <= column.place <= right and top < bottom < 1_000_000
    ]
    rows = max(ends, default=0) - first.first + 1
    if _FEWEST_ROOM < rows <= _MOST_ROOM:
        sheet.capacity = rows
    elif rows > _MOST_ROOM:
        sheet.notes.append(say("draft.note.capacity", state.lang, rows=rows))
