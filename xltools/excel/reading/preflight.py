"""What a file is and whether it is safe to read, before any parser sees it.

The limits were set on 2,347 real workbooks; each stands well above the largest one seen, so that
only files made to hurt, or damaged ones, are turned away.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

import msgspec

from xltools.errors import FileRefused
from xltools.excel.input_paths import error_number
from xltools.excel.package import compound_file
from xltools.excel.package.archive import Parts, unpack
from xltools.excel.reading import file_type

# The largest real workbook was 2.7 MB; a team's file with photographs stays far below this.
LARGEST_FILE = 100 * 1024 * 1024

_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO without a writer must not block us
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_OPEN_FAULTS = {
    errno.ENOENT: "refused.missing",
    errno.ENOTDIR: "refused.missing",
    errno.ENAMETOOLONG: "refused.long_path",
    errno.EACCES: "refused.permission",
    errno.EPERM: "refused.permission",
    errno.ELOOP: "refused.link_loop",
    errno.EISDIR: "refused.is_folder",
    errno.ENXIO: "refused.is_device",
    errno.EIO: "refused.out_of_reach",
    errno.ETIMEDOUT: "refused.out_of_reach",
    errno.EHOSTUNREACH: "refused.out_of_reach",
    errno.ENETUNREACH: "refused.out_of_reach",
    errno.ENOTCONN: "refused.out_of_reach",
    errno.ESTALE: "refused.out_of_reach",
}


class Admitted(msgspec.Struct):
    """A file that passed: its bytes, read once, and what is inside them."""

    format: str  # "xlsx" | "xls" | "xlsb" | "ods"
    content: bytes
    sha256: str
    parts: Parts | None = None  # of a zip package
    workbook: bytes = b""  # of an .xls


def admit(path: str | os.PathLike[str]) -> Admitted:
    """Read and guard one file; raises FileRefused saying what it is instead of a workbook."""
    if Path(path).name.startswith("~$"):
        raise FileRefused("file-not-workbook", "refused.is_lock_file")
    return admit_content(read_once(path))


def admit_content(content: bytes) -> Admitted:
    """Guard a file that is already in memory."""
    sha256 = hashlib.sha256(content).hexdigest()
    if content.startswith(file_type.ZIP):
        parts = unpack(content)
        return Admitted(file_type.package_format(parts), content, sha256, parts)
    if content.startswith(file_type.COMPOUND):
        workbook = compound_file.workbook_stream(content)
        return Admitted("xls", content, sha256, workbook=workbook)
    if file_type.is_bare_biff(content):
        return Admitted("xls", content, sha256, workbook=content)
    raise file_type.refusal(content)


def read_once(path: str | os.PathLike[str]) -> bytes:
    """A regular file's bytes; FileRefused for a device, and for what changes meanwhile."""
    try:
        descriptor = os.open(path, _OPEN_FLAGS)
    except OSError as fault:
        raise _open_refusal(fault, path) from fault
    except ValueError as fault:  # a NUL inside the name
        raise FileRefused("file-unreadable", "refused.missing") from fault
    before = os.fstat(descriptor)
    if not stat.S_ISREG(before.st_mode):
        os.close(descriptor)
        folder = stat.S_ISDIR(before.st_mode)
        reason = "refused.is_folder" if folder else "refused.is_device"
        raise FileRefused("file-not-workbook", reason)
    with os.fdopen(descriptor, "rb") as stream:
        if before.st_size > LARGEST_FILE:
            raise FileRefused(
                "file-too-large",
                "refused.large_file",
                size=before.st_size // 2**20,
                limit=LARGEST_FILE // 2**20,
            )
        try:
            content = stream.read(LARGEST_FILE + 1)
        except OSError as fault:
            raise _open_refusal(fault, path) from fault
        after = os.fstat(descriptor)
    unchanged = before.st_mtime_ns == after.st_mtime_ns and len(content) == after.st_size
    if not unchanged:
        raise FileRefused("file-unreadable", "refused.changing")
    return content


def _open_refusal(fault: OSError, path: str | os.PathLike[str]) -> FileRefused:
    reason = _OPEN_FAULTS.get(error_number(fault, path))
    # `Path.is_dir` fails where a name is too long to be looked for.
    if reason in ("refused.is_folder", "refused.is_device") or os.path.isdir(path):  # noqa: PTH112
        return FileRefused("file-not-workbook", reason or "refused.is_folder")
    if reason:
        return FileRefused("file-unreadable", reason)
    return FileRefused("file-unreadable", "refused.system", detail=fault.strerror or str(fault))
