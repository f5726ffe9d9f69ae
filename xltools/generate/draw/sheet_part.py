"""A finished sheet as the text of its part: formulas filled down once, cells replaced many times.

Formulas that repeat in every row are stored once, as Excel does when a formula is filled down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from xltools.excel.cell_text import escape, fitting, text_element
from xltools.excel.writing.serial_values import cached
from xltools.ground.cells import CellRef, column_letters

_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"( s="\d+")?[^>]*?(?:/>|>(.*?)</c>)')
_FORMULA = re.compile(r"<f.*?</f>|<f[^>]*/>")
_ROW = re.compile(r'<row r="(\d+)"[^>]*>')
_HEIGHT = re.compile(r' (?:ht|customHeight)="[^"]*"')

Cells = Mapping[CellRef, object]
Styles = Mapping[CellRef, int]


class Part:
    """A sheet's part; ``stamped`` gives it with some cells' values replaced."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[str, tuple[int, int, str, str]] = {}
        for match in _CELL.finditer(text):
            letters, row, style, inner = match.groups()
            formula = _FORMULA.match(inner) if inner else None
            place = (match.start(), match.end(), style or "", formula[0] if formula else "")
            self._places[letters + row] = place
        self._rows = {int(match[1]): match for match in _ROW.finditer(text)}

    def stamped(
        self, cells: Cells, styles: Styles | None = None, heights: Mapping[int, int] | None = None
    ) -> str:
        """The part with new values in cells that exist; a cell's formula and style stay.

        ``styles`` gives some cells another style, ``heights`` rows a height in pixels.
        """
        edits: list[tuple[int, int, str]] = []
        for cell, value in cells.items():
            reference = str(cell)
            start, end, style, formula = self._places[reference]
            if styles and cell in styles:
                style = f' s="{styles[cell]}"'
            edits.append((start, end, rendered(reference, style, formula, value)))
        for row, pixels in (heights or {}).items():
            match = self._rows[row]
            opened = _HEIGHT.sub("", match[0])[:-1] + f' ht="{pixels * 0.75:g}">'
            edits.append((match.start(), match.end(), opened))
        edits.sort()
        pieces: list[str] = []
        last = 0
        for start, end, new in edits:
            pieces += (self._text[last:start], new)
            last = end
        return "".join([*pieces, self._text[last:]])


def growing(text: str, first: int) -> str:
    """A part whose rows from ``first`` on grow with what is typed; a custom height cuts texts."""
    text = text.replace(' customHeight="1"/>', "/>", 1)  # of every row that has none
    begin = text.index(f'<row r="{first}"')
    return text[:begin] + text[begin:].replace(' customHeight="1"', "")


def filled_down(
    text: str, formulas: Mapping[int, tuple[str, object]], first: int, last: int
) -> str:
    """A part whose blank cells of some columns hold a formula each, from ``first`` to ``last``.

    A formula is that of the first row, given with the value that a blank row shows.
    """
    columns = {column_letters(column): column for column in formulas}
    numbers = {column: index for index, column in enumerate(formulas)}
    begin = text.index(f'<row r="{first}"')
    end = text.index("</sheetData>")

    def with_formula(match: re.Match[str]) -> str:
        letters, row, style, _ = match.groups()
        column = columns.get(letters)
        if column is None or not first <= int(row) <= last:
            return match[0]
        formula, value = formulas[column]
        shared = f'<f t="shared" si="{numbers[column]}"/>'
        if first == last:
            shared = f"<f>{escape(formula)}</f>"
        elif int(row) == first:
            place = f"{letters}{first}:{letters}{last}"
            shared = f'<f t="shared" ref="{place}" si="{numbers[column]}">{escape(formula)}</f>'
        return rendered(letters + row, style or "", shared, value)

    return text[:begin] + _CELL.sub(with_formula, text[begin:end]) + text[end:]


def rendered(reference: str, style: str, formula: str, value: object) -> str:
    """One cell of any type, with its formula if it has one."""
    opened = f'<c r="{reference}"{style}'
    plain = cached(value)
    if isinstance(plain, bool):
        return f'{opened} t="b">{formula}<v>{int(plain)}</v></c>'
    if isinstance(plain, str):
        text = fitting(plain)
        if formula:
            return f'{opened} t="str">{formula}<v>{escape(text)}</v></c>'
        if not text:
            return f"{opened}/>"
        return f'{opened} t="inlineStr"><is>{text_element(text)}</is></c>'
    return f"{opened}>{formula}<v>{plain!r}</v></c>"
