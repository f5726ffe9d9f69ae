"""What ``--pdf`` prints: a report of a few pages, or everything; right by the workbook it is of."""

from __future__ import annotations

import shutil
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import many_teams
import openpyxl
import own_pages
import pytest
from conftest import Office
from live import lines
from shown import FOLDED

from xltools.evaluate import evaluate
from xltools.evaluate.pages import PAGES
from xltools.excel.printing import pdf
from xltools.locale import say

MOST = {24: 8, 100: 12}
LINE = 24 * 0.75  # points of a line of a list that nothing swells
WITHOUT = {"overview", "matrix", "quality", "parameters", "changes"}  # which have no block


@cache
def paper(folder: Path, teams: int, lang: str, *, whole: bool = False) -> Path:
    """The workbook that is printed; beside it the one that users get."""
    made = folder / f"{teams}-{lang}-{'full' if whole else 'report'}.xlsx"
    before = [many_teams.many(teams, "2024Q2")]
    target = folder / f"{made.stem}-workbook.xlsx"
    now = many_teams.many(teams)
    evaluate(now, target, previous=before, lang=lang, paper=made, whole=whole)
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("printed")


@cache
def opened(path: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of features that only programs with a window show
        return openpyxl.load_workbook(path, data_only=True)


def report(folder: Path, teams: int = 24, lang: str = "zh") -> list[list[Any]]:
    return lines(paper(folder, teams, lang), say("evaluate.report.title", lang))


def block(rows: list[list[Any]], title: str) -> list[list[Any]]:
    """The lines below a block's header, to the line that says what is left out."""
    start = next(n for n, row in enumerate(rows) if row and row[0] == title) + 2
    end = next(n for n in range(start, len(rows)) if len([*filter(None, rows[n])]) < 2)
    return rows[start : end + 1]


def test_pages_of_paper(office: Office, folder: Path, tmp_path: Path) -> None:
    books = {(n, lang): paper(folder, n, lang) for n in MOST for lang in ("zh", "en")}
    everything = paper(folder, 24, "zh", whole=True)
    *printed, full = office.convert([*books.values(), everything], "pdf", tmp_path)
    for (teams, lang), made in zip(books, printed, strict=True):
        count = made.read_bytes().count(b"/Type/Page/")
        assert 3 < count <= MOST[teams], (teams, lang)
    assert 30 < full.read_bytes().count(b"/Type/Page/") < 50


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_topic_of_the_workbook_has_its_block(folder: Path, lang: str) -> None:
    rows = report(folder, 24, lang)
    heads = {row[0] for row in rows if row}
    book = opened(folder / f"24-{lang}-report-workbook.xlsx")
    ours = {say(f"evaluate.{page.name}.tab", lang): page.name for page in PAGES}
    titles = [title for title in book.sheetnames if not title.startswith(("数据_", "Data ", "_"))]
    topics = [title for title in titles if ours.get(title) not in WITHOUT]
    assert len(topics) == 10
    assert set(topics) <= heads


def test_the_most_urgent_tasks_stand_first_and_the_rest_is_counted(folder: Path) -> None:
    rows = block(report(folder), "任务预警")
    listed = [row for row in rows[:-1] if row[0]]
    whole = lines(folder / "24-zh-report-workbook.xlsx", "任务预警")
    start = next(n for n, row in enumerate(whole) if row and row[0] == "全部任务")
    states = [cell for row in whole[start + 2 :] for cell in row if cell in ("逾期", "完成")]
    late = states.count("逾期")
    assert all("逾期" in row for row in listed)
    more = say("evaluate.data.more", "zh", count=late - len(listed))
    settled = say("evaluate.data.settled", "zh", count=len(states) - late)
    assert rows[-1][0] == f"{more} · {settled}"


def test_lowest_first_and_no_line_that_is_settled(folder: Path) -> None:
    rows = block(report(folder, 100), "效果评估")
    shares = [
        next(cell for cell in row[::-1] if isinstance(cell, float)) for row in rows[:-1] if row[0]
    ]
    assert len(shares) > 10
    assert shares == sorted(shares)
    assert shares[-1] < 1


def test_a_long_name_swells_no_line_and_is_whole_or_says_that_it_is_cut(folder: Path) -> None:
    sheet = opened(paper(folder, 100, "zh"))[say("evaluate.report.title", "zh")]
    names = many_teams.names(100)
    found = [
        (row[1].value, sheet.row_dimensions[row[1].row].height)
        for row in sheet.iter_rows()
        if isinstance(row[1].value, str) and row[1].value[:2] in {name[:2] for name in names}
    ]
    assert any(len(value) > 10 for value, _ in found)
    for value, height in found:
        assert height == pytest.approx(LINE)
        assert value in names or (value[-1] == "…" and value[-2] != "…"), value


def test_only_the_report_is_printed(folder: Path) -> None:
    book = opened(paper(folder, 24, "zh"))
    printed = []
    for sheet in book.worksheets:
        cells = sheet.print_area.rpartition("!")[2].replace("$", "")
        if sheet.sheet_state == "visible" and (":" in cells or sheet[cells].value is not None):
            printed.append(sheet.title)
    titles = (say(f"evaluate.{name}.tab", "zh") for name in ("overview", "matrix"))
    assert printed == [*titles, say("evaluate.report.title", "zh")]


def test_everything_has_every_line(folder: Path) -> None:
    book = opened(paper(folder, 24, "zh", whole=True))
    hidden = [s.title for s in book for row in s.row_dimensions.values() if row.hidden]
    assert hidden == []
    texts = (str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert not any(map(FOLDED.fullmatch, texts))


def test_a_page_of_ones_own_is_there_with_its_first_block(tmp_path: Path) -> None:
    known = own_pages.catalog(tmp_path / "templates", "complaints", own_pages.complaints())
    made = tmp_path / "paper.xlsx"
    evaluate(own_pages.complaint_quarter(known, "2024Q3", 1), tmp_path / "a.xlsx", paper=made)
    rows = lines(made, say("evaluate.report.title", "zh"))
    at = next(n for n, row in enumerate(rows) if row and row[0] == "客户投诉")
    assert [cell for cell in rows[at + 1] if cell] == ["投诉件数", "关闭率", "平均处理天数 (天)"]
    assert not any("全部投诉" in row for row in rows)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["--pdf", "FOLDER"], "report"),
        (["FOLDER", "--pdf"], "report"),
        (["--pdf", "full", "FOLDER"], "full"),
        (["FOLDER", "--pdf=full"], "full"),
    ],
)
def test_the_option_stands_alone_or_before_a_word(
    words: list[str], kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xltools.cli import cli
    from xltools.verbs import generate_workbooks, start

    printed: dict[Path, Path] = {}

    def copied(targets: dict[Path, Path], *, force: bool) -> None:
        printed.update(targets)
        for book, target in targets.items():
            assert not force
            shutil.copyfile(book, target)

    monkeypatch.setattr(pdf, "to_pdf", copied)
    generate_workbooks(start(period="2024Q3", teams=["甲"]), tmp_path / "in", names=["expansion"])
    target = tmp_path / "out.xlsx"
    given = [str(tmp_path / "in") if word == "FOLDER" else word for word in words]
    with pytest.raises(SystemExit) as stopped:
        cli.main(["evaluate", *given, "-o", str(target), "--period", "2024Q3"])
    assert stopped.value.code == 0
    assert list(printed.values()) == [target.with_suffix(".pdf")]
    titles = openpyxl.load_workbook(
        target.with_suffix(".pdf").rename(tmp_path / "p.xlsx")
    ).sheetnames
    assert (say("evaluate.report.title", "zh") in titles) == (kind == "report")
