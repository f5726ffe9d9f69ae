"""Who has sent what, what is late, what must be corrected: a status a team and workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

import msgspec

from xltools.check.respond.issue_sentences import sentence
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.expected_submissions import expected
from xltools.consolidate.combine.file_summaries import FileSummary, summaries_of
from xltools.definition import Catalog
from xltools.ground.folding import fold
from xltools.issues import Issue, Severity
from xltools.settings import Settings

State = Literal["missing", "errors", "warnings", "fine"]


class WorkbookStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One workbook of one team; ``due`` where the settings expect it.

    ``late``, ``judged_by`` and ``judged_day`` are those of its `FileSummary`.
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
    """Every due workbook, what else was sent, and the files that do not count."""

    period: str
    deadline: date | None
    workbooks: tuple[WorkbookStatus, ...] = msgspec.field(name="standings")  # in the JSON
    excluded: tuple[Excluded, ...] = ()

    @property
    def due(self) -> int:
        """Workbooks that settings expect."""
        return sum(one.due for one in self.workbooks)

    @property
    def sent(self) -> int:
        """Workbooks that are there and count."""
        return sum(one.state != "missing" for one in self.workbooks)

    @property
    def missing(self) -> int:
        """Due workbooks that nobody sent."""
        return sum(one.state == "missing" for one in self.workbooks)

    @property
    def late(self) -> int:
        """Workbooks that came after their deadline."""
        return sum(one.late for one in self.workbooks)

    @property
    def faulty(self) -> int:
        """How many workbooks have errors or do not count."""
        return sum(one.errors > 0 for one in self.workbooks) + len(self.excluded)

    @property
    def errors(self) -> int:
        """What must be corrected: errors in workbooks, and files that do not count."""
        return sum(one.errors for one in self.workbooks) + len(self.excluded)

    @property
    def teams(self) -> tuple[str, ...]:
        """Teams in the order of their workbooks."""
        return tuple(dict.fromkeys(one.team for one in self.workbooks))

    def as_json(self, catalog: Catalog, lang: str) -> dict[str, Any]:
        """The same as plain lists and texts, with the counts."""
        counts = {
            name: getattr(self, name) for name in ("due", "sent", "missing", "late", "errors")
        }
        plain: dict[str, Any] = msgspec.to_builtins(self)
        for entry, one in zip(plain["excluded"], self.excluded, strict=True):
            reasons = entry.pop("reasons")
            entry["codes"] = list(dict.fromkeys(reason["code"] for reason in reasons))
            entry["messages"] = [sentence(reason, lang, catalog) for reason in one.reasons]
        return {**plain, "summary": counts}


def status(
    consolidation: Consolidation | None,
    settings: Settings,
    catalog: Catalog,
    teams: Sequence[str] = (),
) -> Status:
    """Who has sent what; without a consolidation nobody has sent anything."""
    period = consolidation.period if consolidation is not None else settings.period
    due = expected(catalog, settings, period, teams)
    sent = summaries_of(consolidation) if consolidation is not None else []
    counted = [one for one in sent if one.verdict not in ("missing", "excluded")]
    found = {(fold(team), name): WorkbookStatus(team=team, template=name) for team, name in due}
    for one in counted:
        key = (fold(one.team), one.template)
        found[key] = _status_of(one, due=key in found)
    return Status(
        period=str(period or ""),
        deadline=settings.deadline,
        workbooks=tuple(found.values()),
        excluded=_excluded(consolidation) if consolidation is not None else (),
    )


def _status_of(one: FileSummary, *, due: bool) -> WorkbookStatus:
    state: State = "errors" if one.errors else "warnings" if one.warnings else "fine"
    shared = msgspec.convert(one, WorkbookStatus, from_attributes=True)
    return msgspec.structs.replace(shared, state=state, due=due)


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
