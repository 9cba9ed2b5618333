"""What stands before every page: names, sizes, headers, and that forms come from our own pages."""

from __future__ import annotations

import asyncio
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forwhom.web.server.settings import Settings

#: Says how a request is refused: the request, the status, and what is wrong.
Refusal = Callable[[Scope, int, str], ASGIApp]
#: Under which name a request says that its body was larger than it may be.
TOO_LARGE = "forwhom.too_large"
#: Requests that change nothing.
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Nothing from elsewhere, no script or style that stands in a page, no frame around us.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Gate:
    """Refuses what no page of ours sends, and says to the browser what it must not do."""

    def __init__(self, app: ASGIApp, settings: Settings, refused: Refusal) -> None:
        self._app = app
        self._settings = settings
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = _as_read(scope)
        refusal = self._refusal(scope)
        answer = _with_headers(send, self._settings.https)
        if refusal is not None:
            await refusal(scope, receive, answer)
            return
        await self._app(scope, self._counted(scope, receive), answer)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        known = self._settings.known_names
        # A page elsewhere may make its own name lead to this machine (DNS rebinding).
        if known and _name(host) not in known:
            said = f"This server does not go by the name {_name(host)!r}."
            return self._refused(scope, 421, said)
        if scope["method"] not in SAFE and not _from_here(headers, host):
            return self._refused(scope, 403, "This did not come from a page of forwhom.")
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._settings.most_bytes:
            return self._refused(scope, 413, too_large(self._settings.most_bytes))
        return None

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        """Stop a body that is longer than it said, and one that comes too slowly."""
        taken, is_whole = 0, False

        async def counted() -> Message:
            nonlocal taken, is_whole
            if is_whole:  # what comes now is only that the other side has gone
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self._settings.patience)
            except TimeoutError:
                return {"type": "http.disconnect"}
            taken += len(message.get("body", b""))
            is_whole = not message.get("more_body", False)
            if taken > self._settings.most_bytes:
                scope[TOO_LARGE] = True
                return {"type": "http.disconnect"}
            return message

        return counted


def _as_read(scope: Scope) -> Scope:
    """Let who only asks whether something is there be answered as who reads it.

    The server leaves the body of that answer out. A stream has no end that one could wait for.
    """
    if scope["method"] != "HEAD" or scope["path"].endswith("/live"):
        return scope
    return {**scope, "method": "GET"}


def _with_headers(send: Send, https: bool) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("content-security-policy", POLICY)
            headers.setdefault("cache-control", "no-store")
            if https:
                headers.setdefault("strict-transport-security", "max-age=31536000")
        await send(message)

    return sent


def _name(host: str) -> str:
    return (urlsplit(f"//{host}").hostname or "").lower()


def _from_here(headers: Headers, host: str) -> bool:
    """Whether a browser says that a change comes from our own page; programs say nothing."""
    said = headers.get("origin") or headers.get("referer")
    return said is None or (said != "null" and urlsplit(said).netloc.lower() == host.lower())


def too_large(most: int) -> str:
    """Return what is said of a body that is larger than a server takes."""
    return f"This is larger than the {most // 1_000_000} MB that this server takes."


def masked(secret: str) -> str:
    """Return a secret as it stands in one page: other signs each time, or its size tells it."""
    plain = secret.encode()
    pad = secrets.token_bytes(len(plain))
    return urlsafe_b64encode(pad + bytes(a ^ b for a, b in zip(pad, plain, strict=True))).decode()


def unmasked(text: str) -> str:
    """Return the secret behind what a page sent back; empty when it is none."""
    try:
        both = urlsafe_b64decode(text.encode())
        pad, hidden = both[: len(both) // 2], both[len(both) // 2 :]
        return bytes(a ^ b for a, b in zip(pad, hidden, strict=True)).decode()
    except ValueError:
        return ""


async def same_page(request: Request) -> None:
    """Refuse a change whose form was not on a page that this session was shown."""
    if request.method in SAFE:
        return
    visit = request.scope.get("visit")
    if visit is None:
        return  # nobody is signed in, so nothing can be done in somebody's name
    sent = request.headers.get("x-secret") or (await request.form()).get("secret") or ""
    if not secrets.compare_digest(unmasked(str(sent)), visit.secret):
        raise Stale


class Stale(Exception):
    """The page is of another session."""
