"""XML changed as text: find tags, change attributes, splice; what is not touched stays as it is.

A parser that writes a tree back loses prefixes, unknown extensions and byte identity.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from xltools.excel.cell_text import escape_attribute

_SKIPPED = r"!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>"
_PREFIX = r"[\w.-]+:"
_ATTRIBUTES = r"""(?:[^<>"'/]++|"[^"]*"|'[^']*'|/(?!>))*+"""  # possessive: never slow
_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_UTF8_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

Edit = tuple[int, int, str]  # from, to, replacement


class Tag(NamedTuple):
    """One tag; ``kind`` is "open", "close" or "empty"."""

    start: int
    end: int
    prefix: str
    name: str
    attributes: str
    kind: str


class Element(NamedTuple):
    """One element: its opening tag and where its content and the whole end."""

    tag: Tag
    inner_end: int
    end: int


def decode(part: bytes) -> str:
    """A part as text, from which ``encode`` makes the same bytes if it was UTF-8."""
    if part.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return part.decode("utf-16", "replace")
    if part[:2] in (b"<\0", b"\0<"):
        return part.decode("utf-16-le" if part[1] == 0 else "utf-16-be", "replace")
    declared = _ENCODING.match(part[:200])
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if encoding in ("utf-8", "utf8", "us-ascii", "ascii", "utf-16"):
        return part.decode("utf-8", "surrogateescape")
    try:
        return part.decode(encoding, "replace")
    except LookupError:
        return part.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Text as a UTF-8 part; a declaration of another encoding is replaced."""
    declared = _DECLARATION.match(text)
    if declared and "encoding" in declared[0] and "utf-8" not in declared[0].lower():
        text = _UTF8_DECLARATION + text[declared.end() :]
    return text.encode("utf-8", "surrogateescape")


def tags(text: str, names: str, start: int = 0, end: int | None = None) -> Iterator[Tag]:
    """Tags whose local name matches ``names`` (``row`` or ``a|b``); comments are skipped."""
    stop = len(text) if end is None else end
    if not any(text.find(name, start, stop) >= 0 for name in names.split("|")):
        return
    for match in _pattern_for(text, names, start, stop).finditer(text, start, stop):
        if match["name"] is None:
            continue
        kind = "close" if match["close"] else "empty" if match["empty"] else "open"
        yield Tag(
            match.start(),
            match.end(),
            match["prefix"] or "",
            match["name"],
            match["attributes"],
            kind,
        )


def elements(text: str, names: str, start: int = 0, end: int | None = None) -> Iterator[Element]:
    """Elements by local name that do not hold others of the same names."""
    opened: Tag | None = None
    for tag in tags(text, names, start, end):
        if tag.kind == "empty":
            if opened is None:
                yield Element(tag, tag.end, tag.end)
        elif tag.kind == "open":
            opened = opened or tag
        elif opened and opened.name == tag.name:
            yield Element(opened, tag.start, tag.end)
            opened = None


def element(text: str, name: str, start: int = 0, end: int | None = None) -> Element | None:
    """The first element of that local name."""
    return next(elements(text, name, start, end), None)


def attribute(attributes: str, name: str) -> str | None:
    """An attribute's value, by its name with prefix."""
    match = _attribute_pattern(name).search(attributes)
    return unescape(match[1] if match[1] is not None else match[2]) if match else None


def local_attribute(attributes: str, name: str) -> str | None:
    """An attribute's value by its local name, whatever the prefix."""
    match = re.search(rf"""\s[\w.-]+:{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", attributes)
    return unescape(match[1] if match[1] is not None else match[2]) if match else None


def with_attribute(attributes: str, name: str, value: str | None) -> str:
    """The attributes with one set, or removed by None."""
    match = _attribute_pattern(name).search(attributes)
    written = "" if value is None else f' {name}="{escape_attribute(value)}"'
    if match:
        return attributes[: match.start()] + written + attributes[match.end() :]
    return attributes.rstrip() + written


def rewritten(tag: Tag, attributes: str, *, kind: str = "") -> str:
    """A tag's text with other attributes."""
    slash = "/" if (kind or tag.kind) == "empty" else ""
    return f"<{tag.prefix}{tag.name}{attributes.rstrip()}{slash}>"


def spliced(text: str, edits: Iterable[Edit]) -> str:
    """The text with non-overlapping edits made; of two at one place the first stands first."""
    pieces: list[str] = []
    at = 0
    for start, end, replacement in sorted(edits, key=lambda edit: (edit[0], edit[1])):
        pieces += [text[at:start], replacement]
        at = end
    return "".join(pieces) + text[at:]


def appended(text: str, parent: str, content: str) -> str:
    """The text with ``content`` as the last child of the first ``parent`` element."""
    found = element(text, parent)
    if found is None:
        raise ValueError(parent)
    tag = found.tag
    if tag.kind == "empty":
        whole = rewritten(tag, tag.attributes, kind="open") + content
        return spliced(text, [(tag.start, tag.end, f"{whole}</{tag.prefix}{tag.name}>")])
    return spliced(text, [(found.inner_end, found.inner_end, content)])


def root_prefix(text: str, name: str) -> str:
    """The prefix with colon that the part's own namespace has, usually none."""
    first = next(tags(text, name), None)
    return first.prefix if first else ""


def _pattern_for(text: str, names: str, start: int, stop: int) -> re.Pattern[str]:
    """The quick expression where nothing can mislead it, as in nearly every part there is."""
    odd = text.find("<!", start, stop) >= 0 or text.find("<?", start + 1, stop) >= 0
    prefixed = any(text.find(f":{name}", start, stop) >= 0 for name in names.split("|"))
    return _pattern(names, odd, prefixed)


@lru_cache(256)
def _pattern(names: str, odd: bool, prefixed: bool) -> re.Pattern[str]:
    prefix = rf"(?P<prefix>{_PREFIX})?" if prefixed else "(?P<prefix>)"
    name = rf"{prefix}(?P<name>{names})(?=[\s/>])"
    tag = rf"(?P<close>/)?{name}(?P<attributes>{_ATTRIBUTES})(?P<empty>/)?>"
    return re.compile(f"<(?:{_SKIPPED}|{tag})" if odd else f"<{tag}", re.DOTALL)


@lru_cache(256)
def _attribute_pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"""\s{re.escape(name)}\s*=\s*(?:"([^"]*)"|'([^']*)')""")
