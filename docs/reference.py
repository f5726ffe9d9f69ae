"""Writes the reference pages from the program itself: ``make reference``.

``--check`` writes nothing and names the pages that are stale; a test does the same.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS))

from sources import commands, figures, issues, kinds, templates  # noqa: E402

FOLDERS = {"en": DOCS / "reference", "zh": DOCS / "zh" / "reference"}
MADE = {
    "en": "<!-- Made by docs/reference.py from the program; do not edit. -->",
    "zh": "<!-- 由 docs/reference.py 根据程序写出，请勿手工修改。 -->",
}


def writers() -> dict[str, Callable[[str], str]]:
    """How every page is made, by its name."""
    books = {
        name: (lambda lang, name=name: templates.page(name, lang)) for name in templates.names()
    }
    return {
        "commands": commands.page,
        **books,
        "kinds": kinds.page,
        "issues": issues.page,
        "figures": figures.page,
        "parameters": templates.parameters,
    }


def pages(lang: str) -> dict[Path, str]:
    """Every page of one language as it ought to be."""
    return {
        FOLDERS[lang] / f"{name}.md": f"{MADE[lang]}\n\n{write(lang)}\n"
        for name, write in writers().items()
    }


def main() -> int:
    """Write the pages, or name the stale ones; the number of stale ones is the exit code."""
    stale = 0
    for lang, folder in FOLDERS.items():
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in pages(lang).items():
            if path.is_file() and path.read_text(encoding="utf-8") == text:
                continue
            stale += 1
            print(path.relative_to(DOCS))
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    return stale if "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
