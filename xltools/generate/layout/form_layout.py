"""Where everything of one fill sheet stands, and how expressions find it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import msgspec

from xltools.definition import Catalog, ColumnDef, Definition, SheetDef
from xltools.expressions import Expression, Group, Scope, parse
from xltools.ground.cells import column_letters, quote_sheet, row_ranges

(
    TITLE_ROW,
    ABOUT_ROW,
    STRIP_ROW,
    NEXT_ROW,
    FIELD_ROW,
    GAP_ROW,
    KEY_ROW,
    EXAMPLE_ROW,
    HEADER_ROW,
    FIRST_ROW,
) = range(1, 11)
CHECK_COLUMN = 1
LIBRARY = "library"


class Form(msgspec.Struct, frozen=True, dict=True):
    """One fill sheet: the check column, the visible columns, the hidden ones, then the helpers.

    A row's helpers say for each rule whether it is broken, and hold the texts of ``keyed`` columns
    as others compare with them. The number of a row's first fault, a text, is the first hidden
    column: some programs print ### for a hidden number beside a blank.
    """

    sheet: SheetDef
    title: str
    capacity: int
    keyed: Sequence[str] = ()

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """Where each column stands, by its name."""
        places = {c.name: place for place, c in enumerate(self.visible, CHECK_COLUMN + 1)}
        return places | {c.name: at for at, c in enumerate(self.hidden, self.fault_column + 1)}

    @cached_property
    def visible(self) -> list[ColumnDef]:
        return [column for column in self.sheet.columns if not column.hidden]

    @cached_property
    def hidden(self) -> list[ColumnDef]:
        return [column for column in self.sheet.columns if column.hidden]

    @property
    def last_visible(self) -> int:
        return CHECK_COLUMN + len(self.visible)

    @property
    def last_column(self) -> int:
        """The last column that is sorted with the rows, hidden or not."""
        return self.fault_column + len(self.hidden)

    @property
    def fault_column(self) -> int:
        """The column that holds the number of a row's first fault."""
        return self.last_visible + 1

    def rule_column(self, index: int) -> int:
        """The helper that tells whether a row breaks the rule of that index."""
        return self.last_column + 1 + index

    def key_column(self, name: str) -> int:
        """The helper that holds a column's text as others compare with it."""
        return self.rule_column(len(self.sheet.rules)) + self.keyed.index(name)

    @property
    def begun_column(self) -> int:
        """The helper that holds how many typed cells of a row were filled to begin with."""
        return self.rule_column(len(self.sheet.rules)) + len(self.keyed)

    def part_column(self, index: int) -> int:
        """The helpers of which there are as many as it takes, counted from 1."""
        return self.begun_column + index

    @property
    def keys(self) -> list[str]:
        """What each column behind the check column is called in the hidden row of keys."""
        return [
            *(column.name for column in self.visible),
            "_fault",
            *(column.name for column in self.hidden),
            *(f"_{rule.name}" for rule in self.sheet.rules),
            *(f"_key_{name}" for name in self.keyed),
            "_begun",
        ]

    @property
    def last_row(self) -> int:
        return FIRST_ROW + self.capacity - 1

    def cell(self, column: str | int, row: int = FIRST_ROW) -> str:
        """A row's cell: ``$C10``."""
        return f"${self._letters(column)}{row}"

    def range(self, column: str | int) -> str:
        """All rows of a column: ``$C$10:$C$209``."""
        letters = self._letters(column)
        return f"${letters}${FIRST_ROW}:${letters}${self.last_row}"

    def outside(self, column: str | int) -> str:
        """The same, as seen from another sheet."""
        return f"{quote_sheet(self.title)}!{self.range(column)}"

    @property
    def unchecked_cell(self) -> str:
        """The hidden cell that counts the rows that were filled without our formulas."""
        return f"${self._letters(self.fault_column)}${STRIP_ROW}"

    def unchecked(self) -> str:
        """The formula that counts filled rows without a check, which a team has inserted.

        It begins at the header, so that a row inserted right below it is counted, too. The number
        is a text, because some programs print ### for a number in a hidden column.
        """
        typed = (column_letters(self.columns[c.name]) for c in self.visible if c.typed)
        filled = "+".join(f'(${c}${HEADER_ROW}:${c}${self.last_row}<>"")' for c in typed)
        checks = f"$A${HEADER_ROW}:$A${self.last_row}"
        return f'""&IFERROR(SUMPRODUCT(({checks}="")*(({filled})>0)),0)'

    def typed_cells(self, row: int = FIRST_ROW) -> str:
        """The cells of a row that a team types into: ``$B10:$D10,$F10:$F10``."""
        typed = [self.columns[column.name] for column in self.visible if column.typed]
        return ",".join(
            f"${column_letters(first)}{row}:${column_letters(last)}{row}"
            for first, last in row_ranges(typed)
        )

    def counted(self, row: int = FIRST_ROW) -> str:
        """The formula that counts what a team typed into a row."""
        return f"COUNTA({self.typed_cells(row)})"

    def untouched(self) -> str:
        """The formula that tells whether a row holds no more than it began with."""
        return f"{self.counted()}<=N({self.cell(self.begun_column)})"

    def _letters(self, column: str | int) -> str:
        return column_letters(self.columns[column] if isinstance(column, str) else column)


class Workbook(msgspec.Struct, frozen=True):
    """A definition laid out for one language and capacity, before any cell is written."""

    catalog: Catalog
    definition: Definition
    lang: str
    forms: Mapping[str, Form]

    def scope(self, sheet: SheetDef) -> Scope:
        """What the names of a sheet's expressions mean."""
        return Scope.of(self.catalog, self.definition, sheet)

    def parse(self, sheet: SheetDef, text: str) -> Expression:
        """An expression of a sheet."""
        return parse(text, self.scope(sheet))

    def label(self, list_name: str, choice: str) -> str:
        """What people see for a choice."""
        return self.catalog.choices(self.definition, list_name)[choice][self.lang]

    def column(self, reference: str) -> ColumnDef:
        """The column that ``sheet.column`` means."""
        sheet, _, column = reference.partition(".")
        return self.definition.sheet(sheet).column(column)


class Names(msgspec.Struct, frozen=True):
    """Names of ranges that formulas use; only those asked for are defined."""

    wanted: dict[str, tuple[str, str]] = msgspec.field(default_factory=dict)
    keys: set[str] = msgspec.field(default_factory=set)
    lists: set[str] = msgspec.field(default_factory=set)
    references: set[str] = msgspec.field(default_factory=set)
    sources: dict[str, ColumnDef] = msgspec.field(default_factory=dict)

    def of(self, sheet: str, column: str) -> str:
        """The name of a column of another sheet, or of the library."""
        name = f"{'lib' if sheet == LIBRARY else 'col_' + sheet}_{column}"
        self.wanted[name] = (sheet, column)
        return name

    def key(self, reference: str) -> str:
        """The name of the texts of another sheet's column, as others compare with them."""
        self.keys.add(reference)
        return f"same_{reference.replace('.', '_')}"

    def words(self, list_name: str) -> str:
        """The name of every word that means a choice of a list."""
        self.lists.add(list_name)
        return f"all_{list_name}"

    def labels(self, list_name: str) -> str:
        """The name of the labels that a dropdown offers."""
        self.lists.add(list_name)
        return f"lst_{list_name}"

    def reference(self, reference: str) -> str:
        """The name of what stands in another sheet's column, as far as it is filled."""
        self.references.add(reference)
        return f"ref_{reference.replace('.', '_')}"

    def source(self, name: str, column: ColumnDef) -> str:
        """The name of the values that the settings offer to a column."""
        self.sources[name] = column
        return name

    def parameter(self, name: str) -> str:
        """The name of a parameter's cell."""
        self.wanted[f"p_{name}"] = ("", name)
        return f"p_{name}"


class RowLayout(msgspec.Struct, frozen=True):
    """The addresses of the first row of one form, for the expressions' formulas."""

    workbook: Workbook
    form: Form
    names: Names
    group: Group | None = None

    def cell(self, column: str) -> str:
        return self.form.cell(column)

    def column_range(self, sheet: str, column: str) -> str:
        return self.names.of(sheet, column) if sheet else self.form.range(column)

    def parameter(self, name: str) -> str:
        return self.names.parameter(name)

    def choice(self, list_name: str, choice: str) -> str:
        return self.workbook.label(list_name, choice)
