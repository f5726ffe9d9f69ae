"""An ``.xlsx`` of a workbook in another format: values and styles as read, no formulas."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from xltools.errors import WriteError
from xltools.excel.editing.kept_formats import cell_style
from xltools.excel.identity import HIDDEN_SHEET, own_columns, read_identity, stamp, write_identity
from xltools.excel.package.workbook_package import NotEditableError
from xltools.excel.reading.cells.cell_places import Spot
from xltools.excel.reading.preflight import admit_content
from xltools.excel.reading.workbook_reader import SheetCells, WorkbookCells, read_admitted
from xltools.excel.styles import CELL, FORM_TITLE, HEADER_OPTIONAL, Style
from xltools.excel.text_size import column_pixels, row_pixels
from xltools.excel.writing.sheet_writer import Sheet
from xltools.excel.writing.workbook_writer import Book, Visibility
from xltools.kinds.display_format import RichText

_STATES: dict[str, Visibility] = {"hidden": "hidden", "veryHidden": "very hidden"}
_UNKNOWN = "#N/A"  # of a formula without a value: still an error, so that nobody misses it
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
_UNDATED = datetime(2000, 1, 1)
_WIDEST = 260


class SheetPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What the check knows of a sheet: its first row of data, the columns that it computes again,
    the cells with an issue, and those that hold no value whatever they show.
    """

    first_row: int = 0
    computed: frozenset[int] = frozenset()
    reported: frozenset[Spot] = frozenset()
    broken: frozenset[Spot] = frozenset()


class Converted(NamedTuple):
    """The new workbook, and its sheets' titles by those they had."""

    content: bytes
    titles: dict[str, str]


def converted(
    content: bytes, plans: Mapping[str, SheetPlan], is_ours: Callable[[str], bool]
) -> Converted:
    """Sheets, values and identity as an ``.xlsx``; NotEditableError for what cannot be one.

    The program's own sheets are left out, all but the identity: instructions and lists of a live
    form. Of its formulas no result stays, as it would be wrong after the first correction.
    """
    admitted = admit_content(content)
    if admitted.format == "xlsx":
        raise NotEditableError("xlsx")
    book = read_admitted(admitted)
    stream = io.BytesIO()
    try:
        with Book(stream, created=_saved(book)) as made:
            titles = _write(made, book, plans, is_ours)
    except (WriteError, ValueError, TypeError) as fault:
        raise NotEditableError(str(fault)) from fault
    return Converted(stream.getvalue(), titles)


def _saved(book: WorkbookCells) -> datetime:
    """When the source was saved, where it says so."""
    try:
        return datetime.fromisoformat(book.modified[:19])
    except ValueError:
        return _UNDATED


def _write(
    made: Book,
    book: WorkbookCells,
    plans: Mapping[str, SheetPlan],
    is_ours: Callable[[str], bool],
) -> dict[str, str]:
    titles: dict[str, str] = {}
    hidden = False
    for cells in book.sheets:
        identifies = cells.title.casefold().startswith(HIDDEN_SHEET)
        if is_ours(cells.title) and not identifies:
            continue
        hidden |= identifies
        sheet = made.sheet(cells.title, visibility=_STATES.get(cells.state, "visible"))
        titles[cells.title] = sheet.title
        _Writing(sheet, cells, plans.get(cells.title, SheetPlan())).run()
    identity, _ = read_identity(
        book.properties, book.names, [(cells.title, cells.rows) for cells in book.sheets]
    )
    if identity is not None:
        (stamp if hidden else write_identity)(made, identity)
    return titles


class _Writing:
    """One sheet while it is written."""

    def __init__(self, sheet: Sheet, cells: SheetCells, plan: SheetPlan) -> None:
        self.sheet = sheet
        self.cells = cells
        self.plan = plan
        self.covered = {
            (row, column)
            for top, left, bottom, right in cells.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        }
        self.header = self._header_row()
        self.own = own_columns(cells.rows) | self._helpers()

    def run(self) -> None:
        """Columns and rows first, then merges, then whatever stands in them."""
        self._lay_out()
        for top, left, bottom, right in self.cells.merges:
            self.sheet.merge(top, left, bottom, right, None, self._style((top, left), None))
        for row, values in enumerate(self.cells.rows, 1):
            shown = {
                column: self._shown((row, column), value) for column, value in enumerate(values, 1)
            }
            if any(value is not None for value in shown.values()):
                for column, value in shown.items():
                    self._cell((row, column), value)
        for spot in {*self.cells.errors, *self.plan.broken}:
            if not self._is_stale(spot):
                error = self.cells.errors.get(spot, _UNKNOWN)
                error = error if error in _ERRORS else "#VALUE!"
                self.sheet.formula(*spot, f"={error}", error, self._style(spot, None))

    def _cell(self, spot: Spot, value: object) -> None:
        style = self._style(spot, value)
        if isinstance(value, RichText) and value.runs:
            parts = [
                (words, style.but(strike=struck, raised=raised))
                for words, struck, raised in value.runs
            ]
            self.sheet.rich(*spot, parts, style)
        elif value is not None:
            self.sheet.value(*spot, value, style)
        elif self._in_table(spot) and spot not in self.covered:
            self.sheet.blank(*spot, style)

    def _shown(self, spot: Spot, value: object) -> object:
        return None if value == "" or self._is_stale(spot) else value

    def _is_stale(self, spot: Spot) -> bool:
        """Whether a formula of ours stands here whose result would not follow a correction."""
        if spot not in self.cells.formulas:
            return False
        computed = spot[1] in self.plan.computed and spot not in self.plan.reported
        return computed or spot[1] in self.own

    def _in_table(self, spot: Spot) -> bool:
        return bool(self.header) and spot[0] >= self.header

    def _style(self, spot: Spot, value: object) -> Style:
        if spot[0] == self.header:
            return HEADER_OPTIONAL
        base = CELL.but(indent=1).boxed() if self._in_table(spot) else CELL
        is_caption = self.header > spot[0] and spot not in self.covered
        if spot == (1, 1) and is_caption:
            base = FORM_TITLE
        display = self.cells.formats.get(spot)
        return cell_style(value, display, base.but(wrap=not is_caption), spot in self.cells.percent)

    def _header_row(self) -> int:
        """The visible row of most texts above the data."""
        best, most = 0, 1
        for row in range(1, min(self.plan.first_row, len(self.cells.rows) + 1)):
            texts = sum(
                isinstance(value, str) and value != "" for value in self.cells.rows[row - 1]
            )
            if texts > most and row not in self.cells.hidden_rows:
                best, most = row, texts
        return best

    def _helpers(self) -> set[int]:
        """Hidden columns beside a table that no header names: only formulas need them."""
        if not self.header:
            return set()
        heads = self.cells.rows[self.header - 1]
        named = {column for column, text in enumerate(heads, 1) if text not in (None, "")}
        return self.cells.hidden_columns - named

    def _lay_out(self) -> None:
        view, cells = self.sheet.view, self.cells
        widths = self._widths()
        for column in {*widths, *cells.hidden_columns}:
            hidden = column in cells.hidden_columns
            view.column(column, column, widths.get(column), hidden=hidden)
        for row in cells.hidden_rows | cells.grouped_rows:
            if row <= len(cells.rows):
                level = int(row in cells.grouped_rows)
                view.row(row, hidden=row in cells.hidden_rows, level=level)
        for top, left, bottom, right in cells.merges:
            text = self._text((top, left))
            if top == bottom and text and top not in cells.hidden_rows:
                room = sum(widths.get(column, 64) for column in range(left, right + 1))
                view.row(top, row_pixels([(text, room)]))
        view.page()
        if self.header > 1 and self._text((1, 1)):
            view.row(
                1, row_pixels([(self._text((1, 1)), float(_WIDEST * 4))], size=FORM_TITLE.size)
            )
        if self.header:
            heads = [(self._text((self.header, c)), float(widths[c])) for c in widths]
            view.row(self.header, row_pixels(heads))
            view.freeze(self.header + 1, 1)

    def _widths(self) -> dict[int, int]:
        """Widths that show what stands in the columns, long texts in several lines."""
        texts: dict[int, list[str]] = {}
        for row, values in enumerate(
            self.cells.rows[max(self.header, 1) - 1 :], max(self.header, 1)
        ):
            for column in range(1, len(values) + 1):
                spot = row, column
                if spot not in self.covered and row not in self.cells.hidden_rows:
                    texts.setdefault(column, []).append(self._text(spot))
        return {column: column_pixels(said, maximum=_WIDEST) for column, said in texts.items()}

    def _text(self, spot: Spot) -> str:
        values = self.cells.rows[spot[0] - 1] if spot[0] <= len(self.cells.rows) else []
        value = values[spot[1] - 1] if spot[1] <= len(values) else None
        return "" if value is None or self._is_stale(spot) else str(value)
