"""XML changed as text: find tags, change attributes, splice; all else stays byte for byte.

A parser that writes a tree back loses prefixes, unknown extensions and byte identity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from xltools.excel.cell_text import escape_attribute
from xltools.excel.package.markup import encoding_of

_SKIPPED = r"!--.*?-->|!\[CDATA\[.*?\]\]>|\?.*?\?>"
_PREFIX = r"[\w.-]+:"
_ATTRIBUTES = r"""(?:[^<>"'/]++|"[^"]*"|'[^']*'|/(?!>))*+"""  # possessive: never slow
_DECLARATION = re.compile(r"^\ufeff?\s*<\?xml[^>]*\?>")
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

    def get(self, name: str) -> str | None:
        """An attribute's value, by its name with prefix."""
        match = _attribute_pattern(name).search(self.attributes)
        return unescape(match[1] if match[1] is not None else match[2]) if match else None

    def get_local(self, name: str) -> str:
        """An attribute's value by its local name, whatever the prefix; "" where there is none."""
        pattern = rf"""\s[\w.-]+:{name}\s*=\s*(?:"([^"]*)"|'([^']*)')"""
        match = re.search(pattern, self.attributes)
        return unescape(match[1] if match[1] is not None else match[2]) if match else ""

    def number(self, name: str) -> int | None:
        """A whole number in an attribute; None for anything else."""
        value = self.get(name)
        return int(value) if value and value.isdigit() else None

    def having(self, name: str, value: str | None) -> Tag:
        """The tag with one attribute set, or removed by None."""
        match = _attribute_pattern(name).search(self.attributes)
        written = "" if value is None else f' {name}="{escape_attribute(value)}"'
        start, end = match.span() if match else (len(self.attributes.rstrip()),) * 2
        rest = self.attributes[end:] if match else ""
        return self._replace(attributes=self.attributes[:start] + written + rest)

    def written(self, kind: str = "") -> str:
        """The tag's text."""
        slash = "/" if (kind or self.kind) == "empty" else ""
        return f"<{self.prefix}{self.name}{self.attributes.rstrip()}{slash}>"

    def changed(self, name: str, value: str | None) -> Edit:
        """The edit that sets an attribute, or removes it by None."""
        return self.start, self.end, self.having(name, value).written()


class Element(NamedTuple):
    """One element: its opening tag and where its content and the whole end."""

    tag: Tag
    inner_end: int
    end: int

    @property
    def removed(self) -> Edit:
        """The edit that takes the element out."""
        return self.tag.start, self.end, ""

    def inner(self, text: str) -> str:
        """The content as it stands in the text."""
        return text[self.tag.end : self.inner_end]

    def children(self, text: str, names: str) -> Iterator[Element]:
        """The elements inside by local name."""
        return elements(text, names, self.tag.end, self.inner_end)

    def appended(self, content: str) -> Edit:
        """The edit that puts ``content`` at the end of the element."""
        tag = self.tag
        if tag.kind != "empty":
            return self.inner_end, self.inner_end, content
        whole = f"{tag.written('open')}{content}</{tag.prefix}{tag.name}>"
        return tag.start, tag.end, whole


def decode(part: bytes) -> str:
    """A part as text, from which ``encode`` makes the same bytes if it was UTF-8."""
    encoding = encoding_of(part)
    try:
        return part.decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")
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
    return spliced(text, [found.appended(content)])


def root_prefix(text: str, name: str) -> str:
    """The prefix with colon that the part's own namespace has, usually none."""
    first = next(tags(text, name), None)
    return first.prefix if first else ""


def _pattern_for(text: str, names: str, start: int, stop: int) -> re.Pattern[str]:
    """The faster expression where no comment or prefix can mislead it, as in nearly all parts."""
    odd = text.find("<!", start, stop) >= 0 or text.find("<?", start + 1, stop) >= 0
    prefixed = any(text.find(f":{name}", start, stop) >= 0 for name in names.split("|"))
    return _pattern(names, odd, prefixed)


# Compiled expressions are constant and safe in threads; the names are those in this program.
@lru_cache(256)
def _pattern(names: str, odd: bool, prefixed: bool) -> re.Pattern[str]:
    prefix = rf"(?P<prefix>{_PREFIX})?" if prefixed else "(?P<prefix>)"
    name = rf"{prefix}(?P<name>{names})(?=[\s/>])"
    tag = rf"(?P<close>/)?{name}(?P<attributes>{_ATTRIBUTES})(?P<empty>/)?>"
    return re.compile(f"<(?:{_SKIPPED}|{tag})" if odd else f"<{tag}", re.DOTALL)


@lru_cache(256)
def _attribute_pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"""\s{re.escape(name)}\s*=\s*(?:"([^"]*)"|'([^']*)')""")
