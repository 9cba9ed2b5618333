"""What others could try: each row of the table in docs/web-security.md names its test here."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from tests.web.conftest import Client, Server, Team

from forwhom.documents.canvas import canvas_text
from forwhom.errors import OptionError
from forwhom.web.server.services import opened
from forwhom.web.server.settings import Settings
from forwhom.workspace.files import inside
from forwhom.workspace.people import Role

AsRole = Callable[[Role | None], Client]
DOCS = Path(__file__).parents[3] / "docs" / "web-security.md"
#: What would run if it were not written as text.
SCRIPT = '<script>alert(1)</script><img src=x onerror=alert(1)>"\' onfocus=alert(1) x="'
PAGES = (
    "", "?view=outline", "/item?at=", "/item?at=segments/0", "/item?at=blocks/channels/0",
    "/item?at=needs/0", "/item?at=propositions/0", "/history", "/comments", "/new?at=needs",
)  # fmt: skip


def poisoned(value: Any, key: str = "") -> Any:
    """Return data whose every free text is a script."""
    free = ("name", "title", "summary", "description", "text", "detail", "statement", "reason")
    if isinstance(value, dict):
        return {name: poisoned(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [poisoned(inner, key) for inner in value]
    return f"{SCRIPT} {value}" if isinstance(value, str) and key in free else value


def test_no_text_of_a_canvas_becomes_markup(client: Client, team: Team) -> None:
    head = team.parts.canvases.head(team.canvas)
    canvas = type(head.canvas).model_validate(poisoned(head.data))
    team.parts.canvases.replace(team.canvas, team.who, head.number, canvas_text(canvas))
    team.parts.comments.write(
        team.canvas, team.who, SCRIPT, at=("title",), version=head.number, about=SCRIPT
    )
    for path in PAGES:
        answer = client.get(f"{team.path}{path}")
        assert answer.status_code == 200
        assert list(live(answer.text)) == [], path
        assert "alert(1)" in answer.text or path == "/new?at=needs", path


def test_nothing_that_was_asked_for_is_repeated_as_markup(client: Client, team: Team) -> None:
    for path in (f"/sign-in?next={SCRIPT}", f"{team.path}/item?at={SCRIPT}", f"/join/{SCRIPT}"):
        assert list(live(client.get(path).text)) == []
    answer = client.submit(f"{team.path}/add", team.path, at=SCRIPT, version="1", text=SCRIPT)
    assert list(live(answer.text)) == []


def live(text: str) -> Iterator[str]:
    """Yield what a page would run."""
    for element in lxml.html.fromstring(text).iter():
        if not isinstance(element.tag, str):
            continue
        source = element.get("src", "")
        if element.tag == "script" and not source.startswith("/static/"):
            yield lxml.html.tostring(element, encoding="unicode")[:200]
        yield from (f"{element.tag} {name}" for name in element.attrib if name.startswith("on"))
        if (element.get("href") or "").strip().lower().startswith(("javascript:", "data:")):
            yield f"{element.tag} {element.get('href')}"
        if element.tag == "img" and source == "x":
            yield "img"


def test_a_session_that_was_planted_is_not_taken_over(team: Team) -> None:
    team.parts.people.enroll("Ana", "ana@example.org", "correct horse battery")
    client = Client(team.parts)
    client.cookies.set("forwhom", "planted")
    right = {"email": "ana@example.org", "password": "correct horse battery"}
    given = client.post("/sign-in", data=right).headers["set-cookie"]
    token = re.search(r"forwhom=([\w-]+)", given)
    assert token is not None
    assert token[1] != "planted"
    assert "HttpOnly" in given
    assert "SameSite=Lax" in given
    assert team.parts.people.visit("planted") is None


def test_links_and_sessions_cannot_be_read_from_the_database(team: Team) -> None:
    token = team.parts.people.open_session(team.who)
    _, link = team.parts.people.invite(team.place, Role.EDITOR, team.who)
    with team.parts.database.reading() as connection:
        kept = [
            str(value)
            for table in ("session", "invitation")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            for value in row
        ]
    assert token not in kept
    assert link not in kept
    assert len(link) >= 32


def test_who_guesses_links_is_slowed_down(team: Team) -> None:
    team.parts.people.enroll("Ana", "ana@example.org", "correct horse battery")
    client = Client(team.parts)
    answers = [client.get(f"/join/guess{n}").status_code for n in range(70)]
    assert answers[0] == 404
    assert answers[-1] == 429


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../x", "..\\x", "", "a\0b"])
def test_no_file_leads_out_of_its_folder(name: str) -> None:
    with pytest.raises(OptionError, match="leads out of"):
        inside(name)


def test_our_files_lead_to_no_others(client: Client) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"):
        assert client.get(path).status_code == 404


def test_a_canvas_that_names_a_file_elsewhere_reads_nothing(client: Client, team: Team) -> None:
    head = team.parts.canvases.head(team.canvas)
    text = re.sub(r"file: ratings\.csv", "file: ../../../etc/passwd", head.text)
    assert text != head.text
    team.parts.canvases.replace(team.canvas, team.who, head.number, text)
    answer = client.get(team.path)
    assert answer.status_code in (200, 422)
    assert "root:" not in answer.text


def test_a_body_that_is_too_large_is_refused(client: Client, team: Team) -> None:
    most = team.parts.settings.most_bytes
    headers = {"content-length": str(most + 1), "x-secret": client.secret(team.path)}
    answer = client.post(f"{team.path}/add", headers=headers, content=b"")
    assert answer.status_code == 413
    assert "larger than the" in answer.text


def test_a_body_that_comes_too_slowly_is_given_up(tmp_path: Path) -> None:
    parts = opened(Settings(str(tmp_path / "f.db"), tmp_path, patience=0.2))
    with Server(parts) as server, socket.create_connection(("127.0.0.1", server.port)) as slow:
        head = "POST /sign-in HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 50\r\n"
        kind = "content-type: application/x-www-form-urlencoded\r\n\r\n"
        slow.sendall((head + kind + "email=").encode())
        answer = b""
        while piece := slow.recv(1000):
            answer += piece
    assert b"200 OK" not in answer


def test_a_text_that_is_too_long_is_refused_in_words(client: Client, team: Team) -> None:
    sent = {"at": "blocks/channels", "version": "1", "text": "x" * 6000}
    answer = client.submit(f"{team.path}/add", team.path, **sent)
    assert answer.status_code == 422
    assert "no usable value for: text" in answer.text


def test_a_header_cannot_be_added_by_a_name(team: Team) -> None:
    team.parts.people.enroll("Ana", "ana@example.org", "correct horse battery")
    client = Client(team.parts)
    right = {"email": "ana@example.org", "password": "correct horse battery"}
    answer = client.post("/sign-in", data={**right, "onward": "/w\r\nset-cookie: x=y"})
    assert answer.headers["location"] == "/"
    assert "x=y" not in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "onward", ["//elsewhere.example", "https://elsewhere.example", "/\\x.example"]
)
def test_nobody_is_sent_elsewhere(team: Team, onward: str) -> None:
    team.parts.people.enroll("Ana", "ana@example.org", "correct horse battery")
    client = Client(team.parts)
    right = {"email": "ana@example.org", "password": "correct horse battery"}
    answer = client.post("/sign-in", data={**right, "onward": onward})
    assert answer.headers["location"] == "/"
    assert "elsewhere" not in client.get(f"/sign-in?next={onward}").text


def test_no_page_stands_in_a_frame_of_others(client: Client, team: Team) -> None:
    headers = client.get(team.path).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_a_yaml_bomb_is_refused(team: Team) -> None:
    head = team.parts.canvases.head(team.canvas)
    bomb = "forwhom: 1\nkind: canvas\na: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]\n"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(ValueError, match="canvas"):
        team.parts.canvases.replace(team.canvas, team.who, head.number, bomb)
    assert team.parts.canvases.head(team.canvas).number == head.number


def test_every_row_of_the_table_names_a_test_that_is_here() -> None:
    tests = Path(__file__).parents[2]
    written = "\n".join(path.read_text(encoding="utf-8") for path in tests.rglob("test_*.py"))
    named = re.findall(r"`(test_\w+)`", DOCS.read_text(encoding="utf-8"))
    assert len(named) > 15
    assert [name for name in named if f"def {name}(" not in written] == []
