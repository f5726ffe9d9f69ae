"""Finds the tables of a definition in a workbook whose sheets were renamed, moved or pasted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from xltools.check.identify.label_forms import is_copy, title_forms
from xltools.check.identify.vocabulary import Vocabulary
from xltools.check.locate.header_columns import Headers, headers_of
from xltools.check.locate.header_rows import Band, bands_of
from xltools.check.locate.table_context import money_above, month_sheet
from xltools.check.reading_plan import Key
from xltools.definition import Definition, SheetDef
from xltools.excel.reading.workbook_reader import SheetCells
from xltools.ground.period import Quarter

_KEY_ROW = 1000.0
_PER_COLUMN = 10.0
_FOR_TITLE = 36.0
_FOR_TITLE_INSIDE = 12.0
_FOR_COPY = -15.0
_DOUBTFUL = -300.0  # the original is taken before a copy, any other sheet before a blank one
_OWN_NAME = 60.0  # of the template that the file's name says
_LEAST_WITHOUT_TITLE = 3
_LEAST_SHARE = 0.5


class Table(msgspec.Struct):
    """One table of the definition as found: its sheet in the file, its header, its rows' limits."""

    sheet: SheetDef
    cells: SheetCells
    band: Band
    headers: Headers
    last_row: int
    titled: bool
    """Whether the sheet's title is the table's own."""
    followed: bool
    """Whether another table stands below in the same sheet."""
    money: tuple[str, int, int]
    """The unit of money stated above the table, and its row and column; "", 0, 0 for none."""


class Layout(msgspec.Struct):
    """What was found in a workbook: its definition, its tables, and sheets that hold none.

    Where every month has a sheet, one sheet of the definition has several tables.
    """

    definition: Definition
    tables: list[Table]
    missing: list[SheetDef]
    unknown: list[SheetCells]
    copies: dict[str, str]
    """Titles of unknown sheets that hold a table which another sheet holds already."""


class _Candidate(msgspec.Struct):
    """A band that may be the header of a sheet of a definition; the highest score is taken."""

    score: float
    key: Key
    cells: SheetCells
    band: Band
    titled: bool


def locate(
    sheets: Sequence[SheetCells],
    words: Vocabulary,
    template: str,
    named: str,
    quarter: Quarter | None = None,
) -> Layout | None:
    """The layout of a workbook: of the template if it is known, else of the likeliest one.

    ``named`` is the template that the file's name says, ``quarter`` the one whose months may head
    columns. None where no table is found at all.
    """
    bands = {cells.index: bands_of(cells, words, quarter) for cells in sheets}
    candidates = [
        candidate
        for cells in sheets
        for band in bands[cells.index]
        for candidate in _candidates(cells, band, words)
    ]
    chosen = template or _likeliest(candidates, words, named)
    if not chosen:
        return None
    definition = words.catalog[chosen]
    taken = _assign(candidates, chosen)
    taken += _further_months(candidates, taken)
    tables = [_table(candidate, definition, bands[candidate.cells.index]) for candidate in taken]
    tables.sort(key=lambda one: (definition.sheets.index(one.sheet), one.cells.index))
    used = {table.cells.index for table in tables}
    found = {table.sheet.name for table in tables}
    unknown = [cells for cells in sheets if cells.index not in used]
    return Layout(
        definition=definition,
        tables=tables,
        missing=[sheet for sheet in definition.sheets if sheet.name not in found],
        unknown=unknown,
        copies=_copies(candidates, chosen, unknown, tables),
    )


def _candidates(cells: SheetCells, band: Band, words: Vocabulary) -> Iterable[_Candidate]:
    own, inside = titled_as(cells.title, words)
    for key, hits in band.hits.items():
        sheet = words.sheet(key)
        named = {name for name in hits.values() if sheet.column(name).typed}
        count = len(set(band.keyed.values()) | named)
        if band.keyed or band.identity:
            score = _KEY_ROW + _PER_COLUMN * count
            score += _DOUBTFUL if is_copy(cells.title) else 0.0
            score += 2 * _DOUBTFUL if _is_blank(cells, band, sheet) else 0.0
            yield _Candidate(score, key, cells, band, key in own)
            continue
        enough = max(_LEAST_WITHOUT_TITLE, len(_required(sheet)) * _LEAST_SHARE)
        if key not in own and (count < enough or count < band.filled * _LEAST_SHARE):
            continue
        score = _PER_COLUMN * count - 0.1 * len(sheet.columns)
        score += _FOR_TITLE if key in own else _FOR_TITLE_INSIDE if key in inside else 0.0
        score += _FOR_COPY if is_copy(cells.title) else 0.0
        yield _Candidate(score, key, cells, band, key in own)


def _is_blank(cells: SheetCells, band: Band, sheet: SheetDef) -> bool:
    """Whether no required cell is filled below header and example."""
    places = [place - 1 for place, name in band.keyed.items() if sheet.column(name).required]
    below = cells.rows[band.bottom + (not band.below_keys) :]
    return not any(
        row[place] not in (None, "") for row in below for place in places if place < len(row)
    )


def _required(sheet: SheetDef) -> list[str]:
    return [column.name for column in sheet.columns if column.required]


def titled_as(title: str, words: Vocabulary) -> tuple[set[Key], set[Key]]:
    """The sheets whose title this is, and those whose title is a part of it."""
    forms = title_forms(title)
    own = {key for form in forms for key in words.titles.get(form, ())}
    if own:
        return own, set()
    inside = {
        key
        for known, keys in words.titles.items()
        if len(known) > 3 and known in forms[0]
        for key in keys
    }
    return own, inside


def _likeliest(candidates: list[_Candidate], words: Vocabulary, named: str) -> str:
    """The definition whose tables are best found; "" where none is."""
    totals: dict[str, float] = {}
    for definition in words.catalog:
        taken = _assign(candidates, definition.name)
        if taken:
            bonus = _OWN_NAME if definition.name == named else 0.0
            totals[definition.name] = bonus + sum(candidate.score for candidate in taken)
    return max(totals, key=lambda name: totals[name]) if totals else ""


def _assign(candidates: list[_Candidate], template: str) -> list[_Candidate]:
    """The best candidates of one definition: each sheet once, each band once."""
    taken: list[_Candidate] = []
    sheets: set[str] = set()
    bands: set[tuple[int, int]] = set()
    own = [candidate for candidate in candidates if candidate.key[0] == template]
    for candidate in sorted(own, key=_best_first):
        place = candidate.cells.index, candidate.band.top
        if candidate.key[1] not in sheets and place not in bands:
            sheets.add(candidate.key[1])
            bands.add(place)
            taken.append(candidate)
    return taken


def _further_months(candidates: list[_Candidate], taken: list[_Candidate]) -> list[_Candidate]:
    """The same table on sheets of further months, where one was found on a sheet of a month."""
    further: list[_Candidate] = []
    places = {(candidate.cells.index, candidate.band.top) for candidate in taken}
    for first in taken:
        named = month_sheet(first.cells.title)
        seen = {named[0]} if named else set()
        same = [candidate for candidate in candidates if named and candidate.key == first.key]
        for candidate in sorted(same, key=_best_first):
            other = month_sheet(candidate.cells.title)
            place = candidate.cells.index, candidate.band.top
            if place in places or not (named and other) or other[1] != named[1]:
                continue
            if other[0] not in seen:
                seen.add(other[0])
                places.add(place)
                further.append(candidate)
    return further


def _best_first(candidate: _Candidate) -> tuple[float, bool, bool, int, int]:
    """Best score, then filled before blank, then visible, then in the order of the workbook."""
    blank = len(candidate.cells.rows) <= candidate.band.bottom
    return (
        -candidate.score,
        blank,
        candidate.cells.state != "visible",
        candidate.cells.index,
        candidate.band.top,
    )


def _table(candidate: _Candidate, definition: Definition, bands: list[Band]) -> Table:
    sheet = definition.sheet(candidate.key[1])
    below = [
        band.top
        for band in bands
        if band.top > candidate.band.bottom and _is_other(band, candidate)
    ]
    candidate.cells.level(
        max((*candidate.band.texts, *candidate.band.keyed))
    )  # as wide as the header
    return Table(
        sheet=sheet,
        cells=candidate.cells,
        band=candidate.band,
        headers=headers_of(sheet, candidate.band, candidate.key, candidate.cells),
        last_row=min(below, default=len(candidate.cells.rows) + 1) - 1,
        titled=candidate.titled,
        followed=bool(below),
        money=money_above(candidate.cells, candidate.band.top),
    )


def _is_other(band: Band, candidate: _Candidate) -> bool:
    """Whether a band further down is a table of its own, not a row that holds two known words."""
    if band.keyed or band.identity:
        return True
    hits = max(map(len, band.hits.values()), default=0)
    same = len(band.hits.get(candidate.key, ()))
    return hits >= _LEAST_WITHOUT_TITLE and hits >= 0.7 * band.filled and same < hits


def _copies(
    candidates: list[_Candidate], template: str, unknown: list[SheetCells], tables: list[Table]
) -> dict[str, str]:
    places = {table.sheet.name: table.cells.title for table in reversed(tables)}
    titles = {cells.index: cells.title for cells in unknown}
    return {
        titles[candidate.cells.index]: places[candidate.key[1]]
        for candidate in candidates
        if candidate.key[0] == template
        and candidate.cells.index in titles
        and candidate.key[1] in places
    }
