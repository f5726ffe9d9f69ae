"""Number format codes → their digest: scale, words, padding, and what is shown of a date."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from xltools.excel.reading.cells.number_formats import Shown, shown_by
from xltools.kinds.display_format import Format, Grain, Section

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>general|g/[^\W\d_a-z]+)|(?P<digit>[0#?])|(?P<mark>[.,])|(?P<odd>e[+-]|[/%@])"
    r"|(?P<bare>.)",
    re.IGNORECASE | re.DOTALL,
)
_TEST = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_PARTS = re.compile(r'((?:"[^"]*"?|[\\!_*].|\[[^\]]*\]|[^;"\\!_*\[])*)(?:;|$)', re.DOTALL)
_WORD = re.compile(r"[^\W\d_]|[%‰¥￥$€£]")
_TESTS: dict[int, list[tuple[str, float] | None]] = {
    1: [None],
    2: [(">=", 0.0), None],
    3: [(">", 0.0), ("<", 0.0), None],
}
_NOT_SHOWN = re.compile(r'"[^"]*"?|[\\!_*].|\[[^\]]*\]', re.DOTALL)
_POINT = "!"  # in a skeleton: a point that is a mere word, as in 0!.0,

# Of the formats that every workbook has, those whose digest says something; Chinese Excel shows
# months in some that it keeps for itself.
_BUILT_IN = {2: "0.00", 4: "#,##0.00", **dict.fromkeys((17, 27, 36, 50, 52, 57), "yyyy-mm")}


def built_in_digest(number: int) -> Format | None:
    """The digest of a number format that every workbook has; None where it tells nothing."""
    code = _BUILT_IN.get(number)
    return digest(code) if code else None


@lru_cache(4096)  # a pure function of short texts, bounded and safe in threads
def digest(code: str) -> Format | None:
    """What a format code tells beside the value; None where it tells nothing."""
    shown = shown_by(code)
    if shown in (Shown.DATE, Shown.MOMENT):
        grain = _grain(code)
        return Format(grain=grain) if grain else None
    if shown is not None:
        return None
    return format_of(_sections(code))


def format_of(sections: tuple[Section, ...]) -> Format | None:
    """The digest of a number format's sections; None where they tell nothing."""
    amount = any(one.scale or _WORD.search(one.before + one.after) for one in sections)
    padded = amount or any(one.whole > 1 or one.decimals for one in sections)
    return Format(sections=sections, amount=amount, padded=padded) if padded else None


def struck_too(display: Format | None) -> Format:
    """The same display, struck out."""
    return msgspec.structs.replace(display or Format(), struck=True)


def _grain(code: str) -> Grain:
    """The finest that is shown of a date, where that is no day."""
    bare = _NOT_SHOWN.sub("", code.partition(";")[0]).lower()
    if re.search(r"(?<!d)d{1,2}(?!d)", bare):
        return ""
    if "ddd" in bare or "aaa" in bare:
        return "weekday"
    if "m" in bare and "h" not in bare and "s" not in bare:
        return "month"
    return "year" if "y" in bare or "e" in bare else ""


def _sections(code: str) -> tuple[Section, ...]:
    """The sections of a code with the numbers for which each holds."""
    parts = [match[1] for match in _PARTS.finditer(code)]
    parts = (parts[:-1] if len(parts) > 1 and not parts[-1] else parts)[:3]
    read = [_section(part) for part in parts]
    if any(section.test for section in read):
        return tuple(read)
    tests = _TESTS[len(read)]
    return tuple(
        msgspec.structs.replace(section, test=test)
        for section, test in zip(read, tests, strict=True)
    )


def _section(part: str) -> Section:
    """One section: its words, and the skeleton of its digits."""
    test: tuple[str, float] | None = None
    before = pending = skeleton = ""
    # LibreOffice takes the sign that keeps the point a word for a word itself, and saves it so.
    for token in _TOKEN.finditer(part.replace("\\!.", "!.")):
        kind, text = token.lastgroup, token[token.lastgroup] if token.lastgroup else ""
        if kind == "bracket":
            found = _TEST.fullmatch(text)
            test = (found[1], float(found[2])) if found else test
            pending += text[1:].partition("-")[0] if text.startswith("$") else ""
        elif kind == "odd":
            return Section(test=test)  # a fraction, a power of ten or a text shows what is stored
        elif kind in ("digit", "general"):
            if not skeleton:
                before = pending
            elif pending == ".":
                skeleton += _POINT
            skeleton += text if kind == "digit" else "#"
            pending = ""
        elif kind == "mark" and skeleton and not pending:
            skeleton += text
        elif kind is not None:
            pending += text
    return _of_skeleton(skeleton, before.strip(), pending.strip(), test)


def _of_skeleton(skeleton: str, before: str, after: str, test: tuple[str, float] | None) -> Section:
    """``#,##0.00,`` → two decimals, a thousandth of what is stored."""
    left, point, right = skeleton.partition(_POINT)
    whole, _, decimals = left.partition(".")
    commas = sum(len(text) - len(text.rstrip(",")) for text in (whole, decimals, right))
    digits = re.sub("[^0#?]", "", whole)
    zeros = len(digits) - digits.index("0") if "0" in digits else 1
    fixed = 0 if point else decimals.rfind("0") + 1
    return Section(
        scale=3 * commas + len(re.sub("[^0#?]", "", right)),
        before=before,
        after=after,
        whole=1 if point else zeros,
        decimals=fixed,
        test=test,
    )
