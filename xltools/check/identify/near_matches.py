"""Near misses: the known name that a text was probably meant to be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from xltools.kinds.grammar.opposites import opposed

SIMILAR = 0.8
"""Similarity from which a name is taken for another."""

MARGIN = 0.1
"""By how much the most similar name must be ahead of the next."""

_SUGGESTED = 0.45
_LEAST_LENGTH = 3
_WHEN_CONTAINED = 0.92
_LEAST_CONTAINED = 4
_NUMBERS = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


class Match(msgspec.Struct, frozen=True):
    """A found name, or "" and the ``likely`` ones; ``near`` where it is not exactly the same."""

    name: str = ""
    near: bool = False
    likely: tuple[str, ...] = ()

    @property
    def nearest(self) -> str:
        """The likeliest name, certain or not; "" where none is like it."""
        return self.name or next(iter(self.likely), "")


def near_match(text: str, names: Mapping[str, str]) -> Match:
    """The one folded name (key of ``names``) clearly similar to a text, else the likeliest."""
    scored = sorted(
        ((similarity(text, folded), name) for folded, name in names.items()),
        key=lambda entry: -entry[0],
    )
    if not scored or scored[0][0] < _SUGGESTED:
        return Match()
    best, name = scored[0]
    behind = scored[1][0] if len(scored) > 1 else 0.0
    if best >= SIMILAR and best - behind >= MARGIN:
        return Match(name, near=True)
    floor = max(_SUGGESTED, best - MARGIN)
    return Match(likely=tuple(one for score, one in scored[:3] if score >= floor))


def similarity(text: str, other: str) -> float:
    """How similar two folded names are, 0–1; 0 for opposites, little where numbers differ."""
    from rapidfuzz.fuzz import ratio

    score: float = ratio(text, other) / 100
    shorter = min(len(text), len(other))
    if shorter >= _LEAST_CONTAINED and (text in other or other in text):
        score = max(score, _WHEN_CONTAINED)
    if score < _SUGGESTED:
        return score
    if opposed(text, other):
        return 0.0
    if shorter < _LEAST_LENGTH or _contradict(text, other):
        return min(score, SIMILAR - MARGIN)
    return score


def _contradict(text: str, other: str) -> bool:
    mine, theirs = _numbers(text), _numbers(other)
    return bool(mine - theirs) and bool(theirs - mine)


@lru_cache(16_384)
def _numbers(text: str) -> frozenset[float]:
    """The numbers in a text; cached, as every name is compared with every other."""
    return frozenset(float(one.replace(",", "")) for one in _NUMBERS.findall(text))
