"""The shared strings of a workbook: plain ones in bulk, rich ones by a parser."""

from __future__ import annotations

import re
from typing import NamedTuple

from xltools.excel.package.markup import (
    decode_escapes,
    has_odd_references,
    unescape,
    walk,
)
from xltools.excel.reading.cells.cell_styles import is_on
from xltools.kinds.display_format import RichText

_UNIQUE = re.compile(r"""\buniqueCount\s*=\s*["']\s*(\d+)""")
_LOOK = r'<rPr>(?:<\w+(?: \w+="[^"<]*")*/>)*</rPr>'
_SPOKEN = r'<phoneticPr(?: [a-zA-Z]+="\w*")*/>'
# What stands between two texts: the end of one entry and the beginning of the next, as one text or
# as runs; or the next run.
_NEXT = re.compile(
    rf"(?:(?P<closed></r>)?(?:{_SPOKEN})?</si>|(?P<first>))<si>(?P<opened><r>(?:{_LOOK})?)?"
    rf"|(?P<run></r>)<r>(?:{_LOOK})?",
    re.ASCII,
)


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
    together = "".join(strings)
    if "\r" in together:  # a parser makes every line end a line feed
        strings = [string.replace("\r\n", "\n").replace("\r", "\n") for string in strings]
    if "&" in together:
        strings = [unescape(string) if "&" in string else string for string in strings]
    if "_x" in together:
        strings = [decode_escapes(string) if "_x" in string else string for string in strings]
    return strings


def announced(text: str) -> int | None:
    """How many strings the table says it has; that many are not made room for."""
    start = text.find("<sst")
    head = text[max(start, 0) : text.find(">", start) + 1]
    unique = _UNIQUE.search(head)
    return int(unique[1][:18]) if unique else None


def _ordinary_strings(text: str) -> list[str] | None:
    """Plain and rich strings where all between them is understood; else the parser is asked."""
    first, end = text.find("<si>"), text.rfind("</si>") + 5
    if first < 0 or text.count("<", 0, first) > 2 or text[end:].strip() != "</sst>":
        return None
    if has_odd_references(text):
        return None
    table = text[first:end].replace('<t xml:space="preserve">', "<t>")
    pieces = [piece.partition("<t>") for piece in f"{table}<si>".split("</t>")]
    steps = {between: _step(between) for between in {piece[0] for piece in pieces}}
    strings: list[str] = []
    state = "first"
    for between, _, words in pieces:
        after, then, begins = steps[between]
        if after != state:
            return None
        state = then
        if begins:
            strings.append(words)
        else:
            strings[-1] += words
    # The last piece is none: it only ends the entry before it.
    complete = begins and not strings.pop() and "<" not in "".join(strings)
    return strings if complete else None


class _Step(NamedTuple):
    """What stands between two texts: behind what it may stand, and what begins with it."""

    after: str
    state: str
    begins: bool


def _step(between: str) -> _Step:
    found = _NEXT.fullmatch(between)
    # Which words are struck out or raised is the parser's to tell.
    if found is None or "trike" in between or "vertAlign" in between:
        return _Step("nowhere", "", begins=False)
    if found["run"]:
        return _Step("run", "run", begins=False)
    after = "first" if found["first"] is not None else "run" if found["closed"] else "text"
    return _Step(after, "run" if found["opened"] else "text", begins=True)


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

    walk(text, start, end, characters)
    return strings
