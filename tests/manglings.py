"""What people do to a workbook that was correct: each by name, with the issues it must give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

TITLES = {
    "alignment": "目标对齐",
    "tasks": "任务分解",
    "progress": "进度跟踪",
    "review": "目标复盘",
}
KEYS, HEADER, FIRST = 7, 9, 10

ROWS: dict[str, list[dict[str, object]]] = {
    "alignment": [
        {"sales_goal": "新增销售额5000万元", "supporting_goal": "季度提供有效线索1000条",
         "metric": "有效线索数", "target": 1000, "unit": "条", "priority": "high",
         "due": "2024-09-30", "owner": "张伟"},
        {"sales_goal": "新增销售额5000万元", "supporting_goal": "老客户触达率80%",
         "metric": "老客户触达率", "target": 0.8, "unit": "%", "priority": "medium",
         "due": "2024-12-31", "owner": "李娜"},
    ],
    "tasks": [
        {"task": "行业白皮书撰写与推广", "goal": "季度提供有效线索1000条", "owner": "李娜",
         "start": date(2024, 7, 5), "end": date(2024, 8, 28), "milestone": "初稿",
         "deliverable": "下载500次", "budget": 2, "resources": "设计", "cadence": "daily"},
        {"task": "线上研讨会系列", "goal": "季度提供有效线索1000条", "owner": "王强",
         "start": date(2024, 7, 10), "end": date(2024, 9, 20), "milestone": "首场",
         "deliverable": "3场", "budget": 1200, "resources": "平台", "cadence": "daily"},
        {"task": "客户答谢会", "goal": "老客户触达率80%", "owner": "王强",
         "start": date(2024, 8, 1), "end": date(2024, 9, 10), "milestone": "场地",
         "deliverable": "触达200家", "budget": 3, "resources": "场地", "cadence": "weekly"},
    ],
    "progress": [
        {"as_of": date(2024, 8, 15), "task": "行业白皮书撰写与推广", "owner": "李娜",
         "planned": 0.8, "actual": 0.9, "key_metric": "线索转化率", "metric_target": 0.1,
         "metric_actual": 0.08},
        {"as_of": date(2024, 8, 15), "task": "线上研讨会系列", "owner": "王强",
         "planned": 0.5, "actual": 0.4, "risk": "报名少", "countermeasure": "加推广"},
    ],
    "review": [
        {"goal": "季度提供有效线索1000条", "actual": 920, "customer_share": 0.3,
         "sales_share": 0.2, "cause_class": "execution", "cause": "点击率低",
         "success": "白皮书好", "next_action": "改投放", "owner": "李娜", "due": "2024-10-31"},
        {"goal": "老客户触达率80%", "actual": 0.84, "owner": "王强"},
    ],
}  # fmt: skip


@dataclass
class Effect:
    """Issues as (severity, code, sheet, cell, column), and values that are not what they were."""

    issues: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    spoiled: set[tuple[str, str, int]] = field(default_factory=set)
    lost: set[tuple[str, str]] = field(default_factory=set)  # whole columns; "" for the sheet


@dataclass(frozen=True)
class Mangling:
    """``touches`` names what it changes, so that pairs do not meet in one cell."""

    name: str
    apply: Callable[[Workbook], Effect]
    touches: frozenset[str]
    structural: bool


MANGLINGS: list[Mangling] = []


def mangling(*touches: str, structural: bool = False) -> Callable[..., Callable[..., Effect]]:
    def register(apply: Callable[[Workbook], Effect]) -> Callable[[Workbook], Effect]:
        name = apply.__name__.replace("_", " ")
        MANGLINGS.append(Mangling(name, apply, frozenset(touches), structural))
        return apply

    return register


def page(book: Workbook, name: str) -> Worksheet:
    return book[TITLES[name]]


def place(book: Workbook, name: str, column: str) -> int:
    keys = [cell.value for cell in page(book, name)[KEYS]]
    return keys.index(column) + 1


def cell(book: Workbook, name: str, column: str, index: int) -> Cell:
    return page(book, name).cell(FIRST + index, place(book, name, column))


def typed(
    book: Workbook, name: str, column: str, index: int, value: object, form: str = ""
) -> Cell:
    found = cell(book, name, column, index)
    found.value = value
    if form:
        found.number_format = form
    return found


def fault(code: str, name: str, found: Cell, column: str, severity: str = "error") -> Effect:
    issue = (severity, code, TITLES[name], found.coordinate, column)
    return Effect([issue], {(name, column, found.row - FIRST)})


def warned(code: str, title: str, where: str = "", column: str = "") -> Effect:
    return Effect([("warning", code, title, where, column)])


# --- what is typed -------------------------------------------------------------------------


@mangling("tasks.budget.0")
def number_with_its_unit(book: Workbook) -> Effect:
    typed(book, "tasks", "budget", 0, "2万元")
    return Effect()


@mangling("tasks.budget.1")
def thousands_comma(book: Workbook) -> Effect:
    typed(book, "tasks", "budget", 1, "1,200")
    return Effect()


@mangling("tasks.budget.2")
def full_width_digit(book: Workbook) -> Effect:
    typed(book, "tasks", "budget", 2, "３")
    return Effect()


@mangling("alignment.target.0")
def scale_word(book: Workbook) -> Effect:
    typed(book, "alignment", "target", 0, "1千条")
    return Effect()


@mangling("alignment.target.0")
def words_for_a_number(book: Workbook) -> Effect:
    found = typed(book, "alignment", "target", 0, "一千多条")
    effect = fault("cell-kind", "alignment", found, "target")
    effect.spoiled |= {("review", "target", 0), ("review", "attainment", 0)}
    return effect


@mangling("tasks.budget.1")
def decimal_comma(book: Workbook) -> Effect:
    return fault("cell-kind", "tasks", typed(book, "tasks", "budget", 1, "1.200,5"), "budget")


@mangling("tasks.budget.0")
def negative_budget(book: Workbook) -> Effect:
    return fault("cell-range", "tasks", typed(book, "tasks", "budget", 0, -2), "budget")


@mangling("review.customer_share.0")
def share_beyond_all(book: Workbook) -> Effect:
    found = typed(book, "review", "customer_share", 0, 1.3)
    return fault("cell-range", "review", found, "customer_share")


@mangling("tasks.start.0")
def date_with_dots(book: Workbook) -> Effect:
    typed(book, "tasks", "start", 0, "2024.07.05")
    return Effect()


@mangling("tasks.start.1")
def chinese_date_without_year(book: Workbook) -> Effect:
    typed(book, "tasks", "start", 1, "7月10日")
    return Effect()


@mangling("tasks.end.0")
def impossible_date(book: Workbook) -> Effect:
    return fault("cell-kind", "tasks", typed(book, "tasks", "end", 0, "2024-08-32"), "end")


@mangling("tasks.end.2")
def end_before_start(book: Workbook) -> Effect:
    found = typed(book, "tasks", "end", 2, date(2024, 7, 1), "yyyy-mm-dd")
    return fault("row-rule", "tasks", found, "end")


@mangling("alignment.due.0")
def due_as_a_quarter(book: Workbook) -> Effect:
    typed(book, "alignment", "due", 0, "2024年第三季度")
    return Effect(spoiled={("alignment", "due", 0)})


@mangling("alignment.due.1")
def due_as_a_number(book: Workbook) -> Effect:
    found = typed(book, "alignment", "due", 1, 2024.1, "General")
    return fault("cell-kind", "alignment", found, "due")


@mangling("alignment.priority.0")
def choice_nearly(book: Workbook) -> Effect:
    found = typed(book, "alignment", "priority", 0, "最高")
    return fault("cell-choice", "alignment", found, "priority")


@mangling("alignment.priority.1")
def choice_in_english(book: Workbook) -> Effect:
    typed(book, "alignment", "priority", 1, " Medium ")
    return Effect()


@mangling("tasks.owner.0")
def required_left_blank(book: Workbook) -> Effect:
    return fault("cell-required", "tasks", typed(book, "tasks", "owner", 0, None), "owner")


@mangling("tasks.owner.1")
def two_people_for_one(book: Workbook) -> Effect:
    return fault("cell-kind", "tasks", typed(book, "tasks", "owner", 1, "王强、李娜"), "owner")


@mangling("tasks.milestone.0")
def text_with_spaces_and_breaks(book: Workbook) -> Effect:
    typed(book, "tasks", "milestone", 0, "\n　初稿  ")
    return Effect()


@mangling("tasks.deliverable.1")
def deliverable_without_a_number(book: Workbook) -> Effect:
    found = typed(book, "tasks", "deliverable", 1, "办几场")
    return fault("row-rule", "tasks", found, "deliverable")


@mangling("tasks.owner.2")
def error_value(book: Workbook) -> Effect:
    found = typed(book, "tasks", "owner", 2, "#REF!")
    found.data_type = "e"
    return fault("cell-error", "tasks", found, "owner")


@mangling("tasks.budget.2")
def formula_never_calculated(book: Workbook) -> Effect:
    found = typed(book, "tasks", "budget", 2, "=1+2")
    return fault("cell-error", "tasks", found, "budget")


@mangling("progress.actual.0")
def bare_number_for_percent(book: Workbook) -> Effect:
    found = typed(book, "progress", "actual", 0, 90, "General")
    effect = fault("cell-kind", "progress", found, "actual")
    effect.spoiled |= {("progress", "status", 0)}
    return effect


@mangling("progress.actual.0")
def percent_as_text(book: Workbook) -> Effect:
    typed(book, "progress", "actual", 0, "九成")
    return Effect()


@mangling("progress.planned.1")
def percent_in_a_sentence(book: Workbook) -> Effect:
    typed(book, "progress", "planned", 1, "计划完成50%", "@")
    return Effect()


@mangling("progress.risk.1")
def behind_without_a_risk(book: Workbook) -> Effect:
    found = typed(book, "progress", "risk", 1, None)
    return fault("row-rule", "progress", found, "risk")


@mangling("progress.task.1")
def reference_to_nothing(book: Workbook) -> Effect:
    found = typed(book, "progress", "task", 1, "年会")
    return fault("reference-missing", "progress", found, "task")


@mangling("progress.task.0")
def reference_nearly(book: Workbook) -> Effect:
    found = typed(book, "progress", "task", 0, "行业白皮书推广")
    return warned("reference-near", TITLES["progress"], found.coordinate, "task")


@mangling("tasks.task.2", "progress.task")
def task_named_twice(book: Workbook) -> Effect:
    found = typed(book, "tasks", "task", 2, "线上研讨会系列 ")
    return fault("row-duplicate", "tasks", found, "task")


@mangling("review.attainment.0")
def computed_cell_typed_over(book: Workbook) -> Effect:
    found = typed(book, "review", "attainment", 0, 0.99)
    return warned("cell-recomputed", TITLES["review"], found.coordinate, "attainment")


@mangling("review.attainment.1")
def computed_cell_emptied(book: Workbook) -> Effect:
    typed(book, "review", "attainment", 1, None)
    return Effect()


@mangling("review.goal.0")
def reference_with_other_width(book: Workbook) -> Effect:
    typed(book, "review", "goal", 0, " 季度提供有效线索１０００条 ")
    return Effect()


@mangling("tasks.budget")
def numbers_pasted_as_text(book: Workbook) -> Effect:
    for index in range(3):
        found = cell(book, "tasks", "budget", index)
        typed(book, "tasks", "budget", index, str(found.value), "@")
    return Effect()


@mangling("tasks.start.1")
def time_of_day_in_a_date(book: Workbook) -> Effect:
    typed(book, "tasks", "start", 1, datetime(2024, 7, 10, 14, 30))
    return Effect()


@mangling("tasks.end.1")
def date_shown_as_a_number(book: Workbook) -> Effect:
    found = typed(book, "tasks", "end", 1, 45_555, "General")
    return fault("cell-kind", "tasks", found, "end")


@mangling("progress.planned", "progress.actual")
def percent_format_pasted_away(book: Workbook) -> Effect:
    for column, index in (("planned", 0), ("planned", 1), ("actual", 0), ("actual", 1)):
        cell(book, "progress", column, index).number_format = "General"
    return Effect()


@mangling("review.attainment", "review.target")
def formulas_pasted_over_with_values(book: Workbook) -> Effect:
    for index, (target, attainment) in enumerate(((1000, 0.92), (0.8, 1.05))):
        typed(book, "review", "target", index, target)
        typed(book, "review", "attainment", index, attainment)
    return Effect()


# --- what is done to the sheets ------------------------------------------------------------


@mangling("progress", structural=True)
def sheet_renamed(book: Workbook) -> Effect:
    page(book, "progress").title = "我们的进度"
    return Effect([("warning", "sheet-renamed", "我们的进度", "", "")])


@mangling("alignment", structural=True)
def sheet_titled_in_english(book: Workbook) -> Effect:
    page(book, "alignment").title = "Alignment"
    return Effect()


@mangling("book", structural=True)
def sheets_reordered(book: Workbook) -> Effect:
    book.move_sheet(page(book, "review"), -3)
    return Effect()


@mangling("alignment", "review", structural=True)
def titles_swapped(book: Workbook) -> Effect:
    one, other = page(book, "alignment"), page(book, "review")
    one.title = "x"
    other.title = TITLES["alignment"]
    one.title = TITLES["review"]
    warning = ("warning", "sheet-renamed")
    return Effect([(*warning, TITLES["review"], "", ""), (*warning, TITLES["alignment"], "", "")])


@mangling("copies", structural=True)
def sheet_copied(book: Workbook) -> Effect:
    book.copy_worksheet(page(book, "tasks")).title = "任务分解 (2)"
    return warned("sheet-unknown", "任务分解 (2)")


@mangling("extra", structural=True)
def sheet_added(book: Workbook) -> Effect:
    book.create_sheet("草稿")["B2"] = "电话 021-5555"
    return warned("sheet-unknown", "草稿")


@mangling("state", structural=True)
def sheet_hidden(book: Workbook) -> Effect:
    page(book, "review").sheet_state = "hidden"
    return Effect()


@mangling("review", structural=True)
def sheet_deleted(book: Workbook) -> Effect:
    book.remove(page(book, "review"))
    return Effect([("error", "sheet-missing", "", "", "")], lost={("review", "")})


@mangling("identity", "alignment", "tasks", "progress", "review", structural=True)
def identity_stripped(book: Workbook) -> Effect:
    del book["_xltools"]
    for name in list(book.defined_names):
        if name.startswith("xltools"):
            del book.defined_names[name]
    for name in list(book.custom_doc_props.names):
        del book.custom_doc_props[name]
    for name in TITLES:
        page(book, name).delete_rows(KEYS)
    return Effect()


@mangling("progress", structural=True)
def check_column_deleted(book: Workbook) -> Effect:
    page(book, "progress").delete_cols(1)
    return Effect()


@mangling("tasks", structural=True)
def rows_above_inserted(book: Workbook) -> Effect:
    page(book, "tasks").insert_rows(1, 2)
    page(book, "tasks")["A1"] = "市场部三季度任务"
    return Effect()


@mangling("progress", structural=True)
def head_rows_deleted(book: Workbook) -> Effect:
    sheet = page(book, "progress")
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_rows(1, 4)
    sheet.row_dimensions[KEYS].hidden = False  # which openpyxl leaves where it was
    sheet.row_dimensions[KEYS - 4].hidden = True
    return Effect()


@mangling("alignment", structural=True)
def blank_row_between(book: Workbook) -> Effect:
    page(book, "alignment").insert_rows(FIRST + 1, 3)
    return Effect()


@mangling("review.beside", structural=True)
def note_beside(book: Workbook) -> Effect:
    sheet = page(book, "review")
    letters = get_column_letter(sheet.max_column + 2)
    sheet[f"{letters}{FIRST}"] = "这行要和财务核对"
    return warned("header-unknown", TITLES["review"], f"{letters}{HEADER}")


@mangling("tasks.below", structural=True)
def note_below(book: Workbook) -> Effect:
    page(book, "tasks").cell(FIRST + 5, 2, "注：预算含税")
    return Effect()


@mangling("tasks.below", structural=True)
def totals_row(book: Workbook) -> Effect:
    sheet = page(book, "tasks")
    sheet.cell(FIRST + 3, 2, "合计")
    sheet.cell(FIRST + 3, place(book, "tasks", "budget"), 1205)
    return Effect()


@mangling("alignment.below", structural=True)
def header_repeated(book: Workbook) -> Effect:
    sheet = page(book, "alignment")
    for column in range(2, 10):
        sheet.cell(FIRST + 2, column, sheet.cell(HEADER, column).value)
    return Effect()


@mangling("review.below", structural=True)
def spaces_in_a_blank_row(book: Workbook) -> Effect:
    page(book, "review").cell(FIRST + 3, 2, "  ")
    return Effect()


@mangling("tasks.beside", structural=True)
def column_added(book: Workbook) -> Effect:
    sheet = page(book, "tasks")
    column = sheet.max_column + 1
    sheet.cell(HEADER, column, "紧急程度")
    sheet.cell(FIRST, column, "特急")
    where = f"{get_column_letter(column)}{HEADER}"
    return warned("header-unknown", TITLES["tasks"], where)


@mangling("progress", structural=True)
def column_moved(book: Workbook) -> Effect:
    sheet = page(book, "progress")
    old, new = place(book, "progress", "task"), sheet.max_column + 1
    for row in range(KEYS, FIRST + 3):
        sheet.cell(row, new, sheet.cell(row, old).value)
        sheet.cell(row, old).value = None
    return Effect()


@mangling("tasks.resources", structural=True)
def column_deleted(book: Workbook) -> Effect:
    page(book, "tasks").delete_cols(place(book, "tasks", "resources"))
    issue = ("error", "header-missing", TITLES["tasks"], "", "resources")
    return Effect([issue], lost={("tasks", "resources")})


@mangling("tasks.beside", structural=True)
def column_doubled(book: Workbook) -> Effect:
    sheet = page(book, "tasks")
    old, new = place(book, "tasks", "milestone"), sheet.max_column + 1
    for row in range(KEYS, FIRST + 3):
        sheet.cell(row, new, sheet.cell(row, old).value)
    where = f"{get_column_letter(new)}{HEADER}"
    return Effect([("error", "header-duplicate", TITLES["tasks"], where, "milestone")])


@mangling("tasks.deliverable", structural=True)
def header_renamed(book: Workbook) -> Effect:
    found = page(book, "tasks").cell(HEADER, place(book, "tasks", "deliverable"))
    found.value = "成果要求"
    return warned("header-renamed", TITLES["tasks"], found.coordinate, "deliverable")


@mangling("tasks.milestone", structural=True)
def header_decorated(book: Workbook) -> Effect:
    page(book, "tasks").cell(HEADER, place(book, "tasks", "milestone"), "＊关键 里程碑（选填）")
    return Effect()


@mangling("review", structural=True)
def headers_in_english(book: Workbook) -> Effect:
    sheet = page(book, "review")
    for column in range(2, 14):
        text = str(sheet.cell(HEADER, column).value or "")
        if "\n" in text:
            sheet.cell(HEADER, column, text.split("\n")[1])
    sheet.delete_rows(KEYS)
    return Effect()


@mangling("alignment", structural=True)
def key_row_deleted(book: Workbook) -> Effect:
    page(book, "alignment").delete_rows(KEYS)
    return Effect()


@mangling("progress", structural=True)
def header_row_deleted(book: Workbook) -> Effect:
    page(book, "progress").delete_rows(HEADER)
    return Effect()


@mangling("tasks.hidden", structural=True)
def row_hidden(book: Workbook) -> Effect:
    page(book, "tasks").row_dimensions[FIRST + 1].hidden = True
    return warned("row-hidden", TITLES["tasks"], f"B{FIRST + 1}")


@mangling("tasks.goal", structural=True)
def cells_merged_downwards(book: Workbook) -> Effect:
    column = place(book, "tasks", "goal")
    page(book, "tasks").merge_cells(
        start_row=FIRST, end_row=FIRST + 1, start_column=column, end_column=column
    )
    return Effect()


@mangling("progress.ghosts", structural=True)
def ghost_rows(book: Workbook) -> Effect:
    sheet = page(book, "progress")
    for row in range(FIRST + 10, FIRST + 2_000):
        sheet.cell(row, 3).fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet.cell(FIRST + 2_500, 4, " ")
    return Effect()


@mangling("tasks", structural=True)
def titles_with_trailing_spaces(book: Workbook) -> Effect:
    sheet = page(book, "tasks")
    for found in sheet[HEADER]:
        found.value = f"{found.value} \u3000" if found.value else None
    sheet.delete_rows(KEYS)
    sheet.title = f"{sheet.title} "
    return Effect()


@mangling("calendar", structural=True)
def calendar_of_1904(book: Workbook) -> Effect:
    book.epoch = CALENDAR_MAC_1904
    return Effect()


@mangling("checks", structural=True)
def dropdowns_and_checks_pasted_away(book: Workbook) -> Effect:
    for sheet in book.worksheets:
        sheet.data_validations.dataValidation = []
        sheet.conditional_formatting = ConditionalFormattingList()
        sheet.protection.sheet = False
    return Effect()


@mangling("progress.hidden", structural=True)
def column_hidden(book: Workbook) -> Effect:
    letters = get_column_letter(place(book, "progress", "countermeasure"))
    page(book, "progress").column_dimensions[letters].hidden = True
    return Effect()


@mangling("names", structural=True)
def name_broken(book: Workbook) -> Effect:
    book.defined_names["旧名称"] = DefinedName("旧名称", attr_text="#REF!$A$1")
    return Effect()
