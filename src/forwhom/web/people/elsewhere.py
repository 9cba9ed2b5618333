"""Sign in with an account of the own organization (OpenID Connect), where that is set up."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forwhom.errors import DriverMissing, SourceError
from forwhom.languages.catalog import later
from forwhom.web.people.signing import let_in, ours
from forwhom.web.server.refusals import told
from forwhom.web.server.services import Services
from forwhom.workspace.log import Author

#: Under which address signing in elsewhere begins and comes back.
PATH = "/with"
#: How long somebody may take to sign in there, in seconds.
_PATIENCE = 600


def elsewhere(parts: Services, **more: Any) -> Starlette:
    """Return the pages that lead to the organization's accounts and back."""
    try:
        from authlib.integrations.starlette_client import OAuth, OAuthError
        from joserfc.errors import JoseError
        from starlette.middleware.sessions import SessionMiddleware
    except ImportError as error:
        raise DriverMissing(
            "Accounts from elsewhere need a package that is not installed.",
            "Run: pip install 'forwhom[team]'.",
        ) from error
    settings = parts.settings
    client = OAuth().register(
        "organization",
        client_id=settings.client,
        client_secret=settings.client_secret,
        server_metadata_url=f"{settings.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", **more},
    )

    async def go(request: Request) -> Response:
        request.session["onward"] = ours(request.query_params.get("next", "/"))
        back = str(request.url_for("back"))
        answer: Response = await client.authorize_redirect(request, back)
        return answer

    async def back(request: Request) -> Response:
        try:
            token = await client.authorize_access_token(request)
            who = await run_in_threadpool(_person, parts, token["userinfo"])
        except (OAuthError, JoseError, SourceError, KeyError) as error:
            return _refused(request, error)
        return let_in(parts, who, ours(request.session.pop("onward", "/")))

    # Holds the state of one sign-in, and nobody's session.
    state = Middleware(
        SessionMiddleware, secret_key=secrets.token_hex(32), session_cookie="forwhom-with",
        max_age=_PATIENCE, same_site="lax", https_only=settings.https, path=PATH,
    )  # fmt: skip
    return Starlette(routes=[Route("/", go), Route("/back", back, name="back")], middleware=[state])


def _person(parts: Services, said: dict[str, Any]) -> Author:
    """Return the person that the organization names; a new one gets an account here."""
    email = str(said.get("email") or "")
    if not email or said.get("email_verified") is False:
        raise SourceError("The organization names no verified e-mail address.", "")
    return parts.people.known_elsewhere(str(said.get("name") or email.partition("@")[0]), email)


def _refused(request: Request, error: Exception) -> Response:
    problem = getattr(error, "problem", "") or later("Signing in there did not work.")
    return told(request, 403, problem, later("Try again, or sign in with a password."))
