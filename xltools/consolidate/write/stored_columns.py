"""Rows of the store as the columns of a sheet, fetched in slices so that memory stays flat."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, overload

from xltools.consolidate.combine.counted_rows import CountedSheet, SubmissionRows
from xltools.excel.cell_text import utf16_length
from xltools.excel.links import file_target, literal
from xltools.ground.member_paths import parted

LINK, ROW, FIRST = 0, 1, 2  # places in a row: the formula, the Excel row, the first column
TITLE, FILE, PERIOD, TEAM = -4, -3, -2, -1

_LONGEST_TARGET = 255 - len("1048576")  # Excel follows no longer one

Row = tuple[object, ...]


class RowPages:
    """A sheet's rows in order, fetched forwards; the columns of the latest slice are kept.

    A row is: link formula, Excel row, the definition's columns, a column for each of ``headers``,
    what stands under other unknown headers, title of the sheet, file, period and team.
    """

    def __init__(self, counted: CountedSheet, headers: Sequence[str], folder: Path) -> None:
        self.counted = counted
        self._headers = headers
        self._folder = folder
        self._rows: Iterator[Row] = iter(())
        self._next = -1
        self._span = (0, 0)
        self._page: list[Row] = []

    def page(self, start: int, stop: int) -> list[Row]:
        """All columns of some rows."""
        if self._span != (start, stop):
            if start != self._next:
                self._rows = islice(self._all(), start, None)
            rows = list(islice(self._rows, stop - start))
            self._page = list(zip(*rows, strict=True))
            self._span, self._next = (start, stop), stop
        return self._page

    def _all(self) -> Iterator[Row]:
        statement = self.counted.table.select_for_excel
        for part in self.counted.parts:
            sent = part.submission
            link = link_formula(sent.file, part.sheet.title, self._folder)
            rows = self.counted.store.select(statement, part.reading, *link)
            place = (part.sheet.title, sent.file, sent.period, sent.team)
            if part.sheet.titles:
                yield from self._of_several(part, rows)
            elif part.sheet.extra:
                extra = zip(*_extra_columns(part, self._headers), strict=True)
                yield from (row + more + place for row, more in zip(rows, extra, strict=True))
            else:
                rest = (None,) * (len(self._headers) + 1) + place
                yield from (row + rest for row in rows)

    def _of_several(self, part: SubmissionRows, rows: Iterable[Row]) -> Iterator[Row]:
        """Rows that stand on several sheets, each with its own link."""
        sent = part.submission
        extra = zip(*_extra_columns(part, self._headers), strict=True)
        for row, more, title in zip(rows, extra, part.sheet.titles, strict=True):
            link = row_link(sent.file, title, int(str(row[ROW])), self._folder)
            yield (link or None, *row[ROW:], *more, title, sent.file, sent.period, sent.team)


class PagedColumn(Sequence[Any]):
    """One column of some rows, fetched and converted slice by slice."""

    def __init__(
        self,
        pages: RowPages,
        index: int,
        rows: range,
        convert: Callable[[Sequence[object]], Sequence[object]] = tuple,
    ) -> None:
        self._pages = pages
        self._index = index
        self._rows = rows
        self._convert = convert

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Any]: ...
    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, int):
            return self[place : place + 1][0]
        rows = self._rows[place]
        return self._convert(self._pages.page(rows.start, rows.stop)[self._index]) if rows else ()


def link_formula(file: str, sheet: str, folder: Path) -> tuple[str | None, str]:
    """What stands before and behind a row's number in a formula that opens it; None for none."""
    target = file_target(folder, file, sheet, "A")
    if not sheet or utf16_length(target) > _LONGEST_TARGET:
        return None, ""
    if parted(file)[1]:  # into a bundle leads no link: T() of the row's number is an empty text
        return f"=HYPERLINK({literal(target)}&T(", "),"
    return f"=HYPERLINK({literal(target)[:-1]}", '",'


def row_link(file: str, sheet: str, row: int, folder: Path) -> str:
    """The whole formula for one row; its result is the row's number."""
    begin, middle = link_formula(file, sheet, folder)
    return f"{begin}{row}{middle}{row})" if begin else ""


def _extra_columns(part: SubmissionRows, headers: Sequence[str]) -> list[Sequence[str | None]]:
    """Values under ``headers``, then all that stands under others as one text a row."""
    nothing = [None] * len(part.sheet.rows)
    extra = part.sheet.extra
    columns: list[Sequence[str | None]] = [
        [text or None for text in extra[header]] if header in extra else nothing
        for header in headers
    ]
    others = [header for header in extra if header not in headers]
    if not others:
        return [*columns, nothing]
    beyond = zip(*(extra[header] for header in others), strict=True)
    return [*columns, [_together(others, texts) for texts in beyond]]


def _together(headers: Iterable[str], texts: Iterable[str]) -> str | None:
    lines = [f"{header}: {text}" for header, text in zip(headers, texts, strict=True) if text]
    return "\n".join(lines) or None
