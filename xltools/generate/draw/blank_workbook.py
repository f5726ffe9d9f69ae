"""One layout of a workbook, built once: a package in which a few cells differ between teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING

from xltools.definition import Catalog, Definition
from xltools.errors import DefinitionError
from xltools.excel.cell_text import LONGEST_FORMULA, utf16_length
from xltools.excel.identity import Identity, write_identity
from xltools.excel.links import literal
from xltools.excel.titles import sheet_title
from xltools.expressions import to_excel
from xltools.generate.draw.cover_sheet import Cover
from xltools.generate.draw.fill_sheet import Page
from xltools.generate.draw.sheet_part import Part, filled_down, growing
from xltools.generate.layout.column_styles import cell_style
from xltools.generate.layout.dropdown_lists import Lists, team_columns, write_team_sheet
from xltools.generate.layout.entry_rules import write_entry_rules
from xltools.generate.layout.form_layout import FIRST_ROW, Form, Names, RowLayout, Workbook
from xltools.generate.layout.helper_keys import key_formula
from xltools.generate.layout.row_names import LONGEST_INLINE, in_a_name, row_name
from xltools.generate.live.live_checks import (
    fault_formulas,
    live_faults,
    rule_formulas,
    target_lookup,
)
from xltools.generate.live.live_colours import colour_texts
from xltools.generate.live.live_status import Status
from xltools.generate.live.target_tally import tally_formula
from xltools.ground.period import Quarter
from xltools.locale import say
from xltools.settings import Settings

if TYPE_CHECKING:
    from xltools.excel.package.workbook_package import Package
    from xltools.excel.writing.workbook_writer import Book

# Stand for the team and its deadline until a package is stamped; a name inside an encoded
# identity is escaped.
TEAM_MARK = "\ue0f1"
ENCODED_TEAM_MARK = "\ue0f2"
DUE_MARK = "\ue0f3"
UNITS = ("%", "1:X")  # whose measures have number formats of their own


def lay_out(
    catalog: Catalog, definition: Definition, lang: str, capacity: Mapping[str, int]
) -> Workbook:
    """Where everything stands; ``capacity`` says how many rows each sheet has."""
    titles = [say("generate.cover_title", lang)]
    keyed = _keyed(definition)
    forms: dict[str, Form] = {}
    for sheet in definition.sheets:
        titles.append(sheet_title(sheet.title[lang], titles))
        forms[sheet.name] = Form(sheet, titles[-1], capacity[sheet.name], keyed[sheet.name])
    return Workbook(catalog, definition, lang, forms)


def _keyed(definition: Definition) -> dict[str, list[str]]:
    """By sheet the columns whose texts are compared with those of other rows."""
    columns = [(sheet.name, c) for sheet in definition.sheets for c in sheet.columns if c.typed]
    meant = {column.reference for _, column in columns if column.reference}
    return {
        sheet.name: [
            column.name
            for column in sheet.columns
            if (column.typed and (column.unique or column.reference))
            or f"{sheet.name}.{column.name}" in meant
        ]
        for sheet in definition.sheets
    }


class Blank:
    """A layout, written once, and the package that it makes; a few cells differ between teams.

    ``parts`` are the sheets' parts by sheet name, "" the cover; ``part_names`` what the package
    calls them. ``unit_styles`` are the styles of measures by sheet, column and unit,
    ``status_rows`` the cover's lines, ``team_part`` the name of the part that holds what is the
    team's own.
    """

    def __init__(self, workbook: Workbook, settings: Settings, period: Quarter) -> None:
        self.workbook = workbook
        self.settings = settings
        self._period = period
        self._names = Names()
        forms = workbook.forms
        self.faults = {name: live_faults(form, self._names) for name, form in forms.items()}
        self.status = {
            name: Status.of(form, self.faults[name], workbook.lang) for name, form in forms.items()
        }
        self.team_columns = team_columns(workbook)
        self.team_part = ""
        self.status_rows: Mapping[str, int] = {}
        self.unit_styles: dict[tuple[str, str, str], int] = {}
        self.widths: dict[str, Sequence[float]] = {}
        self.part_names: dict[str, str] = {}
        self.parts: dict[str, Part] = {}
        self.package = self._packed()

    def _packed(self) -> Package:
        """Write the layout, with marks where a team's name goes, and fill its formulas down."""
        from xltools.excel.package.workbook_package import Package
        from xltools.excel.writing.workbook_writer import Book

        stream = BytesIO()
        created = datetime.combine(self._period.start, time())
        title = f"{self.workbook.definition.title[self.workbook.lang]} {self._period}"
        with Book(stream, created=created, title=title, subject=TEAM_MARK) as book:
            forms = self.workbook.forms
            formulas = {
                name: self._named(book, form, self._row_formulas(form))
                for name, form in forms.items()
            }
            team_sheet = self._write(book)
            titles = book.titles
        package = Package(stream.getvalue())
        sheets = {title: f"xl/worksheets/sheet{at}.xml" for at, title in enumerate(titles, 1)}
        self.team_part = sheets[team_sheet] if team_sheet else ""
        self.part_names = {"": sheets[titles[0]]}
        self.parts = {"": Part(package.text(sheets[titles[0]]))}
        for name, form in forms.items():
            part = self.part_names[name] = sheets[form.title]
            text = filled_down(package.text(part), formulas[name], FIRST_ROW, form.last_row)
            text = growing(text, FIRST_ROW)
            package.replace(part, text)
            self.parts[name] = Part(text)
        return Package(package.save())

    def _write(self, book: Book) -> str:
        """Cover, fill sheets, then what is hidden; the title of the team's own sheet, if any."""
        workbook = self.workbook
        fields = self._fields()
        cover = Cover(book.sheet(say("generate.cover_title", workbook.lang)), workbook)
        self.status_rows = cover.lines
        cover.write(fields)
        for name, form in workbook.forms.items():
            page = Page(book.sheet(form.title), workbook, form, self.status[name])
            page.write(self._identity(ENCODED_TEAM_MARK), fields, self.faults[name])
            write_entry_rules(page.sheet, workbook, form, self._names)
            self.widths[name] = page.widths
            self._register_unit_styles(book, form)
        lists = Lists(book, workbook, self.settings, self._period)
        lists.write(self._names)
        for name, status in self.status.items():
            lists.column(f"flt_{name}", status.short)
            lists.column(f"say_{name}", status.long)
        targets = any(form.sheet.states_targets for form in workbook.forms.values())
        team_sheet = write_team_sheet(book, self.team_columns, targets=targets)
        write_identity(book, self._identity(TEAM_MARK))
        return team_sheet

    def _identity(self, team: str) -> Identity:
        definition = self.workbook.definition
        return Identity(
            template=definition.name,
            version=definition.version,
            team=team,
            period=str(self._period),
            lang=self.workbook.lang,
        )

    def _fields(self) -> list[tuple[str, str]]:
        lang, settings = self.workbook.lang, self.settings
        if self.workbook.definition.filled_by == "desk":
            first = (say("generate.field_organisation", lang), settings.organisation or "—")
            due = str(settings.deadline or "—")
        else:
            first, due = (say("generate.field_team", lang), TEAM_MARK), DUE_MARK
        return [
            first,
            (say("generate.field_period", lang), str(self._period)),
            (say("generate.field_deadline", lang), due),
        ]

    def _row_formulas(self, form: Form) -> dict[int, tuple[str, object]]:
        """The formulas of the first row by column, and what each shows in a blank row."""
        workbook, names, sheet = self.workbook, self._names, form.sheet
        number = form.cell(form.fault_column)
        found = f"INDEX(flt_{sheet.name},VALUE({number})+1)"
        status = self.status[sheet.name]
        to_fill = literal(status.to_fill)
        if sheet.states_targets:
            behind = f'IFERROR(" · "&{target_lookup(form, "tgt_text")},"")'
            to_fill += f"&{behind}"
            if sheet.tallied:
                found += f"&{tally_formula(form)}"
            else:
                found += f'&IF({number}="{status.target}",{behind},"")'
        waiting = f'AND({number}<>"0",{form.untouched()})'
        check = f'IF({number}="","",IF({waiting},{to_fill},{found}))'
        formulas: dict[int, tuple[str, object]] = {1: (check, "")}
        layout = RowLayout(workbook, form, names)
        for column in sheet.columns:
            if column.computed:
                formula = to_excel(workbook.parse(sheet, column.compute), layout)
                formulas[form.columns[column.name]] = (formula, "")
        first, *parts = fault_formulas(form, self.faults[sheet.name])
        formulas[form.fault_column] = (first, "")
        for index, formula in enumerate(parts, 1):
            formulas[form.part_column(index)] = (formula, "")
        for index, formula in enumerate(rule_formulas(workbook, form, names)):
            formulas[form.rule_column(index)] = (formula, "")
        for name in form.keyed:
            formulas[form.key_column(name)] = (key_formula(form.cell(name)), "")
        for place, (_, formula) in colour_texts(form, self.faults[sheet.name]).items():
            formulas[place] = (formula, "")
        for place, (formula, _) in formulas.items():
            if utf16_length(formula) > LONGEST_FORMULA:
                keys = [name for name, column in form.columns.items() if column == place]
                what = keys[0] if keys else str(place)
                raise DefinitionError(
                    "errors.definition.formula_too_long",
                    path=f"{workbook.definition.name}.{sheet.name}.{what}",
                    length=utf16_length(formula),
                    limit=LONGEST_FORMULA,
                )
        return formulas

    def _named(
        self, book: Book, form: Form, formulas: Mapping[int, tuple[str, object]]
    ) -> dict[int, tuple[str, object]]:
        """The same rows, their long formulas each held by a name, where a name can hold it."""
        found = dict(formulas)
        for place, (formula, value) in formulas.items():
            # In a name every cell carries its sheet's title, and the limit is the same.
            held = in_a_name(formula, form.title)
            if len(formula) > LONGEST_INLINE and utf16_length(held) <= LONGEST_FORMULA:
                name = row_name(form, place)
                book.define_name(name, f"={held}")
                found[place] = (name, value)
        return found

    def _register_unit_styles(self, book: Book, form: Form) -> None:
        """Have the number formats of percentages and ratios at hand for rows that need them."""
        for column in form.sheet.columns:
            if column.unit_from:
                for unit in UNITS:
                    style = book.style_number(cell_style(column, unit))
                    self.unit_styles[form.sheet.name, column.name, unit] = style
