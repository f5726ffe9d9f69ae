"""What the styles of a package say of its cells, once for all cells of a style."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import msgspec

from xltools.excel.package.markup import local, parse
from xltools.excel.reading.cells.format_codes import built_in_digest, digest, struck_too
from xltools.excel.reading.cells.number_formats import Shown, built_in, shown_by
from xltools.kinds.display_format import Format


class Styles(msgspec.Struct):
    """By style index, as cells write it: what numbers are, and what else cells show.

    Plain numbers have no ``shown``, and cells that show just what they hold no ``formats``.
    """

    shown: dict[str, Shown] = {}
    formats: dict[str, Format] = {}
    count: int = 2**31  # cells name theirs by a number below it
    key: frozenset[tuple[str, object]] = frozenset()
    """All that cells show; hashed once, as every sheet finds its row shapes by it."""

    def __post_init__(self) -> None:
        self.key = frozenset((*self.shown.items(), *self.formats.items()))


def styles_of(part: bytes) -> Styles:
    """The styles in a package's styles part; raises BadMarkupError."""
    groups = {local(group.tag): group for group in parse(part)}
    codes = {
        _number(entry, "numFmtId"): entry.get("formatCode", "")
        for entry in groups.get("numFmts", ())
    }
    struck = [_is_struck(font) for font in groups.get("fonts", ())]
    all_shown: dict[str, Shown] = {}
    formats: dict[str, Format] = {}
    entries = groups.get("cellXfs", ())
    for index, entry in enumerate(entries):
        number, font = _number(entry, "numFmtId"), _number(entry, "fontId")
        code = codes.get(number)
        shown = built_in(number) if code is None else shown_by(code)
        if shown is not None:
            all_shown[str(index)] = shown
        display = built_in_digest(number) if code is None else digest(code)
        if 0 <= font < len(struck) and struck[font]:
            display = struck_too(display)
        if display is not None:
            formats[str(index)] = display
    return Styles(all_shown, formats, len(entries))


def _number(entry: ET.Element, name: str) -> int:
    text = entry.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _is_struck(font: ET.Element) -> bool:
    return any(local(entry.tag) == "strike" and is_on(entry.get("val")) for entry in font)


def is_on(value: str | None) -> bool:
    """Whether a property that may be left out, or be switched off, is on."""
    return value not in ("0", "false", "off")
