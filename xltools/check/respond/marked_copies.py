"""Marked copies: the team's own file with its issues marked and listed on a first sheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec.structs import replace

from xltools.bundles import read_source
from xltools.check.respond.findings import Findings
from xltools.check.respond.issue_sentences import sentence
from xltools.check.respond.problem_list import issue_sheet
from xltools.check.respond.returned_folder import ReturnedFolder
from xltools.check.submission import Submission
from xltools.check.validate.workbook_build import is_ours
from xltools.definition import Catalog
from xltools.errors import FileRefused, WriteError
from xltools.excel.editing.cleansing import cleaned
from xltools.excel.editing.conversion import SheetPlan, converted
from xltools.excel.editing.marked_workbook import Mark, issues_alone, mark_cells
from xltools.excel.package.workbook_package import NotEditableError
from xltools.ground.cells import CellRef
from xltools.ground.folding import fold
from xltools.ground.member_paths import own_name
from xltools.issues import Code, Issue, Severity
from xltools.locale import say

_ACTING = ("macro", "object", "dde", "link", "connection", "extension", "unknown")
_NO_VALUE = ("cell-error.uncached", "cell-error.lost")


class MarkedCopy(NamedTuple):
    """A copy that was written, of which file, and whether another format became an ``.xlsx``."""

    path: Path
    source: str
    converted: bool = False


class _Copy(NamedTuple):
    name: str
    content: bytes
    converted: bool = False


def write_all_marked(
    checked: Findings, folder: Path, lang: str, *, force: bool = False
) -> list[MarkedCopy]:
    """A marked copy of every file that counts and has errors or warnings, under its own name.

    Copies of earlier checks go; a name that another file has there is not taken without ``force``.
    WriteError names all that could not be written, after the others were.
    """
    returned = ReturnedFolder(folder)
    taken = set() if force else returned.others()
    written: list[MarkedCopy] = []
    faults: list[WriteError] = []
    for submission in checked.submissions:
        receipt = checked.receipt(submission)
        faulty = receipt.errors or receipt.warnings
        if faulty and submission.file not in checked.superseded:
            copy = _marked(checked, submission, lang)
            try:
                path = returned.write(_free_name(copy.name, taken), copy.content, force=force)
                written.append(MarkedCopy(path, submission.file, copy.converted))
            except WriteError as fault:
                faults.append(fault)
    try:
        returned.tidy([copy.path for copy in written])
    except WriteError as fault:
        faults.append(fault)
    if faults:
        several = WriteError("output.several", count=len(faults), faults=faults)
        raise several if len(faults) > 1 else faults[0]
    return written


def _marked(checked: Findings, submission: Submission, lang: str) -> _Copy:
    """One marked copy: the file itself, else what was read of it, else the list alone."""
    sheet = issue_sheet(checked, submission, lang)
    path = Path(own_name(submission.file))
    if not _was_refused(submission):
        for make in (_edited, _converted):
            try:
                return make(checked, submission, lang)
            except (NotEditableError, FileRefused):
                continue
    return _Copy(f"{path.stem}-{sheet.title}.xlsx", issues_alone(sheet))


def _edited(checked: Findings, submission: Submission, lang: str) -> _Copy:
    """The very file with marks."""
    path = Path(own_name(submission.file))
    content, left_out = cleaned(read_source(submission.file))
    sheet = issue_sheet(checked, submission, lang)
    if left_out:
        sheet = replace(sheet, notes=[*sheet.notes, _left_out(left_out, lang)])
    return _Copy(path.name, mark_cells(content, _marks(checked, submission, lang), sheet))


def _converted(checked: Findings, submission: Submission, lang: str) -> _Copy:
    """An ``.xlsx`` of what was read of a file in another format, with marks."""
    path = Path(own_name(submission.file))
    content, titles = converted(read_source(submission.file), _plans(checked, submission), is_ours)
    marks = {
        titles[title]: marks
        for title, marks in _marks(checked, submission, lang).items()
        if title in titles
    }
    sheet = issue_sheet(checked, submission, lang, titles)
    note = say("check.marks.converted", lang, format=path.suffix or path.name)
    sheet = replace(sheet, notes=[*sheet.notes, note])
    return _Copy(f"{path.stem}.xlsx", mark_cells(content, marks, sheet), converted=True)


def _plans(checked: Findings, submission: Submission) -> dict[str, SheetPlan]:
    """What to know of each sheet that was read."""
    plans = {}
    for sheet in submission.sheets.values():
        columns = checked.catalog[submission.template].sheet(sheet.name).columns
        reported = {
            (place.row, place.column): one.text
            for one in checked.issues_of(submission)
            if one.sheet == sheet.title and one.cell
            for place in [CellRef.parse(one.cell)]
        }
        plans[sheet.title] = SheetPlan(
            first_row=min(sheet.rows, default=0),
            computed=frozenset(
                sheet.places[one.name]
                for one in columns
                if one.computed and one.name in sheet.places
            ),
            reported=frozenset(reported),
            broken=frozenset(spot for spot, text in reported.items() if text in _NO_VALUE),
        )
    return plans


def _free_name(name: str, taken: set[str]) -> str:
    stem, suffix = Path(name).stem, Path(name).suffix
    number, free = 1, name
    while fold(free) in taken:
        number += 1
        free = f"{stem} ({number}){suffix}"
    taken.add(fold(free))
    return free


def _marks(checked: Findings, submission: Submission, lang: str) -> dict[str, list[Mark]]:
    """Cells to fill by sheet title; a rule's other columns turn red without a comment."""
    marks: dict[str, list[Mark]] = {}
    for fault in checked.issues_of(submission):
        if not fault.cell or fault.severity is Severity.INFO:
            continue
        tone: Literal["error", "warning"] = (
            "error" if fault.severity is Severity.ERROR else "warning"
        )
        sheet = marks.setdefault(fault.sheet, [])
        comment = _comment(fault, lang, checked.catalog)
        sheet.append(Mark(CellRef.parse(fault.cell), tone, comment))
        for cell in _other_cells(fault):
            sheet.append(Mark(CellRef.parse(cell), tone, ""))
    return marks


def _was_refused(submission: Submission) -> bool:
    """Whether the file was refused: then only a guarded worker may open it."""
    return any(
        one.code.startswith("file-") and one.severity is Severity.ERROR for one in submission.issues
    )


def _left_out(kinds: Sequence[str], lang: str) -> str:
    """The note that says what was left out of the copy: macros, links and the like."""
    names = (say(f"check.marks.kind.{kind}", lang) for kind in _ACTING if kind in kinds)
    return say("check.marks.left_out", lang, kinds=say("check.comma", lang).join(names))


def _comment(fault: Issue, lang: str, catalog: Catalog) -> str:
    """The sentence, with what to type instead where it does not say so itself.

    One of the choices that it lists may be the suggestion, and does not say so.
    """
    words = sentence(fault, lang, catalog)
    marked = replace(fault, suggestion="\0")
    names_it = "\0" in sentence(marked, lang, catalog)
    if not fault.suggestion or names_it or fault.suggestion in fault.details.values():
        return words
    return say("check.marks.comment_fix", lang, sentence=words, suggestion=fault.suggestion)


def _other_cells(fault: Issue) -> list[str]:
    cells = fault.details.get("cells", "")
    together = "rule" in fault.details or fault.code is Code.WORKBOOK_CONFLICT
    listed = str(cells).split() if together else []
    return [cell for cell in listed if cell and cell != fault.cell]
