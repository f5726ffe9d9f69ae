"""The samples: made by their script, clean where they should be, faulty where it says so."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from xltools.check.check_files import check_all
from xltools.check.reading_plan import ReadingPlan
from xltools.check.respond.check_result import Checked
from xltools.check.settings.settings_workbook import read_settings
from xltools.check.submission import Submission
from xltools.definition import Catalog, load_catalog
from xltools.ground.cells import CellRef
from xltools.ground.shipped import shipped
from xltools.issues import Severity
from xltools.settings import Settings

SAMPLES = shipped("samples")
FIRST_ROW = 10


@pytest.fixture(scope="module")
def make() -> Iterator[ModuleType]:
    """The script that writes the samples."""
    sys.path.insert(0, str(SAMPLES))
    import make

    yield make
    sys.path.remove(str(SAMPLES))


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def settings(catalog: Catalog) -> Settings:
    return read_settings(SAMPLES / "settings.xlsx", catalog, "zh")


@pytest.fixture(scope="module")
def checked(catalog: Catalog, settings: Settings) -> Checked:
    """This quarter's samples, checked."""
    return check_all([SAMPLES / "2024Q3"], ReadingPlan(catalog, settings), workers=2)


@pytest.fixture(scope="module")
def submissions(checked: Checked) -> dict[tuple[str, str], Submission]:
    return {(one.team, one.template): one for one in checked.submissions}


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    """Written by two processes with different hashes."""
    folders = [tmp_path / seed for seed in ("1", "2")]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", f"import make; make.main(make.Path({str(one)!r}), ['2024Q2'])"],
            stdout=subprocess.DEVNULL,
            cwd=SAMPLES,
            env={**os.environ, "PYTHONHASHSEED": one.name, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        for one in folders
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    first, second = map(contents, folders)
    assert len(first) == 7
    assert first == second


def contents(folder: Path) -> dict[Path, bytes]:
    return {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*.xlsx")}


def test_every_sample_stands_in_the_content(make: ModuleType, catalog: Catalog) -> None:
    expected = {
        f"{team}-{definition.title.zh}-{quarter}.xlsx"
        for quarter in make.QUARTERS
        for team, definition, _ in make.read_content(catalog, quarter)
    }
    assert {path.name for path in SAMPLES.glob("2024*/*.xlsx")} == expected


def test_the_settings_come_back_as_they_were_written(
    make: ModuleType, catalog: Catalog, settings: Settings
) -> None:
    written = make.read_settings(catalog)
    assert settings.organisation == written.organisation
    assert (settings.period, settings.deadline) == (written.period, written.deadline)
    assert settings.teams == written.teams
    assert settings.members == written.members
    assert settings.metrics == written.metrics
    assert settings.parameters == written.parameters
    facts = [(t.team, t.metric, t.target, t.weight) for t in settings.targets]
    assert facts == [(t.team, t.metric, t.target, t.weight) for t in written.targets]


def test_the_quarter_before_is_clean(catalog: Catalog) -> None:
    from xltools.definition.default_settings import default_settings

    before = check_all(
        [SAMPLES / "2024Q2"], ReadingPlan(catalog, default_settings(catalog, "zh")), workers=2
    )
    assert len(before.submissions) == 6
    assert [one for one in before.all_issues() if one.severity is not Severity.INFO] == []


def test_teams_without_mistakes_have_no_issues(
    make: ModuleType, checked: Checked, submissions: dict[tuple[str, str], Submission]
) -> None:
    bent = {key[1:] for key in (*make.TYPED, *make.STRUCTURAL, make.LOOSE)}
    clean = [submissions[key] for key in submissions if key not in bent]
    assert len(clean) == 2
    for submission in clean:
        assert checked.issues_of(submission) == []
        assert submission.identified


def test_every_mistake_is_found_at_its_cell(
    make: ModuleType, checked: Checked, submissions: dict[tuple[str, str], Submission]
) -> None:
    for (_, team, name), steps in make.TYPED.items():
        submission = submissions[team, name]
        told = set()
        for issue in checked.issues_of(submission):
            cells = [issue.cell, *str(issue.details.get("cells", "")).split()]
            told |= {(issue.sheet, CellRef.parse(cell)) for cell in cells if cell}
        for step in steps:
            sheet = submission.sheets[step.sheet]
            place = CellRef(FIRST_ROW - 1 + step.row, sheet.places[step.column])
            assert (sheet.title, place) in told, (team, name, step)


def test_each_shade_of_trouble_is_there(
    checked: Checked, submissions: dict[tuple[str, str], Submission]
) -> None:
    verdicts = {key: checked.receipt(one).verdict for key, one in submissions.items()}
    assert verdicts == {
        ("华东销售队", "expansion"): "fine",
        ("华东销售队", "plan"): "fine",
        ("华南销售队", "expansion"): "warnings",
        ("华南销售队", "plan"): "warnings",
        ("华北销售队", "expansion"): "errors",
        ("市场部", "goals"): "errors",
        ("市场部", "plan"): "errors",
    }
    assert not submissions["华南销售队", "expansion"].identified
    codes = {issue.code for issue in checked.all_issues()}
    assert {"workbook-conflict", "sheet-renamed", "header-unknown", "reference-near"} <= codes


def test_what_was_typed_is_what_is_read(
    make: ModuleType, catalog: Catalog, submissions: dict[tuple[str, str], Submission]
) -> None:
    """Tidy or retyped in a file of the team's own: the values are those of the content."""
    wrong = {key[1:]: {(s.sheet, s.row, s.column) for s in make.TYPED[key]} for key in make.TYPED}
    compared = 0
    for team, definition, sheets in make.read_content(catalog, "2024Q3"):
        submission = submissions[team, definition.name]
        for name, rows in sheets.items():
            read = submission.sheets[name]
            assert len(read.rows) == len(rows), (team, name)
            for number, row in enumerate(rows, 1):
                for column, value in row.items():
                    mistyped = (name, number, column) in wrong.get((team, definition.name), ())
                    if mistyped or column not in read.places:
                        continue
                    got = read.columns[column][number - 1]
                    assert got == (pytest.approx(value) if type(value) is float else value), (
                        team, name, number, column,
                    )  # fmt: skip
                    compared += 1
    assert compared > 800


def test_the_worked_figures_are_among_them(
    submissions: dict[tuple[str, str], Submission],
) -> None:
    east = submissions["华东销售队", "expansion"].sheets
    assert east["outcome"].columns["attainment"][:4] == [0.9, 1.075, 1.1, 0.8]
    assert east["outcome"].columns["attainment"][5:] == [None, None]
    assert east["outcome"].columns["actual"][6] == 7.7
    assert east["stages"].columns["target"][0] == 50
    place = east["spending"].columns["channel"].index("线上广告")
    assert east["spending"].columns["return"][place] == 3.5


def test_a_formula_typed_by_a_team_is_read_by_its_value(
    submissions: dict[tuple[str, str], Submission],
) -> None:
    assert submissions["华南销售队", "plan"].sheets["incentives"].columns["actual"][1] == 84
