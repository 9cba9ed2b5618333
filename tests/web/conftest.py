"""A server of the tests' own with filled canvases, a client that knows its forms, and a browser."""

from __future__ import annotations

import os
import re
import shutil
import socket
import threading
from atexit import register
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import uvicorn
from anyio.from_thread import BlockingPortal, start_blocking_portal
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from starlette.testclient import TestClient

from forwhom.web.app import app_of
from forwhom.web.server.services import Services, opened
from forwhom.web.server.settings import Settings
from forwhom.workspace.exercise import Setup, items_of, sides_of
from forwhom.workspace.log import Author
from forwhom.workspace.people import Role

#: How long streams may take to end, in seconds.
PATIENCE = 1
EXAMPLES = Path(__file__).parents[2] / "examples"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
#: A browser that asks nobody outside, and runs in a container.
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


class Team(NamedTuple):
    """A workspace with a filled canvas, on a database of its own."""

    parts: Services
    place: str
    who: Author
    canvas: str

    @property
    def path(self) -> str:
        return f"/w/{self.place}/canvas/{self.canvas}"


def take(parts: Services, place: str, who: Author, name: str) -> str:
    folder = EXAMPLES / name
    files = {one.name: one.read_bytes() for one in folder.glob("*.csv")}
    text = (folder / "canvas.yaml").read_text(encoding="utf-8")
    return parts.canvases.create(place, who, text, files).document


def take_segmentation(team: Team, members: bytes | None = None) -> str:
    """Take the small segmentation of a coffee bar in."""
    text = (EXAMPLES / "coffee-bar" / "groups.json").read_text(encoding="utf-8")
    return team.parts.segmentations.create(team.place, team.who, text, members).document


def open_exercise(team: Team, **values: Any) -> str:
    """Open an exercise on the first two needs of the canvas."""
    canvas = team.parts.canvases.head(team.canvas).canvas
    setup = {
        "canvas": team.canvas, "kind": "alignment", "title": canvas.title, "language": "en",
        "items": items_of(canvas, "alignment")[:2], "sides": sides_of(canvas), **values,
    }  # fmt: skip
    return team.parts.exercises.open(team.place, team.who, Setup.model_validate(setup)).id


def services_in(folder: Path) -> Services:
    return opened(Settings(str(folder / "forwhom.db"), folder / "files"))


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Author, str]:
    """A folder with a local workspace, which every test gets a copy of; place, person, canvas."""
    folder = tmp_path_factory.mktemp("filled")
    parts = services_in(folder)
    who = parts.people.of_this_machine()
    place = parts.people.new_workspace("Ours", who)
    canvas = take(parts, place, who, "penny-path")
    parts.database.close()
    return folder, place, who, canvas


@pytest.fixture
def team(filled: tuple[Path, str, Author, str], tmp_path: Path) -> Iterator[Team]:
    """A local workspace: one person, the canvas of Penny Path."""
    folder, place, who, canvas = filled
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    parts = services_in(tmp_path)
    yield Team(parts, place, who, canvas)
    parts.database.close()


@cache
def loop() -> BlockingPortal:
    """One event loop for all clients: one of its own for each request costs as much as the page."""
    running = start_blocking_portal()
    register(running.__exit__, None, None, None)
    return running.__enter__()


class Client(TestClient):
    """A client that sends back the secret of its session, as our pages do."""

    def __init__(self, parts: Services) -> None:
        super().__init__(app_of(parts), base_url="http://127.0.0.1:8321", follow_redirects=False)
        self.portal = loop()

    def sign_in(self, parts: Services, who: Author) -> None:
        self.cookies.set("forwhom", parts.people.open_session(who))

    def secret(self, path: str = "/") -> str:
        found = re.search(r'name="secret" content="([^"]*)"', self.get(path).text)
        assert found is not None
        return found[1]

    def submit(self, path: str, _page: str | None = None, /, **values: Any) -> Any:
        """Send a form, as from a page."""
        headers = {"x-secret": self.secret(_page or "/sign-in"), "hx-request": "true"}
        return self.post(path, data=values, headers=headers)


@pytest.fixture
def client(team: Team) -> Client:
    """Who is on the machine of the server."""
    return Client(team.parts)


@pytest.fixture
def as_role(team: Team) -> Callable[[Role | None], Client]:
    """Return a client of somebody with a role, or of a stranger, who all have accounts."""

    def made(role: Role | None) -> Client:
        name = role.name.lower() if role is not None else "stranger"
        who = team.parts.people.enroll(name, f"{name}@example.org", "a long password")
        if role is not None:
            team.parts.people.join(team.place, who.id, role)
        client = Client(team.parts)
        client.sign_in(team.parts, who)
        return client

    return made


class Server:
    """The web app behind a real port, in a thread."""

    def __init__(self, parts: Services) -> None:
        self.parts = parts
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        config = uvicorn.Config(
            app_of(parts), host="127.0.0.1", port=self.port, log_level="error",
            timeout_graceful_shutdown=PATIENCE, lifespan="on",
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Server:
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture
def server(team: Team) -> Iterator[Server]:
    with Server(team.parts) as running:
        yield running


# For a module alone: while Playwright runs, no test can run an event loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; tests that need it are skipped where it is not installed."""
    if CHROMIUM is None:
        assert "FORWHOM_TESTS_NEED_A_BROWSER" not in os.environ
        pytest.skip("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages, each in a browser of its own; a script that fails fails the test."""
    opened_here: list[BrowserContext] = []
    wrong: list[str] = []

    def visit(address: str, **settings: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **settings})
        context.set_default_timeout(10_000)
        opened_here.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if "Policy" in said.text else None)
        page.goto(address)
        return page

    yield visit
    for context in opened_here:
        context.close()
    assert wrong == []
