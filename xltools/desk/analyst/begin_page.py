"""Where a quarter begins: the folder becomes one, or one that is there is opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from xltools import verbs
from xltools.desk.desk_state import desk_of
from xltools.desk.own_threads import beside
from xltools.desk.rendered_pages import page
from xltools.errors import XltoolsError
from xltools.fault_sentences import any_sentence
from xltools.ground.period import Quarter
from xltools.locale import LANGUAGES
from xltools.workspace import Workspace


async def begin_page(request: Request, fault: str = "") -> Response:
    """The page, with what was typed where that was wrong."""
    desk = desk_of(request)
    typed = await request.form() if fault else {}
    root = desk.workspace.root
    return page(
        request,
        "begin.html",
        status=422 if fault else 200,
        fault=fault,
        folder=typed.get("folder", root),
        period=typed.get("period", _period_in(root.name)),
        quarters=await beside(_quarters_near, root),
    )


async def begin(request: Request) -> Response:
    """Open the folder that was typed; make it a quarter's, as ``init`` does, where it is none yet.

    What is there stays as it is. A desk that has its quarter keeps it, as teams may use it.
    """
    desk = desk_of(request)
    if desk.workspace.is_made:
        return RedirectResponse("/", 303)
    form = await request.form()
    folder, period, lang = (
        str(form.get(name, "")).strip() for name in ("folder", "period", "lang")
    )
    root = desk.workspace.root
    workspace = Workspace(root.parent / Path(folder).expanduser() if folder else root)
    try:
        await beside(_make, workspace, period, lang if lang in LANGUAGES else desk.lang)
    except (XltoolsError, OSError) as fault:
        return await begin_page(request, any_sentence(fault, desk.lang))
    desk.open(workspace.root)
    await desk.watch.look_soon()
    return RedirectResponse("/", 303)


def _make(workspace: Workspace, period: str, lang: str) -> None:
    if workspace.is_made:
        return
    templates = workspace.templates if workspace.templates.is_dir() else None
    run = verbs.start(period=period or None, templates=templates, lang=lang)
    verbs.make_workspace(run, workspace.root, templates=templates)


def _period_in(name: str) -> str:
    """The quarter after which a folder is called; "" for none."""
    try:
        return str(Quarter.parse(name))
    except ValueError:
        return ""


def _quarters_near(root: Path) -> list[Path]:
    """The quarters' folders that lie in a folder or beside it."""
    return [one for above in (root, root.parent) for one in _quarters_in(above)]


def _quarters_in(folder: Path) -> Iterator[Path]:
    try:
        inside = sorted(folder.iterdir())
    except OSError:  # it is not there, or not ours to see
        return
    yield from (one for one in inside if Workspace(one).is_made)


ROUTES = [Route("/begin", begin, methods=["POST"])]
