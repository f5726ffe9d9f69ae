"""What a file is, by its first bytes or its parts; a refusal names what is no workbook."""

from __future__ import annotations

import codecs
import re

from xltools.errors import FileRefused
from xltools.excel.package.archive import Parts

ZIP = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_FIRST_BYTES = [
    (b"%PDF", "refused.is_pdf"),
    (b"{\\rtf", "refused.is_word"),
    (b"PK\x05\x06", "refused.is_empty_zip"),
    (b"PK", "refused.damaged_zip"),
    (b"\x89PNG", "refused.is_picture"),
    (b"\xff\xd8\xff", "refused.is_picture"),
    (b"GIF8", "refused.is_picture"),
    (b"Rar!", "refused.is_archive"),
    (b"7z\xbc\xaf\x27\x1c", "refused.is_archive"),
    (b"\x1f\x8b", "refused.is_archive"),
    (b"SQLite format 3", "refused.is_database"),
]
_PACKAGES = [
    ("word/document.xml", "refused.is_word"),
    ("ppt/presentation.xml", "refused.is_slides"),
    ("index/document.iwa", "refused.is_numbers"),
    ("index.zip", "refused.is_numbers"),
    ("content.hpf", "refused.is_hangul"),
]
_WORKBOOK_PART = re.compile(r"(?:.*/)?workbook\d*\.xml")
_BARE_BIFF = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00", re.DOTALL)


def is_bare_biff(content: bytes) -> bool:
    """A workbook of Excel 2 to 5, or of an old exporter: the stream without its container."""
    return _BARE_BIFF.match(content) is not None


def package_format(parts: Parts) -> str:
    """``xlsx``, ``xlsb`` or ``ods``; FileRefused naming what else the package is."""
    if "xl/workbook.bin" in parts:
        return "xlsb"
    if any(_WORKBOOK_PART.fullmatch(name) for name in parts):
        return "xlsx"
    kind = parts.get("mimetype", b"")
    if "content.xml" in parts and (b"spreadsheet" in kind or not kind):
        if b"encryption-data" in parts.get("meta-inf/manifest.xml", b""):
            raise FileRefused("file-encrypted", "refused.password")
        return "ods"
    if kind.startswith(b"application/vnd.oasis.opendocument"):
        raise FileRefused("file-not-workbook", "refused.is_open_document")
    for name, reason in _PACKAGES:
        if name in parts:
            raise FileRefused("file-not-workbook", reason)
    if _names_workbook(parts):  # so may a document with a chart, whose data are a workbook
        return "xlsx"
    if "[content_types].xml" in parts and any(name.startswith("xl/") for name in parts):
        raise FileRefused("file-unreadable", "refused.no_workbook_part")
    raise FileRefused("file-not-workbook", "refused.is_zip")


def _names_workbook(parts: Parts) -> bool:
    return b"spreadsheetml" in parts.get("[content_types].xml", b"") and "_rels/.rels" in parts


def refusal(content: bytes) -> FileRefused:
    """The refusal of a file that is neither a zip package nor a compound file."""
    if not content:
        return FileRefused("file-not-workbook", "refused.is_empty")
    for start, reason in _FIRST_BYTES:
        if content.startswith(start):
            damaged = reason == "refused.damaged_zip"
            code = "file-unreadable" if damaged else "file-not-workbook"
            return FileRefused(code, "refused.damaged" if damaged else reason)
    text = _as_text(content[:4096])
    if text is None:
        return FileRefused("file-not-workbook", "refused.is_unknown")
    return FileRefused("file-not-workbook", _kind_of_text(text))


def _kind_of_text(text: str) -> str:
    lower = text.lstrip().lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in lower or "opendocument" in lower:
        return "refused.is_flat_xml"
    if "<html" in lower or "<table" in lower or "<!doctype html" in lower:
        return "refused.is_html"
    if "mime-version:" in lower:
        return "refused.is_html"
    if lower.startswith("<?xml"):
        return "refused.is_xml"
    if lower.startswith(("{", "[")):
        return "refused.is_json"
    lines = lower.splitlines()[:5]
    if lines and all(re.search("[,;\t|]", line) for line in lines):
        return "refused.is_csv"
    return "refused.is_text"


def _as_text(start: bytes) -> str | None:
    """The beginning as text, None when it is binary."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return start.decode("utf-16", "replace")
    if b"\x00" in start:
        return None
    for encoding in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            text = decoder.decode(start)  # not final: the cut may halve a character
        except UnicodeDecodeError:
            continue
        controls = sum(character < " " and character not in "\t\r\n\f" for character in text)
        return text if controls * 20 <= len(text) else None
    return None
