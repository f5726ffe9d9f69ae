"""Pictures of an evaluation of 1, 24 and 100 teams: first pages, printed report, a team's page.

    python docs/render_report.py [FOLDER]

needs what render_images.py needs.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from render_images import converted

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from many_teams import many, names

from xltools.evaluate import evaluate
from xltools.evaluate.team_page_books import team_targets, write_team_workbooks
from xltools.locale import LANGUAGES

FOLDER = Path(__file__).parent / "images" / "report"
DOTS = 90  # per inch; an A4 page across is 1052 pixels wide
COUNTS = (1, 24, 100)
TEAM = names(24)[15]  # one of the last in the ranking


def main(folder: Path = FOLDER) -> None:
    """Draw everything anew."""
    with TemporaryDirectory() as temporary:
        books = {
            book: (lang, pictures)
            for lang in LANGUAGES
            for book, pictures in workbooks(Path(temporary), lang)
        }
        pdfs = converted(list(books), Path(temporary))
        for book, (lang, pictures) in books.items():
            for page, name in pictures.items():
                draw(pdfs[book], page, folder.absolute() / lang / name)
    print(f"{len(list(folder.rglob('*.png')))} pictures in {folder}")


def workbooks(folder: Path, lang: str) -> Iterator[tuple[Path, dict[int, str]]]:
    """What is printed, with the numbers of the pages that are drawn and their pictures' names."""
    for count in COUNTS:
        now, before = many(count), [many(count, "2024Q2")]
        book = folder / f"{lang}-{count}.xlsx"
        made = folder / f"{lang}-{count}-workbook.xlsx"
        evaluate(now, made, previous=before, lang=lang, paper=book)
        further = {2: "teams", 3: "topics-1", 4: "topics-2"} if count == 24 else {}
        yield book, {1: f"first-{count}", **further}
    [target] = team_targets(many(24), folder / lang, teams=[TEAM]).values()
    named = {TEAM: target.with_stem(f"{lang}-team")}
    write_team_workbooks(many(24), named, previous=[many(24, "2024Q2")], lang=lang)
    moved = named[TEAM].rename(folder / named[TEAM].name)
    yield moved, {1: "team"}


def draw(pdf: Path, page: int, target: Path) -> None:
    """One page of a print."""
    target.parent.mkdir(parents=True, exist_ok=True)
    pages = ["-f", str(page), "-l", str(page)]
    command = ["pdftoppm", "-r", str(DOTS), "-png", "-singlefile", *pages]
    subprocess.run([*command, str(pdf), str(target)], check=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
