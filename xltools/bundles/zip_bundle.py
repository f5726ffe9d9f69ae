"""A zip bundle as Windows, macOS and 7-Zip make it, opened with the suspicion of any package."""

from __future__ import annotations

import unicodedata
import zipfile
from collections.abc import Sequence
from functools import partial
from pathlib import PureWindowsPath

from xltools.bundles.bundle import Bundle, Entry
from xltools.errors import FileRefused
from xltools.excel.package.archive import check_directory, directory, extents, inflate, raw_name

MOST_FILES = 2_000

_UTF8 = 0x800  # the flag of an entry that says how its name is written
_UNIX, _MACOS = 3, 19
_WIDE = "\u0800"  # from here on UTF-8 takes three bytes, which hardly any text in GBK looks like


def open_zip(content: bytes) -> Bundle | None:
    """The files in a zip bundle; None for a workbook, which is a zip as well.

    Raises FileRefused where it is damaged, has a password or is made to hurt.
    """
    members = directory(content)
    if _is_workbook(members):
        return None
    if len(members) > MOST_FILES:
        raise FileRefused(
            "file-too-large", "refused.many_inside", count=len(members), limit=MOST_FILES
        )
    check_directory(members)
    names = _names(members)
    return Bundle(
        [
            Entry(_steps(names[id(member)]), _reader(names[id(member)], content[start:end], member))
            for member, start, end in extents(content, members)
        ]
    )


def _is_workbook(members: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether the zip is one file of Office, which some mail programs rename."""
    return any(one.filename.casefold() in ("[content_types].xml", "mimetype") for one in members)


def _names(members: Sequence[zipfile.ZipInfo]) -> dict[int, str]:
    """Names as they were typed: by their flag in UTF-8, else as the packing program writes them.

    One program packed them all, so names without the flag are all in UTF-8 or all in GBK. Some
    short ones could be read as either: Windows then means GBK.
    """
    raw = {id(one): raw_name(one) for one in members}
    unsaid = [one for one in members if not one.flag_bits & _UTF8]
    encoding = _encoding([raw[id(one)] for one in unsaid], {one.create_system for one in unsaid})
    return {
        id(one): _decoded(raw[id(one)], "utf-8" if one.flag_bits & _UTF8 else encoding)
        for one in members
    }


def _encoding(names: Sequence[bytes], systems: set[int]) -> str:
    try:
        text = b"\n".join(names).decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    unix = systems <= {_UNIX, _MACOS}
    return "utf-8" if unix or text.isascii() or max(text) >= _WIDE else "gb18030"


def _decoded(raw: bytes, encoding: str) -> str:
    """The name, composed: macOS writes a letter and its accent as two."""
    return unicodedata.normalize("NFC", raw.decode(encoding, "replace"))


def _steps(name: str) -> tuple[str, ...]:
    return tuple(step for step in name.replace("\\", "/").split("/") if step not in ("", "."))


def _reader(name: str, packed: bytes, member: zipfile.ZipInfo) -> partial[bytes]:
    if ".." in _steps(name) or PureWindowsPath(name).drive or name.startswith(("/", "\\")):
        return partial(_refuse, name)
    return partial(inflate, packed, member)


def _refuse(name: str) -> bytes:
    raise FileRefused("file-refused", "refused.climbs", part=name)
