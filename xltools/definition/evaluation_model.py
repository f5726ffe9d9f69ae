"""What a definition says about its evaluation: further columns, summaries, and pages of blocks.

Expressions see the rows of all teams; `expressions` gives them meaning, `evaluate` draws them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from xltools.definition.local_text import LocalText

# Columns by which rows are carried from quarter to quarter: no evaluation shows them.
IDENTITY = ("id", "carried_from")
# Pages that no definition declares, since they need more than blocks.
SPECIAL = ("overview", "matrix", "quality", "changes", "parameters")
# Tables and columns that the program fills in where a definition asks for them.
_PLANNED = ("spend", "leads", "customers", "revenue")
_TASK = ("task", "owner", "start", "due", "cadence", "completion", "solution", "next_step")
MADE: Mapping[str, tuple[str, ...]] = {
    "channel_teams": ("channel", "channel_key", "planned_row", *_PLANNED),
    "drivers": (
        "number", "driver", "line", "metric", "process", "attainment", "process_attainment",
        "cause", "action",
    ),
    "goal_list": (
        "goal", "goal_key", "aligned_row", "reviewed_row", "priority", "target", "unit", "owner",
        "due", "actual", "attainment", "customer_share", "sales_share", "tasks_of", "tasks_done",
        "done",
    ),
    "months": (
        "month", "label", "teams_due", "teams_there", "first_key", "number", "target",
        "target_to_date", "actual", "actual_to_date",
    ),
    "states": ("number", "tracked", "task_key", "goal_key", *_TASK),
}  # fmt: skip
FILLED = (
    "stages.known_as", "outcome.known_as",
    "outcome.team_rank", "breakdown.children_sum", "breakdown.children_off", "breakdown.ytd_actual",
    "tasks.goal_key", "tasks.progress", "tasks.state", "progress.task_key", "progress.row",
)  # fmt: skip
Colour = Literal["green", "yellow", "amber", "red", "blue", "grey"]


class FigureDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column that only the evaluation has, of a sheet's rows or of a summary.

    In a summary ``each`` gives one for every choice of a column of the sheet, or for the names that
    most of its rows hold. Without ``compute`` it is one of those that the program fills in.
    """

    name: str
    label: LocalText
    compute: str = ""
    kind: str = "number"
    unit: str = ""
    choices: str = ""
    each: str = ""


class Summary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table made from the rows of a sheet: one row for each value of the columns ``by``.

    ``where`` narrows the rows. ``every`` lists all choices, or all teams, also those without rows.
    ``order`` is the figure by which rows stand, the largest first (``-name``: the smallest); at
    ``most`` so many of them are shown, the rest together as ``others``. ``total`` is what the line
    of all rows together is called.
    """

    name: str
    title: LocalText
    source: str = msgspec.field(name="from")
    by: tuple[str, ...]
    columns: tuple[FigureDef, ...]
    where: str = ""
    every: bool = False
    order: str = ""
    most: int = 0
    others: LocalText | None = None
    total: LocalText | None = None


class CardDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One figure, large: with its ``target`` and light, and with what it was before.

    ``overview`` shows it on the first page, too.
    """

    label: LocalText
    value: str
    kind: str = "number"
    unit: str = ""
    target: str = ""
    basis: Literal["higher", "lower"] = "higher"
    compare: Literal["", "previous", "year_before"] = ""
    overview: bool = False


class ShownColumn(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column of a table: with bars behind its numbers, its light, or its choices' colours.

    ``digits`` are the decimals that its numbers always show; else as many as they need, up to two.
    ``subtotal`` is the figure of a group, of nested ones either the same or one for each; where the
    rows have no column of that name, of that ``kind``, only groups show it. ``spark`` names columns
    that are drawn as little bars in the cell.
    """

    name: str
    label: LocalText | None = None
    bars: bool = False
    light: bool = False
    colours: dict[str, Colour] = {}
    subtotal: str | tuple[str, ...] = ""
    kind: str = ""
    choices: str = ""
    digits: int | None = None
    spark: tuple[str, ...] = ()

    def subtotal_of(self, level: int) -> str:
        """The figure of a group; "" where it has none."""
        if isinstance(self.subtotal, str):
            return self.subtotal
        return self.subtotal[level] if level < len(self.subtotal) else ""


class TableDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows of a sheet or of a summary. ``order`` sorts a sheet's rows when the page is made.

    With ``most`` as well they stand in a live order: they are then the first that are not settled.

    ``group`` gives the rows of each value of a column a line above them, with ``subtotal`` figures;
    several columns make groups within groups. ``tree`` names the column that refers to the row
    above: each row stands below that, further to the right.
    ``settled`` is the condition of rows that need nobody's eyes: they stand behind the others, and
    a long list folds them away. ``filter`` lets its readers filter it, one of a page.
    Of more than ``most`` rows the rest are told, and found on the data sheet.
    """

    of: str
    columns: tuple[str | ShownColumn, ...]
    order: str = ""
    group: str | tuple[str, ...] = ""
    tree: str = ""
    settled: str = ""
    filter: bool = False
    most: int = 0

    @property
    def owner(self) -> str:
        """The other definition whose rows it shows; "" for its own."""
        return self.of.rpartition(".")[0]

    @property
    def groups(self) -> tuple[str, ...]:
        """The columns by which its rows are grouped, the outer one first."""
        return tuple(filter(None, (self.group,) if isinstance(self.group, str) else self.group))

    @property
    def shown(self) -> tuple[ShownColumn, ...]:
        """Its columns."""
        return tuple(ShownColumn(name=one) if isinstance(one, str) else one for one in self.columns)


class MatrixDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure of a sheet's rows for every value of one column by every choice or name in another.

    ``colours`` shades the figures from light to dark, or gives attainments the lights' colours.
    """

    of: str
    rows: str
    columns: str
    value: str
    kind: str = "number"
    colours: Literal["", "shades", "lights"] = ""
    total: LocalText | None = None


class ChartDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Figures of a summary or of a table that is made, drawn: each of ``values`` is a series.

    ``colours`` are those of the series, else each has its own.
    """

    kind: Literal["bar", "column", "stacked", "line", "target", "pareto", "radar"]
    of: str
    values: tuple[str, ...]
    colours: tuple[Colour, ...] = ()


class Block(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a page: one of cards, table, matrix, chart, text, or blocks ``beside`` each other.

    A text may stand above one of the others. ``figures`` are what it names in braces, ``page`` is
    the page to which it leads.
    """

    title: LocalText | None = None
    cards: tuple[CardDef, ...] = ()
    table: TableDef | None = None
    matrix: MatrixDef | None = None
    chart: ChartDef | None = None
    text: LocalText | None = None
    figures: dict[str, FigureOfText] = {}
    page: str = ""
    beside: tuple[Block, ...] = ()

    @property
    def parts(self) -> tuple[Block, ...]:
        """The blocks that are drawn: itself, or those that stand beside each other."""
        return tuple(part for one in self.beside for part in one.parts) or (self,)

    @property
    def single(self) -> bool:
        """Whether it is of one kind, but for a text above it."""
        held = len(list(filter(None, (self.cards, self.table, self.matrix, self.chart))))
        if self.beside:
            return not (held or self.text)
        return held == 1 or self.text_alone

    @property
    def text_alone(self) -> bool:
        """Whether it says something and shows nothing."""
        return bool(self.text) and not (self.cards or self.table or self.matrix or self.chart)


class FigureOfText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure inside a text; of a share or number ``digits`` are its decimals, else one."""

    value: str
    kind: str = "integer"
    digits: int = 1


class PageDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A page of the evaluation, its blocks from top to bottom.

    ``brief`` is the table that stands for it in a printed report; else its first block does.
    """

    name: str
    title: LocalText
    about: LocalText
    blocks: tuple[Block, ...]
    note: LocalText | None = None
    brief: Block | None = None

    @property
    def parts(self) -> tuple[Block, ...]:
        """Every block, those beside each other one after the other; the brief one last."""
        parts = tuple(part for block in self.blocks for part in block.parts)
        return parts + ((self.brief,) if self.brief else ())
