"""Signing in with an account of the organization, against a small provider of the tests' own."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwk, jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.web.conftest import Client

from forwhom.web import app as application
from forwhom.web.people import elsewhere
from forwhom.web.server.services import Services, opened
from forwhom.web.server.settings import Settings

ISSUER = "https://accounts.example"
KEY = jwk.RSAKey.generate_key(2048, parameters={"kid": "one"})


class Provider:
    """Says that whoever comes is ``person``."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {"sub": "1", "email": "ana@example.org", "name": "Ana"}
        self.nonce = ""
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.about),
                Route("/token", self.token, methods=["POST"]),
                Route("/keys", self.keys),
            ]
        )

    def about(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token", "jwks_uri": f"{ISSUER}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )  # fmt: skip

    def keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [KEY.as_dict(private=False)]})

    async def token(self, request: Request) -> Response:
        form = await request.form()
        if form["code"] != "right" or not form["code_verifier"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time_ns() // 10**9)
        claims = {
            "iss": ISSUER, "aud": "us", "iat": now, "exp": now + 60, "nonce": self.nonce,
            **self.person,
        }  # fmt: skip
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, KEY)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def parts(tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Services:
    settings = Settings(
        str(tmp_path / "f.db"), tmp_path, names=("127.0.0.1",), issuer=ISSUER, client="us",
        client_secret="hidden",
    )  # fmt: skip
    transport = httpx2.ASGITransport(app=provider.app)
    monkeypatch.setattr(
        application, "elsewhere", lambda parts: elsewhere.elsewhere(parts, transport=transport)
    )
    return opened(settings)


def come_back(client: Client, provider: Provider, code: str = "right", onward: str = "/") -> Any:
    """Go to the provider and come back with its code."""
    away = client.get(f"/with/?next={onward}")
    asked = parse_qs(urlsplit(away.headers["location"]).query)
    assert away.headers["location"].startswith(f"{ISSUER}/authorize")
    assert asked["redirect_uri"] == ["http://127.0.0.1:8321/with/back"]
    assert asked["code_challenge_method"] == ["S256"]
    provider.nonce = asked["nonce"][0]
    return client.get(f"/with/back?code={code}&state={asked['state'][0]}")


def test_who_comes_from_there_has_an_account_here(parts: Services, provider: Provider) -> None:
    client = Client(parts)
    assert "Sign in with your organization" in client.get("/sign-in").text
    answer = come_back(client, provider, onward="/join/abc")
    assert answer.headers["location"] == "/join/abc"
    assert "in no workspace yet" in client.get("/").text
    again = Client(parts)
    assert come_back(again, provider).headers["location"] == "/"
    assert parts.people.known_elsewhere("A", "ana@example.org").name == "Ana"
    parts.database.close()


@pytest.mark.parametrize("wrong", [{"email": ""}, {"email_verified": False}])
def test_nobody_comes_in_without_a_verified_address(
    parts: Services, provider: Provider, wrong: dict[str, Any]
) -> None:
    provider.person |= wrong
    answer = come_back(Client(parts), provider)
    assert answer.status_code == 403
    assert "no verified e-mail address" in answer.text
    parts.database.close()


def test_a_wrong_code_or_state_lets_nobody_in(parts: Services, provider: Provider) -> None:
    client = Client(parts)
    assert come_back(client, provider, code="wrong").status_code == 403
    assert client.get("/with/back?code=right&state=made-up").status_code == 403
    provider.nonce = "another"
    away = client.get("/with/?next=//elsewhere.example")
    state = parse_qs(urlsplit(away.headers["location"]).query)["state"][0]
    assert client.get(f"/with/back?code=right&state={state}").status_code == 403
    parts.database.close()
