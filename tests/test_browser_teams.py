"""A team's page as its lead sees it: in Chromium, on a telephone, with scripts and without."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from chromium import PHONE, WIDE, Browser, near_desk
from desk_folder import EAST, EXPANSION, GOALS, MARKET, NAMELESS, made, packed
from openpyxl import load_workbook
from selenium.webdriver.common.keys import Keys

from xltools import verbs
from xltools.desk.teams.team_links import team_keys
from xltools.locale import LANGUAGES, say
from xltools.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore:Print area:UserWarning:openpyxl")
SHEET, CELL, WRONG = "效果评估", "F12", "约149"


class Served(NamedTuple):
    """A desk of four teams that is asked for pages, and workbooks to send to it."""

    lang: str
    analyst: str
    workspace: Workspace
    faulty: Path

    def team(self, team: str) -> str:
        """A team's own address."""
        run = verbs.start(folder=self.workspace.root)
        assert run.period is not None
        key = team_keys(self.workspace, run.settings, run.period)[team]
        return self.analyst.partition("/?")[0] + f"/t/{key}"

    def said(self, key: str, **values: object) -> str:
        """A sentence of the desk."""
        return say(f"desk.{key}", self.lang, **values)


@pytest.fixture(scope="module", params=LANGUAGES)
def served(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp(request.param)
    run = made(folder)
    root = folder / "2024Q3"
    verbs.generate_workbooks(run, root / "outbox")
    book = load_workbook(EXPANSION)
    book[SHEET][CELL] = WRONG
    book.save(folder / "faulty.xlsx")
    with near_desk(root, "--lang", request.param) as address, browser.at(address):
        yield Served(request.param, address, Workspace(root), folder / "faulty.xlsx")


def send(browser: Browser, served: Served, *files: Path) -> None:
    browser.choose("#files", files)
    browser.press(served.said("team.send.button"), "form.send")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_lead_sends_mends_and_sends_again_from_a_telephone(
    browser: Browser, served: Served, scripts: bool
) -> None:
    browser.shape(PHONE, scripts=scripts)
    browser.open(served.team(EAST))
    assert EAST in browser.text()
    assert browser.faults() == []

    send(browser, served, served.faulty)
    browser.sees(served.said("team.answer"))
    place = browser.text("#answer li.error .place")
    assert SHEET in place
    assert CELL in place
    assert browser.faults() == []
    marked = load_workbook(browser.downloaded(served.said("team.marked")))
    assert say("check.marks.title", served.lang) in marked.sheetnames
    receipt = browser.downloaded(served.said("team.receipt.download")).read_text("utf-8-sig")
    assert hashlib.sha256(served.faulty.read_bytes()).hexdigest() in receipt

    send(browser, served, EXPANSION)
    browser.sees(served.said("team.verdict.fine"), "#answer")
    assert browser.find_all("#answer li.error") == []
    listed = browser.text(".sendings")
    assert served.said("team.state.inbox") in listed
    assert served.said("team.state.replaced") in listed
    assert browser.faults() == []

    browser.click(".sendings li:nth-child(2) a")
    browser.sees(served.said("team.receipt.heading"), "h2")
    assert CELL in browser.text("li.error .place")
    assert browser.faults() == []
    browser.press(served.said("team.back"))
    browser.find(".sendings")
    [kept] = (path for path in served.workspace.inbox.iterdir() if EAST in path.name)
    assert kept.read_bytes() == EXPANSION.read_bytes()


def test_several_files_a_bundle_and_a_wrong_one_each_get_an_answer(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    bundle, other, picture = tmp_path / "交回.zip", tmp_path / "other.xlsx", tmp_path / "图.xlsx"
    bundle.write_bytes(packed(("a.xlsx", GOALS.read_bytes())))
    other.write_bytes(NAMELESS.read_bytes())
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    browser.shape(WIDE)
    browser.open(served.team(MARKET))
    browser.drop([bundle, other, picture])
    browser.sees(served.said("team.answer"))
    answers = [one.get_attribute("class") for one in browser.find_all("#answer article")]
    assert len(answers) == 3
    assert sum("refused" in one for one in answers) >= 1
    assert browser.faults() == []


def test_a_revoked_link_says_where_to_ask(browser: Browser, served: Served) -> None:
    old = served.team("华南销售队")
    browser.shape(WIDE)
    browser.open(served.analyst)
    browser.find("#live")
    browser.until(lambda: old in browser.driver.page_source, old)
    browser.click('form[action="/links/revoke"]:has([value="华南销售队"]) button')
    browser.until(lambda: old not in browser.driver.page_source, "another link")
    browser.open(old)
    browser.sees(served.said("team.unknown.title"))
    assert browser.faults() == []
    assert served.team("华南销售队") != old
    browser.open(served.team("华南销售队"))
    browser.sees("华南销售队", "h1")


def test_a_lead_without_a_mouse_sends_a_workbook(browser: Browser, served: Served) -> None:
    browser.shape(WIDE)
    browser.open(served.team("华北销售队"))
    browser.type(Keys.TAB)
    assert served.said("skip") in browser.run("return focused_name()")
    assert browser.run("return focus_is_seen()")
    browser.type(Keys.ENTER)
    for words in (served.said("team.blank.download"), served.said("team.send.files")):
        browser.tab_to(words)
        assert browser.run("return focus_is_seen()"), words
    browser.driver.switch_to.active_element.send_keys(str(served.faulty))
    browser.tab_to(served.said("team.send.button"))
    assert browser.run("return focus_is_seen()")
    browser.type(Keys.ENTER)
    browser.sees(served.said("team.answer"))
    assert browser.run("return document.activeElement.id") == "answer"


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_a_teams_first_look_and_a_wrong_link(
    browser: Browser, served: Served, size: tuple[int, int]
) -> None:
    browser.shape(size)
    for address in (served.team("华南销售队"), served.analyst.partition("/?")[0] + "/t/nobody"):
        browser.open(address)
        browser.find("h1")
        assert browser.faults() == []
