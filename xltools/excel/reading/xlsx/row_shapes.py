"""The shape of a row: what stands between its values, understood once for all rows of the kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter

import msgspec

from xltools.excel.reading.cells.dense_rows import COLUMNS
from xltools.excel.reading.cells.number_formats import Shown
from xltools.excel.reading.cells.typed_cells import IN_CELL, TRUTH, Meaning
from xltools.kinds.display_format import Format

_BEGIN = (
    r'<c r="([A-Z]{1,3})([0-9]*)"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?((?: (?:cm|vm|ph)="\w+")*)'
)
_FORMULA = r"(<f(?:>|/>| [^>]*/>))?"  # of one spelled out, its words were taken out
_CLOSED = re.compile(rf"{_BEGIN}(?:/>|>{_FORMULA}</c>)")
_OPEN = re.compile(f"{_BEGIN}>{_FORMULA}")

PLAIN, PERCENT, DATED, TYPED = range(4)
_TEXTS = ("inlineStr", "str")
_MOST_KNOWN = 50_000  # texts remembered per way of showing
_MOST_SHAPES = 4_000  # remembered in all; one takes up to 5 KB

# Values by text, per way of showing numbers and per calendar. They outlive the workbook: the same
# days, targets and percentages stand in the workbooks of all teams.
_known: dict[tuple[Shown | None, bool], dict[str, object]] = {}
_shapes: dict[tuple[frozenset[tuple[str, object]], bool, bool], dict[tuple[str, ...], Shape]] = {}


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
    known: list[tuple[int, dict[str, object]]] = []  # which values to look up, and where
    strings: list[int] = []  # which values are numbers in the workbook's table of texts
    texts: list[int] = []  # which values are the texts themselves
    percent: list[int] = []  # which values are shown as percentages
    told: list[tuple[int, int, Format]] = []  # which values, by Excel column, show something else
    # Column from 0; which value is its result, or -1; whether that is a text; whether the formula
    # is spelled out in its cell.
    formulas: list[tuple[int, int, bool, bool]] = []
    spelled: int = 0  # how many of them are
    width: int = 0
    spread: Callable[[list[object]], tuple[object, ...]] | None = None  # one value a column
    reusable: bool = True  # no cell kept the number of its row


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
    if shape.width != values:
        places = {form.index: place for place, form in enumerate(shape.forms)}
        order = [places.get(index, -1) for index in range(shape.width)]
        shape.spread = itemgetter(*order) if len(order) > 1 else _nothing
    return shape


def _nothing(_values: list[object]) -> tuple[object, ...]:
    return (None,)


def shapes_of(meaning: Meaning) -> dict[tuple[str, ...], Shape]:
    """The shapes met in workbooks of the same number formats: those of all teams have the same."""
    return _shapes.setdefault((meaning.styles.key, meaning.date_1904, meaning.pictures), {})


def forget() -> None:
    """Drop what is remembered where it has become much; memory is worth more then."""
    for known in list(_known.values()):  # another thread may add to either
        if len(known) > _MOST_KNOWN:
            known.clear()
    if sum(map(len, list(_shapes.values()))) > _MOST_SHAPES:
        _shapes.clear()


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
    place = len(shape.forms)
    if cell[6]:
        _note(cell, form.index, place, shape)
    if form.kind == "s":
        shape.strings.append(place)
    elif form.kind in _TEXTS:
        shape.texts.append(place)
    else:
        shape.known.append((place, form.known))
    if form.reading == PERCENT:
        shape.percent.append(place)
    told = meaning.styles.formats.get(form.style)
    if told is not None and (told.struck or form.kind == ""):
        shape.told.append((place, form.index + 1, told))
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
    if kind == "s":
        return Form(index, {}, PLAIN, style, kind)
    if kind not in ("", "n"):
        return Form(index, TRUTH if kind == "b" else {}, TYPED, style, kind)
    shown = meaning.styles.shown.get(style)
    if shown is None or shown is Shown.PERCENT:
        known = _known.setdefault((None, False), {})
        return Form(index, known, PERCENT if shown else PLAIN, style, "")
    return Form(index, _known.setdefault((shown, meaning.date_1904), {}), DATED, style, "")
