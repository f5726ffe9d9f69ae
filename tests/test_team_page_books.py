"""The page of each team: its own rows alone, right, on one sheet of paper."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import many_teams
import openpyxl
import pytest
from conftest import Office
from live import by_ironcalc, differing, formulas, lines, stored
from quarter import TEAMS, outcome, plan_rows, quarter, source_rows

from xltools.errors import WriteError
from xltools.evaluate import evaluate
from xltools.evaluate.team_page_books import team_targets, write_team_workbooks

COUNT = 24
NAMES = many_teams.names(COUNT)
whole = cache(many_teams.many)


@pytest.fixture(scope="module", params=["zh", "en"])
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp(request.param)
    targets = team_targets(whole(COUNT), folder, teams=[NAMES[n] for n in (0, 9, 15)])
    before = [whole(COUNT, "2024Q2")]
    write_team_workbooks(whole(COUNT), targets, previous=before, lang=request.param)
    assert list(targets) == [NAMES[n] for n in (0, 9, 15)]
    return list(targets.values())


def texts(path: Path) -> str:
    """Everything that is written anywhere in a workbook."""
    with ZipFile(path) as package:
        return "".join(package.read(name).decode("utf-8") for name in package.namelist())


def test_no_other_team_is_in_it(pages: Sequence[Path]) -> None:
    for path in pages:
        own = path.stem.removesuffix("-2024Q3")
        inside = texts(path)
        assert own in inside
        assert [name for name in NAMES if name != own and name in inside] == []
        assert re.findall(r"目标 (\d+)-\d", inside)
        assert len(set(re.findall(r"目标 (\d+)-\d", inside))) == 1


def test_figures_are_right_and_stay_right(pages: Sequence[Path]) -> None:
    for path in pages[:2]:
        cells = formulas(path)
        assert len(cells) > 100
        assert differing(stored(path), by_ironcalc(path, cells), cells) == []


def test_libreoffice_agrees(office: Office, tmp_path: Path) -> None:
    paths = []
    for name, rows in {"all": {**source_rows(), **plan_rows()}, "one": {}}.items():
        given = rows or {("expansion", "outcome"): [outcome(TEAMS[0], "销售额", 100, None)]}
        targets = team_targets(quarter(given), tmp_path / name)
        write_team_workbooks(quarter(given), targets)
        paths += list(targets.values())
    assert len(paths) == 5
    for path, again in zip(paths, office.recalculated(paths), strict=True):
        assert differing(stored(path), stored(again), formulas(path)) == []


def test_figures_are_those_of_the_evaluation_of_all(tmp_path: Path) -> None:
    all_teams, own = tmp_path / "all.xlsx", tmp_path / "own"
    before = [whole(COUNT, "2024Q2")]
    evaluate(whole(COUNT), all_teams, previous=before)
    targets = team_targets(whole(COUNT), own)
    assert len(targets) == COUNT - 2
    some = dict(list(targets.items())[::7])
    write_team_workbooks(whole(COUNT), some, previous=before)
    rows = {row[2]: row for row in lines(all_teams, "数据_团队") if len(row) > 2}
    head = next(row for row in lines(all_teams, "数据_团队") if "得分" in row)
    for team, path in some.items():
        mine = lines(path, "数据_团队")
        at = next(n for n, row in enumerate(mine) if "得分" in row)
        for label in ("得分", "计入项", "达成率", "上季得分", "目标达成率"):
            if label in head:
                theirs = (
                    rows[team]
                    if team in rows
                    else next(row for row in lines(all_teams, "数据_团队") if team in row)
                )
                assert mine[at + 1][mine[at].index(label)] == theirs[head.index(label)], label
        assert team in str(lines(path, sheet_of(path))[0])


def sheet_of(path: Path) -> str:
    return openpyxl.load_workbook(path, read_only=True).sheetnames[0]


def test_last_quarter_stands_beside_each_metric(tmp_path: Path) -> None:
    targets = team_targets(whole(COUNT), tmp_path, teams=NAMES[:1])
    write_team_workbooks(whole(COUNT), targets, previous=[whole(COUNT, "2024Q2")])
    page = lines(targets[NAMES[0]], sheet_of(targets[NAMES[0]]))
    head = next(row for row in page if "上季" in row)
    then = whole(COUNT, "2024Q2").tables["expansion", "outcome"]
    then = then[then["_team"] == NAMES[0]].set_index("metric")["attainment"]
    now = whole(COUNT).tables["expansion", "outcome"]
    both = set(now[now["_team"] == NAMES[0]]["metric"]) & set(then.dropna().index)
    shown = {row[0]: row[head.index("上季")] for row in page if row and row[0] in both}
    assert shown == {metric: pytest.approx(then[metric]) for metric in both}
    assert both


def test_links_lead_to_what_is_there(pages: Sequence[Path]) -> None:
    for path in pages:
        titles = openpyxl.load_workbook(path, read_only=True).sheetnames
        for text in formulas(path).values():
            for target in re.findall(r'HYPERLINK\("#(?:\'([^\']+)\'|([^!"]+))!', text):
                assert (target[0] or target[1]) in titles, text


def test_one_sheet_of_paper_and_nothing_else(pages: Sequence[Path]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of features that only programs with a window show
        book = openpyxl.load_workbook(pages[0], data_only=True)
    first, *others = book.worksheets
    assert (first.page_setup.fitToWidth or 1, first.page_setup.fitToHeight or 1) == (1, 1)
    assert first.sheet_properties.pageSetUpPr.fitToPage
    for sheet in others:
        cell = sheet.print_area.rpartition("!")[2].replace("$", "")
        assert sheet[cell].value is None, sheet.title


def test_names_that_a_system_takes_for_the_same(tmp_path: Path) -> None:
    odd = ("甲/乙", "甲:乙", "a" * 60, "A" * 60, "'History'")
    rows = {("expansion", "outcome"): [outcome(team, "销售额", 100, 90) for team in odd]}
    targets = team_targets(quarter(rows), tmp_path)
    assert [path.name for path in targets.values()][:2] == [
        "甲_乙-2024Q3.xlsx",
        "甲_乙 (2)-2024Q3.xlsx",
    ]
    assert len({path.name.casefold() for path in targets.values()}) == len(odd)
    write_team_workbooks(quarter(rows), targets)
    for team, path in targets.items():
        assert sheet_of(path)
        assert team in texts(path).replace("&#39;", "'")


def test_what_is_there_is_replaced_only_by_force(tmp_path: Path) -> None:
    targets = team_targets(whole(COUNT), tmp_path, teams=NAMES[:2])
    write_team_workbooks(whole(COUNT), dict([*targets.items()][:1]))
    with pytest.raises(WriteError):
        team_targets(whole(COUNT), tmp_path, teams=NAMES[:2])
    assert team_targets(whole(COUNT), tmp_path, teams=NAMES[:2], force=True) == targets
