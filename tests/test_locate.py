# ruff: noqa: E501 - tables are as wide as they are
"""Tables found wherever they stand: typed by hand, pasted, stacked, headed in two rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from good_goals import ALIGNMENT, FILE, GOOD, PROGRESS, REVIEW, TASKS, bent
from tables import catalog, one, serious, told, write

from xltools.check.identify.file_name import NameParts, name_parts
from xltools.check.identify.label_forms import (
    bare,
    bracketed,
    header_keys,
    split_brackets,
    title_forms,
)

TRACKING = """
| 表1:市场拓展计划执行跟踪表(周度) |
| 阶段 | 任务名称 | 责任人 | 计划完成时间 | 实际完成情况 | 遇到问题 | 解决措施 | 下一步计划 |
| 计划 | 华东区域制造业客户调研 | 张* | 2023-07-03 | 已完成 | 部分企业数据不透明 | 通过行业协会获取 | 形成《客户需求报告》 |
| 执行 | 上海行业展会参展 | 李* | 2023-07-10-12 | 完成,收集线索80条 | 线索质量参差不齐 | 增加筛选维度 | 完成线索分级 |
| 评估 | 新增客户签约跟进 | 王* | 2023-07-31 | 签约12家(目标15家) | 3家客户决策周期长 | 每周同步 | 推动剩余2家签约 |
"""
OUTCOME = """
| 表2:市场拓展效果评估表(周期:Q3) |
| 评估维度 | 核心指标 | 目标值 | 实际值 | 达成率 | 分析说明 |
| 结果指标 | 新增客户数(家) | 50 | 45 | 90% | 受竞品活动影响 |
| | 华东区域销售额(万元) | 200 | 215 | 107.5% | 超预期 |
| 过程指标 | 客户拜访量(家) | 200 | 220 | 110% | 增加拜访频次 |
| | 线索转化率(%) | 15% | 12% | 80% | 筛选标准过严 |
| 投入产出 | 拓展总成本(万元) | 30 | 28 | - | 优化投放 |
| | 投入产出比(1:X) | 1:6 | 1:7.7 | - | 收益提升 |
"""


def test_an_expansion_workbook_typed_by_hand(tmp_path: Path) -> None:
    sheets = {"市场拓展计划执行跟踪表(周度)": TRACKING, "市场拓展效果评估表(Q3)": OUTCOME}
    merges = {"市场拓展效果评估表(Q3)": ["A3:A4", "A5:A6", "A7:A8"]}
    submission = one(write(tmp_path / "华东销售队-市场拓展-2023Q3.xlsx", sheets, merges=merges))
    assert (submission.template, submission.team, submission.period) == (
        "expansion",
        "华东销售队",
        "2023Q3",
    )
    outcome = submission.sheets["outcome"].columns
    assert outcome["dimension"] == ["result"] * 2 + ["process"] * 2 + ["input_output"] * 2
    assert outcome["metric"][:2] == ["新增客户数", "华东区域销售额"]
    assert outcome["unit"] == ["家", "万元", "家", "%", "万元", "1:X"]
    assert outcome["target"] == [50, 200, 200, 0.15, 30, 6]
    assert outcome["attainment"] == [0.9, 1.075, 1.1, 0.8, None, None]
    tracking = submission.sheets["tracking"].columns
    assert tracking["completion"] == [1, 1, None]
    assert tracking["due"][1] == "2023-07-10/2023-07-12"
    assert serious(submission.issues) == [
        "warning sheet-missing !",
        "warning sheet-missing !",
        "warning sheet-missing !",
        "warning header-missing 市场拓展计划执行跟踪表(周度)! completion",
        "warning header-missing 市场拓展效果评估表(Q3)! basis",
        "warning header-missing 市场拓展效果评估表(Q3)! weight",
    ]


def test_a_goals_workbook_typed_by_hand(tmp_path: Path) -> None:
    sheets = {
        "销售-市场目标对齐表": """
| 表1:销售-市场目标对齐表 |
| 销售总目标 | 市场支撑目标 | 优先级 | 时间节点 | 负责人 |
| 年度新增销售额5000万元 | 季度提供有效线索1000条 | 高 | 2024Q1-Q4 | 市场部经理* |
| 新产品上市首月销售额300万元 | 新品触达用户50万人次,试用申请量2000次 | 高 | 2024.06 | 产品营销* |
""",
        "市场任务拆解与分配表": """
| 任务名称 | 关联市场目标 | 负责人 | 开始时间 | 结束时间 | 交付标准 | 所需资源 |
| 行业白皮书撰写与推广 | 季度有效线索1000条 | 内容专员* | 2024.01.05 | 2024.02.28 | 下载量500次 | 设计支持 |
| 线上研讨会(3场) | 季度有效线索1000条 | 活动策划* | 2024.01.10 | 2024.03.20 | 每场触达500人 | 平台费 |
| 新品短视频内容投放 | 新品触达用户50万人次 | 产品营销* | 2024.05.20 | 2024.06.30 | 播放10万次 | 投放 |
""",
        "市场任务进度跟踪表": """
| 任务名称 | 负责人 | 计划进度(截至2024.02.15) | 实际进度 | 关键指标(线索转化率) | 风险问题 | 调整措施 |
| 行业白皮书推广 | 内容专员* | 完成总推广量80% | 完成60% | 当前转化率8%(目标10%) | 点击率低 | 优化落地页 |
| 第一场线上研讨会 | 活动策划* | 报名阶段结束(目标500人) | 报名320人 | - | 吸引力不足 | 补充案例 |
""",
    }
    submission = one(write(tmp_path / "市场部-目标管理-2024Q1.xlsx", sheets))
    tasks = submission.sheets["tasks"].columns
    assert tasks["goal"] == ["季度提供有效线索1000条"] * 2 + [
        "新品触达用户50万人次,试用申请量2000次"
    ]
    progress = submission.sheets["progress"].columns
    assert progress["as_of"] == [date(2024, 2, 15)] * 2
    assert progress["task"] == ["行业白皮书撰写与推广", "第一场线上研讨会"]
    assert progress["planned"] == [0.8, None]
    errors = [text for text in serious(submission.issues) if text.startswith("error")]
    assert sorted(errors) == [
        "error cell-kind 市场任务进度跟踪表!C3 planned",
        "error cell-kind 市场任务进度跟踪表!D3 actual",
        "error reference-missing 市场任务进度跟踪表!A3 task",
    ]
    near = [text for text in serious(submission.issues) if "reference-near" in text]
    assert len(near) == 4


def test_one_table_pasted_into_a_new_workbook(tmp_path: Path) -> None:
    submission = one(write(tmp_path / "新建 工作表.xlsx", {"Sheet1": TASKS}), team="市场部")
    assert submission.template == "goals"
    assert submission.row_counts == {"tasks": 3}
    assert "warning sheet-renamed Sheet1!" in serious(submission.issues)


def test_tables_stacked_in_one_sheet(tmp_path: Path) -> None:
    stacked = f"{ALIGNMENT}\n| 二、任务 |\n{TASKS}\n| 三、进度 |\n{PROGRESS}\n\n{REVIEW}"
    submission = one(write(tmp_path / FILE, {"全部": stacked}))
    assert submission.row_counts == {"alignment": 2, "tasks": 3, "progress": 2, "review": 2}
    assert {text.split()[1] for text in serious(submission.issues)} == {"sheet-renamed"}
    assert submission.sheets["progress"].columns["task"] == ["行业白皮书", "线上研讨会"]


def test_headers_in_two_rows(tmp_path: Path) -> None:
    stages = """
| 指标 | 单位 | 负责人 | 第1月 | | 第2月 | | 第3月 | |
| | | | 目标 | 实际 | 目标 | 实际 | 目标 | 实际 |
| 新增客户数 | 家 | 张伟 | 15 | 14 | 18 | 16 | 17 | 15 |
"""
    merges = {"阶段目标": ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1", "H1:I1"]}
    submission = one(
        write(tmp_path / "华东-市场拓展-2024Q3.xlsx", {"阶段目标": stages}, merges=merges)
    )
    columns = submission.sheets["stages"].columns
    assert [columns[f"target_{month}"] for month in (1, 2, 3)] == [[15], [18], [17]]
    assert [columns[f"actual_{month}"] for month in (1, 2, 3)] == [[14], [16], [15]]
    assert columns["target"] == [50]


def test_english_headers_and_titles(tmp_path: Path) -> None:
    english = {}
    definition = catalog()["goals"]
    for sheet, table in zip(definition.sheets, GOOD.values(), strict=True):
        for column in sorted(sheet.columns, key=lambda column: -len(column.label.zh)):
            table = table.replace(f"| {column.label.zh} |", f"| {column.label.en} |", 1)
        english[sheet.title.en] = table
    submission = one(write(tmp_path / "Marketing-Goal management-2024Q3.xlsx", english))
    assert serious(submission.issues) == []
    assert (submission.lang, submission.team) == ("en", "Marketing")


def test_content_without_a_place_is_kept(tmp_path: Path) -> None:
    sheets = bent(
        "任务分解",
        ("跟踪频率 |", "跟踪频率 | 备注 |"),
        ("设计 | 每日 |", "设计 | 每日 | 加急 | 旁注 |"),
    )
    sheets["草稿"] = "| 电话 | 021-5555 |"
    submission = one(write(tmp_path / FILE, sheets))
    assert submission.sheets["tasks"].extra == {"备注": ["加急", "", ""], "L": ["旁注", "", ""]}
    assert [(kept.title, kept.rows) for kept in submission.unknown] == [
        ("草稿", [(1, ["电话", "021-5555"])])
    ]


def test_a_sheet_of_another_workbook_is_named(tmp_path: Path) -> None:
    submission = one(write(tmp_path / FILE, {**GOOD, "周度执行跟踪": TRACKING}))
    [fault] = [fault for fault in submission.issues if fault.code == "sheet-unknown"]
    assert (fault.text, fault.suggestion) == ("sheet-unknown.foreign", "市场拓展")


def test_a_near_header_is_suggested_never_taken(tmp_path: Path) -> None:
    submission = one(write(tmp_path / FILE, bent("任务分解", ("| 交付标准 |", "| 交付的标准 |"))))
    missing = next(fault for fault in submission.issues if fault.code == "header-missing")
    assert (missing.column, missing.suggestion) == ("deliverable", "交付的标准")
    assert submission.sheets["tasks"].columns["deliverable"] == [None] * 3
    assert submission.sheets["tasks"].extra["交付的标准"][0] == "下载500次"


def test_rows_far_below_are_told(tmp_path: Path) -> None:
    submission = one(
        write(tmp_path / FILE, {**GOOD, "任务分解": TASKS + "\n\n\n| 下季度再说的事 | |\n"})
    )
    assert told(submission.issues) == ["warning row-ignored 任务分解!A8"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("华东销售队-市场拓展-2024Q3.xlsx", ("华东销售队", "expansion", "2024Q3")),
        ("华东-一队-市场拓展-2024年第三季度.xlsx", ("华东-一队", "expansion", "2024Q3")),
        ("市场部_目标管理_2024-Q1 (2).xlsx", ("市场部", "goals", "2024Q1")),
        ("市场部-目标管理-2024Q1-副本.xlsx", ("市场部", "goals", "2024Q1")),
        ("East sales-Market expansion-2024Q3.xlsx", ("East sales", "expansion", "2024Q3")),
        ("目标管理.xlsx", ("", "goals", "")),
        ("随便-2024Q3.xlsx", ("", "", "2024Q3")),
    ],
)
def test_what_a_file_name_says(name: str, parts: tuple[str, str, str]) -> None:
    assert name_parts(f"/tmp/收到/{name}", catalog()) == NameParts(*parts)


def test_forms_of_headers_and_titles() -> None:
    assert bare("＊计划进度（截至2024.02.15）") == bare("计划进度")
    assert bracketed("计划进度（截至2024.02.15）") == "截至2024.02.15"
    assert split_brackets("线上研讨会(3场)") == ("线上研讨会", "3场")
    assert "负责人" in header_keys("负责人 *\nOwner\n一个人")
    assert "进度跟踪" in title_forms("进度跟踪 (2)")
    assert "进度跟踪" in title_forms("3.进度跟踪-副本")


def test_a_filled_copy_goes_before_its_blank_original(tmp_path: Path) -> None:
    names = [column.name for column in catalog()["goals"].sheet("tasks").columns][:10]
    header, *rows = TASKS.strip().splitlines()
    keys = f"| {' | '.join(names)} |"
    sheets = {
        **GOOD,
        "任务分解": "\n".join([header, keys]),
        "任务分解 (2)": "\n".join([header, keys, "|  |", *rows]),
    }
    submission = one(write(tmp_path / FILE, sheets))
    assert submission.sheets["tasks"].title == "任务分解 (2)"
    assert submission.row_counts["tasks"] == 3
