"""Which member of a team a misspelt name was probably meant to be."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from xltools.ground.folding import fold

_NEAR = 0.8
_LIKE_SOUND = 25
_LEAST_SURE = 0xD7F9
"""The last character of the first level of GB 2312, whose 3,755 stand in the order of sound."""


@lru_cache(16_384)
def near_person(name: str, members: Sequence[str]) -> str:
    """The only member whose name is nearly this one; "" where there is none, or more than one."""
    folded = fold(name)
    near = [member for member in members if _near(folded, fold(member))]
    return near[0] if len(near) == 1 and fold(near[0]) != folded else ""


def _near(name: str, member: str) -> bool:
    from rapidfuzz.fuzz import ratio

    if min(len(name), len(member)) < 2:
        return False
    if len(name) == len(member) < 4 and not name.isascii():
        other = [pair for pair in zip(name, member, strict=True) if pair[0] != pair[1]]
        return not other or (len(other) == 1 and _sound_alike(*other[0]))
    likeness: float = ratio(name, member) / 100
    return likeness >= _NEAR


def _sound_alike(one: str, other: str) -> bool:
    """Whether two characters may be taken for each other by who types their sound: 方 and 芳."""
    first, second = _place(one), _place(other)
    return first is None or second is None or abs(first - second) <= _LIKE_SOUND


def _place(sign: str) -> int | None:
    """Where a common character stands in the order of sound; None for a rare one."""
    code = int.from_bytes(sign.encode("gb2312", "ignore") or b"\xff")
    if not 0xB0A1 <= code <= _LEAST_SURE:
        return None
    return (code // 256 - 0xB0) * 94 + code % 256 - 0xA1
