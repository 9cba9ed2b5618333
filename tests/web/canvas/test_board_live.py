"""The board in real browsers: typing is enough, what others do appears, nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.web.conftest import Server, Team

Visitor = Callable[..., Page]
PHONE = {"width": 360, "height": 740}


def faults(page: Page) -> list[str]:
    """What axe finds against WCAG 2.0 to 2.2, A and AA."""
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": rules}}).response
    return [
        f"{one['id']}: {one['help']}: {[n['html'][:200] for n in one['nodes']][:3]}"
        for one in found["violations"]
    ]


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def block(page: Page, name: str) -> Page:
    return page.get_by_role("region", name=name, exact=True)  # type: ignore[return-value]


def test_what_one_writes_the_other_sees_and_a_draft_stays(
    server: Server, team: Team, visitor: Visitor
) -> None:
    ana, ben = visitor(server.address + team.path), visitor(server.address + team.path)
    draft = block(ben, "Key Partners").get_by_role("textbox")
    draft.fill("half a sent")
    box = block(ana, "Channels").get_by_role("textbox")
    box.fill("A stall on the market")
    box.press("Enter")
    expect(ben.get_by_text("A stall on the market")).to_be_visible()
    expect(draft).to_have_value("half a sent")
    expect(draft).to_be_focused()
    expect(box).to_have_value("")


def test_two_who_change_one_note_see_both_texts_and_choose(
    server: Server, team: Team, visitor: Visitor
) -> None:
    ana, ben = visitor(server.address + team.path), visitor(server.address + team.path)
    first = "A printer with runs of two hundred copies; no stock is needed"
    for page in (ana, ben):
        page.get_by_role("link", name=first).click()
    ana.get_by_label("Text (needed)").fill("A printer in town")
    ana.get_by_role("button", name="Save").click()
    expect(ana.get_by_role("link", name="A printer in town")).to_be_visible()
    ben.get_by_label("Text (needed)").fill("Two printers")
    ben.get_by_role("button", name="Save").click()
    told = ben.get_by_role("alert")
    expect(told).to_contain_text("A printer in town")
    expect(told).to_contain_text("Two printers")
    ben.get_by_role("button", name="Take mine").click()
    expect(ana.get_by_role("link", name="Two printers")).to_be_visible()
    ana.get_by_role("button", name="Undo").click()
    expect(ben.get_by_role("link", name="A printer in town")).to_be_visible()


def test_keys_alone_add_move_and_undo(server: Server, team: Team, visitor: Visitor) -> None:
    page = visitor(server.address + team.path)
    card = page.get_by_role("link", name="Counselors of eleven schools")
    card.focus()
    page.keyboard.press("Alt+ArrowUp")
    listed = block(page, "Key Partners").locator(".note .go")
    expect(listed.first).to_contain_text("Counselors")
    expect(page.get_by_role("link", name="Counselors of eleven schools")).to_be_focused()
    page.keyboard.press("Alt+ArrowRight")
    expect(block(page, "Key Activities").get_by_text("Counselors of eleven")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(block(page, "Key Partners").get_by_text("Counselors of eleven")).to_be_visible()


def test_what_was_typed_and_not_saved_comes_back(
    server: Server, team: Team, visitor: Visitor
) -> None:
    page = visitor(server.address + team.path)
    link = page.get_by_role("link", name="Counselors of eleven schools")
    link.click()
    page.get_by_label("Text (needed)").fill("Counselors of twelve")
    page.keyboard.press("Escape")
    block(page, "Key Activities").get_by_role("textbox").fill("half a note")
    page.reload()
    expect(block(page, "Key Activities").get_by_role("textbox")).to_have_value("half a note")
    link.click()
    expect(page.get_by_label("Text (needed)")).to_have_value("Counselors of twelve")
    expect(page.get_by_text("is here again")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Counselors of twelve")).to_be_visible()
    page.get_by_role("link", name="Counselors of twelve").click()
    expect(page.get_by_label("Text (needed)")).to_have_value("Counselors of twelve")
    expect(page.get_by_text("is here again")).to_be_hidden()


def test_cards_are_moved_by_mouse(server: Server, team: Team, visitor: Visitor) -> None:
    page = visitor(server.address + team.path)
    card = page.get_by_role("link", name="Try every task with five families")
    card.drag_to(block(page, "Key Resources").locator("h2"))
    expect(block(page, "Key Resources").get_by_text("Try every task")).to_be_visible()


@pytest.mark.parametrize("view", ["board", "outline"])
def test_no_barrier_and_never_wider_than_the_screen(
    server: Server, team: Team, visitor: Visitor, view: str
) -> None:
    page = visitor(f"{server.address}{team.path}?view={view}")
    for width, scheme in ((360, "light"), (1280, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert fits(page)
        assert faults(page) == []
        page.get_by_role("link", name="A year of small money tasks").first.click()
        expect(page.get_by_role("button", name="Save")).to_be_attached()
        assert fits(page)
        assert faults(page) == []
        page.keyboard.press("Escape")


def test_it_finds_and_shows_one_segment_alone(server: Server, team: Team, visitor: Visitor) -> None:
    page = visitor(server.address + team.path)
    page.get_by_label("Find").fill("printer")
    expect(page.locator("#found")).to_have_text("1")
    page.get_by_label("Find").fill("")
    page.get_by_role("combobox", name="Segment").select_option(index=2)
    expect(page.locator(".note:not(.away)").first).to_be_visible()
    away = page.locator("#board .note.away").count()
    assert 0 < away < page.locator("#board .note").count()


def test_a_click_below_a_box_that_is_left_hits_what_it_was_meant_for(
    server: Server, team: Team, visitor: Visitor
) -> None:
    page = visitor(server.address + team.path, viewport={"width": 390, "height": 844})
    block(page, "Key Partners").get_by_role("textbox").last.focus()
    card = block(page, "Key Activities").locator(".note").first
    card.scroll_into_view_if_needed()
    place = card.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 40, place["y"] + place["height"] - 4)
    page.mouse.down()
    assert card.bounding_box() == place
    page.mouse.up()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_what_is_wrong_in_a_closed_section_opens_it_and_is_said_beside_its_field(
    server: Server, team: Team, visitor: Visitor
) -> None:
    page = visitor(f"{server.address}{team.path}/item?at=segments/0", viewport=PHONE)
    power = page.get_by_label("Power")
    expect(power).to_be_hidden()
    page.get_by_text("More about it").click()
    power.fill("much")
    page.get_by_text("More about it").click()
    expect(power).to_be_hidden()
    page.get_by_role("button", name="Save").first.click()
    expect(power).to_be_visible()
    expect(power).to_be_focused()
    field = page.locator(".field", has=power)
    expect(field.get_by_role("alert")).to_contain_text("is no number")
    assert faults(page) == []
    assert fits(page)
    page.reload()
    expect(power).to_have_value("much")  # what came back is seen
    expect(power).to_be_visible()
