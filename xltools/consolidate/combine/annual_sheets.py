"""Annual sheets: of each team the latest submission of the year stands, whatever brought it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from xltools.consolidate.combine.consolidation import Consolidation, Key
from xltools.ground.folding import fold

if TYPE_CHECKING:
    import pandas as pd


def with_annual(current: Consolidation, earlier: Sequence[Consolidation]) -> Consolidation:
    """The same quarter with the annual rows of teams that sent theirs in an earlier quarter only.

    ``earlier`` are other quarters, the latest first; those of other years are passed over.
    """
    year = current.period.year if current.period else None
    same = [one for one in earlier if one.period and one.period.year == year]
    tables: dict[Key, pd.DataFrame] = {}
    for definition, sheet in current.catalog.sheets():
        if sheet.lasts == "year":
            key = definition.name, sheet.name
            found = _latest([one.table(*key) for one in (current, *same) if one.catalog.has(*key)])
            if found is not None:
                tables[key] = found
    return replace(current, tables={**current.tables, **tables}) if same else current


def _latest(tables: Sequence[pd.DataFrame | None]) -> pd.DataFrame | None:
    """Each team's rows from the first table that has any."""
    import pandas as pd

    seen: set[str] = set()
    parts: list[pd.DataFrame] = []
    for table in tables:
        if table is None:
            continue
        teams = [fold(str(team)) for team in table["_team"]]
        fresh = table.loc[[team not in seen for team in teams]]
        seen.update(teams)
        if len(fresh):
            parts.append(fresh)
    return pd.concat(parts, ignore_index=True) if parts else None
