"""What comes next: beside what it speaks of, live, and set aside with a reason that stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest
from playwright.sync_api import Page, expect
from tests.web.canvas.test_board_live import faults, fits
from tests.web.conftest import Client, Server, Team, open_exercise

from forwhom.workspace.changes import Insert, Put

Visitor = Callable[..., Page]

WEAK = """\
forwhom: 1
kind: canvas
title: Bread
segments:
  - {id: early, name: Early birds, open_questions: [Who pays for the van?]}
needs:
  # Heard in the shop.
  - id: bread
    statement: Find and hire people
  - {id: more, statement: Find and hire a baker}
"""


@pytest.fixture
def weak(team: Team) -> Team:
    made = team.parts.canvases.create(team.place, team.who, WEAK)
    return team._replace(canvas=made.document)


def panel(client: Client, team: Team) -> Any:
    answer = client.get(f"{team.path}/next", headers={"hx-request": "true"})
    assert answer.status_code == 200
    return lxml.html.fromstring(answer.text)


def text_of(client: Client, team: Team, id_: str) -> str:
    found = panel(client, team).xpath(f'//li[@id="n-{id_}"]')
    return " ".join(found[0].text_content().split()) if found else ""


def aside(client: Client, team: Team, reason: str, at: str = "needs/0/statement") -> Any:
    sent = {"code": "FW102", "at": at, "version": team.parts.canvases.head(team.canvas).number}
    return client.submit(f"{team.path}/silence", team.path, **sent, reason=reason)


APART = """forwhom: 1
kind: canvas
segments:
  - {id: town, name: The waste office of the town, buti: [buyer]}
  - {id: neighbors, name: Neighbors with something broken, buti: [user]}
needs:
  - {id: working, statement: Get it working again today, segments: [neighbors]}
"""


def test_who_may_disagree_is_asked_in_an_exercise_and_then_not_again(
    client: Client, team: Team
) -> None:
    new = team._replace(canvas=team.parts.canvases.create(team.place, team.who, APART, {}).document)
    asked = "Let buyer, user and target impact rate the needs"
    before = client.get(f"{new.path}/next").text
    assert asked in before
    assert f'class="spot" href="{new.path}/exercises"' in before
    found = team.parts.exercises.get(open_exercise(new))
    for step in ("rate", "reveal"):
        assert found is not None
        assert asked in client.get(f"{new.path}/next").text
        found = team.parts.exercises.step(found.id, team.who, found.version, step)
    assert asked not in client.get(f"{new.path}/next").text


def test_it_says_what_why_and_where(client: Client, weak: Team) -> None:
    said = text_of(client, weak, "compound-job")
    assert "Make two needs of it" in said
    assert "two jobs" in said
    shown = panel(client, weak)
    order = [one.get("id") for one in shown.xpath('//ol/li[@class="advice"]')]
    assert order.index("n-participants") < order.index("n-compound-job")
    board = lxml.html.fromstring(client.get(weak.path).text)
    cards = [f"#{one}" for one in board.xpath('//li[starts-with(@data-at, "needs/")]/@id')]
    assert shown.xpath('//li[@id="n-compound-job"]//a[@data-card]/@href') == cards
    begin = shown.xpath('//li[@id="n-participants"]//a/@href')
    assert begin == [f"{weak.path}/new?at=participants"]
    assert "Who pays for the van?" in text_of(client, weak, "q1")


def test_what_is_not_on_the_board_opens_as_a_form(client: Client, team: Team) -> None:
    [link] = panel(client, team).xpath('//li[@id="n-follow-counselors-pass-it-on"]//a')
    assert link.get("href").startswith(f"{team.path}/item?at=hypotheses/")
    assert client.get(link.get("href")).status_code == 200


def test_cards_of_the_board_carry_how_much_is_said_of_them(client: Client, weak: Team) -> None:
    board = lxml.html.fromstring(client.get(weak.path).text)
    [card] = board.xpath('//li[@data-at="segments/0"]/@id')
    shown = panel(client, weak)
    [mark] = shown.xpath(f'//li[@data-for="{card}"]/a')
    links = shown.xpath(f'//a[@data-card="{card}"]')
    assert int(mark.text) == len(links) >= 2


def test_a_finding_is_set_aside_with_a_reason_and_undone(client: Client, weak: Team) -> None:
    before = weak.parts.canvases.head(weak.canvas).text
    assert aside(client, weak, " - ").status_code == 422
    answer = aside(client, weak, "One team\n does both.")
    assert answer.status_code == 204
    line = "# lint: ignore[FW102] One team does both."
    assert line in weak.parts.canvases.head(weak.canvas).text
    assert "hire people" not in text_of(client, weak, "compound-job")
    assert "One team does both." in client.get(f"{weak.path}/history").text
    gone = aside(client, weak, "Again")
    assert gone.status_code == 422
    assert "not found any more" in gone.text
    client.submit(f"{weak.path}/undo", weak.path)
    assert weak.parts.canvases.head(weak.canvas).text == before
    assert "hire people" in text_of(client, weak, "compound-job")


def test_it_is_the_finding_that_was_looked_at(client: Client, weak: Team) -> None:
    canvases = weak.parts.canvases
    seen = canvases.head(weak.canvas).number
    new = Insert(at=("needs", 0), value={"id": "new", "statement": "Find and hire drivers"})
    canvases.edit(weak.canvas, weak.who, seen, [new])
    sent = {"code": "FW102", "at": "needs/0/statement", "version": seen, "reason": "One team"}
    assert client.submit(f"{weak.path}/silence", weak.path, **sent).status_code == 204
    said = text_of(client, weak, "compound-job")
    assert "hire drivers" in said
    assert "hire people" not in said


def test_nothing_is_said_of_what_is_not_there(client: Client, weak: Team) -> None:
    assert aside(client, weak, "why", at="needs/7/statement").status_code == 422
    assert aside(client, weak, "why", at="../x").status_code == 422
    assert weak.parts.canvases.head(weak.canvas).text == WEAK


def test_the_page_of_its_own_leads_to_the_board(client: Client, weak: Team) -> None:
    page = lxml.html.fromstring(client.get(f"{weak.path}/next").text)
    [link] = page.xpath('//li[@id="n-q1"]//a')
    assert link.get("href") == f"{weak.path}#{link.get('data-card')}"
    [here] = page.xpath('//nav[@class="pages"]//a[@aria-current="page"]')
    assert here.get("href") == f"{weak.path}/next"


def test_the_panel_is_live_leads_to_cards_and_sets_aside(
    server: Server, weak: Team, visitor: Visitor
) -> None:
    page = visitor(server.address + weak.path, viewport={"width": 1440, "height": 900})
    count = page.locator("#next-count")
    expect(count).not_to_be_empty()
    assert fits(page)
    assert faults(page) == []
    page.locator("#n-q1").get_by_role("link", name="Early birds").click()
    expect(page.locator("#board").get_by_role("link", name="Early birds")).to_be_focused()
    page.locator(".note > .todo").first.click()
    expect(page.locator("#next a:focus")).to_have_text("Early birds")
    before = int(count.inner_text())
    said = page.locator("#n-compound-job")
    said.get_by_text("Set aside").first.click()
    reason = said.get_by_label("Why is it fine here?").first
    reason.fill("One team")
    canvases = weak.parts.canvases
    draft = canvases.head(weak.canvas)
    asked = Insert(at=("segments", 0, "open_questions", 0), value="Who bakes?")
    canvases.edit(weak.canvas, weak.who, draft.number, [asked])
    expect(count).to_have_text(str(before + 1))
    expect(page.get_by_text("Who bakes?")).to_be_visible()
    expect(reason).to_have_value("One team")
    reason.press("Enter")
    expect(said).not_to_contain_text("hire people")
    expect(said).to_contain_text("hire a baker")
    now = canvases.head(weak.canvas)
    canvases.edit(
        weak.canvas, weak.who, now.number, [Put(at=("needs", 1, "statement"), value="Bake")]
    )
    expect(said).to_have_count(0)
    page.set_viewport_size({"width": 360, "height": 800})
    page.locator("#next-fold > summary").press("Enter")
    expect(page.locator("#next")).to_be_hidden()
    assert fits(page)
