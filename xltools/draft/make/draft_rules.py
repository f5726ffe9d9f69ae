"""Row rules: custom input checks, conditional dropdowns, conditional formats in red."""

from __future__ import annotations

import re
from typing import Literal

from msgspec.structs import replace

from xltools.definition import LocalText, Rule
from xltools.draft.formulas.row_context import CannotSayError, RowContext
from xltools.draft.formulas.translate import allowed, faultless, offered_if
from xltools.draft.make.draft_formulas import context_of
from xltools.draft.make.drafted import DraftedColumn, DraftedSheet, DraftState, short
from xltools.draft.understand.header_words import free_name
from xltools.excel.reading.xlsx.declared_content import Highlight, Validation
from xltools.expressions import ExpressionError
from xltools.locale import LANGUAGES, say

_BLANK = re.compile(r"(?:not )?blank\(\w+\)")
# ``blank(x) or x >= 0``, also said as ``x == 0 or x > 0``
_LEAST = re.compile(r"blank\((\w+)\) or (?:\1 == 0 or \1 > |\1 >= )(-?[\d.]+)")
_ONCE = re.compile(r"blank\((\w+)\) or count\(\1, \1=\1\) (?:== 1|<= 1|< 2)")


def add_rules(state: DraftState) -> None:
    """Make rules of what checks and formats of the workbook say of a row."""
    for sheet in state.sheets:
        for drafted in sheet.columns:
            column = drafted.source
            if column.computed or drafted.column.given or not column.validations:
                continue
            number = next(n for n, one in column.cells.items() if one.validations)
            place = column.cells[number].place
            for check in column.validations:
                top = next((box[0] for box in check.ranges if box[1] == place), 0)
                if top:
                    context = context_of(state, sheet, number, top, place)
                    _checked(state, sheet, drafted, check, context)
        number, sketch = next(iter(sheet.table.sketches.items()))
        for highlight in sketch.highlights:
            if highlight.red:
                _highlighted(state, sheet, number, highlight)


def _checked(
    state: DraftState,
    sheet: DraftedSheet,
    drafted: DraftedColumn,
    check: Validation,
    context: RowContext,
) -> None:
    """A custom check, or the condition of a dropdown."""
    conditional = check.kind == "list" and check.first.lstrip("= ").upper().startswith("IF(")
    if check.kind != "custom" and not (conditional and drafted.column.kind == "choice"):
        return
    try:
        text = (allowed if check.kind == "custom" else offered_if)(check.first, context)
        _verify(state, sheet, text)
    except (CannotSayError, ExpressionError):
        formula = "=" + short(check.first.lstrip("="))
        drafted.notes.append(say("draft.note.check", state.lang, formula=formula))
        return
    name = drafted.column.name
    least = _LEAST.fullmatch(text)
    if least and least[1] == name and drafted.column.min is None:
        drafted.column = replace(drafted.column, min=float(least[2]))
    elif _ONCE.fullmatch(text):
        drafted.column = replace(drafted.column, unique=True)
    elif text and not _BLANK.fullmatch(text):
        message = " ".join(check.error.split())
        _add(sheet, f"{name}_allowed", text, name, message, "error")


def _highlighted(state: DraftState, sheet: DraftedSheet, number: int, highlight: Highlight) -> None:
    """Make a rule of a conditional format in red; where none can be made, note the format."""
    top, left, _, right = highlight.ranges[0]
    context = context_of(state, sheet, number, top)
    columns = [c for c in sorted(context.home.columns) if left <= c <= right]
    if not columns or top < context.home.first:
        return
    try:
        text = faultless(highlight.formula, context)
        _verify(state, sheet, text)
    except (CannotSayError, ExpressionError):
        formula = "=" + short(highlight.formula)
        sheet.notes.append(say("draft.note.highlight", state.lang, formula=formula))
        return
    if not _BLANK.fullmatch(text):  # which asks for an entry, or only follows one
        name = context.home.columns[columns[0]].name
        _add(sheet, f"{name}_in_red", text, name, "", "warning")


def _verify(state: DraftState, sheet: DraftedSheet, text: str) -> None:
    """Raise ExpressionError where a rule is not understood, CannotSayError where it is none."""
    if text and state.parsed(text, sheet).type.name != "truth":
        raise CannotSayError(text)


def _add(
    sheet: DraftedSheet,
    name: str,
    check: str,
    column: str,
    message: str,
    severity: Literal["error", "warning"],
) -> None:
    if any(one.check == check for one in sheet.rules):
        return
    said = (message or say("draft.rule", lang, check=check) for lang in LANGUAGES)
    sheet.rules.append(
        Rule(
            name=free_name(name, [one.name for one in sheet.rules]),
            check=check,
            columns=(column,),
            message=LocalText(*said),
            severity=severity,
        )
    )
