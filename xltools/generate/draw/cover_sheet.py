"""The cover: whose workbook it is, until when, how to fill it in, and how every sheet stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xltools.excel import styles
from xltools.excel.links import cell_target
from xltools.excel.styles import Emphasis, Style
from xltools.excel.text_size import row_pixels
from xltools.generate.layout.column_styles import version_mark
from xltools.generate.layout.form_layout import FIRST_ROW, STRIP_ROW, Form, Workbook
from xltools.generate.live.live_status import (
    DOUBTFUL,
    EMPTY,
    FINE,
    WRONG,
    count_of,
    overall,
    overall_formula,
)
from xltools.ground.cells import CellRef, column_letters, quote_sheet
from xltools.locale import say

if TYPE_CHECKING:
    from xltools.excel.writing.sheet_writer import Sheet

WIDTHS = (16, 190, 370, 96, 96, 380)
SHEET, ABOUT, FILLED, TO_MEND, STATUS = range(2, 7)
OVERALL = CellRef(5, STATUS)
_FIRST_LINE = 9
_LINE_PIXELS = 40  # many kinds of faults take two lines
_STEPS = 5
_LABEL = Style(
    size=9, color=styles.MUTED, fill=styles.CARD, indent=1, left=(styles.THICK, styles.BLUE)
)
_VALUE = _LABEL.but(size=15, bold=True, color=styles.INK)
_STEP = Style(wrap=True, indent=1)
_TEXT = styles.TABLE_CELL.but(size=9, indent=1, wrap=True)
_COUNT = styles.TABLE_NUMBER.but(indent=1)
_SHEET_LINK = styles.TABLE_CELL.but(color=styles.BLUE, bold=True, indent=1)
_SWATCH = Style(size=9, align="center")
_LEGEND = (
    ("required", styles.HEADER_REQUIRED),
    ("optional", styles.HEADER_OPTIONAL),
    ("computed", styles.HEADER_COMPUTED),
    ("wrong", _SWATCH.but(color=styles.RED_TEXT, fill=styles.RED_FILL).boxed()),
    ("repeated", _SWATCH.but(color=styles.REPEAT_TEXT, fill=styles.REPEAT_FILL).boxed()),
    ("doubtful", _SWATCH.but(color=styles.AMBER_TEXT, fill=styles.AMBER_FILL).boxed()),
)
_COLOURS = (
    (WRONG, styles.LIGHT_RED),
    (DOUBTFUL, Emphasis(color=styles.AMBER_TEXT)),
    (FINE, styles.LIGHT_GREEN),
)


class Cover:
    """Writes the cover; ``lines`` says in which row each sheet stands."""

    def __init__(self, sheet: Sheet, workbook: Workbook) -> None:
        self.sheet = sheet
        self.workbook = workbook
        self.lang = workbook.lang
        self.lines = {name: _FIRST_LINE + index for index, name in enumerate(workbook.forms)}

    def write(self, fields: Sequence[tuple[str, str]]) -> None:
        """Write the whole page."""
        self._head(fields)
        row = self._sheets()
        row = self._steps(row + 1)
        row = self._legend(row + 1)
        self._view(row)

    def _head(self, fields: Sequence[tuple[str, str]]) -> None:
        sheet, definition, lang = self.sheet, self.workbook.definition, self.lang
        sheet.text(1, SHEET, definition.title[lang], styles.TITLE.but(color=styles.NAVY))
        sheet.text(1, STATUS, version_mark(self.workbook), styles.FORM_ID)
        for place in range(ABOUT, STATUS + 1):
            sheet.blank(2, place, styles.SUBTITLE)
        sheet.text(2, SHEET, definition.about[lang], styles.SUBTITLE)
        cards = [(SHEET, SHEET), (ABOUT, ABOUT), (FILLED, TO_MEND)]
        row = OVERALL.row
        for (first, last), (label, value) in zip(cards, fields, strict=True):
            sheet.merge(row - 1, first, row - 1, last, label, _LABEL)
            sheet.merge(row, first, row, last, value, _VALUE)
        sheet.text(row - 1, STATUS, say("generate.cover_overall", lang), _LABEL)
        forms = self.workbook.forms.values()
        waiting = "+".join(count_of(form.outside(1), EMPTY) for form in forms)
        formula = overall_formula(
            self._column(FILLED), self._column(TO_MEND), waiting, self._column(STATUS), lang
        )
        sheet.formula(row, STATUS, formula, overall(0, 0, 0, 0, lang), _VALUE.but(size=12))
        self._colour(row)

    def _column(self, column: int) -> str:
        letters = column_letters(column)
        return f"${letters}${_FIRST_LINE}:${letters}${_FIRST_LINE + len(self.lines) - 1}"

    def _section(self, row: int, name: str) -> None:
        title = say(f"generate.cover_{name}", self.lang)
        self.sheet.text(row, SHEET, title, styles.SECTION.but(bottom=None))
        self.sheet.view.row(row, 28)

    def _sheets(self) -> int:
        """A line for each sheet; the row below them."""
        self._section(_FIRST_LINE - 2, "sheets")
        for place, head in enumerate(("sheet", "about", "filled", "wrong", "status"), SHEET):
            right = place in (FILLED, TO_MEND)
            style = styles.TABLE_HEADER_RIGHT if right else styles.TABLE_HEADER
            text = say(f"generate.cover_{head}", self.lang)
            self.sheet.text(_FIRST_LINE - 1, place, text, style.but(indent=1))
        for name, row in self.lines.items():
            self._line(row, self.workbook.forms[name])
        return _FIRST_LINE + len(self.lines)

    def _line(self, row: int, form: Form) -> None:
        sheet, about = self.sheet, form.sheet.about[self.lang]
        target = cell_target(form.title, CellRef(FIRST_ROW, 2))
        sheet.link(row, SHEET, target, form.title, _SHEET_LINK)
        sheet.text(row, ABOUT, about, _TEXT.but(color=styles.MUTED))
        checks = form.outside(1)
        sheet.formula(row, FILLED, f"={count_of(checks, '?')}-{count_of(checks, EMPTY)}", 0, _COUNT)
        unchecked = f"VALUE({quote_sheet(form.title)}!{form.unchecked_cell})"
        sheet.formula(row, TO_MEND, f"={count_of(checks, WRONG)}+{unchecked}", 0, _COUNT)
        strip = f"={quote_sheet(form.title)}!$A${STRIP_ROW}"
        sheet.formula(row, STATUS, strip, overall(0, 0, 0, 0, self.lang), _TEXT)
        self._colour(row)
        sheet.view.row(row, row_pixels([(about, WIDTHS[ABOUT - 1])], size=9, minimum=_LINE_PIXELS))

    def _steps(self, row: int) -> int:
        sheet = self.sheet
        self._section(row, "how")
        room = sum(WIDTHS[1:]) - 40
        for step in range(1, _STEPS + 1):
            row += 1
            filled_by = self.workbook.definition.filled_by
            text = say(f"generate.step_{filled_by}_{step}", self.lang)
            sheet.merge(row, SHEET, row, STATUS, text, _STEP)
            sheet.view.row(row, row_pixels([(text, room)]))
        return row + 1

    def _legend(self, row: int) -> int:
        sheet, lang = self.sheet, self.lang
        self._section(row, "legend")
        for name, style in _LEGEND:
            row += 1
            sheet.text(row, SHEET, say(f"generate.legend_{name}", lang), style.but(size=9))
            about = say(f"generate.legend_{name}_about", lang)
            sheet.merge(row, ABOUT, row, STATUS, about, _STEP.but(size=9, color=styles.MUTED))
            sheet.view.row(row, 22)
        return row

    def _colour(self, row: int) -> None:
        cell = f"${column_letters(STATUS)}${row}"
        for mark, look in _COLOURS:
            test = f'LEFT({cell},1)="{mark}"'
            self.sheet.emphasise(row, STATUS, row, STATUS, test, look)

    def _view(self, last: int) -> None:
        view = self.sheet.view
        view.columns(WIDTHS)
        for row, pixels in ((1, 46), (2, 26), (3, 10), (4, 26), (5, 36), (6, 12), (8, 26)):
            view.row(row, pixels)
        view.screen(tab=styles.BLUE)
        view.select(_FIRST_LINE, SHEET)
        view.protect()
        view.page(tall=1)
        view.print_area(1, 1, last, STATUS)
        view.header_footer(left=version_mark(self.workbook), right=say("generate.page", self.lang))
        view.activate()
