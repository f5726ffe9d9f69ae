"""A text that is longer than a cell of Excel holds is named wherever it is shown cut."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from live import lines
from nasty_quarter import PERIOD
from tables import IDENTITY, write

from xltools.excel.package.workbook_package import Package
from xltools.run import start
from xltools.verbs import check_workbooks, consolidate_workbooks, evaluate_quarter

TASKS = """
| 任务名称 | 关联市场目标 | 负责人 | 开始时间 | 结束时间 | 交付标准 | 所需资源 |
| 白皮书   |              | 李娜   | @2024-07-01 | @2024-09-30 | 3 份 | LONG |
"""
LENGTH = 40_000
TEXTS = "xl/sharedStrings.xml"


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A workbook as programs without that limit write them."""
    path = write(tmp_path / "市场部.xlsx", {"任务分解": TASKS}, identity=IDENTITY)
    package = Package(path.read_bytes())
    package.replace(TEXTS, package.text(TEXTS).replace("LONG", "长" * LENGTH))
    path.write_bytes(package.save())
    return path


def test_a_cut_text_is_named_by_every_report(sent: Path, tmp_path: Path) -> None:
    run = start(period=PERIOD, lang="zh")
    told = [one for one in check_workbooks(run, [sent]).all_issues() if one.text.endswith(".cut")]
    assert [(one.severity, one.cell, one.details["length"]) for one in told] == [
        ("warning", "G2", LENGTH)
    ]
    consolidate_workbooks(run, [sent], tmp_path / "consolidated.xlsx")
    problems = openpyxl.load_workbook(tmp_path / "consolidated.xlsx", data_only=True)["问题清单"]
    listed = [row for row in problems.iter_rows(values_only=True) if str(LENGTH) in str(row)]
    assert len(listed) == 1
    assert any("任务分解!G2" in str(value) for value in listed[0])
    for name, source in (("from the inbox", sent), ("again", tmp_path / "consolidated.xlsx")):
        evaluate_quarter(run, [source], tmp_path / f"{name}.xlsx")
        page = lines(tmp_path / f"{name}.xlsx", "数据质量")
        [row] = [row for row in page if str(LENGTH) in str(row)]
        assert row[0] == "警告"
        assert "任务分解!G2" in str(row)
