"""An evaluation made from elsewhere: its links, earlier quarters, and sheets that last a year."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from excel_rules import findings
from live import formulas, line, lines

from xltools import verbs
from xltools.errors import UsageError
from xltools.ground.shipped import shipped

NOW, BEFORE = "2024Q3", "2024Q2"
LINK = re.compile(r'^=HYPERLINK\("((?:[^"]|"")+)"')


def quarter_of(folder: Path, name: str) -> Path:
    """A quarter's workbooks in an inbox."""
    inbox = folder / name / "inbox"
    shutil.copytree(shipped("samples") / name, inbox)
    return inbox


def run_for(period: str | None = NOW) -> verbs.Run:
    return verbs.start(settings=shipped("samples") / "settings.xlsx", period=period)


def consolidated(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The quarter as one workbook, made inside its own folder."""
    monkeypatch.chdir(inbox.parent)
    Path("reports").mkdir()
    target = Path("reports/consolidated.xlsx")
    verbs.consolidate_workbooks(run_for(inbox.parent.name), ["inbox"], target)
    return target.absolute()


def targets(path: Path) -> list[Path]:
    """Every file that a link of the workbook leads to."""
    found = []
    for formula in formulas(path).values():
        link = LINK.match(formula)
        if link and not link[1].startswith("#"):
            file = unquote(link[1].partition("#")[0])
            found.append(Path(os.path.normpath(path.parent / file)))
    return found


def test_every_link_leads_to_its_file_from_another_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Consolidated where the workbooks lie, evaluated elsewhere, into a third folder."""
    books = [consolidated(quarter_of(tmp_path, name), monkeypatch) for name in (NOW, BEFORE)]
    elsewhere, third = tmp_path / "elsewhere", tmp_path / "third" / "deep"
    elsewhere.mkdir()
    third.mkdir(parents=True)
    monkeypatch.chdir(elsewhere)
    path = third / "evaluation.xlsx"
    verbs.evaluate_quarter(run_for(), books[:1], path, previous=books[1:])
    found = targets(path)
    assert {one.parent for one in found} == {tmp_path / NOW / "inbox", tmp_path / BEFORE / "inbox"}
    assert [one for one in found if not one.is_file()] == []
    moved = tmp_path / "moved"
    shutil.copytree(tmp_path / NOW, moved)
    again = moved / "evaluation.xlsx"
    verbs.evaluate_quarter(run_for(), [moved / "reports" / "consolidated.xlsx"], again)
    assert {one.parent for one in targets(again)} == {moved / "inbox"}


def plans(path: Path) -> set[Any]:
    return {row[0] for row in lines(path, "目标分解")[4:] if row and len(row) > 8}


def test_the_year_stands_by_whatever_route_its_quarter_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A team that sent its plan last quarter only keeps its breakdown; it is told as not sent."""
    team, after = "华东销售队", "2024Q4"
    then = quarter_of(tmp_path, NOW)
    verbs.roll_over(run_for(), [then], after, tmp_path / after)
    now = tmp_path / after / "outbox"
    for path in now.rglob(f"{team}-年度*.xlsx"):
        path.unlink()
    book = consolidated(then, monkeypatch)
    monkeypatch.chdir(tmp_path)
    routes: dict[str, tuple[list[Path], list[Path]]] = {
        "alone": ([now], []),
        "consolidated": ([now], [book]),
        "folder": ([now], [then]),
        "both": ([now, then], []),
    }
    cards = {}
    for name, (paths, previous) in routes.items():
        path = tmp_path / f"{name}.xlsx"
        verbs.evaluate_quarter(run_for(after), paths, path, previous=previous)
        assert (team in plans(path)) == (name != "alone"), name
        cards[name] = lines(path, "总览")[3:6]
        assert line(path, "数据质量", team, "年度计划与绩效")[2] == "未交"
    assert cards["consolidated"] == cards["folder"] == cards["both"]
    sent = [row[-1] for row in cards["alone"][1:]]
    assert [row[-1] for row in cards["both"][1:]] == sent


def test_an_evaluation_names_the_consolidated_workbook_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = consolidated(quarter_of(tmp_path, BEFORE), monkeypatch)
    report = book.parent / "evaluation.xlsx"
    verbs.evaluate_quarter(run_for(BEFORE), [book], report, previous=[])
    now = shipped("samples") / NOW
    made = []
    for name in (book, report):
        made.append(tmp_path / f"by-{name.stem}.xlsx")
        verbs.evaluate_quarter(run_for(), [now], made[-1], previous=[name])
    assert lines(made[0], "总览") == lines(made[1], "总览")
    book.rename(tmp_path / "away.xlsx")
    with pytest.raises(UsageError) as caught:
        verbs.evaluate_quarter(run_for(), [now], tmp_path / "c.xlsx", previous=[report])
    assert caught.value.key.endswith("previous_evaluation")


def _foreign(tmp_path: Path, name: str) -> list[Path]:
    """Workbooks, none of which is of the quarter that is asked for."""
    if name == "samples":
        return [quarter_of(tmp_path, NOW)]
    found = sorted(
        (Path(__file__).parent.parent.parent / "shared" / "seed-workbooks").glob("*.xlsx")
    )
    if not found:
        pytest.skip("there are no seed workbooks")
    return found


@pytest.mark.parametrize("name", ["samples", "seed workbooks"])
def test_a_quarter_that_no_workbook_is_of_refers_to_nothing_that_is_absent(
    name: str, tmp_path: Path
) -> None:
    """Every name in every formula is defined, though no team is left and no page has rows."""
    target = tmp_path / "evaluation.xlsx"
    paths = _foreign(tmp_path, name)
    settings = shipped("samples") / "settings.xlsx" if name == "samples" else None
    report = verbs.evaluate_quarter(verbs.start(settings=settings, period="2031Q4"), paths, target)
    assert "效果评估" not in report.pages
    assert formulas(target)
    assert findings(target) == []
