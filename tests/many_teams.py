"""A quarter of many teams as desks have them: most near their targets, a few far off."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

from quarter import quarter

from xltools.consolidate.combine.consolidation import Consolidation
from xltools.settings import Team

Row = dict[str, Any]
Sheets = dict[tuple[str, str], list[Row]]

_REGIONS = ("华东", "华南", "华北", "华中", "西南", "西北", "东北", "海外")
_KINDS = (
    "大客户销售队", "渠道销售队", "电商销售队", "工业品销售队", "政企销售队", "零售销售队",
    "医疗销售队", "教育销售队", "金融销售队", "能源销售队", "交通销售队",
    "市场与品牌推广联合项目组", "海外拓展队",
)  # fmt: skip
_METRICS = (
    ("result", "销售额", "万元", 800), ("result", "新增客户数", "家", 60),
    ("result", "市场份额", "%", 0.18), ("result", "回款额", "万元", 700),
    ("process", "客户拜访量", "家", 320), ("process", "线索转化率", "%", 0.22),
    ("feedback", "客户满意度", "%", 0.92), ("input_output", "投入产出比", "1:X", 5),
)  # fmt: skip
_CHANNELS = ("线上广告", "行业展会", "渠道伙伴", "转介绍", "内容营销")
_TASKS = (
    "重点客户逐户拜访并签订年度框架协议", "完成渠道伙伴季度返利核对与续约",
    "上线新产品试用活动落地页",
    "与财务核对应收账款并制定催收计划", "组织两场行业研讨会并跟进线索", "完成竞品价格跟踪周报",
)  # fmt: skip
_MEMBERS = ("张伟", "李娜", "王芳", "刘洋", "陈静", "杨帆")
_CAUSES = ("goal_setting", "resources", "execution", "market")


def names(count: int) -> list[str]:
    """That many teams' names; the longest has twenty characters."""
    made = [f"{region}{kind}" for kind, region in product(_KINDS, _REGIONS)]
    return made[:count]


def many(count: int, period: str = "2024Q3", *, silent: int = 2) -> Consolidation:
    """A quarter of ``count`` teams, of which the last ``silent`` sent nothing."""
    every = names(count)
    senders = every[: max(1, count - silent)]
    rows: Sheets = {}
    for place, team in enumerate(senders):
        rng = Random(f"{team} {period}")
        level = rng.gauss(0.97, 0.13)
        for key, made in _team(rng, level, place, period).items():
            rows.setdefault(key, []).extend({"team": team, **row} for row in made)
    teams = tuple(
        Team(team=team, lead=_MEMBERS[n % 6], region=team[:2]) for n, team in enumerate(every)
    )
    missing = [
        (team, name) for team in every if team not in senders for name in ("expansion", "goals")
    ]
    return quarter(rows, period=period, teams=teams, missing=missing)


def _team(rng: Random, level: float, place: int, period: str) -> Sheets:
    year, quarter_number = int(period[:4]), int(period[-1])
    months = [f"{year}-{quarter_number * 3 - behind:02}" for behind in (2, 1, 0)]
    made: Sheets = {}
    made["expansion", "outcome"] = [
        {
            "dimension": dimension, "metric": metric, "unit": unit,
            "target": (target := _scaled(base * rng.uniform(0.7, 1.4), unit)),
            "actual": _scaled(target * max(0.2, level + rng.gauss(0, 0.12)), unit),
            "reason": "受竞品促销影响，5 家客户推迟签约" if rng.random() < 0.3 else None,
        }
        for dimension, metric, unit, base in rng.sample(_METRICS, 5)
    ]  # fmt: skip
    whole = round(900 * rng.uniform(0.7, 1.4))
    made["expansion", "stages"] = [
        {
            "metric": "销售额", "unit": "万元",
            **{f"target_{n}": round(whole / 3) for n in (1, 2, 3)},
            **{f"actual_{n}": round(whole / 3 * (level + rng.gauss(0, 0.1))) for n in (1, 2, 3)},
        }
    ]  # fmt: skip
    made["expansion", "spending"] = [
        {
            "channel": channel, "class": "marketing",
            "amount": (amount := round(rng.uniform(3, 25), 1)),
            "leads": rng.randint(20, 300), "customers": rng.randint(1, 30),
            "revenue": round(amount * rng.uniform(1.5, 8), 1),
        }
        for channel in rng.sample(_CHANNELS, 3)
    ]  # fmt: skip
    goals = [f"目标 {place + 1}-{n + 1}" for n in range(3)]
    made["goals", "alignment"] = [
        {
            "supporting_goal": goal, "sales_goal": "销售额增长 20%", "priority": "high",
            "metric": _METRICS[n][1], "unit": _METRICS[n][2],
            "target": _scaled(_METRICS[n][3], _METRICS[n][2]),
            "owner": _MEMBERS[n], "due": f"{months[2]}-28",
        }
        for n, goal in enumerate(goals)
    ]  # fmt: skip
    tasks = [
        {
            "task": f"{_TASKS[n]}（{place + 1}）", "goal": goals[n % 3],
            "owner": rng.choice(_MEMBERS), "cadence": "weekly",
            "start": f"{months[0]}-05", "end": f"{months[n % 3]}-25",
        }
        for n in range(5)
    ]  # fmt: skip
    made["goals", "tasks"] = tasks
    done = [rng.choice((1, 1, 1, 0.9, 0.6, 0.3)) for _ in tasks]
    made["goals", "progress"] = [
        {
            "task": task["task"], "as_of": f"{months[2]}-28", "planned": 1, "actual": share,
            "countermeasure": "加派一人支援" if share < 1 and rng.random() < 0.5 else None,
        }
        for task, share in zip(tasks, done, strict=True)
    ]  # fmt: skip
    made["goals", "review"] = [
        {
            "goal": goal,
            "actual": _scaled(_METRICS[n][3] * (level + rng.gauss(0, 0.1)), _METRICS[n][2]),
            "cause_class": rng.choice(_CAUSES), "success": "重点客户提前一月锁定决策人",
            "next_action": "下季度首月完成前十大客户续约", "owner": rng.choice(_MEMBERS),
            "due": f"{year}-12-31",
        }
        for n, goal in enumerate(goals)
    ]  # fmt: skip
    made["plan", "customers"] = [
        {"customer": f"客户 {place + 1}-{n}", "annual_revenue": round(rng.paretovariate(1.2) * 30)}
        for n in range(4)
    ]
    made["plan", "incentives"] = [
        {
            "member": member, "sales_target": 100, "actual": round(100 * level + rng.gauss(0, 15)),
            "base_rate": 0.05, "satisfaction": 0.95,
        }
        for member in rng.sample(_MEMBERS, 3)
    ]  # fmt: skip
    made["plan", "diagnosis"] = [
        {"dimension": dimension, "item": "例会与复盘", "score": rng.randint(2, 5)}
        for dimension in ("goal", "process", "capability")
    ]
    return made


def _scaled(value: float, unit: str | None) -> float:
    return round(value, 4) if unit == "%" else round(value, 1 if unit == "1:X" else 0)
