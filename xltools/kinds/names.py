"""Telling one person's name from several in one cell."""

from __future__ import annotations

import re

from xltools.kinds.wording import is_blank, narrow

# Letters that are not Latin: cheaper to compile than ranges of Chinese characters.
_HAN = r"[^\W0-9A-Za-z_]"
_OUTSIDE_BRACKETS = r"(?![^()]*\))"
_BETWEEN = re.compile(rf"[、/,;|&+\n\r]+{_OUTSIDE_BRACKETS}")
_NAME = rf"({_HAN}{{2,3}}|{_HAN}{{1,3}}\*)"
_AND = re.compile(rf"{_NAME}(?:和|与|及|以及){_NAME}")
_PADDED = re.compile(rf"({_HAN}) +({_HAN})")
_FULL_NAMES = re.compile(rf"{_HAN}{{2,3}}(?: +{_HAN}{{2,3}})+")
# 市场部 张三 is a department and a person, not two people.
_OFFICE = re.compile(r"[部组队处科室员长管监理师司](?: |$)")

SEPARATOR = "、"
"""Between the names of people, in the canonical text."""

SUSPICIOUS = re.compile(
    r"[、/,;|&+\s，；／｜＆＋＊（）()\u200b\ufeff和与及-]|^[无—–―]|^暂无$|^[nN]"
)
"""What a plain name does not contain."""


def split_names(text: str) -> list[str]:
    """The names in one cell, each once, in the order typed; what is not surely two stays one."""
    lines = "\n".join(narrow(line) for line in text.splitlines())
    names: list[str] = []
    for part in _BETWEEN.split(lines):
        for name in _apart(part.strip()):
            if not is_blank(name) and name not in names:
                names.append(name)
    return names


def _apart(part: str) -> list[str]:
    padded = _PADDED.fullmatch(part)
    if padded:
        return ["".join(padded.groups())]
    joined = _AND.fullmatch(part)
    if joined:
        return list(joined.groups())
    if _FULL_NAMES.fullmatch(part) and not _OFFICE.search(part):
        return part.split()
    return [part]
