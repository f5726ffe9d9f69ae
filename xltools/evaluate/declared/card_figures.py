"""Figures of a page that stand by themselves, on a data sheet: cards and sentences show them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xltools.definition import Block, PageDef
from xltools.definition.evaluation_model import CardDef
from xltools.evaluate.declared.evaluated_tables import EvaluatedTables
from xltools.evaluate.declared.like_teams import alike, sheets_of, teams_of
from xltools.evaluate.figures.card import Card
from xltools.evaluate.figures.figure_grid import Grid, Look
from xltools.evaluate.figures.live_figure import (
    NOTHING,
    Each,
    Figure,
    as_number,
    as_percent,
    figure,
    or_dash,
    sentence,
)
from xltools.evaluate.figures.value_formats import amount_format, data_style
from xltools.evaluate.grid_expressions import stated
from xltools.evaluate.spoken_figures import as_day, as_signed, light_of_teams
from xltools.excel import styles
from xltools.expressions.reading.functions import AGO

_FORMATS = {
    "integer": styles.INTEGER,
    "percent": styles.PERCENT,
    "ratio": styles.RATIO,
    "date": styles.DATE,
}
_SHORT = 1  # decimals of a number in a sentence


class _Told(NamedTuple):
    """One figure: where it stands, what it is called, what it is, what it is measured against."""

    at: CardDef | Block
    label: str
    value: str
    kind: str
    target: str = ""
    basis: str = ""
    compare: str = ""


class PageFigures:
    """The figures of one page, a row each."""

    def __init__(self, tables: EvaluatedTables, page: PageDef) -> None:
        self._tables, self._page, self._model = tables, page, tables.model
        self._told = list(_told(page, tables.model.lang))
        self._both = [0] * len(self._told)  # teams that are in both quarters
        self._grid = self._built()

    def card(self, card: CardDef, page: str) -> Card:
        """A card as it is drawn; ``page`` is where its label leads."""
        row = self._row(card, card.label[self._model.lang])
        model, told, value = self._model, self._told[row], self._grid["value"]
        there, due = self._teams(told)
        notes = [self._against_target(row, whole=there >= due)] if card.target else []
        notes += [self._change(row)] if card.compare else []
        notes.append(figure(model.say("declared.teams", there=there, due=due)))
        slots = " · ".join(f"{{{place}}}" for place in range(len(notes)))
        label = f"{told.label} ({model.unit(card.unit)})" if card.unit else told.label
        number = _FORMATS.get(card.kind) or amount_format([value.values[row]])
        return Card(page, label, or_dash(value.at(row)), sentence(slots, *notes), number)

    def said(self, block: Block, name: str) -> Figure:
        """A figure of a text as it stands in a sentence."""
        value, one = self._grid["value"].at(self._row(block, name)), block.figures[name]
        return _spoken(one.kind, value, one.digits)

    def _row(self, at: CardDef | Block, label: str) -> int:
        return next(
            row for row, one in enumerate(self._told) if one.at is at and one.label == label
        )

    def _built(self) -> Grid:
        """The data sheet of the page's figures: values, targets and what they are compared with."""
        model, tables = self._model, self._tables
        name = figures_name(self._page)
        grid = tables.grids[name] = model.open(name, len(self._told))
        labels = [one.label for one in self._told]
        label, words = model.say("data.figure"), data_style("text")
        grid.put("figure", labels, Look(label, words, 200), given=True)
        self._add("value", [self._stated(one.value) for one in self._told])
        self._add("target", [self._stated(one.target) for one in self._told])
        self._add("attainment", [self._attained(one) for one in self._told])
        pairs = [self._compared(row, one) for row, one in enumerate(self._told)]
        self._add("like_now", [now for now, _ in pairs])
        self._add("like_then", [then for _, then in pairs])
        moved = stated(model, grid, "like_now - like_then")
        points = stated(model, grid, "100 * (like_now - like_then)")
        self._add("moved", [points if one.kind == "percent" else moved for one in self._told])
        return grid

    def _add(self, name: str, made: Sequence[Figure]) -> None:
        label, grid = self._model.say(f"data.{name}"), self._tables.grids[figures_name(self._page)]
        grid.add(name, Each(made), Look(label, data_style("number"), 110))

    def _stated(self, text: str) -> Figure:
        """A figure that stands by itself, the same wherever it is asked for."""
        if not text:
            return NOTHING
        return self._tables.figure(self._tables.parsed(text))

    def _attained(self, one: _Told) -> Figure:
        """What is attained of the target, as its basis says; nothing without a target."""
        if not one.target:
            return NOTHING
        text = f"attainment(value, target, choices.basis.{one.basis})"
        grid = self._tables.grids[figures_name(self._page)]
        return stated(self._model, grid, text, of=self._tables.definition.name)

    def _compared(self, row: int, one: _Told) -> tuple[Figure, Figure]:
        """The figure over the teams that are in both quarters, now and then; else nothing."""
        if not one.compare:
            return NOTHING, NOTHING
        tables, ago = self._tables, AGO[one.compare]
        self._both[row], narrow = alike(tables, one.value, ago)
        if not self._both[row]:
            return NOTHING, NOTHING
        now, then = (tables.parsed(one.value, ago=back, narrow=narrow) for back in (0, ago))
        return tables.figure(now), tables.figure(then)

    def _against_target(self, row: int, *, whole: bool) -> Figure:
        """Light, target and attainment in words; not green unless the teams are ``whole``."""
        model, told, grid = self._model, self._told[row], self._grid
        attained = grid["attainment"].at(row)
        sign = light_of_teams(model, attained, figure(whole))
        parts = (sign, _spoken(told.kind, grid["target"].at(row)), as_percent(attained))
        return sentence(model.template("declared.target"), *parts)

    def _change(self, row: int) -> Figure:
        """How much it changed, over the teams that are in both quarters."""
        model, told = self._model, self._told[row]
        said = as_signed(self._grid["moved"].at(row), 0 if told.kind == "integer" else _SHORT)
        unit = figure(model.say("declared.points") if told.kind == "percent" else "")
        words = sentence("{0}{1}", said, unit)
        last = told.compare == "previous"
        pattern = model.template("declared.previous" if last else "declared.year_before")
        return sentence(pattern, words, figure(str(self._both[row])))

    def _teams(self, one: _Told) -> tuple[int, int]:
        """How many teams stand behind a figure, of those with rows or that owe their workbook."""
        model, tables = self._model, self._tables
        sent = teams_of(tables, sheets_of(tables, one.value))
        missing = [team for team, owed in model.current.missing if owed == tables.definition.name]
        owing = {model.team_key(team) for team in missing}
        return len(sent), len({*sent, *(key for key in owing if key)})


def _told(page: PageDef, lang: str) -> Iterator[_Told]:
    for block in page.parts:
        for one in block.cards:
            against = (one.target, one.basis, one.compare)
            yield _Told(one, one.label[lang], one.value, one.kind, *against)
        for name, figure_of in block.figures.items():
            yield _Told(block, name, figure_of.value, figure_of.kind)


def figures_name(page: PageDef) -> str:
    """The grid of a page's figures."""
    return f"{page.name}_figures"


def _spoken(kind: str, value: Figure, digits: int = _SHORT) -> Figure:
    """A figure as it stands in a sentence."""
    if kind == "percent":
        return as_percent(value, digits)
    if kind == "date":
        return as_day(value)
    if kind == "ratio":
        return sentence("1:{0}", as_number(value, 2))
    return as_number(value, 0 if kind == "integer" else digits)
