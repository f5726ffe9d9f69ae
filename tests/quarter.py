"""Small consolidated quarters for tests: typed rows in, tables as consolidating makes them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import pandas as pd

from xltools.check.submission import SheetRows, Submission
from xltools.consolidate.combine.consolidation import Consolidation
from xltools.definition import Catalog, SheetDef, load_catalog
from xltools.definition.default_settings import default_settings
from xltools.expressions import Scope, Tables, evaluate, parse
from xltools.ground.period import Quarter
from xltools.issues import Code, issue
from xltools.kinds import KINDS
from xltools.settings import Settings, Team

Rows = Mapping[tuple[str, str], Sequence[Mapping[str, Any]]]
TEAMS = ("华东销售队", "华南销售队", "市场部", 'O\'Brien "北*区" 🚀')


def quarter(
    rows: Rows,
    *,
    period: str = "2024Q3",
    teams: Sequence[Team] = (),
    missing: Sequence[tuple[str, str]] = (),
    lang: str = "zh",
    catalog: Catalog | None = None,
    **parameters: float,
) -> Consolidation:
    """A consolidation of rows; each row names its ``team``, computed columns are computed."""
    catalog = catalog or load_catalog()
    shipped = default_settings(catalog, lang)
    settings = msgspec.structs.replace(
        shipped,
        teams=tuple(teams),
        organisation="远航科技销售运营部",
        parameters={**shipped.parameters, **parameters},
    )
    tables = {key: _frame(catalog, key, given, period) for key, given in rows.items() if given}
    whole = Consolidation(
        catalog=catalog,
        settings=settings,
        period=Quarter.parse(period),
        tables=tables,
        submissions=(),
        missing=tuple(missing),
    )
    return computed(replace(whole, submissions=tuple(_submissions(whole))))


def computed(whole: Consolidation) -> Consolidation:
    """The same with every computed column computed anew."""
    library = pd.DataFrame(whole.settings.library())
    tables = dict(whole.tables)
    for name, sheet_name in [*whole.tables] * 2:  # twice: some build on columns declared later
        definition = whole.catalog[name]
        sheet = definition.sheet(sheet_name)
        scope = Scope.of(whole.catalog, definition, sheet)
        for column in sheet.columns:
            if not column.computed:
                continue
            sheets = {s: t for (d, s), t in tables.items() if d == name}
            for other in definition.sheets:
                sheets.setdefault(other.name, _frame(whole.catalog, (name, other.name), [], ""))
            given = Tables(sheets=sheets, library=library, parameters=whole.settings.parameters)
            values = evaluate(parse(column.compute, scope), sheet_name, given)
            table = tables[name, sheet_name].copy()
            table[column.name] = values
            tables[name, sheet_name] = table
    return replace(whole, tables=tables)


def _frame(
    catalog: Catalog, key: tuple[str, str], rows: Sequence[Mapping[str, Any]], period: str
) -> pd.DataFrame:
    definition = catalog[key[0]]
    sheet = definition.sheet(key[1])
    title = definition.title.zh
    columns: dict[str, Any] = {
        "_team": pd.Series([row["team"] for row in rows], dtype=object),
        "_period": pd.Series([period] * len(rows), dtype=object),
        "_file": pd.Series(
            [f"inbox/{_safe(row['team'])}-{title}-{period}.xlsx" for row in rows], dtype=object
        ),
        "_sheet": pd.Series([sheet.title.zh] * len(rows), dtype=object),
        "_row": pd.Series(_places(rows), dtype="int64"),
    }
    for column in sheet.columns:
        columns[column.name] = _column(sheet, column.name, rows)
    return pd.DataFrame(columns)


def _safe(team: str) -> str:
    return "".join(sign for sign in team if sign not in '"*?')


def _places(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["team"]] = counts.get(row["team"], 6) + 1
    seen: dict[str, int] = {}
    places = []
    for row in rows:
        seen[row["team"]] = seen.get(row["team"], 6) + 1
        places.append(seen[row["team"]])
    return places


def _column(sheet: SheetDef, name: str, rows: Sequence[Mapping[str, Any]]) -> pd.Series[Any]:
    values = [row.get(name) for row in rows]
    dtype = KINDS[sheet.column(name).kind].dtype
    if dtype.startswith("datetime"):
        return pd.to_datetime(pd.Series(values, dtype=object)).astype("datetime64[ns]")
    if dtype.startswith(("float", "int", "Int")):
        return pd.Series(values, dtype="float64")
    return pd.Series(values, dtype=object)


def _submissions(whole: Consolidation) -> list[Submission]:
    found: dict[str, Submission] = {}
    for (name, sheet), table in whole.tables.items():
        for (file, team), rows in table.groupby(["_file", "_team"], sort=False):
            sent = found.setdefault(
                file,
                Submission(
                    file=file, template=name, team=team, period=str(whole.period), sheets={}
                ),
            )
            sent.sheets[sheet] = SheetRows(
                name=sheet, title=sheet, rows=list(rows["_row"]), columns={}, places={}
            )
    for number, sent in enumerate(found.values()):
        if number % 2 == 0:
            sent.issues.append(
                issue(
                    Code.CELL_REQUIRED, file=sent.file, sheet="效果评估", cell="E9", column="actual"
                )
            )
    return list(found.values())


def outcome(
    team: str, metric: str, target: float | None, actual: float | None, **more: Any
) -> dict[str, Any]:
    """One row of the outcome sheet."""
    return {
        "team": team,
        "dimension": "result",
        "metric": metric,
        "target": target,
        "actual": actual,
        **more,
    }


def source_rows() -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The figures of the source documents, and rows around them, for four teams."""
    east, south, market, odd = TEAMS
    outcomes = [
        outcome(east, "新增客户数", 50, 45, unit="家", analysis="5家客户延迟到下季签约"),
        outcome(east, "销售额", 200, 215, unit="万元"),
        outcome(east, "客户拜访量", 200, 220, unit="家", dimension="process"),
        outcome(
            east, "线索转化率", 0.15, 0.12, unit="%", dimension="process", analysis="线索质量不稳"
        ),
        outcome(east, "投入成本", 30, 28, unit="万元", dimension="input_output"),
        outcome(south, "新增客户数", 40, 40, unit="家", weight=0.4),
        outcome(south, "销售额", 180, 150, unit="万元", weight=0.6, analysis="大单推迟"),
        outcome(south, "销售周期", 30, 25, unit="天", dimension="process"),
        outcome(odd, "销售额", 100, 125, unit="万元"),
        outcome(odd, "新增客户数", 20, None, unit="家"),
    ]
    stages = [
        {
            "team": east,
            "metric": "新增客户数",
            "unit": "家",
            "owner": "张伟",
            "target_1": 15,
            "target_2": 18,
            "target_3": 17,
            "actual_1": 14,
            "actual_2": 16,
            "actual_3": 15,
        },
        {
            "team": east,
            "metric": "销售额",
            "unit": "万元",
            "owner": "张伟",
            "target_1": 60,
            "target_2": 70,
            "target_3": 70,
            "actual_1": 58,
            "actual_2": 75,
            "actual_3": 82,
        },
        {
            "team": south,
            "metric": "销售额",
            "unit": "万元",
            "owner": "李娜",
            "target_1": 55,
            "target_2": 60,
            "target_3": 65,
            "actual_1": 50,
            "actual_2": 52,
        },
    ]
    goals = [
        {
            "team": market,
            "sales_goal": "年度新增销售额5000万元",
            "supporting_goal": "季度提供有效线索1000条",
            "metric": "有效线索数",
            "target": 1000,
            "unit": "条",
            "priority": "high",
            "due": "2024-07-01/2024-09-30",
            "owner": "王芳",
        },
        {
            "team": market,
            "sales_goal": "新品销售占比30%",
            "supporting_goal": "新品触达用户50万人次",
            "metric": "新品触达用户数",
            "target": 50,
            "unit": "万人次",
            "priority": "medium",
            "due": "2024-09-30",
            "owner": "赵强",
        },
    ]
    return {
        ("expansion", "outcome"): outcomes,
        ("expansion", "stages"): stages,
        ("expansion", "tracking"): _tracking(east, south),
        ("goals", "alignment"): goals,
        ("goals", "tasks"): _tasks(market),
        ("goals", "progress"): _progress(market),
        ("goals", "review"): [
            {
                "team": market,
                "goal": "季度提供有效线索1000条",
                "actual": 920,
                "customer_share": 0.35,
                "sales_share": 0.28,
                "cause_class": "execution",
                "cause": "渠道A点击率低，线索少80条",
                "success": "白皮书带来的线索质量最高",
                "next_action": "渠道A预算转到渠道B",
                "owner": "李娜",
                "due": "2024-10-31",
            },
            {
                "team": market,
                "goal": "新品触达用户50万人次",
                "actual": 55,
                "customer_share": 0.2,
                "sales_share": 0.15,
                "success": "短视频投放效果好",
            },
        ],
        ("expansion", "spending"): [
            {
                "team": east,
                "channel": "线上广告",
                "class": "marketing",
                "amount": 10,
                "leads": 120,
                "customers": 8,
                "revenue": 35,
            },
            {
                "team": east,
                "channel": "行业展会",
                "class": "marketing",
                "amount": 12,
                "leads": 80,
                "customers": 16,
                "revenue": 140,
            },
            {"team": east, "channel": "行业展会", "class": "labour", "amount": 6},
        ],
        ("expansion", "review"): [
            {
                "team": east,
                "module": "strategy",
                "highlight": "展会获客转化率达20%",
                "problem": "线上线索质量不稳定",
                "suggestion": "建立线索评分模型",
                "owner": "张伟",
                "due": "2024-10-15",
            },
            {
                "team": south,
                "module": "teamwork",
                "problem": "市场与销售信息不同步",
                "suggestion": "每周一次例会",
                "owner": "李娜、陈杰",
                "due": "2024-10-08",
            },
        ],
    }


def plan_rows() -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Annual plan, metrics and performance of two teams."""
    east, south = TEAMS[:2]
    return {
        ("plan", "breakdown"): _breakdown(east),
        ("plan", "actions"): _actions(east),
        ("plan", "budget"): _budgets(east, south),
        ("plan", "metrics"): _metrics(east),
        ("plan", "channels"): [
            {
                "team": south,
                "channel": "线上广告",
                "sales_target": 60,
                "spend": 20,
                "leads": 150,
                "customers": 6,
                "revenue": 40,
                "decision": "keep",
            },
            {
                "team": south,
                "channel": "渠道伙伴",
                "sales_target": 50,
                "spend": 5,
                "leads": 30,
                "customers": 10,
                "revenue": 60,
            },
        ],
        ("plan", "incentives"): [
            {
                "team": east,
                "member": member,
                "sales_target": target,
                "actual": actual,
                "base_rate": 0.05,
                "satisfaction": pleased,
                "milestone_bonus": 2000,
                "points": 80,
            }
            for member, target, actual, pleased in (
                ("张伟", 60, 75, 0.95),
                ("李娜", 60, 60, 0.98),
                ("刘洋", 50, 40, 0.98),
                ("陈杰", 50, 39, None),
            )
        ],
        ("plan", "customers"): [
            {
                "team": east,
                "customer": name,
                "annual_revenue": revenue,
                "owner": "张伟",
                "tier": tier,
                "service_plan": "月度回访",
            }
            for name, revenue, tier in (
                ("上海远航制造", 70, "gold"),
                ("苏州精工", 20, "silver"),
                ("杭州云图", 6, "standard"),
                ("宁波港机", 4, "standard"),
            )
        ],
        ("plan", "training"): [
            {
                "team": east,
                "level": "core",
                "member": "李娜",
                "programme": "大客户谈判实战",
                "dates": "2024-08-05",
                "pass_rate": 0.85,
                "result": "签下1家重点客户",
            },
            {
                "team": east,
                "level": "new",
                "member": "陈杰",
                "programme": "产品知识",
                "dates": "2024-07-15/2024-07-19",
                "pass_rate": 0.5,
                "follow_up": "9月补考",
            },
        ],
        ("plan", "diagnosis"): [
            {
                "team": team,
                "dimension": dimension,
                "item": item,
                "score": score,
                "evidence": "季度数据",
                "improvement": "自动分配线索" if score <= 2 else None,
            }
            for team, dimension, item, score in (
                (east, "goal", "目标分解到人", 4),
                (east, "process", "线索分配及时性", 2),
                (east, "process", "合同评审时长", 3),
                (east, "capability", "产品知识", 4),
                (south, "goal", "目标沟通", 5),
                (south, "process", "商机跟进", 3),
                (south, "capability", "谈判能力", 2),
            )
        ],
    }


def _breakdown(east: str) -> list[dict[str, Any]]:
    made = [
        ("G00", None, "company", "overall", "销售额", "万元", 2000, (450, 500, 500, 550)),
        ("G01", "G00", "department", "overall", "销售额", "万元", 800, (180, 200, 200, 220)),
        ("G02", "G00", "department", "overall", "销售额", "万元", 1150, (270, 290, 290, 300)),
        ("G03", "G01", "person", "overall", "客户满意度", "%", 0.95, (0.9, 0.92, 0.94, 0.95)),
    ]
    return [
        {
            "team": east,
            "code": code,
            "parent": parent,
            "level": level,
            "dimension": dimension,
            "object": "华东",
            "metric": metric,
            "class": "result",
            "annual_target": annual,
            "unit": unit,
            "q1": q[0],
            "q2": q[1],
            "q3": q[2],
            "q4": q[3],
            "owner": "张伟",
        }
        for code, parent, level, dimension, metric, unit, annual, q in made
    ]


def _actions(east: str) -> list[dict[str, Any]]:
    made = [
        ("渠道伙伴招募", "2024-07-01", "2024-09-29", "2024Q2"),
        ("电子行业解决方案", "2024-07-01", "2024-09-30", None),
        ("年度客户大会", "2024-10-01", "2024-11-15", None),
        ("日期不详", None, "2024-09-01", None),
    ]
    return [
        {
            "team": east,
            "action": action,
            "strategy": "channel",
            "goal": "G01",
            "owner": "李娜",
            "start": start,
            "end": end,
            "expected_result": "新增伙伴10家",
            "budget": 15,
            "carried_since": since,
        }
        for action, start, end, since in made
    ]


def _budgets(east: str, south: str) -> list[dict[str, Any]]:
    """Online ads twice in one quarter; of the fair the spending, of the party nothing is known."""
    made = [
        (east, "q3", "线上广告", 8, 3.0),
        (east, "q3", "线上广告", 4.5, None),
        (east, "q2", "线上广告", 99, None),
        (east, "q3", "行业展会", 0, 5.0),
        (east, "q3", "客户答谢会", 6, None),
        (south, "q3", "渠道伙伴", 5, 6.0),
    ]
    return [
        {
            "team": team,
            "quarter": quarter_name,
            "project": project,
            "priority": "high",
            "amount": amount,
            "expected_return": returned,
        }
        for team, quarter_name, project, amount, returned in made
    ]


def _metrics(east: str) -> list[dict[str, Any]]:
    made = [
        ("2024-03-31", "销售额", "result", "G01", None, 180, 170),
        ("2024-06-30", "销售额", "result", "G01", None, 200, 210),
        ("2024-09-30", "销售额", "result", "G01", None, 200, 130),
        ("2024-08-31", "有效线索数", "process", "G01", "销售额", 400, 360),
        ("2024-09-30", "有效线索数", "process", "G01", "销售额", 400, 200),
        ("2024-09-30", "线索质量评分", "process", None, "销售额", 80, 72),
        ("2024-09-30", "客户满意度", "health", "G03", None, 0.94, 0.96),
        ("2024-10-31", "客户满意度", "health", "G03", None, 0.95, 0.5),
    ]
    return [
        {
            "team": east,
            "as_of": day,
            "metric": metric,
            "class": group,
            "cadence": "month",
            "goal": goal,
            "drives": drives,
            "target": target,
            "actual": actual,
            "cause": "投放延迟一周",
            "action": "追加两场直播",
        }
        for day, metric, group, goal, drives, target, actual in made
    ]


def before() -> Consolidation:
    """The quarter before, of the first team."""
    east, south = TEAMS[:2]
    return quarter(
        {
            ("expansion", "outcome"): [
                outcome(east, "新增客户数", 40, 38, unit="家", analysis="少2家"),
                outcome(east, "销售额", 180, 171, unit="万元", analysis="少9万"),
                outcome(south, "销售额", 160, 168, unit="万元"),
            ],
            ("expansion", "stages"): [
                {
                    "team": east,
                    "metric": "销售额",
                    "unit": "万元",
                    "owner": "张伟",
                    "target_1": 50,
                    "target_2": 60,
                    "target_3": 70,
                    "actual_1": 48,
                    "actual_2": 55,
                    "actual_3": 68,
                },
            ],
            ("plan", "metrics"): [
                {
                    "team": east,
                    "as_of": day,
                    "metric": "销售额",
                    "class": "result",
                    "goal": "G01",
                    "target": 30,
                    "actual": actual,
                }
                for day, actual in (("2024-01-31", 30), ("2024-03-31", 999))
            ],
            ("plan", "incentives"): [
                {
                    "team": east,
                    "member": "张伟",
                    "sales_target": 60,
                    "actual": 60,
                    "base_rate": 0.05,
                },
                {
                    "team": east,
                    "member": "李娜",
                    "sales_target": 60,
                    "actual": 50,
                    "base_rate": 0.05,
                },
            ],
        },
        period="2024Q2",
    )


def _tracking(east: str, south: str) -> list[dict[str, Any]]:
    return [
        {
            "team": east,
            "phase": "execute",
            "task": "上海行业展会参展",
            "owner": "张伟、李娜",
            "due": "2024-07-10/2024-07-12",
            "result": "完成，收集线索80条",
            "completion": 1,
        },
        {
            "team": east,
            "phase": "execute",
            "task": "重点客户拜访",
            "owner": "张伟",
            "due": "2024-09-20",
            "completion": 0.7,
            "issue": "两家客户改期",
            "solution": "改为线上会议",
        },
        {
            "team": south,
            "phase": "plan",
            "task": "渠道伙伴招募",
            "owner": "陈杰",
            "due": "2024-12-15",
            "completion": 0.2,
            "next_step": "十月筛选名单",
        },
        {"team": south, "phase": "plan", "task": "年会筹备", "owner": "陈杰", "due": "2024-08-15"},
    ]


def _tasks(market: str) -> list[dict[str, Any]]:
    goal = "季度提供有效线索1000条"
    made = [
        ("行业白皮书推广", "2024-07-05", "2024-08-28", "weekly"),
        ("线上研讨会", "2024-07-15", "2024-10-30", "daily"),
        ("短视频投放", "2024-08-01", "2024-10-15", "weekly"),
        ("官网改版", "2024-08-01", "2024-12-31", "weekly"),
        ("老客户回访*", "2024-09-25", "2024-11-30", "weekly"),
        ("年度大会", "2024-11-01", "2024-12-20", "weekly"),
    ]
    return [
        {
            "team": market,
            "task": task,
            "goal": goal,
            "owner": "李娜",
            "start": start,
            "end": end,
            "cadence": cadence,
            "deliverable": "线索100条",
            "budget": 2,
        }
        for task, start, end, cadence in made
    ]


def _progress(market: str) -> list[dict[str, Any]]:
    made = [
        ("2024-08-15", "行业白皮书推广", 0.8, 0.6, "点击率低", "加投渠道B"),
        ("2024-09-28", "行业白皮书推广", 1.0, 0.9, "设计延期", None),
        ("2024-09-30", "线上研讨会", 0.5, 0.25, "讲师未定", "联系备选讲师"),
        ("2024-09-27", "短视频投放", 0.6, 0.5, "素材不足", "外包拍摄"),
        ("2024-09-27", "短视频投放", 0.6, 0.6, None, None),
        ("2024-10-05", "短视频投放", 0.7, 0.1, "未来的行", "不计"),
        ("2024-09-10", "官网改版", 0.3, 0.3, None, None),
        ("2024-09-20", "第一场线上直播", 0.9, 0.3, "报名少", "追加推广"),
    ]
    return [
        {
            "team": market,
            "as_of": day,
            "task": task,
            "owner": "李娜",
            "planned": planned,
            "actual": actual,
            "risk": risk,
            "countermeasure": answer,
        }
        for day, task, planned, actual, risk, answer in made
    ]


def known_teams(*names: str) -> tuple[Team, ...]:
    """Teams as settings list them, with a bonus of 50,000 元."""
    return tuple(Team(team=name, lead="张伟", bonus=50_000) for name in names)


def with_settings(whole: Consolidation, **changes: Any) -> Consolidation:
    """The same consolidation with other settings."""
    settings: Settings = msgspec.structs.replace(whole.settings, **changes)
    return replace(whole, settings=settings)
