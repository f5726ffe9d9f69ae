# ruff: noqa: E501 - tables are as wide as they are
"""What teams mean by totals, merged cells, examples, names and odd figures, in whole workbooks.

Each workbook is read as it was written, and as LibreOffice saves it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import openpyxl
import pytest
from tables import catalog, one, settings_with, told, write

from xltools.check.identify.near_matches import near_match
from xltools.check.identify.near_members import near_person
from xltools.check.respond.issue_sentences import sentence
from xltools.check.submission import Submission
from xltools.ground.folding import fold
from xltools.kinds.grammar.opposites import opposed
from xltools.settings import Member, Team

if TYPE_CHECKING:
    from conftest import Office

PLAN, EXPANSION, GOALS = (
    f"华东-{title}-2024Q3.xlsx" for title in ("年度计划与绩效", "市场拓展", "目标管理")
)
MEMBERS = settings_with(
    teams=(Team(team="华东"),),
    members=tuple(Member(name=name, team="华东") for name in ("王芳", "李强", "张伟")),
)

CUSTOMERS = """
| 客户 | 年度销售额(万元) | 负责人 | 会员层级 |
| 甲公司 | 500 | 王芳 | 金卡 |
| 乙公司 | 300 | 王芳 | 银卡 |
| 丙公司 | 200 | 李强 | 普通 |
"""
OUTCOME = """
| 评估维度 | 核心指标 | 单位 | 目标值 | 实际值 | 达成口径 | 权重 | 分析说明 |
"""
SPENDING = """
| 渠道 | 费用类别 | 金额(万元) | 线索数 | 成交客户数 | 新增销售额 |
"""


class Book(NamedTuple):
    """A workbook of one table, what it must tell (notes included), and the values of a column."""

    file: str
    sheet: str
    table: str
    tells: list[str]
    column: str
    values: list[object]
    merges: tuple[str, ...] = ()


def customers(rows: str, *tells: str) -> Book:
    named = ["甲公司", "乙公司", "丙公司"]
    return Book(PLAN, "客户分级", CUSTOMERS + rows, list(tells), "customer", named)


def total(row: int, sheet: str = "客户分级") -> str:
    return f"info row-ignored {sheet}!A{row}"


BOOKS: dict[str, Book] = {
    "totals by formula, whatever they are called": customers(
        """
| 华东区 汇总 | =SUBTOTAL(9,B2:B4) -> 1000 |
| 其中：重点客户 | =SUM(B2:B3) -> 800 |
| 平均 | =AVERAGE(B2:B4) -> 333.333333333333 |
| | =SUBTOTAL(109,B2:B4) -> 1000 |
""".strip(),
        *map(total, range(5, 9)),
    ),
    "total words, however they are written": customers(
        """
| 總計 | 1000 |
| 合  计（万元） | 1000 |
| 小计(3家) | 1000 |
| 合计3家 | 1000 |
| | 1000 | 合计 |
| | 1000 | | | 本季合计 |
""".strip(),
        *map(total, range(5, 11)),
    ),
    "totals by value, named after what they add or not at all": customers(
        """
| 前三大客户合计 | 1000 |
| | 2000 |
""".strip(),
        total(5),
        total(6),
    ),
    "a customer whose name ends like a total is one": Book(
        *(PLAN, "客户分级", CUSTOMERS + "| 信息汇总 | 120 |", []),
        *("customer", ["甲公司", "乙公司", "丙公司", "信息汇总"]),
    ),
    "a sum of other columns is no total": Book(
        *(PLAN, "客户分级", CUSTOMERS + "| 丁公司 | =50+70 -> 120 |", []),
        *("customer", ["甲公司", "乙公司", "丙公司", "丁公司"]),
    ),
    "a goal that sums its parts stays a goal": Book(
        *(PLAN, "目标分解"),
        """
| 目标编号 | 上级目标 | 层级 | 维度 | 对象 | 指标 | 指标类别 | 年度目标 | 单位 | Q1 | Q2 | Q3 | Q4 | 负责人 |
| G02 | G01 | 部门 | 区域 | 上海 | 销售额 | 结果 | 600 | 万元 | 150 | 150 | 150 | 150 | 王芳 |
| G03 | G01 | 部门 | 区域 | 江苏 | 销售额 | 结果 | 400 | 万元 | 100 | 100 | 100 | 100 | 李强 |
| G01 | | 公司 | 总体 | 华东 | 销售额 | 结果 | =SUM(H2:H3) -> 1000 | 万元 | =SUM(J2:J3) -> 250 | =SUM(K2:K3) -> 250 | =SUM(L2:L3) -> 250 | =SUM(M2:M3) -> 250 | 张伟 |
""",
        *([], "code", ["G02", "G03", "G01"]),
    ),
    "words fill down a merge, amounts and counts stand once": Book(
        *(EXPANSION, "投入产出"),
        SPENDING + "| 线上广告 | 营销费用 | 10 | 120 | 8 | 35 |\n| | 人力成本 | | | | |\n",
        [f"info cell-merged 投入产出!{cell}" for cell in ("C2 amount", "D2 leads", "E2 customers")],
        *("amount", [10.0, None], ("A2:A3", "C2:C3", "D2:D3", "E2:E3")),
    ),
    "a percentage over several rows is nobody's": Book(
        *(EXPANSION, "周度执行跟踪"),
        """
| 阶段 | 任务名称 | 责任人 | 计划完成时间 | 实际完成情况 | 完成度 | 遇到问题 |
| 执行 | 上海展会 | 王芳 | 2024-07-10 | 收集线索 | 100% | |
| 执行 | 渠道培训 | 王芳 | 2024-08-10 | 进行中 | | 讲师冲突 |
""",
        ["warning cell-merged 周度执行跟踪!F2 completion"],
        *("completion", [1.0, None], ("A2:A3", "F2:F3")),
    ),
    "one name in two units is two metrics": Book(
        *(EXPANSION, "效果评估"),
        OUTCOME
        + "| 结果指标 | 毛利(%) | | %0.2 | %0.25 | | | |\n"
        + "| 结果指标 | 毛利(万元) | | 200 | 215 | | | |\n"
        + "| 结果指标 | 新增客户数(家) | | 50 | 55 | | | |\n",
        *([], "metric", ["毛利(%)", "毛利(万元)", "新增客户数"]),
    ),
    "marks that nobody sees are no part of a name": Book(
        *(EXPANSION, "效果评估"),
        OUTCOME
        + "| \u202a结果指标\u202c | \u200e新增客户数 | 家 | 50\u200e | 55 | | | |\n"
        + "| 结果指标 | 获客成本\u200e | 元 | 300 | 200 | | | |\n",
        *([], "metric", ["新增客户数", "获客成本"]),
    ),
    "thirds add up to the whole": Book(
        *(EXPANSION, "效果评估"),
        OUTCOME
        + "| 结果指标 | 新增客户数 | 家 | 50 | 55 | | %0.333 | |\n"
        + "| 结果指标 | 区域销售额 | 万元 | 200 | 215 | | %0.333 | |\n"
        + "| 结果指标 | 合同额 | 万元 | 200 | 215 | | %0.333 | |\n",
        *([], "weight", [0.333, 0.333, 0.333]),
    ),
    "what was hardly meant is asked for once": Book(
        *(EXPANSION, "效果评估"),
        OUTCOME
        + "| 结果指标 | 区域销售额 | 万元 | 200 | 10750 | | | |\n"
        + "| 结果指标 | 新增客户数 | 家 | 50 | 500 | | | |\n",
        ["warning cell-implausible 效果评估!E2 actual"],
        *("actual", [10750.0, 500.0]),
    ),
    "a unit that differs between target and actual is asked for": Book(
        *(EXPANSION, "效果评估"),
        OUTCOME
        + "| 结果指标 | 甲销售额 | 万元 | '200万元 | '10,750,000元 | | | |\n"
        + "| 结果指标 | 乙销售额 | 万元 | 200万 | 215万元 | | | |\n"
        + "| 结果指标 | 丙销售额 | 万元 | 200 | ￥2,150,000元 | | | |\n"
        + "| 结果指标 | 丁销售额 | 万元 | ￥2,000,000 | 4,215万元 | | | |\n"
        + "| 结果指标 | 戊销售额 | 万元 | 200万元 | 0元 | | | 停业 |\n"
        + "| 结果指标 | 己销售额 | 元 | 2,000,000元 | 2,150,000元 | | | |\n"
        + "| 结果指标 | 新增客户数 | 家 | 200家 | 210家 | | | |\n",
        [
            *(f"info cell-normalised 效果评估!D{row} target" for row in (2, 3, 6, 7, 8)),
            *(f"info cell-normalised 效果评估!E{row} actual" for row in range(2, 9)),
            "warning cell-implausible 效果评估!E2 actual",
            "warning cell-implausible 效果评估!E5 actual",
            "warning cell-normalised 效果评估!D5 target",
        ],
        *("actual", [1075.0, 215.0, 215.0, 4215.0, 0.0, 2150000.0, 210.0]),
    ),
    "where lower is better, far too little was hardly meant either": Book(
        *(EXPANSION, "效果评估"),
        OUTCOME
        + "| 结果指标 | 甲成本 | 元 | 300 | 2.9 | 越低越好 | | |\n"
        + "| 结果指标 | 乙成本 | 元 | 300 | 30 | 越低越好 | | |\n"
        + "| 结果指标 | 丙成本 | 元 | 300 | 3100 | 越低越好 | | 偏高 |\n"
        + "| 结果指标 | 丁数 | 家 | 300 | 2.9 | 越高越好 | | 偏低 |\n",
        [
            "warning cell-implausible 效果评估!E2 actual",
            "warning cell-implausible 效果评估!E4 actual",
        ],
        *("actual", [2.9, 30.0, 3100.0, 2.9]),
    ),
    "names that are nearly a member's, and those that are none": Book(
        *(PLAN, "客户分级"),
        CUSTOMERS.replace("500 | 王芳", "500 | 王方").replace("300 | 王芳", "300 | 王芳（主管）")
        + "| 丁公司 | 120 | 待定 | |\n| 戊公司 | 110 | 司马 相如 | |\n",
        [
            "error cell-kind 客户分级!C5 owner",
            "info cell-normalised 客户分级!C3 owner",
            "info cell-normalised 客户分级!C6 owner",
            "warning reference-near 客户分级!C2 owner",
        ],
        *("owner", ["王方", "王芳", "李强", None, "司马相如"]),
    ),
    "days of another year and of the next quarter": Book(
        *(GOALS, "进度跟踪"),
        """
| 截至日期 | 任务名称 | 负责人 | 计划进度 | 实际进度 | 风险问题 | 调整措施 |
| @2024-08-15 | 行业白皮书 | 李强 | %0.8 | %0.9 | | |
| @2024-10-15 | 行业白皮书 | 李强 | %0.9 | %0.9 | | |
| @2022-08-15 | 行业白皮书 | 李强 | %0.1 | %0.2 | | |
""",
        [
            "warning cell-implausible 进度跟踪!A3 as_of",
            "warning cell-implausible 进度跟踪!A4 as_of",
        ],
        *("planned", [0.8, 0.9, 0.1]),
    ),
}


def made(name: str, folder: Path) -> Path:
    book = BOOKS[name]
    folder.mkdir(parents=True, exist_ok=True)
    return write(folder / book.file, {book.sheet: book.table}, merges={book.sheet: book.merges})


def assert_read(name: str, path: Path) -> None:
    book = BOOKS[name]
    submission = one(path, settings=MEMBERS)
    about = [text for text in told(submission.issues) if " sheet-missing " not in text]
    about = [t for t in about if "header-missing" not in t and "reference-missing" not in t]
    # A blank completion and a hidden unit are other tests' matter.
    assert sorted(t for t in about if "cell-required" not in t) == sorted(book.tells)
    rows = next(rows for rows in submission.sheets.values() if book.column in rows.columns)
    assert rows.columns[book.column] == book.values


@pytest.mark.parametrize("name", BOOKS)
def test_as_written(name: str, tmp_path: Path) -> None:
    assert_read(name, made(name, tmp_path))


@pytest.fixture(scope="module")
def saved(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Every workbook as LibreOffice saves it, in two starts."""
    folder = tmp_path_factory.mktemp("readings")
    paths: Mapping[str, Path] = {
        name: made(name, folder / str(at)) for at, name in enumerate(BOOKS)
    }
    found: dict[tuple[str, str], Path] = {}
    for to in ("xlsx", "ods"):
        flat = office.convert(list(paths.values()), to, folder / to)
        for name, path in zip(paths, flat, strict=True):
            home = folder / f"{to}-{path.stem}-{len(found)}"
            home.mkdir()
            found[name, to] = path.rename(home / f"{Path(BOOKS[name].file).stem}.{to}")
    return lambda name, to: found[name, to]


@pytest.mark.parametrize("to", ["xlsx", "ods"])
@pytest.mark.parametrize("name", BOOKS)
def test_as_libreoffice_saves_it(name: str, to: str, saved: Callable[[str, str], Path]) -> None:
    assert_read(name, saved(name, to))


def test_units_that_formats_show_are_compared_as_typed_ones(tmp_path: Path) -> None:
    row = "| 结果指标 | 区域销售额 | 万元 | {} | {} | | | |\n"
    table = OUTCOME + row.format(200, 2150000) + row.format("200万元", 215)
    path = write(tmp_path / EXPANSION, {"效果评估": table})
    book = openpyxl.load_workbook(path)
    for cell, code in (("D2", '0"万元"'), ("E2", '#,##0"元"'), ("E3", '0"万元"')):
        book["效果评估"][cell].number_format = code
    book.save(path)
    submission = one(path)
    assert submission.sheets["outcome"].columns["actual"] == [215.0, 215.0]
    [asked] = [issue for issue in submission.issues if issue.code == "cell-implausible"]
    assert [sentence(asked, lang, catalog()) for lang in ("zh", "en")] == [
        "“2150000元”（读作 215 万元）与目标值“200万元”（读作 200 万元）写的单位不同：是不是真的以“元”计？请核对",
        "“2150000元”, read as 215 万元, states another unit than “200万元”, read as 200 万元 (Target): please check whether it is really in 元",
    ]


@pytest.mark.libreoffice
def test_old_workbooks_keep_no_formulas_but_sums_add_up(office: Office, tmp_path: Path) -> None:
    """An .xls says where formulas stand, not what they are: a total is what adds up others."""
    rows = (
        "| 华东区全部客户 | =SUM(B2:B4) -> 1000 |\n"
        "| 丁公司 | =50+70 -> 120 |\n"
        "| 戊公司 | 120 |\n"
        "| 己公司 | 240 |\n"
    )
    made = write(tmp_path / PLAN, {"客户分级": CUSTOMERS + rows})
    [path] = office.convert([made], "xls", tmp_path)
    submission = one(path, settings=MEMBERS)
    assert [text for text in told(submission.issues) if "row-ignored" in text] == [total(5)]
    named = ["甲公司", "乙公司", "丙公司", "丁公司", "戊公司", "己公司"]
    assert submission.sheets["customers"].columns["customer"] == named


FORM = """
| | 评估维度\\nDimension\\n下拉 | 核心指标\\nMetric\\n文字 | 单位\\nUnit\\n文字 | 目标值\\nTarget\\n数 | 实际值\\nActual\\n数 | 达成口径\\nBasis\\n下拉 | 权重\\nWeight\\n% | 分析说明\\nAnalysis\\n文字 |
"""
SHIPPED = (
    "| 示例 | 结果指标 | 新增客户数 | 家 | 50 | 45 | 越高越好 | %0.3 | 5家客户延迟到下季签约 |\n"
)
OWN = "| | 结果指标 | 区域销售额 | 万元 | 200 | 215 | | | |\n"
TYPED_OVER = "| 示例 | 结果指标 | 新增门店数 | 家 | 20 | 22 | 越高越好 | | |\n"
COPIED_MARK = "| 示例 | 结果指标 | 合同额 | 万元 | 100 | 120 | | | |\n"


@pytest.mark.parametrize(
    ("rows", "metrics", "tells"),
    [
        (SHIPPED + OWN, ["区域销售额"], []),
        (TYPED_OVER + OWN, ["新增门店数", "区域销售额"], ["warning row-example 效果评估!B2"]),
        (
            SHIPPED + OWN + COPIED_MARK,
            ["区域销售额", "合同额"],
            ["warning row-example 效果评估!B4"],
        ),
        (SHIPPED + OWN + SHIPPED, ["区域销售额"], ["info row-ignored 效果评估!B4"]),
    ],
)
def test_only_the_shipped_example_is_left_out(
    rows: str, metrics: list[str], tells: list[str], tmp_path: Path
) -> None:
    submission: Submission = one(write(tmp_path / EXPANSION, {"效果评估": FORM + rows}))
    assert submission.sheets["outcome"].columns["metric"] == metrics
    found = [t for t in told(submission.issues) if "-missing" not in t and "header-" not in t]
    assert found == tells


@pytest.mark.parametrize(
    ("one_text", "other"),
    [
        ("季度有效线索1000条", "季度无效线索1000条"),
        ("付费用户数量", "非付费用户数量"),
        ("客户数量增加", "客户数量减少"),
        ("华东区域销售额", "华北区域销售额"),
        ("第一场线上研讨会", "第二场线上研讨会"),
        ("qualified leads a quarter", "unqualified leads a quarter"),
        ("online campaign in summer", "offline campaign in summer"),
        ("customers of the north", "customers of the south"),
    ],
)
def test_opposites_are_never_near(one_text: str, other: str) -> None:
    assert opposed(fold(one_text), fold(other))
    assert near_match(fold(one_text), {fold(other): other}).nearest == ""


@pytest.mark.parametrize(
    ("one_text", "other"),
    [
        ("新品触达用户50万人次", "新产品触达用户50万人次"),
        ("季度有效线索1,000条", "季度有效线索1000条"),
        ("季度有效线索1000条（华东）", "季度有效线索1000条"),
        ("qualified lead a quarter", "qualified leads a quarter"),
    ],
)
def test_what_only_looks_different_stays_near(one_text: str, other: str) -> None:
    assert near_match(fold(one_text), {fold(other): other}).name == other


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("王方", "王芳"),
        ("张玮", "张伟"),
        ("王勇", ""),
        ("王芳", ""),
        ("Wan Fang", "Wang Fang"),
        ("Li", ""),
    ],
)
def test_near_names_sound_alike(name: str, member: str) -> None:
    assert near_person(name, ("王芳", "李强", "张伟", "Wang Fang")) == member
