"""The filled workbooks that all comparisons share, made once and kept between runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filled import KINDS, PERIOD, write_filled

from xltools import __version__
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


def inbox(count: int, scale: float = 1, kinds: Sequence[str] = KINDS) -> Inbox:
    """So many filled workbooks, larger or smaller than usual ones, of some definitions."""
    catalog = load_catalog()
    version = digest(__version__, Path(__file__).with_name("filled.py").read_text("utf-8"))[:8]
    folder = (
        Path(tempfile.gettempdir())
        / f"xltools-benchmark-{version}"
        / "-".join(
            (str(count), *(() if scale == 1 else (str(scale),)), *(kinds if kinds != KINDS else ()))
        )
    )
    base = default_settings(catalog, "zh")
    settings = write_filled(folder, count, catalog, base, scale, kinds)
    return Inbox(folder, catalog, settings)


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for outputs that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="xltools-bench-") as folder:
        yield Path(folder)


__all__ = ["PERIOD", "Inbox", "inbox", "workplace"]
