"""The pages in their order: those that definitions declare, and one file for each of the others."""

from collections.abc import Sequence

from xltools.evaluate.pages import changes, matrix, overview, parameters, quality
from xltools.evaluate.pages.page import Page

SHIPPED: tuple[Page | str, ...] = (  # those that shipped definitions declare by their names
    overview.PAGE,
    matrix.PAGE,
    "outcome",
    "goals",
    "alerts",
    "stages",
    "channels",
    "traceback",
    "breakdown",
    "incentives",
    "customers",
    "diagnosis",
    "review",
    quality.PAGE,
    changes.PAGE,
    parameters.PAGE,
)
PAGES = tuple(one for one in SHIPPED if isinstance(one, Page))


def in_order(declared: Sequence[Page]) -> list[Page]:
    """All pages: the shipped ones as they have always stood, those of own definitions behind."""
    known = {page.name: page for page in declared}
    shipped = (known.pop(one, None) if isinstance(one, str) else one for one in SHIPPED)
    found = [page for page in shipped if page is not None]
    return found + list(known.values())
