"""How to read: all that a worker must be told. Light, so that a worker starts at once."""

from __future__ import annotations

import msgspec

from xltools.definition import Catalog
from xltools.settings import Settings

Key = tuple[str, str]
"""A definition's name and the name of one of its sheets."""


class ReadingPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Definitions, settings, and options that stand in for an identity that a workbook lacks."""

    catalog: Catalog
    settings: Settings
    template: str = ""
    team: str = ""
    period: str = ""
    lang: str = "zh"
