"""One file as read: parsed columns, each row with its place, and what was found wrong."""

from __future__ import annotations

import msgspec

from xltools.issues import Issue, Severity


class SheetRows(msgspec.Struct, kw_only=True):
    """The rows of one sheet of the definition.

    ``rows`` are Excel row numbers; every list in ``columns`` and ``extra`` is as long. A column
    that the file lacks holds None throughout and has no entry in ``places`` (Excel column numbers).
    ``extra`` keeps what stands in columns that no definition knows, by header. ``formulas`` are
    the rows by computed column whose cell still holds a formula.
    """

    name: str
    title: str
    rows: list[int]
    columns: dict[str, list[object]]
    places: dict[str, int]
    extra: dict[str, list[str]] = {}
    formulas: dict[str, list[int]] = {}


class UnknownSheet(msgspec.Struct, kw_only=True):
    """Texts without a place in any definition: (row, cells) of a sheet, all or the odd ones."""

    title: str
    rows: list[tuple[int, list[str]]]


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Something at one cell that another workbook may contradict: ``id`` or ``target``.

    ``sheet`` is the title in the file, ``table`` the sheet's name in the definition. A computed
    target stands at the ``cells`` that a person can change, the first of them in ``column``.
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
    was found. ``excluded`` submissions are listed but none of their rows count. ``claims`` are what
    is compared with other workbooks.
    """

    file: str
    sha256: str = ""
    modified: str = ""
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
    claims: list[Claim] = []

    @property
    def errors(self) -> int:
        """How many issues are errors."""
        return sum(issue.severity is Severity.ERROR for issue in self.issues)

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows by sheet name."""
        return {name: len(sheet.rows) for name, sheet in self.sheets.items()}
