"""The application: all addresses, and what stands before and behind them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from xltools.desk.analyst import (
    begin_page,
    board_page,
    do_page,
    drop_page,
    evaluation_page,
    settings_page,
    workbook_page,
)
from xltools.desk.desk_state import Desk, desk_of
from xltools.desk.own_threads import beside
from xltools.desk.receiving.sent_form import Reception
from xltools.desk.rendered_pages import asset, page
from xltools.desk.request_guard import TEAMS, RequestGuard
from xltools.desk.teams import team_pages
from xltools.errors import XltoolsError
from xltools.fault_sentences import any_sentence

_PATIENCE = 5.0  # seconds; a large inbox that was never read takes longer


def application(desk: Desk) -> ASGIApp:
    """Everything that a browser may ask of this desk, behind its guard."""
    routes = [
        Route("/assets/{name}", asset),
        *board_page.ROUTES,
        *team_pages.ROUTES,
        *begin_page.ROUTES,
        *drop_page.ROUTES,
        *do_page.ROUTES,
        *settings_page.ROUTES,
        *evaluation_page.ROUTES,
        *workbook_page.ROUTES,
    ]
    made = Starlette(
        routes=routes,
        exception_handlers={
            HTTPException: _refused,
            XltoolsError: _failed,
            OSError: _failed,
            Exception: _failed,
        },
        lifespan=_lifespan,
    )
    made.state.desk = desk
    made.state.reception = Reception()
    return RequestGuard(made, desk)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    """Look at the folder before the first page, if that is soon done, and follow it from then."""
    desk: Desk = app.state.desk
    await desk.watch.begin()
    following = asyncio.create_task(desk.watch.follow())
    await desk.watch.newer_than(0, _PATIENCE)
    try:
        yield
    finally:
        await beside(desk.jobs.end)  # first: a look waits for the run that has the store
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following


async def _refused(request: Request, fault: Exception) -> Response:
    """An address that leads nowhere."""
    assert isinstance(fault, HTTPException)
    return page(request, "refused.html", status=fault.status_code, why="nowhere")


async def _failed(request: Request, fault: Exception) -> Response:
    """Whatever a page could not do, as the sentence that a command would say.

    Teams are not told where this machine keeps what; the analyst's terminal is.
    """
    sentence = any_sentence(fault, desk_of(request).lang)
    status = 422 if isinstance(fault, XltoolsError) else 500
    if request.url.path.startswith(TEAMS):
        print(sentence, file=sys.stderr, flush=True)  # noqa: T201
        return page(request, "team_trouble.html", status=500)
    return page(request, "failed.html", status=status, sentence=sentence)
