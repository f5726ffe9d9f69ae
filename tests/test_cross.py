"""What only several workbooks together can get wrong, at any number of workbooks."""

from __future__ import annotations

import msgspec
import pytest
from submissions import PERIOD, SETTINGS, sent

from xltools.check.identify.near_matches import similarity
from xltools.check.validate.across_workbooks import across
from xltools.settings import Team


def suggested(teams: list[str], team: str, file: str) -> list[str]:
    known = msgspec.structs.replace(SETTINGS, teams=tuple(Team(team=name) for name in teams))
    return [one.suggestion for one in across([sent("goals", team, {}, file=file)], known, PERIOD)]


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("in/华东-目标管理-2024Q3.xlsx", []),
        ("in/目标管理.xlsx", []),
        ("in/华南-目标管理-2024Q3.xlsx", ["华南"]),
        ("in/华东-一队-目标管理-2024Q3.xlsx", []),  # begins with its own name, too
        ("in/华南-一队-目标管理-2024Q3.xlsx", ["华南-一队"]),  # not the shorter 华南
        ("in/华南一队-目标管理-2024Q3.xlsx", []),  # no team: just a name that begins so
        ("in/ 华 南－目标管理.xlsx", ["华南"]),
    ],
)
def test_a_file_named_after_another_team(file: str, wanted: list[str]) -> None:
    assert suggested(["华东", "华南", "华东-一队", "华南-一队"], "华东", file) == wanted


def test_many_files_of_one_unknown_team_are_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def counted(text: str, other: str) -> float:
        calls.append(text)
        return similarity(text, other)

    monkeypatch.setattr("xltools.check.identify.near_matches.similarity", counted)
    known = msgspec.structs.replace(SETTINGS, teams=tuple(Team(team=f"{n}队") for n in range(50)))
    strangers = [sent("goals", "华东销售", {}, file=f"{n}.xlsx") for n in range(40)]
    assert len(across(strangers, known, PERIOD)) == 40
    assert len(calls) == 50
