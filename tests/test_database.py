"""The database of all quarters: what runs write, keep and take away, on every kind of server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import msgspec
import openpyxl
import pytest
import sqlalchemy as sql
from pandas.testing import assert_frame_equal
from submissions import CATALOG, SETTINGS, extra_texts, sent, together

from xltools.cli.shared.call_mistakes import sentence_of
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.write.consolidated_workbook import write_consolidated
from xltools.database import write_quarter as room
from xltools.database.database_tables import FORMAT, ORIGIN, short
from xltools.database.history import history
from xltools.database.read_quarters import read_quarters
from xltools.database.write_quarter import Scope, write_quarter
from xltools.definition import Catalog
from xltools.errors import DatabaseError
from xltools.ground.period import Quarter
from xltools.issues import Code, issue
from xltools.settings import Settings, Team

WHOLE = Scope(True)
SCORES = ("", "scores")

TASKS = [
    {
        "task": "白皮书 “甲”, 100% = ½;\n第二行 🚀 'x'",
        "goal": "目标：50万人次",
        "owner": "李娜",
        "start": date(2024, 7, 1),
        "end": date(2024, 9, 30),
        "deliverable": "=1+1",
        "budget": 123456789.012345,
        "cadence": "weekly",
    },
    {"task": "b\\B %s :x ?", "budget": 0.1, "start": date(1900, 3, 1), "resources": "-"},
    {"task": "B\\b %S :x ?", "budget": -99999999999999.9},
]
STEPS = [
    {
        "as_of": date(2024, 8, 1),
        "task": "白皮书",
        "planned": 0.5,
        "actual": 0.45,
        "metric_target": 0.0,
    },
    {"as_of": date(2024, 8, 15), "task": "白皮书", "planned": 1 / 3, "actual": 1.0},
]
OUTCOME = [
    {
        "dimension": "result",
        "metric": "新增客户数",
        "unit": "家",
        "target": 50,
        "actual": 45,
        "attainment": 0.9,
    },
    {
        "dimension": "process",
        "metric": "线索转化率",
        "unit": "%",
        "target": 0.15,
        "actual": 0.12,
        "attainment": 0.8,
    },
]


BUDGET = [{"quarter": "q3", "project": "展会", "amount": 10.5, "share": 1.0}]
PAY = [{"member": "李娜", "sales_target": 100, "actual": 99.999999999999, "points": 7}]
SHEETS = [
    *(("goals", "tasks"), ("goals", "progress"), ("expansion", "outcome")),
    *(("plan", "budget"), ("plan", "incentives")),
]


@pytest.fixture
def url(database_url: str) -> str:
    return database_url


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'all.db'}"


def connected(url: str) -> sql.Connection:
    return sql.create_engine(url, poolclass=sql.NullPool).connect()


def ask(url: str, statement: str) -> list[tuple[Any, ...]]:
    with connected(url) as connection:
        return [tuple(row) for row in connection.execute(sql.text(statement))]


def everything(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in an order of its own."""
    with connected(url) as connection:
        metadata = sql.MetaData()
        metadata.reflect(connection)
        return {
            name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for name, table in metadata.tables.items()
        }


def quarter_of(
    teams: Sequence[str],
    period: Quarter,
    *,
    settings: Settings = SETTINGS,
    catalog: Catalog = CATALOG,
) -> Consolidation:
    books = []
    for team in teams:
        one = sent("goals", team, {"tasks": TASKS, "progress": STEPS}, period=period)
        one.sheets["tasks"].extra = {"备用": ["x", "", "y"]}
        books += [one, sent("expansion", team, {"outcome": OUTCOME}, period=period)]
        books.append(sent("plan", team, {"budget": BUDGET, "incentives": PAY}, period=period))
    return together(books, settings=settings, catalog=catalog, period=period)


Q3 = Quarter(2024, 3)


# Values


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_values_are_those_of_the_consolidated_workbook(url: str, tmp_path: Path, lang: str) -> None:
    found = quarter_of(["甲队", "乙队"], Q3)
    write_quarter(found, url, WHOLE)
    target = tmp_path / "consolidated.xlsx"
    write_consolidated(found, target, lang=lang)
    book = openpyxl.load_workbook(target, data_only=True)
    for name, sheet in SHEETS:
        rows = [*book[CATALOG[name].sheet(sheet).title[lang]].iter_rows(values_only=True)]
        keys = next(at for at, row in enumerate(rows) if "_team" in row)
        asked = f"SELECT column_name, view_column_{lang} FROM column_labels WHERE table_name = "
        labels = dict(ask(url, f"{asked}'{name}_{sheet}'"))
        own = [(at, labels[key]) for at, key in enumerate(rows[keys]) if key in labels]
        assert len(own) == len(CATALOG[name].sheet(sheet).columns) + len(ORIGIN) - 3
        wanted = [[plain(row[at]) for at, _ in own] for row in rows[keys + 2 :]]
        view = view_of(url, f"{name}_{sheet}", lang)
        got = [[plain(row[label]) for _, label in own] for row in view]
        assert sorted(got, key=repr) == sorted(wanted, key=repr)
        assert sorted(row[labels["_row"]] for row in view) == sorted(
            row[0] for row in rows[keys + 2 :]
        )


def view_of(url: str, name: str, lang: str) -> list[dict[str, Any]]:
    with connected(url) as connection:
        rows = connection.exec_driver_sql(f"SELECT * FROM v_{name}_{lang}")
        return [dict(row._mapping) for row in rows]


def plain(value: object) -> object:
    """Days as texts, which they are in SQLite; numbers as floats."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    return float(value) if isinstance(value, int) else value


def test_rows_say_where_they_came_from(url: str) -> None:
    one = sent("goals", "甲队", {"tasks": TASKS}, sha256="ab12")
    one.sheets["tasks"].extra = {"备用": ["x", "", "\x00y"]}
    write_quarter(together([one]), url, WHOLE)
    asked = "SELECT _quarter, _team, _period, _file, _sheet, _row, _sha256, _extra FROM goals_tasks"
    place = ("2024Q3", "甲队", "2024Q3", one.file, "任务分解")
    assert sorted(ask(url, asked), key=lambda row: row[5]) == [
        (*place, 10, "ab12", '{"备用":"x"}'),
        (*place, 11, "ab12", None),
        (*place, 12, "ab12", '{"备用":"␀y"}'),
    ]


def test_every_column_is_described(url: str) -> None:
    write_quarter(quarter_of(["甲队"], Q3), url, WHOLE)
    told = {
        row[:2]: row[2:]
        for row in ask(
            url, "SELECT table_name, column_name, kind, unit, label_zh, label_en FROM column_labels"
        )
    }
    hidden = {"_submission", "_place"}
    with connected(url) as connection:
        inspector = sql.inspect(connection)
        names = [one for one in inspector.get_table_names() if not one.startswith("xltools_")]
        found = {
            (name, column["name"])
            for name in names
            for column in inspector.get_columns(name)
            if column["name"] not in hidden and name != "column_labels"
        }
        assert found == set(told)
        views = set(inspector.get_view_names())
        tables = {name for name, _ in told}
        assert views == {f"v_{name}_{lang}" for name in tables for lang in ("zh", "en")}
    assert told["goals_tasks", "budget"] == ("number", "万元", "预算", "Budget")


def test_settings_are_kept_by_quarter(url: str) -> None:
    teams = (
        Team(
            team="甲队",
            lead="张伟",
            region="华东",
            workbooks=("goals",),
            former_names=("一队", "1队"),
        ),
    )
    settings = msgspec.structs.replace(
        SETTINGS,
        teams=teams,
        organisation="远航",
        deadline=date(2024, 10, 9),
        database="sqlite:///x",
        parameters={**SETTINGS.parameters, "at_risk": 0.75},
    )
    write_quarter(quarter_of(["甲队"], Q3, settings=settings), url, WHOLE)
    assert ask(url, "SELECT _quarter, organisation, deadline FROM settings_general") in (
        [("2024Q3", "远航", date(2024, 10, 9))],
        [("2024Q3", "远航", "2024-10-09")],
    )
    assert ask(
        url,
        "SELECT team, lead, workbooks, former_names FROM settings_teams".replace(
            "lead", quoted(url, "lead")
        ),
    ) == [("甲队", "张伟", "目标管理", "一队、1队")]
    assert ask(url, "SELECT value FROM settings_parameters WHERE name = 'at_risk'") == [(0.75,)]
    assert ask(url, "SELECT count(*) FROM metrics") == [(len(SETTINGS.metrics),)]


def quoted(url: str, name: str) -> str:
    return f"`{name}`" if url.startswith("mariadb") else f'"{name}"'


# Replacing


def test_a_second_run_of_the_same_changes_nothing(url: str) -> None:
    for _ in range(2):
        write_quarter(quarter_of(["甲队", "乙队"], Q3.shift(-1)), url, WHOLE)
    before = everything(url)
    assert len(before["goals_tasks"]) == 6
    write_quarter(
        quarter_of(["甲队", "乙队"], Q3.shift(-1)),
        url,
        WHOLE,
        {SCORES: [{"_team": "甲队", "score": 1.5}]},
    )
    write_quarter(quarter_of(["甲队", "乙队"], Q3.shift(-1)), url, WHOLE)
    after = everything(url)
    assert after.pop("scores") != before.pop("scores")
    assert after == before


def teams_in(url: str, table: str = "goals_tasks") -> list[tuple[str, int]]:
    return [
        (team, int(rows))
        for team, rows in sorted(
            ask(
                url, f"SELECT _team, count(*) FROM {table} WHERE _quarter = '2024Q3' GROUP BY _team"
            )
        )
    ]


def test_what_was_withdrawn_or_excluded_disappears(url: str) -> None:
    scores = {SCORES: [{"_team": team, "score": 80.5} for team in ("甲队", "乙队", "丙队")]}
    write_quarter(quarter_of(["甲队", "乙队", "丙队"], Q3), url, WHOLE, scores)
    write_quarter(quarter_of(["丙队"], Q3.shift(-1)), url, WHOLE)
    books = [
        sent("goals", "甲队", {"tasks": TASKS[:1]}),
        sent("goals", "乙队", {"tasks": TASKS}, excluded=True),
    ]
    books[1].issues = [issue(Code.TEAM_MISMATCH, file=books[1].file, value="丙队")]
    write_quarter(together(books), url, WHOLE)
    assert teams_in(url) == [("甲队", 1)]
    assert teams_in(url, "expansion_outcome") == []
    assert teams_in(url, "scores") == [("甲队", 1)]
    assert teams_in(url, "issues") == [("乙队", 1)]
    assert sorted(ask(url, "SELECT _team, verdict FROM submissions WHERE _quarter = '2024Q3'")) == [
        ("乙队", "excluded"),
        ("甲队", "fine"),
    ]
    assert ask(url, "SELECT count(*) FROM goals_tasks WHERE _quarter = '2024Q2'") == [(3,)]


def test_teams_that_are_named_are_replaced_alone(url: str) -> None:
    write_quarter(quarter_of(["甲队", "乙队"], Q3), url, WHOLE)
    write_quarter(
        together([sent("goals", "乙队", {"tasks": TASKS[:1]})]), url, Scope(True, ("乙队",))
    )
    assert teams_in(url) == [("乙队", 1), ("甲队", 3)]
    assert teams_in(url, "expansion_outcome") == [("甲队", 2)]


def test_figures_are_those_of_a_whole_quarter(url: str) -> None:
    whole = {SCORES: [{"_team": team, "score": 80.5, "ranking": 1} for team in ("甲队", "乙队")]}
    write_quarter(quarter_of(["甲队", "乙队"], Q3), url, WHOLE, whole)
    alone = {SCORES: [{"_team": "乙队", "score": 1, "ranking": 1}]}
    for scope in (Scope(True, ("乙队",)), Scope(False)):
        write_quarter(quarter_of(["乙队"], Q3), url, scope, alone)
        assert ask(url, "SELECT score FROM scores") == [(80.5,), (80.5,)]
    write_quarter(quarter_of(["乙队"], Q3), url, WHOLE, alone)
    assert ask(url, "SELECT score FROM scores") == [(1.0,)]


def test_single_workbooks_replace_what_they_are(url: str) -> None:
    write_quarter(quarter_of(["甲队", "乙队"], Q3), url, WHOLE)
    before = everything(url)
    one = sent("goals", "乙队", {"tasks": TASKS[:1]}, file="elsewhere/乙队.xlsx")
    for _ in range(2):
        write_quarter(together([one]), url, Scope(False))
        assert teams_in(url) == [("乙队", 1), ("甲队", 3)]
        assert teams_in(url, "expansion_outcome") == [("乙队", 2), ("甲队", 2)]
        assert teams_in(url, "submissions") == [("乙队", 3), ("甲队", 3)]
    write_quarter(quarter_of(["甲队", "乙队"], Q3), url, WHOLE)
    assert everything(url) == before


def test_who_owes_a_workbook_is_kept(url: str) -> None:
    settings = msgspec.structs.replace(
        SETTINGS, teams=tuple(Team(team=t, workbooks=("goals",)) for t in ("甲队", "乙队"))
    )
    write_quarter(
        together([sent("goals", "甲队", {"tasks": TASKS})], settings=settings), url, WHOLE
    )
    asked = "SELECT _team, workbook FROM submissions WHERE verdict = 'missing'"
    assert ask(url, asked) == [("乙队", "goals")]
    write_quarter(
        together([sent("goals", "乙队", {"tasks": TASKS})], settings=settings), url, Scope(False)
    )
    assert ask(url, asked) == []


# Versions


def changed(version: int = 2, sheet: str = "tasks", **columns: Any) -> Catalog:
    """Goals with other columns of tasks: None is gone; one that no column has is new."""
    goals = CATALOG["goals"]
    old = goals.sheet("tasks")
    kept = [columns.get(one.name, one) for one in old.columns]
    new = [one for name, one in columns.items() if name not in old.names]
    made = msgspec.structs.replace(
        old,
        name=sheet,
        was="tasks" if sheet != "tasks" else "",
        rules=(),
        carry=(),
        prefill=None,
        columns=tuple(one for one in (*kept, *new) if one is not None),
    )
    sheets = tuple(made if one is old else one for one in goals.sheets)
    now = msgspec.structs.replace(goals, sheets=sheets, version=version)
    return msgspec.structs.replace(CATALOG, definitions=CATALOG.definitions | {"goals": now})


TASK = CATALOG["goals"].sheet("tasks").column


def test_definitions_change_and_nothing_is_lost(url: str) -> None:
    write_quarter(quarter_of(["甲队"], Q3.shift(-1)), url, WHOLE)
    catalog = changed(
        resources=None,
        budget=msgspec.structs.replace(TASK("budget"), name="cost", was="budget"),
        deliverable=msgspec.structs.replace(TASK("deliverable"), kind="number"),
        channel=msgspec.structs.replace(
            TASK("resources"), name="channel", label=TASK("task").label
        ),
    )
    one = sent("goals", "甲队", {"tasks": TASKS})
    values = one.sheets["tasks"].columns
    values["cost"], values["channel"], values["deliverable"] = (
        [7.5, None, None],
        ["电话", "", None],
        [3.0, None, None],
    )
    write_quarter(together([one], catalog=catalog), url, WHOLE)
    asked = (
        "SELECT cost, resources, channel, deliverable, deliverable_was FROM goals_tasks"
        " WHERE _quarter = '{}' ORDER BY _place"
    )
    assert ask(url, asked.format("2024Q2")) == [
        (123456789.012345, None, None, None, "=1+1"),
        (0.1, "-", None, None, None),
        (-99999999999999.9, None, None, None, None),
    ]
    assert ask(url, asked.format("2024Q3"))[0] == (7.5, None, "电话", 3.0, None)
    assert ask(
        url,
        "SELECT column_name FROM column_labels WHERE removed = 1"
        " AND table_name = 'goals_tasks' ORDER BY column_name",
    ) == [("deliverable_was",), ("resources",)]
    view = view_of(url, "goals_tasks", "zh")[0]
    assert "任务名称 (2)" in view
    assert "所需资源" not in view
    (then,) = read_quarters(url, Q3.shift(-1), Q3, catalog=catalog, settings=SETTINGS)
    assert [*then.tables["goals", "tasks"]["cost"]] == [123456789.012345, 0.1, -99999999999999.9]


@pytest.mark.parametrize("again", [False, True])
def test_a_renamed_sheet_keeps_its_rows(url: str, again: bool) -> None:
    write_quarter(quarter_of(["甲队"], Q3.shift(-1)), url, WHOLE)
    catalog = changed(sheet="works")
    if again:
        write_quarter(
            together([sent("expansion", "甲队", {"outcome": OUTCOME})], catalog=catalog), url, WHOLE
        )
        assert ask(url, "SELECT count(*) FROM goals_works") == [(3,)]
        assert len(view_of(url, "goals_works", "zh")) == 3
    (then,) = read_quarters(url, Q3.shift(-1), Q3, catalog=catalog, settings=SETTINGS)
    assert [*then.tables["goals", "works"]["task"]] == [row["task"] for row in TASKS]
    assert extra_texts(then, "goals", "works", "备用") == ["x", "", "y"]
    assert ("goals", "tasks") not in then.tables


def test_a_name_that_passes_to_another_column_or_sheet_moves_no_values(url: str) -> None:
    write_quarter(quarter_of(["甲队"], Q3.shift(-1)), url, WHOLE)
    catalog = changed(
        resources=msgspec.structs.replace(TASK("resources"), was="milestone"),
        milestone=msgspec.structs.replace(TASK("milestone"), name="checkpoint", was="resources"),
    )
    write_quarter(together([sent("goals", "甲队", {})], catalog=catalog), url, WHOLE)
    asked = "SELECT resources, checkpoint, milestone FROM goals_tasks ORDER BY _place"
    assert ask(url, asked) == [(None, None, None), ("-", None, None), (None, None, None)]
    goals = catalog["goals"]
    kept = goals.sheet("tasks")
    new = msgspec.structs.replace(kept, name="works", was="tasks", title=goals.title)
    sheets = (*goals.sheets, new)
    catalog.definitions["goals"] = msgspec.structs.replace(goals, sheets=sheets, version=3)
    write_quarter(together([sent("goals", "甲队", {})], catalog=catalog), url, WHOLE)
    assert ask(url, "SELECT count(*) FROM goals_tasks") == [(3,)]
    assert ask(url, "SELECT count(*) FROM goals_works") == [(0,)]


def test_a_removed_sheet_is_kept_and_said_to_be_gone(url: str) -> None:
    write_quarter(quarter_of(["甲队"], Q3.shift(-1)), url, WHOLE)
    goals = CATALOG["goals"]
    sheets = tuple(one for one in goals.sheets if one.name != "progress")
    now = msgspec.structs.replace(goals, sheets=sheets, version=2)
    catalog = msgspec.structs.replace(CATALOG, definitions=CATALOG.definitions | {"goals": now})
    write_quarter(together([sent("goals", "甲队", {"tasks": TASKS})], catalog=catalog), url, WHOLE)
    assert ask(url, "SELECT count(*) FROM goals_progress") == [(2,)]
    assert len(view_of(url, "goals_progress", "en")) == 2
    asked = "SELECT DISTINCT removed FROM column_labels WHERE table_name = 'goals_{}'"
    assert ask(url, asked.format("progress")) == [(1,)]
    assert ask(url, asked.format("tasks")) == [(0,)]


def test_what_a_newer_version_wrote_is_refused(url: str) -> None:
    write_quarter(quarter_of(["甲队"], Q3, catalog=changed(version=3)), url, WHOLE)
    before = everything(url)
    with pytest.raises(DatabaseError) as older:
        write_quarter(quarter_of(["甲队"], Q3), url, WHOLE)
    assert (older.value.key, older.value.values) == (
        "database.newer_definition",
        {"name": "goals", "found": 3, "own": CATALOG["goals"].version},
    )
    with connected(url) as connection, connection.begin():
        connection.execute(
            sql.text(f"UPDATE xltools_about SET format = {FORMAT + 1}, program = '9.9'")
        )
    for attempt in (
        lambda: write_quarter(quarter_of(["甲队"], Q3), url, WHOLE),
        lambda: history(url, CATALOG),
        lambda: read_quarters(url, Q3, Q3.shift(1), catalog=CATALOG, settings=SETTINGS),
    ):
        with pytest.raises(DatabaseError) as newer:
            attempt()
        assert newer.value.key == "database.newer"
    assert everything(url)["goals_tasks"] == before["goals_tasks"]


def test_choices_that_settings_add_are_shown(url: str) -> None:
    for label in ("每季度", "每半年 'x' % :y"):
        catalog = CATALOG.with_choices({"cadence": (label,)})
        one = sent(
            "goals",
            "甲队",
            {"tasks": [{"task": "a", "cadence": label}, {"task": "b", "cadence": "weekly"}]},
        )
        write_quarter(together([one], catalog=catalog), url, WHOLE)
        shown = {row["任务名称"]: row["跟踪频率"] for row in view_of(url, "goals_tasks", "zh")}
        assert shown == {"a": label, "b": "每周"}


# Whole or not at all


DYING = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from xltools.database import write_quarter as room
from test_database import WHOLE, Q3, quarter_of
from submissions import sent, together
kept, calls = room.insert_rows, []
def dying(*arguments):
    kept(*arguments)
    calls.append(1)
    if len(calls) == 5:
        os.kill(os.getpid(), signal.SIGKILL)
room.insert_rows = dying
room.write_quarter(quarter_of(["丁队", "戊队"], Q3), {url!r}, WHOLE)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_run_that_is_killed_leaves_what_was_there(url: str) -> None:
    write_quarter(quarter_of(["甲队", "乙队"], Q3), url, WHOLE)
    before = everything(url)
    script = DYING.format(tests=str(Path(__file__).parent), url=url)
    killed = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)
    assert killed.returncode == -9, killed.stderr.decode()
    assert everything(url) == before
    write_quarter(quarter_of(["丁队"], Q3), url, WHOLE)
    assert teams_in(url) == [("丁队", 3)]


def test_two_runs_at_once_do_not_mix(url: str) -> None:
    found = {team: quarter_of([f"{team}{n}" for n in range(8)], Q3) for team in ("甲", "乙")}
    other = quarter_of(["丙"], Q3.shift(-1))
    start = Barrier(3)

    def run(one: Consolidation) -> None:
        start.wait()
        write_quarter(one, url, WHOLE)

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(run, one) for one in (*found.values(), other)]:
            done.result()
    teams = teams_in(url)
    assert len(teams) == 8
    assert len({team[0] for team, _ in teams}) == 1
    assert {team for team, _ in teams_in(url, "expansion_outcome")} == {team for team, _ in teams}
    assert ask(url, "SELECT count(*) FROM goals_tasks WHERE _quarter = '2024Q2'") == [(3,)]


# Reading back


def test_eight_quarters_come_back_as_they_were(url: str) -> None:
    """Definitions change after the third and the sixth quarter."""
    first = Quarter(2022, 4)
    later = changed(budget=msgspec.structs.replace(TASK("budget"), name="cost", was="budget"))
    last = changed(
        version=3,
        resources=None,
        budget=msgspec.structs.replace(TASK("budget"), name="cost", was="budget"),
    )
    catalogs = [CATALOG] * 3 + [later] * 3 + [last] * 2
    quarters = [
        quarter_of([f"团队{n}" for n in range(number + 1)], first.shift(number), catalog=catalog)
        for number, catalog in enumerate(catalogs)
    ]
    for one in quarters:
        write_quarter(one, url, WHOLE)
    told = history(url, last)
    assert told.quarters == tuple(str(first.shift(n)) for n in range(8))
    assert [len(one.teams) for one in told.held if one.workbook == "goals"] == [*range(1, 9)]
    found = read_quarters(url, first, first.shift(8), catalog=last, settings=SETTINGS)
    assert [str(one.period) for one in found] == list(told.quarters)
    for number, one in enumerate(found):
        wanted = quarters[number]
        assert one.tables.keys() == wanted.tables.keys()
        for key, table in one.tables.items():
            renamed = {"budget": "cost"} if key == ("goals", "tasks") and number < 3 else {}
            then = wanted.tables[key].rename(columns=renamed)
            assert_frame_equal(table, then[table.columns])
        assert wanted.stored is not None
        assert one.stored is not None
        for key, counted in wanted.stored.counted.items():
            assert one.stored.counted[key].headers == counted.headers
            for header in counted.headers:
                assert extra_texts(one, *key, header) == extra_texts(wanted, *key, header)
        assert [sent.issues for sent in one.submissions] == [s.issues for s in wanted.submissions]
        assert [sent.team for sent in one.submissions] == [s.team for s in wanted.submissions]


# Faults


def refused(url: str) -> str:
    with pytest.raises(DatabaseError) as fault:
        write_quarter(quarter_of(["甲队"], Q3), url, WHOLE)
    assert fault.value.exit_code == 3
    said = sentence_of(fault.value)
    assert "s3cret" not in said + repr(fault.value)
    assert fault.value.__cause__ is None
    return said


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite://", "sqlite://"),
        ("all.db", "all.db"),
        ("analyst:s3cret@host/db", "…"),
        ("postgresql+psycopg://analyst:s3cret", "postgresql+psycopg://…"),
        ("nosuch://analyst:s3cret@host/db", "nosuch://host/db"),
        ("sqlite:////no/such/folder/all.db", "/no/such/folder/all.db"),
        ("postgresql+psycopg://u:s3cret@127.0.0.1:1/db?connect_timeout=2", "127.0.0.1:1/db"),
        ("mysql+pymysql://u:s3cret@127.0.0.1:1/db", "127.0.0.1:1/db"),
        ("mysql+mysqldb://u:s3cret@127.0.0.1:1/db", "MySQLdb"),
    ],
)
def test_what_is_no_database_is_one_sentence(url: str, shown: str) -> None:
    said = refused(url)
    assert shown in said
    assert "\n" not in said


def test_a_file_that_is_no_database_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("nothing of a database" * 100)
    refused(f"sqlite:///{path}")
    assert path.read_text() == "nothing of a database" * 100


@pytest.mark.skipif(os.name == "nt", reason="files have no limit there")
def test_a_full_disk_leaves_what_was_there(tmp_path: Path, file_url: str) -> None:
    write_quarter(quarter_of(["甲队"], Q3), file_url, WHOLE)
    before = everything(file_url)
    script = f"""
import resource, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_database import *
many = quarter_of([f"团队{{n}}" for n in range(300)], Q3)
size = Path({str(tmp_path / "all.db")!r}).stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 50_000, size + 50_000))
try:
    write_quarter(many, {file_url!r}, WHOLE)
except DatabaseError as fault:
    print(fault.key)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    assert done.stdout == "database.write\n", done.stderr
    assert everything(file_url) == before


def test_a_wrong_password_or_no_rights_is_one_sentence(url: str) -> None:
    if url.startswith("sqlite"):
        pytest.skip("files have no users")
    write_quarter(quarter_of(["甲队"], Q3), url, WHOLE)
    before = everything(url)
    parsed = sql.make_url(url)
    wrong = parsed.set(password="s3cret-wrong").render_as_string(hide_password=False)
    assert "127.0.0.1" in refused(wrong)
    with connected(url) as connection, connection.begin():
        for statement in reader(parsed):
            connection.exec_driver_sql(statement)
    weak = parsed.set(username="weak", password="s3cret-weak").render_as_string(hide_password=False)
    assert "127.0.0.1" in refused(weak)
    assert everything(url) == before
    assert history(weak, CATALOG).quarters == ("2024Q3",)


def reader(url: sql.URL) -> list[str]:
    if url.get_backend_name() == "postgresql":
        make = (
            "DO $$ BEGIN CREATE ROLE weak LOGIN PASSWORD 's3cret-weak';"
            " EXCEPTION WHEN duplicate_object THEN NULL; END $$"
        )
        return [make, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO weak"]
    make = "CREATE USER IF NOT EXISTS 'weak'@'127.0.0.1' IDENTIFIED BY 's3cret-weak'"
    return [make, f"GRANT SELECT ON {url.database}.* TO 'weak'@'127.0.0.1'"]


def test_a_connection_that_is_lost_leaves_what_was_there(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if url.startswith("sqlite"):
        pytest.skip("there is no connection to lose")
    write_quarter(quarter_of(["甲队"], Q3), url, WHOLE)
    before = everything(url)
    kept, calls = room.insert_rows, []

    def losing(connection: sql.Connection, *arguments: Any) -> None:
        kept(connection, *arguments)
        calls.append(1)
        if len(calls) == 4:
            postgres = url.startswith("postgresql")
            own = connection.exec_driver_sql(
                "SELECT pg_backend_pid()" if postgres else "SELECT CONNECTION_ID()"
            ).scalar()
            with connected(url) as other:
                other.exec_driver_sql(
                    f"SELECT pg_terminate_backend({own})" if postgres else f"KILL {own}"
                )

    monkeypatch.setattr(room, "insert_rows", losing)
    said = refused(url)
    assert len(calls) >= 4
    assert "127.0.0.1" in said
    monkeypatch.undo()
    assert everything(url) == before


def test_a_password_may_come_from_the_environment_or_a_file(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if url.startswith("sqlite"):
        pytest.skip("files have no passwords")
    parsed = sql.make_url(url)
    bare = sql.URL.create(
        parsed.drivername, parsed.username, None, parsed.host, parsed.port, parsed.database
    ).render_as_string()
    refused(bare)
    monkeypatch.setenv("XLTOOLS_DATABASE_PASSWORD", str(parsed.password))
    write_quarter(quarter_of(["甲队"], Q3), bare, WHOLE)
    monkeypatch.delenv("XLTOOLS_DATABASE_PASSWORD")
    monkeypatch.setenv("XLTOOLS_DATABASE_PASSWORD_FILE", str(tmp_path / "none"))
    assert "none" in refused(bare)
    (tmp_path / "secret").write_text(f"{parsed.password}\n", "utf-8")
    monkeypatch.setenv("XLTOOLS_DATABASE_PASSWORD_FILE", str(tmp_path / "secret"))
    assert history(bare, CATALOG).quarters == ("2024Q3",)


def test_nothing_is_read_where_nothing_was_written(tmp_path: Path, file_url: str) -> None:
    with pytest.raises(DatabaseError) as missing:
        history(file_url, CATALOG)
    assert missing.value.key == "database.missing"
    assert not (tmp_path / "all.db").exists()
    with connected(file_url) as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE other (x INTEGER)")
    with pytest.raises(DatabaseError) as strange:
        history(file_url, CATALOG)
    assert strange.value.key == "database.strange"


def test_long_names_are_cut_alike_for_every_database() -> None:
    long = "维" * 40
    assert len(short(long).encode()) <= 63
    assert short(long) != short(long + "度")
    assert short("goals_tasks") == "goals_tasks"
