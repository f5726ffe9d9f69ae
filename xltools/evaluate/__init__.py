"""From consolidated rows to the quarterly evaluation workbook, every figure live."""

from __future__ import annotations

from xltools.evaluate.evaluation_result import EvaluationReport
from xltools.evaluate.evaluation_workbook import evaluate

__all__ = ["EvaluationReport", "evaluate"]
