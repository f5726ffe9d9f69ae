"""One fill sheet as every team gets it: head, header, example, blank rows, live formats, paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from xltools.cells import column_letters, quote_sheet
from xltools.definition import ColumnDef
from xltools.excel import styles
from xltools.excel.identity import Identity, key_row
from xltools.excel.layout import row_pixels, text_pixels, wrapped_lines
from xltools.excel.styles import Style
from xltools.generate import form as places
from xltools.generate.faults import LiveFault
from xltools.generate.form import FIRST_ROW, Form, Workbook
from xltools.generate.looks import (
    CHECK_PIXELS,
    PAPER_PIXELS,
    cell_style,
    example_of,
    example_style,
    header_lines,
    header_parts,
    header_style,
    shown,
    widths,
)
from xltools.generate.wording import DOUBTFUL, EMPTY, FINE, WRONG, next_formula, strip_formula
from xltools.locale import say

if TYPE_CHECKING:
    from xltools.excel.sheet import Sheet

_ROW_PIXELS = 24
_HEAD = {
    places.TITLE_ROW: 38,
    places.ABOUT_ROW: 22,
    places.STRIP_ROW: 30,
    places.NEXT_ROW: 22,
    places.FIELD_ROW: 28,
    places.GAP_ROW: 8,
}
_MOST_FROZEN = 440
HELPER = Style(size=8, color=styles.FAINT)

Field = tuple[str, str]  # label and value
_PAPER_HEIGHT = (8.27 - 0.95) * 96  # A4 landscape, pixels


def landscape_pixels(width: float) -> float:
    """How many pixels of height a page holds when so many of width are fitted to it."""
    return _PAPER_HEIGHT * max(1.0, width / PAPER_PIXELS)


class Page:
    """Writes one form into its sheet."""

    def __init__(self, sheet: Sheet, workbook: Workbook, form: Form) -> None:
        self.sheet = sheet
        self.workbook = workbook
        self.form = form
        self.widths = [CHECK_PIXELS, *widths(workbook, form)]

    def write(self, identity: Identity, fields: Sequence[Field], faults: list[LiveFault]) -> None:
        """Write everything but the rows' formulas, which are the same in every row."""
        self._head(fields)
        self._header(identity)
        self._example()
        self._rows()
        self._live(faults)
        self._view()

    def _head(self, fields: Sequence[Field]) -> None:
        sheet, form, lang = self.sheet, self.form, self.workbook.lang
        definition, last = self.workbook.definition, self.form.last_visible
        sheet.text(places.TITLE_ROW, 1, form.sheet.title[lang], styles.FORM_TITLE)
        mark = say("generate.version", lang, template=definition.name, version=definition.version)
        sheet.text(places.TITLE_ROW, last, mark, styles.FORM_ID)
        sheet.text(places.ABOUT_ROW, 1, form.sheet.about[lang], styles.FORM_RULES)
        strip = strip_formula(form, lang)
        empty = f"{EMPTY} {say('generate.strip_empty', lang)}"
        for place in range(2, last + 1):
            sheet.blank(places.STRIP_ROW, place, styles.STRIP.but(left=None))
        sheet.formula(places.STRIP_ROW, 1, strip, empty, styles.STRIP)
        told = next_formula(form, f"say_{form.sheet.name}", lang)
        sheet.formula(places.NEXT_ROW, 1, told, "", styles.FORM_RULES.but(color=styles.RED_TEXT))
        self._fields(fields)

    def _fields(self, fields: Sequence[Field]) -> None:
        """Labels and values side by side, each over as many columns as its text needs."""
        column, row = 1, places.FIELD_ROW
        for name, value in fields:
            column = self._over(row, column, name, styles.FIELD_LABEL, 56)
            needed = max(150, text_pixels(value, bold=True) + 30)
            column = self._over(row, column, value, styles.FIELD_VALUE, needed)

    def _over(self, row: int, column: int, text: str, style: Style, needed: float) -> int:
        last, room = column, self._width(column)
        while room < needed and last < self.form.last_visible:
            last += 1
            room += self._width(last)
        if column <= self.form.last_visible:
            self.sheet.merge(row, column, row, last, text, style)
        return last + 1

    def _width(self, column: int) -> int:
        return self.widths[column - 1] if column <= len(self.widths) else 0

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
        names = sorted(form.columns, key=form.columns.__getitem__)
        helpers = ["_fault", *(f"_{rule.name}" for rule in form.sheet.rules)]
        keys = key_row(identity, form.sheet.name, [*names, *helpers])
        for place, key in enumerate(keys, 1):
            sheet.text(places.KEY_ROW, place, key, styles.KEY_ROW)

    def _example(self) -> None:
        sheet, form, workbook = self.sheet, self.form, self.workbook
        row = places.EXAMPLE_ROW
        said = say("generate.example", workbook.lang)
        sheet.text(row, 1, said, styles.EXAMPLE.but(align="center", indent=0))
        for column in form.sheet.columns:
            value = shown(workbook, column, example_of(column, workbook.lang))
            if column.unit_from and isinstance(value, int | float):
                unit = example_of(form.sheet.column(column.unit_from), workbook.lang)
                style = example_style(column).but(number=cell_style(column, str(unit or "")).number)
            else:
                style = example_style(column)
            sheet.value(row, form.columns[column.name], value, style.but(wrap=True))

    def _rows(self) -> None:
        """Blank cells that only carry their style."""
        sheet, form = self.sheet, self.form
        looks = [styles.CHECK, *(cell_style(column) for column in [*form.visible, *form.hidden])]
        looks += [HELPER] * (form.width - form.last_column)
        for row in range(FIRST_ROW, form.last_row + 1):
            for place, style in enumerate(looks, 1):
                sheet.blank(row, place, style)

    def _live(self, faults: list[LiveFault]) -> None:
        """Colours that follow what is typed; in one cell no two of them hold at once."""
        form = self.form
        for mark, look in ((WRONG, styles.FAULT), (DOUBTFUL, styles.DOUBT), (FINE, styles.FINE)):
            check = f'=LEFT({form.cell(1)},1)="{mark}"'
            self._format(1, check, look)
            strip = f'=LEFT($A${places.STRIP_ROW},1)="{mark}"'
            self.sheet.conditional(
                places.STRIP_ROW, 1, places.STRIP_ROW, form.last_visible,
                type="formula", criteria=strip, format=look,
            )
        for column in form.visible:
            self._live_column(column, faults)

    def _live_column(self, column: ColumnDef, faults: list[LiveFault]) -> None:
        wrong, repeated, doubtful = (
            self._tests(column, faults, kind) for kind in ("wrong", "repeated", "doubt")
        )
        place = self.form.columns[column.name]
        started = f'{self.form.cell(self.form.fault_column)}<>""'
        red = f"OR({','.join(wrong)})" if wrong else ""
        if red:
            self._format(place, f"=AND({started},{red})", styles.FAULT)
        not_red = f",NOT({red})" if red else ""
        if repeated:
            orange = f"OR({','.join(repeated)})"
            self._format(place, f"=AND({started},{orange}{not_red})", styles.REPEATED)
            not_red += f",NOT({orange})"
        if doubtful:
            amber = f"OR({','.join(doubtful)})"
            self._format(place, f"=AND({started},{amber}{not_red})", styles.DOUBT)
        if column.unit_from and column.computed:
            unit = self.form.cell(column.unit_from)
            for test, number in ((f'ISNUMBER(SEARCH("%",{unit}))', "%"), (f'LEFT({unit},2)="1:"', "1:X")):
                shape = styles.Emphasis(number=cell_style(column, number).number)
                self._format(place, f"={test}", shape)

    def _tests(self, column: ColumnDef, faults: list[LiveFault], kind: str) -> list[str]:
        found = []
        for fault in faults:
            told = {"repeated": "repeated", "doubt": "doubt"}.get(fault.category, "wrong")
            if column.name in fault.columns and told == kind:
                helper = None if fault.rule is None else self.form.rule_column(fault.rule)
                found.append(self.form.cell(helper) if helper else fault.formula)
        return found

    def _format(self, place: int, formula: str, look: styles.Emphasis) -> None:
        last = self.form.last_row
        self.sheet.conditional(
            FIRST_ROW, place, last, place, type="formula", criteria=formula, format=look
        )

    def _view(self) -> None:
        sheet, form, view = self.sheet, self.form, self.sheet.view
        lang = self.workbook.lang
        view.columns(self.widths)
        if form.hidden:
            view.column(form.last_visible + 1, form.last_column, 90, hidden=True)
        view.column(form.fault_column, form.width, 60, hidden=True)
        for row, pixels in _HEAD.items():
            view.row(row, pixels)
        view.row(places.HEADER_ROW, self._header_pixels())
        view.row(places.EXAMPLE_ROW, self._example_pixels())
        view.row(places.KEY_ROW, hidden=True)
        view.default_row(_ROW_PIXELS)
        view.freeze(FIRST_ROW, self._frozen() + 1)
        view.select(FIRST_ROW, 2)
        view.screen(zoom=100, tab=styles.NAVY)
        view.autofilter(places.EXAMPLE_ROW, 2, form.last_row, form.last_column)
        view.protect()
        view.page()
        view.repeat_rows(places.HEADER_ROW, places.HEADER_ROW)
        self._print_area()
        definition = self.workbook.definition
        view.header_footer(
            left=say("generate.version", lang, template=definition.name, version=definition.version),
            center="&A",
            right=say("generate.page", lang),
        )
        text = column_letters(2) + str(FIRST_ROW)
        whole = f"{text}:{column_letters(form.last_column)}{form.last_row}"
        view.ignore_errors(number_stored_as_text=whole)

    def _print_area(self) -> None:
        """Print the rows in use, at least a whole page; programs without such names print all."""
        form, title = self.form, quote_sheet(self.form.title)
        paper = landscape_pixels(sum(self.widths))
        head = sum(_HEAD.values()) + self._header_pixels() + self._example_pixels()
        page = max(1, min(form.capacity, int((paper - head) // _ROW_PIXELS))) + FIRST_ROW - 1
        checks = form.outside(1)
        used = f'SUMPRODUCT(MAX(({checks}<>"")*ROW({checks})))'
        last = column_letters(form.last_visible)
        rows = f"{title}!${last}$1:${last}${form.last_row}"
        area = f"{title}!$A$1:INDEX({rows},MAX({page},{used}))"
        self.sheet.book.define_name(f"{title}!_xlnm.Print_Area", f"={area}")

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
        cells = [
            (str(shown(self.workbook, column, example_of(column, self.workbook.lang)) or ""), pixels - 16)
            for column, pixels in zip(self.form.visible, self.widths[1:], strict=True)
        ]
        return row_pixels(cells, minimum=_ROW_PIXELS)
