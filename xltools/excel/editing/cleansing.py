"""Removes what is active from a workbook that is sent back: macros, objects, links.

Only what would run, fetch or hide something is left out; cells keep the values that they show. All
other parts stay byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from xltools.excel.package.archive import part_name as part_key
from xltools.excel.package.workbook_package import (
    TYPES_PART,
    NotEditableError,
    Package,
    Relationship,
)
from xltools.excel.package.xml_text import Edit, elements, root_prefix, spliced, tags
from xltools.excel.reading.foreign_content import may_reach_out, part_kind, reaches_out

# Relationships by the last word of their type, and the kind of content that is reported to the team
_KINDS = {
    "vbaProject": "macro",
    "vbaProjectSignature": "macro",
    "wordVbaData": "macro",
    "externalLink": "link",
    "externalLinkPath": "link",
    "oleObject": "object",
    "package": "object",
    "control": "object",
    "activeXControlBinary": "object",
    "connections": "connection",
    "queryTable": "connection",
    "volatileDependencies": "connection",
    "webextension": "extension",
    "webextensiontaskpanes": "extension",
    "extensibility": "extension",
    "userCustomization": "extension",
    "attachedToolbars": "extension",
}
_FINDINGS = {
    "macro": "macro",
    "external-link": "link",
    "active-control": "object",
    "embedded-object": "object",
    "connection": "connection",
    "web-extension": "extension",
}
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_TEXTS = "/sharedstrings.xml"  # read even where nothing refers to it
_BROKEN = "#REF!"  # as Excel writes a reference to what is gone
_EMPTY_CHOICE = re.compile(
    r"<(mc:AlternateContent)\b[^>]*>\s*<(mc:Choice)\b[^>]*>\s*</\2>\s*"
    r"(?:<mc:Fallback\s*/>|<mc:Fallback\b[^>]*>\s*</mc:Fallback>)?\s*</\1>"
)


def cleaned(content: bytes) -> tuple[bytes, list[str]]:
    """The workbook without what acts, and the kinds of what was left out; NotEditableError.

    The very bytes where there is nothing of the kind.
    """
    try:
        package = Package(content)
        left_out = set(_Cleansing(package).run())
        return (package.save() if left_out else content), sorted(left_out)
    except (ValueError, KeyError, IndexError) as fault:
        raise NotEditableError(str(fault)) from fault


class _Cleansing:
    """One package while what acts is taken out of it."""

    def __init__(self, package: Package) -> None:
        self._package = package

    def run(self) -> Iterator[str]:
        """Leave out what acts; the kinds of it."""
        before = self._reached()
        yield from self._links()
        parts = self._reached()
        for part, kind in parts.items():
            if part.lower().endswith((".xml", ".vml")):
                yield from self._commands(part, kind)
        yield from self._unreached(set(map(part_key, before)))

    def _reached(self) -> dict[str, str]:
        """Every part that relationships lead to, and as what."""
        found: dict[str, str] = {}
        waiting = [""]
        while waiting:
            for link in self._package.relationships(waiting.pop()):
                if not link.external and link.target in self._package and link.target not in found:
                    found[link.target] = link.kind
                    waiting.append(link.target)
        return found

    def _links(self) -> Iterator[str]:
        """Take out relationships to what acts, and do not look behind them."""
        seen: set[str] = set()
        waiting = [("", "")]
        while waiting:
            part, kind = waiting.pop()
            for link in self._package.relationships(part):
                why = self._why(link)
                if why:
                    yield why
                    self._drop(part, kind, link)
                elif not link.external and link.target in self._package and link.target not in seen:
                    seen.add(link.target)
                    waiting.append((link.target, link.kind))

    def _why(self, link: Relationship) -> str:
        """What a relationship leads to, if it is something that acts; else nothing."""
        if link.kind.lower().endswith(("macrosheet", "dialogsheet")):
            raise NotEditableError(link.kind)  # a sheet of commands cannot be taken out alone
        if link.external:
            kind = _KINDS.get(link.kind, "link")
            return "" if link.kind == "hyperlink" else kind
        if link.target not in self._package:
            return ""
        head = self._package.read(link.target)[:8]
        acts = head == _OLE or head.startswith(_ZIP)
        why = _KINDS.get(link.kind) or _FINDINGS.get(part_kind(part_key(link.target)))
        if why == "link" and b"ddeLink" in self._package.read(link.target):
            return "dde"
        return why or ("object" if acts else "")

    def _drop(self, part: str, kind: str, link: Relationship) -> None:
        """Take out a relationship and the places in its part that need it."""
        if part:
            text = self._package.text(part)
            plain = _without_reference(text, kind, link)
            if plain != text:
                self._package.replace(part, plain)
        self._package.unrelate(part, link.id)

    def _commands(self, part: str, kind: str) -> Iterator[str]:
        """Formulas that lead outside and calls of macros, in a part that stays."""
        text = self._package.text(part)
        if kind == "pivotCacheDefinition" and re.search(r"""\stype\s*=\s*["']external""", text):
            raise NotEditableError(part)  # nothing but its connection says what it holds
        formulas, calls = list(_outside_formulas(text, kind)), list(_macro_calls(text))
        if formulas or calls:
            self._package.replace(part, spliced(text, formulas + calls))
        if formulas:
            yield "link"
            self._forget_order()
        if calls:
            yield "macro"

    def _forget_order(self) -> None:
        """Drop the order of calculation, which lists cells that have no formula any more."""
        for part, kind in self._reached().items():
            for link in self._package.relationships(part) if kind == "officeDocument" else ():
                if link.kind == "calcChain":
                    self._package.unrelate(part, link.id)

    def _unreached(self, reached: set[str]) -> Iterator[str]:
        """Members to which nothing in the package refers, and those of which that was the case."""
        now = {part_key(TYPES_PART), *map(part_key, self._reached())}
        now |= {name for name in map(part_key, self._package.names) if name.endswith(_TEXTS)}
        for name in self._package.names:
            key = part_key(name)
            owner = _owner(key)
            if key in now or owner in {"", *now}:
                continue
            self._package.remove(name)
            if key not in reached and owner not in reached and not key.endswith("/"):
                yield _FINDINGS.get(part_kind(key), "unknown")


def _owner(key: str) -> str | None:
    """The part whose relationships a member lists; None for any other member."""
    folder, _, name = key.rpartition("/")
    if not name.endswith(".rels") or not f"/{folder}".endswith("/_rels"):
        return None
    return f"{folder.removesuffix('_rels')}{name.removesuffix('.rels')}"


def _without_reference(text: str, kind: str, link: Relationship) -> str:
    """A part without the elements that name a relationship."""
    if kind in ("officeDocument", "worksheet", "table"):
        text = _without(text, "externalReferences|oleObjects|controls|picture", link.id)
        text = _EMPTY_CHOICE.sub("", text)
        return spliced(text, _queries(text)) if link.kind == "queryTable" else text
    if kind == "chart":
        return _without(text, "externalData", link.id)
    if kind in ("drawing", "chartUserShapes"):
        return spliced(text, _remote_pictures(text, link.id))
    if f'"{link.id}"' in text or f"'{link.id}'" in text:
        raise NotEditableError(link.target)  # a part of another program, with ways of its own
    return text


def _without(text: str, names: str, reference: str) -> str:
    """The text without elements of these names in which a relationship is named."""
    quoted = re.compile(rf"""[\s:]id\s*=\s*["']{re.escape(reference)}["']""")
    gone = [
        one.removed for one in elements(text, names) if quoted.search(text, one.tag.start, one.end)
    ]
    return spliced(text, gone)


def _queries(text: str) -> Iterator[Edit]:
    """A table filled by a query becomes a plain one."""
    for tag in tags(text, "table"):
        if tag.get("tableType") == "queryTable":
            yield tag.changed("tableType", None)


def _remote_pictures(text: str, reference: str) -> Iterator[Edit]:
    """Pictures that would be fetched keep what is stored of them."""
    for tag in tags(text, "blip"):
        if tag.get_local("link") == reference:
            plain = re.sub(r"""\s[\w.-]+:link\s*=\s*("[^"]*"|'[^']*')""", "", tag.attributes)
            yield tag.start, tag.end, tag._replace(attributes=plain).written()


def _outside_formulas(text: str, kind: str) -> Iterator[Edit]:
    if not may_reach_out(text):
        return
    own = root_prefix(text, "worksheet") if kind == "worksheet" else None
    shared: set[str] = set()
    for one in elements(text, "f|formula|formula1|formula2|definedName"):
        is_cell = one.tag.name == "f" and one.tag.prefix == own
        number = one.tag.get("si")
        inner = one.inner(text)
        if may_reach_out(inner) and reaches_out(unescape(inner)):
            if is_cell and number:
                shared.add(number)
            begin = one.tag.start if is_cell else one.tag.end
            end = one.end if is_cell else one.inner_end
            yield begin, end, "" if is_cell else _BROKEN
        elif is_cell and number in shared:
            yield one.removed


def _macro_calls(text: str) -> Iterator[Edit]:
    """Shapes that would call a macro when they are clicked."""
    if "macro" not in text and "FmlaMacro" not in text:
        return
    for tag in tags(text, "sp|pic|graphicFrame|cxnSp|grpSp"):
        if tag.get("macro"):
            yield tag.changed("macro", "")
    for one in elements(text, "FmlaMacro"):
        yield one.removed
