"""Rows of the store as DataFrames, made when somebody asks for one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from xltools.consolidate.combine.consolidation import PROVENANCE
from xltools.consolidate.combine.counted_rows import CountedSheet
from xltools.kinds import KINDS

if TYPE_CHECKING:
    import pandas as pd

Key = tuple[str, str]


class RowFrames(Mapping[Key, "pd.DataFrame"]):
    """(definition name, sheet name) → a table of the rows that count; each is made once.

    Two threads that ask at once may both make a table; both hold the same.
    """

    def __init__(self, counted: Mapping[Key, CountedSheet]) -> None:
        self._counted = counted
        self._made: dict[Key, pd.DataFrame] = {}

    def __getitem__(self, key: Key) -> pd.DataFrame:
        if key not in self._made:
            self._made[key] = _frame(self._counted[key])
        return self._made[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._counted)

    def __len__(self) -> int:
        return len(self._counted)


def _frame(counted: CountedSheet) -> pd.DataFrame:
    """A sheet's rows with the columns of its definition, dtypes as their kinds say."""
    import pandas as pd

    columns = counted.table.sheet.columns
    rows = [
        row
        for part in counted.parts
        for row in counted.store.select(counted.table.select, part.reading)
    ]
    values: list[tuple[object, ...]] = list(zip(*rows, strict=True)) or [()] * (1 + len(columns))
    series = {"_row": pd.Series(values[0], dtype="int64")}
    for column, cells in zip(columns, values[1:], strict=True):
        dtype = KINDS[column.kind].dtype
        if dtype.startswith("datetime"):
            days = pd.to_datetime(pd.Series(cells, dtype="str"))
            series[column.name] = days.astype("datetime64[ns]")
        else:
            series[column.name] = pd.Series(cells, dtype=dtype)
    return _with_provenance(counted, series)


def _with_provenance(counted: CountedSheet, series: dict[str, pd.Series]) -> pd.DataFrame:
    """The columns, and in front of them where each row came from."""
    import pandas as pd

    sizes = [part.rows for part in counted.parts]
    texts = {
        "_team": [part.submission.team for part in counted.parts],
        "_period": [part.submission.period for part in counted.parts],
        "_file": [part.submission.file for part in counted.parts],
    }
    places = {
        name: pd.Series(values, dtype="str").repeat(sizes).reset_index(drop=True)
        for name, values in texts.items()
    }
    titles = [title for part in counted.parts for title in part.sheet.row_titles]
    places["_sheet"] = pd.Series(titles, dtype="str")
    return pd.DataFrame({**{name: {**places, **series}[name] for name in PROVENANCE}, **series})
