"""Percentages: a fraction, however it was typed."""

from __future__ import annotations

import re
from decimal import Decimal

from xltools.issues import Severity
from xltools.kinds.base import Kind
from xltools.kinds.cell_reading import Cell, Column, ReadValue, Refusal, unread
from xltools.kinds.excel_checks import LETTER, NUMERIC
from xltools.kinds.grammar.displayed_numbers import displayed_percent
from xltools.kinds.grammar.number_signs import says_less, signed
from xltools.kinds.grammar.typed_numbers import NUMBER, plain
from xltools.kinds.number import as_float, floats, numeric
from xltools.kinds.typed_text import digits, is_blank, typed

_SIGN = r"(?:%|‰|percent\b|per cent\b|pct\b)"
_SIGNED = re.compile(rf"(.+?) ?({_SIGN})", re.IGNORECASE | re.DOTALL)
_SPOKEN = re.compile(r"(负?)([百千])分之(.+)")
_TENTHS = re.compile(r"([^成]+)成([^成]?)")
_FOUND = re.compile(
    rf"(?<![0-9.,])(-?{NUMBER}) ?{_SIGN}|百分之([零〇一二两三四五六七八九十百点0-9.]+)"
    r"|([零一二两三四五六七八九十]成[一二三四五六七八九半]?)(?=$|[,，。;；、(（])",
    re.IGNORECASE,
)
# A figure that is a bound, or what is missing, is not the percentage itself.
_BENT_BEFORE = re.compile(
    r"(?:(?:剩|余下|差|未|没|缺|超(?![额前])|不[到足]|[低高少多大小]于|至[少多])[^,，。;；0-9]{0,2}"
    r"|[≥≤<>] ?|[0-9] ?[-–—~～至到] ?"
    r"|\b(?:below|under|over|above|less|more|not|least|most)\b[^,.;0-9]{0,6})$",
    re.IGNORECASE,
)
_BENT_AFTER = re.compile(
    r"\s*(?:以[上下]|未|没|尚|[-–—~～至到] ?[0-9]|(?:left|remaining|short|to go)\b)", re.IGNORECASE
)
_DASH = re.compile(r"(?<![–—])[–—] ?$")
_FALLING = re.compile(r" ?(?:[▼▽↓⬇]|-$|down\b|lower\b|less\b)", re.IGNORECASE)
_DONE = re.compile(
    r"[√✓✔☑✅🗹]|true|(?:已|全部)*(?:完成|完毕|结束)[。.!]?|done|completed?|finished", re.IGNORECASE
)


MOST = 10
"""Times the whole: more in a percent format is a number of per cent that lost its sign."""


class Percent(Kind):
    """A fraction: 0.9 is 90 %."""

    name = "percent"
    dtype = "float64"
    align = "right"
    format = "0.0%"
    # 93 pasted into a percent cell shows 9300 %; in one that lost its format 2 is no fraction.
    valid = (
        f'IF(ISNUMBER({{cell}}),IF(IFERROR({LETTER}="P",TRUE),ABS({{cell}})<={MOST},'
        f"AND(ABS({{cell}})<=1,{NUMERIC})),FALSE)"
    )
    readable = (
        'IF(RIGHT(TRIM({cell}))="%",'
        'ISNUMBER(VALUE(LEFT(TRIM({cell}),LEN(TRIM({cell}))-1)&"e0")),FALSE)'
    )
    entry = "decimal"
    bounds = (-MOST, MOST)
    reads_format = ("amount",)

    def quick(self, column: Column) -> tuple[list[object], list[int]]:
        percent, values = column.percent, floats(column.values)
        if column.units or says_percent(column.setting.unit):
            # A bare number is worth telling in such a column: only the format makes it plain.
            read: list[object] = [
                v if i in percent and type(v) is float and -MOST <= v <= MOST else None
                for i, v in enumerate(values)
            ]
        else:
            read = [
                v
                if type(v) is float and (-1 <= v <= 1 or (i in percent and -MOST <= v <= MOST))
                else None
                for i, v in enumerate(values)
            ]
        return read, unread(column.values, read)

    def read(self, cell: Cell) -> ReadValue:
        if isinstance(cell.raw, str):
            return _from_text(typed(cell.raw), cell.unit)
        if cell.raw is True:
            raise Refusal("kinds.not_a_percent", "100%")
        number = numeric(cell.raw, "kinds.not_a_percent")
        if cell.percent:
            if abs(number) > MOST:
                raise Refusal("kinds.percent_scale", f"{digits(number)}%")
            return ReadValue(number)
        seen = displayed_percent(number, cell) if cell.format else None
        if seen is not None:
            return seen
        value = _bare(Decimal(repr(number)), cell.unit)
        return ReadValue(value, "kinds.read_as" if says_percent(cell.unit) else "")

    def written(self, value: object) -> str:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(str(value))
        return digits(number.scaleb(2)) + "%"


def says_percent(unit: str) -> bool:
    """Whether a unit means per cent."""
    return "%" in unit or "％" in unit


def _bare(number: Decimal, unit: str) -> float:
    """A number without a percent sign: a fraction up to 1, per cent where the unit says so."""
    if abs(number) <= 1:
        return float(number)
    if says_percent(unit):
        return as_float(number.scaleb(-2))
    raise Refusal("kinds.percent_bare", f"{digits(number)}%")


def _from_text(text: str, unit: str) -> ReadValue:
    if is_blank(text):
        return ReadValue(None)
    text, chosen = signed(text)
    number = plain(text)
    share = None if number is not None else _share(text)
    if number is not None:
        value = _bare(number, unit)
    elif share is not None:
        value = as_float(share)
    else:
        return _sentence(text)
    return ReadValue(value, "kinds.sign_read", Severity.WARNING) if chosen else ReadValue(value)


def _share(text: str) -> Decimal | None:
    """The percentage that a text is as a whole."""
    for form in (_signed, _spoken, _tenths):
        share = form(text)
        if share is not None:
            return share
    return None


def _signed(text: str) -> Decimal | None:
    match = _SIGNED.fullmatch(text)
    number = plain(match[1]) if match else None
    if number is None or not match:
        return None
    return number.scaleb(-3 if match[2] == "‰" else -2)


def _spoken(text: str) -> Decimal | None:
    """``百分之九十``, ``千分之五``."""
    match = _SPOKEN.fullmatch(text)
    if not match:
        return None
    number = Decimal(100) if match[3] == "百" else plain(match[3])
    if number is None:
        return None
    return (-number if match[1] else number).scaleb(-2 if match[2] == "百" else -3)


def _tenths(text: str) -> Decimal | None:
    """``九成``, ``九成五``, ``9.5成``, ``九成半``."""
    match = _TENTHS.fullmatch(text)
    whole = plain(match[1]) if match else None
    if whole is None or not match or not 0 <= whole <= 10:
        return None
    rest = Decimal(5) if match[2] == "半" else plain(match[2] or "0")
    if rest is None or not 0 <= rest < 10 or rest != rest // 1:
        return None
    return whole.scaleb(-1) + rest.scaleb(-2)


def _sentence(text: str) -> ReadValue:
    """The only percentage of a sentence, where nothing in it bends its meaning."""
    found = list(_FOUND.finditer(text))
    if len(found) > 1:
        raise Refusal("kinds.percent_several")
    if not found:
        raise Refusal("kinds.not_a_percent", "100%" if _DONE.fullmatch(text) else "")
    share = _share(found[0][0])
    if share is None:
        raise Refusal("kinds.not_a_percent")
    start, end = found[0].span()
    if _BENT_BEFORE.search(text, 0, start) or _BENT_AFTER.match(text, end):
        raise Refusal("kinds.percent_qualified")
    written = digits(share.scaleb(2)) + "%"
    if says_less(text[:start]) or _FALLING.match(text, end):
        raise Refusal("kinds.sign_unclear", f"-{written.removeprefix('-')}")
    if _DASH.search(text, 0, start):
        raise Refusal("kinds.sign_unclear", f"-{written} / {written}")
    if share < 0:
        return ReadValue(as_float(share), "kinds.sign_read", Severity.WARNING)
    return ReadValue(as_float(share))
