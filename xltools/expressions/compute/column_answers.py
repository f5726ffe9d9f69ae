"""Expressions on tables: whole columns at once, for all workbooks together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from xltools.expressions.compute.batch_tables import Tables
from xltools.expressions.compute.column_arrays import days_as_dates
from xltools.expressions.compute.evaluator import Evaluator
from xltools.expressions.expression import Expression
from xltools.expressions.nodes import DATE, NUMBER, TRUTH

GROUP = "_file"


def evaluate(
    expression: Expression, sheet: str, tables: Tables, *, group: str = GROUP
) -> pd.Series[Any]:
    """The value in every row: float64, datetime64[ns], object with None, or boolean with NA."""
    index = tables.sheets[sheet].index
    evaluator = Evaluator(tables, sheet, group)
    if expression.type is TRUTH:
        true, false = evaluator.truth(expression.tree)
        answer = pd.Series(true, index=index).astype("boolean")
        return answer.mask(~(true | false))
    values = evaluator.value(expression.tree)
    if expression.type is DATE:
        return pd.Series(days_as_dates(values), index=index, dtype="datetime64[ns]")
    dtype = "float64" if expression.type is NUMBER else object
    return pd.Series(values, index=index, dtype=dtype, copy=True)


def true_rows(
    expression: Expression, sheet: str, tables: Tables, *, group: str = GROUP
) -> pd.Series[bool]:
    """Where an expression is definitely true."""
    true, _ = Evaluator(tables, sheet, group).truth(expression.tree)
    return pd.Series(np.asarray(true), index=tables.sheets[sheet].index, dtype=bool)


def violations(
    expression: Expression, sheet: str, tables: Tables, *, group: str = GROUP
) -> pd.Series[bool]:
    """Where a rule is definitely false; unknown is no violation."""
    _, false = Evaluator(tables, sheet, group).truth(expression.tree)
    return pd.Series(np.asarray(false), index=tables.sheets[sheet].index, dtype=bool)
