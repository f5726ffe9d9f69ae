"""Tables that hold one sheet's rows of many workbooks, for expressions to be evaluated on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
import pandas as pd


class Tables(msgspec.Struct, frozen=True):
    """One definition's sheets by name, the metric library, and the parameters.

    Rows of one workbook share a value in the group column; a table without that column, like the
    library, belongs to every workbook. Choices stand as names, spans as ISO text.
    """

    sheets: Mapping[str, pd.DataFrame]
    library: pd.DataFrame = msgspec.field(default_factory=pd.DataFrame)
    parameters: Mapping[str, float | date] = msgspec.field(default_factory=dict)
