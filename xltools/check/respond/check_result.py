"""The result of a check as JSON, CSV and marked copies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xltools.check.respond.findings import Findings
from xltools.check.respond.issue_sentences import label_of, sentence
from xltools.check.submission import Submission
from xltools.excel.atomic_output import csv_bytes
from xltools.issues import Issue, Severity
from xltools.locale import say

if TYPE_CHECKING:
    from xltools.check.respond.marked_copies import MarkedCopy

_CSV = ("file", "sheet", "cell", "column", "severity", "code", "value", "message", "suggestion")


class Checked(Findings, frozen=True, kw_only=True, dict=True):
    """The findings as JSON, as CSV and as marked copies."""

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
            values = self._issue(fault, lang)
            values["column"] = label_of(fault, lang, self.catalog)
            values["severity"] = say(f"check.severity.{fault.severity}", lang)
            rows.append([values[name] for name in _CSV])
        header = [say(f"check.csv.{name}", lang) for name in _CSV]
        return csv_bytes(header, rows).decode("utf-8")

    def write_marked(self, folder: Path, lang: str, *, force: bool = False) -> list[Path]:
        """Marked copies of all files that have something to mend; the paths written."""
        return [copy.path for copy in self.marked_copies(folder, lang, force=force)]

    def marked_copies(self, folder: Path, lang: str, *, force: bool = False) -> list[MarkedCopy]:
        """The same, each with its source and whether it became an ``.xlsx``.

        Copies that earlier checks left in the folder go, unless somebody changed them since.
        """
        from xltools.check.respond.marked_copies import write_all_marked

        return write_all_marked(self, folder, lang, force=force)

    def _file(self, submission: Submission, lang: str) -> dict[str, object]:
        receipt = msgspec.to_builtins(self.receipt(submission))
        keys = ("file", "template", "team", "period", "rows", "verdict", "sha256", "modified")
        values = {key: receipt[key] for key in keys}
        if submission.mailed or submission.sender:
            values |= {"sender": submission.sender, "mailed": submission.mailed}
        return {**values, "issues": [self._issue(one, lang) for one in submission.issues]}

    def _issue(self, fault: Issue, lang: str) -> dict[str, str]:
        values = {
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
        return values | {name: text for name in others if (text := getattr(fault, name))}
