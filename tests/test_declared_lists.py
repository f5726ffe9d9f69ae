"""Lists in a live order, texts above them and wide blocks, as definitions of one's own declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from live import by_ironcalc, differing, formulas, lines, stored
from own_pages import catalog
from quarter import known_teams, quarter
from test_evaluate_live import ALL

from xltools.cli.shared.call_mistakes import sentence_of
from xltools.cli.shared.run_language import choose
from xltools.definition import Catalog, load_catalog
from xltools.definition.evaluation_model import MADE
from xltools.errors import DefinitionError
from xltools.evaluate import evaluate
from xltools.evaluate.evaluation_workbook import _derive, _model
from xltools.evaluate.team_page_books import team_targets, write_team_workbooks
from xltools.ground.shipped import shipped

HEAD = """
name = "my"
version = 1
title = { zh = "我的", en = "Mine" }
about = { zh = "我的", en = "Mine" }

[lists.state]
open = { zh = "处理中", en = "Open" }
closed = { zh = "已关闭", en = "Closed" }

[[sheets]]
name = "cases"
title = { zh = "登记", en = "Cases" }
about = { zh = "一行一件。", en = "One case a row." }
columns = [
  { name = "customer", label = { zh = "客户", en = "Customer" }, kind = "text" },
  { name = "received", label = { zh = "收到", en = "Received" }, kind = "date" },
  { name = "state", label = { zh = "状态", en = "State" }, kind = "choice", choices = "state" },
  { name = "owner", label = { zh = "负责人", en = "Owner" }, kind = "person" },
  { name = "amount", label = { zh = "金额", en = "Amount" }, kind = "number" },
  EXTRA
]

[[sheets]]
name = "more"
title = { zh = "另外", en = "More" }
about = { zh = "一行一件。", en = "One a row." }
columns = [{ name = "x", label = { zh = "数", en = "X" }, kind = "number" }]

[[summaries]]
name = "by_owner"
title = { zh = "负责人", en = "Owners" }
from = "cases"
by = ["owner"]
columns = [
  { name = "sum", label = { zh = "合计", en = "Sum" }, compute = "coalesce(total(amount), 0)" },
  { name = "of", label = { zh = "件", en = "Of" }, each = "state", compute = "count(customer)" },
]
"""
QUARTERLY = """
[[summaries]]
name = "by_quarter"
title = { zh = "各季", en = "Quarters" }
from = "cases"
by = ["period"]
columns = [{ name = "n", label = { zh = "件", en = "N" }, compute = "count(customer)" }]
"""
PAGE = """
[[pages]]
name = "mine"
title = { zh = "我的页", en = "My page" }
about = { zh = "我的", en = "Mine" }

[[pages.blocks]]
"""
ROWS: list[dict[str, Any]] = [
    {"customer": "a", "received": "2024-07-03", "state": "open", "owner": "X", "amount": 5},
    {"customer": "b", "received": None, "state": "open", "owner": "Y", "amount": None},
    {"customer": "c", "received": "2024-07-01", "state": "closed", "owner": "X", "amount": 5},
    {"customer": "d", "received": "2024-08-01", "state": "open", "owner": "Z", "amount": 9},
]
Rows = Sequence[Mapping[str, Any]]
Listed = Callable[..., list[list[Any]]]


def known(folder: Path, body: str, extra: str = "") -> Catalog:
    return catalog(folder / "templates", "my", HEAD.replace("EXTRA", extra) + body)


def column(name: str, kind: str) -> str:
    return f'{{ name = "{name}", label = {{ zh = "自", en = "Own" }}, kind = "{kind}" }},'


@pytest.fixture
def listed(tmp_path: Path) -> Listed:
    """The lines of a page below the header of a list; every formula gives its stored value."""

    def made(
        body: str,
        rows: Rows = ROWS,
        *,
        extra: str = "",
        before: Rows = (),
        title: str = "My page",
        head: str = "Customer",
    ) -> list[list[Any]]:
        definitions = known(tmp_path, body, extra)
        teams = known_teams("A")

        def of(period: str, given: Rows) -> Any:
            mine = {("my", "cases"): [{"team": "A", **row} for row in given]}
            return quarter(mine, period=period, teams=teams, catalog=definitions, lang="en")

        path = tmp_path / "e.xlsx"
        previous = [of("2024Q2", before)] if before else []
        evaluate(of("2024Q3", rows), path, previous=previous, lang="en", force=True)
        cells = formulas(path)
        assert differing(stored(path), by_ironcalc(path, cells), cells) == []
        shown = lines(path, title)
        return shown[next(n for n, row in enumerate(shown) if head in row) + 1 :]

    return made


def firsts(rows: Sequence[Sequence[Any]], count: int, place: int = 0) -> list[Any]:
    return [row[place] for row in rows[:count]]


def first(order: str, most: int, columns: str, more: str = "") -> str:
    return (
        f'table = {{ of = "cases", order = "{order}", most = {most}, columns = [{columns}]{more} }}'
    )


def test_rows_without_a_number_or_a_day_come_last(listed: Listed) -> None:
    for order, expected in (
        ("amount", ["d", "a", "c", "b"]),
        ("-amount", ["a", "c", "d", "b"]),
        ("-received", ["c", "a", "d", "b"]),
        ("received", ["d", "a", "c", "b"]),
    ):
        rows = listed(PAGE + first(order, 9, '"customer", "amount"'))
        assert firsts(rows, 4) == expected, order


@pytest.mark.parametrize("name", ["key", "line", "place", "row", "link", "quarters_ago", "source"])
@pytest.mark.parametrize("kind", ["number", "text"])
def test_a_list_shows_the_column_that_the_definition_means(
    name: str, kind: str, listed: Listed
) -> None:
    values = [20000, 7, 7, 19999] if kind == "number" else ["p", "q", "q", "r"]
    rows = [{**row, name: value} for row, value in zip(ROWS, values, strict=True)]
    old = [{**row, name: value, "customer": "old"} for row, value in zip(ROWS, values, strict=True)]
    body = QUARTERLY + PAGE + first("amount", 5, f'"customer", "{name}"')
    shown = listed(body, rows, extra=column(name, kind), before=old)
    places = (3, 0, 2, 1)
    assert firsts(shown, 4) == ["d", "a", "c", "b"]
    assert [row for row in firsts(shown, 4, 1) if row] == [values[place] for place in places]


def test_settled_rows_are_left_out_and_the_rest_is_told(listed: Listed) -> None:
    settled = ', settled = "state == choices.state.closed"'
    shown = listed(PAGE + first("amount", 2, '"customer"', settled))
    assert firsts(shown, 2) == ["d", "a"]
    assert "1 more row on the data sheet" in str(shown[2])


def test_sparks_choices_and_summaries_stand_in_a_live_order(listed: Listed) -> None:
    spark = '"customer", { name = "s", label = { zh = "图", en = "S" }, spark = ["amount"] }'
    assert firsts(listed(PAGE + first("amount", 2, spark)), 2) == ["d", "a"]
    by_owner = 'table = { of = "by_owner", settled = "sum == 0", '
    live = by_owner + 'order = "sum", most = 2, columns = ["owner", "of", "sum"] }'
    shown = listed(PAGE + live, head="Owner")
    assert [row[:4] for row in shown[:2]] == [["X", 1, 1, 10], ["Z", 1, 0, 9]]
    standing = listed(PAGE + by_owner + 'columns = ["owner", "sum"] }', head="Owner")
    assert firsts(standing, 3) == ["X", "Z", "Y"]


def test_a_text_may_stand_above_what_a_page_shows(listed: Listed) -> None:
    text = 'text = { zh = "看", en = "Look here" }\npage = "mine"\n'
    shown = listed(PAGE + text + first("amount", 2, '"customer"'), head="Look here")
    assert firsts(shown[1:], 2) == ["d", "a"]


def test_a_wide_block_has_the_first_page_to_itself(listed: Listed) -> None:
    owners = [{**row, "owner": f"P{n}"} for n, row in enumerate(ROWS * 4)]
    blocks = "".join(
        f'[[overview]]\ntitle = {{ zh = "{n}", en = "{n}" }}\n'
        'matrix = { of = "cases", rows = "team", columns = "owner", value = "count(customer)", '
        'total = { zh = "计", en = "All" } }\n'
        for n in (1, 2)
    )
    head = listed("\n" + blocks, owners, title="Overview", head="1")
    assert [name for name in head[0] if name] == [
        "Team",
        *(f"P{n}" for n in range(12)),
        "All",
        "Row",
    ]


def test_the_page_of_a_team_holds_what_its_texts_count(tmp_path: Path) -> None:
    body = """
[[team_lists]]
title = { zh = "列", en = "Listed" }
text = { zh = "另有 {x} 行，共 {sum}", en = "{x} more rows, {sum} in all" }
figures = { x = { value = "count(more.x)" }, sum = { value = "total(by_owner.sum)" } }
table = { of = "cases", order = "amount", most = 2, columns = ["customer"] }
"""
    rows = {("my", "cases"): [{"team": "A", **row} for row in ROWS]}
    rows["my", "more"] = [{"team": "A", "x": n} for n in (1, 2, 3)]
    whole = quarter(rows, teams=known_teams("A"), catalog=known(tmp_path, body), lang="en")
    targets = team_targets(whole, tmp_path / "teams")
    (tmp_path / "teams").mkdir()
    write_team_workbooks(whole, targets, lang="en")
    said = [cell for row in lines(targets["A"], "A") for cell in row]
    assert "3 more rows, 19 in all" in said


LOOK = '[[overview]]\ntext = { zh = "看", en = "Look" }\n'
MISTAKES = {
    '[[overview]]\npage = "mine"\n' + first("amount", 2, '"customer"'): (
        "overview.1: the key “text” is missing"
    ),
    LOOK + 'page = "mein"\n': ("overview.1.page: there is no “mein”"),
    LOOK + 'beside = [{ text = { zh = "a", en = "a" } }]\n': "at overview.1: a block holds",
    PAGE + first("amount", -2, '"customer"'): "“-2” is not allowed",
    PAGE + first("amount", 2, '{ name = "amount", digits = 30 }'): "“30” is not allowed",
    PAGE + first("amount", 2, '"customer", "customer"'): "customer",
    PAGE + 'table = { of = "by_owner", settled = "of == 1", columns = ["owner"] }': "“of”",
    PAGE + 'table = { of = "nope", settled = "x == 1", columns = ["owner"] }': "there is no “nope”",
}


@pytest.mark.parametrize("body", MISTAKES)
def test_mistakes_in_lists_are_found_when_the_definition_is_read(body: str, tmp_path: Path) -> None:
    choose(["--lang", "en"])
    with pytest.raises(DefinitionError) as caught:
        known(tmp_path, "\n" + body)
    assert MISTAKES[body] in sentence_of(caught.value)


def test_a_table_of_a_copy_that_lacks_it_is_left_out(tmp_path: Path) -> None:
    body = PAGE + 'table = { of = "expansion.nope", settled = "x == 1", columns = ["a"] }'
    rows = {("my", "cases"): [{"team": "A", **row} for row in ROWS]}
    whole = quarter(rows, teams=known_teams("A"), catalog=known(tmp_path, body), lang="en")
    report = evaluate(whole, tmp_path / "e.xlsx", lang="en")
    assert "My page" in dict(report.left_out)


def test_a_made_table_has_the_columns_that_the_program_makes(tmp_path: Path) -> None:
    text = (shipped("templates") / "plan.toml").read_text("utf-8")
    text = text.replace('{ name = "number", label', '{ name = "nmber", label', 1)
    (tmp_path / "plan.toml").write_text(text, "utf-8")
    choose(["--lang", "en"])
    with pytest.raises(DefinitionError) as caught:
        load_catalog(tmp_path)
    assert "drivers.columns: there is no “nmber”; did you mean “number”?" in sentence_of(
        caught.value
    )


def test_made_tables_are_known_with_the_columns_that_are_made() -> None:
    model = _model(quarter(ALL), (), Path("a.xlsx"), None, "zh")
    _derive(model)
    for name, columns in MADE.items():
        assert set(columns) <= model.derived[name].columns.keys(), name
