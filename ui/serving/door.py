"""The door: before anything of the page or the programs' ways in is reached, who comes, from where, with how much."""

from __future__ import annotations

import asyncio
import secrets
from html import escape
from time import monotonic
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from istok.index.load import SUFFIXES
from istok.ui.serving.parcel import Parcel
from istok.ui.texts import preferred
from istok.ui.texts.door import TEXTS

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from istok.ui.serving.people import People

LARGEST_BODY: Final = 8 * 2**20
"""Bytes of any request but an upload."""

LARGEST_UPLOAD: Final = 2**30
"""Bytes of one request that uploads; it may hold many files."""

LARGEST_LOGIN: Final = 10_000
"""Bytes of a name and a password: they are read before it is known who sends them."""

_COOKIE: Final = "istok-session"
_SESSION_SECONDS: Final = 30 * 86_400
_PAUSE: Final = 0.3  # seconds between two wrong passwords
_UPLOAD: Final = "/gradio_api/upload"
_LOGIN: Final = "/login"
_PUBLIC: Final = ("/favicon.ico", "/manifest.json")  # browsers ask for them without a cookie; they say nothing
# Whatever slipped into the page, the browser would ask nobody but this server. Gradio's page evaluates its own scripts.
_HEADERS: Final = {
    "content-security-policy": "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}

_ASSETS: Final = "/assets/"
_LASTING: Final = {"cache-control": "private, max-age=31536000, immutable"}  # their names change with their content


class Door:
    """Wraps the whole application. A known person's name goes in with the request, as its `user`.

    Without people the door is open, but only under names of this machine (`hosts`), so that no web site can have its
    own name resolved to this server. Other sites' scripts are turned away in either case.
    """

    def __init__(self, app: ASGIApp, *, people: People, hosts: Collection[str]) -> None:
        self._app = app
        self._people = people
        self._hosts = frozenset(hosts)
        self._sessions: dict[str, tuple[str, float]] = {}
        """Names, and when each session ends."""
        self._guessing = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        request = Request(scope, receive)

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                lasting = request.url.path.startswith(_ASSETS) and message["status"] == 200
                more = _HEADERS | _LASTING if lasting else _HEADERS
                message["headers"] = [
                    *message.get("headers", ()),
                    *((name.encode(), value.encode()) for name, value in more.items()),
                ]
            await send(message)

        response = self._misled(request) or self._too_much(request) or await self._unknown(request)
        if response is None and request.url.path.rstrip("/") == _UPLOAD:
            await self._upload(scope, receive, sealed)
        else:
            await (response or self._app)(scope, receive, sealed)

    def _misled(self, request: Request) -> Response | None:
        """Against other web sites: their pages reach this server through the browser of somebody who may."""
        host = request.headers.get("host", "")
        if not self._people and _parsed(f"//{host}").hostname not in self._hosts:
            return _refusal(421, f"this server is not called {host!r}: use the address it printed")
        origin = request.headers.get("origin")
        if origin is not None and _parsed(origin).netloc.lower() != host.lower():
            return _refusal(403, f"no requests from pages of {origin}")
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            # A link to the page may be followed from anywhere.
            followed = request.headers.get("sec-fetch-mode") == "navigate" and request.method == "GET"
            if not followed or request.headers.get("sec-fetch-dest") != "document":
                return _refusal(403, "no requests from other pages")
        return None

    def _too_much(self, request: Request) -> Response | None:
        path = request.url.path
        if path.startswith(("/gradio_api/file=http", "/gradio_api/file/http", "/gradio_api/proxy=")):
            # Gradio would fetch it.
            return _refusal(403, "no requests to other machines")
        if "transfer-encoding" in request.headers:
            return _refusal(411, "say the length of the body: send Content-Length")
        largest = {_UPLOAD: LARGEST_UPLOAD, _LOGIN: LARGEST_LOGIN}.get(path.rstrip("/"), LARGEST_BODY)
        # uvicorn has made sure that it is a number and that no more bytes come.
        if int(request.headers.get("content-length", 0)) > largest:
            return _refusal(413, f"the body is too large: send at most {largest} bytes")
        return None

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        parcel = Parcel(scope, receive)

        async def unless_refused(message: Message) -> None:
            if parcel.refused is None:
                await send(message)

        try:
            await self._app(scope, parcel.receive, unless_refused)
        except Exception:
            # Gradio takes it amiss when a sender goes away.
            if parcel.refused is None:
                raise
        if parcel.refused is not None:
            known = ", ".join(sorted(SUFFIXES))
            await _refusal(415, f"{parcel.refused!r} can't be read: send {known}")(scope, receive, send)

    async def _unknown(self, request: Request) -> Response | None:
        """What those hear who are not known, and those who log in or out."""
        if not self._people:
            return None
        path = request.url.path.rstrip("/")
        if path in _PUBLIC:
            return None
        if path == _LOGIN:
            return await self._login(request)
        if path == "/logout":
            self._sessions.pop(request.cookies.get(_COOKIE, ""), None)
            response: Response = RedirectResponse(_LOGIN, 303)
            response.delete_cookie(_COOKIE)
            return response
        authorization = request.headers.get("authorization")
        if authorization is not None:
            # Headers are read as Latin-1, and passwords sent as UTF-8.
            name = self._people.bearing(authorization.encode("latin-1").decode("utf-8", "replace"))
            if name is None:
                await self._pause()
        else:
            name = self._remembered(request.cookies.get(_COOKIE, ""))
        if name is not None:
            request.scope["user"] = name
            return None
        if authorization is None and request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            return RedirectResponse(_LOGIN, 303)
        wrong = "the password is wrong" if authorization else "no password"
        return _refusal(
            401,
            f"{wrong}: send the header Authorization: Bearer PASSWORD",
            {"www-authenticate": 'Bearer realm="istok"'},
        )

    def _remembered(self, session: str) -> str | None:
        name, ends = self._sessions.get(session, (None, 0.0))
        return name if ends > monotonic() else None

    async def _login(self, request: Request) -> Response:
        asks_html = "text/html" in request.headers.get("accept", "")
        if request.method != "POST":
            return _form(request)
        fields = parse_qs((await request.body()).decode("utf-8", "replace"))
        name, password = (fields.get(key, [""])[0] for key in ("username", "password"))
        known = self._people.named(name.strip(), password)
        if known is None:
            await self._pause()
            return _form(request, name) if asks_html else _refusal(401, "the name or the password is wrong")
        session = secrets.token_urlsafe(32)
        now = monotonic()
        self._sessions = {key: value for key, value in self._sessions.items() if value[1] > now}
        self._sessions[session] = known, now + _SESSION_SECONDS
        response = RedirectResponse("/", 303) if asks_html else JSONResponse({"success": True})
        # Behind a proxy with TLS the scheme is what the browser sees.
        encrypted = request.url.scheme == "https"
        response.set_cookie(_COOKIE, session, max_age=_SESSION_SECONDS, httponly=True, samesite="lax", secure=encrypted)
        return response

    async def _pause(self) -> None:
        # One after the other: whoever guesses on many connections is no faster.
        async with self._guessing:
            await asyncio.sleep(_PAUSE)


def _parsed(address: str) -> SplitResult:
    """Nothing at all where it is no address."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _refusal(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """As OpenAI's clients read it, and anybody else can."""
    kind = "authentication_error" if status == 401 else "invalid_request_error"
    error = {"message": message, "type": kind, "param": None, "code": "invalid_api_key" if status == 401 else None}
    return JSONResponse({"error": error}, status, headers)


def _form(request: Request, name: str | None = None) -> Response:
    """The login page; `name` is what was tried in vain."""
    language = preferred(request.headers.get("accept-language", ""))
    texts = TEXTS[language]
    wrong = "" if name is None else f'<p role="alert">{escape(texts.wrong)}</p>'
    page = f"""<!doctype html>
<html lang="{language}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Исток · Istok</title>
<style>
:root {{ color-scheme: light dark; --paper: light-dark(#fbfaf8, #15181a); --card: light-dark(#ffffff, #1c2022);
  --ink: light-dark(#1f2325, #e7e5e1); --quiet: light-dark(#5f676b, #a5adb1); --line: light-dark(#8b8f8f, #70787c);
  --accent: light-dark(#0b6470, #74c9cf); --on-accent: light-dark(#ffffff, #10201f); }}
body {{ font: 16px/1.5 system-ui, sans-serif; background: var(--paper); color: var(--ink); display: grid;
  place-items: center; min-height: 100vh; margin: 0; }}
form {{ width: min(20rem, 100vw - 3rem); display: grid; gap: .75rem; }}
h1, p {{ margin: 0; }} h1 {{ font-size: 1.6rem; }} p {{ color: var(--quiet); }} [role=alert] {{ color: inherit; }}
label {{ display: grid; gap: .2rem; }}
input, button {{ font: inherit; padding: .5rem .7rem; border-radius: .5rem; border: 1px solid var(--line);
  background: var(--card); color: inherit; }}
button {{ background: var(--accent); border-color: var(--accent); color: var(--on-accent); cursor: pointer; }}
:focus-visible {{ outline: 2px solid var(--accent); outline-offset: 2px; }}
</style>
<form method="post" action="{_LOGIN}">
<h1>{escape(texts.title)}</h1><p>{escape(texts.invitation)}</p>{wrong}
<label>{escape(texts.name)}<input name="username" value="{escape(name or "")}" autocomplete="username" required
  autofocus></label>
<label>{escape(texts.password)}<input name="password" type="password" autocomplete="current-password" required></label>
<button>{escape(texts.enter)}</button>
</form>
"""
    return HTMLResponse(page, 200 if name is None else 401)
