"""The analyst's pages in Chromium: how they look, and a whole quarter through them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from chromium import PHONE, WIDE, Browser, near_desk
from desk_folder import NAMELESS, NORTH, resaved
from many_teams import names

from xltools import verbs
from xltools.generate.workbook_series import write_settings
from xltools.locale import LANGUAGES

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
    run = verbs.start(period="2024Q3", lang=lang)
    verbs.make_workspace(run, root)
    teams = [*names(22), *LONG]
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
    for place, team in enumerate(teams[:12]):
        content = resaved(NAMELESS, f"2024-10-01T00:{place:02}:00Z")
        (root / "inbox" / f"{team}-市场拓展-2024Q3.xlsx").write_bytes(content)
    (root / "inbox" / "broken.xlsx").write_bytes(b"none")
    (root / "inbox" / "picture.png").write_bytes(b"none")
    with near_desk(root, "--lang", lang) as address:
        browser.open(address)
        browser.find("#live")
        yield Crowded(address, root)
        browser.leave()


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
