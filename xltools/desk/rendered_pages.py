"""Pages from their templates: everything in them is escaped, every sentence comes by its key."""

from __future__ import annotations

import hashlib
from functools import cache, partial
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from xltools.locale import LANGUAGES, say

_KINDS = {
    "desk.css": "text/css",
    "team.css": "text/css",
    "desk.js": "text/javascript",
    "desk.svg": "image/svg+xml",
}
_YEAR = 365 * 24 * 3600


def page(
    request: Request, template: str, /, *, status: int = 200, **values: object
) -> HTMLResponse:
    """A page in the desk's language; ``values`` are what its template names."""
    desk = request.app.state.desk
    return HTMLResponse(rendered(template, desk.lang, desk=desk, **values), status)


def rendered(template: str, lang: str, /, **values: object) -> str:
    """A template filled."""
    return _environment(lang).get_template(template).render(**values)


def text(key: str, lang: str, **values: object) -> str:
    """A sentence of the desk."""
    return say(f"desk.{key}", lang, **values)


async def asset(request: Request) -> Response:
    """The style sheet or the script; what they hold is part of their address."""
    name = request.path_params["name"]
    if name not in _KINDS:
        return Response(status_code=404)
    headers = {"cache-control": f"public, max-age={_YEAR}, immutable"}
    return Response(_content(name), media_type=_KINDS[name], headers=headers)


# The caches hold files of the package, which do not change while the program runs.
@cache
def _environment(lang: str) -> Environment:
    assert lang in LANGUAGES
    made = Environment(
        loader=PackageLoader("xltools.desk", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"text": partial(text, lang=lang), "say": partial(say, lang=lang)}
    made.globals |= {"lang": lang, "asset": _address}
    return made


@cache
def _content(name: str) -> bytes:
    return files("xltools.desk").joinpath("pages", name).read_bytes()


@cache
def _address(name: str) -> str:
    return f"/assets/{name}?v={hashlib.sha256(_content(name)).hexdigest()[:12]}"
