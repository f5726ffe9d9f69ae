"""One file as read: parsed columns, each row with its place, and what was found wrong."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from xltools.issues import Code, Issue, issue


class Stated(NamedTuple):
    """A cell that states the unit of its number: what it shows, and the unit with its scale."""

    text: str
    unit: str
    scale: int


class SheetRows(msgspec.Struct, kw_only=True):
    """The rows of one sheet of the definition.

    ``rows`` are Excel row numbers; every list in ``columns`` and ``extra`` is as long. A column
    that the file lacks holds None throughout and has no entry in ``places`` (Excel column numbers).
    ``extra`` keeps what stands in columns that no definition knows, by header. ``formulas`` are
    the rows by computed column whose cell still holds a formula. ``titles`` are those of each row's
    sheet where a table stands on several, one for every month; ``title`` and ``places`` are then
    the first sheet's. ``stated`` are the cells by column and index that state a unit and
    are compared with each other.
    """

    name: str
    title: str
    rows: list[int]
    columns: dict[str, list[object]]
    places: dict[str, int]
    extra: dict[str, list[str]] = {}
    formulas: dict[str, list[int]] = {}
    titles: list[str] = []
    stated: dict[str, dict[int, Stated]] = {}

    @property
    def row_titles(self) -> list[str]:
        """The title of every row's sheet."""
        return self.titles or [self.title] * len(self.rows)


class UnknownSheet(msgspec.Struct, kw_only=True):
    """(Excel row, texts) of a sheet that no definition knows, or of a known one's other rows."""

    title: str
    rows: list[tuple[int, list[str]]]


class ComparedValue(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An id or a target (``kind``) at one cell, to be compared with other workbooks.

    ``key`` is what has to be the same for a comparison: sheet and id, or the folded metric.
    ``sheet`` is the title in the file, ``table`` the sheet's name in the definition. Of a computed
    target, ``cells`` are those that a person can change, the first of them in ``column``.
    """

    kind: str
    key: str
    sheet: str
    table: str
    cell: str
    value: float | None = None
    column: str = "target"
    cells: str = ""


class Submission(msgspec.Struct, kw_only=True):
    """One workbook: whose it is, what it holds, what is wrong with it.

    ``file`` is the path as the user gave it; ``template`` is empty where the file could not be read
    or placed. ``period`` is ``2024Q3`` or empty. ``identified`` says whether the hidden identity
    was found. ``excluded`` submissions are listed but none of their rows count. ``sender`` and
    ``mailed`` are of the mail that it came in.
    """

    file: str
    sha256: str = ""
    modified: str = ""
    sender: str = ""
    mailed: str = ""
    template: str = ""
    version: int = 0
    lang: str = "zh"
    team: str = ""
    period: str = ""
    identified: bool = False
    excluded: bool = False
    sheets: dict[str, SheetRows] = {}
    unknown: list[UnknownSheet] = []
    issues: list[Issue] = []
    compared: list[ComparedValue] = msgspec.field(default_factory=list, name="claims")  # in JSON

    def add(self, rows: SheetRows) -> None:
        """Add a sheet; of several sheets that are one table each is kept apart until `join`."""
        key = f"{rows.name} {rows.title}" if rows.name in self.sheets else rows.name
        self.sheets[key] = rows

    def join(self) -> None:
        """Make one table of those on several sheets, once no rule needs their column numbers."""
        parts: dict[str, list[SheetRows]] = {}
        for rows in self.sheets.values():
            parts.setdefault(rows.name, []).append(rows)
        self.sheets = {
            name: _joined(found) if len(found) > 1 else found[0] for name, found in parts.items()
        }

    def report(self, code: Code, **fields: object) -> None:
        """Add an issue of the workbook; ``fields`` are those of `Issue`."""
        self.issues.append(issue(code, file=self.file, **fields))  # type: ignore[arg-type]

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows by sheet name."""
        return {name: len(sheet.rows) for name, sheet in self.sheets.items()}


def _joined(parts: list[SheetRows]) -> SheetRows:
    first = parts[0]
    headers = dict.fromkeys(header for part in parts for header in part.extra)
    return msgspec.structs.replace(
        first,
        rows=[row for part in parts for row in part.rows],
        columns={name: [v for one in parts for v in one.columns[name]] for name in first.columns},
        extra={
            header: [v for one in parts for v in one.extra.get(header) or [""] * len(one.rows)]
            for header in headers
        },
        formulas={},
        stated={},
        titles=[part.title for part in parts for _ in part.rows],
    )
