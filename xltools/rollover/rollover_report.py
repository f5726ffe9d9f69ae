"""The report of a roll-over: per team what was carried, closed and dropped, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from xltools.check.respond.issue_sentences import sentence
from xltools.excel import styles
from xltools.excel.identity import mark_report
from xltools.excel.links import file_target
from xltools.excel.styles import Style
from xltools.excel.text_size import column_pixels
from xltools.excel.writing.workbook_writer import Book
from xltools.ground.period import Quarter
from xltools.issues import Severity
from xltools.locale import say
from xltools.rollover.decisions import CARRIED, FATES, Decision, count_fates
from xltools.rollover.next_settings import Deviation

if TYPE_CHECKING:
    from xltools.consolidate.combine.consolidation import Consolidation

_HEAD = 4  # the header row of every sheet
_WIDEST = 320
_GAP = 12  # between a right-aligned number and the text beside it


@dataclass(frozen=True, kw_only=True)
class _Page:
    """One sheet: headers, their styles, rows of values (a tuple is a link: target, text)."""

    key: str
    heads: tuple[str, ...]
    looks: tuple[Style, ...]
    rows: list[tuple[object, ...]]


def write_report(
    target: Path,
    found: Consolidation,
    to: Quarter,
    decisions: Sequence[Decision],
    deviations: Sequence[Deviation],
    lang: str,
) -> None:
    """Write the workbook: a summary, every row's fate, the targets to decide. Raises WriteError."""
    pages = [
        _summary(found, decisions, lang),
        _rows(found, decisions, lang, target.parent),
        _deviations(deviations),
        _excluded(found, lang),
    ]
    created = datetime.combine(to.start, time())
    with Book(target, created=created, force=True) as book:
        mark_report(book, "rollover")
        for page in pages:
            _write(book, page, f"{found.period} → {to}", lang)


def _summary(found: Consolidation, decisions: Sequence[Decision], lang: str) -> _Page:
    rows: list[tuple[object, ...]] = []
    for (team, name, sheet), fates in count_fates(decisions).items():
        definition = found.catalog[name]
        titles = (definition.title[lang], definition.sheet(sheet).title[lang])
        rows.append((team, *titles, sum(fates), *fates))
    text, number = styles.TABLE_CELL, styles.TABLE_NUMBER
    heads = ("team", "workbook", "sheet", "rows", *FATES)
    return _Page(key="summary", heads=heads, looks=(text,) * 3 + (number,) * 4, rows=rows)


def _rows(found: Consolidation, decisions: Sequence[Decision], lang: str, folder: Path) -> _Page:
    rows: list[tuple[object, ...]] = []
    for one in decisions:
        definition = found.catalog[one.definition]
        rows.append(
            (
                one.team,
                definition.sheet(one.sheet).title[lang],
                one.label,
                say(f"rollover.{one.fate}", lang),
                one.reason[lang],
                definition.sheet(one.into).title[lang] if one.fate == CARRIED else None,
                one.row.get("carried_since") if one.fate == CARRIED else None,
                one.row.get("id") if one.fate == CARRIED else None,
                (
                    file_target(folder, one.file, one.title, f"A{one.place}"),
                    f"{one.title}!{one.place}",
                ),
            )
        )
    heads = ("team", "sheet", "row", "fate", "reason", "into", "since", "id", "source")
    looks = (styles.TABLE_WRAPPED,) * 8 + (styles.LINK,)
    return _Page(key="rows", heads=heads, looks=looks, rows=rows)


def _deviations(deviations: Sequence[Deviation]) -> _Page:
    rows: list[tuple[object, ...]] = [
        (one.team, one.metric, one.target, one.actual, one.planned, one.proposed)
        for one in deviations
    ]
    heads = ("team", "metric", "target", "actual", "planned", "proposed")
    looks = (styles.TABLE_CELL,) * 2 + (styles.TABLE_NUMBER.but(number=styles.GENERAL),) * 4
    return _Page(key="deviations", heads=heads, looks=looks, rows=rows)


def _excluded(found: Consolidation, lang: str) -> _Page:
    rows: list[tuple[object, ...]] = [
        (sent.team, Path(sent.file).name, sentence(fault, lang, found.catalog))
        for sent in found.submissions
        if sent.excluded
        for fault in [*sent.issues, *(one for one in found.issues if one.file == sent.file)]
        if fault.severity is Severity.ERROR
    ]
    rows += [
        (team, found.catalog[name].title[lang], say("rollover.reason.not_sent", lang))
        for team, name in found.missing
    ]
    looks = (styles.TABLE_CELL, styles.TABLE_WRAPPED, styles.TABLE_WRAPPED)
    return _Page(key="excluded", heads=("team", "file", "reason"), looks=looks, rows=rows)


def _write(book: Book, page: _Page, subtitle: str, lang: str) -> None:
    sheet = book.sheet(say(f"rollover.sheet.{page.key}", lang))
    sheet.view.screen(zoom=100)
    sheet.text(1, 1, say(f"rollover.title.{page.key}", lang), styles.TITLE.but(size=16))
    sheet.text(2, 1, f"{subtitle} · {say(f'rollover.about.{page.key}', lang)}", styles.NOTE)
    heads = [say(f"rollover.head.{head}", lang) for head in page.heads]
    for col, (head, look) in enumerate(zip(heads, page.looks, strict=True), 1):
        align = look.align or "left"
        sheet.text(_HEAD, col, head, styles.TABLE_HEADER.but(align=align))
        shown = [row[col - 1] for row in page.rows]
        texts = [head, *(str(v[1] if isinstance(v, tuple) else v or "") for v in shown)]
        sheet.view.column(col, col, min(column_pixels(texts) + _GAP, _WIDEST))
    for number, row in enumerate(page.rows, _HEAD + 1):
        for col, (value, look) in enumerate(zip(row, page.looks, strict=True), 1):
            if isinstance(value, tuple):
                target, text = value
                sheet.link(number, col, target, text, look)
            else:
                sheet.value(number, col, value, look)
    if not page.rows:
        sheet.text(_HEAD + 1, 1, say("rollover.none", lang), styles.TABLE_MUTED)
    sheet.view.freeze(_HEAD + 1, 1)
    sheet.view.repeat_rows(_HEAD, _HEAD)
    sheet.view.page()
    sheet.view.header_footer(left=subtitle, right="&P / &N")
