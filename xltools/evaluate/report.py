"""What evaluating made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from xltools.consolidate.consolidation import Consolidation
from xltools.issues import Issue


@dataclass(frozen=True, kw_only=True)
class EvaluationReport:
    """``pages`` are the titles written, ``left_out`` (title, reason) of those without data."""

    path: Path
    pages: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    consolidation: Consolidation

    @property
    def issues(self) -> list[Issue]:
        """Everything that was found wrong in the workbooks."""
        return self.consolidation.all_issues
