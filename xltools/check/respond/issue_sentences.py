"""Issues in words: one sentence each, repeated ones together, the most useful first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

import msgspec

from xltools.definition import Catalog, ColumnDef, SheetDef
from xltools.ground.cells import CellRef, column_letters, row_ranges
from xltools.issues import Code, Issue, Severity
from xltools.kinds.typed_text import brief
from xltools.locale import knows, say

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_STRUCTURE = ("file-", "workbook-", "period-", "team-", "sheet-", "header-")
_MOST_RANGES = 6


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Equal faults of one column together; ``cells`` are ranges, ``column`` is its label."""

    code: Code
    severity: Severity
    sheet: str
    cells: str
    column: str
    sentence: str
    suggestion: str
    count: int
    issues: tuple[Issue, ...]


def sentence(fault: Issue, lang: str, catalog: Catalog) -> str:
    """What is wrong and what to do."""
    if fault.sentence:
        text = fault.sentence.get(lang) or next(iter(fault.sentence.values()))
    else:
        text = say(_key(fault), lang, **_values(fault, lang, catalog))
    return text[:1].upper() + text[1:]  # some also follow a label in the workbook, in lower case


def located(fault: Issue, lang: str, catalog: Catalog) -> str:
    """The sentence with its place in front: ``file · sheet!cell``."""
    words = {"file": PurePath(fault.file).name, "sheet": fault.sheet, "cell": fault.cell}
    place = words["file"]
    if fault.sheet:
        place = say("check.place" if fault.cell else "check.place_sheet", lang, **words)
    return say("check.located", lang, place=place, sentence=sentence(fault, lang, catalog))


def groups(issues: Iterable[Issue], lang: str, catalog: Catalog) -> list[Group]:
    """Issues of one file, equal ones of a column together, the most useful first."""
    together: dict[tuple[object, ...], list[Issue]] = {}
    for fault in issues:
        together.setdefault(_group_key(fault, lang, catalog), []).append(fault)
    found = [_group(faults, lang, catalog) for faults in together.values()]
    order = {sheet: at for at, sheet in enumerate(dict.fromkeys(one.sheet for one in found))}
    return sorted(found, key=lambda one: _first(one, order))


def label_of(fault: Issue, lang: str, catalog: Catalog) -> str:
    """The label of the column that a fault is about; "" where it is about none."""
    column = _column(fault, catalog)
    return column.label[lang] if column else ""


def _key(fault: Issue) -> str:
    for key in (f"issues.{fault.text}", fault.text, f"issues.{fault.code}"):
        if fault.text and knows(key):
            return key
    return f"issues.{fault.code}"


def _values(fault: Issue, lang: str, catalog: Catalog) -> dict[str, object]:
    """All that a sentence may want to name."""
    sheet = _sheet(fault, catalog)
    values: dict[str, object] = {
        "value": brief(fault.value),
        "suggestion": fault.suggestion,
        "cell": fault.cell,
        "sheet": fault.sheet,
        "label": label_of(fault, lang, catalog) or fault.column,
        "table": sheet.title[lang] if sheet else fault.sheet,
        "other_name": PurePath(fault.other_file).name if fault.other_file else "",
        "other_sheet": fault.other_sheet,
        "other_cell": fault.other_cell,
        **fault.details,  # a refused file's sheet and cell stand here alone
    }
    if "cells" in fault.details:
        values["cells"] = say("check.comma", lang).join(str(fault.details["cells"]).split())
    other = fault.details.get("other_label")
    if sheet is not None and other in sheet.names:
        values["other_label"] = sheet.column(str(other)).label[lang]
    target = fault.details.get("target")
    if isinstance(target, str) and sheet is not None:
        values["target"] = _target(target, fault, lang, catalog)
    return values


def _target(target: str, fault: Issue, lang: str, catalog: Catalog) -> str:
    """Sheet and column that a reference means, by title; their names where they are gone since."""
    definition = catalog[str(fault.details["of"]).partition(".")[0]]
    name, _, column = target.partition(".")
    for sheet in definition.sheets:
        if sheet.name == name and column in sheet.names:
            parts = sheet.title[lang], sheet.column(column).label[lang]
            return " · ".join(dict.fromkeys(parts))  # 团队 · 团队 would say it twice
    return target


def _sheet(fault: Issue, catalog: Catalog) -> SheetDef | None:
    definition, _, name = str(fault.details.get("of", "")).partition(".")
    if definition not in catalog.definitions:
        return None
    return next((one for one in catalog[definition].sheets if one.name == name), None)


def _column(fault: Issue, catalog: Catalog) -> ColumnDef | None:
    sheet = _sheet(fault, catalog)
    columns = sheet.columns if sheet else ()
    return next((one for one in columns if one.name == fault.column), None)


def _group_key(fault: Issue, lang: str, catalog: Catalog) -> tuple[object, ...]:
    """The same for issues that one sentence can report together without loss."""
    code, severity, sheet = fault.code, fault.severity, fault.sheet
    if code is Code.HEADER_MISSING:
        return code, severity, sheet, fault.suggestion
    if not _key_of_many(fault):
        return code, severity, sheet, fault.column, sentence(fault, lang, catalog)
    fix = fault.suggestion if code is Code.CELL_CHOICE else ""
    return code, severity, sheet, fault.column, fault.text, fix


def _key_of_many(fault: Issue) -> str:
    """The key of the sentence for several such faults; "" where each needs its own."""
    keys = (f"check.many.{fault.text or fault.code}", f"check.many.{fault.code}")
    return next((key for key in keys if knows(key)), "")


def _group(faults: Sequence[Issue], lang: str, catalog: Catalog) -> Group:
    first = faults[0]
    text = sentence(first, lang, catalog)
    count = len(faults)
    if count > 1 and (key := _key_of_many(first)):
        values = _values(first, lang, catalog)
        names = (label_of(fault, lang, catalog) for fault in faults)
        values["labels"] = say("check.comma", lang).join(dict.fromkeys(names))
        text = say(key, lang, **{**values, "count": count, "message": text})
    elif count > 1:
        text += say("check.more", lang, count=count)
    suggestions = {fault.suggestion for fault in faults}
    return Group(
        code=first.code,
        severity=first.severity,
        sheet=first.sheet,
        cells=ranges([fault.cell for fault in faults]),
        column=label_of(first, lang, catalog),
        sentence=text,
        suggestion=first.suggestion if len(suggestions) == 1 else "",
        count=count,
        issues=tuple(faults),
    )


def ranges(cells: Iterable[str]) -> str:
    """Cells as ranges, column by column: ``D5:D16, D18``."""
    rows: dict[int, list[int]] = {}
    for cell in cells:
        if cell:
            place = CellRef.parse(cell)
            rows.setdefault(place.column, []).append(place.row)
    found = [
        f"{letters}{first}" if first == last else f"{letters}{first}:{letters}{last}"
        for column, numbers in rows.items()
        for letters in [column_letters(column)]
        for first, last in row_ranges(numbers)
    ]
    return ", ".join(found[:_MOST_RANGES]) + (" …" if len(found) > _MOST_RANGES else "")


def _first(group: Group, order: dict[str, int]) -> tuple[int, bool, int, int, CellRef]:
    """Sort key: errors first, then structure before cells, then by sheet the largest groups."""
    details = not group.code.startswith(_STRUCTURE)
    cell = group.issues[0].cell
    place = CellRef.parse(cell) if cell else CellRef(0, 0)
    return _RANK[group.severity], details, order[group.sheet], -group.count, place
