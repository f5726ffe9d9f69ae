"""What headers and formulas say, one by one."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from xltools.draft.formulas.row_context import CannotSayError, CopyColumn, CopyTable, RowContext
from xltools.draft.formulas.translate import allowed, computed, faultless, offered_if
from xltools.draft.sketch.copy_sketch import Place
from xltools.draft.understand.header_words import label_of, name_of, says_required, unit_of
from xltools.excel.reading.formula_tree import FormulaError, tree_of

LABELS = {
    ("目标",): ("目标", "目标"),
    ("目标 / Target",): ("目标", "Target"),
    ("Target/目标",): ("目标", "Target"),
    ("目标 Target *",): ("目标", "Target"),
    ("目标（Target）",): ("目标", "Target"),
    ("目标(万元)\nTarget\n只填数字",): ("目标", "Target"),
    ("Planned\nAmount",): ("Planned Amount", "Planned Amount"),
    ("计划\n金额(万元)",): ("计划金额", "计划金额"),
    ("Cost\nof everything that was bought in this quarter",): ("Cost", "Cost"),
    ("目标(必填)",): ("目标", "目标"),
    ("计划进度(截至2024.02.15)",): ("计划进度", "计划进度"),
    ("Loan / Loan Guarantee",): ("Loan / Loan Guarantee", "Loan / Loan Guarantee"),
    ("第一季度", "目标"): ("第一季度目标", "第一季度目标"),
    ("Q1", "Target"): ("Q1 Target", "Q1 Target"),
    ("数量", "Quantity"): ("数量", "Quantity"),
}


@pytest.mark.parametrize("pieces", LABELS, ids="|".join)
def test_labels_in_both_languages(pieces: tuple[str, ...]) -> None:
    assert label_of(pieces).all == LABELS[pieces]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ALN (CFDA) Three Digit Extension", "aln_cfda_three_digit_extension"),
        ("Total_CPF_Funding_for_Project__c", "total_cpf_funding_for_project"),
        ("dueDate", "due_date"),
        ("1. Private", "n_1_private"),
        ("Matching Funds?", "matching_funds"),
        ("金额", ""),
        ("2024", ""),
    ],
)
def test_names_from_english_words(text: str, name: str) -> None:
    assert name_of(text) == name


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("金额(万元)", "万元"),
        ("Share (%)", "%"),
        ("Cost [$]", "$"),
        ("Owner (east)", ""),
        ("率", ""),
    ],
)
def test_units_in_brackets(text: str, unit: str) -> None:
    assert unit_of((text,)) == unit


@pytest.mark.parametrize("text", ["名称*", "＊名称", "名称（必填）", "Name (required)"])
def test_marks_of_what_is_required(text: str) -> None:
    assert says_required((text,))
    assert says_required((), "Required\nString")
    assert not says_required(("名称", "Name (optional)"), "Required if open", "选填", "Optional")


TASKS = CopyTable(
    "Tasks",
    "tasks",
    3,
    {
        1: CopyColumn("task"),
        2: CopyColumn("plan"),
        3: CopyColumn("actual"),
        4: CopyColumn("state", "states", {"open": "open", "完成": "done", "done": "done"}),
        5: CopyColumn("start"),
        6: CopyColumn("end"),
        7: CopyColumn("class"),
    },
)
GOALS = CopyTable("目标 表", "goals", 2, {1: CopyColumn("goal"), 2: CopyColumn("target")})
NAMES: Mapping[str, Place] = {
    "plans": ("Tasks", (3, 2, 200, 2)),
    "Table1[Plan]": ("Tasks", (3, 2, 200, 2)),
    "rate": ("Tasks", (1, 9, 1, 9)),
}
CONTEXT = RowContext(TASKS, 5, [TASKS, GOALS], NAMES, frozenset({"on_target"}), own=3)

FORMULAS = {
    "C5/B5": "actual / plan",
    "=$C5/$B5*100%": "actual / plan * (100 / 100)",
    "-(C5-B5)": "-(actual - plan)",
    'IF(C5="","",C5/B5)': "actual / plan",
    'IF(B5=0,"-",C5/B5)': "'-' if plan == 0 else actual / plan",
    'IFERROR(C5/B5,"")': "actual / plan",
    "IFERROR(C5/B5,0)": "coalesce(actual / plan, 0)",
    'IF(AND(B5>0,D5="完成"),C5,0)': "actual if plan > 0 and state == choices.states.done else 0",
    'IF(D5<>"never",1,2)': "1 if True else 2",
    "SUM(B5:C5)": "sum(plan, actual)",
    "SUM(B5,C5,3)": "sum(plan, actual, 3)",
    "SUM($B$3:$B$200)": "total(plan)",
    "SUM(B:B)": "total(plan)",
    "SUBTOTAL(9,plans)": "total(plan)",
    "ROUND(C5/B5,2)": "round(actual / plan, 2)",
    "MAX(B5:C5)": "max(plan, actual)",
    "MIN(plans)": "lowest(plan)",
    "AVERAGE(plans)": "total(plan) / count(plan)",
    "Table1[[#This Row],[Plan]]*2": "plan * 2",
    "SUM(Table1[Plan])": "total(plan)",
    "SUMIF($A$3:$A$200,A5,$B$3:$B$200)": "total(plan, task=task)",
    'SUMIFS(plans,$A$3:$A$200,A5,$D$3:$D$200,"open")': (
        "total(plan, task=task, state=choices.states.open)"
    ),
    'COUNTIFS($B$3:$B$200,">="&B5)': "count(plan, plan=at_least(plan))",
    'COUNTIF($B$3:$B$200,"<=60")': "count(plan, plan=at_most(60))",
    'COUNTIF($B$3:$B$200,">60")': "count(plan, plan=more_than(60))",
    "COUNTIF($G$3:$G$200,G5)": "count(class, class=class)",
    "VLOOKUP(A5,'目标 表'!$A$2:$B$90,2,FALSE)": "lookup(goals.target, goal=task)",
    "INDEX('目标 表'!$B$2:$B$90,MATCH(A5,'目标 表'!$A$2:$A$90,0))": (
        "lookup(goals.target, goal=task)"
    ),
    "_xlfn.XLOOKUP(A5,'目标 表'!$A:$A,'目标 表'!$B:$B,0)": (
        "coalesce(lookup(goals.target, goal=task), 0)"
    ),
    "SUMPRODUCT(($A$3:$A$200=A5)*$B$3:$B$200)": "total(plan, task=task)",
    'SUMPRODUCT(--($A$3:$A$200=A5),--($D$3:$D$200="open"))': (
        "count(task, task=task, state=choices.states.open)"
    ),
    "F5-E5": "end - start",
    'DATEDIF(E5,F5,"d")': "days(start, end)",
    "YEAR(E5)": "year(start)",
    "IF(COUNT(B5,C5)=2,C5-B5,0)": "actual - plan if not blank(plan) and (not blank(actual)) else 0",
    "C5*p_on_target": "actual * parameters.on_target",
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas_are_said_as_expressions(formula: str) -> None:
    assert computed(formula, CONTEXT) == FORMULAS[formula]


@pytest.mark.parametrize(
    "formula",
    [
        'A5&"-"&B5',
        "ROW()-1",
        "TODAY()-E5",
        "UPPER(A5)",
        "B6",
        "B4+C5",
        "rate*B5",
        "Elsewhere!B5",
        "B5^2",
        "VLOOKUP(A5,'目标 表'!$A$2:$B$90,2,TRUE)",
        'COUNTIF($A$3:$A$200,"a*")',
        "SUM(B5:C9)",
        "{1,2}",
        "IF(",
        "=",
        "SUM(" * 100 + "1" + ")" * 100,
        "",
    ],
)
def test_what_the_language_lacks_is_not_said(formula: str) -> None:
    with pytest.raises(CannotSayError):
        computed(formula, CONTEXT)


CHECKS = {
    "=AND(ISNUMBER(C5),C5>=0)": "blank(actual) or actual >= 0",
    "=OR(SIGN(C5)=0,SIGN(C5)=1)": "blank(actual) or actual == 0 or actual > 0",
    "=C5<=B5": "blank(actual) or actual <= plan",
    '=IF(D5="open",ISBLANK(C5),C5>0)': (
        "blank(actual) or (blank(actual) if state == choices.states.open else actual > 0)"
    ),
    "=COUNTIF($C$3:$C$200,C5)=1": "blank(actual) or count(actual, actual=actual) == 1",
    "=ISNUMBER(MATCH(A5,'目标 表'!$A$2:$A$90,0))": (
        "blank(actual) or count(goals.goal, goal=task) >= 1"
    ),
    '=ISNUMBER(SEARCH("@",A5))': "blank(actual) or contains(task, '@')",
    '=LEFT(A5,2)="K-"': "blank(actual) or starts_with(task, 'K-')",
    "=LEN(TRIM(A5))>0": "blank(actual) or not blank(task)",
    "=ISNUMBER(C5)": "",
}


@pytest.mark.parametrize("formula", CHECKS)
def test_checks_are_said_as_rules(formula: str) -> None:
    assert allowed(formula, CONTEXT) == CHECKS[formula]


def test_conditions_of_dropdowns_and_what_is_painted_red() -> None:
    offered = offered_if('=IF(D5="open",List,"")', CONTEXT)
    assert offered == "blank(actual) or state == choices.states.open"
    assert faultless("=$C5>$B5", CONTEXT) == "not actual > plan"
    with pytest.raises(CannotSayError):
        faultless("=MOD(ROW(),2)=0", CONTEXT)


def test_a_formula_that_is_none_has_no_tree() -> None:
    for formula in ("=IF(1", "=)", '="open', "=(1,2)", "=1 2"):
        with pytest.raises(FormulaError):
            tree_of(formula)
