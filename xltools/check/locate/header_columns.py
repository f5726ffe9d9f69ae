"""Matches Excel columns with the columns of a definition, by key row and by header."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from xltools.check.identify.label_forms import bare, bracketed, first_line, header_keys
from xltools.check.locate.header_rows import Band, is_of_template
from xltools.check.locate.table_context import month_keys
from xltools.check.reading_plan import Key
from xltools.definition import SheetDef
from xltools.excel.reading.workbook_reader import SheetCells
from xltools.ground.folding import fold
from xltools.locale import LANGUAGES, knows, say

_CHECK_HEADER = "generate.check_header"


class Headers(msgspec.Struct):
    """A table's columns as found.

    ``places`` maps names to Excel columns, ``brackets`` to what their headers say in brackets.
    ``renamed`` are names whose header says something else, ``duplicates`` names that stand above
    several columns (all of them), ``unknown`` other headers by Excel column, ``own`` the columns
    that the program filled for its live checks.
    """

    places: dict[str, int]
    brackets: dict[str, str]
    renamed: dict[str, str]
    duplicates: dict[str, list[int]]
    unknown: dict[int, str]
    own: frozenset[int] = frozenset()


def headers_of(sheet: SheetDef, band: Band, key: Key, cells: SheetCells) -> Headers:
    """Match a band's headers: by key row, then by label."""
    columns_by_name: dict[str, list[int]] = {}
    for column, name in band.keyed.items():
        columns_by_name.setdefault(name, []).append(column)
    sure = {name for name, columns in columns_by_name.items() if len(columns) == 1}
    taken = set(band.keyed)
    for column, name in band.hits.get(key, {}).items():
        if column not in taken:
            columns_by_name.setdefault(name, []).append(column)
            taken.add(column)
    headers = Headers({}, {}, {}, {}, {})
    for name, columns in columns_by_name.items():
        columns.sort(key=lambda column: (column not in band.keyed, column))
        if len(columns) > 1:
            headers.duplicates[name] = columns
        best = columns[0] if name in sure else _best(columns, band, cells)
        if best:
            headers.places[name] = best
        _describe(headers, sheet, name, best or columns[0], band, band.hits.get(key, {}))
    taken.difference_update(
        column
        for name, columns in headers.duplicates.items()
        for column in columns
        if column != headers.places.get(name)
    )
    own = band.own | _check_columns(band) | _helper_columns(band, cells)
    headers.own = own
    headers.unknown = {
        column: first_line(text)
        for column, text in band.texts.items()
        if column not in taken and column not in own
    }
    return headers


def _check_columns(band: Band) -> frozenset[int]:
    """The live check's column, found by its header where the key row is lost."""
    labels = {fold(say(_CHECK_HEADER, lang)) for lang in LANGUAGES if knows(_CHECK_HEADER)}
    return frozenset(c for c, text in band.texts.items() if labels.intersection(header_keys(text)))


def _helper_columns(band: Band, cells: SheetCells) -> frozenset[int]:
    """The hidden columns of a template that no header names: right of those that the key row
    calls its own, and wherever they are once the key row is lost.
    """
    if not is_of_template(band):
        return frozenset()
    last = max(band.own, default=0) if band.keyed else 0
    return frozenset(c for c in cells.hidden_columns if c > last and not band.texts.get(c))


def _best(columns: list[int], band: Band, cells: SheetCells) -> int:
    """Which of several columns with one header to read; 0 where their contents differ."""
    contents: dict[int, list[object]] = {}
    for column in columns:
        values = [row[column - 1] if column <= len(row) else None for row in cells.rows]
        rest = values[band.bottom :]
        if any(value is not None and value != "" for value in rest):
            contents[column] = rest
    if not contents:
        return columns[0]
    first = next(iter(contents))
    same = all(values == contents[first] for values in contents.values())
    return first if same else 0


def _describe(
    headers: Headers, sheet: SheetDef, name: str, column: int, band: Band, hits: dict[int, str]
) -> None:
    text = band.texts.get(column, "")
    known = sheet.column(name)
    words = (*known.label.all, *known.aliases, known.was, name)
    whole, forms = _known_forms(words)
    # What names the month that the column is meant for says what its label says.
    by_month = hits.get(column) == name and not forms.isdisjoint(month_keys(text, None))
    if text and not by_month and forms.isdisjoint(header_keys(text)):
        headers.renamed[name] = first_line(text)
    head = first_line(text)
    if head and fold(head) not in whole:
        headers.brackets[name] = bracketed(head)


# A pure function, bounded and safe in threads: all files have the same columns.
@lru_cache(1024)
def _known_forms(words: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a column as they compare: as a whole, and also without their brackets."""
    whole = frozenset(fold(word) for word in words if word)
    return whole, whole | {bare(word) for word in words if word}
