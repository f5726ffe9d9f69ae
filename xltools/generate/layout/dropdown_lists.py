"""The hidden sheets behind dropdowns and formulas: lists, library, parameters, the team's own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from xltools.definition import ColumnDef
from xltools.definition.default_settings import default_parameters
from xltools.generate.layout.form_layout import FIRST_ROW, LIBRARY, Names, Workbook
from xltools.ground.cells import column_letters, quote_sheet
from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.kinds import KINDS, usual_spans
from xltools.kinds.grammar.sound_alike import alike
from xltools.kinds.typed_text import ERROR_NAMES
from xltools.locale import say
from xltools.settings import Settings

if TYPE_CHECKING:
    from xltools.excel.writing.sheet_writer import Sheet
    from xltools.excel.writing.workbook_writer import Book

LISTS_SHEET = "_lists"
TEAM_SHEET = "_team"
TARGET_NAMES = ("tgt_metric", "tgt_target", "tgt_text")
_MOST_OF_A_TEAM = 1000
_MOST_TARGETS = 300
_MOST_NEAR = 3000
NEAR_NAMES = "near_members"
_FIRST = 2  # below the header

_Value = TypeVar("_Value", bound=Hashable)


class Lists:
    """Columns of the hidden sheet, each with a name that formulas and dropdowns use."""

    def __init__(self, book: Book, workbook: Workbook, settings: Settings, period: Quarter) -> None:
        self._book = book
        self._workbook = workbook
        self._settings = settings
        self._period = period
        self._sheet: Sheet = book.sheet(LISTS_SHEET, visibility="very hidden")
        self._width = 0

    def write(self, names: Names) -> None:
        """Write everything that the names stand for, and define them."""
        for list_name in sorted(names.lists):
            self._write_list(list_name)
        for _, column in sorted(names.sources.items()):
            self._write_source(column)
        for name, (sheet, column_name) in sorted(names.wanted.items()):
            if sheet == LIBRARY:
                rows = self._settings.library()
                self.column(name, [self._shown("metrics", column_name, row) for row in rows])
            elif sheet:
                form = self._workbook.forms[sheet]
                self._book.define_name(name, f"={form.outside(column_name)}")
        for reference in sorted(names.keys):
            sheet, _, column_name = reference.partition(".")
            form = self._workbook.forms[sheet]
            place = form.outside(form.key_column(column_name))
            self._book.define_name(f"same_{sheet}_{column_name}", f"={place}")
        for reference in sorted(names.references):
            sheet, _, column_name = reference.partition(".")
            form = self._workbook.forms[sheet]
            name = f"ref_{sheet}_{column_name}"
            self._book.define_name(name, f"={growing(form.outside(column_name), FIRST_ROW)}")
        self._write_parameters(names)
        self._write_words()

    def column(self, name: str, values: Sequence[object], *, named: int | None = None) -> int:
        """Write a column below its name; the name covers the first ``named`` of the values."""
        self._width += 1
        self._sheet.text(1, self._width, name)
        for row, value in enumerate(values, _FIRST):
            self._sheet.value(row, self._width, value)
        self._define(name, self._width, named or len(values))
        return self._width

    def _define(self, name: str, column: int, count: int) -> None:
        letters = column_letters(column)
        last = _FIRST + max(count, 1) - 1
        place = f"${letters}${_FIRST}:${letters}${last}"
        self._book.define_name(name, f"={quote_sheet(self._sheet.title)}!{place}")

    def _write_words(self) -> None:
        """What the kinds' live checks look things up in."""
        columns = (c for form in self._workbook.forms.values() for c in form.sheet.columns)
        if any(column.kind == "span" for column in columns):
            self.column("spans", usual_spans(self._period.year))
        self.column("error_names", [ERROR_NAMES])
        # Excel calls a plain format G and a date D; LibreOffice calls a date G.
        plain = f'CELL("format",{quote_sheet(self._sheet.title)}!$A$1)'
        self._book.define_name("bad_formats", f'=IF(LEFT({plain})="G","DP","GDP")')

    def _write_list(self, list_name: str) -> None:
        """The labels of the workbook's language, then whatever else means the same."""
        workbook = self._workbook
        choices = workbook.catalog.choices(workbook.definition, list_name)
        labels = [choice[workbook.lang] for choice in choices.values()]
        words = dict.fromkeys(labels)
        for name, choice in choices.items():
            words |= dict.fromkeys((choice.zh, choice.en, *choice.aliases, name))
        column = self.column(f"lst_{list_name}", list(words), named=len(labels))
        self._define(f"all_{list_name}", column, len(words))

    def _write_source(self, column: ColumnDef) -> None:
        sheet, _, name = column.source.partition(".")
        rows = self._settings.rows(sheet)
        if not column.source_by:
            self.column(source_name(column), _different(row[name] for row in rows))
            return
        pairs = _different(
            (self._shown(sheet, column.source_by, row), row[name]) for row in rows if row[name]
        )
        order = list(dict.fromkeys(parent for parent, _ in pairs))
        pairs.sort(key=lambda pair: order.index(pair[0]))
        self.column(source_name(column), [value for _, value in pairs])
        self.column(key_name(column), [parent for parent, _ in pairs])

    def _shown(self, sheet: str, column_name: str, row: Mapping[str, object]) -> object:
        """A settings cell as people see it: choices by their label."""
        value = row.get(column_name)
        catalog = self._workbook.catalog
        column = catalog.settings.sheet(sheet).column(column_name)
        if column.choices and value:
            choices = catalog.choices(catalog.settings, column.choices)
            return choices[str(value)][self._workbook.lang] if str(value) in choices else value
        return value or None

    def _write_parameters(self, names: Names) -> None:
        used = sorted(name for name, (sheet, _) in names.wanted.items() if not sheet)
        values = default_parameters(self._workbook.catalog) | self._settings.parameters
        for name in used:
            self.column(name, [values[name.removeprefix("p_")]])


def is_of_team(column: ColumnDef) -> bool:
    """Whether a column offers what belongs to one team, such as its members."""
    return column.source.partition(".")[0] in ("members", "targets")


def key_name(column: ColumnDef) -> str:
    """The name of the parents beside these values."""
    return "key" + source_name(column).removeprefix("by")


def dependent_list(column: ColumnDef, parent: str) -> str:
    """The values of one parent; all of them where it is blank or unknown."""
    values, keys = source_name(column), key_name(column)
    # No MATCH or COUNTIF on the text itself: what is typed may hold * or ?.
    count = f"SUMPRODUCT(({keys}={parent})*1)"
    first = f"MATCH(TRUE,INDEX({keys}={parent},0),0)"
    return f"IF({count}=0,{values},OFFSET({values},{first}-1,0,{count}))"


def growing(place: str, first_row: int) -> str:
    """A range up to its last cell that holds anything."""
    first = place.rpartition("!")[0] + "!" + place.rpartition("!")[2].partition(":")[0]
    last = f'SUMPRODUCT(MAX(({place}<>"")*(ROW({place})-{first_row - 1})))'
    return f"{first}:INDEX({place},MAX(1,{last}))"


def team_columns(workbook: Workbook) -> list[ColumnDef]:
    """One column for each settings column of which a team sees its own rows only."""
    found = {
        column.source: column
        for sheet in workbook.definition.sheets
        for column in sheet.columns
        if column.source and is_of_team(column)
    }
    return [found[source] for source in sorted(found)]


def team_values(columns: Sequence[ColumnDef], settings: Settings, team: str) -> list[list[str]]:
    """What the team's own columns offer, column by column."""
    offered: list[list[str]] = []
    for column in columns:
        sheet, _, name = column.source.partition(".")
        rows = settings.rows(sheet, team) if team else []
        values = _different(str(row[name]) for row in rows if row[name])
        offered.append([str(value) for value in values[:_MOST_OF_A_TEAM]])
    return offered + ([near_names(settings, team)] if offers_members(columns) else [])


def offers_members(columns: Iterable[ColumnDef]) -> bool:
    """Whether one of the columns offers the team's members."""
    return any(column.source == "members.name" for column in columns)


def near_names(settings: Settings, team: str) -> list[str]:
    """Short Chinese names that nobody has and that sound like just one of the team's members."""
    known = {fold(member.name) for member in settings.members}
    found: Counter[str] = Counter()
    for name in dict.fromkeys(settings.members_of(team)):
        if 1 < len(name) < 4:
            found.update(
                f"{name[:at]}{sign}{name[at + 1 :]}"
                for at, own in enumerate(name)
                for sign in alike(own)
            )
    near = [name for name, count in found.items() if count == 1 and fold(name) not in known]
    return near[:_MOST_NEAR]


def team_targets(settings: Settings, team: str, lang: str) -> list[list[object]]:
    """The team's metrics under each of their names, their targets, and these in words."""
    known = {metric.metric: metric for metric in settings.metrics}
    said: list[tuple[object, ...]] = []
    for target in settings.targets:
        if fold(target.team) != fold(team) or target.target is None:
            continue
        metric = known.get(target.metric)
        unit = target.unit or (metric.unit if metric else "")
        text = KINDS["measure"].text(float(target.target), unit)
        words = say("generate.set_target", lang, target=text)
        names = (target.metric, *(metric.aliases if metric else ()))
        said += [(name, target.target, words) for name in names]
    return [[row[place] for row in said[:_MOST_TARGETS]] for place in range(len(TARGET_NAMES))]


def write_team_sheet(book: Book, columns: Sequence[ColumnDef], *, targets: bool) -> str:
    """The sheet for what differs between teams, still empty; its title, "" where none is needed.

    The names of dropdowns grow with what the sheet holds.
    """
    if not columns and not targets:
        return ""
    sheet = book.sheet(TEAM_SHEET, visibility="very hidden")
    growing_names = [(source_name(column), _MOST_OF_A_TEAM) for column in columns]
    growing_names += [(NEAR_NAMES, _MOST_NEAR)] if offers_members(columns) else []
    for number, (name, most) in enumerate(growing_names, 1):
        sheet.text(1, number, name)
        letters = column_letters(number)
        whole = f"{quote_sheet(sheet.title)}!${letters}${_FIRST}:${letters}${most + 1}"
        book.define_name(name, f"={growing(whole, _FIRST)}")
    for number, name in enumerate(TARGET_NAMES if targets else (), len(growing_names) + 1):
        sheet.text(1, number, name)
        letters = column_letters(number)
        place = f"${letters}${_FIRST}:${letters}${_MOST_TARGETS + 1}"
        book.define_name(name, f"={quote_sheet(sheet.title)}!{place}")
    return sheet.title


def source_name(column: ColumnDef) -> str:
    """The name of the values that a column offers."""
    sheet, _, name = column.source.partition(".")
    # A cell rule's formula is short, and holds this name several times.
    return f"by_{column.source_by}_{name}" if column.source_by else f"src_{sheet}_{name}"


def _different(values: Iterable[_Value]) -> list[_Value]:
    return list(dict.fromkeys(value for value in values if value))
