"""Cells of a sheet to write, each checked; rows and columns count from 1."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any, Protocol

from xltools.excel.cell_text import (
    LONGEST_FORMULA,
    LONGEST_TEXT,
    clipped,
    starts_formula,
    utf16_length,
    visible,
)
from xltools.excel.links import hyperlink
from xltools.excel.styles import CELL, DATE, DATE_TIME, LINK, Emphasis, Style
from xltools.excel.writing.engine import EMPTY
from xltools.excel.writing.refusals import SheetGuard
from xltools.excel.writing.serial_values import cached, is_exact, missing, serial_number
from xltools.ground.cells import CellRef

if TYPE_CHECKING:
    from xlsxwriter.format import Format

    from xltools.excel.writing.bulk_rows import RowSheet


class Workbook(Protocol):
    """What a sheet needs of the workbook that it belongs to."""

    clipped: list[tuple[str, CellRef]]

    def format(self, style: Style | Emphasis) -> Format:
        """XlsxWriter's object for a style."""

    def style_number(self, style: Style) -> int:
        """The number by which a cell's XML refers to a style."""

    def define_name(self, name: str, formula: str) -> None:
        """Give a range a name."""


class Cells:
    """Writes single cells of one sheet."""

    def __init__(self, book: Workbook, engine: RowSheet, title: str) -> None:
        self.book = book
        self.engine = engine
        self.title = title
        self.guard = SheetGuard(title)

    def value(self, row: int, col: int, value: object, style: Style | None = None) -> None:
        """Write a Python value by its type; None and NaN leave a blank cell."""
        if missing(value):
            self.blank(row, col, style)
        elif isinstance(value, str):
            self.text(row, col, value, style)
        elif isinstance(value, bool):
            self.boolean(row, col, value, style)
        elif isinstance(value, (int, float, Decimal, Fraction)):
            self.number(row, col, value, style)
        elif isinstance(value, (date, time)):
            self.date(row, col, value, style)
        elif isinstance(value, timedelta):
            self.number(row, col, value / timedelta(days=1), style)
        elif callable(getattr(value, "item", None)):
            self.value(row, col, value.item(), style)  # type: ignore[attr-defined]
        else:
            raise TypeError(f"{self.guard.place(row, col)}: {type(value).__name__}")

    def text(
        self, row: int, col: int, value: str, style: Style | None = None, *, clip: bool = False
    ) -> None:
        """Write text that is never taken for a formula, number or link.

        A text too long for a cell raises, or with ``clip`` is cut with a mark at the cut and
        noted in ``Book.clipped``.
        """
        value = visible(value)
        if not value:
            self.blank(row, col, style)
            return
        if len(value) > LONGEST_TEXT // 2 and utf16_length(value) > LONGEST_TEXT:
            value = self._cut(row, col, value, clip)
        if starts_formula(value):
            style = (style or CELL).but(quote_prefix=True)
        self._write(self.engine._write_string, row, col, value, self._format(style))

    def number(
        self,
        row: int,
        col: int,
        value: float | Decimal | Fraction,
        style: Style | None = None,
        *,
        strict: bool = False,
    ) -> None:
        """Write a number with all its digits; NaN and infinities leave a blank, or raise.

        A whole number that Excel would round becomes text, digit for digit.
        """
        if isinstance(value, int) and not is_exact(value):
            self.text(row, col, str(value), style)
            return
        number = int(value) if isinstance(value, int) else float(value)
        if not isfinite(number):
            if strict:
                raise ValueError(f"{self.guard.place(row, col)}: {number}")
            self.blank(row, col, style)
            return
        self._write(self.engine._write_number, row, col, number, self._format(style))

    def date(
        self, row: int, col: int, value: date | datetime | time, style: Style | None = None
    ) -> None:
        """Write a date or time as Excel counts it; one before 1900 stays ISO text."""
        serial = serial_number(value)
        if serial is None:
            self.text(row, col, value.isoformat(), style)
            return
        if style is None:
            style = CELL.but(number=DATE_TIME if isinstance(value, datetime) else DATE)
        self._write(self.engine._write_number, row, col, serial, self._format(style))

    def boolean(self, row: int, col: int, value: bool, style: Style | None = None) -> None:
        """Write TRUE or FALSE."""
        self._write(self.engine._write_boolean, row, col, value, self._format(style))

    def blank(self, row: int, col: int, style: Style | None = None) -> None:
        """Write an empty cell, which exists only where it has a style."""
        self._write(self.engine._write_blank, row, col, "", self._format(style))

    def formula(
        self, row: int, col: int, formula: str, value: object, style: Style | None = None
    ) -> None:
        """Write a formula with its value; None stands for a value not known yet, "" for none.

        Some programs calculate on opening whatever is not known, which takes its time.
        """
        self._check_formula(row, col, formula)
        self._write(
            self.engine._write_formula,
            row,
            col,
            visible(formula),
            self._format(style),
            self._result(row, col, value),
        )

    def rich(
        self,
        row: int,
        col: int,
        parts: Iterable[tuple[str, Style | None]],
        style: Style | None = None,
    ) -> None:
        """Write text in pieces with their own fonts."""
        pieces = [(visible(text), font) for text, font in parts if text]
        if len(pieces) < 2:
            text, font = pieces[0] if pieces else ("", None)
            self.text(row, col, text, _with_font(style, font))
            return
        total = sum(utf16_length(text) for text, _ in pieces)
        if total > LONGEST_TEXT:
            raise self.guard.too_long(row, col, total)
        tokens: list[Any] = []
        for text, font in pieces:
            tokens += [self._format(font or style or CELL), text]
        self._write(self.engine._write_rich_string, row, col, *tokens, self._format(style or CELL))

    def link(self, row: int, col: int, target: str, text: str, style: Style | None = LINK) -> None:
        """Write a link as a HYPERLINK formula; a target longer than Excel follows leaves text."""
        formula = hyperlink(target, text)
        if formula and len(formula) <= LONGEST_FORMULA:
            self.formula(row, col, formula, visible(text), style)
        else:
            self.text(row, col, text, style)

    def _write(self, write: Callable[..., int], row: int, col: int, *content: object) -> None:
        self.guard.inside(row, col)
        self.guard.checked(write(row - 1, col - 1, *content), row, col)

    def _format(self, style: Style | Emphasis | None) -> Any:
        return None if style is None else self.book.format(style)

    def _cut(self, row: int, col: int, value: str, clip: bool) -> str:
        if not clip:
            raise self.guard.too_long(row, col, utf16_length(value))
        self.book.clipped.append((self.title, CellRef(row, col)))
        return clipped(value)

    def _result(self, row: int, col: int, value: object) -> float | str | bool:
        result = cached(value)
        if isinstance(result, str):
            result = visible(result)
            if len(result) > LONGEST_TEXT // 2 and utf16_length(result) > LONGEST_TEXT:
                raise self.guard.too_long(row, col, utf16_length(result))
            if isinstance(value, str) and not value:
                return EMPTY
        return result

    def _check_formula(self, row: int, col: int, formula: str) -> None:
        if not formula.lstrip("="):
            raise self.guard.refused(row, col, "''")
        if len(formula) > LONGEST_FORMULA // 2 and utf16_length(formula) > LONGEST_FORMULA:
            raise self.guard.too_long(row, col, utf16_length(formula), LONGEST_FORMULA)


def _with_font(style: Style | None, font: Style | None) -> Style | None:
    if font is None:
        return style
    base = style or CELL
    return base.but(
        font=font.font, size=font.size, bold=font.bold, italic=font.italic, color=font.color
    )
