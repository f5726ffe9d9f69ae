"""Typed text before it is parsed: character width, spaces, words for "nothing"."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from xltools.ground.folding import INVISIBLE

_SPACES = " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
_SPACES += "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

TRIMMED = _SPACES + INVISIBLE
"""Characters that do not count at either end of a text."""

_NARROW: dict[int, int | str | None] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{ord(space): " " for space in _SPACES},
    **{ord(unseen): None for unseen in INVISIBLE},
    **{ord(minus): "-" for minus in "−﹣‐‑"},
    ord("￥"): "¥",
    ord("∶"): ":",
    ord("﹪"): "%",
}

_BLANK = re.compile(r"-{0,3}|[—–―]{1,3}|/|无|暂无|n/?a|n\.a\.|none", re.IGNORECASE)
_SHOWN_LENGTH = 40
ERROR_NAMES = (
    "|#N/A|#DIV/0!|#NAME?|#NULL!|#NUM!|#REF!|#VALUE!|#SPILL!|#CALC!|#FIELD!|#GETTING_DATA|"
    "#BLOCKED!|#CONNECT!|#UNKNOWN!|#BUSY!|"
)
"""What programs show in place of a value; pasted as a text it still is none."""

_ERROR_NUMBER = re.compile(r"Err:5[0-9]{2}")  # LibreOffice
ERROR_NUMBER = 'AND(LEFT(TRIM({cell}),5)="Err:5",LEN(TRIM({cell}))=7)'  # to a live check
_LISTED = re.compile(r"[、,，;；/\n|]+")


def narrow(text: str) -> str:
    """The text in half-width characters, with plain spaces, trimmed; nothing else is changed."""
    return text.translate(_NARROW).strip()


def typed(text: str) -> str:
    """`narrow`, without the apostrophe by which people make a spreadsheet keep a text."""
    return narrow(text).lstrip("'‘’`").lstrip()


def is_blank(text: str) -> bool:
    """Whether a narrowed text says that there is nothing: ``-``, ``—``, ``无``, ``N/A``."""
    return _BLANK.fullmatch(text) is not None


def names_error(text: str) -> bool:
    """Whether a trimmed text is the name of an error: ``#DIV/0!``, ``Err:502``."""
    return f"|{text}|" in ERROR_NAMES or _ERROR_NUMBER.fullmatch(text) is not None


def brief(text: str) -> str:
    """A text short enough to stand inside a sentence."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_LENGTH else line[: _SHOWN_LENGTH - 1] + "…"


def digits(number: float | Decimal) -> str:
    """A number written out in full: no exponent, no trailing zeros."""
    plain = format(Decimal(repr(number)) if isinstance(number, float) else number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def shown(raw: object, percent: bool = False) -> str:
    """A raw cell as the user sees it."""
    if raw is None:
        return ""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, int | float):
        return _number(raw, percent)
    if isinstance(raw, datetime):
        return raw.isoformat(" ") if raw.time() != time() else raw.date().isoformat()
    return raw.isoformat() if isinstance(raw, date | time) else _span(raw)


def _number(raw: int | float, percent: bool) -> str:
    number = Decimal(raw)
    if not number.is_finite():
        return str(raw)
    # A spreadsheet shows fifteen significant digits; what follows is the noise of binary fractions.
    if isinstance(raw, float):
        number = Decimal(format(raw, ".15g"))
    elif raw.bit_length() > 1024:
        return format(number, ".15e")
    return digits(number.scaleb(2)) + "%" if percent else digits(number)


def _span(raw: object) -> str:
    if not isinstance(raw, timedelta):
        return str(raw)
    minutes, seconds = divmod(raw.total_seconds(), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{seconds:02g}"


def listed(text: object) -> list[str]:
    """The words of a list in one cell."""
    words = _LISTED.split(text) if isinstance(text, str) else []
    return [word.strip() for word in words if word.strip()]
