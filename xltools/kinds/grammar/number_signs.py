"""Signs of numbers as people write them: brackets, dashes, arrows and words for less."""

from __future__ import annotations

import re
from typing import NamedTuple

from xltools.kinds.cell_reading import Refusal

_BRACKETS = re.compile(r"\( ?((?:[¥$] ?)?[0-9][^()]*)\)([^()0-9]{0,6})")
_DASHED = re.compile(r"[–—] ?(?=[¥$]? ?[0-9])")
_SAID = re.compile(r"负 ?(?=[¥$]? ?[0-9])")
_BEHIND = re.compile(r"((?:[¥$] ?)?[0-9].*?) ?[-–—]")
_ARROW = re.compile(r"([▼▽↓⬇🔻↘]|[△▲∆Δ]|[↑⬆🔺↗]) ?((?:[¥$] ?)?[0-9].*)")
_DOWN = re.compile(
    r"(?:同比|环比)?(?:减少?|下降|降低?|下滑|下跌|缩减|亏损?|跌|回落|负增长|decreased?|down|minus|fell"
    r"|lost|loss)(?: ?了| by)? ?((?:[¥$] ?)?[0-9].*)",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"(?:减|降|跌|滑|亏|缩|回落|负|[▼▽↓⬇△▲∆]|minus|down|decreas|fell|loss|lost|fewer)"
    r"[^0-9,，。;；]{0,6}$",
    re.IGNORECASE,
)


class Signed(NamedTuple):
    """A text with a plain sign in front; ``chosen`` where another sign than ``-`` stood for it."""

    text: str
    chosen: bool = False


def signed(text: str) -> Signed:
    """A narrowed text with the sign that it plainly has; Refusal where there is more than one."""
    if _BRACKETS.fullmatch(text):
        return Signed(_BRACKETS.sub(r"-\1\2", text), chosen=True)
    if _DASHED.match(text):
        return Signed(_DASHED.sub("-", text, count=1), chosen=True)
    if _SAID.match(text):
        return Signed(_SAID.sub("-", text, count=1))
    behind = _BEHIND.fullmatch(text) or _DOWN.fullmatch(text)
    if behind:
        raise Refusal("kinds.sign_unclear", f"-{behind[1]}")
    arrow = _ARROW.fullmatch(text)
    if arrow:
        mark, rest = arrow.groups()
        down, up = f"-{rest}", rest
        # In accounts △ is a minus, elsewhere a rise.
        both = f"{down} / {up}" if mark in "△▲∆Δ" else up if mark in "↑⬆🔺↗" else down
        raise Refusal("kinds.sign_unclear", both)
    return Signed(text)


def says_less(text: str) -> bool:
    """Whether the words right before a number turn its sign."""
    return _LESS.search(text) is not None
