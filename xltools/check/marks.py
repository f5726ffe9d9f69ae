"""Copies to send back: the team's own file with its faults marked, and a list of them in front."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from msgspec.structs import replace

from xltools.cells import CellRef
from xltools.check.answer import Checked, Receipt
from xltools.check.report import Group, label_of, sentence
from xltools.check.returned import Returned
from xltools.check.submission import Submission
from xltools.definition import Catalog
from xltools.errors import FileRefused, WriteError
from xltools.excel.links import cell_target
from xltools.excel.marks import (
    IssueLine,
    IssueSheet,
    Jump,
    Mark,
    NotEditableError,
    cleaned,
    issues_alone,
    mark_cells,
)
from xltools.excel.preflight import read_once
from xltools.folding import fold
from xltools.issues import Code, Issue, Severity
from xltools.locale import say

_HEADER = ("number", "severity", "sheet", "cell", "column", "value", "message", "fix")
_ACTING = ("macro", "object", "dde", "link", "connection", "extension", "unknown")
_WIDTHS = (52, 72, 150, 90, 120, 180, 420, 160)


def write_all_marked(
    checked: Checked, folder: Path, lang: str, *, force: bool = False
) -> list[Path]:
    """A marked copy of every file that counts and has errors or warnings, under its own name.

    Copies of earlier checks go; a name that another file has there is not taken without ``force``.
    WriteError names all that could not be written, after the others were.
    """
    returned = Returned(folder)
    taken = set() if force else returned.others()
    written: list[Path] = []
    faults: list[WriteError] = []
    for submission in checked.submissions:
        receipt = checked.receipt(submission)
        faulty = receipt.errors or receipt.warnings
        if faulty and submission.file not in checked.superseded:
            name, content = _marked(checked, submission, lang)
            try:
                written.append(returned.write(_free_name(name, taken), content, force=force))
            except WriteError as fault:
                faults.append(fault)
    try:
        returned.tidy(written)
    except WriteError as fault:
        faults.append(fault)
    if faults:
        several = WriteError("output.several", count=len(faults), faults=faults)
        raise several if len(faults) > 1 else faults[0]
    return written


def _marked(checked: Checked, submission: Submission, lang: str) -> tuple[str, bytes]:
    """One marked copy and its name, which ends in .xlsx where only the list could be made."""
    sheet = _issue_sheet(checked, submission, lang)
    path = Path(submission.file)
    try:
        if _was_refused(submission):
            raise NotEditableError(submission.file)
        content, left_out = cleaned(read_once(path))
        if left_out:
            sheet = replace(sheet, notes=[*sheet.notes, _left_out(left_out, lang)])
        return path.name, mark_cells(content, _marks(checked, submission, lang), sheet)
    except (NotEditableError, FileRefused):
        return f"{path.stem}-{sheet.title}.xlsx", issues_alone(sheet)


def _free_name(name: str, taken: set[str]) -> str:
    stem, suffix = Path(name).stem, Path(name).suffix
    number, free = 1, name
    while fold(free) in taken:
        number += 1
        free = f"{stem} ({number}){suffix}"
    taken.add(fold(free))
    return free


def _marks(checked: Checked, submission: Submission, lang: str) -> dict[str, list[Mark]]:
    """Cells to fill by sheet title; a rule's other columns turn red without a comment."""
    marks: dict[str, list[Mark]] = {}
    for fault in checked.issues_of(submission):
        if not fault.cell or fault.severity is Severity.INFO:
            continue
        tone: Literal["error", "warning"] = (
            "error" if fault.severity is Severity.ERROR else "warning"
        )
        sheet = marks.setdefault(fault.sheet, [])
        comment = _comment(fault, sentence(fault, lang, checked.catalog), lang)
        sheet.append(Mark(CellRef.parse(fault.cell), tone, comment))
        for cell in _further(fault):
            sheet.append(Mark(CellRef.parse(cell), tone, ""))
    return marks


def _was_refused(submission: Submission) -> bool:
    """Whether nothing may look into the file but a guarded worker."""
    return any(
        one.code.startswith("file-") and one.severity is Severity.ERROR for one in submission.issues
    )


def _left_out(kinds: Sequence[str], lang: str) -> str:
    """What a copy that we answer for does not pass on."""
    names = (say(f"check.marks.kind.{kind}", lang) for kind in _ACTING if kind in kinds)
    return say("check.marks.left_out", lang, kinds=say("check.comma", lang).join(names))


def _comment(fault: Issue, told: str, lang: str) -> str:
    """The sentence, with what to type instead where it does not say so itself."""
    if not fault.suggestion or fault.suggestion in told:
        return told
    return say("check.marks.comment_fix", lang, sentence=told, suggestion=fault.suggestion)


def _further(fault: Issue) -> list[str]:
    cells = fault.details.get("cells", "")
    together = "rule" in fault.details or fault.code is Code.WORKBOOK_CONFLICT
    listed = str(cells).split() if together else []
    return [cell for cell in listed if cell and cell != fault.cell]


def _issue_sheet(checked: Checked, submission: Submission, lang: str) -> IssueSheet:
    receipt = checked.receipt(submission)
    groups = checked.groups(submission, lang)
    return IssueSheet(
        title=say("check.marks.title", lang),
        heading=say("check.marks.heading", lang, title=_title(submission, checked.catalog, lang)),
        notes=list(_notes(receipt, checked.catalog, lang)),
        header=[say(_header_key(name), lang) for name in _HEADER],
        lines=list(_lines(groups, checked.catalog, lang)),
        widths=_WIDTHS,
    )


def _header_key(name: str) -> str:
    own = ("number", "message", "fix")
    return f"check.marks.{name}" if name in own else f"check.csv.{name}"


def _title(submission: Submission, catalog: Catalog, lang: str) -> str:
    if submission.template in catalog.definitions:
        return catalog[submission.template].title[lang]
    return Path(submission.file).name


def _notes(receipt: Receipt, catalog: Catalog, lang: str) -> Iterator[str]:
    """What to do, and the receipt."""
    counts = {"errors": receipt.errors, "warnings": receipt.warnings}
    yield say("check.marks.counts", lang, **counts)
    known = receipt.template in catalog.definitions
    who = {
        "team": receipt.team or "-",
        "title": catalog[receipt.template].title[lang] if known else "-",
        "period": receipt.period or "-",
        "verdict": say(f"check.verdict.{receipt.verdict}", lang),
    }
    yield say("check.marks.receipt_line", lang, **who)
    yield say(
        "check.marks.received",
        lang,
        file=Path(receipt.file).name,
        modified=_shown_time(receipt.modified) or say("check.marks.unknown_time", lang),
        sha256=receipt.sha256 or "-",
    )
    if known:
        rows = (
            say("check.marks.row_count", lang, table=sheet.title[lang], count=count)
            for sheet in catalog[receipt.template].sheets
            if (count := receipt.rows.get(sheet.name))
        )
        yield say("check.marks.rows", lang, rows=say("check.comma", lang).join(rows) or "0")


def _lines(groups: list[Group], catalog: Catalog, lang: str) -> Iterator[IssueLine]:
    number = 0
    for group in groups:
        for fault in group.issues:
            number += 1
            yield IssueLine(
                cells=(
                    number,
                    say(f"check.severity.{fault.severity}", lang),
                    fault.sheet,
                    _jump(fault),
                    label_of(fault, lang, catalog),
                    fault.value,
                    sentence(fault, lang, catalog),
                    fault.suggestion,
                ),
                tone=fault.severity.value,
            )


def _jump(fault: Issue) -> str | Jump:
    if not fault.sheet:
        return ""
    return Jump(cell_target(fault.sheet, fault.cell or "A1"), fault.cell or fault.sheet)


def _shown_time(modified: str) -> str:
    return modified.replace("T", " ").removesuffix("Z").removesuffix(":00")
