"""The cells of one sheet's XML: every ordinary sheet by one expression, odd ones by a parser.

The expression answers only for sheets in which every tag is accounted for; what it cannot place
(prefixes, comments, other attribute orders, cells out of order) goes to the parser, so nothing is
skipped in silence. Both yield the same plain tuples, which ``grid`` turns into values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.parsers import expat

import msgspec

from xltools.cells import LAST_COLUMN, LAST_ROW, CellRef, column_letters, column_number
from xltools.errors import FileRefused
from xltools.excel.reading.markup import BadMarkup, has_odd_references

# Ten million cells took 14 s and 869 MB to read; the largest real sheet had 353,052 slots.
MOST_CELLS = 5_000_000
MOST_CELL_TAGS = 25_000_000  # styled blanks included

# letters, digits, style, type, <f …>…, <v> text, inline text
RawCell = tuple[str, str, str, str, str, str, str]
Box = tuple[int, int, int, int]  # row, column, last row, last column

_CELL = re.compile(
    r'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?>'
    r"(<f(?: [^<>]*)?(?:/>|>[^<]*</f>))?"
    r'(?:<v>([^<]*)</v>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>|<v/>)?</c>'
)
_ROW = re.compile(r"<row ([^<>]*)>")
_ROW_NUMBER = re.compile(r'\br="([0-9]+)"')
_HIDDEN = re.compile(r'\bhidden="(?:1|true)"')
_MERGE = re.compile(r'<mergeCell ref="([A-Z]+[0-9]+):([A-Z]+[0-9]+)"')
_COLUMN = re.compile(r"<col ([^<>]*)>")
_ATTRIBUTE = re.compile(r'\b(min|max)="([0-9]+)"')


class SheetXml(msgspec.Struct):
    """What a sheet's XML holds, before shared strings and styles give it meaning."""

    cells: list[RawCell]
    escaped: bool  # texts still carry XML references
    rows: set[str] = msgspec.field(default_factory=set)
    hidden_rows: set[int] = msgspec.field(default_factory=set)
    hidden_columns: set[int] = msgspec.field(default_factory=set)
    merges: list[Box] = msgspec.field(default_factory=list)


def plain_sheet(text: str) -> SheetXml | None:
    """The sheet by expression; None unless every tag of its rows is accounted for."""
    start, end = text.find("<sheetData>"), text.rfind("</sheetData>")
    if start < 0 or end < 0 or not text.rstrip().endswith("</worksheet>"):
        return None
    start += len("<sheetData>")
    if text.count("<sheetData") != 1 or "<!" in text or has_odd_references(text):
        return None
    tags = text.count("<c ", start, end)
    _check_count(tags)
    cells = _CELL.findall(text, start, end)
    closed = text.count("</c>", start, end)
    if closed != len(cells):
        return None
    rows = _ROW.findall(text, start, end)
    if not _accounted(text, start, end, cells, tags, rows):
        return None
    sheet = SheetXml(cells=cells, escaped="&" in text)
    for attributes in rows:
        number = _ROW_NUMBER.search(attributes)
        if number is None:
            return None
        sheet.rows.add(number[1])
        if "hidden" in attributes and _HIDDEN.search(attributes):
            sheet.hidden_rows.add(int(number[1]))
    _read_surroundings(sheet, text[:start], text[end:])
    return sheet


def _accounted(
    text: str, start: int, end: int, cells: list[RawCell], tags: int, rows: list[str]
) -> bool:
    """Whether rows and the cells found make up every tag between ``start`` and ``end``."""
    values = sum(1 for cell in cells if cell[5])
    empty = text.count("<v></v>", start, end)
    if values + empty != text.count("<v>", start, end):
        return False
    formulas = [cell[4] for cell in cells if cell[4]]
    own = sum(1 if formula.endswith("/>") else 2 for formula in formulas)
    inline = 4 * text.count("<is>", start, end)
    bare = text.count("<v/>", start, end)
    open_rows = sum(1 for attributes in rows if not attributes.endswith("/"))
    if open_rows != text.count("</row>", start, end):
        return False
    expected = tags + len(cells) + 2 * (values + empty) + bare + own + inline
    return text.count("<", start, end) == expected + len(rows) + open_rows


def _read_surroundings(sheet: SheetXml, head: str, tail: str) -> None:
    if "hidden=" in head:
        for attributes in _COLUMN.findall(head):
            if _HIDDEN.search(attributes):
                _hide(sheet, dict(_ATTRIBUTE.findall(attributes)))
    if "<mergeCell " in tail:
        for first, last in _MERGE.findall(tail):
            _merge(sheet, f"{first}:{last}")


def _hide(sheet: SheetXml, attributes: dict[str, str]) -> None:
    try:
        first, last = int(attributes["min"]), int(attributes["max"])
    except (KeyError, ValueError):
        return  # Excel ignores a column entry without its bounds
    sheet.hidden_columns.update(range(first, min(last, LAST_COLUMN) + 1))


def _merge(sheet: SheetXml, reference: str) -> None:
    first, _, last = reference.replace("$", "").upper().partition(":")
    try:
        a, b = CellRef.parse(first), CellRef.parse(last or first)
    except ValueError:
        return  # a merge outside the grid merges nothing
    if a != b:
        sheet.merges.append((a.row, a.column, b.row, b.column))


def _check_count(tags: int) -> None:
    if tags > MOST_CELL_TAGS:
        raise FileRefused("file-too-large", "refused.many_cells", limit=MOST_CELLS)


def parsed_sheet(text: str) -> SheetXml:
    """The sheet by an XML parser: any prefix, order, comment or section that XML allows."""
    return _SheetParser().read(text)


class _SheetParser:
    """Collects rows and cells from parser events; positions left out follow from the order."""

    def __init__(self) -> None:
        self.sheet = SheetXml(cells=[], escaped=False)
        self.namespace = ""
        self.skipping = 0  # depth inside markup that is not the sheet's own
        self.row = self.column = 0
        self.attributes: dict[str, str] = {}
        self.pieces: dict[str, list[str]] = {}
        self.inside: list[str] = []
        self.formula: str | None = None
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._start_row,
            "c": self._start_cell,
            "f": self._start_formula,
            "mergeCell": lambda attributes: _merge(self.sheet, attributes.get("ref", "")),
            "col": self._start_column,
        }

    def read(self, text: str) -> SheetXml:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(text, True)
        except expat.ExpatError as fault:
            raise BadMarkup(str(fault)) from fault
        return self.sheet

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        if not self.inside:
            self.namespace = namespace
        self.inside.append(name)
        foreign = namespace != self.namespace and name not in ("AlternateContent", "Fallback")
        if self.skipping or foreign or name == "rPh":
            self.skipping += 1
        elif name in self.starts:
            self.starts[name](attributes)

    def _end(self, tag: str) -> None:
        name = self.inside.pop()
        if self.skipping:
            self.skipping -= 1
        elif name == "c":
            self._finish_cell()

    def _characters(self, piece: str) -> None:
        if not self.skipping and self.inside[-1] in ("v", "t", "f"):
            self.pieces.setdefault(self.inside[-1], []).append(piece)

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "")
        self.row = int(given) if given.isascii() and given.isdigit() else self.row + 1
        self.column = 0
        self.sheet.rows.add(str(self.row))
        if attributes.get("hidden") in ("1", "true"):
            self.sheet.hidden_rows.add(self.row)

    def _start_column(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true"):
            _hide(self.sheet, attributes)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.pieces = {}
        self.formula = None

    def _start_formula(self, attributes: dict[str, str]) -> None:
        self.formula = ""

    def _finish_cell(self) -> None:
        letters, digits = self._position()
        formula = "" if self.formula is None else f"<f>{''.join(self.pieces.get('f', []))}</f>"
        value, inline = ("".join(self.pieces.get(name, [])) for name in ("v", "t"))
        if formula or value or inline or self.attributes.get("t") == "inlineStr":
            style, kind = self.attributes.get("s", ""), self.attributes.get("t", "")
            self.sheet.cells.append((letters, digits, style, kind, formula, value, inline))
            _check_count(len(self.sheet.cells) * (MOST_CELL_TAGS // MOST_CELLS))

    def _position(self) -> tuple[str, str]:
        reference = self.attributes.get("r", "").replace("$", "").upper()
        if not reference:
            self.column += 1
            return _checked(self.column, max(self.row, 1), f"R{self.row}C{self.column}")
        letters = reference.rstrip("0123456789")
        digits = reference[len(letters) :]
        if not (letters.isascii() and letters.isalpha() and digits) or len(digits) > 18:
            raise out_of_grid(reference)
        self.column = column_number(letters[:8])
        return _checked(self.column, int(digits), reference)


def _checked(column: int, row: int, reference: str) -> tuple[str, str]:
    if not (1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN):
        raise out_of_grid(reference)
    return column_letters(column), str(row)


def out_of_grid(reference: str) -> FileRefused:
    """A cell that no spreadsheet has; some readers wrap it around and overwrite another cell."""
    return FileRefused("file-refused", "refused.out_of_grid", cell=reference[:40])
