"""Texts as parts of file names that every system takes."""

import re
import unicodedata

_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))
# Windows keeps these for devices, whatever stands behind a dot; ¹²³ count as digits there.
_RESERVED = re.compile(r"(con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?=\s*(?:\.|$))", re.IGNORECASE)
_LOCK_FILE = re.compile(r"^~(?=\$)")  # Office's own begin with ~$, and are not read
_LONGEST, _MOST_BYTES = 80, 140  # Linux takes 255 bytes in all, Windows 260 characters of a path


def safe_name(text: str) -> str:
    """A text as part of a file name on any system."""
    shown = "".join(filter(None, map(_shown, text.translate(_FORBIDDEN))))
    name = _LOCK_FILE.sub("_", " ".join(shown.split()).strip(". "))[:_LONGEST]
    while len(name.encode("utf-8")) > _MOST_BYTES:
        name = name[:-1]
    return _RESERVED.sub(r"\1_", name.strip(". "), count=1) or "_"


def _shown(character: str) -> str:
    """A control character is an underscore; what cannot be seen, or turns text around, goes."""
    kind = unicodedata.category(character)
    if kind == "Cc" and not character.isspace():
        return "_"
    return "" if kind in ("Cf", "Cs") else character
