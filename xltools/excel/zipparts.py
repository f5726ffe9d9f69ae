"""The zip archive under a workbook, written so that equal content gives equal bytes.

Python's ``zipfile`` cannot copy a member without inflating it, nor stream one at a chosen level.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from io import BytesIO
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

    def add_chunks(self, name: str, chunks: Iterable[bytes]) -> None:
        """Add a new member whose size is known only at its end; the stream must be seekable."""
        start = self._stream.tell()
        offset, raw_name = self._offset, len(name.encode())
        self._offset += _LOCAL.size + raw_name
        self._stream.seek(start + _LOCAL.size + raw_name)
        squeeze = zlib.compressobj(self._level, zlib.DEFLATED, -15)
        size = crc = packed = 0
        for chunk in chunks:
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
            packed += self._stream.write(squeeze.compress(chunk))
        packed += self._stream.write(squeeze.flush())
        end = self._stream.tell()
        self._stream.seek(start)
        self._offset = offset
        self._begin(name, crc, packed, size)
        self._stream.seek(end)
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
