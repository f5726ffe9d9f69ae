"""A consolidation to files: the workbook, and the same tables for pandas and BI tools."""

from __future__ import annotations

from pathlib import Path

from xltools.consolidate.combine.consolidation import Consolidation


def write_consolidated(
    consolidation: Consolidation,
    target: Path,
    *,
    lang: str = "zh",
    max_rows: int | None = None,
    parquet: Path | None = None,
    force: bool = False,
) -> None:
    """Write the consolidated workbook, and with ``parquet`` every table into that folder.

    ``max_rows`` splits longer sheets. Raises WriteError where an output exists or cannot be
    written.
    """
    from xltools.consolidate.write.consolidated_workbook import write_workbook

    if parquet is not None:
        from xltools.consolidate.write.parquet_tables import write_tables

        write_tables(consolidation, Path(parquet), lang=lang, force=force)
    if consolidation.held is None:
        raise ValueError("only what `collect` made can be written")
    write_workbook(
        consolidation, consolidation.held, target, lang=lang, max_rows=max_rows, force=force
    )
