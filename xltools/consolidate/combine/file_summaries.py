"""A summary of each file: its verdict, its issues, how many rows it holds, whether it is late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Literal

import msgspec

from xltools.check.submission import Submission
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.store.arrivals import timeliness
from xltools.issues import Issue, Severity

Verdict = Literal["excluded", "errors", "warnings", "fine", "missing"]


class FileSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One file; or one that is due and was not sent, with ``team`` and ``template`` alone.

    ``judged_by`` says whether ``late`` follows from the date of its ``mail``, from its ``arrival``
    or from when it was ``saved``; that was on ``judged_day``.
    """

    team: str
    template: str
    period: str = ""
    verdict: Verdict = "missing"
    errors: int = 0
    warnings: int = 0
    infos: int = 0
    rows: int = 0
    modified: str = ""
    sender: str = ""
    mailed: str = ""
    late: bool = False
    judged_by: str = ""
    judged_day: date | None = None
    file: str = ""


def summaries_of(consolidation: Consolidation) -> list[FileSummary]:
    """First what is missing, then every file in order."""
    across = _counts(consolidation.issues)
    missing = [FileSummary(team=team, template=name) for team, name in consolidation.missing]
    return missing + [
        _summary(sent, across.get(sent.file, Counter()), consolidation)
        for sent in consolidation.submissions
    ]


def saved_time(modified: str) -> datetime | None:
    """When a package says it was saved, without its zone; None where it does not say so."""
    try:
        return datetime.fromisoformat(modified).replace(tzinfo=None)
    except ValueError:
        return None


def _summary(sent: Submission, across: Counter[Severity], whole: Consolidation) -> FileSummary:
    counts = Counter(one.severity for one in sent.issues) + across
    judged = timeliness(sent, whole.arrivals, whole.settings, saved_time(sent.modified))
    return FileSummary(
        team=sent.team,
        template=sent.template,
        period=sent.period,
        verdict=_verdict(sent, counts),
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        infos=counts[Severity.INFO],
        rows=sum(sent.row_counts.values()),
        modified=sent.modified,
        sender=sent.sender,
        mailed=sent.mailed,
        late=judged.late,
        judged_by=judged.by,
        judged_day=judged.day,
        file=sent.file,
    )


def _verdict(sent: Submission, counts: Mapping[Severity, int]) -> Verdict:
    if sent.excluded:
        return "excluded"
    if counts[Severity.ERROR]:
        return "errors"
    return "warnings" if counts[Severity.WARNING] else "fine"


def _counts(issues: Iterable[Issue]) -> dict[str, Counter[Severity]]:
    found: dict[str, Counter[Severity]] = {}
    for one in issues:
        found.setdefault(one.file, Counter())[one.severity] += 1
    return found
