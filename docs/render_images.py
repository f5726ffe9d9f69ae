"""Pictures of every sheet that people fill in: both languages, blank and filled.

    python docs/render_images.py [FOLDER]

needs LibreOffice, poppler and a Chinese font. Nothing else in the documentation is drawn by hand,
so a picture that looks wrong is a sheet that looks wrong.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from xltools.definition import Catalog, Definition, LocalText, SheetDef, load_catalog
from xltools.definition.default_settings import default_settings
from xltools.generate.workbook_series import write_workbook
from xltools.ground.period import Quarter
from xltools.locale import LANGUAGES, say
from xltools.settings import Member, Settings, Target, Team

FOLDER = Path(__file__).parent / "images" / "sheets"
PERIOD = Quarter(2024, 3)
ROWS = 24  # so that a sheet is one page
DOTS = 72  # per inch
WORDS = {
    "zh": ("华东销售队", "远航科技销售运营部", ("张伟", "李娜", "王芳", "赵敏")),
    "en": ("East sales", "Voyage Technology", ("Zhang Wei", "Li Na", "Wang Fang", "Zhao Min")),
}
# 微软雅黑 is not there on Linux; without an alias its digits come from a far wider font.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>微软雅黑</family><prefer>
<family>Noto Sans CJK SC</family></prefer></alias></fontconfig>
"""

Row = dict[str, object]


def main(folder: Path = FOLDER) -> None:
    """Draw everything anew."""
    catalog = load_catalog()
    shutil.rmtree(folder, ignore_errors=True)
    with TemporaryDirectory() as temporary:
        books = dict(workbooks(catalog, Path(temporary)))
        pdfs = converted(list(books), Path(temporary))
        for book, (definition, lang) in books.items():
            draw(pdfs[book], definition, lang, book.stem.rpartition("-")[2], folder)
    print(f"{len(list(folder.rglob('*.png')))} pictures in {folder}")


def workbooks(catalog: Catalog, folder: Path) -> Iterator[tuple[Path, tuple[Definition, str]]]:
    """Every workbook blank and filled."""
    for lang in LANGUAGES:
        settings = example_settings(catalog, lang)
        for definition in catalog:
            for kind in ("blank", "filled"):
                path = folder / f"{lang}-{definition.name}-{kind}.xlsx"
                desk = definition.filled_by == "desk"
                given = default_settings(catalog, lang) if desk and kind == "blank" else settings
                rows = {sheet.name: filled(sheet, lang) for sheet in definition.sheets}
                write_workbook(
                    path,
                    catalog=catalog,
                    definition=definition,
                    settings=given,
                    team="" if desk else WORDS[lang][0],
                    period=PERIOD,
                    lang=lang,
                    rows=rows if kind == "filled" and not desk else None,
                    capacity=ROWS,
                )
                yield path, (definition, lang)


def example_settings(catalog: Catalog, lang: str) -> Settings:
    """The defaults with a team, its people and three targets."""
    team, organisation, names = WORDS[lang]
    base = default_settings(catalog, lang)
    chosen = {metric.unit: metric.metric for metric in base.metrics if metric.unit in ("%", "1:X")}
    targets = ((base.metrics[1].metric, 50), (chosen["%"], 0.15), (chosen["1:X"], 5))
    return msgspec.structs.replace(
        base,
        organisation=organisation,
        period=PERIOD,
        deadline=date(2024, 10, 10),
        teams=(Team(team=team, lead=names[0], bonus=50_000),),
        members=tuple(Member(name=name, team=team) for name in names),
        targets=tuple(
            Target(team=team, metric=metric, target=target, weight=0.3)
            for metric, target in targets
        ),
    )


def filled(sheet: SheetDef, lang: str) -> list[Row]:
    """The definition's example as it should be, then as people leave gaps and mistype it."""
    row: Row = {}
    for column in sheet.columns:
        example = column.example[lang] if isinstance(column.example, LocalText) else column.example
        if not column.typed or example is None:
            continue
        day = column.kind == "date" and isinstance(example, str)
        row[column.name] = date.fromisoformat(str(example)) if day else example
    gaps = {name: value for index, (name, value) in enumerate(row.items()) if index % 4 != 3}
    wrong = {
        name: value - timedelta(days=400) if isinstance(value, date) and name == "end" else value
        for name, value in row.items()
    }
    return [row, different(sheet, gaps, 2, lang), different(sheet, wrong, 3, lang)]


def different(sheet: SheetDef, row: Row, number: int, lang: str) -> Row:
    """The row with values of its own where none may stand twice."""
    own: Row = {}
    for column in sheet.columns:
        if column.unique and column.name in row:
            name = WORDS[lang][2][number] if column.kind == "person" else ""
            own[column.name] = name or f"{row[column.name]} {number}"
    return row | own


def converted(books: list[Path], folder: Path) -> dict[Path, Path]:
    """All workbooks as PDF, in one start of LibreOffice."""
    fonts = folder / "fonts.conf"
    fonts.write_text(FONTS, "utf-8")
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation={profile}",
            "--headless",
            "--norestore",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            *map(str, books),
        ],
        check=True,
        capture_output=True,
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
    )
    return {book: book.with_suffix(".pdf") for book in books}


def draw(pdf: Path, definition: Definition, lang: str, kind: str, folder: Path) -> None:
    """The first page of every sheet."""
    titles = {"cover": definition.title[lang]}
    titles |= {sheet.name: sheet.title[lang] for sheet in definition.sheets}
    pages = text_of(pdf).split("\f")
    assert "###" not in text_of(pdf), pdf
    assert say("generate.cover_how", lang) in pages[0]
    number = 0
    for name, title in titles.items():
        number = next(
            page for page in range(number, len(pages)) if pages[page].lstrip().startswith(title)
        )
        target = folder / lang / f"{definition.name}-{name}-{kind}"
        target.parent.mkdir(parents=True, exist_ok=True)
        page = str(number + 1)
        pages_wanted = ["-f", page, "-l", page]
        subprocess.run(
            ["pdftoppm", "-r", str(DOTS), "-png", "-singlefile", *pages_wanted, pdf, target],
            check=True,
        )
        number += 1


def text_of(pdf: Path) -> str:
    """What a PDF says, page by page."""
    command = ["pdftotext", "-layout", str(pdf), "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
