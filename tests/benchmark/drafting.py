"""Drafting a definition from a hundred copies, against reading them with pandas."""

from __future__ import annotations

import shutil
import sys
from functools import partial
from pathlib import Path

import naive
from inbox import workplace
from measure import medians, ratio, row, section

from xltools.definition import load_catalog
from xltools.draft import draft

sys.path.insert(0, str(Path(__file__).parent.parent))

from home_grown import ROWS, visits

_COPIES = 100
_DIFFERENT = 10
_ROWS = 2_400  # a workbook of 100 KB
_SLOW = 20  # copies that pandas reads


def compare_drafting(_full: bool) -> None:
    """Everything that drafting does, against the values alone."""
    with workplace() as folder:
        paths = _copies(folder)
        size = paths[0].stat().st_size // 1024
        section(f"Draft a definition from {len(paths)} copies of {size} KB")
        catalog = load_catalog()
        found = medians(
            {
                "pandas": partial(naive.read, paths[:_SLOW]),
                "ours": lambda: draft(paths, catalog=catalog, name="visits"),
            },
            3,
        )
        theirs, ours = found["pandas"] / _SLOW, found["ours"] / len(paths)
        row("pandas, openpyxl", f"{theirs * 1000:.1f} ms / copy")
        row("xltools: sketch, lay together, draft", f"{ours * 1000:.1f} ms / copy")
        ratio("against openpyxl", ours, theirs, "≥ 1")


def _copies(folder: Path) -> list[Path]:
    """Filled copies of one workbook, every tenth one with the same rows."""
    made: list[Path] = []
    for number in range(_COPIES):
        path = folder / f"{number:03d}.xlsx"
        if number < _DIFFERENT:
            rows = [
                (
                    f"{name} {number}-{at}",
                    area,
                    grade,
                    day,
                    amount + at,
                    cost,
                    None,
                    owner,
                    f"{note} {at}",
                )
                for at in range(_ROWS // len(ROWS))
                for name, area, grade, day, amount, cost, _, owner, note in ROWS
            ]
            visits(path, rows)
        else:
            shutil.copyfile(made[number % _DIFFERENT], path)
        made.append(path)
    return made
