"""The first page of a consolidated workbook: who sent what, who did not, and where the rows are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.file_summaries import Tally, moment, tallies
from xltools.definition import Catalog
from xltools.excel.links import cell_target, file_target, hyperlink
from xltools.excel.styles import (
    BULK,
    BULK_INTEGER,
    BULK_LINK,
    CARD_LABEL,
    CARD_NOTE,
    CARD_VALUE,
    DATE_TIME,
    FAULT,
    INTEGER,
    LIGHT_AMBER,
    LIGHT_GREEN,
    LIGHT_RED,
    LINK,
    MUTED,
    NAVY,
    RED,
    SECTION,
    SUBTITLE,
    TABLE_HEADER,
    TITLE,
)
from xltools.excel.titles import table_headers
from xltools.excel.writing.row_xml import Column, Formulas
from xltools.excel.writing.sheet_writer import Sheet, TableColumn
from xltools.ground.cells import column_letters
from xltools.locale import say

_WIDTHS = (112, 168, 150, 84, 76, 76, 76, 84, 136, 168, 440)
_MAIL_WIDTH = 300  # of a column that is there where something came by mail
_CARDS = ((1, 2), (3, 4), (5, 7), (8, 9), (10, 11))  # first and last column of each
_CONTENTS_ROW = 8
_COLUMNS = (
    *("verdict", "team", "workbook", "period", "errors", "warnings", "infos", "rows"),
    *("modified", "timeliness", "file", "mail"),
)
_LATE = "▲"  # what a late workbook's timeliness begins with
_MARKS = {"✔": LIGHT_GREEN, "▲": LIGHT_AMBER, "✖": LIGHT_RED, "○": FAULT}


class Content(NamedTuple):
    """An entry of the table of contents."""

    title: str
    rows: int


def write_overview(
    sheet: Sheet,
    consolidation: Consolidation,
    contents: Sequence[Content],
    folder: Path,
    lang: str,
) -> None:
    """Fill the page."""
    listed = tallies(consolidation)
    _head(sheet, consolidation, lang)
    _cards(sheet, consolidation, listed, len(contents), lang)
    row = _contents(sheet, contents, lang)
    _section(sheet, row, say("consolidate.submissions", lang))
    columns = _columns(listed, consolidation.catalog, folder, lang)
    _submissions(sheet, row + 1, columns, lang)
    view = sheet.view
    view.columns((*_WIDTHS, _MAIL_WIDTH)[: len(columns)])
    for row, pixels in ((1, 46), (2, 26), (4, 26), (5, 44), (6, 26)):
        view.row(row, pixels)
    view.screen(zoom=90, tab=NAVY)
    view.page()
    view.header_footer(left=sheet.title, right="&P / &N")
    view.activate()


def title_of(consolidation: Consolidation, lang: str) -> str:
    """What the consolidated workbook is called, with its quarter where it has one."""
    period = consolidation.period
    return say("consolidate.title", lang, period=period) if period else say("consolidate.all", lang)


def _head(sheet: Sheet, consolidation: Consolidation, lang: str) -> None:
    settings = consolidation.settings
    sheet.text(1, 1, title_of(consolidation, lang), TITLE)
    for col in range(1, len(_WIDTHS) + 1):
        sheet.blank(2, col, SUBTITLE)
    told = [settings.organisation]
    if settings.deadline:
        told.append(say("consolidate.deadline", lang, day=settings.deadline.isoformat()))
    told.append(say("consolidate.how", lang))
    sheet.text(2, 1, " · ".join(filter(None, told)), SUBTITLE)


def _cards(
    sheet: Sheet, consolidation: Consolidation, listed: Sequence[Tally], sheets: int, lang: str
) -> None:
    sent = [one for one in listed if one.verdict != "missing"]
    counts = Counter(one.verdict for one in listed)
    teams = len({one.team for one in sent if one.team})
    warnings = f"{sum(one.warnings for one in sent):,}"
    due = len(consolidation.settings.teams_in(consolidation.period)) or teams
    cards: tuple[tuple[str, int, dict[str, object]], ...] = (
        ("files", len(sent), {"late": sum(one.late for one in sent)}),
        ("teams", teams, {"due": due}),
        (
            "problems",
            sum(one.errors for one in sent),
            {"warnings": warnings, "files": counts["errors"]},
        ),
        ("rows", consolidation.rows, {"sheets": sheets}),
        ("missing", counts["missing"], {"excluded": counts["excluded"]}),
    )
    for (first, last), (name, value, told) in zip(_CARDS, cards, strict=True):
        alarming = value > 0 and name in ("problems", "missing")
        style = CARD_VALUE.but(number=INTEGER, color=RED if alarming else CARD_VALUE.color)
        sheet.merge(4, first, 4, last, say(f"consolidate.card_{name}", lang), CARD_LABEL)
        sheet.merge(5, first, 5, last, value, style)
        sheet.merge(6, first, 6, last, say(f"consolidate.note_{name}", lang, **told), CARD_NOTE)


def _contents(sheet: Sheet, contents: Sequence[Content], lang: str) -> int:
    """Links to the sheets, five a row, under the cards; the next free row."""
    _section(sheet, _CONTENTS_ROW, say("consolidate.contents", lang))
    places = [first for first, _ in _CARDS]
    for number, entry in enumerate(contents):
        row, place = divmod(number, len(places))
        text = say("consolidate.entry", lang, title=entry.title, rows=f"{entry.rows:,}")
        target = cell_target(entry.title, "A1")
        sheet.link(_CONTENTS_ROW + 1 + row, places[place], target, text, LINK)
    return _CONTENTS_ROW + 2 + -(-len(contents) // len(places))


def _section(sheet: Sheet, row: int, title: str) -> None:
    for col in range(1, len(_WIDTHS) + 1):
        sheet.blank(row, col, SECTION)
    sheet.text(row, 1, title, SECTION)
    sheet.view.row(row, 28)


def _submissions(sheet: Sheet, row: int, columns: Sequence[Column], lang: str) -> None:
    if not len(columns[0]):
        return
    center, count = BULK.but(align="center"), BULK_INTEGER.but(align="center")
    saved = center.but(number=DATE_TIME, color=MUTED)
    styles = [BULK.but(bold=True), BULK, BULK, center, *[count] * 4, saved, BULK, BULK_LINK, BULK]
    styles = styles[: len(columns)]
    sheet.bulk(row + 1, 1, columns, styles, clip=True)
    names = _COLUMNS[: len(columns)]
    headers = table_headers([say(f"consolidate.{name}", lang) for name in names])
    last = row + len(columns[0])
    table = [
        TableColumn(header=text, header_style=TABLE_HEADER.but(align=style.align))
        for text, style in zip(headers, styles, strict=True)
    ]
    sheet.table(row, 1, last, "tbl_submissions", table)
    sheet.view.row(row, 28)
    for mark, emphasis in _MARKS.items():
        rule = f'=LEFT($A{row + 1},1)="{mark}"'
        sheet.conditional(row + 1, 1, last, 1, type="formula", criteria=rule, format=emphasis)
    place = _COLUMNS.index("timeliness") + 1
    cell = f"${column_letters(place)}{row + 1}"
    rule = f'=LEFT({cell},1)="{_LATE}"'
    late = {"type": "formula", "criteria": rule, "format": LIGHT_RED}
    sheet.conditional(row + 1, place, last, place, **late)


def _timeliness(one: Tally, lang: str) -> str | None:
    if not one.judged_by:
        return None
    key = "late" if one.late else "in_time"
    return say(f"consolidate.{key}_{one.judged_by}", lang, day=one.judged_day)


def _columns(listed: Sequence[Tally], catalog: Catalog, folder: Path, lang: str) -> list[Column]:
    titles = {definition.name: definition.title[lang] for definition in catalog}
    files = [one.file for one in listed]
    links = [hyperlink(file_target(folder, file), file) if file else "" for file in files]
    sent = [one.verdict != "missing" for one in listed]

    def counted(values: Sequence[int]) -> list[int | None]:
        return [value if there else None for value, there in zip(values, sent, strict=True)]

    mails = [
        " · ".join(filter(None, (one.sender, one.mailed[:16].replace("T", " ")))) for one in listed
    ]
    came: list[Column] = [[mail or None for mail in mails]] if any(mails) else []
    return [
        [say(f"consolidate.verdict_{one.verdict}", lang) for one in listed],
        [one.team for one in listed],
        [titles.get(one.template, one.template) for one in listed],
        [one.period for one in listed],
        counted([one.errors for one in listed]),
        counted([one.warnings for one in listed]),
        counted([one.infos for one in listed]),
        counted([one.rows for one in listed]),
        [moment(one.modified) or one.modified for one in listed],
        [_timeliness(one, lang) for one in listed],
        Formulas(links, [file or None for file in files]),
        *came,
    ]
