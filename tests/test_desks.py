"""Desks other than the one the tests run on: drives and shares, consoles, what Windows locks."""

import errno
import json
import ntpath
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from xltools.excel import input_paths, links
from xltools.excel.input_paths import relative, short_path
from xltools.excel.links import file_target
from xltools.excel.printing.libreoffice import find_office
from xltools.excel.reading.preflight import _open_refusal
from xltools.fault_sentences import system_reason
from xltools.ground.shipped import shipped

HERE = Path(__file__).parent
SENT = shipped("samples") / "2024Q3"
# As a desk's program runs in a pipe: on a Chinese Windows, and where no locale is set.
CONSOLES = {
    "gbk": {"PYTHONIOENCODING": "gbk:surrogateescape"},
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


def piped(console: str, *words: object) -> subprocess.CompletedProcess[bytes]:
    """The program with its output in a pipe of another encoding."""
    return subprocess.run(
        [sys.executable, "-m", "xltools", *map(str, words)],
        env={**os.environ, **CONSOLES[console]},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("console", CONSOLES)
def test_a_pipe_takes_signs_that_its_encoding_lacks(console: str) -> None:
    told = piped(console, "check", SENT / "华东销售队-市场拓展-2024Q3.xlsx")
    assert (told.returncode, b"Error" in told.stderr) == (0, False)
    assert {"gbk": "√ ", "ascii": "\\u2714 "}[console] in told.stdout.decode(console)


@pytest.mark.parametrize("console", CONSOLES)
@pytest.mark.parametrize(
    "words",
    [("check", SENT), ("status", SENT), ("describe", "goals")],
    ids=lambda words: str(words[0]),
)
def test_a_format_for_programs_is_utf_8_wherever_it_goes(
    console: str, words: tuple[object, ...]
) -> None:
    told = piped(console, *words, "--format", "json")
    assert told.returncode in (0, 1)
    assert "目标" in json.dumps(json.loads(told.stdout.decode("utf-8")), ensure_ascii=False)


def test_names_that_the_locale_cannot_hold_are_told(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("elsewhere names are Unicode in every locale")
    told = piped("ascii", "demo", "--lang", "en", "-o", tmp_path / "demo")
    assert (told.returncode, b"set it to 1" in told.stderr) == (3, True), told.stderr


def test_a_table_for_excel_is_utf_8_with_its_mark() -> None:
    told = piped("gbk", "check", SENT, "--format", "csv")
    assert told.stdout.decode("utf-8").startswith("\ufeff文件,工作表,")


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths as Windows knows them."""
    system = SimpleNamespace(name="nt", path=ntpath, sep="\\", curdir=".", fspath=str)
    for module in (links, input_paths):
        monkeypatch.setattr(module, "os", system)


@pytest.mark.usefixtures("windows")
def test_a_link_is_relative_or_leads_to_the_drive_or_share_itself() -> None:
    reports = "C:\\季度 2024Q3\\reports"
    inbox = "C:\\季度 2024Q3\\inbox\\东区 50%\\a#1.xlsx"
    assert file_target(reports, inbox, "目标", "B2") == "../inbox/东区 50%25/a%231.xlsx#'目标'!B2"
    assert file_target(reports, "D:\\inbox\\a#1.xlsx") == "D:\\inbox\\a%231.xlsx"
    share = "\\\\server\\team share\\a.xlsx"
    assert file_target(reports, share, "S") == "\\\\server\\team share\\a.xlsx#'S'!A1"


@pytest.mark.usefixtures("windows")
def test_a_path_on_another_drive_is_named_in_full() -> None:
    assert relative("D:\\q\\reports", "C:\\q") == "D:\\q\\reports"
    assert relative("\\\\server\\share\\q", "C:\\q") == "\\\\server\\share\\q"
    assert relative("C:\\q\\reports", "C:\\q") == "reports"
    assert short_path("D:\\q\\inbox\\a.xlsx") == "D:\\q\\inbox\\a.xlsx"


@pytest.mark.usefixtures("windows")
def test_a_path_that_windows_does_not_take_is_called_too_long() -> None:
    path = "C:\\" + "季度\\" * 90 + "a.xlsx"
    fault = FileNotFoundError(errno.ENOENT, "The system cannot find the path specified", path)
    assert "too long" in system_reason(fault, "en")
    assert "路径太长" in system_reason(fault, "zh")
    refused = _open_refusal(fault, path)
    assert refused.reason == "refused.long_path"
    short = FileNotFoundError(errno.ENOENT, "The system cannot find the path specified", "C:\\a")
    assert "too long" not in system_reason(short, "en")


def test_nobody_makes_relative_paths_by_himself() -> None:
    import xltools

    sources = list(Path(xltools.__file__).parent.rglob("*.py"))
    makers = {one.name for one in sources if "relpath(" in one.read_text(encoding="utf-8")}
    assert makers == {"input_paths.py"}


# Python as Windows has it: nothing forks, and what only POSIX knows is not there.
BARE = """
import os, signal, sys
for name in ("fork", "forkpty", "mkfifo", "geteuid", "getuid", "getgid", "killpg", "setsid"):
    delattr(os, name)
for name in ("SIGKILL", "SIGHUP", "SIGALRM", "pthread_sigmask", "alarm", "setitimer"):
    delattr(signal, name)
for name in ("resource", "fcntl", "pwd", "grp", "termios"):
    sys.modules[name] = None
def looked_at(event, told):
    if event == "open" and str(told[0]).startswith("/proc"):
        raise FileNotFoundError(told[0])
"""


def ran(program: str, *words: object, folder: Path = HERE.parent) -> tuple[int, str]:
    """Exit code and output of a program in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, words)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
        cwd=folder,
        timeout=600,
    )
    return done.returncode, done.stdout


PYTEST = f"""
import platformdirs, pytest  # which know the system that they are on
{BARE}
sys.addaudithook(looked_at)
sys.exit(pytest.main(sys.argv[1:]))
"""
LINKLESS = """
import os, pytest, sys
def refused(*_, **__):
    raise OSError(1314, "A required privilege is not held by the client")
os.symlink = refused
sys.exit(pytest.main(sys.argv[1:]))
"""
COMMANDS = "import sys; from xltools.cli import main; main()"
SPAWNING = f"""
import os
del os.fork, os.forkpty
from xltools.workers import worker_limits
worker_limits.FORKS = False
{COMMANDS}
"""


def test_all_tests_are_found_where_nothing_of_posix_is() -> None:
    code, told = ran(PYTEST, "--collect-only", "-q")
    assert code == 0, told[-4000:]
    assert all(f"tests/{one.name}::" in told for one in HERE.glob("test_*.py"))


def test_a_test_that_makes_a_link_is_skipped_where_nobody_may() -> None:
    code, told = ran(LINKLESS, "-q", HERE / "test_store.py", "-k", "link_in_place")
    assert (code, "1 skipped" in told, "no symbolic links" in told) == (0, True, True), told


def test_whole_commands_do_the_same_where_nothing_forks(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for name in ("华东销售队-市场拓展", "市场部-目标管理", "华南销售队-市场拓展"):
        shutil.copy(SENT / f"{name}-2024Q3.xlsx", inbox)
    made = []
    for program in (COMMANDS, SPAWNING):
        checked = ran(
            program, "check", "inbox", "--format", "json", "--workers", 2, folder=tmp_path
        )
        together = ("consolidate", "inbox", "-o", "all.xlsx", "--workers", 2, "--force")
        code, _ = ran(program, *together, folder=tmp_path)
        made.append((checked, code, (tmp_path / "all.xlsx").read_bytes()))
    assert made[0][:2] == ((1, made[0][0][1]), 1), made[0][0]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("variable", "place"),
    [
        ("ProgramFiles", "LibreOffice/program/soffice.exe"),
        ("HOME", "Applications/LibreOffice.app/Contents/MacOS/soffice"),
    ],
)
def test_libreoffice_is_found_where_its_installer_puts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, place: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(variable, str(tmp_path))
    assert find_office() is None
    program = tmp_path / place
    program.parent.mkdir(parents=True)
    program.touch()
    assert find_office() == str(program)
