"""Near misses: which known name a text was probably meant to be, if one of them clearly was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from xltools.kinds.grammar.opposites import opposed

NEAR = 0.8
"""Likeness from which a name is taken for another."""

LEAD = 0.1
"""By how much the likeliest must be ahead of the next."""

_HINT = 0.45
_LEAST_LENGTH = 3
_CONTAINED = 0.92
_LEAST_CONTAINED = 4
_NUMBERS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


class Match(msgspec.Struct, frozen=True):
    """What a name was found as: ``name`` where it is certain enough, else the likeliest ones."""

    name: str = ""
    near: bool = False
    likely: tuple[str, ...] = ()

    @property
    def nearest(self) -> str:
        """The likeliest name, certain or not; "" where none is like it."""
        return self.name or next(iter(self.likely), "")


def near_match(text: str, names: Mapping[str, str]) -> Match:
    """One clear near match among folded names, else the likeliest ones as suggestions."""
    scored = sorted(
        ((likeness(text, folded), name) for folded, name in names.items()),
        key=lambda entry: -entry[0],
    )
    if not scored or scored[0][0] < _HINT:
        return Match()
    best, name = scored[0]
    behind = scored[1][0] if len(scored) > 1 else 0.0
    if best >= NEAR and best - behind >= LEAD:
        return Match(name, near=True)
    floor = max(_HINT, best - LEAD)
    return Match(likely=tuple(one for score, one in scored[:3] if score >= floor))


def likeness(text: str, other: str) -> float:
    """How alike two folded names are, 0–1: 0 for opposites; with other numbers at most a hint."""
    from rapidfuzz.fuzz import ratio

    score: float = ratio(text, other) / 100
    shorter = min(len(text), len(other))
    if shorter >= _LEAST_CONTAINED and (text in other or other in text):
        score = max(score, _CONTAINED)
    if score < _HINT:
        return score
    if opposed(text, other):
        return 0.0
    if shorter < _LEAST_LENGTH or _contradict(text, other):
        return min(score, NEAR - LEAD)
    return score


def _contradict(text: str, other: str) -> bool:
    mine, theirs = _numbers(text), _numbers(other)
    return bool(mine - theirs) and bool(theirs - mine)


@lru_cache(16_384)
def _numbers(text: str) -> frozenset[float]:
    """The numbers in a text; the same texts are compared over and over."""
    return frozenset(float(one.replace(",", "")) for one in _NUMBERS.findall(text))
