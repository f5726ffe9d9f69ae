"""What Excel repairs or refuses although schemas allow it, and what people cannot edit there.

`findings` reads a workbook part by part. The Open XML SDK knows the schemas and the semantics of
parts; here stand the rules of formulas, names, tables, sheets and texts that it does not look at.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from posixpath import join, normpath
from xml.etree import ElementTree

from excel_formulas import Formulas

M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
ROWS, COLUMNS, TEXT = 1_048_576, 16_384, 32_767
DIALOG = 255  # characters of a rule that Excel's dialogs take
Box = tuple[int, int, int, int]  # left, top, right, bottom
_PLACE = re.compile(r"\$?([A-Z]{1,3})?\$?(\d{1,7})?")
_NAME = re.compile(r"[^\W\d][\w.\\?]*|\\[\w.\\?]*")
_CELL_LIKE = re.compile(r"[A-Z]{1,3}\d+|R\d*(C\d*)?|C\d*", re.IGNORECASE)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"-?[\d.]+(E[+-]?\d+)?", re.IGNORECASE)
_MOST = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}


def findings(path: Path) -> list[str]:
    """Every broken rule, as ``part place: what``."""
    return list(Book(path).faults())


def units(text: str | None) -> int:
    """The length of a text as Excel counts it."""
    return len(_unescaped(text or "").encode("utf-16-le", "surrogatepass")) // 2


def box(reference: str) -> Box | None:
    """The corners of A1, A1:B2, A:A or 1:1; None where it is no place on a sheet."""
    parts = [_PLACE.fullmatch(one) for one in reference.split(":")]
    if not reference or len(parts) > 2 or not all(parts):
        return None
    first, last = parts[0], parts[-1]
    assert first
    assert last
    left, right = _number(first[1]), _number(last[1])
    found = (left or 1, int(first[2] or 1), right or COLUMNS, int(last[2] or ROWS))
    fits = 1 <= found[0] <= found[2] <= COLUMNS and 1 <= found[1] <= found[3] <= ROWS
    return found if fits else None


def _number(letters: str | None) -> int:
    number = 0
    for letter in letters or "":
        number = number * 26 + ord(letter) - 64
    return number


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _meet(one: Box, other: Box) -> bool:
    return not (one[2] < other[0] or other[2] < one[0] or one[3] < other[1] or other[3] < one[1])


def _twice(values: Iterable[object]) -> list[object]:
    return [value for value, times in Counter(values).items() if times > 1]


class Book:
    """One workbook's parts, and the rules over them."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.entries = [one.filename for one in archive.infolist()]
            self.parts = {
                name: ElementTree.fromstring(archive.read(name))
                for name in set(self.entries)
                if name.endswith((".xml", ".rels"))
            }
        self.book = self.parts["xl/workbook.xml"]
        self.titles = [one.get("name", "") for one in self.book.iter(M + "sheet")]
        strings = self.parts.get("xl/sharedStrings.xml")
        self.strings = [_spoken(one) for one in strings] if strings is not None else []
        self.names = {
            str(one.get("name")).casefold(): one.text or ""
            for one in self.book.iter(M + "definedName")
        }
        self.formulas = Formulas(set(self.titles), self.names)
        links = self.related("xl/workbook.xml")
        self.sheets = {
            title: links[one.get(R + "id", "")]
            for title, one in zip(self.titles, self.book.iter(M + "sheet"), strict=True)
        }

    def related(self, part: str) -> dict[str, str]:
        """The parts that a part points at, by the id of the relationship."""
        folder, _, name = part.rpartition("/")
        relations = self.parts.get(f"{folder}/_rels/{name}.rels")
        return {
            str(one.get("Id")): normpath(join("/", folder, str(one.get("Target")))).lstrip("/")
            for one in (relations if relations is not None else ())
            if one.get("TargetMode") != "External"
        }

    def faults(self) -> Iterator[str]:
        """Every fault, sheet by sheet."""
        yield from self._package()
        yield from self._workbook()
        for number, text in enumerate(self.strings):
            if units(text) > TEXT:
                yield f"xl/sharedStrings.xml {number}: {units(text)} characters"
        tables: list[ElementTree.Element] = []
        for title, part in self.sheets.items():
            if part in self.parts:
                for fault in Sheet(self, part, tables).faults():
                    yield f"{title} {fault}"
        names = [str(one.get("displayName")).casefold() for one in tables]
        for name in _twice([*set(self.names), *names]):
            yield f"tables: the name {name} is there twice"

    def _package(self) -> Iterator[str]:
        for entry in _twice(name.casefold() for name in self.entries):
            yield f"{entry}: stored twice"
        for part in self.parts:
            for target in self.related(part).values():
                if target not in self.entries:
                    yield f"{part}: points at {target}, which is not there"

    def _workbook(self) -> Iterator[str]:
        for title in self.titles:
            if not 1 <= units(title) <= 31 or re.search(r"[\[\]:*?/\\]|^'|'$", title):
                yield f"workbook: no sheet can be called {title!r}"
        for title in _twice(title.casefold() for title in self.titles):
            yield f"workbook: two sheets called {title!r}"
        states = [one.get("state", "visible") for one in self.book.iter(M + "sheet")]
        for view in self.book.iter(M + "workbookView"):
            if states[int(view.get("activeTab", 0))] != "visible":
                yield "workbook: the active sheet is hidden"
        keys = []
        for one in self.book.iter(M + "definedName"):
            name, text = str(one.get("name")), one.text or ""
            keys.append((name.casefold(), one.get("localSheetId")))
            if name.startswith("_xlnm."):
                continue
            if not _NAME.fullmatch(name) or _CELL_LIKE.fullmatch(name) or len(name) > 255:
                yield f"workbook: {name} is no name"
            for what in self.formulas.faults(text):
                yield f"workbook {name}: {what}"
        for key in _twice(keys):
            yield f"workbook: the name {key} is defined twice"


class Sheet:
    """One sheet's rules."""

    def __init__(self, book: Book, part: str, tables: list[ElementTree.Element]) -> None:
        self.book = book
        self.tree = book.parts[part]
        self.related = book.related(part)
        self.tables = tables
        self.texts: dict[str, tuple[str, bool]] = {}  # text cells, and whether they are formulas

    def faults(self) -> Iterator[str]:
        """Every fault."""
        yield from self._cells()
        yield from self._merges()
        yield from self._entry_rules()
        yield from self._colours()
        yield from self._tables()
        links = self.tree.findall(f"{M}hyperlinks/{M}hyperlink")
        if len(links) > 65_530:
            yield f"{len(links)} links; Excel stores 65,530"
        for one in links:
            if units(one.get("location")) > 2_079 or units(one.get("tooltip")) > DIALOG:
                yield f"{one.get('ref')}: link too long"
        for one in self.tree.iterfind(f"{M}headerFooter/*"):
            if units(one.text) > DIALOG:
                yield f"header or footer of {units(one.text)} characters"

    def _cells(self) -> Iterator[str]:
        book, last, masters = self.book, 0, set()
        for row in self.tree.iterfind(f"{M}sheetData/{M}row"):
            number, column = int(row.get("r", last + 1)), 0
            if not last < number <= ROWS:
                yield f"row {number} is out of order"
            last = number
            for cell in row:
                place, kind = str(cell.get("r")), cell.get("t", "n")
                at = box(place)
                if at is None or at[1] != number or at[0] <= column:
                    yield f"{place} is out of order"
                    continue
                column = at[0]
                value, formula = cell.findtext(M + "v"), cell.find(M + "f")
                yield from self._value(place, kind, value, cell, formula is not None)
                if formula is None:
                    continue
                if formula.get("t") == "shared":
                    if formula.text:
                        masters.add(formula.get("si"))
                    elif formula.get("si") not in masters:
                        yield f"{place}: shares a formula that is not there"
                for what in book.formulas.faults(formula.text or ""):
                    yield f"{place}: {what}"

    def _value(
        self, place: str, kind: str, value: str | None, cell: ElementTree.Element, live: bool
    ) -> Iterator[str]:
        if kind == "s":
            if value is None or int(value) >= len(self.book.strings):
                yield f"{place}: shared text {value} is not there"
                return
            self.texts[place] = (self.book.strings[int(value)], live)
        elif kind in ("inlineStr", "str"):
            text = value or "" if kind == "str" else _spoken(cell.find(M + "is"))
            self.texts[place] = (text, live)
            if units(text) > TEXT:
                yield f"{place}: {units(text)} characters"
        elif kind == "e" and value not in _ERRORS:
            yield f"{place}: {value!r} is no error value"
        elif kind == "n" and value and not _NUMBER.fullmatch(value):
            yield f"{place}: {value!r} is no number"

    def _merges(self) -> Iterator[str]:
        merged = [box(str(one.get("ref"))) for one in self.tree.iter(M + "mergeCell")]
        if None in merged or any(one and one[:2] == one[2:] for one in merged):
            yield "merged cells that are no range"
        for one, other in _neighbours([place for place in merged if place]):
            if _meet(one, other):
                yield f"merged cells {one} and {other} overlap"

    def _entry_rules(self) -> Iterator[str]:
        covered: list[Box] = []
        for one in self.tree.iter(M + "dataValidation"):
            place = str(one.get("sqref"))
            covered += filter(None, map(box, place.split()))
            for key, most in _MOST.items():
                if units(one.get(key)) > most:
                    yield f"{place}: {key} of {units(one.get(key))} characters"
            texts = [one.findtext(M + "formula1"), one.findtext(M + "formula2")]
            if one.get("type", "none") != "none" and not texts[0]:
                yield f"{place}: an entry rule without a formula"
            for text in filter(None, texts):
                yield from self._rule(place, text)
        for first, second in combinations(covered, 2):
            if _meet(first, second):
                yield f"two entry rules for {first}"

    def _colours(self) -> Iterator[str]:
        priorities = []
        for group in self.tree.iter(M + "conditionalFormatting"):
            place = str(group.get("sqref"))
            if not all(map(box, place.split())):
                yield f"{place}: a colour without a place"
            for rule in group.iter(M + "cfRule"):
                priorities.append(rule.get("priority"))
                for one in rule.iter(M + "formula"):
                    yield from self._rule(place, one.text or "")
        if _twice(priorities):
            yield "two colours of one priority"

    def _rule(self, place: str, text: str) -> Iterator[str]:
        if units(text) > DIALOG:
            yield f"{place}: a rule of {units(text)} characters, which nobody can edit"
        if "{" in text:
            yield f"{place}: an array of constants in a rule"
        for what in self.book.formulas.faults(text, arrays=True):
            yield f"{place}: {what}"

    def _tables(self) -> Iterator[str]:
        found = [self.book.parts[p] for p in self.related.values() if "/tables/" in p]
        self.tables += found
        merged = [box(str(one.get("ref"))) for one in self.tree.iter(M + "mergeCell")]
        for table in found:
            name, place = str(table.get("displayName")), box(str(table.get("ref")))
            assert place is not None
            if not _NAME.fullmatch(name) or _CELL_LIKE.fullmatch(name):
                yield f"{name}: no table can be called so"
            if place[3] <= place[1]:
                yield f"{name}: a table without a row"
            if any(one and _meet(one, place) for one in merged):
                yield f"{name}: merged cells in a table"
            headers = [_unescaped(str(one.get("name"))) for one in table.iter(M + "tableColumn")]
            if len(headers) != place[2] - place[0] + 1:
                yield f"{name}: {len(headers)} columns in {table.get('ref')}"
            for header in _twice(header.casefold() for header in headers):
                yield f"{name}: two columns called {header!r}"
            for column, header in enumerate(headers, place[0]):
                text, live = self.texts.get(_a1(column, place[1]), ("", False))
                if live or _unescaped(text) != header or not 0 < units(header) <= DIALOG:
                    yield f"{name}: the header cell {text[:40]!r} is not the column {header[:40]!r}"
        places = [box(str(one.get("ref"))) for one in found]
        for one, other in combinations([place for place in places if place], 2):
            if _meet(one, other):
                yield "tables overlap"


def _neighbours(places: list[Box]) -> Iterator[tuple[Box, Box]]:
    """Pairs among which every overlap of two merged ranges would show."""
    rows: dict[int, list[Box]] = {}
    for place in places:
        for row in range(place[1], min(place[3], place[1] + 1_000) + 1):
            rows.setdefault(row, []).append(place)
    for found in rows.values():
        yield from pairwise(sorted(found))


def _a1(column: int, row: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _spoken(element: ElementTree.Element | None) -> str:
    """A text without the hints on how to pronounce it."""
    if element is None:
        return ""
    hints = {id(text) for hint in element.iter(M + "rPh") for text in hint.iter(M + "t")}
    return "".join(one.text or "" for one in element.iter(M + "t") if id(one) not in hints)
