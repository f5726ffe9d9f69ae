"""What can be wrong in a row, as formulas: the sheet's own live checks.

The first fault of a row is a number: 0 for none. Errors come before doubts, so that a row that
only needs a second look is never shown as wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, get_args

import msgspec

from xltools.definition import ColumnDef, Rule
from xltools.excel.links import literal
from xltools.expressions import violated
from xltools.generate.layout.dropdown_lists import NEAR_NAMES
from xltools.generate.layout.form_layout import Form, Names, RowLayout, Workbook
from xltools.generate.layout.helper_keys import first_place, repeated, unknown
from xltools.kinds import KINDS

Category = Literal[
    "error",
    "missing",
    "kind",
    "choice",
    "reference",
    "range",
    "repeated",
    "rule",
    "target",
    "near",
    "doubt",
]
DOUBTS: tuple[Category, ...] = ("near", "doubt")  # say that a row can be sent
CATEGORIES = tuple(one for one in get_args(Category) if one not in DOUBTS)
TOLERANCE = 1e-6
_NESTED = 50  # Excel nests 64 functions
LONGEST = 6_000  # of the 8,192 characters of a formula


class LiveFault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that can be wrong; ``formula`` is TRUE in the first row when it is.

    ``columns`` turn red, orange or amber; ``rule`` is the index of the rule behind it. An error
    value such as #N/A, of which no other formula can say anything, is a fault of no column.
    """

    category: Category
    columns: tuple[str, ...]
    formula: str
    rule: int | None = None


def live_faults(form: Form, names: Names) -> list[LiveFault]:
    """Everything that can be wrong in a row, in the order in which the check column says it."""
    found = [
        fault
        for column in form.sheet.columns
        if column.typed
        for fault in _column_faults(form, column, names)
    ]
    found += [_rule_fault(form, index, rule) for index, rule in enumerate(form.sheet.rules)]
    if form.sheet.states_targets:
        found.append(_target_fault(form))
    error = LiveFault(category="error", columns=(), formula=f"ISERROR(SUM({form.typed_cells()}))")
    return [error, *sorted(found, key=lambda fault: fault.category in DOUBTS)]


def rule_formulas(workbook: Workbook, form: Form, names: Names) -> list[str]:
    """For each rule the formula of its helper cell: whether a started row breaks it.

    It shows nothing in a blank row: hundreds of these would else be read as filled. An error value
    in another row must not make this one an error, so a rule that cannot be computed is not broken.
    """
    layout = RowLayout(workbook, form, names)
    broken = (violated(workbook.parse(form.sheet, rule.check), layout) for rule in form.sheet.rules)
    return [f'IF({form.counted()}=0,"",IFERROR({formula},FALSE))' for formula in broken]


def chunks(faults: Sequence[LiveFault]) -> list[list[tuple[int, LiveFault]]]:
    """The numbered faults in as many parts as it takes formulas to test them all."""
    found: list[list[tuple[int, LiveFault]]] = [[]]
    length = 0
    for number, fault in enumerate(faults, 1):
        length += len(fault.formula) + len("IF(,99,)")
        if len(found[-1]) == _NESTED or (found[-1] and length > LONGEST):
            found.append([])
            length = len(fault.formula)
        found[-1].append((number, fault))
    return found


def fault_formulas(form: Form, faults: Sequence[LiveFault]) -> list[str]:
    """The formula of a row's first fault, and those of further helpers where one is too long.

    It gives a number, 0 for none, "" in a blank row; as text, because some programs print ### for
    a number in a hidden column. Each part hands over to the next where it finds nothing.
    """
    parts = chunks(faults)
    formulas = []
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        found = _nested(part, "0" if last else form.cell(form.part_column(index + 1)))
        as_text = "" if index else '""&'
        formulas.append(f'IF({form.counted()}=0,"",{as_text}{found})')
    return formulas


def _nested(numbered: Sequence[tuple[int, LiveFault]], otherwise: str) -> str:
    tests = "".join(f"IF({fault.formula},{number}," for number, fault in numbered)
    return tests + otherwise + ")" * len(numbered)


def _column_faults(form: Form, column: ColumnDef, names: Names) -> Iterator[LiveFault]:
    cell = form.cell(column.name)
    given = f'TRIM({cell})<>""'
    tests: list[tuple[Category, str]] = []
    if column.required:
        nothing = KINDS[column.kind].nothing
        tests.append(("missing", f'ISNUMBER(FIND("|"&TRIM({cell})&"|","{nothing}"))'))
    unit = form.cell(column.unit_from) if column.unit_from else literal(column.unit)
    valid = KINDS[column.kind].valid_formula(cell, unit)
    readable = KINDS[column.kind].readable_formula(cell, unit)
    if valid:
        good = f"OR({valid},{readable})" if readable else valid
        tests.append(("kind", f"IF({given},NOT({good}),FALSE)"))
    if readable:
        tests.append(("doubt", readable))
    if column.source == "members.name":
        near = first_place(f"{NEAR_NAMES}=TRIM({cell})")
        tests.append(("near", f"IF({given},ISNUMBER({near}),FALSE)"))
    if column.choices:
        known = names.words(column.choices)
        place = first_place(f"{known}=TRIM({cell})")
        tests.append(("choice", f"IF({given},ISNA({place}),FALSE)"))
    if column.reference:
        tests.append(("reference", f"IF({given},{unknown(form, column, names)},FALSE)"))
    if column.min is not None or column.max is not None:
        tests.append(("range", f"IF(ISNUMBER({cell}),{_outside(column, cell)},FALSE)"))
    if column.unique:
        tests.append(("repeated", f"IF({given},{repeated(form, column)},FALSE)"))
    for category, formula in tests:
        yield LiveFault(category=category, columns=(column.name,), formula=formula)


def _outside(column: ColumnDef, cell: str) -> str:
    limits = []
    if column.min is not None:
        limits.append(f"{cell}<{column.min:.15g}")
    if column.max is not None:
        limits.append(f"{cell}>{column.max:.15g}")
    return f"OR({','.join(limits)})"


def _target_fault(form: Form) -> LiveFault:
    """The desk refuses another target than the settings have for this team."""
    target = form.cell("target")
    differs = (
        f"ABS({target}-{target_lookup(form, 'tgt_target')})>{TOLERANCE:.6f}*MAX(ABS({target}),1)"
    )
    formula = f"IF(ISNUMBER({target}),IFERROR({differs},FALSE),FALSE)"
    columns = form.sheet.amounts_behind("target")
    return LiveFault(category="target", columns=columns, formula=formula)


def target_lookup(form: Form, name: str) -> str:
    """What the settings have for a row's metric, from one of the names of the team's targets."""
    metric = f"TRIM({form.cell('metric')})"
    place = first_place(f"tgt_metric={metric}")
    return f'IF({metric}="",NA(),INDEX({name},{place}))'  # blank rows of the targets are blank, too


def _rule_fault(form: Form, index: int, rule: Rule) -> LiveFault:
    helper = form.rule_column(index)
    formula = form.cell(helper)
    if rule.once:
        rows = form.range(helper)
        place = f"ROW({formula})-ROW({rows.partition(':')[0]})+1"
        formula = f"IF({formula},MATCH(TRUE,{rows},0)={place},FALSE)"
    category: Category = "rule" if rule.severity == "error" else "doubt"
    return LiveFault(category=category, columns=rule.columns, formula=formula, rule=index)
