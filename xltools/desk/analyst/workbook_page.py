"""One workbook: what is wrong with it, and its sheets with the cells marked."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xltools.bundles import read_source
from xltools.check.respond.issue_sentences import Group
from xltools.check.submission import Submission
from xltools.desk.analyst.typed_sheets import SheetGrid, Told, part_with, read_grids, table_of
from xltools.desk.desk_state import Desk, desk_of
from xltools.desk.own_threads import beside
from xltools.desk.quarter_look import Look, id_of
from xltools.desk.rendered_pages import page
from xltools.ground.member_paths import own_name, parted
from xltools.issues import Severity
from xltools.locale import say
from xltools.workers import Refusal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def workbook(request: Request) -> Response:
    """A workbook's page; ``?sheet=2&part=1`` chooses what of its sheets is shown."""
    look, sent = await _sent(desk_of(request), request.path_params["id"])
    assert look.run is not None
    assert look.checked is not None
    grids = await beside(_grids, sent.file, sent.sha256)
    refused = ""
    if isinstance(grids, Refusal):
        refused, grids = say(grids.reason, look.lang, **grids.values), []
    issues = [(one, look.checked.sentence(one, look.lang)) for one in look.checked.issues_of(sent)]
    faulty = {one.sheet for one, _ in issues if one.severity is not Severity.INFO}
    chosen = _number(request, "sheet") or _first(grids, faulty)
    grid = grids[chosen - 1] if chosen <= len(grids) else None
    known = sent.template in look.run.catalog.definitions
    groups = look.checked.groups(sent, look.lang)
    return page(
        request,
        "workbook.html",
        id=request.path_params["id"],
        holder=id_of(parted(sent.file)[0]),
        name=own_name(sent.file),
        submission=sent,
        title=look.run.catalog[sent.template].title[look.lang] if known else "",
        receipt=look.checked.receipt(sent),
        groups=[(group, _address(group, grids, issues)) for group in groups],
        sheets=[grid.title for grid in grids],
        faulty=faulty,
        chosen=chosen,
        table=grid
        and table_of(grid, issues, _number(request, "part"), header=_header(sent, grid.title)),
        refused=refused,
    )


def _address(group: Group, grids: Sequence[SheetGrid], issues: Sequence[Told]) -> str:
    """What leads to the first cell of a group; "" where there is none to be shown."""
    cell = group.issues[0].cell
    for at, grid in enumerate(grids, 1):
        if grid.title == group.sheet and cell:
            return f"?sheet={at}&part={part_with(grid, issues, cell)}#{cell}"
    return ""


async def original(request: Request) -> Response:
    """The file as it was sent."""
    _, sent = await _sent(desk_of(request), request.path_params["id"])
    return download(own_name(sent.file), await beside(read_source, sent.file))


async def marked(request: Request) -> Response:
    """The workbook with its problems marked, in the sheets and as a list."""
    look, sent = await _sent(desk_of(request), request.path_params["id"])
    name, content = await beside(_marked, look, sent)
    return download(name, content)


def download(name: str, content: bytes) -> Response:
    """A file to be saved under a name of any language."""
    header = f"attachment; filename*=UTF-8''{quote(name.encode('utf-8', 'replace'), safe='')}"
    kind = XLSX if name.endswith(".xlsx") else "application/octet-stream"
    return Response(content, media_type=kind, headers={"content-disposition": header})


def _marked(look: Look, sent: Submission) -> tuple[str, bytes]:
    assert look.checked is not None
    alone = replace(
        look.checked,
        submissions=(sent,),
        issues=tuple(one for one in look.checked.issues if one.file == sent.file),
    )
    with TemporaryDirectory(prefix="xltools-") as folder:
        made = alone.marked_copies(Path(folder), look.lang)
        if not made:
            raise HTTPException(404)
        return made[0].path.name, made[0].path.read_bytes()


async def _sent(desk: Desk, identity: str) -> tuple[Look, Submission]:
    """A workbook by its id, in the look that knows it; one that came just now is looked for."""
    if identity not in desk.look.submissions:
        await desk.watch.look_soon()
    look = desk.look
    if identity not in look.submissions:
        raise HTTPException(404)
    return look, look.submissions[identity]


@lru_cache(maxsize=8)  # by content: what somebody leafs through is read once
def _grids(file: str, _sha256: str) -> list[SheetGrid] | Refusal:
    return read_grids(file)


def _first(grids: list[SheetGrid], faulty: set[str]) -> int:
    """The first sheet that has something to mend, else the first one."""
    return next((at for at, grid in enumerate(grids, 1) if grid.title in faulty), 1)


def _header(sent: Submission, title: str) -> int:
    """The row above a sheet's first row; 0 for a sheet that was not read."""
    rows = (row for sheet in sent.sheets.values() if sheet.title == title for row in sheet.rows)
    return min(rows, default=1) - 1


def _number(request: Request, name: str) -> int:
    given = request.query_params.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 8 else 0


ROUTES = [
    Route("/workbook/{id}", workbook),
    Route("/workbook/{id}/original", original),
    Route("/workbook/{id}/marked", marked),
]
