"""Quarters as nobody would make them up: negative, zero and missing values of every input."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

Row = dict[str, Any]
Sheets = dict[tuple[str, str], list[Row]]
TEAMS = ("华东", "华南", "华北", "华中", "西南", "西北", "东北", "市场部")
GOALS_ONLY, SILENT, NO_SPENDING = "市场部", "东北", "西北"
RESULTS = (("销售额", "万元"), ("新增客户数", "家"), ("市场份额", "%"), ("回款额", "万元"))
PROCESSES = (("客户拜访量", "家"), ("线索转化率", "%"), ("线索质量评分", "分"), ("销售周期", "天"))
_CHANNELS = ("线上广告", "行业展会", "渠道伙伴", "转介绍")
_MONTHS = {"2024Q2": ("04-30", "05-31", "06-30"), "2024Q3": ("07-31", "08-31", "09-30")}


class Varied:
    """One quarter's rows; the same seed gives the same rows."""

    def __init__(self, seed: int, period: str = "2024Q3") -> None:
        self.rng, self.period = Random(f"{seed} {period}"), period
        senders = [team for team in TEAMS if team != SILENT]
        self.rng.shuffle(senders)  # files come in another order than the settings' teams
        self.senders = senders[1:] if period == "2024Q2" else senders

    def sheets(self) -> Sheets:
        """Rows by definition and sheet."""
        sales = [team for team in self.senders if team != GOALS_ONLY]
        made = {
            ("expansion", "outcome"): [row for team in sales for row in self._outcome(team)],
            ("expansion", "stages"): [row for team in sales for row in self._stages(team)],
            ("expansion", "tracking"): [row for team in sales for row in self._tracking(team)],
            ("expansion", "spending"): [row for team in sales for row in self._spending(team)],
            ("goals", "alignment"): [row for team in self.senders for row in self._goals(team)],
            ("goals", "tasks"): [row for team in self.senders for row in self._tasks(team)],
            ("goals", "progress"): [row for team in self.senders for row in self._progress(team)],
            ("goals", "review"): [row for team in self.senders for row in self._review(team)],
            ("plan", "breakdown"): [row for team in sales for row in self._breakdown(team)],
            ("plan", "budget"): [row for team in sales for row in self._budget(team)],
            ("plan", "metrics"): [row for team in sales for row in self._metrics(team)],
            ("plan", "channels"): [row for team in sales for row in self._channels(team)],
            ("plan", "incentives"): [row for team in sales for row in self._incentives(team)],
            ("plan", "customers"): [row for team in sales for row in self._customers(team)],
            ("plan", "diagnosis"): [row for team in sales for row in self._diagnosis(team)],
        }
        return {key: rows for key, rows in made.items() if rows}

    def number(self, most: float = 100, *, negative: bool = True) -> float | None:
        """Mostly a positive number; now and then none, zero, a negative one."""
        kind = self.rng.random()
        if kind < 0.12:
            return None
        if kind < 0.2:
            return 0
        value = round(self.rng.uniform(1, most), 2)
        return -value if negative and kind < 0.28 else value

    def _outcome(self, team: str) -> list[Row]:
        rng = self.rng
        metrics = rng.sample(RESULTS, rng.randint(1, 4)) + rng.sample(PROCESSES, rng.randint(0, 4))
        metrics += [("没有人知道的指标", None)] * rng.randint(0, 1)
        weighted = rng.choice(("none", "none", "all", "some", "zero"))
        bases = (None, None, None, "higher", "lower", "not_counted")
        complete = rng.random() < 0.6
        return [
            {
                "team": team,
                "dimension": self._dimension(name),
                "metric": name,
                "unit": unit,
                "target": self.number(),
                "actual": round(rng.uniform(-20, 100), 2) if complete else self.number(),
                "basis": rng.choice(bases),
                "weight": self._weight(weighted),
            }
            for name, unit in metrics
        ]

    def _dimension(self, metric: str) -> str:
        if self.rng.random() < 0.15:
            return self.rng.choice(("feedback", "input_output"))
        return "process" if metric in dict(PROCESSES) else "result"

    def _weight(self, mode: str) -> float | None:
        if mode == "none" or (mode == "some" and self.rng.random() < 0.4):
            return None
        return 0 if mode == "zero" else round(self.rng.uniform(0, 0.5), 2)

    def _stages(self, team: str) -> list[Row]:
        rows = []
        for metric, unit in self.rng.sample(RESULTS[:3], 2):
            months = {f"actual_{month}": self.number() for month in (1, 2, 3)}
            for month in (1, 2, 3):
                months[f"target_{month}"] = round(self.rng.uniform(0, 100), 2)
            rows.append({"team": team, "metric": metric, "unit": unit, **months})
        return rows

    def _tracking(self, team: str) -> list[Row]:
        rng = self.rng
        return [
            {
                "team": team,
                "phase": "execute",
                "task": f"执行{place}",
                "owner": "张伟",
                "due": rng.choice(
                    ("2024-09-29", "2024-09-30", "2024-07-01/2024-08-15", "2024-12-01")
                ),
                "completion": rng.choice((None, 0, 0.5, 0.999, 1, 1.2)),
                "solution": rng.choice((None, "改期")),
            }
            for place in range(rng.randint(0, 4))
        ]

    def _spending(self, team: str) -> list[Row]:
        if team == NO_SPENDING:
            return []
        rows: list[Row] = []
        for channel in self.rng.sample(_CHANNELS, self.rng.randint(1, 4)):
            told = {name: self.number() for name in ("leads", "customers", "revenue")}
            rows.append(
                {"channel": channel, "amount": self.number(20), "class": "marketing", **told}
            )
            if self.rng.random() < 0.5:
                rows.append({"channel": channel, "amount": self.number(20), "class": "labour"})
        return [{"team": team, **row} for row in rows]

    def _channels(self, team: str) -> list[Row]:
        names = ("spend", "leads", "customers", "revenue")
        return [
            {"team": team, "channel": channel, **{name: self.number(50) for name in names}}
            for channel in self.rng.sample(_CHANNELS, self.rng.randint(0, 3))
        ]

    def _goals(self, team: str) -> list[Row]:
        metrics = [*RESULTS, *PROCESSES]
        rows = []
        for place in range(self.rng.randint(1, 4)):
            metric, unit = metrics[place]
            goal = {"supporting_goal": f"目标{place}", "sales_goal": "增长", "priority": "high"}
            due = {"due": "2024-09-30", "owner": "王芳"}
            rows.append({"team": team, "metric": metric, "unit": unit, **goal, **due})
            rows[-1]["target"] = self.number()
        self.goals = {**getattr(self, "goals", {}), team: rows}
        return rows

    def _tasks(self, team: str) -> list[Row]:
        rng, rows = self.rng, []
        for place in range(rng.randint(0, 5)):
            days = rng.choice((("2024-07-05", "2024-09-29"), ("2024-08-01", "2024-12-31")))
            goal = rng.choice(self.goals[team])["supporting_goal"]
            cadence = rng.choice(("daily", "weekly"))
            task = {"task": f"任务{place}", "goal": goal, "owner": "李娜", "cadence": cadence}
            rows.append({"team": team, **task, "start": days[0], "end": days[1]})
        self.tasks = {**getattr(self, "tasks", {}), team: rows}
        return rows

    def _progress(self, team: str) -> list[Row]:
        rng = self.rng
        days = ("2024-08-15", "2024-09-22", "2024-09-27", "2024-09-30", "2024-10-05")
        shares = (None, 0, 0.25, 0.3, 0.5, 0.999, 1, 1.1, -0.1)
        return [
            {
                "team": team,
                "task": task["task"],
                "as_of": rng.choice(days),
                "planned": rng.choice(shares[1:-1]),
                "actual": rng.choice(shares),
                "countermeasure": rng.choice((None, "加人")),
            }
            for task in self.tasks[team]
            for _ in range(rng.randint(0, 3))
        ]

    def _review(self, team: str) -> list[Row]:
        causes = (None, "goal_setting", "resources", "execution")
        return [
            {
                "team": team,
                "goal": goal["supporting_goal"],
                "actual": self.number(),
                "cause_class": self.rng.choice(causes),
            }
            for goal in self.goals[team]
            if self.rng.random() < 0.8
        ]

    def _breakdown(self, team: str) -> list[Row]:
        """A goal split by region and again by channel, either of which may miss it."""
        rng, whole = self.rng, self.rng.choice((0, 400, 1000, 2000))
        rows = [self._target("G", None, "overall", "销售额", "万元", whole)]
        for dimension in rng.sample(("region", "channel", "overall"), rng.randint(0, 3)):
            parts = rng.choice(((0.5, 0.5), (0.25, 0.75), (0.5, 0.4), (0.6, 0.4001)))
            for place, part in enumerate(parts):
                code, amount = f"{dimension}{place}", round(whole * part, 4)
                rows.append(self._target(code, "G", dimension, "销售额", "万元", amount))
        rows.append(self._target("R", "G", "region", "市场份额", "%", 0.3))
        rows.append(self._target("N", "G", "region", "新增客户数", "家", 77))
        return [{"team": team, **row} for row in rows]

    def _target(
        self, code: str, parent: str | None, dimension: str, metric: str, unit: str, whole: float
    ) -> Row:
        off = self.rng.choice((0, 0, 0, 1.004, 0.2))
        parts = (whole, whole, whole, whole * (1 + off))
        quarters = [round(one / 4, 4) for one in parts] if unit != "%" else list(parts)
        named = {"code": code, "parent": parent, "level": "company", "dimension": dimension}
        told = {"metric": metric, "unit": unit, "class": "result", "annual_target": whole}
        return {**named, **told, **{f"q{n}": one for n, one in enumerate(quarters, 1)}}

    def _budget(self, team: str) -> list[Row]:
        return [
            {
                "team": team,
                "quarter": self.rng.choice(("q2", "q3", "q3")),
                "project": self.rng.choice((*_CHANNELS, "客户答谢会")),
                "amount": self.number(30),
            }
            for _ in range(self.rng.randint(0, 4))
        ]

    def _metrics(self, team: str) -> list[Row]:
        rng, rows = self.rng, []
        for metric, _ in rng.sample([*RESULTS, *PROCESSES], rng.randint(0, 6)):
            group = "process" if metric in dict(PROCESSES) else "result"
            goal = {"销售额": "G", "市场份额": "R"}.get(metric)
            for day in ("2024-01-31", *(f"2024-{day}" for day in _MONTHS[self.period])):
                if rng.random() < 0.75:
                    told = {"target": self.number(), "actual": self.number()}
                    rows.append(
                        {"as_of": day, "metric": metric, "class": group, "goal": goal, **told}
                    )
        rng.shuffle(rows)
        return [{"team": team, **row} for row in rows]

    def _incentives(self, team: str) -> list[Row]:
        return [
            {
                "team": team,
                "member": name,
                "sales_target": self.number(negative=False),
                "actual": self.rng.choice((self.number(), 100)),
                "base_rate": 0.05,
                "satisfaction": self.rng.choice((None, 0.9, 0.95, 0.98)),
            }
            for name in ("张伟", "李娜", "刘洋")[: self.rng.randint(1, 3)]
        ]

    def _customers(self, team: str) -> list[Row]:
        amounts: Sequence[float | None] = (None, 0, 5, 20, 20, 70, 120)
        return [
            {"team": team, "customer": f"{team}客户{n}", "annual_revenue": self.rng.choice(amounts)}
            for n in range(self.rng.randint(0, 5))
        ]

    def _diagnosis(self, team: str) -> list[Row]:
        return [
            {
                "team": team,
                "dimension": self.rng.choice(("goal", "process", "capability")),
                "item": f"诊断{place}",
                "score": self.rng.choice((None, 1, 2, 3, 4, 5)),
            }
            for place in range(self.rng.randint(0, 5))
        ]
