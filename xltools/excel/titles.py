"""Names that Excel accepts: sheet titles and the headers of tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from xltools.excel.cell_text import utf16_cut, utf16_length, visible

LONGEST_TITLE = 31
LONGEST_HEADER = 255
_FORBIDDEN = str.maketrans("[]:*?/\\", "［］：＊？／＼")


def sheet_title(wanted: str, taken: Iterable[str]) -> str:
    """The title nearest to ``wanted`` that Excel accepts and that is not taken."""
    title = " ".join(visible(wanted).translate(_FORBIDDEN).split())
    title = utf16_cut(title, LONGEST_TITLE).strip("' ") or "Sheet"
    if title.casefold() == "history":  # Excel keeps this name for itself
        title += "_"
    return _unique(title, {_fold(other) for other in taken}, LONGEST_TITLE)


def table_headers(wanted: Sequence[str]) -> list[str]:
    """Headers for an Excel table: one line each, none blank, all different to Excel."""
    headers: list[str] = []
    taken: set[str] = set()
    for position, text in enumerate(wanted, 1):
        header = " ".join(visible(text).split()) or f"#{position}"
        header = _unique(utf16_cut(header, LONGEST_HEADER), taken, LONGEST_HEADER)
        taken.add(_fold(header))
        headers.append(header)
    return headers


def _unique(name: str, taken: set[str], longest: int) -> str:
    candidate, number = name, 1
    while _fold(candidate) in taken:
        number += 1
        suffix = f" ({number})"
        candidate = utf16_cut(name, longest - utf16_length(suffix)).rstrip("' ") + suffix
    return candidate


def _fold(name: str) -> str:
    """Equal for names that some program would take for the same."""
    return unicodedata.normalize("NFKC", name).casefold()
