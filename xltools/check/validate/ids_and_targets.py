"""What a workbook states that another may contradict: row ids, and targets that the desk set."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from xltools.check.submission import Claim, SheetRows, Submission
from xltools.definition import Catalog, SheetDef
from xltools.ground.cells import column_letters
from xltools.ground.folding import fold

ID = "id"


def collect_claims(submission: Submission, catalog: Catalog) -> None:
    """Note a submission's claims, so that its rows need not be kept until all files are read."""
    if submission.excluded or submission.template not in catalog.definitions:
        return
    definition = catalog[submission.template]
    submission.claims = [
        claim
        for rows in submission.sheets.values()
        for claim in _claims(definition.sheet(rows.name), rows)
    ]


def _claims(sheet: SheetDef, rows: SheetRows) -> Iterator[Claim]:
    for row, text in zip(rows.rows, rows.columns.get(ID, ()), strict=False):
        if isinstance(text, str):
            yield _claim("id", f"{sheet.name}.{text}", rows, row, _first(rows))
    if not sheet.states_targets:
        return
    columns = rows.columns["metric"], rows.columns["target"]
    for row, metric, target in zip(rows.rows, *columns, strict=True):
        if isinstance(metric, str) and isinstance(target, int | float):
            yield _target(sheet, rows, row, fold(metric), float(target))


def _target(sheet: SheetDef, rows: SheetRows, row: int, key: str, value: float) -> Claim:
    """A target, at the cells that somebody can change: a computed one has none of its own."""
    behind = [name for name in sheet.amounts_behind("target") if name in rows.places]
    column = behind[0] if behind else "target"
    place = rows.places.get(column) or rows.places.get("metric", 1)
    cells = [f"{column_letters(rows.places[name])}{row}" for name in behind]
    return msgspec.structs.replace(
        _claim("target", key, rows, row, place),
        value=value,
        column=column,
        cells=" ".join(cells) if sheet.column("target").computed else "",
    )


def _claim(kind: str, key: str, rows: SheetRows, row: int, place: int) -> Claim:
    cell = f"{column_letters(place)}{row}"
    return Claim(kind=kind, key=key, sheet=rows.title, table=rows.name, cell=cell)


def _first(rows: SheetRows) -> int:
    """The leftmost visible column: an id stands in a hidden one, which helps nobody."""
    return min((place for name, place in rows.places.items() if name != ID), default=1)
