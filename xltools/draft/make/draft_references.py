"""References between tables, units of rows, and notes on what differs between the copies."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from xltools.draft.copies_together import Column, used_alone
from xltools.draft.make.drafted import DraftedColumn, DraftedSheet, DraftState
from xltools.draft.sketch.copy_sketch import ColumnSketch
from xltools.ground.folding import fold
from xltools.locale import say

_UNIT = "unit"
_FEWEST = 3  # different values that show a reference


def add_references(state: DraftState) -> None:
    """Add references and units to all sheets, then notes on what differs between the copies."""
    for sheet in state.sheets:
        _units(sheet)
        for drafted in sheet.columns:
            _refer(state, sheet, drafted)
    used = {one.column.choices for sheet in state.sheets for one in sheet.columns}
    state.lists = {name: words for name, words in state.lists.items() if name in used}
    for sheet in state.sheets:
        _say_differences(state, sheet)


def _units(sheet: DraftedSheet) -> None:
    """Amounts of a table with a column of units are each in the unit of its row."""
    if any(one.column.name == _UNIT for one in sheet.columns):
        for one in sheet.columns:
            if one.column.kind == "measure":
                one.column = replace(one.column, unit_from=_UNIT)


def _refer(state: DraftState, sheet: DraftedSheet, drafted: DraftedColumn) -> None:
    column = drafted.source
    target = _read_by(state, column)
    if target:
        drafted.notes = []
    elif drafted.column.kind == "text" and not (column.computed or drafted.column.given):
        target = _holding(state, sheet, column)
        if target:
            drafted.notes.append(say("draft.note.reference", state.lang, column=target))
    if target:
        drafted.guess = False
        drafted.column = replace(drafted.column, kind="reference", reference=target, choices="")


def _read_by(state: DraftState, column: Column) -> str:
    """The drafted column that a dropdown reads."""
    for number, one in column.cells.items():
        source = one.dropdown.source if one.dropdown else None
        for other in state.sheets if source else ():
            sketch = other.table.sketches.get(number)
            if source is None or sketch is None or sketch.title != source[0]:
                continue
            for drafted in other.columns:
                cell = drafted.source.cells.get(number)
                if cell is not None and source[1][1] == source[1][3] == cell.place:
                    return f"{other.name}.{drafted.column.name}"
    return ""


def _holding(state: DraftState, sheet: DraftedSheet, column: Column) -> str:
    """A column of another table in which all values stand, each once, in every copy."""
    if len({fold(str(v)) for v in column.filled}) < _FEWEST:
        return ""
    for other in state.sheets:
        for drafted in other.columns:
            if other is sheet or drafted.column.kind not in ("text", "person"):
                continue
            target = drafted.source
            if all(_stands_in(one.values, target.cells.get(n)) for n, one in column.cells.items()):
                return f"{other.name}.{drafted.column.name}"
    return ""


def _stands_in(values: Sequence[object], target: ColumnSketch | None) -> bool:
    """Whether all texts of one copy stand in a column of it, which repeats none."""
    known = [fold(str(v)) for v in target.values if v is not None] if target else []
    own = {fold(str(v)) for v in values if v is not None and str(v).strip()}
    return own <= set(known) and len(set(known)) == len(known)


def _say_differences(state: DraftState, sheet: DraftedSheet) -> None:
    for drafted in sheet.columns:
        column = drafted.source
        absent = [number for number in sheet.table.sketches if number not in column.cells]
        if absent:
            copies = state.named(absent)
            drafted.notes.append(say("draft.note.absent", state.lang, copies=copies))
        if column.aliases:
            spelled = " / ".join(column.aliases)
            drafted.notes.append(say("draft.note.spelled", state.lang, headers=spelled))
        alone = _used_alone(state, drafted)
        if alone:
            drafted.notes.append(say("draft.note.alone", state.lang, words=alone))
    absent = [number for number in range(len(state.copies)) if number not in sheet.table.sketches]
    if absent:
        copies = state.named(absent)
        sheet.notes.append(say("draft.note.no_sheet", state.lang, copies=copies))


def _used_alone(state: DraftState, drafted: DraftedColumn) -> str:
    """The choices that a single copy uses, each with its file's name."""
    if not drafted.column.choices:
        return ""
    words = [one.zh for one in state.choices(drafted.column.choices).values()]
    found = used_alone(drafted.source, words)
    return " / ".join(f"{word} ({state.named([number])})" for word, number in found.items())
