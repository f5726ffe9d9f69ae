"""How a package hangs together: which part is which sheet, and what the workbook says of itself."""

from __future__ import annotations

import posixpath
import xml.etree.ElementTree as ET
from urllib.parse import unquote

import msgspec

from xltools.errors import FileRefused
from xltools.excel.package.archive import Parts, part_name
from xltools.excel.package.markup import BadMarkupError, local, parse

MOST_SHEETS = 2_000  # the largest real workbook had 1,024


class Link(msgspec.Struct):
    """One relationship of a part."""

    kind: str  # the last word of the relationship's type
    target: str  # a part's name, or an address outside
    external: bool


class SheetPart(msgspec.Struct):
    """One sheet as the workbook lists it; ``part`` is empty where the relationship dangles."""

    title: str
    index: int
    state: str
    kind: str  # "worksheet" | "chartsheet" | "dialogsheet" | "xlMacrosheet" | ""
    part: str
    linked: bool = True  # modules of old macros are listed without a part of their own


class Structure(msgspec.Struct):
    """The parts that reading cells needs, by name, and the workbook's own statements."""

    workbook: str
    sheets: list[SheetPart]
    names: dict[str, str]
    date_1904: bool
    uncalculated: bool  # it says itself that its formulas' results are not up to date
    strings: str
    styles: str


def structure(parts: Parts) -> Structure:
    """Find the workbook part, its sheets, strings and styles."""
    workbook = _workbook_part(parts)
    root = parse(parts[workbook])
    links = links_of(parts, workbook)
    sheets = _sheets(root, links, parts)
    if not sheets:
        raise FileRefused("file-unreadable", "refused.no_sheets")
    if len(sheets) > MOST_SHEETS:
        raise FileRefused(
            "file-too-large", "refused.many_sheets", count=len(sheets), limit=MOST_SHEETS
        )
    return Structure(
        workbook=workbook,
        sheets=sheets,
        names=_names(root, sheets),
        date_1904=_date_1904(root),
        uncalculated=_uncalculated(root),
        strings=_linked(links, "sharedStrings", workbook, parts),
        styles=_linked(links, "styles", workbook, parts),
    )


def links_of(parts: Parts, part: str) -> dict[str, Link]:
    """Relationships of a part (``""`` for the package), by id; none when the list is broken."""
    folder, _, name = part.rpartition("/")
    listed = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    if listed is None:
        return {}
    links: dict[str, Link] = {}
    for entry in parse(listed):
        target, external = entry.get("Target", ""), entry.get("TargetMode", "").lower()
        links[entry.get("Id", "")] = Link(
            kind=entry.get("Type", "").rpartition("/")[2],
            target=target if external == "external" else _resolve(folder, target, parts),
            external=external == "external",
        )
    return links


def _resolve(folder: str, target: str, parts: Parts) -> str:
    target = target.replace("\\", "/")
    joined = target if target.startswith("/") else posixpath.join(folder, target)
    name = part_name(posixpath.normpath(joined))
    return name if name in parts else part_name(unquote(name))


def _workbook_part(parts: Parts) -> str:
    try:
        links = links_of(parts, "")
    except BadMarkupError:
        links = {}
    for link in links.values():
        if link.kind == "officeDocument" and link.target in parts:
            return link.target
    for name in ("xl/workbook.xml", "workbook.xml"):
        if name in parts:
            return name
    named = sorted(name for name in parts if name.endswith("workbook.xml"))
    if not named:
        raise FileRefused("file-unreadable", "refused.no_workbook_part")
    return named[0]


def _sheets(root: ET.Element, links: dict[str, Link], parts: Parts) -> list[SheetPart]:
    found: list[SheetPart] = []
    for group in root.iter():
        if local(group.tag) != "sheets":
            continue
        for entry in group:
            if local(entry.tag) != "sheet":
                continue
            link = links.get(_link_id(entry))
            state = entry.get("state", "visible")
            found.append(
                SheetPart(
                    title=entry.get("name", ""),
                    index=len(found),
                    state=state if state in ("hidden", "veryHidden") else "visible",
                    kind=link.kind if link else "",
                    part=link.target if link and link.target in parts else "",
                    linked=_link_id(entry) != "",
                )
            )
        break
    return found


def _link_id(entry: ET.Element) -> str:
    return next((value for key, value in entry.items() if key.endswith("}id")), "")


def _names(root: ET.Element, sheets: list[SheetPart]) -> dict[str, str]:
    """Defined names; one that belongs to a sheet is keyed ``title!name``."""
    names: dict[str, str] = {}
    for entry in root.iter():
        if local(entry.tag) != "definedName":
            continue
        scope = entry.get("localSheetId", "")
        key = entry.get("name", "")
        if scope.isascii() and scope.isdigit() and int(scope) < len(sheets):
            key = f"{sheets[int(scope)].title}!{key}"
        names.setdefault(key, entry.text or "")
    return names


def _date_1904(root: ET.Element) -> bool:
    for entry in root:
        if local(entry.tag) == "workbookPr":
            return entry.get("date1904", "").lower() in ("1", "true", "on")
    return False


def _uncalculated(root: ET.Element) -> bool:
    """On manual calculation, Excel notes whether it had calculated when it saved."""
    for entry in root:
        if local(entry.tag) == "calcPr" and entry.get("calcMode") == "manual":
            return entry.get("calcCompleted", "").lower() in ("0", "false")
    return False


def _linked(links: dict[str, Link], kind: str, workbook: str, parts: Parts) -> str:
    """The part of that kind, be it there or not; where none is linked, the one usually so named."""
    linked = [link.target for link in links.values() if link.kind == kind and not link.external]
    usual = part_name(posixpath.join(posixpath.dirname(workbook), f"{kind}.xml"))
    found = [name for name in [*linked, usual] if name in parts]
    return next(iter(found + linked), "")
