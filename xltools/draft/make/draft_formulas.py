"""Computed columns: formulas said as expressions, the others left to the workbook."""

from __future__ import annotations

from msgspec.structs import replace

from xltools.definition import ColumnDef
from xltools.draft.formulas.row_context import CannotSayError, CopyColumn, CopyTable, RowContext
from xltools.draft.formulas.translate import computed
from xltools.draft.make.drafted import DraftedColumn, DraftedSheet, DraftState, short
from xltools.expressions import ExpressionError, computation_order
from xltools.expressions.reading.scope import column_type
from xltools.locale import say

_KINDS = {"number": "number", "date": "date", "text": "text"}


def add_formulas(state: DraftState) -> None:
    """Say formulas as expressions, as far as that can be; none of them needs itself."""
    for sheet in state.sheets:
        for drafted in sheet.columns:
            if drafted.source.computed:
                _compute(state, sheet, drafted)
    _break_circles(state)


def _compute(state: DraftState, sheet: DraftedSheet, drafted: DraftedColumn) -> None:
    cells = drafted.source.cells
    base = replace(drafted.column, choices="")
    base = replace(base, kind="text") if base.kind in ("choice", "reference") else base
    said: list[str] = []
    for number, one in cells.items():
        for row, formula in one.formulas if one.computed else ():
            text, kind = _understood(state, sheet, number, row, formula, base)
            if text:
                said.append(text)
                base = replace(base, kind=kind)
    drafted.guess = False
    if said:
        drafted.column = replace(base, compute=said[0])
        if len(set(said)) > 1:
            drafted.notes.append(say("draft.note.formulas", state.lang, other=short(said[-1])))
        return
    formula = next(one.formulas[0][1] for one in cells.values() if one.formulas)
    drafted.column = replace(base, given=True)
    drafted.notes.append(say("draft.note.formula", state.lang, formula="=" + short(formula)))


def _understood(
    state: DraftState, sheet: DraftedSheet, number: int, row: int, formula: str, base: ColumnDef
) -> tuple[str, str]:
    """The expression of one formula and the kind that it gives; nothing where none can be."""
    try:
        text = computed(formula, context_of(state, sheet, number, row))
        gives = state.parsed(text, sheet).type
    except (CannotSayError, ExpressionError):
        return "", ""
    if gives == column_type(state.definition(), base):
        return text, base.kind
    kind = _KINDS.get(gives.name, "")
    return (text, kind) if kind else ("", "")


def context_of(
    state: DraftState, sheet: DraftedSheet, number: int, row: int, own: int = 0
) -> RowContext:
    """What a formula in that row of a copy's sheet may refer to."""
    there = [one for one in state.sheets if number in one.table.sketches]
    tables = [_copy_table(state, one, number) for one in there]
    home = tables[there.index(sheet)]
    return RowContext(home, row, tables, state.copies[number].names, state.parameters, own)


def _copy_table(state: DraftState, sheet: DraftedSheet, number: int) -> CopyTable:
    """A drafted sheet as formulas of one copy see it."""
    sketch = sheet.table.sketches[number]
    columns = {}
    for one in sheet.columns:
        if number in one.source.cells:
            choices, name = one.column.choices, one.column.name
            words = state.choice_names(choices) if choices else {}
            columns[one.source.cells[number].place] = CopyColumn(name, choices, words)
    return CopyTable(sketch.title, sheet.name, sketch.first, columns)


def _break_circles(state: DraftState) -> None:
    """Columns that need each other in a circle are left to the workbook, the last one first."""
    while True:
        drafted = {
            (sheet.name, one.column.name): (sheet, one)
            for sheet in state.sheets
            for one in sheet.columns
            if one.column.compute
        }
        try:
            computation_order(
                {
                    key: state.parsed(one.column.compute, sheet)
                    for key, (sheet, one) in drafted.items()
                }
            )
        except ExpressionError:
            _, last = drafted[next(reversed(drafted))]
            formula = short(last.column.compute)
            last.notes.append(say("draft.note.circle", state.lang, formula=formula))
            last.column = replace(last.column, compute="", given=True)
        else:
            return
