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
    rf"(?P<closed></r>)?(?:{_SPOKEN})?</si><si>(?P<opened><r>(?:{_LOOK})?)?"
    rf"|(?P<run></r>)<r>(?:{_LOOK})?",
    re.ASCII,
)
_PLAIN = "</t></si><si><t>"  # between two strings of one text each
_GAP = "\0"  # no XML text holds it


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
    bytewise = text.encode().decode("latin-1")  # a byte a character; what is kept becomes text
    first, end = bytewise.find("<si>"), bytewise.rfind("</si>") + 5
    if first < 0 or bytewise.count("<", 0, first) > 2 or bytewise[end:].strip() != "</sst>":
        return None
    if _GAP in bytewise or has_odd_references(bytewise):
        return None
    table = bytewise[first:end].replace('<t xml:space="preserve">', "<t>")
    # An empty string before the first and behind the last: then all stand between two others.
    pieces = f"</t></si>{table}<si><t>".split(_PLAIN)
    strings: list[str] = []
    steps = _Steps()
    for piece in pieces:
        if "<" not in piece:
            strings.append(piece)
        elif not _take_rich(piece, steps, strings):
            return None
    return _GAP.join(strings[1:-1]).encode("latin-1").decode().split(_GAP)


class _Step(NamedTuple):
    """What stands between two texts: behind what it may stand, and what begins with it."""

    after: str
    state: str
    begins: bool


class _Steps(dict[str, _Step]):
    """What stands between two texts → what it means, each found out once."""

    def __missing__(self, between: str) -> _Step:
        step = self[between] = _step(between)
        return step


def _take_rich(piece: str, steps: _Steps, strings: list[str]) -> bool:
    """Add a plain string, what follows it up to another one, and that; no where one is odd."""
    words, *others = piece.split("</t>")
    taken, state = [words], "text"
    for other in others:
        between, _, words = other.partition("<t>")
        after, then, begins = steps[between]
        if after != state:
            return False
        state = then
        if begins:
            taken.append(words)
        else:
            taken[-1] += words
    strings += taken
    return state == "text" and "<" not in "".join(taken)


def _step(between: str) -> _Step:
    found = _NEXT.fullmatch(between)
    # Which words are struck out or raised is the parser's to tell.
    if found is None or "trike" in between or "vertAlign" in between:
        return _Step("nowhere", "", begins=False)
    if found["run"]:
        return _Step("run", "run", begins=False)
    return _Step(
        "run" if found["closed"] else "text", "run" if found["opened"] else "text", begins=True
    )


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
