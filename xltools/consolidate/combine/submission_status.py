"""Who has sent what, what is late, what must be mended: one standing a team and workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from xltools.check.respond.issue_sentences import sentence
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.expected_submissions import expected
from xltools.consolidate.combine.file_summaries import Tally, tallies
from xltools.definition import Catalog
from xltools.ground.folding import fold
from xltools.issues import Issue, Severity
from xltools.settings import Settings

State = Literal["missing", "errors", "warnings", "fine"]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How one team stands with one workbook; ``due`` where the settings expect it.

    ``late`` is judged by the ``mail``'s date, by ``arrival`` or by when it was ``saved``, on
    ``judged_day``.
    """

    team: str
    template: str
    state: State = "missing"
    due: bool = True
    late: bool = False
    errors: int = 0
    warnings: int = 0
    rows: int = 0
    modified: str = ""
    sender: str = ""
    mailed: str = ""
    judged_by: str = ""
    judged_day: date | None = None
    file: str = ""


class Excluded(msgspec.Struct, frozen=True, kw_only=True):
    """A file that does not count, and the issues that say why."""

    file: str
    team: str
    template: str
    reasons: tuple[Issue, ...]


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A standing for every due workbook, then for what else was sent, then what does not count."""

    period: str
    deadline: date | None
    standings: tuple[Standing, ...]
    excluded: tuple[Excluded, ...] = ()

    @property
    def due(self) -> int:
        """Workbooks that settings expect."""
        return sum(one.due for one in self.standings)

    @property
    def sent(self) -> int:
        """Workbooks that are there and count."""
        return sum(one.state != "missing" for one in self.standings)

    @property
    def missing(self) -> int:
        """Due workbooks that nobody sent."""
        return sum(one.state == "missing" for one in self.standings)

    @property
    def late(self) -> int:
        """Workbooks that came after their deadline."""
        return sum(one.late for one in self.standings)

    @property
    def faulty(self) -> int:
        """How many workbooks have errors or do not count."""
        return sum(one.errors > 0 for one in self.standings) + len(self.excluded)

    @property
    def errors(self) -> int:
        """What must be mended: errors in workbooks, and files that do not count."""
        return sum(one.errors for one in self.standings) + len(self.excluded)

    @property
    def teams(self) -> tuple[str, ...]:
        """Teams in the order of their standings."""
        return tuple(dict.fromkeys(one.team for one in self.standings))

    def of(self, team: str, template: str) -> Standing | None:
        """One standing."""
        return next(
            (one for one in self.standings if (one.team, one.template) == (team, template)), None
        )

    def as_json(self, catalog: Catalog, lang: str) -> dict[str, Any]:
        """The same as plain lists and texts, with the counts."""
        counts = {
            name: getattr(self, name) for name in ("due", "sent", "missing", "late", "errors")
        }
        told: dict[str, Any] = msgspec.to_builtins(self)
        for entry, one in zip(told["excluded"], self.excluded, strict=True):
            reasons = entry.pop("reasons")
            entry["codes"] = list(dict.fromkeys(reason["code"] for reason in reasons))
            entry["messages"] = [sentence(reason, lang, catalog) for reason in one.reasons]
        return {**told, "summary": counts}


def status(
    consolidation: Consolidation | None,
    settings: Settings,
    catalog: Catalog,
    teams: Sequence[str] = (),
) -> Status:
    """Who has sent what; without a consolidation nobody has sent anything."""
    period = consolidation.period if consolidation is not None else settings.period
    due = expected(catalog, settings, period, teams)
    sent = tallies(consolidation) if consolidation is not None else []
    counted = [one for one in sent if one.verdict not in ("missing", "excluded")]
    standings = {(fold(team), name): Standing(team=team, template=name) for team, name in due}
    for one in counted:
        key = (fold(one.team), one.template)
        standings[key] = _standing(one, due=key in standings)
    return Status(
        period=str(period or ""),
        deadline=settings.deadline,
        standings=tuple(standings.values()),
        excluded=_excluded(consolidation) if consolidation is not None else (),
    )


def _standing(one: Tally, *, due: bool) -> Standing:
    state: State = "errors" if one.errors else "warnings" if one.warnings else "fine"
    return Standing(
        team=one.team,
        template=one.template,
        state=state,
        due=due,
        late=one.late,
        errors=one.errors,
        warnings=one.warnings,
        rows=one.rows,
        modified=one.modified,
        sender=one.sender,
        mailed=one.mailed,
        judged_by=one.judged_by,
        judged_day=one.judged_day,
        file=one.file,
    )


def _excluded(consolidation: Consolidation) -> tuple[Excluded, ...]:
    across: dict[str, list[Issue]] = {}
    for fault in consolidation.issues:
        across.setdefault(fault.file, []).append(fault)
    return tuple(
        Excluded(
            file=one.file,
            team=one.team,
            template=one.template,
            reasons=_reasons([*one.issues, *across.get(one.file, ())]),
        )
        for one in consolidation.submissions
        if one.excluded
    )


def _reasons(issues: Sequence[Issue]) -> tuple[Issue, ...]:
    """What is wrong with the whole file; not what its sheets and cells lack besides."""
    errors = [one for one in issues if one.severity is Severity.ERROR]
    return tuple(one for one in errors if not one.sheet) or tuple(errors)
