"""Headers and sheet titles as they compare: decoration, brackets and copy marks do not count."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from xltools.ground.folding import fold

_PAIRS = {"(": ")", "[": "]", "【": "】", "〔": "〕", "「": "」", "<": ">", "{": "}"}
_BRACKETS = re.compile("|".join(rf"\{a}([^\{b}]*)\{b}?" for a, b in _PAIRS.items()))
_LAST_BRACKETS = re.compile(r"^(.+?)\s*[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]\s*$", re.DOTALL)
_COPY_MARKS = re.compile(r"(?:-?副本|-?copy|的副本|复制|copyof)\d*", re.IGNORECASE)
_NUMBERING = re.compile(r"^(?:表|附表|sheet|table)?[0-9一二三四五六七八九十]{1,2}[:.、,_-]+")


# The caches here and beside are pure functions of short texts, bounded, and safe in threads: the
# workbooks of all teams hold the same headers.
@lru_cache(16_384)
def normalised(text: str) -> str:
    """The text in half-width characters, without spaces around it."""
    return unicodedata.normalize("NFKC", text).strip()


@lru_cache(16_384)
def bare(text: str) -> str:
    """A header without its brackets, folded; the whole of it, folded, where nothing is left."""
    plain = normalised(text)
    return fold(_BRACKETS.sub("", plain)) or fold(plain)


@lru_cache(16_384)
def header_keys(text: str) -> tuple[str, ...]:
    """The forms under which a header may be known: as a whole, then by its first two lines.

    The program's own headers are a label, the same in the other language, and a hint.
    """
    lines = [line for line in text.strip().splitlines()[:2] if line.strip()]
    return tuple(dict.fromkeys(form for one in (text, *lines) for form in (fold(one), bare(one))))


def first_line(text: str) -> str:
    """What people call a header: its first line."""
    return next(iter(text.strip().splitlines()), "").strip(" *＊")


def bracketed(text: str) -> str:
    """What stands in a header's last brackets, or nothing."""
    found = [next((one for one in m if one), "") for m in _BRACKETS.findall(normalised(text))]
    return found[-1].strip() if found else ""


def split_brackets(text: str) -> tuple[str, str]:
    """``新增客户数(家)`` → the text before its closing brackets, and what stands in them."""
    match = _LAST_BRACKETS.match(normalised(text))
    return (match[1], match[2].strip()) if match else (text, "")


@lru_cache(4096)
def title_forms(title: str) -> tuple[str, ...]:
    """The forms under which a sheet's title may be known, the most exact first."""
    whole = fold(title)
    unmarked = _COPY_MARKS.sub("", bare(title))
    return tuple(dict.fromkeys((whole, bare(title), unmarked, _NUMBERING.sub("", unmarked))))


def is_copy(title: str) -> bool:
    """Whether a title says that its sheet is a copy: ``进度跟踪 (2)``, ``进度跟踪 副本``."""
    folded = fold(title)
    return bool(re.search(r"\(\d+\)$", folded) or _COPY_MARKS.search(folded))
