"""What a workbook is: immutable structs, read from ``templates/<name>.toml`` and nothing else.

Expressions (``compute``, ``default``, ``check``, ``when``, ``set``) stay texts here; the room
`expressions` gives them meaning.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from xltools.definition.evaluation_model import Block, FigureDef, PageDef, Summary
from xltools.definition.local_text import LocalText

CARRIED_COLUMNS = ("id", "carried_since", "carried_from")
"""By which a row is known again in the next quarter, where a sheet has them."""

_AMOUNTS = ("number", "integer", "percent", "ratio", "measure")


class Choice(LocalText, frozen=True, forbid_unknown_fields=True):
    """One allowed value of a list: its labels, and other words that mean the same."""

    aliases: tuple[str, ...] = ()


class ColumnDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One column, declared once; every room reads it from here.

    ``unit`` is fixed, ``unit_from`` names the column that holds each row's unit. ``reference`` is
    ``sheet.column``; ``source`` is a column of the settings (``members.name``) that is offered, not
    enforced, narrowed to the rows whose ``source_by`` value equals this row's column of that name.
    ``compute`` makes a computed column, ``default`` fills a blank one on read. ``given`` columns
    are filled by the program, not by the team. ``brackets`` / ``header_brackets`` name the column
    that takes the bracketed end of a cell / of the header where its own cell is blank. ``against``
    are columns of which this one cannot well be many times the value: its target, its last value.
    """

    name: str
    label: LocalText
    kind: str
    required: bool = False
    unique: bool = False
    unit: str = ""
    unit_from: str = ""
    choices: str = ""
    reference: str = ""
    source: str = ""
    source_by: str = ""
    min: float | None = None
    max: float | None = None
    compute: str = ""
    default: str = ""
    given: bool = False
    hidden: bool = False
    against: tuple[str, ...] = ()
    brackets: str = ""
    header_brackets: str = ""
    aliases: tuple[str, ...] = ()
    was: str = ""
    hint: LocalText | None = None
    example: LocalText | str | int | float | None = None
    width: int = 0

    @property
    def computed(self) -> bool:
        return bool(self.compute)

    @property
    def typed(self) -> bool:
        """Whether a team types into it."""
        return not (self.compute or self.given)


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must hold in every row: violated where ``check`` is false (unknown is not a violation).

    The fault stands at the first of ``columns``; all of them turn red. ``once`` reports one fault a
    workbook, for rules about a whole column.
    """

    name: str
    check: str
    columns: tuple[str, ...]
    message: LocalText
    code: Literal["row-rule", "sum-mismatch"] = "row-rule"
    severity: Literal["error", "warning"] = "error"
    once: bool = False


class Carry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of a sheet's rows goes into the next quarter.

    Rows where ``when`` is true are carried ``into`` a sheet of the same definition (default: their
    own, with every typed column but ``clear``); ``set`` columns are computed from the source row.
    The others are closed, for the reason in ``otherwise``. Expressions may use
    ``parameters.period_end``, ``parameters.next_start`` and ``parameters.next_quarter``.
    """

    when: str
    otherwise: LocalText
    into: str = ""
    clear: tuple[str, ...] = ()
    set: dict[str, str] = {}


class Prefill(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows that a blank workbook starts with: one for each of the team's rows in a settings sheet.

    ``set`` columns are computed from that row.
    """

    source: str
    set: dict[str, str]


class Migration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became another with ``version``; columns are ``sheet.column``.

    Workbooks of earlier versions are not blamed for lacking an ``added`` column; what they hold in
    a ``removed`` one, known by its former name or label, is kept as unknown content. A ``changed``
    column is read as its new kind. Renamed ones say so themselves, by ``was``.
    """

    version: int
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: dict[str, LocalText] = {}


class SheetDef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One sheet to fill in: columns in the order in which users know them.

    ``lasts`` is how long a submission counts: ``year`` sheets are replaced by the year's latest.
    ``rows`` are shipped with the blank workbook (the settings' defaults). ``figures`` are columns
    that only the evaluation has. ``made_of`` are the sheets (``expansion.spending``) of which the
    program makes a table of the evaluation: nobody fills it in.
    """

    name: str
    title: LocalText
    about: LocalText
    columns: tuple[ColumnDef, ...]
    rules: tuple[Rule, ...] = ()
    carry: tuple[Carry, ...] = ()
    prefill: Prefill | None = None
    aliases: tuple[str, ...] = ()
    was: str = ""
    lasts: Literal["quarter", "year"] = "quarter"
    capacity: int = 60
    rows: tuple[dict[str, LocalText | str | int | float | bool], ...] = ()
    figures: tuple[FigureDef, ...] = ()
    made_of: tuple[str, ...] = ()

    def column(self, name: str) -> ColumnDef:
        """The column of this name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def lists(self) -> dict[str, str]:
        """The list of every column that holds choices, also of the evaluation's."""
        found = {one.name: one.choices for one in self.columns if one.choices}
        return found | {one.name: one.choices for one in self.figures if one.choices}

    @property
    def states_targets(self) -> bool:
        """Whether each row holds the quarter's target of one metric of the settings."""
        if self.prefill is None or self.prefill.source != "targets":
            return False
        return "target" in self.names and "metric" in self.names and self.column("metric").unique

    @property
    def tallied(self) -> tuple[str, ...]:
        """The months that a stated target is computed from; none where it is typed itself."""
        months = self.amounts_behind("target") if self.states_targets else ()
        return months if len(months) > 1 and self.column("target").unit_from else ()

    def amounts_behind(self, name: str) -> tuple[str, ...]:
        """The typed amounts that a column is computed from; itself where it is typed."""
        column = self.column(name)
        if not column.computed:
            return (name,)
        words = re.findall(r"\w+", column.compute)
        return tuple(
            one.name
            for one in self.columns
            if one.typed and one.name in words and one.kind in _AMOUNTS
        )


class Function(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A named expression over its arguments, stated once and usable in every expression."""

    arguments: tuple[str, ...]
    value: str
    about: LocalText


class Definition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole workbook; ``version`` rises when a column is renamed, added, removed or changed.

    ``overview`` are its blocks on the first page of an evaluation, ``team_lists`` the tables of it
    that the page of each team shows.
    """

    name: str
    version: int
    title: LocalText
    about: LocalText
    sheets: tuple[SheetDef, ...]
    lists: dict[str, dict[str, Choice]] = {}
    functions: dict[str, Function] = {}
    filled_by: Literal["team", "desk"] = "team"
    migrations: tuple[Migration, ...] = ()
    tables: tuple[SheetDef, ...] = ()
    summaries: tuple[Summary, ...] = ()
    pages: tuple[PageDef, ...] = ()
    overview: tuple[Block, ...] = ()
    team_lists: tuple[Block, ...] = ()

    @property
    def team_page(self) -> PageDef:
        """What the page of each team shows of it, as a page by itself."""
        return self._page("team", self.team_lists)

    @property
    def overview_page(self) -> PageDef:
        """What the first page shows of it, as a page by itself."""
        return self._page("overview", self.overview)

    def path_of(self, page: PageDef) -> str:
        """Where a page stands in the definition's file."""
        own = {self.overview_page.name: "overview", self.team_page.name: "team_lists"}
        return own.get(page.name, f"pages.{page.name}")

    def _page(self, of: str, blocks: tuple[Block, ...]) -> PageDef:
        short = LocalText(self.title.zh, f"{self.name} {of}")  # a sheet is called so
        return PageDef(name=f"{self.name}_{of}", title=short, about=self.about, blocks=blocks)

    @property
    def evaluated(self) -> bool:
        """Whether it says anything of its evaluation."""
        figures = any(sheet.figures for sheet in self.sheets)
        shown = self.pages or self.overview or self.team_lists
        return bool(figures or self.tables or self.summaries or shown)

    @property
    def whole(self) -> Definition:
        """As its evaluation sees it: made tables among the sheets, blocks of others in pages."""
        sheets = (*self.sheets, *self.tables)
        pages = (page for page in (self.overview_page, self.team_page) if page.blocks)
        return msgspec.structs.replace(
            self, sheets=sheets, tables=(), pages=(*self.pages, *pages), overview=(), team_lists=()
        )

    def sheet(self, name: str) -> SheetDef:
        """The sheet of this name; KeyError when there is none."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)

    def since(self, version: int) -> tuple[Migration, ...]:
        """What has changed since a version, in order."""
        later = (one for one in self.migrations if one.version > version)
        return tuple(sorted(later, key=lambda one: one.version))

    def summary(self, name: str) -> Summary:
        """The summary of this name; KeyError when there is none."""
        for summary in self.summaries:
            if summary.name == name:
                return summary
        raise KeyError(name)
