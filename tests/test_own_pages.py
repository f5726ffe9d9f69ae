"""Pages that a definition declares: live in LibreOffice, right by pandas, refused well."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from blank_books import header_columns, opened, typed
from conftest import Office
from live import differing, formulas, stored
from own_pages import (
    FIVE,
    SILENT,
    SUPPLIERS,
    cases,
    catalog,
    complaint_quarter,
    complaints,
    supplier_quarter,
)
from quarter import quarter
from shown import FOLDED, Shown

from xltools import verbs
from xltools.cli.shared.call_mistakes import sentence_of
from xltools.cli.shared.run_language import choose
from xltools.definition import load_catalog
from xltools.definition.evaluation_model import SPECIAL
from xltools.errors import DefinitionError
from xltools.evaluate import evaluate
from xltools.evaluate.pages import PAGES
from xltools.expressions import verify

SEED = 4


def evaluated(tmp_path: Path, lang: str = "zh") -> Path:
    known = catalog(tmp_path / "templates", "complaints", complaints())
    now, then = (complaint_quarter(known, one, SEED, lang) for one in ("2024Q3", "2024Q2"))
    target = tmp_path / f"evaluation-{lang}.xlsx"
    report = evaluate(now, target, previous=[then], lang=lang)
    assert report.pages[-1] == ("客户投诉" if lang == "zh" else "Complaints")
    return target


def frame(period: str) -> pd.DataFrame:
    rows = pd.DataFrame(cases(period, SEED))
    rows["who"] = rows.owner.str.casefold()
    days = pd.to_datetime(rows.closed) - pd.to_datetime(rows.received)
    return rows.assign(days=days.dt.days, open=rows.state == "open")


def half_up(value: float, digits: int) -> float:
    return float(int(value * 10**digits + 0.5 + 1e-9) / 10**digits)


@pytest.mark.libreoffice
def test_the_page_of_the_guide_is_live_in_both_languages(tmp_path: Path, office: Office) -> None:
    made = [evaluated(tmp_path, lang) for lang in ("zh", "en")]
    for path, after in zip(made, office.recalculated(made), strict=True):
        cells = formulas(path)
        assert len(cells) > 500
        assert differing(stored(path), stored(after), cells) == []


def test_every_figure_of_the_guides_page_is_what_pandas_computes(tmp_path: Path) -> None:
    page = Shown(evaluated(tmp_path))
    now, then = frame("2024Q3"), frame("2024Q2")
    by_owner = page.list("客户投诉", "负责人", "团队", "件数")
    groups = now.groupby(["team", "who"], sort=False)
    order = {team: place for place, team in enumerate(FIVE)}
    first = {who: place for place, who in enumerate(dict.fromkeys(now.who))}
    expected = sorted(groups, key=lambda one: (-len(one[1]), order[one[0][0]], first[one[0][1]]))
    assert len(expected) > 12
    for line, (key, mine) in zip(by_owner[:12], expected, strict=False):
        (team, who), before = key, then[(then.team == key[0]) & (then.who == key[1])]
        assert (line["团队"], line["负责人"].casefold(), line["件数"]) == (team, who, len(mine))
        assert line["处理中"] == mine.open.sum()
        assert line["关闭率"] == pytest.approx(1 - mine.open.mean(), abs=1e-6)
        mean = mine.days.mean()
        assert line["平均天数 (天)"] == (None if pd.isna(mean) else half_up(mean, 1))
        assert line["上季件数"] == len(before)
    rest = pd.concat([mine for _, mine in expected[12:]])
    others, total = by_owner[12:]
    assert (others["负责人"], others["件数"], others["处理中"]) == (
        "其余",
        len(rest),
        rest.open.sum(),
    )
    assert (total["负责人"], total["件数"], total["处理中"]) == ("合计", len(now), now.open.sum())
    assert total["关闭率"] == pytest.approx(1 - now.open.mean(), abs=1e-6)
    matrix = page.list("客户投诉", "团队", "处理中", "已关闭")
    assert [line["团队"] for line in matrix] == [*FIVE, "合计"]
    for line in matrix:
        mine = now if line["团队"] == "合计" else now[now.team == line["团队"]]
        shown = [line["处理中"] or 0, line["已关闭"] or 0, line["合计"]]
        assert shown == [mine.open.sum(), (~mine.open).sum(), len(mine)]
    listed = page.list("客户投诉", "客户", "团队", "负责人", "收到日期")
    assert len(listed) == len(now)


def test_cards_compare_like_with_like_and_say_how_many_teams_they_are_of(tmp_path: Path) -> None:
    path = evaluated(tmp_path)
    now, then = frame("2024Q3"), frame("2024Q2")
    alike = now[now.team.isin(FIVE[1:])]  # the first team sent nothing last quarter
    lines = Shown(path).lines("客户投诉")
    labels = next(row for row in lines if "投诉件数" in map(str, row))
    values, notes = (lines[lines.index(labels) + step] for step in (1, 2))
    cases_at, closed_at, days_at = (
        next(n for n, one in enumerate(labels) if str(one or "").startswith(word))
        for word in ("投诉件数", "关闭率", "平均处理天数")
    )
    assert values[cases_at] == len(now)
    assert notes[cases_at] == f"较上季 {len(alike) - len(then):+d}（4 队） · 5 / 6 队"
    closed = 1 - now.open.mean()
    assert values[closed_at] == pytest.approx(closed, abs=1e-6)
    points = half_up(1 - alike.open.mean(), 6) - half_up(1 - then.open.mean(), 6)
    assert notes[closed_at].startswith("▼ 目标 90.0%")
    assert f"较上季 {points * 100:+.1f} 个百分点（4 队）" in notes[closed_at]
    assert values[days_at] == half_up(now.days.mean(), 1)
    card = Shown(path).card("投诉件数")
    assert card == (values[cases_at], notes[cases_at])
    sentence = next(str(row[0]) for row in lines if row and str(row[0]).startswith("收到 "))
    longest = int(now.days.max())
    assert sentence == f"收到 {len(now)} 件，{now.open.sum()} 件还在处理；最久的用了 {longest} 天。"


def test_the_oldest_open_cases_stand_on_the_first_page(tmp_path: Path) -> None:
    page, now = Shown(evaluated(tmp_path)), frame("2024Q3")
    listed = page.list("总览", "客户", "团队", "负责人", "收到日期")
    oldest = now[now.open].sort_values("received", kind="stable")[:3]
    days = [date(1899, 12, 30) + timedelta(line["收到日期"]) for line in listed]
    assert list(map(str, days)) == list(oldest.received)
    assert [line["团队"] for line in listed] == list(oldest.team)
    told = [cell for row in page.lines("总览") for cell in row]
    assert "团队排名" not in told  # nobody has a score
    assert f"{now.open.sum()} 件还在处理，先列收到最早的" in told


def test_without_an_earlier_quarter_nothing_is_compared(tmp_path: Path, office: Office) -> None:
    known = catalog(tmp_path / "templates", "complaints", complaints())
    path = tmp_path / "alone.xlsx"
    evaluate(complaint_quarter(known, "2024Q3", SEED), path)
    assert {line["上季件数"] for line in Shown(path).list("客户投诉", "负责人", "件数")} == {None}
    [after] = office.recalculated([path])
    assert differing(stored(path), stored(after), formulas(path)) == []


def test_a_page_whose_sheet_nobody_sent_is_left_out_and_the_overview_says_so(
    tmp_path: Path,
) -> None:
    known = catalog(tmp_path / "templates", "complaints", complaints())
    path = tmp_path / "none.xlsx"
    report = evaluate(quarter({}, missing=[(SILENT, "complaints")], catalog=known), path)
    assert ("客户投诉", "没有团队填写：客户投诉 · 投诉登记") in report.left_out
    said = [str(cell) for row in Shown(path).lines("总览") for cell in row]
    assert any(one.startswith("没有数据的页") for one in said)


MISTAKES = {
    'state=choices.state.open)" },\n  { name = "closed_share"': (
        'stat=choices.state.open)" },\n  { name = "closed_share"',
        "summaries.by_owner.open: Character 17: there is no column “stat”; did you mean “state”?",
    ),
    'from = "cases"\nby = ["team", "owner"]': (
        'from = "case"\nby = ["team", "owner"]',
        "at summaries.by_owner.from: there is no “case”; did you mean “cases”?",
    ),
    'by = ["team", "owner"]': (
        'by = ["team", "ownr"]',
        "at summaries.by_owner.by: there is no “ownr”; did you mean “owner”?",
    ),
    'order = "cases"\nmost': (
        'order = "casses"\nmost',
        "at summaries.by_owner.order: there is no “casses”; did you mean “cases”?",
    ),
    'of = "by_owner", columns': (
        'of = "by_owners", columns',
        "there is no “by_owners”; did you mean “by_owner”?",
    ),
    'order = "received", settled': (
        'order = "received", tree = "owner", settled',
        "there is no “owner”; allowed: -",
    ),
    'kind = "integer", compute = "count(customer)" },\n  { name = "open"': (
        'kind = "integer" },\n  { name = "open"',
        "at summaries.by_owner.cases: the key “compute” is missing",
    ),
    '[[summaries]]\nname = "by_owner"': (
        (
            '[[tables]]\nname = "ours"\ntitle = { zh = "我", en = "Ours" }\ncolumns = []\n'
            'about = { zh = "我", en = "Ours" }\n\n[[summaries]]\nname = "by_owner"'
        ),
        "at tables: there is no “ours”",
    ),
    'values = ["closed", "open"]': (
        'values = ["closed", "opn"]',
        "there is no “opn”; did you mean “open”?",
    ),
    'columns = "state", value': (
        'columns = "received", value',
        "the columns of a matrix are the choices of a list, or names that teams write",
    ),
    'kind = "stacked"': ('kind = "pie"', "“pie” is not allowed; please use one of: bar / column"),
    "{longest} 天": ("{longst} 天", "there is no “longst”; did you mean “longest”?"),
    "highest(cases.days)": (
        "highest(case.days)",
        "Character 9: there is no sheet “case”; did you mean “cases”?",
    ),
    "previous(cases)": (
        "previous(total(by_team.open))",
        "Character 24: of earlier quarters there are the rows of sheets only, not “by_team”",
    ),
    "ratio(cases - open, cases)": (
        "ratio(closed_share, cases)",
        "These columns need each other and cannot be computed",
    ),
    'table = { of = "by_owner"': (
        'chart = { kind = "bar", of = "by_owner", values = [] }\ntable = { of = "by_owner"',
        "exactly one",
    ),
    'page = "complaints"': ('page = "complaint"', "no “complaint”; did you mean “complaints”?"),
    "most = 12": ("most = 12\nevery = true", "every needs by to be one column of choices"),
    'name = "days", label = { zh = "平均天数"': (
        'name = "label", label = { zh = "平均天数"',
        "the evaluation has a column “label” of its own",
    ),
    'basis = "lower"': ('basis = "low"', "“low” is not allowed; please use one of: higher / lower"),
    '"customer", "team", "owner", { name = "state"': (
        '"customer", "team", "id", { name = "state"',
        "there is no “id”",
    ),
    'name = "complaints"\ntitle = { zh = "客户投诉", en = "Complaints" }\nabout = { zh = "收到': (
        'name = "overview"\ntitle = { zh = "客户投诉", en = "Complaints" }\nabout = { zh = "收到',
        "the evaluation has a page “overview” already",
    ),
    "beside = [": ("besides = [", "there is no key “besides”; did you mean “beside”?"),
}


@pytest.mark.parametrize("right", MISTAKES)
def test_a_mistake_is_found_when_the_definition_is_read(right: str, tmp_path: Path) -> None:
    wrong, told = MISTAKES[right]
    text = complaints("en")
    assert right in text
    (tmp_path / "complaints.toml").write_text(text.replace(right, wrong, 1), "utf-8")
    with pytest.raises(DefinitionError) as caught:
        verify(load_catalog(tmp_path))
    choose(["--lang", "en"])
    said = sentence_of(caught.value)
    assert told in said
    assert "complaints" in said


def test_no_definition_may_declare_a_page_that_is_special() -> None:
    assert sorted(page.name for page in PAGES) == sorted(SPECIAL)


def test_what_only_the_evaluation_has_is_refused_elsewhere(tmp_path: Path) -> None:
    text = complaints().replace("days(received, closed)", "days(received, closed) + rank(days)")
    (tmp_path / "complaints.toml").write_text(text, "utf-8")
    with pytest.raises(DefinitionError) as caught:
        verify(load_catalog(tmp_path))
    choose(["--lang", "en"])
    assert "rank can be used in the evaluation only" in sentence_of(caught.value)


# Another domain


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The reviews of suppliers, a year before beside them, in both languages."""
    folder = tmp_path_factory.mktemp("suppliers")
    known = catalog(folder / "templates", "suppliers", SUPPLIERS)
    made = {}
    for lang in ("zh", "en"):
        made[lang] = folder / f"{lang}.xlsx"
        now, then = (supplier_quarter(known, one, lang) for one in ("2024Q3", "2023Q3"))
        evaluate(now, made[lang], previous=[then], lang=lang)
    return made


def sheet_of(period: str, sheet: str) -> pd.DataFrame:
    known = catalog_of_suppliers()
    table = supplier_quarter(known, period).table("suppliers", sheet)
    return table.assign(who=table.supplier.str.strip().str.casefold())


def catalog_of_suppliers() -> Any:
    with TemporaryDirectory() as folder:
        return catalog(Path(folder), "suppliers", SUPPLIERS)


@pytest.mark.libreoffice
def test_every_kind_of_block_is_live(reviews: dict[str, Path], office: Office) -> None:
    made = list(reviews.values())
    for path, after in zip(made, office.recalculated(made), strict=True):
        assert differing(stored(path), stored(after), formulas(path)) == []


def test_a_summary_is_ordered_cut_and_compared_with_last_year(reviews: dict[str, Path]) -> None:
    now, then = sheet_of("2024Q3", "deliveries"), sheet_of("2023Q3", "deliveries")
    page = Shown(reviews["zh"])
    lines = page.list("供应商", "供应商", "金额 (万元)", "占比")
    amounts = now.groupby("who").amount.sum(min_count=1).sort_values(ascending=False)
    whole = now.amount.sum()
    assert [line["金额 (万元)"] for line in lines[:5]] == pytest.approx(list(amounts[:5]))
    last = pd.Timestamp("2024-09-30")
    for line in lines[:5]:
        who = line["供应商"].strip().casefold()
        mine = now[now.who == who]
        assert line["占比"] == pytest.approx(mine.amount.sum() / whole, abs=1e-6)
        above = amounts[amounts >= amounts[who] - 1e-9].sum() / whole
        assert line["累计占比"] == pytest.approx(above, abs=1e-6)
        late = (mine.arrived.fillna(last) > mine.promised).mean()
        assert (line["延误率"] or 0) == pytest.approx(late, abs=1e-6)
        before = then[then.who == who].amount.sum(min_count=1)
        assert line["去年金额"] == (None if pd.isna(before) else pytest.approx(before))
    others = lines[5]
    assert others["供应商"] == "其余"
    assert others["金额 (万元)"] == pytest.approx(amounts[5:].sum())
    assert others["累计占比"] is None


def test_quarters_stand_in_their_order(reviews: dict[str, Path]) -> None:
    rows = Shown(reviews["zh"]).lines("数据_各季")[2:]
    sums = {one: sheet_of(one, "deliveries").amount.sum() for one in ("2023Q3", "2024Q3")}
    assert [row[0] for row in rows] == list(sums)
    assert [row[3] for row in rows] == pytest.approx(list(sums.values()))


def test_groups_have_subtotals_above_their_rows(reviews: dict[str, Path]) -> None:
    now = sheet_of("2024Q3", "deliveries")
    rows = Shown(reviews["zh"]).lines("供应商")
    at = next(n for n, row in enumerate(rows) if "金额名次" in row)
    lines = [dict(zip(rows[at], [*row, *[None] * 12], strict=False)) for row in rows[at + 1 :]]
    lines = [{k: None if v in ("-", "") else v for k, v in one.items()} for one in lines]
    lines = [one for one in lines if one["供应商"] and not FOLDED.fullmatch(one["供应商"])]
    words = {"零部件": "parts", "服务": "service", "成品": "goods"}
    heads = [line for line in lines if line["团队"] is None]
    assert {line["供应商"] for line in heads} == {
        word for word, name in words.items() if name in set(now.category)
    }
    assert len(lines) == len(now) + len(heads)
    for head in heads:
        mine = now[now.category == words[head["供应商"]]]
        assert (head["金额 (万元)"] or 0) == pytest.approx(mine.amount.sum())
        rate = mine.faulty.sum() / mine.units.sum() if mine.units.sum() else None
        assert head["不良率"] == (rate if rate is None else pytest.approx(rate, abs=1e-6))


def test_a_matrix_has_a_column_for_each_of_the_names_that_stand_there(
    reviews: dict[str, Path],
) -> None:
    scores = sheet_of("2024Q3", "scores")
    lines = Shown(reviews["zh"]).list("整改", "团队", "甲", "乙*", "Acme")
    assert len(lines) == scores["_team"].nunique() + 1
    for line in lines:
        for name in ("甲", "乙*", "Acme"):
            mine = scores[scores.who == name.casefold()]
            mine = mine if line["团队"] == "全部" else mine[mine["_team"] == line["团队"]]
            mean = mine.quality.mean()
            expected = None if pd.isna(mean) else pytest.approx(half_up(mean, 2) / 5, abs=1e-6)
            assert line[name] == expected


def test_what_a_parameter_decides_and_choices_without_rows_are_listed(
    reviews: dict[str, Path],
) -> None:
    scores = sheet_of("2024Q3", "scores")
    mean = scores[["quality", "price", "service"]].sum(axis=1, min_count=1) / 3
    low = scores[mean.round(2) < 4]
    lines = Shown(reviews["en"]).list("Corrective actions", "Verdict", "Count", "Quality")
    assert [line["Verdict"] for line in lines] == ["Keep", "Watch", "Drop"]
    for line, name in zip(lines, ("keep", "watch", "drop"), strict=True):
        mine = low[low.verdict == name]
        assert (line["Count"] or 0) == len(mine)
        assert line["Price"] == (None if mine.price.isna().all() else half_up(mine.price.mean(), 2))


def test_a_page_follows_a_renamed_column(tmp_path: Path) -> None:
    """A workbook of the first version, whose suppliers stood under another name."""
    older = re.sub(r"\n\[\[migrations.*?\n\n", "\n\n", SUPPLIERS, flags=re.DOTALL)
    older = older.split("[[summaries]]")[0].replace("version = 2", "version = 1")
    older = re.sub(r"figures = \[.*?\n\]\n", "", older, flags=re.DOTALL)
    label = 'name = "supplier", label = { zh = "供应商", en = "Supplier" }'
    former = 'name = "vendor", label = { zh = "厂家", en = "Vendor" }'
    older = older.replace(label, former, 1).replace(', was = "vendor"', "")
    for name, text in (("one", older), ("two", SUPPLIERS)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "suppliers.toml").write_text(text, "utf-8")
    run = verbs.start(templates=tmp_path / "one", period="2024Q3", teams=["甲队"])
    [book] = verbs.generate_workbooks(run, tmp_path / "out", names=["suppliers"])
    columns = header_columns(opened(book)["供货"])
    row = {"vendor": "远航", "category": "零部件", "amount": 5, "units": 10}
    cells = {f"{columns[name]}10": value for name, value in row.items()}
    book.write_bytes(typed(book.read_bytes(), {2: cells}))
    target = tmp_path / "evaluation.xlsx"
    verbs.evaluate_quarter(verbs.start(templates=tmp_path / "two", period="2024Q3"), [book], target)
    [line] = Shown(target).list("供应商", "供应商", "金额 (万元)", "占比")
    assert (line["供应商"], line["金额 (万元)"], line["占比"]) == ("远航", 5, 1)


ALIKE = """
name = "odd"
version = 1
title = { zh = "同名", en = "Namesakes" }
about = { zh = "栏目与评估自己的同名。", en = "Columns that are called as the evaluation's own." }

[[sheets]]
name = "rows"
title = { zh = "行", en = "Rows" }
about = { zh = "一行一件。", en = "One a row." }
columns = [
  { name = "team", label = { zh = "小队", en = "Squad" }, kind = "text" },
  { name = "key", label = { zh = "键", en = "Key" }, kind = "text" },
  { name = "source", label = { zh = "出处", en = "From" }, kind = "text" },
  { name = "period", label = { zh = "时段", en = "When" }, kind = "text" },
  { name = "amount", label = { zh = "数", en = "Amount" }, kind = "number" },
  { name = "all", label = { zh = "同出处", en = "Alike" }, kind = "number", compute = "TOTAL" },
]

[[summaries]]
name = "by_both"
title = { zh = "汇总", en = "Summary" }
from = "rows"
by = ["team", "source"]
columns = [{ name = "sum", label = { zh = "合计", en = "Sum" }, compute = "total(amount)" }]

[[pages]]
name = "odd"
title = { zh = "同名", en = "Namesakes" }
about = { zh = "同名", en = "Namesakes" }

[[pages.blocks]]
table = { of = "by_both", columns = ["team", "source", "sum"] }

[[pages.blocks]]
table = { of = "rows", columns = ["source", "team", "key", "period", "all"] }
""".replace("TOTAL", "total(amount, source=source)")


def test_columns_may_be_called_as_the_evaluations_own(tmp_path: Path, office: Office) -> None:
    known = catalog(tmp_path / "templates", "odd", ALIKE)
    row = {"team": "甲", "key": "k", "source": "s", "period": "p"}
    rows = [{**row, "amount": 3}, {**row, "amount": 4}]
    path = tmp_path / "evaluation.xlsx"
    evaluate(quarter({("odd", "rows"): rows}, catalog=known), path)
    page = Shown(path)
    assert [one["合计"] for one in page.list("同名", "小队", "出处", "合计")] == [7]
    listed = page.list("同名", "出处", "小队", "键")
    assert [(one["键"], one["时段"], one["同出处"]) for one in listed] == [("k", "p", 7)] * 2
    [after] = office.recalculated([path])
    assert differing(stored(path), stored(after), formulas(path)) == []
