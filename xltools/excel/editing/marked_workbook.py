"""A team's own workbook with faulty cells marked and a first sheet that lists the issues.

Only the parts that must change are touched: the sheets with marks, their comments, the styles and
the list of sheets. Everything else is copied byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from xltools.excel.editing import comment_boxes, comments, restyled_cells
from xltools.excel.editing.issue_sheet import CellLink, IssueLine, IssueSheet, rendered
from xltools.excel.editing.sheet_list import BookList, empty_workbook
from xltools.excel.editing.stylesheet import EMPTY_STYLES, STYLES_TYPE, Stylesheet
from xltools.excel.identity import ISSUES_NAME
from xltools.excel.package.workbook_package import NotEditableError, Package
from xltools.excel.package.xml_text import elements
from xltools.excel.titles import sheet_title
from xltools.ground.cells import CellRef, quote_sheet

# Colours that nobody picks by chance: they tell our fills from those of the team
FILLS = {"error": "FFFBD5D6", "warning": "FFFEE9B3"}
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


class Mark(msgspec.Struct, frozen=True):
    """One cell to mark; several marks of one cell share its comment."""

    cell: CellRef
    fill: Literal["error", "warning"]
    comment: str


def mark_cells(content: bytes, marks: Mapping[str, Sequence[Mark]], sheet: IssueSheet) -> bytes:
    """The workbook with marks by sheet title and the list of issues in front; old marks go."""
    try:
        package = Package(content)
        remove_marks(package)
        book = BookList(package)
        styles = Stylesheet(_styles_text(package, book))
        for title, wanted in marks.items():
            part = book.part_of(title)
            if part and wanted:
                _mark_sheet(package, book, part, wanted, styles)
        _add_issue_sheet(package, book, sheet, styles)
        package.replace(book.styles_part, styles.text)
        return package.save()
    except (ValueError, KeyError, IndexError) as fault:
        raise NotEditableError(str(fault)) from fault


def issues_alone(sheet: IssueSheet) -> bytes:
    """A workbook of nothing but the list, which leads nowhere, for files that cannot be edited."""
    package = Package(empty_workbook())
    book = BookList(package)
    styles = Stylesheet(_styles_text(package, book))
    lines = [
        IssueLine([one.text if isinstance(one, CellLink) else one for one in line.cells], line.tone)
        for line in sheet.lines
    ]
    _add_issue_sheet(package, book, msgspec.structs.replace(sheet, lines=lines), styles)
    package.replace(book.styles_part, styles.text)
    return package.save()


def _mark_sheet(
    package: Package, book: BookList, part: str, wanted: Sequence[Mark], styles: Stylesheet
) -> None:
    tones: dict[CellRef, str] = {}
    notes: dict[CellRef, list[str]] = {}
    for mark in wanted:
        worse = "error" in (mark.fill, tones.get(mark.cell))
        tones[mark.cell] = "error" if worse else "warning"
        if mark.comment and mark.comment not in notes.setdefault(mark.cell, []):
            notes[mark.cell].append(mark.comment)

    def style_for(cell: CellRef, style: int) -> int:
        return styles.filled(style, FILLS[tones[cell]])

    package.replace(part, restyled_cells.restyled(package.text(part), tones, style_for))
    texts = {cell: "\n".join(lines) for cell, lines in notes.items() if lines}
    if texts:
        _comment(package, book, part, texts)


def _comment(package: Package, book: BookList, part: str, notes: Mapping[CellRef, str]) -> None:
    linked = {each.kind: each for each in package.relationships(part)}
    if "comments" in linked:
        place = linked["comments"].target
    else:
        place = book.free_name("xl/comments{}.xml")
        empty = book.in_its_words(comments.EMPTY_COMMENTS)
        package.add(place, empty, comments.COMMENTS_TYPE)
        package.relate(part, "comments", place, book.namespace)
    text, fresh = comments.commented(package.text(place), notes)
    package.replace(place, text)
    if not fresh:
        return
    if "vmlDrawing" in linked and "<legacyDrawing " in package.text(part):
        drawing = _legacy_target(package, part)
    else:
        drawing = book.free_name("xl/drawings/vmlDrawing{}.vml")
        package.declare_extension("vml", comment_boxes.VML_TYPE)
        package.add(drawing, comment_boxes.empty_shapes(book.drawing_number(drawing)))
        made = package.relate(part, "vmlDrawing", drawing, book.namespace)
        sheet = restyled_cells.with_legacy_drawing(package.text(part), made, book.namespace)
        package.replace(part, sheet)
    package.replace(
        drawing,
        comment_boxes.with_shapes(package.text(drawing), {cell: notes[cell] for cell in fresh}),
    )


def _add_issue_sheet(
    package: Package, book: BookList, sheet: IssueSheet, styles: Stylesheet
) -> None:
    title = sheet_title(sheet.title, book.titles)
    for part in book.parts:
        text = package.text(part)
        plain = restyled_cells.deselected(text)
        if plain != text:
            package.replace(part, plain)
    place = book.free_name("xl/worksheets/issues{}.xml")
    listed = book.in_its_words(rendered(sheet, styles, styles.pairs))
    package.add(place, listed, _SHEET_TYPE)
    book.insert_first(title, place, ISSUES_NAME, f"{quote_sheet(title)}!$A$1")


def remove_marks(package: Package) -> bool:
    """Take out what we added before; whether there was anything."""
    book = BookList(package)
    ours = book.part_named(ISSUES_NAME)
    removed = _restore_fills(package, book, ours)
    for part in book.parts:
        if part != ours:
            removed |= _uncomment(package, part)
    if ours or book.has_name(ISSUES_NAME):
        book.remove_sheet(ours, ISSUES_NAME)
        removed = True
    return removed


def _restore_fills(package: Package, book: BookList, ours: str) -> bool:
    """Restore the fills of marked styles: from the issue sheet, else from an equal style."""
    if not book.styles_part:
        return False
    text = package.text(book.styles_part)
    if not any(color in text.upper() for color in FILLS.values()):
        return False
    styles = Stylesheet(text)
    marked = set(styles.styles_with_fill(set(FILLS.values())))
    if not marked:
        return False
    origins = _kept_styles(package.text(ours)) if ours else {}
    for style in marked:
        origin = origins.get(style)
        if origin is None or origin in marked:
            origin = styles.twin(style, marked)
        styles.set_fill(style, 0 if origin is None else styles.fill_of(origin))
    package.replace(book.styles_part, styles.text)
    return True


def _kept_styles(text: str) -> dict[int, int]:
    """Marked style → original, from the hidden cells of our sheet."""
    kept: dict[int, int] = {}
    for row in elements(text, "row"):
        numbers = [
            int(cell.tag.get("s") or 0)
            for cell in row.children(text, "c")
            if (cell.tag.get("r") or "").startswith(("AA", "AB"))
        ]
        if len(numbers) == 2:
            kept[numbers[1]] = numbers[0]
    return kept


def _uncomment(package: Package, part: str) -> bool:
    linked = package.relationships(part)
    listed = next((each for each in linked if each.kind == "comments"), None)
    if listed is None or listed.target not in package:
        return False
    before = package.text(listed.target)
    text, gone, left = comments.uncommented(before)
    if text == before:
        return False
    if left:
        package.replace(listed.target, text)
    else:
        package.remove(listed.target)
        package.unrelate(part, listed.id)
    _remove_boxes(package, part, gone)
    return True


def _remove_boxes(package: Package, part: str, gone: set[str]) -> None:
    drawing = _legacy_target(package, part)
    if not drawing or not gone:
        return
    text, left = comment_boxes.without_shapes(package.text(drawing), gone)
    if left:
        package.replace(drawing, text)
        return
    link = next(each for each in package.relationships(part) if each.target == drawing)
    package.remove(drawing)
    package.unrelate(part, link.id)
    package.replace(part, restyled_cells.without_legacy_drawing(package.text(part)))


def _legacy_target(package: Package, part: str) -> str:
    """The drawing of the sheet's comments; headers may have one of their own."""
    wanted = restyled_cells.legacy_relationship(package.text(part))
    for each in package.relationships(part):
        if each.id == wanted and each.target in package:
            return each.target
    return ""


def _styles_text(package: Package, book: BookList) -> str:
    if not book.styles_part:
        place = "xl/styles.xml"  # some readers look nowhere else
        package.add(place, book.in_its_words(EMPTY_STYLES), STYLES_TYPE)
        package.relate(book.part, "styles", place, book.namespace)
    return package.text(book.styles_part)
