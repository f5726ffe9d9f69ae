"""A team's workbook with all that Excel users add and that libraries lose: built part by part."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import xlsxwriter
from good_goals import bent
from tables import IDENTITY, fill
from xlsxwriter.worksheet import Worksheet

from xltools.excel.package.workbook_package import Package

FAULTS = [
    ("| 李娜 | @2024-07-05", "| | @2024-07-05"),
    ("| 王强 | @2024-07-10", "| | @2024-07-10"),
    ("@2024-09-10", "2024-09-31"),
]
TASKS = "任务分解"
THREAD = "{0F1E2D3C-0000-4000-8000-000000000001}"
_PERSON = "{0F1E2D3C-0000-4000-8000-0000000000AA}"
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINK = f'xmlns:r="{_OFFICE}"'
_THREADS = 'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"'
_SINCE_2017 = "http://schemas.microsoft.com/office/2017/10/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def write_lively(path: Path) -> Path:
    """Charts, a picture, comments, a conversation, a pivot table, extensions and rich text.

    Owners are missing at C2 and C3 and a date is wrong at E4, all of the tasks; C2 has somebody's
    comment, C3 a conversation.
    """
    sheets = bent(TASKS, *FAULTS)
    review = sheets["目标复盘"]
    sheets["目标复盘"] = review.replace("%0.92", "=C2/B2 -> 0.92").replace(
        "%1.05", "=C3/B3 -> 1.05"
    )
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    for name, text in IDENTITY.items():
        book.set_custom_property(f"xltools.{name}", text)
    pages = {title: book.add_worksheet(title) for title in (*sheets, "分析")}
    for title, table in sheets.items():
        fill(book, pages[title], table)
    _decorate(book, pages)
    book.close()
    package = Package(stream.getvalue())
    _converse(package)
    _pivot(package, list(pages))
    path.write_bytes(package.save())
    return path


def _decorate(book: xlsxwriter.Workbook, pages: dict[str, Worksheet]) -> None:
    tasks, progress, analysis = pages[TASKS], pages["进度跟踪"], pages["分析"]
    red = book.add_format({"color": "red"})
    tasks.write_rich_string("A4", "客户", red, "答谢会")
    tasks.write_comment("C2", "谁来负责？", {"author": "张三"})
    tasks.write_comment("A3", "平台已定", {"author": "张三"})
    tasks.write_comment("C3", "[Threaded comment]", {"author": f"tc={THREAD}"})
    tasks.data_validation("J2:J9", {"validate": "list", "source": ["每日", "每周"]})
    tasks.conditional_format("H2:H9", {"type": "data_bar", "data_bar_2010": True})
    tasks.insert_image("L2", "logo.png", {"image_data": io.BytesIO(_picture())})
    for page, spot in ((tasks, "L9"), (analysis, "E3")):
        chart = book.add_chart({"type": "column"})
        chart.add_series({"categories": [TASKS, 1, 0, 3, 0], "values": [TASKS, 1, 7, 3, 7]})
        page.insert_chart(spot, chart)
    progress.conditional_format("E2:E9", {"type": "icon_set", "icon_style": "3_traffic_lights"})
    progress.add_sparkline("N2", {"range": "进度跟踪!D2:E2"})
    analysis.write_column("A3", ["目标", "有效线索1000条", "老客户触达率80%", "总计"])
    analysis.write_column("B3", ["任务数", 2, 1, 3])


def _picture() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        summed = kind + content
        return struct.pack(">I", len(content)) + summed + struct.pack(">I", zlib.crc32(summed))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0\x1f\x4e\x79")
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _converse(package: Package) -> None:
    """The conversation at C3, and who takes part."""
    thread = (
        f'<ThreadedComments {_THREADS}><threadedComment ref="C3" dT="2024-09-01T08:00:00.00" '
        f'personId="{_PERSON}" id="{THREAD}"><text>谁来主持？</text></threadedComment>'
        "</ThreadedComments>"
    )
    person = f'<personList {_THREADS}><person displayName="李四" id="{_PERSON}" userId="x" '
    place = "xl/threadedComments/threadedComment1.xml"
    package.add(place, thread, "application/vnd.ms-excel.threadedcomments+xml")
    package.relate("xl/worksheets/sheet2.xml", "threadedComment", place, _SINCE_2017)
    person += 'providerId="None"/></personList>'
    package.add("xl/persons/person.xml", person, "application/vnd.ms-excel.person+xml")
    package.relate("xl/workbook.xml", "person", "xl/persons/person.xml", _SINCE_2017)


def _pivot(package: Package, titles: list[str]) -> None:
    """How many tasks each goal has, at A3 of the last sheet."""
    names = ["行业白皮书", "线上研讨会", "客户答谢会"]
    goals = ["有效线索1000条", "老客户触达率80%"]
    records = "".join(
        f'<r><x v="{task}"/><x v="{goal}"/></r>' for task, goal in enumerate((0, 0, 1))
    )
    cache, table = "xl/pivotCache/pivotCacheDefinition1.xml", "xl/pivotTables/pivotTable1.xml"
    package.add(
        "xl/pivotCache/pivotCacheRecords1.xml",
        f'<pivotCacheRecords {_MAIN} count="3">{records}</pivotCacheRecords>',
        f"{_SHEET_TYPE}.pivotCacheRecords+xml",
    )
    package.add(cache, "<x/>", f"{_SHEET_TYPE}.pivotCacheDefinition+xml")
    listed = package.relate(cache, "pivotCacheRecords", "xl/pivotCache/pivotCacheRecords1.xml")
    package.replace(
        cache,
        f'<pivotCacheDefinition {_MAIN} {_LINK} r:id="{listed}" refreshedBy="x" '
        'refreshedDate="45536" createdVersion="6" refreshedVersion="6" recordCount="3">'
        '<cacheSource type="worksheet">'
        f'<worksheetSource ref="A1:B4" sheet="{TASKS}"/></cacheSource><cacheFields count="2">'
        f"{_field('任务名称', names)}{_field('关联市场目标', goals)}</cacheFields>"
        "</pivotCacheDefinition>",
    )
    package.add(
        table,
        f'<pivotTableDefinition {_MAIN} name="任务数" cacheId="7" dataCaption="值" '
        'updatedVersion="6" minRefreshableVersion="3" createdVersion="6" indent="0" outline="1" '
        'outlineData="1"><location ref="A3:B6" firstHeaderRow="1" firstDataRow="1" '
        'firstDataCol="1"/><pivotFields count="2"><pivotField dataField="1" showAll="0"/>'
        '<pivotField axis="axisRow" showAll="0"><items count="3"><item x="0"/><item x="1"/>'
        '<item t="default"/></items></pivotField></pivotFields><rowFields count="1">'
        '<field x="1"/></rowFields><rowItems count="3"><i><x/></i><i><x v="1"/></i>'
        '<i t="grand"><x/></i></rowItems><colItems count="1"><i/></colItems><dataFields count="1">'
        '<dataField name="任务数" fld="0" subtotal="count" baseField="0" baseItem="0"/>'
        "</dataFields></pivotTableDefinition>",
        f"{_SHEET_TYPE}.pivotTable+xml",
    )
    package.relate(table, "pivotCacheDefinition", cache)
    package.relate(f"xl/worksheets/sheet{len(titles)}.xml", "pivotTable", table)
    link = package.relate("xl/workbook.xml", "pivotCacheDefinition", cache)
    caches = f'<pivotCaches><pivotCache cacheId="7" r:id="{link}"/></pivotCaches></workbook>'
    book = package.text("xl/workbook.xml")
    package.replace("xl/workbook.xml", book.replace("</workbook>", caches))


def _field(name: str, items: list[str]) -> str:
    shared = "".join(f'<s v="{item}"/>' for item in items)
    shared = f'<sharedItems count="{len(items)}">{shared}</sharedItems>'
    return f'<cacheField name="{name}" numFmtId="0">{shared}</cacheField>'
