"""Every figure of the evaluation: its formula in words, and what it reads.

The labels, formulas and sources are those of a workbook made from the samples; only the words
stand in figures.toml, by the Chinese label (``sheet·label`` where a sheet means something else).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl

from sources.words import cell, code, table, told
from xltools import verbs
from xltools.definition import load_catalog
from xltools.evaluate.declared.planned_summaries import planned
from xltools.evaluate.pages import PAGES
from xltools.ground.shipped import shipped
from xltools.locale import say

NOW, BEFORE = "2024Q3", "2024Q2"
HEADER = 2  # the row of a data sheet that holds its headers
NOTHING = ("", "-", *(say("evaluate.traceback.no_driver", lang) for lang in ("zh", "en")))
BELOW = "列示·*"  # of a sheet of lines in their order
LONGEST = 160  # signs of a formula that a reader can still take in
_SHEET = r"(?:'([^']+)'|([^\W\d]\w*))!"
_CELL = re.compile(rf"(?:{_SHEET})?\$?([A-Z]{{1,3}})\$?\d+(?![\w(])")
_NAME = re.compile(r"(?<![\w\"'])[a-z]+(?:_+[a-z0-9]+)+(?!\w)")
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_LINK = re.compile(r'^=HYPERLINK\(.*,(?:"((?:[^"]|"")*)"|IF\(.*\))\)$')
_COMPUTES = re.compile(r"[-+*/&<>]|(?<!IF)(?<!ISNUMBER)\(")


@dataclass
class Shown:
    """One figure: where its label stands, its formulas, and the columns that they read."""

    sheet: str
    label: str
    zh: str
    formulas: list[str] = field(default_factory=list)
    reads: dict[str, None] = field(default_factory=dict)  # in the order in which they are met
    mixed: bool = False  # whether one formula reads several columns

    @property
    def copied(self) -> bool:
        """Whether it only shows a cell of a data sheet."""
        return not self.mixed and not any(map(_computes, self.formulas))


def _computes(formula: str) -> bool:
    bare = _TEXT.sub("", re.sub(_SHEET, "", formula[1:])).replace("<>", "")
    return bool(_COMPUTES.search(bare))


@cache
def workbook(lang: str) -> Any:
    """The evaluation of the samples; pages first, data sheets behind them."""
    samples = shipped("samples")
    with TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run = verbs.start(settings=samples / "settings.xlsx", lang=lang, period=NOW)
        target = Path(folder) / "evaluation.xlsx"
        verbs.evaluate_quarter(run, [samples / NOW], target, previous=[samples / BEFORE])
        return openpyxl.load_workbook(target)


def _constant(value: object) -> str:
    """The text that stands in a cell; of a link what it shows."""
    if not isinstance(value, str):
        return ""
    link = _LINK.match(value)
    if link:
        return (link[1] or "").replace('""', '"')
    return "" if value.startswith("=") else value


def _label(sheet: Any, row: int, column: int) -> tuple[int, int]:
    """The heading that a cell is the note of, else the nearest text above it."""
    others = [cell for cell in sheet[row] if cell.value is not None and cell.column != column]
    if len(others) == 1 and others[0].column < column and _constant(others[0].value):
        return row, others[0].column
    for above in range(row - 1, 0, -1):
        if _constant(sheet.cell(above, column).value) not in NOTHING:
            return above, column
    return 0, 0


@cache
def shown(lang: str) -> dict[str, list[Shown]]:
    """The figures of every sheet, in the order in which their labels stand."""
    book, twin = workbook(lang), workbook("zh")
    found: dict[str, list[Shown]] = {}
    for sheet, own in zip(book, twin, strict=True):
        figures: dict[str, Shown] = {}
        for row in sheet.iter_rows(min_row=HEADER + 1):
            for one in row:
                formula = one.value
                if not isinstance(formula, str) or formula[:1] != "=" or _LINK.match(formula):
                    continue
                at = _label(sheet, one.row, one.column)
                if at[0] <= (0 if _is_data(sheet) else 3):
                    continue  # the title block
                label = _constant(sheet.cell(*at).value)
                zh = _constant(own.cell(*at).value)
                figure = figures.setdefault(label, Shown(sheet.title, label, zh))
                figure.formulas.append(formula)
                reads = dict.fromkeys(_reads(book, sheet, formula))
                figure.reads |= reads
                figure.mixed |= len(reads) > 1
        found[sheet.title] = list(figures.values())
    return found


def _is_data(sheet: Any) -> bool:
    return bool(sheet.tables)


def _reads(book: Any, sheet: Any, formula: str) -> Iterator[str]:
    """The columns that a formula reads: ``sheet · header``, parameters by their label."""
    text = _TEXT.sub('""', formula)
    for quoted, plain, letters in _CELL.findall(text):
        home = book[quoted or plain] if quoted or plain else sheet
        if _is_data(home):
            yield _header(home, letters)
    for name in _NAME.findall(re.sub(_SHEET, "", text)):
        if name in book.defined_names:
            title, place = book.defined_names[name].attr_text.rsplit("!", 1)
            home = book[title.strip("'").replace("''", "'")]
            letters = re.sub(r"[^A-Z]", "", place.split(":")[0])
            if _is_data(home):
                yield _header(home, letters)
            else:
                yield f"`{name}`"


def _header(sheet: Any, letters: str) -> str:
    head = _constant(sheet[f"{letters}{HEADER}"].value)
    return f"{sheet.title} · {head}"


@cache
def declared(lang: str) -> dict[tuple[str, str], str]:
    """The expressions of definitions, by the title of their sheet or page and by their label."""
    found: dict[tuple[str, str], str] = {}
    for definition in load_catalog():
        for sheet in definition.whole.sheets:
            title = _data_title(definition.name, sheet.title[lang], lang)
            for one in filter(lambda one: one.compute, sheet.figures):
                found[title, one.label[lang]] = one.compute
        for summary in planned(load_catalog(), definition).definition.summaries:
            title = _data_title(definition.name, summary.title[lang], lang)
            shown_title = say("evaluate.data.title_shown", lang, title=title)
            for one in summary.columns:
                found[title, one.label[lang]] = found[shown_title, one.label[lang]] = one.compute
        for page in definition.whole.pages:
            title = say("evaluate.data.title_figures", lang, page=page.title[lang])
            for name, figure in ((n, f) for block in page.parts for n, f in block.figures.items()):
                found[title, name] = figure.value
    return found


def _data_title(definition: str, sheet: str, lang: str) -> str:
    return say("evaluate.data.title", lang, definition=definition, sheet=sheet)


def words_of(figure: Shown, lang: str) -> str:
    """A figure's formula in words, or its expression; nothing where nobody has written any."""
    known = told("figures")["words"]
    label = re.sub(r" ?\(.*\)$", "", figure.label)
    for name in (figure.label, label):
        if (figure.sheet, name) in declared(lang):
            return code(cell(declared(lang)[figure.sheet, name]))
    title = workbook("zh").worksheets[workbook(lang).sheetnames.index(figure.sheet)].title
    names = [f"{title}·{figure.zh}", f"{title}·*", figure.zh, f"{figure.zh[:2]}…"]
    ways = (say(f"evaluate.data.{way}", "zh", title="·") for way in ("title_shown", "title_first"))
    endings = tuple(way.partition("·")[2] for way in ways)
    names += [BELOW] if title.endswith(endings) else []
    return next((known[name][lang] for name in names if name in known), "")


def unexplained(lang: str) -> list[str]:
    """Figures that compute something and have no words."""
    return [
        f"{figure.sheet}·{figure.zh}"
        for figures in shown(lang).values()
        for figure in figures
        if not figure.copied and not words_of(figure, lang)
    ]


def spare() -> list[str]:
    """Words that no figure has any more."""
    labels = {
        name
        for title, figures in shown("zh").items()
        for figure in figures
        for name in (figure.zh, f"{title}·{figure.zh}", f"{title}·*", f"{figure.zh[:2]}…", BELOW)
    }
    return [name for name in told("figures")["words"] if name not in labels]


def page(lang: str) -> str:
    """The page of all figures."""
    words = {name: both[lang] for name, both in told("figures")["page"].items()}
    lines = [f"# {words['title']}", "", words["about"]]
    abouts = {one.name: say(f"evaluate.{one.name}.about", lang) for one in PAGES}
    titles = {say(f"evaluate.{one.name}.tab", lang): one.name for one in PAGES}
    for one in (page for definition in load_catalog() for page in definition.pages):
        titles[one.title[lang]], abouts[one.name] = one.name, one.about[lang]
    for title, figures in shown(lang).items():
        if title not in titles:
            continue
        name = titles[title]
        up = "../" if lang == "en" else "../../"
        picture = f"{up}images/demo/{lang}/evaluation-{name}.png"
        lines += ["", f"## {title}", "", abouts[name], ""]
        lines += [f"![{title}]({picture})"]
        if figures:
            heads = (words["figure"], words["computed"], words["reads"])
            lines += ["", *table(heads, (_row(one, words, lang) for one in figures))]
    lines += ["", f"## {words['data']}", "", words["data_about"]]
    for title, figures in shown(lang).items():
        own = [one for one in figures if one.label] if title not in titles else []
        if own:
            heads = (words["column"], words["computed"], words["formula"])
            rows = [(one.label, _words(one, words, lang), _formula(one, words)) for one in own]
            lines += ["", f"### {title}", "", *table(heads, rows)]
    return "\n".join(lines)


def _row(figure: Shown, words: dict[str, str], lang: str) -> tuple[str, str, str]:
    return figure.label, _words(figure, words, lang), "<br>".join([*figure.reads][:6])


def _words(figure: Shown, words: dict[str, str], lang: str) -> str:
    return words["copied"] if figure.copied else words_of(figure, lang)


def _formula(figure: Shown, words: dict[str, str]) -> str:
    first = figure.formulas[0]
    return code(cell(first)) if len(first) <= LONGEST else words["long"]
