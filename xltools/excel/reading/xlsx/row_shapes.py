"""The shape of a row: what stands between its values, understood once for all rows of the kind."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xltools.excel.reading.cells.dense_rows import COLUMNS
from xltools.excel.reading.cells.number_formats import Shown
from xltools.excel.reading.cells.shaped_cells import Form, Reading, Shape
from xltools.excel.reading.cells.typed_cells import IN_CELL, TRUTH, Meaning

_BEGIN = (
    r'<c r="([A-Z]{1,3})([0-9]*)"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?((?: (?:cm|vm|ph)="\w+")*)'
)
_FORMULA = r"(<f(?:>|/>| [^>]*/>))?"  # of one spelled out, its words were taken out
_CLOSED = re.compile(rf"{_BEGIN}(?:/>|>{_FORMULA}</c>)")
_OPEN = re.compile(f"{_BEGIN}>{_FORMULA}")

_TEXTS = ("inlineStr", "str")


class OddSheetError(Exception):
    """Something in the rows is not of the ordinary forms."""


def shape_of(heads: Sequence[str], digits: str, values: int, meaning: Meaning) -> Shape:
    """Understand what stands around the values of row ``digits``, or refuse it as odd."""
    shape = Shape()
    for head in heads:
        end = 0
        while closed := _CLOSED.match(head, end):
            end = closed.end()
            if closed[6]:
                _note(closed, _index(closed, digits, shape), -1, shape)
            elif closed[2] not in ("", digits):
                raise OddSheetError
        opened = _OPEN.fullmatch(head, end)
        if opened is not None and len(shape.forms) < values:
            _open(opened, digits, shape, meaning)
        elif head[end:] != "</row>":
            raise OddSheetError
    if len(heads) != values + 1 or len(shape.forms) != values:
        raise OddSheetError
    return shape


def _index(cell: re.Match[str], digits: str, shape: Shape) -> int:
    """The cell's column, right of those before it, in a row that is its own."""
    try:
        index = COLUMNS[cell[1]] - 1
    except KeyError:
        raise OddSheetError from None
    if cell[2] not in ("", digits) or index < shape.width:
        raise OddSheetError
    shape.width = index + 1
    return index


def _open(cell: re.Match[str], digits: str, shape: Shape, meaning: Meaning) -> None:
    """A cell with a value."""
    form = _form(_index(cell, digits, shape), cell[3] or "", _kind(cell, meaning), meaning)
    if cell[6]:
        _note(cell, form.index, len(shape.forms), shape)
    if cell[2]:
        shape.reusable = False
    shape.forms.append(form)


def _kind(cell: re.Match[str], meaning: Meaning) -> str:
    """A cell's type; a picture in a cell is stored as an error with metadata."""
    is_picture = meaning.pictures and cell[4] == "e" and " vm=" in cell[5]
    return IN_CELL if is_picture else cell[4] or ""


def _note(cell: re.Match[str], index: int, place: int, shape: Shape) -> None:
    """A cell's formula."""
    is_spelled = cell[6] == "<f>"
    shape.spelled += is_spelled
    shape.formulas.append((index, place, cell[4] == "str" and place >= 0, is_spelled))


def _form(index: int, style: str, kind: str, meaning: Meaning) -> Form:
    display = meaning.styles.formats.get(style)
    struck = display if display is not None and display.struck else None
    if kind in ("s", *_TEXTS):
        return Form(index, kind, Reading.TEXT, display=struck)
    if kind not in ("", "n"):
        known = TRUTH if kind == "b" else {}
        return Form(index, kind, Reading.TYPED, known, display=struck)
    shown = meaning.styles.shown.get(style)
    reading = Reading.PERCENT if shown is Shown.PERCENT else Reading.NUMBER
    dated = None if shown is Shown.PERCENT else shown
    known = meaning.cache.values.setdefault((dated, bool(dated) and meaning.date_1904), {})
    return Form(index, "", reading, known, dated, display)
