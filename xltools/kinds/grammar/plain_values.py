"""Which values are plainly of their kind, or surely read all the same, as live checks judge it."""

from __future__ import annotations

import re
from datetime import date

from xltools.kinds import KINDS, Kind, Setting, usual_spans
from xltools.kinds.grammar.person_names import NOBODY
from xltools.kinds.typed_text import names_error

_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d*)?"
_AMOUNT = re.compile(rf"(?=.*\d){_NUMBER}", re.ASCII)
_DAY = r"(20\d\d-\d\d-\d\d)"
_DAYS = re.compile(rf"{_DAY}(?:[-/至到~～](?:(\d\d)|{_DAY}))?", re.ASCII)
_SEVERAL = re.compile(r"[、/，,；;\n]|^(?=.{5}).*[和与及]|^[^ -z].* ", re.DOTALL)
_NAMED = ("person", "people")


def is_plain(of: Kind, value: object, unit: str, year: int) -> bool:
    """Whether a value, as its cell holds it, is of a kind without interpretation."""
    kind = of.of(unit)
    if not of.valid:
        return True
    if isinstance(value, str):
        form = "ratio" if of.name == "measure" and not unit else kind.name  # its own form tells
        return _is_plain_text(of.name, form, value, year)
    if isinstance(value, date):
        return kind.name == "date"
    percent = (0,) if kind.name == "percent" else ()
    return not kind.parse([_as_read(value)], Setting(unit=unit), percent=percent).faults


def may_be_read(of: Kind, value: object, unit: str) -> bool:
    """Whether a text that is not plain is understood for certain: 45家, 90%, 2024.07.03."""
    if not isinstance(value, str):
        return of.name == "span" and isinstance(value, date)
    match of.name:
        case "number" | "ratio" | "measure":
            rest = value.replace(unit, "") if unit else value
            starts = value.strip(" ")[:1] in tuple("-123456789")
            return starts and _AMOUNT.fullmatch(rest.strip(" ")) is not None
        case "percent":
            text = value.strip(" ")
            return text.endswith("%") and _AMOUNT.fullmatch(text[:-1]) is not None
        case "date":
            return value.count(value[4:5]) == 2 and _is_day(value.replace(value[4:5], "-"))
        case "span":
            return value[:1] in "0123456789" and value[-1:] in ("日", "号", "月")
    return False


def _is_plain_text(of: str, kind: str, value: str, year: int) -> bool:
    if of in _NAMED:
        several = of == "person" and _SEVERAL.search(value) is not None
        named = f"|{value.strip(' ').upper()}|" not in NOBODY and "等" not in value
        named = named and not names_error(value.strip(" "))
        return value.strip(" ")[:1].isalpha() and named and not several
    if KINDS[of].free:
        named = names_error(value.strip(" "))
        return not named and not KINDS[of].parse([value], Setting()).faults
    if of == "span":
        return value.strip(" ").upper() in usual_spans(year) or _is_days(value)
    if kind == "ratio":
        return value.replace("：", ":")[:2] == "1:" and _AMOUNT.fullmatch(value[2:]) is not None
    return False


def _is_days(text: str) -> bool:
    match = _DAYS.fullmatch(text)
    if not match or not _is_day(match[1]):
        return False
    end = match[3] or (match[1][:8] + match[2] if match[2] else match[1])
    return _is_day(end) and end >= match[1]


def _is_day(text: str) -> bool:
    try:
        return len(text) > 8 and date.fromisoformat(text).year >= 2000
    except ValueError:
        return False


def _as_read(value: object) -> object:
    """A value as a spreadsheet gives it back."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
