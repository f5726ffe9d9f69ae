"""A team's own page, behind the key in its address: blank workbooks, what it sends, receipts.

Whatever an address names is looked up among what is this team's; no part of it becomes a path.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple
from urllib.parse import quote

from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from xltools.desk.desk_state import Desk, desk_of
from xltools.desk.receiving.marked_copy import marked_copy
from xltools.desk.receiving.sendings import all_sendings, find_sending
from xltools.desk.receiving.sent_form import MOST_FILES, reception_of
from xltools.desk.rendered_pages import page
from xltools.desk.teams.receipt_text import receipt_text
from xltools.desk.teams.team_links import team_of_key
from xltools.desk.teams.team_view import Told, belongs, blank_of, team_view, told
from xltools.errors import UsageError
from xltools.excel.reading.preflight import LARGEST_FILE
from xltools.fault_sentences import fault_sentence
from xltools.run import Run
from xltools.workspace import Workspace

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_SHOWN = 60  # sendings whose problems one page shows after a form


class Sender(NamedTuple):
    """Whose page is asked for."""

    desk: Desk
    run: Run
    workspace: Workspace
    team: str
    home: str
    """The address of the team's page."""


Page = Callable[[Request, Sender], Awaitable[Response]]


def _for_team(made: Page) -> Callable[[Request], Awaitable[Response]]:
    """A page for whoever has the key; the same answer to all others."""

    async def answered(request: Request) -> Response:
        desk = desk_of(request)
        sender = await run_in_threadpool(_sender, desk, request.path_params["key"])
        if sender is None:
            return page(request, "team_unknown.html", status=404)
        return await made(request, sender)

    return answered


def _sender(desk: Desk, key: str) -> Sender | None:
    run, workspace = desk.look.run, desk.workspace
    if run is None or run.period is None:
        return None
    team = team_of_key(workspace, run.settings, run.period, key)
    return (
        Sender(desk, replace(run, lang=desk.lang), workspace, team, f"/t/{key}") if team else None
    )


async def shown(
    request: Request, sender: Sender, *, fault: str = "", status: int = 200
) -> Response:
    """The page; ``?sent=`` names the sendings that were just received."""
    names = request.query_params.getlist("sent")[:_MOST_SHOWN]
    answers = await run_in_threadpool(_answers, sender, names)
    view = await run_in_threadpool(
        team_view, sender.run, sender.workspace, sender.team, sender.desk.look.status
    )
    return page(
        request,
        "team.html",
        status=status,
        view=view,
        answers=answers,
        fault=fault,
        limits={"size": LARGEST_FILE // 2**20, "count": MOST_FILES},
        home=sender.home,
    )


async def received(request: Request, sender: Sender) -> Response:
    """Take in what is sent; the answer is the page again, by an address that may be kept."""
    try:
        sent = await reception_of(request).take_in(request, sender.run, sender.team)
    except ClientDisconnect:
        return Response(status_code=400)  # which nobody sees
    except UsageError as fault:
        said = fault_sentence(fault, sender.run.lang)
        return await shown(request, sender, fault=said, status=400)
    ids = "&".join(f"sent={sending.id}" for sending, _ in sent[:_MOST_SHOWN])
    return RedirectResponse(f"{sender.home}?{ids}#answer", status_code=303)


async def one_sending(request: Request, sender: Sender) -> Response:
    """One sending with its problems and its receipt."""
    answers = await run_in_threadpool(_answers, sender, [request.path_params["id"]])
    if not answers:
        return _nowhere(request)
    return page(request, "team_sending.html", one=answers[0], team=sender.team, home=sender.home)


async def receipt(request: Request, sender: Sender) -> Response:
    """The receipt as a text to keep; there is none of what was refused."""
    answers = await run_in_threadpool(_answers, sender, [request.path_params["id"]])
    if not answers or answers[0].state == "refused":
        return _nowhere(request)
    said = receipt_text(answers[0], sender.run.lang)
    return _download(said, f"receipt-{answers[0].sending.id}.txt", "text/plain")


async def marked(request: Request, sender: Sender) -> Response:
    """The marked copy of a sending."""
    answers = await run_in_threadpool(_answers, sender, [request.path_params["id"]])
    if not answers:
        return _nowhere(request)
    copy = await run_in_threadpool(marked_copy, sender.run, sender.workspace, answers[0].sending)
    if copy is None:
        return _nowhere(request)
    return _download(copy.content, copy.name, XLSX)


async def blank(request: Request, sender: Sender) -> Response:
    """A blank workbook of the team."""
    path = await run_in_threadpool(
        blank_of, sender.run, sender.workspace, sender.team, request.path_params["name"]
    )
    if path is None:
        return _nowhere(request)
    content = await run_in_threadpool(path.read_bytes)
    return _download(content, path.name, XLSX)


def _answers(sender: Sender, ids: Sequence[str]) -> list[Told]:
    """Those of the sendings that are this team's, each with what was wrong with it."""
    every = all_sendings(sender.workspace)
    answers = []
    for identity in ids:
        found = find_sending(sender.workspace, identity)
        if found and belongs(found[0], sender.run.settings, sender.team):
            answers.append(told(sender.run, sender.workspace, found[0], every, found[1]))
    return answers


def _nowhere(request: Request) -> Response:
    return page(request, "refused.html", status=404, why="nowhere")


def _download(content: bytes, name: str, kind: str) -> Response:
    """A file that a browser saves and never shows."""
    headers = {"content-disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return Response(content, media_type=kind, headers=headers)


ROUTES = [
    Route("/t/{key}", _for_team(shown)),
    Route("/t/{key}", _for_team(received), methods=["POST"]),
    Route("/t/{key}/blank/{name}", _for_team(blank)),
    Route("/t/{key}/sent/{id}", _for_team(one_sending)),
    Route("/t/{key}/sent/{id}/receipt", _for_team(receipt)),
    Route("/t/{key}/sent/{id}/marked", _for_team(marked)),
]
