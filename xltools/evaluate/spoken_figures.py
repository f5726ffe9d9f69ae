"""Figures that speak: lights, dates and changes as text."""

from __future__ import annotations

from xltools.evaluate.figures.live_figure import (
    Call,
    Figure,
    Value,
    day_of,
    decimals,
    is_number,
    rounded,
    spoken,
)
from xltools.evaluate.quarter_model import Model


def as_day(day: Figure) -> Figure:
    """A date as text, ``-`` where there is none."""
    # Letters in a date format mean something else in other languages; digits mean the same.
    text = 'YEAR({0})&"-"&TEXT(MONTH({0}),"00")&"-"&TEXT(DAY({0}),"00")'
    return spoken(text, lambda given: str(day_of(given)), day)


def light(model: Model, attainment: Figure) -> Figure:
    """▲ on target, ● at risk, ▼ below; nothing where there is no attainment."""
    limits = model.parameter("on_target"), model.parameter("at_risk")
    text = 'IF(ISNUMBER({0}),IF({0}>={1},"▲",IF({0}>={2},"●","▼")),"")'
    return Call(text, _light, attainment, *limits)


def _light(attainment: Value, on_target: float, at_risk: float) -> Value:
    if not is_number(attainment):
        return ""
    return "▲" if attainment >= on_target else "●" if attainment >= at_risk else "▼"


def light_of_teams(model: Model, attainment: Figure, whole: Figure) -> Figure:
    """The light of a figure over teams: not ▲ while one of them is missing."""
    return Call(
        'IF(AND({0}="▲",NOT({1})),"●",{0})',
        lambda sign, there: "●" if sign == "▲" and not there else sign,
        light(model, attainment),
        whole,
    )


def difference(now: Figure, before: Figure) -> Figure:
    """The difference of two numbers; nothing where one is missing."""
    return Call(
        'IF(COUNT({0},{1})=2,{0}-{1},"")',
        lambda one, other: one - other if is_number(one) and is_number(other) else "",
        now,
        before,
    )


def as_signed(part: Figure, digits: int = 1) -> Figure:
    """A number as text with its sign, ``-`` where there is none."""
    shown = f"#,##0{decimals(digits)}"
    text = f'TEXT(ROUND({{0}},{digits}),"+{shown};-{shown};{shown}")'
    return spoken(text, lambda given: _signed(given, digits), part)


def _signed(given: float, digits: int) -> str:
    number = rounded(given, digits)
    return f"{number:+,.{digits}f}" if number else f"{0:.{digits}f}"


def link_to(target: Figure) -> Figure:
    """An arrow that leads to a place given as text; nothing where there is none."""
    text = 'HYPERLINK({0},IF({0}="","","→"))'
    return _Link(text, lambda given: "→" if given else "", target)


class _Link(Call):
    """A formula, also where it leads to one place for ever: as a value it would lead nowhere."""

    def stays(self, _index: int) -> bool:
        return False
