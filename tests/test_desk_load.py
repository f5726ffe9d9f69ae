"""The desk on a real server: fifty teams at once, and a kill in the middle."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest
from desk_folder import NAMELESS, made_for, resaved
from many_teams import names

from xltools import verbs
from xltools.desk.receiving.sendings import all_sendings
from xltools.desk.teams.team_links import team_keys
from xltools.run import Run
from xltools.workspace import Workspace

TEAMS = 50
PATIENCE = 240.0  # seconds; two processors have work for a fraction of it
WORKBOOK = "市场拓展"


class Quarter:
    """A folder of many teams, and what each of them sends."""

    def __init__(self, folder: Path) -> None:
        root = folder / "2024Q3"
        self.run: Run = made_for(root, names(TEAMS))
        self.workspace = Workspace(root)
        assert self.run.period is not None
        self.keys = team_keys(self.workspace, self.run.settings, self.run.period)
        self.content = {
            team: resaved(NAMELESS, f"2024-10-01T00:{place:02}:00Z")
            for place, team in enumerate(self.keys)
        }

    def sent_by(self, team: str) -> bytes:
        """What lies in the inbox of a team."""
        # Numbered where an earlier sending, killed before its answer, was there already.
        [path] = self.workspace.inbox.glob(f"{team}-{WORKBOOK}-2024Q3*.xlsx")
        return path.read_bytes()


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Quarter:
    return Quarter(tmp_path_factory.mktemp("many"))


class Served:
    """A desk that runs, with a browser of the analyst."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address
        self.base = address.partition("/?")[0]

    @contextmanager
    def analyst(self) -> Iterator[httpx2.Client]:
        """A browser that has opened the address with the key."""
        with httpx2.Client(base_url=self.base, timeout=PATIENCE) as browser:
            browser.get(self.address)
            yield browser

    def send(self, quarter: Quarter, team: str) -> tuple[str, str]:
        """Send a team's workbook; the address and the page of its answer."""
        with httpx2.Client(base_url=self.base, timeout=PATIENCE) as browser:
            sent = browser.post(
                f"/t/{quarter.keys[team]}",
                files={"files": (f"{team} 的表.xlsx", quarter.content[team])},
            )
            assert sent.status_code == 303, sent.text
            address = sent.headers["location"].partition("#")[0]
            return address, browser.get(address).text


@contextmanager
def served(folder: Path, log: Path) -> Iterator[Served]:
    """A desk on a free port, ended at the end; all that it says goes to ``log``."""
    command = [sys.executable, "-m", "xltools", "desk", str(folder), "--no-browser"]
    with log.open("a", encoding="utf-8") as words:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=words, text=True, encoding="utf-8"
        )
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if found := re.search(r"http://127\S+key=\S+", line):
                    yield Served(process, found[0])
                    break
        finally:
            process.kill()
            process.wait()
            process.stdout.close()


def test_fifty_teams_at_once_each_get_their_own_answer(quarter: Quarter, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    done = threading.Event()
    with served(quarter.workspace.root, log) as desk, ThreadPoolExecutor(TEAMS + 1) as crowd:

        def watch() -> float:
            slowest = 0.0
            with desk.analyst() as analyst:
                while not done.wait(0.2):
                    begun = time.perf_counter()
                    assert analyst.get("/").status_code == 200
                    slowest = max(slowest, time.perf_counter() - begun)
            return slowest

        watched = crowd.submit(watch)
        answers = dict(
            zip(
                quarter.keys,
                crowd.map(lambda team: desk.send(quarter, team), quarter.keys),
                strict=True,
            )
        )
        done.set()
        slowest = watched.result()
    marks = {team: sha256(content).hexdigest() for team, content in quarter.content.items()}
    for team, (_, page) in answers.items():
        assert marks[team] in page
        assert not any(mark in page for other, mark in marks.items() if other != team)
        assert not any(f"{other} 的表" in page for other in marks if other != team)
        assert quarter.sent_by(team) == quarter.content[team]
    logged = all_sendings(quarter.workspace)
    assert sorted((one.team, one.sha256) for one in logged) == sorted(marks.items())
    assert slowest < 30  # it is under one second where the machine has nothing else to do
    words = log.read_text("utf-8")
    assert not any(key in words for key in quarter.keys.values())


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    quarter = Quarter(tmp_path)
    log = tmp_path / "log.txt"
    senders = list(quarter.keys)[:16]
    acknowledged: dict[str, str] = {}
    enough = threading.Event()

    with served(quarter.workspace.root, log) as desk, ThreadPoolExecutor(len(senders)) as crowd:

        def send(team: str) -> None:
            try:
                acknowledged[team], _ = desk.send(quarter, team)
            except httpx2.HTTPError:
                return  # killed before it could answer
            if len(acknowledged) >= 4:
                enough.set()

        sending = [crowd.submit(send, team) for team in senders]
        assert enough.wait(PATIENCE)
        desk.process.send_signal(signal.SIGKILL)
        for one in sending:
            one.result()
    assert 4 <= len(acknowledged) < len(senders)

    with served(quarter.workspace.root, log) as again:
        with httpx2.Client(base_url=again.base, timeout=PATIENCE) as browser:
            for team, address in acknowledged.items():
                assert quarter.sent_by(team) == quarter.content[team]
                page = browser.get(address).text
                assert sha256(quarter.content[team]).hexdigest() in page
        for team in set(senders) - set(acknowledged):
            again.send(quarter, team)
    for team in senders:
        assert quarter.sent_by(team) == quarter.content[team]
    waiting = quarter.workspace.store.with_name("uploads")
    assert not waiting.exists() or list(waiting.iterdir()) == []
    counted = verbs.check_workbooks(quarter.run, [quarter.workspace.inbox])
    assert sorted(one.team for one in counted.submissions if not one.excluded) == sorted(senders)
