"""The zip archive under a workbook, written so that equal content gives equal bytes.

Python's ``zipfile`` cannot copy a member without inflating it, nor deflate one in a thread.
"""

from __future__ import annotations

import shutil
import struct
import zlib
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO, StringIO
from pathlib import Path
from typing import IO
from zipfile import ZipFile, ZipInfo

import msgspec

from xltools.errors import WriteError

_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_END = struct.Struct("<4sHHHHLLH")
_VERSION = 20  # of the format: what deflate needs
_UTF8_NAME = 0x800
_DEFLATED = 8
_DATE, _TIME = 0x21, 0  # 1 January 1980, as Excel itself writes
_ZIP64_EXTRA = 1
_LIMIT = 0xFFFF_FFFF
_CHUNK = 1 << 19  # characters, or bytes


class Member(msgspec.Struct, frozen=True):
    """One stored member: its directory entry and its bytes, from local header to next member."""

    info: ZipInfo
    record: bytes

    @property
    def name(self) -> str:
        """The member's name in the archive."""
        return self.info.filename


def members(content: bytes) -> list[Member]:
    """The members of an archive in the order in which they are stored, not yet inflated."""
    with ZipFile(BytesIO(content)) as archive:
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
        end = archive.start_dir
    stops = [info.header_offset for info in infos[1:]] + [end]
    return [
        Member(info, content[info.header_offset : stop])
        for info, stop in zip(infos, stops, strict=True)
    ]


def deflated(content: bytes, level: int = 6) -> bytes:
    """Content as a member stores it."""
    squeeze = zlib.compressobj(level, zlib.DEFLATED, -15)
    return squeeze.compress(content) + squeeze.flush()


class DeflatedPart(StringIO):
    """A text file that is deflated to ``path`` while it is written, by a thread of its own.

    A string buffer only by name, which is what XlsxWriter asks for: it keeps one piece at a time.
    """

    def __init__(self, path: Path, level: int) -> None:
        super().__init__()
        self.path = path
        self._target = path.open("wb")
        self._squeeze = zlib.compressobj(level, zlib.DEFLATED, -15)
        self._thread = ThreadPoolExecutor(1)
        self._last: Future[None] | None = None
        self._pieces: list[str] = []
        self._waiting = self._size = self._crc = 0

    def write(self, text: str) -> int:
        """Take more text; at most two chunks are in memory."""
        self._pieces.append(text)
        self._waiting += len(text)
        if self._waiting >= _CHUNK:
            self._hand_over()
        return len(text)

    def finish(self) -> tuple[int, int, int]:
        """Close the file: its size, its checksum and its deflated size, in bytes."""
        self._hand_over()
        if self._last is not None:
            self._last.result()
        self._target.write(self._squeeze.flush())
        packed = self._target.tell()
        self.close()
        return self._size, self._crc, packed

    def close(self) -> None:
        """Let go of the file, finished or not."""
        self._thread.shutdown()
        self._target.close()
        super().close()

    def _hand_over(self) -> None:
        if self._last is not None:
            self._last.result()
        self._last = self._thread.submit(self._take, "".join(self._pieces))
        self._pieces, self._waiting = [], 0

    def _take(self, text: str) -> None:
        content = text.encode("utf-8", "backslashreplace")
        self._size += len(content)
        self._crc = zlib.crc32(content, self._crc)
        self._target.write(self._squeeze.compress(content))


class ZipWriter:
    """Writes an archive member by member; call ``finish`` at the end."""

    def __init__(self, stream: IO[bytes], level: int = 6) -> None:
        self._stream = stream
        self._level = level
        self._directory: list[bytes] = []
        self._offset = 0

    def add(self, name: str, content: bytes) -> None:
        """Add a new member."""
        packed = deflated(content, self._level)
        self.add_packed(name, packed, len(content), zlib.crc32(content))

    def add_packed(self, name: str, packed: bytes, size: int, crc: int) -> None:
        """Add a new member that is deflated already."""
        self._begin(name, crc, len(packed), size)
        self._stream.write(packed)
        self._offset += len(packed)

    def add_deflated_part(self, name: str, part: DeflatedPart) -> None:
        """Add a new member that was deflated while it was written."""
        size, crc, packed = part.finish()
        self._begin(name, crc, packed, size)
        with part.path.open("rb") as source:
            shutil.copyfileobj(source, self._stream, _CHUNK)
        part.path.unlink()
        self._offset += packed

    def copy(self, member: Member) -> None:
        """Add a member of another archive as it stands."""
        info = member.info
        self._directory.append(_central_copy(info, self._offset))
        self._stream.write(member.record)
        self._offset += len(member.record)
        self._check(self._offset)

    def finish(self) -> None:
        """Write the directory."""
        directory = b"".join(self._directory)
        count = len(self._directory)
        self._check(self._offset + len(directory))
        self._stream.write(directory)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), self._offset, 0)
        self._stream.write(end)

    def _begin(self, name: str, crc: int, packed: int, size: int) -> None:
        self._check(size, packed, self._offset)
        raw = name.encode()
        flags = 0 if name.isascii() else _UTF8_NAME
        common = (_VERSION, flags, _DEFLATED, _TIME, _DATE, crc, packed, size, len(raw), 0)
        self._stream.write(_LOCAL.pack(b"PK\3\4", *common) + raw)
        entry = _CENTRAL.pack(b"PK\1\2", _VERSION, *common, 0, 0, 0, 0, self._offset)
        self._directory.append(entry + raw)
        self._offset += _LOCAL.size + len(raw)

    def _check(self, *sizes: int) -> None:
        if max(sizes) >= _LIMIT:
            raise WriteError("output.too-large", limit="4 GB")


def _central_copy(info: ZipInfo, offset: int) -> bytes:
    raw = info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8_NAME else "cp437")
    extra = _without_zip64(info.extra)
    year, month, day, hour, minute, second = info.date_time
    entry = _CENTRAL.pack(
        b"PK\1\2",
        info.create_version | info.create_system << 8,
        info.extract_version,
        info.flag_bits,
        info.compress_type,
        hour << 11 | minute << 5 | second // 2,
        (year - 1980) << 9 | month << 5 | day,
        info.CRC,
        info.compress_size,
        info.file_size,
        len(raw),
        len(extra),
        len(info.comment),
        0,
        info.internal_attr,
        info.external_attr,
        offset,
    )
    return entry + raw + extra + info.comment


def _without_zip64(extra: bytes) -> bytes:
    """The extra fields but for the 64-bit sizes, which the entry itself holds now."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind != _ZIP64_EXTRA:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept
