"""Ordinary sheets, read row by row at C speed.

Rows of a table begin their cells alike: once the row's own number is taken out of
``<c r="B12" s="4" t="s"><v>``, what stands between two values is the same text in every row of the
same *shape*. So a shape is understood once, and the values of a row are then looked up all at once.

A shape must match the few forms that programs write, letter by letter. Anything else (prefixes,
comments, cells out of order) makes the reader answer None, and the parser reads the sheet instead;
so nothing is skipped in silence.
"""

from __future__ import annotations

import re

import msgspec

from xltools.excel.reading.formats import Shown
from xltools.excel.reading.grid import COLUMNS, check_cells, check_slots, dense
from xltools.excel.reading.markup import has_odd_references, unescape, without_controls
from xltools.excel.reading.surroundings import Surroundings
from xltools.excel.reading.values import (
    BadIndexError,
    Grid,
    Meaning,
    note_formula,
    number,
    shown_number,
    string_at,
    typed,
)

_ROWS = "<sheetData>"
_ROW_NUMBER = re.compile(r'(?:^|\s)r="([1-9][0-9]{0,6})"')
_HIDDEN = re.compile(r'\shidden="(?:1|true)"')
_FORMULA = re.compile(r"<f(?:>| [^>]*>|/>)(?:[^<]*</f>)?")
_BEGIN = (
    r'<c r="([A-Z]{1,3})([0-9]*)"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?(?: (?:cm|vm|ph)="\w+")*'
)
_CLOSED = re.compile(_BEGIN + r"(?:/>|>(<f/>)?</c>)")
_OPEN = re.compile(_BEGIN + r">(<f/>)?")

_PLAIN, _PERCENT, _DATED, _TYPED = range(4)
_NUMBERS = (int, float)
_MOST_KNOWN = 50_000  # texts remembered per way of showing, and shapes a sheet

# Values by text, per way of showing numbers and per calendar. They outlive the workbook: the same
# days, targets and percentages stand in the workbooks of all teams.
_known: dict[tuple[Shown | None, bool], dict[str, object]] = {}


class OddSheetError(Exception):
    """Something in the rows is not of the ordinary forms."""


class _Form(msgspec.Struct):
    """What the cells of one column have in common: how their texts are read."""

    index: int  # column from 0
    known: dict[str, object]  # values by text, as far as they were met
    reading: int
    style: str
    kind: str


class _Shape(msgspec.Struct):
    """Everything of a row but its values and the words of its formulas."""

    forms: list[_Form] = []
    known: list[dict[str, object]] = []
    percent: list[int] = []  # which values are shown as percentages
    typed: list[int] = []  # which values are texts of the cell's own
    formulas: list[tuple[int, int]] = []  # column from 0; which value is its result, or -1
    width: int = 0
    reusable: bool = True  # no cell kept the number of its row


def read_plain(text: str, meaning: Meaning) -> tuple[Grid, Surroundings] | None:
    """The sheet's values; None where a parser is needed."""
    start, end = text.find(_ROWS), text.rfind("</sheetData>")
    if start < 0 and "<sheetData/>" in text:
        text = text.replace("<sheetData/>", "<sheetData></sheetData>", 1)
        start, end = text.find(_ROWS), text.rfind("</sheetData>")
    if start < 0 or end < 0 or has_odd_references(text) or ("!" in text and "<!" in text):
        return None
    head, tail = text[:start], text[end:]
    if "<sheetData" in tail or not tail.rstrip().endswith("</worksheet>"):
        return None
    first, *rows = text[start + len(_ROWS) : end].split("<row ")
    if first.strip():
        return None
    sheet = _Rows(meaning)
    try:
        for row in rows:
            sheet.read(row)
    except OddSheetError:
        return None
    sheet.around.read(head, tail)
    sheet.grid.rows = dense(sheet.placed)
    return sheet.grid, sheet.around


def _cut(cells: str) -> tuple[tuple[str, ...], list[str]]:
    """What stands around the values of a row, and the values' texts."""
    pieces = cells.replace("</v></c>", "<v>").split("<v>")
    return tuple(pieces[::2]), pieces[1::2]


class _Rows:
    """Rows read one after another."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.grid = Grid()
        self.around = Surroundings()
        self.placed: list[tuple[int, list[object]]] = []
        self.shapes: dict[tuple[str, ...], _Shape] = {}
        self.number = 0
        self.slots = 0
        self.cells = 0

    def read(self, row: str) -> None:
        """One row, from behind ``<row `` to the next."""
        header, _, cells = row.partition(">")
        given = _ROW_NUMBER.search(header)
        if given is None or int(given[1]) <= self.number or "<" in header:
            raise OddSheetError
        self.number = int(given[1])
        if "hidden" in header and _HIDDEN.search(header):
            self.around.hidden_rows.add(self.number)
        if "</c>" in cells:
            self._read_cells(cells, given[1])
        elif cells.count("<") != cells.count("<c ") + (0 if header.endswith("/") else 1):
            raise OddSheetError

    def _read_cells(self, cells: str, digits: str) -> None:
        formulas: list[str] = []
        if "<f" in cells:
            formulas = _FORMULA.findall(cells)
            cells = _FORMULA.sub("<f/>", cells)
        if "<v/>" in cells:
            cells = cells.replace("<v/>", "<v></v>")
        if "<is>" in cells:
            cells = cells.replace("<is><t>", "<v>").replace("</t></is>", "</v>")
            cells = cells.replace('<is><t xml:space="preserve">', "<v>")
        heads, texts = _cut(self._bare(cells, digits))
        shape = self.shapes.get(heads) or self._shape(heads, digits, len(texts))
        if shape.typed and any('"' in texts[place] for place in shape.typed):
            heads, texts = _cut(cells)  # a quoted number in a text may have been taken out, too
            shape = self._shape(heads, digits, len(texts))
        if not shape.width:
            return
        values = list(map(dict.get, shape.known, texts))
        if None in values:
            self._learn(values, shape.forms, texts)
        for place in shape.percent:
            if type(values[place]) in _NUMBERS:
                self.grid.percent.add((self.number, shape.forms[place].index + 1))
        if formulas or shape.formulas:
            self._note_formulas(shape, formulas, texts)
        self._place(shape, values)

    def _bare(self, cells: str, digits: str) -> str:
        """The cells without their row's number, where it can be nothing but that."""
        if self.number >= self.meaning.styles:  # then no style's number ends like the row's
            return cells.replace(f'{digits}"', '"')
        return cells.replace(f'{digits}" s=', '" s=')

    def _place(self, shape: _Shape, values: list[object]) -> None:
        if shape.width != len(values):
            spread: list[object] = [None] * shape.width
            for form, value in zip(shape.forms, values, strict=True):
                spread[form.index] = value
            values = spread
        self.placed.append((self.number, values))
        self.slots += shape.width
        self.cells += len(shape.forms)
        check_slots(self.slots, shape.width, self.number)
        check_cells(self.cells)

    def _shape(self, heads: tuple[str, ...], digits: str, texts: int) -> _Shape:
        """Understand what stands between the values of a row, or refuse it as odd."""
        shape = _Shape()
        for head in heads:
            end = 0
            while closed := _CLOSED.match(head, end):
                end = closed.end()
                if closed[5]:
                    shape.formulas.append((self._index(closed, digits, shape), -1))
                elif closed[2] not in ("", digits):
                    raise OddSheetError
            opened = _OPEN.fullmatch(head, end)
            if opened is not None and len(shape.forms) < texts:
                self._open(opened, digits, shape)
            elif head[end:] != "</row>":
                raise OddSheetError
        if len(heads) != texts + 1 or len(shape.forms) != texts:
            raise OddSheetError
        if len(self.shapes) > _MOST_KNOWN:
            self.shapes.clear()
        if shape.reusable:
            self.shapes[heads] = shape
        return shape

    def _index(self, cell: re.Match[str], digits: str, shape: _Shape) -> int:
        """The cell's column, right of those before it, in a row that is its own."""
        try:
            index = COLUMNS[cell[1]] - 1
        except KeyError:
            raise OddSheetError from None
        if cell[2] not in ("", digits) or index < shape.width:
            raise OddSheetError
        shape.width = index + 1
        return index

    def _open(self, cell: re.Match[str], digits: str, shape: _Shape) -> None:
        """A cell with a value."""
        form = self._form(self._index(cell, digits, shape), cell[3] or "", cell[4] or "")
        if cell[5]:
            shape.formulas.append((form.index, len(shape.forms)))
        if form.reading == _TYPED:
            shape.typed.append(len(shape.forms))
        if form.reading == _PERCENT:
            shape.percent.append(len(shape.forms))
        if cell[2]:
            shape.reusable = False
        shape.forms.append(form)
        shape.known.append(form.known)

    def _form(self, index: int, style: str, kind: str) -> _Form:
        if kind == "s":
            return _Form(index, self.meaning.strings, _PLAIN, style, kind)
        if kind not in ("", "n"):
            return _Form(index, {}, _TYPED, style, kind)
        shown = self.meaning.shown.get(style)
        if shown is None or shown is Shown.PERCENT:
            known = _known.setdefault((None, False), {})
            return _Form(index, known, _PERCENT if shown else _PLAIN, style, "")
        known = _known.setdefault((shown, self.meaning.date_1904), {})
        return _Form(index, known, _DATED, style, "")

    def _learn(self, values: list[object], forms: list[_Form], texts: list[str]) -> None:
        """Fill in the values whose texts were not met before."""
        for place, value in enumerate(values):
            if value is not None:
                continue
            form, text = forms[place], texts[place]
            if form.reading <= _PERCENT and form.kind == "" and text.isdecimal() and text.isascii():
                values[place] = form.known[text] = int(text) if len(text) < 16 else number(text)
            else:
                values[place] = self._value(form, text)
        for known in _known.values():
            if len(known) > _MOST_KNOWN:
                known.clear()

    def _value(self, form: _Form, text: str) -> object:
        if "<" in text:
            raise OddSheetError
        spot, plain = (self.number, form.index + 1), unescape(text)
        if form.kind == "s":
            try:
                return string_at(self.meaning, plain)
            except BadIndexError:
                raise OddSheetError from None
        if form.reading == _TYPED:
            if not plain.isprintable() and without_controls(plain) != plain:
                raise OddSheetError
            return typed(self.grid, spot, form.kind, plain)
        if form.reading == _DATED:
            shown = self.meaning.shown[form.style]
            value, inside = shown_number(plain, shown, self.meaning.date_1904)
            if not inside:
                self.grid.odd.append(("date-outside-calendar", spot, plain))
                return value
        else:
            value = number(plain)
        if value is not None:
            form.known[text] = value
        return value

    def _note_formulas(self, shape: _Shape, formulas: list[str], texts: list[str]) -> None:
        if len(formulas) != len(shape.formulas):
            raise OddSheetError
        for formula, (index, place) in zip(formulas, shape.formulas, strict=True):
            written = unescape(formula.partition(">")[2].removesuffix("</f>"))
            cached = place >= 0 and (texts[place] != "" or shape.forms[place].kind == "str")
            note_formula(self.grid, (self.number, index + 1), written, cached)
