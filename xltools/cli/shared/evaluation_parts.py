"""What a definition says about its evaluation, part by part, for all forms of its description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from xltools.cli.shared.run_language import listing, text
from xltools.locale import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xltools.definition import Block, Definition, FigureDef

FIGURE_HEADS = ("column", "label", "kind", "unit", "formula")


class Part(NamedTuple):
    """A sheet's further columns, a summary, or a page: rows of `FIGURE_HEADS`, or sentences."""

    title: str
    about: str
    rows: list[tuple[str, ...]]
    sentences: list[str]


def parts(definition: Definition, lang: str) -> Iterator[Part]:
    """Every part, in the order of the definition."""
    for sheet in definition.sheets:
        if sheet.figures:
            about = text("describe.of_sheet", sheet=sheet.title[lang])
            yield Part(
                f"{sheet.title[lang]} · `{sheet.name}.figures`",
                about,
                _rows(sheet.figures, lang),
                [],
            )
    for summary in definition.summaries:
        words = {"sheet": summary.source, "by": listing(summary.by)}
        about = text("describe.of_summary", **words)
        if summary.where:
            about = text("describe.narrowed", about=about, where=summary.where)
        yield Part(
            f"{summary.title[lang]} · `{summary.name}`", about, _rows(summary.columns, lang), []
        )
    for page in definition.pages:
        sentences = [one for block in page.parts for one in _block(block, lang)]
        yield Part(f"{page.title[lang]} · `{page.name}`", page.about[lang], [], sentences)
    for name, blocks in (("overview", definition.overview), ("team_lists", definition.team_lists)):
        sentences = [one for block in blocks for one in _block(block, lang)]
        if sentences:
            yield Part(f"`{name}`", text(f"describe.{name}"), [], sentences)


def _rows(figures: Iterable[FigureDef], lang: str) -> list[tuple[str, ...]]:
    return [
        (one.name, one.label[lang], say(f"kinds.name.{one.kind}", lang), one.unit, one.compute)
        for one in figures
    ]


def _block(block: Block, lang: str) -> Iterator[str]:
    """What a block shows, in a line or two."""
    head = f"{block.title[lang]}: " if block.title else ""
    for card in block.cards:
        yield f"{card.label[lang]} = `{card.value}`"
    if block.table:
        names = (one if isinstance(one, str) else one.name for one in block.table.columns)
        yield head + text("describe.table", of=block.table.of, columns=listing(names))
    if block.matrix:
        one = block.matrix
        words = {"rows": one.rows, "columns": one.columns, "value": one.value}
        yield head + text("describe.matrix", of=one.of, **words)
    if block.chart:
        chart = block.chart
        values = listing(chart.values)
        yield head + text("describe.chart", kind=chart.kind, of=chart.of, values=values)
    if block.text:
        yield block.text[lang]
        yield from (f"{name} = `{one.value}`" for name, one in block.figures.items())
