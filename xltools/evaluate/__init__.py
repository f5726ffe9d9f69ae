"""From consolidated rows to the quarterly evaluation workbook, every figure live."""

from __future__ import annotations

from xltools.evaluate.book import evaluate
from xltools.evaluate.report import EvaluationReport

__all__ = ["EvaluationReport", "evaluate"]
