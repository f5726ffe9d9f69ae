"""A definition's tables as its evaluation sees them: rows of all teams, further columns, summaries.

Each table is a grid, which formulas read, and a frame, which the computation reads. An expression
compiles to a figure over the grids, and the frames give its values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xltools.definition import Catalog, ColumnDef, Definition, FigureDef
from xltools.evaluate.declared.planned_summaries import Narrow, planned
from xltools.evaluate.figures.figure_grid import Column, Grid, Look
from xltools.evaluate.figures.live_figure import Value
from xltools.evaluate.figures.stated_figure import Stated
from xltools.evaluate.figures.value_formats import data_style
from xltools.evaluate.grid_expressions import figure_of
from xltools.evaluate.quarter_model import Model, SheetKey
from xltools.evaluate.submitted_rows import (
    GridLayout,
    floats,
    rows_together,
)
from xltools.expressions import (
    Expression,
    Group,
    Scope,
    Tables,
    evaluate,
    parse,
    true_rows,
)
from xltools.expressions.nodes import Where
from xltools.expressions.reading.evaluation_scope import AS_OF, KEY, EvaluationScopes
from xltools.expressions.reading.scope import LIBRARY, TEAMS, kind_type
from xltools.expressions.verify import evaluation_texts

if TYPE_CHECKING:
    import pandas as pd

LINE = "_line"  # of a frame: the line of the summary that a row belongs to
_OWN = "·"  # the table in whose rows an expression stands; no sheet is called so
_WIDTH = 96
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
    found = dict.fromkeys(_COMPARED, False)
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
class Lines:
    """Which rows of a sheet belong to a line: a column of its grid with the number of each row's.

    ``cell`` is where the number of the line itself stands, ``own`` are the numbers of all lines.
    """

    sheet: str
    column: Column
    cell: str
    own: Sequence[Value]

    @property
    def numbers(self) -> Sequence[Value]:
        """The line of every row."""
        return self.column.values


@dataclass(frozen=True)
class EvaluatedTables:
    """The tables of one definition by name: sheets, summaries, the library and the teams.

    ``narrow`` says on which rows alone a summary's figure is computed, ``groups`` which summaries
    are those of a table's groups.
    """

    model: Model
    definition: Definition
    grids: dict[str, Grid] = field(default_factory=dict)
    frames: dict[str, Any] = field(default_factory=dict)
    narrow: Narrow = field(default_factory=dict)
    groups: frozenset[str] = frozenset()

    @classmethod
    def of(cls, model: Model, definition: Definition) -> EvaluatedTables:
        """The tables as they came, nothing added yet."""
        import pandas as pd

        whole = planned(model.current.catalog, definition)
        tables = cls(model, whole.definition, narrow=whole.narrow, groups=whole.groups)
        for sheet in whole.definition.sheets:
            name = sheet.name
            grid = model.derived.get(name) if sheet.made_of else model.grid(definition.name, name)
            if grid is None:
                tables.frames[name] = pd.DataFrame()
                continue
            filled = [one for one in sheet.figures if one.name in grid]
            if sheet.made_of:
                tables.grids[name] = grid
                ours = {"team": "team", KEY: KEY, "_key": KEY}
                own = {one: list(grid[of].values) for one, of in ours.items() if of in grid}
                own |= _read(model, whole.definition, (*sheet.columns, *filled), grid)
                tables.frames[name] = pd.DataFrame(own)
                continue
            frame = rows_together(model, (definition.name, name))
            frame = frame.assign(**_read(model, whole.definition, filled, grid))
            given: dict[str, Any] = {
                "team": frame["_team"].astype(str),
                "period": frame["_period"].astype(str),
                KEY: frame["_key"].astype(float),
            }
            missing = {one: given[one] for one in given if one not in frame}
            tables.grids[name], tables.frames[name] = grid, frame.assign(**missing)
        library, teams = model.derived["library"], model.derived["teams"]
        for name, grid in ((LIBRARY, library), (TEAMS, teams)):
            tables.grids.setdefault(name, grid)
        names = teams.columns.items()
        known = {name: [_plain(one) for one in column.values] for name, column in names}
        tables.frames.setdefault(TEAMS, pd.DataFrame(known))
        return tables

    @cached_property
    def scopes(self) -> EvaluationScopes:
        """What expressions may name, where earlier quarters are those that were given."""
        model, name = self.model, self.definition.name
        known = frozenset(model.quarters_ago(one.period) for one in model.earlier) | {0}
        dated = frozenset(sheet for owner, sheet in model.dated if owner == name)
        return EvaluationScopes(model.current.catalog, self.definition, known, dated, model.quarter)

    def stated(
        self,
        text: str,
        scope: Scope,
        own: str = "",
        *,
        ago: int = 0,
        narrow: Sequence[tuple[str, Where]] = (),
    ) -> Stated:
        """An expression in every row of the table ``own``, or by itself."""
        expression = parse(text, scope, ago=ago, narrow=narrow).rounded
        return self.figure(expression, self.answers(expression, own), own)

    def parsed(self, one: FigureDef, scope: Scope, *, table: str) -> Expression:
        """The expression of a declared figure, on the rows to which it is narrowed."""
        return parse(one.compute, scope, narrow=self.narrow.get((table, one.name), ()))

    def add(
        self,
        table: str,
        one: FigureDef,
        scope: Scope,
        lines: Lines | None = None,
        number: int = 0,
    ) -> Column:
        """Add a declared figure to the grid and to the frame of a table.

        ``lines`` are those of a summary; ``number`` is the sheet's column, 0 for the next one.
        """
        expression = self.parsed(one, scope, table=table).rounded
        answers = self.answers(expression, table, lines)
        figure = self.figure(expression, answers, table, lines, one.choices)
        self.frames[table] = self.frames[table].assign(**{one.name: answers})
        style = data_style(one.kind)
        label = self.model.header(one)
        grid = self.grids[table]
        return grid.add(one.name, figure, Look(label, style, _WIDTH), number)

    def figure(
        self,
        expression: Expression,
        answers: pd.Series[Any],
        own: str,
        lines: Lines | None = None,
        choices: str = "",
    ) -> Stated:
        """An expression of a table and its answers as one figure; ``choices`` is their list."""
        name, grids = self.definition.name, self.grids
        layout = _Layout(self.model, name, grids.get(own), grids, lines)
        labels = self.model.choices(name, choices) if choices else {}
        key = name, own
        standing = key in self.model.grids and not self.model.dated.get(key, True)
        rows = len(self.model.rows(*key)) if standing else None
        return figure_of(expression, answers, layout, labels, rows)

    def answers(
        self, expression: Expression, own: str, lines: Lines | None = None
    ) -> pd.Series[Any]:
        """What an expression gives in every row."""
        return evaluate(expression, _OWN, self._tables(own, lines), group=LINE)

    def holding(self, asked: Expression, table: str) -> list[bool]:
        """In which rows of a table a condition is definitely true now."""
        return list(true_rows(asked, _OWN, self._tables(table, None), group=LINE))

    def _tables(self, own: str, lines: Lines | None) -> Tables:
        import pandas as pd

        sheets: dict[str, pd.DataFrame] = dict(self.frames)
        mine = sheets[own] if own else pd.DataFrame(index=[0])
        if lines:
            numbers = pd.Series(floats(lines.numbers), dtype="float64")
            sheets[lines.sheet] = sheets[lines.sheet].assign(**{LINE: numbers})
            mine = mine.assign(**{LINE: pd.Series(floats(lines.own), dtype="float64")})
        parameters: dict[str, float | date] = {**self.model.parameters, AS_OF: self.model.as_of}
        sheets[_OWN] = mine
        return Tables(sheets=sheets, library=self.model.library, parameters=parameters)


def _read(
    model: Model, definition: Definition, columns: Sequence[ColumnDef | FigureDef], grid: Grid
) -> dict[str, list[Any]]:
    """Columns that the program has filled in, as the computation reads them: choices by name."""
    found: dict[str, list[Any]] = {}
    for one in columns:
        values = grid[one.name].values
        if kind_type(definition, one.kind, one.choices).numeric:
            found[one.name] = floats(values)
            continue
        labels = model.choices(definition.name, one.choices) if one.choices else {}
        names = {label: name for name, label in labels.items()}
        found[one.name] = [names.get(str(value), _plain(value)) for value in values]
    return found


def _plain(value: Value) -> Value:
    return None if value == "" else value


@dataclass(frozen=True)
class _Layout(GridLayout):
    """Seen from a row of a table of the evaluation, or from a line of a summary."""

    grids: Mapping[str, Grid]
    lines: Lines | None

    @property
    def group(self) -> Group:
        lines = self.lines
        if lines is None:
            return Group({}, "", clean=True)
        return Group({lines.sheet: lines.column.range("")}, lines.cell, clean=True)

    def table(self, name: str) -> Grid | None:
        return self.grids.get(name)
