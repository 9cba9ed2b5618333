"""What is done on a board besides notes: frameworks, segments by key, taking out, touch."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from playwright.sync_api import Page, expect
from tests.web.canvas.test_board_live import block, faults, fits
from tests.web.conftest import Client, Server, Team

from forwhom.web.canvas.boards import layout_of
from forwhom.web.forms import drawn
from forwhom.web.server.keeping import Kept
from forwhom.workspace.changes import Put
from forwhom.workspace.people import Role

Visitor = Callable[..., Page]

ARABIC = """\
forwhom: 1
kind: canvas
language: ar
title: خبز
segments:
  - {id: early, name: من يستيقظون باكرًا}
blocks:
  channels:
    - {text: الدكان, segments: [early]}
    - {text: السوق}
"""


def head(team: Team) -> Any:
    return team.parts.canvases.head(team.canvas)


def submit(client: Client, team: Team, path: str, **values: Any) -> Any:
    sent = {"version": head(team).number, **values}
    return client.submit(f"{team.path}/{path}", team.path, **sent)


def texts(team: Team) -> set[str]:
    return {note.text for _, _, note in head(team).canvas.notes()}


@pytest.mark.parametrize("name", ["lean-canvas", "canvas-13", "unite-culture"])
def test_another_framework_keeps_every_note_and_shows_it(
    client: Client, team: Team, name: str
) -> None:
    before = texts(team)
    offered = client.get(f"{team.path}/frame").text
    assert f'value="{name}"' in offered
    assert submit(client, team, "frame", framework=name).status_code == 204
    assert head(team).canvas.framework == name
    assert texts(team) == before
    shown = lxml.html.fromstring(client.get(team.path).text).text_content()
    assert all(text in shown for text in before)
    client.submit(f"{team.path}/undo", team.path)
    assert texts(team) == before


def test_how_much_would_stand_elsewhere_is_said_before(client: Client, team: Team) -> None:
    offered = lxml.html.fromstring(client.get(f"{team.path}/frame").text)
    said = {
        frame.xpath(".//input/@value")[0]: frame.xpath("string(.//strong)")
        for frame in offered.xpath('//div[@class="frame"]')
    }
    assert said["business-model-canvas"] == ""
    number = int(said["lean-canvas"].split()[0])
    submit(client, team, "frame", framework="lean-canvas")
    board = lxml.html.fromstring(client.get(team.path).text)
    blocks = board.xpath('//section[@class="elsewhere"]//li[starts-with(@data-at, "blocks/")]')
    assert len(blocks) == number > 0


def test_a_framework_that_is_none_changes_nothing(client: Client, team: Team) -> None:
    before = head(team).number
    submit(client, team, "frame", framework="../../etc/passwd")
    assert head(team).number == before


def test_a_card_is_given_to_a_segment_by_its_number(client: Client, team: Team) -> None:
    ids = [one.id for one in head(team).canvas.segments]
    at = "blocks/key_partners/0"

    def of() -> list[str]:
        return list(head(team).canvas.blocks["key_partners"][0].segments)

    assert of() == []
    submit(client, team, "mark", at=at, number=2)
    submit(client, team, "mark", at=at, number=1)
    assert of() == [ids[1], ids[0]]
    submit(client, team, "mark", at=at, number=2)
    submit(client, team, "mark", at=at, number=1)
    assert of() == []
    assert submit(client, team, "mark", at=at, number=9).status_code == 422
    assert submit(client, team, "mark", at="segments/0", number=1).status_code == 422
    assert submit(client, team, "mark", at="blocks/channels/99", number=1).status_code == 422


def test_what_others_name_is_taken_out_after_it_is_said_what_goes_with_it(
    client: Client, team: Team
) -> None:
    before = head(team)
    asked = submit(client, team, "remove", at="segments/0")
    assert asked.status_code == 409
    assert "goes with it" in asked.text
    assert head(team).number == before.number
    assert submit(client, team, "remove", at="segments/0", sure="true").status_code == 204
    done = head(team)
    gone = before.canvas.segments[0].id
    assert gone not in [one.id for one in done.canvas.segments]
    assert team.parts.canvases.replayed(team.canvas) == done.text
    client.submit(f"{team.path}/undo", team.path)
    assert head(team).text == before.text


@pytest.mark.parametrize("at", ["needs/1", "participants/0", "hypotheses/0", "kpis/0"])
def test_each_kind_is_taken_out_with_what_names_it(client: Client, team: Team, at: str) -> None:
    before = head(team)
    part = at.split("/", maxsplit=1)[0]
    assert submit(client, team, "remove", at=at, sure="true").status_code == 204
    assert len(head(team).data.get(part) or ()) < len(before.data[part])
    client.submit(f"{team.path}/undo", team.path)
    assert head(team).text == before.text


def test_a_board_of_many_notes_is_laid_out_at_once(client: Client, team: Team) -> None:
    notes = "".join(f"    - {{text: What we do on day {n}}}\n" for n in range(500))
    text = f"forwhom: 1\nkind: canvas\nblocks:\n  channels:\n{notes}"
    made = team.parts.canvases.create(team.place, team.who, text)
    shown = client.get(f"/w/{team.place}/canvas/{made.document}").text
    assert shown.count('class="note note"') == 500
    spent = time.thread_time()
    assert b"grid-template-columns" in layout_of(made).body
    assert time.thread_time() - spent < 0.6


def test_a_version_is_drawn_once_for_all_who_look_in_the_same_way(
    team: Team, as_role: Callable[[Role | None], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, drawing = list[drawn.Look](), drawn._drawn
    monkeypatch.setattr(
        drawn, "_DRAWN", Kept[drawn.Drawn](64)
    )  # others begin with this canvas, too
    monkeypatch.setattr(drawn, "_drawn", lambda *one: looks.append(one[1]) or drawing(*one))
    _, token = team.parts.shares.make(team.canvas, team.who, timedelta(days=1))
    editors, viewer = [as_role(Role.EDITOR), as_role(Role.OWNER)], as_role(Role.VIEWER)
    texts = {one.get(f"{team.path}/board").text for one in editors}
    assert len(texts) == 1
    assert "data-version-field" in texts.pop()
    seen = viewer.get(f"{team.path}/board").text
    assert "/item?at=" in seen
    assert "data-version-field" not in seen
    shared = viewer.get(f"/r/{token}")
    assert shared.status_code == 200
    assert "/item?at=" not in shared.text
    assert [one.may_edit for one in looks] == [True, False, False]
    head = team.parts.canvases.head(team.canvas)
    team.parts.canvases.edit(
        team.canvas, team.who, head.number, [Put(at=("title",), value="New here")]
    )
    assert "New here" in viewer.get(f"{team.path}/board").text


def test_what_nobody_names_goes_at_once(client: Client, team: Team) -> None:
    assert submit(client, team, "remove", at="blocks/key_partners/0").status_code == 204
    assert len(head(team).canvas.blocks["key_partners"]) == 1


def test_frameworks_and_segments_by_keys_in_a_browser(
    server: Server, team: Team, visitor: Visitor
) -> None:
    page, other = visitor(server.address + team.path), visitor(server.address + team.path)
    card = page.get_by_role("link", name="Counselors of eleven schools")
    card.press("2")
    marks = block(page, "Key Partners").locator(".note", has_text="Counselors").locator(".badge")
    expect(marks).to_have_text("2")
    expect(card).to_be_focused()
    page.get_by_role("link", name="Framework").click()
    page.get_by_label("Lean Canvas").check()
    assert faults(page) == []
    page.get_by_role("button", name="Save").click()
    expect(block(page, "Unfair Advantage")).to_be_visible()
    expect(block(other, "Unfair Advantage")).to_be_visible()
    sheet = other.locator("#places")
    expect(sheet).to_have_attribute("href", f"{team.path}/places.css?v=lean-canvas")
    expect(other.locator(".elsewhere").get_by_text("Counselors of eleven")).to_be_visible()
    other.emulate_media(media="print")
    for part in (".bar", ".finder", ".add", ".next-panel", ".todo"):
        expect(other.locator(part).first).to_be_hidden()
    expect(block(other, "Channels")).to_be_visible()


def test_a_phone_scrolls_over_cards_and_moves_one_after_a_long_press(
    server: Server, team: Team, visitor: Visitor
) -> None:
    page = visitor(
        server.address + team.path, viewport={"width": 360, "height": 800}, has_touch=True
    )
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    card = page.locator("#b-key_partners .note").first
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    assert box is not None
    x, y = box["x"] + 40, box["y"] + 10
    before = page.evaluate("scrollY")
    touch("touchStart", x, y)
    for step in range(1, 9):
        touch("touchMove", x, y - 20 * step)
    touch("touchEnd")
    page.wait_for_function(f"() => scrollY > {before}")
    assert head(team).canvas.blocks["key_partners"][0].text.startswith("A printer")
    expect(page.locator(".note.taken, .note.ghost")).to_have_count(0)
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    assert box is not None
    touch("touchStart", box["x"] + 40, box["y"] + 10)
    expect(page.locator(".note.held")).to_have_count(1)
    second = page.locator("#b-key_partners .note").nth(1).bounding_box()
    assert second is not None
    for part in (0.3, 0.6, 1):
        touch("touchMove", second["x"] + 40, box["y"] + (second["y"] + 12 - box["y"]) * part)
    touch("touchEnd")
    first = page.locator("#b-key_partners .note .go").first
    expect(first).to_contain_text("Counselors")


def test_a_canvas_that_is_read_from_the_right(server: Server, team: Team, visitor: Visitor) -> None:
    made = team.parts.canvases.create(team.place, team.who, ARABIC)
    path = f"/w/{team.place}/canvas/{made.document}"
    page = visitor(server.address + path)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    first = page.locator("#b-key_partners").bounding_box()
    last = page.locator("#b-customer_segments").bounding_box()
    assert first is not None
    assert last is not None
    assert first["x"] > last["x"]
    assert faults(page) == []
    page.get_by_role("link", name="السوق").press("Alt+ArrowUp")
    expect(page.locator("#b-channels .go").first).to_have_text("السوق")
    page.set_viewport_size({"width": 360, "height": 800})
    assert fits(page)
