"""Changes to a finished workbook, made in its parts as Excel makes them; cached values stay."""

from __future__ import annotations

import re
from datetime import datetime

from xltools.excel.editing.sheet_list import BookList
from xltools.excel.package.workbook_package import Package
from xltools.ground.cells import quote_sheet


def rename_sheet(content: bytes, *, old: str, new: str) -> bytes:
    """Give a sheet another title; whatever refers to it follows."""
    package = Package(content)
    titled = f'<sheet name="{old}"'
    reference = re.compile(rf"(?<!\w)('?){re.escape(old)}\1!")
    for part in package.names:
        if not part.endswith(".xml"):
            continue
        text = package.text(part)
        changed = text.replace(titled, f'<sheet name="{new}"')
        changed = reference.sub(f"{quote_sheet(new)}!", changed)
        if changed != text:
            package.replace(part, changed)
    return package.save()


def saved_at(content: bytes, when: datetime) -> bytes:
    """Note when the workbook was last saved, as Excel does."""
    package = Package(content)
    modified = re.compile(r"(<dcterms:modified[^>]*>)[^<]*")
    text = package.text("docProps/core.xml")
    package.replace("docProps/core.xml", modified.sub(rf"\g<1>{when.isoformat()}Z", text))
    return package.save()


def type_formula(content: bytes, *, sheet: str, cell: str, formula: str) -> bytes:
    """Put a formula in front of the value that a cell shows."""
    package = Package(content)
    part = BookList(package).part_of(sheet)
    value = re.compile(rf'(<c r="{cell}"[^>]*>)(<v>)')
    text, count = value.subn(rf"\g<1><f>{formula}</f>\g<2>", package.text(part))
    if count != 1:
        raise ValueError(f"{sheet}!{cell}")
    package.replace(part, text)
    return package.save()
