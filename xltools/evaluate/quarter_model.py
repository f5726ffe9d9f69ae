"""What every page starts from: language, date, parameters, teams, and the rows as grids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from xltools.consolidate.combine.consolidation import Consolidation
from xltools.definition import ColumnDef, Definition, FigureDef, LocalText, SheetDef
from xltools.evaluate.figures.card import Card
from xltools.evaluate.figures.figure_grid import Column, Grid, Look
from xltools.evaluate.figures.live_figure import Parameter
from xltools.evaluate.figures.value_formats import data_style, data_width
from xltools.excel.links import file_target
from xltools.excel.styles import Style
from xltools.excel.writing.serial_values import serial_number
from xltools.ground.cells import CellRef
from xltools.ground.folding import fold
from xltools.ground.period import Quarter
from xltools.locale import say, sentences
from xltools.settings import Team

if TYPE_CHECKING:
    from xltools.expressions import Scope
    from xltools.expressions.compute.column_arrays import Array
    from xltools.expressions.nodes import Cell, Type

FIRST_ROW = 3  # of the rows on a data sheet, below its title and headers
EARLIER = 10_000  # the key of team 7 in the first previous quarter is 10,007
SheetKey = tuple[str, str]


class Declared(NamedTuple):
    """The columns of a sheet or made table by name, and the definition whose lists they name."""

    definition: Definition
    columns: Mapping[str, ColumnDef | FigureDef]


@dataclass(frozen=True, kw_only=True)
class Model:
    """One evaluation: what it is made from, and what its steps hand on to each other.

    Made anew for every workbook and dropped with it: nothing of it is shared by two runs.
    """

    current: Consolidation
    earlier: tuple[Consolidation, ...]  # quarters, the latest first
    teams: tuple[Team, ...]
    period: Quarter | None
    as_of: date
    lang: str
    folder: Path  # of the workbook; links are relative to it
    titles: Mapping[str, str]  # of sheets, by page, grid, and definition and sheet
    parameters: Mapping[str, float]
    # Sheets whose rows of earlier quarters somebody asks for, and whether for their figures, too.
    dated: Mapping[SheetKey, bool] = field(default_factory=dict)

    # Filled while the workbook is made.
    # Of each sheet this quarter's rows, behind them those of earlier quarters.
    grids: dict[SheetKey, Grid] = field(default_factory=dict)
    derived: dict[str, Grid] = field(default_factory=dict)  # made from those
    contents: list[str] = field(default_factory=list)  # names of the pages drawn
    left_out: list[tuple[str, str]] = field(default_factory=list)  # titles of the others, and why
    added: list[str] = field(default_factory=list)  # teams that came since the last report
    news: list[str] = field(default_factory=list)  # sentences on what else came or went
    looks: list[Style] = field(default_factory=list)  # of the figures that moved since
    places: dict[tuple[str, int], str] = field(default_factory=dict)  # where a page shows a row
    cards: list[Card] = field(default_factory=list)  # that definitions add to the Overview
    # What they draw on it, and how many columns it wants.
    blocks: list[tuple[int, Callable[..., None]]] = field(default_factory=list)
    words: dict[str, str] = field(default_factory=dict)  # for gaps in declared titles and labels
    scopes: dict[str, Scope] = field(default_factory=dict)  # of expressions, by definition
    cells: dict[Column, Cell] = field(default_factory=dict)  # columns as expressions name them
    # Columns as expressions read them.
    answers: dict[tuple[Column, Type], Array] = field(default_factory=dict)

    def say(self, key: str, **values: object) -> str:
        """A sentence of the evaluation in the workbook's language."""
        return say(f"evaluate.{key}", self.lang, **values)

    def worded(self, text: LocalText) -> str:
        """A declared title or label in the workbook's language, its gaps filled."""
        found = text[self.lang]
        for name, word in self.words.items():
            found = found.replace(f"{{{name}}}", word)
        return found

    def template(self, key: str) -> str:
        """A sentence with ``{0}``, ``{1}``… still open for figures."""
        return sentences(self.lang)[f"evaluate.{key}"]

    @property
    def title(self) -> str:
        """What the report is called."""
        period = self.period_name(self.period)
        return (
            self.say("overview.title", period=period) if period else self.say("overview.untitled")
        )

    def parameter(self, name: str) -> Parameter:
        """A threshold or rate on the Parameters page."""
        return Parameter(name, self.parameters[name])

    @property
    def today(self) -> Parameter:
        """The as-of date on the Parameters page."""
        return Parameter("as_of", serial_number(self.as_of))

    def sheet(self, definition: str, sheet: str) -> SheetDef:
        """A declared sheet, or a table that the program makes."""
        _, name = self.key(definition, sheet)
        return self.current.catalog[definition].whole.sheet(name)

    @cached_property
    def declared(self) -> dict[str, Declared]:
        """What definitions declare of the columns of sheets and made tables, by grid."""
        found: dict[str, Declared] = {}
        for one in self.current.catalog.team_definitions:
            for sheet in (*one.sheets, *one.tables):
                both: Sequence[ColumnDef | FigureDef] = (*sheet.columns, *sheet.figures)
                name = sheet.name if sheet.made_of else f"{one.name}_{sheet.name}"
                found[name] = Declared(one, {column.name: column for column in both})
        return found

    def look(self, grid: Grid, name: str, style: Style, width: int) -> Look:
        """How a column looks: as its definition declares it where that asks for it, else as given.

        A declared one is at least as wide as given, and as its header needs.
        """
        declared = self.declared.get(grid.name)
        if declared is None or name not in declared.columns:
            return Look(self.say(f"data.{name}"), style, width)
        column = declared.columns[name]
        label = self.header(column)
        return Look(label, data_style(column.kind), max(width, data_width(column, label)))

    def open(self, name: str, count: int) -> Grid:
        """A new grid among the derived ones, without columns."""
        known = self.current.catalog.team_definitions
        of = (f"{one.name}.{name}" for one in known for table in one.tables if table.name == name)
        sheet = next(of, "")
        self.derived[name] = Grid(self.titles[name], FIRST_ROW, count, name, sheet=sheet)
        return self.derived[name]

    def key(self, definition: str, sheet: str) -> SheetKey:
        """The key of a sheet's rows, also by the name that it once had."""
        return definition, self.current.catalog.called_now(definition, sheet)

    def grid(self, definition: str, sheet: str) -> Grid | None:
        """A sheet's rows; None where nobody filled it."""
        return self.grids.get(self.key(definition, sheet))

    @cached_property
    def former_names(self) -> dict[str, str]:
        """The names of grids by those that they had before their sheets were renamed."""
        sheets = (
            (one.name, sheet) for one in self.current.catalog for sheet in one.sheets if sheet.was
        )
        return {f"{name}_{sheet.was}": f"{name}_{sheet.name}" for name, sheet in sheets}

    def rows(self, definition: str, sheet: str) -> range:
        """Indexes of this quarter's rows in the sheet's grid."""
        key = self.key(definition, sheet)
        table = self.current.table(*key) if self.current.catalog.has(*key) else None
        return range(0 if table is None else len(table))

    def header(self, declared: ColumnDef | FigureDef) -> str:
        """A declared column's label, its unit in brackets."""
        text = declared.label[self.lang]
        return f"{text} ({self.unit(declared.unit)})" if declared.unit else text

    def unit(self, unit: str) -> str:
        """A declared unit in the workbook's language."""
        return sentences(self.lang).get(f"evaluate.units.{unit}", unit)

    def choices(self, definition: str, name: str) -> dict[str, str]:
        """All labels of a list by the choices' names."""
        catalog = self.current.catalog
        found = catalog.choices(catalog[definition], name)
        return {one: words[self.lang] for one, words in found.items()}

    def team_key(self, team: object) -> int | None:
        """A team's number, from 1."""
        return self._keys.get(fold(str(team)))

    def earlier_key(self, quarters: int) -> int | None:
        """What to add to a key to reach the quarter so many before this one, if it was given."""
        if self.period is None:
            return None
        wanted = self.period.shift(-quarters)
        periods = [one.period for one in self.earlier]
        return (periods.index(wanted) + 1) * EARLIER if wanted in periods else None

    def quarters_ago(self, period: Quarter | None) -> int:
        """How many quarters lie between a quarter and this one."""
        if period is None or self.period is None:
            return 0
        return (self.period.year - period.year) * 4 + self.period.number - period.number

    @cached_property
    def _keys(self) -> dict[str, int]:
        return {fold(team.team): number for number, team in enumerate(self.teams, 1)}

    def link_to(self, file: str, sheet: str = "", cell: CellRef | str = "") -> str:
        """Where a link to a file, or to a cell in it, leads."""
        return file_target(self.folder, file, sheet, cell)

    @property
    def quarter(self) -> int:
        """The number of the quarter, by the as-of date where no period is known."""
        return self.period.number if self.period else (self.as_of.month + 2) // 3

    def period_name(self, period: Quarter | None) -> str:
        """A quarter as people say it."""
        if period is None:
            return ""
        numeral = "一二三四"[period.number - 1]
        return self.say("quarter", year=period.year, number=period.number, numeral=numeral)
