"""Broken and hostile files, made in code, each with the verdict it must get."""

from __future__ import annotations

from hostile.cases import Case
from hostile.containers import CONTAINERS
from hostile.grids import GRIDS
from hostile.markup import MARKUP
from hostile.structures import STRUCTURES

CASES: list[Case] = [*CONTAINERS, *MARKUP, *GRIDS, *STRUCTURES]

__all__ = ["CASES", "Case"]
