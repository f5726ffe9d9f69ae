"""One file → a `Submission`: read, identified, located, parsed, checked by itself. No pandas."""

from __future__ import annotations

from xltools.bundles import admit
from xltools.check.identify.file_name import NameParts, name_parts
from xltools.check.identify.label_forms import first_line
from xltools.check.identify.vocabulary import Vocabulary
from xltools.check.locate.data_rows import extent_of
from xltools.check.locate.example_rows import Examples
from xltools.check.locate.sheet_tables import Layout, Table, locate
from xltools.check.parse.cells_without_values import report_no_values
from xltools.check.parse.column_values import (
    ParsedTable,
    fill_from_headers,
    parse_columns,
    report_units,
    split_units,
    take_cells,
)
from xltools.check.parse.stated_units import computed_units, stated_units
from xltools.check.parse.unknown_content import keep_extra, keep_unknown
from xltools.check.reading_plan import ReadingPlan
from xltools.check.sheet_issues import SheetIssues
from xltools.check.submission import SheetRows, Submission
from xltools.check.validate.cell_values import check_values
from xltools.check.validate.definition_versions import report_version
from xltools.check.validate.reference_lookup import resolve_references
from xltools.check.validate.table_build import report_headers, report_rows
from xltools.check.validate.workbook_build import (
    is_ours,
    problem_list,
    report_findings,
    report_own_report,
    report_sheets,
    report_unknown_workbook,
)
from xltools.excel.identity import HIDDEN_SHEET, REPORTS, Identity, read_identity
from xltools.excel.input_paths import printable
from xltools.excel.reading.workbook_reader import WorkbookCells, read_admitted
from xltools.ground.period import Quarter

_IDENTITY_ROWS = 40


def read_submission(path: str, words: Vocabulary) -> Submission:
    """Read and check one workbook by itself; raises FileRefused where it cannot be read."""
    admitted, member = admit(path)
    book = read_admitted(admitted, _is_needed, words.cache)
    identity, _ = read_identity(
        book.properties,
        book.names,
        [(cells.title, cells.rows[:_IDENTITY_ROWS]) for cells in book.sheets],
    )
    kind = identity.template if identity else ""
    if kind not in words.catalog.definitions:
        identity = None
    named = name_parts(path, words.catalog)
    submission = _begin(path, book, identity, named, words)
    submission.sender, submission.mailed = member.sender, member.mailed
    if kind in REPORTS and identity is None:
        report_own_report(submission)
        return submission
    layout = _layout(book, submission, named, words)
    if layout is None:
        report_unknown_workbook(submission, book, words)
        return submission
    submission.template = layout.definition.name
    if not submission.identified:
        submission.version = layout.definition.version
    report_version(submission, layout)
    if submission.excluded:
        return submission
    _fill_in(submission, book, layout, words)
    return submission


def _is_needed(title: str) -> bool:
    """Whether a sheet may hold data or the identity; the program's lists and cover do not."""
    return title.casefold().startswith(HIDDEN_SHEET) or not is_ours(title)


def _begin(
    path: str, book: WorkbookCells, identity: Identity | None, named: NameParts, words: Vocabulary
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
        team=plan.settings.known_as(who.team) or _team(named.team, plan),
        period=_period(who.period) or named.period or str(plan.period or ""),
        identified=identity is not None,
    )


def _team(named: str, plan: ReadingPlan) -> str:
    """The team in a file's name where settings know it, else the plan's, else the name's."""
    known = plan.settings.team(named)
    return known.team if known else plan.team or named


def _period(text: str) -> str:
    try:
        return str(Quarter.parse(text))
    except ValueError:
        return ""


def _layout(
    book: WorkbookCells, submission: Submission, named: NameParts, words: Vocabulary
) -> Layout | None:
    problems = problem_list(book)
    sheets = [one for one in book.sheets if not is_ours(one.title) and one.title != problems]
    known = submission.template or words.plan.template
    quarter = Quarter.parse(submission.period) if submission.period else None
    return locate(sheets, words, known, named.template, quarter)


def _fill_in(
    submission: Submission, book: WorkbookCells, layout: Layout, words: Vocabulary
) -> None:
    """Read every table; issues stand in the order of the definition's sheets."""
    submission.lang = submission.lang or _language(layout, words)
    report_findings(submission, book)
    report_sheets(submission, layout, words)
    parsed_tables = [_parsed_table(submission, table, layout, words) for table in layout.tables]
    for parsed in parsed_tables:
        _parse_first(parsed, words)
    resolve_references(parsed_tables)
    for parsed in parsed_tables:
        computed_units(parsed, parsed_tables, words)
        _parse_rest(parsed, words)
    for parsed in parsed_tables:
        check_values(parsed)
        report_headers(parsed, submission)
        report_rows(parsed)
        report_units(parsed, words)
        submission.add(_rows(parsed))
        submission.issues += parsed.issues.found
    keep_unknown(submission, layout, parsed_tables)


def _parsed_table(
    submission: Submission, table: Table, layout: Layout, words: Vocabulary
) -> ParsedTable:
    year = Quarter.parse(submission.period).year if submission.period else None
    former = submission.version != layout.definition.version
    of = f"{layout.definition.name}.{table.sheet.name}"
    examples = Examples(table, layout.definition, words, former=former)
    parsed = ParsedTable(
        definition=layout.definition,
        table=table,
        extent=extent_of(table, examples),
        issues=SheetIssues([], submission.file, table.cells.title, of, table.headers.places),
        year=year,
        lang=submission.lang or words.plan.lang,
    )
    take_cells(parsed)
    report_no_values(parsed)
    return parsed


def _parse_first(parsed: ParsedTable, words: Vocabulary) -> None:
    """Units, then all that does not need the units of another sheet."""
    sheet = parsed.table.sheet
    units = {column.unit_from or column.brackets for column in sheet.columns} - {""}
    parse_columns(parsed, words, [name for name in sheet.names if name in units])
    split_units(parsed, words)
    later = _later(parsed)
    first = [name for name in sheet.names if name not in units and name not in later]
    parse_columns(parsed, words, first)
    fill_from_headers(parsed, words)


def _parse_rest(parsed: ParsedTable, words: Vocabulary) -> None:
    parse_columns(parsed, words, [n for n in parsed.table.sheet.names if n in _later(parsed)])


def _later(parsed: ParsedTable) -> set[str]:
    sheet = parsed.table.sheet
    return {
        column.name
        for column in sheet.columns
        if column.unit_from and sheet.column(column.unit_from).computed
    }


def _rows(parsed: ParsedTable) -> SheetRows:
    sheet = parsed.table.sheet
    return SheetRows(
        name=sheet.name,
        title=parsed.table.cells.title,
        rows=parsed.rows,
        columns={name: parsed.values.get(name) or parsed.blank() for name in sheet.names},
        places=parsed.table.headers.places,
        extra=keep_extra(parsed),
        formulas=_formulas(parsed),
        stated=stated_units(parsed),
    )


def _formulas(parsed: ParsedTable) -> dict[str, list[int]]:
    """Where computed columns still compute: what they say follows from what was typed."""
    formulas = parsed.table.cells.formulas
    return {
        name: [row for row in parsed.rows if (row, place) in formulas]
        for name, place in parsed.table.headers.places.items()
        if formulas and parsed.table.sheet.column(name).computed
    }


def _language(layout: Layout, words: Vocabulary) -> str:
    """The language of most headers; the plan's where as many are in each."""
    votes = {"zh": 0, "en": 0}
    for table in layout.tables:
        for column in table.headers.places.values():
            text = first_line(table.band.texts.get(column, ""))
            if text:
                votes["zh" if any(ord(char) > 0x2E7F for char in text) else "en"] += 1
    if votes["zh"] == votes["en"]:
        return words.plan.lang
    return max(votes, key=lambda lang: votes[lang])
