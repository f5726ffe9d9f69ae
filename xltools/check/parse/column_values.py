"""A located table's cells → the definition's columns, each value read by its kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

import msgspec

from xltools.check.identify.label_forms import bare, bracketed, first_line, split_brackets
from xltools.check.identify.vocabulary import Words
from xltools.check.locate.data_rows import Extent
from xltools.check.locate.sheet_tables import Table
from xltools.check.parse.table_issues import Desk
from xltools.definition import ColumnDef, Definition
from xltools.excel.cell_text import LONGEST_TEXT, utf16_length
from xltools.ground.cells import column_letters
from xltools.ground.folding import fold
from xltools.issues import Code, Severity
from xltools.kinds import KINDS
from xltools.kinds.display_format import Format
from xltools.kinds.grammar.typed_numbers import split_unit
from xltools.kinds.typed_text import brief, shown

_UNTIL = re.compile(r"^(?:截至|截止|至|as of|until)[:：\s]*", re.IGNORECASE)


class Reading(msgspec.Struct):
    """One table while it is read; ``values`` grows column by column."""

    definition: Definition
    table: Table
    extent: Extent
    desk: Desk
    year: int | None
    lang: str
    values: dict[str, list[object]] = {}
    raw: dict[str, list[object]] = {}
    percent: dict[int, set[int]] = {}
    """The rows by Excel column whose cells are shown as percentages."""
    formats: dict[int, dict[int, Format]] = {}
    """Formats that tell something, by Excel column and row."""
    supplied: set[str] = set()
    """Columns that the file lacks, but whose values stand in brackets of others."""
    covered: dict[str, set[int]] = {}
    """Rows by column whose cell lies under a merged number, which stands in the first row alone."""

    @property
    def rows(self) -> list[int]:
        """The Excel rows that hold data."""
        return self.extent.rows

    def blank(self) -> list[object]:
        """A column that the file lacks."""
        return [None] * len(self.rows)


def take_cells(reading: Reading) -> None:
    """Pick each placed column's raw cells; merged words, dates and choices fill downwards."""
    grid = reading.table.cells.rows
    columns = list(zip_longest(*(grid[row - 1] for row in reading.rows)))
    for name, column in reading.table.headers.places.items():
        cells = columns[column - 1] if columns else ()
        blanks = "" in cells
        reading.raw[name] = [None if v == "" else v for v in cells] if blanks else list(cells)
    _forget_zeros(reading)
    _fill_merged(reading)
    for row, column in reading.table.cells.percent:
        reading.percent.setdefault(column, set()).add(row)
    for (row, column), told in reading.table.cells.formats.items():
        reading.formats.setdefault(column, {})[row] = told


def _forget_zeros(reading: Reading) -> None:
    """Where a text is due, or what is computed again anyway, such a 0 was never calculated."""
    cells = reading.table.cells
    for name, place in reading.table.headers.places.items() if cells.zeros else ():
        column = reading.table.sheet.column(name)
        if not column.computed and KINDS[column.kind].dtype != "str":
            continue
        for index, row in enumerate(reading.rows):
            if (row, place) in cells.zeros:
                reading.raw[name][index] = None
                cells.uncached.add((row, place))


def _fill_merged(reading: Reading) -> None:
    """A word holds for all rows that its cell is merged over; a number would count many times."""
    cells = reading.table.cells
    index = {row: at for at, row in enumerate(reading.rows)}
    names = {column: name for name, column in reading.table.headers.places.items()}
    for top, left, bottom, _ in cells.merges:
        name = names.get(left)
        if name is None or bottom == top or top > len(cells.rows):
            continue
        value = cells.at(top, left)
        below = [row for row in range(top + 1, bottom + 1) if row in index]
        if value is None or value == "" or not below:
            continue
        column = reading.table.sheet.column(name)
        if KINDS[column.kind].align == "right":
            for row in below:
                reading.raw[name][index[row]] = None
            if column.typed:
                reading.covered.setdefault(name, set()).update(below)
                _tell_merged(reading, column, top, below)
            continue
        for row in below:
            reading.raw[name][index[row]] = value
            if (top, left) in cells.percent:
                cells.percent.add((row, left))
            if (top, left) in cells.formats:
                cells.formats[row, left] = cells.formats[top, left]


def _tell_merged(reading: Reading, column: ColumnDef, top: int, below: Sequence[int]) -> None:
    """An amount is whole wherever it counts; a share of several rows is nobody's own."""
    share = column.kind not in ("number", "integer")
    place = reading.table.headers.places[column.name]
    raw = reading.table.cells.rows[top - 1][place - 1]
    value = shown(raw, (top, place) in reading.table.cells.percent)
    reading.desk.add(
        Code.CELL_MERGED,
        column.name,
        top,
        value=value,
        text=f"{Code.CELL_MERGED}.share" if share else "",
        severity=Severity.WARNING if share else None,
        rows=top,
        first=reading.desk.cell(column.name, below[0]),
        last=reading.desk.cell(column.name, below[-1]),
    )


def parse_columns(reading: Reading, words: Words, names: Sequence[str]) -> None:
    """Read these columns; the units of their rows must have been read before."""
    for name in names:
        column = reading.table.sheet.column(name)
        if name not in reading.raw:
            reading.values.setdefault(name, reading.blank())
            continue
        _parse(reading, words, column)


def _parse(reading: Reading, words: Words, column: ColumnDef) -> None:
    desk, at = reading.desk, reading.table.headers.places[column.name]
    unit, scale = _header_unit(reading, column)
    setting = words.setting(reading.definition, column, unit, reading.year, reading.lang)
    percent = reading.percent.get(at, ())
    marked = {i for i, row in enumerate(reading.rows) if row in percent} if percent else ()
    formats = reading.formats.get(at, {})
    told = (
        {i: formats[row] for i, row in enumerate(reading.rows) if row in formats} if formats else {}
    )
    units = reading.values.get(column.unit_from) if column.unit_from else None
    if units is not None and not any(units):
        units = None
    raw = reading.raw[column.name]
    parsed = KINDS[column.kind].parse(
        raw,
        setting,
        percent=marked,
        units=units,  # type: ignore[arg-type]
        formats=told,
    )
    values = list(parsed.values)
    if scale != 1:
        values = [v * scale if isinstance(v, int | float) else v for v in values]
    if column.computed:
        # Kept as it stands, readable or not: recomputing compares it.
        for fault in parsed.faults:
            if values[fault.index] is None:
                values[fault.index] = fault.value
        reading.values[column.name] = values
        return
    reading.values[column.name] = values
    for fault in parsed.faults:
        row = reading.rows[fault.index]
        if not (desk.is_refused(column.name, row) and fault.code is not Code.CELL_NORMALISED):
            desk.fault(fault, column.name, row)
    if KINDS[column.kind].dtype == "str":
        _tell_cuts(reading, column.name, values)


def _tell_cuts(reading: Reading, name: str, values: Sequence[object]) -> None:
    """Which texts are whole here, but cut in every workbook that shows them."""
    for row, value in zip(reading.rows, values, strict=True):
        if isinstance(value, str) and len(value) > LONGEST_TEXT // 2:
            length = utf16_length(value)
            if length > LONGEST_TEXT:
                reading.desk.add(
                    Code.CELL_NORMALISED,
                    name,
                    row,
                    text="cell-normalised.cut",
                    value=brief(value),
                    severity=Severity.WARNING,
                    length=length,
                    most=LONGEST_TEXT,
                )


def _said_unit(reading: Reading, name: str) -> str:
    """The unit in a header's brackets; where its header has none, the one above the table."""
    table = reading.table
    said = table.headers.brackets.get(name, "")
    header = first_line(table.band.texts.get(table.headers.places.get(name, 0), ""))
    return said or (table.money[0] if header and not bracketed(header) else "")


def _header_unit(reading: Reading, column: ColumnDef) -> tuple[str, float]:
    """The unit that bare numbers have, and by what to multiply to have the column's own."""
    said = _said_unit(reading, column.name)
    if not said:
        return column.unit, 1
    if "%" in said and column.kind in ("percent", "measure"):
        return "%", 1
    if not column.unit or fold(said) == fold(column.unit):
        return column.unit, 1
    scale, base = split_unit(said)
    own_scale, own_base = split_unit(column.unit)
    if base != own_base:
        return column.unit, 1
    return said, scale / own_scale


def split_units(reading: Reading, words: Words) -> None:
    """Move a unit in brackets behind a name to its own column: ``新增客户数(家)``.

    The name keeps it where it tells two rows apart: 毛利(%) and 毛利(万元) are two metrics.
    """
    for column in reading.table.sheet.columns:
        texts = reading.raw.get(column.name)
        if not column.brackets or texts is None:
            continue
        target = reading.values.setdefault(column.brackets, reading.blank())
        parts = [_unit_behind(text, words) for text in texts]
        named = {(fold(name), fold(unit)) for name, unit in filter(None, parts)}
        twins = Counter(name for name, _ in named)
        for index, part in enumerate(parts):
            if part is None:
                continue
            name, unit = part
            if target[index] is None:
                target[index] = unit
                reading.supplied.add(column.brackets)
            elif fold(str(target[index])) != fold(unit):
                continue
            if not column.unique or twins[fold(name)] < 2:
                texts[index] = name


def _unit_behind(text: object, words: Words) -> tuple[str, str] | None:
    """A name and the unit in the brackets behind it; None where there is none."""
    if not isinstance(text, str) or not text.strip().endswith((")", "）", "]", "】")):
        return None
    name, unit = split_brackets(text)
    return (name, unit) if _is_unit(unit, words) else None


def _is_unit(text: str, words: Words) -> bool:
    folded = fold(text)
    if folded in words.units:
        return True
    _, base = split_unit(folded)
    return base in words.units or len(folded) == 1


def fill_from_headers(reading: Reading, words: Words) -> None:
    """A header's brackets give the column that they are meant for: ``(截至2024.02.15)``."""
    sheet, headers = reading.table.sheet, reading.table.headers
    for column in sheet.columns:
        said = headers.brackets.get(column.name, "")
        if not column.header_brackets or not said:
            continue
        target = sheet.column(column.header_brackets)
        setting = words.setting(reading.definition, target, target.unit, reading.year, reading.lang)
        text = _UNTIL.sub("", said)
        parsed = KINDS[target.kind].parse([text], setting)
        value = parsed.values[0] if bare(text) else None
        if value is None:
            continue
        own = reading.values.setdefault(target.name, reading.blank())
        refused = reading.desk.refused.get(target.name, set())
        for index, row in enumerate(reading.rows):
            if own[index] is None and row not in refused:
                own[index] = value
                reading.supplied.add(target.name)


def log_units(reading: Reading, words: Words) -> None:
    """Tell where a header's unit differs from the column's."""
    for name in reading.table.headers.places:
        said = _said_unit(reading, name)
        column = reading.table.sheet.column(name)
        if not (said and column.unit) or fold(said) == fold(column.unit):
            continue
        _, scale = _header_unit(reading, column)
        above = "" if reading.table.headers.brackets.get(name) else _above(reading)
        if scale == 1 and (above or not _is_unit(said, words)):
            continue
        text = "header-renamed.unit" if scale != 1 else "header-renamed.other-unit"
        reading.desk.add(
            Code.HEADER_RENAMED,
            name,
            reading.table.band.bottom,
            text="header-renamed.unit-above" if above else text,
            value=said,
            severity=Severity.WARNING,
            unit=column.unit,
            found=said,
            place=above,
        )


def _above(reading: Reading) -> str:
    """The cell above the table that states a unit of money."""
    _, row, column = reading.table.money
    return f"{column_letters(column)}{row}"


def raw_text(value: object, percent: bool = False) -> str:
    """A raw cell as the user sees it."""
    return shown(value, percent)
