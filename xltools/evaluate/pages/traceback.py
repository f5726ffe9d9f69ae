"""指标回溯: results far below target, and the process metrics that drive them, worst first."""

from __future__ import annotations

from xltools.evaluate.canvas import Canvas, Listing
from xltools.evaluate.facts.measures import METRICS, OUTCOME
from xltools.evaluate.figures import choose, or_dash, or_nothing
from xltools.evaluate.grid import Grid
from xltools.evaluate.model import Model
from xltools.evaluate.pages.page import Page
from xltools.evaluate.words import light
from xltools.excel import styles
from xltools.excel.layout import row_pixels
from xltools.excel.styles import Emphasis

_WIDTHS = (116, 130, 92, 92, 44, 150, 116, 36, 230, 230, 40)
_WORDS = _WIDTHS[8]


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model = canvas.model
    drivers = model.derived.get("drivers")
    if drivers is None:
        canvas.text(model.say("traceback.none"))
        return
    _list(model, canvas, drivers)
    canvas.gap(6)
    canvas.text(model.say("traceback.note"))


def _list(model: Model, canvas: Canvas, drivers: Grid) -> None:
    say, rows = model.say, list(range(drivers.count))
    listing = Listing(canvas, drivers.count)
    words = styles.TABLE_WRAPPED.but(align="left", indent=1, size=9)
    percent = styles.TABLE_PERCENT
    listing.add("team", say("data.team"), drivers["team"].rows(rows), styles.TABLE_FIRST)
    listing.add(
        "metric",
        say("traceback.result"),
        drivers["metric"].rows(rows),
        styles.TABLE_FIRST.but(bold=True),
    )
    listing.add(
        "attainment", say("traceback.attained"), or_dash(drivers["attainment"].rows(rows)), percent
    )
    state = choose(drivers["low"].rows(rows).equals(1), say("traceback.low"), say("traceback.fine"))
    listing.add("state", say("traceback.state"), state, styles.TABLE_CENTER.but(size=9))
    listing.add(
        "worst", "#", or_dash(drivers["worst"].rows(rows)), styles.TABLE_CENTER.but(bold=True)
    )
    listing.add("process", say("traceback.process"), drivers["process"].rows(rows))
    driving = listing.add(
        "process_attainment",
        say("traceback.driving"),
        or_dash(drivers["process_attainment"].rows(rows)),
        percent.but(indent=0),
    ).here
    listing.add("light", "", light(model, driving), styles.TABLE_LIGHT)
    for name in ("cause", "action"):
        listing.add(name, say(f"traceback.{name}"), or_nothing(drivers[name].rows(rows)), words)
    listing.link(drivers, rows)
    texts = [(drivers["cause"].values[row], drivers["action"].values[row]) for row in rows]
    listing.write(
        heights=[row_pixels([(str(one), _WORDS) for one in pair], size=9) for pair in texts]
    )
    listing.lights("light")
    listing.bars("process_attainment")
    listing.rules(
        "state",
        {
            say("traceback.low"): styles.ALERT,
            say("traceback.fine"): Emphasis(color=styles.FAINT),
        },
    )
    top = listing.grid.first_row - 1
    canvas.sheet.view.repeat_rows(top, top)


PAGE = Page("traceback", draw, _WIDTHS, (OUTCOME, METRICS), ready="measures")
