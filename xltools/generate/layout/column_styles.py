"""How a column looks: its width, and the styles of its header and cells."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from xltools.definition import ColumnDef
from xltools.excel import styles
from xltools.excel.styles import Style
from xltools.excel.text_size import column_pixels, text_pixels
from xltools.generate.layout.entry_rules import brief_hint
from xltools.generate.layout.form_layout import Form, Workbook
from xltools.ground.period import Quarter
from xltools.kinds import KINDS, span_end, span_start
from xltools.locale import say

ROW_PIXELS, TWO_LINES = 24, 38
PAPER_PIXELS = int((11.69 - 0.7) * 96)  # the width of A4 landscape inside its margins
LONGEST_TALLY = "1000 + 1000 + 1000 = 3000 / 3000"  # for which there is room
SCREEN_PIXELS = 1366 - 66  # a small screen without row numbers and scroll bar
ZOOM, LEAST_ZOOM = 90, 75  # to which a wide sheet is narrowed, and below which none is shown
_LEAST = {"source": 120, "text": 88, "date": 96, "span": 112, "percent": 78, "people": 120}
_MOST_HEADER, _MOST_TEXT, _MOST = 150, 236, 320
_LEAST_CHECK, _MOST_CHECK = 110, 227  # less than a sixth of a small screen
_ARROW = 18  # room for a dropdown's or a filter's button


def version_mark(workbook: Workbook) -> str:
    """Which definition a workbook follows, as its sheets say in a corner and at the foot."""
    definition = workbook.definition
    return say(
        "generate.version", workbook.lang, template=definition.name, version=definition.version
    )


def label(column: ColumnDef, lang: str) -> str:
    """A column's label, with its unit in brackets."""
    return f"{column.label[lang]}({column.unit})" if column.unit else column.label[lang]


def header_style(column: ColumnDef) -> Style:
    """Required, optional or filled in by itself."""
    if not column.typed:
        return styles.HEADER_COMPUTED
    return styles.HEADER_REQUIRED if column.required else styles.HEADER_OPTIONAL


def header_parts(column: ColumnDef, lang: str) -> list[tuple[str, Style | None]]:
    """The header in both languages, the workbook's first, and a line on what to fill in."""
    small = styles.HEADER_SMALL if column.typed else styles.HEADER_SMALL_DARK
    large = header_style(column)
    star = [(" *", styles.HEADER_STAR)] if column.required else []
    return [
        (label(column, lang), large.but(fill="", top=None, bottom=None, left=None, right=None)),
        *star,
        (f"\n{_translated(column, lang)}\n{brief_hint(column, lang)}", small),
    ]


def _translated(column: ColumnDef, lang: str) -> str:
    """The label in the other language; nothing where it would only be repeated."""
    other = column.label["en" if lang == "zh" else "zh"]
    return "" if other == column.label[lang] else other


def header_lines(column: ColumnDef, lang: str) -> list[tuple[str, float, bool]]:
    """The header's lines with size and weight, to measure them."""
    star = " *" if column.required else ""
    return [
        (label(column, lang) + star, 10, True),
        (_translated(column, lang), 8, False),
        (brief_hint(column, lang), 8, False),
    ]


def width(workbook: Workbook, column: ColumnDef) -> int:
    """A column's width in pixels: from its header, its example and its choices."""
    if column.width:
        return column.width
    lang = workbook.lang
    title, other, _ = header_lines(column, lang)
    needed = min(_MOST_HEADER, text_pixels(title[0], 10, bold=True))
    needed = max(needed, min(_MOST_HEADER, text_pixels(other[0], 8)))
    example = cell_content(workbook, column, example_of(column, lang))
    if column.choices:
        choices = workbook.catalog.choices(workbook.definition, column.choices).values()
        needed = max([needed, *(text_pixels(one[lang]) + _ARROW for one in choices)])
    elif example is not None:
        needed = max(needed, min(_MOST_TEXT, text_pixels(str(example)) + _ARROW))
    offered = "source" if column.source and column.kind == "text" else column.kind
    least = _LEAST.get(offered, 72)
    return column_pixels((), minimum=max(least, int(needed) + 18), maximum=_MOST)


def narrowest(workbook: Workbook, column: ColumnDef) -> int:
    """The width at which no word of a column's header or example is broken; texts wrap."""
    lang = workbook.lang
    title, other, _ = header_lines(column, lang)
    needed = max(text_pixels(word, 10, bold=True) for word in _words(title[0]))
    needed = max(needed, *(text_pixels(word, 8) for word in _words(other[0])))
    example = cell_content(workbook, column, example_of(column, lang))
    wraps = KINDS[column.kind].align == "left" and column.kind != "span"
    if example is not None and not wraps and not column.choices:
        needed = max(needed, text_pixels(str(example)))
    least = _LEAST.get(column.kind, 72)
    return min(width(workbook, column), max(least, int(needed) + 18))


def _words(label: str) -> list[str]:
    """What no line break may cut; a Chinese label is cut anywhere."""
    words = label.removesuffix(" *").split()
    return ["0000", *(word for word in words if word.isascii())]


def zoom(pixels: int) -> int:
    """The zoom at which so many pixels are seen on a small screen."""
    return max(LEAST_ZOOM, min(100, 100 * SCREEN_PIXELS // pixels))


def row_height(form: Form) -> int:
    """The height of a row of short texts: two lines where the check column shows a sum."""
    return TWO_LINES if form.sheet.tallied else ROW_PIXELS


def check_style(form: Form) -> Style:
    """The check column's cells: smaller where a text is long, on two lines where it has two."""
    return styles.CHECK.but(shrink=False, wrap=True) if form.sheet.tallied else styles.CHECK


def widths(workbook: Workbook, form: Form, checks: Iterable[str]) -> list[int]:
    """The widths of the check column, which holds one of the ``checks``, and the visible ones.

    Texts share what is left of the paper, and are narrowed where a sheet is wider than a screen.
    """
    checks = [*checks, *((LONGEST_TALLY,) if form.sheet.tallied else ())]
    check = column_pixels(checks, size=styles.CHECK.size, minimum=_LEAST_CHECK, maximum=_MOST_CHECK)
    found = {column.name: width(workbook, column) for column in form.visible}
    over = check + sum(found.values()) - 100 * SCREEN_PIXELS // ZOOM
    if over > 0:
        spare = {c.name: found[c.name] - narrowest(workbook, c) for c in form.visible}
        part = min(1.0, over / max(1, sum(spare.values())))
        return [check, *(pixels - ceil(spare[name] * part) for name, pixels in found.items())]
    free = [c.name for c in form.visible if c.kind == "text" and c.typed and not c.source]
    left = PAPER_PIXELS - check - sum(found.values())
    wide = sum(found[name] - _LEAST["text"] + 1 for name in free)
    for name in free if left > 0 else ():
        share = left * (found[name] - _LEAST["text"] + 1) // wide
        found[name] = min(_MOST, found[name] + share)
    return [check, *found.values()]


def example_of(column: ColumnDef, lang: str) -> object:
    """A column's example in one language."""
    example = column.example
    return example if example is None or isinstance(example, str | int | float) else example[lang]


def cell_content(workbook: Workbook, column: ColumnDef, value: object) -> object:
    """A value as its cell holds it: choices by label, spans as people write them."""
    if value is None:
        return None
    if column.choices and isinstance(value, str):
        choices = workbook.catalog.choices(workbook.definition, column.choices)
        return choices[value][workbook.lang] if value in choices else value
    if column.kind == "span" and isinstance(value, str):
        return span_text(value)
    return value


def span_text(text: str) -> str:
    """A span as people write it: a whole quarter or month by its name."""
    try:
        start, end = span_start(text), span_end(text)
    except ValueError:
        return text
    quarter = Quarter.of(start)
    if (start, end) == (quarter.start, quarter.end):
        return str(quarter)
    return start.isoformat() if start == end else f"{start.isoformat()}/{end.isoformat()}"


def cell_style(column: ColumnDef, unit: str = "") -> Style:
    """The style of a column's cells, with the number format of a row's unit."""
    kind = KINDS[column.kind]
    number = kind.number_format(unit or column.unit)
    if not column.typed:
        indent = 0 if kind.align == "center" else 1
        return styles.COMPUTED.but(number=number, align=kind.align, indent=indent)
    if kind.align == "right":
        return styles.INPUT_NUMBER.but(number=number)
    if kind.align == "center":
        return styles.INPUT_CENTER.but(number=number)
    return styles.INPUT.but(number=number)


def example_style(column: ColumnDef) -> Style:
    """The grey example in a column."""
    kind = KINDS[column.kind]
    indent = 0 if kind.align == "center" else 1
    number = kind.number_format(column.unit)
    number = "" if number == "@" else number
    return styles.EXAMPLE.but(align=kind.align, number=number, indent=indent, shrink=False)
