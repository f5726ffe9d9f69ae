"""What is wrong with a workbook: data only; its sentence in ``locale/`` is for showing it."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """How bad it is; errors change the exit code."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Code(StrEnum):
    """Stable names of everything that checking can find; documented one by one."""

    FILE_UNREADABLE = "file-unreadable"
    FILE_ENCRYPTED = "file-encrypted"
    FILE_NOT_WORKBOOK = "file-not-workbook"
    FILE_TOO_LARGE = "file-too-large"
    FILE_REFUSED = "file-refused"
    FILE_REPAIRED = "file-repaired"
    WORKBOOK_UNKNOWN = "workbook-unknown"
    WORKBOOK_DUPLICATE = "workbook-duplicate"
    PERIOD_MISMATCH = "period-mismatch"
    TEAM_MISMATCH = "team-mismatch"
    WORKBOOK_OUTDATED = "workbook-outdated"
    WORKBOOK_NEWER = "workbook-newer"
    WORKBOOK_TAMPERED = "workbook-tampered"
    WORKBOOK_CONFLICT = "workbook-conflict"
    SHEET_MISSING = "sheet-missing"
    SHEET_RENAMED = "sheet-renamed"
    SHEET_UNKNOWN = "sheet-unknown"
    HEADER_MISSING = "header-missing"
    HEADER_DUPLICATE = "header-duplicate"
    HEADER_RENAMED = "header-renamed"
    HEADER_UNKNOWN = "header-unknown"
    ROW_HIDDEN = "row-hidden"
    ROW_IGNORED = "row-ignored"
    ROW_EXAMPLE = "row-example"
    CELL_KIND = "cell-kind"
    CELL_CHOICE = "cell-choice"
    CELL_RANGE = "cell-range"
    CELL_ERROR = "cell-error"
    CELL_REQUIRED = "cell-required"
    CELL_NORMALISED = "cell-normalised"
    CELL_MERGED = "cell-merged"
    CELL_IMPLAUSIBLE = "cell-implausible"
    CELL_RECOMPUTED = "cell-recomputed"
    ROW_RULE = "row-rule"
    ROW_DUPLICATE = "row-duplicate"
    REFERENCE_MISSING = "reference-missing"
    REFERENCE_NEAR = "reference-near"
    SUM_MISMATCH = "sum-mismatch"


_WARNINGS = {
    Code.FILE_REPAIRED,
    Code.WORKBOOK_OUTDATED,
    Code.WORKBOOK_TAMPERED,
    Code.SHEET_RENAMED,
    Code.SHEET_UNKNOWN,
    Code.HEADER_RENAMED,
    Code.HEADER_UNKNOWN,
    Code.ROW_HIDDEN,
    Code.ROW_EXAMPLE,
    Code.REFERENCE_NEAR,
    Code.CELL_IMPLAUSIBLE,
    Code.CELL_RECOMPUTED,
}


def severity_of(code: Code) -> Severity:
    """The severity a code has unless the place where it arises says otherwise."""
    if code in (Code.CELL_NORMALISED, Code.CELL_MERGED, Code.ROW_IGNORED):
        return Severity.INFO
    return Severity.WARNING if code in _WARNINGS else Severity.ERROR


class Issue(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One fault at one place.

    ``sheet`` is the title in the file, ``cell`` is A1, ``column`` the column's name. ``text`` is
    the id of the sentence (the code itself unless a more exact one exists), ``details`` fills it;
    ``sentence`` replaces it where a definition brings its own words. ``other_*`` name the second
    cell of a fault between two places.
    """

    code: Code
    severity: Severity
    file: str = ""
    sheet: str = ""
    cell: str = ""
    column: str = ""
    value: str = ""
    suggestion: str = ""
    text: str = ""
    details: dict[str, str | int | float] = {}
    sentence: dict[str, str] = {}
    other_file: str = ""
    other_sheet: str = ""
    other_cell: str = ""


def issue(code: Code, *, severity: Severity | None = None, **fields: object) -> Issue:
    """An issue with its code's own severity unless another is given."""
    return Issue(code=code, severity=severity or severity_of(code), **fields)  # type: ignore[arg-type]
