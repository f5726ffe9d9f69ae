"""Colours that follow what is typed, also after pasting; in one cell no two hold at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xltools.definition import ColumnDef
from xltools.excel import styles
from xltools.excel.styles import Emphasis
from xltools.generate.layout.column_styles import cell_style
from xltools.generate.layout.form_layout import CHECK_COLUMN, FIRST_ROW, STRIP_ROW, Form
from xltools.generate.live.live_checks import LONGEST, LiveFault, chunks
from xltools.generate.live.live_status import DOUBTFUL, FINE, WRONG
from xltools.generate.live.target_tally import PERCENT, RATIO

if TYPE_CHECKING:
    from xltools.excel.writing.sheet_writer import Sheet

_MARKS = ((WRONG, styles.FAULT), (DOUBTFUL, styles.DOUBT), (FINE, styles.FINE))
_WRONG, _REPEATED, _DOUBT = "1", "2", "3"
# Of several looks the first holds.
LOOKS = {_WRONG: styles.FAULT, _REPEATED: styles.REPEATED, _DOUBT: styles.DOUBT}
_SHAPES = ((PERCENT, "%"), (RATIO, "1:X"))


def write_live_colours(sheet: Sheet, form: Form, faults: Sequence[LiveFault]) -> None:
    """Colour the strip, the check column and every cell that is wrong or doubtful."""
    for mark, look in _MARKS:
        _over_rows(sheet, form, CHECK_COLUMN, f'LEFT({form.cell(CHECK_COLUMN)},1)="{mark}"', look)
        test = f'LEFT($A${STRIP_ROW},1)="{mark}"'
        sheet.emphasise(STRIP_ROW, 1, STRIP_ROW, form.last_visible, test, look)
    first = CHECK_COLUMN + 1
    error = f"ISERROR({form.cell(first).removeprefix('$')})"
    sheet.emphasise(FIRST_ROW, first, form.last_row, form.last_visible, error, styles.FAULT)
    for helper, (columns, _) in colour_texts(form, faults).items():
        for place, column in enumerate(columns, 1):
            look_sign = f"MID({form.cell(helper)},{place},1)"
            for sign in _tests(form, column, faults):
                look = LOOKS[sign]
                _over_rows(sheet, form, form.columns[column.name], f'{look_sign}="{sign}"', look)
    for column in form.visible:
        if column.unit_from and column.computed:
            unit = form.cell(column.unit_from)
            for test, example in _SHAPES:
                shape = Emphasis(number=cell_style(column, example).number)
                _over_rows(sheet, form, form.columns[column.name], test.format(unit=unit), shape)


def colour_texts(form: Form, faults: Sequence[LiveFault]) -> dict[int, tuple[list[ColumnDef], str]]:
    """The helpers that tell how a row's cells look: their columns, one sign each, and the formula.

    A colour's own rule stays short, so that people can read and change it in Excel's dialog.
    """
    first = form.part_column(len(chunks(faults)))
    found: dict[int, tuple[list[ColumnDef], str]] = {}
    group: list[ColumnDef] = []
    text = ""
    for column in (column for column in form.visible if _tests(form, column, faults)):
        sign = _sign(form, column, faults)
        if group and len(text) + len(sign) > LONGEST:
            group, text = [], ""
        group.append(column)
        text = f"{text}&{sign}" if text else sign
        place = first + len(found) - (len(group) > 1)
        signs = text if len(group) > 1 else f'{text}&""'  # one alone would be a number
        found[place] = (group, f'IF({form.untouched()},"",{signs})')
    return found


def _sign(form: Form, column: ColumnDef, faults: Sequence[LiveFault]) -> str:
    """The formula of a cell's look; an error value has a colour of its own."""
    tests = _tests(form, column, faults)
    formula = "0"
    for look in reversed(LOOKS):
        if look in tests:
            formula = f"IF(OR({','.join(tests[look])}),{look},{formula})"
    return f"IFERROR({formula},0)"


def _tests(form: Form, column: ColumnDef, faults: Sequence[LiveFault]) -> dict[str, list[str]]:
    """The formulas by the look that they give a column's cell."""
    tests: dict[str, list[str]] = {}
    for fault in faults:
        if column.name in fault.columns:
            rule = fault.rule
            formula = fault.formula if rule is None else form.cell(form.rule_column(rule))
            tests.setdefault(look_of(fault), []).append(formula)
    return tests


def look_of(fault: LiveFault) -> str:
    """The sign of the look that a fault gives its cells."""
    return {"repeated": _REPEATED, "near": _DOUBT, "doubt": _DOUBT}.get(fault.category, _WRONG)


def _over_rows(sheet: Sheet, form: Form, place: int, test: str, look: Emphasis) -> None:
    sheet.emphasise(FIRST_ROW, place, form.last_row, place, test, look)
