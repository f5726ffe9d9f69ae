"""Decodes XML parts and their escapes; refuses what XML allows and workbooks must not hold."""

from __future__ import annotations

import codecs
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from xml.parsers import expat

from xltools.errors import FileRefused

# XML allows no control characters but tab, line feed and carriage return; some exporters let
# them through, and then every strict reader refuses the sheet.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CONTROL_BYTES = bytes(range(9)) + b"\x0b\x0c" + bytes(range(14, 32))
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
# Letters and brackets have no need of a reference; what a formula calls may hide behind one.
_ODD_REFERENCE = re.compile(
    r"&(?!(?:lt|gt|amp|quot|apos|#(?:[1-9][0-9]{3,6}|0*(?:9|1[03]|3[2-9]|6[02])|[2-9][0-9]{2}"
    r"|1(?:2[89]|[3-9][0-9]))|#x0*(?:9|[aAdD]|2[0-7]|3[cCeE]|[89a-fA-F][0-9a-fA-F]"
    r"|[1-9a-fA-F][0-9a-fA-F]{2,5}));)"
)
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_SURROGATE = re.compile("[\ud800-\udfff]")


class BadMarkupError(Exception):
    """A part is not well-formed XML, or not text at all."""


def text_of(part: bytes) -> str:
    """The part decoded; refuses document type declarations."""
    encoding = encoding_of(part)
    try:
        text = part.decode(encoding)
    except (UnicodeDecodeError, LookupError) as fault:
        raise BadMarkupError(str(fault)) from fault
    text = text.removeprefix("\ufeff")
    refuse_declarations(text)
    return text


def may_have_controls(part: bytes) -> bool:
    """A quick look, to spare most parts the search in their text."""
    return len(part.translate(None, _CONTROL_BYTES)) != len(part)


def without_controls(text: str) -> str:
    """The text without the control characters that XML forbids; itself when it has none."""
    return _CONTROLS.sub("", text)


def refuse_declarations(text: str) -> None:
    """A document type or entity has no business in a workbook; it only serves attacks."""
    if "!" in text and ("<!DOCTYPE" in text or "<!ENTITY" in text):
        raise FileRefused("file-refused", "refused.entities")


def parse(part: bytes) -> ET.Element:
    """The part as a tree; names keep their namespaces, see ``local``."""
    try:
        return ET.fromstring(text_of(part))
    except ET.ParseError as fault:
        raise BadMarkupError(str(fault)) from fault


def walk(
    text: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    characters: Callable[[str], None],
) -> None:
    """Tell of each element's start and end and of the text between, names as ``namespace name``.

    Raises BadMarkupError.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    try:
        parser.Parse(text, True)
    except expat.ExpatError as fault:
        raise BadMarkupError(str(fault)) from fault


def local(tag: str) -> str:
    """A name without its namespace: programs use two, and prefixes of their own."""
    return tag.rpartition("}")[2]


def unescape(text: str) -> str:
    """``&lt;`` and ``&#10;`` back into characters."""
    return _REFERENCE.sub(_referred, text) if "&" in text else text


def has_odd_references(text: str) -> bool:
    """Whether some ``&`` begins no reference that XML itself defines and programs write."""
    return _ODD_REFERENCE.search(text) is not None


def _referred(match: re.Match[str]) -> str:
    if match[1]:
        return _NAMED[match[1]]
    code = int(match[2]) if match[2] else int(match[3], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def decode_escapes(text: str) -> str:
    """``_x000D_`` back into the character that Excel wrote so."""
    if "_x" not in text:
        return text
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    if _SURROGATE.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def encoding_of(part: bytes) -> str:
    """The encoding that a part's first bytes or its declaration state; UTF-8 without either."""
    if part.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if part.startswith(b"<\x00"):
        return "utf-16-le"
    if part.startswith(b"\x00<"):
        return "utf-16-be"
    declared = _DECLARED.match(part[:200])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    return "utf-8" if name in ("utf-8", "utf8", "us-ascii", "ascii", "utf-16") else name
