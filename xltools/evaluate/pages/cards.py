"""The cards of the Overview: one number each, with what it is measured against."""

from __future__ import annotations

from xltools.evaluate.facts.channels import TOTALS as CHANNELS
from xltools.evaluate.facts.outcome import main_metric, north_star
from xltools.evaluate.facts.tasks import labels
from xltools.evaluate.figures.aggregates import (
    Found,
    Nth,
    count,
    how_many,
    mean,
    total,
    where,
    where_text,
)
from xltools.evaluate.figures.card import Card
from xltools.evaluate.figures.figure_grid import Grid
from xltools.evaluate.figures.live_figure import (
    Figure,
    as_number,
    as_percent,
    choose,
    figure,
    known,
    or_dash,
    ratio,
    round_to,
    sentence,
)
from xltools.evaluate.quarter_model import Model
from xltools.evaluate.spoken_figures import as_change, light_of_teams
from xltools.excel import styles

_BEFORE = {"before": "quarter", "year_before": "year"}  # columns of scores by what they compare
_NAMED = 5  # teams that are not compared and named; the data sheet has all


def cards(model: Model, most: int) -> list[Card]:
    """The cards for which there are rows: results, then those of definitions, alerts and workbooks.

    Results that would make it more than ``most`` cards are left out, the least telling first.
    """
    results = [_score(model), _on_target(model), _star(model), _return(model), _goals(model)]
    state = [card for card in (_alerts(model), _sent(model)) if card is not None]
    state = model.cards + state
    return [card for card in results if card is not None][: max(most - len(state), 0)] + state


def _score(model: Model) -> Card | None:
    if model.grid("expansion", "outcome") is None:
        return None
    teams = model.derived["teams"]
    score = round_to(mean(teams["ranked"]), 6)
    parts = [as_number(how_many(teams["ranked"])), as_number(total(teams["outcome_due"]))]
    key = "cards.score_note"
    for name in compared(teams):
        key += f"_{_BEFORE[name]}"
        now, then = (teams[f"{name}_like_{when}"] for when in ("now", "then"))
        parts.append(as_change(round_to(mean(now), 6), round_to(mean(then), 6)))
        parts.append(as_number(how_many(now)))
    note = sentence(model.template(key), *parts)
    return Card("outcome", model.say("cards.score"), or_dash(score), note, styles.SCORE)


def compared(teams: Grid) -> list[str]:
    """The quarters before in which some team has a score."""
    return [name for name in _BEFORE if any(value != "" for value in teams[name].values)]


def compared_teams(model: Model, name: str) -> Figure:
    """How many teams have a score in both quarters, and who has one in one of them only."""
    teams = model.derived["teams"]
    both, unlike = how_many(teams[f"{name}_like_now"]), teams[f"{name}_unlike"]
    others = how_many(unlike)
    pattern = model.template(f"cards.compared_{_BEFORE[name]}")
    whole = sentence(pattern, as_number(both), as_number(both + others))
    named = [Nth(teams["team"], Found(figure(place), unlike)) for place in range(1, _NAMED + 1)]
    comma = model.say("list_separator")
    further = [
        choose(others >= place, sentence(f"{comma}{{0}}", team), "")
        for place, team in enumerate(named[1:], 2)
    ]
    rest = sentence(model.template("cards.compared_more"), as_number(others - _NAMED))
    parts = [whole, named[0], *further, choose(others > _NAMED, rest, "")]
    return choose(others > 0, sentence(model.template("cards.compared_without"), *parts), whole)


def _on_target(model: Model) -> Card | None:
    outcome = model.grid("expansion", "outcome")
    if outcome is None:
        return None
    teams = model.derived["teams"]
    good, counted = total(teams["on_target"]), total(teams["counted"])
    parts = (good, counted, count(where(teams["counted"], 0, ">")), total(teams["outcome_due"]))
    note = sentence(model.template("cards.on_target_note"), *map(as_number, parts))
    return Card(
        "outcome",
        model.say("cards.on_target"),
        or_dash(ratio(good, counted)),
        note,
        styles.PERCENT_WHOLE,
    )


def _star(model: Model) -> Card | None:
    names = north_star(model)
    if not names:
        return None
    teams = model.derived["teams"]
    actual, target = total(teams["star_actual"]), total(teams["star_target"])
    measure = choose(how_many(teams["star_target"]) > 0, ratio(actual, target), "")
    there, due = how_many(teams["star_target"]), total(teams["star_due"])
    sign = light_of_teams(model, measure, there >= due)
    parts = (as_number(target), as_percent(measure), as_number(there), as_number(due))
    note = sentence(model.template("cards.star_note"), sign, *parts)
    return Card("outcome", main_metric(model), choose(known(measure), actual, "-"), note)


def _return(model: Model) -> Card | None:
    totals = model.derived.get(CHANNELS)
    if totals is None:
        return None
    spent, earned = total(totals["spend"]), total(totals["revenue"])
    teams = model.derived["teams"]
    counts = (total(teams["channels_whole"]), total(teams["channels_due"]))
    parts = (as_number(spent, 1), as_number(earned, 1), *map(as_number, counts))
    note = sentence(model.template("cards.return_note"), *parts)
    return Card(
        "channels", model.say("cards.return"), or_dash(ratio(earned, spent)), note, styles.RATIO
    )


def _goals(model: Model) -> Card | None:
    review = model.grid("goals", "review")
    if review is None:
        return None
    attained = round_to(mean(review["attainment"]), 6)
    teams, good = (
        model.derived["teams"],
        count(where(review["attainment"], model.parameter("on_target"), ">=")),
    )
    whole, due = total(teams["goals_whole"]), total(teams["goals_due"])
    parts = map(as_number, (good, how_many(review["attainment"]), whole, due))
    sign = light_of_teams(model, attained, whole >= due)
    note = sentence(model.template("cards.goals_note"), sign, *parts)
    return Card("goals", model.say("cards.goals"), or_dash(attained), note, styles.PERCENT)


def _alerts(model: Model) -> Card | None:
    states = model.derived.get("states")
    if states is None:
        return None
    words = labels(model)
    parts = [
        as_number(count(where_text(states["state"], words[name])))
        for name in ("overdue", "seriously_behind")
    ]
    parts.append(as_number(total(states["unanswered"])))
    note = sentence(model.template("cards.alerts_note"), *parts)
    return Card("alerts", model.say("cards.alerts"), how_many(states["order"]), note, alarm=True)


def _sent(model: Model) -> Card | None:
    workbooks = model.derived.get("workbooks")
    if workbooks is None:
        return None
    sent = count(where_text(workbooks["state"], model.say("quality.sent")))
    value = sentence(
        model.template("cards.sent_value"), sent, as_number(how_many(workbooks["number"]))
    )
    errors, warnings = total(workbooks["error"]), total(workbooks["warning"])
    note = sentence(model.template("cards.sent_note"), as_number(errors), as_number(warnings))
    return Card("quality", model.say("cards.sent"), value, note)
