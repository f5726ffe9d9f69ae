"""The pages in their order: those that definitions declare, and one file for each of the others."""

from collections.abc import Sequence

from xltools.evaluate.pages import (
    alerts,
    breakdown,
    changes,
    channels,
    diagnosis,
    goals,
    matrix,
    outcome,
    overview,
    parameters,
    quality,
    stages,
    traceback,
)
from xltools.evaluate.pages.page import Page

PAGES = (
    overview.PAGE,
    matrix.PAGE,
    outcome.PAGE,
    goals.PAGE,
    alerts.PAGE,
    stages.PAGE,
    channels.PAGE,
    traceback.PAGE,
    breakdown.PAGE,
    diagnosis.PAGE,
    quality.PAGE,
    changes.PAGE,
    parameters.PAGE,
)
ORDER = (
    "overview", "outcome", "goals", "alerts", "stages", "channels", "traceback", "breakdown",
    "incentives", "customers", "diagnosis", "review", "quality", "changes", "parameters",
)  # fmt: skip


def in_order(declared: Sequence[Page]) -> list[Page]:
    """All pages: the shipped ones as they have always stood, those of own definitions behind."""
    known = {page.name: page for page in (*PAGES, *declared)}
    own = [page for page in declared if page.name not in ORDER]
    return [known[name] for name in ORDER if name in known] + own
