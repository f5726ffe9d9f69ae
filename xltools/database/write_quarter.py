"""A quarter into the database: what a run read takes the place of what was there, all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from itertools import count
from typing import Any

import msgspec
import sqlalchemy as sql

from xltools.check.respond.issue_sentences import sentence
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.counted_rows import CountedSheet, StoredRows
from xltools.consolidate.combine.file_summaries import FileSummary, summaries_of
from xltools.consolidate.store.row_tables import holds_days
from xltools.consolidate.store.submission_json import pack
from xltools.database.database_tables import (
    KEYS,
    READINGS,
    DataTable,
    own_definition,
    tables_of,
)
from xltools.database.database_url import writing
from xltools.database.schema_versions import bring_up
from xltools.definition import Catalog
from xltools.errors import UsageError
from xltools.excel.cell_text import visible
from xltools.generate.fill.starting_rows import settings_rows, with_parameters
from xltools.ground.folding import fold
from xltools.issues import Issue

_PAGE = 5_000  # rows sent at once

Row = Sequence[object]
Figures = Mapping[tuple[str, str], Sequence[Mapping[str, object]]]


class Scope(msgspec.Struct, frozen=True):
    """What of a quarter a run stands for: all of it, some teams, or only the workbooks it read."""

    whole: bool
    teams: tuple[str, ...] = ()


def prepare(url: str, catalog: Catalog) -> None:
    """Make what is missing in the database, so that a long run does not fail at its end only."""
    with writing(url) as connection:
        bring_up(connection, catalog)


def write_quarter(
    consolidation: Consolidation, url: str, scope: Scope, figures: Figures | None = None
) -> None:
    """Replace a quarter's workbooks, settings and, where they are given, figures.

    Raises DatabaseError, and then nothing has changed; UsageError where the quarter is unknown.
    """
    if consolidation.period is None:
        raise UsageError("usage.no_period")
    if consolidation.stored is None:
        raise ValueError("only what `collect` made can be written")
    with writing(url) as connection:
        bring_up(connection, consolidation.catalog)
        _Writer(connection, consolidation, consolidation.stored, scope).write(figures)


class _Writer:
    """One run's transaction."""

    def __init__(
        self,
        connection: sql.Connection,
        consolidation: Consolidation,
        stored: StoredRows,
        scope: Scope,
    ) -> None:
        self.connection = connection
        self.found = consolidation
        self.stored = stored
        self.scope = scope
        self.quarter = str(consolidation.period)
        self.tables = tables_of(consolidation.catalog)
        self.numbers: dict[str, int] = {}  # of submissions, by file

    def write(self, figures: Figures | None) -> None:
        """Everything, in the order in which it is read."""
        self._make_room()
        for key, counted in self.stored.counted.items():
            self._insert(self.tables[key], _submitted(self.quarter, self.numbers, counted))
        self._write_submissions()
        self._write_issues()
        self._write_settings()
        if figures is not None and self._is_all:  # ranks among some teams are no ranks
            self._write_figures(figures)
        else:
            self._forget_figures()

    def _own(self, name: str) -> DataTable:
        return self.tables[own_definition().name, name]

    # What was there

    def _make_room(self) -> None:
        """Number this run's submissions, and delete what they or their absence replaces."""
        table = self._own("submissions").sa.c
        own = (table[name] for name in ("_submission", "_team", "workbook"))
        asked = sql.select(*own, READINGS.c.file)
        joined = (READINGS.c._quarter == table["_quarter"]) & (
            READINGS.c._submission == table["_submission"]
        )
        here = table["_quarter"] == self.quarter
        outer = self._own("submissions").sa.outerjoin(READINGS, joined)
        there: list[Any] = [*self.connection.execute(asked.select_from(outer).where(here))]
        gone = {
            number: file
            for number, team, workbook, file in there
            if self._is_all or self._replaces(team, workbook, file)
        }
        self._number(gone, {number for number, *_ in there} - gone.keys())
        for each in [*(one.sa for one in self.tables.values() if not one.figures), READINGS]:
            if self._is_all:
                self.connection.execute(each.delete().where(each.c._quarter == self.quarter))
            else:
                self._delete(each, [*gone, 0])

    @property
    def _is_all(self) -> bool:
        return self.scope.whole and not self.scope.teams

    def _replaces(self, team: str, workbook: str, file: str | None) -> bool:
        """Whether a submission that is there gives way to this run."""
        if self.scope.whole:
            return fold(team) in {fold(one) for one in self.scope.teams}
        sent = self.found.submissions
        if team and workbook:
            return (fold(team), workbook) in {(fold(one.team), one.template) for one in sent}
        return file in {visible(one.file) for one in sent}

    def _number(self, gone: Mapping[int, str | None], taken: Set[int]) -> None:
        """Numbers of submissions in their order; beside others each keeps the one that it had."""
        files = [visible(sent.file) for sent in self.found.submissions]
        known = {file: number for number, file in gone.items()} if taken else {}
        fresh = count(1 + max(taken | gone.keys(), default=0) if taken else 1)
        self.numbers = {file: known.get(file) or next(fresh) for file in files}

    def _delete(self, table: sql.Table, numbers: Sequence[int]) -> None:
        for start in range(0, len(numbers), _PAGE):
            some = table.c._submission.in_(numbers[start : start + _PAGE])
            self.connection.execute(table.delete().where((table.c._quarter == self.quarter) & some))

    # What is new

    def _insert(self, table: DataTable, rows: Iterator[Row]) -> None:
        names = list(dict.fromkeys((*KEYS, *(column.name for column in table.columns))))
        insert_rows(self.connection, table.sa, names, rows)

    def _write_submissions(self) -> None:
        """Every workbook, and those that are due and nobody sent where this run can tell."""
        summaries = summaries_of(self.found)
        missing = [one for one in summaries if one.verdict == "missing"]
        sent = {visible(one.file): one for one in self.found.submissions}
        last = max(self.numbers.values(), default=0)
        rows: list[Row] = [
            _summary(self.quarter, self.numbers[file], one, sent[file].version)
            for one in summaries
            if (file := visible(one.file)) in sent
        ]
        if self.scope.whole:
            first = 1 + max(last, self._highest())
            rows += [_summary(self.quarter, n, one, None) for n, one in enumerate(missing, first)]
        self._insert(self._own("submissions"), iter(rows))
        light = zip(self.found.submissions, self.stored.readings, strict=True)
        readings = (
            (
                self.quarter,
                self.numbers[file],
                file,
                pack(self.stored.store.submission_json(reading)),
            )
            for one, reading in light
            if (file := visible(one.file))
        )
        names = [column.name for column in READINGS.columns]
        insert_rows(self.connection, READINGS, names, readings)

    def _highest(self) -> int:
        table = self._own("submissions").sa.c
        asked = sql.select(sql.func.max(table["_submission"]))
        found = self.connection.execute(asked.where(table["_quarter"] == self.quarter)).scalar()
        return int(found or 0)

    def _write_issues(self) -> None:
        by_file: dict[str, list[Issue]] = {}
        for one in self.found.all_issues:
            by_file.setdefault(visible(one.file), []).append(one)
        sent = {visible(one.file): one for one in self.found.submissions}
        catalog = self.found.catalog
        rows = (
            (
                *(self.quarter, self.numbers.get(file, 0), place),
                *((sent[file].team, sent[file].template) if file in sent else ("", "")),
                *(str(one.severity), str(one.code), file, one.sheet, one.cell, one.column),
                *(one.value, sentence(one, "zh", catalog), sentence(one, "en", catalog)),
                one.suggestion,
            )
            for file, issues in by_file.items()
            for place, one in enumerate(issues)
        )
        self._insert(self._own("issues"), map(_clean, rows))

    def _write_settings(self) -> None:
        """The settings of the latest run that wrote the quarter."""
        settings, catalog = self.found.settings, self.found.catalog
        lang = settings.language
        given = settings_rows(catalog, settings, lang)
        shipped = catalog.settings.sheet("parameters").rows
        defaults = [{key: _in(lang, value) for key, value in row.items()} for row in shipped]
        given["parameters"] = with_parameters(defaults, settings.parameters)
        for sheet in catalog.settings.sheets:
            table = self.tables[catalog.settings.name, sheet.name]
            self._insert(table, _declared(self.quarter, table, given.get(sheet.name, [])))

    def _write_figures(self, figures: Figures) -> None:
        for key, table in self.tables.items():
            if table.figures:
                everything = table.sa.delete().where(table.sa.c._quarter == self.quarter)
                self.connection.execute(everything)
                own = table.definition.name == own_definition().name
                given = figures.get(("", key[1]) if own else key, ())
                self._insert(table, _declared(self.quarter, table, given))

    def _forget_figures(self) -> None:
        """Figures of teams that have withdrawn all; the others stand until they are evaluated."""
        submissions = self._own("submissions").sa.c
        counted = submissions["verdict"].in_(("fine", "warnings", "errors"))
        there = sql.select(submissions["_team"]).where(
            (submissions["_quarter"] == self.quarter) & counted
        )
        for table in (one.sa for one in self.tables.values() if one.figures):
            if "_team" in table.c:
                gone = (table.c._quarter == self.quarter) & table.c._team.not_in(there)
                self.connection.execute(table.delete().where(gone))


def insert_rows(
    connection: sql.Connection, table: sql.Table, names: Sequence[str], rows: Iterable[Row]
) -> None:
    """Send rows page by page, so that memory stays flat."""
    insert = table.insert()
    page: list[dict[str, object]] = []
    for row in rows:
        page.append(dict(zip(names, row, strict=True)))
        if len(page) == _PAGE:
            connection.execute(insert, page)
            page.clear()
    if page:
        connection.execute(insert, page)


def _submitted(quarter: str, numbers: Mapping[str, int], counted: CountedSheet) -> Iterator[Row]:
    """A sheet's rows that count, as the consolidated workbook has them."""
    days = [place for place, one in enumerate(counted.table.sheet.columns) if holds_days(one)]
    for part in counted.parts:
        sent = part.submission
        file = visible(sent.file)
        extra = _extra(part.sheet.extra, part.rows)
        found = counted.store.select(counted.table.select, part.reading)
        titles = map(visible, part.sheet.row_titles)
        lines = zip(found, titles, extra, strict=True)
        start = (quarter, numbers[file])
        origin = (visible(sent.team), sent.period, file)
        for place, ((row, *values), title, more) in enumerate(lines):
            for day in days:
                if values[day] is not None:
                    values[day] = date.fromisoformat(str(values[day]))
            yield (*start, place, *origin, title, row, sent.sha256, more, *values)


def _extra(extra: Mapping[str, Sequence[str]], count: int) -> Iterator[str | None]:
    """What stands in columns that no definition knows: one JSON text a row."""
    if not extra:
        yield from [None] * count
        return
    for texts in zip(*extra.values(), strict=True):
        filled = {visible(h): visible(t) for h, t in zip(extra, texts, strict=True) if t}
        yield msgspec.json.encode(filled).decode() if filled else None


def _summary(quarter: str, number: int, one: FileSummary, version: int | None) -> Row:
    return _clean(
        (
            *(quarter, number, 0, one.team, one.template, one.verdict),
            *(one.errors, one.warnings, one.infos, one.rows),
            *(int(one.late), one.judged_by or None, one.judged_day, one.modified or None, version),
        )
    )


def _declared(
    quarter: str, table: DataTable, rows: Iterable[Mapping[str, object]]
) -> Iterator[Row]:
    """Rows that are given by the names of columns; what is a day lies as one."""
    names = [column.name for column in table.columns[1:]]
    for place, row in enumerate(rows):
        yield _clean((quarter, 0, place, *(row.get(name) for name in names)))


def _clean(row: Row) -> Row:
    return tuple(visible(one) if isinstance(one, str) else one for one in row)


def _in(lang: str, value: object) -> object:
    words: Callable[[str], str] | None = getattr(value, "__getitem__", None)
    return words(lang) if words and not isinstance(value, str) else value
