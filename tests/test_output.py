"""Outputs appear whole or not at all, and a CSV file holds no live formula."""

from __future__ import annotations

import csv
import errno
import io
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xltools.errors import WriteError, XltoolsWarning
from xltools.excel.atomic_output import csv_bytes, replacing, write_bytes, write_text
from xltools.excel.writing.workbook_writer import Book
from xltools.locale import say
from xltools.workspace import Workspace

ROOT = Path(__file__).parent.parent
NOON = datetime(2024, 7, 1, 12)


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".xltools-")]


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "新 目录" / "a b.txt"
    write_text(target, "旧", force=False)
    write_text(target, "新", force=True)
    assert target.read_text("utf-8") == "新"
    assert leftovers(target.parent) == []


def test_an_existing_file_is_kept_without_force(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")
    with pytest.raises(WriteError) as fault:
        write_bytes(target, b"new", force=False)
    assert fault.value.key == "output.exists"
    assert target.read_text() == "old"


def test_a_file_that_appears_meanwhile_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"

    def write() -> None:
        with replacing(target, force=False) as path:
            path.write_text("ours")
            target.write_text("theirs")

    with pytest.raises(WriteError, match=r"output\.exists"):
        write()
    assert target.read_text() == "theirs"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit, RuntimeError])
def test_an_interrupt_leaves_the_old_file(tmp_path: Path, stop: type[BaseException]) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")

    def write() -> None:
        with replacing(target, force=True) as path:
            path.write_text("half")
            raise stop

    with pytest.raises(stop):
        write()
    assert target.read_text() == "old"
    assert leftovers(tmp_path) == []


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.txt"
    target.write_text("old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError) as fault:
        write_bytes(target, b"new", force=True)
    assert fault.value.key == "output.unwritable"
    assert os.strerror(errno.ENOSPC) in say(f"errors.{fault.value.key}", "zh", **fault.value.values)
    assert target.read_text() == "old"
    assert leftovers(tmp_path) == []


def test_a_folder_where_a_file_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match=r"output\.unwritable"):
        write_bytes(tmp_path / "file" / "below.txt", b"", force=False)
    (tmp_path / "folder").mkdir()
    with pytest.raises(WriteError, match=r"output\.unwritable"):
        write_bytes(tmp_path / "folder", b"", force=True)


def test_the_fault_of_another_file_is_not_ours(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "out" / "a", force=False):
        (tmp_path / "elsewhere" / "missing").read_bytes()


def test_a_link_keeps_pointing_at_its_file(tmp_path: Path) -> None:
    real = tmp_path / "real.txt"
    real.write_text("old")
    link = tmp_path / "link.txt"
    link.symlink_to(real)
    write_text(link, "new", force=True)
    assert link.is_symlink()
    assert real.read_text() == "new"


@pytest.fixture
def quarter(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "2024Q3")
    made.make()
    made.settings.touch()
    return made


def test_a_link_does_not_lead_out_of_the_quarters_folder(
    quarter: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "precious").write_text("old")
    (quarter.reports / "evaluation.xlsx").symlink_to(tmp_path / "precious")
    with pytest.raises(WriteError, match=r"output\.stray_link"):
        write_text(quarter.reports / "evaluation.xlsx", "new", force=True)
    assert (tmp_path / "precious").read_text() == "old"
    assert leftovers(tmp_path) == []


def test_a_folder_that_is_a_link_is_told(quarter: Workspace, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    quarter.returned.rmdir()
    quarter.returned.symlink_to(tmp_path / "share", target_is_directory=True)
    with pytest.warns(XltoolsWarning, match=r"output\.linked_folder"):
        write_text(quarter.returned / "a.xlsx", "new", force=False)
    assert (tmp_path / "share" / "a.xlsx").read_text() == "new"
    inside = quarter.reports / "b.xlsx"
    inside.symlink_to(quarter.outbox / "b.xlsx")
    write_text(inside, "new", force=True)
    assert (quarter.outbox / "b.xlsx").read_text() == "new"


def test_a_new_file_has_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").write_text("")
    write_text(tmp_path / "ours", "", force=False)
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def open_files() -> list[str]:
    """What this process has open, where the system tells."""
    return [str(one.resolve()) for one in Path("/proc/self/fd").glob("*")]


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("at", [0, 2, 5])
def test_a_workbook_on_a_full_disk_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, large: bool
) -> None:
    target = tmp_path / "a.xlsx"
    target.write_text("old")
    real_write = io.BufferedWriter.write
    calls = 0

    class Full(io.BufferedWriter):
        def write(self, content: object) -> int:
            nonlocal calls
            calls += 1
            if calls > at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real_write(self, content)  # type: ignore[arg-type]

    monkeypatch.setattr(
        "xltools.excel.writing.workbook_writer.open",
        lambda path, _: Full(io.FileIO(path, "w")),
        raising=False,
    )
    with (
        pytest.raises(WriteError, match=r"output\.unwritable"),
        Book(target, created=NOON, force=True, large=large) as book,
    ):
        book.sheet("a").text(1, 1, "x")
    assert calls > at
    assert target.read_text() == "old"
    assert leftovers(tmp_path) == []
    assert not any("xl-worksheets" in name for name in open_files())


def test_an_interrupt_while_a_workbook_is_stored_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.xlsx"
    target.write_text("old")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("xltools.excel.package.zip_writer.ZipWriter.finish", stop)
    with pytest.raises(KeyboardInterrupt), Book(target, created=NOON, force=True) as book:
        book.sheet("a").text(1, 1, "x")
    assert target.read_text() == "old"
    assert leftovers(tmp_path) == []


WRITE_MUCH = """
import sys
from datetime import datetime
from pathlib import Path
from xltools.excel.writing.workbook_writer import Book
print("ready", flush=True)
with Book(Path(sys.argv[1]), created=datetime(2024, 7, 1), force=True, large=True) as book:
    book.sheet("a").bulk(1, 1, [list(map(str, range(900_000)))], [None])
"""


def _heed_interrupts() -> None:
    """What a shell starts in the background ignores them, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def write_much(target: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITE_MUCH, str(target)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        command,
        stdout=pipe,
        stderr=pipe,
        text=True,
        cwd=ROOT,
        preexec_fn=_heed_interrupts if os.name == "posix" else None,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
def test_ctrl_c_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"
    target.write_text("old")
    process = write_much(target)
    deadline = time.monotonic() + 20
    while not leftovers(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in errors
    assert target.read_text() == "old"
    assert leftovers(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is set from outside")
def test_a_disk_that_takes_no_more_leaves_the_old_file(tmp_path: Path) -> None:
    import resource

    target = tmp_path / "a.xlsx"
    target.write_text("old")
    process = write_much(target)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (100_000, 100_000))
    _, errors = process.communicate(timeout=30)
    assert "output.unwritable" in errors
    assert "Exception ignored" not in errors
    assert target.read_text() == "old"
    assert leftovers(tmp_path) == []


def test_a_csv_file_escapes_what_a_spreadsheet_would_calculate() -> None:
    starters = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1", "＝1", "ok", "a=b"]
    content = csv_bytes(["列"], [[text] for text in starters])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:9]] == ["'" + text for text in starters[:8]]
    assert [row[0] for row in rows[9:]] == ["ok", "a=b"]


def test_numbers_in_a_csv_file_stay_numbers() -> None:
    content = csv_bytes(["a", "b", "c", "d"], [[-1, -1.5, float("nan"), None]])
    assert content.decode("utf-8-sig").splitlines()[1] == "-1,-1.5,,"


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_text_survives_csv_but_for_the_mark(values: list[str]) -> None:
    content = csv_bytes(["h"] * len(values), [values])
    text = content.decode("utf-8-sig", "surrogatepass")
    row = list(csv.reader(io.StringIO(text, newline="")))[1]
    for wrote, read in zip(values, row, strict=True):
        expected = wrote.encode("utf-8", "backslashreplace").decode()
        assert read in (expected, "'" + expected)
        assert not read.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
