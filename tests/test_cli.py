"""The command line: every command answers, and every mistake is one sentence and its exit code."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from home_grown import visits

from xltools.cli import COMMANDS, cli
from xltools.cli.shared.terminal_text import columns
from xltools.definition import load_catalog
from xltools.ground.shipped import shipped

SETTINGS = shipped("samples") / "settings.xlsx"
SENT = shipped("samples") / "2024Q3"
CLEAN = SENT / "华东销售队-市场拓展-2024Q3.xlsx"
FAULTY = SENT / "华北销售队-市场拓展-2024Q3.xlsx"


class Answer(NamedTuple):
    """What a call gave back."""

    code: int
    out: str
    err: str


Call = Callable[..., Answer]


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Call the program with some words, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XLTOOLS_LANG", raising=False)

    def called(*words: object) -> Answer:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main([str(word) for word in words])
        out, err = capsys.readouterr()
        code = left.value.code
        assert isinstance(code, int)
        return Answer(code, out, err)

    return called


def refused(answer: Answer, code: int, *words: str) -> None:
    """The answer is one sentence on stderr that holds these words, and this exit code."""
    assert answer.code == code, answer
    assert len(answer.err.strip().splitlines()) == 1, answer.err
    assert "Traceback" not in answer.err
    assert "Error" not in answer.err
    for word in words:
        assert word in answer.err


# Help


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_verb_has_help_in_both_languages(call: Call, verb: str) -> None:
    chinese = call(verb, "--help")
    english = call(verb, "--help", "--lang", "en")
    assert chinese.code == english.code == 0
    assert f"xltools {verb}" in chinese.out.split("例子")[1]
    assert f"xltools {verb}" in english.out.split("Example")[1]
    assert not any("\u4e00" <= sign <= "\u9fff" for sign in english.out.split("Example")[0])


def test_every_option_is_explained(call: Call) -> None:
    for verb in COMMANDS:
        for line in call(verb, "--help").out.splitlines():
            if line.strip().startswith("--"):
                assert any("\u4e00" <= sign <= "\u9fff" for sign in line), (verb, line)


def test_the_version_is_told(call: Call) -> None:
    assert call("--version").out.startswith("xltools ")


# Mistakes on the command line


def test_a_mistyped_command_or_option_is_answered_with_the_nearest(call: Call) -> None:
    refused(call("genrate"), 2, "generate")
    refused(call("check", "--retured", "x"), 2, "--returned")
    refused(call("rollover", SENT), 2, "--to")
    refused(call("evaluate", SENT, "--as-of", "soon"), 2, "--as-of")


def test_a_quarter_that_is_none(call: Call) -> None:
    refused(call("init", "q", "--period", "2024-5"), 2, "2024-5", "2024Q3")
    refused(call("generate", "-o", "out", "--team", "甲", "--period", "Q9"), 2, "Q9")


def test_outside_a_workspace_places_must_be_named(call: Call) -> None:
    refused(call("generate"), 2)
    refused(call("check"), 2)
    refused(call("evaluate", SENT), 2)


def test_a_name_like_no_other_is_answered_without_a_guess(call: Call) -> None:
    refused(call("describe", "zzz", "--lang", "en"), 2, "zzz", "goals")
    assert "did you mean" not in call("describe", "zzz", "--lang", "en").err


def test_a_quarter_that_no_spreadsheet_can_hold_is_refused(call: Call) -> None:
    for period in ("0000Q1", "1899Q4", "9999Q4"):
        words = ("goals", "--team", "A", "--period", period, "-o", "out")
        refused(call("generate", *words), 2, period)


@pytest.mark.parametrize(("rows", "said"), [(1_000, False), (1_001, True)])
def test_forms_too_long_to_be_quick_are_told(call: Call, rows: int, said: bool) -> None:
    where = ("--team", "A", "--period", "2024Q3", "-o", "o")
    made = call("generate", "goals", *where, "--rows", rows, "--lang", "en")
    assert made.code == 0
    assert ("more than 1000 filled rows" in made.out) is said


def test_a_team_named_twice_is_one_team_and_a_team_needs_a_name(call: Call, tmp_path: Path) -> None:
    made = call("generate", "goals", "--team", "A", "--team", "A", "--period", "2024Q3", "-o", "o")
    assert made.code == 0
    assert len(list(tmp_path.rglob("*.xlsx"))) == 1
    refused(call("generate", "goals", "--team", " ", "--period", "2024Q3", "-o", "o"), 2)


def test_settings_are_not_generated_for_teams(call: Call) -> None:
    refused(call("generate", "settings", "--team", "A", "--period", "2024Q3", "-o", "o"), 2)


def test_what_the_system_refuses_is_told_in_a_sentence(call: Call, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    refused(call("demo", "-o", "file"), 3, "file")
    assert (tmp_path / "file").read_text() == "kept"
    (tmp_path / "gone").mkdir()
    os.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    refused(call("check", CLEAN), 3)
    os.chdir(tmp_path)


def test_an_earlier_quarter_that_cannot_be_read_is_no_quarter(call: Call, tmp_path: Path) -> None:
    (tmp_path / "junk.xlsx").write_text("junk")
    words = ("evaluate", CLEAN, "--settings", SETTINGS, "-o", "e.xlsx", "--previous", "junk.xlsx")
    refused(call(*words), 3, "junk.xlsx")
    assert not (tmp_path / "e.xlsx").exists()


def test_an_address_without_a_scheduler_is_refused(call: Call) -> None:
    words = ("consolidate", CLEAN, "--settings", SETTINGS, "-o", "c.xlsx", "--scheduler", "nowhere")
    refused(call(*words), 2, "nowhere")


def test_a_console_without_chinese_and_a_service_without_stderr() -> None:
    """What cannot be printed is spelled out; what cannot be said is left unsaid."""
    program = [sys.executable, "-m", "xltools"]
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    told = subprocess.run(
        [*program, "describe"], env=ascii_only, capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert r"\u" in told.stdout
    words = [*program, "check", str(CLEAN), "--settings", str(SETTINGS)]
    mute = subprocess.run(f"exec {shlex.join(words)} 2>&-", shell=True, check=False)
    assert mute.returncode == 0


def test_an_unknown_team_or_template_is_answered_with_the_nearest(call: Call) -> None:
    words = ("--settings", SETTINGS, "-o", "out")
    refused(call("generate", *words, "--team", "华东销售对"), 2, "华东销售队")
    refused(call("generate", "goal", *words), 2, "goals")
    refused(call("describe", "expansoin"), 2, "expansion")


def test_workbooks_of_several_periods_need_a_period(call: Call) -> None:
    quarters = [shipped(f"samples/{quarter}") for quarter in ("2024Q2", "2024Q3")]
    answer = call("consolidate", *quarters, "-o", "out.xlsx")
    refused(answer, 2, "2024Q2", "2024Q3", "--period")
    assert not Path("out.xlsx").exists()


# Paths


@pytest.mark.parametrize("verb", ["check", "consolidate", "evaluate", "status"])
def test_a_path_that_does_not_exist(call: Call, verb: str) -> None:
    output = () if verb in ("check", "status") else ("-o", "out.xlsx")
    refused(call(verb, "nowhere/inbox", *output), 3, "nowhere/inbox")


@pytest.mark.parametrize("verb", ["check", "consolidate", "evaluate"])
def test_a_folder_with_nothing_to_read(call: Call, verb: str) -> None:
    Path("empty").mkdir()
    output = () if verb == "check" else ("-o", "out.xlsx")
    refused(call(verb, "empty", *output), 3, "empty")


def test_settings_and_templates_that_do_not_exist(call: Call) -> None:
    refused(call("check", CLEAN, "--settings", "none.xlsx"), 3, "none.xlsx")
    refused(call("check", CLEAN, "--templates", "none"), 2, "none")


def test_an_output_is_not_overwritten_without_force(call: Call) -> None:
    Path("out.xlsx").write_text("mine")
    refused(call("consolidate", CLEAN, "-o", "out.xlsx"), 3, "out.xlsx", "--force")
    refused(call("evaluate", CLEAN, "-o", "out.xlsx"), 3, "out.xlsx", "--force")
    assert Path("out.xlsx").read_text() == "mine"
    assert call("consolidate", CLEAN, "-o", "out.xlsx", "--force").code == 0
    assert Path("out.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    "words",
    [
        ("init", "taken/q", "--period", "2024Q3"),
        ("demo", "-o", "taken/demo"),
        ("generate", "-o", "taken/out", "--settings", SETTINGS),
        ("check", FAULTY, "--returned", "taken/returned"),
        ("consolidate", CLEAN, "-o", "taken/out.xlsx"),
        ("evaluate", CLEAN, "-o", "taken/out.xlsx"),
        ("rollover", CLEAN, "--to", "2024Q4", "-o", "taken/next", "--settings", SETTINGS),
    ],
    ids=lambda words: words[0],
)
def test_a_folder_that_cannot_be_written(call: Call, words: tuple[object, ...]) -> None:
    Path("taken").write_text("a file where a folder is wanted")
    answer = call(*words)
    assert answer.code == 3, answer
    assert ["taken" in line for line in answer.err.splitlines()].count(True) == 1
    assert "Traceback" not in answer.err + answer.out


# Workbooks


def test_a_clean_workbook_is_fine(call: Call) -> None:
    answer = call("check", CLEAN, "--settings", SETTINGS)
    assert answer.code == 0
    assert CLEAN.name in answer.out


def test_a_faulty_workbook_is_answered_cell_by_cell(call: Call) -> None:
    answer = call("check", FAULTY, "--settings", SETTINGS, "--returned", "back")
    assert answer.code == 1
    assert "约149" in answer.out
    assert "F12" in answer.out
    marked = openpyxl.load_workbook(Path("back") / FAULTY.name)
    note = marked["效果评估"]["F12"].comment
    assert note is not None
    assert "约149" in note.text


def test_json_and_csv_say_the_same(call: Call) -> None:
    words = ("check", SENT, "--settings", SETTINGS, "--format")
    told = json.loads(call(*words, "json").out)
    issues = [one for file in told["files"] for one in file["issues"]] + told["issues"]
    assert set(told) == {"files", "issues", "summary"}
    assert told["summary"]["errors"] == sum(one["severity"] == "error" for one in issues) > 0
    names = {"file", "sheet", "cell", "column", "code", "severity", "value", "message"}
    assert names <= set(issues[0])
    lines = call(*words, "csv").out.strip().splitlines()
    assert len(lines) == len(issues) + 1


def test_what_is_no_workbook_is_listed_and_the_rest_is_read(call: Call) -> None:
    folder = Path("mixed")
    folder.mkdir()
    shutil.copy(CLEAN, folder)
    (folder / "notes.xlsx").write_text("just some words")
    book = openpyxl.Workbook()
    book.active.append(["姓名", "生日", "星座"])
    book.active.append(["小王", "5月1日", "金牛"])
    book.save(folder / "名单.xlsx")
    answer = call("check", folder, "--format", "json")
    assert answer.code == 1
    found = {Path(f["file"]).name: f for f in json.loads(answer.out)["files"]}
    assert [one["code"] for one in found["notes.xlsx"]["issues"]] == ["file-not-workbook"]
    assert "workbook-unknown" in {one["code"] for one in found["名单.xlsx"]["issues"]}
    assert found[CLEAN.name]["template"] == "expansion"


# Settings and definitions


def test_settings_with_a_fault_name_the_cell(call: Call) -> None:
    bad = Path("settings.xlsx")
    book = openpyxl.load_workbook(SETTINGS)
    sheet = book["季度目标"]
    rows = [row for row in sheet.iter_rows() if row[1].value == "华东销售队"]
    row = rows[-1]  # the first one is the example
    row[1].value = "西北项目组"
    cell = row[1].coordinate
    book.save(bad)
    answer = call("check", CLEAN, "--settings", bad)
    assert answer.code == 2
    assert [cell in line for line in answer.err.splitlines()] == [False, True]
    assert "“团队”中没有“西北项目组”" in answer.err  # not “团队 · 团队”
    refused(call("check", CLEAN, "--settings", CLEAN), 2, CLEAN.name)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('kind = "people"', 'kind = "poeple"', "poeple"),
        ("required = true, unique", "requird = true, unique", "requird"),
        ('choices = "phase"', 'choices = "phases"', "phases"),
        ('check = "completion >= 1', 'check = "completeness >= 1', "completeness"),
        ("version = 1", "version = one", "expansion.toml"),
    ],
)
def test_a_definition_with_a_typo(call: Call, right: str, wrong: str, said: str) -> None:
    text = (shipped("templates") / "expansion.toml").read_text("utf-8")
    assert right in text
    own = Path("own")
    own.mkdir()
    (own / "expansion.toml").write_text(text.replace(right, wrong, 1), "utf-8")
    refused(call("check", CLEAN, "--templates", own), 2, "expansion", said)


# Descriptions and status


def test_a_folder_speaks_its_own_language_unless_told_otherwise(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call("init", "q", "--period", "2024Q3", "--lang", "en").code == 0
    monkeypatch.chdir(tmp_path / "q")
    assert "Team" in call("status").out
    assert "Market expansion" in call("describe").out
    assert "The definitions" in call("describe", "--check").out
    assert "Usage" in call("--help").out
    refused(call("chek"), 2, "Did you mean check?")
    assert "is ready" in call("init", "../next", "--period", "2024Q4").out
    assert "市场拓展" in call("describe", "--lang", "zh").out
    os.chdir(tmp_path)
    assert "市场拓展" in call("describe").out
    assert "Team" in call("status", "q").out
    os.chdir("q")
    book = openpyxl.load_workbook("settings.xlsx")
    names = [cell.value for cell in book["Teams"][7]]
    book["Teams"].cell(10, names.index("team") + 1, "East")
    book.save("settings.xlsx")
    assert "Lead is missing" in call("status").err
    monkeypatch.setenv("XLTOOLS_LANG", "zh")
    assert "缺少负责人" in call("status").err


def test_what_is_no_workbook_is_named_once_and_counted_nowhere(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "sent"
    shutil.copytree(SENT, folder)
    (folder / "说明.docx").write_bytes(b"PK")
    (folder / "Thumbs.db").write_bytes(b"x")
    (folder / "坏.xlsx").write_bytes(b"nothing")
    known = ("--settings", SETTINGS)
    told = call("consolidate", folder, "-o", "all.xlsx", *known)
    assert told.err.count("说明.docx") == 1
    assert "另存为 .xlsx" in told.err
    assert "Thumbs.db" not in told.err
    checked = call("check", folder, "--format", "json", *known)
    files = json.loads(checked.out)["files"]
    counted = sum(one["verdict"] != "excluded" for one in files)
    assert counted < len(files)
    assert f"已汇总 {counted} 个文件" in told.out
    assert "xltools check" in told.err


CLOSING = {
    "check": ("xltools status", "退出码是 1"),
    "consolidate": ("xltools status", "xltools check"),
    "evaluate": ("xltools status", "xltools check"),
    "rollover": ("xltools status", "xltools check"),
    "status": ("催交", "xltools check"),
}


@pytest.mark.parametrize("verb", CLOSING)
def test_a_command_ends_with_what_is_missing_and_what_to_do(call: Call, verb: str) -> None:
    inbox = quarter("2024Q3") / "inbox"
    words = ("--to", "2024Q4") if verb == "rollover" else ()
    os.chdir("2024Q3")
    shutil.copy(CLEAN, inbox.name)
    lacking = call(verb, *words)
    due = len(json.loads(call("status", "--format", "json").out)["standings"])
    assert lacking.code == 0
    last = lacking.err.splitlines()[-1]
    assert last.startswith(f"应交 {due} 个工作簿，还缺 {due - 1} 个")
    assert CLOSING[verb][0] in last
    shutil.copy(FAULTY, inbox.name)
    faulty = call(verb, *words)
    assert faulty.code == 1
    assert CLOSING[verb][1] in faulty.err.splitlines()[-1]
    # Who picks a file does not ask for the others.
    if verb != "status":
        assert "还缺" not in call(verb, f"inbox/{CLEAN.name}", *words).err


def test_of_one_team_only_its_own_workbooks_are_missing(call: Call) -> None:
    shutil.copy(CLEAN, quarter("2024Q3") / "inbox")
    told = call("status", "2024Q3", "--team", "华东销售队", "--format", "json")
    assert {one["team"] for one in json.loads(told.out)["standings"]} == {"华东销售队"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_describe_breaks_no_name_on_a_terminal_of_80_columns(
    call: Call, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for one in load_catalog():
        lines = call("describe", one.name, "--lang", lang).out.splitlines()
        assert max(map(columns, lines)) <= 80
        words = {word for line in lines for word in line.split()}
        for sheet in one.sheets:
            for column in sheet.columns:
                names = [column.name, *column.compute.split()]
                names += [column.source, column.reference, *column.label.en.split()]
                shown = set(filter(None, names)) if lang == "en" else {column.name}
                assert shown <= words, shown - words
    assert max(map(columns, call("describe", "--lang", lang).out.splitlines())) <= 80


def test_a_new_quarter_takes_its_definitions_along(call: Call) -> None:
    own = Path("own")
    own.mkdir()
    text = (shipped("templates") / "goals.toml").read_text("utf-8")
    (own / "goals.toml").write_text(text.replace('en = "Goal management"', 'en = "Aims"'), "utf-8")
    made = ("init", "q", "--period", "2024Q3", "--lang", "en")
    assert call(*made, "--templates", own).code == 0
    assert Path("q/templates/goals.toml").read_bytes() == (own / "goals.toml").read_bytes()
    os.chdir("q")
    assert "Aims" in call("describe").out
    os.chdir("..")
    # Again, with the same ones or without naming them: the quarter's own count.
    assert call(*made, "--templates", own, "--force").code == 0
    assert call(*made, "--force").code == 0
    (own / "goals.toml").write_text(text, "utf-8")
    settings = Path("q/settings.xlsx").read_bytes()
    refused(call(*made, "--templates", own, "--force"), 2, "q/templates", "own")
    assert Path("q/settings.xlsx").read_bytes() == settings


def test_describe_check_tells_every_mistake_of_every_definition(call: Call, tmp_path: Path) -> None:
    assert call("describe", "--check", "--lang", "en").code == 0
    (tmp_path / "templates").mkdir()
    for name in ("goals", "expansion"):
        text = (shipped("templates") / f"{name}.toml").read_text("utf-8")
        text = text.replace("required = true", "requried = true", 1)
        (tmp_path / "templates" / f"{name}.toml").write_text(text, "utf-8")
    told = call("describe", "--check", "--templates", "templates")
    assert told.code == 2
    assert [line.count("是不是“required”") for line in told.out.splitlines()] == [1, 1, 0]
    text = (shipped("templates") / "goals.toml").read_text("utf-8")
    (tmp_path / "templates" / "expansion.toml").unlink()
    path = tmp_path / "templates" / "goals.toml"
    path.write_text(text.replace("latest(progress.actual,", "latest(progress.actul,"), "utf-8")
    told = call("describe", "--check", "--templates", "templates")
    assert (told.code, "goals.tasks.carry.when" in told.out) == (2, True)
    path.write_text(text.replace('name = "milestone"', 'name = "my_milestone"'), "utf-8")
    told = call("describe", "--check", "--templates", "templates")
    assert (told.code, "goals.tasks.milestone" in told.out) == (0, True)
    path.write_text(text.partition("[[summaries]]")[0], "utf-8")
    told = call("describe", "--check", "--templates", "templates")
    assert (told.code, "goals 没有评估页“复盘汇总”" in told.out) == (0, True)
    assert "goals 没有 [[overview]] 块" in told.out


def test_describe_in_all_formats(call: Call) -> None:
    assert "expansion" in call("describe").out
    assert "达成率" in call("describe", "市场拓展").out
    assert call("describe", "plan", "--format", "markdown", "--lang", "en").out.startswith("# ")
    told = json.loads(call("describe", "goals", "--format", "json").out)
    assert told


def test_status_says_who_is_missing(call: Call) -> None:
    answer = call("status", SENT, "--settings", SETTINGS, "--format", "json")
    assert answer.code == 1
    assert "华北销售队" in answer.out
    table = call("status", SENT, "--settings", SETTINGS)
    assert "华北销售队" in table.out


def test_a_quarters_folder_stands_for_its_inbox(call: Call) -> None:
    assert call("init", "2024Q3", "--period", "2024Q3").code == 0
    shutil.copy(CLEAN, "2024Q3/inbox")
    shutil.copy(FAULTY, "2024Q3/outbox")
    answer = call("check", "2024Q3", "--format", "json")
    assert answer.code == 0
    assert [Path(one["file"]).name for one in json.loads(answer.out)["files"]] == [CLEAN.name]


@pytest.mark.parametrize("inside", ["2024Q3", "2024Q3/inbox", f"2024Q3/inbox/{CLEAN.name}"])
def test_a_quarters_folder_brings_its_settings(call: Call, inside: str) -> None:
    shutil.copy(CLEAN, quarter("2024Q3") / "inbox")
    assert call("init", "2024Q4", "--period", "2024Q4").code == 0
    assert "华北销售队" in call("status", inside).out
    assert Path("2024Q3/.xltools").is_dir()
    assert call("consolidate", inside).code == 0
    assert Path("2024Q3/reports/consolidated.xlsx").is_file()
    # From within another quarter, too: what is named counts, not where one stands.
    os.chdir("2024Q4")
    assert "华北销售队" in call("status", f"../{inside}").out


def test_what_does_not_count_is_told_in_a_sentence(call: Call) -> None:
    inbox = quarter("2024Q3") / "inbox"
    shutil.copy(CLEAN, inbox)
    shutil.copy(CLEAN, inbox / "又一份.xlsx")
    (inbox / "x.xlsx").write_text("hello")
    answer = call("status", "2024Q3")
    assert answer.code == 1
    lines = [line for line in answer.out.splitlines() if line.startswith("✖")]
    assert len(lines) == 2
    for line in lines:
        assert not any(code in line for code in ("workbook-duplicate", "file-not-workbook"))


def quarter(name: str) -> Path:
    folder = Path(name)
    (folder / "inbox").mkdir(parents=True)
    shutil.copy(SETTINGS, folder / "settings.xlsx")
    return folder


def test_the_quarter_before_is_compared_with_unless_it_cannot_be_read(call: Call) -> None:
    now, before, broken = quarter("2024Q3"), quarter("2024Q2"), quarter("2024Q1")
    shutil.copytree(SENT, now / "inbox", dirs_exist_ok=True)
    shutil.copytree(SENT.parent / "2024Q2", before / "inbox", dirs_exist_ok=True)
    settings = openpyxl.load_workbook(SETTINGS)
    for cell in (
        cell for sheet in settings.worksheets for row in sheet.iter_rows() for cell in row
    ):
        if cell.value == "2024Q3":
            cell.value = "2024Q2"
    settings.save(before / "settings.xlsx")
    shutil.copy(CLEAN, broken / "inbox")
    (broken / "settings.xlsx").write_text("no settings")
    answer = call("evaluate", "2024Q3")
    assert "2024Q1" in answer.err
    assert "2024Q2" not in answer.err
    book = openpyxl.load_workbook(now / "reports" / "evaluation.xlsx", data_only=True)
    cells = (cell for sheet in book.worksheets for row in sheet.values for cell in row)
    assert any("2024Q2" in str(cell) for cell in cells)
    assert (before / ".xltools" / "read.sqlite").is_file()


def test_a_team_stands_in_where_a_workbook_does_not_say_its_own(call: Call) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "效果评估"
    sheet.append(["评估维度", "核心指标", "单位", "目标值", "实际值"])
    sheet.append(["结果指标", "新增客户数", "家", 50, 60])
    book.save("x.xlsx")
    words = ("x.xlsx", "--team", "华东销售队", "--period", "2024Q3", "--settings", SETTINGS)
    assert json.loads(call("check", *words, "--format", "json").out)["files"][0]["team"]
    told = json.loads(call("status", *words, "--format", "json").out)
    assert [one["team"] for one in told["standings"] if one["state"] != "missing"] == ["华东销售队"]


def test_reports_of_the_program_are_no_submissions(call: Call) -> None:
    folder = Path("all")
    folder.mkdir()
    shutil.copy(CLEAN, folder)
    words = (CLEAN, "--settings", SETTINGS, "-o")
    assert call("consolidate", *words, folder / "consolidated.xlsx").code == 0
    assert call("evaluate", *words, folder / "evaluation.xlsx").code == 0
    assert call("rollover", CLEAN, "--to", "2024Q4", "-o", "next", "--settings", SETTINGS).code == 0
    shutil.copy(next(Path("next/reports").glob("*.xlsx")), folder)
    answer = call("check", folder, "--settings", SETTINGS, "--format", "json")
    assert answer.code == 0, answer
    files = {Path(one["file"]).name: one for one in json.loads(answer.out)["files"]}
    assert len(files) == 4
    assert files.pop(CLEAN.name)["issues"] == []
    assert {one["verdict"] for one in files.values()} == {"excluded"}


# Drafting


def test_draft_writes_a_definition_and_names_what_to_try_next(call: Call, tmp_path: Path) -> None:
    visits(tmp_path / "old" / "east.xlsx")
    answer = call("draft", "old", "--name", "visits", "--lang", "en")
    assert answer.code == 0
    assert "Left out: “封面” — no table with rows to fill in" in answer.out
    assert "Checked by it: 1 copy, 0 errors, " in answer.out
    for line in answer.out.splitlines()[-2:]:
        words = shlex.split(line)
        assert words.pop(0) == "xltools"
        assert call(*words).code == 0, line
    refused(call("draft", "old", "--name", "visits", "--lang", "en"), 3, "--force")
    assert call("draft", "old", "--name", "visits", "--force").code == 0
    assert call("draft", "old", "-o", "elsewhere/calls.toml").code == 0
    assert 'name = "calls"' in (tmp_path / "elsewhere" / "calls.toml").read_text("utf-8")


def test_draft_in_a_quarter_writes_its_own_templates(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("init", "2024Q3", "--period", "2024Q3", "--lang", "en")
    visits(tmp_path / "2024Q3" / "inbox" / "east.xlsx")
    monkeypatch.chdir(tmp_path / "2024Q3" / "inbox")
    answer = call("draft", "east.xlsx", "--name", "visits")
    assert (tmp_path / "2024Q3" / "templates" / "visits.toml").is_file()
    assert "Left out" in answer.out  # the quarter's language
    assert call("describe", "visits").code == 0


def test_draft_of_nothing_is_one_sentence(call: Call, tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "empty").mkdir()
    refused(call("draft", "broken.xlsx", "--lang", "en"), 3, "broken.xlsx")
    refused(call("draft", "gone.xlsx", "--lang", "en"), 3, "gone.xlsx")
    refused(call("draft", "empty", "--lang", "en"), 3, "empty")
    refused(call("draft", "--lang", "en"), 2, "WORKBOOK")
    refused(call("draft", "broken.xlsx", "--name", "A b", "--lang", "en"), 2, "A b")
    book = openpyxl.Workbook()
    book.active["A1"] = "Dear all"
    book.save(tmp_path / "letter.xlsx")
    refused(call("draft", "letter.xlsx", "--lang", "en"), 3, "letter.xlsx", "no table")
    assert not (tmp_path / "templates").exists()


def test_draft_goes_on_where_one_copy_cannot_be_read(call: Call, tmp_path: Path) -> None:
    visits(tmp_path / "good.xlsx")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    answer = call("draft", "good.xlsx", "broken.xlsx", "--name", "visits", "--lang", "en")
    assert answer.code == 1
    assert "Not read: broken.xlsx" in answer.err
    assert (tmp_path / "templates" / "visits.toml").is_file()
