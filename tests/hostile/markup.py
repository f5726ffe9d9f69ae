"""XML that is broken, unusual, or an attack."""

from __future__ import annotations

from hostile.cases import (
    HEAD,
    MAIN,
    OFFICE,
    ROWS,
    SHEET,
    STRINGS,
    VALUES,
    WORKBOOK,
    Case,
    package,
    packed,
    parts,
    reads,
    sheet,
    strings,
    workbook,
    written,
)

BAD, BIG, NO = "file-unreadable", "file-too-large", "file-refused"
_DTD = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def _declared(content: bytes, declaration: str = _DTD) -> bytes:
    return content.replace(b"?>\n", b"?>" + declaration.encode(), 1)


def _as(encoding: str, content: bytes) -> bytes:
    return content.decode().replace("UTF-8", encoding).encode(encoding)


def _prefixed(content: bytes) -> bytes:
    text = content.decode().replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
    return text.replace("xmlns=", "xmlns:x=").encode()


def _strict(content: bytes) -> bytes:
    return content.replace(MAIN.encode(), _STRICT.encode()).replace(
        OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    )


def _all(change: object, **options: bool) -> bytes:
    members = parts()
    changed = {
        name: change(content) if name in (WORKBOOK, SHEET, STRINGS) else content  # type: ignore[operator]
        for name, content in members.items()
    }
    return packed(changed, **options)


def _everywhere(name: str, change: object) -> Case:
    return Case(name, written(f"{name}.xlsx", lambda: _all(change)), values=VALUES)


def _deep(count: int) -> bytes:
    return sheet(ROWS, after="<extLst>" + "<ext>" * count + "</ext>" * count + "</extLst>")


_MIXED = (
    f'<mc:AlternateContent xmlns:mc="{_MC}"><mc:Choice Requires="x14"><row r="2"/></mc:Choice>'
    '<mc:Fallback><row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2"><v>45</v></c></row>'
    "</mc:Fallback></mc:AlternateContent>"
)
_FIRST = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
_RICH = (
    "<r><rPr><b/></rPr><t>指</t></r><r><t>标</t></r>",
    "<t>实际</t><rPh sb='0' eb='1'><t>ジツ</t></rPh><phoneticPr fontId='1'/>",
    "<t>新客户</t>",
)

MARKUP: list[Case] = [
    package("entities in the sheet", NO, "refused.entities", sheet1=_declared(sheet(ROWS))),
    package("entities in the strings", NO, "refused.entities", strings=_declared(strings("<t/>"))),
    package("entities in the workbook", NO, "refused.entities", book=_declared(workbook("数据"))),
    package(
        "external entity",
        NO,
        "refused.entities",
        sheet1=_declared(sheet(ROWS), '<!DOCTYPE x SYSTEM "file:///etc/passwd">'),
    ),
    package(
        "entities in UTF-16",
        NO,
        "refused.entities",
        sheet1=_as("utf-16", _declared(sheet(ROWS))),
    ),
    package("sheet cut", BAD, "refused.bad_markup", sheet1=sheet(ROWS)[:-40]),
    package("sheet cut inside a cell", BAD, "refused.bad_markup", sheet1=sheet(ROWS)[:-60]),
    package(
        "end tag missing", BAD, "refused.bad_markup", sheet1=sheet(ROWS.replace("</c>", "", 1))
    ),
    package(
        "tags crossed",
        BAD,
        "refused.bad_markup",
        sheet1=sheet(ROWS.replace("</v></c>", "</c></v>", 1)),
    ),
    package("strings cut", BAD, "refused.bad_markup", strings=strings("<t>a</t>")[:-8]),
    package("workbook cut", BAD, "refused.bad_markup", book=workbook("数据")[:-8]),
    package("workbook empty", BAD, "refused.bad_markup", book=b""),
    package(
        "not UTF-8", BAD, "refused.bad_markup", sheet1=sheet(ROWS).replace(b"<v>45", b"<v>\xff\xfe")
    ),
    package(
        "encoding unknown",
        BAD,
        "refused.bad_markup",
        sheet1=sheet(ROWS).replace(b"UTF-8", b"EBCDIC-X"),
    ),
    package(
        "unknown reference", BAD, "refused.bad_markup", sheet1=sheet(ROWS.replace("45", "&four;"))
    ),
    package("no XML at all", BAD, "refused.bad_markup", sheet1=b"\x00\x01\x02" * 50),
    package("deep nesting", sheet1=_deep(10_000)),
    package(
        "huge attribute", sheet1=sheet(ROWS, before=f'<sheetPr codeName="{"a" * 2_000_000}"/>')
    ),
    package("byte order mark", sheet1=b"\xef\xbb\xbf" + sheet(ROWS)),
    package("comment between cells", sheet1=sheet(ROWS.replace("<row", "<!-- 备注 --><row", 1))),
    package("instruction between cells", sheet1=sheet(ROWS.replace("<c ", "<?x y?><c ", 1))),
    package("white space between tags", sheet1=sheet(ROWS.replace("><", ">\n  <"))),
    package("single quotes", sheet1=sheet(ROWS.replace('"', "'"))),
    package(
        "attributes turned", sheet1=sheet(ROWS.replace('<c r="A1" t="s">', '<c t="s" r="A1">'))
    ),
    package("unknown attribute", sheet1=sheet(ROWS.replace("<c r", '<c foo="1" r'))),
    package("rich and phonetic strings", strings=strings(*_RICH)),
    package("fallback content", sheet1=sheet(_FIRST + _MIXED)),
    _everywhere("UTF-16 parts", lambda content: _as("utf-16", content)),
    _everywhere("GB18030 parts", lambda content: _as("gb18030", content)),
    Case(
        "prefixed names",
        written(
            "prefixed.xlsx",
            lambda: packed(
                {
                    **parts(
                        strings=_prefixed(strings("<t>指标</t>", "<t>实际</t>", "<t>新客户</t>"))
                    ),
                    SHEET: _prefixed(sheet(ROWS)),
                }
            ),
        ),
        values=VALUES,
    ),
    _everywhere("Strict OOXML", _strict),
    reads("CDATA", '<row r="1"><c r="A1"><v><![CDATA[45]]></v></c></row>', [[45]]),
    reads("comment in a value", '<row r="1"><c r="A1"><v>4<!--x-->2</v></c></row>', [[42]]),
    reads("value before formula", '<row r="1"><c r="A1"><v>3</v><f>1+2</f></c></row>', [[3]]),
    reads(
        "text and value",
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is><v>b</v></c></row>',
        [["a"]],
    ),
    reads(
        "control characters",
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a\x0bb</t></is></c></row>',
        [["ab"]],
        "control-characters",
    ),
    Case(
        "control characters in strings",
        written(
            "c.xlsx",
            lambda: packed(
                parts(strings=strings("<t>指\x02标</t>", "<t>实际</t>", "<t>新客户</t>"))
            ),
        ),
        values=VALUES,
        findings=("control-characters",),
    ),
    reads(
        "references",
        '<row r="1"><c r="A1" t="str"><v>&lt;&amp;&#20013;&#x6587;&quot;</v></c></row>',
        [['<&中文"']],
    ),
    reads(
        "foreign cell",
        '<row r="1"><c r="A1"><v>1</v></c><z:c xmlns:z="urn:z" r="B1"><z:v>9</z:v></z:c></row>',
        [[1]],
    ),
    *(
        Case(
            f"strings counted to {name}",
            written(
                f"counted {name}.xlsx",
                lambda count=count: packed(
                    parts(strings=parts()[STRINGS].replace(b'Count="3"', b'Count="%s"' % count))
                ),
            ),
            values=VALUES,
            findings=("strings-miscounted",),
        )
        for name, count in (("9 million", b"9000000"), ("10^30", b"1" + b"0" * 30))
    ),
    package(
        "strings counted below zero",
        strings=strings("<t>指标</t>", "<t>实际</t>", "<t>新客户</t>").replace(
            b'uniqueCount="3"', b'uniqueCount="-1"'
        ),
    ),
    Case(
        "strings miscounted",
        written(
            "miscounted.xlsx",
            lambda: packed(parts(strings=parts()[STRINGS].replace(b'Count="3"', b'Count="700"'))),
        ),
        values=VALUES,
        findings=("strings-miscounted",),
    ),
    package(
        "declaration without encoding",
        sheet1=sheet(ROWS).replace(HEAD.encode(), b'<?xml version="1.0"?>'),
    ),
    package("no declaration", sheet1=sheet(ROWS).replace(HEAD.encode(), b"")),
]
