"""Submissions → one table a sheet, every row with its provenance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from xltools.check.submission import SheetRows, Submission
from xltools.definition import Catalog, SheetDef
from xltools.kinds import KINDS

if TYPE_CHECKING:
    import pandas as pd

PROVENANCE = ("_team", "_period", "_file", "_sheet", "_row")

Part = tuple[Submission, SheetRows]


def tables_of(
    submissions: Iterable[Submission], catalog: Catalog
) -> dict[tuple[str, str], pd.DataFrame]:
    """(definition, sheet) → the rows of every submission that counts, in the order given."""
    parts: dict[tuple[str, str], list[Part]] = {}
    for submission in submissions:
        if submission.excluded or not submission.template:
            continue
        for name, rows in submission.sheets.items():
            parts.setdefault((submission.template, name), []).append((submission, rows))
    return {
        key: _table(catalog[key[0]].sheet(key[1]), found) for key, found in sorted(parts.items())
    }


def _table(sheet: SheetDef, parts: Sequence[Part]) -> pd.DataFrame:
    import pandas as pd

    told: dict[str, list[object]] = {name: [] for name in PROVENANCE}
    for submission, rows in parts:
        count = len(rows.rows)
        told["_team"] += [submission.team] * count
        told["_period"] += [submission.period] * count
        told["_file"] += [submission.file] * count
        told["_sheet"] += rows.row_titles
        told["_row"] += rows.rows
    columns = {
        name: pd.Series(values, dtype="int64" if name == "_row" else "str")
        for name, values in told.items()
    }
    for column in sheet.columns:
        values = joined(parts, column.name)
        columns[column.name] = _series(values, KINDS[column.kind].dtype)
    return pd.DataFrame(columns)


def joined(parts: Sequence[Part], column: str) -> list[object]:
    """One column of all parts."""
    return [value for _, rows in parts for value in rows.columns[column]]


def _series(values: list[object], dtype: str) -> pd.Series[Any]:
    import pandas as pd

    if dtype.startswith("datetime"):
        return pd.to_datetime(pd.Series(values, dtype="object")).astype("datetime64[ns]")
    return pd.Series(values, dtype=dtype)
