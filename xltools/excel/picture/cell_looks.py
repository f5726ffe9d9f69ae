"""The styles of a workbook: how each of its cells looks, and what conditions change."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from msgspec.structs import replace

from xltools.excel.package.markup import local, parse
from xltools.excel.picture.picture_model import Edge, Look, Side
from xltools.excel.styles import WHITE

_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy-mm-dd"}
_SIDES: tuple[Side, ...] = ("top", "bottom", "left", "right")
_WIDTHS = {"medium": 2.0, "thick": 3.0}  # pixels; all others are fine lines
_BLACK = "#000000"


class Looks:
    """What cells look like by their style's number; ``changes`` are those of conditions."""

    def __init__(self, part: bytes) -> None:
        groups = {local(group.tag): group for group in parse(part)}
        fonts = [_font(one) for one in groups.get("fonts", ())]
        fills = [_fill(one) for one in groups.get("fills", ())]
        edges = [_edges(one) for one in groups.get("borders", ())]
        numbers = dict(_BUILT_IN)
        for one in groups.get("numFmts", ()):
            numbers[int(one.get("numFmtId", 0))] = one.get("formatCode", "General")
        self._looks = [
            replace(
                _aligned(fonts[int(one.get("fontId", 0))], one),
                fill=fills[int(one.get("fillId", 0))],
                edges=edges[int(one.get("borderId", 0))],
                number=numbers.get(int(one.get("numFmtId", 0)), "General"),
            )
            for one in groups.get("cellXfs", ())
        ]
        self._changes = [_change(one) for one in groups.get("dxfs", ())]

    def of(self, style: int) -> Look:
        """The look of a style."""
        return self._looks[style] if style < len(self._looks) else Look()

    def changed(self, look: Look, number: int) -> Look:
        """The same where a condition holds."""
        return replace(look, **self._changes[number]) if number < len(self._changes) else look


def children(parent: ET.Element | None) -> dict[str, ET.Element]:
    """The first child of each name."""
    found: dict[str, ET.Element] = {}
    for one in () if parent is None else parent:
        found.setdefault(local(one.tag), one)
    return found


def color_of(one: ET.Element | None, otherwise: str) -> str:
    """A colour as it is written in full; those of a theme are not looked up."""
    value = one.get("rgb", "") if one is not None else ""
    return f"#{value[-6:]}" if len(value) in (6, 8) else otherwise


def is_on(one: ET.Element | None) -> bool:
    """Whether a switch is there and on."""
    return one is not None and one.get("val", "1") not in ("0", "false", "none")


def _font(font: ET.Element) -> Look:
    said = children(font)
    return Look(
        size=float(said["sz"].get("val", 10)) if "sz" in said else 10,
        color=color_of(said.get("color"), _BLACK),
        bold=is_on(said.get("b")),
        italic=is_on(said.get("i")),
        underline=is_on(said.get("u")),
    )


_SWITCHES = {"bold": "b", "italic": "i", "underline": "u"}


def _fill(fill: ET.Element, *, conditional: bool = False) -> str:
    pattern = children(fill).get("patternFill")
    if pattern is None or (pattern.get("patternType", "none") == "none" and not conditional):
        return ""
    said = children(pattern)
    return color_of(said.get("bgColor" if conditional else "fgColor"), "")


def _edges(border: ET.Element) -> dict[Side, Edge]:
    said = children(border)
    return {
        side: (_WIDTHS.get(style, 1.0), color_of(children(said[side]).get("color"), _BLACK))
        for side in _SIDES
        if side in said and (style := said[side].get("style", "none")) != "none"
    }


def _aligned(look: Look, style: ET.Element) -> Look:
    said = children(style).get("alignment")
    if said is None:
        return look
    return replace(
        look,
        align=said.get("horizontal", ""),
        valign=said.get("vertical", "bottom"),
        wrap=said.get("wrapText") == "1",
        shrink=said.get("shrinkToFit") == "1",
        indent=int(said.get("indent", 0)),
    )


def _change(condition: ET.Element) -> Mapping[str, object]:
    """What of a look a condition changes."""
    said = children(condition)
    changes: dict[str, object] = {}
    font = children(said.get("font"))
    if "color" in font:
        changes["color"] = color_of(font["color"], _BLACK)
    changes |= {name: True for name, tag in _SWITCHES.items() if is_on(font.get(tag))}
    if "fill" in said and (fill := _fill(said["fill"], conditional=True)) not in ("", WHITE):
        changes["fill"] = fill
    if "numFmt" in said:
        changes["number"] = said["numFmt"].get("formatCode", "General")
    return changes
