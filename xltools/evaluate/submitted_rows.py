"""From consolidated tables to grids: typed cells, live computed columns, links to the sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xltools.definition import ColumnDef
from xltools.definition.evaluation_model import IDENTITY
from xltools.evaluate.figures.figure_grid import DECLARED, Column, Grid, Look
from xltools.evaluate.figures.live_figure import Value
from xltools.evaluate.figures.stated_figure import ROW, Stated, as_written
from xltools.evaluate.figures.value_formats import HELPER, data_style, data_width
from xltools.evaluate.quarter_model import EARLIER, FIRST_ROW, Model, SheetKey
from xltools.excel.cell_text import fitting
from xltools.excel.links import hyperlink
from xltools.excel.styles import BULK_LINK
from xltools.excel.writing.serial_values import serial_number
from xltools.expressions import Group, Scope, parse, to_excel
from xltools.expressions.reading.scope import QUARTERS_AGO
from xltools.ground.cells import CellRef

if TYPE_CHECKING:
    import pandas as pd

AGO = QUARTERS_AGO.column
_NAMES = ("reference", "person", "people")  # kinds
_OURS = ("team", "source", "period", "key", AGO)  # columns of every data sheet


def build_grids(model: Model) -> None:
    """A grid for the metric library and one for every sheet that somebody filled."""
    model.derived["library"] = _library(model)
    known = model.current.catalog.team_definitions
    keys = [(one.name, sheet.name) for one in known for sheet in one.sheets]
    present = [key for key in keys if model.current.table(*key) is not None]
    for key in present:
        model.grids[key] = _typed(model, key)
    for key in present:
        for column in model.sheet(*key).columns:
            if column.computed and column.name in model.grids[key]:
                made = model.grids[key].declared(column.name)
                made.figure = _stated(model, key, column.compute, made.values)


def _scope(model: Model, key: SheetKey) -> Scope:
    catalog = model.current.catalog
    return Scope.of(catalog, catalog[key[0]], model.sheet(*key))


def floats(values: Sequence[Value]) -> list[float | None]:
    """Values of a grid as the computation reads numbers: None for whatever is no number."""
    return [float(v) if isinstance(v, (int, float)) else None for v in values]


def _typed(model: Model, key: SheetKey) -> Grid:
    """The grid of a sheet: its team, its declared columns as typed, and where each row is from."""
    frame = rows_together(model, key)
    grid = Grid(
        model.titles["_".join(key)], FIRST_ROW, len(frame), "_".join(key), sheet=".".join(key)
    )
    teams = [str(team) for team in frame["_team"]]
    look = data_style("text")
    grid.put("team", teams, Look(model.say("data.team"), look, 104), given=True)
    for declared in model.sheet(*key).columns:
        if declared.name in IDENTITY or declared.name not in frame:
            continue
        labels = model.choices(key[0], declared.choices) if declared.choices else {}
        label = model.header(declared)
        values = [plain_value(value, labels) for value in frame[declared.name]]
        grid.put(
            f"{declared.name}{DECLARED}" if declared.name in _OURS else declared.name,
            values,
            Look(label, data_style(declared.kind), data_width(declared, label)),
            given=_is_name(declared),
        )
    _add_provenance(model, grid, frame)
    return grid


def _is_name(declared: ColumnDef) -> bool:
    """Whether a column says what a row is about: no figure reads it as an input."""
    if declared.kind == "text":
        return declared.required or declared.unique or bool(declared.source)
    return declared.kind in _NAMES


def _add_provenance(model: Model, grid: Grid, frame: pd.DataFrame) -> None:
    """Add the link to each row in its workbook, its quarter and its key."""
    links = grid.put(
        "source",
        [
            f"{file_name(str(file))} · {sheet}!A{row}"
            for file, sheet, row in zip(frame["_file"], frame["_sheet"], frame["_row"], strict=True)
        ],
        Look(model.say("data.source"), BULK_LINK, 260),
    )
    links.formulas = [
        hyperlink(model.link_to(str(file), str(sheet), CellRef(int(row), 1)), str(text))
        for file, sheet, row, text in zip(
            frame["_file"], frame["_sheet"], frame["_row"], links.values, strict=True
        )
    ]
    periods = [str(period or "") for period in frame["_period"]]
    label = model.say("data.period")
    grid.put("period", periods, Look(label, HELPER, 76), given=True)
    keys = [int(key) for key in frame["_key"]]
    grid.put("key", keys, Look(model.say("data.key"), HELPER, 76), given=True)
    if grid.sheet in {".".join(key) for key in model.dated}:
        label = model.say("data.quarters_ago")
        grid.put(AGO, list(frame["_ago"]), Look(label, HELPER, 76), given=True)


def rows_together(model: Model, key: SheetKey) -> pd.DataFrame:
    """This quarter's rows and, where quarters are compared, those of earlier ones behind them."""
    import pandas as pd

    sources = [model.current, *(model.earlier if key in model.dated else ())]
    frames = []
    for number, source in enumerate(sources):
        table = source.table(*key) if source.catalog.has(*key) else None
        if table is not None:
            keys = [number * EARLIER + (model.team_key(team) or 0) for team in table["_team"]]
            ago = model.quarters_ago(source.period)
            frames.append(table.assign(_key=keys, _ago=float(ago)))
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]


def file_name(path: str) -> str:
    """The last part of a path, whichever system wrote it."""
    return path.replace("\\", "/").rpartition("/")[2]


def plain_value(value: Any, labels: Mapping[str, str]) -> Value:
    """A table's value as a cell holds it: a number, a label, a day's serial number or None."""
    if value is None or value != value:
        return None
    if isinstance(value, str):
        return fitting(labels.get(value, value)) or None
    if isinstance(value, date):
        day = value.date() if hasattr(value, "date") else value
        return serial_number(day)
    plain = value.item() if hasattr(value, "item") else value
    return int(plain) if isinstance(plain, float) and plain.is_integer() else plain


def _stated(model: Model, key: SheetKey, text: str, values: Sequence[Value]) -> Stated:
    """An expression in every row of this quarter, with what it gave; rows of earlier ones stand."""
    expression = parse(text, _scope(model, key))
    tables = {"library": model.derived["library"]}
    tables |= {sheet: grid for (owner, sheet), grid in model.grids.items() if owner == key[0]}
    formula = as_written(to_excel(expression, _Row(model, key[0], tables[key[1]], tables.get)))
    return Stated(formula, values, len(model.rows(*key)))


@dataclass(frozen=True)
class Lines:
    """Which rows of a sheet belong to a line: a column of its grid with the number of each row's.

    ``cell`` is where the number of the line itself stands, ``own`` are the numbers of all lines.
    """

    sheet: str
    column: Column
    cell: str
    own: Sequence[Value]


@dataclass(frozen=True)
class GridLayout:
    """The columns that names mean, seen from the rows of a grid or from the lines of a summary.

    Formulas take their addresses, the computation takes what stands in them. ``own`` is that grid;
    None for an expression that stands by itself. ``table`` finds the grid of a sheet or summary,
    None where it has no rows, ``column`` a grid's column: as its definition means it.
    """

    model: Model
    definition: str
    own: Grid | None
    table: Callable[[str], Grid | None]
    lines: Lines | None = None
    column: Callable[[Grid, str], Column] = Grid.declared

    @property
    def group(self) -> Group:
        if self.lines is None:
            return Group({}, "", clean=True)
        ranges = {self.lines.sheet: self.lines.column.range("")}
        return Group(ranges, self.lines.cell, clean=True)

    def cell(self, column: str) -> str:
        assert self.own is not None
        return self.column(self.own, column).cell(ROW, self.own.title)

    def find(self, sheet: str, name: str) -> Column | None:
        """The column that a name of a sheet means, "" being the own one; None where none is."""
        grid = self.table(sheet) if sheet else self.own
        return self.column(grid, name) if grid is not None and name in grid else None

    def column_range(self, sheet: str, column: str) -> str:
        found = self.find(sheet, column)
        return found.range("") if found else ""

    def parameter(self, name: str) -> str:
        return f"p_{name}"

    def choice(self, list_name: str, choice: str) -> str:
        return self.model.choices(self.definition, list_name)[choice]


class _Row(GridLayout):
    """Seen from the data sheet of a sheet that teams filled in."""

    @cached_property
    def group(self) -> Group:
        assert self.own is not None
        name, key = self.definition, self.own["key"]
        ranges = {
            sheet.name: self.model.grids[name, sheet.name]["key"].range("")
            for sheet in self.model.current.catalog[name].sheets
            if (name, sheet.name) in self.model.grids
        }
        return Group({**ranges, "": key.range("")}, key.cell(ROW, self.own.title))


def _library(model: Model) -> Grid:
    rows = model.current.settings.library()
    grid = Grid(model.titles["library"], FIRST_ROW, max(len(rows), 1), "library")
    for column in model.sheet("settings", "metrics").columns:
        labels = model.choices("settings", column.choices) if column.choices else {}
        values = [plain_value(row.get(column.name), labels) for row in rows] or [None]
        label = model.header(column)
        grid.put(
            column.name, values, Look(label, data_style(column.kind), data_width(column, label))
        )
    return grid
