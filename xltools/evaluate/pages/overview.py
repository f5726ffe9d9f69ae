"""总览: how we did, who leads and lags, what is at risk, what is missing; on one printed page."""

from __future__ import annotations

from collections.abc import Sequence

from xltools.evaluate.canvas import LEFT, Canvas, Listing
from xltools.evaluate.charts import bars, bullet, trend
from xltools.evaluate.facts.board import LAST, SHOWN
from xltools.evaluate.facts.tasks import labels
from xltools.evaluate.figures import Place, choose, known, or_dash, or_nothing, sentence
from xltools.evaluate.model import Model
from xltools.evaluate.pages.cards import Card, cards, star_name, star_unit
from xltools.evaluate.pages.page import Page
from xltools.evaluate.words import light
from xltools.excel import styles
from xltools.excel.links import cell_target
from xltools.excel.styles import Emphasis
from xltools.excel.writer import Book

_GUTTER = 12
_WIDTHS = (
    36, 136, _GUTTER, 84, 88, _GUTTER, 52, 84, 36, _GUTTER,
    88, 84, _GUTTER, 100, 72, _GUTTER, 92, 80,
)  # fmt: skip
_CARDS = ((0, 1), (3, 4), (6, 8), (10, 11), (13, 14), (16, 17))
_RIGHT = 10  # where the right half begins
_CHART_HEIGHT = 216
_LINKS = (0, 1, 3, 4, 6, 7)  # columns of the contents, from the middle
_NAMED = 4  # missing workbooks that are named


def draw(canvas: Canvas) -> None:
    """Draw the page."""
    model, book = canvas.model, canvas.book
    organisation = model.current.settings.organisation
    when = model.period_name(model.period)
    canvas.title(
        model.say("overview.title", period=when).strip(),
        " · ".join(part for part in (organisation, model.say("overview.about")) if part),
        back=False,
    )
    _cards(canvas, cards(model, len(_CARDS)))
    canvas.gap(12)
    _charts(model, book, canvas)
    _lists(model, canvas)
    canvas.gap(12)
    _bottom(model, canvas)
    canvas.sheet.view.activate()


def _cards(canvas: Canvas, made: Sequence[Card]) -> None:
    top, sheet = canvas.row, canvas.sheet
    for row, height in enumerate((26, 44, 26), top):
        canvas.high(row, height)
    shrinking = (styles.CARD_LABEL, styles.CARD_VALUE, styles.CARD_NOTE)
    looks = tuple(look.but(shrink=True) for look in shrinking)
    for card, (first, last) in zip(made, _CARDS, strict=False):
        for row, look in enumerate(looks, top):
            sheet.merge(row, LEFT + first, row, LEFT + last, None, look)
        sheet.link(top, LEFT + first, _target(canvas, card), card.label, looks[0])
        canvas.put(top + 1, LEFT + first, card.value, looks[1].but(number=card.number))
        canvas.put(top + 2, LEFT + first, card.note, looks[2])
        _colour(canvas, card, top, LEFT + first)
    canvas.row += 3


def _target(canvas: Canvas, card: Card) -> str:
    """Where a card's label leads: the page that breaks its figure down."""
    return cell_target(canvas.model.titles[card.page], "A1")


def _colour(canvas: Canvas, card: Card, top: int, column: int) -> None:
    model, sheet = canvas.model, canvas.sheet
    if card.alarm:
        sheet.conditional(
            top + 1,
            column,
            top + 1,
            column,
            type="cell",
            criteria=">",
            value=0,
            format=Emphasis(color=styles.RED),
        )
    if card.measure is None:
        return
    place = Place(sheet.title, top + 2, 0)
    shown = light(model, card.measure).formula(place)
    for sign, color in (("▲", styles.GREEN), ("●", styles.AMBER_TEXT), ("▼", styles.RED)):
        sheet.conditional(
            top + 2,
            column,
            top + 2,
            column,
            type="formula",
            criteria=f'={shown}="{sign}"',
            format=Emphasis(color=color),
        )


def _charts(model: Model, book: Book, canvas: Canvas) -> None:
    board, months = model.derived["board"], model.derived.get("months")
    say = model.say
    ranked = any(value != "" for value in board["overall"].values)
    starred = any(value != "" for value in board["star_target"].values)
    if not ranked and not starred:
        return
    width = _RIGHT - 2 if months else len(_WIDTHS) - 1
    names = (say("charts.actual"), say("charts.target"))
    if starred:
        metric = {"metric": star_name(model), "unit": star_unit(model)}
        canvas.section(say("overview.by_team", **metric), LEFT, LEFT + width)
        left = bullet(book, board["label"], board["star_actual"], board["star_target"], names)
    else:
        canvas.section(say("overview.goals_by_team"), LEFT, LEFT + width)
        left = bars(book, board["team"], board["overall"], number="0%")
    if months:
        metric = {"metric": star_name(model), "unit": star_unit(model)}
        canvas.section(say("overview.trend", **metric), LEFT + _RIGHT, canvas.last)
    canvas.row += 1
    top = canvas.row
    canvas.chart(left, height=_CHART_HEIGHT, last=LEFT + width)
    if months:
        canvas.row = top
        right = trend(book, months["month"], months["actual"], months["target"], names)
        canvas.chart(right, height=_CHART_HEIGHT, first=LEFT + _RIGHT)
    canvas.gap(10)


def _lists(model: Model, canvas: Canvas) -> None:
    board = model.derived["board"]
    ranked = any(value != "" for value in board["overall"].values)
    states = model.derived.get("states")
    top = canvas.row
    if ranked:
        cut = model.derived["teams"]["has"].values.count(1) > board.count
        words = {"first": SHOWN - LAST, "last": LAST}
        note = model.say("overview.cut", **words) if cut else ""
        canvas.section(model.say("overview.ranking"), LEFT, LEFT + _RIGHT - 2, note=note)
    if states is not None:
        canvas.section(model.say("overview.risks"), LEFT + _RIGHT, canvas.last)
    canvas.row = top + 1
    bottom = canvas.row
    if ranked:
        _ranking(model, canvas)
        bottom = canvas.row
    if states is not None:
        canvas.row = top + 1
        _risks(model, canvas)
        bottom = max(bottom, canvas.row)
    canvas.row = bottom


def _ranking(model: Model, canvas: Canvas) -> None:
    board, say = model.derived["board"], model.say
    rows = list(range(board.count))
    listing = Listing(canvas, board.count)

    def cell(name: str):  # type: ignore[no-untyped-def]
        return board[name].rows(rows)

    listing.add("rank", "#", or_dash(cell("rank")), styles.TABLE_CENTER.but(bold=True))
    listing.add("team", say("data.team"), or_dash(cell("team")))
    score = styles.TABLE_NUMBER.but(number=styles.SCORE, bold=True)
    listing.add("score", say("outcome.score"), or_dash(cell("score")), score, skip=1)
    change = choose(
        known(cell("before")),
        choose(known(cell("score")), cell("score") - cell("before"), "-"),
        "-",
    )
    listing.add(
        "change",
        say("overview.change"),
        change,
        styles.TABLE_NUMBER.but(number="+0.0;-0.0;0.0", color=styles.MUTED),
    )
    counted = sentence(model.template("overview.of"), cell("counted"), cell("rows"))
    shown = choose(known(cell("score")), counted, "-")
    listing.add(
        "counted",
        say("outcome.counted"),
        shown,
        styles.TABLE_CENTER.but(size=9, color=styles.MUTED),
        skip=1,
    )
    overall = listing.add(
        "overall",
        say("overview.overall"),
        or_dash(cell("overall")),
        styles.TABLE_PERCENT.but(indent=0),
    ).here
    listing.add("light", "", light(model, overall), styles.TABLE_LIGHT)
    listing.write(last=LEFT + _RIGHT - 2)
    listing.lights("light")
    listing.bars("overall")


def _risks(model: Model, canvas: Canvas) -> None:
    """The most urgent tasks now; the Alerts page has all."""
    urgent, say, words = model.derived["urgent"], model.say, labels(model)
    rows = list(range(urgent.count))
    listing = Listing(canvas, urgent.count, first_column=LEFT + _RIGHT)
    small = styles.TABLE_FIRST.but(size=9)
    for name, style, skip in (
        ("state", styles.TABLE_CENTER.but(size=9, bold=True, shrink=True), 0),
        ("team", small, 0),
        ("task", small, 1),
        ("owner", small, 2),
        ("days", styles.TABLE_NUMBER, 0),
    ):
        made = or_nothing(urgent[name].rows(rows))
        listing.add(name, say(f"alerts.{name}"), made, style, skip=skip)
    listing.write(last=canvas.last)
    listing.rules(
        "state",
        {
            words["overdue"]: styles.ALERT,
            words["seriously_behind"]: Emphasis(color=styles.RED, bold=True),
            words["behind"]: Emphasis(color=styles.AMBER_TEXT, bold=True),
            say("alerts.stale"): Emphasis(color=styles.AMBER_TEXT),
        },
    )


def _bottom(model: Model, canvas: Canvas) -> None:
    """What is missing on the left, the contents on the right."""
    sheet, top, middle = canvas.sheet, canvas.row, LEFT + _RIGHT
    canvas.section(model.say("overview.missing"), LEFT, middle - 2)
    canvas.section(model.say("overview.contents"), middle, canvas.last)
    for place, name in enumerate(model.contents):
        row, column = divmod(place, len(_LINKS))
        target = cell_target(model.titles[name], "A1")
        style = styles.LINK.but(size=9)
        sheet.link(top + 1 + row, middle + _LINKS[column], target, model.titles[name], style)
    rows = -(-len(model.contents) // len(_LINKS))
    lines = _missing(model)
    for index in range(max(rows, len(lines))):
        canvas.high(top + 1 + index, 20)
    for index, line in enumerate(lines):
        sheet.text(top + 1 + index, LEFT, line, styles.NOTE.but(size=9))
    canvas.row = top + max(rows, len(lines)) + 1


def _missing(model: Model) -> list[str]:
    """Who has not sent what, what was not counted, and pages without data."""
    lines: list[str] = []
    names = model.current.catalog.definitions
    missing = [
        f"{team}·{names[name].title[model.lang]}"
        for team, name in model.current.missing
        if name in names
    ]
    excluded = [
        sent.file.replace("\\", "/").rpartition("/")[2]
        for sent in model.current.submissions
        if sent.excluded
    ]
    pages = [title for title, _ in model.left_out]
    for key, found in (("not_sent", missing), ("not_counted", excluded), ("no_data", pages)):
        if found:
            shown = model.say("list_separator").join(found[:_NAMED])
            more = (
                model.say("overview.and_more", count=len(found) - _NAMED)
                if len(found) > _NAMED
                else ""
            )
            lines.append(model.say(f"overview.{key}", count=len(found), names=shown + more))
    return lines or [model.say("overview.complete")]


PAGE = Page("overview", draw, _WIDTHS, titled=False)
