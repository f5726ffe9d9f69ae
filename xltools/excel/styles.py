"""Palette, type sizes, number formats, and the named cell styles made of them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

FONT = "微软雅黑"

INK = "#111827"
TEXT = "#1F2937"
MUTED = "#6B7280"
FAINT = "#9CA3AF"
RULE = "#E5E7EB"
INPUT_BORDER = "#D5DAE1"
CARD = "#F5F7FA"
COMPUTED_FILL = "#F3F4F6"
WHITE = "#FFFFFF"
NAVY = "#16324F"
SLATE = "#5B7590"
GREY = "#D5DAE1"
BLUE = "#2F6DB5"
PALE_BLUE = "#BFD7F0"
HISTORY_BLUE = "#A9C7E8"
BAND = "#F0F5FB"
ORANGE = "#E07B39"
GREEN = "#1E8E4E"
GREEN_FILL = "#E4F4EA"
AMBER = "#D99A00"
AMBER_TEXT = "#B7791F"
AMBER_FILL = "#FFF4DB"
RED = "#C9302C"
RED_TEXT = "#B42318"
RED_FILL = "#FDE3E1"
ALERT_FILL = "#FCE9E8"
REPEAT_FILL = "#FFE7D1"
REPEAT_TEXT = "#9A4A12"
STAR = "#FFB4A8"
SERIES = (BLUE, ORANGE, "#5FA777", "#8E7CC3", "#D9A441", "#4FA3A5", "#B56576", SLATE)

GENERAL = "General"
AS_TEXT = "@"
INTEGER = "#,##0"
AMOUNT = "#,##0.00"
AMOUNT_SHORT = "#,##0.0"
PERCENT = "0.0%"
PERCENT_WHOLE = "0%"
RATIO = '"1:"0.0'
SCORE = "0.0"
DATE = "yyyy-mm-dd"
DATE_TIME = "yyyy-mm-dd hh:mm"

Align = Literal["", "left", "center", "right"]
Line = tuple[int, str]  # xlsxwriter's border number and a colour
THIN, MEDIUM, THICK = 1, 2, 5


class Style(msgspec.Struct, frozen=True, kw_only=True, cache_hash=True):
    """How a cell looks; compose with ``but``."""

    font: str = FONT
    size: float = 10
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False
    raised: bool = False
    color: str = TEXT
    fill: str = ""
    number: str = ""
    align: Align = ""
    valign: Literal["top", "vcenter", "bottom"] = "vcenter"
    wrap: bool = False
    indent: int = 0
    shrink: bool = False
    top: Line | None = None
    bottom: Line | None = None
    left: Line | None = None
    right: Line | None = None
    locked: bool = True
    hidden: bool = False
    quote_prefix: bool = False

    def but(self, **changes: Any) -> Style:
        """The same style with some properties changed."""
        return msgspec.structs.replace(self, **changes)

    def boxed(self, color: str = INPUT_BORDER, kind: int = THIN) -> Style:
        """The same style with a line on all four sides."""
        line = (kind, color)
        return self.but(top=line, bottom=line, left=line, right=line)

    def properties(self) -> dict[str, Any]:
        """The properties as xlsxwriter names them."""
        found: dict[str, Any] = {
            "font_name": self.font,
            "font_size": self.size,
            "font_color": self.color,
            "valign": self.valign,
        }
        if self.fill:
            found |= {"bg_color": self.fill, "pattern": 1}
        for side in ("top", "bottom", "left", "right"):
            line: Line | None = getattr(self, side)
            if line:
                found |= {side: line[0], f"{side}_color": line[1]}
        optional = {
            "bold": self.bold,
            "italic": self.italic,
            "underline": int(self.underline),
            "font_strikeout": self.strike,
            "font_script": int(self.raised),
            "num_format": self.number,
            "align": self.align,
            "text_wrap": self.wrap,
            "indent": self.indent,
            "shrink": self.shrink,
            "hidden": self.hidden,
            "quote_prefix": self.quote_prefix,
        }
        found |= {name: value for name, value in optional.items() if value}
        return found if self.locked else found | {"locked": False}


class Emphasis(msgspec.Struct, frozen=True, kw_only=True, cache_hash=True):
    """What a conditional format changes on top of a cell's style; blank leaves it as it is."""

    color: str = ""
    fill: str = ""
    bold: bool = False
    italic: bool = False
    strike: bool = False
    bottom: Line | None = None
    number: str = ""

    def properties(self) -> dict[str, Any]:
        """The properties as xlsxwriter names them."""
        named = {
            "font_color": self.color,
            "bg_color": self.fill,
            "bold": self.bold,
            "italic": self.italic,
            "font_strikeout": self.strike,
            "num_format": self.number,
        }
        found: dict[str, Any] = {name: value for name, value in named.items() if value}
        if self.bottom:
            found |= {"bottom": self.bottom[0], "bottom_color": self.bottom[1]}
        return found


CELL = Style()
NOTE = Style(size=8, color=MUTED)

# Fill sheets
FORM_TITLE = Style(size=18, bold=True, color=NAVY)
FORM_RULES = Style(size=9, color=MUTED)
FORM_ID = Style(size=9, color=MUTED, align="right")
STRIP = Style(size=11, bold=True, color=MUTED, fill=COMPUTED_FILL, left=(THICK, NAVY), indent=1)
FIELD_LABEL = Style(size=9, color=MUTED, align="right")
FIELD_VALUE = Style(bold=True, indent=1).boxed("#8FAAC6")
HEADER = Style(bold=True, color=WHITE, align="center", wrap=True)
HEADER_REQUIRED = HEADER.but(fill=NAVY).boxed(WHITE)
HEADER_OPTIONAL = HEADER.but(fill=SLATE).boxed(WHITE)
HEADER_COMPUTED = HEADER.but(fill=GREY, color=TEXT).boxed(WHITE)
HEADER_STAR = Style(bold=True, color=STAR)
HEADER_SMALL = Style(size=8, color="#DCE5EE")
HEADER_SMALL_DARK = Style(size=8, color=MUTED)
KEY_ROW = Style(size=8, color=FAINT)
EXAMPLE = Style(italic=True, color=FAINT, fill=COMPUTED_FILL, bottom=(THIN, INPUT_BORDER), indent=1)
INPUT = Style(locked=False, wrap=True, indent=1).boxed()
INPUT_NUMBER = INPUT.but(align="right", wrap=False)
INPUT_CENTER = INPUT.but(align="center", indent=0)
COMPUTED = Style(color=MUTED, fill=COMPUTED_FILL).boxed()
CHECK = Style(size=9, color=MUTED, fill=COMPUTED_FILL, align="center", shrink=True).boxed()

# Pages and dashboards
TITLE = Style(size=20, bold=True, color=INK)
SUBTITLE = Style(color=MUTED, bottom=(MEDIUM, NAVY))
SECTION = Style(size=11, bold=True, color=NAVY, bottom=(THIN, RULE))
CARD_LABEL = Style(size=9, color=MUTED, fill=CARD, left=(THICK, BLUE), indent=1)
CARD_VALUE = CARD_LABEL.but(size=24, bold=True, color=INK, align="left")
CARD_NOTE = CARD_LABEL.but(size=9)
TABLE_HEADER = Style(size=9, bold=True, color=WHITE, fill=NAVY, wrap=True)
TABLE_HEADER_RIGHT = TABLE_HEADER.but(align="right", indent=1)
TABLE_CELL = Style(bottom=(THIN, RULE))
TABLE_FIRST = TABLE_CELL.but(align="left", indent=1)
TABLE_WRAPPED = TABLE_CELL.but(wrap=True)
TABLE_CENTER = TABLE_CELL.but(align="center")
TABLE_MUTED = TABLE_CELL.but(color=MUTED)
TABLE_NUMBER = TABLE_CELL.but(align="right", indent=1, number=INTEGER)
TABLE_TARGET = TABLE_NUMBER.but(color=MUTED)
TABLE_ACTUAL = TABLE_NUMBER.but(bold=True)
TABLE_PERCENT = TABLE_NUMBER.but(number=PERCENT)
TABLE_RATIO = TABLE_NUMBER.but(number=RATIO)
TABLE_DATE = TABLE_CENTER.but(number=DATE)
TABLE_LIGHT = TABLE_CENTER.but(size=11)
LINK = CELL.but(color=BLUE, underline=True)

# Bulk data sheets: the table style draws lines and bands
BULK = CELL
BULK_DATE = CELL.but(number=DATE, align="center")
BULK_INTEGER = CELL.but(number=INTEGER)
BULK_NUMBER = CELL.but(number=GENERAL)
BULK_PERCENT = CELL.but(number=PERCENT)
BULK_RATIO = CELL.but(number=RATIO)
BULK_LINK = LINK
TABLE_STYLE = "Table Style Light 15"

# Live checks
FAULT = Emphasis(color=RED_TEXT, fill=RED_FILL)
REPEATED = Emphasis(color=REPEAT_TEXT, fill=REPEAT_FILL)
DOUBT = Emphasis(color=AMBER_TEXT, fill=AMBER_FILL)
FINE = Emphasis(color=GREEN, fill=GREEN_FILL)
LIGHT_GREEN = Emphasis(color=GREEN)
LIGHT_AMBER = Emphasis(color=AMBER)
LIGHT_RED = Emphasis(color=RED)
ALERT = Emphasis(color=RED, fill=ALERT_FILL, bold=True)
