"""What stands around a table is read with it: units above, groups of headers, months as headers."""

from __future__ import annotations

from pathlib import Path

import pytest
from tables import one, write

from xltools.check.locate.table_context import money_above, month_keys
from xltools.check.submission import Submission
from xltools.excel.reading.workbook_reader import SheetCells
from xltools.ground.period import Quarter

FILE = "市场部-市场拓展-2024Q3.xlsx"
Q3 = Quarter(2024, 3)
SPENDING = """
| {above} |
| 渠道 | 费用类别 | {amount} | 线索数 |
| 线上广告 | 营销费用 | 100000 | 120 |
"""


def _spending(tmp_path: Path, above: str, amount: str = "金额") -> Submission:
    table = SPENDING.format(above=above, amount=amount)
    return one(write(tmp_path / FILE, {"投入产出": table}))


@pytest.mark.parametrize(
    ("above", "amount", "reads"),
    [
        ("单位：元", "金额", 10),
        ("（单位：人民币千元）", "金额", 10_000),
        ("金额单位: 万元", "金额", 100_000),
        ("Unit: CNY thousand", "金额", 10_000),
        ("Amounts in millions", "金额", 10_000_000),
        ("单位：元", "金额(万元)", 100_000),
        ("填报单位：市场部", "金额", 100_000),
        ("单位：家", "金额", 100_000),
    ],
)
def test_the_unit_above_a_table_holds_where_headers_have_none(
    tmp_path: Path, above: str, amount: str, reads: float
) -> None:
    read = _spending(tmp_path, above, amount)
    columns = read.sheets["spending"].columns
    assert columns["amount"] == [reads]
    assert columns["leads"] == [120]
    told = [i.cell for i in read.issues if i.text == "header-renamed.unit-above"]
    assert told == (["C2"] if reads != 100_000 else [])


def test_a_far_text_is_no_unit() -> None:
    rows: list[list[object]] = [["单位：元"], *[[None] for _ in range(6)], ["指标"]]
    assert money_above(SheetCells("表", 0, rows=rows), 8) == ("", 0, 0)
    assert money_above(SheetCells("表", 0, rows=rows), 7) == ("元", 1, 1)


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("7月目标", "第1月目标"),
        ("九月份实际", "第3月实际"),
        ("2024年8月目标", "第2月目标"),
        ("目标（8月）", "第2月目标"),
        ("Jul target", "month1target"),
        ("Target September", "month3target"),
        ("4月目标", None),
        ("第1月目标", None),
        ("17月目标", None),
        ("market target", None),
    ],
)
def test_a_month_of_the_quarter_heads_its_column(header: str, label: str | None) -> None:
    keys = month_keys(header, Q3)
    assert (label in keys) if label else not keys


STAGES = """
| 指标 | 单位 | 负责人 | 7月目标 | 8月目标 | 9月目标 | 7月实际 | 8月实际 | 9月实际 |
| 新增客户数 | 家 | 王芳 | 15 | 18 | 17 | 14 | 16 | 15 |
"""
GROUPED = """
| 指标 | 单位 | 负责人 | 目标 | | | 实际 | | |
| | | | 7月 | 8月 | 9月 | 7月 | 8月 | 9月 |
| 新增客户数 | 家 | 王芳 | 15 | 18 | 17 | 14 | 16 | 15 |
"""
OUTCOME = """
| 2024年三季度效果评估表 |
| 评估维度 | 核心指标 | 单位 | 指标完成情况 | | 分析说明 |
| | | | 目标值 | 实际值 | |
| | | | (三季度) | (三季度) | |
| 结果指标 | 新增客户数 | 家 | 50 | 45 | 展会延期 |
"""
TALL = [f"{column}2:{column}4" for column in "ABCF"]


@pytest.mark.parametrize(
    ("table", "merges"),
    [(STAGES, []), (GROUPED, ["A1:A2", "B1:B2", "C1:C2", "D1:F1", "G1:I1"]), (GROUPED, [])],
)
def test_months_as_headers(tmp_path: Path, table: str, merges: list[str]) -> None:
    path = write(tmp_path / FILE, {"阶段目标": table}, merges={"阶段目标": merges})
    read = one(path)
    columns = read.sheets["stages"].columns
    targets, actuals = ([columns[f"{of}_{n}"] for n in (1, 2, 3)] for of in ("target", "actual"))
    assert targets == [[15], [18], [17]]
    assert actuals == [[14], [16], [15]]
    assert read.sheets["stages"].rows == [3 if table is GROUPED else 2]
    assert "header-renamed" not in {str(issue.code) for issue in read.issues}


def test_a_month_of_another_quarter_heads_no_column(tmp_path: Path) -> None:
    wrong = STAGES.replace("7月目标", "11月目标")
    read = one(write(tmp_path / FILE, {"阶段目标": wrong}))
    assert "target_1" not in read.sheets["stages"].places


@pytest.mark.parametrize("merges", [[*TALL, "D2:E2"], []])
def test_a_group_over_three_rows_of_headers(tmp_path: Path, merges: list[str]) -> None:
    path = write(tmp_path / FILE, {"效果评估": OUTCOME}, merges={"效果评估": merges})
    read = one(path)
    columns = read.sheets["outcome"].columns
    assert (columns["metric"], columns["target"], columns["actual"]) == (["新增客户数"], [50], [45])
    missing = {i.column for i in read.issues if i.code == "header-missing"}
    assert missing.isdisjoint({"metric", "unit", "target", "actual", "analysis"})
    assert not [i for i in read.issues if i.code in ("header-unknown", "row-ignored")]


def test_a_row_of_data_below_a_blank_header_is_no_header(tmp_path: Path) -> None:
    table = """
| 评估维度 | 核心指标 | 目标值 | | 实际值 | |
| | | '50 | '家 | '45 | '家 |
| 结果指标 | 新增客户数 | 50 | 家 | 45 | 家 |
"""
    read = one(write(tmp_path / FILE, {"效果评估": table}))
    assert read.sheets["outcome"].rows == [2, 3]
