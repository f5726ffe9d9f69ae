"""Submissions and consolidations built by hand, without any workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from xltools.check.reading_plan import ReadingPlan
from xltools.check.submission import SheetRows, Submission
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.supersede import combine
from xltools.consolidate.store.submission_store import Store
from xltools.definition import Catalog, load_catalog
from xltools.definition.default_settings import default_settings
from xltools.ground.period import Quarter
from xltools.settings import Settings

CATALOG = load_catalog()
SETTINGS = default_settings(CATALOG, "zh")
PERIOD = Quarter(2024, 3)

Row = Mapping[str, object]


def sheet_rows(
    template: str, sheet: str, rows: Sequence[Row], *, first: int = 10, title: str = ""
) -> SheetRows:
    """Rows of a sheet from row ``first`` on; columns that none of them names hold None."""
    definition = CATALOG[template].sheet(sheet)
    return SheetRows(
        name=sheet,
        title=title or definition.title.zh,
        rows=list(range(first, first + len(rows))),
        columns={name: [row.get(name) for row in rows] for name in definition.names},
        places={name: place for place, name in enumerate(definition.names, 2)},
    )


def sent(
    template: str,
    team: str,
    sheets: Mapping[str, Sequence[Row]],
    *,
    period: Quarter = PERIOD,
    file: str = "",
    **more: object,
) -> Submission:
    """One workbook as read."""
    title = CATALOG[template].title.zh
    return Submission(
        file=file or f"inbox/{team}-{title}-{period}.xlsx",
        template=template,
        version=CATALOG[template].version,
        team=team,
        period=str(period),
        identified=True,
        sheets={name: sheet_rows(template, name, rows) for name, rows in sheets.items()},
        **more,  # type: ignore[arg-type]
    )


def extra_texts(found: Consolidation, definition: str, sheet: str, header: str) -> list[str]:
    """What stands in a column that no definition knows; "" in rows of files without the column."""
    assert found.stored is not None
    parts = found.stored.counted[definition, sheet].parts
    return [text for one in parts for text in one.sheet.extra.get(header) or [""] * one.rows]


def together(
    submissions: Sequence[Submission],
    *,
    store: Path | None = None,
    catalog: Catalog = CATALOG,
    settings: Settings = SETTINGS,
    period: Quarter | None = PERIOD,
) -> Consolidation:
    """What `collect` makes of them."""
    memory = Store(store, catalog)
    readings = [memory.put(f"{n}:{one.file}", one) for n, one in enumerate(submissions)]
    read = [
        (memory.submission(reading, one.file), reading)
        for one, reading in zip(submissions, readings, strict=True)
    ]
    return combine(memory, ReadingPlan(catalog, settings, period=period), read)
