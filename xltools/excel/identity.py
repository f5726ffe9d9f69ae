"""A workbook's identity, written in four places so that one survives whatever saves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from xltools.excel.writing.workbook_writer import Book

MARK = "xltools"
HIDDEN_SHEET = "_xltools"
DEFINED_NAME = "xltools_identity"
ISSUES_NAME = "xltools_issues"  # the hidden defined name that points at the list of issues
REPORTS = frozenset({"consolidation", "evaluation", "rollover"})  # written, never filled in
_PREFIX = f"{MARK}."
_BAR = f"{MARK}|"  # an encoded identity begins with it
_LONGEST = 255  # of a constant in a defined name, and of a custom property
_KEY_ROWS = 40  # a key row stands above the data, so no need to look further down


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What a workbook says of itself; ``sheet`` is set in a key row only."""

    template: str
    version: int
    team: str
    period: str
    lang: str
    sheet: str = ""

    @property
    def whole(self) -> Identity:
        """The workbook's identity, without the sheet."""
        return msgspec.structs.replace(self, sheet="")


def encode(identity: Identity) -> str:
    """``xltools|goals.alignment|v1|<team>|2024Q3|zh``; a bar inside a name is escaped."""
    name = f"{identity.template}.{identity.sheet}" if identity.sheet else identity.template
    parts = (MARK, name, f"v{identity.version}", identity.team, identity.period, identity.lang)
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\p") for part in parts)


def decode(text: str) -> Identity | None:
    """The identity in a text, or None where there is none."""
    parts = text.strip().split("|")
    if len(parts) != 6 or parts[0] != MARK:
        return None
    name, version, team, period, lang = (_unescape(part) for part in parts[1:])
    template, _, sheet = name.partition(".")
    if not (template and version[:1] == "v" and version[1:].isdecimal()):
        return None
    return Identity(
        template=template,
        version=int(version[1:]),
        team=team,
        period=period,
        lang=lang,
        sheet=sheet,
    )


def write_identity(book: Book, identity: Identity) -> None:
    """Write the hidden sheet, the properties and the defined name; key rows are the sheets' own."""
    whole = identity.whole
    sheet = book.sheet(HIDDEN_SHEET, visibility="very hidden")
    for row, (name, text) in enumerate(_fields(whole).items(), 1):
        sheet.text(row, 1, name)
        sheet.text(row, 2, text)
    stamp(book, whole)


def stamp(book: Book, identity: Identity) -> None:
    """Write the properties and the defined name of a workbook that has the hidden sheet."""
    whole = identity.whole
    for name, text in _fields(whole).items():
        book.custom_property(name, text[:_LONGEST])
    constant = encode(whole)
    if len(constant) <= _LONGEST:
        book.define_constant(DEFINED_NAME, constant)


def mark_report(book: Book, name: str) -> None:
    """Mark a workbook as one of `REPORTS`, so that it is not read as one that a team sent."""
    report = Identity(template=name, version=1, team="", period="", lang="")
    for field, text in _fields(report).items():
        if text:
            book.custom_property(field, text)


def key_row(identity: Identity, sheet: str, columns: Sequence[str]) -> list[str]:
    """The texts of a fill sheet's hidden row: the identity, then the column names."""
    return [encode(msgspec.structs.replace(identity, sheet=sheet)), *columns]


def own_columns(rows: Sequence[Sequence[object]]) -> set[int]:
    """The columns that a key row calls the program's own: its first one, live checks, helpers."""
    for row in rows[:_KEY_ROWS]:
        texts = {c: text for c, text in enumerate(row, 1) if isinstance(text, str)}
        mark = next((c for c, text in texts.items() if text.startswith(_BAR) and decode(text)), 0)
        if mark:
            return {c for c, text in texts.items() if c == mark or text[:1] == "_"}
    return set()


def read_identity(
    properties: Mapping[str, str],
    names: Mapping[str, str],
    sheets: Iterable[tuple[str, Sequence[Sequence[object]]]],
) -> tuple[Identity | None, list[str]]:
    """The identity and the places that disagree with it, of those that say anything.

    The places are asked in this order: hidden sheet, properties, defined name, key rows. ``names``
    maps defined names to their formulas, ``sheets`` gives titles with their first rows.
    """
    found: list[tuple[str, Identity]] = []
    keyed: list[tuple[str, Identity]] = []
    for title, rows in sheets:
        if title.casefold().startswith(HIDDEN_SHEET) and (told := _from_fields(_pairs(rows))):
            found.append(("sheet", told))
        keyed += [(title, identity) for identity in _key_rows(rows)]
    told = _from_fields(properties)
    if told:
        found.append(("properties", told))
    named = decode(_constant(names.get(DEFINED_NAME, "")))
    if named:
        found.append(("name", named))
    if keyed:
        common = Counter(identity.whole for _, identity in keyed).most_common(1)[0][0]
        found.append(("keys", common))
    if not found:
        return None, []
    chosen = found[0][1]
    others = [place for place, identity in found[1:] if identity != chosen]
    odd = [title for title, identity in keyed if identity.whole != chosen]
    return chosen, others + [f"keys:{title}" for title in odd]


def _fields(identity: Identity) -> dict[str, str]:
    names = ("template", "version", "team", "period", "lang")
    return {f"{_PREFIX}{name}": str(getattr(identity, name)) for name in names}


def _from_fields(fields: Mapping[str, str]) -> Identity | None:
    told = {
        name.removeprefix(_PREFIX): str(text).strip()
        for name, text in fields.items()
        if name.startswith(_PREFIX)
    }
    version = told.get("version", "").removesuffix(".0")  # some programs make a number of it
    if not told.get("template") or not version.isdecimal():
        return None
    return Identity(
        template=told["template"],
        version=int(version),
        team=told.get("team", ""),
        period=told.get("period", ""),
        lang=told.get("lang", ""),
    )


def _pairs(rows: Sequence[Sequence[object]]) -> dict[str, str]:
    pairs = (row[:2] for row in rows[:_KEY_ROWS] if len(row) > 1)
    return {str(name): "" if text is None else str(text) for name, text in pairs}


def _key_rows(rows: Sequence[Sequence[object]]) -> Iterable[Identity]:
    for row in rows[:_KEY_ROWS]:
        texts = [value for value in row if isinstance(value, str)]
        for value in texts if _BAR in "\n".join(texts) else ():
            if value.startswith(_BAR):
                identity = decode(value)
                if identity:
                    yield identity


def _constant(formula: str) -> str:
    text = formula.strip().removeprefix("=")
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('""', '"')
    return text


def _unescape(part: str) -> str:
    pieces = part.split("\\\\")
    return "\\".join(piece.replace("\\p", "|") for piece in pieces)
