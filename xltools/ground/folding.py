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
"""Characters that nobody sees; programs and web pages leave them in what is copied from them."""

_DECORATION = re.compile(rf"[\s*{INVISIBLE}]+")


@lru_cache(65_536)
def fold(text: str) -> str:
    """A text as it compares: NFKC width, lower case, without white space and required-marks."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", text)).casefold()
