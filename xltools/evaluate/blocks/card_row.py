"""Cards beside each other: a label that leads to the page behind it, a figure, a note."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.figures.card import Card
from xltools.excel import styles
from xltools.excel.links import cell_target
from xltools.excel.styles import Emphasis
from xltools.excel.text_size import text_pixels

_HEIGHTS = (26, 44, 26)
_TWO_LINES = 42
_SHRUNK = 1.3  # a note this much too long stands on two lines


def draw_cards(canvas: Canvas, cards: Sequence[Card], places: Sequence[tuple[int, int]]) -> None:
    """One row of cards, each from a first to a last column of the page."""
    top, sheet = canvas.row, canvas.sheet
    for row, height in enumerate(_HEIGHTS, top):
        canvas.high(row, height)
    shrinking = (styles.CARD_LABEL, styles.CARD_VALUE, styles.CARD_NOTE)
    looks = [look.but(shrink=True) for look in shrinking]
    for card, place in zip(cards, places, strict=False):
        width = canvas.pixels(*place)
        first, last = canvas.on_sheet(*place)
        for row, look in enumerate(looks, top):
            sheet.merge(row, first, row, last, None, look)
        if card.page in canvas.model.contents:
            target = cell_target(canvas.model.titles[card.page], "A1")
            sheet.link(top, first, target, card.label, looks[0])
        else:
            sheet.text(top, first, card.label, looks[0])
        canvas.put(top + 1, first, card.value, looks[1].but(number=card.number))
        long = text_pixels(str(card.note.value(0)), size=9) > _SHRUNK * width
        canvas.put(top + 2, first, card.note, looks[2].but(wrap=long, shrink=not long))
        canvas.high(top + 2, _TWO_LINES if long else _HEIGHTS[2])
        _colour(canvas, card, top, first)
    canvas.row += len(_HEIGHTS)


def _colour(canvas: Canvas, card: Card, top: int, column: int) -> None:
    """An alarm's value is red above 0; a note that begins with a light has its colour."""
    sheet = canvas.sheet
    if card.alarm:
        cell, red = (top + 1, column, top + 1, column), Emphasis(color=styles.RED)
        sheet.conditional(*cell, type="cell", criteria=">", value=0, format=red)
    cell = (top + 2, column, top + 2, column)
    for sign, color in (("▲", styles.GREEN), ("●", styles.AMBER_TEXT), ("▼", styles.RED)):
        look = Emphasis(color=color)
        sheet.conditional(*cell, type="text", criteria="begins with", value=sign, format=look)
