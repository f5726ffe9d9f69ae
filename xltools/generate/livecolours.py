"""Colours that follow what is typed, also after pasting; in one cell no two hold at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xltools.definition import ColumnDef
from xltools.excel import styles
from xltools.excel.styles import Emphasis
from xltools.generate.faults import LiveFault
from xltools.generate.form import CHECK_COLUMN, FIRST_ROW, STRIP_ROW, Form
from xltools.generate.looks import cell_style
from xltools.generate.status import DOUBTFUL, FINE, WRONG

if TYPE_CHECKING:
    from xltools.excel.sheet import Sheet

_MARKS = ((WRONG, styles.FAULT), (DOUBTFUL, styles.DOUBT), (FINE, styles.FINE))
_SHAPES = (('ISNUMBER(SEARCH("%",{unit}))', "%"), ('LEFT({unit},2)="1:"', "1:X"))


def write_live_colours(sheet: Sheet, form: Form, faults: Sequence[LiveFault]) -> None:
    """Colour the strip, the check column and every cell that is wrong or doubtful."""
    for mark, look in _MARKS:
        _over_rows(sheet, form, CHECK_COLUMN, f'LEFT({form.cell(CHECK_COLUMN)},1)="{mark}"', look)
        sheet.conditional(
            STRIP_ROW,
            1,
            STRIP_ROW,
            form.last_visible,
            type="formula",
            criteria=f'=LEFT($A${STRIP_ROW},1)="{mark}"',
            format=look,
        )
    cell = form.cell(CHECK_COLUMN + 1).removeprefix("$")
    sheet.conditional(
        FIRST_ROW,
        CHECK_COLUMN + 1,
        form.last_row,
        form.last_visible,
        type="formula",
        criteria=f"=ISERROR({cell})",
        format=styles.FAULT,
    )
    for column in form.visible:
        _colour_column(sheet, form, column, faults)
        if column.unit_from and column.computed:
            unit = form.cell(column.unit_from)
            for test, example in _SHAPES:
                shape = Emphasis(number=cell_style(column, example).number)
                _over_rows(sheet, form, form.columns[column.name], test.format(unit=unit), shape)


def _colour_column(
    sheet: Sheet, form: Form, column: ColumnDef, faults: Sequence[LiveFault]
) -> None:
    place = form.columns[column.name]
    started = f'{form.cell(form.fault_column)}<>""'
    before: list[str] = []
    for severity, look in (
        ("wrong", styles.FAULT),
        ("repeated", styles.REPEATED),
        ("doubt", styles.DOUBT),
    ):
        tests = _tests(form, column, faults, severity)
        if tests:
            told = f"OR({','.join(tests)})"
            others = [f"NOT({other})" for other in before]
            _over_rows(sheet, form, place, f"AND({','.join([started, told, *others])})", look)
            before.append(told)


def _tests(form: Form, column: ColumnDef, faults: Sequence[LiveFault], severity: str) -> list[str]:
    """The formulas that make a column's cell wrong, repeated or doubtful."""
    return [
        fault.formula if fault.rule is None else form.cell(form.rule_column(fault.rule))
        for fault in faults
        if column.name in fault.columns
        and (fault.category if fault.category in ("repeated", "doubt") else "wrong") == severity
    ]


def _over_rows(sheet: Sheet, form: Form, place: int, formula: str, look: Emphasis) -> None:
    sheet.conditional(
        FIRST_ROW,
        place,
        form.last_row,
        place,
        type="formula",
        criteria=f"={formula}",
        format=look,
    )
