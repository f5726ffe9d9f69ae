"""The columns of a declared table: how each looks by its kind, and the room that it wants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from xltools.definition import ColumnDef, FigureDef, SheetDef, Summary
from xltools.definition.evaluation_model import ShownColumn, TableDef
from xltools.evaluate.blocks.list_columns import Rows, Show, light_of
from xltools.evaluate.declared.evaluated_tables import EvaluatedTables
from xltools.evaluate.declared.shown_lines import LABEL, PLACE, first_rows, order_name, shown_name
from xltools.evaluate.declared.tree_rows import tree
from xltools.evaluate.figures.figure_grid import Column, Grid
from xltools.evaluate.figures.live_figure import Each, Figure, Value, is_number, or_nothing
from xltools.evaluate.figures.value_formats import MARK, TEAM, WORDS, amount_format, measured
from xltools.excel import styles
from xltools.excel.styles import Emphasis, Style
from xltools.excel.text_size import column_pixels

COLOURS = {
    "green": styles.LIGHT_GREEN,
    "yellow": Emphasis(color=styles.AMBER_TEXT),
    "amber": Emphasis(color=styles.AMBER_TEXT, bold=True),
    "red": styles.ALERT,
    "blue": Emphasis(color=styles.BLUE, bold=True),
    "grey": Emphasis(color=styles.MUTED),
}
_WIDTHS = {"words": (90, 260), "name": (84, 150), "number": (72, 130)}
_BARRED = 116
_NAMES_OF_GROUPS = 212
_ATTAINED = 2.5  # the end of the scale of bars behind attainments
_CLEAR = 1.6  # the scale by the largest number, so that its bar ends before the number
_NAMES = ("person", "people", "reference", "id", "span")
_LOOKS = {
    "choice": (MARK, "number"),
    "text": (WORDS, "words"),
    **dict.fromkeys(_NAMES, (WORDS, "name")),
    "integer": (styles.TABLE_NUMBER.but(number=styles.INTEGER), "number"),
    "percent": (styles.TABLE_PERCENT, "number"),
    "ratio": (styles.TABLE_RATIO, "number"),
    "date": (styles.TABLE_DATE, "number"),
}


class Source(NamedTuple):
    """What a table shows: the rows that a sheet's teams sent, or the lines of a summary.

    Where its rows are the first ones of others in a live order, ``first_of`` has these; ``ordered``
    is how many they are.
    """

    tables: EvaluatedTables
    sheet: SheetDef
    summary: Summary | None
    grid: Grid
    first_of: Grid | None = None
    ordered: int = 0

    @classmethod
    def find(cls, tables: EvaluatedTables, name: str) -> Source | None:
        """A sheet or summary of that name; None where nobody sent the rows."""
        grid = tables.grids.get(shown_name(name)) or tables.grids.get(name)
        summaries = {one.name: one for one in tables.definition.summaries}
        summary = summaries.get(name)
        sheets = {one.name: one for one in tables.definition.sheets}
        sheet = sheets.get(summary.source if summary else name)
        return cls(tables, sheet, summary, grid) if sheet and grid else None

    def first(self, table: TableDef, name: str, title: str) -> Source:
        """Its first rows in their live order, where a table asks for so many; else itself.

        Rows with measures stay where they are: each has the number format of its unit.
        """
        columns = [
            name
            for one in table.shown
            for of in one.spark or (one.name,)
            for name in self.named(of)
        ]
        measured = any(one and one.kind == "measure" for one in map(self.declared, columns))
        order = self.declared(table.order.removeprefix("-"))
        texts = order is None or bool(order.choices) or _is_text(order.kind)
        if not table.most or measured or texts or table.groups or table.tree:
            return self
        source = self.tables.grids[self.name]
        grid = first_rows(self.tables, self.name, table, name, title, columns)
        ordered = len(source[order_name(name)].numbers)
        return self._replace(grid=grid, first_of=source, ordered=ordered)

    @property
    def name(self) -> str:
        """The sheet or summary that it is of."""
        return self.summary.name if self.summary else self.sheet.name

    def rows(self, table: TableDef, *, across: bool = False) -> tuple[Rows, Sequence[int]]:
        """The rows of a table in their order, and how deep each is in a tree (else empty).

        Of a sheet this quarter's rows, team by team or ``across`` all teams, settled ones behind;
        lines of a list in its live order, and others below them, as they stand.
        """
        if table.tree:
            key = self.sheet.column(table.tree).reference.rpartition(".")[2]
            rows, depths = tree(self.grid, key, table.tree)
            return Rows(self.grid, rows), depths
        if PLACE in self.grid:
            return Rows.all(self.grid), ()
        made, model = bool(self.sheet.made_of or self.summary), self.tables.model
        own = model.rows(self.tables.definition.name, self.sheet.name)
        ordered: list[int] = list(range(self.grid.count) if made else own)
        if table.order:
            values = self.grid.declared(table.order.removeprefix("-")).values
            sign = 1 if table.order.startswith("-") else -1
            ordered.sort(key=lambda row: _place(values[row], sign))
        if not (across or made):
            keys = self.grid["key"].values
            ordered.sort(key=lambda row: int(keys[row] or 0))
        if not table.settled:
            return Rows(self.grid, ordered), ()
        asked = self.tables.parsed(table.settled, self.name)
        holding = self.tables.holding(asked, self.name)
        listed = Rows(self.grid, ordered, [holding[row] for row in ordered])
        return (listed if table.groups else listed.open_first()), ()  # groups keep their order

    @property
    def labels(self) -> Column:
        """What its lines are called."""
        return self.grid[LABEL if LABEL in self.grid else self.sheet.names[0]]

    def named(self, name: str) -> list[str]:
        """The column of a name, or those of which there is one for each choice."""
        if name in self.grid:
            return [name]
        return [one for one in self.grid.columns if one.startswith(f"{name}_")]

    @property
    def lines(self) -> int:
        """How many of the grid's rows are lines of one value each."""
        if self.summary is None or PLACE not in self.grid:
            return self.grid.count
        return len([place for place in self.grid[PLACE].values if place])

    def declared(self, name: str) -> ColumnDef | FigureDef | None:
        """What the definition says of a column; None of the team and the quarter."""
        own = self.summary.columns if self.summary else ()
        known: Sequence[ColumnDef | FigureDef] = (*own, *self.sheet.figures, *self.sheet.columns)
        return next((one for one in known if one.name == name), None)


def _place(value: Value, sign: int) -> tuple[bool, float, str]:
    """Sorts numbers, negated by ``sign`` where the largest come first, before texts."""
    if is_number(value):
        return False, sign * float(value), ""
    return True, 0.0, str(value or "")


def columns_of(
    source: Source, rows: Rows, table: TableDef, depths: Sequence[int] = ()
) -> list[Show]:
    """The columns of a table, a light behind each that asks for one, the link at the end."""
    model = source.tables.model
    found: list[Show] = []
    for shown in table.shown:
        if shown.spark:
            label = model.worded(shown.label) if shown.label else ""
            found.append(Show(shown.name, label, made=[None] * len(rows.indexes), width=_BARRED))
            continue
        for name in source.named(shown.name) or [shown.name]:
            found.append(_column(source, rows, shown, name, first=not found))
        if shown.light:
            style = _by_line(source, None, rows, styles.TABLE_LIGHT, shown.name)
            found.append(light_of(model, shown.name, f"light_{len(found)}", style))
    if table.groups:  # whose names stand in the first column, their rows further to the right
        found[0] = replace(found[0], width=max(found[0].width, _NAMES_OF_GROUPS))
    if depths:
        key = source.sheet.column(table.tree).reference.rpartition(".")[2]
        found = [replace(one, style=_by_depth(depths)) if one.name == key else one for one in found]
    return found


def _by_depth(depths: Sequence[int]) -> Callable[[int], Style]:
    """How the names of a tree's rows look line by line."""
    style = styles.TABLE_FIRST
    return lambda row: style.but(indent=1 + 2 * depths[row], bold=depths[row] == 0)


def _column(source: Source, rows: Rows, shown: ShownColumn, name: str, *, first: bool) -> Show:
    """A column, of several that a shown one stands for the one of that name."""
    model, declared = source.tables.model, source.declared(name)
    kind = shown.kind or (declared.kind if declared else "reference")
    column = source.grid.declared(name) if name in source.grid else None
    label = model.worded(shown.label) if shown.label else column.label if column else ""
    values = rows.values(column.name) if column else []
    style, room = _look(kind, values, first=first)
    if shown.digits is not None:
        decimals = "." * bool(shown.digits) + "0" * shown.digits
        style = style.but(number=f"0{decimals}%" if kind == "percent" else f"#,##0{decimals}")
    bars = _bars(shown, values[: source.lines or None])
    if bars is not None:
        style = style.but(indent=0)
    chosen = shown.choices or (declared.choices if declared else "")
    looks = {}
    if chosen and shown.colours:
        words = model.choices(source.tables.definition.name, chosen)
        looks = {words[name]: COLOURS[colour] for name, colour in shown.colours.items()}
    texts = _is_text(kind)
    low, high = _WIDTHS[room]
    content = values[:500] if texts else [f"{value:,.2f}" for value in values if is_number(value)]
    width = column_pixels(content, size=style.size, minimum=low, maximum=high)
    header = column_pixels([label], size=9.5, bold=True, minimum=low, maximum=high)
    name = column.name if column else name
    return Show(
        name,
        label,
        _by_line(source, declared, rows, style, name),
        _headed(source, rows, name) if first else None,
        quiet=texts or column is None or source.first_of is not None,
        bars=bars,
        looks=looks,
        width=max(width, min(header, width + 40), _BARRED if bars is not None else 0),
    )


def _is_text(kind: str) -> bool:
    return kind in ("text", "choice", *_NAMES)


def _look(kind: str, values: Sequence[Value], *, first: bool) -> tuple[Style, str]:
    """The style of a column's cells, and which of ``_WIDTHS`` it keeps to."""
    if first and _is_text(kind):
        return TEAM, "name"
    number = styles.TABLE_NUMBER.but(number=amount_format(values))
    return _LOOKS.get(kind, (number, "number"))


def _headed(source: Source, rows: Rows, name: str) -> Figure | None:
    """The first column of a list with lines of others and of all: these show what they are.

    None where there are no such lines.
    """
    if not source.lines or source.lines == source.grid.count:
        return None
    mine, below = or_nothing(rows.cell(name)), or_nothing(rows.cell(LABEL))
    return Each([mine if row < source.lines else below for row in range(source.grid.count)])


def _bars(shown: ShownColumn, values: Sequence[Value]) -> float | None:
    """The end of the scale of bars; None without bars, or where no number is above 0."""
    if not shown.bars:
        return None
    if shown.light:
        return _ATTAINED
    most = max((float(value) for value in values if is_number(value)), default=0.0)
    return most * _CLEAR if most > 0 else None


def _by_line(
    source: Source, declared: ColumnDef | FigureDef | None, rows: Rows, style: Style, name: str
) -> Style | Callable[[int], Style]:
    """How a column looks line by line: by unit where rows have one; lines of all stand out."""
    if declared and declared.kind == "measure":
        unit = declared.unit_from if isinstance(declared, ColumnDef) else "unit"
        pairs = zip(rows.values(unit), rows.values(name), strict=True)
        looks = [
            WORDS if isinstance(value, str) and value else measured(style, of, value)
            for of, value in pairs
        ]
        return lambda index: looks[index]
    lines = source.lines
    if not source.summary or lines == source.grid.count:
        return style
    total = style.but(bold=True, fill=styles.CARD, color=styles.NAVY)
    return lambda index: style if index < lines else total
