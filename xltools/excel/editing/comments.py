"""Comments of an existing sheet: the program's added beside those of others, or removed."""

from __future__ import annotations

from collections.abc import Mapping
from html import unescape

from xltools.excel.cell_text import LONGEST_TEXT, escape, utf16_cut, visible
from xltools.excel.editing.restyled_cells import place_of
from xltools.excel.package.xml_text import Edit, Element, element, root_prefix, spliced
from xltools.ground.cells import CellRef

COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
AUTHOR = "xltools"
SEPARATOR = "――― xltools ―――"  # above our words, alone or below somebody's comment
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_THREADED = "tc="  # the author of a placeholder for a conversation, which Excel ignores
EMPTY_COMMENTS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<comments xmlns="{_MAIN}"><authors></authors><commentList></commentList></comments>'
)


def commented(text: str, notes: Mapping[CellRef, str]) -> tuple[str, list[CellRef]]:
    """The comments part with ours, and the cells that had no comment and so need a shape.

    Somebody's comment is lengthened; a cell with a conversation keeps it as it is.
    """
    prefix = root_prefix(text, "comments")
    authors, listed = element(text, "authors"), element(text, "commentList")
    if authors is None or listed is None:
        raise ValueError("comments")
    names = _author_names(text, authors)
    existing = {
        place_of(found.tag.get("ref") or ""): found for found in listed.children(text, "comment")
    }
    edits: list[Edit] = []
    fresh: list[CellRef] = []
    made = ""
    for cell, note in sorted(notes.items()):
        found = existing.get(str(cell))
        if found is None:
            fresh.append(cell)
            made += _comment(cell, len(names), note, prefix)
        elif not _author_of(found, names).startswith(_THREADED):
            edits += _lengthened(text, found, note, prefix)
    if fresh:
        edits.append(authors.appended(f"<{prefix}author>{AUTHOR}</{prefix}author>"))
        edits.append(listed.appended(made))
    return spliced(text, edits), fresh


def uncommented(text: str) -> tuple[str, set[str], bool]:
    """The part without ours, the cells (A1) that lost theirs, and whether any is left."""
    authors, listed = element(text, "authors"), element(text, "commentList")
    if authors is None or listed is None:
        return text, set(), True
    names = _author_names(text, authors)
    edits: list[Edit] = []
    gone: set[str] = set()
    left = False
    for found in listed.children(text, "comment"):
        if _is_ours(text, found, names):
            gone.add(place_of(found.tag.get("ref") or ""))
            edits.append(found.removed)
        else:
            left = True
            edits += _shortened(text, found)
    return spliced(text, edits), gone, left


def _comment(cell: CellRef, author: int, note: str, prefix: str) -> str:
    p = prefix
    titled = _run(f"{SEPARATOR}\n{note}", p)
    head = f'<{p}comment ref="{cell}" authorId="{author}" shapeId="0">'
    return f"{head}<{p}text>{titled}</{p}text></{p}comment>"


def _is_ours(text: str, found: Element, names: list[str]) -> bool:
    """Some programs forget who wrote a comment, so its first line says it, too."""
    return _author_of(found, names) == AUTHOR or _whole_text(text, found).startswith(SEPARATOR)


def _run(note: str, p: str) -> str:
    font = f'<{p}rPr><{p}sz val="9"/><{p}color indexed="81"/><{p}rFont val="微软雅黑"/></{p}rPr>'
    shown = utf16_cut(visible(note), LONGEST_TEXT // 2)
    return f'<{p}r>{font}<{p}t xml:space="preserve">{escape(shown)}</{p}t></{p}r>'


def _lengthened(text: str, found: Element, note: str, prefix: str) -> list[Edit]:
    body = element(text, "text", found.tag.end, found.inner_end)
    if body is None or body.tag.kind == "empty":
        return []
    edits: list[Edit] = []
    if element(text, "r", body.tag.end, body.inner_end) is None:
        for plain in body.children(text, "t"):
            edits.append((plain.tag.start, plain.tag.start, f"<{prefix}r>"))
            edits.append((plain.end, plain.end, f"</{prefix}r>"))
    addition = _run(f"\n{SEPARATOR}\n{note}", prefix)
    return [*edits, (body.inner_end, body.inner_end, addition)]


def _shortened(text: str, found: Element) -> list[Edit]:
    """Cut what we added, over however many runs a program that saved the file has spread it."""
    at = _whole_text(text, found).find(SEPARATOR)
    if at < 0:
        return []
    edits: list[Edit] = []
    seen = 0
    for run in found.children(text, "r|t"):  # pieces of the text, each with one font
        content = _whole_text(text, run)
        kept = content[: max(0, at - seen)]
        if seen + len(content) >= at:
            kept = kept.rstrip("\n")
        seen += len(content)
        if not kept:
            edits.append(run.removed)
        elif kept != content:
            inner = run if run.tag.name == "t" else element(text, "t", run.tag.end, run.inner_end)
            if inner:
                edits.append((inner.tag.end, inner.inner_end, escape(kept)))
    return edits


def _whole_text(text: str, found: Element) -> str:
    if found.tag.name == "t":
        return unescape(found.inner(text))
    return "".join(unescape(each.inner(text)) for each in found.children(text, "t"))


def _author_names(text: str, authors: Element) -> list[str]:
    return [each.inner(text).strip() for each in authors.children(text, "author")]


def _author_of(found: Element, names: list[str]) -> str:
    number = found.tag.number("authorId")
    return names[number] if number is not None and number < len(names) else ""
