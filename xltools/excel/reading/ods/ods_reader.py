"""OpenDocument spreadsheets, read by a parser: with formulas, errors and percentages told apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from xltools.errors import FileRefused
from xltools.excel.package.archive import Parts
from xltools.excel.package.markup import (
    BadMarkupError,
    local,
    parse,
    text_of,
    walk,
    without_controls,
)
from xltools.excel.reading.cells.dense_rows import check_cells, check_slots, dense
from xltools.excel.reading.cells.typed_cells import Grid, note_formula, number, typed
from xltools.excel.reading.foreign_content import Finding
from xltools.excel.reading.ods.ods_styles import OdsStyles
from xltools.excel.reading.preflight import Admitted
from xltools.excel.reading.workbook_model import SheetCells, WorkbookCells
from xltools.ground.cells import LAST_COLUMN, LAST_ROW
from xltools.kinds.display_format import Format, RichText

_TIME = re.compile(r"(-?)PT?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?")
_MOST_GROUPED = 100_000  # rows behind the last one repeat to the sheet's end
_CELLS = ("table-cell", "covered-table-cell")
_FOREIGN_PARTS = {"basic/": "macro", "scripts/": "macro", "object ": "embedded-object"}

Attributes = dict[str, str]


def read_ods(admitted: Admitted, parts: Parts, wanted: Callable[[str], bool]) -> WorkbookCells:
    """All wanted sheets of an OpenDocument spreadsheet."""
    try:
        text = text_of(parts["content.xml"])
        clean = without_controls(text)
        document = _Document(wanted)
        if "styles.xml" in parts:
            document.read(without_controls(text_of(parts["styles.xml"])))
        document.read(clean)
        properties, modified = _meta(parts)
    except BadMarkupError as fault:
        raise FileRefused(
            "file-unreadable", "refused.bad_markup", part="content.xml", detail=str(fault)
        ) from fault
    if not document.count:
        raise FileRefused("file-unreadable", "refused.no_sheets")
    findings = [
        Finding(kind, name)
        for name in parts
        for start, kind in _FOREIGN_PARTS.items()
        if name.startswith(start)
    ]
    if clean != text:
        findings.append(Finding("control-characters", "content.xml"))
    return WorkbookCells(
        sheets=document.sheets,
        properties=properties,
        names=document.names,
        modified=modified,
        findings=findings,
        sha256=admitted.sha256,
    )


def _meta(parts: Parts) -> tuple[dict[str, str], str]:
    """Custom properties, and when it was saved; none where they cannot be read."""
    custom: dict[str, str] = {}
    saved = ""
    try:
        root = parse(parts["meta.xml"]) if "meta.xml" in parts else None
    except BadMarkupError:
        root = None
    for entry in root.iter() if root is not None else ():
        name = local(entry.tag)
        if name == "user-defined":
            key = next((v for k, v in entry.items() if local(k) == "name"), "")
            custom[key] = entry.text or ""
        elif name == "date":
            saved = (entry.text or "").strip()
    return custom, saved


class _Document:
    """Collects tables from parser events."""

    def __init__(self, wanted: Callable[[str], bool]) -> None:
        self.wanted = wanted
        self.sheets: list[SheetCells] = []
        self.names: dict[str, str] = {}
        self.count = 0
        self.hidden_styles: set[str] = set()
        self.styles = OdsStyles()
        self.style = ""
        self.table: _Table | None = None
        self.depth = 0  # of tables: one inside a cell belongs to that cell's drawing
        self.skipping = 0
        self.starts: dict[str, Callable[[Attributes], None]] = {
            "style": lambda given: setattr(self, "style", given.get("name", "")),
            "table-properties": self._start_properties,
            "named-range": self._start_name,
            "table": self._start_table,
        }

    def read(self, text: str) -> None:
        """Feed the whole document."""
        try:
            walk(text, self._start, self._end, self._characters)
        except FileRefused as refused:
            if self.table is not None:
                refused.values.setdefault("sheet", self.table.sheet.title)
            raise

    def _start(self, tag: str, attributes: Attributes) -> None:
        name = tag.rpartition(" ")[2]
        if self.skipping or name in ("annotation", "shapes", "tracked-changes"):
            self.skipping += 1
            return
        given = {
            key.rpartition(" ")[2]: value
            for key, value in attributes.items()
            if "calcext" not in key
        }
        if self.table is None:
            self.styles.start(name, given)
        if name in self.starts:
            self.starts[name](given)
        elif self.table is not None:
            # the extension's own word on a cell's type stands beside the standard's
            extended = {v for k, v in attributes.items() if "calcext" in k}
            self.table.start(name, given, "error" in extended)

    def _end(self, tag: str) -> None:
        if self.skipping:
            self.skipping -= 1
            return
        name = tag.rpartition(" ")[2]
        if self.table is None:
            self.styles.end(name)
        if name == "table":
            self._end_table()
        elif self.table is not None:
            self.table.end(name)

    def _characters(self, text: str) -> None:
        if self.skipping:
            return
        if self.table is None:
            self.styles.characters(text)
        elif self.table.in_paragraph:
            self.table.say(text)

    def _start_properties(self, given: Attributes) -> None:
        if given.get("display") == "false":
            self.hidden_styles.add(self.style)

    def _start_name(self, given: Attributes) -> None:
        sheet, _, cell = given.get("cell-range-address", "").rpartition(".")
        self.names[given.get("name", "")] = f"{sheet.removeprefix('$')}!{cell}"

    def _start_table(self, given: Attributes) -> None:
        self.depth += 1
        if self.depth > 1:
            return
        title = given.get("name", "")
        state = "hidden" if given.get("style-name", "") in self.hidden_styles else "visible"
        if self.wanted(title):
            self.table = _Table(SheetCells(title, self.count, state), self.styles)
        self.count += 1

    def _end_table(self) -> None:
        self.depth -= 1
        if self.depth == 0 and self.table is not None:
            self.sheets.append(self.table.finish())
            self.table = None


class _Table:
    """Collects the cells of one table; repeated rows and cells are spelled out where filled."""

    def __init__(self, sheet: SheetCells, styles: OdsStyles) -> None:
        self.sheet = sheet
        self.styles = styles
        self.looks: list[tuple[int, str]] = []  # up to which column, cells' usual style
        self.look = ""  # and that of the row
        self.groups = 0
        self.runs: list[tuple[str, bool, bool]] = []
        self.spans: list[tuple[bool, bool]] = []
        self.grid = Grid()
        self.placed: list[tuple[int, list[object]]] = []
        self.row = self.column = 0  # the last ones finished
        self.computed = 0  # cells with formulas
        self.repeated_rows = 1
        self.values: list[object] = []
        self.cell: Attributes = {}
        self.is_error = False
        self.text: list[str] = []
        self.paragraphs = 0
        self.in_paragraph = 0
        self.columns = 0
        self.slots = 0

    def start(self, name: str, given: Attributes, is_error: bool) -> None:
        """An element begins."""
        if name == "table-row":
            self._start_row(given)
        elif name in _CELLS:
            self.cell, self.is_error, self.text, self.paragraphs = given, is_error, [], 0
            self.runs, self.spans = [], []
        elif name == "p":
            self.say("\n" if self.paragraphs else "")
            self.paragraphs += 1
            self.in_paragraph += 1
        elif name == "s":
            self.say(" " * min(_count(given, "c"), 32_767))
        elif name in ("tab", "line-break"):
            self.say("\t" if name == "tab" else "\n")
        elif name == "span":
            self.spans.append(self.styles.runs.get(given.get("style-name", ""), (False, False)))
        elif name == "table-row-group":
            self.groups += 1
        elif name == "table-column":
            self._hide_columns(given)

    def end(self, name: str) -> None:
        """An element ends."""
        if name in _CELLS:
            self._finish_cell()
        elif name == "table-row":
            self._finish_row()
        elif name == "p":
            self.in_paragraph -= 1
        elif name == "span" and self.spans:
            self.spans.pop()
        elif name == "table-row-group":
            self.groups -= 1

    def say(self, words: str) -> None:
        """Words of the cell's text, in the look of the innermost span."""
        self.text.append(words)
        self.runs.append((words, *(self.spans[-1] if self.spans else (False, False))))

    def finish(self) -> SheetCells:
        """The sheet, once its table is over."""
        sheet, grid = self.sheet, self.grid
        sheet.rows = dense(self.placed)
        sheet.errors, sheet.formulas = grid.errors, grid.formulas
        sheet.uncached, sheet.percent = grid.uncached, grid.percent
        sheet.formats = grid.formats
        return sheet

    def _hide_columns(self, given: Attributes) -> None:
        last = self.columns + _count(given, "number-columns-repeated")
        if given.get("visibility") in ("collapse", "filter"):
            self.sheet.hidden_columns.update(range(self.columns + 1, min(last, LAST_COLUMN) + 1))
        self.columns = last
        self.looks.append((last, given.get("default-cell-style-name", "")))

    def _start_row(self, given: Attributes) -> None:
        self.values = []
        self.column = 0
        self.repeated_rows = _count(given, "number-rows-repeated")
        self.look = given.get("default-cell-style-name", "")
        rows = range(self.row + 1, min(self.row + self.repeated_rows, LAST_ROW) + 1)
        is_flat = given.get("style-name", "") in self.styles.flat
        if is_flat or given.get("visibility") in ("collapse", "filter"):
            self.sheet.hidden_rows.update(rows)
        if self.groups and self.repeated_rows < _MOST_GROUPED:
            self.sheet.grouped_rows.update(rows)

    def _finish_row(self) -> None:
        copies = self.repeated_rows if self.values else 0
        self.slots += copies * len(self.values)
        check_slots(self.slots, len(self.values), self.row + copies)
        for copy in range(copies):
            self.placed.append((self.row + 1 + copy, list(self.values)))
        self.row += self.repeated_rows

    def _finish_cell(self) -> None:
        repeated = _count(self.cell, "number-columns-repeated")
        filled = bool(self.text) or "value-type" in self.cell or "formula" in self.cell
        if filled:
            self._check_inside(repeated)
            self.values.extend([None] * (self.column - len(self.values)))
            for copy in range(repeated):
                self.values.append(self._value(self.column + 1 + copy))
        self._merge()
        self.column += repeated
        self.cell = {}

    def _check_inside(self, repeated: int) -> None:
        last_row, last_column = self.row + self.repeated_rows, self.column + repeated
        if last_row > LAST_ROW or last_column > LAST_COLUMN:
            reference = f"R{last_row}C{last_column}"
            raise FileRefused(
                "file-refused", "refused.out_of_grid", sheet=self.sheet.title, cell=reference
            )
        check_slots(repeated * self.repeated_rows, last_column, last_row)
        check_cells(self.computed)

    def _merge(self) -> None:
        rows, columns = (_count(self.cell, f"number-{of}-spanned") for of in ("rows", "columns"))
        if rows > 1 or columns > 1:
            row, column = self.row + 1, self.column + 1
            last = min(row + rows - 1, LAST_ROW), min(column + columns - 1, LAST_COLUMN)
            self.sheet.merges.append((row, column, *last))

    def _value(self, column: int) -> object:
        """The cell's value; what is kept by place is kept for every row it repeats in."""
        display = self._display(column)
        is_number = self.cell.get("value-type", "") in ("float", "currency", "date")
        for row in range(self.row + 1, self.row + 1 + self.repeated_rows):
            value = self._value_at((row, column))
            if value is not None and display is not None and (is_number or display.struck):
                self.grid.formats[row, column] = display
        return value

    def _display(self, column: int) -> Format | None:
        """What the cell shows; its style may be that of its row or column."""
        usual = self.look or next((name for last, name in self.looks if column <= last), "")
        return self.styles.formats.get(self.cell.get("style-name", usual))

    def _value_at(self, spot: tuple[int, int]) -> object:
        kind, text = self.cell.get("value-type", ""), "".join(self.text)
        if "formula" in self.cell:
            self.computed += 1
            written = self.cell["formula"].partition("=")[2]
            note_formula(self.grid, spot, written, bool(kind or text))
        if self.is_error:
            self.grid.errors[spot] = text or "#VALUE!"
            return None
        if kind in ("float", "percentage", "currency"):
            value = number(self.cell.get("value", ""))
            if kind == "percentage" and isinstance(value, int | float):
                self.grid.percent.add(spot)
            return value
        if kind == "date":
            return typed(self.grid, spot, "d", self.cell.get("date-value", text))
        if kind == "time":
            return _time(self.cell.get("time-value", ""), text)
        if kind == "boolean":
            return self.cell.get("boolean-value") == "true"
        if not (kind or text):
            return None
        rich = RichText.of(self.runs)
        return rich if isinstance(rich, RichText) else self.cell.get("string-value", text)


def _time(written: str, shown: str) -> object:
    match = _TIME.fullmatch(written)
    if match is None:
        return shown or None
    hours, minutes, seconds = (
        float((part or "0").replace(",", ".")) for part in match.groups()[1:]
    )
    try:
        span = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return shown or None
    if match[1]:
        return -span
    return (datetime.min + span).time() if span < timedelta(days=1) else span


def _count(given: Attributes, name: str) -> int:
    """A count that is at least 1, and one where it is missing or no number."""
    text = given.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 10 else 1
