"""Pictures of the desk's pages, by Chromium.

    python docs/render_desk.py [FOLDER]

needs Debian's packages chromium, chromium-driver and fonts-noto-cjk.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from chromium import PHONE, WIDE, Browser, chromium, near_desk

from xltools import verbs
from xltools.demo import walk
from xltools.desk.teams.team_links import team_keys
from xltools.ground.shipped import shipped
from xltools.locale import LANGUAGES
from xltools.workspace import Workspace

FOLDER = Path(__file__).parent / "images" / "desk"
QUARTERS = Path(tempfile.gettempdir()) / "quarters"  # pages show where they are
TEAM = "华北销售队"
FAULTY = shipped("samples") / "2024Q3" / f"{TEAM}-市场拓展-2024Q3.xlsx"


def main(folder: Path = FOLDER) -> None:
    """Draw everything anew."""
    with tempfile.TemporaryDirectory() as home, chromium(Path(home)) as browser:
        for lang in LANGUAGES:
            try:
                for _ in walk(QUARTERS, lang=lang):
                    pass
                draw(browser, QUARTERS / "2024Q3", lang, folder / lang)
            finally:
                shutil.rmtree(QUARTERS)
    print(f"{len(list(folder.rglob('*.png')))} pictures in {folder}")


def draw(browser: Browser, root: Path, lang: str, target: Path) -> None:
    """One picture of each page."""
    run = verbs.start(folder=root, lang=lang)
    assert run.period is not None
    verbs.generate_workbooks(run, root / "outbox")  # the demo has brought its workbooks along
    key = team_keys(Workspace(root), run.settings, run.period)[TEAM]
    with near_desk(root, "--lang", lang) as address, browser.at(address):
        base = address.partition("/?")[0]

        def page(name: str, path: str, ready: str, act: Callable[[], None] | None = None) -> None:
            browser.open(base + path)
            browser.find(ready)
            if act:
                act()
            browser.picture(target / f"{name}.png")

        def drop() -> None:
            browser.drop([FAULTY])
            browser.find("#received .errors")

        def open_cell() -> None:
            browser.click(".problems td.place a")
            browser.find(".grid td:target")

        def send() -> None:
            browser.choose("#files", [FAULTY])
            browser.click("form.send button")
            browser.find("#answer article")

        browser.shape(WIDE)
        page("board", "/", ".matrix")
        faulty = browser.find(".matrix td.errors a").get_attribute("href")
        page("workbook", str(faulty).removeprefix(base), ".grid", open_cell)
        page("do", "/do", ".steps")
        page("settings", "/settings", ".how")
        page("evaluation", "/evaluation", ".picture")
        page("dropped", "/", ".matrix", drop)
        browser.shape(PHONE)
        page("team", f"/t/{key}", "form.send")
        page("answer", f"/t/{key}", "form.send", send)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
