"""Workbooks whose parts are missing, odd, foreign or reach outside."""

from __future__ import annotations

from hostile.cases import (
    HEAD,
    LINKS,
    OFFICE,
    PACKAGE,
    ROWS,
    SHEET,
    STRINGS,
    STYLES,
    VALUES,
    WORKBOOK,
    Case,
    Parts,
    links,
    package,
    packed,
    parts,
    reads,
    sheet,
    styles,
    workbook,
    written,
)

BAD, BIG = "file-unreadable", "file-too-large"
_BOTH = links(
    ("s1", "worksheet", "worksheets/sheet1.xml"),
    ("t", "sharedStrings", "sharedStrings.xml"),
    ("s2", "chartsheet", "chartsheets/sheet1.xml"),
    ("s3", "xlMacrosheet", "macrosheets/sheet1.xml"),
)


def _with(name: str, more: Parts, *findings: str, **changed: bytes) -> Case:
    make = written(f"{name}.xlsx", lambda: packed({**parts(**changed), **more}))
    return Case(name, make, values=VALUES, findings=findings)


def _without(
    name: str, *missing: str, code: str = "", reason: str = "", findings: tuple[str, ...] = ()
) -> Case:
    def content() -> bytes:
        return packed({part: data for part, data in parts().items() if part not in missing})

    make = written(f"{name}.xlsx", content)
    return Case(name, make, code, reason, None if code else VALUES, findings)


def _moved(name: str, moves: dict[str, str], **changed: bytes) -> Case:
    make = written(
        f"{name}.xlsx",
        lambda: packed({moves.get(part, part): data for part, data in parts(**changed).items()}),
    )
    return Case(name, make, values=VALUES)


def _outside(kind: str, target: str) -> bytes:
    return (
        f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="x" '
        f'Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    ).encode()


STRUCTURES: list[Case] = [
    _without("no sheet part", SHEET, code=BAD, reason="refused.sheet_lost"),
    _without("no workbook part", WORKBOOK, code=BAD, reason="refused.no_workbook_part"),
    _without("no list of workbook's links", LINKS, code=BAD, reason="refused.sheet_lost"),
    _without("no content types", "[Content_Types].xml"),
    _without("no package links", "_rels/.rels"),
    _without("no styles", STYLES, findings=("styles-unreadable",)),
    Case(
        "no strings",
        written(
            "no strings.xlsx",
            lambda: packed({part: data for part, data in parts().items() if part != STRINGS}),
        ),
        values=[[None, None], [None, 45]],
        findings=("text-lost",) * 3,
        errors={(1, 1): "#TEXT!", (1, 2): "#TEXT!", (2, 1): "#TEXT!"},
    ),
    package("no sheets", BAD, "refused.no_sheets", book=workbook()),
    package("2,001 sheets", BIG, "refused.many_sheets", book=workbook(*map(str, range(2001)))),
    package("links broken", BAD, "refused.bad_markup", links=b"<Relationships"),
    _with("styles broken", {}, "styles-unreadable", styles=b"<styleSheet"),
    package("styles with odd numbers", styles=styles(0, 9).replace(b'"9"', b'"nine"')),
    package("strange sheet state", book=workbook("数据").replace(b" r:id", b' state="gone" r:id')),
    package(
        "absolute targets",
        links=links(
            ("s1", "worksheet", "/xl/worksheets/sheet1.xml"),
            ("t", "sharedStrings", "/xl/sharedStrings.xml"),
        ),
    ),
    package(
        "targets with backslashes",
        links=links(
            ("s1", "worksheet", "worksheets\\sheet1.xml"),
            ("t", "sharedStrings", "sharedStrings.xml"),
        ),
    ),
    package(
        "targets with dots",
        links=links(
            ("s1", "worksheet", "../xl/./worksheets/sheet1.xml"),
            ("t", "sharedStrings", "sharedStrings.xml"),
        ),
    ),
    package(
        "link to a theme that is missing",
        links=links(
            ("s1", "worksheet", "worksheets/sheet1.xml"),
            ("t", "sharedStrings", "sharedStrings.xml"),
            ("z", "theme", "theme/theme1.xml"),
        ),
    ),
    _moved(
        "parts at the root",
        {name: name.removeprefix("xl/") for name in parts()}
        | {LINKS: "_rels/workbook.xml.rels", "_rels/.rels": "_rels/none"},
    ),
    _with("properties broken", {"docProps/core.xml": b"<a", "docProps/custom.xml": b"\x00"}),
    _with("broken drawing", {"xl/drawings/drawing1.xml": b"<"}),
    _with(
        "chart and macro sheets",
        {"xl/chartsheets/sheet1.xml": b"<chartsheet/>"},
        "macro",
        "sheet-lost",
        book=workbook("数据", "图", "宏"),
        links=_BOTH,
    ),
    _with(
        "module without a part",
        {},
        "sheet-lost",
        book=workbook("数据").replace(
            b"</sheets>", b'<sheet name="M" sheetId="9" r:id=""/></sheets>'
        ),
    ),
    _with("macros", {"xl/vbaProject.bin": b"\x00"}, "macro"),
    _with(
        "external link", {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}, "external-link"
    ),
    _with(
        "DDE",
        {"xl/externalLinks/externalLink1.xml": b"<externalLink><ddeLink/></externalLink>"},
        "external-link",
        "dde",
    ),
    _with("connection", {"xl/connections.xml": b"<connections/>"}, "connection"),
    _with("embedded object", {"xl/embeddings/oleObject1.bin": b"\x00"}, "embedded-object"),
    _with("active control", {"xl/activeX/activeX1.xml": b"<a/>"}, "active-control"),
    _with(
        "remote picture",
        {"xl/drawings/_rels/drawing1.xml.rels": _outside("image", "http://example.org/a.png")},
        "remote-image",
    ),
    _with(
        "attached template",
        {
            "xl/worksheets/_rels/sheet1.xml.rels": _outside(
                "attachedTemplate", "http://example.org/t"
            )
        },
        "outside-part",
    ),
    _with(
        "hyperlinks are ordinary",
        {"xl/worksheets/_rels/sheet1.xml.rels": _outside("hyperlink", "http://example.org/")},
    ),
    reads(
        "formula that fetches",
        '<row r="1"><c r="A1" t="str"><f>WEBSERVICE("http://example.org")</f><v>x</v></c></row>',
        [["x"]],
        "formula-reaches-out",
    ),
    reads(
        "formula into another file",
        '<row r="1"><c r="A1"><f>[1]Sheet1!A1</f><v>1</v></c></row>',
        [[1]],
        "formula-links-outside",
    ),
    reads(
        "formula that starts a program",
        '<row r="1"><c r="A1"><f>cmd|\'/C calc\'!A0</f><v>1</v></c></row>',
        [[1]],
        "formula-links-outside",
    ),
    _with(
        "merge over everything",
        {},
        sheet1=sheet(ROWS, after='<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    ),
    _with(
        "merge outside the grid",
        {},
        sheet1=sheet(ROWS, after='<mergeCells><mergeCell ref="A1:ZZZZ9"/></mergeCells>'),
    ),
    _with("lying dimension", {}, sheet1=sheet(ROWS, before='<dimension ref="A1:XFD1048576"/>')),
    _with(
        "protected sheet",
        {},
        sheet1=sheet(ROWS, after='<sheetProtection sheet="1" password="CC1A"/>'),
    ),
    _with(
        "broken validation",
        {},
        sheet1=sheet(
            ROWS, after='<dataValidations><dataValidation sqref="??" type="x"/></dataValidations>'
        ),
    ),
    _with(
        "columns without bounds",
        {},
        sheet1=sheet(
            ROWS, before='<cols><col hidden="1"/><col min="x" max="2" hidden="1"/></cols>'
        ),
    ),
]
