"""Workbooks as people really send them, from the folder beside the project, where it is there."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from tables import QUARTER, checked, serious, told

from xltools.check.submission import Submission

CASES = Path(__file__).parents[2] / "shared" / "cases"

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the folder of cases is not there")


class Case(NamedTuple):
    """What must be told (as `told` words it) and read of one workbook."""

    sheet: str
    column: str
    values: list[object]
    tells: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    """What must not be told of any cell."""


TOTALS = tuple(f"info row-ignored 客户分级!B{row}" for row in range(13, 22))
CUSTOMERS = ["甲公司", "乙公司", "丙公司"]
SHOWN = [10.0, 18.0, *[215.0] * 16, 21.0, 90.0, 90.0, 215.0, 0.0215, 215.0, 215.0, 215.0]
CASE = {
    "customers-subtotals": Case("customers", "customer", CUSTOMERS, TOTALS),
    "customers-total-nolabel": Case(
        *("customers", "customer", CUSTOMERS, TOTALS[:1], ("cell-required",))
    ),
    "merge-amount": Case(
        *("spending", "amount", [10.0, None], ("info cell-merged 投入产出!D10 amount",)),
        ("cell-required", "row-rule"),
    ),
    "merge-completion": Case(
        *("tracking", "completion", [1.0, None]),
        ("warning cell-merged 周度执行跟踪!G10 completion",),
    ),
    "negative-percent": Case(
        *("outcome", "actual", [-0.05, -0.05, -0.05, None, None, None]),
        (
            "warning cell-normalised 效果评估!F10 actual",
            "warning cell-normalised 效果评估!F12 actual",
            *(f"error cell-kind 效果评估!F{row} actual" for row in (13, 14, 15)),
        ),
    ),
    "example-overwritten": Case(
        *("outcome", "metric", ["新增门店数", "新增客户数", "区域销售额", "线索转化率"]),
        ("warning row-example 效果评估!B9",),
    ),
    "lrm-metric": Case(
        *("outcome", "metric", ["新增客户数", "获客成本", "线索转化率"], (), ("row-rule",)),
    ),
    "member-variants": Case(
        *("incentives", "member", ["王芳"] * 4),
        tuple(f"error row-duplicate 激励测算!B{row} member" for row in (11, 12, 13)),
    ),
    "number-formats": Case(
        *("spending", "amount", SHOWN),
        (
            "info cell-normalised 投入产出!D12 amount",
            "warning cell-normalised 投入产出!D13 amount",
            "info cell-normalised 投入产出!D14 amount",
            *(f"warning cell-normalised 投入产出!D{row} amount" for row in (15, 16, 17, 18, 20)),
        ),
    ),
    "unit-in-title-yuan": Case(
        *("spending", "amount", [10.0], ("warning header-renamed 投入产出!C2 amount",)),
    ),
    "strike-rich": Case(
        *("outcome", "actual", [48.0, 215.0, 0.12]),
        (
            "info cell-normalised 效果评估!F10 actual",
            "info cell-normalised 效果评估!J10 analysis",
            "error cell-kind 效果评估!E11 target",
        ),
    ),
    "month-date": Case(
        *("alignment", "due", ["2024-09-01/2024-09-30"] * 2),
        ("info cell-normalised 目标对齐!H10 due", "error cell-kind 任务分解!F10 end"),
    ),
    "circular-gsheets": Case(
        *("outcome", "actual", [None, None, 0.12]),
        tuple(f"warning cell-error 效果评估!F{row} actual" for row in (10, 11)),
    ),
    "leading-zero-format": Case(
        *("breakdown", "code", ["001", "002", "003"]),
        tuple(f"info cell-normalised 目标分解!B{row} code" for row in (10, 11, 12)),
    ),
    "dispimg": Case(
        *("outcome", "analysis", [None] * 3),
        tuple(
            f"error cell-error 效果评估!{at}"
            for at in ("F11 actual", "J10 analysis", "J12 analysis")
        ),
    ),
    "month-named-headers": Case(
        *("stages", "target_1", [15.0], (), ("header-missing", "header-renamed", "header-unknown")),
    ),
    "three-row-header": Case(
        *("outcome", "actual", [45.0, 215.0, 0.12], (), ("header-missing", "header-unknown")),
    ),
    "row-height-0": Case(
        *("outcome", "actual", [45.0, 215.0, 0.12], ("warning row-hidden 效果评估!B11",)),
    ),
    "weights-third": Case("outcome", "weight", [0.333] * 3, (), ("row-rule",)),
}


def read(name: str) -> Submission:
    [found] = checked(CASES / f"{name}.xlsx", team="华东", period=QUARTER).submissions
    return found


@pytest.mark.parametrize("name", CASE)
def test_case(name: str) -> None:
    case, submission = CASE[name], read(name)
    assert submission.sheets[case.sheet].columns[case.column] == case.values
    said = told(submission.issues)
    assert [one for one in case.tells if one not in said] == []
    title = submission.sheets[case.sheet].title
    loud = [one for one in said if one.split()[1] in case.silent and title in one]
    assert loud == []


def test_no_suggestion_loses_a_sign_or_invents_a_figure() -> None:
    found = {one.cell: one for one in read("wrong-suggestions").issues if one.column == "amount"}
    assert [found[f"D{row}"].suggestion for row in (12, 13, 14)] == [
        "",
        "-215 / -0.0215",
        "-215 / 215",
    ]
    # 负5万元 and —5 are read with their sign, and refused as amounts below 0.
    assert [str(found[f"D{row}"].code) for row in (15, 16)] == ["cell-range", "cell-range"]


def test_opposites_are_no_near_match() -> None:
    said = serious(read("refs").issues)
    assert "error reference-missing 任务分解!C22 goal" in said
    assert "warning reference-near 任务分解!C14 goal" in said  # 1,000 is 1000
