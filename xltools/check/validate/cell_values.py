"""Checks of single values: present where required, within limits, unique."""

from __future__ import annotations

from xltools.check.parse.column_values import ParsedTable
from xltools.definition import ColumnDef
from xltools.ground.folding import fold
from xltools.issues import Code, Severity
from xltools.kinds import KINDS
from xltools.kinds.typed_text import shown

ID = "id"
_NUMBERS = (int, float)


def check_values(parsed: ParsedTable) -> None:
    """Check all typed columns; limits first, since a value beyond them counts as blank."""
    for column in parsed.table.sheet.columns:
        if not column.typed or column.name not in parsed.values:
            continue
        if column.min is not None or column.max is not None:
            _check_range(parsed, column)
        if column.required:
            _check_required(parsed, column)
        if column.unique:
            _check_unique(parsed, column)
    _keep_first_ids(parsed)


def _check_range(parsed: ParsedTable, column: ColumnDef) -> None:
    low, high = column.min, column.max
    values = parsed.values[column.name]
    for index, value in enumerate(values):
        if not isinstance(value, _NUMBERS):
            continue
        if (low is None or value >= low) and (high is None or value <= high):
            continue
        form, lowest, highest = _limits(column)
        parsed.issues.add(
            Code.CELL_RANGE,
            column.name,
            parsed.rows[index],
            text=f"cell-range.{form}",
            value=_raw(parsed, column.name, index),
            low=lowest,
            high=highest,
        )
        values[index] = None


def _limits(column: ColumnDef) -> tuple[str, str, str]:
    kind = KINDS[column.kind]
    low, high = (
        "" if limit is None else kind.text(float(limit), column.unit).removesuffix(".0")
        for limit in (column.min, column.max)
    )
    return ("between" if low and high else "least" if low else "most"), low, high


def _check_required(parsed: ParsedTable, column: ColumnDef) -> None:
    if column.name not in parsed.raw and column.name not in parsed.supplied:
        return  # one header-missing says it all
    if None not in parsed.values[column.name]:
        return
    covered = parsed.covered.get(column.name, ())
    for index, value in enumerate(parsed.values[column.name]):
        row = parsed.rows[index]
        excused = row in covered or parsed.issues.is_refused(column.name, row)
        if value is None and not excused:
            raw = _raw(parsed, column.name, index)
            parsed.issues.add(Code.CELL_REQUIRED, column.name, row, value=raw)


def _check_unique(parsed: ParsedTable, column: ColumnDef) -> None:
    first: dict[object, int] = {}
    for index, value in enumerate(parsed.values[column.name]):
        if value is None:
            continue
        key = fold(value) if isinstance(value, str) else value
        row = parsed.rows[index]
        earlier = first.setdefault(key, row)
        if earlier != row:
            parsed.issues.add(
                Code.ROW_DUPLICATE,
                column.name,
                row,
                value=str(value),
                other_cell=parsed.issues.cell(column.name, earlier),
                first=parsed.issues.cell(column.name, earlier),
            )


def _keep_first_ids(parsed: ParsedTable) -> None:
    """Blank the id of a copied row, and what else the program had filled in: it is a new row."""
    ids = parsed.values.get(ID)
    if not ids or not any(ids):
        return
    given = [column.name for column in parsed.table.sheet.columns if column.given]
    seen: set[object] = set()
    for index, value in enumerate(ids):
        if value is None:
            continue
        if value in seen:
            row = parsed.rows[index]
            parsed.issues.add(
                Code.ROW_DUPLICATE,
                ID,
                row,
                text="row-duplicate.id",
                value=str(value),
                severity=Severity.INFO,
            )
            for name in given:
                if name in parsed.values:
                    parsed.values[name][index] = None
        seen.add(value)


def _raw(parsed: ParsedTable, column: str, index: int) -> str:
    place = parsed.table.headers.places.get(column)
    percent = (parsed.rows[index], place) in parsed.table.cells.percent
    raw = parsed.raw.get(column)
    return shown(raw[index], percent) if raw else ""
