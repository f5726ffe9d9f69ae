"""An existing workbook as a package of parts: change a few, the others stay byte for byte."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import NamedTuple
from urllib.parse import unquote
from zipfile import ZipFile

from xltools.excel.cell_text import escape_attribute
from xltools.excel.package.archive import DAMAGE
from xltools.excel.package.archive import part_name as part_key
from xltools.excel.package.xml_text import (
    appended,
    decode,
    element,
    elements,
    encode,
    root_prefix,
    spliced,
    tags,
)
from xltools.excel.package.zip_writer import Member, ZipWriter, members

TYPES_PART = "[Content_Types].xml"
_RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MOST_REMEMBERED = 64 * 1024
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class NotEditableError(Exception):
    """The package is not built as a workbook is, so that it cannot be changed safely."""


class Relationship(NamedTuple):
    """What a part refers to; ``kind`` is the last word of the type, ``target`` a part's name."""

    id: str
    kind: str
    type: str
    target: str
    external: bool


class Package:
    """Parts of a workbook by name, whatever their case; ``save`` gives the new bytes."""

    def __init__(self, content: bytes) -> None:
        try:
            self._members = {part_key(member.name): member for member in members(content)}
            self._archive = ZipFile(BytesIO(content))
        except DAMAGE as fault:
            raise NotEditableError(str(fault)) from fault
        self._changed: dict[str, bytes | None] = {}
        self._added: dict[str, str] = {}
        self._inflated: dict[str, bytes] = {}

    @property
    def names(self) -> list[str]:
        """The parts' names, in the order in which they are stored."""
        kept = [
            m.name for key, m in self._members.items() if self._changed.get(key, b"") is not None
        ]
        return kept + [name for key, name in self._added.items() if self._changed[key] is not None]

    def __contains__(self, name: str) -> bool:
        key = part_key(name)
        if key in self._changed:
            return self._changed[key] is not None
        return key in self._members

    def read(self, name: str) -> bytes:
        """A part's content; KeyError where there is none."""
        key = part_key(name)
        if key in self._changed:
            content = self._changed[key]
            if content is None:
                raise KeyError(name)
            return content
        try:
            if key not in self._inflated:
                self._inflated[key] = self._archive.read(self._members[key].info)
            return self._inflated[key]
        except DAMAGE as fault:
            raise NotEditableError(str(fault)) from fault

    def text(self, name: str) -> str:
        """A part's content as text."""
        return decode(self.read(name))

    def replace(self, name: str, content: bytes | str) -> None:
        """Give an existing part new content."""
        if name not in self:
            raise KeyError(name)
        self._changed[part_key(name)] = encode(content) if isinstance(content, str) else content

    def add(self, name: str, content: bytes | str, content_type: str = "") -> None:
        """Add a part, with an entry for its type unless its extension says it all."""
        if name in self:
            raise ValueError(name)
        key = part_key(name)
        if key not in self._members:
            self._added[key] = name
        self._changed[key] = encode(content) if isinstance(content, str) else content
        if content_type:
            types = self.text(TYPES_PART)
            prefix = root_prefix(types, "Types")
            entry = f'<{prefix}Override PartName="/{escape_attribute(name)}" '
            entry += f'ContentType="{content_type}"/>'
            self.replace(TYPES_PART, appended(types, "Types", entry))

    def remove(self, name: str) -> None:
        """Drop a part, its relationships and the entry for its type."""
        self._changed[part_key(name)] = None
        if _relationships_part(name) in self:
            self._changed[part_key(_relationships_part(name))] = None
        types = self.text(TYPES_PART)
        gone = [
            (tag.start, tag.end, "")
            for tag in tags(types, "Override")
            if part_key(tag.get("PartName") or "") == part_key(name)
        ]
        if gone:
            self.replace(TYPES_PART, spliced(types, gone))

    def declare_extension(self, extension: str, content_type: str) -> None:
        """Say what parts with that extension are, unless it is said already."""
        types = self.text(TYPES_PART)
        if any((tag.get("Extension") or "").lower() == extension for tag in tags(types, "Default")):
            return
        root = element(types, "Types")
        if root is None or root.tag.kind == "empty":
            raise NotEditableError(TYPES_PART)
        entry = f'<{root.tag.prefix}Default Extension="{extension}" ContentType="{content_type}"/>'
        self.replace(TYPES_PART, spliced(types, [(root.tag.end, root.tag.end, entry)]))

    def relationships(self, part: str) -> list[Relationship]:
        """What a part refers to; ``""`` is the package itself."""
        listed = _relationships_part(part)
        if listed not in self:
            return []
        folder, content = posixpath.dirname(part), self.read(listed)
        # Large ones are odd: a process of days does not hold on to them.
        parsed = _parsed_relationships
        parse = parsed if len(content) <= _MOST_REMEMBERED else parsed.__wrapped__
        return [
            Relationship(
                name,
                kind.rpartition("/")[2],
                kind,
                target if external else self._resolve(folder, target),
                external,
            )
            for name, kind, target, external in parse(content)
        ]

    def relate(self, part: str, kind: str, target: str, base: str = _OFFICE) -> str:
        """Make a part refer to another; the new relationship's id."""
        listed = _relationships_part(part)
        if listed not in self:
            self.add(
                listed,
                f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
                f'<Relationships xmlns="{_RELATIONSHIPS}"></Relationships>',
            )
            self.declare_extension("rels", _RELATIONSHIPS_TYPE)
        taken = {each.id for each in self.relationships(part)}
        name = next(name for name in map("rIdX{}".format, range(1, 99_999)) if name not in taken)
        text = self.text(listed)
        prefix = root_prefix(text, "Relationships")
        address = escape_attribute("/" + target)
        entry = f'<{prefix}Relationship Id="{name}" Type="{base}/{kind}" Target="{address}"/>'
        self.replace(listed, appended(text, "Relationships", entry))
        return name

    def unrelate(self, part: str, name: str) -> None:
        """Drop a relationship."""
        listed = _relationships_part(part)
        text = self.text(listed)
        links = elements(text, "Relationship")
        gone = [found.removed for found in links if found.tag.get("Id") == name]
        self.replace(listed, spliced(text, gone))

    def save(self) -> bytes:
        """The package: untouched parts copied raw in their order, new ones behind them."""
        return self._saved(self._changed)

    def stamped(self, replacements: Mapping[str, bytes]) -> bytes:
        """The package with some parts replaced; the package itself stays as it is."""
        missing = [name for name in replacements if name not in self]
        if missing:
            raise KeyError(missing[0])
        new = {part_key(name): content for name, content in replacements.items()}
        return self._saved({**self._changed, **new})

    def _saved(self, changed: Mapping[str, bytes | None]) -> bytes:
        stream = BytesIO()
        writer = ZipWriter(stream)
        for key, member in self._members.items():
            if key not in changed:
                writer.copy(member)
            else:
                _write(writer, member.name, changed[key])
        for key, name in self._added.items():
            _write(writer, name, changed[key])
        writer.finish()
        return stream.getvalue()

    def _resolve(self, folder: str, target: str) -> str:
        target = target.replace("\\", "/")
        joined = target if target.startswith("/") else posixpath.join(folder, target)
        name = posixpath.normpath(joined).lstrip("/")
        found = self._actual(name) or self._actual(unquote(name))
        return found or name

    def _actual(self, name: str) -> str:
        """The part's name in its own case, or "" where there is none."""
        key = part_key(name)
        member: Member | None = self._members.get(key)
        if name not in self:
            return ""
        return member.name.replace("\\", "/").lstrip("/") if member else self._added[key]


# By content, so that it holds whichever package asks; nobody changes it; see `relationships` for
# its bound, and it is safe in threads.
@lru_cache(256)
def _parsed_relationships(part: bytes) -> list[tuple[str, str, str, bool]]:
    """Id, type, target and whether it is outside, of every relationship."""
    found = []
    for tag in tags(decode(part), "Relationship"):
        if tag.kind != "close":
            names = ("Id", "Type", "Target", "TargetMode")
            name, kind, target, mode = (tag.get(each) or "" for each in names)
            found.append((name, kind, target, mode.lower() == "external"))
    return found


def _write(writer: ZipWriter, name: str, content: bytes | None) -> None:
    if content is not None:
        writer.add(name, content)


def _relationships_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
