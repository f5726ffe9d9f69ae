"""Submissions of one run → the consolidation: what supersedes what, conflicts, who is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xltools.check.reading_plan import ReadingPlan
from xltools.check.submission import Submission
from xltools.check.validate.across_workbooks import across
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.counted_rows import StoredRows, counted_sheet
from xltools.consolidate.combine.expected_submissions import expected, missing
from xltools.consolidate.combine.row_frames import RowFrames
from xltools.consolidate.store.submission_store import Store
from xltools.errors import UsageError
from xltools.excel.cell_text import visible
from xltools.ground.period import Quarter
from xltools.issues import Issue


def combine(
    store: Store, plan: ReadingPlan, read: Sequence[tuple[Submission, int]]
) -> Consolidation:
    """The consolidation of what was ``read``: submissions and their numbers in the store.

    Raises UsageError where they are of several periods and the plan names none.
    """
    submissions = [submission for submission, _ in read]
    readings = [reading for _, reading in read]
    catalog, settings = plan.catalog, plan.settings
    period = plan.period or _only_period(submissions)
    annual = {one.name for one in catalog if any(sheet.lasts == "year" for sheet in one.sheets)}
    earlier = [one for one in submissions if one.template in annual and _is_earlier(one, period)]
    identities = set(map(id, earlier))
    current = [one for one in submissions if id(one) not in identities]
    issues: list[Issue] = [*across(earlier, settings, None), *across(current, settings, period)]
    counted = {
        key: counted_sheet(store, table, submissions, readings, period)
        for key, table in store.tables.items()
    }
    store.finish_run(
        [(one.file, visible(one.team), reading, one.excluded) for one, reading in read],
        {
            f"{definition}.{sheet}": [part.position for part in one.parts]
            for (definition, sheet), one in counted.items()
        },
    )
    return Consolidation(
        catalog=catalog,
        settings=settings,
        period=period,
        tables=RowFrames(counted),
        submissions=tuple(submissions),
        issues=tuple(issues),
        missing=tuple(missing(expected(catalog, settings, period, plan.teams), current)),
        stored=StoredRows(store, readings, counted),
    )


def _only_period(submissions: Iterable[Submission]) -> Quarter | None:
    """The period of all workbooks that name one; UsageError where they name several."""
    periods = sorted({one.period for one in submissions if one.period and not one.excluded})
    if len(periods) > 1:
        raise UsageError("usage.periods", periods=list(periods))
    return Quarter.parse(periods[0]) if periods else None


def _is_earlier(submission: Submission, period: Quarter | None) -> bool:
    """Whether it is of an earlier quarter of the year: then its annual sheets still count."""
    if period is None or not submission.period:
        return False
    sent = Quarter.parse(submission.period)
    return sent.year == period.year and sent < period
