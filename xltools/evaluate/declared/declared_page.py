"""A declared page: which of its blocks have rows, its columns, and its blocks drawn on them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from xltools.definition import Block, Definition, PageDef
from xltools.definition.evaluation_model import ChartDef, MatrixDef, TableDef
from xltools.evaluate.blocks.canvas import LEFT, SAID, Canvas
from xltools.evaluate.blocks.card_row import draw_cards
from xltools.evaluate.declared.card_figures import PageFigures, figures_name
from xltools.evaluate.declared.drawn_charts import draw_chart, drawable
from xltools.evaluate.declared.drawn_tables import Listed, draw_matrix, draw_table
from xltools.evaluate.declared.evaluated_tables import EvaluatedTables
from xltools.evaluate.declared.like_teams import sheets_of
from xltools.evaluate.declared.page_columns import (
    Span,
    side_by_side,
    spread,
    widths_of,
    with_gutters,
)
from xltools.evaluate.declared.planned_summaries import implied_name
from xltools.evaluate.declared.table_columns import Source
from xltools.evaluate.figures.card import Card
from xltools.evaluate.figures.live_figure import sentence
from xltools.evaluate.quarter_model import SheetKey
from xltools.excel import styles
from xltools.excel.links import cell_target

_CHART = [96] * 4  # pixels of the columns that a block without a table wants
_MOST_CARDS = 6  # in a row
_HEADLINE = styles.NOTE.but(size=9, shrink=True, bold=True, color=styles.INK)
_SLOT = re.compile(r"\{(\w+)\}")
_GAP = 12


@dataclass(frozen=True)
class DeclaredPage:
    """One page of a definition, over the tables of all definitions."""

    definition: Definition
    page: PageDef
    all_tables: Mapping[str, EvaluatedTables]

    @property
    def needs(self) -> tuple[SheetKey, ...]:
        """The sheets that it shows rows of."""
        return tuple(dict.fromkeys(key for block in self.page.parts for key in self._keys(block)))

    def drawable(self) -> bool:
        """Whether some block has rows."""
        return any(self._ready(block) for block in self.page.blocks if not block.text_alone)

    def widths(self) -> list[int]:
        """The columns of the page."""
        return self._columns[0]

    def overview(self) -> list[Card]:
        """The cards that it adds to the first page, where there are rows for them."""
        return [
            self._figures.card(one, self.page.name)
            for block in self.page.parts
            if self._ready(block)
            for one in block.cards
            if one.overview
        ]

    def draw(self, canvas: Canvas) -> None:
        """Its title, and the blocks from top to bottom, those without rows left out."""
        lang = canvas.model.lang
        canvas.title(self.page.title[lang], self.page.about[lang])
        canvas.gap(_GAP // 2)
        for block, spans in zip(self.page.blocks, self._columns[1], strict=True):
            if self._ready(block):
                self._parts(canvas, block, spans)
                canvas.gap(_GAP)
        if self.page.note:
            canvas.text(self.page.note[lang])

    def apart(self) -> Iterator[tuple[Sequence[int], Callable[..., None]]]:
        """Each block that has rows: the columns that it wants, and how it is drawn on a canvas.

        It is drawn across all of the canvas, or some columns of it.
        """
        for block in filter(self._ready, self.page.parts):
            yield self._wanted(block), partial(self._block, block)

    def brief_widths(self) -> list[int]:
        """The columns of what a printed report has of the page."""
        listed = self._brief
        return listed.widths if listed else self.widths()

    def draw_brief(self, canvas: Canvas) -> None:
        """The title and the brief table, else the first block that shows rows."""
        canvas.section(self.page.title[canvas.model.lang], note=self.page.about[canvas.model.lang])
        brief = self.page.brief
        if self._brief and brief and brief.table:
            draw_table(canvas, brief.table, self._brief, (LEFT, canvas.last))
            return
        shown = [n for n, one in enumerate(self.page.blocks) if not one.text_alone]
        first = next(n for n in shown if self._ready(self.page.blocks[n]))
        self._parts(canvas, self.page.blocks[first], self._columns[1][first])

    def _parts(self, canvas: Canvas, block: Block, spans: Sequence[Span]) -> None:
        """What stands beside each other in a block, those without rows left out."""
        parts = [part for part in block.parts if self._ready(part)]
        pairs = zip(parts, spans, strict=True)
        canvas.beside(partial(self._block, part, canvas, span) for part, span in pairs)

    def _block(self, block: Block, canvas: Canvas, span: Span | None = None) -> None:
        span = span or (LEFT, canvas.last)
        source, listed = self._sources.get(id(block)), self._listed.get(id(block))
        if block.title:
            rows = source.grid if block.chart and source else None
            canvas.section(canvas.model.worded(block.title), *span, rows=rows)
        if block.cards:
            self._cards(canvas, block, span)
        if block.text:
            self._text(canvas, block, span)
        if block.chart and source:
            draw_chart(canvas, block.chart, source, span)
        if block.table and listed:
            draw_table(canvas, block.table, listed, span)
        if block.matrix and listed:
            draw_matrix(canvas, block.matrix, listed, span)

    def _cards(self, canvas: Canvas, block: Block, span: Span) -> None:
        cards = [self._figures.card(one, "") for one in block.cards]
        rows = -(-len(cards) // min(_MOST_CARDS, span[1] - span[0] + 1))
        each = -(-len(cards) // rows)
        for first in range(0, len(cards), each):
            mine = cards[first : first + each]
            draw_cards(canvas, mine, spread(canvas.widths, span, [1] * each))
            canvas.gap(_GAP // 2)

    def _text(self, canvas: Canvas, block: Block, span: Span) -> None:
        assert block.text is not None
        text, names = block.text[canvas.model.lang], list(block.figures)
        if not (names or block.page):
            canvas.text(text, first=span[0], last=span[1])
            return
        template = _SLOT.sub(lambda found: f"{{{names.index(found[1])}}}", text)
        made = sentence(template, *(self._figures.said(block, name) for name in names))
        there = block.page in canvas.model.contents
        behind = block.page if there else figures_name(self.page) if names else "overview"
        sheet = canvas.model.titles[behind]
        style = _HEADLINE if block.page else SAID
        canvas.says(made, cell_target(sheet, "A1"), *span, style=style)

    @property
    def _tables(self) -> EvaluatedTables:
        return self.all_tables[self.definition.name]

    @cached_property
    def _figures(self) -> PageFigures:
        return PageFigures(self._tables, self.page)

    @cached_property
    def _sources(self) -> dict[int, Source]:
        """What each chart, table and matrix is of, by its block; those without rows left out."""
        found: dict[int, Source] = {}
        for number, block in enumerate(self.page.parts, 1):
            owner, name = self._shown(block)
            tables = self.all_tables.get(owner)
            name = implied_name(self.page, number) if block.matrix else name
            if tables and name and (source := Source.find(tables, name)):
                title = tables.model.worded(block.title or self.page.title)
                listed = implied_name(self.page, number)
                table = block.table
                found[id(block)] = source.first(table, listed, title) if table else source
        return found

    @cached_property
    def _listed(self) -> dict[int, Listed]:
        """What each table and matrix shows, by its block."""
        found: dict[int, Listed] = {}
        for number, block in enumerate(self.page.parts, 1):
            source = self._sources.get(id(block))
            if source and not block.chart:
                names = (
                    implied_name(self.page, number, level)
                    for level in range(len(block.table.groups) if block.table else 0)
                )
                grids = [self._tables.grids[one] for one in names if one in self._tables.grids]
                across = block is self.page.brief
                found[id(block)] = Listed.of(source, block, grids, across=across)
        return found

    @property
    def _brief(self) -> Listed | None:
        return self._listed.get(id(self.page.brief))

    @cached_property
    def _columns(self) -> tuple[list[int], list[list[Span]]]:
        """The widths of the page's columns, and where the parts of each block stand on them."""
        tables = [one for one in self._listed.values() if one is not self._brief]
        widths = widths_of([one.widths for one in tables])
        wanted = [
            [self._wanted(part) for part in block.parts if self._ready(part)]
            for block in self.page.blocks
        ]
        for mine in wanted:  # adds the columns that a block lacks, before any block is placed
            side_by_side(widths, mine)
        return widths, with_gutters(widths, [side_by_side(widths, mine) for mine in wanted])

    def _wanted(self, block: Block) -> Sequence[int]:
        """The columns that a block wants."""
        listed = self._listed.get(id(block))
        return listed.widths if listed else _CHART

    def _ready(self, block: Block) -> bool:
        """Whether all that a block shows has rows."""
        if block.beside:
            return any(self._ready(part) for part in block.beside)
        if self._shown(block)[1]:
            source = self._sources.get(id(block))
            return source is not None and (not block.chart or drawable(source))
        return all(sheet in self._tables.grids for _, sheet in self._keys(block))

    def _shown(self, block: Block) -> SheetKey:
        """The definition whose sheet or summary a block shows, and its name; "" where it is none.

        Cards and texts show none.
        """
        part: TableDef | MatrixDef | ChartDef | None = block.table or block.matrix or block.chart
        owner, _, name = part.of.rpartition(".") if part else ("", "", "")
        return owner or self.definition.name, name

    def _keys(self, block: Block) -> Iterator[SheetKey]:
        """The sheets that a block's figures are of."""
        owner, name = self._shown(block)
        if name:
            whole = self.all_tables[owner].definition if owner in self.all_tables else None
            sources = {one.name: one.source for one in whole.summaries} if whole else {}
            source = sources.get(name, name)
            made = {one.name: one.made_of for one in whole.sheets} if whole else {}
            for one in made.get(source) or (f"{owner}.{source}",):
                key = one.split(".")
                yield key[0], key[1]
        texts = [card.value for card in block.cards]
        texts += [figure.value for figure in block.figures.values()]
        for text in texts:
            for sheet in sheets_of(self._tables, text):
                yield self.definition.name, sheet
