"""What the styles of an OpenDocument spreadsheet say of its cells, once for each style."""

from __future__ import annotations

import re

import msgspec

from xltools.excel.reading.cells.format_codes import format_of, struck_too
from xltools.kinds.display_format import Format, Grain, Section

Attributes = dict[str, str]

_NUMBERS = ("number-style", "currency-style")
_DATA = (*_NUMBERS, "date-style", "percentage-style", "time-style", "text-style", "boolean-style")
_FLAT = re.compile(r"0(?:\.0*)?[a-z]*")
_CONDITION = re.compile(r"value\(\)(<=|>=|!=|<|>|=)(-?[0-9.]+)")


class OdsStyles:
    """Collects styles from parser events; ``formats``, ``flat`` and ``runs`` are by style name.

    ``flat`` are styles of rows without height; ``runs`` tell of words (struck out, raised).
    """

    def __init__(self) -> None:
        self.formats: dict[str, Format] = {}
        self.flat: set[str] = set()
        self.runs: dict[str, tuple[bool, bool]] = {}
        self.data: dict[str, Format | None] = {}
        self.sections: dict[str, Section] = {}
        self.style: Attributes = {}
        self.inside = ""  # the data style that is being read
        self.name = ""
        self.section = Section()
        self.maps: list[Section] = []
        self.shown: set[str] = set()
        self.words = False
        self.within: int | None = None  # how many digits stand behind a word amid the digits

    def start(self, name: str, given: Attributes) -> None:
        """An element of a style begins."""
        if name in _DATA:
            self.inside, self.name, self.section = name, given.get("name", ""), Section()
            self.maps, self.shown = [], set()
        elif self.inside:
            self._start_part(name, given)
        elif name == "style":
            self.style = given
            self._begin_style(given)
        elif name == "text-properties":
            self._font(given)
        elif name == "table-row-properties" and _FLAT.fullmatch(given.get("row-height", "1")):
            self.flat.add(self.style.get("name", ""))

    def end(self, name: str) -> None:
        """An element of a style ends."""
        self.words, self.within = False, None
        if name != self.inside:
            return
        self.inside = ""
        self.sections[self.name] = self.section
        if name in _NUMBERS:
            self.data[self.name] = format_of((*self.maps, self.section))
        elif name == "date-style" and (grain := _grain(self.shown)):
            self.data[self.name] = Format(grain=grain)

    def characters(self, text: str) -> None:
        """Words around the digits."""
        if self.within is not None:
            self._point(text, self.within)
        if not (self.inside and self.words):
            return
        place = "after" if "number" in self.shown else "before"
        words = {place: getattr(self.section, place) + text}
        self.section = msgspec.structs.replace(self.section, **words)

    def _start_part(self, name: str, given: Attributes) -> None:
        self.shown.add(name)
        self.words = name in ("text", "currency-symbol")
        self.within = _count(given.get("position", "0")) if name == "embedded-text" else None
        if name == "number":
            factor = given.get("display-factor", "1")
            fixed = given.get("min-decimal-places", given.get("decimal-places", "0"))
            self.section = msgspec.structs.replace(
                self.section,
                scale=len(factor) - 1 if re.fullmatch("10*", factor) else 0,
                whole=max(1, _count(given.get("min-integer-digits", "1"))),
                decimals=_count(fixed),
            )
        elif name == "map":
            test = _CONDITION.fullmatch(given.get("condition", "").replace(" ", ""))
            known = self.sections.get(given.get("apply-style-name", ""))
            if test and known:
                sign = test[1].replace("!=", "<>")
                self.maps.append(msgspec.structs.replace(known, test=(sign, float(test[2]))))

    def _point(self, text: str, behind: int) -> None:
        """A point that is a mere word: 0"."0; of 0!.0, LibreOffice makes ``!`` and 0.0."""
        section = self.section
        if text == ".":
            self.section = msgspec.structs.replace(section, scale=section.scale + behind)
        elif text == "!" and behind == 0:
            scale = section.scale + section.decimals
            self.section = msgspec.structs.replace(section, scale=scale, decimals=0)

    def _begin_style(self, given: Attributes) -> None:
        """A cell's style shows what its data style, or the style that it is made from, shows."""
        display = self.formats.get(given.get("parent-style-name", ""))
        display = self.data.get(given.get("data-style-name", ""), display)
        if display is not None and given.get("family") == "table-cell":
            self.formats[given.get("name", "")] = display

    def _font(self, given: Attributes) -> None:
        name = self.style.get("name", "")
        line = given.get("text-line-through-style", given.get("text-line-through-type", "none"))
        if self.style.get("family") == "text":
            raised = given.get("text-position", "").partition(" ")[0] not in ("", "0%")
            self.runs[name] = line != "none", raised
        elif line != "none":
            self.formats[name] = struck_too(self.formats.get(name))


def _grain(shown: set[str]) -> Grain:
    if "day" in shown:
        return ""
    if "day-of-week" in shown:
        return "weekday"
    return "month" if "month" in shown else "year" if "year" in shown else ""


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0
