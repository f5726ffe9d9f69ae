"""Issues of a workbook as a whole: macros and links, repairs by the reader, its sheets."""

from __future__ import annotations

from collections import Counter
from functools import cache

from xltools.check.identify.label_forms import bare
from xltools.check.identify.near_matches import near_match
from xltools.check.identify.vocabulary import Vocabulary
from xltools.check.locate.sheet_tables import Layout, Table, titled_as
from xltools.check.submission import Submission
from xltools.definition import SheetDef
from xltools.excel.identity import HIDDEN_SHEET, ISSUES_NAME
from xltools.excel.reading.workbook_reader import SheetCells, WorkbookCells
from xltools.ground.folding import fold
from xltools.ground.member_paths import own_name
from xltools.issues import Code, Severity
from xltools.locale import LANGUAGES, knows, say

_FOREIGN = (
    "macro",
    "external-link",
    "dde",
    "active-control",
    "embedded-object",
    "connection",
    "web-extension",
    "remote-image",
    "outside-part",
    "formula-reaches-out",
    "formula-links-outside",
)
_OWN_SHEETS = ("generate.cover_title", "check.marks.title")
_HIDDEN = ("_lists", "_team")
_OF_CELLS = ("date-outside-calendar", "date-unreadable")
"""Reported at the cell, by the kind that refuses it."""


def report_findings(submission: Submission, book: WorkbookCells) -> None:
    """Report links, macros and the like, and what the reader had to repair."""
    kinds: dict[str, list[str]] = {}
    for finding in book.findings:
        kinds.setdefault(finding.kind, []).append(finding.where)
    for kind, where in kinds.items():
        if kind in _OF_CELLS:
            continue
        code = Code.WORKBOOK_TAMPERED if kind in _FOREIGN else Code.FILE_REPAIRED
        exact = f"{code}.{kind}"
        sheet, _, cell = where[0].rpartition("!") if kind.startswith("formula-") else ("", "", "")
        submission.report(
            code,
            sheet=sheet,
            cell=cell,
            value=kind,
            text=exact if knows(f"issues.{exact}") else "",
            details={"what": kind, "where": where[0], "count": len(where)},
        )


def report_sheets(submission: Submission, layout: Layout, words: Vocabulary) -> None:
    """Report sheets that were renamed, that are missing, and unknown ones."""
    name = layout.definition.name
    months = Counter(table.sheet.name for table in layout.tables)
    for table in layout.tables:
        if months[table.sheet.name] > 1:
            _report_month_sheets(submission, layout, table)
        elif not table.titled:
            submission.report(
                Code.SHEET_RENAMED,
                sheet=table.cells.title,
                value=table.cells.title,
                suggestion=table.sheet.title[submission.lang],
                details={"of": f"{name}.{table.sheet.name}"},
            )
    unknown = [one for one in layout.unknown if _filled(one)]
    likely = _likeliest(layout.missing, [cells.title for cells in unknown])
    for sheet in layout.missing:
        near = likely.get(sheet.name, "")
        submission.report(
            Code.SHEET_MISSING,
            severity=None if submission.identified else Severity.WARNING,
            value=sheet.title[submission.lang],
            suggestion=near,
            text=f"{Code.SHEET_MISSING}.near" if near else "",
            details={"of": f"{name}.{sheet.name}"},
        )
    for cells in unknown:
        _report_unknown_sheet(submission, cells, layout, words)


def _report_month_sheets(submission: Submission, layout: Layout, table: Table) -> None:
    """Add one note, at the first of the sheets that are one table."""
    titles = [one.cells.title for one in layout.tables if one.sheet is table.sheet]
    if table.cells.title == titles[0]:
        submission.report(
            Code.SHEET_RENAMED,
            severity=Severity.INFO,
            sheet=titles[0],
            value=" / ".join(titles),
            text=f"{Code.SHEET_RENAMED}.months",
            details={"of": f"{layout.definition.name}.{table.sheet.name}"},
        )


def _report_unknown_sheet(
    submission: Submission, cells: SheetCells, layout: Layout, words: Vocabulary
) -> None:
    """Report a sheet whose rows do not count: a copy, another workbook's sheet, or any other."""
    text, suggestion, of = "", "", ""
    own, inside = titled_as(cells.title, words)
    foreign = [key for key in (*own, *inside) if key[0] != layout.definition.name]
    if cells.title in layout.copies:
        text, suggestion = f"{Code.SHEET_UNKNOWN}.copy", layout.copies[cells.title]
    elif foreign and not any(key[0] == layout.definition.name for key in (*own, *inside)):
        text = f"{Code.SHEET_UNKNOWN}.foreign"
        suggestion = words.catalog[foreign[0][0]].title[submission.lang]
        of = ".".join(foreign[0])
    elif any(key[0] == layout.definition.name for key in own):
        text = f"{Code.SHEET_UNKNOWN}.headerless"
    submission.report(
        Code.SHEET_UNKNOWN,
        sheet=cells.title,
        value=cells.title,
        suggestion=suggestion,
        text=text,
        details={"of": of} if of else {},
    )


def is_ours(title: str) -> bool:
    """Whether the program put a sheet of this title there: instructions, lists."""
    return title in _HIDDEN or title.startswith(HIDDEN_SHEET) or fold(title) in _own_titles()


def problem_list(book: WorkbookCells) -> str:
    """The title of the list of problems in a marked copy; "" where there is none."""
    return book.names.get(ISSUES_NAME, "").rpartition("!")[0].strip("'").replace("''", "'")


# The sentences of the program do not change while it runs; whoever computes them gets the same.
@cache
def _own_titles() -> frozenset[str]:
    keys = [key for key in _OWN_SHEETS if knows(key)]
    return frozenset(fold(say(key, lang)) for key in keys for lang in LANGUAGES)


def _filled(cells: SheetCells) -> bool:
    return any(value is not None and value != "" for row in cells.rows for value in row)


def _likeliest(missing: list[SheetDef], titles: list[str]) -> dict[str, str]:
    """Which unknown sheet may be a missing one: by its title, else because it is the only one."""
    names = {bare(title): title for title in titles}
    likely: dict[str, str] = {}
    for sheet in missing:
        for title in sheet.title.all:
            if found := near_match(bare(title), names).nearest:
                likely.setdefault(sheet.name, found)
    return likely


def report_own_report(submission: Submission) -> None:
    """Exclude a report that the program wrote and that lies among the teams' workbooks."""
    submission.excluded = True
    submission.report(Code.WORKBOOK_UNKNOWN, severity=Severity.INFO, text="workbook-unknown.report")


def report_unknown_workbook(submission: Submission, book: WorkbookCells, words: Vocabulary) -> None:
    """Exclude a workbook in which no table of any definition was found; suggest the nearest."""
    submission.excluded = True
    sheets = " / ".join(cells.title for cells in book.sheets[:5])
    titles = {fold(form): form for one in words.catalog for form in one.title.all}
    found = near_match(fold(own_name(submission.file)), titles)
    submission.report(
        Code.WORKBOOK_UNKNOWN,
        value=sheets,
        suggestion=found.name,
        text="" if sheets else "workbook-unknown.blank",
    )
