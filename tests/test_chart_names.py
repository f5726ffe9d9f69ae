"""Names on charts are never turned: columns lie down where theirs have no room side by side."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from quarter import quarter

from xltools.evaluate import evaluate


def directions(path: Path) -> list[str]:
    """How the bars of each chart run that shows customers."""
    with ZipFile(path) as package:
        parts = [n for n in package.namelist() if re.fullmatch(r"xl/charts/chart\d+.xml", n)]
        charts = [package.read(name).decode("utf-8") for name in parts]
    return [
        found[1]
        for chart in charts
        if "最大" in chart and (found := re.search(r'<c:barDir val="(\w+)"', chart))
    ]


@pytest.mark.parametrize(
    ("name", "run"), [("客户 {}", "col"), ("上海远航装备制造集团第{}分公司", "bar")]
)
def test_customers(tmp_path: Path, name: str, run: str) -> None:
    rows = [
        {"team": "甲", "customer": name.format(n), "annual_revenue": 100 - n} for n in range(12)
    ]
    path = tmp_path / "evaluation.xlsx"
    evaluate(quarter({("plan", "customers"): rows}), path)
    assert directions(path) == [run]
