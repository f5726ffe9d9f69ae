"""The printed report behind its first pages: of each topic one block, what needs eyes first."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.evaluate.blocks.canvas import Canvas
from xltools.evaluate.pages.page import Page

_TALLEST = 0.44  # of a printed page, so that two blocks have room on each
_GAP = 14
_HEADING = 28  # of the block itself, below that of its page


def draw(canvas: Canvas, pages: Sequence[Page]) -> None:
    """What declared pages have to say in brief; a page of paper begins where one has no room."""
    one_page, used = canvas.one_page, canvas.height(1, canvas.row)
    breaks: list[int] = []
    for page in (one.declared for one in pages if one.declared):
        top = canvas.row
        room = one_page * _TALLEST - _HEADING
        canvas.within(page.brief_widths(), page.draw_brief, room=room)
        canvas.gap(_GAP)
        height = canvas.height(top, canvas.row)
        if used + height > one_page:
            breaks.append(top)
            used = 0.0
        used += height
    canvas.finish(breaks)
