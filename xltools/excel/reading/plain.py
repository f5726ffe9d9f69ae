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

from xltools.excel.reading.grid import (
    MOST_CELLS,
    MOST_SLOTS,
    check_cells,
    check_slots,
    dense,
)
from xltools.excel.reading.markup import has_odd_references, unescape, without_controls
from xltools.excel.reading.shapes import (
    DATED,
    PERCENT,
    TYPED,
    Form,
    OddSheetError,
    Shape,
    forget,
    shape_of,
)
from xltools.excel.reading.surroundings import Surroundings
from xltools.excel.reading.values import (
    BadIndexError,
    Grid,
    Meaning,
    is_blank_result,
    number,
    shown_number,
    string_at,
    typed,
)

_ROWS = "<sheetData>"
_ROW_NUMBER = re.compile(r'(?:^|\s)r="([1-9][0-9]{0,6})"')
_HIDDEN = re.compile(r'\shidden="(?:1|true)"')
_FORMULA = re.compile(r"(<f(?:>| [^>]*>|/>)(?:[^<]*</f>)?)")
_NUMBERS = (int, float)
_TEXTS = ("inlineStr", "str")
Written = tuple[int, str, bool]  # a formula's column, its text, whether its result is missing
_GAP = "\0"  # no XML text holds it
_MOST_SHAPES = 50_000  # remembered a sheet


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
        self.shapes: dict[tuple[str, ...], Shape] = {}
        self.alike: dict[str, tuple[Shape, list[object], list[Written]] | None] = {}
        self.expected = ""  # the last row's text with gaps for its number, if the next may be alike
        self.kept: tuple[Shape, list[object], list[Written]] | None = None
        self.number = 0
        self.slots = 0
        self.cells = 0

    def read(self, row: str) -> None:
        """One row, from behind ``<row `` to the next."""
        if self.expected and row == self.expected.replace(_GAP, str(self.number + 1)):
            self.number += 1
            if self.kept:
                self._keep(*self.kept)
            return
        self.expected = ""
        header, _, cells = row.partition(">")
        filled = "</c>" in cells
        if filled or "hidden" in header:
            self._begin(header)
        if "<" in header:
            raise OddSheetError
        if filled:
            digits = str(self.number)
            if self._read_cells(cells, digits) and "hidden" not in header:
                self.expected = row.replace(f'{digits}"', f'{_GAP}"')
        elif cells.count("<") != cells.count("<c ") + (0 if header.endswith("/") else 1):
            raise OddSheetError

    def _begin(self, header: str) -> None:
        given = _ROW_NUMBER.search(header)
        if given is None or int(given[1]) <= self.number:
            raise OddSheetError
        self.number = int(given[1])
        if "hidden" in header and _HIDDEN.search(header):
            self.around.hidden_rows.add(self.number)

    def _read_cells(self, cells: str, digits: str) -> bool:
        """Keep a row's values; whether it was like an earlier one but for its number."""
        formulas: list[str] = []
        alike = ""
        if "<f" in cells:
            # The unfilled rows of a form differ in nothing but their number.
            if "</f>" not in cells:
                alike = self._bare(cells, digits)
                if alike in self.alike:
                    self.kept = self.alike[alike]
                    if self.kept:
                        self._keep(*self.kept)
                    return self.number >= self.meaning.styles  # as in `_bare`
            pieces = _FORMULA.split(cells)
            cells, formulas = "<f/>".join(pieces[::2]), pieces[1::2]
        if "<v/>" in cells:
            cells = cells.replace("<v/>", "<v></v>")
        if "<is>" in cells:
            cells = cells.replace("<is><t>", "<v>").replace("</t></is>", "</v>")
            cells = cells.replace('<is><t xml:space="preserve">', "<v>")
        heads, texts = _cut(self._bare(cells, digits))
        shape = self.shapes.get(heads) or self._new_shape(heads, digits, len(texts))
        if shape.typed and any('"' in texts[place] for place in shape.typed):
            heads, texts = _cut(cells)  # a quoted number in a text may have been taken out, too
            shape = self._new_shape(heads, digits, len(texts))
            alike = ""
        if not shape.width:
            return False
        values = list(map(dict.get, shape.known, texts))
        noted = _written(shape, formulas, texts) if formulas or shape.formulas else []
        oddities = len(self.grid.odd) + len(self.grid.errors)
        if None in values:
            self._learn(values, shape.forms, texts)
        for place in _blank_results(shape, texts):
            values[place] = None
        if alike and shape.reusable and len(self.grid.odd) + len(self.grid.errors) == oddities:
            filled = noted or any(value is not None for value in values)
            self.alike[alike] = (shape, values, noted) if filled else None
        self._keep(shape, values, noted)
        return False

    def _keep(self, shape: Shape, values: list[object], noted: list[Written]) -> None:
        for place in shape.percent:
            if type(values[place]) in _NUMBERS:
                self.grid.percent.add((self.number, shape.forms[place].index + 1))
        if noted:
            self._note_formulas(noted)
        self._place(shape, values)

    def _bare(self, cells: str, digits: str) -> str:
        """The cells without their row's number, where it can be nothing but that."""
        if self.number >= self.meaning.styles:  # then no style's number ends like the row's
            return cells.replace(f'{digits}"', '"')
        return cells.replace(f'{digits}" s=', '" s=')

    def _place(self, shape: Shape, values: list[object]) -> None:
        if shape.width != len(values):
            spread: list[object] = [None] * shape.width
            for form, value in zip(shape.forms, values, strict=True):
                spread[form.index] = value
            values = spread
        self.placed.append((self.number, list(values)))
        self.slots += shape.width
        self.cells += len(shape.forms)
        if self.slots > MOST_SLOTS or self.cells > MOST_CELLS:
            check_slots(self.slots, shape.width, self.number)
            check_cells(self.cells)

    def _new_shape(self, heads: tuple[str, ...], digits: str, values: int) -> Shape:
        shape = shape_of(heads, digits, values, self.meaning)
        if len(self.shapes) > _MOST_SHAPES:
            self.shapes.clear()
        if shape.reusable:
            self.shapes[heads] = shape
        return shape

    def _learn(self, values: list[object], forms: list[Form], texts: list[str]) -> None:
        """Fill in the values whose texts were not met before."""
        for place, value in enumerate(values):
            if value is not None:
                continue
            form, text = forms[place], texts[place]
            if form.kind in _TEXTS and _is_bare(text):
                values[place] = text
            elif (
                form.reading <= PERCENT and form.kind == "" and text.isdecimal() and text.isascii()
            ):
                values[place] = form.known[text] = int(text) if len(text) < 16 else number(text)
            else:
                values[place] = self._value(form, text)
        forget()

    def _value(self, form: Form, text: str) -> object:
        if "<" in text:
            raise OddSheetError
        spot, plain = (self.number, form.index + 1), unescape(text)
        if form.kind == "s":
            try:
                return string_at(self.meaning, plain)
            except BadIndexError:
                raise OddSheetError from None
        if form.reading == TYPED:
            if not plain.isprintable() and without_controls(plain) != plain:
                raise OddSheetError
            return typed(self.grid, spot, form.kind, plain)
        if form.reading == DATED:
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

    def _note_formulas(self, noted: list[Written]) -> None:
        number, formulas = self.number, self.grid.formulas
        for column, written, uncached in noted:
            formulas[number, column] = written
            if uncached:
                self.grid.uncached.add((number, column))


def _is_bare(text: str) -> bool:
    """Whether a text says just what it is: no markup, references or escapes."""
    return "<" not in text and "&" not in text and "_x" not in text and text.isprintable()


def _blank_results(shape: Shape, texts: list[str]) -> list[int]:
    """Which values are empty texts that a formula gave."""
    return [
        place
        for _, place in shape.formulas
        if place >= 0 and is_blank_result(shape.forms[place].kind, texts[place])
    ]


def _written(shape: Shape, formulas: list[str], texts: list[str]) -> list[Written]:
    """Of each formula its column, its text, and whether its result is missing."""
    if len(formulas) != len(shape.formulas):
        raise OddSheetError
    found = []
    for formula, (index, place) in zip(formulas, shape.formulas, strict=True):
        if place >= 0 and is_blank_result(shape.forms[place].kind, texts[place]):
            continue
        written = formula.partition(">")[2].removesuffix("</f>")
        missing = place < 0 or not texts[place]
        found.append((index + 1, unescape(written) if "&" in written else written, missing))
    return found
