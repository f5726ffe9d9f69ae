"""From consolidated rows to the workbook: facts first, then the pages that show something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec

from xltools.consolidate.combine.compared_quarters import all_teams, compared, last_day
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.definition import Catalog, Definition, SheetDef, Summary
from xltools.definition.default_settings import default_parameters
from xltools.evaluate import report_changes
from xltools.evaluate.declared.card_figures import figures_name
from xltools.evaluate.declared.declared_page import DeclaredPage
from xltools.evaluate.declared.evaluated_tables import EvaluatedTables, dated_sheets
from xltools.evaluate.declared.planned_summaries import implied_name, planned
from xltools.evaluate.declared.shown_lines import shown_name
from xltools.evaluate.declared.summary_tables import build
from xltools.evaluate.evaluation_result import EvaluationReport
from xltools.evaluate.facts import (
    breakdown,
    channels,
    goals,
    measures,
    months,
    outcome,
    ranking,
    tasks,
    teams,
)
from xltools.evaluate.facts import submissions as sent
from xltools.evaluate.figure_rows import figure_rows
from xltools.evaluate.pages import PAGES, in_order
from xltools.evaluate.pages import team as team_page
from xltools.evaluate.pages.page import Page
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.report_snapshot import LastReport, since
from xltools.evaluate.submitted_rows import build_grids
from xltools.evaluate.written_books import (
    DERIVED,
    write_everything_to_print,
    write_report_to_print,
    write_workbook,
)
from xltools.excel.titles import sheet_title
from xltools.locale import say

_GAP = re.compile(r"\{\w+\} *")  # in a declared title
FACTS = (
    outcome.derive,
    months.derive,
    goals.derive,
    tasks.derive,
    goals.gather,
    channels.derive,
    measures.derive,
    breakdown.derive,
    sent.derive,
    teams.derive,
)


def evaluate(
    consolidation: Consolidation,
    target: Path,
    *,
    previous: Sequence[Consolidation] = (),
    as_of: date | None = None,
    lang: str = "zh",
    teams: Sequence[str] = (),
    last: LastReport | None = None,
    force: bool = False,
    paper: Path | None = None,
    whole: bool = False,
) -> EvaluationReport:
    """Write the quarterly evaluation workbook of some or all teams; what was made is returned.

    ``previous`` are other quarters to compare with, ``teams`` names of some teams (none: all).
    Where there is a ``last`` report, a page tells what changed since. ``paper`` is where a second
    workbook is written, to be printed: the report, or with ``whole`` everything. UsageError where
    no as-of date is given or known, WriteError where a target may not be written.
    """
    current, earlier = compared(consolidation, previous, teams)
    model = _model(current, earlier, Path(target), as_of, lang)
    _derive(model)
    pages = _pages(model)
    listed = report_changes.entries(model)
    said = report_changes.workbooks(model) | {
        one.key: value for one in listed if (value := one.figure.value(0)) not in ("", None)
    }
    before = since(said, last)
    if before is not None:
        report_changes.derive(model, listed, said, before)
    drawn = [page for page in pages if page.drawable(model)]
    model.contents[:] = [page.name for page in drawn if page.name != "overview"]
    model.left_out[:] = [
        (model.titles[page.name], _reason(model, page))
        for page in pages
        if page not in drawn and page.needs
    ]
    write_workbook(model, drawn, Path(target), said=said, before=before, force=force)
    if paper is not None:
        write_to_print = write_everything_to_print if whole else write_report_to_print
        write_to_print(model, drawn, paper)
    return EvaluationReport(
        path=Path(target),
        pages=tuple(model.titles[page.name] for page in drawn),
        left_out=tuple(model.left_out),
        consolidation=current,
        figures=figure_rows(model),
    )


def team_model(
    whole: Consolidation,
    team: str,
    target: Path,
    *,
    previous: Sequence[Consolidation] = (),
    as_of: date | None = None,
    lang: str = "zh",
) -> tuple[Model, list[DeclaredPage]]:
    """What the page of one team starts from, and what definitions show on it.

    Its rows are those of the sheets that the page shows. What leads to pages of the evaluation
    leads to data sheets, and back to the team's page.
    """
    current, earlier = compared(whole, previous, [team])
    model = _model(_narrowed(current), tuple(map(_narrowed, earlier)), target, as_of, lang)
    behind = {page: model.titles[grid] for page, grid in team_page.LINKS.items()}
    title = sheet_title(team, model.titles.values())
    model = replace(model, titles={**model.titles, **behind, "overview": title})
    _derive(model)
    tables = _tables(model)
    return model, [
        DeclaredPage(one, one.team_page, tables) for one in model.current.catalog if one.team_lists
    ]


def _narrowed(one: Consolidation) -> Consolidation:
    """A consolidation with what a team's page shows alone: of its rows and of its definitions."""
    sheets, made = team_page.shown(one.catalog)
    kept = {key: table for key, table in one.tables.items() if key in sheets}
    definitions = {
        name: msgspec.structs.replace(
            each,
            pages=(),
            overview=(),
            tables=tuple(table for table in each.tables if table.name in made),
            summaries=tuple(one for one in each.summaries if f"{name}_{one.name}" in made),
        )
        for name, each in one.catalog.definitions.items()
    }
    return replace(one, tables=kept, catalog=Catalog(definitions))


def _derive(model: Model) -> None:
    """Fill the model's grids with the rows, and with what the program makes of them."""
    build_grids(model)
    for derive in FACTS:
        derive(model)
    if model.period:
        model.words.update({f"month_{n}": str(one) for n, one in enumerate(model.period.months, 1)})
    model.words["main_metric"] = outcome.main_metric(model)


def _tables(model: Model) -> dict[str, EvaluatedTables]:
    """The tables that definitions declare, and what the Overview makes of them."""
    own = [one for one in model.current.catalog.team_definitions if one.evaluated]
    tables = {one.name: EvaluatedTables.of(model, one) for one in own}
    for one in tables.values():
        build(one)
    ranking.derive(model)
    return tables


def _pages(model: Model) -> list[Page]:
    """All pages in their order."""
    own, tables = model.current.catalog.team_definitions, _tables(model)
    declared = [DeclaredPage(one, page, tables) for one in own for page in one.pages]
    model.cards.extend(card for page in declared for card in page.overview())
    first = [DeclaredPage(one, one.overview_page, tables) for one in own]
    model.blocks.extend((len(widths), draw) for page in first for widths, draw in page.apart())
    return in_order([Page.of(one) for one in declared])


def _model(
    current: Consolidation,
    earlier: tuple[Consolidation, ...],
    target: Path,
    as_of: date | None,
    lang: str,
) -> Model:
    period = current.period or current.settings.period
    return Model(
        current=current,
        earlier=earlier,
        teams=all_teams(current, earlier),
        period=period,
        as_of=as_of or (period.end if period else last_day(current)),
        lang=lang,
        folder=target.absolute().parent,
        titles=_titles(current, lang),
        parameters={**default_parameters(current.catalog), **current.settings.parameters},
        dated=dated_sheets(current.catalog) if earlier else {},
    )


def _titles(current: Consolidation, lang: str) -> dict[str, str]:
    """Every sheet's title, no two alike: by page, by grid, and by definition and sheet."""
    own = current.catalog.team_definitions

    def rows_of(one: Definition, rows: SheetDef | Summary) -> str:
        return say("evaluate.data.title", lang, definition=one.name, sheet=rows.title[lang])

    wanted = {page.name: say(f"evaluate.{page.name}.tab", lang) for page in PAGES}
    wanted |= {
        f"{one.name}_{sheet.name}": rows_of(one, sheet) for one in own for sheet in one.sheets
    }
    wanted |= {name: say(f"evaluate.data.titles.{name}", lang) for name in DERIVED}
    for one in own:
        wanted |= {table.name: rows_of(one, table) for table in one.tables}
        wanted |= {page.name: page.title[lang] for page in one.pages}
        for page in one.whole.pages:
            words = page.title[lang]
            wanted[figures_name(page)] = say("evaluate.data.title_figures", lang, page=words)
            for number, block in enumerate(page.parts, 1):
                if block.table and block.table.most:
                    owner, words = block.table.owner or one.name, (block.title or page.title)[lang]
                    words = _GAP.sub("", words)
                    title = say("evaluate.data.title_first", lang, title=words)
                    wanted[f"{owner}_{implied_name(page, number)}"] = title
        for summary in planned(current.catalog, one).definition.summaries:
            name = f"{one.name}_{summary.name}"
            title = wanted[name] = rows_of(one, summary)
            wanted[shown_name(name)] = say("evaluate.data.title_shown", lang, title=title)
    titles: dict[str, str] = {}
    for name, title in wanted.items():
        titles[name] = sheet_title(title, titles.values())
    return titles


def _reason(model: Model, page: Page) -> str:
    """Why a page is left out: the sheets that nobody filled, or that no definition has."""
    known = {
        (definition.name, sheet.name): f"{definition.title[model.lang]} · {sheet.title[model.lang]}"
        for definition, sheet in model.current.catalog.sheets()
    }
    sheets = [known[key] for key in page.needs if key in known]
    if sheets:
        return model.say("left_out", sheets=model.say("list_separator").join(sheets))
    names = model.say("list_separator").join(map(".".join, page.needs))
    return model.say("left_out_unknown", sheets=names)
