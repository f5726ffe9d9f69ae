"""Row ids and targets, which `across_workbooks` compares with other workbooks and settings."""

from __future__ import annotations

from collections.abc import Iterator

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
    first = column_letters(_first(rows))
    for row, text in zip(rows.rows, rows.columns.get(ID, ()), strict=False):
        if isinstance(text, str):
            key = f"{sheet.name}.{text}"
            yield ComparedValue(
                kind="id", key=key, sheet=rows.title, table=rows.name, cell=f"{first}{row}"
            )
    if not sheet.states_targets:
        return
    # Of a computed target the cells that a person can change are those that it comes from.
    behind = [name for name in sheet.amounts_behind("target") if name in rows.places]
    column = behind[0] if behind else "target"
    letters = column_letters(rows.places.get(column) or rows.places.get("metric", 1))
    computed = sheet.column("target").computed
    changed = [column_letters(rows.places[name]) for name in behind] if computed else []
    columns = rows.columns["metric"], rows.columns["target"]
    for row, metric, target in zip(rows.rows, *columns, strict=True):
        if isinstance(metric, str) and isinstance(target, int | float):
            yield ComparedValue(
                kind="target",
                key=fold(metric),
                sheet=rows.title,
                table=rows.name,
                cell=f"{letters}{row}",
                value=float(target),
                column=column,
                cells=" ".join(f"{one}{row}" for one in changed),
            )


def _first(rows: SheetRows) -> int:
    """The leftmost column but for the id's, which is hidden and cannot be pointed at."""
    return min((place for name, place in rows.places.items() if name != ID), default=1)
