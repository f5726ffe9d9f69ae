"""A located table's cells → the definition's columns, each value read by its kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

import msgspec

from xltools.check.identify.label_forms import bare, bracketed, first_line, split_brackets
from xltools.check.identify.vocabulary import Vocabulary
from xltools.check.locate.data_rows import Extent
from xltools.check.locate.sheet_tables import Table
from xltools.check.sheet_issues import SheetIssues
from xltools.definition import ColumnDef, Definition
from xltools.excel.cell_text import LONGEST_TEXT, utf16_length
from xltools.ground.cells import column_letters
from xltools.ground.folding import fold
from xltools.issues import Code, Severity
from xltools.kinds import KINDS, Fault
from xltools.kinds.grammar.typed_numbers import split_unit
from xltools.kinds.typed_text import brief, shown

_UNTIL = re.compile(r"^(?:截至|截止|至|as of|until)[:：\s]*", re.IGNORECASE)


class ParsedTable(msgspec.Struct):
    """One table while it is parsed: raw cells and parsed values by column name, a value a row."""

    definition: Definition
    table: Table
    extent: Extent
    issues: SheetIssues
    year: int | None
    lang: str
    values: dict[str, list[object]] = {}
    raw: dict[str, list[object]] = {}
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

    def report(self, fault: Fault, column: str, row: int) -> None:
        """Report what a kind found in one cell."""
        self.issues.add(
            fault.code,
            column,
            row,
            text=fault.text,
            value=fault.value,
            suggestion=fault.suggestion,
            severity=fault.severity,
            details={k: v for k, v in fault.details.items() if k not in ("value", "suggestion")},
        )


def take_cells(parsed: ParsedTable) -> None:
    """Take the raw cells of each column; merged texts, dates and choices fill downwards."""
    grid = parsed.table.cells.rows
    columns = list(zip_longest(*(grid[row - 1] for row in parsed.rows)))
    for name, column in parsed.table.headers.places.items():
        cells = columns[column - 1] if columns else ()
        blanks = "" in cells
        parsed.raw[name] = [None if v == "" else v for v in cells] if blanks else list(cells)
    _forget_zeros(parsed)
    _fill_merged(parsed)


def _forget_zeros(parsed: ParsedTable) -> None:
    """Blank zeros that stand for "never calculated" in text columns and computed ones."""
    cells = parsed.table.cells
    for name, place in parsed.table.headers.places.items() if cells.zeros else ():
        column = parsed.table.sheet.column(name)
        if not column.computed and KINDS[column.kind].dtype != "str":
            continue
        for index, row in enumerate(parsed.rows):
            if (row, place) in cells.zeros:
                parsed.raw[name][index] = None
                cells.uncached.add((row, place))


def _fill_merged(parsed: ParsedTable) -> None:
    """Repeat a merged text in all its rows; a merged number stays in the first, to count once."""
    cells = parsed.table.cells
    index = {row: at for at, row in enumerate(parsed.rows)}
    names = {column: name for name, column in parsed.table.headers.places.items()}
    for top, left, bottom, _ in cells.merges:
        name = names.get(left)
        if name is None or bottom == top or top > len(cells.rows):
            continue
        value = cells.at(top, left)
        below = [row for row in range(top + 1, bottom + 1) if row in index]
        if value is None or value == "" or not below:
            continue
        column = parsed.table.sheet.column(name)
        if KINDS[column.kind].align == "right":
            for row in below:
                parsed.raw[name][index[row]] = None
            if column.typed:
                parsed.covered.setdefault(name, set()).update(below)
                _report_merged(parsed, column, top, below)
            continue
        for row in below:
            parsed.raw[name][index[row]] = value
            if (top, left) in cells.percent:
                cells.percent.add((row, left))
            if (top, left) in cells.formats:
                cells.formats[row, left] = cells.formats[top, left]


def _report_merged(parsed: ParsedTable, column: ColumnDef, top: int, below: Sequence[int]) -> None:
    """Report a merged number: an amount counts once (info), a share fits no row (warning)."""
    share = column.kind not in ("number", "integer")
    place = parsed.table.headers.places[column.name]
    raw = parsed.table.cells.rows[top - 1][place - 1]
    value = shown(raw, (top, place) in parsed.table.cells.percent)
    parsed.issues.add(
        Code.CELL_MERGED,
        column.name,
        top,
        value=value,
        text=f"{Code.CELL_MERGED}.share" if share else "",
        severity=Severity.WARNING if share else None,
        rows=top,
        first=parsed.issues.cell(column.name, below[0]),
        last=parsed.issues.cell(column.name, below[-1]),
    )


def parse_columns(parsed: ParsedTable, words: Vocabulary, names: Sequence[str]) -> None:
    """Read these columns; the units of their rows must have been read before."""
    for name in names:
        column = parsed.table.sheet.column(name)
        if name not in parsed.raw:
            parsed.values.setdefault(name, parsed.blank())
            continue
        _parse(parsed, words, column)


def _parse(parsed: ParsedTable, words: Vocabulary, column: ColumnDef) -> None:
    at = parsed.table.headers.places[column.name]
    unit, scale = _header_unit(parsed, column)
    setting = words.setting(parsed.definition, column, unit, parsed.year, parsed.lang)
    percent = parsed.table.cells.percent.columns.get(at, ())
    marked = {i for i, row in enumerate(parsed.rows) if row in percent} if percent else ()
    formats = parsed.table.cells.formats.columns.get(at, {})
    displays = (
        {i: formats[row] for i, row in enumerate(parsed.rows) if row in formats} if formats else {}
    )
    units = parsed.values.get(column.unit_from) if column.unit_from else None
    if units is not None and not any(units):
        units = None
    raw = parsed.raw[column.name]
    result = KINDS[column.kind].parse(
        raw,
        setting,
        percent=marked,
        units=units,  # type: ignore[arg-type]
        formats=displays,
    )
    values = list(result.values)
    if scale != 1:
        values = [v * scale if isinstance(v, int | float) else v for v in values]
    if column.computed:
        # Kept even where it cannot be parsed: recomputing compares it.
        for fault in result.faults:
            if values[fault.index] is None:
                values[fault.index] = fault.value
        parsed.values[column.name] = values
        return
    parsed.values[column.name] = values
    for fault in result.faults:
        row = parsed.rows[fault.index]
        if not parsed.issues.is_refused(column.name, row) or fault.code is Code.CELL_NORMALISED:
            parsed.report(fault, column.name, row)
    if KINDS[column.kind].dtype == "str":
        longest = max(map(len, filter(None, values)), default=0)  # type: ignore[arg-type]
        if longest > LONGEST_TEXT // 2:
            _report_cuts(parsed, column.name, values)


def _report_cuts(parsed: ParsedTable, name: str, values: Sequence[object]) -> None:
    """Report texts that are whole here, but cut in every workbook that shows them."""
    for row, value in zip(parsed.rows, values, strict=True):
        if isinstance(value, str) and len(value) > LONGEST_TEXT // 2:
            length = utf16_length(value)
            if length > LONGEST_TEXT:
                parsed.issues.add(
                    Code.CELL_NORMALISED,
                    name,
                    row,
                    text="cell-normalised.cut",
                    value=brief(value),
                    severity=Severity.WARNING,
                    length=length,
                    most=LONGEST_TEXT,
                )


def _stated_unit(parsed: ParsedTable, name: str) -> str:
    """The unit in a header's brackets; where its header has none, the one above the table."""
    table = parsed.table
    stated = table.headers.brackets.get(name, "")
    header = first_line(table.band.texts.get(table.headers.places.get(name, 0), ""))
    return stated or (table.money[0] if header and not bracketed(header) else "")


def _header_unit(parsed: ParsedTable, column: ColumnDef) -> tuple[str, float]:
    """The unit of bare numbers in a column, and the factor that converts it to the column's own."""
    stated = _stated_unit(parsed, column.name)
    if not stated:
        return column.unit, 1
    if "%" in stated and column.kind in ("percent", "measure"):
        return "%", 1
    if not column.unit or fold(stated) == fold(column.unit):
        return column.unit, 1
    scale, base = split_unit(stated)
    own_scale, own_base = split_unit(column.unit)
    if base != own_base:
        return column.unit, 1
    return stated, scale / own_scale


def split_units(parsed: ParsedTable, words: Vocabulary) -> None:
    """Move a unit in brackets behind a name to its own column: ``新增客户数(家)``.

    The name keeps it where it distinguishes two rows: 毛利(%) and 毛利(万元) are two metrics.
    """
    for column in parsed.table.sheet.columns:
        texts = parsed.raw.get(column.name)
        if not column.brackets or texts is None:
            continue
        target = parsed.values.setdefault(column.brackets, parsed.blank())
        parts = [_unit_behind(text, words) for text in texts]
        named = {(fold(name), fold(unit)) for name, unit in filter(None, parts)}
        twins = Counter(name for name, _ in named)
        for index, part in enumerate(parts):
            if part is None:
                continue
            name, unit = part
            if target[index] is None:
                target[index] = unit
                parsed.supplied.add(column.brackets)
            elif fold(str(target[index])) != fold(unit):
                continue
            if not column.unique or twins[fold(name)] < 2:
                texts[index] = name


def _unit_behind(text: object, words: Vocabulary) -> tuple[str, str] | None:
    """A name and the unit in the brackets behind it; None where there is none."""
    if not isinstance(text, str) or not text.strip().endswith((")", "）", "]", "】")):
        return None
    name, unit = split_brackets(text)
    return (name, unit) if _is_unit(unit, words) else None


def _is_unit(text: str, words: Vocabulary) -> bool:
    folded = fold(text)
    if folded in words.units:
        return True
    _, base = split_unit(folded)
    return base in words.units or len(folded) == 1


def fill_from_headers(parsed: ParsedTable, words: Vocabulary) -> None:
    """A header's brackets give the column that they are meant for: ``(截至2024.02.15)``."""
    sheet, headers = parsed.table.sheet, parsed.table.headers
    for column in sheet.columns:
        stated = headers.brackets.get(column.name, "")
        if not column.header_brackets or not stated:
            continue
        target = sheet.column(column.header_brackets)
        setting = words.setting(parsed.definition, target, target.unit, parsed.year, parsed.lang)
        text = _UNTIL.sub("", stated)
        result = KINDS[target.kind].parse([text], setting)
        value = result.values[0] if bare(text) else None
        if value is None:
            continue
        own = parsed.values.setdefault(target.name, parsed.blank())
        refused = parsed.issues.refused.get(target.name, set())
        for index, row in enumerate(parsed.rows):
            if own[index] is None and row not in refused:
                own[index] = value
                parsed.supplied.add(target.name)


def report_units(parsed: ParsedTable, words: Vocabulary) -> None:
    """Report where a header's unit differs from the column's."""
    for name in parsed.table.headers.places:
        stated = _stated_unit(parsed, name)
        column = parsed.table.sheet.column(name)
        if not (stated and column.unit) or fold(stated) == fold(column.unit):
            continue
        _, scale = _header_unit(parsed, column)
        above = "" if parsed.table.headers.brackets.get(name) else _above(parsed)
        if scale == 1 and (above or not _is_unit(stated, words)):
            continue
        text = "header-renamed.unit" if scale != 1 else "header-renamed.other-unit"
        parsed.issues.add(
            Code.HEADER_RENAMED,
            name,
            parsed.table.band.bottom,
            text="header-renamed.unit-above" if above else text,
            value=stated,
            severity=Severity.WARNING,
            unit=column.unit,
            found=stated,
            place=above,
        )


def _above(parsed: ParsedTable) -> str:
    """The cell above the table that states a unit of money."""
    _, row, column = parsed.table.money
    return f"{column_letters(column)}{row}"
