"""Ordinary sheets, read by expressions at a parser's third of the time.

Every program writes the same few forms of a cell. This reader takes only sheets in which each tag
of the rows is accounted for by such a form; for any other it answers None, and the parser reads the
sheet instead. So nothing is skipped in silence.
"""

from __future__ import annotations

import re

from xltools.excel.reading.formats import Shown
from xltools.excel.reading.grid import COLUMNS, check_cells, check_slots, check_tags, dense
from xltools.excel.reading.markup import has_odd_references, unescape
from xltools.excel.reading.surroundings import Surroundings
from xltools.excel.reading.values import (
    BadIndexError,
    Grid,
    Meaning,
    bad_index,
    note_formula,
    number,
    shown_number,
    string_at,
    typed,
)

_CELL = re.compile(r'<c r="([^>]*)>(<f[^>]*>(?:[^<]*</f>)?)?<v>([^<]*)<')
_ANY_CELL = re.compile(r'<c r="([^>]*[^>/])>((?:<(?!/?c\b)[^>]*>|[^<])*)</c>')
_INSIDE = re.compile(
    r"(<f(?:>| [^>]*>)(?:[^<]*</f>)?)?"
    r'(?:<v>([^<]*)</v>|<v/>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?'
)
_ROW_NUMBER = re.compile(r'(?:^|\s)r="([1-9][0-9]{0,6})"')
_HIDDEN = re.compile(r'\shidden="(?:1|true)"')
_ATTRIBUTES = re.compile(r'(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?(?: (?:cm|vm|ph)="[0-9]+")*')

_ROWS = "<sheetData>"
_PLAIN, _PERCENT, _DATED, _TYPED = range(4)
_MOST_KNOWN = 50_000  # distinct numbers remembered per format; beyond, memory is worth more

# column index from 0, values already known by their text, how to read others, style, type
_Form = tuple[int, dict[str, object], int, str, str]


class OddSheetError(Exception):
    """Something in the rows is not of the ordinary forms."""


def read_plain(text: str, meaning: Meaning) -> tuple[Grid, Surroundings] | None:
    """The sheet's values; None unless every tag of its rows is accounted for."""
    start, end = text.find(_ROWS), text.rfind("</sheetData>")
    if start < 0 or end < 0 or has_odd_references(text) or ("!" in text and "<!" in text):
        return None
    head, tail = text[:start], text[end:]
    if "<sheetData" in tail or not tail.rstrip().endswith("</worksheet>"):
        return None
    body = text[start + len(_ROWS) : end]
    tags = body.count("<c ")
    check_tags(tags)
    rows = body.split("<row ")
    if rows[0].strip():
        return None
    sheet = _Rows(meaning)
    try:
        for row in rows[1:]:
            sheet.read(row)
    except OddSheetError:
        return None
    if body.count("<") != tags + sheet.tags:
        return None
    sheet.around.read(head, tail)
    sheet.grid.rows = dense(sheet.placed)
    return sheet.grid, sheet.around


class _Rows:
    """Rows read one after another; ``tags`` counts every tag but the cells' own first ones."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.grid = Grid()
        self.around = Surroundings()
        self.placed: list[tuple[int, list[object]]] = []
        self.forms: dict[str, _Form] = {}
        self.known: dict[tuple[str, str], dict[str, object]] = {}
        self.tags = 0
        self.number = 0
        self.slots = 0
        self.cells = 0

    def read(self, row: str) -> None:
        """One row, from behind ``<row `` to the next."""
        header, _, _ = row.partition(">")
        given = _ROW_NUMBER.search(header)
        if given is None or int(given[1]) <= self.number:
            raise OddSheetError
        self.number = int(given[1])
        if "hidden" in header and _HIDDEN.search(header):
            self.around.hidden_rows.add(self.number)
        self.tags += 1 if header.endswith("/") else 2
        count = row.count("</c>")
        if not count:
            return
        # Without their row's number, the same column's cells begin alike in every row.
        bare = row.replace(f'{given[1]}" s=', '" s=')
        cells = _CELL.findall(bare)
        if len(cells) == count:
            self.tags += 3 * count
        else:
            cells = self._any_cells(row, count)
        values: list[object] = []
        self._fill(values, cells, given[1])
        self.placed.append((self.number, values))
        self.slots += len(values)
        self.cells += count
        check_slots(self.slots, len(values), self.number)
        check_cells(self.cells)

    def _fill(self, values: list[object], cells: list[tuple[str, str, str]], digits: str) -> None:
        forms = self.forms
        for head, formula, text in cells:
            form = forms.get(head) or self._form(head, digits)
            index, known, reading, _, _ = form
            if index != len(values):
                if index < len(values):
                    raise OddSheetError
                values.extend([None] * (index - len(values)))
            value = known.get(text)
            if value is None:
                value = self._value(form, text)
            values.append(value)
            if reading == _PERCENT:
                self.grid.percent.add((self.number, index + 1))
            if formula:
                self._formula(form, formula, text)

    def _any_cells(self, row: str, count: int) -> list[tuple[str, str, str]]:
        """Cells without a value, or with a text of their own, among the others."""
        cells = []
        for head, inside in _ANY_CELL.findall(row):
            match = _INSIDE.fullmatch(inside)
            if match is None:
                raise OddSheetError
            formula, value, inline = match.groups()
            self.tags += inside.count("<") + 1
            if formula:
                self.tags -= 2 if formula.endswith("</f>") else 1  # counted with the formula
            if formula or value or inline is not None:
                cells.append((head, formula or "", value or inline or ""))
        if row.count("</c>") != len(_ANY_CELL.findall(row)) or count < len(cells):
            raise OddSheetError
        return cells

    def _form(self, head: str, digits: str) -> _Form:
        """What cells that begin with ``head`` have in common: column, type and format."""
        letters, quote, rest = head.partition('"')
        if letters.endswith(digits):
            letters = letters[: -len(digits)]
            if (form := self.forms.get(letters + quote + rest)) is not None:
                return form
        attributes = _ATTRIBUTES.fullmatch(rest)
        if attributes is None or not quote:
            raise OddSheetError
        try:
            index = COLUMNS[letters] - 1
        except KeyError:
            raise OddSheetError from None
        style, kind = attributes[1] or "", attributes[2] or ""
        form = self._new_form(index, style, "" if kind == "n" else kind)
        self.forms[letters + quote + rest] = form
        return form

    def _new_form(self, index: int, style: str, kind: str) -> _Form:
        if kind == "s":
            return index, self.meaning.strings, _PLAIN, style, kind  # type: ignore[return-value]
        if kind:
            return index, {}, _TYPED, style, kind
        shown = self.meaning.shown.get(style)
        reading = {None: _PLAIN, Shown.PERCENT: _PERCENT}.get(shown, _DATED)
        known = self.known.setdefault((style if reading == _DATED else "", kind), {})
        return index, known, reading, style, kind

    def _value(self, form: _Form, text: str) -> object:
        """A value not met before under this form."""
        index, known, reading, style, kind = form
        spot = (self.number, index + 1)
        if kind == "s":
            try:
                return string_at(self.meaning, text)
            except BadIndexError:
                raise OddSheetError from None
        if reading == _TYPED:
            if '" s=' in text:  # may have been taken for a cell's beginning
                raise OddSheetError
            return typed(self.grid, spot, kind, unescape(text))
        if reading == _DATED:
            value, inside = shown_number(text, self.meaning.shown[style], self.meaning.date_1904)
            if not inside:
                self.grid.odd.append(("date-outside-calendar", spot, text))
                return value
        else:
            value = number(text)
        if len(known) > _MOST_KNOWN:
            known.clear()
        if value is not None:
            known[text] = value
        return value

    def _formula(self, form: _Form, formula: str, text: str) -> None:
        index, _, _, _, kind = form
        self.tags += 2 if formula.endswith("</f>") else 1
        written = unescape(formula.partition(">")[2].removesuffix("</f>"))
        note_formula(self.grid, (self.number, index + 1), written, bool(text) or kind == "str")
