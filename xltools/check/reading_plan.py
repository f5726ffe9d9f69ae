"""How to read: all that a worker needs. Imports little, so that a worker starts at once."""

from __future__ import annotations

import msgspec

from xltools.definition import Catalog
from xltools.settings import Settings

Key = tuple[str, str]
"""A definition's name and the name of one of its sheets."""


class ReadingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Definitions, settings, and the options taken where a workbook does not say its own."""

    catalog: Catalog
    settings: Settings
    template: str = ""
    team: str = ""
    period: str = ""
    lang: str = "zh"
