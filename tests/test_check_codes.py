# ruff: noqa: E501 - tables are as wide as they are
"""Every issue code, at its exact cell, from small sheets written as text tables."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from good_goals import FILE, GOOD, TASKS, bent
from tables import IDENTITY, catalog, checked, one, serious, settings_with, told, write

from xltools.ground.period import Quarter
from xltools.issues import Code
from xltools.settings import Metric, Target, Team

SEEN: set[str] = set()


def found(path: Path, **options: object) -> list[str]:
    submission = one(path, **options)
    SEEN.update(issue.code for issue in submission.issues)
    return serious(submission.issues)


def test_a_correct_workbook_has_no_issues(tmp_path: Path) -> None:
    for identity in (None, IDENTITY):
        submission = one(write(tmp_path / FILE, GOOD, identity=identity))
        assert told(submission.issues) == []
        assert submission.row_counts == {"alignment": 2, "tasks": 3, "progress": 2, "review": 2}
        assert (submission.team, submission.period) == ("市场部", "2024Q3")


CELLS = {
    "cell-kind": ("目标对齐", [("| 1000 |", "| 一千多 |")], ["error cell-kind 目标对齐!D2 target"]),
    "cell-kind date": (
        "任务分解",
        [("@2024-08-28", "2024-08-32")],
        ["error cell-kind 任务分解!E2 end"],
    ),
    "cell-kind percent above 1": (
        "进度跟踪",
        [("%0.9 |", "90 |")],
        ["error cell-kind 进度跟踪!E2 actual"],
    ),
    "cell-choice": (
        "目标对齐",
        [("| 高 |", "| 最高 |")],
        ["error cell-choice 目标对齐!F2 priority"],
    ),
    "cell-range least": (
        "任务分解",
        [("下载500次 | 2 |", "下载500次 | -2 |")],
        ["error cell-range 任务分解!H2 budget"],
    ),
    "cell-range between": (
        "目标复盘",
        [("%0.3", "%1.3")],
        ["error cell-range 目标复盘!E2 customer_share"],
    ),
    "cell-error": (
        "任务分解",
        [("| 李娜 | @2024-07-05", "| #N/A | @2024-07-05")],
        ["error cell-error 任务分解!C2 owner"],
    ),
    "cell-error not calculated": (
        "目标对齐",
        [("| 1000 |", "| =B9*2 |")],
        ["error cell-error 目标对齐!D2 target"],
    ),
    "cell-required": (
        "任务分解",
        [("| 王强 | @2024-08-01", "| | @2024-08-01")],
        ["error cell-required 任务分解!C4 owner"],
    ),
    "cell-required by a word for nothing": (
        "目标复盘",
        [("| 920 |", "| - |"), ("| %0.92 |", "| |")],
        ["error cell-required 目标复盘!C2 actual"],
    ),
    "row-rule": (
        "任务分解",
        [("@2024-09-10", "@2024-07-10")],
        ["error row-rule 任务分解!E4 end"],
    ),
    "row-rule two of a row": (
        "进度跟踪",
        [("报名少 | 加推广", " | ")],
        [
            "error row-rule 进度跟踪!I3 risk",
            "error row-rule 进度跟踪!J3 countermeasure",
        ],
    ),
    "row-rule warning": (
        "进度跟踪",
        [("| @2024-08-15 | 线上研讨会 | 王强", "| @2024-08-15 | 行业白皮书 | 王强")],
        [
            "warning row-rule 进度跟踪!B2 task",
            "warning row-rule 进度跟踪!B3 task",
        ],
    ),
    "row-duplicate": (
        "任务分解",
        [("| 客户答谢会", "| 线上研讨会 ")],
        ["error row-duplicate 任务分解!A4 task"],
    ),
    "reference-missing": (
        "进度跟踪",
        [("| 线上研讨会", "| 年会")],
        ["error reference-missing 进度跟踪!B3 task"],
    ),
    "reference-near": (
        "进度跟踪",
        [("| 线上研讨会", "| 线上研讨会（第一场）")],
        ["warning reference-near 进度跟踪!B3 task"],
    ),
    "cell-recomputed": (
        "目标复盘",
        [("%0.92", "%0.99")],
        ["warning cell-recomputed 目标复盘!D2 attainment"],
    ),
    "cell-recomputed a word": (
        "目标复盘",
        [("%0.92", "很好")],
        ["warning cell-recomputed 目标复盘!D2 attainment"],
    ),
    "cell-recomputed a formula that shows no percent": (
        "目标复盘",
        [("%0.92", "=C2/B2 -> 0.92"), ("%1.05", "=C3/B3 -> 1.05")],
        [],
    ),
    "header-missing": (
        "任务分解",
        [("| 交付标准 |", "| |")],
        [
            "error header-missing 任务分解! deliverable",
            "warning header-unknown 任务分解!G1",
        ],
    ),
    "header-unknown": (
        "任务分解",
        [("跟踪频率 |", "跟踪频率 | 备注 |"), ("设计 | 每日 |", "设计 | 每日 | 加急 |")],
        ["warning header-unknown 任务分解!K1"],
    ),
    "header-duplicate": (
        "任务分解",
        [("| 关键里程碑 |", "| 负责人 |")],
        [
            "error header-duplicate 任务分解!C1 owner",
            "error header-missing 任务分解! milestone",
        ],
    ),
    "header-renamed by unit": (
        "任务分解",
        [("| 预算 |", "| 预算（元） |")],
        ["warning header-renamed 任务分解!H1 budget"],
    ),
}


@pytest.mark.parametrize("name", CELLS)
def test_faults_in_one_sheet(name: str, tmp_path: Path) -> None:
    sheet, changes, expected = CELLS[name]
    path = write(tmp_path / FILE, bent(sheet, *changes), identity=IDENTITY)
    assert found(path) == expected


def test_normalised_cells_are_notes(tmp_path: Path) -> None:
    changes = [("| 1000 |", "| １,０００条 |"), ("2024-09-30", "2024年第三季度")]
    submission = one(write(tmp_path / FILE, bent("目标对齐", *changes)))
    SEEN.update(issue.code for issue in submission.issues)
    assert told(submission.issues) == [
        "info cell-normalised 目标对齐!D2 target",
        "info cell-normalised 目标对齐!G2 due",
    ]
    columns = submission.sheets["alignment"].columns
    assert columns["target"][0] == 1000
    assert columns["due"][0] == "2024-07-01/2024-09-30"


def test_header_units_convert(tmp_path: Path) -> None:
    changes = [("| 预算 |", "| 预算（元） |"), ("下载500次 | 2 |", "下载500次 | 20000 |")]
    submission = one(write(tmp_path / FILE, bent("任务分解", *changes)))
    assert submission.sheets["tasks"].columns["budget"][0] == 2


def test_sums(tmp_path: Path) -> None:
    breakdown = """
| 目标编号 | 上级目标 | 层级 | 维度 | 指标 | 指标类别 | 年度目标 | 单位 | Q1 | Q2 | Q3 | Q4 | 负责人 |
| G0 | | 公司 | 总体 | 销售额 | 结果 | 100 | 万元 | 20 | 30 | 20 | 30 | 张伟 |
| G1 | G0 | 部门 | 总体 | 销售额 | 结果 | 60 | 万元 | 10 | 20 | 10 | 10 | 李娜 |
| G2 | G0 | 部门 | 总体 | 销售额 | 结果 | 30 | 万元 | 5 | 10 | 5 | 10 | 王强 |
"""
    path = write(tmp_path / "市场部-年度计划与绩效-2024Q3.xlsx", {"目标分解": breakdown})
    errors = [text for text in found(path) if text.startswith("error")]
    assert errors == [
        "error sum-mismatch 目标分解!G3 annual_target",
        "error sum-mismatch 目标分解!G2 annual_target",
    ]


def test_missing_and_unknown_sheets(tmp_path: Path) -> None:
    sheets = {**GOOD, "草稿": "| 随便写 |\n| 1 |"}
    del sheets["目标复盘"]
    assert found(write(tmp_path / FILE, sheets, identity=IDENTITY)) == [
        "error sheet-missing !",
        "warning sheet-unknown 草稿!",
    ]
    assert found(write(tmp_path / FILE, sheets)) == [
        "warning sheet-missing !",
        "warning sheet-unknown 草稿!",
    ]


def test_missing_columns_warn_without_identity(tmp_path: Path) -> None:
    path = write(tmp_path / FILE, bent("任务分解", ("| 所需资源 |", "| |"), ("| 设计 |", "| |")))
    assert "warning header-missing 任务分解! resources" in found(path)


def test_renamed_sheet(tmp_path: Path) -> None:
    sheets = {("我的表" if title == "进度跟踪" else title): table for title, table in GOOD.items()}
    submission = one(write(tmp_path / FILE, sheets, identity=IDENTITY))
    SEEN.update(issue.code for issue in submission.issues)
    assert serious(submission.issues) == ["warning sheet-renamed 我的表!"]
    assert submission.row_counts["progress"] == 2


def test_hidden_rows_are_read_and_told(tmp_path: Path) -> None:
    path = write(tmp_path / FILE, GOOD, hidden_rows={"任务分解": [3, 4]})
    submission = one(path)
    SEEN.update(issue.code for issue in submission.issues)
    assert serious(submission.issues) == ["warning row-hidden 任务分解!A3"]
    assert submission.row_counts["tasks"] == 3


def test_totals_and_notes_are_no_data(tmp_path: Path) -> None:
    table = TASKS + "| 合计 | | | | | | | 10 | | |\n\n| 注：预算含税 | | |\n"
    submission = one(write(tmp_path / FILE, {**GOOD, "任务分解": table}))
    SEEN.update(issue.code for issue in submission.issues)
    assert told(submission.issues) == [
        "info row-ignored 任务分解!A5",
        "info row-ignored 任务分解!A7",
    ]
    assert submission.unknown[0].rows[0] == (5, ["合计", *[""] * 6, "10"])


def test_merged_numbers_examples_typed_over_and_odd_days(tmp_path: Path) -> None:
    tasks = TASKS.replace("| 2 | 设计", "| 2 | 示例").replace(
        "行业白皮书 |", "示例：行业白皮书 |", 1
    )
    progress = (
        GOOD["进度跟踪"].replace("行业白皮书", "示例：行业白皮书").replace("08-15", "10-15", 1)
    )
    sheets = {**GOOD, "任务分解": tasks, "进度跟踪": progress}
    submission = one(write(tmp_path / FILE, sheets, merges={"任务分解": ["H2:H3"]}))
    SEEN.update(issue.code for issue in submission.issues)
    assert told(submission.issues) == [
        "info cell-merged 任务分解!H2 budget",
        "warning row-example 任务分解!A2",
        "warning cell-implausible 进度跟踪!A2 as_of",
    ]
    assert submission.sheets["tasks"].columns["budget"] == [2.0, None, 3.0]


def test_key_row_and_a_changed_header(tmp_path: Path) -> None:
    names = [column.name for column in catalog()["goals"].sheet("tasks").columns][:10]
    lines = TASKS.strip().splitlines()
    header = lines[0].replace("| 交付标准 |", "| 成果要求 |")
    keys = "| " + " | ".join(names) + " |"
    table = "\n".join([header, keys, *lines[1:]])
    assert found(write(tmp_path / FILE, {**GOOD, "任务分解": table}, identity=IDENTITY)) == [
        "warning header-renamed 任务分解!G1 deliverable"
    ]


def test_versions(tmp_path: Path) -> None:
    newer = {**IDENTITY, "version": "2"}
    assert found(write(tmp_path / FILE, GOOD, identity=newer)) == ["error workbook-newer !"]
    older = {**IDENTITY, "version": "0"}
    assert found(write(tmp_path / FILE, GOOD, identity=older)) == ["warning workbook-outdated !"]


def test_foreign_formulas(tmp_path: Path) -> None:
    path = write(tmp_path / FILE, bent("目标对齐", ("| 1000 |", "| =[1]Sheet1!A1 -> 1000 |")))
    assert found(path) == ["warning workbook-tampered 目标对齐!D2"]


def test_unknown_workbook(tmp_path: Path) -> None:
    path = write(tmp_path / "采购清单.xlsx", {"Sheet1": "| 品名 | 数量 |\n| 纸 | 3 |"})
    assert found(path) == ["error workbook-unknown !"]
    assert one(path).excluded


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    good = write(tmp_path / FILE, GOOD).read_bytes()
    cases = {
        "text.xlsx": (b"a,b\n1,2\n", "file-not-workbook"),
        "cut.xlsx": (good[: len(good) // 2], "file-unreadable"),
    }
    for name, (content, code) in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert found(path) == [f"error {code} !"]
        assert one(path).excluded
    bomb = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(tmp_path / FILE) as old, zipfile.ZipFile(bomb, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                content = content.replace(b"<workbook", b"<!DOCTYPE a [<!ENTITY b 'c'>]><workbook")
            new.writestr(name, content)
    assert found(bomb) == ["error file-refused !"]


def test_between_workbooks(tmp_path: Path) -> None:
    old = write(tmp_path / "市场部-目标管理-2024Q3 (1).xlsx", GOOD, modified="2024-10-01T00:00:00")
    new = write(tmp_path / FILE, GOOD, modified="2024-10-02T00:00:00")
    late = write(tmp_path / "市场部-目标管理-2024Q2.xlsx", GOOD)
    stranger = write(tmp_path / "财务部-目标管理-2024Q3.xlsx", GOOD)
    known = settings_with(teams=(Team(team="市场部"),))
    answer = checked(old, new, late, stranger, settings=known, period=Quarter(2024, 3))
    SEEN.update(issue.code for issue in answer.issues)
    assert [(issue.code, Path(issue.file)) for issue in answer.issues] == [
        (Code.PERIOD_MISMATCH, late),
        (Code.TEAM_MISMATCH, stranger),
        (Code.WORKBOOK_DUPLICATE, old),
    ]
    counted = [Path(one.file) for one in answer.submissions if not one.excluded]
    assert counted == [new]


def test_contradicting_ids_and_targets(tmp_path: Path) -> None:
    outcome = """
| 评估维度 | 核心指标 | 单位 | 目标值 | 实际值 | 达成口径 | 权重 | 达成率 | 分析说明 |
| 结果指标 | 新增客户数 | 家 | 50 | 60 | | | | |
"""
    tracking = """
| 阶段 | 任务名称 | 责任人 | 计划完成时间 | 编号 |
| 执行 | 展会 | 张伟 | 2024-07-10 | T1 |
"""
    sheets = {"效果评估": outcome, "周度执行跟踪": tracking}
    east = write(tmp_path / "华东-市场拓展-2024Q3.xlsx", sheets)
    south = write(tmp_path / "华南-市场拓展-2024Q3.xlsx", sheets)
    target = Target(
        team="华东", metric="New customers", target=55, file="s.xlsx", sheet="季度目标", cell="D3"
    )
    known = settings_with(
        targets=(target,), metrics=(Metric(metric="新增客户数", aliases=("New customers",)),)
    )
    answer = checked(east, south, settings=known)
    SEEN.update(issue.code for issue in answer.issues)
    conflicts = [(i.file, i.sheet, i.cell, i.other_file, i.other_cell) for i in answer.issues]
    assert conflicts == [
        (str(south), "周度执行跟踪", "A2", str(east), "A2"),
        (str(east), "效果评估", "D2", "s.xlsx", "D3"),
    ]


def test_every_code_of_checking_was_seen() -> None:
    """Runs last, in the process that ran the others; apart from them it cannot tell."""
    if len(SEEN) < len(Code) // 2:
        pytest.skip("run the whole file in one process")
    elsewhere = {Code.FILE_ENCRYPTED, Code.FILE_TOO_LARGE, Code.FILE_REPAIRED}
    assert {str(code) for code in Code} - SEEN == {str(code) for code in elsewhere}
