"""Drafting workbooks that were there before this program, kept beside the project.

What a person would write of each is said in words beside them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from xltools.check.identify.label_forms import bare
from xltools.check.respond.check_result import Checked
from xltools.definition import Definition, load_catalog
from xltools.draft import Draft, draft
from xltools.issues import Severity
from xltools.verbs import check_drafted, start

SHARED = Path(__file__).parents[2] / "shared"
EXISTING = SHARED / "existing"
AWARDS = EXISTING / "federal-awards"
SEEDS = SHARED / "seed-workbooks"
pytestmark = pytest.mark.skipif(not EXISTING.is_dir(), reason="they are not beside the project")


def drafted(*paths: Path, name: str) -> Draft:
    return draft(paths, catalog=load_catalog(), name=name, lang="en")


def errors(checked: Checked) -> list[tuple[str, str]]:
    found = (issue for one in checked.submissions for issue in one.issues)
    return [(str(one.code), one.cell) for one in found if one.severity is Severity.ERROR]


@pytest.fixture(scope="module")
def awards() -> Draft:
    return drafted(AWARDS / "blank.xlsx", AWARDS / "known-good", name="awards")


def test_awards_are_one_table_with_lists_and_a_cover_beside_it(awards: Draft) -> None:
    (sheet,) = awards.definition.sheets
    assert len(sheet.columns) == 25
    assert sheet.names[:6] == (
        "award_reference",
        "federal_agency_prefix",
        "three_digit_extension",
        "additional_award_identification",
        "program_name",
        "amount_expended",
    )
    assert {one.title: one.reason for one in awards.left_out} == {
        "Coversheet": "cover",
        "Clusters": "list",
        "FederalPrograms": "list",
        "AuditReportTypes": "list",
    }


def test_kinds_choices_and_formulas_of_awards(awards: Draft) -> None:
    (sheet,) = awards.definition.sheets
    kinds = {one.name: one.kind for one in sheet.columns}
    text, number, choice = (
        [name for name, kind in kinds.items() if kind == wanted]
        for wanted in ("text", "number", "choice")
    )
    assert number == [
        "amount_expended",
        "federal_program_total",
        "cluster_total",
        "subrecipient_amount",
        "number_of_audit_findings",
    ]
    assert choice == [
        "cluster_name",
        "is_guaranteed",
        "is_direct",
        "is_passed",
        "is_major",
        "audit_report_type",
    ]
    assert len(text) == 25 - len(number) - len(choice)
    assert {sheet.column(name).unit for name in number[:4]} == {"$"}
    words = awards.definition.lists[sheet.column("is_direct").choices]
    assert [one.en for one in words.values()] == ["Y", "N"]
    assert len(awards.definition.lists[sheet.column("cluster_name").choices]) == 43
    total = "0 if blank(award_reference) else total(amount_expended, cfda_key=cfda_key)"
    assert sheet.column("federal_program_total").compute == total
    assert sheet.column("cluster_total").compute.count("total(amount_expended, ") == 3
    assert [one.name for one in sheet.columns if one.given] == [
        "award_reference",
        "cfda_key",
        "uniform_state_cluster_name",
        "uniform_other_cluster_name",
        "default_program_name",
    ]
    assert [one.name for one in sheet.columns if one.hidden] == list(sheet.names[-4:])
    assert sheet.column("number_of_audit_findings").min == 0
    (rule,) = sheet.rules
    assert rule.check == "blank(audit_report_type) or is_major == choices.is_guaranteed.y"
    filled = next(note for note in awards.sheets[0].notes if "450 rows" in note)
    assert all(f" {name}" in filled for name in ("program_name", "is_major", "amount_expended"))


def test_good_awards_are_good_and_bad_ones_are_found(awards: Draft) -> None:
    run = start(lang="en")
    assert errors(check_drafted(run, awards, [AWARDS / "known-good"])) == []
    bad = AWARDS / "known-bad" / "has-bad-yes-or-no-inputs.xlsx"
    cells = [f"{column}{row}" for column in "LNQS" for row in (2, 3)]
    assert errors(check_drafted(run, awards, [bad])) == [("cell-choice", cell) for cell in cells]


def test_corrective_actions() -> None:
    folder = EXISTING / "corrective-action-plan"
    made = drafted(folder, name="actions")
    (sheet,) = made.definition.sheets
    assert [(one.name, one.kind) for one in sheet.columns] == [
        ("reference_number", "text"),
        ("planned_action", "text"),
        ("contains_chart_or_table", "choice"),
    ]
    assert errors(check_drafted(start(lang="en"), made, [folder])) == []


@pytest.fixture(scope="module")
def broadband() -> Draft:
    return drafted(EXISTING / "broadband-quarterly", name="broadband")


def test_a_quarterly_report_with_twelve_rows_of_header(broadband: Draft) -> None:
    titles = [sheet.title.en for sheet in broadband.definition.sheets]
    assert titles == ["Project", "Subrecipients", "Subawards"]
    assert {sheet.table.first.first for sheet in broadband.sheets} == {13}
    project = broadband.definition.sheet("project")
    column = project.column("total_cpf_funding_for_project")
    assert (column.label.en, column.kind, column.unit) == (
        "Total CPF Funding for Project",
        "number",
        "$",
    )
    assert column.required
    assert not project.column("narrative_description").required
    assert project.column("projected_con_start_date").kind == "date"
    assert project.column("capital_asset_ownership_type").aliases
    lists = broadband.definition.lists
    assert len(lists[project.column("project_status").choices]) in (4, 5)
    state = broadband.definition.sheet("subrecipients").column("state_abbreviated")
    assert len(lists[state.choices]) == 59
    assert {one.reason for one in broadband.left_out} == {"cover", "list"}


def test_the_reports_check_without_an_error(broadband: Draft) -> None:
    folder = EXISTING / "broadband-quarterly"
    assert errors(check_drafted(start(lang="en"), broadband, [folder])) == []


SEED_SHEETS = {
    "goals": ["alignment", "tasks", "progress"],
    "expansion": ["tracking", "outcome", "review"],
}


@pytest.mark.parametrize("name", SEED_SHEETS)
def test_seeds_are_drafted_as_the_shipped_definitions_say(name: str) -> None:
    shipped: Definition = load_catalog()[name]
    (path,) = SEEDS.glob("*目标管理*" if name == "goals" else "*市场拓展*")
    made = drafted(path, name="own")
    assert [sheet.name for sheet in made.definition.sheets] == SEED_SHEETS[name]
    unlike = []
    for sheet in made.definition.sheets:
        for column in sheet.columns:
            same = shipped.sheet(sheet.name).column(column.name)
            known = {bare(text) for text in (same.label.zh, *same.aliases)}
            assert bare(column.label.zh) in known
            assert column.label.en == same.label.en
            if column.kind != same.kind:
                unlike.append(f"{sheet.name}.{column.name}")
    assert (
        unlike
        == {
            "goals": ["tasks.goal", "progress.task", "progress.planned", "progress.actual"],
            "expansion": [],
        }[name]
    )  # near references, and progress in words: what a person would know better
    assert errors(check_drafted(start(lang="zh"), made, [path])) == []
