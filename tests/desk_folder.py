"""A quarter's folder with the shipped settings, and workbooks to send to it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from shutil import copyfile

from xltools import verbs
from xltools.generate.workbook_series import write_settings
from xltools.ground.shipped import shipped
from xltools.run import Run

SAMPLES = shipped("samples")
EAST, MARKET = "华东销售队", "市场部"
EXPANSION = SAMPLES / "2024Q3" / f"{EAST}-市场拓展-2024Q3.xlsx"
GOALS = SAMPLES / "2024Q3" / f"{MARKET}-目标管理-2024Q3.xlsx"
NORTH = SAMPLES / "2024Q3" / "华北销售队-市场拓展-2024Q3.xlsx"  # with mistakes that people make
# Its name alone says whose it is.
NAMELESS = SAMPLES / "2024Q3" / "华南销售队-市场拓展-2024Q3.xlsx"
EARLIER = SAMPLES / "2024Q2"


def made(folder: Path, lang: str = "zh") -> Run:
    """The run of a folder for 2024Q3 with the shipped teams."""
    root = folder / "2024Q3"
    verbs.make_workspace(verbs.start(period="2024Q3", lang=lang), root)
    copyfile(SAMPLES / "settings.xlsx", root / "settings.xlsx")
    return verbs.start(folder=root, lang=lang)


def made_for(root: Path, teams: Sequence[str], lang: str = "zh") -> Run:
    """The run of a folder for 2024Q3 with these teams instead."""
    run = verbs.start(period="2024Q3", lang=lang)
    verbs.make_workspace(run, root)
    assert run.period is not None
    write_settings(
        root / "settings.xlsx",
        catalog=run.catalog,
        settings=run.settings,
        period=run.period,
        lang=lang,
        rows={"teams": [{"team": team, "lead": "李娜"} for team in teams]},
        force=True,
    )
    return verbs.start(folder=root, lang=lang)


def packed(*files: tuple[str, bytes]) -> bytes:
    """A zip bundle of files by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as bundle:
        for name, content in files:
            bundle.writestr(name, content)
    return stream.getvalue()


def resaved(path: Path, modified: str) -> bytes:
    """The workbook as if saved at another time: the same rows, other bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in book.infolist():
            content = book.read(part)
            if part.filename == "docProps/core.xml":
                text = content.decode()
                start = text.index(">", text.index("<dcterms:modified")) + 1
                content = (text[:start] + modified + text[text.index("<", start) :]).encode()
            copy.writestr(part, content)
    return stream.getvalue()


def bomb(name: str = "a.xlsx") -> bytes:
    """A small zip of much."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(name, bytes(30_000_000))
    return stream.getvalue()
