"""Columns as numpy arrays: numbers and days as floats with NaN, texts as objects with None."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]
Truths = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.intp]
Array = npt.NDArray[Any]

_DAY_ZERO = pd.Timestamp("1899-12-30")
_DAY = pd.Timedelta(days=1)
_WHOLE_FROM = 1e14  # From here a float has no digits left to round.
_TIE = 1e-15  # Excel rounds what it shows, 15 digits: a hair under a tie is a tie.


def numbers(series: pd.Series[Any]) -> Floats:
    """A column's numbers; text is blank even where it spells a number, and so is infinity."""
    if series.dtype == object:
        found = np.array([_number(value) for value in series], dtype=np.float64)
    elif pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series):
        found = np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan))
    else:
        return np.full(len(series), np.nan)
    return finite(found)


def _number(value: Any) -> float:
    plain = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    return float(value) if plain else np.nan


def finite(values: Floats) -> Floats:
    """The values, those too large for a cell made blank."""
    endless = np.isinf(values)
    return np.where(endless, np.nan, values) if endless.any() else values


def dates(series: pd.Series[Any]) -> Floats:
    """A column's dates as days since Excel's first; numbers are such days already."""
    if pd.api.types.is_float_dtype(series):
        return numbers(series)
    if not pd.api.types.is_datetime64_any_dtype(series):
        series = pd.to_datetime(series, errors="coerce")
    return np.asarray(((series - _DAY_ZERO) / _DAY).to_numpy(dtype=np.float64), dtype=np.float64)


def days_as_dates(days: Floats) -> npt.NDArray[np.datetime64]:
    """Days since Excel's first as dates; a fraction is a time, to the second."""
    seconds = np.rint(np.where(np.isnan(days), 0, days) * 86_400)
    base = np.datetime64("1899-12-30", "s")
    found = (base + seconds.astype("timedelta64[s]")).astype("datetime64[ns]")
    return np.where(np.isnan(days), np.datetime64("NaT"), found)


def working_days(begin: Floats, end: Floats) -> Floats:
    """Days from Monday to Friday from one day to another, both included."""
    known = ~(np.isnan(begin) | np.isnan(end))
    first, last = (np.where(known, edge, 0) for edge in (begin, end))
    days = np.stack([np.minimum(first, last), np.maximum(first, last) + 1])
    found = np.busday_count(*days_as_dates(days).astype("datetime64[D]"))
    return np.where(known, np.where(first > last, -found, found), np.nan)


def texts(series: pd.Series[Any]) -> Objects:
    """A column's texts without spaces around them; None where nothing else is there."""
    values = series.to_numpy(dtype=object).tolist()
    return _objects([(v.strip() or None) if type(v) is str else _text(v) for v in values])


def _text(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else str(value).strip() or None


def _objects(values: list[str | None]) -> Objects:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def folded(values: Objects) -> Objects:
    """Texts as they compare: without case, as in Excel."""
    return _objects([None if v is None else v.casefold() for v in values.tolist()])


def present(values: Array) -> Truths:
    """Where a value is not blank."""
    if values.dtype == object:
        return ~pd.isna(values)
    return ~np.isnan(values)


def codes(left: Array, right: Array) -> tuple[Positions, Positions]:
    """Equal values of two columns get equal numbers, blanks -1."""
    found = pd.factorize(np.concatenate([left, right]))[0].astype(np.intp)
    return found[: len(left)], found[len(left) :]


def rounded(values: Floats, digits: int) -> Floats:
    """Rounded half away from zero, as Excel does: 2.675 to two digits is 2.68."""
    factor = 10.0 ** abs(digits)
    scaled = np.abs(values) * factor if digits >= 0 else np.abs(values) / factor
    whole = np.floor(scaled)
    up = scaled - whole >= 0.5 - np.maximum(scaled, 1) * _TIE
    whole = whole + up
    found = np.copysign(whole / factor if digits >= 0 else whole * factor, values)
    return np.where(scaled >= _WHOLE_FROM, values, found) + 0.0
