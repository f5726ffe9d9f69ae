"""What evaluating made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from xltools.consolidate.combine.consolidation import Consolidation
from xltools.errors import XltoolsError
from xltools.issues import Issue


class EvaluationReport(msgspec.Struct, frozen=True, kw_only=True):
    """``pages`` are the titles written, ``left_out`` (title, reason) of those without data.

    ``not_compared`` are other quarters' folders beside this one that could not be read, and why.
    ``kept`` is the report that was there before, where this one says something else, ``pdf`` what
    was printed, ``team_pages`` are workbooks of one team each. ``figures`` are tables of plain
    rows, for a database: by definition and summary.
    """

    path: Path
    pages: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    consolidation: Consolidation
    not_compared: tuple[tuple[Path, XltoolsError], ...] = ()
    kept: Path | None = None
    pdf: Path | None = None
    team_pages: tuple[Path, ...] = ()
    figures: Mapping[tuple[str, str], Sequence[Mapping[str, object]]] = {}

    @property
    def issues(self) -> list[Issue]:
        """Everything that was found wrong in the workbooks."""
        return self.consolidation.all_issues
