"""Comparing what people type: width, case, spaces and decoration do not count."""

import re
import unicodedata
from functools import lru_cache

_DECORATION = re.compile(r"[\s*\u200b\ufeff]+")


@lru_cache(65_536)
def fold(text: str) -> str:
    """A text as it compares: NFKC width, lower case, without white space and required-marks."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", text)).casefold()
