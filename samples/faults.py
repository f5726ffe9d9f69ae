"""What people mistype and bend: named steps, one a line, done to workbooks that were clean.

A step of `TYPED` puts one value where another stood; ``row`` counts the rows of a sheet from 1. A
step of `STRUCTURAL` changes the finished file. 华东销售队 made no mistake; 华北销售队 has not sent
its plan.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from bend import rename_sheet, type_formula

Key = tuple[str, str, str]  # quarter, team, workbook


class Typed(NamedTuple):
    """One cell; ``value`` None leaves it blank."""

    sheet: str
    row: int
    column: str
    value: object


TYPED: dict[Key, list[Typed]] = {
    ("2024Q3", "华北销售队", "expansion"): [
        # Said in another way: read, and logged.
        Typed("stages", 1, "actual_3", "7家"),
        Typed("stages", 2, "actual_2", "３６"),
        Typed("tracking", 1, "due", "2024年7月8日"),
        Typed("tracking", 2, "due", "2024-08-21-23"),
        Typed("tracking", 3, "completion", "三成"),
        Typed("outcome", 1, "target", "36家"),
        Typed("outcome", 5, "actual", "240,000元"),
        # The same leads on two rows of one channel.
        Typed("spending", 2, "leads", 45),
        # Wrong: sent back to the team.
        Typed("tracking", 3, "phase", "推进"),
        Typed("tracking", 4, "due", "2024-09-31"),
        Typed("tracking", 4, "next_step", None),
        Typed("outcome", 3, "actual", "约149"),
        Typed("outcome", 1, "analysis", None),
        Typed("outcome", 4, "target", 0.12),  # settings say 13 %
        Typed("review", 1, "due", "10月底"),
        Typed("review", 2, "owner", None),
    ],
    ("2024Q3", "华南销售队", "plan"): [
        Typed("breakdown", 1, "q3", "１６８"),
        Typed("breakdown", 2, "annual_target", "400万"),
        Typed("actions", 1, "end", "2024年11月30日"),
        Typed("actions", 2, "start", "7月1日"),
        Typed("incentives", 1, "satisfaction", "九成"),
        Typed("incentives", 3, "actual", "四十一"),
        Typed("customers", 1, "annual_revenue", "142万元"),
        Typed("customers", 4, "annual_revenue", "330,000元"),
        Typed("training", 1, "dates", "8月20日-8月22日"),
    ],
    ("2024Q3", "市场部", "goals"): [
        Typed("alignment", 1, "due", "2024Q1-Q4"),
        Typed("tasks", 1, "goal", "季度有效线索1000条"),
        Typed("progress", 2, "actual", "完成45%"),
        Typed("progress", 6, "task", "新品短视频投放"),
        Typed("review", 1, "actual", "930条"),
        # Wrong.
        Typed("alignment", 3, "priority", "最高"),
        Typed("tasks", 4, "end", "2024-07-25"),  # before its start
        Typed("tasks", 5, "deliverable", "触达大部分老客户"),
        Typed("progress", 3, "task", "第一场线上直播"),
        Typed("progress", 6, "countermeasure", None),
    ],
    ("2024Q3", "市场部", "plan"): [
        Typed("channels", 3, "decision", "暂停"),
        Typed("diagnosis", 2, "score", 6),
    ],
}

STRUCTURAL: dict[Key, list[Callable[[bytes], bytes]]] = {
    ("2024Q3", "华南销售队", "plan"): [
        partial(rename_sheet, old="目标分解", new="2024目标分解"),
        partial(type_formula, sheet="激励测算", cell="D11", formula="40+44"),
    ],
}
