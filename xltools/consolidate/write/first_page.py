"""The first page of a consolidated workbook: who sent what, who did not, and where the rows are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.combine.file_summaries import FileSummary, saved_time, summaries_of
from xltools.consolidate.write.long_list import Field, mark_cells, write_table
from xltools.definition import Catalog
from xltools.excel import styles
from xltools.excel.links import cell_target, file_target, hyperlink
from xltools.excel.writing.row_xml import Column, Formulas
from xltools.excel.writing.sheet_writer import Sheet
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
_MARKS = {
    "✔": styles.LIGHT_GREEN,
    "▲": styles.LIGHT_AMBER,
    "✖": styles.LIGHT_RED,
    "○": styles.FAULT,
}


class ContentsEntry(NamedTuple):
    """An entry of the table of contents."""

    title: str
    rows: int


def write_overview(
    sheet: Sheet,
    consolidation: Consolidation,
    contents: Sequence[ContentsEntry],
    folder: Path,
    lang: str,
) -> None:
    """Fill the page."""
    listed = summaries_of(consolidation)
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
    view.screen(zoom=90, tab=styles.NAVY)
    view.page()
    view.header_footer(left=sheet.title, right="&P / &N")
    view.activate()


def title_of(consolidation: Consolidation, lang: str) -> str:
    """What the consolidated workbook is called, with its quarter where it has one."""
    period = consolidation.period
    return say("consolidate.title", lang, period=period) if period else say("consolidate.all", lang)


def _head(sheet: Sheet, consolidation: Consolidation, lang: str) -> None:
    settings = consolidation.settings
    sheet.text(1, 1, title_of(consolidation, lang), styles.TITLE)
    for col in range(1, len(_WIDTHS) + 1):
        sheet.blank(2, col, styles.SUBTITLE)
    subtitle = [settings.organisation]
    if settings.deadline:
        subtitle.append(say("consolidate.deadline", lang, day=settings.deadline.isoformat()))
    subtitle.append(say("consolidate.how", lang))
    sheet.text(2, 1, " · ".join(filter(None, subtitle)), styles.SUBTITLE)


def _cards(
    sheet: Sheet,
    consolidation: Consolidation,
    listed: Sequence[FileSummary],
    sheets: int,
    lang: str,
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
    for (first, last), (name, value, note) in zip(_CARDS, cards, strict=True):
        alarm = value > 0 and name in ("problems", "missing")
        style = styles.CARD_VALUE.but(
            number=styles.INTEGER, color=styles.RED if alarm else styles.CARD_VALUE.color
        )
        sheet.merge(4, first, 4, last, say(f"consolidate.card_{name}", lang), styles.CARD_LABEL)
        sheet.merge(5, first, 5, last, value, style)
        sheet.merge(
            6, first, 6, last, say(f"consolidate.note_{name}", lang, **note), styles.CARD_NOTE
        )


def _contents(sheet: Sheet, contents: Sequence[ContentsEntry], lang: str) -> int:
    """Links to the sheets, five a row, under the cards; the next free row."""
    _section(sheet, _CONTENTS_ROW, say("consolidate.contents", lang))
    places = [first for first, _ in _CARDS]
    for number, entry in enumerate(contents):
        row, place = divmod(number, len(places))
        text = say("consolidate.entry", lang, title=entry.title, rows=f"{entry.rows:,}")
        target = cell_target(entry.title, "A1")
        sheet.link(_CONTENTS_ROW + 1 + row, places[place], target, text, styles.LINK)
    return _CONTENTS_ROW + 2 + -(-len(contents) // len(places))


def _section(sheet: Sheet, row: int, title: str) -> None:
    for col in range(1, len(_WIDTHS) + 1):
        sheet.blank(row, col, styles.SECTION)
    sheet.text(row, 1, title, styles.SECTION)
    sheet.view.row(row, 28)


def _submissions(sheet: Sheet, row: int, columns: Sequence[Column], lang: str) -> None:
    if not len(columns[0]):
        return
    center, count = styles.BULK.but(align="center"), styles.BULK_INTEGER.but(align="center")
    saved = center.but(number=styles.DATE_TIME, color=styles.MUTED)
    text, link = styles.BULK, styles.BULK_LINK
    looks = [text.but(bold=True), text, text, center, *[count] * 4, saved, text, link, text]
    fields = [
        Field(say(f"consolidate.{name}", lang), values, look)
        for name, values, look in zip(_COLUMNS, columns, looks, strict=False)  # mails may lack
    ]
    write_table(sheet, row, fields, "tbl_submissions", _MARKS)
    sheet.view.row(row, 28)
    place, last = _COLUMNS.index("timeliness") + 1, row + len(columns[0])
    mark_cells(sheet, row + 1, last, place, _LATE, styles.LIGHT_RED)


def _timeliness(one: FileSummary, lang: str) -> str | None:
    if not one.judged_by:
        return None
    key = "late" if one.late else "in_time"
    return say(f"consolidate.{key}_{one.judged_by}", lang, day=one.judged_day)


def _columns(
    listed: Sequence[FileSummary], catalog: Catalog, folder: Path, lang: str
) -> list[Column]:
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
        [saved_time(one.modified) or one.modified for one in listed],
        [_timeliness(one, lang) for one in listed],
        Formulas(links, [file or None for file in files]),
        *came,
    ]
