"""Issues of one table: each at its cell, with what its sentence needs."""

from __future__ import annotations

from xltools.check.locate.sheet_tables import Table
from xltools.ground.cells import column_letters
from xltools.issues import Code, Issue, Severity, issue
from xltools.kinds import Fault


class Desk:
    """Collects the issues of one table of one file."""

    def __init__(self, file: str, table: Table, definition: str) -> None:
        self.file = file
        self.title = table.cells.title
        self.places = table.headers.places
        self.of = f"{definition}.{table.sheet.name}"
        self.issues: list[Issue] = []
        self.refused: dict[str, set[int]] = {}
        """Rows by column whose value was refused or is an error: nothing more is asked of them."""

    def cell(self, column: str, row: int) -> str:
        """A cell in A1 form; "" where the file lacks the column."""
        place = self.places.get(column)
        return f"{column_letters(place)}{row}" if place else ""

    def add(
        self,
        code: Code,
        column: str,
        row: int,
        *,
        text: str = "",
        value: str = "",
        suggestion: str = "",
        severity: Severity | None = None,
        other_cell: str = "",
        details: dict[str, str | int | float] | None = None,
        **more: str | int | float,
    ) -> None:
        """Report one cell."""
        self.issues.append(
            issue(
                code,
                severity=severity,
                file=self.file,
                sheet=self.title,
                cell=self.cell(column, row),
                column=column,
                value=value,
                suggestion=suggestion,
                text=text,
                details={"of": self.of, **(details or {}), **more},
                other_file=self.file if other_cell else "",
                other_sheet=self.title if other_cell else "",
                other_cell=other_cell,
            )
        )
        if code in (Code.CELL_KIND, Code.CELL_CHOICE, Code.CELL_RANGE, Code.CELL_ERROR):
            self.refused.setdefault(column, set()).add(row)

    def fault(self, fault: Fault, column: str, row: int) -> None:
        """Report what a kind found in one cell."""
        self.add(
            fault.code,
            column,
            row,
            text=fault.text,
            value=fault.value,
            suggestion=fault.suggestion,
            severity=fault.severity,
            details={k: v for k, v in fault.details.items() if k not in ("value", "suggestion")},
        )

    def is_refused(self, column: str, row: int) -> bool:
        """Whether this cell's value was refused already."""
        return row in self.refused.get(column, ())
