"""Comparing what people type: width, case, spaces and decoration do not count."""

import re
import unicodedata
from functools import lru_cache

INVISIBLE = "".join(
    chr(code)
    for first, last in (
        (0xAD, 0xAD),  # soft hyphen
        (0x61C, 0x61C),  # marks of the direction of writing, here and below
        (0x180E, 0x180E),
        (0x200B, 0x200F),  # spaces and joiners without width
        (0x202A, 0x202E),
        (0x2060, 0x206F),
        (0xFE00, 0xFE0F),  # which picture of a sign is meant
        (0xFEFF, 0xFEFF),  # byte order mark
    )
    for code in range(first, last + 1)
)
"""Invisible characters, which programs and web pages leave in copied text."""

LONGEST_REMEMBERED = 100
"""Characters of a text for which answers are remembered: a cell may hold 32,767."""

_DECORATION = re.compile(rf"[\s*{INVISIBLE}]+")


def fold(text: str) -> str:
    """A text for comparing: NFKC, lower case, without white space and asterisks."""
    return _folded(text) if len(text) <= LONGEST_REMEMBERED else _folded.__wrapped__(text)


# A pure function, safe in threads, and of short texts alone: some 20 MB in a process of days.
@lru_cache(65_536)
def _folded(text: str) -> str:
    return _DECORATION.sub("", unicodedata.normalize("NFKC", text)).casefold()
