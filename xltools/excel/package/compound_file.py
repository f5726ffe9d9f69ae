"""Compound files (``.xls``, and encrypted workbooks of Office), read with every step checked."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from xltools.errors import FileRefused

_ENTRY = 128
_LAST_SECTOR = 0xFFFFFFFA  # values above are marks (free, end of chain), not sectors
# A directory names sheets' streams, macros, embedded objects; real ones stay under some hundred.
MOST_ENTRIES = 100_000
_ROOT = 5
_SMALLEST_OF_ITS_OWN = 4096
_LARGE = 4096  # bytes of a sector that is large
_END = 0xFFFFFFFE  # of a chain

_OTHER_PROGRAMS = {
    "worddocument": "refused.is_word",
    "powerpoint document": "refused.is_slides",
    "visiodocument": "refused.is_unknown",
    "__properties_version1.0": "refused.is_mail",
}


class Stream:
    """A stream of a compound file: where it starts and how long it claims to be."""

    def __init__(self, start: int, size: int) -> None:
        self.start = start
        self.size = size


class Compound:
    """Header, allocation table and directory of a compound file."""

    def __init__(self, content: bytes) -> None:
        if len(content) < 512:
            raise _damaged()
        self.content = content
        shift = struct.unpack_from("<H", content, 30)[0]
        if shift not in (9, 12):
            raise _damaged()
        self.sector_size = 1 << shift
        self.table = self._allocation_table()
        self.root: Stream | None = None
        self.streams = self._directory()

    def sector(self, number: int) -> bytes:
        """The bytes of one sector; the first follows the header."""
        at = (number + 1) * self.sector_size
        piece = self.content[at : at + self.sector_size]
        if not piece:
            raise _damaged()
        return piece

    def read(self, stream: Stream) -> bytes:
        """A stream's content, at most as long as the file."""
        if stream.size < _SMALLEST_OF_ITS_OWN and self.root is not None:
            return self._read_small(stream)
        return self._joined(stream.start)[: stream.size]

    def _read_small(self, stream: Stream) -> bytes:
        """Small streams share the sectors of the root's, in pieces of 64 bytes."""
        start: int = struct.unpack_from("<I", self.content, 60)[0]
        packed = self._joined(start)
        table = struct.unpack(f"<{len(packed) // 4}I", packed)
        shared = self._joined(self.root.start) if self.root else b""
        chain = _chain(stream.start, table)
        return b"".join(shared[64 * n : 64 * n + 64] for n in chain)[: stream.size]

    def _joined(self, start: int) -> bytes:
        return b"".join(self.sector(number) for number in _chain(start, self.table))

    def _allocation_table(self) -> list[int]:
        content = self.content
        numbers = [n for n in struct.unpack_from("<109I", content, 76) if n < _LAST_SECTOR]
        at: int
        at, count = struct.unpack_from("<II", content, 68)
        seen: set[int] = set()
        while at < _LAST_SECTOR and count:
            if at in seen:
                raise _damaged()
            seen.add(at)
            more = self._words(at)
            numbers += [n for n in more[:-1] if n < _LAST_SECTOR]
            at = more[-1]
        if len(numbers) != len(set(numbers)):
            raise _damaged()
        return [word for number in numbers for word in self._words(number)]

    def _words(self, number: int) -> tuple[int, ...]:
        piece = self.sector(number)
        if len(piece) < self.sector_size:
            raise _damaged()
        return struct.unpack(f"<{self.sector_size // 4}I", piece)

    def _directory(self) -> dict[str, Stream]:
        start = struct.unpack_from("<I", self.content, 48)[0]
        raw = self._joined(start)
        if len(raw) > MOST_ENTRIES * _ENTRY:
            raise _damaged()
        streams: dict[str, Stream] = {}
        for at in range(0, len(raw) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", raw, at + 64)
            if kind and 2 <= length <= 64:
                name = raw[at : at + length - 2].decode("utf-16-le", "replace").lower()
                first, size = struct.unpack_from("<II", raw, at + 116)
                stream = Stream(first, size)
                if kind == _ROOT:
                    self.root = stream
                streams.setdefault(name, stream)
        return streams


def workbook_stream(content: bytes) -> bytes:
    """The workbook of a compound file; FileRefused where there is none, or it has a password."""
    compound = Compound(content)
    streams = compound.streams
    if "encryptedpackage" in streams or "encryptioninfo" in streams:
        raise FileRefused("file-encrypted", "refused.password")
    stream = streams.get("workbook") or streams.get("book")
    if stream is None:
        for name, reason in _OTHER_PROGRAMS.items():
            if name in streams:
                raise FileRefused("file-not-workbook", reason)
        raise FileRefused("file-not-workbook", "refused.is_unknown")
    workbook = compound.read(stream)
    if _has_password(workbook):
        raise FileRefused("file-encrypted", "refused.password")
    return workbook


def compound_file(workbook: bytes) -> bytes:
    """A compound file that holds a workbook and nothing else; its sectors are large ones."""
    size = max(len(workbook), _SMALLEST_OF_ITS_OWN)
    count = -(-size // _LARGE)
    tables = -(-(count + 1) // (_LARGE // 4 - 1))
    begin, free = count + 1, 0xFFFFFFFF
    header = struct.pack(
        "<8s16x5H6x9I109I",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 62, 3, 0xFFFE, 12, 6),
        *(1, tables, count, 0, _SMALLEST_OF_ITS_OWN, _END, 0, _END, 0),
        *(begin + at if at < tables else free for at in range(109)),
    )
    table = [*range(1, count), _END, _END, *[0xFFFFFFFD] * tables]
    table += [free] * (tables * _LARGE // 4 - len(table))
    root = _entry("Root Entry", _ROOT, _END, 0, child=1)
    pieces = (
        header.ljust(_LARGE, b"\0"),
        workbook.ljust(count * _LARGE, b"\0"),
        (root + _entry("Workbook", 2, 0, size)).ljust(_LARGE, b"\0"),
        struct.pack(f"<{len(table)}I", *table),
    )
    return b"".join(pieces)


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    """An entry of the directory."""
    wide = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBB3I36xIQ",
        *(wide, len(wide) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, start, size),
    )


def _has_password(workbook: bytes) -> bool:
    """Whether a FILEPASS record stands in the workbook's first substream."""
    at = 0
    while at + 4 <= len(workbook):
        record, length = struct.unpack_from("<HH", workbook, at)
        if record == 0x2F:
            return True
        if record == 0x0A:
            return False
        at += 4 + length
    return False


def _chain(start: int, table: Sequence[int]) -> list[int]:
    """Sector numbers from ``start`` on; a loop or a step outside is damage."""
    chain: list[int] = []
    seen: set[int] = set()
    number = start
    while number < _LAST_SECTOR:
        if number in seen or number >= len(table):
            raise _damaged()
        seen.add(number)
        chain.append(number)
        number = table[number]
    return chain


def _damaged() -> FileRefused:
    return FileRefused("file-unreadable", "refused.damaged")
