"""The cards of the Overview: one number each, with what it is measured against."""

from __future__ import annotations

from xltools.evaluate.facts.channels import TOTALS as CHANNELS
from xltools.evaluate.facts.outcome import main_metric, north_star
from xltools.evaluate.figures.card import Card
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    Figure,
    as_number,
    as_percent,
    choose,
    or_dash,
    sentence,
)
from xltools.evaluate.grid_expressions import alone
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.spoken_figures import as_signed, difference, light_of_teams
from xltools.excel import styles

_BEFORE = {"before": "quarter", "year_before": "year"}  # columns of scores by what they compare
_NAMED = 5  # teams that are not compared and named; the data sheet has all


def cards(model: Model, most: int) -> list[Card]:
    """The cards for which there are rows: results, then those of definitions, alerts and workbooks.

    Results that would make it more than ``most`` cards are left out, the least telling first.
    """
    outcome = model.grid("expansion", "outcome") is not None
    results = {
        _score: outcome,
        _on_target: outcome,
        _star: bool(north_star(model)),
        _return: CHANNELS in model.derived,
        _goals: model.grid("goals", "review") is not None,
    }
    states = {_alerts: "states" in model.derived, _sent: "workbooks" in model.derived}
    found = [made(model) for made, there in results.items() if there]
    state = model.cards + [made(model) for made, there in states.items() if there]
    return found[: max(most - len(state), 0)] + state


def numbers(model: Model, *texts: str, of: str = "settings") -> list[Figure]:
    """Expressions as whole numbers in words; ``of`` is the definition whose lists they name."""
    return [as_number(alone(model, text, of=of)) for text in texts]


def _score(model: Model) -> Card:
    parts = numbers(model, "count(teams.ranked)", _sum("teams.outcome_due"))
    key = "cards.score_note"
    for name in compared(model.derived["teams"]):
        key += f"_{_BEFORE[name]}"
        means = (f"round(mean(teams.{name}_like_{when}), 6)" for when in ("now", "then"))
        parts.append(as_signed(difference(*(alone(model, one) for one in means))))
        parts += numbers(model, f"count(teams.{name}_like_now)")
    note = sentence(model.template(key), *parts)
    score = alone(model, "round(mean(teams.ranked), 6)")
    return Card("outcome", model.say("cards.score"), or_dash(score), note, styles.SCORE)


def _sum(column: str) -> str:
    return f"coalesce(total({column}), 0)"


def compared(teams: Grid) -> list[str]:
    """The quarters before in which some team has a score."""
    return [name for name in _BEFORE if any(value != "" for value in teams[name].values)]


def compared_teams(model: Model, name: str) -> Figure:
    """How many teams have a score in both quarters, and who has one in one of them only."""
    both, others = (f"count(teams.{name}_{one})" for one in ("like_now", "unlike"))
    pattern = model.template(f"cards.compared_{_BEFORE[name]}")
    whole = sentence(pattern, *numbers(model, both, f"{both} + {others}"))
    places = range(1, _NAMED + 1)
    named = [alone(model, f"lookup(teams.team, {name}_unlike={place})") for place in places]
    comma = model.say("list_separator")

    def where(least: int, said: Figure) -> Figure:
        """Said where there are so many others."""
        return choose(alone(model, f"1 if {others} >= {least} else 0"), said, "")

    further = [
        where(place, sentence(f"{comma}{{0}}", team)) for place, team in enumerate(named[1:], 2)
    ]
    rest = sentence(model.template("cards.compared_more"), *numbers(model, f"{others} - {_NAMED}"))
    parts = [whole, named[0], *further, where(_NAMED + 1, rest)]
    some = alone(model, f"1 if {others} > 0 else 0")
    return choose(some, sentence(model.template("cards.compared_without"), *parts), whole)


def _on_target(model: Model) -> Card:
    names = ("on_target", "counted", "outcome_due")
    good, counted, due = (_sum(f"teams.{name}") for name in names)
    there = "count(teams.counted, counted=more_than(0))"
    parts = numbers(model, good, counted, there, due)
    note = sentence(model.template("cards.on_target_note"), *parts)
    share = or_dash(alone(model, f"ratio({good}, {counted})"))
    return Card("outcome", model.say("cards.on_target"), share, note, styles.PERCENT_WHOLE)


def _star(model: Model) -> Card:
    actual, target = "total(teams.star_actual)", "total(teams.star_target)"
    measure = alone(model, f"ratio(coalesce({actual}, 0), {target})")
    there, due = "count(teams.star_target)", _sum("teams.star_due")
    sign = light_of_teams(model, measure, alone(model, f"1 if {there} >= {due} else 0"))
    whole, *teams = numbers(model, f"coalesce({target}, 0)", there, due)
    parts = (whole, as_percent(measure), *teams)
    note = sentence(model.template("cards.star_note"), sign, *parts)
    shown = f"coalesce({actual}, 0) if not blank({target}) and {target} != 0 else None"
    return Card("outcome", main_metric(model), or_dash(alone(model, shown)), note)


def _return(model: Model) -> Card:
    spent, earned = (_sum(f"{CHANNELS}.{name}") for name in ("spend", "revenue"))
    counts = numbers(model, _sum("teams.channels_whole"), _sum("teams.channels_due"))
    parts = [as_number(alone(model, one), 1) for one in (spent, earned)]
    note = sentence(model.template("cards.return_note"), *parts, *counts)
    value = or_dash(alone(model, f"ratio({earned}, {spent})"))
    return Card("channels", model.say("cards.return"), value, note, styles.RATIO)


def _goals(model: Model) -> Card:
    attained = alone(model, "round(mean(goals_review.attainment), 6)")
    good = "count(goals_review.attainment, attainment=at_least(parameters.on_target))"
    whole, due = _sum("teams.goals_whole"), _sum("teams.goals_due")
    parts = numbers(model, good, "count(goals_review.attainment)", whole, due)
    sign = light_of_teams(model, attained, alone(model, f"1 if {whole} >= {due} else 0"))
    note = sentence(model.template("cards.goals_note"), sign, *parts)
    return Card("goals", model.say("cards.goals"), or_dash(attained), note, styles.PERCENT)


def _alerts(model: Model) -> Card:
    late, behind = (f"count(states.severity, severity={code})" for code in (4, 3))
    parts = numbers(model, late, behind, _sum("states.unanswered"))
    note = sentence(model.template("cards.alerts_note"), *parts)
    value = alone(model, "count(states.order)")
    return Card("alerts", model.say("cards.alerts"), value, note, alarm=True)


def _sent(model: Model) -> Card:
    sent = alone(model, f"count(workbooks.state, state={model.say('quality.sent')!r})")
    of = numbers(model, "count(workbooks.number)")
    value = sentence(model.template("cards.sent_value"), sent, *of)
    found = numbers(model, _sum("workbooks.error"), _sum("workbooks.warning"))
    note = sentence(model.template("cards.sent_note"), *found)
    return Card("quality", model.say("cards.sent"), value, note)
