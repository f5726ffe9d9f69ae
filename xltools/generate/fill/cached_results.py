"""What every formula shows in rows that are filled in already, worked out without a spreadsheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from xltools.definition import ColumnDef
from xltools.definition.default_settings import default_parameters
from xltools.generate.draw.blank_workbook import Blank
from xltools.generate.fill.fault_rows import GROUP, FaultRows, TeamWords
from xltools.generate.fill.starting_rows import Row, Rows, frame, plain
from xltools.generate.layout.dropdown_lists import near_names, team_targets
from xltools.generate.layout.form_layout import Form, Workbook
from xltools.generate.live.live_checks import LiveFault, chunks
from xltools.generate.live.live_colours import LOOKS, colour_texts, look_of
from xltools.generate.live.live_status import BLANK_ROW, TO_FILL

if TYPE_CHECKING:
    import pandas as pd

    from xltools.expressions import Tables


class Judged(msgspec.Struct, frozen=True):
    """One sheet's rows with all that its formulas show.

    ``broken`` says by rule whether each row breaks it, ``faults`` is each row's first fault and
    ``shown`` what the check column says: an incomplete row that nobody has touched only waits.
    ``parts`` is what the further helpers find, ``colours`` the texts of those that colour cells,
    ``begun`` how many typed cells nobody has to type, ``beside`` what the check column says of the
    desk's target: where it is waited for or missed, or how months add up beside it.
    """

    rows: Sequence[Row]
    computed: Mapping[str, list[object]]
    broken: Sequence[list[bool]]
    faults: Sequence[int]
    shown: Sequence[int]
    parts: Sequence[list[int]]
    colours: Mapping[int, list[str]]
    begun: Sequence[int]
    beside: Sequence[str]

    def cut(self, rows: slice) -> Judged:
        """The same of some rows."""
        return Judged(
            rows=self.rows[rows],
            computed={name: values[rows] for name, values in self.computed.items()},
            broken=[values[rows] for values in self.broken],
            faults=self.faults[rows],
            shown=self.shown[rows],
            parts=[values[rows] for values in self.parts],
            colours={place: texts[rows] for place, texts in self.colours.items()},
            begun=self.begun[rows],
            beside=self.beside[rows],
        )


def judge(
    blank: Blank, filled: Sequence[Rows], teams: Sequence[str], year: int, *, fresh: bool
) -> list[dict[str, Judged]]:
    """For each of many workbooks of one layout, by sheet, what its formulas show.

    The rows of ``fresh`` ones are a start that nobody has touched yet.
    """
    workbook = blank.workbook
    judged: list[dict[str, Judged]] = [{} for _ in filled]
    if not any(rows for sheets in filled for rows in sheets.values()):
        return judged
    tables = _tables(blank, filled)
    _compute(workbook, tables)
    words = [_words(blank, team) for team in teams]
    for name, form in workbook.forms.items():
        table = tables.sheets[name]
        if table.empty:
            continue
        fault_rows = FaultRows(
            workbook=workbook,
            form=form,
            tables=tables,
            rows=[row for sheets in filled for row in sheets.get(name, ())],
            computed={c.name: plain(table[c.name]) for c in form.sheet.columns if c.computed},
            groups=table[GROUP].tolist(),
            teams=words,
            year=year,
        )
        whole = _judge_sheet(fault_rows, blank.faults[name], fresh=fresh)
        start = 0
        for sheets, found in zip(filled, judged, strict=True):
            stop = start + len(sheets.get(name, ()))
            if stop > start:
                found[name] = whole.cut(slice(start, stop))
            start = stop
    return judged


def _words(blank: Blank, team: str) -> TeamWords:
    """The team's targets by metric, the first where one is named twice, and near names."""
    columns = zip(*team_targets(blank.settings, team, blank.workbook.lang), strict=True)
    targets = {
        str(name).casefold(): (value, str(text))
        for name, value, text in reversed(list(columns))
        if isinstance(value, int | float)
    }
    return TeamWords(targets, set(near_names(blank.settings, team)))


def _tables(blank: Blank, filled: Sequence[Rows]) -> Tables:
    import pandas as pd

    from xltools.expressions import Tables

    sheets: dict[str, pd.DataFrame] = {}
    for name, form in blank.workbook.forms.items():
        rows = [row for sheet in filled for row in sheet.get(name, ())]
        sheets[name] = frame(form.sheet, rows)
        groups = [index for index, sheet in enumerate(filled) for _ in sheet.get(name, ())]
        sheets[name][GROUP] = pd.Series(groups, dtype="int64")
    return Tables(
        sheets=sheets,
        library=pd.DataFrame(blank.settings.library()),
        parameters=default_parameters(blank.workbook.catalog) | blank.settings.parameters,
    )


def _compute(workbook: Workbook, tables: Tables) -> None:
    """Put the computed columns into their tables, those first that others are made of."""
    from xltools.expressions import computation_order, evaluate

    computed = {
        (name, column.name): workbook.parse(form.sheet, column.compute)
        for name, form in workbook.forms.items()
        for column in form.sheet.columns
        if column.computed and len(tables.sheets[name])
    }
    for sheet, name in computation_order(computed):
        made = evaluate(computed[sheet, name], sheet, tables, group=GROUP)
        tables.sheets[sheet][name] = made


def _judge_sheet(fault_rows: FaultRows, faults: Sequence[LiveFault], *, fresh: bool) -> Judged:
    form, rows = fault_rows.form, fault_rows.rows
    typed = _typed(form, rows)
    started = [count > 0 for count in typed]
    broken = _broken(fault_rows, started)
    first = [0] * len(rows)
    parts: list[list[int]] = []
    every = [broken[one.rule] if one.rule is not None else fault_rows.of(one) for one in faults]
    for chunk in reversed(chunks(faults)):
        for number, fault in reversed(chunk):
            found = every[number - 1]
            if fault.rule is not None and form.sheet.rules[fault.rule].once:
                found = fault_rows.first_of_each(found)
            first = [number if hit else known for hit, known in zip(found, first, strict=True)]
        parts.insert(0, [one if there else 0 for one, there in zip(first, started, strict=True)])
    numbers = [one if there else BLANK_ROW for one, there in zip(first, started, strict=True)]
    begun = typed if fresh else [0] * len(rows)
    shown = [TO_FILL if of and one > 0 else one for one, of in zip(numbers, begun, strict=True)]
    off = next((at for at, fault in enumerate(faults, 1) if fault.category == "target"), None)
    return Judged(
        rows=rows,
        computed=fault_rows.computed,
        broken=broken,
        faults=numbers,
        shown=shown,
        parts=parts[1:],
        colours={
            place: _colours(columns, faults, every, begun)
            for place, (columns, _) in colour_texts(form, faults).items()
        },
        begun=begun,
        beside=fault_rows.beside(shown, off),
    )


def _broken(fault_rows: FaultRows, started: Sequence[bool]) -> list[list[bool]]:
    """By rule whether each row that was started breaks it."""
    from xltools.expressions import violations

    sheet, broken = fault_rows.form.sheet, []
    for rule in sheet.rules:
        expression = fault_rows.workbook.parse(sheet, rule.check)
        wrong = violations(expression, sheet.name, fault_rows.tables, group=GROUP)
        broken.append([bool(one and two) for one, two in zip(wrong, started, strict=True)])
    return broken


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
