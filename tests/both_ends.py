"""The same rows as a workbook with formulas and as tables: what both ends of an expression say."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ironcalc
import openpyxl
import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from xltools.definition.catalog import Catalog
from xltools.definition.default_settings import default_parameters
from xltools.definition.definition_model import Definition, SheetDef
from xltools.expressions import (
    Expression,
    Group,
    Scope,
    Tables,
    computation_order,
    evaluate,
    parse,
    to_excel,
    violated,
    violations,
)
from xltools.expressions.nodes import Type
from xltools.expressions.reading.scope import LIBRARY

FIRST = 8
FILE = "_file"
LANG = "zh"
_ZERO = datetime.date(1899, 12, 30)

Row = Mapping[str, Any]


@dataclass
class Place:
    """Where the names of one sheet's row stand; a `Layout`."""

    book: Book
    sheet: str
    row: int

    @property
    def group(self) -> Group | None:
        if not self.book.grouped:
            return None
        own = {
            sheet.name: self.column_range(sheet.name, FILE) for sheet in self.book.definition.sheets
        }
        own[""] = self.column_range("", FILE)
        return Group(own, self.cell(FILE))

    def cell(self, column: str) -> str:
        return f"${self.book.letter(self.sheet, column)}{self.row}"

    def column_range(self, sheet: str, column: str) -> str:
        letter = self.book.letter(sheet or self.sheet, column)
        rows = len(self.book.rows[sheet or self.sheet]) + 1  # Sheets end in empty rows.
        prefix = f"'{sheet} 表'!" if sheet else ""
        return f"{prefix}${letter}${FIRST}:${letter}${FIRST + rows - 1}"

    def parameter(self, name: str) -> str:
        return f"p_{name}"

    def choice(self, list_name: str, choice: str) -> str:
        return self.book.catalog.choices(self.book.definition, list_name)[choice][LANG]


@dataclass
class Book:
    """One definition's sheets with typed rows; ``asked`` are more expressions of a sheet's rows.

    A ``grouped`` book holds rows of several workbooks, told apart by their ``_file``.
    """

    catalog: Catalog
    definition: Definition
    rows: dict[str, Sequence[Row]]
    asked: dict[str, list[tuple[Expression, bool]]] = field(default_factory=dict)
    grouped: bool = False

    def sheets(self) -> dict[str, SheetDef]:
        own = {sheet.name: sheet for sheet in self.definition.sheets}
        return {**own, LIBRARY: self.catalog.settings.sheet("metrics")}

    def letter(self, sheet: str, column: str) -> str:
        if column == FILE:
            return "ZZ"
        return str(xl_col_to_name(self.sheets()[sheet].names.index(column)))

    def computed(self) -> dict[tuple[str, str], Expression]:
        return _computed(self.catalog, self.definition)

    def write(self, path: Path) -> None:
        """Typed cells, computed columns as formulas, and what is asked in the columns behind."""
        book = xlsxwriter.Workbook(path)
        computed = self.computed()
        for name, sheet in self.sheets().items():
            page = book.add_worksheet(f"{name} 表")
            for index, row in enumerate(self.rows[name]):
                number = FIRST - 1 + index
                place = Place(self, name, number + 1)
                for at, column in enumerate(sheet.columns):
                    found = computed.get((name, column.name))
                    if found is not None:
                        page.write_formula(number, at, "=" + to_excel(found, place), None, "")
                    else:
                        _write(page, number, at, row.get(column.name))
                _write(page, number, xl_cell_to_rowcol("ZZ1")[1], row.get(FILE))
                for at, (expression, rule) in enumerate(self.asked.get(name, [])):
                    formula = (violated if rule else to_excel)(expression, place)
                    assert len(formula) <= 8192
                    page.write_formula(number, len(sheet.columns) + at, "=" + formula, None, "")
        page = book.add_worksheet("p")
        for at, (name, value) in enumerate(default_parameters(self.catalog).items()):
            page.write_number(at, 0, value)
            book.define_name(f"p_{name}", f"=p!$A${at + 1}")
        book.close()

    def tables(self) -> Tables:
        """The rows as a checker reads them, computed columns computed."""
        frames = {name: self._frame(name, sheet) for name, sheet in self.sheets().items()}
        library = frames.pop(LIBRARY)
        tables = Tables(frames, library, default_parameters(self.catalog))
        computed = self.computed()
        for sheet, column in computation_order(computed):
            frames[sheet][column] = evaluate(computed[sheet, column], sheet, tables)
        return tables

    def expected(self, tables: Tables) -> dict[str, list[list[Any]]]:
        """Per sheet, every column that has a formula, as pandas sees it."""
        computed = self.computed()
        found: dict[str, list[list[Any]]] = {}
        for name in tables.sheets:
            columns = [tables.sheets[name][c].tolist() for s, c in computed if s == name]
            kinds = [computed[s, c].type for s, c in computed if s == name]
            for expression, rule in self.asked.get(name, []):
                series = (violations if rule else evaluate)(expression, name, tables)
                columns.append(series.tolist())
                kinds.append(Type("truth") if rule else expression.type)
            found[name] = [
                [self.shown(value, kind) for value in column]
                for column, kind in zip(columns, kinds, strict=True)
            ]
        return found

    def formulas(self, name: str) -> list[tuple[int, str]]:
        """(column number from 0, its expression) of every formula of a sheet."""
        sheet = self.sheets()[name]
        own = [(at, c.compute) for at, c in enumerate(sheet.columns) if c.compute]
        asked = self.asked.get(name, [])
        return own + [(len(sheet.columns) + at, e.text) for at, (e, _) in enumerate(asked)]

    def shown(self, value: Any, kind: Type) -> Any:
        """A pandas value as a cell shows it."""
        if value is None or pd.isna(value):
            return ""
        if kind.name == "choice":
            owner, _, name = kind.list.partition(".")
            return self.catalog.choices(self.catalog[owner], name)[value][LANG]
        if kind.name == "date":
            return (value - pd.Timestamp(_ZERO)) / pd.Timedelta(days=1)
        return value

    def compared(self, cell: Callable[[str, int, int], Any]) -> list[str]:
        """Every cell where the two ends differ; ``cell`` gives one by sheet, row and column."""
        expected = self.expected(self.tables())
        different = []
        for name, columns in expected.items():
            for (at, text), values in zip(self.formulas(name), columns, strict=True):
                for index, value in enumerate(values):
                    seen = cell(f"{name} 表", FIRST + index, at + 1)
                    if not _alike(seen, value):
                        row = dict(self.rows[name][index])
                        different.append(f"{text}\n  excel {seen!r} pandas {value!r} {row}")
        return different

    def _frame(self, name: str, sheet: SheetDef) -> pd.DataFrame:
        rows = self.rows[name]
        owner = self.catalog.settings if name == LIBRARY else self.definition
        scope = Scope.of(self.catalog, owner, sheet)
        columns = {}
        for column in sheet.columns:
            kind = scope.columns[column.name].type
            values = [self._read(row.get(column.name), kind) for row in rows]
            columns[column.name] = pd.Series(values, dtype=_DTYPES.get(kind.name, "object"))
        frame = pd.DataFrame(columns)
        if name != LIBRARY:
            frame[FILE] = [row.get(FILE, "one") for row in rows]
        return frame

    def _read(self, value: Any, kind: Type) -> Any:
        if kind.name == "number":
            return float(value) if isinstance(value, int | float) else float("nan")
        if kind.name == "date":
            return pd.Timestamp(value) if isinstance(value, datetime.date) else pd.NaT
        if value is None or str(value).strip() == "":
            return None
        if kind.name == "choice":
            owner, _, name = kind.list.partition(".")
            choices = self.catalog.choices(self.catalog[owner], name)
            return next(choice for choice, words in choices.items() if words[LANG] == value)
        return f"{value:g}" if isinstance(value, float) else str(value)


_COMPUTED: dict[str, dict[tuple[str, str], Expression]] = {}


def _computed(catalog: Catalog, definition: Definition) -> dict[tuple[str, str], Expression]:
    if definition.name not in _COMPUTED:
        _COMPUTED[definition.name] = {
            (sheet.name, column.name): parse(column.compute, Scope.of(catalog, definition, sheet))
            for sheet in definition.sheets
            for column in sheet.columns
            if column.compute
        }
    return _COMPUTED[definition.name]


_DTYPES = {"number": "float64", "date": "datetime64[ns]"}


def _write(page: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, str):
        page.write_string(row, column, value)
    elif isinstance(value, datetime.date):
        page.write_number(row, column, (value - _ZERO).days)
    elif value is not None:
        page.write_number(row, column, value)


def _alike(seen: Any, value: Any) -> bool:
    if seen is None:
        seen = ""
    if isinstance(seen, bool) or isinstance(value, bool):
        return seen is value
    if isinstance(seen, int | float) and isinstance(value, int | float):
        return bool(abs(seen - value) <= 2e-9 * max(1.0, abs(value)))
    if isinstance(seen, int | float) and isinstance(value, str):
        return value != "" and f"{seen:g}" == value
    if isinstance(seen, str) and isinstance(value, str):
        return seen.strip() == value
    return bool(seen == value)


def ironcalc_cells(path: Path) -> Callable[[str, int, int], Any]:
    """The cells of a workbook, recalculated in this process."""
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    names = {page["name"]: at for at, page in enumerate(_pages(model))}
    return lambda sheet, row, column: model.get_cell_value(names[sheet], row, column)


def stored_cells(path: Path) -> Callable[[str, int, int], Any]:
    """The cells of a workbook as another program left them."""
    book = openpyxl.load_workbook(path, data_only=True)

    def cell(sheet: str, row: int, column: int) -> Any:
        value = book[sheet].cell(row, column).value
        if isinstance(value, datetime.datetime):
            return (value - datetime.datetime.combine(_ZERO, datetime.time())).days
        return value

    return cell


def _pages(model: Any) -> list[dict[str, Any]]:
    pages = model.get_worksheets_properties()
    return [page if isinstance(page, dict) else {"name": page.name} for page in pages]
