"""Everything that `check` found, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from xltools.check.checking import check
from xltools.check.cross import across
from xltools.check.report import Group, groups, label_of, sentence
from xltools.check.submission import Submission
from xltools.definition import Catalog
from xltools.errors import ReadError
from xltools.excel.output import csv_bytes
from xltools.excel.paths import Skipped, find_workbooks, printable
from xltools.folding import fold
from xltools.issues import Code, Issue, Severity
from xltools.locale import say
from xltools.period import Quarter
from xltools.settings import Settings

if TYPE_CHECKING:
    from xltools.check.marks import MarkedCopy

Verdict = Literal["fine", "warnings", "errors", "excluded"]

_CSV = ("file", "sheet", "cell", "column", "severity", "code", "value", "message", "suggestion")


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """Proof of what was received, and what became of it."""

    file: str
    sha256: str
    modified: str
    template: str
    team: str
    period: str
    rows: dict[str, int]
    errors: int
    warnings: int
    infos: int
    verdict: Verdict


class Checked(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """What was found in every file (``submissions``) and between them (``issues``)."""

    catalog: Catalog
    settings: Settings
    submissions: tuple[Submission, ...]
    issues: tuple[Issue, ...]
    skipped: tuple[Skipped, ...] = ()

    @property
    def faulty(self) -> bool:
        """Whether there is any error."""
        return any(one.severity is Severity.ERROR for one in self.all_issues())

    def all_issues(self) -> Iterator[Issue]:
        """Those of every file, then those between files."""
        for submission in self.submissions:
            yield from submission.issues
        yield from self.issues

    @cached_property
    def superseded(self) -> dict[str, Issue]:
        """Files that another one of the same team replaces, and the issue that names it."""
        return {one.file: one for one in self.issues if one.code is Code.WORKBOOK_DUPLICATE}

    def issues_of(self, submission: Submission) -> list[Issue]:
        """A file's own issues and those between it and others."""
        return submission.issues + [one for one in self.issues if one.file == submission.file]

    def counts(self) -> Counter[Severity]:
        """How many issues there are of each severity."""
        return Counter(one.severity for one in self.all_issues())

    def groups(self, submission: Submission, lang: str) -> list[Group]:
        """A file's issues in words, equal ones together, the most useful first."""
        return groups(self.issues_of(submission), lang, self.catalog)

    def sentence(self, fault: Issue, lang: str) -> str:
        """One issue in words."""
        return sentence(fault, lang, self.catalog)

    def receipt(self, submission: Submission) -> Receipt:
        """The receipt of one file."""
        found = Counter(one.severity for one in self.issues_of(submission))
        errors, warnings = found[Severity.ERROR], found[Severity.WARNING]
        verdict: Verdict = "errors" if errors else "warnings" if warnings else "fine"
        return Receipt(
            file=submission.file,
            sha256=submission.sha256,
            modified=submission.modified,
            template=submission.template,
            team=submission.team,
            period=submission.period,
            rows=submission.row_counts,
            errors=errors,
            warnings=warnings,
            infos=found[Severity.INFO],
            verdict="excluded" if submission.excluded else verdict,
        )

    def json(self, lang: str) -> str:
        """All of it for programs; every issue one by one."""
        counts = self.counts()
        answer = {
            "files": [self._file(one, lang) for one in self.submissions],
            "issues": [self._issue(one, lang) for one in self.issues],
            "summary": {
                "files": len(self.submissions),
                "errors": counts[Severity.ERROR],
                "warnings": counts[Severity.WARNING],
                "infos": counts[Severity.INFO],
            },
        }
        return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"

    def csv(self, lang: str) -> str:
        """Every issue as a row; with the mark that makes Excel read it as Unicode."""
        rows: list[list[object]] = []
        for fault in self.all_issues():
            told = self._issue(fault, lang)
            told["column"] = label_of(fault, lang, self.catalog)
            told["severity"] = say(f"check.severity.{fault.severity}", lang)
            rows.append([told[name] for name in _CSV])
        header = [say(f"check.csv.{name}", lang) for name in _CSV]
        return csv_bytes(header, rows).decode("utf-8")

    def write_marked(self, folder: Path, lang: str, *, force: bool = False) -> list[Path]:
        """Marked copies of all files that have something to mend; the paths written."""
        return [copy.path for copy in self.marked_copies(folder, lang, force=force)]

    def marked_copies(self, folder: Path, lang: str, *, force: bool = False) -> list[MarkedCopy]:
        """The same, each with its source and whether it became an ``.xlsx``.

        Copies that earlier checks left in the folder go, unless somebody changed them since.
        """
        from xltools.check.marks import write_all_marked

        return write_all_marked(self, folder, lang, force=force)

    def _file(self, submission: Submission, lang: str) -> dict[str, object]:
        receipt = msgspec.to_builtins(self.receipt(submission))
        keys = ("file", "template", "team", "period", "rows", "verdict", "sha256", "modified")
        told = {key: receipt[key] for key in keys}
        return {**told, "issues": [self._issue(one, lang) for one in submission.issues]}

    def _issue(self, fault: Issue, lang: str) -> dict[str, str]:
        told = {
            "file": fault.file,
            "sheet": fault.sheet,
            "cell": fault.cell,
            "column": fault.column,
            "code": str(fault.code),
            "severity": str(fault.severity),
            "value": fault.value,
            "message": sentence(fault, lang, self.catalog),
            "suggestion": fault.suggestion,
        }
        others = ("other_file", "other_sheet", "other_cell")
        return told | {name: text for name in others if (text := getattr(fault, name))}


def check_all(
    paths: Sequence[Path | str],
    *,
    catalog: Catalog,
    settings: Settings,
    template: str = "",
    team: str = "",
    teams: Sequence[str] = (),
    period: Quarter | None = None,
    lang: str = "zh",
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Checked:
    """Check workbooks and folders, alone and against each other.

    ``teams`` keeps only theirs. Raises ReadError where a path does not exist or holds no workbook.
    """
    files, skipped = find_workbooks(paths)
    if not files:
        raise ReadError("paths.nothing", paths=[printable(path) for path in paths])
    wanted = {fold(name) for name in teams}
    submissions = [
        one
        for one in check(
            files,
            catalog=catalog,
            settings=settings,
            template=template,
            team=team,
            period=period,
            lang=lang,
            workers=workers,
            progress=progress,
        )
        if not wanted or not one.team or fold(one.team) in wanted
    ]
    issues = across(submissions, settings, period)
    return Checked(
        catalog=catalog,
        settings=settings,
        submissions=tuple(submissions),
        issues=tuple(issues),
        skipped=tuple(skipped),
    )
