"""Files that are no workbook, and packages that are damaged or made to hurt."""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from hostile.cases import SHEET, VALUES, Case, packed, parts, refused, sheet, written

NOT, BAD, BIG = "file-not-workbook", "file-unreadable", "file-too-large"
LOCKED, NO = "file-encrypted", "file-refused"


def compound(*names: str, size: int = 0) -> bytes:
    """A compound file with these streams in its directory; the first may have a content."""
    body = b"\x00" * size
    sectors = max(1, -(-size // 512))
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIIII", header, 40, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    directory = b"".join(
        _entry(name, 5 if n == 0 else 2, 2, size) for n, name in enumerate(("Root Entry", *names))
    )
    return (
        bytes(header)
        + struct.pack("<128I", *table)
        + directory.ljust(512, b"\x00")
        + body.ljust(512 * sectors, b"\x00")
    )


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    entry = bytearray(128)
    entry[: len(encoded)] = encoded
    struct.pack_into("<HBB", entry, 64, len(encoded) + 2, kind, 1)
    struct.pack_into("<II", entry, 116, start, size)
    return bytes(entry)


def looping() -> bytes:
    """A compound file whose directory's chain leads back to itself."""
    content = bytearray(compound("Workbook"))
    struct.pack_into("<I", content, 512 + 4, 1)
    return bytes(content)


def docx_with_chart() -> bytes:
    """A document whose chart keeps its data in a workbook: the list of types names both."""
    types = (
        b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        b'<Default Extension="xlsx" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.sheet"/></Types>'
    )
    links = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    )
    return packed(
        {
            "[Content_Types].xml": types,
            "_rels/.rels": links,
            "word/document.xml": b"<w:document xmlns:w='w'/>",
            "word/embeddings/book.xlsx": b"PK",
        }
    )


def locked_xls() -> bytes:
    """A BIFF stream that begins with a password record."""
    content = bytearray(compound("Workbook", size=4096))
    start = 512 * 3
    content[start : start + 8] = struct.pack("<HHHH", 0x809, 4, 0x600, 5)
    content[start + 8 : start + 18] = struct.pack("<HHHHH", 0x2F, 6, 1, 1, 4)
    return bytes(content)


def good() -> bytes:
    """A workbook that reads."""
    return packed(parts())


def flipped() -> bytes:
    """One bit of a stored sheet is wrong, so its checksum is."""
    content = bytearray(packed(parts(), method=zipfile.ZIP_STORED))
    content[content.index(b"<v>45") + 3] ^= 1
    return bytes(content)


def lying(size: int) -> bytes:
    """The directory announces another size than the sheet has."""
    content = bytearray(good())
    at = content.index(b"PK\x01\x02")
    while SHEET.encode() not in content[at : at + 46 + len(SHEET)]:
        at = content.index(b"PK\x01\x02", at + 4)
    struct.pack_into("<I", content, at + 24, size)
    return bytes(content)


def bomb(size: int) -> bytes:
    """A sheet of blanks that unpacks a thousandfold."""
    return packed(parts(sheet1=sheet(" " * size)))


def overlapping() -> bytes:
    """Two directory entries that share one member's bytes."""
    content = bytearray(good())
    entries = [at for at in range(len(content) - 4) if content[at : at + 4] == b"PK\x01\x02"]
    content[entries[-1] + 42 : entries[-1] + 46] = content[entries[0] + 42 : entries[0] + 46]
    return bytes(content)


def twins(*names: str) -> bytes:
    """The same part under several spellings of its name."""
    members = list(parts().items()) + [(name, sheet("")) for name in names]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def flagged(offset: int, value: int) -> bytes:
    """A field of every directory entry and local header changed."""
    content = bytearray(good())
    for signature, shift in ((b"PK\x01\x02", 2), (b"PK\x03\x04", 0)):
        at = content.find(signature)
        while at >= 0:
            struct.pack_into("<H", content, at + 4 + shift + offset, value)
            at = content.find(signature, at + 4)
    return bytes(content)


def renamed_parts(change: str) -> bytes:
    """Every part's name written another way."""
    names = {"backslash": lambda n: n.replace("/", "\\"), "upper": str.upper}[change]
    return packed({names(name): content for name, content in parts().items()})


def _fifo(folder: Path) -> Path:
    path = folder / "pipe.xlsx"
    if not hasattr(os, "mkfifo"):
        pytest.skip("Windows has no such files")
    os.mkfifo(path)
    return path


def _folder(folder: Path) -> Path:
    path = folder / "ordner.xlsx"
    path.mkdir()
    return path


def _loop(folder: Path) -> Path:
    path = folder / "loop.xlsx"
    path.symlink_to(path)
    return path


def _dangling(folder: Path) -> Path:
    path = folder / "gone.xlsx"
    path.symlink_to(folder / "nowhere.xlsx")
    return path


def _device(folder: Path) -> Path:
    path = folder / "zero.xlsx"
    path.symlink_to("/dev/zero")
    return path


def _linked(folder: Path) -> Path:
    target = folder / "target.xlsx"
    target.write_bytes(good())
    path = folder / "link.xlsx"
    path.symlink_to(target)
    return path


def _large(folder: Path) -> Path:
    path = folder / "huge.xlsx"
    with path.open("wb") as stream:
        stream.write(good())
        stream.truncate(101 * 2**20)
    return path


def _reads(name: str, content: bytes | None = None, *findings: str) -> Case:
    return Case(name, written(name, lambda: content or good()), values=VALUES, findings=findings)


CONTAINERS: list[Case] = [
    Case("a FIFO", _fifo, NOT, "refused.is_device"),
    Case("a folder", _folder, NOT, "refused.is_folder"),
    Case("a link to itself", _loop, BAD, "refused.link_loop"),
    Case("a link to nowhere", _dangling, BAD, "refused.missing"),
    Case("a device", _device, NOT, "refused.is_device"),
    Case("a good link", _linked, values=VALUES),
    Case("101 MB", _large, BIG, "refused.large_file"),
    Case("missing", lambda folder: folder / "never.xlsx", BAD, "refused.missing"),
    refused("~$lock.xlsx", good, NOT, "refused.is_lock_file"),
    refused("empty", lambda: b"", NOT, "refused.is_empty"),
    refused("empty zip", lambda: packed({}), NOT, "refused.is_empty_zip"),
    refused("pdf", lambda: b"%PDF-1.7\n%\xe2\xe3", NOT, "refused.is_pdf"),
    refused("rtf", lambda: b"{\\rtf1\\ansi Q3}", NOT, "refused.is_word"),
    refused("png", lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, NOT, "refused.is_picture"),
    refused("rar", lambda: b"Rar!\x1a\x07\x00" + b"\x00" * 64, NOT, "refused.is_archive"),
    refused("gzip", lambda: zlib.compress(b"x", wbits=31), NOT, "refused.is_archive"),
    refused("csv", lambda: "指标,实际\n新客户,45\n".encode("gb18030"), NOT, "refused.is_csv"),
    refused("tsv", lambda: "指标\t实际\n新客户\t45\n".encode("utf-16"), NOT, "refused.is_csv"),
    refused("text", lambda: "季度总结".encode(), NOT, "refused.is_text"),
    refused("html", lambda: b"<html><table><tr><td>1</td></tr>", NOT, "refused.is_html"),
    refused("mhtml", lambda: b"MIME-Version: 1.0\nContent-Type:x", NOT, "refused.is_html"),
    refused(
        "xml 2003",
        lambda: (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
        ),
        NOT,
        "refused.is_flat_xml",
    ),
    refused("xml", lambda: b'<?xml version="1.0"?><a/>', NOT, "refused.is_xml"),
    refused("json", lambda: b'{"a": 1}', NOT, "refused.is_json"),
    refused("noise", lambda: bytes(range(256)) * 8, NOT, "refused.is_unknown"),
    refused("docx", lambda: packed({"word/document.xml": b"<a/>"}), NOT, "refused.is_word"),
    refused("docx with a chart.xlsx", docx_with_chart, NOT, "refused.is_word"),
    refused("pptx", lambda: packed({"ppt/presentation.xml": b"<a/>"}), NOT, "refused.is_slides"),
    refused("numbers", lambda: packed({"Index/Document.iwa": b"x"}), NOT, "refused.is_numbers"),
    refused("zip of files", lambda: packed({"a.xlsx": good()}), NOT, "refused.is_zip"),
    refused(
        "odt",
        lambda: packed(
            {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b""}
        ),
        NOT,
        "refused.is_open_document",
    ),
    refused(
        "ods with password",
        lambda: packed(
            {
                "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                "content.xml": b"x",
                "META-INF/manifest.xml": b"<manifest:encryption-data/>",
            }
        ),
        LOCKED,
        "refused.password",
    ),
    refused("encrypted", lambda: compound("EncryptedPackage"), LOCKED, "refused.password"),
    refused("old word", lambda: compound("WordDocument"), NOT, "refused.is_word"),
    refused("unknown compound", lambda: compound("Contents"), NOT, "refused.is_unknown"),
    refused("xls with password.xls", locked_xls, LOCKED, "refused.password"),
    refused("xls cut.xls", lambda: compound("Workbook")[:700], BAD, "refused.damaged"),
    refused("xls of zeros.xls", lambda: compound("Workbook", size=4096), BAD, ""),
    refused("xls that loops.xls", looping, BAD, "refused.damaged"),
    refused("xls header alone.xls", lambda: compound("Workbook")[:512], BAD, "refused.damaged"),
    refused("cut in half", lambda: good()[: len(good()) // 2], BAD, "refused.damaged"),
    refused("last byte cut", lambda: good()[:-1], BAD, "refused.damaged"),
    refused("zip beginning alone", lambda: b"PK\x03\x04", BAD, "refused.damaged"),
    refused("bit flipped", flipped, BAD, "refused.damaged"),
    refused("size announced too small", lambda: lying(10), BAD, "refused.damaged"),
    refused("size announced too large", lambda: lying(10_000), BAD, "refused.damaged"),
    refused("size announced as 4 GB", lambda: lying(0xFFFFFFF0), BIG, "refused.large_inside"),
    refused("bomb", lambda: bomb(9 * 2**20), BIG, "refused.bomb"),
    refused("members overlap", overlapping, BIG, "refused.bomb"),
    refused(
        "6,000 parts",
        lambda: packed({f"p{n}": b"" for n in range(6000)}),
        BIG,
        "refused.many_parts",
    ),
    refused("part twice", lambda: twins(SHEET), NO, "refused.twin_part"),
    refused("part in two cases", lambda: twins(SHEET.upper()), NO, "refused.twin_part"),
    refused(
        "part with both slashes", lambda: twins(SHEET.replace("/", "\\")), NO, "refused.twin_part"
    ),
    refused("zip password", lambda: flagged(2, 1), LOCKED, "refused.zip_password"),
    refused("zstandard", lambda: flagged(4, 93), BAD, "refused.compression"),
    refused("bzip2", lambda: flagged(4, 12), BAD, "refused.compression"),
    _reads("backslashes in names.xlsx", renamed_parts("backslash")),
    _reads("names in capitals.xlsx", renamed_parts("upper")),
    _reads("trailing web page.xlsx", good() + b"<html></html>"),
    _reads("stored.xlsx", packed(parts(), method=zipfile.ZIP_STORED)),
    _reads("path outside.xlsx", packed({**parts(), "../../etc/passwd": b"x"})),
    _reads("zip inside.xlsx", packed({**parts(), "xl/media/a.zip": good()})),
    _reads("名字 有空格 🎉.xlsx"),
    _reads("长" * 80 + ".xlsx"),
    _reads("no suffix"),
    _reads("wrong suffix.csv"),
]
