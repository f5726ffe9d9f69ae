"""The rows of one sheet of all files of a batch, one file after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from xltools.check.sheet_issues import SheetIssues
from xltools.check.submission import SheetRows, Submission
from xltools.definition import ColumnDef, SheetDef
from xltools.issues import Code, Severity
from xltools.kinds import KINDS

if TYPE_CHECKING:
    import pandas as pd

GROUP = "_file"
_NUMBERS = (int, float)
_INTERPRETED = frozenset(
    {
        Code.CELL_NORMALISED,
        Code.CELL_KIND,
        Code.CELL_CHOICE,
        Code.CELL_RANGE,
        Code.CELL_ERROR,
        Code.CELL_REQUIRED,
    }
)


class Block(msgspec.Struct, dict=True):
    """The rows of one submission in a stack, from ``start`` on."""

    submission: Submission
    number: int
    """The submission's place in the batch, the same for all sheets of one workbook."""
    rows: SheetRows
    issues: SheetIssues
    start: int

    @cached_property
    def _faulty(self) -> set[str]:
        own = (one for one in self.submission.issues if one.sheet == self.rows.title)
        return {one.cell for one in own if one.severity is Severity.ERROR and one.cell}

    @cached_property
    def interpreted(self) -> frozenset[str]:
        """Sheets with cells whose formulas' reading may differ from ours."""
        return frozenset(one.sheet for one in self.submission.issues if one.code in _INTERPRETED)

    def is_faulty(self, column: str, row: int) -> bool:
        """Whether an error was reported at this cell before the rules ran."""
        return self.issues.cell(column, row) in self._faulty


class StackedRows(msgspec.Struct):
    """The blocks of one sheet of a definition."""

    sheet: SheetDef
    blocks: list[Block] = msgspec.field(default_factory=list)
    size: int = 0

    def push(self, submission: Submission, number: int, of: str) -> None:
        """Add a submission's rows of this sheet, if it has the sheet."""
        for rows in submission.sheets.values():
            if rows.name != self.sheet.name:
                continue
            issues = SheetIssues(submission.issues, submission.file, rows.title, of, rows.places)
            self.blocks.append(Block(submission, number, rows, issues, self.size))
            self.size += len(rows.rows)

    def values(self, column: str) -> list[object]:
        """One column of all blocks."""
        return [value for block in self.blocks for value in block.rows.columns[column]]

    def cells(self) -> Iterator[tuple[Block, int, int]]:
        """Every row: its block, its position in the stack, its Excel row."""
        for block in self.blocks:
            for at, row in enumerate(block.rows.rows, block.start):
                yield block, at, row

    def put(self, column: str, values: list[object]) -> None:
        """Write one column back to the submissions."""
        for block in self.blocks:
            block.rows.columns[column] = values[block.start : block.start + len(block.rows.rows)]

    def frame(self) -> pd.DataFrame:
        """The stack as a table; texts stay plain objects, which is fastest here."""
        import pandas as pd

        columns: dict[str, Any] = {
            GROUP: [block.number for block in self.blocks for _ in block.rows.rows]
        }
        for column in self.sheet.columns:
            columns[column.name] = series(self.values(column.name), column)
        return pd.DataFrame(columns, index=range(self.size))


def series(values: Sequence[object], column: ColumnDef) -> pd.Series[Any]:
    """A column as expressions want it: numbers, dates, or objects with None."""
    import pandas as pd

    dtype = KINDS[column.kind].dtype
    if dtype.startswith("datetime"):
        dates = pd.Series(list(values), dtype=object)
        return pd.to_datetime(dates, errors="coerce").astype("datetime64[ns]")
    if dtype.startswith(("float", "int", "Int")):
        numbers = [value if isinstance(value, _NUMBERS) else None for value in values]
        return pd.Series(numbers, dtype="float64")
    return pd.Series(list(values), dtype=object)


def plain(values: pd.Series[Any], column: ColumnDef) -> list[object]:
    """A column as submissions hold it: floats, whole numbers, dates, texts, None."""
    kind = KINDS[column.kind].dtype
    if kind.startswith("datetime"):
        return [None if value != value else value.date() for value in values]
    if kind.startswith(("float", "int", "Int")):
        whole = column.kind == "integer"
        return [
            None if value != value else int(value) if whole else value
            for value in values.astype("float64").tolist()
        ]
    return [None if value is None or value != value else str(value) for value in values.tolist()]
