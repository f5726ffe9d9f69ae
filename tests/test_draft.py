"""Drafting: what stands in a home-grown workbook becomes a definition that its copies satisfy."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from home_grown import HEADERS, ROWS, check, plain, saved, sheet, unlock, visits
from openpyxl import Workbook

from xltools.definition import ColumnDef, SheetDef, load_catalog
from xltools.draft import Draft, draft
from xltools.errors import ReadError, UsageError
from xltools.locale import LANGUAGES
from xltools.run import definition_mistakes
from xltools.verbs import (
    check_drafted,
    check_workbooks,
    consolidate_workbooks,
    draft_definition,
    generate_workbooks,
    start,
)


def drafted(*paths: Path, name: str = "visits", lang: str = "en") -> Draft:
    return draft(list(paths), catalog=load_catalog(), name=name, lang=lang)


def only(made: Draft) -> SheetDef:
    (found,) = made.definition.sheets
    return found


def notes(made: Draft, column: str) -> str:
    found = (one for one in made.sheets for one in one.columns if one.column.name == column)
    return "\n".join(next(found).notes)


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Draft:
    return drafted(visits(tmp_path_factory.mktemp("visits") / "客户拜访.xlsx"))


def test_the_table_is_found_under_title_and_note_and_other_sheets_are_left_out(
    visited: Draft,
) -> None:
    table = visited.sheets[0].table.first
    assert (table.title, table.top, table.first, len(table.rows)) == ("拜访记录", 3, 4, 3)
    assert [(one.title, one.reason) for one in visited.left_out] == [
        ("封面", "cover"),
        ("字典", "list"),
    ]


def test_columns_are_told_by_checks_formats_values_and_headers(visited: Draft) -> None:
    found = {one.name: one for one in only(visited).columns}
    assert [(one.name, one.kind) for one in found.values()] == [
        ("customer", "text"),
        ("choice_2", "choice"),
        ("choice_3", "choice"),
        ("visited", "date"),
        ("amount", "number"),
        ("number_6", "number"),
        ("percent_7", "percent"),
        ("owner", "person"),
        ("text_9", "text"),
    ]
    assert found["customer"].label.all == ("客户", "Customer")
    assert found["customer"].required
    assert found["visited"].label.all == ("拜访日期", "Visited")
    assert (found["amount"].unit, found["amount"].min) == ("万元", 0)
    assert found["owner"].required
    assert found["owner"].hint
    assert found["owner"].hint.zh == "只写一个人"
    assert found["percent_7"].compute == "(amount - number_6) / amount"
    labels = [one.zh for one in visited.definition.lists[found["choice_2"].choices].values()]
    assert labels == ["华东", "华南", "华北"]


def test_custom_checks_and_red_formats_become_rules(visited: Draft) -> None:
    rules = {one.check: one for one in only(visited).rules}
    check = "blank(number_6) or number_6 <= amount"
    assert rules[check].severity == "error"
    assert rules[check].message.zh == "成本不能高于金额"
    (red,) = (one for one in rules.values() if one.severity == "warning")
    assert red.check == "not (choice_3 == choices.choice_3.a and blank(text_9))"


def test_the_copies_satisfy_the_definition_and_a_fault_is_found(tmp_path: Path) -> None:
    good = visits(tmp_path / "good.xlsx")
    rows = [list(row) for row in ROWS]
    rows[1][1], rows[2][5] = "华中", 30
    bad = visits(tmp_path / "bad.xlsx", rows)
    run = start(lang="en")
    made = draft_definition(run, [good], tmp_path / "templates" / "visits.toml")
    (read,) = check_drafted(run, made, [good]).submissions
    assert {one.code for one in read.issues} == {"sheet-unknown", "row-ignored"}
    rows = read.sheets["sheet_1"].columns
    assert rows["customer"] == ["远航科技", "晨星制造", "高原物流"]
    assert rows["percent_7"] == pytest.approx([0.2, 0.25, 0.25])
    found = check_drafted(run, made, [bad]).submissions[0].issues
    assert {(one.cell, one.code) for one in found if one.severity == "error"} == {
        ("B5", "cell-choice"),
        ("F6", "row-rule"),
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_file_is_a_definition_without_a_mistake(tmp_path: Path, lang: str) -> None:
    source = visits(tmp_path / "客户拜访.xlsx")
    target = tmp_path / "templates" / "visits.toml"
    made = draft_definition(start(lang=lang), [source], target)
    assert definition_mistakes(target.parent) == []
    assert load_catalog(target.parent)["visits"] == made.definition
    lines = target.read_text("utf-8").splitlines()
    columns = [line for line in lines if line.startswith("  { name = ") and "label" in line]
    assert len(columns) == len(HEADERS)


def test_the_same_copies_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    one, two = visits(tmp_path / "a.xlsx"), visits(tmp_path / "b.xlsx", ROWS[:1])
    assert drafted(one, two).toml == drafted(two, one).toml == drafted(two, one, tmp_path).toml


def test_a_blank_workbook_is_drafted_by_what_it_declares(tmp_path: Path) -> None:
    book = Workbook()
    made = sheet(book, "Tasks", ("Task", "Hours", "Done", "Due on", "State"), ())
    check(made, "B2:B60", "whole", "0", formula2="24")
    check(made, "C2:C60", "decimal", "0", formula2="1")
    check(made, "D2:D60", "date", "40000", operator="greaterThan")
    check(made, "E2:E60", "list", '"open,closed"')
    for row in range(2, 61):
        made.cell(row, 3).number_format = "0%"
    result = drafted(saved(book, tmp_path / "tasks.xlsx"))
    found = {one.name: one for one in only(result).columns}
    assert {name: one.kind for name, one in found.items()} == {
        "task": "text",
        "hours": "integer",
        "done": "percent",
        "due_on": "date",
        "state": "choice",
    }
    assert (found["hours"].min, found["hours"].max) == (0, 24)
    assert (found["done"].min, found["done"].max) == (0, 1)
    assert only(result).capacity == 59
    assert "greaterThan 40000" in notes(result, "due_on")
    assert "a guess" in notes(result, "task")


def test_locked_columns_of_a_protected_sheet_are_given(tmp_path: Path) -> None:
    book = Workbook()
    made = sheet(book, "Targets", ("Metric", "Target", "Actual"), [("Sales", 10, None)] * 3)
    check(made, "C2:C40", "decimal", "0", operator="greaterThanOrEqual")
    unlock(made, "C2:C40")
    found = only(drafted(saved(book, tmp_path / "t.xlsx")))
    assert [one.given for one in found.columns] == [True, True, False]


HEADER_ROWS = {
    "groups above": (
        [["项目", "计划", None, "实际", None], [None, "数量", "金额", "数量", "金额"]],
        ["A1:A2", "B1:C1", "D1:E1"],
        ["项目", "计划数量", "计划金额", "实际数量", "实际金额"],
    ),
    "groups that are not merged": (
        [["Item", "Plan", None, "Actual", None], [None, "Count", "Sum", "Count", "Sum"]],
        [],
        ["Item", "Plan Count", "Plan Sum", "Actual Count", "Actual Sum"],
    ),
    "lower words that differ": (
        [["指标", "完成情况", None], [None, "目标值", "实际值"]],
        ["A1:A2", "B1:C1"],
        ["指标", "目标值", "实际值"],
    ),
}


@pytest.mark.parametrize("name", HEADER_ROWS)
def test_headers_of_two_rows(tmp_path: Path, name: str) -> None:
    header, merges, labels = HEADER_ROWS[name]
    book = Workbook()
    made = sheet(book, "表", header[0], [header[1], ["甲", 1, 2, 3, 4][: len(header[0])]] * 1)
    made.append(["乙", 5, 6, 7, 8][: len(header[0])])
    for merge in merges:
        made.merge_cells(merge)
    path = saved(book, tmp_path / "x.xlsx")
    result = drafted(path)
    assert [one.label.zh for one in only(result).columns] == labels
    run = start(lang="en")
    assert not check_drafted(run, result, [path]).faulty
    (read,) = check_drafted(run, result, [path]).submissions[0].sheets.values()
    assert len(read.rows) == 2


def test_two_header_rows_in_two_languages_are_one_header(tmp_path: Path) -> None:
    rows = [
        ["产品", "数量", "备注"],
        ["Product", "Quantity", "Remark"],
        ["笔", 3, "好"],
        ["纸", 5, "好"],
    ]
    path = plain(tmp_path / "x.xlsx", {"库存": rows})
    made = drafted(path)
    assert [one.label.all for one in only(made).columns] == [
        ("产品", "Product"),
        ("数量", "Quantity"),
        ("备注", "Remark"),
    ]
    checked = check_drafted(start(lang="en"), made, [path])
    assert not checked.faulty
    (read,) = checked.submissions[0].sheets.values()
    assert read.columns["quantity"] == [3, 5]


def test_the_largest_of_several_tables_counts_and_the_others_are_named(tmp_path: Path) -> None:
    book = Workbook()
    made = sheet(
        book, "Costs", ("Item", "Cost", "Owner"), [("a", 1, "x"), ("b", 2, "y"), ("c", 3, "z")]
    )
    for row, values in enumerate((("Month", "Sum", "Share"), ("May", 6, 1.0)), 8):
        for column, value in enumerate(values, 1):
            made.cell(row, column, value)
    result = drafted(saved(book, tmp_path / "x.xlsx"))
    assert only(result).names == ("item", "cost", "owner")
    assert result.sheets[0].table.first.others == ["A8:C9"]
    assert "A8:C9" in "".join(result.sheets[0].notes)


def test_words_above_rows_of_field_names_are_labels_and_names(tmp_path: Path) -> None:
    rows = [
        ["Total_Amount__c", "Due_Date__c", "Contact_Name__c"],
        ["Required", "Conditional", "Required"],
        ["Amount of the grant", "Last day", "Who to ask"],
        [10, "2024-07-01", "Ann"],
        [20, "2024-07-02", "Ben"],
    ]
    book = Workbook()
    made = sheet(book, "Grants", rows[0], rows[1:])
    check(made, "A4:C50", "textLength", "90", operator="lessThanOrEqual")
    result = only(drafted(saved(book, tmp_path / "x.xlsx")))
    assert result.names == ("total_amount", "due_date", "contact_name")
    assert [one.label.en for one in result.columns] == rows[2]
    assert [one.required for one in result.columns] == [True, False, True]


# Several copies


def copies(folder: Path, *headers: tuple[str, ...]) -> list[Path]:
    rows = [["a", 1, "north"], ["b", 2, "south"], ["c", 3, "north"]]
    return [
        plain(
            folder / f"copy{at}.xlsx", {"Stock": [list(header), *(r[: len(header)] for r in rows)]}
        )
        for at, header in enumerate(headers, 1)
    ]


def test_what_differs_between_copies_is_kept_and_told(tmp_path: Path) -> None:
    full = ("Article", "Quantity in stock", "Place")
    paths = copies(tmp_path, full, ("Article", "Quantity on stock", "Place"), full[:2])
    made = drafted(*paths)
    assert only(made).names == ("article", "quantity_in_stock", "place")
    assert only(made).column("quantity_in_stock").aliases == ("Quantity on stock",)
    assert "copy3.xlsx" in notes(made, "place")
    assert not check_drafted(start(lang="en"), made, paths).faulty


def test_a_choice_of_one_copy_alone_is_told(tmp_path: Path) -> None:
    book = {"Tasks": [["Task", "State"], *([f"t{n}", ("open", "closed")[n % 2]] for n in range(8))]}
    odd = {"Tasks": [*book["Tasks"], ["t9", "parked"], ["t10", "parked"]]}
    paths = [
        plain(tmp_path / f"{name}.xlsx", content)
        for name, content in (("a", book), ("b", book), ("c", odd))
    ]
    made = drafted(*paths)
    assert only(made).column("state").kind == "choice"
    assert "parked (c.xlsx)" in notes(made, "state")
    assert "a guess" in notes(made, "state")


def test_a_formula_that_one_team_typed_makes_no_computed_column(tmp_path: Path) -> None:
    typed = [["Item", "Cost"], ["a", 1], ["b", 2], ["c", 3]]
    calculated = [["Item", "Cost"], ["a", "=1+1"], ["b", "=2+2"], ["c", "=3+3"]]
    paths = [
        plain(tmp_path / f"{at}.xlsx", {"Costs": rows})
        for at, rows in enumerate((typed, typed, calculated))
    ]
    assert only(drafted(*paths)).column("cost").typed


# References


def test_a_dropdown_that_reads_another_table_is_a_reference(tmp_path: Path) -> None:
    book = Workbook()
    goals = sheet(
        book, "Goals", ("Goal", "Owner", "Weight"), [("Grow", "Ann", 1), ("Save", "Ben", 2)]
    )
    check(goals, "C2:C50", "decimal", "0", operator="greaterThanOrEqual")
    tasks = sheet(book, "Tasks", ("Task", "Its goal"), [("Call", "Grow"), ("Cut", "Save")])
    check(tasks, "B2:B50", "list", "Goals!$A$2:$A$50")
    made = drafted(saved(book, tmp_path / "x.xlsx"))
    column = made.definition.sheet("tasks").column("its_goal")
    assert (column.kind, column.reference) == ("reference", "goals.goal")
    assert made.definition.lists == {}


def test_values_that_all_stand_in_another_table_are_a_guessed_reference(tmp_path: Path) -> None:
    goals = [["Goal", "Weight"], ["Grow", 1], ["Save", 2], ["Hire", 3]]
    tasks = [["Task", "For"], ["Call", "Grow"], ["Cut", "Save"], ["Ask", "Hire"], ["Go", "Grow"]]
    made = drafted(plain(tmp_path / "x.xlsx", {"Goals": goals, "Tasks": tasks}))
    column = made.definition.sheet("tasks").column("for")
    assert (column.kind, column.reference) == ("reference", "goals.goal")
    assert "a guess" in notes(made, "for")


# Dropdowns


def test_dropdowns_are_read_wherever_their_words_stand(tmp_path: Path) -> None:
    book = Workbook()
    made = sheet(book, "Form", ("Kind", "Colour", "Place", "Size", "Team", "Free"), ())
    words = sheet(
        book,
        "Words",
        ("Kinds", "fruit", "tool"),
        [("fruit", "red", "black"), ("tool", "green", "blue")],
    )
    words["F1"], words["F2"], words["F3"] = "Places", "north", "south"
    for name, place in (("fruit", "$B$2:$B$3"), ("tool", "$C$2:$C$3"), ("kinds", "$A$2:$A$3")):
        from openpyxl.workbook.defined_name import DefinedName

        book.defined_names[name] = DefinedName(name, attr_text=f"Words!{place}")
    check(made, "A2:A40", "list", "kinds")
    check(made, "B2:B40", "list", "INDIRECT($A2)")
    check(made, "C2:C40", "list", "OFFSET(Words!$F$2,0,0,COUNTA(Words!$F:$F)-1,1)")
    check(made, "D2:D40", "list", 'INDIRECT("Words!$A$2:$A$3")')
    check(made, "E2:E40", "list", 'IF(A2="tool",Words!$C$2:$C$3,"")')
    check(made, "F2:F40", "list", '"x,y"', errorStyle="warning")
    result = drafted(saved(book, tmp_path / "x.xlsx"))

    def offered(name: str) -> list[str]:
        column = only(result).column(name)
        return [one.en for one in result.definition.lists[column.choices].values()]

    assert offered("kind") == offered("size") == ["fruit", "tool"]
    assert offered("colour") == ["red", "green", "black", "blue"]
    assert offered("place") == ["north", "south"]
    assert offered("team") == ["black", "blue"]
    assert only(result).column("free").kind == "text"
    assert "x / y" in notes(result, "free")
    (rule,) = only(result).rules
    assert rule.check == "blank(team) or kind == choices.kinds.tool"


# What cannot be drafted


def test_a_workbook_without_a_table_says_so(tmp_path: Path) -> None:
    path = plain(tmp_path / "x.xlsx", {"Letter": [["Dear all,"], ["nothing here"]]})
    with pytest.raises(ReadError) as fault:
        drafted(path)
    assert fault.value.key == "draft.no_table"


def test_what_cannot_be_read_is_named_and_alone_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no zip")
    good = visits(tmp_path / "good.xlsx")
    assert [Path(one.file).name for one in drafted(good, broken).unread] == ["broken.xlsx"]
    with pytest.raises(ReadError) as fault:
        drafted(broken)
    assert fault.value.key == "draft.unreadable"


@pytest.mark.parametrize("name", ["Visits", "1a", "settings", "a b"])
def test_names_that_no_definition_can_have(tmp_path: Path, name: str) -> None:
    path = visits(tmp_path / "x.xlsx")
    with pytest.raises(UsageError):
        drafted(path, name=name)


def test_texts_of_workbooks_stay_texts_in_the_file(tmp_path: Path) -> None:
    odd = 'He said "no"\\ \x7f 好'
    rows = [[odd, "]]> = 1", "b"], ["x", 1, "="], ["y", 2, "z"]]
    made = drafted(plain(tmp_path / "x.xlsx", {"A'b": rows}))
    columns: list[dict[str, object]] = tomllib.loads(made.toml)["sheets"][0]["columns"]
    assert columns[0]["label"] == {"zh": odd, "en": odd}


def test_every_note_is_one_line_of_comment(visited: Draft) -> None:
    plain_lines = [line for line in visited.toml.splitlines() if line.lstrip().startswith("#")]
    assert plain_lines
    assert tomllib.loads("\n".join(plain_lines)) == {}


def test_columns_keep_their_place(visited: Draft) -> None:
    columns: tuple[ColumnDef, ...] = only(visited).columns
    assert [one.label.zh for one in columns][:3] == ["客户", "区域", "等级"]


def test_a_few_faulty_values_among_many_change_no_kind(tmp_path: Path) -> None:
    rows = [["Item", "Cost", "On"], *([f"i{n}", n, f"2024-07-{n:02}"] for n in range(1, 25))]
    rows[3][1], rows[9][2] = "later", "who knows"
    made = drafted(plain(tmp_path / "x.xlsx", {"Costs": rows}))
    assert [one.kind for one in only(made).columns] == ["text", "number", "date"]
    assert "later" in notes(made, "cost")
    assert "who knows" in notes(made, "on")


def test_codes_stay_texts(tmp_path: Path) -> None:
    rows = [["Code", "Long", "Name"], ["001", "123456789012345678", "a"], ["012", "9" * 18, "b"]]
    made = drafted(plain(tmp_path / "x.xlsx", {"Codes": [*rows, ["120", "8" * 18, "c"]]}))
    assert [one.kind for one in only(made).columns] == ["text", "text", "text"]


def test_every_sheet_that_is_left_out_says_why(tmp_path: Path) -> None:
    book = Workbook()
    sheet(book, "Data", ("Item", "Cost", "Place"), [("a", 1, "x"), ("b", 2, "y"), ("c", 3, "x")])
    sheet(
        book,
        "Sums",
        ("Place", "Sum", "Share"),
        [[f"=Data!A{n}", f"=Data!B{n}", "=1"] for n in (2, 3)],
    )
    book.create_sheet("Nothing")
    sheet(book, "Read me", ("How to fill in this workbook",), [("One row an item.",)])
    book.create_chartsheet("Picture")
    made = drafted(saved(book, tmp_path / "x.xlsx"))
    assert {one.title: one.reason for one in made.left_out} == {
        "Sums": "summary",
        "Nothing": "empty",
        "Read me": "cover",
        "Picture": "chart",
    }
    assert "Sheet “Picture” is left out: it is a chart." in made.toml


def test_a_sheet_for_every_month_is_one_table(tmp_path: Path) -> None:
    rows = [["产品", "数量", "地区"], ["笔", 3, "东"], ["纸", 5, "西"]]
    path = plain(tmp_path / "x.xlsx", {"7月": rows, "8月": rows, "9月": rows})
    made = drafted(path)
    assert len(made.definition.sheets) == 1
    assert "8月, 9月" in "".join(made.sheets[0].notes)
    (read,) = check_drafted(start(lang="zh"), made, [path]).submissions
    assert not [one for one in read.issues if one.severity == "error"]
    assert sum(len(one.rows) for one in read.sheets.values()) == 6


@pytest.mark.parametrize(
    ("files", "zh"),
    [
        (["华东-客户拜访-2024Q3.xlsx", "华南-客户拜访-2024Q3.xlsx"], "客户拜访"),
        (["客户拜访.xlsx"], "客户拜访"),
        (["华东-市场拓展-2024Q3.xlsx", "华南-市场拓展-2024Q3.xlsx"], "市场拓展 2"),  # shipped
        (["east.xlsx"], "Visits"),
    ],
)
def test_titles_are_what_files_names_share(tmp_path: Path, files: list[str], zh: str) -> None:
    made = drafted(*(visits(tmp_path / file) for file in files))
    assert made.definition.title.all == (zh, "Visits")


def test_prepared_row_numbers_make_no_rows(tmp_path: Path) -> None:
    rows = [[n, *(["甲", 5] if n < 4 else [None, None])] for n in range(1, 21)]
    path = plain(tmp_path / "x.xlsx", {"库存": [["序号", "品名", "数量"], *rows]})
    made = drafted(path)
    assert [one.given for one in only(made).columns] == [True, False, False]
    assert made.sheets[0].table.first.rows == [2, 3, 4]
    (read,) = check_drafted(start(lang="zh"), made, [path]).submissions
    (found,) = read.sheets.values()
    assert found.rows == [2, 3, 4]


def test_headers_that_wrap_in_their_cells_are_found_again(tmp_path: Path) -> None:
    rows = [["Item\nname", "Planned\nAmount (k)", "备注\n说明"], ["a", 1, "x"], ["b", 2, "y"]]
    path = plain(tmp_path / "x.xlsx", {"Costs": [*rows, ["c", 3, "z"]]})
    made = drafted(path)
    assert [one.label.zh for one in only(made).columns] == [
        "Item name",
        "Planned Amount",
        "备注说明",
    ]
    (read,) = check_drafted(start(lang="en"), made, [path]).submissions
    assert [one for one in read.issues if one.severity != "info"] == []
    (found,) = read.sheets.values()
    assert found.columns["planned_amount"] == [1, 2, 3]


def test_what_was_drafted_generates_and_consolidates_with_provenance(tmp_path: Path) -> None:
    old = [visits(tmp_path / "old" / f"{team}-客户拜访-2024Q3.xlsx") for team in ("华东", "华南")]
    draft_definition(start(lang="zh"), old, tmp_path / "templates" / "visits.toml")
    run = start(templates=tmp_path / "templates", period="2024Q3", teams=["华北"], lang="zh")
    (blank,) = generate_workbooks(run, tmp_path / "out", names=["visits"])
    assert not check_workbooks(run, [blank]).faulty
    found = consolidate_workbooks(start(templates=tmp_path / "templates", lang="zh"), old)
    table = found.table("visits", "sheet_1")
    assert table["customer"].tolist() == [row[0] for row in ROWS] * 2
    assert table["_row"].tolist() == [4, 5, 6] * 2
    assert [Path(file).name for file in table["_file"]] == [one.name for one in old for _ in ROWS]
    assert sorted(set(table["_team"])) == ["华东", "华南"]
