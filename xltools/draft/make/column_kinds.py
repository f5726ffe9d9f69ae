"""Which kind of value a column holds: by its checks, its number formats, its values, its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from math import isfinite

import msgspec

from xltools.draft.copies_together import Column
from xltools.excel.reading.cells.number_formats import Shown, shown_by
from xltools.excel.reading.xlsx.declared_content import Validation
from xltools.issues import Code
from xltools.kinds import KINDS, Setting

_NUMERIC = ("number", "integer", "percent", "ratio", "measure")
_LEAST_SHARE = 0.9
_LONGEST_VALUE = 40
_ANY_YEAR = 2024  # completes days without one
_MANY = 10  # values from which on a few may be faulty
_CURRENCY = re.compile(r'\[\$([^\]-]+)(?:-[0-9A-Fa-f]+)?\]|"([^"]{1,4})"|\\?([$¥€£￥])')
_RATIO = re.compile(r'^"1[:：]"')
_CODE = re.compile(r"0\d+|\d{12,}")  # digits that are no number
_DATE_WORDS = re.compile(r"日期|时间|(?<!to )date|deadline|截止|\bdue\b", re.IGNORECASE)
_PERSON_WORDS = re.compile(
    r"负责人|责任人|联系人|经办人|填报人|姓名|owner|responsible|assignee|contact person|in charge",
    re.IGNORECASE,
)
_PERCENT_WORDS = re.compile(r"率$|占比|比例|percent|%|share of|rate$", re.IGNORECASE)
_NUMBER_WORDS = re.compile(
    r"金额|数量|数$|预算|收入|成本|费用|合计|"
    r"amount|number of|quantity|budget|revenue|cost|total|price",
    re.IGNORECASE,
)


class Found(msgspec.Struct, frozen=True):
    """A kind, with the unit that formats tell, and whether it is a guess by the header alone."""

    kind: str
    unit: str = ""
    guess: bool = False
    refused: tuple[str, ...] = ()
    """Values that are not of this kind, although most are."""


def kind_of(column: Column, header: str, unit: str, likely: str) -> Found:
    """The kind; ``likely`` is that of a shipped column of the same name."""
    if likely == "id":
        return Found("id")
    unit = unit or _unit_by_code(column.codes)
    declared = _by_checks(column) or _by_codes(column)
    if declared and declared != "text" and _accepts(declared, column, unit):
        return Found(declared, unit if declared in ("number", "integer") else "")
    if declared == "text" and not _texts_that_say(header, likely):
        return Found("text")
    if not column.filled:
        return _by_header(header, unit, likely, text_only=declared == "text")
    if likely in KINDS and likely not in ("reference", "choice") and _accepts(likely, column, unit):
        return Found(likely, unit if likely in ("number", "integer") else "")
    return _by_values(column, header, unit, text_only=declared == "text")


def _texts_that_say(header: str, likely: str) -> bool:
    """Whether cells formatted as text may hold days, spans or people all the same."""
    words = _DATE_WORDS.search(header) or _PERSON_WORDS.search(header)
    return bool(words) or likely in ("span", "date", "person", "people")


def _by_checks(column: Column) -> str:
    for check in column.validations:
        if check.kind in ("whole", "decimal", "date", "textLength"):
            percent = check.kind == "decimal" and _is_percent(column)
            kinds = {"whole": "integer", "decimal": "number", "date": "date", "textLength": "text"}
            return "percent" if percent else kinds[check.kind]
        if check.kind == "custom" and _asks_number(check, column):
            return "percent" if _is_percent(column) else "number"
    return ""


def _asks_number(check: Validation, column: Column) -> bool:
    """Whether a custom check begins by asking for a number in its own cell."""
    from xltools.ground.cells import column_letters

    letters = column_letters(column.first.place)
    wanted = re.compile(rf"^=?(?:AND\()?\s*ISNUMBER\(\$?{letters}\$?\d+\)", re.IGNORECASE)
    return wanted.match(check.first) is not None


def _is_percent(column: Column) -> bool:
    return bool(column.codes) and shown_by(column.codes[0]) is Shown.PERCENT


def _by_codes(column: Column) -> str:
    if not column.codes:
        return ""
    code = column.codes[0]
    if code == "@":
        return "text"
    if _RATIO.match(code):
        return "ratio"
    shown = shown_by(code)
    if shown in (Shown.DATE, Shown.MOMENT):
        return "date"
    if shown is Shown.PERCENT:
        return "percent"
    return "number" if shown is None and ("0" in code or "#" in code) else ""


def _unit_by_code(codes: Sequence[str]) -> str:
    """The unit or currency that a number format shows."""
    for code in codes[:1]:
        found = _CURRENCY.search(code.partition(";")[0])
        if found and shown_by(code) is None and not _RATIO.match(code):
            return next((part for part in found.groups() if part), "").strip()
    return ""


def _by_header(header: str, unit: str, likely: str, *, text_only: bool) -> Found:
    """What a blank column is likely to hold; a guess."""
    if likely in KINDS and likely not in ("reference", "choice"):
        return Found(likely, unit if likely in ("number", "integer") else "", guess=True)
    if _PERSON_WORDS.search(header):
        return Found("person", guess=True)
    if _DATE_WORDS.search(header):
        return Found("span" if text_only else "date", guess=True)
    if not text_only and (_PERCENT_WORDS.search(header) or "%" in unit or unit == "％"):
        return Found("percent", guess=True)
    if not text_only and (unit or _NUMBER_WORDS.search(header)):
        return Found("number", unit, guess=True)
    return Found("text", guess=not text_only)


def _by_values(column: Column, header: str, unit: str, *, text_only: bool) -> Found:
    values = [v for v in column.judged[0] if v is not None and str(v).strip()] or column.filled
    if all(isinstance(v, date) for v in values) and not text_only:
        return Found("date")
    codes = [v for v in values if isinstance(v, str) and _CODE.fullmatch(v.strip())]
    order = (
        ["date", "span"] if text_only or codes else ["number", "percent", "ratio", "date", "span"]
    )
    if any(isinstance(v, bool | time | timedelta) for v in values):
        order = ["ratio", "date"]
    if len(column.judged[1]) * 2 > len(values):
        order = ["percent", *order]
    for kind in order:
        if _is_apt(kind, values, header) and _accepts(kind, column, unit):
            return Found(
                kind, unit if kind == "number" else "", refused=_refused(kind, column, unit)
            )
    amounts = not text_only and not codes and _is_apt("measure", values, header)
    if amounts and _accepts("measure", column, unit):
        return Found("measure")
    if _PERSON_WORDS.search(header):
        for kind in ("person", "people"):
            if _accepts(kind, column, unit):
                return Found(kind)
    return Found("text")


def _is_apt(kind: str, values: Sequence[object], header: str) -> bool:
    """Whether texts are meant as dates or amounts, and do not only mention one."""
    texts = [v for v in values if isinstance(v, str)]
    if any(len(text) > _LONGEST_VALUE for text in texts):
        return False
    if kind == "span":
        return bool(_DATE_WORDS.search(header)) or all(len(text) <= 24 for text in texts)
    if kind in _NUMERIC:
        return all(len(text.strip()) <= 12 for text in texts)
    return True


def _accepts(kind: str, column: Column, unit: str) -> bool:
    """Whether a kind reads the values: all of few, most of many; blank columns go with anything."""
    if _share_refused(kind, column.sample, unit) > 2 * (1 - _LEAST_SHARE):
        return False  # which spares reading all values of texts as numbers, days and people
    values, percent = column.judged
    read = KINDS[kind].parse(values, _setting(unit), percent=percent)
    refused = sum(one.code is not Code.CELL_NORMALISED for one in read.faults)
    if column.filled and not any(value is not None for value in read.values):
        return False
    filled = sum(value is not None for value in values)
    return not refused or (filled >= _MANY and refused <= (1 - _LEAST_SHARE) * filled)


def _share_refused(kind: str, sample: Sequence[object], unit: str) -> float:
    """How many of some values a kind refuses; their formats are not looked at."""
    percent = range(len(sample)) if kind == "percent" else ()
    read = KINDS[kind].parse(list(sample), _setting(unit), percent=percent)
    refused = sum(one.code is not Code.CELL_NORMALISED for one in read.faults)
    return refused / len(sample) if len(sample) >= _MANY else 0.0


def _setting(unit: str) -> Setting:
    return Setting(unit=unit, year=_ANY_YEAR)


def _refused(kind: str, column: Column, unit: str) -> tuple[str, ...]:
    values, percent = column.judged
    read = KINDS[kind].parse(values, _setting(unit), percent=percent)
    return tuple(one.value for one in read.faults if one.code is not Code.CELL_NORMALISED)


def limits_of(column: Column, kind: str) -> tuple[float | None, float | None, list[Validation]]:
    """The least and most that checks allow, and the checks that say something else."""
    least = most = None
    rest: list[Validation] = []
    for check in column.validations:
        if check.kind not in ("whole", "decimal") or kind not in _NUMERIC or not check.strict:
            rest.append(check)
            continue
        first, second = _number(check.first), _number(check.second)
        bounds = KINDS[kind].bounds  # which say no more than the kind itself
        first, second = (None if one in bounds else one for one in (first, second))
        step = 1 if check.kind == "whole" else 0
        match check.operator:
            case "between" if check.first and check.second:
                least, most = first, second
            case "greaterThanOrEqual" if first is not None:
                least = first
            case "lessThanOrEqual" if first is not None:
                most = first
            case "greaterThan" if first is not None and step:
                least = first + step
            case "lessThan" if first is not None and step:
                most = first - step
            case _:
                rest.append(check)
    return _sensible(least), _sensible(most), rest


def _sensible(limit: float | None) -> float | None:
    """A limit that is more than a number's own: 10 to the 15th guards nothing."""
    return None if limit is None or abs(limit) >= 1e15 else limit


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
