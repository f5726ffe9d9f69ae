"""The figures of a quarter, computed from the specification's words alone.

Nothing here comes from the program's evaluation: rows as teams sent them go in, figures come out.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pandas as pd

Frame = pd.DataFrame
Figures = dict[Hashable, Any]
_SHEETS = {
    "outcome": ("expansion", "dimension metric unit target actual basis weight"),
    "stages": ("expansion", "metric unit target_1 target_2 target_3 actual_1 actual_2 actual_3"),
    "tracking": ("expansion", "task due completion solution next_step"),
    "spending": ("expansion", "channel amount leads customers revenue"),
    "alignment": ("goals", "supporting_goal metric target"),
    "tasks": ("goals", "task goal start end cadence"),
    "progress": ("goals", "task as_of planned actual countermeasure"),
    "review": ("goals", "goal actual cause_class"),
    "breakdown": ("plan", "code parent dimension metric unit annual_target q1 q2 q3 q4"),
    "budget": ("plan", "quarter project amount"),
    "metrics": ("plan", "as_of metric class goal drives target actual"),
    "channels": ("plan", "channel spend leads customers revenue"),
    "incentives": ("plan", "member sales_target actual base_rate satisfaction"),
    "customers": ("plan", "customer annual_revenue"),
    "diagnosis": ("plan", "dimension score"),
}


def number(value: Any) -> bool:
    """Whether it is a number, of whatever sign."""
    return value is not None and value == value and not isinstance(value, str)


def numbers(values: Iterable[Any]) -> list[float]:
    """Those of them that are."""
    return [float(value) for value in values if number(value)]


def summed(values: Iterable[Any]) -> float | None:
    """Their sum; nothing where none is a number."""
    found = numbers(values)
    return sum(found) if found else None


def round6(value: float, places: str = "0.000001") -> float:
    """Six places, ties away from zero."""
    return float(Decimal(f"{value:.15g}").quantize(Decimal(places), ROUND_HALF_UP))


def ratio(part: Any, whole: Any) -> float | None:
    """Part by whole; nothing where either is missing or the whole is 0."""
    return round6(part / whole) if number(part) and number(whole) and whole else None


def having(rows: Frame, *names: str) -> Frame:
    """The rows that hold a number in each of the columns."""
    for name in names:
        rows = rows[rows[name].map(number).astype(bool)]
    return rows


def mean(values: Iterable[Any]) -> float | None:
    """The mean of the numbers among them."""
    found = numbers(values)
    return sum(found) / len(found) if found else None


class Second:
    """One quarter; ``library`` are the metrics of the settings, ``teams`` in their order."""

    def __init__(
        self,
        rows: Mapping[tuple[str, str], Sequence[Mapping[str, Any]]],
        library: Iterable[Any],
        teams: Sequence[str],
        days: tuple[str, str] = ("2024-07-01", "2024-09-30"),
    ) -> None:
        self.teams = list(teams)
        self.first, self.last = map(pd.Timestamp, days)
        self.library = {name: one for one in library for name in (one.metric, *one.aliases)}
        for sheet, (definition, columns) in _SHEETS.items():
            given = Frame(list(rows.get((definition, sheet), [])), dtype=object)
            frame = given.reindex(columns=["team", *columns.split()]).astype(object)
            setattr(self, sheet, frame.where(frame.notna(), None))
        self.metrics = self.metrics.assign(day=pd.to_datetime(self.metrics["as_of"]))
        self.progress = self.progress.assign(day=pd.to_datetime(self.progress["as_of"]))

    outcome: Frame
    stages: Frame
    tracking: Frame
    spending: Frame
    alignment: Frame
    tasks: Frame
    progress: Frame
    review: Frame
    breakdown: Frame
    budget: Frame
    metrics: Frame
    channels: Frame
    incentives: Frame
    customers: Frame
    diagnosis: Frame

    # Attainment, scores and ranks

    def basis(self, own: Any, dimension: Any, metric: Any) -> str:
        known = self.library.get(metric)
        if own:
            return str(own)
        if dimension == "input_output":
            return "not_counted"
        return (known.basis if known else "") or "higher"

    def adds(self, metric: Any, unit: Any) -> bool:
        known = self.library.get(metric)
        if known and known.additive:
            return bool(known.additive == "yes")
        return unit not in ("%", "1:X")

    @staticmethod
    def attainment(actual: Any, target: Any, basis: str = "higher") -> float | None:
        if basis == "not_counted" or not (number(actual) and number(target)) or target <= 0:
            return None
        if basis == "higher":
            return round6(actual / target)
        return 1.2 if actual <= 0 else round6(target / actual)

    def outcomes(self) -> Frame:
        """Outcome rows with basis, attainment and the weight used."""
        frame = self.outcome.copy()
        if frame.empty:
            return frame.assign(used=[], attained=[], lacks=[])
        frame["used"] = [
            self.basis(*row) for row in zip(frame.basis, frame.dimension, frame.metric, strict=True)
        ]
        frame["attained"] = [
            self.attainment(*row)
            for row in zip(frame.actual, frame.target, frame.used, strict=True)
        ]
        some = frame.groupby("team").weight.transform(lambda one: one.notna().any())
        frame["weight"] = frame.weight.where(frame.weight.notna(), np.where(some, 0, 1))
        counts = (frame.used != "not_counted") & (frame.weight.astype(float) > 0)
        frame["lacks"] = counts & ~frame.actual.map(number)
        return frame

    @staticmethod
    def weighted(rows: Frame, cap: float | None = None) -> float | None:
        """The weighted attainment of the rows that have one."""
        rows = having(rows, "attained")
        values = [min(one, cap) if cap else one for one in rows.attained]
        points = sum(value * weight for value, weight in zip(values, rows.weight, strict=True))
        weights = sum(rows.weight)
        return ratio(points, weights) if weights > 0 else None

    def scores(self) -> Frame:
        """A row a team: score, attainment, rows counted, whether it is complete, its rank."""
        found = []
        for team in self.teams:
            rows = self.outcomes()
            rows = rows[rows.team == team]
            capped, whole = self.weighted(rows, 1.2), self.weighted(rows)
            found.append(
                {
                    "team": team,
                    "score": None if capped is None else capped * 100,
                    "attained": whole,
                    "counted": int(rows.attained.map(number).sum()),
                    "rows": len(rows),
                    "complete": not rows.lacks.any(),
                }
            )
        frame = Frame(found, dtype=object)
        scores = [s if c else None for s, c in zip(frame.score, frame.complete, strict=True)]
        frame["ranked"] = scores
        frame["rank"] = [
            1 + sum(other > one for other in numbers(scores)) if number(one) else None
            for one in scores
        ]
        return frame.set_index("team")

    # Stages

    def quarter_of(self, row: Any, name: str, only: Sequence[int] = (1, 2, 3)) -> float | None:
        values = [getattr(row, f"{name}_{month}") for month in only]
        found = numbers(values)
        if self.adds(row.metric, row.unit):
            return summed(found)
        return found[-1] if found else None

    def stage_figures(self) -> Figures:
        """(team, metric) → quarter's target, actual to date, attainment."""
        found: Figures = {}
        for row in self.stages.itertuples():
            known = [month for month in (1, 2, 3) if number(getattr(row, f"actual_{month}"))]
            actual, target = self.quarter_of(row, "actual"), self.quarter_of(row, "target", known)
            share = self.attainment(actual, target, self.basis(None, None, row.metric))
            found[row.team, row.metric] = (self.quarter_of(row, "target"), actual, share)
        return found

    def month(self, metric: str, month: int) -> tuple[float | None, float | None]:
        """Target and actual of a metric over all teams."""
        rows = self.stages[self.stages.metric == metric]
        return summed(rows[f"target_{month}"]), summed(rows[f"actual_{month}"])

    # Channels

    def team_channels(self) -> Frame:
        """What each team's channel cost and brought, from the plan where it sent no spending."""
        spent = self.spending.rename(columns={"amount": "spend"})
        planned = self.channels[~self.channels.team.isin(set(spent.team))]
        names = ["spend", "leads", "customers", "revenue"]
        rows = pd.concat([spent[["team", "channel", *names]], planned[["team", "channel", *names]]])
        found = [
            {"team": team, "channel": channel, **{name: summed(group[name]) for name in names}}
            for (team, channel), group in rows.groupby(["team", "channel"], sort=False)
        ]
        return Frame(found, columns=["team", "channel", *names], dtype=object)

    def baseline(self) -> float | None:
        """What all channels together brought for what they cost."""
        rows = self.team_channels()
        return ratio(summed(rows.revenue), summed(rows.spend))

    def judged(self, rows: Frame) -> Frame:
        """Conversion, acquisition cost, return and decision beside the amounts."""
        rows, base = rows.copy(), self.baseline()
        rows["conversion"] = list(map(ratio, rows.customers, rows.leads))
        costs = [s * 10_000 if number(s) else None for s in rows.spend]
        rows["cost"] = list(map(ratio, costs, rows.customers))
        rows["return"] = list(map(ratio, rows.revenue, rows.spend))

        def decision(back: Any) -> str | None:
            if not number(back) or base is None:
                return None
            return (
                "加大"
                if back >= round6(base * 1.2)
                else "削减"
                if back < round6(base * 0.6)
                else "维持"
            )

        rows["decision"] = [decision(back) for back in rows["return"]]
        return rows

    def all_channels(self) -> Frame:
        """The same over all teams."""
        names = ["spend", "leads", "customers", "revenue"]
        found = [
            {"channel": channel, **{name: summed(group[name]) for name in names}}
            for channel, group in self.team_channels().groupby("channel", sort=False)
        ]
        return Frame(found, columns=["channel", *names], dtype=object)

    def budgets(self) -> Figures:
        """(team, project) → planned this quarter, spent, share used, return."""
        channels = self.team_channels().set_index(["team", "channel"])
        found: Figures = {}
        mine = self.budget[self.budget.quarter == "q3"]
        for key, rows in mine.groupby(["team", "project"], sort=False):
            planned = summed(rows.amount)
            spent, earned = (
                channels.loc[key, name] if key in channels.index else None
                for name in ("spend", "revenue")
            )
            found[key] = (planned, spent, ratio(spent, planned), ratio(earned, spent))
        return found

    # Goals and tasks

    def goal_figures(self) -> Frame:
        """Every reviewed goal with its attainment."""
        merged = self.review.merge(
            self.alignment.rename(columns={"supporting_goal": "goal"}),
            on=["team", "goal"],
            how="left",
        )
        merged["attained"] = [
            self.attainment(row.actual, row.target, self.basis(None, None, row.metric))
            for row in merged.itertuples()
        ]
        return merged

    def causes(self) -> Figures:
        """How many missed goals name each cause."""
        rows = self.goal_figures()
        missed = having(rows, "attained")
        missed = missed[missed.attained.astype(float) < 1]
        return dict(missed.cause_class.value_counts())

    def task_states(self) -> Figures:
        """(team, task) → state, days, whether there is no news, whether an answer is due."""
        found: Figures = {}
        for task in self.tasks.itertuples():
            rows = self.progress[
                (self.progress.team == task.team)
                & (self.progress.task == task.task)
                & (self.progress.day <= self.last)
            ]
            row = rows.sort_values("day", kind="stable").iloc[-1] if len(rows) else None
            found[task.team, task.task] = self._state(task, row)
        for row in self.tracking.itertuples():
            late = pd.Timestamp(row.due[-10:]) < self.last
            done = row.completion
            state = None
            if number(done):
                state = "完成" if done >= 1 else "逾期" if late else "正常"
            days = (self.last - pd.Timestamp(row.due[-10:])).days if state == "逾期" else None
            answer = row.solution or row.next_step
            found[row.team, row.task] = (state, days, False, state == "逾期" and not answer)
        return found

    def _state(self, task: Any, row: Any) -> tuple[Any, ...]:
        actual = None if row is None else row.actual
        end = pd.Timestamp(task.end)
        if number(actual) and actual >= 1:
            state = "完成"
        elif end < self.last:
            state = "逾期"
        elif not number(actual):
            state = None
        elif actual < round6(row.planned * 0.6):
            state = "严重滞后"
        else:
            state = "滞后" if actual < row.planned else "正常"
        seen = pd.Timestamp(task.start) if row is None else row.day
        old = np.busday_count(seen.date(), self.last.date()) > 1
        if task.cadence == "weekly":
            old = (self.last - seen).days > 7
        silent = bool(old) and state != "完成"
        days = (self.last - end).days if state == "逾期" else None
        if days is None and silent:
            days = (self.last - seen).days
        alert = state in ("逾期", "严重滞后", "滞后") or silent
        answer = None if row is None else row.countermeasure
        return state, days, silent, alert and not answer

    # Trace-back and breakdown

    def measure(self, team: str, metric: str) -> float | None:
        """A metric's attainment: of its outcome row, else over the quarter's months."""
        rows = self.outcomes()
        rows = rows[(rows.team == team) & (rows.metric == metric)]
        if len(rows) and number(rows.attained.iloc[0]):
            return float(rows.attained.iloc[0])
        rows = self.metrics[(self.metrics.team == team) & (self.metrics.metric == metric)]
        rows = rows[rows.day.between(self.first, self.last)]
        rows = having(rows, "actual", "target")
        if rows.empty:
            return None
        known = self.library.get(metric)
        if not self.adds(metric, known.unit if known else None):
            rows = rows.sort_values("day", kind="stable").tail(1)
        basis = self.basis(None, None, metric)
        return self.attainment(summed(rows.actual), summed(rows.target), basis)

    def traces(self) -> Figures:
        """(team, result, driver or None) → attainments, whether traced, the driver's place."""
        found: Figures = {}
        for team in self.teams:
            own = self.outcome[self.outcome.team == team]
            told = self.metrics[self.metrics.team == team]
            kinds: dict[str, set[str]] = {}
            for metric, kind in [
                *zip(own.metric, own.dimension, strict=True),
                *zip(told.metric, told["class"], strict=True),
            ]:
                kinds.setdefault(metric, set()).add(kind)
            for result in (one for one, kind in kinds.items() if "result" in kind):
                drivers = [
                    one
                    for one, kind in kinds.items()
                    if "process" in kind and result in self._driven(one)
                ]
                found |= self._traced(team, result, drivers)
        return found

    def _driven(self, metric: str) -> list[str]:
        """What a metric drives, directly or through others."""
        reached: list[str] = []
        known = self.library.get(metric)
        while known and known.drives and known.drives not in reached:
            reached.append(known.drives)
            known = self.library.get(known.drives)
        return reached

    def _traced(self, team: str, result: str, drivers: list[str]) -> Figures:
        share = self.measure(team, result)
        low = number(share) and share < 0.7  # type: ignore[operator]
        shares = {one: self.measure(team, one) for one in drivers}
        found: Figures = {}
        for one, driving in shares.items():
            worse = (
                sum(other < driving for other in numbers(shares.values())) if number(driving) else 0
            )
            place = worse + 1 if low and number(driving) else None
            found[team, result, one] = (share, low, driving, place)
        return found or {(team, result, None): (share, low, None, None)}

    def splits(self) -> Figures:
        """(team, goal) → by dimension the sum of its children of the same metric and unit."""
        found: Figures = {}
        for goal in self.breakdown.itertuples():
            rows = self.breakdown
            mine = rows[(rows.team == goal.team) & (rows.parent == goal.code)]
            mine = mine[(mine.metric == goal.metric) & (mine.unit == goal.unit)]
            if not self.adds(goal.metric, goal.unit):
                mine = mine.head(0)
            sums = mine.groupby("dimension", sort=False).annual_target.sum()
            found[goal.team, goal.code] = dict(sums)
        return found

    def verdicts(self) -> Figures:
        """(team, goal) → whether quarters and children fit."""
        found: Figures = {}
        splits = self.splits()
        for goal in self.breakdown.itertuples():
            whole, quarters = goal.annual_target, [goal.q1, goal.q2, goal.q3, goal.q4]
            given = sum(quarters) if self.adds(goal.metric, goal.unit) else goal.q4
            allowed = abs(whole) * 0.005 + 1e-9
            off = [
                dimension
                for dimension, one in splits[goal.team, goal.code].items()
                if abs(round6(one - whole)) > allowed
            ]
            fits = (
                "季度不符"
                if abs(round6(given - whole)) > allowed
                else "下级不符"
                if off
                else "相符"
            )
            found[goal.team, goal.code] = (fits, set(off))
        return found

    def to_date(self) -> Figures:
        """(team, goal) → target and actual of the year to date, and their attainment."""
        found: Figures = {}
        for goal in self.breakdown.itertuples():
            rows = self.metrics[(self.metrics.team == goal.team) & (self.metrics.goal == goal.code)]
            rows = having(rows[rows.metric == goal.metric], "actual")
            rows = rows[rows.day.between(pd.Timestamp(self.last.year, 1, 1), self.last)]
            adds = self.adds(goal.metric, goal.unit)
            quarters = [goal.q1, goal.q2, goal.q3]
            target = sum(quarters) if adds else goal.q3
            if not adds:
                rows = rows.sort_values("day", kind="stable").tail(1)
            actual = summed(rows.actual)
            basis = self.basis(None, None, goal.metric)
            found[goal.team, goal.code] = (target, actual, self.attainment(actual, target, basis))
        return found

    # Incentives, customers, diagnosis

    def members(self) -> Figures:
        """(team, member) → attainment and commission."""
        found: Figures = {}
        for row in self.incentives.itertuples():
            share, paid = self.attainment(row.actual, row.sales_target), None
            if share is not None:
                sales, target, rate = row.actual, row.sales_target, row.base_rate
                paid = 0.0
                if share >= 1:
                    paid = rate * 1.2 * target + rate * 1.5 * (sales - target)
                elif share >= 0.8:
                    paid = rate * sales
            found[row.team, row.member] = (share, paid)
        return found

    def pool(self, team: str, bonus: float) -> tuple[float | None, float | None]:
        """A team's overall attainment and its pool."""
        rows = self.incentives[self.incentives.team == team]
        rows = having(rows, "actual", "sales_target")
        share = self.attainment(summed(rows.actual), summed(rows.sales_target))
        if share is None:
            return None, None
        return share, round6(0.1 * bonus * (0 if share < 0.8 else min(share, 1.2)), "0.01")

    def honours(self) -> tuple[set[Any], set[Any]]:
        """Who has the highest sales, and the highest satisfaction."""
        best = []
        for name in ("actual", "satisfaction"):
            rows = having(self.incentives, name)
            top = max(numbers(rows[name]), default=0)
            mine = rows[rows[name] == top] if top > 0 else rows.head(0)
            best.append(set(zip(mine.team, mine.member, strict=True)))
        return best[0], best[1]

    def grades(self) -> Figures:
        """Customer → share, cumulative share and grade among the customers of all teams."""
        rows = having(self.customers, "annual_revenue")
        whole, found = sum(rows.annual_revenue), {}
        for row in rows.itertuples():
            mine = row.annual_revenue
            above = sum(one for one in rows.annual_revenue if one > mine)
            upto = sum(one for one in rows.annual_revenue if one >= mine)
            before = ratio(above, whole)
            grade = (
                None if before is None else "A" if before < 0.7 else "B" if before < 0.9 else "C"
            )
            found[row.customer] = (ratio(mine, whole), ratio(upto, whole), grade)
        return found

    def diagnoses(self) -> Figures:
        """Team (None: all) → mean score by dimension, and of all."""
        names = ("goal", "process", "capability")
        found: Figures = {}
        for team in (None, *self.teams):
            rows = self.diagnosis if team is None else self.diagnosis[self.diagnosis.team == team]
            found[team] = (
                *(mean(rows[rows.dimension == name].score) for name in names),
                mean(rows.score),
            )
        return found
