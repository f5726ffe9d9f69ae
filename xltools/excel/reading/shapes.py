"""The shape of a row: what stands between its values, understood once for all rows of the kind."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from xltools.excel.reading.formats import Shown
from xltools.excel.reading.grid import COLUMNS
from xltools.excel.reading.values import Meaning

_BEGIN = (
    r'<c r="([A-Z]{1,3})([0-9]*)"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?(?: (?:cm|vm|ph)="\w+")*'
)
_CLOSED = re.compile(_BEGIN + r"(?:/>|>(<f/>)?</c>)")
_OPEN = re.compile(_BEGIN + r">(<f/>)?")

PLAIN, PERCENT, DATED, TYPED = range(4)
_MOST_KNOWN = 50_000  # texts remembered per way of showing

# Values by text, per way of showing numbers and per calendar. They outlive the workbook: the same
# days, targets and percentages stand in the workbooks of all teams.
_known: dict[tuple[Shown | None, bool], dict[str, object]] = {}


class OddSheetError(Exception):
    """Something in the rows is not of the ordinary forms."""


class Form(msgspec.Struct):
    """What the cells of one column have in common: how their texts are read."""

    index: int  # column from 0
    known: dict[str, object]  # values by text, as far as they were met
    reading: int
    style: str
    kind: str


class Shape(msgspec.Struct):
    """Everything of a row but its values and the words of its formulas."""

    forms: list[Form] = []
    known: list[dict[str, object]] = []
    percent: list[int] = []  # which values are shown as percentages
    typed: list[int] = []  # which values are texts of the cell's own
    formulas: list[tuple[int, int]] = []  # column from 0; which value is its result, or -1
    width: int = 0
    reusable: bool = True  # no cell kept the number of its row


def shape_of(heads: Sequence[str], digits: str, values: int, meaning: Meaning) -> Shape:
    """Understand what stands around the values of row ``digits``, or refuse it as odd."""
    shape = Shape()
    for head in heads:
        end = 0
        while closed := _CLOSED.match(head, end):
            end = closed.end()
            if closed[5]:
                shape.formulas.append((_index(closed, digits, shape), -1))
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


def forget() -> None:
    """Drop remembered values where they have become many; memory is worth more then."""
    for known in _known.values():
        if len(known) > _MOST_KNOWN:
            known.clear()


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
    form = _form(_index(cell, digits, shape), cell[3] or "", cell[4] or "", meaning)
    if cell[5]:
        shape.formulas.append((form.index, len(shape.forms)))
    if form.reading == TYPED:
        shape.typed.append(len(shape.forms))
    if form.reading == PERCENT:
        shape.percent.append(len(shape.forms))
    if cell[2]:
        shape.reusable = False
    shape.forms.append(form)
    shape.known.append(form.known)


def _form(index: int, style: str, kind: str, meaning: Meaning) -> Form:
    if kind == "s":
        return Form(index, meaning.strings, PLAIN, style, kind)
    if kind not in ("", "n"):
        return Form(index, {}, TYPED, style, kind)
    shown = meaning.shown.get(style)
    if shown is None or shown is Shown.PERCENT:
        known = _known.setdefault((None, False), {})
        return Form(index, known, PERCENT if shown else PLAIN, style, "")
    return Form(index, _known.setdefault((shown, meaning.date_1904), {}), DATED, style, "")
