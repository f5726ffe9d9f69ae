"""Which member of a team a misspelt name was probably meant to be."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from xltools.ground.folding import fold
from xltools.kinds.grammar.sound_alike import sound_alike

_NEAR = 0.8


# A pure function of names, bounded and safe in threads: the same are misspelt again and again.
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
        return not other or (len(other) == 1 and sound_alike(*other[0]))
    likeness: float = ratio(name, member) / 100
    return likeness >= _NEAR
