"""Believable filled workbooks for measuring: as large as real ones, a few faults among them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

from filled_plan import plan

from xltools.definition import Catalog
from xltools.generate.batch import Batch
from xltools.generate.workbook_series import Series
from xltools.ground.period import Quarter
from xltools.settings import Member, Settings, Team

PERIOD = Quarter(2024, 3)
KINDS = ("goals", "expansion")
ALL_KINDS = (*KINDS, "plan")
_FAULTS = 0.003  # of the rows
_TOGETHER = 25  # workbooks built at once

_NAMES = (
    "张伟",
    "王芳",
    "李娜",
    "刘洋",
    "陈静",
    "杨帆",
    "赵磊",
    "黄敏",
    "周涛",
    "吴霞",
    "徐强",
    "孙丽",
)
_PLACES = (
    "上海",
    "北京",
    "广州",
    "深圳",
    "杭州",
    "成都",
    "武汉",
    "西安",
    "南京",
    "苏州",
    "青岛",
    "长沙",
)
_WORKS = (
    "展会参展",
    "客户拜访",
    "渠道伙伴招募",
    "线上研讨会",
    "行业白皮书推广",
    "老客户回访",
    "样板客户建设",
)
_METRICS = (
    ("新增客户数", "家"),
    ("区域销售额", "万元"),
    ("有效线索数", "条"),
    ("客户拜访量", "家"),
)
_REASONS = (
    "投放延迟一周，线索到得晚",
    "样机到货推迟，演示减少三场",
    "渠道经理离职，交接用了两周",
    "价格审批较慢，报价晚于对手",
)
_ACTIONS = (
    "增加两场直播补足线索",
    "与渠道伙伴共用样机，提前预约",
    "由区域经理代管，每周复盘一次",
    "预先批准价格区间，当天报价",
)

Row = dict[str, object]


def benchmark_settings(
    base: Settings, teams: Sequence[str], kinds: Sequence[str] = KINDS
) -> Settings:
    """Settings with these teams and the people who stand in their rows."""
    import msgspec

    return msgspec.structs.replace(
        base,
        organisation="远航科技销售运营部",
        period=PERIOD,
        deadline=date(2024, 10, 10),
        teams=tuple(Team(team=team, workbooks=tuple(kinds)) for team in teams),
        members=tuple(Member(name=name, team=team) for team in teams for name in _NAMES),
    )


def team_names(count: int) -> list[str]:
    """So many different teams."""
    return [f"{_PLACES[n % len(_PLACES)]}销售{n // len(_PLACES) + 1}队" for n in range(count)]


def write_filled(
    folder: Path,
    count: int,
    catalog: Catalog,
    base: Settings,
    scale: float = 1,
    kinds: Sequence[str] = KINDS,
) -> Settings:
    """Write ``count`` workbooks unless they are there; the settings that go with them.

    ``scale`` makes them smaller or larger than what teams usually send.
    """
    teams = team_names(-(-count // len(kinds)))
    settings = benchmark_settings(base, teams, kinds)
    folder.mkdir(parents=True, exist_ok=True)
    for number, kind in enumerate(kinds):
        mine = teams[: (count - number + len(kinds) - 1) // len(kinds)]
        for start in range(0, len(mine), _TOGETHER):
            _write(folder, kind, mine[start : start + _TOGETHER], catalog, settings, scale)
    return settings


def _write(
    folder: Path,
    kind: str,
    teams: Sequence[str],
    catalog: Catalog,
    settings: Settings,
    scale: float,
) -> None:
    definition = catalog[kind]
    paths = [folder / f"{team}-{definition.title.zh}-{PERIOD}.xlsx" for team in teams]
    if all(path.exists() for path in paths):
        return
    batch = Batch(catalog=catalog, settings=settings, period=PERIOD, lang="zh")
    rows = [_ROWS[kind](Random(f"{kind} {team}"), scale) for team in teams]
    series = Series(batch, definition, teams, rows, fresh=False)
    for index, path in enumerate(paths):
        path.write_bytes(series.content(index))


def _goals(draw: Random, scale: float) -> dict[str, list[Row]]:
    goals = [
        f"{draw.choice(_PLACES)}{draw.choice(_WORKS)}支撑目标{n + 1:02}"
        for n in range(_some(16, scale))
    ]
    tasks = [
        f"{draw.choice(_PLACES)}{draw.choice(_WORKS)}（第{n + 1}批）"
        for n in range(_some(60, scale))
    ]
    return {
        "alignment": [_alignment(draw, goal) for goal in goals],
        "tasks": [_task(draw, task, goals) for task in tasks],
        "progress": [_progress(draw, task, week) for task in tasks for week in range(3)],
        "review": [_goal_review(draw, goal) for goal in goals],
    }


def _some(count: int, scale: float) -> int:
    return max(2, round(count * scale))


def _alignment(draw: Random, goal: str) -> Row:
    metric, unit = draw.choice(_METRICS)
    return {
        "sales_goal": f"年度新增销售额{draw.randrange(30, 80)}00万元",
        "supporting_goal": goal,
        "metric": metric,
        "target": float(draw.randrange(50, 1200, 10)),
        "unit": unit,
        "priority": draw.choice(("high", "medium", "low")),
        "due": draw.choice(("2024Q3", "2024Q1-Q4", "2024-09-30")),
        "owner": draw.choice(_NAMES),
    }


def _task(draw: Random, task: str, goals: Sequence[str]) -> Row:
    start = PERIOD.start + timedelta(days=draw.randrange(30))
    return {
        "task": task,
        "goal": draw.choice(goals) if draw.random() > _FAULTS else "还没有定的目标",
        "owner": draw.choice(_NAMES),
        "start": start,
        "end": start + timedelta(days=draw.randrange(20, 60)),
        "milestone": f"{draw.randrange(7, 10)}月底{draw.choice(('完成初稿', '签约', '验收'))}",
        "deliverable": f"新增线索{draw.randrange(20, 200)}条",
        "budget": round(draw.uniform(0.5, 20), 1),
        "resources": draw.choice(("设计支持", "渠道经理2名", "样机3台", "法务审核")),
    }


def _progress(draw: Random, task: str, week: int) -> Row:
    planned = min(1.0, 0.25 + 0.3 * week)
    actual = max(0.0, round(planned + draw.uniform(-0.2, 0.15), 2))
    behind = actual < planned and draw.random() > _FAULTS
    return {
        "as_of": date(2024, 8, 2) + timedelta(days=14 * week),
        "task": task,
        "owner": draw.choice(_NAMES),
        "planned": planned,
        "actual": actual if draw.random() > _FAULTS else "快了",
        "key_metric": draw.choice(_METRICS)[0],
        "metric_target": 100.0,
        "metric_actual": float(draw.randrange(70, 130)),
        "risk": draw.choice(_REASONS) if behind else None,
        "countermeasure": draw.choice(_ACTIONS) if behind else None,
    }


def _goal_review(draw: Random, goal: str) -> Row:
    return {
        "goal": goal,
        "actual": float(draw.randrange(40, 1300)),
        "customer_share": round(draw.uniform(0.01, 0.1), 3),
        "sales_share": round(draw.uniform(0.01, 0.1), 3),
        "cause_class": draw.choice(("goal_setting", "resources", "execution")),
        "cause": draw.choice(_REASONS),
        "success": "白皮书带来的线索质量最高",
        "next_action": draw.choice(_ACTIONS),
        "owner": draw.choice(_NAMES),
        "due": "2024-10-31",
    }


def _expansion(draw: Random, scale: float) -> dict[str, list[Row]]:
    return {
        "stages": [_stage(draw, n) for n in range(_some(24, scale))],
        "tracking": [_tracking(draw, n) for n in range(_some(150, scale))],
        "outcome": [_outcome(draw, n) for n in range(_some(24, scale))],
        "spending": [_spending(draw, n) for n in range(_some(60, scale))],
        "review": [_review(draw) for _ in range(_some(30, scale))],
    }


def _stage(draw: Random, number: int) -> Row:
    metric, unit = _METRICS[number % len(_METRICS)]
    months: Row = {}
    for month in (1, 2, 3):
        months[f"target_{month}"] = float(draw.randrange(10, 80))
        months[f"actual_{month}"] = float(draw.randrange(8, 90))
    return {"metric": f"{metric}{number + 1}", "unit": unit, "owner": draw.choice(_NAMES), **months}


def _tracking(draw: Random, number: int) -> Row:
    done = draw.random() < 0.6
    due = PERIOD.start + timedelta(days=draw.randrange(90))
    return {
        "phase": draw.choice(("plan", "execute", "evaluate", "review")),
        "task": f"{draw.choice(_PLACES)}{draw.choice(_WORKS)}{number + 1}",
        "owner": "、".join(draw.sample(_NAMES, draw.choice((1, 1, 2)))),
        "due": due.isoformat() if draw.random() > _FAULTS else "尽快",
        "result": f"完成，收集线索{draw.randrange(20, 200)}条" if done else "已联系，等待答复",
        "completion": 1.0 if done else round(draw.uniform(0.1, 0.95), 2),
        "issue": None if done else draw.choice(_REASONS),
        "solution": None if done else draw.choice(_ACTIONS),
        "next_step": None if done else f"{draw.randrange(7, 10)}月{draw.randrange(1, 28)}日前完成",
    }


def _outcome(draw: Random, number: int) -> Row:
    metric, unit = _METRICS[number % len(_METRICS)]
    return {
        "dimension": draw.choice(("result", "process", "feedback")),
        "metric": f"{metric}{number + 1}",
        "unit": unit,
        "target": float(draw.randrange(50, 300)),
        "actual": float(draw.randrange(40, 320)) if draw.random() > _FAULTS else "约200",
        "basis": "higher",
        "analysis": draw.choice(_REASONS),
    }


def _spending(draw: Random, number: int) -> Row:
    first = number % 3 == 0
    return {
        "channel": f"{_PLACES[number // 3 % len(_PLACES)]}渠道{number // 36 + 1}",
        "class": ("marketing", "labour", "commission")[number % 3],
        "amount": round(draw.uniform(1, 40), 1),
        "leads": float(draw.randrange(20, 300)) if first else None,
        "customers": float(draw.randrange(2, 30)) if first else None,
        "revenue": round(draw.uniform(10, 200), 1) if first else None,
    }


def _review(draw: Random) -> Row:
    return {
        "module": draw.choice(("strategy", "teamwork", "resources", "process")),
        "highlight": f"展会获客转化率达{draw.randrange(10, 30)}%",
        "problem": draw.choice(_REASONS),
        "suggestion": draw.choice(_ACTIONS),
        "owner": draw.choice(_NAMES),
        "due": "2024-10-31",
    }


def _plan(draw: Random, scale: float) -> dict[str, list[Row]]:
    return plan(draw, scale, _NAMES)


_ROWS = {"goals": _goals, "expansion": _expansion, "plan": _plan}
