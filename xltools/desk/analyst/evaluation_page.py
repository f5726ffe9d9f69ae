"""The evaluation's first page as the workbook shows it, and links to the workbook and the PDF."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xltools.desk.desk_state import Desk, desk_of
from xltools.desk.drawing.sheet_drawing import Drawing, drawing_of
from xltools.desk.own_threads import beside
from xltools.desk.quarter_look import id_of
from xltools.desk.rendered_pages import page
from xltools.excel.picture.picture_model import Picture
from xltools.excel.picture.sheet_picture import first_sheet
from xltools.locale import say
from xltools.workers import Refusal, run


async def evaluation(request: Request) -> Response:
    """The page; what it shows is read from the workbook, nothing is calculated."""
    desk = desk_of(request)
    path = desk.workspace.reports / "evaluation.xlsx"
    pdf = path.with_suffix(".pdf")
    if not path.is_file():
        return page(request, "evaluation.html", drawing=None, refused="", when=None)
    about = path.stat()
    shown = await beside(_drawing, path, about.st_mtime_ns, about.st_size)
    refused = say(shown.reason, desk.lang, **shown.values) if isinstance(shown, Refusal) else ""
    return page(
        request,
        "evaluation.html",
        drawing=None if refused else shown,
        refused=refused,
        when=datetime.fromtimestamp(about.st_mtime),
        older=_is_older(desk, about.st_mtime),
        workbook=id_of(path),
        pdf=id_of(pdf) if pdf.is_file() else "",
    )


@lru_cache(2)  # by the file's time and size
def _drawing(path: Path, _changed: int, _size: int) -> Drawing | Refusal:
    [outcome] = run(_picture, [str(path)], workers=1)
    if outcome.refusal is not None:
        return outcome.refusal
    return drawing_of(outcome.result)


def _picture(path: str) -> Picture:
    """In a worker: the first page."""
    return first_sheet(path)


def _is_older(desk: Desk, written: float) -> bool:
    """Whether something came or was changed since it was written."""
    places = [desk.workspace.settings, *desk.workspace.inbox.rglob("*")]
    return any(path.stat().st_mtime > written for path in places if path.is_file())


ROUTES = [Route("/evaluation", evaluation)]
