"""Issues of one sheet of one file, each at its cell."""

from __future__ import annotations

from collections.abc import Mapping

from xltools.ground.cells import column_letters
from xltools.issues import Code, Issue, Severity, issue

_REFUSED = (Code.CELL_KIND, Code.CELL_CHOICE, Code.CELL_RANGE, Code.CELL_ERROR)


class SheetIssues:
    """Adds issues of one sheet to the list ``found``.

    ``title`` is the sheet's in the file, ``of`` its name in the definitions (``goals.tasks``),
    ``places`` are Excel column numbers by column name.
    """

    def __init__(
        self, found: list[Issue], file: str, title: str, of: str, places: Mapping[str, int]
    ) -> None:
        self.found = found
        self.file = file
        self.title = title
        self.of = of
        self.places = places
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
        cell: str = "",
        text: str = "",
        value: str = "",
        suggestion: str = "",
        severity: Severity | None = None,
        sentence: dict[str, str] | None = None,
        other_cell: str = "",
        details: Mapping[str, str | int | float] | None = None,
        **more: str | int | float,
    ) -> None:
        """Report the cell of a column in a row, or ``cell``; ``details`` fill the sentence."""
        self.found.append(
            issue(
                code,
                severity=severity,
                file=self.file,
                sheet=self.title,
                cell=cell or self.cell(column, row),
                column=column,
                value=value,
                suggestion=suggestion,
                text=text,
                sentence=sentence or {},
                details={"of": self.of, **(details or {}), **more},
                other_file=self.file if other_cell else "",
                other_sheet=self.title if other_cell else "",
                other_cell=other_cell,
            )
        )
        if code in _REFUSED:
            self.refused.setdefault(column, set()).add(row)

    def is_refused(self, column: str, row: int) -> bool:
        """Whether this cell's value was refused already."""
        return row in self.refused.get(column, ())
