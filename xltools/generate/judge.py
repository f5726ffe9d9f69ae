"""The values of every formula in rows that are filled in already, worked out without a spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from xltools.definition import ColumnDef
from xltools.definition.defaults import default_parameters
from xltools.generate.faults import LiveFault
from xltools.generate.form import Form, Workbook
from xltools.generate.prefill import Row, frame, plain
from xltools.kinds import KINDS
from xltools.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from xltools.expressions import Tables

_GROUP = "_workbook"


@dataclass(frozen=True)
class Judged:
    """One sheet's rows with all that its formulas show.

    ``broken`` says by rule whether each row breaks it, ``faults`` is each row's first fault.
    """

    rows: Sequence[Row]
    computed: Mapping[str, list[object]] = field(default_factory=dict)
    broken: Sequence[list[bool]] = ()
    faults: Sequence[int] = ()


def judge(
    workbook: Workbook,
    faults: Mapping[str, list[LiveFault]],
    settings: Settings,
    filled: Sequence[Mapping[str, Sequence[Row]]],
) -> list[dict[str, Judged]]:
    """For each of many workbooks of one layout, by sheet, what its formulas show."""
    if not any(rows for sheets in filled for rows in sheets.values()):
        return [{} for _ in filled]
    tables = _tables(workbook, settings, filled)
    judged: list[dict[str, Judged]] = [{} for _ in filled]
    for name, form in workbook.forms.items():
        starts = _starts([sheets.get(name, ()) for sheets in filled])
        if not starts[-1]:
            continue
        _compute(workbook, form, tables)
    for name, form in workbook.forms.items():
        every = [sheets.get(name, ()) for sheets in filled]
        starts = _starts(every)
        if starts[-1]:
            whole = _sheet(workbook, form, faults[name], tables, [r for rows in every for r in rows])
            for index, rows in enumerate(every):
                if rows:
                    judged[index][name] = _cut(whole, starts[index], starts[index + 1])
    return judged


def _starts(every: Sequence[Sequence[Row]]) -> list[int]:
    starts = [0]
    for rows in every:
        starts.append(starts[-1] + len(rows))
    return starts


def _cut(whole: Judged, start: int, stop: int) -> Judged:
    return Judged(
        rows=whole.rows[start:stop],
        computed={name: values[start:stop] for name, values in whole.computed.items()},
        broken=[values[start:stop] for values in whole.broken],
        faults=whole.faults[start:stop],
    )


def _tables(
    workbook: Workbook, settings: Settings, filled: Sequence[Mapping[str, Sequence[Row]]]
) -> Tables:
    import pandas as pd

    from xltools.expressions import Tables

    sheets: dict[str, pd.DataFrame] = {}
    for name, form in workbook.forms.items():
        rows = [row for sheet in filled for row in sheet.get(name, ())]
        sheets[name] = frame(form.sheet, rows)
        groups = [index for index, sheet in enumerate(filled) for _ in sheet.get(name, ())]
        sheets[name][_GROUP] = pd.Series(groups, dtype="int64")
    return Tables(
        sheets=sheets,
        library=pd.DataFrame(settings.library()),
        parameters=default_parameters(workbook.catalog) | settings.parameters,
    )


def _compute(workbook: Workbook, form: Form, tables: Tables) -> None:
    """Put the computed columns into their table, those first that others are made of."""
    from xltools.expressions import evaluate

    waiting = {
        column.name: workbook.parse(form.sheet, column.compute)
        for column in form.sheet.columns
        if column.computed
    }
    while waiting:
        ready = [name for name, made in waiting.items() if not made.columns & waiting.keys() - {name}]
        for name in ready or list(waiting):
            made = evaluate(waiting.pop(name), form.sheet.name, tables, group=_GROUP)
            tables.sheets[form.sheet.name][name] = made


def _sheet(
    workbook: Workbook,
    form: Form,
    faults: Sequence[LiveFault],
    tables: Tables,
    rows: Sequence[Row],
) -> Judged:
    from xltools.expressions import violations

    table = tables.sheets[form.sheet.name]
    started = _started(form, rows)
    broken = []
    for rule in form.sheet.rules:
        expression = workbook.parse(form.sheet, rule.check)
        wrong = violations(expression, form.sheet.name, tables, group=_GROUP)
        broken.append([bool(one and two) for one, two in zip(wrong, started, strict=True)])
    groups = table[_GROUP].tolist()
    first = [0] * len(rows)
    for number, fault in reversed(list(enumerate(faults, 1))):
        if fault.rule is None:
            column = form.sheet.column(fault.columns[0])
            hits = _column_hits(workbook, form, column, fault, rows, tables, groups)
        elif form.sheet.rules[fault.rule].once:
            hits = _first_of_each(broken[fault.rule], groups)
        else:
            hits = broken[fault.rule]
        first = [number if hit else known for hit, known in zip(hits, first, strict=True)]
    return Judged(
        rows=rows,
        computed={c.name: plain(table[c.name]) for c in form.sheet.columns if c.computed},
        broken=broken,
        faults=[number if there else -1 for number, there in zip(first, started, strict=True)],
    )


def _started(form: Form, rows: Sequence[Row]) -> list[bool]:
    typed = [column.name for column in form.visible if column.typed]
    return [any(row.get(name) is not None for name in typed) for row in rows]


def _first_of_each(hits: Sequence[bool], groups: Sequence[int]) -> list[bool]:
    seen: set[int] = set()
    first = []
    for hit, group in zip(hits, groups, strict=True):
        first.append(hit and group not in seen)
        if hit:
            seen.add(group)
    return first


def _column_hits(
    workbook: Workbook,
    form: Form,
    column: ColumnDef,
    fault: LiveFault,
    rows: Sequence[Row],
    tables: Tables,
    groups: Sequence[int],
) -> list[bool]:
    """Where a column's own fault stands; values that were read already are of their kind."""
    values = [row.get(column.name) for row in rows]
    match fault.category:
        case "missing":
            return [value is None for value in values]
        case "kind":
            return [not _is_of_kind(column, value) for value in values]
        case "choice":
            known = workbook.catalog.choices(workbook.definition, column.choices)
            return [value is not None and value not in known for value in values]
        case "reference":
            return _missing_references(column, values, tables, groups)
        case "range":
            least = float("-inf") if column.min is None else column.min
            most = float("inf") if column.max is None else column.max
            return [
                isinstance(value, int | float) and not least <= value <= most for value in values
            ]
        case "repeated":
            pairs = [(group, _same(value)) for group, value in zip(groups, values, strict=True)]
            counted = Counter(pairs)
            return [pair[1] is not None and counted[pair] > 1 for pair in pairs]
        case _:
            return [False] * len(values)


def _is_of_kind(column: ColumnDef, value: object) -> bool:
    if value is None:
        return True
    dtype = KINDS[column.kind].dtype
    if dtype == "float64":
        return isinstance(value, int | float)
    return isinstance(value, date) if dtype.startswith("datetime") else True


def _missing_references(
    column: ColumnDef, values: Sequence[object], tables: Tables, groups: Sequence[int]
) -> list[bool]:
    sheet, _, name = column.reference.partition(".")
    table = tables.sheets[sheet]
    known = {
        (group, _same(value))
        for group, value in zip(table[_GROUP].tolist(), plain(table[name]), strict=True)
    }
    return [
        value is not None and (group, _same(value)) not in known
        for group, value in zip(groups, values, strict=True)
    ]


def _same(value: Any) -> Any:
    """A value as Excel compares it: case does not count."""
    return value.casefold() if isinstance(value, str) else value
