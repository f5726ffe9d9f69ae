"""Rows of one sheet of a settings workbook, and faults reported at their cells."""

from __future__ import annotations

from xltools.check.submission import Submission
from xltools.definition.catalog import SETTINGS
from xltools.ground.cells import column_letters
from xltools.issues import Code, Severity, issue


class Rows:
    """One sheet; blank where the workbook lacks it."""

    def __init__(self, submission: Submission, sheet: str) -> None:
        self._submission = submission
        self._sheet = sheet
        self._rows = submission.sheets.get(sheet)

    @property
    def title(self) -> str:
        """The sheet's title in the file."""
        return self._rows.title if self._rows else ""

    def dicts(self, *needed: str) -> list[dict[str, object]]:
        """The rows as dicts; only those that have the ``needed`` cells."""
        if self._rows is None:
            return []
        names = list(self._rows.columns)
        rows = zip(*self._rows.columns.values(), strict=True)
        found = [dict(zip(names, row, strict=True)) for row in rows]
        return [row for row in found if all(row.get(name) is not None for name in needed)]

    def cell(self, column: str, index: int) -> str:
        """A cell in A1 form."""
        place = self._rows.places.get(column) if self._rows else None
        return f"{column_letters(place)}{self._rows.rows[index]}" if self._rows and place else ""

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
        """Add an issue at a row's cell."""
        self._submission.issues.append(
            issue(
                code,
                severity=severity,
                file=self._submission.file,
                sheet=self.title,
                cell=self.cell(column, index),
                column=column,
                value=value,
                text=text,
                suggestion=suggestion,
                details={"of": f"{SETTINGS}.{self._sheet}"},
            )
        )
