"""Cells of an existing sheet given other styles, made where they do not exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from xltools.excel.package.xml_text import Edit, Element, Tag, element, elements, spliced, tags
from xltools.ground.cells import CellRef, column_letters, column_number

StyleFor = Callable[[CellRef, int], int]
# What may follow <legacyDrawing> in a sheet, so that it stands before the first of them
_AFTER_LEGACY = (
    "legacyDrawingHF|picture|oleObjects|controls|webPublishItems|tableParts|AlternateContent|extLst"
)


def restyled(text: str, cells: Iterable[CellRef], style_for: StyleFor) -> str:
    """The sheet with new styles for some cells; ``style_for`` gets the cell and its style."""
    return _Painter(text, style_for).painted(cells)


class _Painter:
    """Styles the cells of one sheet."""

    def __init__(self, text: str, style_for: StyleFor) -> None:
        grid = element(text, "sheetData")
        if grid is None:
            raise ValueError("sheetData")
        self._text = text
        self._grid = grid
        self._prefix = grid.tag.prefix
        self._style_for = style_for
        self._columns = _column_styles(text[: grid.tag.start])

    def painted(self, cells: Iterable[CellRef]) -> str:
        """The sheet's text with all the cells styled, made where they do not exist."""
        wanted: dict[int, list[CellRef]] = {}
        for cell in sorted(set(cells)):
            wanted.setdefault(cell.row, []).append(cell)
        edits: list[Edit] = []
        for number, row in self._rows(wanted):
            here = row.tag.start
            missing = sorted(other for other in wanted if other < number)
            edits += [(here, here, self._new_row(wanted.pop(other))) for other in missing]
            if number in wanted:
                edits += self._row_edits(row, wanted.pop(number))
        rows = "".join(self._new_row(wanted[number]) for number in sorted(wanted))
        if rows:
            edits.append(self._grid.appended(rows))
        return spliced(self._text, edits)

    def _rows(self, wanted: Mapping[int, object]) -> Iterator[tuple[int, Element]]:
        """Rows with their numbers: those wanted alone where they are found at once, else all."""
        start, end = self._grid.tag.end, self._grid.inner_end
        if self._text.find("<!", start, end) < 0 and not self._prefix:
            numbers = "|".join(map(str, wanted))
            found = list(re.finditer(rf'<row\s(?:[^<>]*\s)?r="({numbers})"', self._text[start:end]))
            if sorted(int(match[1]) for match in found) == sorted(wanted):
                for match in found:
                    yield int(match[1]), self._row_at(start + match.start())
                return
        last = 0
        for row in elements(self._text, "row", start, end):
            number = row.tag.number("r")
            last = last + 1 if number is None else number
            yield last, row

    def _row_at(self, start: int) -> Element:
        stop = self._text.find("</row>", start, self._grid.inner_end) + len("</row>")
        tag_end = self._text.index(">", start) + 1
        row = element(self._text, "row", start, max(stop, tag_end))
        if row is None:
            raise ValueError("row")
        return row

    def _row_edits(self, row: Element, wanted: list[CellRef]) -> list[Edit]:
        opened = row.tag.having("spans", None).written("open")
        style = row.tag.number("s") if row.tag.get("customFormat") else None
        if row.tag.kind == "empty":
            content = "".join(self._new_cell(cell, style) for cell in wanted)
            return [(row.tag.start, row.tag.end, f"{opened}{content}</{self._prefix}row>")]
        edits: list[Edit] = []
        left = {cell.column: cell for cell in wanted}
        inserted = last = 0
        for tag in tags(self._text, "c", row.tag.end, row.inner_end):
            if tag.kind == "close":
                continue
            last = _column(tag, last)
            for column in sorted(column for column in left if column < last):
                edits.append((tag.start, tag.start, self._new_cell(left.pop(column), style)))
                inserted += 1
            if last in left:
                new = self._style_for(left.pop(last), tag.number("s") or 0)
                edits.append(tag.changed("s", str(new)))
        content = "".join(self._new_cell(left[column], style) for column in sorted(left))
        edits.append((row.inner_end, row.inner_end, content))
        if (inserted or content) and opened != self._text[row.tag.start : row.tag.end]:
            edits.append((row.tag.start, row.tag.end, opened))
        return edits

    def _new_row(self, cells: list[CellRef]) -> str:
        content = "".join(self._new_cell(cell, None) for cell in cells)
        return f'<{self._prefix}row r="{cells[0].row}">{content}</{self._prefix}row>'

    def _new_cell(self, cell: CellRef, row_style: int | None) -> str:
        """A blank cell in the style that its row or column shows."""
        shown = self._columns.get(cell.column, 0) if row_style is None else row_style
        return f'<{self._prefix}c r="{cell}" s="{self._style_for(cell, shown)}"/>'


def with_legacy_drawing(text: str, relationship: str, namespace: str) -> str:
    """The sheet with a reference to the drawing that shows its comments."""
    grid = element(text, "sheetData")
    root = next(tags(text, "worksheet"), None)
    if grid is None or root is None:
        raise ValueError("worksheet")
    later = next(tags(text, _AFTER_LEGACY, grid.end), None)
    closing = [tag.start for tag in tags(text, "worksheet", grid.end) if tag.kind == "close"]
    place = later.start if later else closing[-1]
    made = f'<{root.prefix}legacyDrawing xmlns:r="{namespace}" r:id="{relationship}"/>'
    return spliced(text, [(place, place, made)])


def without_legacy_drawing(text: str) -> str:
    """The sheet without that reference."""
    return spliced(text, [found.removed for found in elements(text, "legacyDrawing")])


def deselected(text: str) -> str:
    """The sheet not selected: with two selected, Excel types into both."""
    views = tags(text, "sheetView", 0, max(text.find("sheetData"), 0))
    selected = [tag for tag in views if tag.kind != "close" and tag.get("tabSelected")]
    return spliced(text, [tag.changed("tabSelected", None) for tag in selected])


def _column_styles(head: str) -> dict[int, int]:
    """Styles of whole columns, which a cell that does not exist shows."""
    styles: dict[int, int] = {}
    for tag in tags(head, "col"):
        first, last, style = (tag.number(name) for name in ("min", "max", "style"))
        if first is not None and last is not None and style is not None:
            styles |= dict.fromkeys(range(first, min(last, 16_384) + 1), style)
    return styles


def _column(tag: Tag, last: int) -> int:
    reference = tag.get("r") or ""
    letters = reference.rstrip("0123456789")
    return column_number(letters) if letters.isalpha() and letters.isascii() else last + 1


def place_of(reference: str) -> str:
    """A reference in one form: ``$b$2`` is ``B2``; "" where it is none."""
    try:
        ref = CellRef.parse(reference)
    except ValueError:
        return ""
    return f"{column_letters(ref.column)}{ref.row}"


def legacy_relationship(text: str) -> str:
    """The id under which the sheet refers to the drawing of its comments."""
    found = element(text, "legacyDrawing")
    return found.tag.get_local("id") if found else ""
