"""Row ids and targets, which `across_workbooks` compares with other workbooks and settings."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from xltools.check.submission import ComparedValue, SheetRows, Submission
from xltools.definition import Catalog, SheetDef
from xltools.ground.cells import column_letters
from xltools.ground.folding import fold

ID = "id"


def collect_compared_values(submission: Submission, catalog: Catalog) -> None:
    """Collect a submission's values to compare, so that its rows need not stay in memory."""
    if submission.excluded or submission.template not in catalog.definitions:
        return
    definition = catalog[submission.template]
    submission.compared = [
        value
        for rows in submission.sheets.values()
        for value in _compared_values(definition.sheet(rows.name), rows)
    ]


def _compared_values(sheet: SheetDef, rows: SheetRows) -> Iterator[ComparedValue]:
    for row, text in zip(rows.rows, rows.columns.get(ID, ()), strict=False):
        if isinstance(text, str):
            yield _compared_value("id", f"{sheet.name}.{text}", rows, row, _first(rows))
    if not sheet.states_targets:
        return
    columns = rows.columns["metric"], rows.columns["target"]
    for row, metric, target in zip(rows.rows, *columns, strict=True):
        if isinstance(metric, str) and isinstance(target, int | float):
            yield _target(sheet, rows, row, fold(metric), float(target))


def _target(sheet: SheetDef, rows: SheetRows, row: int, key: str, value: float) -> ComparedValue:
    """A target and the cells that a person can change: for a computed one, those it comes from."""
    behind = [name for name in sheet.amounts_behind("target") if name in rows.places]
    column = behind[0] if behind else "target"
    place = rows.places.get(column) or rows.places.get("metric", 1)
    cells = [f"{column_letters(rows.places[name])}{row}" for name in behind]
    return msgspec.structs.replace(
        _compared_value("target", key, rows, row, place),
        value=value,
        column=column,
        cells=" ".join(cells) if sheet.column("target").computed else "",
    )


def _compared_value(kind: str, key: str, rows: SheetRows, row: int, place: int) -> ComparedValue:
    cell = f"{column_letters(place)}{row}"
    return ComparedValue(kind=kind, key=key, sheet=rows.title, table=rows.name, cell=cell)


def _first(rows: SheetRows) -> int:
    """The leftmost column but for the id's, which is hidden and cannot be pointed at."""
    return min((place for name, place in rows.places.items() if name != ID), default=1)
