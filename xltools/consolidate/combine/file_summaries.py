"""What there is to say about each file: how it stands, what is wrong with it, how much it holds."""

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


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """One file; or one that is due and was not sent, with ``team`` and ``template`` alone.

    ``late`` is judged by the ``mail``'s date, by ``arrival`` or by when it was ``saved``, on
    ``judged_day``.
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


def tallies(consolidation: Consolidation) -> list[Tally]:
    """First what is missing, then every file in order."""
    across = _counts(consolidation.issues)
    absent = [Tally(team=team, template=name) for team, name in consolidation.missing]
    return absent + [
        _tally(sent, across.get(sent.file, Counter()), consolidation)
        for sent in consolidation.submissions
    ]


def moment(modified: str) -> datetime | None:
    """When a package says it was saved, without its zone; None where it does not say so."""
    try:
        return datetime.fromisoformat(modified).replace(tzinfo=None)
    except ValueError:
        return None


def _tally(sent: Submission, across: Counter[Severity], whole: Consolidation) -> Tally:
    counts = Counter(one.severity for one in sent.issues) + across
    judged = timeliness(sent, whole.arrivals, whole.settings, moment(sent.modified))
    return Tally(
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
