"""Text for cells: characters that XML forbids are replaced, texts too long are cut."""

from __future__ import annotations

import re

LONGEST_TEXT = 32_767  # UTF-16 units in one cell; Excel cuts the rest without a word
LONGEST_FORMULA = 8_192
CLIP_MARK = " …✂"
FORMULA_STARTERS = "=+-@"

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LOOKALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_CONTROL_PICTURES = 0x2400


def visible(text: str) -> str:
    """Control characters as their pictures (␀), lone surrogates as ``\\ud800``."""
    if text.isprintable():
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSAFE.sub(_picture, text) if _UNSAFE.search(text) else text


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code == 0x7F:
        return "␡"
    return chr(_CONTROL_PICTURES + code) if code < 0x20 else f"\\u{code:04x}"


def utf16_length(text: str) -> int:
    """The length as Excel counts it: a character beyond the basic plane is two."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_cut(text: str, units: int) -> str:
    """The longest beginning of ``text`` that fits ``units``, never half a character."""
    if utf16_length(text) <= units:
        return text
    used = 0
    for index, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > units:
            return text[:index]
    return text


def clipped(text: str) -> str:
    """``text`` cut to a cell's limit with a visible mark at the cut."""
    return utf16_cut(text, LONGEST_TEXT - utf16_length(CLIP_MARK)) + CLIP_MARK


def fitting(text: str) -> str:
    """``text`` as a cell can hold it: cut, with a mark, only where it is too long for any cell."""
    shown = visible(text)
    return clipped(shown) if utf16_length(shown) > LONGEST_TEXT else shown


def starts_formula(text: str) -> bool:
    """Whether a program could take the text for a formula."""
    return text[:1] in FORMULA_STARTERS if text else False


def escape(text: str) -> str:
    """Cleaned text as XML character data; a literal ``_x0041_`` stays literal."""
    if "_x" in text:
        text = _ESCAPE_LOOKALIKE.sub("_x005F_", text)
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def escape_attribute(text: str) -> str:
    """Cleaned text as an XML attribute between double quotes."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def text_element(text: str) -> str:
    """A text as ``<t>``, which the XML of cells and of shared strings has in common."""
    space = ' xml:space="preserve"' if keeps_space(text) else ""
    return f"<t{space}>{escape(text)}</t>"


def keeps_space(text: str) -> bool:
    """Whether a reader would trim the text unless told to preserve its white space."""
    return bool(text) and (text[0].isspace() or text[-1].isspace() or "\n" in text or "  " in text)
