"""The package's folders: few enough modules to take in at a glance, names that are met once."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import xltools

PACKAGE = Path(xltools.__file__).parent
MOST = 12
ALIKE = {"cli", "evaluate/facts", "evaluate/pages", "kinds"}
"""Folders of like things side by side: one file a command, a table of facts, a page, a kind."""
SAME_NAME = {"evaluate/facts", "evaluate/pages", "cli"}
"""Folders that say what a file in them is: the page of goals, the command that rolls over."""


def _modules() -> list[Path]:
    found = (path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))
    return [path for path in found if path.name not in {"__init__.py", "__main__.py"}]


def test_a_folder_is_taken_in_at_a_glance() -> None:
    sizes = Counter(path.parent.as_posix() for path in _modules())
    assert {folder for folder, size in sizes.items() if size > MOST} <= ALIKE


def test_the_name_of_a_module_is_met_once() -> None:
    names = Counter(path.stem for path in _modules() if path.parent.as_posix() not in SAME_NAME)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("folder", sorted(ALIKE | SAME_NAME))
def test_a_folder_named_here_exists(folder: str) -> None:
    assert (PACKAGE / folder).is_dir()


def test_a_file_that_the_map_names_exists() -> None:
    text = (PACKAGE.parent / "docs/architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_/]+\.py)`", text))
    known = [f"/{path.as_posix()}" for path in PACKAGE.rglob("*.py")]
    assert len(named) > 20
    assert [name for name in named if not any(one.endswith(f"/{name}") for one in known)] == []
