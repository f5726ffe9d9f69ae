"""A mail as Outlook saves it, written from the published format: a compound file of properties."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import UTC, datetime

_SECTOR, _PIECE, _LARGE = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_TEXT, _BYTES, _TIME, _NUMBER = 0x001F, 0x0102, 0x0040, 0x0003

Tree = dict[str, "bytes | Tree"]


def outlook_msg(
    attachments: Sequence[tuple[str, bytes]],
    *,
    sender: tuple[str, str] = ("张伟", "zhang@example.com"),
    sent: datetime = datetime(2024, 10, 8, 9, 30, tzinfo=UTC),
    headers: str = "",
) -> bytes:
    """A ``.msg`` with these files."""
    values: dict[tuple[int, int], object] = {
        (0x001A, _TEXT): "IPM.Note",
        (0x0037, _TEXT): "三季度工作簿",
        (0x0039, _TIME): sent,
        (0x0C1A, _TEXT): sender[0],
        (0x0C1F, _TEXT): sender[1],
    }
    if headers:
        values[(0x007D, _TEXT)] = headers
    count = len(attachments)
    root = _properties(values, struct.pack("<8x4I8x", 0, count, 0, count))
    for number, (name, content) in enumerate(attachments):
        told: dict[tuple[int, int], object] = {
            (0x3701, _BYTES): content,
            (0x3705, _NUMBER): 1,
            (0x3707, _TEXT): name,
        }
        root[f"__attach_version1.0_#{number:08X}"] = dict(_properties(told, bytes(8)))
    return _compound(root)


def _properties(values: dict[tuple[int, int], object], header: bytes) -> Tree:
    streams: Tree = {}
    fixed = header
    for (number, kind), value in values.items():
        if isinstance(value, datetime):
            ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10**7)
            fixed += struct.pack("<HHIQ", kind, number, 6, ticks)
        elif isinstance(value, int):
            fixed += struct.pack("<HHIII", kind, number, 6, value, 0)
        else:
            raw = value.encode("utf-16-le") if isinstance(value, str) else value
            assert isinstance(raw, bytes)
            fixed += struct.pack("<HHIII", kind, number, 6, len(raw), 0)
            streams[f"__substg1.0_{number:04X}{kind:04X}"] = raw
    return {**streams, "__properties_version1.0": fixed}


def _compound(root: Tree) -> bytes:
    """Large streams in sectors of the file, small ones in pieces of 64 bytes of the root's."""
    entries: list[bytearray] = []
    sectors, small = _Chains(_SECTOR), _Chains(_PIECE)

    def entry(name: str, kind: int, start: int, size: int) -> int:
        raw = name.encode("utf-16-le") + b"\0\0"
        line = raw.ljust(64, b"\0") + struct.pack("<HBB3I", len(raw), kind, 1, *(_FREE,) * 3)
        entries.append(bytearray(line + bytes(36) + struct.pack("<IQ", start, size)))
        return len(entries) - 1

    def place(tree: Tree, owner: int) -> None:
        # Siblings hang on each other's right side in the format's order: by length, then by letter.
        link = owner, 76
        for name in sorted(tree, key=lambda one: (len(one), one.upper())):
            value = tree[name]
            if isinstance(value, bytes):
                chains = sectors if len(value) >= _LARGE else small
                mine = entry(name, 2, chains.add(value), len(value))
            else:
                mine = entry(name, 1, 0, 0)
                place(value, mine)
            struct.pack_into("<I", entries[link[0]], link[1], mine)
            link = mine, 72

    place(root, entry("Root Entry", 5, _END, 0))
    pieces = b"".join(small.pieces)
    struct.pack_into("<IQ", entries[0], 116, sectors.add(pieces), len(pieces))
    directory = sectors.add(b"".join(entries))
    little = sectors.add(struct.pack(f"<{len(small.table)}I", *small.table), b"\xff")
    needed = next(n for n in range(1, 110) if (len(sectors.table) + n) * 4 <= n * _SECTOR)
    numbers = [len(sectors.table) + n for n in range(needed)]
    words = sectors.table + [_FAT] * needed
    filled = struct.pack(f"<{len(words)}I", *words).ljust(needed * _SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 62, 3, 0xFFFE, 9, 6)
    many = -(-len(small.table) * 4 // _SECTOR)
    header += struct.pack("<9I", 0, needed, directory, 0, _LARGE, little, many, _END, 0)
    header += struct.pack("<109I", *numbers, *[_FREE] * (109 - needed))
    return header + b"".join(sectors.pieces) + filled


class _Chains:
    """Pieces of one size, and for each the number of the next of its stream."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.pieces: list[bytes] = []
        self.table: list[int] = []

    def add(self, content: bytes, fill: bytes = b"\0") -> int:
        """Where the stream begins."""
        first = len(self.pieces)
        for at in range(0, len(content), self.size):
            self.pieces.append(content[at : at + self.size].ljust(self.size, fill))
            self.table.append(len(self.table) + 1)
        if content:
            self.table[-1] = _END
        return first if content else _END
