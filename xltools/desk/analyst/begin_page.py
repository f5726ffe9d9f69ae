"""A folder that is no quarter's yet becomes one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from xltools import verbs
from xltools.desk.desk_state import Desk, desk_of
from xltools.desk.own_threads import beside
from xltools.desk.rendered_pages import page
from xltools.errors import XltoolsError
from xltools.fault_sentences import any_sentence
from xltools.locale import LANGUAGES


async def begin(request: Request) -> Response:
    """Make the folder a quarter's, as ``init`` does; what is there stays as it is."""
    desk = desk_of(request)
    form = await request.form()
    period, lang = (str(form.get(name, "")) for name in ("period", "lang"))
    try:
        await beside(_make, desk, period, lang if lang in LANGUAGES else desk.lang)
    except (XltoolsError, OSError) as fault:
        return page(request, "begin.html", status=422, fault=any_sentence(fault, desk.lang))
    await desk.watch.look_again()
    return RedirectResponse("/", 303)


def _make(desk: Desk, period: str, lang: str) -> None:
    workspace = desk.workspace
    templates = workspace.templates if workspace.templates.is_dir() else None
    run = verbs.start(period=period.strip() or None, templates=templates, lang=lang)
    verbs.make_workspace(run, workspace.root, templates=templates)


ROUTES = [Route("/begin", begin, methods=["POST"])]
