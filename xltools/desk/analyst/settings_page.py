"""The settings workbook: to download, and to drop back."""

from __future__ import annotations

from datetime import datetime

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from xltools.desk.analyst.settings_upload import accept, discard, proposal, propose, told
from xltools.desk.analyst.workbook_page import download
from xltools.desk.desk_state import desk_of
from xltools.desk.own_threads import beside
from xltools.desk.rendered_pages import page
from xltools.errors import UsageError
from xltools.excel.reading.preflight import LARGEST_FILE


async def settings(request: Request) -> Response:
    """What the settings hold now, and what waits to take their place."""
    desk = desk_of(request)
    run, path = desk.look.run, desk.workspace.settings
    return page(
        request,
        "settings.html",
        held=told(run.catalog, run.lang, run.settings) if run else [],
        when=datetime.fromtimestamp(path.stat().st_mtime) if path.is_file() else None,
        broken=desk.look.told if run is None else "",
        waits=await beside(proposal, desk.workspace, desk.lang, run),
    )


async def file(request: Request) -> Response:
    """The settings workbook."""
    path = desk_of(request).workspace.settings
    if not path.is_file():
        raise HTTPException(404)
    return download(path.name, await beside(path.read_bytes))


async def dropped(request: Request) -> Response:
    """Keep a settings workbook until its problems were seen."""
    desk = desk_of(request)
    async with request.form(max_files=1, max_fields=1) as form:
        given = form.get("settings")
        if not isinstance(given, UploadFile) or not given.filename:
            raise UsageError("desk.no_file")
        content = await given.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise UsageError("desk.large", limit=LARGEST_FILE // 2**20)
    await beside(propose, desk.workspace, content)
    return RedirectResponse("/settings", 303)


async def accepted(request: Request) -> Response:
    """Put the new settings in the place of the old ones."""
    desk = desk_of(request)
    form = await request.form()
    await beside(accept, desk.workspace, desk.lang, str(form.get("sha256", "")))
    await desk.watch.look_soon()
    return RedirectResponse("/settings", 303)


async def discarded(request: Request) -> Response:
    """Leave the settings as they are."""
    await beside(discard, desk_of(request).workspace)
    return RedirectResponse("/settings", 303)


ROUTES = [
    Route("/settings", settings),
    Route("/settings", dropped, methods=["POST"]),
    Route("/settings/file", file),
    Route("/settings/accept", accepted, methods=["POST"]),
    Route("/settings/discard", discarded, methods=["POST"]),
]
