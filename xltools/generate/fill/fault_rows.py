"""In which rows of a sheet each fault stands, worked out as the live checks would show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from xltools.definition import ColumnDef
from xltools.generate.fill.starting_rows import Row, choice_words, plain
from xltools.generate.layout.column_styles import cell_content
from xltools.generate.layout.form_layout import Form, Workbook
from xltools.generate.layout.helper_keys import LONGEST_KEY, widened
from xltools.generate.live.live_checks import TOLERANCE, LiveFault
from xltools.generate.live.live_status import BLANK_ROW, TO_FILL
from xltools.generate.live.target_tally import tally
from xltools.kinds import KINDS
from xltools.kinds.grammar.plain_values import is_plain, may_be_read

if TYPE_CHECKING:
    from xltools.expressions import Tables

GROUP = "_workbook"
"""The column of tables that says which of many workbooks a row is of, by index."""


class TeamWords(msgspec.Struct, frozen=True):
    """What the live checks look up of one team.

    ``targets`` by metric are a number and its words, ``near`` names that sound like a member's.
    """

    targets: Mapping[str, tuple[float, str]]
    near: set[str]


class FaultRows(msgspec.Struct, frozen=True):
    """The rows of one sheet of many workbooks, and the faults in them.

    ``computed`` are its computed columns, ``groups`` the workbook of each row by its index,
    ``teams`` whose they are.
    """

    workbook: Workbook
    form: Form
    tables: Tables
    rows: Sequence[Row]
    computed: Mapping[str, list[object]]
    groups: Sequence[int]
    teams: Sequence[TeamWords]
    year: int

    def of(self, fault: LiveFault) -> list[bool]:
        """In which rows a fault stands."""
        if fault.category == "error":  # The program writes no error values.
            return [False] * len(self.rows)
        if fault.category == "target":
            return self._off_target()
        column = self.form.sheet.column(fault.columns[0])
        values = self._values(column.name)
        texts = ["" if value is None else _trimmed(str(value)) for value in values]
        blank = [not text for text in texts]
        match fault.category:
            case "missing":
                return [f"|{text}|" in KINDS[column.kind].nothing for text in texts]
            case "kind" | "doubt":
                hits = self._not_plain(column, doubtful=fault.category == "doubt")
            case "near":
                pairs = zip(texts, self.groups, strict=True)
                hits = [text.casefold() in self.teams[group].near for text, group in pairs]
            case "choice":
                catalog, definition = self.workbook.catalog, self.workbook.definition
                words = set(map(_same, choice_words(catalog, definition, column.choices)))
                hits = [_trimmed(_same(value)) not in words for value in values]
            case "reference":
                hits = self._not_found(column, values)
            case "range":
                hits = [_is_outside(column, value) for value in values]
            case _:
                keys = list(zip(self.groups, map(_key, values), strict=True))
                counted = Counter(keys)
                hits = [counted[key] > 1 for key in keys]
        return [hit and not nothing for hit, nothing in zip(hits, blank, strict=True)]

    def _values(self, name: str) -> list[object]:
        return self.computed.get(name) or [row.get(name) for row in self.rows]

    def _off_target(self) -> list[bool]:
        """Where a row's target is not the one that the settings have for its metric."""
        return [
            isinstance(value, int | float)
            and target is not None
            and abs(value - target[0]) > TOLERANCE * max(abs(value), 1)
            for value, target in zip(self._values("target"), self._targets(), strict=True)
        ]

    def beside(self, faults: Sequence[int], off: int | None) -> list[str]:
        """What the check column says of each row's target beside its first fault.

        ``off`` is the number of the fault of missing the target.
        """
        sheet = self.form.sheet
        if not sheet.states_targets:
            return [""] * len(faults)
        months = [self._values(name) for name in sheet.tallied]
        totals, units = self._values("target"), self._values(sheet.column("target").unit_from)
        found: list[str] = []
        for at, (fault, target) in enumerate(zip(faults, self._targets(), strict=True)):
            if months and fault not in (TO_FILL, BLANK_ROW):
                typed = [values[at] for values in months]
                found.append(tally(typed, totals[at], target and target[0], str(units[at] or "")))
            else:
                found.append(f" · {target[1]}" if target and fault in (TO_FILL, off) else "")
        return found

    def _targets(self) -> list[tuple[float, str] | None]:
        """What the settings have for each row's metric."""
        metrics = [_trimmed(str(metric or "")).casefold() for metric in self._values("metric")]
        pairs = zip(metrics, self.groups, strict=True)
        return [self.teams[group].targets.get(metric) for metric, group in pairs]

    def first_of_each(self, hits: Sequence[bool]) -> list[bool]:
        """Only the first hit of every workbook."""
        seen: set[int] = set()
        first = []
        for hit, group in zip(hits, self.groups, strict=True):
            first.append(hit and group not in seen)
            if hit:
                seen.add(group)
        return first

    def _not_plain(self, column: ColumnDef, *, doubtful: bool) -> list[bool]:
        """Where a value is not of the column's kind as typed, but may be read, or may not."""
        kind = KINDS[column.kind]
        found = []
        for value, of_row in zip(
            self._values(column.name), self._values(column.unit_from), strict=True
        ):
            typed, unit = cell_content(self.workbook, column, value), str(of_row or column.unit)
            odd = typed is not None and not is_plain(kind, typed, unit, self.year)
            found.append(odd and may_be_read(kind, typed, unit) is doubtful)
        return found

    def _not_found(self, column: ColumnDef, values: Sequence[object]) -> list[bool]:
        sheet, _, name = column.reference.partition(".")
        table = self.tables.sheets[sheet]
        known = set(zip(table[GROUP].tolist(), map(_key, plain(table[name])), strict=True))
        return [
            (group, _key(value)) not in known
            for group, value in zip(self.groups, values, strict=True)
        ]


def _is_outside(column: ColumnDef, value: object) -> bool:
    if not isinstance(value, int | float):
        return False
    too_small = column.min is not None and value < column.min
    return too_small or (column.max is not None and value > column.max)


def _same(value: object) -> str:
    """A value as the formulas compare it: as a text, in which case does not count."""
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return text.casefold()


def _key(value: object) -> str:
    """A value as the keys compare it: a long one keeps its signs."""
    text = _same(value)
    return text if len(text) > LONGEST_KEY else widened(text)


def _trimmed(text: str) -> str:
    """A text without the spaces that TRIM takes."""
    return " ".join(part for part in text.split(" ") if part)
