"""What can be wrong in a row, as formulas: the sheet's own live checks.

The first fault of a row is a number: 0 for none. Errors come before doubts, so that a row that
only needs a second look is never shown as wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from xltools.definition import ColumnDef, Rule
from xltools.expressions import violated
from xltools.generate.form import Form, Names, RowLayout, Workbook
from xltools.generate.plain import may_be_read_formula
from xltools.kinds import KINDS

Category = Literal["missing", "kind", "choice", "reference", "range", "repeated", "rule", "doubt"]
CATEGORIES: tuple[Category, ...] = (
    "missing",
    "kind",
    "choice",
    "reference",
    "range",
    "repeated",
    "rule",
)
_NESTED = 50  # Excel nests 64 functions


class LiveFault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be wrong; ``formula`` is TRUE in the first row when it is.

    ``columns`` turn red, orange or amber; ``rule`` is the index of the rule behind it.
    """

    category: Category
    columns: tuple[str, ...]
    formula: str
    rule: int | None = None


def live_faults(form: Form, names: Names) -> list[LiveFault]:
    """Everything that can be wrong in a row, in the order in which it is told."""
    found = [
        fault
        for column in form.sheet.columns
        if column.typed
        for fault in _column_faults(form, column, names)
    ]
    found += [_rule_fault(form, index, rule) for index, rule in enumerate(form.sheet.rules)]
    return sorted(found, key=lambda fault: fault.category == "doubt")


def rule_formulas(workbook: Workbook, form: Form, names: Names) -> list[str]:
    """For each rule the formula of its helper cell: whether a started row breaks it."""
    layout = RowLayout(workbook, form, names)
    return [
        f"IF({form.counted()}=0,FALSE,{violated(workbook.parse(form.sheet, rule.check), layout)})"
        for rule in form.sheet.rules
    ]


def first_fault(form: Form, faults: list[LiveFault]) -> str:
    """The formula of a row's first fault: its number, 0 for none, "" in a blank row.

    It is text because some programs print ### for a number in a hidden column.
    """
    numbered = list(enumerate((fault.formula for fault in faults), 1))
    parts = [numbered[start : start + _NESTED] for start in range(0, len(numbered), _NESTED)]
    nested = [_nested(part, "0" if len(parts) < 2 else "999") for part in parts] or ["0"]
    if len(nested) == 1:
        return f'IF({form.counted()}=0,"",""&{nested[0]})'
    return f'IF({form.counted()}=0,"",""&MOD(MIN({",".join(nested)}),999))'


def _nested(numbered: list[tuple[int, str]], otherwise: str) -> str:
    tests = "".join(f"IF({formula},{number}," for number, formula in numbered)
    return tests + otherwise + ")" * len(numbered)


def _column_faults(form: Form, column: ColumnDef, names: Names) -> Iterator[LiveFault]:
    cell = form.cell(column.name)
    given = f'TRIM({cell})<>""'
    tests: list[tuple[Category, str]] = []
    if column.required:
        tests.append(("missing", f'TRIM({cell})=""'))
    unit = form.cell(column.unit_from) if column.unit_from else ""
    valid = KINDS[column.kind].valid_formula(cell, unit)
    if valid:
        invalid = f"IF({given},NOT({valid}),FALSE)"
        doubtful = may_be_read_formula(column, cell)
        tests.append(("kind", f"AND({invalid},NOT({doubtful}))" if doubtful else invalid))
        if doubtful:
            tests.append(("doubt", f"AND({invalid},{doubtful})"))
    if column.choices:
        known = names.words(column.choices)
        tests.append(("choice", f"IF({given},ISNA(MATCH({cell},{known},0)),FALSE)"))
    if column.reference:
        sheet, _, other = column.reference.partition(".")
        known = form.range(other) if sheet == form.sheet.name else names.of(sheet, other)
        tests.append(("reference", f"IF({given},ISNA(MATCH({cell},{known},0)),FALSE)"))
    if column.min is not None or column.max is not None:
        tests.append(("range", f"IF(ISNUMBER({cell}),{_outside(column, cell)},FALSE)"))
    if column.unique:
        same = f"SUMPRODUCT(--({form.range(column.name)}={cell}))"
        tests.append(("repeated", f"IF({given},{same}>1,FALSE)"))
    for category, formula in tests:
        yield LiveFault(category=category, columns=(column.name,), formula=formula)


def _outside(column: ColumnDef, cell: str) -> str:
    limits = []
    if column.min is not None:
        limits.append(f"{cell}<{column.min:.15g}")
    if column.max is not None:
        limits.append(f"{cell}>{column.max:.15g}")
    return f"OR({','.join(limits)})"


def _rule_fault(form: Form, index: int, rule: Rule) -> LiveFault:
    helper = form.rule_column(index)
    formula = form.cell(helper)
    if rule.once:
        formula = f"AND({formula},COUNTIF({form.above(helper)},TRUE)=0)"
    category: Category = "rule" if rule.severity == "error" else "doubt"
    return LiveFault(category=category, columns=rule.columns, formula=formula, rule=index)
