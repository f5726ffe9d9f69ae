"""Ordinary sheets, read at C speed.

Rows of a table begin their cells alike: once the row's own number is taken out of
``<c r="B12" s="4" t="s"><v>``, what stands between two values is the same text in every row of the
same *shape*. So a shape is understood once, its rows are gathered, and their values are then read
column by column.

A shape must match the few forms that programs write, letter by letter. Anything else (prefixes,
comments, cells out of order) makes the reader answer None, and the parser reads the sheet instead;
so nothing is skipped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import compress

import msgspec

from xltools.excel.package.markup import has_odd_references, unescape, without_controls
from xltools.excel.reading.cells.dense_rows import (
    MOST_CELLS,
    MOST_SLOTS,
    check_cells,
    check_slots,
    dense,
)
from xltools.excel.reading.cells.number_formats import Shown
from xltools.excel.reading.cells.shaped_cells import Form, Reading, Shape
from xltools.excel.reading.cells.surroundings import Surroundings
from xltools.excel.reading.cells.typed_cells import (
    BadIndexError,
    Grid,
    Meaning,
    as_text,
    note_lost,
    shown_number,
    string_at,
    typed,
)
from xltools.excel.reading.xlsx.row_shapes import OddSheetError, shape_of

_ROWS = "<sheetData>"
_ROW_NUMBER = re.compile(r'(?:^|\s)r="([1-9][0-9]{0,6})"')
_HIDDEN = re.compile(r'(?:^|\s)(?:hidden="(?:1|true)"|ht="0(?:\.0*)?")')
_GROUPED = re.compile(r'(?:^|\s)outlineLevel="(?!0")')
_SPACED = re.compile("(<[^<>]*) />")
_FORMULA = re.compile(r'<f(?: [\w:]+="[^"<>]*")+>')
_NUMBERS = (int, float)
_GAP = "\0"  # no XML text holds it
_TOGETHER = 4_096  # rows whose values are read at once


def read_plain(part: bytes, meaning: Meaning) -> tuple[Grid, Surroundings] | None:
    """The values of a sheet in UTF-8; None where a parser is needed."""
    text = part.decode("latin-1")  # a byte a character; only what is kept becomes text
    if _GAP in text:
        return None
    if " />" in text:  # openpyxl's way to end a tag
        is_plain = text.count("<") == text.count(">")  # then it ends nothing but tags
        text = text.replace(" />", "/>") if is_plain else _SPACED.sub(r"\1/>", text)
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
    try:
        bare, words = _without_words(text[start + len(_ROWS) : end])
        sheet = _Rows(meaning, words)
        first, *rows = _marked(bare).split("<row ")
        if first.strip():
            return None
        for row in rows:
            sheet.read(row)
        sheet.finish()
    except OddSheetError:
        return None
    sheet.around.read(head, tail)
    return sheet.grid, sheet.around


def _without_words(rows: str) -> tuple[str, Sequence[str]]:
    """Rows without the words of formulas, which most of a sheet may be; and these words."""
    *pieces, rest = _FORMULA.sub("<f>", rows).split("</f>")
    if not pieces:
        return rest, ()
    bare, openings, words = zip(*(piece.rpartition("<f>") for piece in pieces), strict=True)
    if "" in openings or "<" in "".join(words):
        raise OddSheetError
    return "<f>".join([*bare, rest]), _utf8(words)


def _marked(cells: str) -> str:
    """Every value, of whatever way to write one, with the same mark on both sides."""
    cells = cells.replace("<v/>", "<v></v>")
    if "<is>" in cells:
        cells = cells.replace("<is><t>", "<v>").replace("</t></is></c>", "<v>")
        cells = cells.replace('<is><t xml:space="preserve">', "<v>")
    return cells.replace("</v></c>", "<v>")


class _Block(msgspec.Struct):
    """Rows of one shape: their numbers, the texts of their values, and where in the sheet's list
    the words of their formulas begin.
    """

    shape: Shape
    numbers: list[int] = []
    texts: list[list[str]] = []
    words: list[int] = []


class _Rows:
    """Gathers the rows of a sheet by shape, and reads them."""

    def __init__(self, meaning: Meaning, words: Sequence[str]) -> None:
        self.meaning = meaning
        self.words = words
        self.words_taken = 0  # how many of them belong to the rows so far
        self.grid = Grid()
        self.around = Surroundings()
        self.placed: list[tuple[int, list[object]]] = []
        styles = meaning.styles
        look = styles.key, meaning.date_1904, meaning.pictures
        self.shapes = meaning.cache.shapes.setdefault(look, {})
        self.blocks: dict[str, _Block] = {}
        self.headers: dict[str, tuple[bool, bool]] = {}
        self.number = 0
        self.slots = 0
        self.cells = 0

    def read(self, row: str) -> None:
        """Gather one row, from behind ``<row `` to the next."""
        header, _, cells = row.partition(">")
        if "<" in header:
            raise OddSheetError
        filled = "<v>" in cells or "</c>" in cells
        if filled or "hidden" in header:
            self._begin(header)
        if filled:
            self._gather(cells.split("<v>"))
        elif cells.count("<") != cells.count("<c ") + (0 if header.endswith("/") else 1):
            raise OddSheetError

    def finish(self) -> None:
        """Read what was gathered."""
        for block in self.blocks.values():
            self._take(block)
        self.placed.sort()
        self._drop_unfilled()
        self.grid.odd.sort(key=lambda found: found[1])
        self.grid.rows = dense(self.placed)

    def _drop_unfilled(self) -> None:
        """Drop the last rows where they hold nothing: a form's unfilled rows say nothing."""
        held = 0
        while self.placed and self.placed[-1][1].count(None) == len(self.placed[-1][1]):
            if not held:
                formulas = (max(rows) for rows in self.grid.formulas.columns.values() if rows)
                held = max((1, *formulas, *(row for row, _ in self.grid.errors)))
            if self.placed[-1][0] <= held:
                return
            self.placed.pop()

    def _begin(self, header: str) -> None:
        """Note a row's number, and whether it is hidden or grouped."""
        following = f'r="{self.number + 1}"'
        if header.startswith(following):
            self.number += 1
            rest = header[len(following) :]
        else:
            given = _ROW_NUMBER.search(header)
            if given is None or int(given[1]) <= self.number:
                raise OddSheetError
            self.number = int(given[1])
            rest = header[: given.start()] + header[given.end() :]
        known = self.headers.get(rest)
        if known is None:
            known = bool(_HIDDEN.search(rest)), bool(_GROUPED.search(rest))
            self.headers[rest] = known
        if known[0]:
            self.around.hidden_rows.add(self.number)
        if known[1]:
            self.around.grouped_rows.add(self.number)

    def _gather(self, pieces: list[str]) -> None:
        """Add a row, given as what stands between its values and these in turn."""
        digits = str(self.number)
        # The row's own number, where it can be nothing but that: a style's may end alike.
        own = f'{digits}"' if self.number >= self.meaning.styles.count else f'{digits}" s='
        heads = _GAP.join(pieces[::2]).replace(own, own[len(digits) :])
        block = self.blocks.get(heads)
        if block is None:
            block = self.blocks[heads] = _Block(self._shape(heads, digits, len(pieces) // 2))
        if not len(pieces) % 2:
            raise OddSheetError
        shape = block.shape
        block.numbers.append(self.number)
        block.texts.append(pieces[1::2])
        block.words.append(self.words_taken)
        self.words_taken += shape.spelled
        self.slots += shape.width
        self.cells += len(shape.forms)
        if self.slots > MOST_SLOTS or self.cells > MOST_CELLS:
            check_slots(self.slots, shape.width, self.number)
            check_cells(self.cells)
        if len(block.numbers) == _TOGETHER:
            self._take(block)

    def _shape(self, heads: str, digits: str, values: int) -> Shape:
        shape = self.shapes.get(heads)
        if shape is None:
            shape = shape_of(heads.split(_GAP), digits, values, self.meaning)
            if shape.reusable:
                self.shapes[heads] = shape
        return shape

    def _take(self, block: _Block) -> None:
        """Read a block's rows, column by column."""
        shape, numbers = block.shape, block.numbers
        if not shape.width or not numbers:
            return
        texts = list(zip(*block.texts, strict=True))
        columns: list[Sequence[object]] = [[None] * len(numbers)] * shape.width
        for form, cells in zip(shape.forms, texts, strict=True):
            columns[form.index] = self._values(form, cells, numbers)
        self._take_formulas(block, texts, columns)
        for form in shape.forms:
            values = columns[form.index]
            if form.reading is Reading.PERCENT:
                rows = self.grid.percent.rows(form.index + 1)
                rows.update(n for n, v in zip(numbers, values, strict=True) if type(v) in _NUMBERS)
            if form.display is not None:
                displays = {
                    n: form.display for n, v in zip(numbers, values, strict=True) if v is not None
                }
                self.grid.formats.rows(form.index + 1).update(displays)
        self.placed += zip(numbers, map(list, zip(*columns, strict=True)), strict=True)
        block.numbers, block.texts, block.words = [], [], []
        self.meaning.cache.trim()

    def _take_formulas(
        self, block: _Block, texts: list[tuple[str, ...]], columns: list[Sequence[object]]
    ) -> None:
        """Keep formulas; one that gave an empty text leaves its cell as good as empty."""
        numbers, at = block.numbers, 0
        blank = [""] * len(numbers)
        for index, place, is_text, is_spelled in block.shape.formulas:
            words = [self.words[start + at] for start in block.words] if is_spelled else blank
            at += is_spelled
            results = texts[place] if place >= 0 else blank
            formulas: Iterator[tuple[int, str]] = zip(numbers, words, strict=True)
            if "" in results:
                if is_text:
                    formulas = compress(formulas, results)
                    columns[index] = [value or None for value in columns[index]]
                else:
                    uncached = (row for row, text in zip(numbers, results, strict=True) if not text)
                    self.grid.uncached.rows(index + 1).update(uncached)
            self.grid.formulas.rows(index + 1).update(formulas)

    def _values(self, form: Form, texts: tuple[str, ...], numbers: list[int]) -> list[object]:
        """The values that the texts of a column stand for."""
        if form.kind == "s":
            return self._strings(form, texts, numbers)
        if form.reading is Reading.TEXT:
            decoded = _utf8(texts)
            bare = _is_bare("".join(decoded))
            return list(decoded) if bare else [as_text(_unescaped(text)) for text in decoded]
        values = list(map(form.known.get, texts))
        if None in values:
            for at, value in enumerate(values):
                if value is None and texts[at]:
                    values[at] = self._learn(form, texts[at], (numbers[at], form.index + 1))
        return values

    def _strings(self, form: Form, texts: tuple[str, ...], numbers: list[int]) -> list[object]:
        """Texts of the workbook's table, given by their index."""
        strings, indexes = self.meaning.strings, "".join(texts)
        try:
            if indexes.isdecimal() and indexes.isascii():
                return [strings[int(text)] for text in texts]
        except (ValueError, IndexError):
            pass  # some of them lead to no text: each is looked at
        values: list[object] = []
        for text, row in zip(_utf8(texts), numbers, strict=True):
            try:
                values.append(string_at(self.meaning, text))
            except BadIndexError:
                note_lost(self.grid, (row, form.index + 1))
                values.append(None)
        return values

    def _learn(self, form: Form, text: str, spot: tuple[int, int]) -> object:
        """The value of a text that was not met before."""
        [decoded] = _utf8([text])
        if form.reading is Reading.TYPED:
            return typed(self.grid, spot, form.kind, _unescaped(decoded))
        if "<" in decoded:
            raise OddSheetError
        plain = unescape(decoded)
        value, inside = shown_number(plain, form.shown or Shown.PERCENT, self.meaning.date_1904)
        if not inside:
            self.grid.odd.append(("date-outside-calendar", spot))
        elif value is not None:
            form.known[text] = value
        return value


def _utf8(texts: Sequence[str]) -> Sequence[str]:
    """Texts of one byte a character, decoded."""
    together = _GAP.join(texts)
    if together.isascii():
        return texts
    return together.encode("latin-1").decode("utf-8").split(_GAP)


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
