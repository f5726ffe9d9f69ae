"""The steps of the cycle as buttons, with progress, a way to stop, and links to the results."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from xltools.desk.analyst.steps import STEPS, next_quarter, place, work_of
from xltools.desk.analyst.workbook_page import download
from xltools.desk.desk_state import Desk, desk_of
from xltools.desk.own_threads import beside
from xltools.desk.quarter_look import id_of
from xltools.desk.rendered_pages import page
from xltools.desk.running_jobs import Job
from xltools.excel.printing.libreoffice import find_office


class Result(NamedTuple):
    """Something that a run wrote: its path, and what addresses call it, "" for a folder."""

    path: str
    name: str
    id: str
    when: datetime


class ShownJob(NamedTuple):
    """A run, and what it wrote that is still there."""

    job: Job
    results: list[Result]


async def do(request: Request) -> Response:
    """All steps, what each will write, and the last runs."""
    desk = desk_of(request)
    run = desk.run
    return page(
        request,
        "do.html",
        steps=STEPS,
        there=await beside(_there, desk),
        sent=len(desk.look.submissions),
        teams=len(run.settings.teams_in(run.period)),
        to=next_quarter(run),
        beside=desk.workspace.root.parent,
        office=find_office() is not None,
        jobs=await beside(_shown, desk),
    )


async def jobs(request: Request) -> Response:
    """The last runs alone, for a page that shows them as they go."""
    desk = desk_of(request)
    return page(request, "jobs_part.html", jobs=await beside(_shown, desk))


async def start(request: Request) -> Response:
    """Start a step."""
    desk = desk_of(request)
    form = {name: str(value) for name, value in (await request.form()).items()}
    step = request.path_params["step"]
    desk.jobs.start(step, work_of(step, desk.run, desk.watch.chosen, form))
    return RedirectResponse("/do", 303)


async def stop(request: Request) -> Response:
    """Stop a run before its next file."""
    desk_of(request).jobs.stop(request.path_params["number"])
    return RedirectResponse("/do", 303)


async def result(request: Request) -> Response:
    """A file that a run wrote."""
    desk = desk_of(request)
    found = {id_of(path): path for path in await beside(lambda: [*_known(desk)])}
    path = found.get(request.path_params["id"])
    if path is None:
        raise HTTPException(404)
    return download(path.name, await beside(path.read_bytes))


def _known(desk: Desk) -> Iterator[Path]:
    """The quarter's reports, and what the last runs wrote."""
    reports = desk.workspace.reports
    names = ("evaluation.xlsx", "evaluation.pdf", "consolidated.xlsx")
    every = [reports / name for name in names]
    every += [path for job in desk.jobs.all for path in job.result.written]
    yield from (path for path in every if path.is_file())


def _there(desk: Desk) -> dict[str, list[Result]]:
    """What of each step's results is there now."""
    names = {
        "consolidate": ["consolidated.xlsx"],
        "evaluate": ["evaluation.xlsx", "evaluation.pdf"],
    }
    return {
        step: [_result(path) for name in of if (path := desk.workspace.reports / name).is_file()]
        for step, of in names.items()
    }


def _result(path: Path) -> Result:
    when = datetime.fromtimestamp(path.stat().st_mtime)
    return Result(place(path), path.name, id_of(path) if path.is_file() else "", when)


def _shown(desk: Desk) -> list[ShownJob]:
    return [
        ShownJob(
            job,
            [_result(path) for path in job.result.written if path.exists()],
        )
        for job in desk.jobs.all
    ]


ROUTES = [
    Route("/do", do),
    Route("/do/jobs", jobs),
    Route("/do/{step}", start, methods=["POST"]),
    Route("/jobs/{number:int}/stop", stop, methods=["POST"]),
    Route("/result/{id}", result),
]
