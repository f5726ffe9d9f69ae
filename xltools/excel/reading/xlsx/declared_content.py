"""What a sheet declares beside its values: dropdowns, limits, formats, comments, formulas.

Only drafting asks for it. Of the cells the first rows tell enough; of an ``.xls``, ``.xlsb`` or
``.ods`` nothing is declared that would be read here.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import msgspec

from xltools.excel.package.archive import Parts
from xltools.excel.package.markup import BadMarkupError, local, parse, text_of, without_controls
from xltools.excel.reading.cells.cell_places import Spot
from xltools.excel.reading.cells.cell_styles import is_on
from xltools.excel.reading.cells.number_formats import Shown, built_in
from xltools.excel.reading.cells.surroundings import Box
from xltools.excel.reading.xlsx.package_structure import links_of, structure
from xltools.ground.cells import LAST_COLUMN, LAST_ROW, CellRef

_ROWS = 60  # whose cells are looked at for formats and formulas
_MOST_RANGES = 5_000
_ROW = re.compile(r"<(?:\w+:)?row[ >]")
_CODES = {
    Shown.DATE: "yyyy-mm-dd",
    Shown.MOMENT: "yyyy-mm-dd hh:mm",
    Shown.TIME: "hh:mm",
    Shown.DURATION: "[h]:mm",
    Shown.PERCENT: "0%",
}
_CELLS_END = re.compile(r"</(?:\w+:)?sheetData>")


class Validation(msgspec.Struct, frozen=True):
    """An input check: what Excel calls its type, its bounds or list, where it holds, its words."""

    kind: str
    operator: str
    first: str
    second: str
    ranges: tuple[Box, ...]
    prompt: str
    error: str
    strict: bool
    """Whether what does not fit is refused; else it is only warned of."""


class Highlight(msgspec.Struct, frozen=True):
    """A conditional format by formula; ``red`` where it paints a cell as faulty ones are."""

    ranges: tuple[Box, ...]
    formula: str
    red: bool


class Declared(msgspec.Struct):
    """What one sheet declares; places are (row, column) from 1."""

    validations: list[Validation] = []
    highlights: list[Highlight] = []
    comments: dict[Spot, str] = {}
    codes: dict[Spot, str] = {}
    formulas: dict[Spot, str] = {}
    unlocked: set[Spot] = set()
    tables: dict[str, Box] = {}
    """Excel tables by name, headers included."""
    frozen: int = 0
    """How many rows stay in sight above the others."""
    protected: bool = False


def read_declared(parts: Parts) -> dict[str, Declared]:
    """What each sheet of a package declares, by title; nothing where it cannot be read."""
    built = structure(parts)
    styles = _styles(parts.get(built.styles, b""))
    return {
        sheet.title: _sheet(parts, sheet.part, styles)
        for sheet in built.sheets
        if sheet.part and sheet.kind not in ("chartsheet", "dialogsheet")
    }


def _sheet(parts: Parts, part: str, styles: _Styles) -> Declared:
    try:
        root = ET.fromstring(_shortened(without_controls(text_of(parts[part]))))
    except (BadMarkupError, ET.ParseError):
        return Declared()
    found = Declared()
    for element in root.iter():
        match local(element.tag):
            case "dataValidation":
                found.validations += _validation(element)
            case "conditionalFormatting":
                found.highlights += _highlights(element, styles)
            case "pane" if element.get("state", "").startswith("frozen"):
                found.frozen = int(float(element.get("ySplit", "0") or 0))
            case "sheetProtection":
                found.protected = is_on(element.get("sheet", "0"))
            case "sheetData":
                _cells(element, styles, found)
    for link in links_of(parts, part).values():
        content = parts.get(link.target)
        if content is not None and link.kind == "comments":
            found.comments.update(_comments(content))
        elif content is not None and link.kind == "table":
            found.tables.update(_table(content))
    return found


def _shortened(text: str) -> str:
    """The sheet with its first rows only: those of a long table declare what all do."""
    end = _CELLS_END.search(text)
    if end is None:
        return text
    for count, row in enumerate(_ROW.finditer(text, 0, end.start())):
        if count == _ROWS:
            return text[: row.start()] + text[end.start() :]
    return text


def _cells(element: ET.Element, styles: _Styles, found: Declared) -> None:
    for cell in element.iter():
        if local(cell.tag) != "c":
            continue
        spot = _spot(cell.get("r", ""))
        if spot is None:
            continue
        style = cell.get("s", "0")
        if style in styles.codes:
            found.codes[spot] = styles.codes[style]
        if style in styles.unlocked:
            found.unlocked.add(spot)
        for child in cell:
            if local(child.tag) == "f":
                found.formulas[spot] = child.text or ""


def _validation(element: ET.Element) -> Iterator[Validation]:
    """One input check; newer files keep their formulas and ranges one level deeper."""
    texts = {local(one.tag): "".join(one.itertext()).strip() for one in element}
    ranges = _ranges(element.get("sqref", "") or texts.get("sqref", ""))
    kind = element.get("type", "none")
    if ranges:
        yield Validation(
            kind=kind,
            operator=element.get("operator", "between"),
            first=texts.get("formula1", ""),
            second=texts.get("formula2", ""),
            ranges=ranges,
            prompt=_words(element, "promptTitle", "prompt"),
            error=_words(element, "error"),
            strict=element.get("errorStyle", "stop") == "stop"
            and is_on(element.get("showErrorMessage", "0")),
        )


def _words(element: ET.Element, *names: str) -> str:
    return "\n".join(text for name in names if (text := element.get(name, "").strip()))


def _highlights(element: ET.Element, styles: _Styles) -> Iterator[Highlight]:
    texts = {local(one.tag): "".join(one.itertext()) for one in element}
    ranges = _ranges(element.get("sqref", "") or texts.get("sqref", ""))
    for rule in element.iter():
        if local(rule.tag) == "cfRule" and rule.get("type") == "expression" and ranges:
            formula = next(
                (one.text or "" for one in rule if local(one.tag) in ("formula", "f")), ""
            )
            yield Highlight(ranges, formula, rule.get("dxfId", "") in styles.red)


def _comments(content: bytes) -> dict[Spot, str]:
    found = {}
    try:
        root = parse(content)
    except BadMarkupError:
        return {}
    for comment in root.iter():
        spot = _spot(comment.get("ref", "")) if local(comment.tag) == "comment" else None
        if spot is not None:
            words = (one.text or "" for one in comment.iter() if local(one.tag) == "t")
            found[spot] = "".join(words).strip()
    return found


def _table(content: bytes) -> dict[str, Box]:
    try:
        root = parse(content)
    except BadMarkupError:
        return {}
    ranges = _ranges(root.get("ref", ""))
    name = root.get("displayName", "")
    return {name: ranges[0]} if name and ranges else {}


def _ranges(text: str) -> tuple[Box, ...]:
    found = []
    for one in text.replace(",", " ").split()[:_MOST_RANGES]:
        box = box_of(one)
        if box is not None:
            found.append(box)
    return tuple(found)


def box_of(text: str) -> Box | None:
    """``$A$2:B9``, ``A:B`` or ``2:3`` as (row, column, last row, last column); else None."""
    first, _, last = text.replace("$", "").partition(":")
    if first.isalpha() and last.isalpha():
        first, last = f"{first}1", f"{last}{LAST_ROW}"
    elif first.isdecimal() and last.isdecimal():
        first, last = f"A{first}", str(CellRef(int(last), LAST_COLUMN)) if int(last) else ""
    a, b = _spot(first), _spot(last or first)
    if a is None or b is None:
        return None
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def _spot(reference: str) -> Spot | None:
    try:
        cell = CellRef.parse(reference)
    except ValueError:
        return None
    return cell.row, cell.column


class _Styles(msgspec.Struct, frozen=True):
    """By style index, as cells write it: format codes, open cells; differential styles in red."""

    codes: dict[str, str]
    unlocked: frozenset[str]
    red: frozenset[str]


def _styles(content: bytes) -> _Styles:
    try:
        groups = {local(group.tag): group for group in parse(content)} if content else {}
    except BadMarkupError:
        groups = {}
    codes = {
        entry.get("numFmtId", ""): entry.get("formatCode", "")
        for entry in groups.get("numFmts", ())
    }
    by_style, unlocked = {}, set()
    for index, entry in enumerate(groups.get("cellXfs", ())):
        number = entry.get("numFmtId", "")
        code = codes.get(number, _built_in_code(number))
        if code != "General":
            by_style[str(index)] = code
        for child in entry:
            if local(child.tag) == "protection" and not is_on(child.get("locked", "1")):
                unlocked.add(str(index))
    red = {str(index) for index, entry in enumerate(groups.get("dxfs", ())) if _is_red(entry)}
    return _Styles(by_style, frozenset(unlocked), frozenset(red))


def _built_in_code(number: str) -> str:
    """A code that stands for those of a number format that every workbook has."""
    if not (number.isascii() and number.isdigit()) or number == "0":
        return "General"
    if number == "49":
        return "@"
    shown = built_in(int(number[:4]))
    return _CODES[shown] if shown else "#,##0"


def _is_red(entry: ET.Element) -> bool:
    """Whether a differential style paints its cell or its words red, dark or pale."""
    for colour in entry.iter():
        value = colour.get("rgb", "")[-6:]
        if local(colour.tag) in ("color", "bgColor", "fgColor") and len(value) == 6:
            try:
                red, green, blue = (int(value[at : at + 2], 16) for at in (0, 2, 4))
            except ValueError:
                continue
            if red - max(green, blue) > 40:
                return True
    return False
