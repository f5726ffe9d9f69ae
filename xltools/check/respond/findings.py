"""What a check found: submissions with their issues, and issues between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Literal

import msgspec

from xltools.check.respond.issue_sentences import Group, groups, sentence
from xltools.check.submission import Submission
from xltools.definition import Catalog
from xltools.excel.input_paths import Skipped
from xltools.issues import Code, Issue, Severity
from xltools.settings import Settings

Verdict = Literal["fine", "warnings", "errors", "excluded"]


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


class Findings(msgspec.Struct, frozen=True, kw_only=True, dict=True):
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
