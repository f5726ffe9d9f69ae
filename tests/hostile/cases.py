"""The smallest workbook that works, part by part, and what a case made from it must give."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Parts = dict[str, bytes]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
WORKBOOK = "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"
ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>45</v></c></row>'
)
VALUES = [["指标", "实际"], ["新客户", 45]]


@dataclass(frozen=True)
class Case:
    """A file that is made, and what reading it must give: a refusal, or values."""

    name: str
    make: Callable[[Path], Path]
    code: str = ""
    reason: str = ""
    values: list[list[object]] | None = None
    findings: tuple[str, ...] = ()
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


def sheet(rows: str, *, before: str = "", after: str = "") -> bytes:
    """A worksheet around the XML of its rows."""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}'
        f"<sheetData>{rows}</sheetData>{after}</worksheet>"
    ).encode()


def strings(*texts: str) -> bytes:
    """A table of shared strings from the XML inside each item."""
    items = "".join(f"<si>{text}</si>" for text in texts)
    return f'{HEAD}<sst xmlns="{MAIN}" uniqueCount="{len(texts)}">{items}</sst>'.encode()


def styles(*formats: int, codes: dict[int, str] | None = None) -> bytes:
    """Styles whose n-th cell format has the n-th number format."""
    listed = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{code}"/>'
        for number, code in (codes or {}).items()
    )
    cells = "".join(f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number in formats)
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts>{listed}</numFmts>'
        f"<cellXfs>{cells}</cellXfs></styleSheet>"
    ).encode()


def links(*entries: tuple[str, str, str]) -> bytes:
    """Relationships from (id, last word of the type, target)."""
    listed = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in entries
    )
    return (
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'
    ).encode()


def workbook(*titles: str, before: str = "", after: str = "") -> bytes:
    """The workbook part; sheet n hangs on relationship ``s<n>``."""
    listed = "".join(
        f'<sheet name="{title}" sheetId="{n}" r:id="s{n}"/>' for n, title in enumerate(titles, 1)
    )
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{before}'
        f"<sheets>{listed}</sheets>{after}</workbook>"
    ).encode()


def parts(**changed: bytes) -> Parts:
    """A good workbook's parts, some replaced: ``sheet1 strings styles book links``."""
    return {
        "[Content_Types].xml": (
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main'
            '+xml"/></Types>'
        ).encode(),
        "_rels/.rels": links(("r1", "officeDocument", WORKBOOK)),
        WORKBOOK: changed.get("book", workbook("数据")),
        LINKS: changed.get(
            "links",
            links(
                ("s1", "worksheet", "worksheets/sheet1.xml"),
                ("t", "sharedStrings", "sharedStrings.xml"),
                ("f", "styles", "styles.xml"),
            ),
        ),
        STRINGS: changed.get("strings", strings("<t>指标</t>", "<t>实际</t>", "<t>新客户</t>")),
        STYLES: changed.get("styles", styles(0, 9, 14)),
        SHEET: changed.get("sheet1", sheet(ROWS)),
    }


def packed(members: Parts, **options: int) -> bytes:
    """The members as a zip package."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", options.get("method", zipfile.ZIP_DEFLATED)) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name), content, options.get("method", 8))
    return stream.getvalue()


def written(name: str, content: Callable[[], bytes]) -> Callable[[Path], Path]:
    """A maker that writes ``content`` under ``name``."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content())
        return path

    return make


def refused(name: str, content: Callable[[], bytes], code: str, reason: str) -> Case:
    """A file that must be refused."""
    file = name if "." in name else f"{name}.xlsx"
    return Case(name, written(file, content), code, reason)


def package(name: str, code: str = "", reason: str = "", **changed: bytes) -> Case:
    """A package with changed parts; without a code it reads as the good one does."""
    make = written(f"{name}.xlsx", lambda: packed(parts(**changed)))
    return Case(name, make, code, reason, None if code else VALUES)


def reads(
    name: str,
    rows: str,
    values: list[list[object]],
    *findings: str,
    errors: dict[tuple[int, int], str] | None = None,
    **changed: bytes,
) -> Case:
    """A sheet of these rows that reads as these values."""
    make = written(f"{name}.xlsx", lambda: packed(parts(sheet1=sheet(rows), **changed)))
    return Case(name, make, values=values, findings=findings, errors=errors or {})
