"""The unit stated above a table, and the months named in headers and sheet titles."""

from __future__ import annotations

import re
from functools import lru_cache

from xltools.check.identify.label_forms import header_keys, normalised
from xltools.excel.reading.workbook_reader import SheetCells
from xltools.ground.period import Quarter
from xltools.kinds.grammar.typed_numbers import split_unit

_ABOVE = 6  # so many rows above a header may say in what its amounts are
_UNIT = re.compile(r"(?:单位|\bunits?)\s*[:：为]?\s*([^,，;；。()（）]{1,24})", re.IGNORECASE)
_IN = re.compile(r"\bin ((?:cny |rmb )?(?:thousands?|millions?))\b", re.IGNORECASE)
_CURRENCY = re.compile(r"人民币|rmb|cny|yuan|of\b|[\s¥￥]", re.IGNORECASE)
_SCALES = {
    **dict.fromkeys(("thousand", "thousands", "'000", "000", "k"), "千元"),
    **dict.fromkeys(("10k", "tenthousand", "wan"), "万元"),
    **dict.fromkeys(("million", "millions", "mn", "m"), "百万元"),
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_CHINESE = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
_MONTH = re.compile(
    r"(?:20[0-9]{2}\s*[年./-]\s*)?(?<![第0-9一二三四五六七八九十])"
    r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?"
    rf"|\b(?P<name>{'|'.join(_MONTHS)})[a-z]{{0,6}}\b\.?",
    re.IGNORECASE,
)
_YEAR = re.compile("20[0-9]{2}")
_LEFT = re.compile(r"[()（）\[\]【】\s]+")


def money_above(cells: SheetCells, top: int) -> tuple[str, int, int]:
    """The unit of money that a text above row ``top`` states, and its place; else ""."""
    for row in range(top - 1, max(0, top - 1 - _ABOVE), -1):
        for column, value in enumerate(cells.rows[row - 1], 1):
            unit = _money(value) if isinstance(value, str) and value else ""
            if unit:
                return unit, row, column
    return "", 0, 0


# Here and below: pure functions of short texts, bounded and safe in threads.
@lru_cache(1024)
def _money(text: str) -> str:
    """``单位：万元`` → ``万元``, ``Unit: CNY thousand`` → ``千元``."""
    match = _UNIT.search(normalised(text)) or _IN.search(normalised(text))
    if match is None:
        return ""
    bare = _CURRENCY.sub("", match[1]).casefold()
    if not bare:
        return "元"
    unit = _SCALES.get(bare, bare)
    return unit if split_unit(unit)[1] == "元" else ""


@lru_cache(4096)
def month_keys(text: str, quarter: Quarter | None) -> tuple[str, ...]:
    """The forms of a header that names a month of the quarter: 7月目标 is 第1月目标 in 2024Q3."""
    plain = normalised(text)
    match = _MONTH.search(plain)
    if match is None:
        return ()
    month = _number(match)
    if quarter is not None and month not in quarter.months:
        return ()
    rest = _LEFT.sub(" ", plain[: match.start()] + plain[match.end() :]).strip()
    place = (month - 1) % 3 + 1
    return tuple(
        form
        for made in (f"第{place}月{rest}", f"Month {place} {rest}")
        for form in header_keys(made)
    )


def month_sheet(title: str) -> tuple[tuple[int, str], str] | None:
    """The month that a sheet's title names, with its year, and what else it says; else None."""
    plain = normalised(title)
    match = _MONTH.search(plain)
    if match is None:
        return None
    year = _YEAR.match(match[0])
    rest = _LEFT.sub(" ", plain[: match.start()] + plain[match.end() :]).strip()
    return (_number(match), year[0] if year else ""), rest


def _number(match: re.Match[str]) -> int:
    if match["name"]:
        return _MONTHS.index(match["name"][:3].lower()) + 1
    text = match["month"]
    return int(text) if text.isdecimal() else _CHINESE.index(text) + 1
