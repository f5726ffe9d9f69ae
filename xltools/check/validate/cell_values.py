"""What every value must satisfy by itself: present, within its limits, unique."""

from __future__ import annotations

from xltools.check.parse.column_values import Reading, raw_text
from xltools.definition import ColumnDef
from xltools.ground.folding import fold
from xltools.issues import Code, Severity
from xltools.kinds import KINDS

ID = "id"
_NUMBERS = (int, float)


def check_values(reading: Reading) -> None:
    """Limits first, since what is beyond them counts as blank."""
    for column in reading.table.sheet.columns:
        if not column.typed or column.name not in reading.values:
            continue
        if column.min is not None or column.max is not None:
            _check_range(reading, column)
        if column.required:
            _check_required(reading, column)
        if column.unique:
            _check_unique(reading, column)
    _keep_first_ids(reading)


def _check_range(reading: Reading, column: ColumnDef) -> None:
    low, high = column.min, column.max
    values = reading.values[column.name]
    for index, value in enumerate(values):
        if not isinstance(value, _NUMBERS):
            continue
        if (low is None or value >= low) and (high is None or value <= high):
            continue
        form, lowest, highest = _limits(column)
        reading.desk.add(
            Code.CELL_RANGE,
            column.name,
            reading.rows[index],
            text=f"cell-range.{form}",
            value=_raw(reading, column.name, index),
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


def _check_required(reading: Reading, column: ColumnDef) -> None:
    if column.name not in reading.raw and column.name not in reading.supplied:
        return  # one header-missing says it all
    covered = reading.covered.get(column.name, ())
    for index, value in enumerate(reading.values[column.name]):
        row = reading.rows[index]
        excused = row in covered or reading.desk.is_refused(column.name, row)
        if value is None and not excused:
            raw = _raw(reading, column.name, index)
            reading.desk.add(Code.CELL_REQUIRED, column.name, row, value=raw)


def _check_unique(reading: Reading, column: ColumnDef) -> None:
    first: dict[object, int] = {}
    for index, value in enumerate(reading.values[column.name]):
        if value is None:
            continue
        key = fold(value) if isinstance(value, str) else value
        row = reading.rows[index]
        earlier = first.setdefault(key, row)
        if earlier != row:
            reading.desk.add(
                Code.ROW_DUPLICATE,
                column.name,
                row,
                value=str(value),
                other_cell=reading.desk.cell(column.name, earlier),
                first=reading.desk.cell(column.name, earlier),
            )


def _keep_first_ids(reading: Reading) -> None:
    """A copied row is a new row: it loses its id, and all else that the program had filled in."""
    ids = reading.values.get(ID)
    if not ids or not any(ids):
        return
    given = [column.name for column in reading.table.sheet.columns if column.given]
    seen: set[object] = set()
    for index, value in enumerate(ids):
        if value is None:
            continue
        if value in seen:
            row = reading.rows[index]
            reading.desk.add(
                Code.ROW_DUPLICATE,
                ID,
                row,
                text="row-duplicate.id",
                value=str(value),
                severity=Severity.INFO,
            )
            for name in given:
                if name in reading.values:
                    reading.values[name][index] = None
        seen.add(value)


def _raw(reading: Reading, column: str, index: int) -> str:
    place = reading.table.headers.places.get(column)
    percent = (reading.rows[index], place) in reading.table.cells.percent
    raw = reading.raw.get(column)
    return raw_text(raw[index], percent) if raw else ""
