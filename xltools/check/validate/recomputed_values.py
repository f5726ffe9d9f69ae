"""Compares the values of computed columns with recomputed ones, and words both."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from xltools.definition import Catalog, ColumnDef, Definition
from xltools.ground.folding import fold
from xltools.kinds import KINDS

_LEAST_DIGITS = 2
_MOST_DIGITS = 9
_ERROR_SIGN = "#"
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")


def differs(typed: object, computed: object) -> bool:
    """Whether a value in the file contradicts the computed one beyond its own rounding."""
    if computed is None:
        return not (isinstance(typed, str) and typed.startswith(_ERROR_SIGN))
    if isinstance(typed, str) and _NUMBER.fullmatch(typed) and isinstance(computed, int | float):
        typed = float(typed)  # 1.05 for 105 %: ambiguous in an input column, not in a computed one
    if isinstance(typed, int | float) and isinstance(computed, int | float):
        # 90 % typed for 0.9012 is rounding; a formula's value has all its digits.
        digits = max(_LEAST_DIGITS, min(_decimals(float(typed)), _MOST_DIGITS))
        return abs(typed - computed) > 0.5 * 10.0**-digits + 1e-9 * abs(computed)
    if isinstance(typed, str) and isinstance(computed, str):
        return fold(typed) != fold(computed)
    return typed != computed


def _decimals(number: float) -> int:
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def shown_value(
    value: object, column: ColumnDef, catalog: Catalog, definition: Definition, lang: str
) -> str:
    """A value as people see it: a choice by its label, a number in its column's form."""
    if value is None:
        return "-"
    if column.choices and isinstance(value, str):
        choice = catalog.choices(definition, column.choices).get(value)
        return choice[lang] if choice else value
    if isinstance(value, str):
        return value
    if isinstance(value, int | float | date):
        return KINDS[column.kind].text(value, column.unit)
    return str(value)
