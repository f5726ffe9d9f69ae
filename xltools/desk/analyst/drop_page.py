"""Workbooks dropped by the analyst: what each was found to be, said at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from xltools.desk.analyst.workbook_page import download
from xltools.desk.desk_state import Desk, desk_of
from xltools.desk.own_threads import beside
from xltools.desk.quarter_look import id_of
from xltools.desk.receiving.sendings import Sending, all_sendings, find_sending
from xltools.desk.receiving.sent_form import reception_of
from xltools.desk.rendered_pages import page
from xltools.desk.teams.receipt_text import receipt_text
from xltools.desk.teams.team_view import Told, told
from xltools.errors import XltoolsError
from xltools.fault_sentences import any_sentence
from xltools.issues import Issue


class Received(NamedTuple):
    """What became of one workbook, and what addresses call it; "" where it was not taken."""

    told: Told
    id: str


async def drop(request: Request) -> Response:
    """Workbooks of a form, and a page that says what they were found to be."""
    received, fault = await _dropped(request)
    return page(request, "drop.html", received=received, fault=fault)


async def drop_part(request: Request) -> Response:
    """The same for the script, which has a place for it."""
    received, fault = await _dropped(request)
    return page(request, "drop_part.html", received=received, fault=fault)


async def _dropped(request: Request) -> tuple[list[Received], str]:
    """What became of the workbooks of a form; or the sentence of what kept them from it."""
    desk = desk_of(request)
    try:
        sent = await reception_of(request).take_in(request, desk.run)
        received = await beside(_told, desk, sent)
    except ClientDisconnect:
        raise HTTPException(400) from None  # which nobody sees
    except (XltoolsError, OSError) as fault:
        return [], any_sentence(fault, desk.lang)
    desk.watch.nudge()
    return received, ""


def _told(desk: Desk, sent: Iterable[tuple[Sending, Sequence[Issue]]]) -> list[Received]:
    every = all_sendings(desk.workspace)
    inbox = desk.workspace.inbox
    return [
        Received(
            told(desk.run, desk.workspace, sending, every, issues),
            id_of(inbox / sending.name) if sending.name else "",
        )
        for sending, issues in sent
    ]


async def receipt(request: Request) -> Response:
    """The proof of one sending, as a text to keep."""
    desk = desk_of(request)
    found = await beside(find_sending, desk.workspace, request.path_params["id"])
    if found is None:
        raise HTTPException(404)
    [one] = await beside(_told, desk, [found])
    name = f"receipt-{one.told.sending.id}.txt"
    return download(name, receipt_text(one.told, desk.lang))


ROUTES = [
    Route("/drop", drop, methods=["POST"]),
    Route("/drop/part", drop_part, methods=["POST"]),
    Route("/receipt/{id}", receipt),
]
