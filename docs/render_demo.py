"""Pictures of what the demo writes: the evaluation's pages, a marked copy, the consolidation.

    python docs/render_demo.py [FOLDER]

needs what render_images.py needs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from render_images import converted, text_of

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
import own_pages

from xltools.definition import load_catalog
from xltools.demo import walk
from xltools.evaluate import evaluate
from xltools.evaluate.pages import PAGES
from xltools.locale import LANGUAGES, say

FOLDER = Path(__file__).parent / "images" / "demo"
MARKED = "华北销售队-市场拓展-2024Q3.xlsx"
DOTS = 90  # per inch; an A4 page across is 1052 pixels wide


def main(folder: Path = FOLDER) -> None:
    """Draw everything anew."""
    target = folder.absolute()
    with TemporaryDirectory() as temporary:
        os.chdir(temporary)  # so that paths in the pictures are short
        books = dict(workbooks(Path()))
        pdfs = converted([book.absolute() for book in books], Path(temporary))
        for book, (name, lang) in books.items():
            draw(pdfs[book.absolute()], wanted(name, lang), target / lang)
    print(f"{len(list(target.rglob('*.png')))} pictures in {target}")


def workbooks(folder: Path) -> Iterator[tuple[Path, tuple[str, str]]]:
    """The workbooks of a whole quarter in both languages, each under a name of its own."""
    for lang in LANGUAGES:
        for _ in walk(folder / lang, lang=lang):
            pass
        quarter = folder / lang / "2024Q3"
        made = {
            "evaluation": quarter / "reports" / "evaluation.xlsx",
            "consolidated": quarter / "reports" / "consolidated.xlsx",
            "marked": quarter / "returned" / MARKED,
            "rollover": next((folder / lang / "2024Q4" / "reports").glob("*.xlsx")),
        }
        for name, path in made.items():
            renamed = folder / f"{lang}-{name}.xlsx"
            path.rename(renamed)
            yield renamed, (name, lang)
        yield own_page(folder, lang), ("own", lang)


def own_page(folder: Path, lang: str) -> Path:
    """The evaluation of the guides' complaints, as the tests write them down."""
    known = own_pages.catalog(
        folder / f"{lang}-templates", "complaints", own_pages.complaints(lang)
    )
    now, then = (
        own_pages.complaint_quarter(known, period, 1, lang, own_pages.PLAIN[lang])
        for period in ("2024Q3", "2024Q2")
    )
    path = folder / f"{lang}-own.xlsx"
    evaluate(now, path, previous=[then], lang=lang)
    return path


def wanted(name: str, lang: str) -> dict[str, str]:
    """The pictures of a workbook, and how the page of each begins; the first page for ""."""
    if name == "evaluation":
        pages = [page.name for page in PAGES if page.name != "changes"]  # nothing lay here before
        titles = {f"evaluation-{one}": say(f"evaluate.{one}.tab", lang) for one in pages}
        for page in (page for one in load_catalog() for page in one.pages):
            titles[f"evaluation-{page.name}"] = page.title[lang]
        return {**titles, "evaluation-overview": ""}
    if name == "own":
        return {"own-page": {"zh": "客户投诉", "en": "Complaints"}[lang]}
    if name == "marked":
        # Teams fill in Chinese workbooks here, whatever the desk reads.
        sheet = load_catalog()["expansion"].sheet("tracking").title["zh"]
        return {"marked-problems": "", "marked-sheet": sheet}
    return {name: ""}


def draw(pdf: Path, pictures: dict[str, str], folder: Path) -> None:
    """One picture of each page that is wanted."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = text_of(pdf).split("\f")
    for name, title in pictures.items():
        found = [page for page, text in enumerate(pages, 1) if text.lstrip().startswith(title)]
        if not found:
            raise SystemExit(f"{pdf.name} has no page that begins with {title!r}")
        page = str(found[0])
        command = ["pdftoppm", "-r", str(DOTS), "-png", "-singlefile", "-f", page, "-l", page]
        subprocess.run([*command, str(pdf), str(folder / name)], check=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
