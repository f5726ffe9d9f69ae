"""What headers say: labels in two languages, units, what is required, names for machines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from xltools.check.identify.label_forms import normalised, split_brackets
from xltools.definition import LocalText

_DEMANDS = re.compile(
    r"(?:required|mandatory|optional|conditional|必填|选填|非必填|可选|条件必填)(?:项)?",
    re.IGNORECASE,
)
_REQUIRED = re.compile(
    r"^\s*[*＊]|[*＊]\s*$|[(（\[【]\s*(?:必填项?|required|mandatory)\s*[)）\]】]", re.IGNORECASE
)
_MARK = re.compile(
    r"[(（\[【]\s*(?:必填项?|选填项?|required|mandatory|optional)\s*[)）\]】]|[*＊]", re.IGNORECASE
)
_REQUIRED_WORD = re.compile(r"^(?:required|mandatory|必填)(?:项)?[.。:：]?$", re.IGNORECASE)
_UNIQUE = re.compile(
    r"不(?:能|可|得|要)[^，。；]*重复|唯一|must be unique|no duplicates|not be repeated",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z]")
_BOTH = (
    re.compile(r"^(?P<a>[^/|\n]+?)\s*[/|／\n]\s*(?P<b>[^/|\n]+)$"),
    re.compile(r"^(?P<a>.+?)\s*[(（]\s*(?P<b>[^()（）]+)[)）]$"),
    re.compile(
        r"^(?P<a>[^A-Za-z]*[\u3400-\u9fff][^A-Za-z]*?)\s*(?P<b>[A-Za-z][A-Za-z0-9 &'.%-]+)$"
    ),
)
_WORDS = re.compile(r"[A-Za-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LONGEST_NAME = 40
_LONGEST_LABEL = 40  # of a header in several lines; behind a longer one stands a hint
_NUMBERING = re.compile(r"序号|行号|no\.?|nr\.?|#|№|s/?n|row( no\.?)?", re.IGNORECASE)
_CUSTOM_FIELD = re.compile(r"__c$")  # how Salesforce marks fields of one's own
_UNITS = re.compile(
    r"万元|亿元|千元|百万元|元|美元|家|个|人|天|次|条|场|件|台|套|份|户|平方米|小时|月|年|吨|公里|%|％|‰|"
    r"1[:：]X|\$|¥|￥|€|£|USD|EUR|CNY|RMB|GBP|days?|hours?|hrs?|kg|km|pcs|people|"
    r"人次|万人次|万人|分|k|m|bn|mio",
    re.IGNORECASE,
)


_WHEN = re.compile(r"\d{4}|截至|截止|as of|until", re.IGNORECASE)


def says_demand(text: str) -> bool:
    """Whether a text says no more than whether something is required."""
    return _DEMANDS.fullmatch(normalised(text)) is not None


def says_required(pieces: Iterable[str], *notes: str) -> bool:
    """Whether a header's marks, or a line of what stands beside it, say that it must be filled."""
    if any(_REQUIRED.search(line) for piece in pieces for line in piece.splitlines()):
        return True
    lines = (line.strip() for note in notes for line in note.splitlines())
    return any(_REQUIRED_WORD.match(line) for line in lines)


def says_numbering(text: str) -> bool:
    """Whether a header stands over the numbers of rows, which make no row of data."""
    return _NUMBERING.fullmatch(normalised(text)) is not None


def says_unique(text: str) -> bool:
    """Whether a message says that no value may stand twice."""
    return _UNIQUE.search(text) is not None


def unit_of(pieces: Iterable[str]) -> str:
    """The unit in a header's brackets, if it is one."""
    for piece in reversed(list(pieces)):
        for line in piece.splitlines():
            unit = split_brackets(_MARK.sub("", line).strip())[1]
            if unit and _UNITS.fullmatch(unit):
                return unit
    return ""


def label_of(pieces: tuple[str, ...]) -> LocalText:
    """A header in both languages where it has both, else the same twice; hints are left out."""
    lines = [line for piece in pieces for line in _lines(piece)]
    chinese = [line for line in lines if _CHINESE.search(line)]
    english = [line for line in lines if not _CHINESE.search(line) and _ENGLISH.search(line)]
    if len(lines) == 1:
        return _both_in(lines[0])
    if len(lines) == len(pieces) * 2 or (len(pieces) == 1 and len(lines) >= 2):
        if chinese and english and _first(lines, chinese, english):
            return LocalText(chinese[0], english[0])
        return _wrapped(lines) if len(pieces) == 1 else _same(" ".join(lines))
    if len(pieces) == 2 and len(chinese) == len(english) == 1:
        return LocalText(chinese[0], english[0])
    return _same(_joined(lines))


def _wrapped(lines: list[str]) -> LocalText:
    """A header that only wraps in its cell, or one with a hint below it."""
    whole = _joined(lines)
    return _both_in(whole if len(whole) <= _LONGEST_LABEL else lines[0])


def _first(lines: list[str], chinese: list[str], english: list[str]) -> bool:
    """Whether the first two lines are a label and its translation."""
    return {lines[0], lines[1]} == {chinese[0], english[0]}


def _lines(piece: str) -> list[str]:
    """The lines of a header as far as a blank one, behind which a hint stands."""
    lines = piece.strip().splitlines()
    found = (_MARK.sub("", line).strip() for line in takewhile(str.strip, lines))
    return [_without_unit(line) for line in found if line]


def _both_in(line: str) -> LocalText:
    """``目标 / Target``, ``目标(Target)``, ``目标 Target``."""
    for form in _BOTH:
        found = form.match(line)
        if found is None:
            continue
        a, b = found["a"].strip(), found["b"].strip()
        if _CHINESE.search(a) and not _CHINESE.search(b) and _ENGLISH.search(b):
            return LocalText(a, b)
        if _CHINESE.search(b) and not _CHINESE.search(a) and _ENGLISH.search(a):
            return LocalText(b, a)
    return _same(line)


def _without_unit(line: str) -> str:
    """A line without brackets that hold a unit, or the day until which its numbers count."""
    bare, inside = split_brackets(line)
    drop = inside and (_UNITS.fullmatch(inside) or _WHEN.search(inside))
    return bare if drop else line


def bare_header(text: str) -> str:
    """A header on one line, without marks of what is required."""
    return " ".join(_MARK.sub("", text).split())


def _same(text: str) -> LocalText:
    return LocalText(text, text)


def _joined(lines: list[str]) -> str:
    """Words over each other as one label: without spaces in Chinese."""
    return ("" if all(_CHINESE.search(line) for line in lines) else " ").join(lines)


def name_of(text: str) -> str:
    """The English words of a text as a name; "" where there are none."""
    plain = _CUSTOM_FIELD.sub("", normalised(text))
    if _CHINESE.search(plain):
        return ""
    words = [word.lower() for word in _WORDS.findall(_CAMEL.sub(" ", plain))]
    name = ""
    for word in words:
        if name and len(name) + len(word) >= _LONGEST_NAME:
            break
        name = f"{name}_{word}" if name else word
    if not re.search(r"[a-z]", name):
        return ""
    return name if name[0].isalpha() else f"n_{name}"


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """The name, or the first with a number behind it that is free."""
    used = set(taken)
    if wanted not in used:
        return wanted
    return next(f"{wanted}_{n}" for n in range(2, 10_000) if f"{wanted}_{n}" not in used)
