"""The page of one team, for its lead: how it did, what is open, what it decided.

It is one sheet of paper; its workbook holds the rows of that team alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from xltools.definition import Catalog, Definition
from xltools.evaluate.blocks.canvas import LEFT, NARROW, Canvas
from xltools.evaluate.blocks.card_row import draw_cards
from xltools.evaluate.declared.declared_page import DeclaredPage
from xltools.evaluate.facts.channels import TOTALS
from xltools.evaluate.figures.card import Card
from xltools.evaluate.figures.live_figure import as_number, or_dash, sentence
from xltools.evaluate.pages.cards import cards
from xltools.evaluate.quarter_model import Model, SheetKey
from xltools.evaluate.spoken_figures import as_signed, difference
from xltools.excel import styles
from xltools.expressions import parse
from xltools.expressions.reading.evaluation_scope import EvaluationScopes
from xltools.expressions.verify import evaluation_texts

LINKS = {
    "outcome": "expansion_outcome",
    "alerts": "states",
    "channels": TOTALS,
    "goals": "goals_review",
    "quality": "workbooks",
}
"""Where cards lead that have a page in the evaluation of all teams."""
BEHIND = ("teams", "workbooks", "problems", "library")
"""The data sheets behind it, besides those of what definitions show."""
_HALF = len(NARROW) // 2
_LEFT, _RIGHT = LEFT, LEFT + _HALF + 1  # where the halves begin
_CARDS = 6


def shown(catalog: Catalog) -> tuple[set[SheetKey], set[str]]:
    """The sheets of which the page shows rows, or which those look up, and what is made of them."""
    sheets: set[SheetKey] = set()
    made: set[str] = set()

    def add(whole: Definition, name: str) -> None:
        """Add a sheet or summary, and what its rows look up."""
        sources = {summary.name: summary.source for summary in whole.summaries}
        known = {sheet.name: sheet for sheet in whole.sheets}
        source = known.get(sources.get(name, name))
        if source is None or f"{whole.name}_{name}" in made:
            return
        made.update((source.name, f"{whole.name}_{name}"))
        of = source.made_of or (f"{whole.name}.{source.name}",)
        sheets.update((key.partition(".")[0], key.partition(".")[2]) for key in of)
        scope = EvaluationScopes.at_reading(catalog, whole).of_sheet(source.name)
        texts = [column.compute for column in source.columns]
        texts += [figure.compute for figure in source.figures]
        for found in (parse(text, scope).sheets for text in texts if text):
            for one in found:
                add(whole, one)

    for one in catalog.team_definitions:
        for said in evaluation_texts(catalog, one):
            if said.where.startswith("team_lists."):
                for sheet in parse(said.text, said.scope).sheets:
                    add(one.whole, sheet)
        for table in (block.table for block in one.team_lists if block.table):
            add(catalog[table.owner or one.name].whole, table.of.rpartition(".")[2])
    return sheets, made


def draw(canvas: Canvas, declared: Sequence[DeclaredPage]) -> None:
    """Draw the page: cards, then what each definition shows of the team, two blocks in a row."""
    model = canvas.model
    team = model.teams[0]
    lead = model.say("team.lead", lead=team.lead) if team.lead else ""
    organisation = model.current.settings.organisation
    about = " · ".join(part for part in (organisation, lead, model.say("team.about")) if part)
    period = model.period_name(model.period)
    canvas.title(" · ".join(part for part in (team.team, period) if part), about, back=False)
    ends = [round(n * (len(NARROW) + 1) / _CARDS) for n in range(_CARDS + 1)]
    places = [(LEFT + first, LEFT + end - 2) for first, end in pairwise(ends)]
    draw_cards(canvas, _cards(model), places)
    canvas.gap()
    blocks = [block for page in declared for block in page.apart()]
    for left in range(0, len(blocks), 2):
        pair = zip(blocks[left : left + 2], (_LEFT, _RIGHT), strict=False)
        canvas.beside(
            partial(canvas.within, *block, first=side, last=side + _HALF - 2)
            for block, side in pair
        )
        canvas.gap()
    _missing(canvas)
    canvas.sheet.view.activate()
    canvas.finish(on_one_page=True)


def _cards(model: Model) -> list[Card]:
    """Those of the first page; the score is that of the team, beside the one a quarter before."""
    found = cards(model, _CARDS)
    teams = model.derived["teams"]
    score, then = (or_dash(teams[name].at(0)) for name in ("score", "before"))
    change = as_signed(difference(teams["score"].at(0), teams["before"].at(0)))
    note = sentence(model.template("team.score_note"), as_number(then, 1), change)
    own = Card("outcome", model.say("outcome.score"), score, note, styles.SCORE)
    return [own if card.label == model.say("cards.score") else card for card in found]


def _missing(canvas: Canvas) -> None:
    """The workbooks that the team has not sent."""
    model = canvas.model
    known_as = model.current.catalog.definitions
    titles = [known_as[name].title[model.lang] for _, name in model.current.missing]
    if titles:
        names = model.say("list_separator").join(titles)
        canvas.text(model.say("team.not_sent", names=names), style=styles.NOTE.but(size=9))
