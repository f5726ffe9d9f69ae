"""Opens a zip package safely: the directory is checked, members are inflated within limits."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from isal import isal_zlib

from xltools.errors import FileRefused

MOST_PARTS = 5_000  # the largest real package had 1,033
LARGEST_PART = 400 * 1024 * 1024  # the largest real part was 57 MB
LARGEST_TOTAL = 500 * 1024 * 1024  # the largest real package held 60 MB
RATIO_FLOOR = 8 * 1024 * 1024  # small parts of blank cells honestly reach 437:1
HIGHEST_RATIO = 200  # above the floor, the highest real ratio was 121

_STORED, _DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
_LOCAL_HEADER = b"PK\x03\x04"
_DIRECTORY_ENTRY = b"PK\x01\x02"

# What zipfile raises on archives that make no sense, found by mutating good ones.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    OverflowError,
    RuntimeError,  # encrypted, or packed in a way that it does not know
    ValueError,
)

Parts = dict[str, bytes]  # lower-case name with forward slashes → content


def unpack(content: bytes) -> Parts:
    """Every member of the package; FileRefused when it is damaged or malicious."""
    if content.count(_DIRECTORY_ENTRY) > 4 * MOST_PARTS:
        raise _too_many(content.count(_DIRECTORY_ENTRY))
    members = directory(content)
    check_directory(members)
    parts: Parts = {}
    for member, start, end in extents(content, members):
        name = part_name(member.filename)
        if name in parts:
            raise FileRefused("file-refused", "refused.twin_part", part=name)
        parts[name] = inflate(content[start:end], member)
    return parts


def directory(content: bytes) -> list[zipfile.ZipInfo]:
    """What the package says it holds, folders left out; FileRefused where it says nonsense."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return [member for member in package.infolist() if not member.is_dir()]
    except DAMAGE as fault:
        raise FileRefused("file-unreadable", "refused.damaged") from fault


def extents(
    content: bytes, members: list[zipfile.ZipInfo]
) -> Iterator[tuple[zipfile.ZipInfo, int, int]]:
    """Every member with where its packed bytes begin and end, in the order they lie in."""
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        start, end = _extent(content, member, end)
        yield member, start, end


def part_name(name: str) -> str:
    """The one form in which parts are looked up: case and slashes vary between programs."""
    return name.replace("\\", "/").lstrip("/").lower()


def check_directory(members: list[zipfile.ZipInfo]) -> None:
    """Refuse what is locked, packed in an unknown way, or too much."""
    if len(members) > MOST_PARTS:
        raise _too_many(len(members))
    for member in members:
        if member.flag_bits & 1:
            raise FileRefused("file-encrypted", "refused.zip_password")
        if member.compress_type not in (_STORED, _DEFLATED):
            raise FileRefused("file-unreadable", "refused.compression")
        if member.file_size > LARGEST_PART:
            raise _too_big(member.file_size, LARGEST_PART)
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > RATIO_FLOOR and ratio > HIGHEST_RATIO:
            raise FileRefused("file-too-large", "refused.bomb", part=member.filename)
    total = sum(member.file_size for member in members)
    if total > LARGEST_TOTAL:
        raise _too_big(total, LARGEST_TOTAL)


def _extent(content: bytes, member: zipfile.ZipInfo, previous_end: int) -> tuple[int, int]:
    """Where the member's bytes lie; members that share bytes are a bomb's trick."""
    at = member.header_offset
    if content[at : at + 4] != _LOCAL_HEADER:
        raise FileRefused("file-unreadable", "refused.damaged")
    name_length = int.from_bytes(content[at + 26 : at + 28], "little")
    extra_length = int.from_bytes(content[at + 28 : at + 30], "little")
    start = at + 30 + name_length + extra_length
    end = start + member.compress_size
    if at < previous_end:
        raise FileRefused("file-too-large", "refused.bomb", part=member.filename)
    if end > len(content) or content[at + 30 : at + 30 + name_length] != raw_name(member):
        raise FileRefused("file-unreadable", "refused.damaged")
    return start, end


def raw_name(member: zipfile.ZipInfo) -> bytes:
    """The name as the directory has it, byte for byte."""
    return member.orig_filename.encode("utf-8" if member.flag_bits & 0x800 else "cp437")


def inflate(packed: bytes, member: zipfile.ZipInfo) -> bytes:
    """The member's content, never more than its directory entry announced."""
    if member.compress_type == _STORED:
        plain = packed
    else:
        inflater = isal_zlib.decompressobj(-15)
        try:
            plain = inflater.decompress(packed, member.file_size + 1)
            plain += inflater.flush() if not inflater.eof and len(plain) < member.file_size else b""
        except isal_zlib.error as fault:  # type: ignore[misc]
            raise FileRefused("file-unreadable", "refused.damaged") from fault
    if len(plain) != member.file_size or isal_zlib.crc32(plain) != member.CRC:
        raise FileRefused("file-unreadable", "refused.damaged")
    return plain


def _too_many(count: int) -> FileRefused:
    return FileRefused("file-too-large", "refused.many_parts", count=count, limit=MOST_PARTS)


def _too_big(size: int, limit: int) -> FileRefused:
    return FileRefused(
        "file-too-large", "refused.large_inside", size=size // 2**20, limit=limit // 2**20
    )
