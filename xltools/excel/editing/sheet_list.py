"""The list of sheets of an existing workbook: one put in front, or taken away."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import count

from xltools.excel.cell_text import escape, escape_attribute
from xltools.excel.package.workbook_package import TYPES_PART, NotEditableError, Package
from xltools.excel.package.xml_text import (
    Edit,
    Element,
    Tag,
    element,
    elements,
    root_prefix,
    spliced,
    tags,
)
from xltools.excel.package.zip_writer import ZipWriter

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT, _STRICT_MAIN = "http://purl.oclc.org/", "http://purl.oclc.org/ooxml/spreadsheetml/main"
_TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
# What may stand before the defined names in a workbook
_BEFORE_NAMES = "externalReferences|functionGroups|sheets"


def empty_workbook() -> bytes:
    """A package with a workbook that has no sheet yet."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    package = "http://schemas.openxmlformats.org/package/2006"
    types = (
        f'{head}<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    )
    start = (
        f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{_TRANSITIONAL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    book = f'{head}<workbook xmlns="{_MAIN}"><sheets></sheets></workbook>'
    stream = BytesIO()
    writer = ZipWriter(stream)
    for name, text in ((TYPES_PART, types), ("_rels/.rels", start), ("xl/workbook.xml", book)):
        writer.add(name, text.encode())
    writer.finish()
    return stream.getvalue()


class BookList:
    """Sheets, names and views of the workbook part; every change is stored at once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        start = next((r for r in package.relationships("") if r.kind == "officeDocument"), None)
        if start is None or start.target not in package:
            raise NotEditableError("officeDocument")
        self.part = start.target
        self.namespace = start.type.rpartition("/")[0] or _TRANSITIONAL

    def in_its_words(self, part: str) -> str:
        """A new part for this workbook: one that Excel saved as strict has other namespaces."""
        return part.replace(_MAIN, _STRICT_MAIN) if self.namespace.startswith(_STRICT) else part

    @property
    def styles_part(self) -> str:
        """The name of the part that holds the styles, or ""."""
        linked = self._package.relationships(self.part)
        found = (each.target for each in linked if each.kind == "styles")
        return next((target for target in found if target in self._package), "")

    @property
    def titles(self) -> list[str]:
        """The sheets' titles in order."""
        return [tag.get("name") or "" for tag in self._sheet_tags()]

    @property
    def parts(self) -> list[str]:
        """The parts of ordinary sheets; a chart sheet has no cells."""
        linked = {each.id: each for each in self._package.relationships(self.part)}
        found = [linked.get(tag.get_local("id")) for tag in self._sheet_tags()]
        return [
            each.target
            for each in found
            if each and each.kind == "worksheet" and each.target in self._package
        ]

    def part_of(self, title: str) -> str:
        """The part of the first ordinary sheet with that title, or ""."""
        for tag in self._sheet_tags():
            if tag.get("name") == title:
                return self._target(tag)
        return ""

    def part_named(self, name: str) -> str:
        """The part of the sheet that a defined name refers to, or ""."""
        for found in self._names():
            if found.tag.get("name") == name:
                text = found.inner(self._text)
                for tag in self._sheet_tags():
                    title = tag.get("name") or ""
                    quoted = escape("'" + title.replace("'", "''") + "'")
                    if text.startswith((f"{quoted}!", f"{escape(title)}!", f"${quoted}.")):
                        return self._target(tag)
        return ""

    def has_name(self, name: str) -> bool:
        """Whether a defined name exists."""
        return any(found.tag.get("name") == name for found in self._names())

    def free_name(self, pattern: str) -> str:
        """A name for a new part, with a number that is not taken."""
        return next(name for name in map(pattern.format, count(1)) if name not in self._package)

    def drawing_number(self, place: str) -> int:
        """A number for the ids of a new drawing, beyond those of all sheets."""
        digits = re.sub(r"\D", "", place.rpartition("/")[2])
        return len(self.titles) + int(digits or 1)

    def insert_first(self, title: str, place: str, name: str, refers_to: str) -> None:
        """Put a sheet in front, shown when the workbook opens, with a hidden name for it."""
        relationship = self._package.relate(self.part, "worksheet", place, self.namespace)
        text = self._text
        prefix = root_prefix(text, "workbook")
        ids = [int(tag.get("sheetId") or 0) for tag in self._sheet_tags()]
        sheets = element(text, "sheets")
        if sheets is None:
            raise NotEditableError("sheets")
        entry = (
            f'<{prefix}sheet name="{escape_attribute(title)}" sheetId="{max(ids, default=0) + 1}" '
            f'xmlns:r="{self.namespace}" r:id="{relationship}"/>'
        )
        edits = [(sheets.tag.end, sheets.tag.end, entry), *self._shifted(1), *self._views(0)]
        text = spliced(text, edits)
        self._store(_with_name(text, prefix, name, refers_to))

    def remove_sheet(self, place: str, name: str) -> None:
        """Take away a sheet with everything that refers to it."""
        gone = [tag for tag in self._sheet_tags() if place and self._target(tag) == place]
        edits: list[Edit] = []
        index = self._sheet_tags().index(gone[0]) if gone else -1
        if gone:
            whole = element(self._text, "sheet", gone[0].start)
            edits.append((gone[0].start, whole.end if whole else gone[0].end, ""))
        for found in self._names():
            scope = found.tag.number("localSheetId")
            if found.tag.get("name") == name or (gone and scope == index):
                edits.append(found.removed)
            elif gone and scope is not None and scope > index:
                edits.append(found.tag.changed("localSheetId", str(scope - 1)))
        if gone:
            edits += self._views(-1)
        relationship = gone[0].get_local("id") if gone else ""
        self._store(_without_empty_names(spliced(self._text, edits)))
        if gone:
            self._package.remove(place)
            self._package.unrelate(self.part, relationship)

    @property
    def _text(self) -> str:
        return self._package.text(self.part)

    def _store(self, text: str) -> None:
        self._package.replace(self.part, text)

    def _sheet_tags(self) -> list[Tag]:
        sheets = element(self._text, "sheets")
        return [found.tag for found in sheets.children(self._text, "sheet")] if sheets else []

    def _names(self) -> list[Element]:
        return list(elements(self._text, "definedName"))

    def _target(self, tag: Tag) -> str:
        for each in self._package.relationships(self.part):
            if each.id == tag.get_local("id") and each.kind == "worksheet":
                return each.target if each.target in self._package else ""
        return ""

    def _shifted(self, by: int) -> list[Edit]:
        """Names of single sheets follow their sheets to the new places."""
        scopes = [(found.tag, found.tag.number("localSheetId")) for found in self._names()]
        return [
            tag.changed("localSheetId", str(scope + by))
            for tag, scope in scopes
            if scope is not None
        ]

    def _views(self, change: int) -> list[Edit]:
        """Open on the first sheet; after a removal on the one that was open."""
        edits: list[Edit] = []
        for tag in tags(self._text, "workbookView"):
            if tag.kind == "close":
                continue
            changed = tag
            for name in ("activeTab", "firstSheet"):
                number = tag.number(name)
                shifted = max(0, number + change) if number is not None and change else 0
                if tag.get(name):
                    changed = changed.having(name, str(shifted) if shifted else None)
            edits.append((tag.start, tag.end, changed.written()))
        return edits


def _with_name(text: str, prefix: str, name: str, refers_to: str) -> str:
    entry = (
        f'<{prefix}definedName name="{name}" hidden="1">{escape(refers_to)}</{prefix}definedName>'
    )
    names = element(text, "definedNames")
    if names:
        return spliced(text, [names.appended(entry)])
    whole = f"<{prefix}definedNames>{entry}</{prefix}definedNames>"
    last = max(found.end for found in elements(text, _BEFORE_NAMES))
    return spliced(text, [(last, last, whole)])


def _without_empty_names(text: str) -> str:
    names = element(text, "definedNames")
    return spliced(text, [names.removed]) if names and not names.inner(text).strip() else text
