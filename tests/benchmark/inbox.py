"""The filled workbooks that all comparisons share, made once and kept between runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from filled import KINDS, PERIOD, write_filled
from savers import OFFICE, SAVERS, save_as

from xltools.consolidate.store.reading_key import digest
from xltools.definition import Catalog, load_catalog
from xltools.definition.default_settings import default_settings
from xltools.settings import Settings


@dataclass(frozen=True)
class Inbox:
    """A folder of workbooks, and the settings that they go with."""

    folder: Path
    catalog: Catalog
    settings: Settings

    @property
    def paths(self) -> list[Path]:
        """The workbooks in order."""
        return sorted(self.folder.glob("*.xlsx"))


def inbox(count: int, scale: float = 1, kinds: Sequence[str] = KINDS, saver: str = "") -> Inbox:
    """So many filled workbooks, larger or smaller than usual ones, of some definitions.

    ``saver`` is the program that saved them; "" is ours, whose files no team sends untouched.
    """
    catalog = load_catalog()
    base = default_settings(catalog, "zh")
    name = "-".join((str(count), str(scale), *kinds))
    folder = Path(tempfile.gettempdir()) / f"xltools-benchmark-{_version(tuple(kinds))}" / name
    settings = write_filled(folder, count, catalog, base, scale, kinds)
    made = Inbox(folder, catalog, settings)
    if not saver:
        return made
    saved = folder.with_name(f"{name}-{saver}")
    save_as(saver, made.paths, saved)
    return Inbox(saved, catalog, settings)


@cache
def _version(kinds: Sequence[str]) -> str:
    """Other forms are other workbooks: told by the first of each kind."""
    catalog = load_catalog()
    with workplace() as folder:
        write_filled(folder, len(kinds), catalog, default_settings(catalog, "zh"), kinds=kinds)
        return digest([digest(path.read_bytes().hex()) for path in sorted(folder.iterdir())])[:8]


def savers() -> list[str]:
    """The programs whose files can be had here; LibreOffice must be installed."""
    return [name for name in SAVERS if name != "LibreOffice" or OFFICE]


def returned() -> str:
    """Who saved what comes back: LibreOffice, or as Excel does where that is not installed."""
    return "LibreOffice" if OFFICE else "Excel (like)"


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for outputs that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="xltools-bench-") as folder:
        yield Path(folder)


__all__ = ["PERIOD", "Inbox", "inbox", "returned", "savers", "workplace"]
