"""Figures: one object that writes itself as an Excel formula and computes itself.

A figure is a small tree. `Figure.formula` gives Excel's text for the cell at a place,
`Figure.value` what a spreadsheet program gets from it; both walk the same tree, and every
primitive states its two sides next to each other, here and nowhere else. Only functions that
Excel 2016, WPS and LibreOffice share; nothing volatile.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeGuard

from xltools.excel.links import literal

Value = float | str | bool | None
_DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Place:
    """The cell that a formula stands in: its sheet's title, its row, and its index in the list."""

    sheet: str
    row: int
    index: int


class Figure(ABC):
    """Something that a cell shows and that other figures can use."""

    @abstractmethod
    def formula(self, place: Place) -> str:
        """Excel's text, without ``=``."""

    @abstractmethod
    def value(self, index: int) -> Value:
        """What the formula gives in the row of that index."""

    def stays(self, _index: int) -> bool:
        """Whether no target, actual, date, weight or threshold changes the value in a row.

        Such a cell is written as a value: formulas that never change only slow a workbook down.
        """
        return False


@dataclass(frozen=True, eq=False)
class Constant(Figure):
    """A number or text written into the formula."""

    given: float | str | bool

    def formula(self, _place: Place) -> str:
        if isinstance(self.given, str):
            return literal(self.given)
        return f"{self.given}()".upper() if isinstance(self.given, bool) else repr(self.given)

    def value(self, _index: int) -> Value:
        return self.given

    def stays(self, _index: int) -> bool:
        return True


@dataclass(frozen=True, eq=False)
class Parameter(Figure):
    """A cell of the Parameters page, by its defined name."""

    name: str
    given: Value

    def formula(self, _place: Place) -> str:
        return f"p_{self.name}"

    def value(self, _index: int) -> Value:
        return self.given


class Call(Figure):
    """An Excel text with ``{0}``, ``{1}``… for its parts, and the same as a Python function."""

    def __init__(self, text: str, compute: Callable[..., Value], *parts: Figure) -> None:
        self.text, self.compute, self.parts = text, compute, parts

    def formula(self, place: Place) -> str:
        return self.text.format(*[part.formula(place) for part in self.parts])

    def value(self, index: int) -> Value:
        return self.compute(*[part.value(index) for part in self.parts])

    def stays(self, index: int) -> bool:
        return all(part.stays(index) for part in self.parts)


@dataclass(frozen=True, eq=False)
class If(Figure):
    """IF; the branch not taken is not computed, as in Excel."""

    test: Figure
    then: Figure
    otherwise: Figure

    def formula(self, place: Place) -> str:
        parts = (self.test, self.then, self.otherwise)
        return f"IF({','.join(part.formula(place) for part in parts)})"

    def value(self, index: int) -> Value:
        return (self.then if self.test.value(index) else self.otherwise).value(index)

    def stays(self, index: int) -> bool:
        if not self.test.stays(index):
            return False
        return (self.then if self.test.value(index) else self.otherwise).stays(index)


@dataclass(frozen=True, eq=False)
class Each(Figure):
    """A different figure in every row of a list."""

    figures: Sequence[Figure]

    def formula(self, place: Place) -> str:
        return self.figures[place.index].formula(place)

    def value(self, index: int) -> Value:
        return self.figures[index].value(index)

    def stays(self, index: int) -> bool:
        return self.figures[index].stays(index)


NOTHING = Constant("")


def figure(given: Figure | float | str) -> Figure:
    """A figure as it is, a number or text as a constant."""
    return given if isinstance(given, Figure) else Constant(given)


def choose(test: Figure, then: Figure | float | str, otherwise: Figure | float | str) -> Figure:
    """``then`` where the test holds, else ``otherwise``."""
    return If(test, figure(then), figure(otherwise))


LINE_BREAK = Call("CHAR(10)", lambda: "\n")


def or_dash(part: Figure) -> Figure:
    """The number or text, ``-`` where there is nothing to say."""
    return Call('IF({0}="","-",{0})', lambda given: "-" if given in (None, "") else given, part)


def or_nothing(part: Figure) -> Figure:
    """The content of a cell; an empty text where it is blank (a bare reference would give 0)."""
    return Call('IF({0}="","",{0})', lambda given: "" if given is None else given, part)


def sentence(template: str, *parts: Figure) -> Figure:
    """Words around figures, which give texts or whole numbers: ``{0}`` is the first."""
    words = re.split(r"\{(\d)\}", template)
    pieces = [
        f"{{{word}}}" if place % 2 else braces(literal(word))
        for place, word in enumerate(words)
        if word
    ]
    return Call("&".join(pieces), lambda *given: template.format(*map(_text, given)), *parts)


def as_percent(part: Figure, digits: int = 1) -> Figure:
    """A share as text, ``-`` where there is none."""
    shown = f"0{decimals(digits)}%"
    return spoken(
        f'TEXT(ROUND({{0}},{digits + 2}),"{shown};-{shown}")',
        lambda given: f"{_exact(given, digits + 2) * 100:.{digits}f}%",
        part,
    )


def as_number(part: Figure, digits: int = 0) -> Figure:
    """A number as text with thousands, ``-`` where there is none."""
    shown = f"#,##0{decimals(digits)}"
    return spoken(
        f'TEXT(ROUND({{0}},{digits}),"{shown};-{shown}")',
        lambda given: f"{_exact(given, digits):,.{digits}f}",
        part,
    )


def spoken(text: str, said: Callable[[float], str], part: Figure) -> Figure:
    """A number as an Excel text and a function say it, ``-`` where there is none."""
    return Call(
        f'IF(ISNUMBER({{0}}),{text},"-")',
        lambda given: said(given) if is_number(given) else "-",
        part,
    )


def decimals(digits: int) -> str:
    """The end of a number format: so many decimals."""
    return f".{'0' * digits}" if digits else ""


def is_number(given: object) -> TypeGuard[float]:
    """What Excel's ISNUMBER says."""
    return isinstance(given, (int, float)) and not isinstance(given, bool)


def day_of(given: Value) -> date:
    """The day of a serial number; a blank cell is 0, as in Excel."""
    return _DAY_ZERO + timedelta(days=int(given or 0))


def rounded(given: float, digits: int) -> float:
    """Excel's ROUND: ties go away from zero, as the 15 digits that it looks at stand."""
    exact = Decimal(f"{float(given):.15g}")
    if abs(exact) >= Decimal(10) ** 15:
        return float(given)
    return float(exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)) + 0.0  # never -0


def _exact(given: float, digits: int) -> Decimal:
    return Decimal(repr(rounded(given, digits)))


def _text(given: Value) -> str:
    """A text or whole number as it joins a sentence; programs differ over other numbers."""
    if isinstance(given, float):
        if given != int(given):
            raise TypeError(f"a sentence needs {given!r} as text")
        return str(int(given))
    return "" if given is None else str(given)


def braces(text: str) -> str:
    """A text as a template has it: its braces doubled, so that they are no gaps."""
    return text.replace("{", "{{").replace("}", "}}")
