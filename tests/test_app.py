"""The program without Python: as a script everywhere, as a built folder where one is given.

``XLTOOLS_APP`` names the built program, which `make app` makes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from desk_folder import EAST, EXPANSION

from xltools import verbs
from xltools.cli.shared import double_click
from xltools.desk.teams.team_links import team_keys
from xltools.locale import say

APP = "XLTOOLS_APP"  # the program's path; whoever sets it asks for it
SCRIPT = [sys.executable, str(Path(__file__).parents[1] / "packaging" / "start.py")]
KEPT = ("SYSTEMROOT", "TEMP", "TMP", "TMPDIR")


@pytest.fixture(params=["script", "built"])
def program(request: pytest.FixtureRequest) -> list[str]:
    if request.param == "script":
        return SCRIPT
    built = os.environ.get(APP)
    if not built:
        pytest.skip(f"{APP} names no program (make app)")
    return [built]


def surroundings(home: Path) -> dict[str, str]:
    """What a program finds that is started by a double click: neither Python nor a browser."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    own = {"HOME": str(home), "USERPROFILE": str(home), "BROWSER": "true", "LANG": "C.UTF-8"}
    return {**kept, **own, "PATH": os.defpath}


def ran(program: Sequence[str], *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*program, *words],
        cwd=folder,
        env=surroundings(folder),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@contextmanager
def opened(program: Sequence[str], *words: str, folder: Path) -> Iterator[str]:
    """A desk that runs; the address with its key."""
    process = subprocess.Popen(
        [*program, *words],
        cwd=folder,
        env=surroundings(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
    )
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if found := re.search(r"http://127\S+key=\S+", line):
                yield found[0]
                return
        raise AssertionError(said)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_it_walks_the_demo_checks_and_takes_in_what_a_team_sends(
    program: list[str], tmp_path: Path
) -> None:
    demo = ran(program, "demo", "-o", "demo", "--lang", "en", folder=tmp_path)
    assert demo.returncode == 0, demo.stderr
    quarter = tmp_path / "demo" / "2024Q3"
    assert (quarter / "reports" / "evaluation.xlsx").is_file()
    check = ran(program, "check", "demo/2024Q3", "--format", "json", folder=tmp_path)
    assert check.returncode == 1, check.stderr
    assert len(json.loads(check.stdout)["files"]) == 7
    run = verbs.start(folder=quarter)
    assert run.workspace is not None
    assert run.period is not None
    key = team_keys(run.workspace, run.settings, run.period)[EAST]
    with (
        opened(program, "desk", "demo/2024Q3", "--no-browser", folder=tmp_path) as address,
        httpx2.Client(base_url=address.partition("/?")[0], timeout=120) as browser,
    ):
        assert browser.get(address).status_code == 200
        board = browser.get("/")
        assert EAST in board.text
        for asset in re.findall(r'(?:href|src)="(/assets/[^"]+)"', board.text):
            assert browser.get(asset).status_code == 200
        sent = browser.post(
            f"/t/{key}",
            files={"files": (EXPANSION.name, EXPANSION.read_bytes())},
            follow_redirects=True,
        )
        assert say("desk.team.verdict.fine", "zh") in sent.text


def test_a_double_click_opens_where_a_quarter_begins(program: list[str], tmp_path: Path) -> None:
    with (
        opened(program, folder=tmp_path) as address,
        httpx2.Client(base_url=address.partition("/?")[0], timeout=60) as browser,
    ):
        browser.get(address)
        assert str(tmp_path / double_click.FOLDER) in browser.get("/").text


def test_the_latest_quarter_is_opened(tmp_path: Path) -> None:
    for name in ("2024Q2", "2024Q3"):
        verbs.make_workspace(verbs.start(period=name), tmp_path / name)
    (tmp_path / "2025Q1").mkdir()
    assert double_click._quarter(tmp_path) == tmp_path / "2024Q3"
    assert double_click._quarter(tmp_path / "none").parent == tmp_path / "none"


def test_a_window_that_says_what_is_wrong_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(sys, "argv", ["xltools"])
    monkeypatch.setattr("builtins.input", asked.append)
    monkeypatch.setattr("xltools.cli.main", lambda: sys.exit(3))
    with pytest.raises(SystemExit):
        double_click.run()
    assert len(asked) == 1


def test_other_programs_load_their_own_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/ours")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/theirs")
    double_click._leave_libraries_to_others()
    assert os.environ["LD_LIBRARY_PATH"] == "/theirs"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    double_click._leave_libraries_to_others()
    assert "LD_LIBRARY_PATH" not in os.environ
