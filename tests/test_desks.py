"""Desks other than the one the tests run on: drives and shares, consoles, what Windows locks."""

import ntpath
from types import SimpleNamespace

import pytest

from xltools.excel import links, paths
from xltools.excel.links import file_target
from xltools.excel.paths import near, relative


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths as Windows knows them."""
    system = SimpleNamespace(path=ntpath, sep="\\", curdir=".", fspath=str)
    for module in (links, paths):
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
    assert near("D:\\q\\inbox\\a.xlsx") == "D:\\q\\inbox\\a.xlsx"


def test_nobody_makes_relative_paths_by_himself() -> None:
    import xltools

    sources = list(paths.Path(xltools.__file__).parent.rglob("*.py"))
    makers = {one.name for one in sources if "relpath(" in one.read_text(encoding="utf-8")}
    assert makers == {"paths.py"}
