"""The pages in their order, one file each: what it needs, its figures, its layout."""

from xltools.evaluate.pages import (
    alerts,
    breakdown,
    changes,
    channels,
    customers,
    diagnosis,
    goals,
    incentives,
    outcome,
    overview,
    parameters,
    quality,
    review,
    stages,
    traceback,
)

PAGES = (
    overview.PAGE,
    outcome.PAGE,
    goals.PAGE,
    alerts.PAGE,
    stages.PAGE,
    channels.PAGE,
    traceback.PAGE,
    breakdown.PAGE,
    incentives.PAGE,
    customers.PAGE,
    diagnosis.PAGE,
    review.PAGE,
    quality.PAGE,
    changes.PAGE,
    parameters.PAGE,
)
