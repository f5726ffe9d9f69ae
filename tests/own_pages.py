"""Definitions with pages of their own: the guide's complaints, and reviews of suppliers."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from quarter import TEAMS, known_teams, quarter

from xltools.consolidate.combine.consolidation import Consolidation
from xltools.definition import Catalog, load_catalog
from xltools.expressions import verify

GUIDES = {"en": Path(__file__).parent.parent / "docs/guides"}
GUIDES["zh"] = GUIDES["en"].parent / "zh/guides"
WRITTEN = re.compile(r"<!-- (?:file|added): \S+ -->\n```toml\n(.*?)```", re.DOTALL)
FIVE = (*TEAMS, "西")
SILENT = "未交队"
QUARTERS = {"2024Q3": date(2024, 7, 1), "2024Q2": date(2024, 4, 1)}
Rows = list[dict[str, Any]]


def complaints(lang: str = "zh") -> str:
    """The definition of the guides, page and all."""
    parts = [
        WRITTEN.findall((GUIDES[lang] / f"{name}.md").read_text("utf-8"))[0]
        for name in ("own-workbook", "own-pages")
    ]
    return "\n".join(parts)


def catalog(folder: Path, name: str, text: str) -> Catalog:
    """The shipped definitions and one more."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text, "utf-8")
    found = load_catalog(folder)
    verify(found)
    return found


class Words(NamedTuple):
    """Who writes down what."""

    teams: tuple[str, ...]
    customers: tuple[str, ...]
    owners: tuple[str, ...]


ODD = Words(FIVE, ("*?", "远航", "=A", "<9", "B~"), ("张伟", "李娜", "王*", "Zoë", "zoë"))
PLAIN = {  # for the pictures of the guides
    "zh": Words(
        ("华东销售队", "华南销售队", "华北销售队", "西南销售队", "市场部"),
        ("远航制造", "海川物流", "明德教育", "星野电子", "南山药业", "宏图建材"),
        ("张伟", "李娜", "王芳"),
    ),
    "en": Words(
        ("East sales", "South sales", "North sales", "West sales", "Marketing"),
        ("Voyage", "Harbour Foods", "Summit", "Riverside", "Granite", "Meadow"),
        ("Zhang Wei", "Li Na", "Wang Fang"),
    ),
}


def cases(period: str, seed: int, words: Words = ODD) -> Rows:
    """What five teams wrote down, the first of them not last quarter; some cases are open."""
    draw, found = random.Random(f"{period} {seed}"), []
    for team in words.teams if period == "2024Q3" else words.teams[1:]:
        for _ in range(draw.randint(3, 9)):
            received = QUARTERS[period] + timedelta(days=draw.randint(0, 80))
            closed = received + timedelta(days=draw.randint(0, 20)) if draw.random() < 0.6 else None
            row = {"team": team, "customer": draw.choice(words.customers)}
            row |= {"received": received.isoformat(), "state": "closed" if closed else "open"}
            row |= {"closed": closed and closed.isoformat()}
            row["owner"] = draw.choice(words.owners)
            found.append(row)
    return found


def complaint_quarter(
    known: Catalog, period: str, seed: int, lang: str = "zh", words: Words = ODD
) -> Consolidation:
    """A quarter of complaints; a sixth team owes its workbook."""
    rows = {("complaints", "cases"): cases(period, seed, words)}
    teams = known_teams(*words.teams, *([SILENT] if words is ODD else []))
    missing = [(SILENT, "complaints")] if words is ODD else []
    return quarter(rows, period=period, teams=teams, missing=missing, catalog=known, lang=lang)


SUPPLIERS = (Path(__file__).parent / "suppliers.toml").read_text("utf-8")
_SUPPLIERS = ("甲", "乙*", "Acme", "acme", "=丙", "丁<", "戊", "己", "庚")


def supplier_quarter(known: Catalog, period: str, lang: str = "zh") -> Consolidation:
    """A quarter of reviews by three teams."""
    draw, year = random.Random(period), int(period[:4])

    def some(choices: tuple[Any, ...]) -> Any:
        return draw.choice(choices)

    rows: dict[tuple[str, str], Rows] = {("suppliers", one): [] for one in SHEETS}
    for team in FIVE[:3]:
        for _ in range(draw.randint(8, 14)):
            day = date(year, 7, 1) + timedelta(days=draw.randint(0, 50))
            row = {"team": team, "supplier": some(_SUPPLIERS), "ordered": day.isoformat()}
            row["category"] = some(("parts", "service", "goods"))
            row["promised"] = (day + timedelta(days=10)).isoformat()
            row["arrived"] = some((None, (day + timedelta(days=draw.randint(5, 20))).isoformat()))
            row |= {
                "amount": some((None, 0, 12.5, 7, 33.3, 1.25)),
                "units": some((None, 0, 50, 200)),
            }
            row["faulty"] = some((0, 1, 3))
            rows["suppliers", "deliveries"].append(row)
        for supplier in _SUPPLIERS[:4]:
            score = {name: some((1, 2, 3, 5, None)) for name in ("quality", "price", "service")}
            row = {"team": team, "supplier": supplier, "verdict": some(("keep", "watch", None))}
            rows["suppliers", "scores"].append({**row, **score})
            action = {"team": team, "supplier": supplier, "action": f"=x{supplier}"}
            action |= {"progress": some(("planned", "running", "done"))}
            action |= {"target": some((0, 0.5, 0.9)), "actual": some((None, 0.3, 0.7, 1))}
            rows["suppliers", "actions"].append(action)
    return quarter(rows, period=period, teams=known_teams(*FIVE[:3]), catalog=known, lang=lang)


SHEETS = ("deliveries", "scores", "actions")
