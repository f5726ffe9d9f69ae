"""Numbers as their cells display them, where the format scales them or names a unit."""

from __future__ import annotations

import re
from decimal import Decimal

from xltools.ground.folding import fold
from xltools.issues import Severity
from xltools.kinds.cell_reading import Cell, Details, ReadValue
from xltools.kinds.display_format import Format, Section
from xltools.kinds.grammar.typed_numbers import split_unit
from xltools.kinds.typed_text import digits, narrow

_DECORATION = re.compile(r"[\s()+\-:,.;*_¥]")
_FOREIGN = re.compile(r"[$€£₩]|\b(?:usd|eur|gbp|hkd|jpy)\b", re.IGNORECASE)
_THOUSANDS = {"k": 3, "m": 6, "mm": 6, "mn": 6, "b": 9, "bn": 9}


def displayed(number: float, cell: Cell) -> ReadValue:
    """What the cell shows of its number, in its unit; noted where that is not what it stores."""
    section = (cell.format or Format()).section(number)
    stored = Decimal(repr(number))
    seen = stored.scaleb(-section.scale)
    said: Details = {"shown": _shown(number, section)}
    found = _in_unit(seen, section, cell.unit)
    if found is None:
        return ReadValue(
            float(seen), "kinds.shown_unit", Severity.WARNING, {**said, "unit": cell.unit}
        )
    value, sure = found
    if value == stored:
        return ReadValue(number)
    if sure:
        return ReadValue(float(value), "kinds.shown_as", None, said)
    return ReadValue(float(value), "kinds.shown_doubt", Severity.WARNING, said)


def displayed_percent(number: float, cell: Cell) -> ReadValue | None:
    """A number behind which a percent sign stands as a mere word: 60 shown as 60% is 60 %."""
    section = (cell.format or Format()).section(number)
    if not section.after.startswith(("%", "％")):
        return None
    seen = Decimal(repr(number)).scaleb(-section.scale)
    said: Details = {"shown": f"{digits(seen)}%"}
    if abs(number) <= 1:  # without the sign, it would be a fraction
        return ReadValue(float(seen.scaleb(-2)), "kinds.shown_doubt", Severity.WARNING, said)
    return ReadValue(float(seen.scaleb(-2)), "kinds.shown_as", None, said)


def shown_unit(number: float, display: Format) -> tuple[str, str, int] | None:
    """What a cell shows whose format names a unit, that unit and its scale; None without one."""
    section = display.section(number)
    unit = _word(section.after)
    if unit.isascii():
        return None
    return _shown(number, section), unit, split_unit(unit)[0]


def padded(number: float, display: Format) -> str:
    """A number as the words that its cell shows: codes such as 001, 1.10 and G01."""
    section = display.section(number)
    whole, _, decimals = digits(Decimal(repr(abs(number))).scaleb(-section.scale)).partition(".")
    decimals = decimals.ljust(section.decimals, "0")
    text = whole.rjust(section.whole, "0") + (f".{decimals}" if decimals else "")
    return f"{section.before}{'-' if number < 0 else ''}{text}{section.after}"


def _in_unit(seen: Decimal, section: Section, unit: str) -> tuple[Decimal, bool] | None:
    """The number in the cell's unit, and whether no other is likely; None for another unit."""
    word = _word(section.after)
    foreign = _FOREIGN.search(section.before + section.after)
    if unit and foreign and foreign[0].casefold() not in unit.casefold():
        return None
    if not word:
        return seen, not section.scale
    own_scale, own_base = split_unit(unit)
    if section.scale and _THOUSANDS.get(word) == section.scale:
        # 215K of a column in 万元 are more likely 215,000 元 than so many 万元.
        return seen * 10**section.scale / own_scale, own_scale == 1
    scale, base = split_unit(word)
    if unit and base not in ("", own_base, own_base.split("/")[0]):
        return None
    return seen * scale / own_scale, section.scale > 0 and scale == 10**section.scale


def _shown(number: float, section: Section) -> str:
    seen = Decimal(repr(number)).scaleb(-section.scale)
    return f"{section.before}{digits(seen)}{section.after}"


def _word(after: str) -> str:
    """What stands behind a number without what only decorates it."""
    return fold(_DECORATION.sub("", narrow(after)))
