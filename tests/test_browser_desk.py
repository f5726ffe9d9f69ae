"""The analyst's pages in Chromium: how they look, and a whole quarter through them."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from typing import NamedTuple

import pytest
from chromium import PHONE, WIDE, Browser, near_desk
from desk_folder import EAST, EXPANSION, GOALS, NAMELESS, NORTH, SAMPLES, made_for, packed, resaved
from many_teams import names
from openpyxl import load_workbook

from xltools.desk.quarter_look import id_of
from xltools.locale import LANGUAGES, say
from xltools.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore:Print area:UserWarning:openpyxl")
SETTINGS = SAMPLES / "settings.xlsx"
SHEET, CELL, WRONG = "效果评估", "F12", "约149"

LONG = ("华东区大客户与战略合作伙伴联合销售事业部第一大队", "North-eastern strategic accounts team")
SIZES = [WIDE, PHONE]


class Crowded(NamedTuple):
    """A desk of many teams: some sent, some did not, and some files are none."""

    address: str
    folder: Path

    @property
    def base(self) -> str:
        return self.address.partition("/?")[0]


@pytest.fixture(scope="module", params=LANGUAGES)
def crowded(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crowded]:
    lang = request.param
    root = tmp_path_factory.mktemp(f"many-{lang}") / "2024Q3"
    teams = [*names(22), *LONG]
    made_for(root, teams, lang)
    for place, team in enumerate(teams[:12]):
        content = resaved(NAMELESS, f"2024-10-01T00:{place:02}:00Z")
        (root / "inbox" / f"{team}-市场拓展-2024Q3.xlsx").write_bytes(content)
    (root / "inbox" / "broken.xlsx").write_bytes(b"none")
    (root / "inbox" / "picture.png").write_bytes(b"none")
    with near_desk(root, "--lang", lang) as address, browser.at(address):
        browser.find("#live")
        yield Crowded(address, root)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", ["/", "/do", "/settings", "/nowhere"])
def test_nothing_is_cut_pale_or_nameless_on_any_page(
    browser: Browser, crowded: Crowded, page: str, size: tuple[int, int]
) -> None:
    browser.shape(size)
    browser.open(crowded.base + page)
    browser.find("h1")
    assert browser.faults() == []


@pytest.mark.parametrize("size", SIZES)
def test_a_workbooks_page_and_what_was_dropped_are_as_sound(
    browser: Browser, crowded: Crowded, size: tuple[int, int]
) -> None:
    browser.shape(size)
    browser.open(crowded.base + "/")
    browser.find(".matrix td.warnings")
    browser.choose("form.add input", [NORTH, crowded.folder / "inbox" / "broken.xlsx"])
    browser.until(lambda: len(browser.find_all("#received .refused")) == 2, "both answers")
    assert browser.faults() == []
    browser.click(".matrix td.warnings a")
    browser.find(".grid td.warning")
    assert browser.faults() == []


class Walk:
    """An analyst who starts in a folder where nothing is."""

    def __init__(self, browser: Browser, address: str, root: Path, lang: str) -> None:
        self.browser = browser
        self.base = address.partition("/?")[0]
        self.workspace = Workspace(root)
        self.lang = lang

    def said(self, key: str, **values: object) -> str:
        """A sentence of the desk."""
        return say(f"desk.{key}", self.lang, **values)

    def go(self, page: str) -> None:
        """Follow the page's own navigation."""
        self.browser.press(self.said(f"nav.{page}"), "nav")
        address = "/" if page == "board" else f"/{page}"
        self.browser.find(f'nav a[aria-current][href="{address}"]')

    def do(self, step: str) -> None:
        """Start a step, and wait until it is done."""
        self.go("do")
        self.browser.click(f'form[action="/do/{step}"] button')
        self.browser.sees(self.said(f"do.{step}"), ".job")
        self.browser.until(lambda: self.browser.find_all(".job:first-of-type.done"), step)
        assert self.browser.faults() == []

    def cell(self, file: str) -> str:
        """How the board shows a workbook of the inbox."""
        identity = id_of(self.workspace.inbox / file)
        return self.browser.run(
            "return document.querySelector(arguments[0])?.className ?? ''", f"td:has(#w-{identity})"
        )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_whole_quarter_through_the_page(browser: Browser, tmp_path: Path, lang: str) -> None:
    root = tmp_path / "new" / "2024Q3"
    browser.shape(WIDE)
    with near_desk(root, "--lang", lang) as address, browser.at(address):
        walk = Walk(browser, address, root, lang)
        _begin(walk)
        _settings(walk, tmp_path)
        walk.do("generate")
        assert any(walk.workspace.outbox.rglob("*.xlsx"))
        browser.sees(str(walk.workspace.outbox), ".job")
        _drop(walk, tmp_path)
        _set_aside_and_back(walk)
        _by_other_means(walk)
        _evaluate(walk)
        walk.do("rollover")
        assert (root.parent / "2024Q4" / "settings.xlsx").is_file()
    _go_on_by_commands(walk)


def _begin(walk: Walk) -> None:
    walk.browser.sees(walk.said("begin.title"))
    assert walk.browser.faults() == []
    walk.browser.press(walk.said("begin.make"))
    walk.browser.sees(walk.said("next.teams"))
    assert walk.workspace.settings.is_file()


def _settings(walk: Walk, folder: Path) -> None:
    browser, own = walk.browser, walk.workspace.settings
    walk.go("settings")
    before = own.read_bytes()
    assert browser.downloaded(walk.said("settings.download")).read_bytes() == before
    faulty = folder / "faulty-settings.xlsx"
    book = load_workbook(SETTINGS)
    book["基本信息"]["C10"] = "soon"  # the quarter
    book.save(faulty)

    browser.choose("#new", [faulty])
    browser.press(walk.said("settings.check"))
    browser.sees("soon", ".panel")
    assert browser.faults() == []
    assert own.read_bytes() == before
    browser.press(walk.said("settings.discard"))
    browser.until(lambda: not browser.find_all(".panel"), "the settings as they were")
    browser.drop([SETTINGS])
    browser.sees(walk.said("settings.accept"), ".panel")
    assert browser.faults() == []
    browser.press(walk.said("settings.accept"))
    browser.until(lambda: own.read_bytes() == SETTINGS.read_bytes(), "the new settings")
    walk.go("board")
    browser.sees(EAST)


def _drop(walk: Walk, folder: Path) -> None:
    """Several at once, some of them wrong; then the corrected one."""
    browser = walk.browser
    faulty, picture, bundle = folder / "faulty.xlsx", folder / "图.xlsx", folder / "交回.zip"
    book = load_workbook(EXPANSION)
    book[SHEET][CELL] = WRONG
    book.save(faulty)
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    bundle.write_bytes(packed((GOALS.name, GOALS.read_bytes()), (NORTH.name, NORTH.read_bytes())))
    walk.go("board")
    browser.drop([faulty, picture, bundle])
    browser.until(lambda: len(browser.find_all("#received article:not(.going)")) == 4, "answers")
    browser.until(lambda: "errors" in walk.cell(EXPANSION.name), "the board")
    assert browser.faults() == []

    browser.click(f"#w-{id_of(walk.workspace.inbox / EXPANSION.name)}")
    browser.press(CELL, ".problems")
    assert WRONG in browser.text(f".grid #{CELL}.error")
    assert browser.faults() == []

    walk.go("board")
    browser.drop([faulty])
    browser.sees(WRONG, "#received")
    browser.drop([EXPANSION])
    browser.until(lambda: browser.find_all("#received .fine"), "the corrected one")
    assert WRONG not in browser.text("#received")
    [kept] = (one for one in walk.workspace.inbox.iterdir() if EAST in one.name)
    assert kept.read_bytes() == EXPANSION.read_bytes()
    browser.until(lambda: "fine" in walk.cell(kept.name), "the board")


def _set_aside_and_back(walk: Walk) -> None:
    browser, there = walk.browser, walk.workspace.inbox / NORTH.name
    browser.click(f"#w-{id_of(there)}")
    browser.click(f'form[action="/aside/{id_of(there)}"] button')
    away = walk.workspace.set_aside / NORTH.name
    browser.sees(NORTH.name, ".files")
    assert away.is_file()
    assert not there.exists()
    browser.click(f'form[action="/back/{id_of(away)}"] button')
    browser.until(lambda: "errors" in walk.cell(NORTH.name), "taken back")
    assert there.read_bytes() == NORTH.read_bytes()


def _by_other_means(walk: Walk) -> None:
    """Nobody touches the page, and still it shows what lies in the folder."""
    plan = next(one for one in SAMPLES.joinpath("2024Q3").glob(f"{EAST}-年度*.xlsx"))
    copyfile(plan, walk.workspace.inbox / plan.name)
    walk.browser.until(lambda: walk.cell(plan.name), "the copied file")
    assert walk.browser.faults() == []


def _evaluate(walk: Walk) -> None:
    browser, reports = walk.browser, walk.workspace.reports
    walk.do("check")
    assert any(NORTH.stem in one.name for one in walk.workspace.returned.iterdir())
    # Another run has the store: the first step waits for it, and the second for the first.
    with closing(sqlite3.connect(walk.workspace.store, isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        for step in ("consolidate", "evaluate"):
            browser.click(f'form[action="/do/{step}"] button')
            browser.sees(walk.said(f"do.{step}"), ".job h3")
        browser.press(walk.said("job.stop"), ".job:first-of-type")
        browser.sees(walk.said("job.stopping"), ".job")
    browser.sees(walk.said("job.stopped"), ".job")
    assert not (reports / "evaluation.xlsx").exists()
    browser.until(lambda: not browser.find_all("progress"), "the end")
    assert (reports / "consolidated.xlsx").is_file()
    walk.do("evaluate")

    walk.go("evaluation")
    drawn = " ".join(browser.text("svg.picture").split())
    first = load_workbook(reports / "evaluation.xlsx", data_only=True).worksheets[0]
    every = (cell.value for row in first["A1:Z12"] for cell in row)
    spoken = [" ".join(one.split())[:12] for one in every if isinstance(one, str)]
    assert len(spoken) > 5
    assert [one for one in spoken if one not in drawn] == []
    assert browser.faults() == []


def _go_on_by_commands(walk: Walk) -> None:
    """Two workbooks have errors, and the commands say so of the folder that the page made."""
    for words, said in (
        (["status"], EAST),
        (["check"], NORTH.stem),
        (["consolidate", "--force"], "consolidated.xlsx"),
    ):
        ended = subprocess.run(
            [sys.executable, "-m", "xltools", *words, "--lang", walk.lang],
            cwd=walk.workspace.root,
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 1, ended.stderr
        assert said in ended.stdout
