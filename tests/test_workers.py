"""Guarded workers: order, limits, deaths, Ctrl-C, and the cluster."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from xltools.errors import FileRefused
from xltools.workers import Outcome, run, worker_limits

LINUX = sys.platform.startswith("linux")


_LOCK = threading.Lock()  # as libraries have them


def work(path: str, *, more: str = "") -> object:
    """What a path's name asks for."""
    word = path.split("-")[0]
    if word == "refuse":
        raise FileRefused("file-too-large", "refused.sparse", sheet="一", cell="A9")
    if word == "fail":
        raise KeyError("目标")
    if word == "panic":
        raise BaseException("a panic is no Exception")
    if word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "abort":
        os.write(2, b"memory allocation of 549755813888 bytes failed\n")
        os.abort()
    if word == "memory":
        return len(bytearray(3 * worker_limits.MEMORY_PER_WORKER))
    if word == "hang":
        time.sleep(600)
    if word == "lock":
        with _LOCK:
            return path
    if word == "slow":
        time.sleep(0.2)
    if word == "lambda":
        return lambda: None
    return path + more


@pytest.fixture(params=["forked", "spawned", "forked beside threads"])
def started(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Workers as Linux starts them, as Windows and macOS do, and as the desk on Linux does."""
    forks = str(request.param).startswith("forked")
    if forks and not worker_limits.FORKS:
        pytest.skip("forks on Linux only")
    monkeypatch.setattr(worker_limits, "FORKS", forks)
    monkeypatch.setattr(worker_limits, "BESIDE_THREADS", request.param == "forked beside threads")
    return str(request.param)


@pytest.fixture
def closed_first(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The temporary folders removed meanwhile; Windows refuses one in which a file is open."""
    removed: list[Path] = []
    real = shutil.rmtree

    def remove(folder: Path, **options: bool) -> None:
        assert _opened_in(folder) == []
        removed.append(folder)
        real(folder, **options)

    monkeypatch.setattr("xltools.ground.scratch.shutil.rmtree", remove)
    return removed


def _opened_in(folder: Path) -> list[str]:
    """What any process has open in a folder, where the system tells."""
    found = []
    for one in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):  # another user's, or gone
            found.append(str(one.readlink()))
    return [name for name in found if name.startswith(str(folder))]


def _outcomes(*paths: str, workers: int = 2) -> list[Outcome]:
    return list(run(work, paths, workers=workers))


def _verdicts(outcomes: list[Outcome]) -> list[str]:
    return [one.refusal.reason.partition(".")[2] if one.refusal else "" for one in outcomes]


@pytest.mark.usefixtures("started")
def test_results_come_in_the_order_of_the_paths_however_long_each_takes() -> None:
    paths = ["slow-1", *(f"file-{n}" for n in range(100)), "slow-2", "last"]
    counted: list[int] = []
    outcomes = list(run(work, paths, workers=2, progress=counted.append))
    assert [one.result for one in outcomes] == paths
    assert [one.path for one in outcomes] == paths
    assert counted == list(range(1, 104))


def test_a_partial_function_and_a_setup_work() -> None:
    function = partial(work, more="!")
    (one,) = run(function, ["a"], workers=4, setup=partial(os.putenv, "XL", "1"))
    assert one.result == "a!"


@pytest.mark.usefixtures("started")
def test_no_files_need_no_workers() -> None:
    assert _outcomes() == []


@pytest.mark.usefixtures("started")
def test_whatever_happens_costs_one_file() -> None:
    words = ["a", "refuse", "b", "fail", "panic", "c", "die", "d", "abort", "e", "lambda", "f"]
    outcomes = _outcomes(*words)
    assert [one.path for one in outcomes] == words
    assert _verdicts(outcomes) == [
        *("", "sparse", "", "reader_failed", "reader_failed", "", "reader_died", ""),
        *("out_of_memory", "", "reader_failed", ""),
    ]
    assert outcomes[1].refusal is not None
    assert outcomes[1].refusal.values == {"sheet": "一", "cell": "A9"}
    assert outcomes[3].refusal is not None
    assert "KeyError: '目标'" in str(outcomes[3].refusal.values["detail"])


def test_death_is_blamed_on_the_file_that_brought_it() -> None:
    words = ["a", "die", "b", "c", "d"] * 40
    assert _verdicts(_outcomes(*words)) == ["", "reader_died", "", "", ""] * 40


@pytest.mark.usefixtures("started")
def test_a_beginning_that_fails_is_told_for_every_file() -> None:
    outcomes = list(run(work, ["a", "b"], workers=2, setup=partial(int, "目")))
    assert _verdicts(outcomes) == ["reader_failed"] * 2


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("a", ""),
        ("refuse", "sparse"),
        ("fail", "reader_failed"),
        ("panic", "reader_failed"),
        ("die", "reader_died"),
        ("abort", "out_of_memory"),
        ("lambda", "reader_failed"),
        pytest.param("memory", "out_of_memory", marks=pytest.mark.skipif(not LINUX, reason="")),
        ("hang", "too_slow"),
    ],
)
def test_a_file_alone_is_guarded_as_well(
    word: str, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_limits, "TIME_PER_FILE", 0.5)
    before = _children(os.getpid())
    counted: list[int] = []
    outcomes = list(run(work, [word], workers=2, progress=counted.append))
    assert _verdicts(outcomes) == [verdict]
    assert counted == [1]
    assert _children(os.getpid()) <= before


def test_a_lock_of_another_thread_does_not_lock_up_a_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker_limits, "BESIDE_THREADS", True)
    monkeypatch.setattr(worker_limits, "TIME_PER_FILE", 5)
    with _LOCK:
        assert _verdicts(_outcomes("lock")) == [""]


@pytest.mark.skipif(not LINUX, reason="the system does not limit memory")
def test_memory_is_limited() -> None:
    assert _verdicts(_outcomes("memory", "a")) == ["out_of_memory", ""]


def test_time_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_limits, "TIME_PER_FILE", 0.5)
    begun = time.perf_counter()
    assert _verdicts(_outcomes("hang", "a", "b", "hang", "c")) == [
        "too_slow",
        "",
        "",
        "too_slow",
        "",
    ]
    assert time.perf_counter() - begun < 10


@pytest.mark.usefixtures("started")
def test_the_time_of_a_file_begins_when_its_worker_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker_limits, "TIME_PER_FILE", 1.5)
    late = run(work, ["a", "b"], workers=2, setup=partial(time.sleep, 2))
    assert _verdicts(list(late)) == ["", ""]


def test_a_worker_that_is_never_there_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_limits, "TIME_TO_BEGIN", 0.3)
    late = run(work, ["a", "b"], workers=1, setup=partial(time.sleep, 600))
    assert _verdicts(list(late)) == ["too_slow"] * 2


@pytest.mark.usefixtures("started")
@pytest.mark.skipif(not LINUX, reason="looks into /proc")
def test_logs_are_closed_before_their_folder_is_removed(closed_first: list[Path]) -> None:
    _outcomes("a", "die", "b")
    results = run(work, ["a", "b", "hang"], workers=2)
    next(results)
    del results
    assert len(closed_first) == 2
    assert not any(folder.exists() for folder in closed_first)


@pytest.mark.usefixtures("started")
def test_workers_keep_their_words_to_themselves(capfd: pytest.CaptureFixture[str]) -> None:
    _outcomes("abort", "die", "fail")
    assert capfd.readouterr() == ("", "")


def test_a_caller_who_stops_early_leaves_no_process_behind() -> None:
    before = _children(os.getpid())
    results = run(work, ["a", *["hang"] * 5], workers=2)
    assert next(results).result == "a"
    assert len(_children(os.getpid()) - before) == 2 * LINUX
    begun = time.perf_counter()
    results.close()  # type: ignore[attr-defined]
    assert time.perf_counter() - begun < 5
    assert _children(os.getpid()) <= before


def test_few_files_are_in_flight() -> None:
    taken: list[int] = []

    class Paths(list[str]):
        def __iter__(self):  # type: ignore[no-untyped-def]
            for n in range(10_000):
                taken.append(n)
                yield str(n)

    results = run(work, Paths(["x"] * 10_000), workers=2)
    next(results)
    assert len(taken) < 50
    results.close()  # type: ignore[attr-defined]


def _children(parent: int) -> set[str]:
    """Each by number and name; those of earlier tests that ended may be waited for any time."""
    if not LINUX:
        return set()
    command = ["ps", "--ppid", str(parent), "-o", "pid=,comm="]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return {line.strip() for line in listed.splitlines() if not line.endswith(" ps")}


_INTERRUPTED = """
import sys
sys.path.insert(0, {folder!r})
from test_workers import work
from xltools.workers import run, work_beside_threads
if {served}:
    work_beside_threads(["xltools.check.read_submission"])
try:
    for outcome in run(work, ["a", *["hang"] * 4], workers=2):
        print(outcome.result, flush=True)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def _started(tmp_path: Path, *, served: bool = False) -> subprocess.Popen[str]:
    program = _INTERRUPTED.format(folder=str(Path(__file__).parent), served=served)
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=Path(__file__).parents[1],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        preexec_fn=_heed_interrupts,
    )


def _heed_interrupts() -> None:
    """What a shell starts in the background ignores them, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(not LINUX, reason="looks into /proc")
def test_ctrl_c_reaches_the_caller_and_ends_the_workers(tmp_path: Path) -> None:
    process = _started(tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "a\n"
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to all
    out, err = process.communicate(timeout=20)
    assert (out, err) == ("interrupted\n", "")
    assert _members(process.pid) == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not LINUX, reason="looks into /proc")
@pytest.mark.parametrize("served", [False, True])
def test_workers_do_not_outlive_a_parent_that_was_killed(tmp_path: Path, served: bool) -> None:
    process = _started(tmp_path, served=served)
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.wait()
    for _ in range(100):
        if not _members(process.pid):
            return
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGKILL)
    raise AssertionError("orphans")


def _members(group: int) -> list[str]:
    """Processes of a process group that still run."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(stat.parent.name)
    return found


def test_a_cluster_gives_the_same_in_the_same_order(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    dask = pytest.importorskip("dask")
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as cluster,
    ):
        paths = [f"file-{n}" for n in range(60)] + ["refuse", "fail", "panic"]
        counted: list[int] = []
        outcomes = list(
            run(
                partial(work, more="!"),
                paths,
                workers=2,
                scheduler=cluster.scheduler_address,
                progress=counted.append,
            )
        )
        assert [one.path for one in outcomes] == paths
        assert [one.result for one in outcomes[:60]] == [f"{path}!" for path in paths[:60]]
        assert _verdicts(outcomes)[60:] == ["sparse", "reader_failed", "reader_failed"]
        assert counted == list(range(1, 64))
        # A file that kills every worker is found, and the others of its batch are not lost.
        deadly = list(run(work, ["a", "die"], workers=2, scheduler=cluster.scheduler_address))
        assert _verdicts(deadly) == ["", "reader_died"]
