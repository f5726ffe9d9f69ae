"""One copy of a workbook → a sketch: its tables with all that cells hold and declare. No pandas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xltools.bundles import admit
from xltools.check.identify.vocabulary import Words
from xltools.check.locate.data_rows import Extent, extent_of
from xltools.check.locate.example_rows import Examples
from xltools.check.locate.header_columns import Headers
from xltools.check.locate.header_rows import Band, grouped_header, merged_header
from xltools.check.locate.sheet_tables import Table
from xltools.check.reading_plan import ReadingPlan
from xltools.check.validate.workbook_build import is_ours
from xltools.definition import Catalog, ColumnDef, Definition, LocalText, SheetDef
from xltools.draft.sketch.copy_sketch import (
    ColumnSketch,
    CopySketch,
    LeftOut,
    Place,
    Reason,
    TableSketch,
)
from xltools.draft.sketch.dropdowns import Book, dropdown_of
from xltools.draft.sketch.table_heads import Head, heads_of, most_frequent
from xltools.excel.input_paths import printable
from xltools.excel.reading.cells.surroundings import Box
from xltools.excel.reading.workbook_reader import SheetCells, WorkbookCells, read_admitted
from xltools.excel.reading.xlsx.declared_content import Declared, read_declared
from xltools.ground.cells import column_letters
from xltools.ground.folding import fold
from xltools.settings import Settings

_LOOKED_AT = 60  # rows below the header whose formats and formulas tell those of all
_FILLS = 0.6  # of these rows from which on a formula fills a column
_FORM_WIDTH = 3  # columns of a single row that are a small form
_MOST_VALUES = 2_000  # of a column in one copy
_NOTHING = LocalText("-", "-")


def sketch_copy(path: str) -> CopySketch:
    """Read one workbook; raises FileRefused where it cannot be read."""
    admitted, _ = admit(path)
    cells = read_admitted(admitted)
    package = admitted.parts if admitted.format == "xlsx" else None
    declared = read_declared(package) if package is not None else {}
    book = Book(
        {one.title: one for one in cells.sheets},
        cells.names,
        {one.title: declared.get(one.title, Declared()) for one in cells.sheets},
    )
    sketch = CopySketch(printable(path), [], [], _names(book))
    heads = {one.title: _head(one, book, sketch.names) for one in cells.sheets}
    lists = _lists(cells, book, heads)
    for one in cells.sheets:
        head = heads[one.title]
        table = None if head is None or one.title in lists else _table(one, head, book)
        reason = _reason(one, lists, table)
        if reason:
            sketch.left_out.append(LeftOut(one.title, reason))
        elif table is not None:
            sketch.tables.append(table)
    return sketch


def _names(book: Book) -> dict[str, Place]:
    """Defined names that mean a range; a sheet's own print areas and filters are none."""
    found = {}
    for name in book.names:
        if "_xlnm" not in name:
            place = book.place(name, "")
            if place is not None:
                found[name.rpartition("!")[2]] = place
    return found


def _head(cells: SheetCells, book: Book, names: Mapping[str, Place]) -> Head | None:
    if is_ours(cells.title):
        return None
    own = [box for title, box in names.values() if title == cells.title and box[1] == box[3]]
    return heads_of(cells, book.declared[cells.title], own)


def _lists(cells: WorkbookCells, book: Book, heads: Mapping[str, Head | None]) -> frozenset[str]:
    """Sheets that hold words for others: dropdowns read them, and nobody fills them in."""
    read = _read_by_others(book)
    found = set()
    for one in cells.sheets:
        head, declared = heads[one.title], book.declared[one.title]
        width = len(head.columns) if head else 1
        columns = read.get(one.title, set())
        most = one.state != "visible" or len(columns) * 2 >= width
        if (columns and most and not _is_filled_in(declared, book)) or _guards_itself(one, book):
            found.add(one.title)
    return frozenset(found)


def _read_by_others(book: Book) -> dict[str, set[int]]:
    """The columns of each sheet that dropdowns of other sheets read."""
    read: dict[str, set[int]] = {}
    for title, declared in book.declared.items():
        for check in declared.validations:
            if check.kind == "list" and not check.first.startswith('"'):
                source = dropdown_of(check, title, check.ranges[0][0], book).source
                if source is not None and source[0] != title:
                    read.setdefault(source[0], set()).update(range(source[1][1], source[1][3] + 1))
    return read


def _guards_itself(cells: SheetCells, book: Book) -> bool:
    """Whether a sheet only lets stand what stands there already, as lists for lookups do."""
    own = [name for name in book.names if (book.place(name, "") or ("",))[0] == cells.title]
    checks = book.declared[cells.title].validations
    return bool(checks) and all(any(name in check.first for name in own) for check in checks)


def _is_filled_in(declared: Declared, book: Book) -> bool:
    """Whether a sheet asks for entries: open cells under protection, or checks of what is typed."""
    if declared.protected:
        return bool(declared.unlocked)
    names = book.names
    return any(not any(name in check.first for name in names) for check in declared.validations)


def _reason(cells: SheetCells, lists: frozenset[str], table: TableSketch | None) -> Reason | None:
    if is_ours(cells.title):
        return "own"
    if not any(value is not None and value != "" for row in cells.rows for value in row):
        return "empty"
    if cells.title in lists:
        return "list"
    if table is None:
        return "cover"
    if all(column.computed for column in table.columns):
        return "summary"
    return None


def _table(cells: SheetCells, head: Head, book: Book) -> TableSketch | None:
    """The table below a header; None where it is a small form with one row to fill in."""
    declared = book.declared[cells.title]
    pieces, top, bottom = _pieces(cells, head)
    first = max(head.first, bottom + 1)
    cells.level(max(pieces))
    columns = [
        _column(cells, declared, place, pieces[place], first, head, book)
        for place in sorted(pieces)
        if place not in head.own
    ]
    extent = _extent(cells, head, columns, top, first - 1)
    rows = [row for row in extent.rows if row not in extent.marked]
    if (
        not head.sure
        and len(rows) < 2
        and len(columns) <= _FORM_WIDTH
        and (rows or cells.rows[bottom:])
    ):
        return None
    for column in columns:
        _take_values(
            column, cells, rows, [*extent.marked, *([head.example] if head.example else [])]
        )
    return TableSketch(
        title=cells.title,
        index=cells.index,
        hidden=cells.state != "visible",
        top=top,
        first=first,
        columns=columns,
        rows=rows,
        highlights=tuple(declared.highlights),
        others=[_range(box) for box in head.others],
    )


def _pieces(cells: SheetCells, head: Head) -> tuple[dict[int, tuple[str, ...]], int, int]:
    """Each header's words from the top down, and the header's first and last row."""
    top = _topmost(cells, head)
    texts = {c: v for c, v in enumerate(cells.rows[top - 1], 1) if isinstance(v, str) and v.strip()}
    several = merged_header(top, texts, cells)
    if several is None and head.first == head.bottom + 1:
        several = grouped_header(top, texts, cells)
    translated = _translated(cells, head) if several is None else None
    if translated is not None:
        return {c: (upper, lower) for c, (upper, lower) in translated.items()}, top, top + 1
    if several is None:
        return {c: (str(cells.at(head.top, c)),) for c in head.columns}, head.top, head.bottom
    words, bottom = several
    last = max(bottom, head.bottom)
    inside = range(head.columns[0], max(head.columns[-1], *words) + 1)
    return _telling({c: tuple(words[c]) for c in words if c in inside}), top, last


def _telling(words: dict[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """As many of the lowest words as tell all columns apart."""
    for count in range(1, max(map(len, words.values()))):
        shorter = {c: pieces[-count:] for c, pieces in words.items()}
        if len({fold("".join(pieces)) for pieces in shorter.values()}) == len(words):
            return shorter
    return words


def _topmost(cells: SheetCells, head: Head) -> int:
    """The first row of a header whose words for groups stand above it in merged cells."""
    top, width = head.top, len(head.columns)
    while top > 1 and head.top - top < 2:
        above = [
            box for box in cells.merges if box[0] < top <= box[2] or box[0] == box[2] == top - 1
        ]
        groups = [box for box in above if 0 < box[3] - box[1] < width - 1 or box[2] >= top]
        if not groups:
            break
        top = min(top - 1, *(box[0] for box in groups))
    return max(top, 1)


def _translated(cells: SheetCells, head: Head) -> dict[int, tuple[str, str]] | None:
    """Two header rows that say the same in two languages."""
    pairs = {
        c: (str(cells.at(head.top, c)), below)
        for c in head.columns
        if isinstance(below := cells.at(head.top + 1, c), str) and below.strip()
    }
    if len(pairs) < len(head.columns) or head.first > head.bottom + 2:
        return None
    languages = [{str(pair[at]).isascii() for pair in pairs.values()} for at in (0, 1)]
    if languages not in ([{True}, {False}], [{False}, {True}]) or head.keys:
        return None
    return pairs


def _column(
    cells: SheetCells,
    declared: Declared,
    place: int,
    pieces: tuple[str, ...],
    first: int,
    head: Head,
    book: Book,
) -> ColumnSketch:
    checks = tuple(
        check
        for check in declared.validations
        if any(
            left <= place <= right and bottom >= first for _, left, bottom, right in check.ranges
        )
    )
    spots = [(row, place) for row in range(first, first + _LOOKED_AT)]
    formulas = _formulas(cells, declared, spots)
    column = ColumnSketch(
        place=place,
        pieces=pieces,
        key=head.keys.get(place, ""),
        note=next(
            (
                declared.comments[r, place]
                for r in range(head.top, head.bottom + 1)
                if (r, place) in declared.comments
            ),
            "",
        ),
        demand=_demand(cells, head, place),
        codes=most_frequent([declared.codes[spot] for spot in spots if spot in declared.codes]),
        formulas=tuple((row, text) for (row, _), text in formulas.items() if text)[:5],
        validations=checks,
        hidden=place in cells.hidden_columns,
        locked=declared.protected
        and bool(declared.unlocked)
        and not declared.unlocked.intersection(spots),
    )
    column.computed = _is_filled(cells, formulas, spots)
    lists = [check for check in checks if check.kind == "list"]
    if lists:
        top = next(box[0] for box in lists[0].ranges if box[1] <= place <= box[3])
        column.dropdown = dropdown_of(lists[0], cells.title, max(top, first), book)
    return column


def _formulas(
    cells: SheetCells, declared: Declared, spots: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], str]:
    """Formulas of these cells, those that gave an empty text included."""
    found = {}
    for spot in spots:
        text = declared.formulas.get(spot, cells.formulas.get(spot))
        if text is not None:
            found[spot] = text
    return found


def _is_filled(
    cells: SheetCells, formulas: Mapping[tuple[int, int], str], spots: Sequence[tuple[int, int]]
) -> bool:
    """Whether a column is filled by a formula: in most rows that hold anything of it."""
    if not any(formulas.values()):
        return False
    typed = 0
    for row, column in spots:
        value = cells.at(row, column)
        typed += value is not None and value != "" and (row, column) not in formulas
    return len(formulas) >= 2 * typed if len(formulas) > 1 else typed == 0


def _demand(cells: SheetCells, head: Head, place: int) -> str:
    """The word about being required in a row of such words beside the header."""
    from xltools.draft.understand.header_words import says_demand

    for row in range(1, head.first):
        texts = [v for c in head.columns if isinstance(v := cells.at(row, c), str)]
        if len(texts) > 1 and sum(says_demand(text) for text in texts) >= 0.8 * len(texts):
            value = cells.at(row, place)
            return value if isinstance(value, str) else ""
    return ""


def _extent(
    cells: SheetCells, head: Head, columns: Sequence[ColumnSketch], top: int, bottom: int
) -> Extent:
    """The rows that the check would read, by its own judgement."""
    names = {f"c{one.place}": one.place for one in columns}
    sheet = SheetDef(
        name="draft",
        title=_NOTHING,
        about=_NOTHING,
        columns=tuple(_provisional(cells, one, bottom) for one in columns),
    )
    texts = {one.place: one.pieces[-1] for one in columns}
    headers = Headers(names, {}, {}, {}, {}, head.own)
    end = min((box[0] - 1 for box in head.others if box[0] > bottom), default=len(cells.rows))
    table = Table(
        sheet=sheet,
        cells=cells,
        band=Band(top, bottom, texts, {}),
        headers=headers,
        last_row=end,
        titled=True,
        followed=end < len(cells.rows),
        money=("", 0, 0),
    )
    definition = Definition(
        name="draft", version=1, title=_NOTHING, about=_NOTHING, sheets=(sheet,)
    )
    words = Words(ReadingPlan(catalog=Catalog({}), settings=Settings()))
    return extent_of(table, Examples(table, definition, words, former=False))


def _provisional(cells: SheetCells, one: ColumnSketch, bottom: int) -> ColumnDef:
    """A column as far as telling data from totals and notes needs it."""
    below = [row[one.place - 1] for row in cells.rows[bottom:] if one.place <= len(row)]
    numbers = sum(isinstance(v, int | float) and not isinstance(v, bool) for v in below)
    texts = sum(isinstance(v, str) and v != "" for v in below)
    return ColumnDef(
        name=f"c{one.place}",
        label=_NOTHING,
        kind="number" if numbers > texts else "text",
        compute="None" if one.computed else "",
    )


def _take_values(
    column: ColumnSketch, cells: SheetCells, rows: Sequence[int], marked: Sequence[int]
) -> None:
    """The column's cells in the rows of data; a merged cell's word stands in all its rows."""
    column.values = [cells.at(row, column.place) for row in rows[:_MOST_VALUES]]
    column.values = [None if value == "" else value for value in column.values]
    column.percent = tuple(
        i for i, row in enumerate(rows[:_MOST_VALUES]) if (row, column.place) in cells.percent
    )
    column.example = next((cells.at(row, column.place) for row in marked), None)
    index = {row: at for at, row in enumerate(rows[:_MOST_VALUES])}
    for top, left, bottom, _ in cells.merges:
        if left == column.place and bottom > top and top in index:
            word = column.values[index[top]]
            for row in range(top + 1, bottom + 1):
                if row in index and isinstance(word, str):
                    column.values[index[row]] = word


def _range(box: Box) -> str:
    top, left, bottom, right = box
    return f"{column_letters(left)}{top}:{column_letters(right)}{bottom}"
