"""The charts of a sheet as points: what their parts remember of the cells that they show."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from typing import Literal

from xltools.excel.package.archive import Parts
from xltools.excel.package.markup import local, parse
from xltools.excel.picture.cell_looks import children, is_on
from xltools.excel.picture.picture_model import Chart, Series
from xltools.excel.picture.shown_numbers import shown_number
from xltools.excel.reading.xlsx.package_structure import links_of
from xltools.excel.styles import SERIES

_EMU = 9525  # of them make a pixel
_KINDS = ("lineChart", "barChart")


def charts_of(
    parts: Parts, sheet: str, columns: Sequence[float], rows: Sequence[float]
) -> list[Chart]:
    """The line, column and bar charts of a sheet's part; others are left out."""
    drawings = [one.target for one in links_of(parts, sheet).values() if one.kind == "drawing"]
    return [
        chart
        for drawing in drawings
        if drawing in parts
        for chart in _drawn(parts, drawing, columns, rows)
    ]


def _drawn(
    parts: Parts, drawing: str, columns: Sequence[float], rows: Sequence[float]
) -> Iterator[Chart]:
    links = links_of(parts, drawing)
    for anchor in parse(parts[drawing]):
        said = children(anchor)
        shown = next((one for one in anchor.iter() if local(one.tag) == "chart"), None)
        if shown is None or not {"from", "to"} <= said.keys():
            continue
        link = links.get(next((v for key, v in shown.items() if key.endswith("}id")), ""))
        if link is None or link.target not in parts:
            continue
        left, top = _corner(said["from"], columns, rows)
        right, bottom = _corner(said["to"], columns, rows)
        chart = _chart(parse(parts[link.target]), (left, top, right - left, bottom - top))
        if chart is not None:
            yield chart


def _corner(
    marker: ET.Element, columns: Sequence[float], rows: Sequence[float]
) -> tuple[float, float]:
    at = {local(one.tag): int(one.text or 0) for one in marker}
    return (
        sum(columns[: at["col"]]) + at["colOff"] / _EMU,
        sum(rows[: at["row"]]) + at["rowOff"] / _EMU,
    )


def _chart(root: ET.Element, box: tuple[float, float, float, float]) -> Chart | None:
    drawn = next((one for one in root.iter() if local(one.tag) in _KINDS), None)
    if drawn is None:
        return None
    series = [one for one in drawn if local(one.tag) == "ser"]
    direction = children(drawn).get("barDir")
    lying = direction is not None and direction.get("val") == "bar"
    standing: Literal["line", "column"] = "line" if local(drawn.tag) == "lineChart" else "column"
    axis = next((one for one in root.iter() if local(one.tag) == "valAx"), None)
    number = children(axis).get("numFmt")
    return Chart(
        kind="bar" if lying else standing,
        box=box,
        categories=_texts(children(series[0]).get("cat")) if series else [],
        series=[_series(one, place) for place, one in enumerate(series)],
        number=number.get("formatCode", "General") if number is not None else "General",
    )


def _series(one: ET.Element, place: int) -> Series:
    said = children(one)
    points = [_number(text) for text in _texts(said.get("val"))]
    labels = children(said.get("dLbls"))
    code = labels["numFmt"].get("formatCode", "General") if "numFmt" in labels else "General"
    told = is_on(labels.get("showVal"))
    symbol = children(said.get("marker")).get("symbol")
    line = children(children(said.get("spPr")).get("ln"))
    return Series(
        name=" ".join(_texts(said.get("tx"))),
        color=_color(said.get("spPr"), SERIES[place % len(SERIES)]),
        points=points,
        labels=["" if one is None else shown_number(one, code) for one in points] if told else [],
        dashed="prstDash" in line,
        marked=is_on(symbol) and symbol is not None,
    )


def _texts(holder: ET.Element | None) -> list[str]:
    """The remembered values in their order, "" where there is none."""
    if holder is None:
        return []
    size = next((int(o.get("val", 0)) for o in holder.iter() if local(o.tag) == "ptCount"), 0)
    found = [""] * size
    for point in (one for one in holder.iter() if local(one.tag) == "pt"):
        at, value = int(point.get("idx", 0)), children(point).get("v")
        if at < size and value is not None:
            found[at] = value.text or ""
    if size == 0:  # a name may be written as it is
        return [one.text or "" for one in holder.iter() if local(one.tag) == "v"]
    return found


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _color(holder: ET.Element | None, otherwise: str) -> str:
    for one in () if holder is None else holder.iter():
        if local(one.tag) == "srgbClr":
            return f"#{one.get('val', '000000')}"
    return otherwise
