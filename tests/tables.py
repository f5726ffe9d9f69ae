"""Workbooks written as text tables, and what checking them finds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import msgspec
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from xltools.check.check_files import check_all
from xltools.check.reading_plan import ReadingPlan
from xltools.check.respond.check_result import Checked
from xltools.check.submission import Submission
from xltools.definition import Catalog, load_catalog
from xltools.definition.default_settings import default_settings
from xltools.ground.period import Quarter
from xltools.issues import Issue
from xltools.settings import Settings

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
IDENTITY = {"template": "goals", "version": "1", "team": "市场部", "period": "2024Q3", "lang": "zh"}


@cache
def catalog() -> Catalog:
    return load_catalog()


@cache
def settings() -> Settings:
    return default_settings(catalog(), "zh")


def settings_with(**fields: object) -> Settings:
    return msgspec.structs.replace(settings(), **fields)


def write(
    path: Path,
    sheets: Mapping[str, str],
    *,
    identity: Mapping[str, str] | None = None,
    merges: Mapping[str, Sequence[str]] | None = None,
    hidden_rows: Mapping[str, Sequence[int]] | None = None,
    modified: str = "2024-10-01T00:00:00",
) -> Path:
    """A workbook of Markdown tables.

    ``50`` is a number, ``'50`` a text, ``%0.5`` a number in a percent format, ``@2024-07-01`` a
    date, ``=A1 -> 3`` a formula with its value, ``=A1`` one that nobody calculated, ``#N/A`` an
    error value; ``\\n`` breaks a line.
    """
    from datetime import datetime

    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": datetime.fromisoformat(modified)})
    for name, text in (identity or {}).items():
        book.set_custom_property(f"xltools.{name}", text)
    for title, table in sheets.items():
        sheet = book.add_worksheet(title)
        fill(book, sheet, table)
        for area in (merges or {}).get(title, ()):
            first = rows_of(table)[int(re.sub(r"\D", "", area.split(":")[0])) - 1]
            column = ord(area[0]) - 65
            sheet.merge_range(area, first[column] if column < len(first) else "")
        for row in (hidden_rows or {}).get(title, ()):
            sheet.set_row(row - 1, None, None, {"hidden": True})
    book.close()
    return path


def fill(book: xlsxwriter.Workbook, sheet: Worksheet, table: str) -> None:
    """Write one table into a sheet, as `write` does."""
    percent = book.add_format({"num_format": "0%"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for row, cells in enumerate(rows_of(table)):
        for column, text in enumerate(cells):
            _write_cell(sheet, row, column, text, percent, day)


def rows_of(table: str) -> list[list[str]]:
    """The cells of a Markdown table; a line without bars is a blank row, ``---`` lines go."""
    lines = [line.strip() for line in table.strip("\n").splitlines()]
    return [
        [cell.strip().replace("\\n", "\n") for cell in line.strip("|").split("|")] if line else []
        for line in lines
        if not line.startswith("|--")
    ]


def _write_cell(sheet, row, column, text, percent, day) -> None:
    if not text:
        return
    if text.startswith("="):
        formula, _, value = text.partition(" -> ")
        number = _NUMBER.fullmatch(value)
        if value:
            sheet.write_formula(row, column, formula, None, float(value) if number else value)
        else:
            sheet.write_formula(row, column, formula, None, "")
            sheet.table[row][column] = sheet.table[row][column]._replace(value="")
    elif text.startswith("#"):
        sheet.write_formula(row, column, "=NA()", None, text)
    elif text.startswith("%") and len(text) > 1:
        sheet.write_number(row, column, float(text[1:]), percent)
    elif text.startswith("@"):
        sheet.write_datetime(row, column, date.fromisoformat(text[1:]), day)
    elif _NUMBER.fullmatch(text):
        sheet.write_number(row, column, float(text))
    else:
        sheet.write_string(row, column, text.removeprefix("'"))


def checked(*paths: Path, **options: object) -> Checked:
    """What checking finds, in one process less than usual."""
    known = options.pop("settings", settings())
    return check_all(list(paths), ReadingPlan(catalog(), known, **options), workers=1)


def one(path: Path, **options: object) -> Submission:
    return checked(path, **options).submissions[0]


def told(issues: Sequence[Issue]) -> list[str]:
    """Issues as short texts: ``error cell-required 任务分解!C3 owner``."""
    return [
        f"{issue.severity} {issue.code} {issue.sheet}!{issue.cell} {issue.column}".strip()
        for issue in issues
    ]


def serious(issues: Sequence[Issue]) -> list[str]:
    """The same without notes."""
    return told([issue for issue in issues if issue.severity != "info"])


QUARTER = Quarter(2024, 3)
