"""Columns of plain values rendered to the XML of rows, several times faster than cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, time
from math import isfinite
from typing import Any

import msgspec

from xltools.excel.cell_text import (
    LONGEST_FORMULA,
    LONGEST_TEXT,
    clipped,
    escape,
    keeps_space,
    starts_formula,
    text_element,
    utf16_length,
    visible,
)
from xltools.excel.writing.engine import calls_future
from xltools.excel.writing.serial_values import EXACT, cached, missing, serial_number
from xltools.ground.cells import column_letters

_CHUNK = 1_000  # rows rendered together: their strings stay in the processor's cache
_REMEMBERED = 50_000  # texts a column remembers as rendered
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
_NOTHING = type(None)


class Formulas(msgspec.Struct, frozen=True):
    """A column of formulas, one a row, with their values; a blank formula writes the value."""

    formulas: Sequence[str]
    values: Sequence[object]

    def __len__(self) -> int:
        return len(self.formulas)


Column = Sequence[object] | Formulas
TooLong = Callable[[int, int, int], None]  # given row, column and length


class Block(msgspec.Struct, frozen=True):
    """Rows that belong to one call; ``formats`` are pairs: as is, and for texts like formulas."""

    first_row: int
    first_col: int
    columns: Sequence[Column]
    formats: Sequence[tuple[Any, Any]]
    long_text: TooLong  # returns where the text may be cut
    long_formula: TooLong  # raises

    @property
    def last_row(self) -> int:
        """The row of the last value."""
        return self.first_row + len(self.columns[0]) - 1

    def value(self, row: int, col: int) -> float | str | bool | None:
        """What a cell shows; None for a blank one or one beside the block."""
        if not 0 <= col - self.first_col < len(self.columns):
            return None
        column = self.columns[col - self.first_col]
        values = column.values if isinstance(column, Formulas) else column
        shown = cached(values[row - self.first_row])
        return None if shown == "" else shown


class Renderer:
    """Renders one block; ``prepare`` makes a formula ready for the file."""

    def __init__(self, block: Block, prepare: Callable[[str], str]) -> None:
        self._block = block
        self._columns = [_Column(block, index, prepare) for index in range(len(block.columns))]

    def pieces(self) -> Iterator[str]:
        """The XML of all rows, in pieces."""
        total = len(self._block.columns[0])
        for start in range(0, total, _CHUNK):
            stop = min(start + _CHUNK, total)
            numbers = range(self._block.first_row + start, self._block.first_row + stop)
            cells = [column.cells(numbers, start, stop) for column in self._columns]
            rows = zip(numbers, map("".join, zip(*cells, strict=True)), strict=True)
            yield "".join([f'<row r="{number}">{row}</row>' for number, row in rows])


class _Column:
    def __init__(self, block: Block, index: int, prepare: Callable[[str], str]) -> None:
        self._values = block.columns[index]
        self._number = block.first_col + index
        self._open = f'<c r="{column_letters(self._number)}'
        style, self._quoted = block.formats[index]
        self._style = _style_attribute(style)
        self._prepare = prepare
        self._long_text = block.long_text
        self._long_formula = block.long_formula
        self._texts: dict[str, str] = {}

    def cells(self, numbers: range, start: int, stop: int) -> list[str]:
        """The XML of the column's cells in some rows; "" for no cell."""
        if isinstance(self._values, Formulas):
            formulas, values = self._values.formulas[start:stop], self._values.values[start:stop]
            return self._formula_cells(numbers, formulas, values)
        values = self._values[start:stop]
        kinds = set(map(type, values))
        if kinds == {str} and _is_plain_text(values):  # type: ignore[arg-type]
            begin, middle = self._open, f'"{self._style} t="inlineStr"><is><t>'
            return [
                f"{begin}{number}{middle}{value}</t></is></c>"
                for number, value in zip(numbers, values, strict=True)
            ]
        if kinds <= {str, _NOTHING}:
            return self._text_cells(numbers, values)  # type: ignore[arg-type]
        if _is_plain(kinds, values):
            begin, middle = self._open, f'"{self._style}><v>'
            return [
                f"{begin}{number}{middle}{value!r}</v></c>"
                for number, value in zip(numbers, values, strict=True)
            ]
        if _NOTHING in kinds and _is_plain(
            kinds - {_NOTHING}, [value for value in values if value is not None]
        ):
            return self._number_cells(numbers, values)
        return list(map(self._cell, numbers, values))

    def _number_cells(self, numbers: range, values: Sequence[object]) -> list[str]:
        """Plain numbers with blanks between them."""
        begin, middle = self._open, f'"{self._style}><v>'
        blank = f'"{self._style}/>' if self._style else ""
        return [
            f"{begin}{number}{middle}{value!r}</v></c>"
            if value is not None
            else blank and f"{begin}{number}{blank}"
            for number, value in zip(numbers, values, strict=True)
        ]

    def _text_cells(self, numbers: range, values: Sequence[str | None]) -> list[str]:
        begin, known, text = self._open, self._texts.get, self._text
        blank = f'"{self._style}/>' if self._style else ""
        return [
            f'{begin}{number}"{known(value) or text(number, value)}'
            if value
            else blank and f"{begin}{number}{blank}"
            for number, value in zip(numbers, values, strict=True)
        ]

    def _formula_cells(
        self, numbers: range, formulas: Sequence[str], values: Sequence[Any]
    ) -> list[str]:
        kinds = set(map(type, values))
        texts = kinds == {str} and _are_plain_results(values)
        if (texts or _is_plain(kinds, values)) and _are_plain_formulas(formulas):
            kind = ' t="str"' if texts else ""
            begin, middle = self._open, f'"{self._style}{kind}><f>'
            return [
                f"{begin}{number}{middle}{formula[1:]}</f><v>{value}</v></c>"
                for number, formula, value in zip(numbers, formulas, values, strict=True)
            ]
        return list(map(self._formula, numbers, formulas, values))

    def _cell(self, number: int, value: object) -> str:
        """One cell of any type, as ``Sheet.value`` would write it."""
        if isinstance(value, str) and value:
            return f'{self._open}{number}"{self._texts.get(value) or self._text(number, value)}'
        if isinstance(value, bool):
            return f'{self._open}{number}"{self._style} t="b"><v>{int(value)}</v></c>'
        if isinstance(value, (date, time)) and not missing(value):
            serial = serial_number(value)
            if serial is None:
                return f'{self._open}{number}"{self._text(number, value.isoformat())}'
            return f'{self._open}{number}"{self._style}><v>{serial!r}</v></c>'
        plain = cached(value)
        if plain == "":
            return f'{self._open}{number}"{self._style}/>' if self._style else ""
        if isinstance(plain, str):
            return f'{self._open}{number}"{self._text(number, plain)}'
        return f'{self._open}{number}"{self._style}><v>{plain!r}</v></c>'

    def _text(self, number: int, value: str) -> str:
        """What stands behind the reference of a text cell, remembered for the next time."""
        shown = self._shown(number, value)
        style = _style_attribute(self._quoted) if starts_formula(shown) else self._style
        rendered = f'{style} t="inlineStr"><is>{text_element(shown)}</is></c>'
        if len(self._texts) < _REMEMBERED:
            self._texts[value] = rendered
        return rendered

    def _shown(self, number: int, value: str) -> str:
        shown = visible(value)
        if len(shown) > LONGEST_TEXT // 2 and utf16_length(shown) > LONGEST_TEXT:
            self._long_text(number, self._number, utf16_length(shown))
            return clipped(shown)
        return shown

    def _formula(self, number: int, formula: str, value: object) -> str:
        if not formula:
            return self._cell(number, value)
        if len(formula) > LONGEST_FORMULA // 2 and utf16_length(formula) > LONGEST_FORMULA:
            self._long_formula(number, self._number, utf16_length(formula))
        kind, result = "", cached(value)
        if isinstance(result, bool):
            kind, result = ' t="b"', int(result)
        elif isinstance(result, str) and result:
            kind = ' t="e"' if result in _ERRORS else ' t="str"'
            result = escape(self._shown(number, result))
        elif isinstance(value, str):
            kind = ' t="str"'  # known to be empty
        stored = escape(self._prepare(visible(formula)))
        return f'{self._open}{number}"{self._style}{kind}><f>{stored}</f><v>{result}</v></c>'


def _is_plain_text(values: Sequence[str]) -> bool:
    """Whether all texts stand in XML as they are; asked of many at once, which is quick."""
    distinct = set(values)  # teams, files and choices repeat from row to row
    joined = "".join(distinct)
    return (
        "" not in distinct
        and _is_plain_markup(joined)
        and not any(map(starts_formula, {text[0] for text in distinct}))
        and not (" " in joined and any(map(keeps_space, distinct)))
        and max(map(len, distinct)) <= LONGEST_TEXT // 2
    )


def _is_plain_markup(text: str) -> bool:
    """Whether a text stands in XML as it is.

    What is printable holds no control character, no half of one, no white space but plain blanks.
    """
    escapes = "_" in text and "_x" in text  # one character is found much faster than two
    return text.isprintable() and not (escapes or "&" in text or "<" in text or ">" in text)


def _are_plain_results(values: Sequence[str]) -> bool:
    """Whether texts are results of formulas that stand in XML as they are, and no errors."""
    return _is_plain_text(values) and not any(value.startswith("#") for value in values)


def _are_plain_formulas(formulas: Sequence[str]) -> bool:
    """Whether formulas stand in XML as they are, but for the first ``=``."""
    if not all(formulas):
        return False
    joined = "".join(formulas)
    return (
        _is_plain_markup(joined)
        and all(formula[0] == "=" for formula in formulas)
        and max(map(len, formulas)) <= LONGEST_FORMULA // 2
        and not calls_future(joined)
    )


def _is_plain(kinds: set[type], values: Sequence[Any]) -> bool:
    """Whether all values are numbers that ``repr`` writes as a workbook stores them."""
    if kinds == {float}:
        return all(map(isfinite, values))
    return kinds == {int} and min(values) >= -EXACT and max(values) <= EXACT


def _style_attribute(made: Any) -> str:
    return "" if made is None else f' s="{made._get_xf_index()}"'
