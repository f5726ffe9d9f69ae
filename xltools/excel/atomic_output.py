"""Outputs appear whole or not at all: written beside the target, then renamed over it."""

from __future__ import annotations

import csv
import io
import math
import os
import secrets
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from xltools.errors import WriteError, XltoolsWarning
from xltools.workspace import Workspace

_CSV_STARTERS = frozenset("=+-@＝＋－＠\t\r\n")
_BOM = "\ufeff"  # Excel reads a CSV file as UTF-8 only when it starts with this


@contextmanager
def replacing(target: Path, *, force: bool) -> Iterator[Path]:
    """A path to write to, moved to ``target`` at the end; on any failure the old file stays."""
    target = Path(target)
    _refuse_existing(target, force)
    _refuse_link_outside(target)
    temporary: Path | None = None
    try:
        temporary = _create_beside(target)
        yield temporary
        _flush_to_disk(temporary)
        _refuse_existing(target, force)
        temporary.replace(os.path.realpath(target))
        temporary = None
    except OSError as fault:
        if _is_other_file(fault, temporary, target):
            raise
        raise unwritable(target, fault) from fault
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_bytes(target: Path, content: bytes, *, force: bool) -> None:
    """Write a whole file at once."""
    with replacing(target, force=force) as temporary:
        temporary.write_bytes(content)


def write_text(target: Path, content: str, *, force: bool) -> None:
    """Write a whole UTF-8 file at once, line ends as given; lone surrogates are escaped."""
    write_bytes(target, content.encode("utf-8", "backslashreplace"), force=force)


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file that Excel opens correctly and that holds no live formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([_csv_value(value) for value in header])
    writer.writerows([_csv_value(value) for value in row] for row in rows)
    return (_BOM + stream.getvalue()).encode("utf-8", "backslashreplace")


def unwritable(target: Path, fault: OSError) -> WriteError:
    """The error that says why ``target`` cannot be written."""
    return WriteError("output.unwritable", path=str(target), reason=fault)


def _csv_value(value: object) -> object:
    if isinstance(value, str):
        stripped = value.lstrip(" ")
        return "'" + value if stripped[:1] in _CSV_STARTERS and stripped else value
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    return value


def _refuse_existing(target: Path, force: bool) -> None:
    if not force and os.path.lexists(target):
        raise WriteError("output.exists", path=str(target))


def _refuse_link_outside(target: Path) -> None:
    """In a quarter's folder, where others may write, refuse a link that leads out of it.

    That the folder itself is a link, to a share, may be intended: then only warn.
    """
    workspace = Workspace.around(Path(os.path.abspath(target)).parent)  # noqa: PTH100
    if workspace is None:
        return
    root, real = Path(os.path.realpath(workspace.root)), Path(os.path.realpath(target))
    if real.is_relative_to(root):
        return
    if target.is_symlink():
        raise WriteError("output.stray_link", path=str(target), real=str(real))
    places = {"path": str(target.parent), "real": str(real.parent)}
    warnings.warn(XltoolsWarning("output.linked_folder", **places), stacklevel=2)


def _create_beside(target: Path) -> Path:
    """An empty hidden file in the target's folder, with the mode an ordinary new file has."""
    folder = Path(os.path.realpath(target)).parent
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".xltools-{secrets.token_hex(8)}.tmp"
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    return temporary


def _flush_to_disk(temporary: Path) -> None:
    """Force the content to disk, so that a crash after the rename cannot leave an empty file."""
    handle = os.open(temporary, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_other_file(fault: OSError, temporary: Path | None, target: Path) -> bool:
    """Whether the fault is about another file, which the caller must explain."""
    if temporary is None or not isinstance(fault.filename, (str, bytes)):
        return False
    named = Path(os.fsdecode(fault.filename))
    return named.parent != temporary.parent and named not in (temporary, target)
