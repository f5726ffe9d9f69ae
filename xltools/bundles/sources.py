"""Where workbooks lie: bundles and mails opened in guarded workers, nothing written to disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from xltools.bundles.bundle import Bundle
from xltools.errors import FileRefused
from xltools.excel.input_paths import SUFFIXES, Skipped, find_files, is_hidden, why_skipped
from xltools.excel.package.archive import LARGEST_TOTAL
from xltools.excel.reading import preflight
from xltools.excel.reading.file_type import COMPOUND, ZIP
from xltools.excel.reading.preflight import LARGEST_FILE, Admitted, admit_content, read_once
from xltools.ground.member_paths import BUNDLES, SEPARATOR, fitting, parted
from xltools.workers import run

_EMPTY_ZIP = b"PK\x05\x06"


class Source(msgspec.Struct, frozen=True):
    """A workbook's path; of one in a bundle also its content's SHA-256, of a mail its envelope."""

    path: Path
    sha256: str = ""
    sender: str = ""
    mailed: str = ""


class Member(NamedTuple):
    """A workbook's bytes, and the mail that brought it, if any."""

    content: bytes
    sender: str = ""
    mailed: str = ""


def find_workbooks(
    paths: Sequence[str | Path], workers: int | None = None
) -> tuple[list[Source], list[Skipped]]:
    """Every workbook below ``paths``, bundles opened, and what was passed over.

    A bundle that cannot be opened stands for itself: reading it tells why. Raises ReadError for a
    path that does not exist.
    """
    files, skipped = find_files(paths)
    bundles = [os.fspath(path) for path in files if _is_bundle(path)]
    listed = run(_list, bundles, workers=workers) if bundles else iter(())
    sources: list[Source] = []
    for path in files:
        if not _is_bundle(path):
            sources.append(Source(path))
            continue
        outcome = next(listed)
        if outcome.refusal is not None:
            sources.append(Source(path))
        else:
            found, notes = outcome.result
            sources += found
            skipped += notes
    return sources, sorted(skipped, key=lambda note: note.path)


def admit(path: str | os.PathLike[str]) -> tuple[Admitted, Member]:
    """One workbook, guarded wherever it lies; FileRefused saying what it is instead."""
    if not _is_bundle(Path(parted(path)[0])):
        admitted = preflight.admit(path)
        return admitted, Member(admitted.content)
    member = _member(os.fspath(path))
    return admit_content(member.content), member


def read_source(path: str | os.PathLike[str]) -> bytes:
    """A workbook's bytes, wherever it lies; raises FileRefused."""
    return _member(os.fspath(path)).content


def _is_bundle(path: Path) -> bool:
    return path.suffix.casefold() in BUNDLES


def _member(path: str) -> Member:
    holder, inside = parted(path)
    if not _is_bundle(Path(holder)) or (inside and os.path.lexists(path)):
        return Member(read_once(path))
    opened = _opened_at(holder)
    if not inside:
        if opened.whole is None:
            raise FileRefused("file-not-workbook", "refused.is_zip")
        return Member(opened.whole)
    leaf = opened.leaves.get(inside)
    if leaf is None:
        raise FileRefused("file-unreadable", "refused.missing")
    return Member(_within_limit(leaf.read()), leaf.sender, leaf.mailed)


def _within_limit(content: bytes) -> bytes:
    if len(content) > LARGEST_FILE:
        size, limit = len(content) // 2**20, LARGEST_FILE // 2**20
        raise FileRefused("file-too-large", "refused.large_file", size=size, limit=limit)
    return content


def _list(path: str) -> tuple[list[Source], list[Skipped]]:
    """What a bundle holds, each workbook with its SHA-256, by which it is remembered."""
    opened = _opened_at(path)
    if opened.whole is not None:
        return [Source(Path(path))], []
    found: list[Source] = []
    total = 0
    for inside, leaf in opened.leaves.items():
        try:
            content = leaf.read()
        except FileRefused:  # reported when it is read as a workbook
            content = b""
        total += len(content)
        if total > LARGEST_TOTAL:
            size, limit = total // 2**20, LARGEST_TOTAL // 2**20
            raise FileRefused("file-too-large", "refused.large_inside", size=size, limit=limit)
        sha256 = hashlib.sha256(content).hexdigest() if content else ""
        found.append(Source(Path(f"{path}{SEPARATOR}{inside}"), sha256, leaf.sender, leaf.mailed))
    return found, _notes(path, opened)


def _notes(path: str, opened: _Opened) -> list[Skipped]:
    """Each file that stands in a workbook's place by name; all others together."""
    notes = [Skipped(f"{path}{SEPARATOR}{inside}", why) for inside, why in opened.odd]
    if not opened.leaves and not notes:
        notes.append(Skipped(path, "skipped.nothing_inside"))
    elif opened.others:
        notes.append(Skipped(path, "skipped.inside", opened.others))
    return notes


class _Leaf(NamedTuple):
    read: partial[bytes]
    sender: str
    mailed: str


class _Opened:
    """A bundle's workbooks by their names inside; ``whole`` is set where it is itself one."""

    def __init__(self, content: bytes) -> None:
        self.whole: bytes | None = None
        self.leaves: dict[str, _Leaf] = {}
        self.odd: list[tuple[str, str]] = []
        self.others = 0
        bundle = _open(content)
        if bundle is None:
            self.whole = content
        else:
            self._take(bundle, "", bundle)

    def _take(self, bundle: Bundle, prefix: str, envelope: Bundle) -> None:
        """Take in what a bundle holds; ``prefix`` is the name of the one it lies in, if any."""
        for entry in bundle.entries:
            if not entry.names or any(map(_is_noise, entry.names)):
                continue
            inside = prefix + SEPARATOR.join(map(fitting, entry.names))
            suffix = Path(inside).suffix.casefold()
            if suffix in SUFFIXES:
                self._add(inside, _Leaf(partial(entry.read), envelope.sender, envelope.mailed))
            elif suffix in BUNDLES and prefix:
                self.odd.append((inside, "skipped.nested"))
            elif suffix in BUNDLES:
                self._take_nested(entry.read, inside, envelope)
            else:
                self._pass_over(inside)

    def _take_nested(self, read: Callable[[], bytes], inside: str, envelope: Bundle) -> None:
        try:
            content = read()
            nested = _open(content)
        except FileRefused as refused:
            self._add(inside, _Leaf(partial(_refuse, refused), envelope.sender, envelope.mailed))
            return
        if nested is None:
            self._add(inside, _Leaf(partial(read), envelope.sender, envelope.mailed))
        else:
            own = nested if nested.sender else envelope
            self._take(nested, inside + SEPARATOR, own)

    def _add(self, inside: str, leaf: _Leaf) -> None:
        """A name that stands twice in a bundle gets a number, as the desk's own folder would."""
        number, free = 1, inside
        while free in self.leaves:
            number += 1
            stem, dot, suffix = inside.rpartition(".")
            free = f"{stem} ({number}){dot}{suffix}"
        self.leaves[free] = leaf

    def _pass_over(self, inside: str) -> None:
        name = inside.rpartition(SEPARATOR)[2]
        why = "skipped.winmail" if name.casefold() == "winmail.dat" else why_skipped(name)
        if why == "skipped.other":
            self.others += 1
        else:
            self.odd.append((inside, why))


def _is_noise(name: str) -> bool:
    """What systems and programs put beside the files that somebody meant."""
    hidden = is_hidden(name) and name != ".."  # which is no name, and refused when it is read
    return hidden or name == "__MACOSX" or name.startswith("~$")


def _refuse(refused: FileRefused) -> bytes:
    raise refused


def _opened_at(path: str) -> _Opened:
    try:
        about = Path(path).stat()
    except (OSError, ValueError):
        return _Opened(read_once(path))  # which says what is wrong
    return _opened(path, about.st_mtime_ns, about.st_size)


# The workbooks of a bundle are read one after the other. One bundle of at most 100 MB stays in a
# process until the next is opened; nobody changes what it holds, so that threads may share it.
@lru_cache(1)
def _opened(path: str, _changed: int, _size: int) -> _Opened:
    return _Opened(read_once(path))


def _open(content: bytes) -> Bundle | None:
    """A bundle by what it is, whatever it is called; None for a workbook."""
    if content.startswith((ZIP, _EMPTY_ZIP)):
        from xltools.bundles.zip_bundle import open_zip

        return open_zip(content)
    if content.startswith(COMPOUND):
        from xltools.bundles.outlook_mail import open_msg

        return open_msg(content)
    from xltools.bundles.saved_mail import open_mail

    return open_mail(content)
