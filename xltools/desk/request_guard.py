"""Who may ask what: checked before any page sees a request.

Every request must name a host that is ours (no other site's name may lead here), and one that
changes something must come from a page of that host. The analyst's pages answer only this machine,
and only with the key; a team's pages have their key in the address.
"""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xltools.desk.rendered_pages import page

if TYPE_CHECKING:
    from xltools.desk.desk_state import Desk

TEAMS = "/t/"
ASSETS = "/assets/"
_READING = ("GET", "HEAD")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class RequestGuard:
    """The outermost layer of the application."""

    def __init__(self, app: Starlette, desk: Desk) -> None:
        self.app = app
        self.desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        scope["app"] = self.app
        request = Request(scope, receive)
        answer: ASGIApp = self.app
        refused = self._refusal(request)
        if refused:
            answer = page(request, "refused.html", status=refused[0], why=refused[1])
        elif scope["path"] == "/" and "key" in request.query_params:
            answer = entered = page(request, "enter.html")
            entered.set_cookie(self.desk.cookie, self.desk.key, httponly=True, samesite="strict")
        await answer(scope, receive, self._with_headers(scope, send))

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        keyed = scope["path"].startswith(TEAMS) or b"key=" in scope["query_string"]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                # Where the address holds a key, nobody is told it. Elsewhere our own pages are,
                # as a browser would not say where a form comes from otherwise.
                headers["referrer-policy"] = "no-referrer" if keyed else "same-origin"
                headers.setdefault("cache-control", "no-store")
            await send(message)

        return sending

    def _refusal(self, request: Request) -> tuple[int, str] | None:
        """The status and the reason where a request is refused."""
        path, desk = request.url.path, self.desk
        for_teams = path.startswith(TEAMS)
        shared = for_teams or path.startswith(ASSETS)
        hosts = desk.hosts | desk.team_hosts if shared else desk.hosts
        host = _only(request.headers, "host")
        if host not in hosts or not (shared or _is_near(request)):
            return 421, "host"
        if request.method not in _READING and not _is_own(request.headers, host, for_teams):
            return 403, "origin"
        if not shared and not self._has_key(request):
            return 403, "key"
        return None

    def _has_key(self, request: Request) -> bool:
        given = [request.cookies.get(self.desk.cookie, "")]
        if request.url.path == "/":
            given.append(request.query_params.get("key", ""))
        return any(compare_digest(one.encode(), self.desk.key.encode()) for one in given)


def _only(headers: Headers, name: str) -> str:
    """A header that is there once; "" otherwise."""
    found = headers.getlist(name)
    return found[0] if len(found) == 1 else ""


def _is_near(request: Request) -> bool:
    """Whether the request comes from this machine, whatever it says of itself."""
    try:
        return ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False


def _is_own(headers: Headers, host: str, for_teams: bool) -> bool:
    """Whether a form or a script of our own sends this.

    A team's page has no other proof than its address, whose key no other site knows: that keeps
    browsers from telling where its form comes from.
    """
    origin = _only(headers, "origin") or "null"
    return origin == f"http://{host}" or (for_teams and origin == "null")
