"""Issues of a table's structure: headers, hidden rows, rows that are no data."""

from __future__ import annotations

from xltools.check.identify.label_forms import bare, first_line
from xltools.check.identify.near_matches import near_match
from xltools.check.parse.column_values import ParsedTable
from xltools.check.parse.unknown_content import spare_columns
from xltools.check.submission import Submission
from xltools.check.validate.definition_versions import columns_since, without_former
from xltools.ground.cells import column_letters, row_ranges
from xltools.issues import Code, Severity
from xltools.kinds.typed_text import shown

_SEVERITIES = {"stray": Severity.WARNING, "grouped": Severity.INFO}


def report_headers(parsed: ParsedTable, submission: Submission) -> None:
    """Columns that are missing, renamed, there twice, or unknown; not those of another version."""
    table = parsed.table
    identified = submission.identified
    newer = columns_since(submission, parsed.definition, table.sheet)
    spare = without_former(submission, parsed, spare_columns(table, parsed.rows))
    unknown_headers = {bare(text): text for text in table.headers.unknown.values()}
    for column in table.sheet.columns:
        name = column.name
        if name in table.headers.duplicates:
            _report_duplicates(parsed, name)
        elif name not in table.headers.places:
            blamed = column.typed and not column.hidden and name not in newer
            if blamed and name not in parsed.supplied:
                _report_missing(parsed, name, unknown_headers, identified)
        elif name in table.headers.renamed:
            text = table.headers.renamed[name]
            label = column.label[parsed.lang]
            row = table.band.top
            parsed.issues.add(Code.HEADER_RENAMED, name, row, value=text, suggestion=label)
    duplicates = {place for places in table.headers.duplicates.values() for place in places}
    for place, header in spare.items():
        if place not in duplicates:
            _report_unknown(parsed, place, header)


def _report_missing(
    parsed: ParsedTable, name: str, unknown_headers: dict[str, str], identified: bool
) -> None:
    column = parsed.table.sheet.column(name)
    near = near_match(bare(column.label[parsed.lang]), unknown_headers).nearest
    parsed.issues.add(
        Code.HEADER_MISSING,
        name,
        parsed.table.band.top,
        text=f"{Code.HEADER_MISSING}.near" if near else "",
        value=column.label[parsed.lang],
        suggestion=near,
        severity=None if identified else Severity.WARNING,
    )


def _report_duplicates(parsed: ParsedTable, name: str) -> None:
    """The same header twice: one column is read where the others say the same or nothing."""
    table = parsed.table
    places = table.headers.duplicates[name]
    read = table.headers.places.get(name)
    row = table.band.top
    others = [f"{column_letters(place)}{row}" for place in places if place != read]
    parsed.issues.add(
        Code.HEADER_DUPLICATE,
        name,
        row,
        cell=others[0],
        value=first_line(table.band.texts.get(places[-1], name)),
        text=f"{Code.HEADER_DUPLICATE}.read" if read else "",
        cells=" ".join(others),
        read=column_letters(read) if read else "",
    )


def _report_unknown(parsed: ParsedTable, place: int, header: str) -> None:
    table = parsed.table
    letters = column_letters(place)
    named = place in table.headers.unknown
    missing = {
        bare(column.label[parsed.lang]): column.label[parsed.lang]
        for column in table.sheet.columns
        if column.typed and not column.hidden and column.name not in table.headers.places
    }
    parsed.issues.add(
        Code.HEADER_UNKNOWN,
        "",
        table.band.top,
        cell=f"{letters}{table.band.top}",
        value=header if named else "",
        suggestion=near_match(bare(header), missing).nearest if named else "",
        text="" if named else f"{Code.HEADER_UNKNOWN}.headerless",
        letters=letters,
    )


def report_rows(parsed: ParsedTable) -> None:
    """Data rows that are hidden, and filled rows that do not count."""
    table = parsed.table
    hidden = [row for row in parsed.rows if row in table.cells.hidden_rows]
    grouped = [row for row in parsed.rows if row in table.cells.grouped_rows - set(hidden)]
    for rows, reason in ((hidden, ""), (grouped, "grouped"), (_struck_rows(parsed), "struck")):
        for first, last in row_ranges(rows):
            span = f"{first}–{last}" if last > first else str(first)
            _row_issue(parsed, Code.ROW_HIDDEN, first, span, reason)
    for row in parsed.extent.marked:
        _row_issue(parsed, Code.ROW_EXAMPLE, row, str(row))
    for row, reason in parsed.extent.ignored.items():
        if reason == "header" or (reason == "example" and row == parsed.extent.example):
            continue
        texts = (v for v in table.cells.rows[row - 1] if isinstance(v, str) and v.strip())
        label = parsed.extent.labels.get(row, "")
        text = (label or next(texts, "")).strip()
        form = "marked" if reason == "example" and label else reason if text else "unnamed"
        _row_issue(parsed, Code.ROW_IGNORED, row, text, form)


def _struck_rows(parsed: ParsedTable) -> list[int]:
    """Rows whose filled cells are all struck out; single struck out cells are reported here."""
    formats, rows = parsed.table.cells.formats, parsed.table.cells.rows
    struck = {
        (row, column)
        for column, displays in formats.columns.items()
        for row, display in displays.items()
        if display.struck
    }
    found: list[int] = []
    typed = {
        name: place
        for name, place in parsed.table.headers.places.items()
        if parsed.table.sheet.column(name).typed
    }
    for row in parsed.rows if struck else ():
        filled = {name: at for name, at in typed.items() if rows[row - 1][at - 1] not in (None, "")}
        gone = [name for name, at in filled.items() if (row, at) in struck]
        if gone and len(gone) == len(filled):
            found.append(row)
            continue
        for name in gone:
            value = shown(rows[row - 1][typed[name] - 1])
            text, severity = "cell-normalised.struck", Severity.WARNING
            code = Code.CELL_NORMALISED
            parsed.issues.add(code, name, row, text=text, value=value, severity=severity)
    return found


def _row_issue(parsed: ParsedTable, code: Code, row: int, value: str, reason: str = "") -> None:
    first = min(parsed.table.headers.places.values(), default=1)
    parsed.issues.add(
        code,
        "",
        row,
        severity=_SEVERITIES.get(reason),
        cell=f"{column_letters(first)}{row}",
        value=value,
        text=f"{code}.{reason}" if reason else "",
        rows=row if code is Code.ROW_IGNORED else value,
    )
