"""Columns that the program adds to a grid, stated in the rule language.

Every grid is a table by its name, and rows of others are found by the numbers in their key columns.
Days are numbers here, as they are in cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from xltools.definition import FigureDef
from xltools.evaluate.figures.figure_grid import Column, Grid
from xltools.evaluate.figures.live_figure import Value
from xltools.evaluate.figures.stated_figure import Stated, as_written
from xltools.evaluate.figures.value_formats import HELPER
from xltools.evaluate.quarter_model import Declared, Model
from xltools.evaluate.submitted_rows import AGO, GridLayout, floats, plain_value
from xltools.excel import styles
from xltools.excel.styles import Style
from xltools.excel.writing.serial_values import serial_number
from xltools.expressions import Expression, Scope, Tables, evaluate, parse, to_excel, true_rows
from xltools.expressions.nodes import BLANK, DATE, NUMBER, TEXT, Cell, Type, filled
from xltools.expressions.reading.evaluation_scope import AS_OF, KEY
from xltools.expressions.reading.scope import LIBRARY, Columns, kind_type

if TYPE_CHECKING:
    from xltools.expressions.compute.column_arrays import Array

_OWN = "·"  # the grid in whose rows an expression stands; no other is called so
_LINE = "_line"  # the line of a summary that a row belongs to
_THIS_QUARTER = frozenset({0})
# Columns that declared ones of the name stand beside.
_OURS = ("team", "period", "key", "source", AGO)


def compute(
    model: Model,
    grid: Grid,
    texts: Mapping[str, str],
    style: Style = HELPER,
    *,
    of: str = "",
    width: int = 84,
) -> None:
    """Add a column for each expression; one may read those before it.

    ``of`` is the definition whose lists they name: else that of the rows, or the settings.
    """
    for name, text in texts.items():
        made = stated(model, grid, text, of=of)
        grid.add(name, made, model.look(grid, name, style, width))


def add_declared(
    model: Model, grid: Grid, figures: Sequence[FigureDef], names: Sequence[str] = ()
) -> None:
    """Add those figures of a definition that the program's own facts read, in their order.

    Without ``names`` all of them are.
    """
    wanted = {
        one.name: one.compute for one in figures if one.compute and (one.name in names or not names)
    }
    compute(model, grid, wanted)


def alone(model: Model, text: str, *, of: str = "settings") -> Stated:
    """An expression that stands by itself, in no grid."""
    return stated(model, Grid("", 0, 1), text, of=of)


def stated(model: Model, grid: Grid, text: str, *, of: str = "") -> Stated:
    """An expression in every row of a grid."""
    definition = of or grid.sheet.partition(".")[0] or "settings"
    expression = parse(text, _scope(model, grid, definition)).rounded
    find = partial(table, model, definition)
    layout = GridLayout(model, definition, grid, find, column=Grid.__getitem__)
    read = (layout.find(sheet, name) for sheet, name in expression.references)
    live = bool(expression.parameters) or any(column and not column.settled for column in read)
    return figure_of(expression, layout, None if live else 0)


def figure_of(expression: Expression, layout: GridLayout, standing: int | None) -> Stated:
    """An expression as a figure of its layout's grid; choices are shown by their labels."""
    labels = labels_of(layout.model, expression.type)
    answers = evaluate(expression, _OWN, _tables(expression, layout), group=_LINE).tolist()
    plain = (plain_value(value, labels) for value in answers)
    values: list[Value] = ["" if value is None else value for value in plain]
    formula = as_written(to_excel(expression, layout))
    return Stated(formula, values, standing, expression.type, filled(expression.tree))


def holding(asked: Expression, layout: GridLayout) -> list[bool]:
    """In which rows of its layout's grid a condition is definitely true now."""
    return list(true_rows(asked, _OWN, _tables(asked, layout), group=_LINE))


def table(model: Model, definition: str, name: str) -> Grid | None:
    """The grid of a name, or of a sheet of the definition; None where it has no rows."""
    now = model.former_names.get(name, name)
    own = (grid for grid in model.grids.values() if grid.name == now)
    return model.grid(definition, name) or model.derived.get(name) or next(own, None)


def answering(model: Model, column: Column, kind: Type) -> Array:
    """A grid's column as the computation reads it: numbers, days, texts, and choices by name."""
    found = model.answers.get((column, kind))
    if found is None:
        found = model.answers[column, kind] = _answering(model, column, kind)
    return found


def _answering(model: Model, column: Column, kind: Type) -> Array:
    import numpy as np

    if kind.numeric:
        return np.array(floats(column.values), dtype=np.float64)
    names = {label: name for name, label in labels_of(model, kind).items()}
    values = [names.get(str(value), value) for value in column.values]
    return np.array(values, dtype=object)


def labels_of(model: Model, kind: Type) -> dict[str, str]:
    """The labels of the choices that a type is of; none of others."""
    owner, _, name = kind.list.partition(".")
    return model.choices(owner, name) if name else {}


def _tables(expression: Expression, layout: GridLayout) -> Tables:
    """What an expression reads, from the very columns that its formula names."""
    import numpy as np
    import pandas as pd

    model, own, lines = layout.model, layout.own, layout.lines
    columns: dict[str, dict[str, Array]] = {_OWN: {}, LIBRARY: {}}
    for sheet, cell in expression.cells:
        mine = columns.setdefault(sheet or _OWN, {})
        if column := layout.find(sheet, cell.column):
            mine[cell.column] = answering(model, column, cell.type)
    if lines:
        columns.setdefault(lines.sheet, {})[_LINE] = answering(model, lines.column, NUMBER)
        columns[_OWN][_LINE] = np.array(floats(lines.own), dtype=np.float64)
    rows = range(own.count if own else 1)
    sheets = {
        name: pd.DataFrame(mine, index=rows if name == _OWN else None, copy=False)
        for name, mine in columns.items()
    }
    parameters = {**model.parameters, AS_OF: float(serial_number(model.as_of) or 0)}
    return Tables(sheets=sheets, library=sheets[LIBRARY], parameters=parameters)


def _scope(model: Model, grid: Grid, definition: str) -> Scope:
    first = model.scopes.get(definition)
    if first is None:
        catalog = model.current.catalog
        first = Scope.of(catalog, catalog[definition], catalog[definition].sheets[0])
        model.scopes[definition] = first
    library = {LIBRARY: first.sheets[LIBRARY]}
    return replace(
        first,
        sheet=grid.name,
        columns=_Columns(model, grid),
        sheets=_Grids(model, definition, library),
        parameters={**first.parameters, AS_OF: NUMBER},
        quarters=_THIS_QUARTER,
        across=grid.name,
    )


@dataclass(frozen=True)
class _Grids(Mapping[str, Columns]):
    """All grids that a workbook may have by name, the definition's sheets, and the library."""

    model: Model
    definition: str
    library: Mapping[str, Columns]

    def __getitem__(self, name: str) -> Columns:
        if name in self.library:
            return self.library[name]
        now = self.model.former_names.get(name, name)
        if not self.model.titles.keys() & {now, f"{self.definition}_{name}"}:
            raise KeyError(name)
        grid = table(self.model, self.definition, name)
        return _Columns(self.model, grid) if grid else self._blank(name)

    def _blank(self, name: str) -> Columns:
        """The columns of a sheet without rows; of others any, a number."""
        known = self.model.declared
        now = self.model.former_names.get(name, name)
        declared = known.get(f"{self.definition}_{name}") or known.get(now)
        if declared is None:
            return _Blank()
        return _Blank({one: _declared_cell(declared, one) for one in declared.columns})

    def __iter__(self) -> Iterator[str]:
        return iter(self.model.titles)

    def __len__(self) -> int:
        return len(self.model.titles)


@dataclass(frozen=True)
class _Columns(Mapping[str, Cell]):
    """What the columns of a grid hold; DefinitionError names the sheet that lacks one."""

    model: Model
    grid: Grid

    def __getitem__(self, name: str) -> Cell:
        column = self.grid[name]
        if column not in self.model.cells:
            self.model.cells[column] = _cell(self.model, column)
        return self.model.cells[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self.grid.columns)

    def __len__(self) -> int:
        return len(self.grid.columns)


class _Blank(dict[str, Cell]):
    """The columns of a table without rows; any that is not declared is a number."""

    def __missing__(self, name: str) -> Cell:
        return Cell(name, NUMBER, True)

    def __contains__(self, name: object) -> bool:
        return True


def _cell(model: Model, column: Column) -> Cell:
    """What a column holds; given ones also tell whether they are full, and count the rows."""
    made, declared = column.figure, model.declared.get(column.grid.name)
    if isinstance(made, Stated) and made.gives:
        kind = made.gives if made.gives not in (DATE, BLANK) else NUMBER
        return Cell(column.name, NUMBER if column.name == KEY else kind, True, made.filled)
    full = column.given and None not in column.values and "" not in column.values
    counting = column.given and list(column.values) == list(range(1, column.grid.count + 1))
    if column.name == KEY:  # of no row, too
        return Cell(KEY, NUMBER, True, full, counting)
    if declared and column.name in declared.columns and column.name not in _OURS:
        return replace(_declared_cell(declared, column.name), filled=full, counting=counting)
    first = next((value for value in column.values if value not in (None, "")), None)
    text = column.style == styles.BULK if first is None else isinstance(first, str)
    return Cell(column.name, TEXT if text else NUMBER, True, full, counting)


def _declared_cell(declared: Declared, name: str) -> Cell:
    """What a declared column holds; days are numbers."""
    one = declared.columns[name]
    kind = kind_type(declared.definition, one.kind, one.choices)
    typed = isinstance(one, FigureDef) or one.typed
    return Cell(name, NUMBER if kind is DATE else kind, typed)
