"""What the evaluation's expressions may name: the rows of all teams, summaries, teams, the day."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import msgspec

from xltools.definition.catalog import Catalog
from xltools.definition.definition_model import Definition, SheetDef
from xltools.definition.evaluation_model import IDENTITY, FigureDef, Summary
from xltools.expressions.nodes import DATE, NUMBER, TEXT, Cell, Type
from xltools.expressions.reading.scope import (
    QUARTERS_AGO,
    TEAMS,
    Columns,
    Scope,
    column_type,
    kind_type,
)

AS_OF = "as_of"
NUMBER_OF = "number"  # of a line in its summary
KEY = "key"  # the number of a row's team, in each earlier quarter another one
_NUMBER = Cell(NUMBER_OF, NUMBER, True)
_OF_TEAMS = dict.fromkeys(("team", "lead", "region", "department"), TEXT)
_OF_TEAMS |= dict.fromkeys(("bonus", "score", "rank", "attainment"), NUMBER)
_FAR_BACK = frozenset(range(9))


class EvaluationScopes(msgspec.Struct, frozen=True, dict=True):
    """The scopes of one definition; ``quarters`` and ``dated`` as a `Scope` has them.

    ``quarter`` is the number of the quarter that is evaluated.
    """

    catalog: Catalog
    definition: Definition
    quarters: frozenset[int]
    dated: frozenset[str]
    quarter: int = 1

    @classmethod
    def at_reading(cls, catalog: Catalog, definition: Definition) -> EvaluationScopes:
        """Before there are rows: any quarter may be given, any sheet be of several."""
        names = frozenset(sheet.name for sheet in definition.sheets if not sheet.made_of)
        return cls(catalog, definition, _FAR_BACK, names)

    def of_sheet(self, name: str) -> Scope:
        """The scope of a sheet's rows."""
        return msgspec.structs.replace(self._whole, sheet=name, columns=self._rows(name))

    def of_summary(self, summary: Summary) -> Scope:
        """The scope of a summary's rows; functions over rows look at those of the line."""
        scope = self._whole
        dated = scope.dated if "period" not in summary.by else scope.dated - {summary.source}
        return msgspec.structs.replace(
            scope,
            columns=scope.sheets[summary.name],
            dated=dated,
            scanned=summary.source,
            across=summary.name,
            texts={one.name: one.compute for one in summary.columns},
        )

    def of_page(self, scanned: str = "") -> Scope:
        """The scope of a figure that stands by itself."""
        return msgspec.structs.replace(self._whole, scanned=scanned)

    def of_group(self, source: str, by: tuple[str, ...]) -> Scope:
        """The scope of the figures of a table's groups."""
        columns = self._rows(source)
        return msgspec.structs.replace(
            self.of_page(source), columns={one: columns[one] for one in by if one in columns}
        )

    def type_of(self, one: FigureDef) -> Type:
        """What a further column gives."""
        return kind_type(self.definition, one.kind, one.choices)

    @cached_property
    def _whole(self) -> Scope:
        first = Scope.of(self.catalog, self.definition, self.definition.sheets[0])
        sheets = {sheet.name: self._rows(sheet.name) for sheet in self.definition.sheets}
        for summary in self.definition.summaries:
            source = sheets.get(summary.source, {})
            by = {name: source[name] for name in summary.by if name in source}
            sheets[summary.name] = {**by, NUMBER_OF: _NUMBER, **self._figures(summary.columns)}
        teams = {name: Cell(name, kind, True) for name, kind in _OF_TEAMS.items()}
        return msgspec.structs.replace(
            first,
            sheet="",
            columns={},
            sheets={**first.sheets, TEAMS: teams, **sheets},
            parameters={**first.parameters, AS_OF: DATE},
            known={"quarter": self.quarter},
            quarters=self.quarters,
            dated=self.dated,
        )

    def _rows(self, name: str) -> Columns:
        sheet: SheetDef = self.definition.sheet(name)
        given = {one: Cell(one, TEXT, True) for one in ("team", "period")}
        given[KEY] = Cell(KEY, NUMBER, True)
        typed = {
            one.name: Cell(one.name, column_type(self.definition, one), one.typed)
            for one in sheet.columns
            if one.name not in IDENTITY
        }
        dated = {QUARTERS_AGO.column: QUARTERS_AGO} if name in self.dated else {}
        return {**given, **typed, **self._figures(sheet.figures), **dated}

    def _figures(self, figures: Iterable[FigureDef]) -> Columns:
        """Further columns; their numbers are rounded, so that both sides see the very same.

        One that there is for each choice has no single value, and so no name here.
        """
        single = (one for one in figures if not one.each)
        return {one.name: Cell(one.name, self.type_of(one), True) for one in single}
