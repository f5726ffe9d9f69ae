"""The pages in their order, one file each: what it needs, its figures, its layout."""

from xltools.evaluate.pages import alerts, outcome, overview, parameters, quality

PAGES = (
    overview.PAGE,
    outcome.PAGE,
    alerts.PAGE,
    quality.PAGE,
    parameters.PAGE,
)
