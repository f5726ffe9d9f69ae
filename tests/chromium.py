"""Chromium as Debian has it, driven by its chromedriver: the desk as people see it."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import (
    NoSuchElementException,
    StaleElementReferenceException,
    WebDriverException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

MISSING = "Chromium is not installed (Debian: apt-get install chromium chromium-driver)"
_FORGOTTEN = 15  # seconds after which a download that a busy browser dropped is asked for again
PATIENCE = 60.0  # seconds; what is waited for takes one or two of them
WIDE, PHONE = (1280, 720), (390, 844)
_CHECKS = Path(__file__).with_name("page_checks.js")
_USED = {"button", "link", "textbox", "combobox", "checkbox", "region", "progressbar", "image"}
_NEAR = Path(__file__).with_name("near_desk.py")


def programs() -> tuple[str, str] | None:
    """The browser and its driver, where both are installed."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


class Browser:
    """One window; whatever a page writes to the console or forbids itself is kept."""

    def __init__(self, driver: webdriver.Chrome, downloads: Path) -> None:
        self.driver = driver
        self.downloads = downloads

    def shape(self, size: tuple[int, int] = WIDE, *, scripts: bool = True) -> None:
        """Take the shape of a screen or a telephone, and run scripts or none."""
        phone = size == PHONE
        self._tell(
            "Emulation.setDeviceMetricsOverride",
            width=size[0],
            height=size[1],
            deviceScaleFactor=1,
            mobile=phone,
        )
        self._tell("Emulation.setTouchEmulationEnabled", enabled=phone)
        self._tell("Emulation.setScriptExecutionDisabled", value=not scripts)

    def open(self, address: str) -> None:
        """Go to an address."""
        self.driver.get(address)

    @contextmanager
    def at(self, address: str) -> Iterator[None]:
        """Go to an address, and away from there before whoever serves the page ends."""
        self.open(address)
        try:
            yield
        finally:
            self.open("about:blank")
            self.complaints()

    def text(self, css: str = "body") -> str:
        """What a reader sees of the page, or of the first element of that kind.

        Asked at one go: a page that renews itself between finding and reading cannot disturb it.
        """
        found = "const found = document.querySelector(arguments[0]);"
        self.find(css)
        return self.run(found + "return found?.innerText ?? found?.textContent ?? ''", css)

    def find(self, css: str) -> WebElement:
        """The first element of that kind, as soon as it is there."""
        return self.until(lambda: self._first(css), css)

    def find_all(self, css: str) -> list[WebElement]:
        """All elements of that kind as of now."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def press(self, words: str, within: str = "body") -> None:
        """Press the button or follow the link that is called so."""

        def found() -> WebElement | None:
            every = self.find_all(f"{within} :is(button, a, summary)")
            return next((one for one in every if words in one.text and one.is_displayed()), None)

        self.until(lambda: (one := found()) and (one.click() or True), words)

    def click(self, css: str) -> None:
        """Click on the first element of that kind, as soon as it is there."""
        self.until(lambda: self._first(css).click() or True, css)

    def choose(self, css: str, files: Sequence[Path]) -> None:
        """Choose files in a form's field, as its dialogue does."""
        names = "\n".join(map(str, files))
        self.until(lambda: self._first(css).send_keys(names) or True, css)

    def drop(self, files: Sequence[Path]) -> None:
        """Drag files from elsewhere, and let them go in the middle of the window."""
        width, height = self.run("return [innerWidth / 2, innerHeight / 2]")
        held = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self._tell("Input.dispatchDragEvent", type=kind, x=width, y=height, data=held)

    def type(self, *keys: str) -> None:
        """Type where the focus is."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def tab_to(self, words: str) -> None:
        """Go on by the tabulator until what is focused is called so."""
        for _ in range(200):
            self.type(Keys.TAB)
            if words in self.run("return focused_name()"):
                return
        raise AssertionError(f"the keyboard does not reach {words!r}")

    def sees(self, words: str, css: str = "body") -> None:
        """Wait until a reader sees these words there."""
        self.until(lambda: words in self.text(css), words)

    def until(self, found: Callable[[], Any], told: str) -> Any:
        """What is found, as soon as it is anything."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if result := found():
                    return result
            except WebDriverException as error:
                if not _is_renewal(error):
                    raise
            time.sleep(0.05)
        shown = f"{self.driver.current_url} shows:\n{self.text()}"
        raise AssertionError(f"{told!r} never came; {shown}")

    def run(self, script: str, *values: object) -> Any:
        """What a script of the tests returns, beside the page's own."""
        return self.driver.execute_script(_CHECKS.read_text("utf-8") + script, *values)

    def downloaded(self, words: str) -> Path:
        """Follow a link to a file, and wait until it is there."""
        before, pressed = set(self.downloads.iterdir()), 0.0

        def fresh() -> Path | None:
            nonlocal pressed
            if time.monotonic() > pressed + _FORGOTTEN:
                self.press(words)
                pressed = time.monotonic()
            files = set(self.downloads.iterdir()) - before
            return next((one for one in files if one.suffix in (".xlsx", ".txt", ".pdf")), None)

        return self.until(fresh, words)

    def faults(self) -> list[str]:
        """What is wrong with the page as it is shown: its order, colours, places, names, errors."""
        return [*self.run("return page_faults()"), *self._nameless(), *self.complaints()]

    def _nameless(self) -> list[str]:
        """What can be used and has no name in the tree that is read out."""
        tree = self._tell("Accessibility.getFullAXTree")["nodes"]
        return [
            f"a {role} without a name"
            for node in tree
            if not node["ignored"]
            if (role := node["role"]["value"]) in _USED
            if not node.get("name", {}).get("value", "").strip()
        ]

    def complaints(self) -> list[str]:
        """What the console was told since it was last asked: errors, and what the policy forbade.

        That the address of a page answers with a refusal is no error of the page.
        """
        return [
            one["message"]
            for one in self.driver.get_log("browser")
            if one["level"] in ("SEVERE", "WARNING")
            and not (one["source"] == "network" and re.search(r"status of 4\d\d", one["message"]))
        ]

    def picture(self, path: Path, *, whole: bool = False) -> None:
        """The window as a picture; ``whole`` with all that has to be scrolled to."""
        shot = self._tell("Page.captureScreenshot", captureBeyondViewport=whole)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def _first(self, css: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def _tell(self, command: str, **values: object) -> Any:
        return self.driver.execute_cdp_cmd(command, values)


def _is_renewal(error: WebDriverException) -> bool:
    """Whether an element went while it was used, for which the driver has several names."""
    gone = (NoSuchElementException, StaleElementReferenceException)
    return isinstance(error, gone) or "does not belong to the document" in (error.msg or "")


@contextmanager
def chromium(home: Path) -> Iterator[Browser]:
    """A browser without a window on the screen, its profile and downloads below ``home``."""
    found = programs()
    assert found, MISSING
    downloads = home / "downloads"
    downloads.mkdir()
    options = webdriver.ChromeOptions()
    options.binary_location = found[0]
    for argument in (
        "--headless=new",
        "--no-sandbox",  # root has none, and only our own pages are opened
        "--disable-dev-shm-usage",
        "--no-proxy-server",
        "--force-color-profile=srgb",
        "--hide-scrollbars",
        f"--user-data-dir={home / 'profile'}",
    ):
        options.add_argument(argument)
    options.add_experimental_option(
        "prefs", {"download.default_directory": str(downloads), "intl.accept_languages": "en"}
    )
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(found[1])
    driver = webdriver.Chrome(options, service)
    try:
        yield Browser(driver, downloads)
    finally:
        driver.quit()


@contextmanager
def near_desk(folder: Path, *options: str) -> Iterator[str]:
    """``desk --lan`` that only this machine hears, ended at the end: the analyst's address."""
    command = [sys.executable, str(_NEAR), str(folder), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if found := re.search(r"http://127\S+key=\S+", line):
                    yield found[0]
                    break
        finally:
            process.terminate()
