"""The SQL of the store: a table for every sheet, columns as the definition names them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from xltools.check.submission import SheetRows
from xltools.definition import Catalog, ColumnDef, SheetDef
from xltools.excel.cell_text import visible
from xltools.kinds import KINDS

FORMAT = 4  # rises when anything here changes: an older store is made anew

_TYPES = {"float64": "REAL", "datetime64[ns]": "TEXT", "str": "TEXT"}
_BITS = 20  # of a row's id are its place within its reading: a sheet holds 2**20 rows
_MOST = (1 << _BITS) - 1
_ONE_READING = f"_id BETWEEN ?1 << {_BITS} AND (?1 << {_BITS}) + {_MOST}"
_EXCEL_DAY_ZERO = "2415018.5"  # as a Julian day

FIXED = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE readings (
    id INTEGER PRIMARY KEY, key TEXT UNIQUE, last_run INTEGER, file TEXT,
    template TEXT, team TEXT, period TEXT, modified TEXT, sha256 TEXT,
    submission TEXT, signature BLOB
);
CREATE TABLE sheets (
    reading INTEGER, sheet TEXT, title TEXT, stored INTEGER, PRIMARY KEY (reading, sheet)
) WITHOUT ROWID;
CREATE TABLE files (
    position INTEGER PRIMARY KEY, path TEXT, team TEXT, reading INTEGER, excluded INTEGER
);
CREATE TABLE counted (
    sheet TEXT, position INTEGER, PRIMARY KEY (sheet, position)
) WITHOUT ROWID;
CREATE VIEW problems AS
    SELECT f.path AS file,
        json_extract(i.value, '$.severity') AS severity, json_extract(i.value, '$.code') AS code,
        json_extract(i.value, '$.sheet') AS sheet, json_extract(i.value, '$.cell') AS cell,
        json_extract(i.value, '$.column') AS "column", json_extract(i.value, '$.value') AS value
    FROM files AS f JOIN readings AS r ON r.id = f.reading, json_each(r.submission, '$.issues') AS i
    ORDER BY f.position;
"""


class Table(msgspec.Struct, frozen=True):
    """The store's table of one sheet, and the view of it that shows what counts."""

    definition: str
    sheet: SheetDef

    @property
    def name(self) -> str:
        """``goals.tasks``: the view's name."""
        return f"{self.definition}.{self.sheet.name}"

    @property
    def create(self) -> str:
        """The statements that make the table and its view."""
        columns = "".join(f", {_quoted(c.name)} {sql_type(c)}" for c in self.sheet.columns)
        names = "".join(f", v.{_quoted(column.name)}" for column in self.sheet.columns)
        title = f"'$.sheets.{self.sheet.name}.titles['"
        return f"""
            CREATE TABLE {self._rows} (
                _id INTEGER PRIMARY KEY, _row INTEGER{columns}
            );
            CREATE VIEW {_quoted(self.name)} AS
                SELECT f.team AS _team, r.period AS _period, f.path AS _file,
                    COALESCE(
                        s.title, json_extract(r.submission, {title} || (v._id & {_MOST}) || ']')
                    ) AS _sheet, v._row{names}
                FROM counted AS c JOIN files AS f ON f.position = c.position
                JOIN readings AS r ON r.id = f.reading
                JOIN sheets AS s ON s.reading = r.id AND s.sheet = '{self.sheet.name}'
                JOIN {self._rows} AS v ON v._id BETWEEN r.id << {_BITS}
                    AND (r.id << {_BITS}) + {_MOST}
                WHERE c.sheet = '{self.name}'
                ORDER BY c.position, v._id;
        """

    @property
    def insert(self) -> str:
        """The statement that takes what `encoded` yields."""
        marks = ", ".join("?" * (2 + len(self.sheet.columns)))
        return f"INSERT INTO {self._rows} VALUES ({marks})"

    @property
    def delete(self) -> str:
        """The statement that deletes one reading's rows."""
        return f"DELETE FROM {self._rows} WHERE {_ONE_READING}"

    @property
    def select(self) -> str:
        """One reading's row numbers and values, as they lie in the store."""
        names = "".join(f", {_quoted(column.name)}" for column in self.sheet.columns)
        return f"SELECT _row{names} FROM {self._rows} WHERE {_ONE_READING} ORDER BY _id"

    @property
    def select_for_excel(self) -> str:
        """The same with days as Excel counts them, headed by formulas that link to the rows.

        Arguments: the reading, and what stands before and behind the row number in a formula.
        """
        columns = "".join(f", {_for_excel(column)}" for column in self.sheet.columns)
        return (
            f"SELECT ?2 || _row || ?3 || _row || ')', _row{columns}"
            f" FROM {self._rows} WHERE {_ONE_READING} ORDER BY _id"
        )

    def encoded(self, reading: int, rows: SheetRows) -> Iterator[tuple[object, ...]]:
        """Rows to insert; text as a workbook can hold it, so that it comes back the same."""
        count = len(rows.rows)
        columns = [
            _encoded(rows.columns.get(c.name) or [None] * count, c) for c in self.sheet.columns
        ]
        first = reading << _BITS
        return zip(range(first, first + count), rows.rows, *columns, strict=True)

    @property
    def _rows(self) -> str:
        return _quoted(f"rows:{self.name}")


def tables_for(catalog: Catalog) -> dict[tuple[str, str], Table]:
    """The tables of all that teams fill in."""
    return {
        (definition.name, sheet.name): Table(definition.name, sheet)
        for definition in catalog.team_definitions
        for sheet in definition.sheets
    }


def holds_days(column: ColumnDef) -> bool:
    """Whether a column holds days, which the store keeps as ISO text."""
    return KINDS[column.kind].dtype.startswith("datetime")


def sql_type(column: ColumnDef) -> str:
    """A column's type in the store."""
    return _TYPES[KINDS[column.kind].dtype]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _for_excel(column: ColumnDef) -> str:
    name = _quoted(column.name)
    return f"CAST(julianday({name}) - {_EXCEL_DAY_ZERO} AS INTEGER)" if holds_days(column) else name


def _encoded(values: list[object], column: ColumnDef) -> list[object]:
    if sql_type(column) == "REAL":
        return values
    if holds_days(column):
        return [None if value is None else str(value)[:10] for value in values]
    return [None if value is None else visible(str(value)) for value in values]
