"""The demo: a whole quarter on disk, told step by step, the same every time, right when opened."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from conftest import Office
from live import differing, formulas, stored

import xltools
from xltools.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


class Told(NamedTuple):
    """What the demo said, and how long it took."""

    folder: Path
    out: str
    err: str
    code: int
    seconds: float


def run(*words: str, folder: Path, site: Path | None = None) -> Told:
    """The program as its own process, in a folder; the package of ``site`` instead of this one."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", "from xltools.cli import main; main()", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(site or ""), "PYTHONHASHSEED": "random"},
    )
    seconds = time.perf_counter() - begun
    return Told(folder / "demo", done.stdout, done.stderr, done.returncode, seconds)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The demo, run once."""
    told = run("demo", folder=tmp_path_factory.mktemp("first"))
    assert told.code == 0, told.err
    return told


def workbooks(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*.xlsx")}


def test_it_walks_all_steps_and_says_where_to_look(told: Told) -> None:
    assert (told.code, told.err) == (0, "")
    for number in range(1, 8):
        assert f"\n{number}. " in told.out
    for line in told.out.splitlines():
        if line.startswith("   → "):
            assert (told.folder.parent / line.removeprefix("   → ")).exists(), line
    for verb in ("generate", "check", "consolidate", "evaluate", "rollover --to 2024Q4"):
        assert f"$ xltools {verb}" in told.out
    assert told.seconds < 60  # a few seconds; only a runaway would take this long


def test_everything_is_on_disk(told: Told) -> None:
    quarter = Workspace(told.folder / "2024Q3")
    assert len(list(quarter.outbox.rglob("*.xlsx"))) == 8
    assert len(list(quarter.inbox.glob("*.xlsx"))) == 7
    assert len(list(quarter.returned.glob("*.xlsx"))) == 5
    assert {path.name for path in quarter.reports.iterdir()} >= {
        "consolidated.xlsx",
        "evaluation.xlsx",
    }
    following = Workspace(told.folder / "2024Q4")
    assert len(list(following.outbox.rglob("*.xlsx"))) == 8
    assert following.settings.is_file()
    assert Workspace(told.folder / "2024Q2") in quarter.beside()


def test_what_was_found_is_told_by_file(told: Told) -> None:
    assert "✔ 华东销售队-市场拓展-2024Q3.xlsx" in told.out
    assert "▲ 华南销售队-市场拓展-2024Q3.xlsx" in told.out
    assert "✖ 华北销售队-市场拓展-2024Q3.xlsx" in told.out
    assert "华北销售队 年度计划与绩效" in told.out  # nobody sent it


def test_a_second_run_needs_force_and_gives_the_same_bytes(told: Told) -> None:
    refused = run("demo", folder=told.folder.parent)
    assert refused.code == 3
    assert "--force" in refused.err
    before = workbooks(told.folder)
    again = run("demo", "--force", folder=told.folder.parent)
    assert again.code == 0
    assert workbooks(told.folder) == before


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The package as its wheel lays it out, far from any checkout."""
    root = Path(xltools.__file__).parent.parent
    built = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    site = tmp_path / "site"
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "xltools", site / "xltools", ignore=unwanted)
    for source, target in built["targets"]["wheel"]["force-include"].items():
        shutil.copytree(root / source, site / target, ignore=unwanted)
    return site


def test_installed_and_in_english_nothing_that_it_says_is_chinese(
    installed: Path, tmp_path: Path
) -> None:
    told = run("demo", "--lang", "en", folder=tmp_path, site=installed)
    assert told.code == 0, told.err
    assert "Done." in told.out
    for step in told.out.split("\n\n"):
        said = step.splitlines()[0].replace("华北销售队", "").replace("7家", "")  # what was typed
        assert not chinese(said), said
    report = told.folder / "2024Q3" / "reports" / "evaluation.xlsx"
    titles = openpyxl.load_workbook(report, read_only=True).sheetnames
    assert titles[0] == "Overview"
    assert not any(map(chinese, titles))


def chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def test_the_commands_that_it_names_work_in_its_folder(told: Told) -> None:
    quarter = told.folder / "2024Q3"
    checked = run("check", folder=quarter)
    assert checked.code == 1
    assert "约149" in checked.out
    assert run("status", folder=quarter).code == 1
    evaluated = run("evaluate", folder=quarter)
    assert evaluated.code == 1
    assert "evaluation.xlsx" in evaluated.out


def test_the_evaluation_is_right_before_and_after_recalculation(told: Told, office: Office) -> None:
    quarter = Workspace(told.folder / "2024Q3")
    files = [
        quarter.inbox / "华东销售队-市场拓展-2024Q3.xlsx",  # filled by a team
        next((told.folder / "2024Q4").rglob("市场部-目标管理-2024Q4.xlsx")),  # carried over
        quarter.reports / "evaluation.xlsx",
    ]
    for file, after in zip(files, office.recalculated(files), strict=True):
        cells = formulas(file)
        assert len(cells) > 500, file
        assert differing(stored(file), stored(after), cells) == [], file


def test_the_worked_figures_stand_on_the_outcome_page(told: Told) -> None:
    book = openpyxl.load_workbook(
        told.folder / "2024Q3" / "reports" / "evaluation.xlsx", data_only=True
    )
    page = book["效果评估"]
    rows = [[cell.value for cell in row if cell.value is not None] for row in page.iter_rows()]
    first = next(index for index, row in enumerate(rows) if "新增客户数" in row)
    east = {row[0]: row for row in rows[first : first + 10] if row}
    for metric, attained in (
        ("新增客户数", 0.9),
        ("区域销售额", 1.075),
        ("客户拜访量", 1.1),
        ("线索转化率", 0.8),
        ("拓展总成本", "-"),
        ("投入产出比", "-"),
    ):
        assert attained in east[metric], east[metric]
