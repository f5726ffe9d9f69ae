"""The board: who has sent what, and what to do next."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xltools.desk.desk_state import desk_of
from xltools.desk.rendered_pages import page


async def board(request: Request) -> Response:
    """The first page."""
    return page(request, "board.html", look=desk_of(request).look)


ROUTES = [Route("/", board)]
