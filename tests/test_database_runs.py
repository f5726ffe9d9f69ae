"""The database from the command line and from the guide: options, settings, trends, queries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import own_pages
import pytest
import sqlalchemy as sql
from submissions import together
from test_help import called

from xltools.database.database_tables import with_own
from xltools.database.write_quarter import Scope, write_quarter
from xltools.definition import load_catalog
from xltools.evaluate import evaluate
from xltools.generate.workbook_series import write_settings
from xltools.ground.period import Quarter
from xltools.ground.shipped import shipped
from xltools.run import start
from xltools.verbs import consolidate_workbooks, evaluate_quarter, history_of

SENT = shipped("samples") / "2024Q3"
GUIDES = {
    lang: Path(__file__).parents[1] / "docs" / place
    for lang, place in (("en", "guides/database.md"), ("zh", "zh/guides/database.md"))
}
QUERY = re.compile(r"```sql\n(.*?)```", re.DOTALL)


def ask(url: str, statement: str) -> list[tuple[Any, ...]]:
    with sql.create_engine(url, poolclass=sql.NullPool).connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]


def told(url: str, statement: str) -> list[dict[str, Any]]:
    with sql.create_engine(url, poolclass=sql.NullPool).connect() as connection:
        return [dict(row._mapping) for row in connection.exec_driver_sql(statement)]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return "sqlite:///all.db"


def test_evaluate_writes_the_figures_that_its_pages_show(url: str, tmp_path: Path) -> None:
    run = start(period="2024Q3")
    evaluate_quarter(run, [SENT], tmp_path / "evaluation.xlsx", database=url)
    book = openpyxl.load_workbook(tmp_path / "evaluation.xlsx", data_only=True)
    scores = {
        team: (score, rank)
        for team, score, rank in ask(
            url, "SELECT _team, score, ranking FROM scores WHERE score IS NOT NULL"
        )
    }
    sheet = book["数据_团队"]
    head, *rows = [*sheet.iter_rows(min_row=2, values_only=True)]
    shown = {
        row[head.index("团队")]: (row[head.index("得分")], row[head.index("排名")]) for row in rows
    }
    assert scores
    for team, (score, rank) in scores.items():
        assert shown[team] == (pytest.approx(score), rank)
    told = ask(
        url,
        "SELECT subject, target, actual, attainment, light FROM attainments"
        " WHERE _team = '华东销售队' AND sheet = 'outcome'",
    )
    assert ("新增客户数", 50.0, 45.0, 0.9, "amber") in told
    assert ("区域销售额", 200.0, 215.0, 1.075, "green") in told


def figures_of(path: Path) -> dict[tuple[str, str], object]:
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (page.title, cell.coordinate): cell.value
        for page in book
        for row in page
        for cell in row
        if cell.value is not None and not str(cell.value).endswith(".xlsx")
    }


def test_trends_from_a_database_are_those_from_the_workbook(url: str, tmp_path: Path) -> None:
    before, now = start(period="2024Q2"), start(period="2024Q3")
    old = tmp_path / "old"
    old.mkdir()
    for path in SENT.glob("*.xlsx"):
        if "华东" in path.name or "华北" in path.name:
            _rewrite(path, old / path.name.replace("2024Q3", "2024Q2"))
    consolidate_workbooks(before, [old], tmp_path / "before.xlsx", database=url)
    for name, previous in (("workbook", tmp_path / "before.xlsx"), ("database", url)):
        evaluate_quarter(now, [SENT], tmp_path / f"{name}.xlsx", previous=[previous])
    wanted = figures_of(tmp_path / "workbook.xlsx")
    assert any(value == "2024Q2" for value in wanted.values())
    assert figures_of(tmp_path / "database.xlsx") == wanted


def _rewrite(path: Path, target: Path) -> None:
    """The same workbook of the quarter before."""
    import zipfile

    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"2024Q3", b"2024Q2"))


def test_a_part_of_the_quarter_replaces_a_part(url: str, tmp_path: Path) -> None:
    run = start(period="2024Q3")
    consolidate_workbooks(run, [SENT], database=url)
    asked = "SELECT count(*) FROM submissions WHERE verdict <> 'missing'"
    everything = ask(url, asked)
    one = next(SENT.glob("华东销售队-市场*"))
    consolidate_workbooks(run, [one], database=url)
    assert ask(url, asked) == everything
    consolidate_workbooks(run, [one], tmp_path / "one.xlsx")
    consolidate_workbooks(run, [tmp_path / "one.xlsx"], database=url)
    assert ask(url, asked) == [(1,)]


def test_settings_name_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert called(capsys, "demo", "--lang", "en")[0] == 0
    root = tmp_path / "demo" / "2024Q3"
    run = start(folder=root, lang="en")
    settings = msgspec.structs.replace(run.settings, database="sqlite:///../quarters.db")
    write_settings(
        root / "settings.xlsx",
        catalog=run.catalog,
        settings=settings,
        period=Quarter(2024, 3),
        lang="en",
        force=True,
    )
    assert called(capsys, "consolidate", "demo/2024Q3")[0] == 1
    monkeypatch.chdir(root)
    code, out, _ = called(capsys, "history", "--lang", "en")
    assert code == 0
    assert "2024Q3" in out
    assert "Market expansion" in out
    assert (tmp_path / "demo" / "quarters.db").is_file()
    held = history_of(start(folder=root), f"sqlite:///{tmp_path / 'demo' / 'quarters.db'}")
    assert {one.workbook for one in held.held} >= {"goals", "expansion", "plan"}
    assert held.evaluated == ()
    assert called(capsys, "evaluate")[0] == 1
    assert "2024Q3" in called(capsys, "history")[1].splitlines()[-1]
    called(capsys, "rollover", "--to", "2024Q4", "-o", "../2024Q4-again")
    again = start(folder=root.parent / "2024Q4-again")
    assert again.settings.database == "sqlite:///../quarters.db"


@pytest.mark.parametrize(
    "words",
    [
        ("history",),
        ("history", "all.db"),
        (
            "consolidate",
            str(SENT),
            "-o",
            "x.xlsx",
            "--period",
            "2024Q3",
            "--database",
            "nosuch://a:s3cret@b/c",
        ),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_is_one_sentence(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: Sequence[str],
    lang: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = called(capsys, *words, "--lang", lang)
    assert (code, out) == (2 if words == ("history",) else 3, "")
    assert len(err.splitlines()) == 1
    assert "s3cret" not in err
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_guides_queries_answer(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.chdir(tmp_path)
    evaluate_quarter(
        start(period="2024Q3"), [SENT], tmp_path / "evaluation.xlsx", database=database_url
    )
    queries = QUERY.findall(GUIDES[lang].read_text("utf-8"))
    answers = [
        ask(database_url, query.replace("%", "%%") if "sqlite" not in database_url else query)
        for query in queries
    ]
    assert len(queries) == 6
    assert all(answers)
    scores, late, issues, results, _, columns = answers
    assert {row[0] for row in scores} == {row[0] for row in late}
    assert ("2024", "新增客户数", "家") in {row[:3] for row in results}
    assert "cell-kind" in {row[0] for row in issues}
    assert ("attainment", "percent") in {(row[0], row[3]) for row in columns}


@pytest.mark.parametrize("name", ["complaints", "suppliers"])
def test_summaries_that_a_definition_declares_are_written(
    database_url: str, tmp_path: Path, name: str
) -> None:
    text = own_pages.complaints() if name == "complaints" else own_pages.SUPPLIERS
    known = own_pages.catalog(tmp_path / "own", name, text)
    make = {"complaints": partial(own_pages.complaint_quarter, seed=4)}
    quarters = [
        make.get(name, own_pages.supplier_quarter)(known, period) for period in ("2024Q3", "2024Q2")
    ]
    report = evaluate(quarters[0], tmp_path / "evaluation.xlsx", previous=quarters[1:])
    stored = together([], catalog=known)
    write_quarter(stored, database_url, Scope(True), report.figures)
    book = openpyxl.load_workbook(tmp_path / "evaluation.xlsx", data_only=True)
    assert known[name].summaries
    for summary in known[name].summaries:
        lines = told(database_url, f"SELECT * FROM {name}_{summary.name} ORDER BY _place")
        page = next(one for one in book if one.title == f"数据_{summary.title.zh}")
        head, *shown = [*page.iter_rows(min_row=2, values_only=True)]
        heads = [str(text).partition("(")[0].strip() for text in head]
        own = [heads.index(one.label.zh) for one in summary.columns]
        wanted = [[None if row[at] == "" else row[at] for at in own] for row in shown]
        assert len(wanted) > 1
        assert [[line[one.name] for one in summary.columns] for line in lines] == wanted
        for by in summary.by:
            assert len({line["_team" if by == "team" else by] for line in lines} - {None, ""}) > 1
    write_quarter(stored, database_url, Scope(True), {})
    assert ask(database_url, f"SELECT * FROM {name}_{known[name].summaries[0].name}") == []


def test_both_guides_ask_the_same() -> None:
    english, chinese = (QUERY.findall(path.read_text("utf-8")) for path in GUIDES.values())
    assert english == chinese


def test_every_table_of_the_programs_own_is_declared_soundly() -> None:
    from xltools.definition.definition_mistakes import mistakes

    catalog = with_own(load_catalog())
    own = catalog["xltools.own"]
    bad = [found for found in mistakes(catalog, own) if found[0] != "errors.definition.bad_name"]
    assert bad == []
