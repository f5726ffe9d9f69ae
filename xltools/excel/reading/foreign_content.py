"""What a workbook holds besides cells: links, macros, remote pictures; none is followed."""

from __future__ import annotations

import re

import msgspec

from xltools.excel.package.archive import Parts
from xltools.excel.package.markup import BadMarkupError, unescape
from xltools.excel.reading.cells.cell_places import Formulas
from xltools.excel.reading.xlsx.package_structure import SheetPart, links_of
from xltools.ground.cells import column_letters

_FUNCTIONS = ("WEBSERVICE", "FILTERXML", "RTD", "CALL", "REGISTER", "EXEC", "IMAGE")
_REACHES_OUT = re.compile(rf"\b(?:{'|'.join(_FUNCTIONS)})(?:\.ID)?\s*\(", re.IGNORECASE)
# [1]Sheet1!A1 and '[1]Sheet 1'!A1, [Book.xlsx]Sheet1!A1, and program|topic!item
_OUTSIDE = re.compile(
    r"(?<![\w\]])\[\d+\][^\[\]]*!|\[[^\[\]]+\.xl\w+\]|\b[a-z]\w*\|(?:'[^']*'|\w+)!", re.IGNORECASE
)
_SIGNS = (*_FUNCTIONS, "[", "|")  # one of these stands in every formula that is looked for
_SAME_DIGITS = str.maketrans("0123456789", "4" * 10)
_LITERALS = re.compile('"[^"]*"')
# A sign may be written as the number of its character
_HIDDEN_SIGN = re.compile(
    r"&#(?:x0*[2-7][0-9a-f]|0*(?:3[2-9]|[4-9]\d|1[01]\d|12[0-7]));", re.IGNORECASE
)
_PART_KINDS = [
    ("vbaproject.bin", "macro"),
    ("xl/externallinks/externallink", "external-link"),
    ("xl/activex/", "active-control"),
    ("xl/embeddings/", "embedded-object"),
    ("xl/connections.xml", "connection"),
    ("xl/querytables/", "connection"),
    ("xl/webextensions/", "web-extension"),
]


class Finding(msgspec.Struct):
    """Something unusual in a file: what it is and where it stands."""

    kind: str
    where: str


def package_findings(parts: Parts, sheets: list[SheetPart]) -> list[Finding]:
    """Parts and links that a plain filled-in workbook does not have."""
    found = [Finding(kind, name) for name in parts if (kind := part_kind(name))]
    found += [
        Finding("macro", sheet.title)
        for sheet in sheets
        if sheet.kind.lower().endswith("macrosheet")
    ]
    for name, content in parts.items():
        if name.endswith(".rels") and b"xternal" in content:
            found += _outside_links(parts, name)
        elif "externallink" in name and b"ddeLink" in content:
            found.append(Finding("dde", name))
    return found


def part_kind(name: str) -> str:
    """What a part is, by its name in small letters, if it is one that acts; else nothing."""
    if name.endswith(".rels"):
        return ""
    for start, kind in _PART_KINDS:
        if start in name if start.endswith(".bin") else name.startswith(start):
            return kind
    return ""


def has_pictures(parts: Parts) -> bool:
    """Whether errors with metadata are pictures in cells, as newer Excel stores them.

    It stores its newer errors alike, and lists which of the two a workbook has.
    """
    listed = parts.get("xl/richdata/rdrichvaluestructure.xml", b"")
    return not listed or b"_localImage" in listed or b"_webImage" in listed


def _outside_links(parts: Parts, listing: str) -> list[Finding]:
    part = listing.replace("_rels/", "").removesuffix(".rels")
    try:
        links = links_of(parts, part)
    except BadMarkupError:
        return [Finding("links-unreadable", listing)]
    return [
        Finding("remote-image" if link.kind == "image" else "outside-part", part)
        for link in links.values()
        if link.external and link.kind != "hyperlink"
    ]


def sheet_findings(title: str, formulas: Formulas) -> list[Finding]:
    """Formulas that would fetch or run something."""
    written = {words for rows in formulas.columns.values() for words in rows.values()}
    if not may_reach_out("\n".join(written)):
        return []
    # Of fours a reference to a letter stays one, as in &#44444; most formulas differ in digits.
    bare = {words: words.translate(_SAME_DIGITS) for words in written}
    kinds = {same: reaches_out(unescape(same)) for same in set(bare.values())}
    reaching = {words: kind for words, same in bare.items() if (kind := kinds[same])}
    found = sorted(
        (row, column, words)
        for column, rows in formulas.columns.items()
        for row, words in rows.items()
        if words in reaching
    )
    return [
        Finding(reaching[words], f"{title}!{column_letters(column)}{row}")
        for row, column, words in found
    ]


def may_reach_out(markup: str) -> bool:
    """Whether markup may hold such a formula: one look spares looking at each of them."""
    upper = markup.upper()
    return any(sign in upper for sign in _SIGNS) or _HIDDEN_SIGN.search(markup) is not None


def reaches_out(formula: str) -> str:
    """The kind of finding that a formula is; empty for those that stay inside the workbook."""
    if not any(sign in formula.upper() for sign in _SIGNS):
        return ""
    bare = _LITERALS.sub('""', formula)
    if _REACHES_OUT.search(bare):
        return "formula-reaches-out"
    return "formula-links-outside" if _OUTSIDE.search(bare) else ""
