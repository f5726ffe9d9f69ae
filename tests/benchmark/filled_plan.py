"""Believable rows of the third template: the annual plan with its quarterly performance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import Random

Row = dict[str, object]

_METRICS = (("新增销售额", "result"), ("新增客户数", "result"), ("有效线索数", "process"))
_PROGRAMMES = ("大客户谈判实战", "产品知识认证", "线索跟进演练")
_ITEMS = ("线索分配及时性", "目标拆解清晰度", "渠道政策透明度", "样机调配效率")


def plan(draw: Random, scale: float, names: Sequence[str]) -> dict[str, list[Row]]:
    """One team's rows; ``scale`` makes them more or fewer."""

    def some(count: int) -> range:
        return range(max(2, round(count * scale)))

    codes = [f"G{number:02}" for number in some(50)]
    return {
        "breakdown": [_goal(draw, code, codes[0], names) for code in codes],
        "actions": [_action(draw, number, codes, names) for number in some(50)],
        "budget": [_budget(draw, number) for number in some(40)],
        "metrics": [_metric(draw, number, codes) for number in some(60)],
        "channels": [_channel(draw, number) for number in some(50)],
        "incentives": [_incentive(draw, name) for name in names],
        "customers": [_customer(draw, number, names) for number in some(100)],
        "training": [_training(draw, names) for _ in some(30)],
        "diagnosis": [_diagnosis(draw, number) for number in some(30)],
    }


def _goal(draw: Random, code: str, top: str, names: Sequence[str]) -> Row:
    quarters = [float(draw.randrange(20, 90)) for _ in range(4)]
    return {
        "code": code,
        "parent": None if code == top else top,
        "level": "team" if code == top else "person",
        "dimension": draw.choice(("product", "channel", "region")),
        "metric": _METRICS[0][0],
        "class": _METRICS[0][1],
        "annual_target": sum(quarters),
        "unit": "万元",
        **{f"q{number}": amount for number, amount in enumerate(quarters, 1)},
        "owner": draw.choice(names),
    }


def _action(draw: Random, number: int, codes: Sequence[str], names: Sequence[str]) -> Row:
    return {
        "action": f"渠道伙伴招募（第{number + 1}批）",
        "strategy": draw.choice(("product", "channel", "promotion")),
        "goal": draw.choice(codes),
        "owner": draw.choice(names),
        "start": date(2024, 7, draw.randrange(1, 28)),
        "end": date(2024, 9, draw.randrange(1, 28)),
        "expected_result": f"签约{draw.randrange(2, 9)}家",
        "budget": round(draw.uniform(1, 20), 1),
    }


def _budget(draw: Random, number: int) -> Row:
    return {
        "quarter": "q3",
        "project": f"渠道{number + 1}",
        "priority": draw.choice(("high", "medium", "low")),
        "amount": round(draw.uniform(1, 40), 1),
        "expected_return": round(draw.uniform(1, 5), 1),
    }


def _metric(draw: Random, number: int, codes: Sequence[str]) -> Row:
    name, kind = _METRICS[number % len(_METRICS)]
    return {
        "as_of": date(2024, 7 + number // 3 % 3, 20),
        "metric": name,
        "class": kind,
        "goal": draw.choice(codes),
        "drives": _METRICS[0][0] if kind == "process" else None,
        "target": float(draw.randrange(50, 400)),
        "actual": float(draw.randrange(40, 420)),
        "cause": "投放延迟一周",
        "action": "追加两场直播",
    }


def _channel(draw: Random, number: int) -> Row:
    return {
        "channel": f"渠道{number + 1}",
        "sales_target": float(draw.randrange(20, 90)),
        "spend": round(draw.uniform(1, 30), 1),
        "leads": float(draw.randrange(20, 300)),
        "customers": float(draw.randrange(1, 20)),
        "revenue": round(draw.uniform(5, 120), 1),
        "decision": draw.choice(("more", "keep", "cut")),
    }


def _incentive(draw: Random, name: str) -> Row:
    return {
        "member": name,
        "sales_target": float(draw.randrange(40, 120)),
        "actual": float(draw.randrange(20, 160)),
        "base_rate": 0.05,
        "satisfaction": round(draw.uniform(0.8, 1), 2),
        "points": float(draw.randrange(0, 120)),
    }


def _customer(draw: Random, number: int, names: Sequence[str]) -> Row:
    return {
        "customer": f"客户{number + 1}",
        "annual_revenue": round(draw.paretovariate(1.2) * 5, 1),
        "owner": draw.choice(names),
        "tier": draw.choice(("standard", "silver", "gold")),
    }


def _training(draw: Random, names: Sequence[str]) -> Row:
    return {
        "level": draw.choice(("new", "core", "lead")),
        "member": draw.choice(names),
        "programme": draw.choice(_PROGRAMMES),
        "dates": "2024-08-10",
        "pass_rate": round(draw.uniform(0.6, 1), 2),
        "follow_up": "9月补考",
    }


def _diagnosis(draw: Random, number: int) -> Row:
    return {
        "dimension": draw.choice(("goal", "process", "capability")),
        "item": f"{_ITEMS[number % len(_ITEMS)]}{number + 1}",
        "score": draw.randrange(1, 6),
        "evidence": "平均分配时间6小时",
        "improvement": "自动分配，2小时内响应",
    }
