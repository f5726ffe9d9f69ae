"""A column, a rule, a choice, a whole workbook: added to definition files, nothing else touched."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from blank_books import HEADER, TEAM, changed, header_columns, opened, typed
from blank_books import generated as generated_here
from conftest import Office

from xltools.cli import cli
from xltools.definition import load_catalog
from xltools.ground.shipped import shipped

HERE = Path(__file__).parent
ROW = {"channel": "线上广告", "class": "物料费用", "amount": 120, "revenue": 300}

Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Run a command in an empty folder whose own templates are in ``templates/``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("XLTOOLS_LANG", raising=False)
    (tmp_path / "templates").mkdir()

    def called(*words: object) -> tuple[int, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main([*map(str, words), "--templates", "templates"])
        answer = capsys.readouterr()
        assert isinstance(left.value.code, int)
        return left.value.code, answer.out + answer.err

    return called


ADDED = {
    # What is added before what.
    'commission = { zh = "渠道佣金"': 'material = { zh = "物料费用", en = "Material" }\n',
    '  { name = "leads", label = { zh = "线索数"': """\
  { name = "campaign", label = { zh = "活动名称", en = "Campaign" }, kind = "text" },
""",
    '  { name = "leads_once"': """\
  { name = "large_named", check = "amount <= 100 or not blank(campaign)", columns = ["campaign"],
    message = { zh = "大额费用要写活动", en = "name the campaign" } },
""".replace("\n    ", " "),
}


def changed_expansion(folder: Path) -> None:
    """A copy of the shipped definition with a column, a rule and a choice more."""
    text = (shipped("templates") / "expansion.toml").read_text("utf-8")
    for place, added in ADDED.items():
        assert text.count(place) == 1, place
        text = text.replace(place, added + place)
    (folder / "expansion.toml").write_text(text, "utf-8")


def generated(call: Call, name: str, title: str) -> Path:
    code, said = call(
        "generate", name, "-o", "out", "--team", TEAM, "--period", "2024Q3", "--rows", "20"
    )
    assert code == 0, said
    return Path("out") / TEAM / f"{TEAM}-{title}-2024Q3.xlsx"


def fill(path: Path, number: int, title: str, rows: list[dict[str, Any]]) -> None:
    columns = header_columns(opened(path)[title])
    cells = {
        f"{columns[name]}{10 + index}": value
        for index, row in enumerate(rows)
        for name, value in row.items()
    }
    path.write_bytes(typed(path.read_bytes(), {number: cells}))


def issues(call: Call, path: Path) -> list[tuple[str, str, str]]:
    _, said = call("check", path, "--format", "json")
    [checked] = json.JSONDecoder().raw_decode(said, said.index("{"))[0]["files"]
    return [
        (one["code"], one["column"], one["message"])
        for one in checked["issues"]
        if one["severity"] == "error"
    ]


def texts(path: Path) -> set[object]:
    return {cell for sheet in opened(path) for row in sheet.values for cell in row}


def test_a_column_a_rule_and_a_choice(call: Call, tmp_path: Path, office: Office) -> None:
    changed_expansion(tmp_path / "templates")
    path = generated(call, "expansion", "市场拓展")
    page = opened(path)["投入产出"]
    columns = header_columns(page)
    assert str(page[f"{columns['campaign']}{HEADER}"].value).startswith("活动名称\nCampaign")
    names = {str(column[0].value): column for column in opened(path)["_lists"].iter_cols()}
    assert "物料费用" in [cell.value for cell in names["lst_expense_class"]]
    fill(path, 5, "投入产出", [ROW])
    [after] = office.recalculated([path])
    page = opened(after)["投入产出"]
    assert page["A10"].value == "✖ 不合要求 · 活动名称"
    assert page["A4"].value.endswith("“活动名称”：大额费用要写活动")
    for file in (path, after):
        assert [one[:2] for one in issues(call, file)] == [("row-rule", "campaign")]
    fill(path, 5, "投入产出", [ROW | {"campaign": "秋季展会"}])
    assert issues(call, path) == []
    call("consolidate", path, "-o", "all.xlsx", "--period", "2024Q3")
    values = [
        cell for sheet in opened(tmp_path / "all.xlsx") for row in sheet.values for cell in row
    ]
    assert {"秋季展会", "物料费用"} <= set(values)
    assert "`campaign`" in call("describe", "expansion", "--format", "markdown")[1]


def test_a_whole_workbook(call: Call, tmp_path: Path, office: Office) -> None:
    shutil.copy(HERE / "partners.toml", tmp_path / "templates")
    path = generated(call, "partners", "渠道伙伴")
    assert opened(path).sheetnames[:3] == ["填写说明", "签约", "走访"]
    fill(
        path,
        2,
        "签约",
        [
            {"partner": "远帆", "level": "金牌", "signed": date(2024, 7, 1), "cash": 20},
            {"partner": "近岸", "level": "金牌", "signed": date(2024, 7, 2), "cash": 0},
        ],
    )
    visits = [{"partner": "远帆", "owner": "张伟"}, {"partner": "没有", "owner": "李"}]
    fill(path, 3, "走访", visits)
    [after] = office.recalculated([path])
    book = opened(after)
    assert [book["签约"][cell].value for cell in ("A10", "F10", "A11")] == [
        "✔",
        1,
        "✖ 不合要求 · 回款",
    ]
    assert [book["走访"][cell].value for cell in ("A10", "D10", "A11")] == [
        "✔",
        "金牌",
        "✖ 找不到 · 伙伴",
    ]
    assert sorted(one[:2] for one in issues(call, path)) == [
        ("reference-missing", "partner"),
        ("row-rule", "cash"),
    ]
    call("consolidate", path, "-o", "all.xlsx", "--period", "2024Q3")
    assert "近岸" in texts(tmp_path / "all.xlsx")
    assert "金牌伙伴应有回款" in call("describe", "partners", "--format", "markdown")[1]
    english = generated_in_english(call)
    assert changed(english, office.recalculated([english])[0]) == []


def generated_in_english(call: Call) -> Path:
    code, said = call(
        "--lang",
        "en",
        "generate",
        "partners",
        "-o",
        "en",
        "--team",
        TEAM,
        "--period",
        "2024Q3",
        "--rows",
        "20",
    )
    assert code == 0, said
    return Path("en") / TEAM / f"{TEAM}-Channel partners-2024Q3.xlsx"


def test_a_sheet_with_more_faults_than_a_formula_holds(tmp_path: Path, office: Office) -> None:
    """Sixty columns, each with four things that can be wrong; the last one is."""
    columns = [
        f'{{ name = "c{number}", label = {{ zh = "栏{number}", en = "Column {number}" }}, '
        'kind = "number", required = true, min = 0, max = 9, unique = true },'
        for number in range(60)
    ]
    text = (HERE / "partners.toml").read_text("utf-8").split("[[sheets]]")[0]
    sheet = ["[[sheets]]", 'name = "wide"', 'title = { zh = "宽表", en = "Wide" }']
    sheet += ['about = { zh = "宽。", en = "Wide." }', "columns = [", *columns, "]"]
    (tmp_path / "partners.toml").write_text(text + "\n".join(sheet), "utf-8")
    wide = load_catalog(tmp_path)
    good = {f"c{number}": number % 9 for number in range(60)}
    rows = [good, {name: 9 - value for name, value in good.items()} | {"c59": 12, "c58": 4.5}]
    rows[0] |= {"c4": 8.5}
    path = tmp_path / "wide.xlsx"
    path.write_bytes(generated_here("partners", of=wide, rows={"wide": rows}))
    assert changed(path, office.recalculated([path])[0]) == []
    page = opened(path)["宽表"]
    assert [page[cell].value for cell in ("A10", "A11")] == ["✔", "✖ 超出范围 · 栏59"]
