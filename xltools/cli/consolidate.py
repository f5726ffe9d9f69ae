"""``consolidate``: one workbook, every row with its provenance."""

from __future__ import annotations

from pathlib import Path

import click

from xltools.cli.shared import options
from xltools.cli.shared.commands import Command
from xltools.cli.shared.progress_bars import progress
from xltools.cli.shared.run_language import text


@click.command("consolidate", cls=Command)
@options.paths
@options.output
@options.workers
@options.scheduler
@options.option("--fresh", is_flag=True)
@options.option("--max-rows", type=click.IntRange(1), metavar="N")
@options.option("--parquet", type=click.Path(path_type=Path), metavar="DIR")
@options.database
@options.common
def command(
    paths: tuple[str, ...],
    output: Path | None,
    workers: int | None,
    scheduler: str,
    fresh: bool,
    max_rows: int | None,
    parquet: Path | None,
    database: str,
    shared: options.CommonOptions,
) -> int:
    from xltools.verbs import consolidate_workbooks

    run = shared.start(paths)
    target = output or options.default_place(run, "reports", "consolidated.xlsx")
    with progress(text("consolidate.progress")) as advance:
        found = consolidate_workbooks(
            run,
            options.to_read(run, paths),
            target,
            workers=workers,
            scheduler=scheduler,
            fresh=fresh,
            max_rows=max_rows,
            parquet=parquet,
            database=database or run.database,
            force=shared.force or output is None,
            progress=advance,
        )
    rows = found.rows
    counted = [one for one in found.submissions if not one.excluded]
    click.echo(text("consolidate.done", files=len(counted), rows=rows, path=target))
    return options.exit_code_of(run, paths, found)
