"""The database of all quarters against the consolidated workbook: the same rows, twice written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from inbox import PERIOD, inbox, workplace
from measure import medians, ratio, row, section

from xltools.check.reading_plan import ReadingPlan
from xltools.consolidate.collect_submissions import collect
from xltools.consolidate.write.consolidated_workbook import write_consolidated
from xltools.database.write_quarter import Scope, write_quarter

sys.path.insert(0, str(Path(__file__).parents[1]))

from database_servers import absent, postgresql


def compare_database(full: bool) -> None:
    """Writing the rows to SQLite, and to PostgreSQL where Debian's packages are installed."""
    box = inbox(500 if full else 100)
    with workplace() as folder, _server(folder) as server:
        found = collect(
            [box.folder],
            ReadingPlan(box.catalog, box.settings, period=PERIOD),
            store=folder / "read.sqlite",
        )
        urls = {"SQLite": f"sqlite:///{folder / 'all.db'}", **server}
        section(f"Database: {found.rows:,} rows of {len(box.paths)} workbooks")
        written = partial(write_consolidated, found, folder / "all.xlsx", force=True)
        contenders = {"the consolidated workbook": written} | {
            name: partial(write_quarter, found, url, Scope(True)) for name, url in urls.items()
        }
        seconds = medians(contenders, 3 if full else 2)
        for name, one in seconds.items():
            row(name, f"{one:.2f} s")
        workbook = seconds["the consolidated workbook"]
        for name, most in (("SQLite", 2), ("PostgreSQL", 4)):
            if name in seconds:
                ratio(name, seconds[name], workbook, f"≤ {most}")


@contextmanager
def _server(folder: Path) -> Iterator[dict[str, str]]:
    if absent("postgresql"):
        yield {}
        return
    folder.chmod(0o711)
    (folder / "postgresql").mkdir()
    with postgresql(folder / "postgresql") as url:
        yield {"PostgreSQL": f"{url}postgres"}
