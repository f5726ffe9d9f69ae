"""The board and its parts, and the stream that tells a browser when there is something new."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from xltools.desk.analyst.begin_page import begin_page
from xltools.desk.analyst.board import board_of, names_by_id
from xltools.desk.desk_state import Desk, desk_of
from xltools.desk.own_threads import beside
from xltools.desk.receiving.inbox_places import inbox_names, set_aside, set_aside_names, take_back
from xltools.desk.rendered_pages import page
from xltools.desk.teams.team_links import new_key
from xltools.errors import UsageError
from xltools.run import known_team

_PATIENCE = 15.0  # seconds until a stream shows that it is alive


async def board(request: Request) -> Response:
    """The first page; before there is a quarter, where it begins."""
    desk = desk_of(request)
    if not desk.workspace.is_made and desk.look.run is None:
        return await begin_page(request)
    return await _shown(request, "board.html")


async def board_part(request: Request) -> Response:
    """What of the board changes, to be put in place of what is shown."""
    return await _shown(request, "board_part.html")


async def _shown(request: Request, name: str) -> Response:
    desk, look = desk_of(request), desk_of(request).look
    shown = await beside(board_of, desk, look) if look.status else None
    return page(request, name, board=shown, look=look, number=desk.watch.number)


async def live(request: Request) -> Response:
    """The numbers of looks as they come, as server-sent events."""
    watch = desk_of(request).watch

    async def events() -> AsyncIterator[str]:
        known = 0  # the first event says which look there is: the page may show an earlier one
        yield "retry: 2000\n\n"
        while not watch.ended:
            newer = await watch.newer_than(known, _PATIENCE)
            yield f"event: look\ndata: {newer}\n\n" if newer != known else ": still here\n\n"
            known = newer

    return StreamingResponse(events(), media_type="text/event-stream")


async def put_aside(request: Request) -> Response:
    """Move a file of the inbox to those that do not count."""
    desk = desk_of(request)

    def move() -> None:
        names = names_by_id(desk.workspace.inbox, inbox_names(desk.workspace))
        set_aside(desk.workspace, _named(request, names))

    await beside(move)
    return await _back(desk)


async def put_back(request: Request) -> Response:
    """Let a file count again that was set aside."""
    desk = desk_of(request)

    def move() -> None:
        names = names_by_id(desk.workspace.set_aside, set_aside_names(desk.workspace))
        take_back(desk.run, desk.workspace, _named(request, names))

    await beside(move)
    return await _back(desk)


async def revoke(request: Request) -> Response:
    """Give a team a new address; the old one leads nowhere from now on."""
    desk = desk_of(request)
    form = await request.form()
    run = desk.run
    if run.period is None:
        raise UsageError("usage.no_period")
    team = known_team(run.settings, str(form.get("team", "")))
    await beside(new_key, desk.workspace, run.settings, run.period, team)
    return await _back(desk)


def _named(request: Request, names: Mapping[str, str]) -> str:
    """The name of a file that addresses call so; UsageError where it is gone."""
    identity = str(request.path_params["id"])
    if identity not in names:
        raise UsageError("desk.not_there", name=identity)
    return names[identity]


async def _back(desk: Desk) -> Response:
    await desk.watch.look_soon()
    return RedirectResponse("/", 303)


ROUTES = [
    Route("/", board),
    Route("/board", board_part),
    Route("/live", live),
    Route("/aside/{id}", put_aside, methods=["POST"]),
    Route("/back/{id}", put_back, methods=["POST"]),
    Route("/links/revoke", revoke, methods=["POST"]),
]
