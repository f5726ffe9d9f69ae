"""Whatever people call things, no spreadsheet program takes it for a pattern or a comparison."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from blank_books import FIRST, TEAM, catalog, generated, opened
from blank_books import settings as form_settings
from conftest import Office
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from live import differing, formulas, stored
from msgspec import structs
from quarter import outcome, quarter, with_settings

from xltools.consolidate.combine.consolidation import Consolidation
from xltools.evaluate import evaluate
from xltools.settings import Metric, Target

COUNT = 6  # names in a quarter
SIGNS = st.text(st.sampled_from('*?~<>=" a1策'), min_size=1, max_size=6).filter(str.strip)
NAMES = st.lists(
    SIGNS, min_size=COUNT, max_size=COUNT, unique_by=lambda text: " ".join(text.split()).casefold()
)
LISTS = ("module", "cause_class", "diagnosis")
EXAMPLES = 4


def drawn() -> list[list[str]]:
    """The names of some quarters, all drawn before one start of LibreOffice reads them."""
    found: list[list[str]] = []

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(NAMES)
    def collect(names: list[str]) -> None:
        found.append(names)

    collect()
    return found


def named(names: list[str]) -> Consolidation:
    """A quarter whose teams, metrics, goals, tasks, channels and choices are so called, as read."""
    names = [name.strip() for name in names]
    more = dict.fromkeys(LISTS, tuple(names))
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {
        ("expansion", "outcome"): [
            outcome(team, metric, 10, 9, analysis=metric) for team in names[:2] for metric in names
        ],
        ("expansion", "review"): [
            {"team": names[0], "module": name, "problem": name, "suggestion": name}
            for name in names
        ],
        ("expansion", "spending"): [
            {"team": team, "channel": name, "class": "marketing", "amount": 1 + at, "revenue": 5}
            for team in names[:2]
            for at, name in enumerate(names)
        ],
        ("goals", "alignment"): [
            {"team": names[0], "supporting_goal": name, "metric": name, "target": 10 + at}
            for at, name in enumerate(names)
        ],
        ("goals", "tasks"): [
            {"team": names[0], "task": name, "goal": names[at // 2], "end": "2024-09-30"}
            for at, name in enumerate(names)
        ],
        ("goals", "review"): [
            {"team": names[0], "goal": name, "actual": 5 + at, "cause_class": name}
            for at, name in enumerate(names)
        ],
        ("plan", "diagnosis"): [
            {"team": names[0], "dimension": name, "item": name, "score": 1 + at % 5}
            for at, name in enumerate(names)
        ],
    }
    whole = replace(quarter(rows), catalog=catalog().with_choices(more))
    return with_settings(whole, choices=more)


def form(names: list[str]) -> bytes:
    """A form of goals and tasks so called, whose second goal stands there twice."""
    goals = [{"supporting_goal": name, "metric": name} for name in [*names, names[1]]]
    tasks = [{"task": name, "goal": name} for name in names]
    desk = form_settings(choices={name: tuple(names) for name in LISTS})
    return generated("goals", rows={"alignment": goals, "tasks": tasks}, settings=desk)


def outcome_form(names: list[str]) -> bytes:
    """A form of metrics so called in dimensions so called; the desk set targets for some."""
    base = form_settings()
    desk = structs.replace(
        base,
        choices={"dimension": tuple(names)},
        metrics=tuple(
            Metric(metric=f"{at} of {name}", dimension=name)
            for name in names
            for at in range(1 + names.index(name) % 3)
        ),
        targets=tuple(Target(team=TEAM, metric=name, target=1.0) for name in names[1:4]),
    )
    rows = {
        "stages": [{"metric": name, "unit": "家"} for name in names],
        "outcome": [
            {"dimension": name, "metric": name, "target": 1 + at % 2, "actual": 1}
            for at, name in enumerate(names)
        ],
    }
    return generated("expansion", rows=rows, settings=desk)


def test_no_text_is_a_pattern_or_a_comparison(office: Office, tmp_path: Path) -> None:
    """What the files say without any program is what LibreOffice computes: 0 cells differ."""
    paths = []
    for number, names in enumerate(drawn()):
        paths.append(tmp_path / f"evaluation-{number}.xlsx")
        evaluate(named(names), paths[-1])
        for name, made in (("goals", form(names)), ("outcome", outcome_form(names))):
            paths.append(tmp_path / f"{name}-{number}.xlsx")
            paths[-1].write_bytes(made)
    assert len(paths) == 3 * EXAMPLES
    compared = 0
    for path, again in zip(paths, office.recalculated(paths), strict=True):
        cells = formulas(path)
        compared += len(cells)
        assert differing(stored(path), stored(again), cells) == [], path.name
    assert compared > 1_000 * EXAMPLES


def test_the_dropdown_of_a_dimension_offers_its_own_metrics(office: Office, tmp_path: Path) -> None:
    """Its formula, put into cells beside each row: how many it offers, the first and the last."""
    paths = []
    for number, names in enumerate(drawn()):
        book = opened(outcome_form(names), values=False)
        sheet = book["效果评估"]
        [rule] = [
            one.formula1
            for one in sheet.data_validations.dataValidation
            if "OFFSET(by_dimension_metric" in str(one.formula1)
        ]
        for row in range(FIRST, FIRST + COUNT):
            offered = rule.replace(f"$B{FIRST}", f"$B{row}")
            sheet[f"BA{row}"] = f"=ROWS({offered})"
            sheet[f"BB{row}"] = f"=INDEX({offered},1)"
            sheet[f"BC{row}"] = f"=INDEX({offered},ROWS({offered}))"
        paths.append(tmp_path / f"{number}.xlsx")
        book.save(paths[-1])
    for names, again in zip(drawn(), office.recalculated(paths), strict=True):
        values = stored(again)
        for at, name in enumerate(names):
            most = at % 3
            told = [values["效果评估", f"{letters}{FIRST + at}"] for letters in ("BA", "BB", "BC")]
            assert told == [1 + most, f"0 of {name}", f"{most} of {name}"], (names, name)
