"""The shared strings of a workbook: plain ones in bulk, rich ones by a parser."""

from __future__ import annotations

import re
from xml.parsers import expat

from xltools.excel.package.markup import (
    BadMarkupError,
    decode_escapes,
    has_odd_references,
    unescape,
)
from xltools.excel.reading.cells.cell_styles import is_on
from xltools.kinds.display_format import RichText

# "0", "1", …: made once, every workbook needs them. Exchanged whole, never lengthened: a cluster's
# workers read in several threads, and one index twice would shift all texts behind it.
_indexes: list[list[str]] = [[]]
_SPARE = 4_096

_UNIQUE = re.compile(r"""\buniqueCount\s*=\s*["']\s*(\d+)""")
_TEXT = r'<t(?: xml:space="preserve")?>[^<]*</t>'
_LOOK = r'<rPr>(?:<\w+(?: \w+="[^"<]*")*/>)*</rPr>'
_SPOKEN = r'<phoneticPr(?: [a-zA-Z]+="\w*")*/>'
_ENTRY = re.compile(
    rf"<si>(?:({_TEXT})(?:{_SPOKEN})?|((?:<r>(?:{_LOOK})?{_TEXT}</r>)+))</si>", re.ASCII
)
_WORDS = re.compile(r"<t[^<>]*>([^<]*)</t>")


class Runs:
    """A text while its pieces are read; ``rPr`` says how the words behind it look."""

    def __init__(self) -> None:
        self.runs: list[tuple[str, bool, bool]] = []
        self.struck = self.raised = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element of a text begins."""
        if name == "r":
            self.struck = self.raised = False
        elif name == "strike":
            self.struck = is_on(attributes.get("val"))
        elif name == "vertAlign":
            self.raised = attributes.get("val") in ("superscript", "subscript")

    def say(self, piece: str) -> None:
        """Words of the run."""
        self.runs.append((piece, self.struck, self.raised))

    def take(self) -> str:
        """The whole text; the next one begins."""
        runs = [(decode_escapes(words), struck, raised) for words, struck, raised in self.runs]
        self.runs, self.struck, self.raised = [], False, False
        return RichText.of(runs)


def shared_strings(text: str) -> list[str]:
    """The strings in table order."""
    strings = _ordinary_strings(text)
    if strings is None:
        return _parse(text)
    if "\r" in text:  # a parser makes every line end a line feed
        strings = [string.replace("\r\n", "\n").replace("\r", "\n") for string in strings]
    if "&" in text:
        strings = [unescape(string) for string in strings]
    return [decode_escapes(string) for string in strings] if "_x" in text else strings


def by_index(strings: list[str]) -> dict[str, object]:
    """The strings by their index as cells write it."""
    indexes = _indexes[0]
    if len(indexes) < len(strings):
        indexes = _indexes[0] = [str(number) for number in range(len(strings) + _SPARE)]
    return dict(zip(indexes, strings, strict=False))


def announced(text: str) -> int | None:
    """How many strings the table says it has; that many are not made room for."""
    start = text.find("<sst")
    head = text[max(start, 0) : text.find(">", start) + 1]
    unique = _UNIQUE.search(head)
    return int(unique[1][:18]) if unique else None


def _ordinary_strings(text: str) -> list[str] | None:
    """Plain and rich strings where every tag is accounted for; else the parser is asked."""
    first, end = text.find("<si>"), text.rfind("</si>") + 5
    if first < 0 or text.count("<", 0, first) > 2 or text[end:].strip() != "</sst>":
        return None
    if "trike" in text or "vertAlign" in text or has_odd_references(text):
        return None  # which words are struck out or raised is the parser's to tell
    entries = _ENTRY.findall(text, first, end)
    tags = 2 * len(entries) + text.count("<phoneticPr", first, end)
    strings: list[str] = []
    for plain, rich in entries:
        if plain:
            tags += 2
            strings.append(plain[plain.index(">") + 1 : -4])
        else:
            tags += rich.count("<")
            strings.append("".join(_WORDS.findall(rich)))
    return strings if tags == text.count("<", first, end) else None


def _parse(text: str) -> list[str]:
    strings: list[str] = []
    path: list[str] = []
    runs = Runs()

    def start(tag: str, attributes: dict[str, str]) -> None:
        path.append(tag.rpartition(" ")[2])
        runs.start(path[-1], attributes)

    def end(tag: str) -> None:
        path.pop()
        if tag.rpartition(" ")[2] == "si":
            strings.append(runs.take())

    def characters(piece: str) -> None:
        if path[-1] == "t" and "rPh" not in path:
            runs.say(piece)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(text, True)
    except expat.ExpatError as fault:
        raise BadMarkupError(str(fault)) from fault
    return strings
