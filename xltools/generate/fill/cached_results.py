"""What every formula shows in rows that are filled in already, worked out without a spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from xltools.definition import ColumnDef
from xltools.definition.default_settings import default_parameters
from xltools.generate.fill.starting_rows import Row, frame, plain
from xltools.generate.layout.column_styles import shown
from xltools.generate.layout.dropdown_lists import near_names, team_targets
from xltools.generate.layout.form_layout import Form, Workbook
from xltools.generate.layout.helper_keys import LONGEST_KEY, widened
from xltools.generate.live.live_checks import TOLERANCE, LiveFault, chunks
from xltools.generate.live.live_colours import LOOKS, colour_texts, look_of
from xltools.generate.live.live_status import BLANK_ROW, TO_FILL
from xltools.generate.live.target_tally import tally
from xltools.kinds import KINDS
from xltools.kinds.grammar.plain_values import is_plain, may_be_read
from xltools.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from xltools.expressions import Tables

_GROUP = "_workbook"


class Judged(msgspec.Struct, frozen=True):
    """One sheet's rows with all that its formulas show.

    ``broken`` says by rule whether each row breaks it, ``faults`` is each row's first fault,
    ``parts`` what the further helpers find, ``colours`` the texts of those that colour cells,
    ``begun`` how many typed cells nobody has to type, ``beside`` what the check column tells of the
    desk's target: where it is waited for or missed, or how months add up beside it.
    """

    rows: Sequence[Row]
    computed: Mapping[str, list[object]]
    broken: Sequence[list[bool]]
    faults: Sequence[int]
    parts: Sequence[list[int]]
    colours: Mapping[int, list[str]]
    begun: Sequence[int]
    beside: Sequence[str]

    def told(self) -> list[int]:
        """The first faults, where an incomplete row that nobody has touched only waits."""
        return told_of(self.faults, self.begun)


def told_of(faults: Sequence[int], begun: Sequence[int]) -> list[int]:
    """The first faults of rows, where an incomplete one that nobody has touched only waits."""
    pairs = zip(faults, begun, strict=True)
    return [TO_FILL if begun and fault > 0 else fault for fault, begun in pairs]


def _number_of(category: str, faults: Sequence[LiveFault]) -> int | None:
    return next((at for at, fault in enumerate(faults, 1) if fault.category == category), None)


def judge(
    workbook: Workbook,
    faults: Mapping[str, list[LiveFault]],
    settings: Settings,
    filled: Sequence[Mapping[str, Sequence[Row]]],
    teams: Sequence[str],
    year: int,
    fresh: bool,
) -> list[dict[str, Judged]]:
    """For each of many workbooks of one layout, by sheet, what its formulas show.

    The rows of ``fresh`` ones are a start that nobody has touched yet.
    """
    if not any(rows for sheets in filled for rows in sheets.values()):
        return [{} for _ in filled]
    tables = _tables(workbook, settings, filled)
    judged: list[dict[str, Judged]] = [{} for _ in filled]
    said = [_targets(settings, team, workbook.lang) for team in teams]
    near = [set(near_names(settings, team)) for team in teams]
    begun = [form for name, form in workbook.forms.items() if len(tables.sheets[name])]
    _compute(workbook, begun, tables)
    for name, form in workbook.forms.items():
        every = [sheets.get(name, ()) for sheets in filled]
        starts = _starts(every)
        if starts[-1]:
            together = [row for rows in every for row in rows]
            of_teams = said, near
            whole = _judge_sheet(
                workbook, form, faults[name], tables, together, year, fresh, of_teams
            )
            for index, rows in enumerate(every):
                if rows:
                    judged[index][name] = _cut(whole, starts[index], starts[index + 1])
    return judged


def _targets(settings: Settings, team: str, lang: str) -> dict[str, tuple[float, str]]:
    """The team's targets by metric, also in words; the first where one is named twice."""
    columns = zip(*team_targets(settings, team, lang), strict=True)
    return {
        str(name).casefold(): (value, str(text))
        for name, value, text in reversed(list(columns))
        if isinstance(value, int | float)
    }


def _starts(every: Sequence[Sequence[Row]]) -> list[int]:
    starts = [0]
    for rows in every:
        starts.append(starts[-1] + len(rows))
    return starts


def _cut(whole: Judged, start: int, stop: int) -> Judged:
    return Judged(
        rows=whole.rows[start:stop],
        computed={name: values[start:stop] for name, values in whole.computed.items()},
        broken=[values[start:stop] for values in whole.broken],
        faults=whole.faults[start:stop],
        parts=[values[start:stop] for values in whole.parts],
        colours={place: texts[start:stop] for place, texts in whole.colours.items()},
        begun=whole.begun[start:stop],
        beside=whole.beside[start:stop],
    )


def _tables(
    workbook: Workbook, settings: Settings, filled: Sequence[Mapping[str, Sequence[Row]]]
) -> Tables:
    import pandas as pd

    from xltools.expressions import Tables

    sheets: dict[str, pd.DataFrame] = {}
    for name, form in workbook.forms.items():
        rows = [row for sheet in filled for row in sheet.get(name, ())]
        sheets[name] = frame(form.sheet, rows)
        groups = [index for index, sheet in enumerate(filled) for _ in sheet.get(name, ())]
        sheets[name][_GROUP] = pd.Series(groups, dtype="int64")
    return Tables(
        sheets=sheets,
        library=pd.DataFrame(settings.library()),
        parameters=default_parameters(workbook.catalog) | settings.parameters,
    )


def _compute(workbook: Workbook, forms: Iterable[Form], tables: Tables) -> None:
    """Put the computed columns into their tables, those first that others are made of."""
    from xltools.expressions import computation_order, evaluate

    computed = {
        (form.sheet.name, column.name): workbook.parse(form.sheet, column.compute)
        for form in forms
        for column in form.sheet.columns
        if column.computed
    }
    for sheet, name in computation_order(computed):
        made = evaluate(computed[sheet, name], sheet, tables, group=_GROUP)
        tables.sheets[sheet][name] = made


def _judge_sheet(
    workbook: Workbook,
    form: Form,
    faults: Sequence[LiveFault],
    tables: Tables,
    rows: Sequence[Row],
    year: int,
    fresh: bool,
    of_teams: tuple[Sequence[Mapping[str, tuple[float, str]]], Sequence[set[str]]],
) -> Judged:
    from xltools.expressions import violations

    table = tables.sheets[form.sheet.name]
    started = [count > 0 for count in _typed(form, rows)]
    broken = []
    for rule in form.sheet.rules:
        expression = workbook.parse(form.sheet, rule.check)
        wrong = violations(expression, form.sheet.name, tables, group=_GROUP)
        broken.append([bool(one and two) for one, two in zip(wrong, started, strict=True)])
    computed = {c.name: plain(table[c.name]) for c in form.sheet.columns if c.computed}
    hits = Hits(workbook, form, tables, rows, computed, table[_GROUP].tolist(), year, *of_teams)
    first = [0] * len(rows)
    parts: list[list[int]] = []
    every = [broken[one.rule] if one.rule is not None else hits.of(one) for one in faults]
    for chunk in reversed(chunks(faults)):
        for number, fault in reversed(chunk):
            found = every[number - 1]
            if fault.rule is not None and form.sheet.rules[fault.rule].once:
                found = hits.first_of_each(found)
            first = [number if hit else known for hit, known in zip(found, first, strict=True)]
        parts.insert(0, [one if there else 0 for one, there in zip(first, started, strict=True)])
    numbers = [one if there else BLANK_ROW for one, there in zip(first, started, strict=True)]
    begun = _typed(form, rows) if fresh else [0] * len(rows)
    return Judged(
        rows=rows,
        computed=computed,
        broken=broken,
        faults=numbers,
        parts=parts[1:],
        colours={
            place: _colours(columns, faults, every, begun)
            for place, (columns, _) in colour_texts(form, faults).items()
        },
        begun=begun,
        beside=hits.beside(told_of(numbers, begun), _number_of("target", faults)),
    )


def _colours(
    columns: Sequence[ColumnDef],
    faults: Sequence[LiveFault],
    hits: Sequence[Sequence[bool]],
    begun: Sequence[int],
) -> list[str]:
    """For every row the looks of these columns' cells, one sign each."""
    signs = [["0"] * len(columns) for _ in begun]
    for place, column in enumerate(columns):
        for look in reversed(LOOKS):
            for fault, found in zip(faults, hits, strict=True):
                if look_of(fault) == look and column.name in fault.columns:
                    for row, hit in enumerate(found):
                        if hit:
                            signs[row][place] = look
    return ["" if untouched else "".join(row) for row, untouched in zip(signs, begun, strict=True)]


def _typed(form: Form, rows: Sequence[Row]) -> list[int]:
    """How many of the cells that a team types into are filled in each row."""
    typed = [column.name for column in form.visible if column.typed]
    return [sum(row.get(name) is not None for name in typed) for row in rows]


class Hits(msgspec.Struct, frozen=True):
    """Where the faults of single columns stand in the rows of one sheet of many workbooks."""

    workbook: Workbook
    form: Form
    tables: Tables
    rows: Sequence[Row]
    computed: Mapping[str, Sequence[object]]
    groups: Sequence[int]
    year: int
    targets: Sequence[Mapping[str, tuple[float, str]]]
    near: Sequence[set[str]]

    def of(self, fault: LiveFault) -> list[bool]:
        """In which rows a fault stands."""
        if fault.category == "error":  # The program writes no error values.
            return [False] * len(self.rows)
        if fault.category == "target":
            return self._off_target()
        column = self.form.sheet.column(fault.columns[0])
        values = [row.get(column.name) for row in self.rows]
        texts = ["" if value is None else _trimmed(str(value)) for value in values]
        blank = [not text for text in texts]
        match fault.category:
            case "missing":
                return [f"|{text}|" in KINDS[column.kind].nothing for text in texts]
            case "kind" | "doubt":
                hits = self._not_plain(column, values, doubtful=fault.category == "doubt")
            case "near":
                pairs = zip(texts, self.groups, strict=True)
                hits = [text.casefold() in self.near[group] for text, group in pairs]
            case "choice":
                words = self._words(column)
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

    def _off_target(self) -> list[bool]:
        """Where a row's target is not the one that the settings have for its metric."""
        typed = self.computed.get("target") or [row.get("target") for row in self.rows]
        return [
            isinstance(value, int | float)
            and said is not None
            and abs(value - said[0]) > TOLERANCE * max(abs(value), 1)
            for value, said in zip(typed, self._said(), strict=True)
        ]

    def beside(self, told: Sequence[int], off: int | None) -> list[str]:
        """What the check column tells of each row's target; ``off`` is the fault of missing it."""
        sheet = self.form.sheet
        if not sheet.states_targets:
            return [""] * len(told)
        months = sheet.tallied
        found: list[str] = []
        for at, (fault, said) in enumerate(zip(told, self._said(), strict=True)):
            if months and fault not in (TO_FILL, BLANK_ROW):
                typed = [self.rows[at].get(name) for name in months]
                unit = str(self._cell(sheet.column("target").unit_from, at) or "")
                found.append(tally(typed, self._cell("target", at), said and said[0], unit))
            else:
                found.append(f" · {said[1]}" if said and fault in (TO_FILL, off) else "")
        return found

    def _cell(self, name: str, at: int) -> object:
        values = self.computed.get(name)
        return values[at] if values else self.rows[at].get(name)

    def _said(self) -> list[tuple[float, str] | None]:
        metrics = [_trimmed(str(row.get("metric") or "")).casefold() for row in self.rows]
        pairs = zip(metrics, self.groups, strict=True)
        return [self.targets[group].get(metric) for metric, group in pairs]

    def first_of_each(self, hits: Sequence[bool]) -> list[bool]:
        """Only the first hit of every workbook."""
        seen: set[int] = set()
        first = []
        for hit, group in zip(hits, self.groups, strict=True):
            first.append(hit and group not in seen)
            if hit:
                seen.add(group)
        return first

    def _not_plain(
        self, column: ColumnDef, values: Sequence[object], *, doubtful: bool
    ) -> list[bool]:
        units = self.computed.get(column.unit_from)
        if units is None:
            units = [row.get(column.unit_from) for row in self.rows]
        return [
            self._is_doubtful(column, value, str(unit or column.unit), doubtful=doubtful)
            for value, unit in zip(values, units, strict=True)
        ]

    def _is_doubtful(self, column: ColumnDef, value: object, unit: str, *, doubtful: bool) -> bool:
        as_typed = shown(self.workbook, column, value)
        if as_typed is None or is_plain(KINDS[column.kind], as_typed, unit, self.year):
            return False
        return may_be_read(KINDS[column.kind], as_typed, unit) is doubtful

    def _words(self, column: ColumnDef) -> set[str]:
        choices = self.workbook.catalog.choices(self.workbook.definition, column.choices)
        return {
            _same(word)
            for name, choice in choices.items()
            for word in (name, choice.zh, choice.en, *choice.aliases)
        }

    def _not_found(self, column: ColumnDef, values: Sequence[object]) -> list[bool]:
        sheet, _, name = column.reference.partition(".")
        table = self.tables.sheets[sheet]
        there = zip(table[_GROUP].tolist(), map(_key, plain(table[name])), strict=True)
        known = set(there)
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
