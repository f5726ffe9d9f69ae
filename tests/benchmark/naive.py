"""What an analyst writes today: neither checks nor traces; what bench.py compares with."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

warnings.simplefilter("ignore", UserWarning)


def read(paths: Iterable[Path], engine: str = "openpyxl") -> dict[str, pd.DataFrame]:
    """The sheets of all workbooks, those of one title together."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for path in paths:
        for title, table in pd.read_excel(path, sheet_name=None, engine=engine).items():
            parts.setdefault(title, []).append(table.dropna(how="all"))
    return {title: pd.concat(tables) for title, tables in parts.items()}


def consolidate(paths: Iterable[Path], target: Path) -> None:
    """All workbooks in one."""
    with pd.ExcelWriter(target, engine="openpyxl") as writer:
        for title, table in read(paths).items():
            table.to_excel(writer, sheet_name=title[:31], index=False)


if __name__ == "__main__":
    consolidate(sorted(Path(sys.argv[1]).glob("*.xlsx")), Path(sys.argv[2]))
