"""A definition's tables as its evaluation sees them: rows of all teams, further columns, summaries.

Each table is a grid: formulas name its columns, the computation reads them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from xltools.definition import Catalog, Definition, FigureDef
from xltools.evaluate.declared.planned_summaries import Narrow, planned
from xltools.evaluate.figures.figure_grid import Grid, Look
from xltools.evaluate.figures.stated_figure import Stated
from xltools.evaluate.figures.value_formats import data_style
from xltools.evaluate.grid_expressions import figure_of, holding
from xltools.evaluate.quarter_model import Model, SheetKey
from xltools.evaluate.submitted_rows import GridLayout, Lines
from xltools.expressions import Expression, parse
from xltools.expressions.nodes import Where
from xltools.expressions.reading.evaluation_scope import EvaluationScopes
from xltools.expressions.reading.scope import LIBRARY, TEAMS
from xltools.expressions.verify import evaluation_texts

_WIDTH = 96
_MOST_NAMES, _LONGEST_NAME = 12, 80  # that figures stand side by side for
# What the program's own facts compare with earlier quarters.
_COMPARED: tuple[SheetKey, ...] = (
    ("expansion", "outcome"),
    ("expansion", "stages"),
    ("plan", "metrics"),
)


def dated_sheets(catalog: Catalog) -> Mapping[SheetKey, bool]:
    """The sheets whose rows of earlier quarters a definition, or the program itself, asks for.

    The value says whether it asks for their figures, too: these are live then, else values.
    """
    found = {(name, catalog.called_now(name, sheet)): False for name, sheet in _COMPARED}
    for definition in catalog.team_definitions:
        figures = {
            (sheet.name, one.name)
            for sheet in definition.whole.sheets
            for one in sheet.figures
            if one.compute
        }
        for one in evaluation_texts(catalog, definition):
            for sheet, column in parse(one.text, one.scope, ago=one.ago).earlier_columns:
                key = definition.name, sheet or one.scope.sheet
                found[key] = found.get(key, False) or (key[1], column) in figures
        by_period = (one.source for one in definition.summaries if "period" in one.by)
        found |= {(definition.name, source): True for source in by_period}
    return found


@dataclass(frozen=True)
class EvaluatedTables:
    """The tables of one definition by name: sheets, summaries, the library and the teams.

    ``narrow`` says on which rows alone a summary's figure is computed, ``groups`` which summaries
    are those of a table's groups.
    """

    model: Model
    definition: Definition
    grids: dict[str, Grid] = field(default_factory=dict)
    narrow: Narrow = field(default_factory=dict)
    groups: frozenset[str] = frozenset()

    @classmethod
    def of(cls, model: Model, definition: Definition) -> EvaluatedTables:
        """The tables as they came, nothing added yet."""
        names = partial(_names_held, model, definition.name)
        whole = planned(model.current.catalog, definition, names)
        tables = cls(model, whole.definition, narrow=whole.narrow, groups=whole.groups)
        for name, made in ((one.name, one.made_of) for one in whole.definition.sheets):
            grid = model.derived.get(name) if made else model.grid(definition.name, name)
            if grid is not None:
                tables.grids[name] = grid
        for name in (LIBRARY, TEAMS):
            tables.grids.setdefault(name, model.derived[name])
        return tables

    @cached_property
    def scopes(self) -> EvaluationScopes:
        """What expressions may name, where earlier quarters are those that were given."""
        model, name = self.model, self.definition.name
        known = frozenset(model.quarters_ago(one.period) for one in model.earlier) | {0}
        dated = frozenset(sheet for owner, sheet in model.dated if owner == name)
        return EvaluationScopes(model.current.catalog, self.definition, known, dated, model.quarter)

    def parsed(
        self, text: str, table: str = "", *, ago: int = 0, narrow: Sequence[tuple[str, Where]] = ()
    ) -> Expression:
        """An expression of a sheet's rows or of a summary's lines, or one that stands by itself."""
        scopes, summaries = self.scopes, {one.name: one for one in self.definition.summaries}
        if table in summaries:
            scope = scopes.of_summary(summaries[table])
        else:
            scope = scopes.of_sheet(table) if table else scopes.of_page()
        return parse(text, scope, ago=ago, narrow=narrow).rounded

    def of_figure(self, table: str, one: FigureDef) -> Expression:
        """The expression of a declared figure, on the rows to which it is narrowed."""
        return self.parsed(one.compute, table, narrow=self.narrow.get((table, one.name), ()))

    def add(self, table: str, one: FigureDef, lines: Lines | None = None, number: int = 0) -> None:
        """Add a declared figure to the grid of a table.

        ``lines`` are those of a summary; ``number`` is the sheet's column, 0 for the next one.
        """
        figure = self.figure(self.of_figure(table, one), table, lines)
        look = Look(self.model.header(one), data_style(one.kind), _WIDTH)
        self.grids[table].add(one.name, figure, look, number)

    def figure(self, expression: Expression, own: str = "", lines: Lines | None = None) -> Stated:
        """An expression in every row of the table ``own``, or by itself."""
        key = self.definition.name, own
        standing = key in self.model.grids and not self.model.dated.get(key, True)
        rows = len(self.model.rows(*key)) if standing else None
        return figure_of(expression, self._layout(own, lines), rows)

    def holding(self, asked: Expression, table: str) -> list[bool]:
        """In which rows of a table a condition is definitely true now."""
        return holding(asked, self._layout(table))

    def _layout(self, own: str, lines: Lines | None = None) -> GridLayout:
        find = self.grids.get
        return GridLayout(self.model, self.definition.name, find(own), find, lines)


def _names_held(model: Model, definition: str, sheet: str, column: str) -> list[str]:
    """The names that most rows of a column hold, as first spelled."""
    grid = model.grid(definition, sheet) or model.derived.get(sheet)
    if grid is None:
        return []
    rows = len(model.rows(definition, sheet)) or None  # of this quarter; of made tables all
    values = [str(value or "").strip() for value in grid.declared(column).values[:rows]]
    held = Counter(name.casefold() for name in values if 0 < len(name) <= _LONGEST_NAME)
    spelled = {name.casefold(): name for name in reversed(values)}
    return [spelled[name] for name, _ in held.most_common(_MOST_NAMES)]
