"""One fill sheet as every team gets it: head, header, example, blank rows, live formats, paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xltools.excel import styles
from xltools.excel.identity import Identity, key_row
from xltools.excel.styles import Style
from xltools.excel.text_size import row_pixels, text_pixels, wrapped_lines
from xltools.generate.layout import form_layout as places
from xltools.generate.layout.column_styles import (
    ROW_PIXELS,
    cell_content,
    cell_style,
    check_style,
    example_of,
    example_style,
    header_lines,
    header_parts,
    header_style,
    row_height,
    version_mark,
    widths,
    zoom,
)
from xltools.generate.layout.form_layout import FIRST_ROW, Form, Workbook
from xltools.generate.live.live_checks import LiveFault
from xltools.generate.live.live_colours import colour_texts, write_live_colours
from xltools.generate.live.live_status import Status
from xltools.ground.cells import column_letters
from xltools.locale import say

if TYPE_CHECKING:
    from xltools.excel.writing.sheet_writer import Sheet

_MOST_FROZEN = 440
_SPARE_ROWS = 5
_FIELD_TEXT = Style(bold=True)
_HELPER = Style(size=8, color=styles.FAINT)
_HEAD = {
    places.TITLE_ROW: 38,
    places.ABOUT_ROW: 22,
    places.STRIP_ROW: 30,
    places.NEXT_ROW: 22,
    places.FIELD_ROW: 28,
    places.GAP_ROW: 8,
}

Field = tuple[str, str]  # label and value


class Page:
    """Writes one form into its sheet."""

    def __init__(self, sheet: Sheet, workbook: Workbook, form: Form, status: Status) -> None:
        self.sheet = sheet
        self.workbook = workbook
        self.form = form
        self.status = status
        self.widths = widths(workbook, form, status.short)

    def write(
        self,
        identity: Identity,
        fields: Sequence[Field],
        faults: Sequence[LiveFault],
    ) -> None:
        """Write everything but the rows' formulas, which are the same in every row."""
        self.width = max(colour_texts(self.form, faults))
        self._head()
        self._fields(fields)
        self._header(identity)
        self._example()
        self._rows()
        write_live_colours(self.sheet, self.form, faults)
        self._view()

    def _head(self) -> None:
        sheet, form, lang, status = self.sheet, self.form, self.workbook.lang, self.status
        last = form.last_visible
        sheet.text(places.TITLE_ROW, 1, form.sheet.title[lang], styles.FORM_TITLE)
        sheet.text(places.TITLE_ROW, last, version_mark(self.workbook), styles.FORM_ID)
        sheet.text(places.ABOUT_ROW, 1, form.sheet.about[lang], styles.FORM_RULES)
        for place in range(2, last + 1):
            sheet.blank(places.STRIP_ROW, place, styles.STRIP.but(left=None))
        sheet.formula(places.STRIP_ROW, 1, status.strip_formula(), status.empty, styles.STRIP)
        unchecked = f"={form.unchecked()}"
        sheet.formula(places.STRIP_ROW, form.fault_column, unchecked, "0", _HELPER)
        sentence = status.next_formula(f"say_{form.sheet.name}")
        red = styles.FORM_RULES.but(color=styles.RED_TEXT)
        sheet.formula(places.NEXT_ROW, 1, sentence, "", red)

    def _fields(self, fields: Sequence[Field]) -> None:
        """Labels and values side by side, in boxes where the columns leave room for all of them."""
        row, places_of = places.FIELD_ROW, self._boxes(fields)
        if not places_of:
            parts: list[tuple[str, Style | None]] = []
            for name, value in fields:
                parts += [(f"{name}  ", styles.NOTE.but(size=9)), (f"{value}      ", _FIELD_TEXT)]
            self.sheet.rich(row, 1, parts, styles.CELL)
            return
        for (first, last), (text, style) in zip(places_of, self._field_cells(fields), strict=True):
            self.sheet.merge(row, first, row, last, text, style)

    def _field_cells(self, fields: Sequence[Field]) -> list[tuple[str, Style]]:
        label = styles.FIELD_LABEL.but(indent=1)
        return [
            cell for name, value in fields for cell in ((name, label), (value, styles.FIELD_VALUE))
        ]

    def _boxes(self, fields: Sequence[Field]) -> list[tuple[int, int]]:
        """The columns of each label and value; nothing where they do not all fit."""
        found: list[tuple[int, int]] = []
        column = 1
        for text, style in self._field_cells(fields):
            least = 150 if style is styles.FIELD_VALUE else 56
            needed = max(least, text_pixels(text, bold=style.bold) + 30)
            last = column
            while sum(self.widths[column - 1 : last]) < needed:
                last += 1
                if last > self.form.last_visible:
                    return []
            if column > self.form.last_visible:
                return []
            found.append((column, last))
            column = last + 1
        return found

    def _header(self, identity: Identity) -> None:
        sheet, form, lang = self.sheet, self.form, self.workbook.lang
        other = say("generate.check_header", "en" if lang == "zh" else "zh")
        head = [(say("generate.check_header", lang), styles.CELL.but(bold=True))]
        sheet.rich(
            places.HEADER_ROW,
            1,
            [*head, (f"\n{other}", styles.HEADER_SMALL_DARK)],
            styles.HEADER_COMPUTED,
        )
        for column in form.sheet.columns:
            place = form.columns[column.name]
            parts = header_parts(column, lang)
            sheet.rich(places.HEADER_ROW, place, parts, header_style(column))
        keys = key_row(identity, form.sheet.name, form.keys)
        for place, key in enumerate(keys, 1):
            sheet.text(places.KEY_ROW, place, key, styles.KEY_ROW)

    def _example(self) -> None:
        sheet, form, workbook = self.sheet, self.form, self.workbook
        row = places.EXAMPLE_ROW
        said = say("generate.example", workbook.lang)
        sheet.text(row, 1, said, styles.EXAMPLE.but(align="center", indent=0))
        for column in form.sheet.columns:
            value = cell_content(workbook, column, example_of(column, workbook.lang))
            if column.unit_from and isinstance(value, int | float):
                unit = example_of(form.sheet.column(column.unit_from), workbook.lang)
                style = example_style(column).but(number=cell_style(column, str(unit or "")).number)
            else:
                style = example_style(column)
            sheet.value(row, form.columns[column.name], value, style.but(wrap=True))

    def _rows(self) -> None:
        """Blank cells that only carry their style."""
        sheet, form = self.sheet, self.form
        looks = [check_style(form), *(cell_style(column) for column in form.visible)]
        looks += [_HELPER, *(cell_style(column) for column in form.hidden)]
        looks += [_HELPER] * (self.width - form.last_column)
        for row in range(FIRST_ROW, form.last_row + 1):
            for place, style in enumerate(looks, 1):
                sheet.blank(row, place, style)

    def _view(self) -> None:
        form, view = self.form, self.sheet.view
        view.columns(self.widths)
        view.column(form.last_visible + 1, self.width, 90, hidden=True)
        for row, pixels in _HEAD.items():
            view.row(row, pixels)
        view.row(places.HEADER_ROW, self._header_pixels())
        view.row(places.EXAMPLE_ROW, self._example_pixels())
        view.row(places.KEY_ROW, hidden=True)
        view.default_row(row_height(form))
        view.freeze(FIRST_ROW, self._frozen() + 1)
        view.select(FIRST_ROW, 2)
        view.screen(zoom=zoom(sum(self.widths)), tab=styles.NAVY)
        view.autofilter(places.HEADER_ROW, 2, form.last_row, form.last_column)
        view.protect(format_cells=True, objects=True, insert_rows=True, delete_rows=True)
        view.page()
        view.repeat_rows(places.HEADER_ROW, places.HEADER_ROW)
        view.print_growing(form.last_row, form.last_visible, self._printed())
        page = say("generate.page", self.workbook.lang)
        view.header_footer(left=version_mark(self.workbook), center="&A", right=page)
        text = column_letters(2) + str(FIRST_ROW)
        whole = f"{text}:{column_letters(form.last_column)}{form.last_row}"
        view.ignore_errors(number_stored_as_text=whole)
        # Locked cells keep Tab on the inputs, and would keep rows from being sorted.
        view.sortable(whole)

    def _printed(self) -> str:
        """The formula of the last row on paper: the filled ones and a handful to write into."""
        checks = self.form.outside(places.CHECK_COLUMN)
        filled = f'SUMPRODUCT(MAX(({checks}<>"")*ROW({checks})))'
        return f"MIN({self.form.last_row},MAX({FIRST_ROW - 1},{filled})+{_SPARE_ROWS})"

    def _frozen(self) -> int:
        """The last column that stays in sight: the one by which people know a row."""
        named = [c for c in self.form.visible if c.unique] or [
            c for c in self.form.visible if c.required and c.kind in ("text", "reference", "person")
        ]
        last = self.form.columns[named[0].name] if named else 2
        while last > 1 and sum(self.widths[:last]) > _MOST_FROZEN:
            last -= 1
        return last

    def _header_pixels(self) -> int:
        most = 0
        for column, pixels in zip(self.form.visible, self.widths[1:], strict=True):
            height = 0.0
            for text, size, bold in header_lines(column, self.workbook.lang):
                height += wrapped_lines(text, pixels, size, bold=bold) * size * 1.75
            most = max(most, int(height) + 12)
        return most

    def _example_pixels(self) -> int:
        cells = []
        for column, pixels in zip(self.form.visible, self.widths[1:], strict=True):
            example = cell_content(self.workbook, column, example_of(column, self.workbook.lang))
            cells.append((str(example or ""), pixels - 16))
        return row_pixels(cells, minimum=ROW_PIXELS)
