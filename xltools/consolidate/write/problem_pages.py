"""The pages of problems: grouped to see what recurs, and one by one with links to the cells."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from xltools.check.respond.issue_sentences import label_of, sentence
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.write.long_list import Field, write_listing
from xltools.excel import styles
from xltools.excel.links import file_target, hyperlink
from xltools.excel.styles import Emphasis
from xltools.excel.writing.row_xml import Formulas
from xltools.excel.writing.sheet_writer import Sheet
from xltools.issues import Issue, Severity
from xltools.locale import say

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_MARKS = {"✖": styles.LIGHT_RED, "▲": styles.LIGHT_AMBER, "ⓘ": Emphasis(color=styles.MUTED)}
_LONG, _SHORT = 900, 220  # how wide sentences and typed texts get, in pixels
_SEVERITY = styles.BULK.but(bold=True)
_TEXT = styles.BULK.but(number=styles.AS_TEXT)
_COUNT = styles.BULK_INTEGER.but(align="center")
_FAINT = styles.BULK.but(color=styles.MUTED)


class ListedIssue(NamedTuple):
    """One issue, whose file it stands in, and how people name the sheet and column."""

    issue: Issue
    team: str
    sheet: str
    column: str
    message: str


def listed_issues(consolidation: Consolidation, lang: str) -> list[ListedIssue]:
    """Every issue, errors first, then in the order of files."""
    catalog = consolidation.catalog
    teams = {sent.file: sent.team for sent in consolidation.submissions}
    titles = {f"{d.name}.{sheet.name}": sheet.title[lang] for d, sheet in catalog.sheets()}
    issues = sorted(consolidation.all_issues, key=lambda one: _RANK[one.severity])
    return [
        ListedIssue(
            one,
            teams.get(one.file, ""),
            titles.get(str(one.details.get("of", "")), one.sheet),
            label_of(one, lang, catalog) or one.column,
            sentence(one, lang, catalog),
        )
        for one in issues
    ]


def write_problems(
    sheet: Sheet, listed: Sequence[ListedIssue], folder: Path, name: str, lang: str
) -> None:
    """Fill a page with issues one by one; ``name`` is its table's."""
    word = partial(say, lang=lang)
    fields = [
        Field(word("consolidate.severity"), [_severity(one, lang) for one in listed], _SEVERITY),
        Field(word("consolidate.team"), [one.team for one in listed], styles.BULK),
        Field(word("consolidate.place"), _links(listed, folder), styles.BULK_LINK, 420),
        Field(word("consolidate.column"), [one.column for one in listed], styles.BULK),
        Field(word("consolidate.value"), [one.issue.value for one in listed], _TEXT, _SHORT),
        Field(word("consolidate.message"), [one.message for one in listed], styles.BULK, _LONG),
        Field(
            word("consolidate.suggestion"), [one.issue.suggestion for one in listed], _TEXT, _SHORT
        ),
        Field(word("consolidate.code"), [str(one.issue.code) for one in listed], _FAINT),
    ]
    note = say("consolidate.problems_note", lang)
    write_listing(sheet, fields, name, note, lang, tab=styles.RED, marks=_MARKS)


def write_summary(sheet: Sheet, listed: Sequence[ListedIssue], folder: Path, lang: str) -> None:
    """Fill a page with the same grouped by kind of problem, sheet and column."""
    groups: dict[tuple[str, str, str, str], list[ListedIssue]] = {}
    for one in listed:
        key = (one.issue.severity, one.issue.code, one.sheet, one.column)
        groups.setdefault(key, []).append(one)
    found = sorted(groups.values(), key=lambda group: (_RANK[group[0].issue.severity], -len(group)))
    firsts = [group[0] for group in found]
    files = [len({one.issue.file for one in group}) for group in found]
    word = partial(say, lang=lang)
    fields = [
        Field(word("consolidate.severity"), [_severity(one, lang) for one in firsts], _SEVERITY),
        Field(word("consolidate.sheet"), [one.sheet for one in firsts], styles.BULK),
        Field(word("consolidate.column"), [one.column for one in firsts], styles.BULK),
        Field(word("consolidate.count"), [len(group) for group in found], _COUNT),
        Field(word("consolidate.in_files"), files, _COUNT),
        Field(word("consolidate.example"), [one.message for one in firsts], styles.BULK, _LONG),
        Field(word("consolidate.first"), _links(firsts, folder), styles.BULK_LINK, 420),
        Field(word("consolidate.code"), [str(one.issue.code) for one in firsts], _FAINT),
    ]
    note = say("consolidate.summary_note", lang)
    write_listing(sheet, fields, "tbl_problem_kinds", note, lang, tab=styles.RED, marks=_MARKS)


def _severity(one: ListedIssue, lang: str) -> str:
    return say(f"consolidate.{one.issue.severity}", lang)


def _links(listed: Sequence[ListedIssue], folder: Path) -> Formulas:
    """Links to the cells; to the sheet or the file where no cell is at fault."""
    formulas: list[str] = []
    texts: list[str] = []
    names = {file: Path(file).name for file in {one.issue.file for one in listed}}
    for one in listed:
        issue = one.issue
        inside = "!".join(filter(None, (issue.sheet, issue.cell)))
        text = " · ".join(filter(None, (names[issue.file], inside)))
        target = file_target(folder, issue.file, issue.sheet, issue.cell)
        formulas.append(hyperlink(target, text) if issue.file else "")
        texts.append(text)
    return Formulas(formulas, texts)
