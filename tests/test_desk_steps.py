"""The steps of the cycle from the browser: the same files and sentences as by the commands."""

from __future__ import annotations

import html
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from shutil import copy, copytree

import pytest
from desk_browser import opened
from desk_folder import SAMPLES, made
from openpyxl import load_workbook
from starlette.testclient import TestClient

from xltools.desk.analyst.steps import STEPS, work_of
from xltools.desk.quarter_look import look
from xltools.desk.running_jobs import Done, Jobs
from xltools.errors import UsageError
from xltools.inbox import Progress
from xltools.locale import say


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quarter's folder with all that the teams sent, read once."""
    root = made(tmp_path_factory.mktemp("desk")).workspace.root
    for path in (SAMPLES / "2024Q3").glob("*.xlsx"):
        copy(path, root / "inbox")
    look(root, "")
    return root


@pytest.fixture
def folder(sent: Path, tmp_path: Path) -> Path:
    return Path(copytree(sent, tmp_path / "quarters" / "2024Q3"))


@pytest.fixture
def analyst(folder: Path) -> Iterator[TestClient]:
    with opened(folder) as client:
        client.get(client.desk.address)
        yield client


def done(analyst: TestClient, step: str, **form: str) -> str:
    """What the page says when a step is over."""
    shown = analyst.post(f"/do/{step}", data=form).text
    deadline = time.monotonic() + 60
    while analyst.desk.jobs.going:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    shown = analyst.get("/do/jobs").text
    assert "data-poll" not in shown
    return html.unescape(shown)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_page_says_what_each_step_will_write(analyst: TestClient, folder: Path) -> None:
    shown = html.unescape(analyst.get("/do").text)
    assert say("desk.do.generate_about", "zh", teams=4) in shown
    assert say("desk.do.check_about", "zh", files=7) in shown
    assert say("desk.do.rollover_about", "zh", folder=folder.parent) in shown
    assert 'value="2024Q4"' in shown


def test_generate_writes_what_the_command_writes(analyst: TestClient, folder: Path) -> None:
    shown = done(analyst, "generate")
    written = [path for path in files(folder) if path.startswith("outbox/")]
    assert len(written) == 8
    assert say("cli.generate.done", "zh", count=8, folder=f"{folder}/outbox")[:6] in shown
    assert "8" in shown
    again = done(analyst, "generate")
    assert again.count(say("cli.written.kept", "zh", path="\0").partition("\0")[0]) == 8


def test_check_all_writes_the_marked_copies(analyst: TestClient, folder: Path) -> None:
    shown = done(analyst, "check")
    copies = [path for path in files(folder) if path.startswith("returned/") and "~" not in path]
    assert "returned/华北销售队-市场拓展-2024Q3.xlsx" in copies
    link = re.search(r'href="(/result/\w+)" download>华北销售队-市场拓展', shown)
    assert link
    path = folder / "returned" / "华北销售队-市场拓展-2024Q3.xlsx"
    assert analyst.get(link[1]).content == path.read_bytes()


def test_consolidate_and_evaluate_write_the_reports(analyst: TestClient, folder: Path) -> None:
    shown = done(analyst, "consolidate") + done(analyst, "evaluate")
    assert {"reports/consolidated.xlsx", "reports/evaluation.xlsx"} <= files(folder)
    assert say("cli.missing", "zh", missing=1, due=8) in shown
    assert say("cli.faulty", "zh", files=3) in shown
    there = analyst.get("/do").text
    assert there.count(say("desk.do.there", "zh")) == 2


def test_a_roll_over_begins_the_next_quarter_beside_this_one(
    analyst: TestClient, folder: Path
) -> None:
    done(analyst, "rollover", to="2024Q4")
    assert (folder.parent / "2024Q4" / "settings.xlsx").is_file()


def test_what_a_step_cannot_do_is_said_as_the_command_says_it(
    analyst: TestClient, folder: Path
) -> None:
    shown = done(analyst, "rollover", to="2024Q1")
    assert say("errors.usage.not_later", "zh", to="2024Q1", period="2024Q3") in shown
    assert analyst.desk.jobs.all[0].state == "failed"
    assert analyst.post("/do/nothing").status_code == 422


@pytest.mark.parametrize("after", [0.0, 0.2, 0.6])
@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_is_stopped_leaves_nothing_half_written(
    folder: Path, step: str, after: float
) -> None:
    run = look(folder, "").run
    assert run is not None
    before, over = files(folder), threading.Semaphore(0)
    jobs = Jobs(threading.Lock(), over.release, repr)
    job = jobs.start(step, work_of(step, run, "", {"to": "2024Q4"}))
    while job.state == "waiting":
        time.sleep(0.001)
    time.sleep(after)
    jobs.stop(job.number)
    assert over.acquire(timeout=30)
    assert job.state in ("stopped", "done")  # it may have been over by then
    left = files(folder.parent)
    assert not [path for path in left if path.endswith(".tmp")]
    for path in left - {f"2024Q3/{one}" for one in before}:
        if path.endswith(".xlsx"):
            assert load_workbook(folder.parent / path, read_only=True).sheetnames
    jobs.end()


def test_runs_go_one_at_a_time_and_one_that_waits_can_be_stopped() -> None:
    go_on, over = threading.Event(), threading.Semaphore(0)
    jobs = Jobs(threading.Lock(), over.release, repr)

    def patient(progress: object) -> Done:
        assert go_on.wait(30)
        return Done(["said"], [])

    first = jobs.start("check", patient)
    second = jobs.start("evaluate", patient)
    assert jobs.start("check", patient) is first
    jobs.stop(second.number)
    assert second.state == "waiting"
    go_on.set()
    assert over.acquire(timeout=30)
    assert over.acquire(timeout=30)
    assert (first.state, second.state) == ("done", "stopped")
    assert first.result.sentences == ["said"]
    assert not jobs.going
    jobs.end()


def test_a_run_stops_at_its_next_file() -> None:
    over, begun, tidied = threading.Semaphore(0), threading.Event(), threading.Event()
    jobs = Jobs(threading.Lock(), over.release, repr)

    def long(progress: object) -> Done:
        try:
            for number in range(10_000):
                progress(number, 10_000)
                begun.set()
                with suppress(Exception):
                    time.sleep(0.001)
        finally:
            tidied.set()
        return Done([], [])

    job = jobs.start("check", long)
    assert begun.wait(30)
    jobs.stop(job.number)
    assert over.acquire(timeout=30)
    assert job.state == "stopped"
    assert tidied.is_set()
    assert job.total == 10_000 > job.done
    jobs.end()


def test_a_stop_leaves_no_lock_locked() -> None:
    """As logging and imports have them, which the whole desk would wait for."""
    over, holding, go_on = threading.Semaphore(0), threading.Event(), threading.Event()
    lock = threading.Lock()
    jobs = Jobs(threading.Lock(), over.release, repr)

    def work(progress: Progress) -> Done:
        lock.acquire()
        holding.set()
        while not go_on.is_set():
            time.sleep(0.001)
        lock.release()
        progress(1, 2)
        return Done([], [])

    job = jobs.start("check", work)
    assert holding.wait(30)
    jobs.stop(job.number)
    time.sleep(0.05)
    go_on.set()
    assert over.acquire(timeout=30)
    assert job.state == "stopped"
    assert not lock.locked()
    jobs.end()


def test_a_fault_of_a_run_is_kept_for_the_page() -> None:
    over = threading.Semaphore(0)
    jobs = Jobs(threading.Lock(), over.release, repr)

    def faulty(progress: object) -> Done:
        raise UsageError("usage.no_period")

    job = jobs.start("check", faulty)
    assert over.acquire(timeout=30)
    assert job.state == "failed"
    assert job.fault == repr(UsageError("usage.no_period"))
    jobs.end()


@pytest.mark.parametrize("identity", ["0" * 16, "..%2f..%2fsettings.xlsx"])
def test_only_results_are_downloaded(analyst: TestClient, identity: str) -> None:
    assert analyst.get(f"/result/{identity}").status_code == 404


def test_the_evaluation_is_shown_as_its_workbook_says(analyst: TestClient, folder: Path) -> None:
    assert say("desk.evaluation.none", "zh") in analyst.get("/evaluation").text
    done(analyst, "evaluate")
    shown = html.unescape(analyst.get("/evaluation").text)
    texts = re.findall(r"<text [^>]*>([^<]*)</text>", shown)
    path = folder / "reports" / "evaluation.xlsx"
    page = load_workbook(path, data_only=True).worksheets[0]
    written = {str(cell.value) for row in page for cell in row if isinstance(cell.value, str)}
    written = {text for text in written if text.strip(" -")}
    assert written <= {*texts, *("".join(pair) for pair in pairwise(texts))}
    assert say("desk.evaluation.older", "zh") not in shown
    link = re.search(r'href="(/result/\w+)" download', shown)
    assert link
    assert analyst.get(link[1]).content == path.read_bytes()
    copy(path, folder / "inbox" / "later.xlsx")
    os.utime(folder / "inbox" / "later.xlsx", (path.stat().st_mtime + 9,) * 2)
    assert say("desk.evaluation.older", "zh") in analyst.get("/evaluation").text


def test_an_evaluation_that_cannot_be_read_is_said(analyst: TestClient, folder: Path) -> None:
    (folder / "reports" / "evaluation.xlsx").write_bytes(b"no workbook")
    shown = analyst.get("/evaluation")
    assert shown.status_code == 200
    assert 'role="alert"' in shown.text


def test_the_desk_ends_though_a_run_is_under_way_and_a_look_waits_for_it(folder: Path) -> None:
    def long(progress: Progress) -> Done:
        for number in range(60_000):
            progress(number, 60_000)
            time.sleep(0.001)
        return Done([], [])

    with opened(folder) as analyst:
        analyst.get(analyst.desk.address)
        job = analyst.desk.jobs.start("check", long)
        while job.state == "waiting":
            time.sleep(0.001)
        (folder / "inbox" / "new.txt").write_text("x")
        analyst.desk.watch.nudge_from_thread()
        time.sleep(0.2)
    assert job.state == "stopped"
