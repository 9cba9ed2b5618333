"""Out of the app and into it: files in every form, whole files, links for those who only look."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from playwright.sync_api import Page, expect
from tests.web.canvas.test_board_live import faults, fits
from tests.web.conftest import Client, Server, Team, take

from forwhom.documents.canvas import parse_canvas
from forwhom.errors import DriverMissing
from forwhom.web.canvas import exports
from forwhom.workspace.changes import Put
from forwhom.workspace.people import Role

AsRole = Callable[[Role | None], Client]
Visitor = Callable[..., Page]


def send(
    client: Client, team: Team, path: str, chosen: str = "", content: bytes = b"", **more: Any
) -> Any:
    """Send a form with a file, as a browser does: an empty one where none was chosen."""
    file = {"file": (chosen, io.BytesIO(content), "application/octet-stream")}
    return client.post(path, data=more, files=file, headers={"x-secret": client.secret(team.path)})


def shown_text(answer: Any) -> str:
    [area] = lxml.html.fromstring(answer.text).xpath('//textarea[@name="text"]')
    return (area.text or "").removeprefix("\n")


@pytest.mark.parametrize(
    ("of", "form", "begins"),
    [
        ("canvas", "svg", b"<svg"),
        ("canvas", "md", b"# Penny Path"), ("canvas", "json", b"{"), ("canvas", "csv", b"kind"),
        ("canvas", "bmml", b"version"), ("canvas", "html", b"<!DOCTYPE"), ("canvas", "pptx", b"PK"),
        ("next", "txt", b"Penny Path"), ("alignment", "svg", b"<svg"), ("decision", "md", b"# "),
        ("needs", "json", b"{"), ("fit", "md", b"# "), ("curves", "md", b"# "),
        ("alignment", "md", b"# Penny Path"), ("alignment", "csv", b"Item,"),
        ("decision", "csv", b"Rank,"), ("segments", "csv", b""), ("segments", "pptx", b"PK"),
    ],
)  # fmt: skip
def test_everything_is_taken_out_as_a_file(
    client: Client, team: Team, of: str, form: str, begins: bytes
) -> None:
    answer = client.get(f"{team.path}/file?of={of}&form={form}")
    assert answer.status_code == 200
    assert answer.content.lstrip(b"\xef\xbb\xbf").startswith(begins)
    name = "penny-path" if of == "canvas" else f"penny-path-{of}"
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}.{form}"


def test_the_file_is_the_canvas_to_the_letter_and_noted(client: Client, team: Team) -> None:
    head = team.parts.canvases.head(team.canvas)
    assert client.get(f"{team.path}/file").content.decode() == head.text
    noted = team.parts.audit.last(team.place)[0]
    assert (noted.what, noted.about) == ("exported", "Penny Path: penny-path.yaml")
    assert client.get(f"{team.path}/file?of=canvas&form=exe").status_code == 404


def test_the_page_says_what_each_is_for_and_offers_what_there_is(
    client: Client, team: Team
) -> None:
    page = lxml.html.fromstring(client.get(f"{team.path}/export").text)
    links = page.xpath("//a[@download]/@href")
    assert f"{team.path}/file?of=canvas&form=pptx" in links
    assert f"{team.path}/file?of=alignment&form=pdf" in links
    assert "for spreadsheets" in page.text_content()
    bare = team.parts.canvases.create(team.place, team.who, "{forwhom: 1, kind: canvas}")
    text = client.get(f"/w/{team.place}/canvas/{bare.document}/export").text
    assert "of=canvas" in text
    assert "of=alignment" not in text


def test_a_package_that_is_missing_is_said_in_words(
    client: Client, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> str:
        raise DriverMissing("Slides need python-pptx.", "Run: pip install 'forwhom[slides]'.")

    monkeypatch.setattr(exports, "draw_canvas", missing)
    answer = client.get(f"{team.path}/file?form=pptx")
    assert answer.status_code == 422
    assert "pip install" in answer.text


def test_a_file_comes_in_as_a_new_canvas_to_the_letter(client: Client, team: Team) -> None:
    text = "# Ours\nforwhom: 1\nkind: canvas\ntitle: Bread  # best\n"
    answer = send(client, team, f"/w/{team.place}/import", "canvas.yaml", text.encode())
    assert answer.status_code == 303
    key = answer.headers["location"].rsplit("/", 1)[1]
    assert team.parts.canvases.head(key).text == text


def test_a_table_of_another_tool_comes_in_and_says_what_it_lost(client: Client, team: Team) -> None:
    table = b"Block,Note\nChannels,The shop\nSomewhere else,Odd\n"
    answer = send(client, team, f"/w/{team.place}/import", "notes.csv", table)
    assert answer.status_code == 200
    assert "Odd" in answer.text
    [onward] = lxml.html.fromstring(answer.text).xpath('//a[@class="button"]/@href')
    canvas = team.parts.canvases.head(onward.rsplit("/", 1)[1]).canvas
    assert canvas.blocks["channels"][0].text == "The shop"


def test_a_canvas_begins_from_another_one_with_its_files(client: Client, team: Team) -> None:
    head = team.parts.canvases.head(team.canvas)
    answer = client.submit(f"{team.path}/copy", team.path, title="Ours")
    key = answer.headers["location"].rsplit("/", 1)[1]
    made = team.parts.canvases.head(key)
    assert made.text == head.text.replace("title: Penny Path", "title: Ours")
    assert team.parts.files.contents(key) == team.parts.files.contents(team.canvas) != {}
    assert (
        client.get(f"/w/{team.place}/canvas/{key}/file?of=alignment&form=json").status_code == 200
    )


def test_what_cannot_be_read_is_said_as_the_command_line_says_it_and_not_lost(
    client: Client, team: Team
) -> None:
    text = "forwhom: 1\nkind: canvas\nneeds: [{id: a, statement: x, importance: 40}]\n"
    answer = send(client, team, f"/w/{team.place}/import", "../../mine.yaml", text.encode())
    assert answer.status_code == 422
    assert "mine.yaml:3:" in answer.text
    assert "/tmp" not in answer.text
    assert shown_text(answer) == text
    again = send(
        client, team, f"/w/{team.place}/import", text=text.replace("40", "4"), name="mine.yaml"
    )
    assert again.status_code == 303


def test_a_whole_file_takes_the_place_of_a_canvas_and_comes_back(
    client: Client, team: Team
) -> None:
    head = team.parts.canvases.head(team.canvas)
    assert shown_text(client.get(f"{team.path}/edit")) == head.text
    text = head.text.replace("title: Penny Path", "title: Pound Path")
    answer = send(
        client, team, f"{team.path}/edit", text=text.replace("\n", "\r\n"), version=head.number
    )
    assert answer.headers["location"] == team.path
    assert team.parts.canvases.head(team.canvas).text == text
    client.submit(f"{team.path}/undo", team.path)
    assert team.parts.canvases.head(team.canvas).text == head.text


def test_nobody_is_overwritten_by_a_whole_file(client: Client, team: Team) -> None:
    canvases = team.parts.canvases
    head = canvases.head(team.canvas)
    other = team.parts.people.enroll("Ana")
    canvases.edit(team.canvas, other, head.number, [Put(at=("title",), value="Ana's")])
    mine = "{forwhom: 1, kind: canvas, title: Mine}"
    answer = send(client, team, f"{team.path}/edit", text=mine, version=head.number)
    assert answer.status_code == 409
    assert "Ana changed the canvas" in answer.text
    assert shown_text(answer) == mine
    assert canvases.head(team.canvas).canvas.title == "Ana's"
    form = lxml.html.fromstring(answer.text).forms[0]
    again = send(client, team, f"{team.path}/edit", text=mine, version=form.fields["version"])
    assert again.status_code == 303
    assert canvases.head(team.canvas).canvas.title == "Mine"


def test_a_link_shows_one_canvas_and_nothing_else_until_it_is_closed(
    client: Client, team: Team
) -> None:
    answer = client.submit(f"{team.path}/share", team.path, days=7)
    [link] = lxml.html.fromstring(answer.text).xpath('//div[@role="status"]//a/@href')
    path = "/r/" + link.rsplit("/", 1)[1]
    team.parts.people.enroll("Ana", "ana@example.org", "correct horse battery")
    stranger = Client(team.parts)
    assert stranger.get(team.path).status_code == 303
    page = stranger.get(path)
    assert "Counselors of eleven schools" in page.text
    assert page.headers["x-robots-tag"] == "noindex"
    for secret in (team.place, team.canvas, "/item", "<form"):
        assert secret not in page.text
    for part in ("places.css", "board"):
        assert stranger.get(f"{path}/{part}").status_code == 200
    assert team.place not in stranger.get(f"{path}/board").text
    assert "Counselors" in stranger.get(f"{path}?view=outline").text
    assert stranger.post(path).status_code == 405
    assert stranger.get("/r/guessed").status_code == 404
    [one] = team.parts.shares.listed(team.canvas)
    client.submit(f"{team.path}/unshare", team.path, link=one.id)
    for part in ("", "/places.css", "/board", "/live"):
        assert stranger.get(f"{path}{part}").status_code == 404


def test_who_looks_through_a_link_sees_what_changes_and_hears_of_nobody(
    server: Server, team: Team, visitor: Visitor
) -> None:
    canvases = team.parts.canvases
    one, token = team.parts.shares.make(team.canvas, team.who, timedelta(days=1))
    visitor(f"{server.address}{team.path}")  # somebody with a name is there
    page = visitor(f"{server.address}/r/{token}")
    other = team.parts.people.new_workspace("Other", team.who)
    take(team.parts, other, team.who, "clinic-notes")
    head = canvases.head(team.canvas)
    change = Put(at=("title",), value="As it is now")
    canvases.edit(team.canvas, team.who, head.number, [change])
    expect(page.get_by_role("heading", level=1)).to_have_text("As it is now")
    assert team.who.name not in page.content()
    assert team.parts.hub.present(f"shared {team.canvas}") == []
    team.parts.shares.revoke(team.canvas, one)
    head = canvases.head(team.canvas)
    canvases.edit(team.canvas, team.who, head.number, [Put(at=("title",), value="Not for you")])
    expect(page.get_by_text("There is nothing here.")).to_be_visible()


def test_a_link_is_over_in_time_and_with_its_canvas(team: Team) -> None:
    shares, stranger = team.parts.shares, Client(team.parts)
    _, over = shares.make(team.canvas, team.who, timedelta(seconds=-1))
    _, token = shares.make(team.canvas, team.who, timedelta(days=1))
    assert stranger.get(f"/r/{over}").status_code == 404
    assert stranger.get(f"/r/{token}").status_code == 200
    team.parts.documents.put_away(team.canvas, team.who)
    assert stranger.get(f"/r/{token}").status_code == 404


def test_links_of_one_canvas_are_not_closed_from_another(team: Team, as_role: AsRole) -> None:
    one, token = team.parts.shares.make(team.canvas, team.who, timedelta(days=1))
    other = team.parts.canvases.create(team.place, team.who, "{forwhom: 1, kind: canvas}")
    editor = as_role(Role.EDITOR)
    path = f"/w/{team.place}/canvas/{other.document}"
    assert editor.submit(f"{path}/unshare", path, link=one).status_code == 303
    assert team.parts.shares.shown(token) == team.canvas
    assert editor.submit(f"{path}/share", path, days=0).status_code == 422


def test_round_trip_of_what_was_taken_out(client: Client, team: Team) -> None:
    taken = client.get(f"{team.path}/file").content
    answer = send(client, team, f"/w/{team.place}/import", "penny-path.yaml", taken)
    key = answer.headers["location"].rsplit("/", 1)[1]
    text = team.parts.canvases.head(key).text
    assert parse_canvas(text) == parse_canvas(taken.decode())


def test_no_barrier_and_never_wider_than_a_phone(
    server: Server, team: Team, visitor: Visitor
) -> None:
    page = visitor(f"{server.address}{team.path}/export", viewport={"width": 360, "height": 800})
    assert fits(page)
    assert faults(page) == []
    page.get_by_role("link", name="Edit the file").click()
    page.get_by_label("Or its text").fill("forwhom: 1\nkind: canvas\nneeds: 7\n")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("canvas.yaml:3:1")
    expect(page.get_by_label("Or its text")).to_have_value("forwhom: 1\nkind: canvas\nneeds: 7\n")
    assert fits(page)
    assert faults(page) == []
