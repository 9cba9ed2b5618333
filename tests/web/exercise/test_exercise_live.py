"""A whole exercise in real browsers: three phones and a facilitator, offline, a closed tab."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.web.canvas.test_board_live import faults, fits
from tests.web.conftest import Server, Team, open_exercise

from forwhom.workspace.exercise import Given
from forwhom.workspace.exercises import Opened

Visitor = Callable[..., Page]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def begun(team: Team, *, rate: bool = True, **values: Any) -> Opened:
    found = team.parts.exercises.get(open_exercise(team, **values))
    assert found is not None
    return team.parts.exercises.step(found.id, team.who, found.version, "rate") if rate else found


def joined(server: Server, visitor: Visitor, found: Opened, **settings: Any) -> Page:
    page = visitor(f"{server.address}/x/{found.code}", **PHONE, **settings)
    speak(page)
    page.locator("form button.primary").click()
    return page


def rate(page: Page, values: list[str]) -> None:
    """Rate one question after the other."""
    for number, value in enumerate(values):
        if number:
            page.locator('[data-go="1"]').click()
        page.locator(f'.question:not([hidden]) input[value="{value}"]').check(force=True)


def speak(phone: Page) -> None:
    """Say that somebody speaks for everybody who is rated for."""
    for choice in phone.locator('input[name^="speaks:"][value="proxy"]').all():
        choice.check()


def test_three_phones_and_a_facilitator_come_to_a_strategy_on_the_board(
    server: Server, team: Team, visitor: Visitor
) -> None:
    lead = visitor(f"{server.address}{team.path}")
    board = visitor(f"{server.address}{team.path}")
    lead.get_by_role("link", name="Exercises").click()
    lead.get_by_role("button", name="Open").click()
    code = lead.locator("p.code").inner_text()
    phones = []
    for _ in range(3):
        phone = visitor(f"{server.address}/x", **PHONE)
        phone.get_by_label("Code").fill(code)
        phone.get_by_role("button", name="Join").click()
        speak(phone)
        phone.get_by_role("button", name="Join").click()
        phones.append(phone)
    expect(lead.get_by_text("3 people take part")).to_be_visible()
    lead.get_by_role("button", name="Start round 1").click()
    for phone in phones:
        expect(phone.locator(".question:not([hidden])")).to_be_visible()
        cards = phone.locator(".question")
        sides = cards.evaluate_all("all => all.map((one) => one.dataset.segment)")
        rate(phone, ["5" if side == sides[0] else "-4" for side in sides])
        expect(phone.get_by_text("Everything has arrived.")).to_be_visible()
    expect(lead.get_by_text("3 of 3 have finished")).to_be_visible()
    assert lead.locator("svg.align").count() == 0
    lead.get_by_role("button", name="End the round and reveal").click()
    expect(lead.locator("svg.align text", has_text="Misaligned").first).to_be_visible()
    expect(phones[0].get_by_role("heading", name="What came out")).to_be_visible()
    form = lead.locator("form[hx-post$=strategy]").first
    form.get_by_label("What will be done").fill("Sit down with both")
    form.get_by_label("Who sees to it").fill("Ana")
    form.get_by_label("By when").fill("2027-01-31")
    form.get_by_role("button").click()
    expect(lead.get_by_text("Sit down with both · Ana")).to_be_visible()
    # What is to be done next names it, too, in a panel that is closed.
    expect(board.get_by_text("Sit down with both").filter(visible=True).first).to_be_visible()
    lead.get_by_role("button", name="Start round 2").click()
    expect(phones[1].get_by_text("In the last round you said").first).to_be_visible()


def test_ratings_wait_in_the_phone_while_there_is_no_network(
    server: Server, team: Team, visitor: Visitor
) -> None:
    found = begun(team)
    page = joined(server, visitor, found)
    page.context.set_offline(True)
    rate(page, ["4", "-3"])
    expect(page.locator(".kept")).to_contain_text("Waiting on this phone")
    page.locator('.question:not([hidden]) input[value="2"]').check(force=True)
    assert team.parts.exercises.ratings(found.id) == []
    page.context.set_offline(False)
    expect(page.get_by_text("Everything has arrived.")).to_be_visible()
    assert sorted(one.value or 0 for one in team.parts.exercises.ratings(found.id)) == [2, 4]


def test_a_closed_tab_goes_on_where_it_was(server: Server, team: Team, visitor: Visitor) -> None:
    found = begun(team)
    page = joined(server, visitor, found)
    rate(page, ["4"])
    expect(page.get_by_text("Everything has arrived.")).to_be_visible()
    # What had not arrived when the tab was closed is still there.
    context = page.context
    context.route("**/ratings", lambda route: route.abort())
    page.locator('[data-go="1"]').click()
    page.locator('.question:not([hidden]) input[value="-1"]').check(force=True)
    expect(page.locator(".kept")).to_contain_text("Waiting on this phone")
    page.close()
    context.unroute("**/ratings")
    again = context.new_page()
    again.goto(f"{server.address}/x/{found.code}")
    expect(again.get_by_text("Everything has arrived.")).to_be_visible()
    expect(again.get_by_text("Rated: 2 of")).to_be_visible()
    assert sorted(one.value or 0 for one in team.parts.exercises.ratings(found.id)) == [-1, 4]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_of_a_phone_is_without_barriers(
    server: Server, team: Team, visitor: Visitor, language: str
) -> None:
    found = begun(team, rate=False, language=language, anonymous=False)
    page = visitor(f"{server.address}/x/{found.code}", **PHONE, color_scheme="dark")

    def checked() -> None:
        assert fits(page)
        assert faults(page) == []

    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    checked()
    page.locator("input[name=name]").fill("Ada")
    page.locator("form button.primary").click()
    expect(page.locator("input:invalid")).not_to_have_count(0)  # nobody speaks for others unasked
    speak(page)
    page.locator("form button.primary").click()
    expect(page.locator(".big")).to_be_visible()
    checked()
    found = team.parts.exercises.step(found.id, team.who, found.version, "rate")
    expect(page.locator(".question:not([hidden])")).to_be_visible()
    checked()
    page.locator("[data-way=list]").click()
    expect(page.locator(".question").nth(1)).to_be_visible()
    page.locator('.question input[value="3"]').first.check(force=True)
    checked()
    team.parts.exercises.step(found.id, team.who, found.version, "reveal")
    expect(page.locator(".came-out")).to_be_visible()
    checked()


def test_the_pages_of_a_facilitator_are_without_barriers(
    server: Server, team: Team, visitor: Visitor
) -> None:
    found = begun(team, anonymous=False)
    exercises = team.parts.exercises
    wanted = {side.id: "proxy" for side in found.setup.sides}
    _, who = exercises.join(found, wanted, "Ada")
    page = visitor(f"{server.address}{team.path}/exercises")
    for address in (f"{team.path}/exercises", f"/w/{team.place}/exercise/{found.id}"):
        page.goto(server.address + address)
        for width, scheme in ((360, "light"), (1280, "dark")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert fits(page)
            assert faults(page) == []
    given = [
        Given(id=f"phone-{n:04}", round=1, value=-4 if n % 2 else 4, **cell._asdict())
        for n, cell in enumerate(found.state.cells(who.speaks))
    ]
    exercises.rate(found, who, given)
    exercises.step(found.id, team.who, found.version, "reveal")
    expect(page.locator("svg.align")).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    assert fits(page)
    assert faults(page) == []
