"""What all pages share: the folder and its last look, keys and addresses."""

from __future__ import annotations

import secrets
from pathlib import Path

from starlette.requests import Request

from xltools.desk.folder_watch import FolderWatch
from xltools.desk.quarter_look import Look
from xltools.desk.rendered_pages import text
from xltools.desk.running_jobs import Jobs
from xltools.errors import UsageError
from xltools.fault_sentences import any_sentence
from xltools.run import Run
from xltools.workspace import Workspace

NEAR = ("127.0.0.1", "localhost", "[::1]")


class Desk:
    """One quarter's folder, served at one port; ``lan`` are this machine's addresses for teams.

    A team's own address is ``team_address`` with its key behind it, "" where teams cannot reach it.
    ``lang`` is the language asked for, "" for the folder's own.
    """

    def __init__(
        self, folder: Path, port: int, *, lang: str = "", lan: tuple[str, ...] = ()
    ) -> None:
        self.workspace = Workspace(folder)
        self.port = port
        self.key = secrets.token_urlsafe(24)
        self.cookie = f"xltools-desk-{port}"  # cookies know no ports
        self.hosts = frozenset(f"{name}:{port}" for name in NEAR)
        self.team_hosts = frozenset(f"{name}:{port}" for name in lan)
        self.team_address = f"http://{lan[0]}:{port}/t/" if lan else ""
        self.watch = FolderWatch(folder, lang)
        self.jobs = Jobs(
            self.watch.reading,
            self.watch.nudge_from_thread,
            lambda fault: any_sentence(fault, self.lang),
        )

    def open(self, folder: Path) -> None:
        """Be another folder's from the next look on."""
        self.workspace = Workspace(folder)
        self.watch.folder = folder

    @property
    def look(self) -> Look:
        """The quarter when it was last looked at."""
        return self.watch.looked

    @property
    def lang(self) -> str:
        return self.look.lang

    @property
    def run(self) -> Run:
        """What verbs start from; whatever keeps the folder from being read is raised."""
        if self.look.run is None:
            raise self.look.fault or UsageError("desk.no_folder")
        return self.look.run

    @property
    def title(self) -> str:
        """What the pages' head says: the quarter, once there is one."""
        if self.look.run is None or self.look.run.period is None:
            return text("no_quarter", self.lang)
        return text("title", self.lang, period=self.look.run.period)

    @property
    def address(self) -> str:
        """What opens the analyst's pages."""
        return f"http://{NEAR[0]}:{self.port}/?key={self.key}"


def desk_of(request: Request) -> Desk:
    """The desk that a request is for."""
    desk: Desk = request.app.state.desk
    return desk
