"""Chinese characters that whoever types their sound may take for each other: 方 and 芳."""

from __future__ import annotations

from functools import lru_cache

_REACH = 25
_FIRST, _LEAST_SURE = 0xB0A1, 0xD7F9
"""Where the first level of GB 2312 begins and ends: 3,755 characters in the order of sound."""
_ROW = 94


def sound_alike(one: str, other: str) -> bool:
    """Whether two characters are near each other in the order of sound; rare ones have no place."""
    first, second = _place(one), _place(other)
    return first is None or second is None or abs(first - second) <= _REACH


# A pure function of single characters, bounded and safe in threads.
@lru_cache(4096)
def alike(sign: str) -> str:
    """The common characters that sound like this one; none for a rare one."""
    place = _place(sign)
    if place is None:
        return ""
    near = range(max(0, place - _REACH), place + _REACH + 1)
    codes = (_FIRST + 0x100 * (at // _ROW) + at % _ROW for at in near if at != place)
    return "".join(code.to_bytes(2).decode("gb2312") for code in codes if code <= _LEAST_SURE)


def _place(sign: str) -> int | None:
    """Where a common character stands in the order of sound; None for a rare one."""
    code = int.from_bytes(sign.encode("gb2312", "ignore") or b"\xff")
    if not _FIRST <= code <= _LEAST_SURE:
        return None
    return (code - _FIRST) // 0x100 * _ROW + code % 0x100 - _FIRST % 0x100
