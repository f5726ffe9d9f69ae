"""What a package says of itself: custom properties, when it was made and saved."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import msgspec

from xltools.excel.package.archive import Parts
from xltools.excel.package.markup import BadMarkupError, decode_escapes, local, parse
from xltools.excel.reading.xlsx.package_structure import links_of


class Properties(msgspec.Struct):
    """The package's own statements; empty where it makes none, or none that can be read."""

    custom: dict[str, str]
    modified: str
    created: str


def properties_of(parts: Parts) -> Properties:
    """Read both property parts; a damaged one is as good as none."""
    try:
        targets = {link.kind: link.target for link in reversed(links_of(parts, "").values())}
    except BadMarkupError:
        return Properties({}, "", "")
    custom, core = (
        _tree(parts, targets.get(kind, usual))
        for kind, usual in (
            ("custom-properties", "docprops/custom.xml"),
            ("core-properties", "docprops/core.xml"),
        )
    )
    return Properties(
        custom={
            entry.get("name", ""): decode_escapes("".join(entry.itertext()))
            for entry in (custom if custom is not None else ())
        },
        modified=_text(core, "modified"),
        created=_text(core, "created"),
    )


def _tree(parts: Parts, part: str) -> ET.Element | None:
    try:
        return parse(parts[part]) if part in parts else None
    except BadMarkupError:
        return None


def _text(root: ET.Element | None, name: str) -> str:
    for entry in root if root is not None else ():
        if local(entry.tag) == name:
            return (entry.text or "").strip()
    return ""
