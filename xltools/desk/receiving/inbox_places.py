"""Workbooks put into the inbox under our name, set aside, taken back; never deleted."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from xltools.check.identify.file_name import name_parts
from xltools.desk.receiving.desk_memory import remembering
from xltools.desk.receiving.sendings import Key, Sending, logged
from xltools.errors import UsageError, WriteError
from xltools.excel.atomic_output import unwritable, write_bytes
from xltools.excel.input_paths import SUFFIXES, find_files, is_hidden
from xltools.ground.filenames import safe_name
from xltools.ground.folding import fold
from xltools.ground.member_paths import BUNDLES
from xltools.run import Run
from xltools.workspace import Workspace


def put(
    run: Run, workspace: Workspace, sent: Sending, content: bytes, every: Sequence[Sending]
) -> str:
    """A workbook's name in the inbox once it is there; those that it replaces are set aside.

    Sent again byte for byte, it is there already. ``every`` are all sendings before. For a block of
    `remembering`, which keeps others from taking the same name. Raises WriteError.
    """
    for one in every:
        if one.key == sent.key and one.sha256 == sent.sha256 and _holds(workspace, one, content):
            return one.name
    title = run.catalog[sent.template].title[run.settings.language or run.lang]
    stem = f"{safe_name(sent.team)}-{safe_name(title)}-{sent.period}"
    suffix = Path(sent.original).suffix.casefold()
    suffix = suffix if suffix in SUFFIXES else ".xlsx"  # some mail programs call a workbook .zip
    folders = (workspace.inbox, workspace.set_aside)
    name = _free(stem, suffix, folders, {one.name for one in every})
    write_bytes(workspace.inbox / name, content, force=False)
    _to_disk(workspace.inbox)
    _displace(run, workspace, sent.key, name, every)
    return name


def _displace(
    run: Run, workspace: Workspace, key: Key, keep: str, every: Sequence[Sending]
) -> None:
    """Set aside all of the inbox that ``key`` is, but the file ``keep``: the latest counts.

    What did not come through the desk is known by its name; in a zip or mail it stays.
    """
    ours = {one.name for one in every if one.name and one.key == key}
    for path in _workbooks(workspace.inbox):
        known = path.parent == workspace.inbox and path.name in ours
        if path != workspace.inbox / keep and (known or _named(run, path) == key):
            # One that is open in Excel stays, on Windows: a team must be able to send all the same.
            with suppress(WriteError):
                _move(path, workspace.set_aside)


def set_aside(workspace: Workspace, name: str) -> str:
    """Move a file of the inbox to those that do not count; its name there.

    ``name`` is its path below the inbox, as `inbox_names` tells it. Raises UsageError, WriteError.
    """
    with remembering(workspace):
        return _move(_listed(workspace.inbox, name), workspace.set_aside)


def take_back(run: Run, workspace: Workspace, name: str) -> str:
    """Move a file that was set aside into the inbox again, where it counts; its name there.

    What came of the same workbook meanwhile is set aside. Raises UsageError, WriteError.
    """
    with remembering(workspace) as connection:
        path = _listed(workspace.set_aside, name)
        every = logged(connection)
        key = next((one.key for one in every if one.name == name), None) or _named(run, path)
        moved = _move(path, workspace.inbox)
        if key is not None:
            _displace(run, workspace, key, moved, every)
        return moved


def inbox_names(workspace: Workspace) -> list[str]:
    """The files of the inbox that can be set aside."""
    return _names(workspace.inbox)


def set_aside_names(workspace: Workspace) -> list[str]:
    """The files that were set aside and can be taken back."""
    return _names(workspace.set_aside)


def workbook_at(folder: Path, name: str) -> Path | None:
    """The file of that name in a folder: found in its listing, so that no name leads elsewhere."""
    return next((path for path in _files(folder) if _told(path, folder) == name), None)


def _listed(folder: Path, name: str) -> Path:
    found = workbook_at(folder, name)
    if found is None:
        raise UsageError("desk.not_there", name=name)
    return found


def _names(folder: Path) -> list[str]:
    return [_told(path, folder) for path in _files(folder)]


def _told(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _files(folder: Path) -> list[Path]:
    """All that people put there, workbook or not; links are not followed out of it."""
    found = []
    for above, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if not is_hidden(one))
        paths = (Path(above, name) for name in sorted(names) if not is_hidden(name))
        found += [path for path in paths if path.is_file() and not path.is_symlink()]
    return found


def _workbooks(folder: Path) -> Iterator[Path]:
    """The workbooks that lie there as files."""
    files, _ = find_files([folder])
    return (path for path in files if path.suffix.casefold() not in BUNDLES)


def _named(run: Run, path: Path) -> Key | None:
    """Which workbook a file is by its name; None where that does not say all."""
    said = name_parts(path.name, run.catalog)
    team = run.settings.team(said.team)
    if team is None or not said.template or not said.period:
        return None
    return fold(team.team), said.template, said.period


def _holds(workspace: Workspace, sent: Sending, content: bytes) -> bool:
    """Whether a sending lies in the inbox as it came."""
    path = workspace.inbox / sent.name
    return bool(sent.name) and path.is_file() and path.read_bytes() == content


def _move(path: Path, folder: Path) -> str:
    """Move a file into a folder under a name that is free there; that name."""
    name = _free(path.stem, path.suffix, (folder,))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            path.rename(folder / name)
        except OSError as fault:
            if fault.errno != errno.EXDEV:  # the inbox may be a link to a share
                raise
            write_bytes(folder / name, path.read_bytes(), force=False)
            path.unlink()
        _to_disk(folder)
    except OSError as fault:
        raise unwritable(path, fault) from fault
    return name


def _free(
    stem: str, suffix: str, folders: Collection[Path], taken: Collection[str] = frozenset()
) -> str:
    """A name that no file in the folders has, nor ever had where it is ``taken``."""
    for number in count(1):
        name = f"{stem} ({number}){suffix}" if number > 1 else f"{stem}{suffix}"
        if name not in taken and not any(os.path.lexists(folder / name) for folder in folders):
            return name
    raise AssertionError


def _to_disk(folder: Path) -> None:
    """Force a folder's entries to the disk; Windows does so by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
