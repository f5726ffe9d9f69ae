"""Formulas of rows that a name holds: each stands once in the workbook, whoever saves it.

A formula that is filled down is stored once by Excel, but written out in every row by LibreOffice,
openpyxl and others. A name whose cells are relative means, in each row, the cells of that row: it
survives sorting, inserted and deleted rows, and what another program makes of shared formulas.
"""

from __future__ import annotations

import re

from xltools.generate.layout.form_layout import FIRST_ROW, Form
from xltools.ground.cells import column_letters, quote_sheet

LONGEST_INLINE = 64  # a shorter formula stays where people see it

_CELL = r"\$[A-Z]{1,3}\$?\d+"
_REFERENCE = re.compile(
    rf""""(?:[^"]|"")*"|'(?:[^']|'')*'!{_CELL}(?::{_CELL})?|({_CELL}(?::{_CELL})?)"""
)
_OF_THE_ROW = re.compile(r"(\$[A-Z]{1,3})(\d+)")


def row_name(form: Form, place: int) -> str:
    """The name for the formulas of a form's column: ``row_tasks__fault``."""
    known = ["_check", *form.keys]
    key = known[place - 1] if place <= len(known) else f"_{column_letters(place)}"
    return f"row_{form.sheet.name}_{key}"


def in_a_name(formula: str, title: str) -> str:
    """A formula of the first row of a sheet as a name holds it: as if it stood in cell A1."""
    sheet = quote_sheet(title)

    def from_a1(match: re.Match[str]) -> str:
        return f"{match[1]}{int(match[2]) - FIRST_ROW + 1}"

    def placed(match: re.Match[str]) -> str:
        if not match[1]:  # a text, or a cell of another sheet
            return match[0]
        return f"{sheet}!" + _OF_THE_ROW.sub(from_a1, match[1])

    return _REFERENCE.sub(placed, formula)
