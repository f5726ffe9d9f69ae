"""All submissions of a period together: one table a sheet, every row with its provenance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xltools.check.submission import Submission
from xltools.consolidate.store.arrivals import Arrival
from xltools.consolidate.store.arrivals import Key as ArrivalKey
from xltools.definition import Catalog
from xltools.errors import UsageError
from xltools.ground.period import Quarter
from xltools.issues import Issue
from xltools.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from xltools.consolidate.combine.counted_rows import StoredRows

PROVENANCE = ("_team", "_period", "_file", "_sheet", "_row")

Key = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Consolidation:
    """What `collect` makes and `evaluate` and `rollover` read.

    ``tables`` maps (definition name, sheet name) to a DataFrame: the `PROVENANCE` columns
    (``_sheet`` the title in the file, ``_row`` the Excel row), then the definition's columns in its
    order, dtypes as their kinds say, rows in the order of files and rows. ``submissions`` are
    in the order of files, their sheets without values. ``issues`` are those across workbooks.
    ``missing`` are (team, definition name) that settings expect and nobody sent. ``arrivals`` says
    when submissions arrived, ``stored`` where their rows lie in the store, for code that does
    without DataFrames.
    """

    catalog: Catalog
    settings: Settings
    period: Quarter | None
    tables: Mapping[Key, pd.DataFrame]
    submissions: tuple[Submission, ...]
    issues: tuple[Issue, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    arrivals: Mapping[ArrivalKey, Arrival] = field(default_factory=dict)
    stored: StoredRows | None = None

    def table(self, definition: str, sheet: str) -> pd.DataFrame | None:
        """The rows of one sheet from every file, or None where nobody filled it.

        Raises UsageError with the nearest name where no definition has such a sheet.
        """
        if not self.catalog.has(definition, sheet):
            known = [f"{one.name}.{inside.name}" for one, inside in self.catalog.sheets()]
            raise UsageError.unknown("sheet", f"{definition}.{sheet}", known)
        found = self.tables.get((definition, sheet))
        return None if found is None or found.empty else found

    @property
    def rows(self) -> int:
        """How many rows count, in all tables; no table is made for it."""
        if self.stored:
            return sum(one.total for one in self.stored.counted.values())
        return sum(len(table) for table in self.tables.values())

    @property
    def all_issues(self) -> list[Issue]:
        """Issues of every file, then those across workbooks."""
        return [one for sent in self.submissions for one in sent.issues] + list(self.issues)
