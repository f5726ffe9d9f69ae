"""The cover: whose workbook it is, until when, how to fill it in, and how every sheet stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xltools.cells import quote_sheet
from xltools.excel import styles
from xltools.excel.layout import row_pixels
from xltools.excel.links import cell_target
from xltools.excel.styles import Style
from xltools.generate.form import FIRST_ROW, STRIP_ROW, Form, Workbook
from xltools.generate.wording import DOUBTFUL, EMPTY, FINE, WRONG, count_of, placed
from xltools.locale import say

if TYPE_CHECKING:
    from xltools.excel.sheet import Sheet

WIDTHS = (16, 190, 420, 96, 96, 330)
_LAST = len(WIDTHS)
_STEPS = 5
_LABEL = Style(size=9, color=styles.MUTED, fill=styles.CARD, indent=1, left=(styles.THICK, styles.BLUE))
_VALUE = _LABEL.but(size=15, bold=True, color=styles.INK)
_STEP = Style(size=10, wrap=True)
_SHEET_LINK = styles.TABLE_CELL.but(color=styles.BLUE, bold=True, indent=1)
_LEGEND = (
    ("required", styles.HEADER_REQUIRED),
    ("optional", styles.HEADER_OPTIONAL),
    ("computed", styles.HEADER_COMPUTED),
    ("wrong", styles.CELL.but(color=styles.RED_TEXT, fill=styles.RED_FILL, align="center").boxed()),
    ("repeated", styles.CELL.but(color=styles.REPEAT_TEXT, fill=styles.REPEAT_FILL, align="center").boxed()),
    ("doubtful", styles.CELL.but(color=styles.AMBER_TEXT, fill=styles.AMBER_FILL, align="center").boxed()),
)
OVERALL_ROW = 5
FIRST_SHEET_ROW = 9


class Cover:
    """Writes the cover; ``status_rows`` is where each sheet's line stands."""

    def __init__(self, sheet: Sheet, workbook: Workbook) -> None:
        self.sheet = sheet
        self.workbook = workbook
        self.lang = workbook.lang
        self.status_rows = {
            name: FIRST_SHEET_ROW + index for index, name in enumerate(workbook.forms)
        }

    def write(self, fields: Sequence[tuple[str, str]]) -> None:
        """Write the whole page."""
        self._head(fields)
        row = self._sheets()
        row = self._steps(row + 1)
        row = self._legend(row + 1)
        self._view(row)

    def _head(self, fields: Sequence[tuple[str, str]]) -> None:
        sheet, definition = self.sheet, self.workbook.definition
        sheet.text(1, 2, definition.title[self.lang], styles.TITLE.but(color=styles.NAVY))
        mark = say(
            "generate.version", self.lang, template=definition.name, version=definition.version
        )
        sheet.text(1, _LAST, mark, styles.FORM_ID)
        for place in range(2, _LAST + 1):
            sheet.blank(2, place, styles.SUBTITLE)
        sheet.text(2, 2, definition.about[self.lang], styles.SUBTITLE)
        spans = [(2, 2), (3, 3), (4, 5)]
        for (first, last), (label, value) in zip(spans, fields, strict=False):
            sheet.merge(4, first, 4, last, label, _LABEL)
            sheet.merge(OVERALL_ROW, first, OVERALL_ROW, last, value, _VALUE)
        sheet.text(4, _LAST, say("generate.cover_overall", self.lang), _LABEL)
        overall, value = self._overall(), f"{EMPTY} {say('generate.strip_empty', self.lang)}"
        sheet.formula(OVERALL_ROW, _LAST, overall, value, _VALUE.but(size=12))
        self._colours(OVERALL_ROW, _LAST)

    def _overall(self) -> str:
        """How the whole workbook stands, from the lines of its sheets."""
        last = FIRST_SHEET_ROW + len(self.status_rows) - 1
        filled, wrong, status = (
            f"${letter}${FIRST_SHEET_ROW}:${letter}${last}" for letter in ("D", "E", "F")
        )
        lang = self.lang
        return (
            f'=IF(SUM({filled})=0,{placed(EMPTY + " " + say("generate.strip_empty", lang), "")},'
            f'IF(SUM({wrong})>0,'
            f'{placed(WRONG + " " + say("generate.strip_wrong", lang, count=chr(0)), f"SUM({wrong})")},'
            f'IF({count_of(status, DOUBTFUL)}>0,{placed(DOUBTFUL + " " + say("generate.cover_doubtful", lang), "")},'
            f'{placed(FINE + " " + say("generate.strip_fine", lang), "")})))'
        )

    def _sheets(self) -> int:
        """A line for each sheet; the row below them."""
        sheet, lang = self.sheet, self.lang
        sheet.text(7, 2, say("generate.cover_sheets", lang), styles.SECTION.but(bottom=None))
        heads = ("sheet", "about", "filled", "wrong", "status")
        for place, head in enumerate(heads, 2):
            style = styles.TABLE_HEADER_RIGHT if head in ("filled", "wrong") else styles.TABLE_HEADER
            sheet.text(8, place, say(f"generate.cover_{head}", lang), style.but(indent=1))
        for name, row in self.status_rows.items():
            self._line(row, self.workbook.forms[name])
        return FIRST_SHEET_ROW + len(self.status_rows)

    def _line(self, row: int, form: Form) -> None:
        sheet, lang = self.sheet, self.lang
        sheet.link(row, 2, cell_target(form.title, f"B{FIRST_ROW}"), form.title, _SHEET_LINK)
        sheet.text(row, 3, form.sheet.about[lang], styles.TABLE_MUTED.but(wrap=True, size=9, indent=1))
        checks = form.outside(1)
        sheet.formula(row, 4, f"={count_of(checks, '?')}", 0, styles.TABLE_NUMBER.but(indent=1))
        sheet.formula(row, 5, f"={count_of(checks, WRONG)}", 0, styles.TABLE_NUMBER.but(indent=1))
        status = f"={quote_sheet(form.title)}!$A${STRIP_ROW}"
        empty = f"{EMPTY} {say('generate.strip_empty', lang)}"
        sheet.formula(row, 6, status, empty, styles.TABLE_CELL.but(size=9, indent=1, wrap=True))
        self._colours(row, 6)
        height = row_pixels([(form.sheet.about[lang], WIDTHS[2])], size=9, minimum=28)
        sheet.view.row(row, height)

    def _steps(self, row: int) -> int:
        sheet, lang = self.sheet, self.lang
        sheet.text(row, 2, say("generate.cover_how", lang), styles.SECTION.but(bottom=None))
        sheet.view.row(row, 28)
        kind = "desk" if self.workbook.definition.filled_by == "desk" else "team"
        for step in range(1, _STEPS + 1):
            row += 1
            text = say(f"generate.step_{kind}_{step}", lang)
            sheet.merge(row, 2, row, _LAST, text, _STEP.but(indent=1))
            height = row_pixels([(text, sum(WIDTHS[1:]) - 40)])
            sheet.view.row(row, height)
        return row + 1

    def _legend(self, row: int) -> int:
        sheet, lang = self.sheet, self.lang
        sheet.text(row, 2, say("generate.cover_legend", lang), styles.SECTION.but(bottom=None))
        sheet.view.row(row, 28)
        for name, style in _LEGEND:
            row += 1
            sheet.text(row, 2, say(f"generate.legend_{name}", lang), style.but(size=9, wrap=False))
            told = say(f"generate.legend_{name}_about", lang)
            sheet.merge(row, 3, row, _LAST, told, _STEP.but(size=9, indent=1, color=styles.MUTED))
            sheet.view.row(row, 22)
        return row

    def _colours(self, row: int, place: int) -> None:
        letter = "ABCDEF"[place - 1]
        looks = ((WRONG, styles.LIGHT_RED), (DOUBTFUL, styles.Emphasis(color=styles.AMBER_TEXT)), (FINE, styles.LIGHT_GREEN))
        for mark, look in looks:
            self.sheet.conditional(
                row, place, row, place,
                type="formula", criteria=f'=LEFT(${letter}${row},1)="{mark}"', format=look,
            )

    def _view(self, last: int) -> None:
        view = self.sheet.view
        view.columns(WIDTHS)
        for row, pixels in ((1, 46), (2, 26), (3, 10), (4, 26), (5, 36), (6, 12), (7, 28), (8, 26)):
            view.row(row, pixels)
        view.screen(zoom=100, tab=styles.BLUE)
        view.select(FIRST_SHEET_ROW, 2)
        view.protect()
        view.page(tall=1)
        view.print_area(1, 1, last, _LAST)
        definition = self.workbook.definition
        view.header_footer(
            left=say("generate.version", self.lang, template=definition.name, version=definition.version),
            right=say("generate.page", self.lang),
        )
        view.activate()
