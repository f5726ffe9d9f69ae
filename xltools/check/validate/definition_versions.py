"""Workbooks of another version of their definition: what differs, and what is no fault then."""

from __future__ import annotations

from collections.abc import Iterator

from xltools.check.identify.label_forms import bare
from xltools.check.locate.sheet_tables import Layout, Table
from xltools.check.parse.column_values import ParsedTable
from xltools.check.submission import Submission
from xltools.definition import Definition, SheetDef
from xltools.issues import Code
from xltools.locale import LANGUAGES, say


def report_version(submission: Submission, layout: Layout) -> None:
    """Report what differs in a workbook of an earlier version; exclude one of a later version."""
    definition = layout.definition
    if not submission.identified or submission.version == definition.version:
        return
    values: dict[str, str | int | float] = {
        "version": submission.version,
        "current": definition.version,
    }
    if submission.version > definition.version:
        submission.excluded = True
        submission.report(Code.WORKBOOK_NEWER, details=values)
        return
    sentence = {}
    for lang in LANGUAGES:
        changes = list(_changes(submission, layout, lang))
        if changes:
            joined = say("check.comma", lang).join(changes)
            key = f"issues.{Code.WORKBOOK_OUTDATED}.changes"
            sentence[lang] = say(key, lang, changes=joined, **values)
    submission.report(Code.WORKBOOK_OUTDATED, details=values, sentence=sentence)


def _changes(submission: Submission, layout: Layout, lang: str) -> Iterator[str]:
    definition = layout.definition
    for table in layout.tables:
        for number, name in table.band.former.items():
            label = table.sheet.column(name).label[lang]
            old = _header(table, number, lang == submission.lang) or label
            title = table.sheet.title[lang]
            yield say("check.version.renamed", lang, sheet=title, old=old, label=label)
    for migration in definition.since(submission.version):
        named = {"added": migration.added, "changed": migration.changed}
        for kind, places in named.items():
            for place in places:
                sheet, label = _label(definition, place, lang)
                yield say(f"check.version.{kind}", lang, sheet=sheet, label=label)
        for place, text in migration.removed.items():
            sheet = definition.sheet(place.partition(".")[0]).title[lang]
            yield say("check.version.removed", lang, sheet=sheet, label=text[lang])


def _header(table: Table, place: int, own: bool) -> str:
    """What a column is called in the workbook, in its ``own`` language or the other."""
    header = table.cells.rows[table.band.top - 1]
    text = header[place - 1] if place <= len(header) else None
    lines = [line.strip(" *＊") for line in text.splitlines()] if isinstance(text, str) else []
    return lines[0] if lines and (own or len(lines) == 1) else lines[1] if lines else ""


def _label(definition: Definition, place: str, lang: str) -> tuple[str, str]:
    name, _, column = place.partition(".")
    sheet = definition.sheet(name)
    return sheet.title[lang], sheet.column(column).label[lang]


def columns_since(
    submission: Submission, definition: Definition, sheet: SheetDef
) -> frozenset[str]:
    """The columns of a sheet that came after the workbook was made."""
    if not submission.identified:
        return frozenset()
    places = (one for step in definition.since(submission.version) for one in step.added)
    return frozenset(
        column for name, _, column in (one.partition(".") for one in places) if name == sheet.name
    )


def without_former(
    submission: Submission, parsed: ParsedTable, spare: dict[int, str]
) -> dict[int, str]:
    """Unknown columns but for those that the workbook's own version had."""
    if not submission.identified:
        return spare
    labels = {
        bare(form)
        for step in parsed.definition.since(submission.version)
        for place, label in step.removed.items()
        if place.partition(".")[0] == parsed.table.sheet.name
        for form in label.all
    }
    return {place: header for place, header in spare.items() if bare(header) not in labels}
