"""The list of problems on the first sheet of a marked copy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from xltools.check.respond.findings import Findings, Receipt
from xltools.check.respond.issue_sentences import Group, label_of, sentence
from xltools.check.submission import Submission
from xltools.definition import Catalog
from xltools.excel.editing.issue_sheet import CellLink, IssueLine, IssueSheet
from xltools.excel.links import cell_target
from xltools.issues import Issue
from xltools.locale import say

_HEADER = ("number", "severity", "sheet", "cell", "column", "value", "message", "fix")
_WIDTHS = (52, 72, 150, 90, 120, 180, 420, 160)


def issue_sheet(
    checked: Findings, submission: Submission, lang: str, titles: Mapping[str, str] | None = None
) -> IssueSheet:
    """The list; ``titles`` are those that the copy gives to sheets."""
    receipt = checked.receipt(submission)
    groups = checked.groups(submission, lang)
    return IssueSheet(
        title=say("check.marks.title", lang),
        heading=say("check.marks.heading", lang, title=_title(submission, checked.catalog, lang)),
        notes=list(_notes(receipt, checked.catalog, lang)),
        header=[say(_header_key(name), lang) for name in _HEADER],
        lines=list(_lines(groups, checked.catalog, lang, titles)),
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


def _lines(
    groups: list[Group], catalog: Catalog, lang: str, titles: Mapping[str, str] | None
) -> Iterator[IssueLine]:
    number = 0
    for group in groups:
        for fault in group.issues:
            number += 1
            yield IssueLine(
                cells=(
                    number,
                    say(f"check.severity.{fault.severity}", lang),
                    fault.sheet,
                    _cell_link(fault, titles),
                    label_of(fault, lang, catalog),
                    fault.value,
                    sentence(fault, lang, catalog),
                    fault.suggestion,
                ),
                tone=fault.severity.value,
            )


def _cell_link(fault: Issue, titles: Mapping[str, str] | None) -> str | CellLink:
    title = fault.sheet if titles is None else titles.get(fault.sheet, "")
    if not title:
        return fault.cell
    return CellLink(cell_target(title, fault.cell or "A1"), fault.cell or fault.sheet)


def _shown_time(modified: str) -> str:
    return modified.replace("T", " ").removesuffix("Z").removesuffix(":00")
