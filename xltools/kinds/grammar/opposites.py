"""Words that differ by little and mean opposites: 有效 and 无效, 华东 and 华北, up and down."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile

from xltools.ground.folding import LONGEST_REMEMBERED

_DENIALS = frozenset("无非未不没免否")
_GROUPS = tuple(
    frozenset(signs)
    for signs in (
        *("有无", "增减降缩", "升降", "涨跌", "高低", "上下", "新老旧", "内外", "进出", "入出"),
        *("收支", "买卖", "大小", "多少", "前后", "正负", "左右", "早晚迟", "开关闭", "盈亏"),
        *("好差坏", "首末尾", "快慢", "强弱", "长短", "加减", "赢输", "东南西北中", "甲乙丙丁"),
        *("一二三四五六七八九十", "男女", "直间", "公私", "软硬", "主次", "优劣"),
    )
)
_PAIRS = tuple(
    re.compile(rf"(?:{one})|({other})")
    for one, other in (
        ("online", "offline"),
        ("inbound", "outbound"),
        ("increase", "decrease"),
        ("in(?=come)", "out(?=come)"),
        ("new", "old"),
        ("with(?!out)", "without"),
        ("up", "down"),
        ("more", "less"),
        ("gain|won|win", "loss|lost|lose"),
        ("high", "low"),
        ("internal", "external"),
        ("before", "after"),
        ("north|east", "south|west"),
        ("north|south", "east|west"),
    )
)
_DENIED = re.compile(r"(?:un|in|im|ir|non-?|dis|not|no)")


def opposed(text: str, other: str) -> bool:
    """Whether two folded texts contradict each other where they differ."""
    short = len(text) + len(other) <= LONGEST_REMEMBERED
    return _opposed(text, other) if short else _opposed.__wrapped__(text, other)


# A pure function of short texts, bounded and safe in threads: the same names are compared often.
@lru_cache(16_384)
def _opposed(text: str, other: str) -> bool:
    mine, theirs = _differing(text, other)
    if bool(_DENIALS & set(mine)) != bool(_DENIALS & set(theirs)):
        return True
    if not (mine and theirs):
        return _DENIED.fullmatch(mine + theirs) is not None
    for group in _GROUPS:
        one, two = group & set(mine), group & set(theirs)
        if one - two and two - one:
            return True
    return text.isascii() and other.isascii() and _says_other(text, other)


def _differing(text: str, other: str) -> tuple[str, str]:
    """What stands between the beginning and the end that two texts share."""
    head = _shared(text, other)
    mine, theirs = text[head:], other[head:]
    tail = _shared(mine[::-1], theirs[::-1])
    return mine[: len(mine) - tail], theirs[: len(theirs) - tail]


def _shared(text: str, other: str) -> int:
    """How many signs two texts have in common at their beginning."""
    pairs = zip(text, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _says_other(text: str, other: str) -> bool:
    """Whether one text holds a word and the other, in its place, that word's opposite."""
    for pair in _PAIRS:
        one, two = pair.search(text), pair.search(other)
        opposite = one and two and bool(one[1]) != bool(two[1])
        if opposite and pair.sub("", text, count=1) == pair.sub("", other, count=1):
            return True
    return False
