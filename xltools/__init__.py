"""The quarterly Excel cycle of sales and marketing operations, blank workbook to evaluation."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from xltools.version import __version__

if TYPE_CHECKING:
    from xltools.definition import Definition, load_catalog
    from xltools.errors import XltoolsError
    from xltools.ground.period import Quarter
    from xltools.issues import Issue
    from xltools.verbs import (
        check_workbooks,
        consolidate_workbooks,
        draft_definition,
        evaluate_quarter,
        generate_workbooks,
        load_definition,
        roll_over,
        start,
    )

_HOMES = {
    "Definition": "xltools.definition",
    "Issue": "xltools.issues",
    "Quarter": "xltools.ground.period",
    "XltoolsError": "xltools.errors",
    "check_workbooks": "xltools.verbs",
    "consolidate_workbooks": "xltools.verbs",
    "draft_definition": "xltools.verbs",
    "evaluate_quarter": "xltools.verbs",
    "generate_workbooks": "xltools.verbs",
    "load_catalog": "xltools.definition",
    "load_definition": "xltools.verbs",
    "roll_over": "xltools.verbs",
    "start": "xltools.verbs",
}

__all__ = [
    "Definition",
    "Issue",
    "Quarter",
    "XltoolsError",
    "__version__",
    "check_workbooks",
    "consolidate_workbooks",
    "draft_definition",
    "evaluate_quarter",
    "generate_workbooks",
    "load_catalog",
    "load_definition",
    "roll_over",
    "start",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
