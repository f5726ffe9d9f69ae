"""One file → a `Submission`: read, identified, located, parsed, checked by itself. No pandas."""

from __future__ import annotations

from xltools.bundles import admit
from xltools.check.identify.file_name import NameParts, name_parts
from xltools.check.identify.label_forms import first_line
from xltools.check.identify.vocabulary import Words, words_of
from xltools.check.locate.data_rows import extent_of
from xltools.check.locate.example_rows import Examples
from xltools.check.locate.sheet_tables import Layout, Table, locate
from xltools.check.parse.cells_without_values import report_no_values
from xltools.check.parse.column_values import (
    Reading,
    fill_from_headers,
    log_units,
    parse_columns,
    split_units,
    take_cells,
)
from xltools.check.parse.stated_units import computed_units, stated_units
from xltools.check.parse.table_issues import Desk
from xltools.check.parse.unknown_content import keep_extra, keep_unknown
from xltools.check.reading_plan import ReadingPlan
from xltools.check.submission import SheetRows, Submission
from xltools.check.validate.cell_values import check_values
from xltools.check.validate.definition_versions import report_version
from xltools.check.validate.reference_lookup import resolve_references
from xltools.check.validate.table_build import report_headers, report_rows
from xltools.check.validate.workbook_build import (
    is_ours,
    own_report,
    problem_list,
    report_findings,
    report_sheets,
    unknown_workbook,
)
from xltools.excel.identity import HIDDEN_SHEET, REPORTS, Identity, read_identity
from xltools.excel.input_paths import printable
from xltools.excel.reading.workbook_reader import WorkbookCells, read_admitted
from xltools.ground.period import Quarter

_IDENTITY_ROWS = 40


def read_submission(path: str, plan: ReadingPlan) -> Submission:
    """Read and check one workbook by itself; raises FileRefused where it cannot be read."""
    words = words_of(plan)
    admitted, member = admit(path)
    book = read_admitted(admitted, _may_tell)
    identity, _ = read_identity(
        book.properties,
        book.names,
        [(cells.title, cells.rows[:_IDENTITY_ROWS]) for cells in book.sheets],
    )
    kind = identity.template if identity else ""
    if kind not in words.catalog.definitions:
        identity = None
    said = name_parts(path, words.catalog)
    submission = _begin(path, book, identity, said, words)
    submission.sender, submission.mailed = member.sender, member.mailed
    if kind in REPORTS and identity is None:
        submission.excluded = True
        submission.issues.append(own_report(submission))
        return submission
    layout = _layout(book, submission, said, words)
    if layout is None:
        submission.excluded = True
        submission.issues.append(unknown_workbook(submission, book, words))
        return submission
    submission.template = layout.definition.name
    if not submission.identified:
        submission.version = layout.definition.version
    report_version(submission, layout)
    if submission.excluded:
        return submission
    _fill_in(submission, book, layout, words)
    return submission


def _may_tell(title: str) -> bool:
    """Whether a sheet may hold data or the identity; our own lists and instructions do not."""
    return title.casefold().startswith(HIDDEN_SHEET) or not is_ours(title)


def _begin(
    path: str, book: WorkbookCells, identity: Identity | None, said: NameParts, words: Words
) -> Submission:
    plan = words.plan
    who = identity or Identity(template="", version=0, team="", period="", lang="")
    return Submission(
        file=printable(path),
        sha256=book.sha256,
        modified=book.modified,
        template=who.template,
        version=who.version,
        lang=who.lang,
        team=plan.settings.known_as(who.team) or _team(said.team, plan),
        period=_period(who.period) or said.period or plan.period,
        identified=identity is not None,
    )


def _team(said: str, plan: ReadingPlan) -> str:
    """A team that settings know and the file's name says; else the option's."""
    known = plan.settings.team(said)
    return known.team if known else plan.team or said


def _period(text: str) -> str:
    try:
        return str(Quarter.parse(text))
    except ValueError:
        return ""


def _layout(
    book: WorkbookCells, submission: Submission, said: NameParts, words: Words
) -> Layout | None:
    problems = problem_list(book)
    sheets = [one for one in book.sheets if not is_ours(one.title) and one.title != problems]
    known = submission.template or words.plan.template
    quarter = Quarter.parse(submission.period) if submission.period else None
    return locate(sheets, words, known, said.template, quarter)


def _fill_in(submission: Submission, book: WorkbookCells, layout: Layout, words: Words) -> None:
    """Read every table; issues stand in the order of the definition's sheets."""
    submission.lang = submission.lang or _language(layout, words)
    report_findings(submission, book)
    report_sheets(submission, layout, words)
    readings = [_reading(submission, table, layout, words) for table in layout.tables]
    for reading in readings:
        _parse_first(reading, words)
    resolve_references(readings)
    for reading in readings:
        computed_units(reading, readings, words)
        _parse_rest(reading, words)
    for reading in readings:
        check_values(reading)
        report_headers(reading, submission)
        report_rows(reading)
        log_units(reading, words)
        submission.add(_rows(reading))
        submission.issues += reading.desk.issues
    keep_unknown(submission, layout, readings)


def _reading(submission: Submission, table: Table, layout: Layout, words: Words) -> Reading:
    year = Quarter.parse(submission.period).year if submission.period else None
    former = submission.version != layout.definition.version
    examples = Examples(table, layout.definition, words, former=former)
    reading = Reading(
        definition=layout.definition,
        table=table,
        extent=extent_of(table, examples),
        desk=Desk(submission.file, table, layout.definition.name),
        year=year,
        lang=submission.lang or words.plan.lang,
    )
    take_cells(reading)
    report_no_values(reading)
    return reading


def _parse_first(reading: Reading, words: Words) -> None:
    """Units, then all that does not need the units of another sheet."""
    sheet = reading.table.sheet
    units = {column.unit_from or column.brackets for column in sheet.columns} - {""}
    parse_columns(reading, words, [name for name in sheet.names if name in units])
    split_units(reading, words)
    later = _later(reading)
    first = [name for name in sheet.names if name not in units and name not in later]
    parse_columns(reading, words, first)
    fill_from_headers(reading, words)


def _parse_rest(reading: Reading, words: Words) -> None:
    parse_columns(reading, words, [n for n in reading.table.sheet.names if n in _later(reading)])


def _later(reading: Reading) -> set[str]:
    sheet = reading.table.sheet
    return {
        column.name
        for column in sheet.columns
        if column.unit_from and sheet.column(column.unit_from).computed
    }


def _rows(reading: Reading) -> SheetRows:
    sheet = reading.table.sheet
    return SheetRows(
        name=sheet.name,
        title=reading.table.cells.title,
        rows=reading.rows,
        columns={name: reading.values.get(name) or reading.blank() for name in sheet.names},
        places=reading.table.headers.places,
        extra=keep_extra(reading),
        formulas=_formulas(reading),
        stated=stated_units(reading),
    )


def _formulas(reading: Reading) -> dict[str, list[int]]:
    """Where computed columns still compute: what they say follows from what was typed."""
    formulas = reading.table.cells.formulas
    return {
        name: [row for row in reading.rows if (row, place) in formulas]
        for name, place in reading.table.headers.places.items()
        if formulas and reading.table.sheet.column(name).computed
    }


def _language(layout: Layout, words: Words) -> str:
    """The language of most headers; the plan's where there is no telling."""
    votes = {"zh": 0, "en": 0}
    for table in layout.tables:
        for column in table.headers.places.values():
            text = first_line(table.band.texts.get(column, ""))
            if text:
                votes["zh" if any(ord(char) > 0x2E7F for char in text) else "en"] += 1
    if votes["zh"] == votes["en"]:
        return words.plan.lang
    return max(votes, key=lambda lang: votes[lang])
