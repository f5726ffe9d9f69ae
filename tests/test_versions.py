"""A definition that changed between quarters: older workbooks are read with it, newer ones not."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from submissions import extra_texts

from xltools import verbs
from xltools.check.respond.issue_sentences import sentence
from xltools.check.submission import Submission
from xltools.definition import load_catalog
from xltools.errors import DefinitionError
from xltools.generate.workbook_series import write_workbook
from xltools.ground.period import Quarter
from xltools.ground.shipped import shipped

PERIOD = Quarter(2024, 3)
GOAL = {
    "sales_goal": "新增销售",
    "supporting_goal": "线索",
    "metric": "有效线索数",
    "target": 10.0,
    "unit": "条",
    "priority": "high",
    "due": "2024-07-01/2025-09-30",
    "owner": "甲",
}
TASK = {
    "task": "白皮书",
    "goal": "线索",
    "owner": "甲",
    "start": date(2024, 7, 1),
    "end": date(2024, 9, 30),
    "milestone": "5月",
    "deliverable": "10条",
    "resources": "设计",
    "cadence": "weekly",
}
PROGRESS = {
    "as_of": date(2024, 9, 30),
    "task": "白皮书",
    "planned": 1.0,
    "actual": 0.5,
    "risk": "慢",
    "countermeasure": "借人",
}
ROWS: dict[str, list[dict[str, Any]]] = {
    "alignment": [GOAL],
    "tasks": [TASK],
    "progress": [PROGRESS],
}

# What version 2 of goals changes: neither the former name nor its label reads like the new ones.
RENAMED = (
    'name = "deliverable", label = { zh = "交付标准", en = "Deliverable" }',
    'name = "acceptance", was = "deliverable", label = { zh = "验收", en = "Accepted when" }',
)
RULE = (
    'check = "has_number(deliverable)", columns = ["deliverable"]',
    'check = "has_number(acceptance)", columns = ["acceptance"]',
)
ADDED = (
    '  { name = "cadence", label',
    (
        '  { name = "sponsor", label = { zh = "发起人", en = "Sponsor" }, kind = "person",'
        ' required = true, example = "x" },\n  { name = "cadence", label'
    ),
)
MIGRATION = """[[migrations]]
version = 2
added = ["tasks.sponsor"]
changed = ["tasks.milestone"]
removed = { "tasks.resources" = { zh = "所需资源", en = "Resources" } }

[lists.task_cadence]"""


def second_version(folder: Path, *more: tuple[str, str]) -> Path:
    """Goals with a column renamed, one added, one removed, one of another kind."""
    folder.mkdir()
    text = (shipped("templates") / "goals.toml").read_text("utf-8")
    lines = [line for line in text.splitlines() if 'name = "resources"' not in line]
    changed = [
        line.replace('kind = "text"', 'kind = "span"') if '"milestone"' in line else line
        for line in lines
    ]
    text = "\n".join(changed)
    steps = (
        ("version = 1", "version = 2"),
        ("[lists.task_cadence]", MIGRATION),
        RENAMED,
        RULE,
        ADDED,
    )
    for old, new in (*steps, *more):
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "goals.toml").write_text(text, "utf-8")
    return folder


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A workbook made from version 1."""
    run = verbs.start(period=PERIOD, teams=["东区"])
    path = tmp_path / "in" / "东区-目标管理-2024Q3.xlsx"
    path.parent.mkdir()
    write_workbook(
        path,
        catalog=run.catalog,
        definition=run.catalog["goals"],
        settings=run.settings,
        team="东区",
        period=PERIOD,
        lang="zh",
        rows=ROWS,
    )
    return path


def read(path: Path, run: verbs.Run) -> Submission:
    return verbs.check_workbooks(run, [path], workers=1).submissions[0]


def later(tmp_path: Path, *more: tuple[str, str]) -> verbs.Run:
    folder = second_version(tmp_path / "templates", *more)
    return verbs.start(period=PERIOD, teams=["东区"], templates=folder)


def test_an_older_workbook_is_read_and_told_what_changed(tmp_path: Path, sent: Path) -> None:
    run = later(tmp_path)
    found = read(sent, run)
    assert [one.code for one in found.issues if one.severity != "info"] == ["workbook-outdated"]
    told = sentence(found.issues[0], "en", run.catalog)
    for word in ("“Deliverable”", "Accepted when", "Sponsor", "Milestone", "Resources"):
        assert word in told
    tasks = found.sheets["tasks"]
    assert tasks.columns["acceptance"] == ["10条"]
    assert tasks.columns["milestone"] == ["2024-05-01/2024-05-31"]
    assert tasks.columns["sponsor"] == [None]
    assert tasks.extra == {"所需资源": ["设计"]}


def test_what_no_migration_declares_is_blamed(tmp_path: Path, sent: Path) -> None:
    former = '{ zh = "1月底完成初稿", en = "Draft by the end of January" }'
    run = later(tmp_path, (MIGRATION, "[lists.task_cadence]"), (former, '"2024-01"'))
    codes = {(one.code, one.column) for one in read(sent, run).issues}
    assert {("header-missing", "sponsor"), ("header-unknown", "")} <= codes


def test_a_renamed_sheet_is_found_under_its_former_name(tmp_path: Path, sent: Path) -> None:
    title = 'title = { zh = "进度跟踪", en = "Progress" }'
    renamed = (
        (f'name = "progress"\n{title}', f'name = "steps"\nwas = "progress"\n{title}'),
        ('aliases = ["市场任务进度跟踪表", "任务进度跟踪表"]', ""),
    )
    text = (shipped("templates") / "goals.toml").read_text("utf-8")
    uses = text.count("progress.")
    run = later(tmp_path, *renamed, *[("progress.", "steps.")] * uses)
    found = read(sent, run)
    assert found.sheets["steps"].columns["actual"] == [0.5]
    assert "sheet-missing" not in {one.code for one in found.issues}
    report = verbs.evaluate_quarter(run, [sent], tmp_path / "evaluation.xlsx")
    [team] = report.figures["goals", "tasks_by_team"]
    assert team["seriously_behind"] == 1  # by its progress


def test_the_older_quarter_is_consolidated_evaluated_and_rolled_over(
    tmp_path: Path, sent: Path
) -> None:
    run = later(tmp_path)
    consolidated = tmp_path / "consolidated.xlsx"
    found = verbs.consolidate_workbooks(run, [sent], consolidated, workers=1)
    assert found.tables["goals", "tasks"]["acceptance"].tolist() == ["10条"]
    assert extra_texts(found, "goals", "tasks", "所需资源") == ["设计"]
    for number, source in enumerate((sent, consolidated)):
        report = verbs.evaluate_quarter(run, [source], tmp_path / f"e{number}.xlsx")
        assert "任务预警" in report.pages
    rolled = verbs.roll_over(run, [sent], "2024Q4", tmp_path / "next")
    path = next(path for path in rolled.written if "目标管理" in path.name)
    tasks = read(path, verbs.start(period="2024Q4", templates=tmp_path / "templates"))
    assert tasks.version == 2
    assert tasks.sheets["tasks"].columns["acceptance"] == ["10条"]


def test_a_consolidated_workbook_of_the_older_version_compares(tmp_path: Path, sent: Path) -> None:
    first = verbs.start(period=PERIOD, teams=["东区"])
    consolidated = tmp_path / "consolidated.xlsx"
    verbs.consolidate_workbooks(first, [sent], consolidated, workers=1)
    found = verbs.consolidate_workbooks(later(tmp_path), [consolidated])
    assert found.tables["goals", "tasks"]["acceptance"].tolist() == ["10条"]


def test_a_newer_workbook_is_refused(tmp_path: Path, sent: Path) -> None:
    run = later(tmp_path)
    rolled = verbs.roll_over(run, [sent], "2024Q4", tmp_path / "next")
    path = next(path for path in rolled.written if "目标管理" in path.name)
    old = verbs.start(period="2024Q4", teams=["东区"])
    found = read(path, old)
    assert found.excluded
    assert [one.code for one in found.issues] == ["workbook-newer"]
    told = sentence(found.issues[0], "zh", old.catalog)
    assert "2" in told
    assert "1" in told


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("tasks.sponsor", "tasks.nobody", "unknown"),
        ("tasks.milestone", "work.milestone", "unknown_near"),
        ("tasks.resources", "work.resources", "unknown"),
        ("[[migrations]]\nversion = 2", "[[migrations]]\nversion = 3", "late_migration"),
    ],
)
def test_a_mistaken_migration_is_refused(tmp_path: Path, old: str, new: str, key: str) -> None:
    folder = second_version(tmp_path / "templates", (old, new))
    with pytest.raises(DefinitionError) as caught:
        load_catalog(folder)
    assert caught.value.key == f"errors.definition.{key}"
