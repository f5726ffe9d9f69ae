"""Ordinary sheets, read row by row at C speed.

Rows of a table begin their cells alike: once the row's own number is taken out of
``<c r="B12" s="4" t="s"><v>``, what stands between two values is the same text in every row of the
same *shape*. So a shape is understood once, and the values of a row are then taken all at once.

A shape must match the few forms that programs write, letter by letter. Anything else (prefixes,
comments, cells out of order) makes the reader answer None, and the parser reads the sheet instead;
so nothing is skipped in silence.
"""

from __future__ import annotations

import re
from functools import lru_cache

from xltools.excel.package.markup import has_odd_references, unescape, without_controls
from xltools.excel.reading.cells.dense_rows import (
    MOST_CELLS,
    MOST_SLOTS,
    check_cells,
    check_slots,
    dense,
)
from xltools.excel.reading.cells.surroundings import Surroundings
from xltools.excel.reading.cells.typed_cells import (
    BadIndexError,
    Grid,
    Meaning,
    as_text,
    note_lost,
    number,
    shown_number,
    string_at,
    typed,
)
from xltools.excel.reading.xlsx.row_shapes import (
    DATED,
    TYPED,
    Form,
    OddSheetError,
    Shape,
    forget,
    shape_of,
    shapes_of,
)

_ROWS = "<sheetData>"
_ROW_NUMBER = re.compile(r'(?:^|\s)r="([1-9][0-9]{0,6})"')
_HIDDEN = re.compile(r'\shidden="(?:1|true)"')
_FLAT = re.compile(r'\sht="0(?:\.0*)?"')
_SPACED = re.compile("(<[^<>]*) />")
_FORMULA = re.compile(r"<f(?: [^<>]*)?>([^<]*)</f>")
_NUMBERS = (int, float)
_GAP = "\0"  # no XML text holds it


def read_plain(text: str, meaning: Meaning) -> tuple[Grid, Surroundings] | None:
    """The sheet's values; None where a parser is needed."""
    if " />" in text:  # openpyxl's way to end a tag
        text = _SPACED.sub(r"\1/>", text)
    start, end = text.find(_ROWS), text.rfind("</sheetData>")
    if start < 0 and "<sheetData/>" in text:
        text = text.replace("<sheetData/>", "<sheetData></sheetData>", 1)
        start, end = text.find(_ROWS), text.rfind("</sheetData>")
    if start < 0 or end < 0:
        return None
    head, tail = text[:start], text[end:]
    if "<sheetData" in tail or not tail.rstrip().endswith("</worksheet>"):
        return None
    if "<!" in head or "<!" in tail or has_odd_references(text):
        return None
    sheet = _Rows(meaning)
    try:
        # Without the words of formulas, which most of a sheet may be.
        pieces = _FORMULA.split(text[start + len(_ROWS) : end])
        sheet.words = pieces[1::2]
        first, *rows = "<f>".join(pieces[::2]).split("<row ")
        if first.strip():
            return None
        for row in rows:
            sheet.read(row)
    except OddSheetError:
        return None
    forget()
    sheet.around.read(head, tail)
    sheet.grid.rows = dense(sheet.placed)
    return sheet.grid, sheet.around


def _marked(cells: str) -> str:
    """Every value, of whatever way to write one, with the same mark on both sides."""
    if "<v/>" in cells:
        cells = cells.replace("<v/>", "<v></v>")
    if "<is>" in cells:
        cells = cells.replace("<is><t>", "<v>").replace("</t></is></c>", "<v>")
        cells = cells.replace('<is><t xml:space="preserve">', "<v>")
    return cells.replace("</v></c>", "<v>")


class _Rows:
    """Rows read one after another."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.grid = Grid()
        self.around = Surroundings()
        self.placed: list[tuple[int, list[object]]] = []
        self.shapes = shapes_of(meaning)
        self.words: list[str] = []  # of all formulas that are spelled out
        self.said = 0  # how many of them belong to the rows so far
        self.blank: list[str] = []  # around its number, the text of a row that held nothing
        self.unsaid = 0  # how many formulas that row spelled out
        self.number = 0
        self.slots = 0
        self.cells = 0

    def read(self, row: str) -> None:
        """One row, from behind ``<row `` to the next."""
        # The unfilled rows of a form differ in nothing but their number.
        if self.blank and row == str(self.number + 1).join(self.blank):
            self.number += 1
            self.said += self.unsaid
            return
        self.blank = []
        header, _, cells = row.partition(">")
        filled = "</c>" in cells
        if filled or "hidden" in header:
            self._begin(header)
        if "<" in header:
            raise OddSheetError
        if filled:
            digits = str(self.number)
            if self._read_cells(_marked(cells), digits) and "hidden" not in header:
                self.blank = row.replace(f'{digits}"', f'{_GAP}"').split(_GAP)
        elif cells.count("<") != cells.count("<c ") + (0 if header.endswith("/") else 1):
            raise OddSheetError

    def _begin(self, header: str) -> None:
        given = _ROW_NUMBER.search(header)
        if given is None or int(given[1]) <= self.number:
            raise OddSheetError
        self.number = int(given[1])
        if "hidden" in header and _HIDDEN.search(header):
            self.around.hidden_rows.add(self.number)
        if 'ht="0' in header and _FLAT.search(header):
            self.around.hidden_rows.add(self.number)
        if "outlineLevel" in header and 'outlineLevel="0"' not in header:
            self.around.grouped_rows.add(self.number)

    def _read_cells(self, cells: str, digits: str) -> bool:
        """Keep a row's values; whether another that differs in its number only is as empty."""
        pieces = self._bare(cells, digits).split("<v>")
        heads, values = tuple(pieces[::2]), pieces[1::2]
        together = "".join(values)
        shape = self.shapes.get(heads) or self._new_shape(heads, digits, len(values))
        if '"' in together:  # then a quoted number in a text may have been taken out, too
            values = cells.split("<v>")[1::2]
            together = "".join(values)
        if not shape.width:
            return False
        found = self._typed(shape, values, together)
        if shape.formulas:
            self._note_formulas(shape, values, found)
            self.said += shape.spelled
        self._place(shape, found)
        self.unsaid = shape.spelled
        blank = not together and all(is_text for _, _, is_text, _ in shape.formulas)
        return blank and self.number >= self.meaning.styles.count  # as in `_bare`

    def _bare(self, cells: str, digits: str) -> str:
        """The cells without their row's number, where it can be nothing but that."""
        if self.number >= self.meaning.styles.count:  # then no style's number ends like the row's
            return cells.replace(f'{digits}"', '"')
        return cells.replace(f'{digits}" s=', '" s=')

    def _typed(self, shape: Shape, texts: list[str], together: str) -> list[object]:
        """The values that the texts stand for."""
        values: list[object] = list(texts)
        for place, known in shape.known:
            values[place] = known.get(texts[place])
            if values[place] is None and texts[place]:
                values[place] = self._learn(shape.forms[place], texts[place])
        if not _is_bare(together):
            for place in shape.texts:
                values[place] = _said(texts[place])
        for place in shape.strings:
            values[place] = self._string(shape.forms[place], texts[place])
        for place in shape.percent:
            if type(values[place]) in _NUMBERS:
                self.grid.percent.add((self.number, shape.forms[place].index + 1))
        for place, column, told in shape.told:
            if values[place] is not None:
                self.grid.formats[self.number, column] = told
        return values

    def _place(self, shape: Shape, values: list[object]) -> None:
        if shape.spread is not None:
            values.append(None)
            values = list(shape.spread(values))
        self.placed.append((self.number, values))
        self.slots += shape.width
        self.cells += len(shape.forms)
        if self.slots > MOST_SLOTS or self.cells > MOST_CELLS:
            check_slots(self.slots, shape.width, self.number)
            check_cells(self.cells)

    def _new_shape(self, heads: tuple[str, ...], digits: str, values: int) -> Shape:
        shape = shape_of(heads, digits, values, self.meaning)
        if shape.reusable:
            self.shapes[heads] = shape
        return shape

    def _string(self, form: Form, text: str) -> object:
        """A text of the workbook's table."""
        try:
            return self.meaning.strings.get(text) or string_at(self.meaning, text)
        except BadIndexError:
            note_lost(self.grid, (self.number, form.index + 1), text)
            return None

    def _learn(self, form: Form, text: str) -> object:
        """The value of a text that was not met before."""
        if form.reading == TYPED:
            return self._own(form, text)
        if "<" in text:
            raise OddSheetError
        plain = unescape(text)
        if form.reading == DATED:
            shown = self.meaning.styles.shown[form.style]
            value, inside = shown_number(plain, shown, self.meaning.date_1904)
            if not inside:
                self.grid.odd.append(
                    ("date-outside-calendar", (self.number, form.index + 1), plain)
                )
                return value
        else:
            value = number(plain)
        if value is not None:
            form.known[text] = value
        return value

    def _own(self, form: Form, text: str) -> object:
        """The value of a cell with a type of its own."""
        spot = self.number, form.index + 1
        return typed(self.grid, spot, form.kind, _unescaped(text))

    def _note_formulas(self, shape: Shape, texts: list[str], values: list[object]) -> None:
        """Keep the row's formulas; one that gave an empty text leaves its cell as good as empty."""
        number, formulas = self.number, self.grid.formulas.written
        words = iter(self.words[self.said : self.said + shape.spelled])
        for index, place, is_text, is_spelled in shape.formulas:
            formula = next(words) if is_spelled else ""
            if place >= 0 and texts[place]:
                formulas[number, index + 1] = formula
            elif is_text:
                values[place] = None
                self.grid.formats.pop((number, index + 1), None)
            else:
                formulas[number, index + 1] = formula
                self.grid.uncached.add((number, index + 1))


@lru_cache(20_000)  # the same names and choices stand in many cells
def _said(text: str) -> str:
    """What a text says."""
    return as_text(_unescaped(text))


def _unescaped(text: str) -> str:
    if "<" in text:
        raise OddSheetError
    plain = unescape(text)
    if not plain.isprintable() and without_controls(plain) != plain:
        raise OddSheetError
    return plain


def _is_bare(text: str) -> bool:
    """Whether texts say just what they are: no markup, references or escapes."""
    return "<" not in text and "&" not in text and "_x" not in text and text.isprintable()
