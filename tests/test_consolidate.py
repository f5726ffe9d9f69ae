"""From submissions to the consolidated workbook and back."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from submissions import CATALOG, PERIOD, SETTINGS, extra_texts, sent, together

from xltools.check.reading_plan import ReadingPlan
from xltools.check.submission import Submission, UnknownSheet
from xltools.consolidate.collect_submissions import collect
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.consolidate.read_back.consolidated_reader import is_consolidated, read_back
from xltools.consolidate.write.consolidated_workbook import write_consolidated
from xltools.definition import ColumnDef, load_catalog
from xltools.errors import ReadError, UsageError, WriteError
from xltools.excel.cell_text import visible
from xltools.ground.period import Quarter
from xltools.issues import Code, issue
from xltools.settings import Team

TASK = {"task": "白皮书", "owner": "李娜", "start": date(2024, 7, 1), "budget": 2.5}
OUTCOME = {
    "dimension": "result",
    "metric": "新增客户数",
    "unit": "家",
    "target": 50.0,
    "actual": 45.0,
    "basis": "higher",
    "attainment": 0.9,
}


def written(consolidation: Consolidation, folder: Path, **options: Any) -> Path:
    target = folder / "out" / "consolidated.xlsx"
    write_consolidated(consolidation, target, force=True, **options)
    return target


def sheets_of(path: Path) -> Mapping[str, Sequence[Sequence[Any]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def read_again(path: Path) -> Consolidation:
    return collect([path], ReadingPlan(CATALOG, SETTINGS))


def assert_same(one: Consolidation, other: Consolidation) -> None:
    assert one.submissions == other.submissions
    assert one.issues == other.issues
    assert (one.period, one.missing) == (other.period, other.missing)
    assert list(one.tables) == list(other.tables)
    for key, table in one.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[key])


def test_every_row_knows_where_it_came_from() -> None:
    table = together(
        [
            sent("goals", "甲队", {"tasks": [TASK, TASK]}),
            sent("goals", "乙队", {"tasks": [TASK]}),
        ]
    ).table("goals", "tasks")
    assert table is not None
    assert list(table["_team"]) == ["甲队", "甲队", "乙队"]
    assert list(table["_row"]) == [10, 11, 10]
    assert set(table["_sheet"]) == {"任务分解"}
    assert table["_file"][2] == "inbox/乙队-目标管理-2024Q3.xlsx"
    assert str(table["start"].dtype) == "datetime64[ns]"
    assert str(table["budget"].dtype) == "float64"


def test_the_newest_of_two_counts_and_the_other_is_listed() -> None:
    old = sent("goals", "甲队", {"tasks": [TASK]}, file="a.xlsx", modified="2024-10-01")
    new = sent("goals", "甲队", {"tasks": [TASK]}, file="b.xlsx", modified="2024-10-02")
    found = together([old, new])
    assert list(found.tables["goals", "tasks"]["_file"]) == ["b.xlsx"]
    assert [one.code for one in found.issues] == [Code.WORKBOOK_DUPLICATE]
    assert [one.excluded for one in found.submissions] == [True, False]


def test_annual_sheets_are_those_of_the_latest_submission_of_the_year() -> None:
    plan = {"breakdown": [{"code": "G1"}], "diagnosis": [{"item": "流程"}]}
    first = sent("plan", "甲队", plan, period=Quarter(2024, 1))
    second = sent("plan", "甲队", plan, period=Quarter(2024, 2))
    third = sent("plan", "甲队", {"diagnosis": [{"item": "能力"}]}, period=PERIOD)
    other = sent("plan", "乙队", plan, period=Quarter(2023, 4))
    found = together([first, second, third, other])
    breakdown, diagnosis = found.tables["plan", "breakdown"], found.tables["plan", "diagnosis"]
    assert list(breakdown["_period"]) == ["2024Q2"]
    assert list(diagnosis["_period"]) == ["2024Q3"]
    # Last year's is foreign; this year's earlier ones are not.
    assert [(one.code, one.value) for one in found.issues] == [("period-mismatch", "2023Q4")]


def test_a_submission_without_annual_rows_leaves_the_earlier_ones() -> None:
    first = sent("plan", "甲队", {"breakdown": [{"code": "G1"}]}, period=Quarter(2024, 1))
    third = sent("plan", "甲队", {"breakdown": []})
    assert len(together([first, third]).tables["plan", "breakdown"]) == 1


def test_several_periods_must_be_told_apart() -> None:
    both = [sent("goals", "甲队", {}), sent("goals", "乙队", {}, period=Quarter(2024, 2))]
    with pytest.raises(UsageError) as raised:
        together(both, period=None)
    assert raised.value.values == {"periods": ["2024Q2", "2024Q3"]}
    assert together(both[:1], period=None).period == PERIOD


def test_who_is_missing() -> None:
    settings = msgspec.structs.replace(
        SETTINGS, teams=(Team(team="甲队", workbooks=("goals", "plan")), Team(team="乙队"))
    )
    found = together([sent("goals", "甲 队", {}), sent("plan", "乙队", {})], settings=settings)
    assert found.missing == (("甲队", "plan"), ("乙队", "expansion"), ("乙队", "goals"))


def test_the_workbook_shows_labels_links_and_provenance(tmp_path: Path) -> None:
    target = written(together([sent("expansion", "甲队", {"outcome": [OUTCOME]})]), tmp_path)
    rows = sheets_of(target)["效果评估"]
    header, row = rows[3], rows[4]
    shown = dict(zip(header, row, strict=True))
    file = "inbox/甲队-市场拓展-2024Q3.xlsx"
    link = os.path.relpath(file, target.parent)
    assert shown["原行"] == f"=HYPERLINK(\"{link}#'效果评估'!A10\",10)"
    assert (shown["团队"], shown["季度"], shown["文件"]) == ("甲队", "2024Q3", file)
    assert (shown["评估维度"], shown["达成口径"]) == ("结果指标", "越高越好")
    assert (shown["目标值"], shown["达成率"]) == (50, 0.9)


def test_links_lead_from_where_the_workbook_lies(tmp_path: Path) -> None:
    inside = tmp_path / "inbox" / "50% #1" / "甲.xlsx"
    target = written(
        together([sent("goals", "甲队", {"tasks": [TASK]}, file=str(inside))]), tmp_path
    )
    link = sheets_of(target)["任务分解"][4][0]
    assert link == "=HYPERLINK(\"../inbox/50%25 %231/甲.xlsx#'任务分解'!A10\",10)"


def test_english_titles_are_told_apart(tmp_path: Path) -> None:
    both = [
        sent("goals", "甲队", {"review": [{"goal": "线索"}]}),
        sent("expansion", "甲队", {"review": [{"suggestion": "评分"}]}),
    ]
    titles = list(sheets_of(written(together(both), tmp_path, lang="en")))
    assert {"Review - Goal management", "Review - Market expansion"} <= set(titles)
    assert titles[:3] == ["Submissions", "Problem summary", "Problems"]


def test_long_sheets_are_split_never_cut(tmp_path: Path) -> None:
    many = [{"task": f"任务{n}", "start": date(2024, 7, 1 + n)} for n in range(25)]
    found = together([sent("goals", f"{n}队", {"tasks": many}) for n in range(3)])
    target = written(found, tmp_path, max_rows=30)
    sheets = sheets_of(target)
    parts = [title for title in sheets if title.startswith("任务分解")]
    assert parts == ["任务分解（1-3）", "任务分解（2-3）", "任务分解（3-3）"]
    assert [len(sheets[part]) - 4 for part in parts] == [30, 30, 15]
    assert_same(found, read_again(target))


def test_problems_are_listed_grouped_and_linked(tmp_path: Path) -> None:
    one = sent("goals", "甲队", {"tasks": [TASK, TASK]})
    place = {"sheet": "任务分解", "column": "owner", "details": {"of": "goals.tasks"}}
    one.issues = [
        issue(Code.CELL_NORMALISED, file=one.file, cell="B9", text="kinds.read_as", **place),
        issue(Code.CELL_REQUIRED, file=one.file, cell="D10", **place),
        issue(Code.CELL_REQUIRED, file=one.file, cell="D11", **place),
    ]
    one.issues[0] = msgspec.structs.replace(
        one.issues[0], value="１", details={"of": "goals.tasks", "reading": "1"}
    )
    sheets = sheets_of(written(together([one]), tmp_path))
    listed = [dict(zip(sheets["问题清单"][3], row, strict=True)) for row in sheets["问题清单"][4:]]
    assert [row["代码"] for row in listed] == ["cell-required", "cell-required", "cell-normalised"]
    assert listed[0]["级别"] == "✖ 错误"
    assert listed[0]["栏目"] == "负责人"
    assert "#'任务分解'!D10" in listed[0]["位置"]
    grouped = [dict(zip(sheets["问题汇总"][3], row, strict=True)) for row in sheets["问题汇总"][4:]]
    assert [(row["处数"], row["文件数"], row["工作表"]) for row in grouped] == [
        (2, 1, "任务分解"),
        (1, 1, "任务分解"),
    ]


def test_what_no_definition_knows_is_kept(tmp_path: Path) -> None:
    one = sent("goals", "甲队", {"tasks": [TASK, TASK]})
    one.sheets["tasks"].extra = {"备用": ["", "甲"], "=A1": ["x", "y"]}
    one.unknown = [UnknownSheet(title="草稿", rows=[(3, ["想法", "", "=1+1"])])]
    two = sent("goals", "乙队", {"tasks": [TASK]})
    found = together([one, two])
    assert extra_texts(found, "goals", "tasks", "备用") == ["", "甲", ""]
    target = written(found, tmp_path)
    sheets = sheets_of(target)
    header = list(sheets["任务分解"][3])
    places = [header.index("＋=A1"), header.index("＋备用")]
    assert [[row[place] for place in places] for row in sheets["任务分解"][4:]] == [
        ["x", None],
        ["y", "甲"],
        [None, None],
    ]
    assert list(sheets["其他工作表"][4][3:6]) == ["想法", None, "=1+1"]
    assert_same(found, read_again(target))


def test_more_unknown_columns_than_a_sheet_should_have(tmp_path: Path) -> None:
    sends = []
    for number in range(4):
        one = sent("goals", f"{number}队", {"tasks": [TASK]})
        one.sheets["tasks"].extra = {f"栏{number}-{n}": [f"值{number}-{n}"] for n in range(20)}
        sends.append(one)
    found = together(sends)
    target = written(found, tmp_path)
    texts = [str(cell) for row in sheets_of(target)["任务分解"] for cell in row if cell]
    for number in range(4):
        assert all(any(f"值{number}-{n}" in text for text in texts) for n in range(20))
    assert_same(found, read_again(target))


texts = st.text(min_size=1, max_size=12).map(lambda text: visible(text).strip()).filter(bool)
odd = st.sampled_from(
    ["=1+1", "00123", "11010519491231002X", "4", "_x0041_", "a\nb", "<b>&", "'q", "@x"]
)
numbers = st.floats(allow_nan=False, allow_infinity=False, width=64).filter(
    lambda n: abs(n) < 1e300
)


def cell(definition: str, column: ColumnDef) -> st.SearchStrategy[object]:
    if column.kind == "choice":
        names = list(CATALOG.choices(CATALOG[definition], column.choices))
        return st.none() | st.sampled_from(names)
    if column.kind == "date":
        return st.none() | st.dates(date(1980, 1, 1), date(2099, 12, 31))
    if column.kind == "integer":
        return st.none() | st.integers(-(10**12), 10**12)
    if column.kind in ("number", "percent", "ratio", "measure"):
        return st.none() | numbers
    if column.kind == "span":
        return st.sampled_from([None, "2024-07-01", "2024-07-01/2024-09-30"])
    if column.kind in ("person", "people"):
        return st.sampled_from([None, "张伟", "李娜"])
    return st.none() | texts | odd


def filled(definition: str, sheet: str) -> st.SearchStrategy[list[dict[str, object]]]:
    columns = CATALOG[definition].sheet(sheet).columns
    row = st.fixed_dictionaries({column.name: cell(definition, column) for column in columns})
    return st.lists(row.filter(lambda one: any(v is not None for v in one.values())), max_size=4)


@st.composite
def drawn(draw: st.DrawFn) -> list[Submission]:
    sheets = [
        ("goals", "tasks"),
        ("goals", "progress"),
        ("expansion", "outcome"),
        ("plan", "training"),
    ]
    sends: dict[str, dict[str, list[dict[str, object]]]] = {}
    for definition, sheet in draw(st.lists(st.sampled_from(sheets), unique=True, max_size=3)):
        sends.setdefault(definition, {})[sheet] = draw(filled(definition, sheet))
    return [
        sent(definition, team, rows)
        for definition, rows in sends.items()
        for team in draw(st.sampled_from([["甲队"], ["甲队", "乙队's"]]))
    ]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn(), st.sampled_from(["zh", "en"]))
def test_reading_it_back_gives_the_same(
    tmp_path_factory: pytest.TempPathFactory, sends: list[Submission], lang: str
) -> None:
    found = together([*sends, sent("goals", "丙队", {})])
    target = written(found, tmp_path_factory.mktemp("book"), lang=lang)
    assert is_consolidated(target)
    again = read_again(target)
    assert_same(found, again)
    twice = target.with_name("again.xlsx")
    write_consolidated(again, twice, lang=lang)
    assert twice.read_bytes() == target.read_bytes()


def test_rows_changed_added_and_deleted_by_hand_count(tmp_path: Path) -> None:
    target = written(together([sent("goals", "甲队", {"tasks": [TASK, TASK, TASK]})]), tmp_path)
    book = openpyxl.load_workbook(target)
    sheet = book["任务分解"]
    place = {str(cell.value): cell.column for cell in sheet[3]}
    sheet.cell(5, place["budget"], "3万元")
    sheet.cell(6, place["cadence"], "每周")
    sheet.delete_rows(7)
    sheet.cell(7, place["task"], "新任务")
    book.save(target)
    table = read_again(target).tables["goals", "tasks"]
    assert list(table["task"]) == ["白皮书", "白皮书", "新任务"]
    assert list(table["budget"])[:2] == [3.0, 2.5]
    assert table["cadence"][1] == "weekly"
    assert table["_file"][2] == str(target)


def test_a_damaged_consolidated_workbook_is_one_sentence(tmp_path: Path) -> None:
    target = written(together([sent("goals", "甲队", {"tasks": [TASK]})]), tmp_path)
    book = openpyxl.load_workbook(target)
    book["_xltools_readings"].cell(1, 2, "{broken")
    book.save(target)
    with pytest.raises(ReadError):
        list(read_back(target, CATALOG))


def test_an_output_is_never_overwritten_unasked(tmp_path: Path) -> None:
    found = together([sent("goals", "甲队", {"tasks": [TASK]})])
    target = written(found, tmp_path)
    with pytest.raises(WriteError):
        write_consolidated(found, target)


def test_parquet_holds_the_same_tables(tmp_path: Path) -> None:
    found = together([sent("goals", "甲队", {"tasks": [TASK]}), sent("plan", "甲队", {})])
    write_consolidated(found, tmp_path / "c.xlsx", parquet=tmp_path / "tables")
    names = sorted(path.name for path in (tmp_path / "tables").iterdir())
    assert names == ["goals.tasks.parquet", "problems.parquet", "submissions.parquet"]
    table = pd.read_parquet(tmp_path / "tables" / "goals.tasks.parquet")
    pd.testing.assert_frame_equal(table, found.tables["goals", "tasks"])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6), st.integers(0, 255))
def test_a_damaged_file_is_looked_at_without_a_fault(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int
) -> None:
    """Reading it as a workbook says later what is wrong with it."""
    path = tmp_path_factory.mktemp("damaged") / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("docProps/custom.xml", "<Properties>" + "x" * 500)
    content = bytearray(path.read_bytes())
    content[at % len(content)] = byte
    path.write_bytes(content)
    assert not is_consolidated(path)


def test_an_unidentified_workbook_of_another_kind_is_not_consolidated(tmp_path: Path) -> None:
    for name, content in {"a.xlsx": b"PK\x03\x04nonsense", "b.xlsx": b"", "c": b"text"}.items():
        (tmp_path / name).write_bytes(content)
        assert not is_consolidated(tmp_path / name)
    assert not is_consolidated(tmp_path)


def test_bytes_do_not_depend_on_anything_but_the_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def digest(folder: str) -> str:
        found = together([sent("goals", "甲队", {"tasks": [TASK]}, file="/data/inbox/a.xlsx")])
        target = tmp_path / folder / "c.xlsx"
        write_consolidated(found, target)
        return hashlib.sha256(target.read_bytes()).hexdigest()

    first = digest("a")
    assert digest("b") == first
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert digest("c") != first


def test_a_new_column_in_a_definition_is_a_column_of_the_table(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    text = Path("templates/goals.toml").read_text("utf-8")
    mark = '  { name = "resources", label = { zh = "所需资源"'
    added = '  { name = "floor", label = { zh = "楼层", en = "Floor" }, kind = "number" },\n'
    assert mark in text
    (folder / "goals.toml").write_text(text.replace(mark, added + mark), "utf-8")
    catalog = load_catalog(folder)
    one = sent("goals", "甲队", {"tasks": [TASK]})
    one.sheets["tasks"].columns["floor"] = [3.0]
    found = together([one], catalog=catalog)
    assert list(found.tables["goals", "tasks"]["floor"]) == [3.0]
    rows = sheets_of(written(found, tmp_path))["任务分解"]
    assert dict(zip(rows[3], rows[4], strict=True))["楼层"] == 3


def test_nothing_that_counts_is_a_workbook_all_the_same(tmp_path: Path) -> None:
    unread = Submission(
        file="inbox/x.xlsx", excluded=True, issues=[issue(Code.FILE_ENCRYPTED, file="inbox/x.xlsx")]
    )
    found = together([unread], period=None)
    assert (found.rows, found.period) == (0, None)
    assert found.table("goals", "tasks") is None
    with pytest.raises(UsageError) as caught:
        found.table("goals", "task")
    assert (caught.value.key, caught.value.values["near"]) == ("usage.sheet", "goals.tasks")
    target = written(found, tmp_path, max_rows=1)
    assert [title for title in sheets_of(target) if title[0] != "_"] == [
        "提交情况",
        "问题汇总",
        "问题清单",
    ]
    assert_same(found, read_again(target))
