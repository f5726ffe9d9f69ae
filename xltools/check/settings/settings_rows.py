"""Rows of one sheet of a settings workbook, and faults reported at their cells."""

from __future__ import annotations

from collections.abc import Iterator

from xltools.check.sheet_issues import SheetIssues
from xltools.check.submission import Submission
from xltools.definition.catalog import SETTINGS
from xltools.issues import Code, Severity


class Rows:
    """One sheet; blank where the workbook lacks it. ``issues`` takes what is wrong in it."""

    def __init__(self, submission: Submission, sheet: str) -> None:
        self._rows = rows = submission.sheets.get(sheet)
        title, places = (rows.title, rows.places) if rows else ("", {})
        of = f"{SETTINGS}.{sheet}"
        self.issues = SheetIssues(submission.issues, submission.file, title, of, places)

    def items(self, *needed: str) -> Iterator[tuple[int, dict[str, object]]]:
        """The index and the cells by column of every row that has the ``needed`` cells."""
        columns = self._rows.columns if self._rows else {}
        for index, row in enumerate(zip(*columns.values(), strict=True)):
            cells = dict(zip(columns, row, strict=True))
            if all(cells.get(name) is not None for name in needed):
                yield index, cells

    def cell(self, column: str, index: int) -> str:
        """The cell of a column in the row of this index, in A1 form."""
        return self.issues.cell(column, self._rows.rows[index]) if self._rows else ""

    def report(
        self,
        code: Code,
        text: str,
        column: str,
        index: int,
        value: str,
        suggestion: str = "",
        severity: Severity | None = None,
    ) -> None:
        """Add an issue at the cell of a column in the row of this index."""
        row = self._rows.rows[index] if self._rows else 0
        self.issues.add(
            code, column, row, text=text, value=value, suggestion=suggestion, severity=severity
        )
