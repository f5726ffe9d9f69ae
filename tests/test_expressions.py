"""The rule language by itself: what is understood, what is refused and how, what formulas say."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
import pytest
from both_ends import Book, Place
from sample_definition import SAMPLE, sample

import xltools.expressions
from xltools.cli.shared.call_mistakes import sentence_of
from xltools.definition import load_catalog
from xltools.definition.definition_model import Definition
from xltools.errors import DefinitionError
from xltools.expressions import (
    Expression,
    ExpressionError,
    Group,
    Scope,
    Tables,
    computation_order,
    evaluate,
    is_true,
    parse,
    to_excel,
    true_rows,
    verify,
    violated,
    violations,
)
from xltools.locale import say, sentences

CATALOG = load_catalog()
DEFINITION = sample(CATALOG)
SCOPE = Scope.of(CATALOG, DEFINITION, DEFINITION.sheet("rows"))
PLACE = Place(Book(CATALOG, DEFINITION, {"rows": [], "more": [], "library": []}), "rows", 8)
NAN = math.nan


def understood(text: str) -> Expression:
    return parse(text, SCOPE)


def frame(columns: Mapping[str, list[Any]]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(values) for name, values in columns.items()})


def values(text: str, rows: pd.DataFrame, more: pd.DataFrame | None = None) -> list[Any]:
    """What an expression gives in every row; None where it is blank."""
    other = more if more is not None else pd.DataFrame({"name": []})
    found = evaluate(understood(text), "rows", Tables({"rows": rows, "more": other}))
    return [None if pd.isna(value) else value for value in found]


# What an expression reads


def test_an_expression_knows_what_it_reads() -> None:
    found = understood(
        "total(more.amount, name=note) / amount if share > parameters.at_risk else count(day)"
    )
    assert found.columns == {"note", "amount", "share", "day"}
    assert found.sheets == {"more"}
    assert found.references >= {("more", "amount"), ("more", "name"), ("", "day")}
    assert found.parameters == {"at_risk"}
    assert found.excel_able


def test_what_has_no_excel_form_says_so() -> None:
    for text in ("start(due) > day", "end(due)", "day > parameters.period_end"):
        found = understood(text)
        assert not found.excel_able
        with pytest.raises(ExpressionError) as caught:
            to_excel(found, PLACE)
        assert caught.value.key == "expressions.not_in_excel"


class Evaluated(Place):
    """The same row where sheets hold the rows of all teams."""

    @property
    def group(self) -> Group:
        return Group({}, "", clean=True)


def test_spans_have_days_in_an_evaluation() -> None:
    place = Evaluated(PLACE.book, "rows", 8)
    assert "RIGHT(" in to_excel(understood("end(due)"), place)
    assert "LEFT(" in to_excel(understood("start(due) > day"), place)
    with pytest.raises(ExpressionError):
        to_excel(understood("start(due) > parameters.period_end"), place)


def test_columns_may_be_called_like_python_words() -> None:
    assert understood("return > 1 and not blank(class)").columns == {"return", "class"}
    assert understood("lookup(more.return, class=class)").sheets == {"more"}
    assert values("return * 2", frame({"return": [2.0]})) == [4.0]


def test_an_expression_may_go_over_several_lines() -> None:
    assert understood("\n  amount\n  + share\n").columns == {"amount", "share"}


# What is refused

REFUSED = [
    ("amont > 1", "column_near", 0, "amount"),
    ("1 + blak(amount)", "function_near", 4, "blank"),
    ("choices.grade.god == class", "choice_near", 14, "good"),
    ("choices.grad.good == class", "list_near", 8, "grade"),
    ("amount > parameters.at_rsk", "parameter_near", 20, "at_risk"),
    ("lookup(mor.amount, name=name)", "sheet_near", 7, "more"),
    ("lookup(more.amout, name=name)", "column_near", 12, "amount"),
    ("lookup(more.amount, nam=name)", "column_near", 20, "name"),
    ("'中文' == name and foobarbaz", "column", 17, ""),
    ("amount >=", "syntax", 9, ""),
    ("blank(amount", "syntax", 5, ""),
    ("amount = 1", "syntax", 7, ""),
    ("", "syntax", 0, ""),
    ("amount ** 2", "unsupported", 0, ""),
    ("amount % 2", "unsupported", 0, ""),
    ("[amount]", "unsupported", 0, ""),
    ("name[0]", "unsupported", 0, ""),
    ("(lambda: 1)()", "syntax", 7, ""),
    ("amount.real", "sheet", 0, ""),
    ("name.upper()", "unsupported", 0, ""),
    ("amount in (1, 2)", "syntax", 7, ""),
    ("f'{amount}'", "unsupported", 0, ""),
    ("1e400", "unsupported", 0, ""),
    ("b'x'", "unsupported", 0, ""),
    ("total(*amount)", "needs_column", 6, ""),
    ("count(name, **name)", "unsupported", 14, ""),
    ("more.amount", "other_sheet", 5, ""),
    ("choices.grade", "needs_member", 8, ""),
    ("library", "needs_member", 0, ""),
    ("round(amount)", "arguments", 0, ""),
    ("round(amount, share)", "digits", 14, ""),
    ("half(1, 2)", "arguments", 0, ""),
    ("half(x=1)", "no_keywords", 0, ""),
    ("lookup(more.amount)", "needs_condition", 0, ""),
    ("total(amount + 1)", "needs_column", 6, ""),
    ("total(name)", "wrong_type", 6, ""),
    ("latest(more.amount, name)", "wrong_type", 20, ""),
    ("start(day)", "wrong_type", 6, ""),
    ("abs(name)", "wrong_type", 4, ""),
    ("amount and share", "not_truth", 0, ""),
    ("1 if amount else 2", "not_truth", 5, ""),
    ("(amount > 1) + 1", "not_value", 1, ""),
    ("blank(amount > 1)", "not_value", 6, ""),
    ("amount == name", "mixed_types", 0, ""),
    ("class == '好'", "mixed_types", 0, ""),
    ("class == choices.basis.higher", "mixed_types", 0, ""),
    ("coalesce(amount, name)", "mixed_types", 0, ""),
    ("amount if day > until else name", "mixed_types", 0, ""),
    ("total(amount, name=day)", "mixed_types", 19, ""),
    ("name > note", "not_comparable", 0, ""),
    ("due == due", "not_comparable", 0, ""),
    ("total(amount, name=at_least(name))", "not_comparable", 19, ""),
    ("amount == None", "compared_with_none", 0, ""),
    ("day + until", "date_arithmetic", 0, ""),
    ("day * 2", "date_arithmetic", 0, ""),
    ("starts_with(name, note)", "needs_text", 18, ""),
    (f"name == '{'长' * 256}'", "text_too_long", 8, ""),
    (" + ".join(["amount"] * 400), "too_deep", 0, ""),
]


@pytest.mark.parametrize(("text", "key", "position", "suggestion"), REFUSED)
def test_a_mistake_is_told_with_its_place(
    text: str, key: str, position: int, suggestion: str
) -> None:
    with pytest.raises(ExpressionError) as caught:
        understood(text)
    error = caught.value
    assert (error.key, error.position) == (f"expressions.{key}", position)
    assert error.values.get("suggestion", "") == suggestion
    for lang in ("zh", "en"):
        assert suggestion in say(error.key, lang, **error.values)


def test_every_refusal_has_a_sentence() -> None:
    folder = Path(xltools.expressions.__file__).parent
    source = "".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    keys = set(re.findall(r'fault\(\s*"(\w+)"', source))
    keys |= {
        f"{key}{end}" for key in re.findall(r'unknown\("(\w+)"', source) for end in ("", "_near")
    }
    keys |= set(re.findall(r'"expressions\.(\w+)"', source))
    known = {key.partition(".")[2] for key in sentences("zh") if key.startswith("expressions.")}
    assert keys == known


def test_a_function_may_not_call_itself() -> None:
    about = {"zh": "文字", "en": "text"}
    changed = {
        **SAMPLE,
        "functions": {"loop": {"arguments": ["x"], "value": "loop(x) + 1", "about": about}},
    }
    definition = msgspec.convert(changed, Definition)
    scope = Scope.of(CATALOG, definition, definition.sheet("rows"))
    with pytest.raises(ExpressionError) as caught:
        parse("loop(amount)", scope)
    assert caught.value.key == "expressions.recursive"
    assert caught.value.text == "loop(x) + 1"


def test_columns_in_a_circle_are_refused() -> None:
    computed = {
        ("rows", "both"): understood("half(amount)"),
        ("rows", "amount"): understood("both"),
    }
    with pytest.raises(ExpressionError) as caught:
        computation_order(computed)
    assert caught.value.key == "expressions.circle"


def test_columns_are_computed_behind_those_they_read() -> None:
    computed = {
        ("rows", "share"): understood("both + total(more.amount)"),
        ("rows", "both"): understood("amount"),
        ("more", "amount"): understood("1"),
    }
    order = computation_order(computed)
    assert order.index(("rows", "share")) == 2


def test_the_shipped_definitions_are_understood() -> None:
    verify(load_catalog())


@pytest.mark.parametrize(
    ("path", "text", "key"),
    [
        (("columns", 11, "compute"), "name", "wrong_result"),
        (("columns", 11, "compute"), "amnt * 2", "column_near"),
        (("columns", 11, "compute"), "both + 1", "circle"),
    ],
)
def test_a_wrong_definition_names_the_place(
    path: tuple[str, int, str], text: str, key: str
) -> None:
    raw = msgspec.json.decode(msgspec.json.encode(SAMPLE))
    raw["sheets"][0][path[0]][path[1]][path[2]] = text
    catalog = load_catalog()
    catalog.definitions["sample"] = msgspec.convert(raw, Definition)
    with pytest.raises(DefinitionError) as caught:
        verify(catalog)
    assert caught.value.values["reason"].key == f"expressions.{key}"
    assert "rows.both" in sentence_of(caught.value)


# What formulas look like

FORMULAS = [
    ("amount / share", 'IFERROR(IF(COUNT($D8,$E8)=2,$D8/$E8,""),"")'),
    ("round(amount / 2, 6)", 'IF(COUNT($D8)=1,ROUND($D8/2,6),"")'),
    ("sum(amount, share)", 'IF(COUNT($D8,$E8)>0,SUM($D8,$E8),"")'),
    ("coalesce(amount, 0)", "IF(COUNT($D8)=1,$D8,0)"),
    ("choices.grade.good if amount > 1 else None", 'IF(IF(COUNT($D8)=1,$D8>1,FALSE),"好","")'),
    ("None if blank(amount) else amount * 2", 'IF(COUNT($D8)=0,"",IF(COUNT($D8)=1,$D8*2,""))'),
]


@pytest.mark.parametrize(("text", "formula"), FORMULAS)
def test_a_value_as_a_formula(text: str, formula: str) -> None:
    assert to_excel(understood(text), PLACE) == formula


def test_a_rule_as_a_formula() -> None:
    rule = understood("day >= until or not blank(amount)")
    assert violated(rule, PLACE) == "AND(IF(COUNT($G8,$H8)=2,$G8<$H8,FALSE),COUNT($D8)=0)"
    assert is_true(rule, PLACE) == "OR(IF(COUNT($G8,$H8)=2,$G8>=$H8,FALSE),COUNT($D8)=1)"


def test_constant_parts_leave_no_trace() -> None:
    assert to_excel(understood("half(amount) if True else share"), PLACE) == to_excel(
        understood("half(amount)"), PLACE
    )
    assert violated(understood("amount > 1 or True"), PLACE) == "FALSE"
    assert to_excel(understood("coalesce(None, amount, None)"), PLACE) == 'IF(COUNT($D8)=1,$D8,"")'


def test_quotes_in_text_are_bothd() -> None:
    assert '"他说""好"""' in to_excel(understood("name if name == '他说\"好\"' else note"), PLACE)


ALLOWED = """
    SUM MIN MAX COUNT ROUND ABS IF AND OR NOT IFERROR ISERROR ISNUMBER NA SUMPRODUCT INDEX
    MATCH LOOKUP LEFT FIND SUBSTITUTE TRIM UPPER YEAR MONTH AGGREGATE
"""


def test_only_functions_that_every_program_has() -> None:
    allowed = set(ALLOWED.split())
    for definition in load_catalog():
        for sheet in definition.sheets:
            scope = Scope.of(CATALOG, definition, sheet)
            rows = {one.name: [] for one in definition.sheets}
            place = Place(Book(CATALOG, definition, {**rows, "library": []}), sheet.name, 8)
            texts = [column.compute for column in sheet.columns if column.compute]
            for text in [*texts, *(rule.check for rule in sheet.rules)]:
                found = parse(text, scope)
                write = violated if found.type.name == "truth" else to_excel
                formula = re.sub(r'"(?:[^"]|"")*"', '""', write(found, place))
                assert set(re.findall(r"([A-Z]+)\(", formula)) <= allowed
                assert len(formula) < 8192


# What tables say


def test_blanks_spread_and_are_never_wrong() -> None:
    rows = frame({"amount": [1.0, NAN, 3.0], "share": [2.0, 5.0, 0.0]})
    assert values("amount + share", rows) == [3.0, None, 3.0]
    assert values("amount / share", rows) == [0.5, None, None]
    tables = Tables({"rows": rows})
    assert violations(understood("amount > 2"), "rows", tables).tolist() == [True, False, False]
    assert violations(understood("not amount > 2"), "rows", tables).tolist() == [False, False, True]
    assert true_rows(understood("amount > 2"), "rows", tables).tolist() == [False, False, True]
    assert values("amount > 2", rows) == [False, None, True]


def test_the_three_truths_follow_kleene() -> None:
    rows = frame({"amount": [1.0], "share": [NAN]})
    for text, answer in {
        "amount > 0 or share > 0": True,
        "amount < 0 or share > 0": None,
        "amount < 0 and share > 0": False,
        "amount > 0 and share > 0": None,
        "amount > 0 and None": None,
        "amount < 0 and None": False,
        "amount > 0 or None": True,
        "amount < 0 or None": None,
        "not share > 0": None,
        "1 if share > 0 else 2": 2.0,
    }.items():
        assert values(text, rows) == [answer]


def test_text_and_spaces_in_a_number_column_are_blank() -> None:
    rows = frame({"amount": ["45家", "7", 7, True], "name": ["x", " ", "\u3000", None]})
    assert values("amount * 2", rows) == [None, None, 14.0, None]
    assert values("blank(name)", rows) == [False, True, True, True]


def test_rounding_is_of_the_decimal_value() -> None:
    rows = frame({"amount": [2.675, 1.005, -2.5, 0.285, 1234567.5, 1e15, NAN, -0.001]})
    assert values("round(amount, 2)", rows)[:4] == [2.68, 1.01, -2.5, 0.29]
    assert values("round(amount, 0)", rows)[2] == -3.0
    assert values("round(amount, -1)", rows)[4:7] == [1234570.0, 1e15, None]
    assert math.copysign(1, values("round(amount, 2)", rows)[7]) == 1


def test_worked_figures() -> None:
    rows = frame({"amount": [45.0, 215.0, 0.04, 0.12], "share": [50.0, 200.0, 0.05, 0.15]})
    assert values("ratio(amount, share)", rows) == [0.9, 1.075, 0.8, 0.8]
    assert values("ratio(amount, share) >= 0.8", rows) == [True] * 4
    assert values("amount + share == 95", rows)[0]
    tenths = frame({"amount": [0.1], "share": [0.2]})
    assert values("amount + share == 0.3", tenths) == [True]


def test_other_rows_are_those_of_the_same_workbook() -> None:
    rows = frame({"name": ["a", "a", "A", None], "amount": [1.0, 2.0, 4.0, 8.0]})
    rows["_file"] = ["x", "y", "x", "x"]
    more = frame({"name": ["a", "A", "a"], "amount": [10.0, 20.0, NAN], "_file": ["x", "y", "y"]})
    assert values("total(amount, name=name)", rows, more) == [5.0, 2.0, 5.0, None]
    assert values("count(amount)", rows, more) == [3.0, 1.0, 3.0, 3.0]
    assert values("lookup(more.amount, name=name)", rows, more) == [10.0, 20.0, 10.0, None]
    assert values("total(amount, amount=at_least(amount))", rows, more) == [13.0, 2.0, 12.0, 8.0]


def test_the_latest_row_of_a_tie_is_the_lower_one() -> None:
    days = [datetime.date(2024, 2, day) for day in (1, 3, 3, 2)]
    more = frame({"amount": [1.0, 2.0, 3.0, 4.0], "name": list("aaab"), "day": days})
    rows = frame({"name": ["a", "b", "c"], "until": [datetime.date(2024, 2, 2)] * 3})
    assert values("latest(more.amount, day, name=name)", rows, more) == [3.0, 4.0, None]
    assert values("latest(more.amount, day, day=at_most(until))", rows, more) == [4.0] * 3
    assert values("highest(more.amount, name=name)", rows, more) == [3.0, 4.0, None]
    assert values("lowest(more.day, name=name)", rows, more)[:2] == [
        pd.Timestamp("2024-02-01"),
        pd.Timestamp("2024-02-02"),
    ]


def test_a_lookup_passes_over_rows_without_a_value() -> None:
    more = frame({"name": ["a", "a", "b"], "note": [None, "二", "三"]})
    rows = frame({"name": ["A", "b", None, "c"]})
    assert values("lookup(more.note, name=name)", rows, more) == ["二", "三", None, None]


def test_spans_have_two_ends() -> None:
    rows = frame({"due": ["2024-07-10/2024-07-12", "2024-07-03", None]})
    assert values("end(due)", rows) == [
        pd.Timestamp("2024-07-12"),
        pd.Timestamp("2024-07-03"),
        None,
    ]
    assert values("days(start(due), end(due))", rows) == [2.0, 0.0, None]


def test_dates_are_days() -> None:
    days = [datetime.date(2024, 2, 28), None]
    rows = frame({"day": days, "until": [datetime.date(2024, 3, 1)] * 2})
    assert values("days(day, until)", rows) == [2.0, None]
    assert values("working_days(day, until)", rows) == [3.0, None]
    assert values("working_days(until, day)", rows) == [-3.0, None]
    assert values("working_days(until, until + 9)", rows) == [6.0, 6.0]
    assert values("day + 2", rows) == [pd.Timestamp("2024-03-01"), None]
    assert values("year(day) * 100 + month(day)", rows) == [202402.0, None]


def test_dates_among_the_parameters() -> None:
    tables = Tables(
        {"rows": frame({"due": ["2024-07-10", "2024-10-02"]})},
        parameters={"period_end": datetime.date(2024, 9, 30)},
    )
    found = true_rows(understood("end(due) > parameters.period_end"), "rows", tables)
    assert found.tolist() == [False, True]


def test_many_pairs_are_tried_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    amounts = [float(number % 7) for number in range(50)]
    rows = frame({"amount": amounts, "share": amounts[::-1]})
    text = "highest(amount, amount=at_most(share), share=at_least(amount))"
    at_once = values(text, rows)
    monkeypatch.setattr("xltools.expressions.compute.table_scans._MOST_PAIRS", 60)
    assert values(text, rows) == at_once
    assert any(value is not None for value in at_once)


def test_no_rows_at_all() -> None:
    rows = pd.DataFrame({"name": [], "amount": []})
    for text in (
        "amount / 2",
        "total(amount, name=name)",
        "lookup(more.note, name=name)",
        "total(amount, amount=at_least(amount))",
        "blank(name)",
        "day + 1",
    ):
        assert values(text, rows, pd.DataFrame()) == []


def test_results_are_not_the_tables_own_columns() -> None:
    rows = frame({"amount": [1.0, 2.0]})
    found = evaluate(understood("amount"), "rows", Tables({"rows": rows}))
    found[0] = 9.0
    assert rows["amount"].tolist() == [1.0, 2.0]
