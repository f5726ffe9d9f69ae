"""What is wrong with a table's build: its headers, hidden rows, rows that are no data."""

from __future__ import annotations

from xltools.check.identify.label_forms import bare, first_line
from xltools.check.identify.near_matches import near_match
from xltools.check.parse.column_values import Reading, raw_text
from xltools.check.parse.unknown_content import spare_columns
from xltools.check.submission import Submission
from xltools.check.validate.definition_versions import columns_since, without_former
from xltools.ground.cells import column_letters, row_ranges
from xltools.issues import Code, Severity, issue

_SEVERITIES = {"stray": Severity.WARNING, "grouped": Severity.INFO}


def report_headers(reading: Reading, submission: Submission) -> None:
    """Columns that are missing, renamed, there twice, or unknown; not those of another version."""
    table, desk = reading.table, reading.desk
    identified = submission.identified
    newer = columns_since(submission, reading.definition, table.sheet)
    spare = without_former(submission, reading, spare_columns(table, reading.rows))
    unclaimed = {bare(text): text for text in table.headers.unknown.values()}
    for column in table.sheet.columns:
        name = column.name
        if name in table.headers.twins:
            _report_twins(reading, name)
        elif name not in table.headers.places:
            blamed = column.typed and not column.hidden and name not in newer
            if blamed and name not in reading.supplied:
                _report_missing(reading, name, unclaimed, identified)
        elif name in table.headers.renamed:
            text = table.headers.renamed[name]
            label = column.label[reading.lang]
            row = table.band.top
            desk.add(Code.HEADER_RENAMED, name, row, value=text, suggestion=label)
    twins = {place for places in table.headers.twins.values() for place in places}
    for place, header in spare.items():
        if place not in twins:
            _report_unknown(reading, place, header)


def _report_missing(
    reading: Reading, name: str, unclaimed: dict[str, str], identified: bool
) -> None:
    column = reading.table.sheet.column(name)
    near = near_match(bare(column.label[reading.lang]), unclaimed).nearest
    reading.desk.add(
        Code.HEADER_MISSING,
        name,
        reading.table.band.top,
        text=f"{Code.HEADER_MISSING}.near" if near else "",
        value=column.label[reading.lang],
        suggestion=near,
        severity=None if identified else Severity.WARNING,
    )


def _report_twins(reading: Reading, name: str) -> None:
    """The same header twice: one column is read where the others say the same or nothing."""
    table = reading.table
    places = table.headers.twins[name]
    read = table.headers.places.get(name)
    row = table.band.top
    others = [f"{column_letters(place)}{row}" for place in places if place != read]
    reading.desk.issues.append(
        issue(
            Code.HEADER_DUPLICATE,
            file=reading.desk.file,
            sheet=reading.desk.title,
            cell=others[0],
            column=name,
            value=first_line(table.band.texts.get(places[-1], name)),
            text=f"{Code.HEADER_DUPLICATE}.read" if read else "",
            details={
                "of": reading.desk.of,
                "cells": " ".join(others),
                "read": column_letters(read) if read else "",
            },
        )
    )


def _report_unknown(reading: Reading, place: int, header: str) -> None:
    table = reading.table
    letters = column_letters(place)
    named = place in table.headers.unknown
    missing = {
        bare(column.label[reading.lang]): column.label[reading.lang]
        for column in table.sheet.columns
        if column.typed and not column.hidden and column.name not in table.headers.places
    }
    reading.desk.issues.append(
        issue(
            Code.HEADER_UNKNOWN,
            file=reading.desk.file,
            sheet=reading.desk.title,
            cell=f"{letters}{table.band.top}",
            value=header if named else "",
            suggestion=near_match(bare(header), missing).nearest if named else "",
            text="" if named else f"{Code.HEADER_UNKNOWN}.headerless",
            details={"of": reading.desk.of, "letters": letters},
        )
    )


def report_rows(reading: Reading) -> None:
    """Data rows that are hidden, and filled rows that do not count."""
    table = reading.table
    hidden = [row for row in reading.rows if row in table.cells.hidden_rows]
    grouped = [row for row in reading.rows if row in table.cells.grouped_rows - set(hidden)]
    for rows, reason in ((hidden, ""), (grouped, "grouped"), (_struck_rows(reading), "struck")):
        for first, last in row_ranges(rows):
            span = f"{first}–{last}" if last > first else str(first)
            _row_issue(reading, Code.ROW_HIDDEN, first, span, reason)
    for row in reading.extent.marked:
        _row_issue(reading, Code.ROW_EXAMPLE, row, str(row))
    for row, reason in reading.extent.ignored.items():
        if reason == "header" or (reason == "example" and row == reading.extent.example):
            continue
        texts = (v for v in table.cells.rows[row - 1] if isinstance(v, str) and v.strip())
        label = reading.extent.labels.get(row, "")
        text = (label or next(texts, "")).strip()
        form = "marked" if reason == "example" and label else reason if text else "unnamed"
        _row_issue(reading, Code.ROW_IGNORED, row, text, form)


def _struck_rows(reading: Reading) -> list[int]:
    """Rows of which every filled cell is struck out; else each such cell is told."""
    formats, rows = reading.table.cells.formats, reading.table.cells.rows
    struck = {spot for spot, told in formats.items() if told.struck}
    found: list[int] = []
    typed = {
        name: place
        for name, place in reading.table.headers.places.items()
        if reading.table.sheet.column(name).typed
    }
    for row in reading.rows if struck else ():
        filled = {name: at for name, at in typed.items() if rows[row - 1][at - 1] not in (None, "")}
        gone = [name for name, at in filled.items() if (row, at) in struck]
        if gone and len(gone) == len(filled):
            found.append(row)
            continue
        for name in gone:
            value = raw_text(rows[row - 1][typed[name] - 1])
            text, severity = "cell-normalised.struck", Severity.WARNING
            code = Code.CELL_NORMALISED
            reading.desk.add(code, name, row, text=text, value=value, severity=severity)
    return found


def _row_issue(reading: Reading, code: Code, row: int, value: str, reason: str = "") -> None:
    first = min(reading.table.headers.places.values(), default=1)
    reading.desk.issues.append(
        issue(
            code,
            severity=_SEVERITIES.get(reason),
            file=reading.desk.file,
            sheet=reading.desk.title,
            cell=f"{column_letters(first)}{row}",
            value=value,
            text=f"{code}.{reason}" if reason else "",
            details={"of": reading.desk.of, "rows": row if code is Code.ROW_IGNORED else value},
        )
    )
