"""One team's workbook retyped in a file of its own: no identity, own titles, columns moved.

The rows are those of ``content/``; only how they stand is different: titles above the headers, a
header of two rows, units in brackets, merged dimensions, a column for remarks, a total, blank rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import IO

from xltools.excel.styles import Style
from xltools.excel.writing.workbook_writer import Book

LOOSE = ("2024Q3", "华南销售队", "expansion")

PLAIN = Style(font="宋体", size=11, wrap=True).boxed("#000000")
HEAD = PLAIN.but(bold=True, fill="#DDDDDD", align="center")
TITLE = Style(font="宋体", size=14, bold=True, align="center")
PHASES = {"plan": "计划", "execute": "执行", "evaluate": "评估", "review": "复盘"}
DIMENSIONS = {
    "result": "结果指标",
    "process": "过程指标",
    "feedback": "客户反馈",
    "input_output": "投入产出",
}
CLASSES = {"marketing": "营销费用", "labour": "人力成本", "commission": "渠道佣金"}
MODULES = {"strategy": "策略有效性", "process": "流程优化"}

Row = dict[str, object]


class Table:
    """A table written row by row under a title, as people do it."""

    def __init__(self, book: Book, name: str, title: str, widths: Sequence[int]) -> None:
        self.sheet = book.sheet(name)
        self.sheet.view.columns([width * 8 for width in widths])
        self.sheet.merge(1, 1, 1, len(widths), title, TITLE)
        self.next = 2

    def head(self, *headers: str) -> None:
        self.row(*headers, style=HEAD)

    def row(self, *values: object, style: Style = PLAIN) -> None:
        for column, value in enumerate(values, 1):
            self.sheet.value(self.next, column, value, style)
        self.next += 1


def write_loose(stream: IO[bytes], sheets: dict[str, list[Row]]) -> None:
    """Write 华南销售队's market expansion as the team keeps it."""
    with Book(stream, created=datetime(2024, 10, 9)) as book:
        _stages(book, sheets["stages"])
        _tracking(book, sheets["tracking"])
        _outcome(book, sheets["outcome"])
        _spending(book, sheets["spending"])
        _review(book, sheets["review"])


def _stages(book: Book, rows: list[Row]) -> None:
    table = Table(book, "阶段目标表", "华南区域市场拓展阶段目标表（三季度）", [22, 10, *[9] * 6])
    head = table.next
    for column, header in ((1, "指标（单位）"), (2, "负责人")):
        table.sheet.merge(head, column, head + 1, column, header, HEAD)
    for month in (1, 2, 3):
        column = 1 + 2 * month
        table.sheet.merge(head, column, head, column + 1, f"第{month}月", HEAD)
        table.sheet.value(head + 1, column, "目标", HEAD)
        table.sheet.value(head + 1, column + 1, "实际", HEAD)
    table.next = head + 2
    for row in rows:
        shown = _by_unit(row)
        months = [shown(f"{what}_{month}") for month in (1, 2, 3) for what in ("target", "actual")]
        table.row(f"{row['metric']}（{row['unit']}）", row["owner"], *months)


def _tracking(book: Book, rows: list[Row]) -> None:
    widths = [26, 8, 12, 14, 28, 8, 22, 22, 22, 24]
    table = Table(book, "周跟踪", "周度执行跟踪（截至9月30日）", widths)
    table.head(
        "任务名称", "阶段", "责任人", "计划完成时间", "实际完成情况", "完成度",
        "遇到问题", "解决措施", "下一步计划", "备注",
    )  # fmt: skip
    remarks = ["", "展位费另付，见财务单", "台风“摩羯”期间停拜访", ""]
    for row, remark in zip(rows, remarks, strict=True):
        done = row["completion"]
        table.row(
            row["task"],
            PHASES[str(row["phase"])],
            str(row["owner"]).replace("、", "/"),
            str(row["due"]).replace("/2024-08-", "-"),
            row["result"],
            None if done == 1 else f"{done:.0%}",
            row["issue"],
            row["solution"],
            row["next_step"],
            remark or None,
        )
        table.next += row["phase"] == "plan"  # a blank row behind the plan


def _outcome(book: Book, rows: list[Row]) -> None:
    widths = [12, 22, 10, 10, 10, 10, 40]
    table = Table(book, "效果评估表", "市场拓展效果评估表（周期：Q3）", widths)
    table.head("评估维度", "核心指标", "目标值", "实际值", "达成率", "权重", "分析说明")
    for dimension, group in groupby(rows, key=lambda row: row["dimension"]):
        first = table.next
        for row in group:
            shown = _by_unit(row)
            table.row(
                None,
                f"{row['metric']}({row['unit']})",
                shown("target"),
                shown("actual"),
                _attained(row),
                row["weight"] and f"{row['weight']:.0%}",
                row["analysis"],
            )
        table.sheet.merge(first, 1, table.next - 1, 1, DIMENSIONS[str(dimension)], PLAIN)


def _spending(book: Book, rows: list[Row]) -> None:
    table = Table(book, "投入产出表", "各渠道投入产出表", [16, 14, 12, 10, 12, 14])
    table.head("渠道", "费用类别", "金额", "线索数", "成交客户数", "新增销售额")
    for row in rows:
        table.row(
            row["channel"],
            CLASSES[str(row["class"])],
            f"{row['amount']:g}万元",
            f"{row['leads']}条",
            row["customers"],
            row["revenue"],
        )
    columns = ("amount", "leads", "customers", "revenue")
    table.row("合计", None, *(sum(row[name] for row in rows) for name in columns))  # type: ignore[misc]


def _review(book: Book, rows: list[Row]) -> None:
    table = Table(book, "复盘与优化建议表", "三季度复盘与优化建议", [14, 28, 28, 32, 10, 16])
    table.head("复盘模块", "亮点总结", "问题识别", "优化建议", "责任人", "完成时间")
    for row in rows:
        table.row(
            MODULES[str(row["module"])],
            row["highlight"],
            row["problem"],
            row["suggestion"],
            row["owner"],
            str(row["due"]).replace("-", "."),
        )


def _by_unit(row: Row) -> Callable[[str], object]:
    """How a row's numbers are typed: percentages and ratios in words, others as they are."""

    def shown(name: str) -> object:
        value = row[name]
        if row["unit"] == "%":
            return f"{value * 100:g}%"  # type: ignore[operator]
        return f"1:{value:g}" if row["unit"] == "1:X" else value

    return shown


def _attained(row: Row) -> str:
    if row["dimension"] == "input_output":
        return "-"
    return f"{row['actual'] / row['target'] * 100:.1f}%"  # type: ignore[operator]
