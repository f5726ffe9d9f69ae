"""What Excel itself offers and refuses in a cell: dropdowns, limits, and the prompt beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xltools.definition import ColumnDef
from xltools.excel.cell_text import utf16_cut
from xltools.expressions import violated
from xltools.generate.layout.dropdown_lists import dependent_list, is_of_team, source_name
from xltools.generate.layout.form_layout import FIRST_ROW, Form, Names, RowLayout, Workbook
from xltools.generate.layout.helper_keys import repeated_at_once
from xltools.kinds import KINDS, CellRule
from xltools.locale import knows, say

if TYPE_CHECKING:
    from xltools.excel.writing.sheet_writer import Sheet

_LONGEST_TITLE = 32
_LONGEST_MESSAGE = 255
_LONGEST_FORMULA = 255


def write_entry_rules(sheet: Sheet, workbook: Workbook, form: Form, names: Names) -> None:
    """Give every column that is typed its cell rule and prompt, and guard the computed ones."""
    for column in form.sheet.columns:
        if column.hidden:
            continue
        place = form.columns[column.name]
        options = _options(workbook, form, column, names) | _prompt(workbook, form, column)
        sheet.validation(FIRST_ROW, place, form.last_row, place, **options)


def _options(workbook: Workbook, form: Form, column: ColumnDef, names: Names) -> dict[str, Any]:
    lang = workbook.lang
    if not column.typed:
        return _custom("FALSE", say("generate.guarded", lang))
    if column.source:
        return _offered(form, column, names)
    list_name = ""
    if column.choices:
        list_name = names.labels(column.choices)
    elif column.reference:
        list_name = names.reference(column.reference)
    rule = KINDS[column.kind].cell_rule(
        form.cell(column.name), minimum=column.min, maximum=column.max, list_name=list_name
    )
    if column.unique and rule is None:
        return _custom(
            f"NOT({repeated_at_once(form, column)})", say("generate.entry_repeated", lang)
        )
    return _compared(workbook, form, column) or _of_kind(rule, lang)


def _offered(form: Form, column: ColumnDef, names: Names) -> dict[str, Any]:
    """A list that helps and does not bind."""
    name = source_name(column)
    if not is_of_team(column):
        names.source(name, column)
    source = dependent_list(column, form.cell(column.source_by)) if column.source_by else name
    return {"validate": "list", "source": f"={source}", "show_error": False}


def _of_kind(rule: CellRule | None, lang: str) -> dict[str, Any]:
    if rule is None:
        return {"validate": "any"}
    if rule.validate == "custom":
        return _custom(rule.formula, say(rule.message, lang))
    refusal = {
        "error_title": say("generate.entry_refused", lang),
        "error_message": say(rule.message, lang),
    }
    if rule.validate == "list":
        return {"validate": "list", "source": f"={rule.formula}", **refusal}
    kind = {"decimal": "decimal", "whole": "integer", "date": "date"}[rule.validate]
    limits = {"minimum": rule.minimum, "maximum": rule.maximum}
    return {"validate": kind, "criteria": "between", **limits, **refusal}


def _compared(workbook: Workbook, form: Form, column: ColumnDef) -> dict[str, Any] | None:
    """A date that a rule compares with the row's other cells is refused as it is typed."""
    if column.kind != "date":
        return None
    for rule in form.sheet.rules:
        expression = workbook.parse(form.sheet, rule.check)
        if rule.columns[0] != column.name or rule.severity != "error" or expression.sheets:
            continue
        broken = violated(expression, RowLayout(workbook, form, Names()))
        valid = KINDS[column.kind].entered_formula(form.cell(column.name))
        formula = f"AND({valid},NOT({broken}))"
        if len(formula) <= _LONGEST_FORMULA:
            return _custom(formula, rule.message[workbook.lang])
    return None


def _custom(formula: str, message: str) -> dict[str, Any]:
    return {
        "validate": "custom",
        "value": f"={formula}",
        "error_message": utf16_cut(message, _LONGEST_MESSAGE),
    }


def _prompt(workbook: Workbook, form: Form, column: ColumnDef) -> dict[str, Any]:
    lang = workbook.lang
    lines = []
    if column.computed:
        lines.append(say("generate.prompt_computed", lang))
    elif column.given:
        lines.append(say("generate.prompt_given", lang))
    else:
        needed = "required" if column.required else "optional"
        lines.append(say(f"generate.prompt_{needed}", lang))
        lines.append(hint(column, lang))
        if column.source:
            lines.append(say("generate.prompt_offered", lang))
        if column.unique:
            lines.append(say("generate.prompt_unique", lang))
    own = [rule for rule in form.sheet.rules if rule.columns[0] == column.name]
    lines += [f"• {rule.message[lang]}" for rule in own]
    return {
        "input_title": utf16_cut(column.label[lang], _LONGEST_TITLE),
        "input_message": utf16_cut("\n".join(lines), _LONGEST_MESSAGE),
    }


def hint(column: ColumnDef, lang: str) -> str:
    """One line on what belongs into a column."""
    if column.hint:
        return _limited(column, column.hint[lang], lang)
    return _automatic(column, lang) or _limited(column, say(KINDS[column.kind].hint(), lang), lang)


def brief_hint(column: ColumnDef, lang: str) -> str:
    """The same in few words, for the header."""
    if column.hint:
        return column.hint[lang]
    automatic = _automatic(column, lang)
    if automatic:
        return automatic
    key = "generate.brief_offered" if column.source else f"generate.brief_{column.kind}"
    if column.min is None and knows(key):
        return say(key, lang)
    words = "" if column.min is not None and knows(key) else say(KINDS[column.kind].hint(), lang)
    return _limited(column, words, lang)


def _automatic(column: ColumnDef, lang: str) -> str:
    if column.computed:
        return say("generate.hint_computed", lang)
    return say("generate.hint_given", lang) if column.given else ""


def _limited(column: ColumnDef, words: str, lang: str) -> str:
    """What is said of a column, with its limits."""
    if column.min is None:
        return words
    least = _limit(column, column.min)
    if column.max is None:
        limits = say("generate.hint_from", lang, least=least)
    else:
        most = _limit(column, column.max)
        limits = say("generate.hint_between", lang, least=least, most=most)
    return say("generate.hint_both", lang, hint=words, limits=limits) if words else limits


def _limit(column: ColumnDef, number: float) -> str:
    return f"{number * 100:g}%" if column.kind == "percent" else f"{number:g}"
