"""The size of text in pixels at a given type size, and column widths and row heights from it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from math import ceil

WIDE = 13.4  # pixels of a Chinese character at 10 points
NARROW = 7.0  # pixels of a Latin letter or digit at 10 points
BOLD = 1.06
CELL_PADDING = 16
LINE_HEIGHT = 1.75  # pixels of a line per point of type
ROW_PADDING = 6
HIGHEST_ROW = 545  # Excel's 409 points
WIDEST_COLUMN = 1790  # Excel's 255 characters
_PARAGRAPH = 200  # characters: texts that are longer are counted by their different ones


def text_pixels(text: str, size: float = 10, *, bold: bool = False) -> float:
    """The width of the widest line of the text."""
    widest = max((_line_pixels(line) for line in text.split("\n")), default=0.0)
    return widest * size / 10 * (BOLD if bold else 1)


def column_pixels(
    texts: Iterable[object],
    *,
    size: float = 10,
    bold: bool = False,
    minimum: int = 56,
    maximum: int = 320,
    padding: int = CELL_PADDING,
) -> int:
    """A column's width that shows all the texts, within limits; None takes no room."""
    needed = max(
        (text_pixels(str(text), size, bold=bold) for text in texts if text is not None), default=0.0
    )
    return max(minimum, min(maximum, ceil(needed) + padding))


def wrapped_lines(text: str, pixels: float, size: float = 10, *, bold: bool = False) -> int:
    """How many lines the text takes in a cell of that width, broken anywhere as Chinese is."""
    room = max(pixels - CELL_PADDING / 2, WIDE)
    widths = (text_pixels(line, size, bold=bold) for line in text.split("\n"))
    return sum(max(1, ceil(width / room)) for width in widths)


def row_pixels(cells: Iterable[tuple[str, float]], *, size: float = 10, minimum: int = 24) -> int:
    """A row's height for wrapped texts, each with the width of its column."""
    lines = max((wrapped_lines(text, pixels, size) for text, pixels in cells), default=1)
    return min(HIGHEST_ROW, max(minimum, ceil(lines * size * LINE_HEIGHT) + ROW_PADDING))


def shortened(text: str, pixels: float, size: float = 10) -> str:
    """A text of one line, or as much of it as has room before ``…``."""
    if text_pixels(text, size) <= pixels:
        return text
    room = int(pixels * 10 / size / NARROW)  # no more have room, however narrow
    most = max(1, min(len(text), room))
    while most > 1 and text_pixels(f"{text[:most]}…", size) > pixels:
        most -= 1
    return f"{text[:most].rstrip()}…"


def width_units(pixels: float) -> float:
    """Pixels as the width a user sees in Excel's dialogue."""
    return max(0.0, (pixels - 5) / 7)


def _line_pixels(line: str) -> float:
    if line.isascii():
        return len(line) * NARROW
    if len(line) > _PARAGRAPH:  # few of its characters are different ones
        counts = Counter(line).items()
        return sum(count * (WIDE if _is_wide(one) else NARROW) for one, count in counts)
    return sum(WIDE if _is_wide(character) else NARROW for character in line)


# A pure function of single characters, bounded and safe in threads.
@lru_cache(8192)
def _is_wide(character: str) -> bool:
    """Ambiguous characters (①, ●, —) are wide, too: Chinese fonts draw them so."""
    return unicodedata.east_asian_width(character) in "WFA"
