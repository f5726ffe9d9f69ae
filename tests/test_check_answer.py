# ruff: noqa: E501 - tables are as wide as they are
"""What checking answers: JSON, CSV, groups, receipts, marked copies; and settings read back."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from good_goals import FILE, GOOD, bent
from rich.console import Console
from tables import IDENTITY, catalog, checked, one, serious, settings, settings_with, write

from xltools.check.check_files import check
from xltools.check.reading_plan import ReadingPlan
from xltools.check.respond.issue_sentences import groups as report_groups
from xltools.check.respond.issue_sentences import located, ranges, sentence
from xltools.check.settings.settings_workbook import read_settings
from xltools.check.submission import Submission
from xltools.check.validate.across_workbooks import across
from xltools.cli.shared.call_mistakes import sentence_of
from xltools.cli.shared.terminal_report import show_checked
from xltools.cli.shared.terminal_text import columns
from xltools.consolidate.collect_submissions import collect
from xltools.errors import ReadError, SettingsError
from xltools.generate.workbook_series import write_settings
from xltools.ground.period import Quarter
from xltools.issues import Code, Issue, issue
from xltools.locale import LANGUAGES, say
from xltools.settings import Member, Target, Team

FAULTS = [
    ("| 李娜 | @2024-07-05", "| | @2024-07-05"),
    ("| 王强 | @2024", "| | @2024"),
    ("@2024-09-10", "2024-09-31"),
]


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    return write(tmp_path / FILE, bent("任务分解", *FAULTS), identity=IDENTITY)


def test_json_has_the_documented_shape(faulty: Path) -> None:
    answer = json.loads(checked(faulty).json("zh"))
    [file] = answer["files"]
    assert {key: file[key] for key in ("file", "template", "team", "period", "rows")} == {
        "file": str(faulty),
        "template": "goals",
        "team": "市场部",
        "period": "2024Q3",
        "rows": {"alignment": 2, "tasks": 3, "progress": 2, "review": 2},
    }
    assert file["verdict"] == "errors"
    assert len(file["sha256"]) == 64
    assert file["issues"][0] == {
        "file": str(faulty),
        "sheet": "任务分解",
        "cell": "E4",
        "column": "end",
        "code": "cell-kind",
        "severity": "error",
        "value": "2024-09-31",
        "message": file["issues"][0]["message"],
        "suggestion": file["issues"][0]["suggestion"],
    }
    assert answer["issues"] == []
    assert answer["summary"] == {"files": 1, "errors": 4, "warnings": 0, "infos": 0}


def test_csv_opens_in_excel_and_holds_no_formula(tmp_path: Path) -> None:
    path = write(tmp_path / FILE, bent("目标对齐", ("| 1000 |", "| '=cmd() |")))
    text = checked(path).csv("en")
    assert text.startswith("\ufeffFile,Sheet,Cell,Column,Severity,Code,Content,Problem,Suggestion")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0]["Content"] == "'=cmd()"
    assert (rows[0]["Cell"], rows[0]["Column"]) == ("D2", "Target")


def test_equal_faults_are_told_together(faulty: Path) -> None:
    answer = checked(faulty)
    groups = answer.groups(answer.submissions[0], "zh")
    assert [(group.cells, group.count) for group in groups] == [("C2:C4", 3), ("E4", 1)]
    assert groups[0].sentence == "3 行缺少负责人；请填写"
    assert groups[0].column == "负责人"


def test_no_group_hides_what_another_of_its_faults_says(tmp_path: Path) -> None:
    """Names, values and suggestions that a sentence gives are those of all its cells."""
    near = [
        ("| 行业白皮书 | 有效线索1000条", "| 行业白皮书 | 有效线索1000"),
        ("| 线上研讨会 | 有效线索1000条", "| 线上研讨会 | 有效线索1000"),
        ("老客户触达率80%", "老客户的触达率80%"),
    ]
    answer = checked(write(tmp_path / FILE, bent("任务分解", *near), identity=IDENTITY))
    groups = answer.groups(answer.submissions[0], "zh")
    assert [(one.code, one.cells, one.suggestion) for one in groups] == [
        ("reference-near", "B2:B3", "有效线索1000条"),
        ("reference-near", "B4", "老客户触达率80%"),
    ]
    assert groups[0].sentence.endswith("（共 2 处）")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_equal_codes_with_different_words_are_told_apart(lang: str) -> None:
    """Whatever sentence stands for several, either it is of them all or says: for example."""
    names = """what where count version current other low high first target cells read found unit
        letters metric team last other_label than times period"""
    details = {"of": "goals.tasks", **dict.fromkeys(names.split(), "x")}
    for code in Code:
        faults = [
            issue(
                code,
                sheet="任务分解",
                cell=f"C{row}",
                column="owner",
                value=f"原文{row}",
                suggestion=f"建议{row}",
                other_file="另一份.xlsx",
                other_sheet="任务分解",
                other_cell="A1",
                details={**details, "rows": f"{row}", "reading": f"读作{row}"},
            )
            for row in (2, 3)
        ]
        told = [sentence(fault, lang, catalog()) for fault in faults]
        for group in report_groups(faults, lang, catalog()):
            if group.count > 1 and told[0] != told[1]:
                assert say("check.more", lang, count=2) not in group.sentence, code


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_terminal_is_too_narrow_for_a_sentence(
    lang: str, width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chinese has no spaces to break at, and what is cut is what to do."""
    odd = [("客户答谢会", "客户答谢会（" + "很长" * 30 + "）")]
    path = write(tmp_path / FILE, bent("任务分解", *FAULTS, *odd), identity=IDENTITY)
    answer = checked(path)
    screen = Console(width=width, file=io.StringIO())
    monkeypatch.setattr("xltools.cli.shared.terminal_report.screen", lambda: screen)
    monkeypatch.setattr(
        "xltools.cli.shared.terminal_report.text", text
    )  # short heads, whatever the language
    show_checked(answer, lang)
    lines = screen.file.getvalue().splitlines()
    heads = next(line for line in lines if text("check.where") in line)
    start, end = (
        columns(heads.partition(text(f"check.{name}"))[0]) for name in ("what", "suggestion")
    )
    shown = "".join(between(line, start, end) for line in lines)
    for group in answer.groups(answer.submissions[0], lang):
        assert re.sub(r"\s", "", group.sentence) in re.sub(r"\s", "", shown)


def text(key: str, **values: object) -> str:
    return say(f"cli.{key}", "zh", **values)


def between(line: str, start: int, end: int) -> str:
    """What stands in these columns of a terminal."""
    at, found = 0, ""
    for sign in line:
        found += sign if start <= at < end else ""
        at += columns(sign)
    return found


def test_ranges() -> None:
    assert ranges(["D5", "D6", "D7", "D9", "F1", ""]) == "D5:D7, D9, F1"


def test_a_sentence_begins_and_joins_as_its_language_does() -> None:
    twice = issue(
        Code.HEADER_DUPLICATE,
        column="owner",
        details={"of": "goals.tasks", "cells": "C1 D1", "read": ""},
    )
    assert "(C1, D1)" in sentence(twice, "en", catalog())
    assert "（C1、D1）" in sentence(twice, "zh", catalog())
    broken = issue(Code.ROW_RULE, sentence={"zh": "结束早于开始", "en": "the end is too early"})
    assert sentence(broken, "en", catalog()) == "The end is too early"
    assert sentence(broken, "zh", catalog()) == "结束早于开始"


def test_every_code_has_a_sentence_in_both_languages() -> None:
    names = """what where count version current other rows low high reading first target cells
        read found unit letters metric team last other_label than times period"""
    details = dict.fromkeys(names.split(), "x")
    for code in Code:
        fault = Issue(
            code=code,
            severity="error",
            file="a.xlsx",
            sheet="b",
            cell="C1",
            column="d",
            value="e",
            suggestion="f",
            details=details,
            other_file="b.xlsx",
            other_sheet="g",
            other_cell="H1",
        )
        for lang in LANGUAGES:
            text = located(fault, lang, catalog())
            assert text.startswith("a.xlsx"), code
            assert "{" not in text, code


def test_a_refused_file_names_its_sheet_and_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "目标对齐"
    book.active["XFD9"] = "远"
    book.save(tmp_path / "inside.xlsx")
    with ZipFile(tmp_path / "inside.xlsx") as inside, ZipFile(tmp_path / FILE, "w") as outside:
        for name in inside.namelist():
            outside.writestr(name, inside.read(name).replace(b'r="XFD9"', b'r="XFE9"'))
    answer = checked(tmp_path / FILE)
    [group] = answer.groups(answer.submissions[0], "zh")
    assert "“目标对齐”" in group.sentence
    assert "XFE9" in group.sentence


def test_a_workbook_without_sheets_to_fill_in_is_told_as_that(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("图")
    book.remove(book["Sheet"])
    book.save(tmp_path / FILE)
    answer = checked(tmp_path / FILE)
    [group] = answer.groups(answer.submissions[0], "zh")
    assert group.sentence == say("issues.workbook-unknown.blank", "zh")


def test_marked_copies_show_faults_and_are_clean_after_mending(
    faulty: Path, tmp_path: Path
) -> None:
    answer = checked(faulty)
    [marked] = answer.write_marked(tmp_path / "returned", "zh")
    book = openpyxl.load_workbook(marked)
    assert book.sheetnames == ["问题清单", *GOOD]
    sheet = book["任务分解"]
    assert "负责人" in sheet["C2"].comment.text
    assert sheet["C2"].fill.fgColor.rgb != sheet["D2"].fill.fgColor.rgb
    assert sheet["A2"].comment is None
    texts = [str(cell.value) for row in book["问题清单"].iter_rows() for cell in row if cell.value]
    assert any(answer.submissions[0].sha256 in text for text in texts)
    assert any("#'任务分解'!C2" in text for text in texts)
    again = one(marked)
    assert serious(again.issues) == serious(answer.submissions[0].issues)
    for row in range(2, 5):
        sheet.cell(row, 3, "李娜")
    sheet["E4"] = "2024-09-10"
    book.save(tmp_path / FILE)
    assert serious(one(tmp_path / FILE).issues) == []


def test_what_cannot_be_edited_gets_the_list_alone(tmp_path: Path) -> None:
    path = tmp_path / "坏.xls"
    path.write_bytes(b"nothing")
    [listed] = checked(path).write_marked(tmp_path / "returned", "zh")
    assert listed.name == "坏-问题清单.xlsx"
    sheet = openpyxl.load_workbook(listed)["问题清单"]
    assert sheet["A3"].value == "回执：- · - · - · 未计入"
    assert [cell.value for cell in sheet[7] if cell.value] == [
        *(1, "错误", "这是文本文件，不是工作簿；请提交 Excel 文件")
    ]


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(ReadError):
        checked(tmp_path)
    with pytest.raises(ReadError):
        checked(tmp_path / "missing.xlsx")


def test_tables_carry_provenance_and_kinds(tmp_path: Path) -> None:
    first = write(tmp_path / FILE, GOOD)
    second = write(tmp_path / "销售部-目标管理-2024Q3.xlsx", GOOD)
    tables = collect([first, second], ReadingPlan(catalog(), settings())).tables
    tasks = tables["goals", "tasks"]
    assert list(tasks.columns[:5]) == ["_team", "_period", "_file", "_sheet", "_row"]
    assert list(tasks["_row"]) == [2, 3, 4] * 2
    assert list(tasks["_team"]) == ["市场部"] * 3 + ["销售部"] * 3
    assert str(tasks["start"].dtype) == "datetime64[ns]"
    assert tasks["budget"].sum() == 20


def test_checking_streams_in_the_order_of_paths(tmp_path: Path) -> None:
    paths = [write(tmp_path / f"队{n}-目标管理-2024Q3.xlsx", GOOD) for n in (3, 1, 2)]
    seen: list[tuple[int, int]] = []
    found = check(
        paths,
        ReadingPlan(catalog(), settings()),
        workers=2,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert [one.team for one in found] == ["队3", "队1", "队2"]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_across_needs_no_rows(tmp_path: Path) -> None:
    old = one(write(tmp_path / "a-目标管理-2024Q3.xlsx", GOOD, modified="2024-10-01T00:00:00"))
    new = Submission(
        file="b.xlsx", template="goals", team="a", period="2024Q3", modified="2024-10-02"
    )
    assert [issue.code for issue in across([old, new], settings(), None)] == ["workbook-duplicate"]
    assert (old.excluded, new.excluded) == (True, False)


def test_settings_are_read_back_as_written(tmp_path: Path) -> None:
    wanted = settings_with(
        organisation="远航科技",
        teams=(Team(team="华东", lead="张伟", workbooks=("expansion", "plan"), bonus=50000.0),),
        members=(Member(name="张伟", team="华东", role="经理"),),
        targets=(Target(team="华东", metric="新增客户数", target=50.0, weight=0.3, unit="家"),),
        parameters={**settings().parameters, "on_target": 0.95},
        choices={"expense_class": ("物料费用",)},
        period=Quarter(2024, 3),
    )
    for lang in LANGUAGES:
        path = tmp_path / f"settings-{lang}.xlsx"
        write_settings(path, catalog=catalog(), settings=wanted, period=Quarter(2024, 3), lang=lang)
        found = read_settings(path, catalog(), lang)
        assert (found.organisation, found.period) == (wanted.organisation, wanted.period)
        assert found.teams == wanted.teams
        assert found.members == wanted.members
        assert found.parameters == wanted.parameters
        assert found.choices == wanted.choices
        [target] = found.targets
        assert (target.metric, target.target, target.weight, target.unit) == (
            "新增客户数",
            50,
            0.3,
            "家",
        )
        assert target.cell == "D10"


def test_faulty_settings_are_refused_with_their_issues(tmp_path: Path) -> None:
    sheets = {
        "基本信息": "| 组织 | 季度 | 截止日期 | 语言 |\n| 远航 | 2024年 | 2024-10-10 | 中文 |",
        "团队": "| 团队 | 负责人 | 部门 | 区域 | 填报工作簿 | 绩效奖金 |\n| 华东 | 张伟 | | | 市场扩张 | 5万 |",
        "选项": "| 列表 | 选项 |\n| 优先 | 特高 |",
    }
    path = write(tmp_path / "settings.xlsx", sheets)
    with pytest.raises(SettingsError) as caught:
        read_settings(path, catalog(), "zh")
    issues = caught.value.values["issues"]
    assert isinstance(issues, tuple)
    assert [(issue.code, issue.sheet, issue.cell) for issue in issues] == [
        ("cell-kind", "基本信息", "B2"),
        ("reference-missing", "团队", "E2"),
        ("cell-choice", "选项", "A2"),
    ]
    told = located(issues[1], "zh", catalog())
    assert "没有名为“市场扩张”的工作簿" in told
    assert "市场拓展 / 目标管理 / 年度计划与绩效" in told


def test_all_faults_of_settings_are_told_at_once_and_by_check_as_well(tmp_path: Path) -> None:
    path = tmp_path / "settings.xlsx"
    write_settings(path, catalog=catalog(), settings=settings(), period=Quarter(2024, 3), lang="zh")
    book = openpyxl.load_workbook(path)
    names = [cell.value for cell in book["团队"][7]]
    for row, typed in ((10, {"team": "华东", "workbooks": "市场扩展"}), (11, {"team": "华南"})):
        for name, text in typed.items():
            book["团队"].cell(row, names.index(name) + 1, text)
    book["选项"]["B10"], book["选项"]["C10"] = "无此列表", "特高"
    book.save(path)
    with pytest.raises(SettingsError) as caught:
        read_settings(path, catalog(), "zh")
    told = sentence_of(caught.value)
    answer = checked(path)
    sentences = [answer.sentence(one, "zh") for one in answer.submissions[0].issues]
    for words in ("没有名为“市场扩展”的工作簿", "缺少负责人", "没有列表“无此列表”"):
        assert words in told
        assert any(words in one for one in sentences)
    assert (answer.submissions[0].team, answer.submissions[0].period) == ("", "2024Q3")


def test_another_workbook_is_no_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(write(tmp_path / FILE, GOOD, identity=IDENTITY), catalog(), "zh")
    assert caught.value.key == "settings.other"


def test_settings_in_the_same_folder_are_nobodys_submission(tmp_path: Path) -> None:
    write(tmp_path / FILE, GOOD)
    known = settings_with(
        teams=(Team(team="市场部"),), organisation="远航", period=Quarter(2024, 3)
    )
    path = tmp_path / "settings.xlsx"
    write_settings(path, catalog=catalog(), settings=known, period=Quarter(2024, 3), lang="zh")
    answer = checked(tmp_path, settings=known, period=Quarter(2024, 3))
    assert answer.issues == ()
    assert [one.template for one in answer.submissions] == ["settings", "goals"]
