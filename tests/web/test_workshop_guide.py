"""The guide to a workshop is true: a facilitator and three phones do what it says, in browsers."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.web.canvas.test_board_live import fits
from tests.web.conftest import Server

from forwhom.cli.main import cli
from forwhom.web.server.services import opened
from forwhom.web.server.settings import Settings
from forwhom.web.serving import prepare

GUIDE = Path(__file__).parents[2] / "docs" / "web-workshop.md"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SEGMENTS = {
    "Neighbors with something broken": "User",
    "Volunteers who repair": "Target impact",
    "The waste office of the town": "Buyer",
}
NEEDS = dict(zip(
    ["Get it working again today", "Show others how to repair", "Less waste is thrown away"],
    SEGMENTS, strict=True,
))  # fmt: skip

Visitor = Callable[..., Page]


class Reader:
    """Does on a page what the guide says, by the names alone that stand there."""

    def __init__(self) -> None:
        text = " ".join(GUIDE.read_text(encoding="utf-8").split())
        self.names = set(re.findall(r"\*\*(.+?)\*\*", text))
        self.met: set[str] = set()

    def named(self, name: str) -> str:
        assert name in self.names, f"the guide does not name {name!r}"
        self.met.add(name)
        return name

    def press(self, place: Page | Locator, name: str) -> None:
        known = self.named(name)
        button = place.get_by_role("button", name=known, exact=True)
        button.or_(place.get_by_role("link", name=known, exact=True)).first.click()

    def type(self, place: Page | Locator, name: str, text: str) -> None:
        place.get_by_label(self.named(name), exact=True).fill(text)

    def tick(self, place: Page | Locator, name: str) -> None:
        place.get_by_label(self.named(name), exact=True).check()

    def sees(self, place: Page | Locator, *names: str) -> None:
        for name in names:
            expect(place.get_by_text(self.named(name), exact=True).first).to_be_visible()

    def adds(self, page: Page, block: str, name: str, text: str) -> None:
        inside = page.get_by_role("region", name=self.named(block), exact=True)
        box = inside.get_by_placeholder(self.named(name), exact=True)
        box.fill(text)
        box.press("Enter")
        expect(inside.get_by_role("link", name=text)).to_be_visible()

    def opens(self, page: Page, card: str) -> Locator:
        page.locator("#board").get_by_role("link", name=card).click()
        form = page.get_by_role("dialog")
        expect(form.get_by_role("heading", name=card)).to_be_visible()
        return form


@pytest.fixture
def beginning(tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """A server with an empty database that others reach, and the path of the first owner."""
    settings = Settings(str(tmp_path / "workshop.db"), tmp_path / "files", host="0.0.0.0")
    parts = opened(settings)
    said: list[str] = []
    prepare(parts, None, said.append)
    link = re.search(r"/join/[\w-]+", "\n".join(said))
    assert link is not None
    with Server(parts) as server:
        yield server, link[0]
    parts.database.close()


def test_the_guide_goes_from_nothing_to_a_strategy_on_the_board(
    beginning: tuple[Server, str], visitor: Visitor
) -> None:
    server, link = beginning
    reader, page = Reader(), visitor(server.address + link)
    joins(reader, page)
    writes(reader, page)
    phones = gathers(reader, page, visitor, server)
    rates(reader, page, phones)
    decides(reader, page, phones[0])
    assert reader.names - reader.met == set()


def joins(reader: Reader, page: Page) -> None:
    for name, text in (
        ("Your name, as others see it", "Ana"),
        ("E-mail address", "ana@example.org"),
        ("Password", "a long password"),
    ):
        page.get_by_label(re.compile("^" + reader.named(name))).fill(text)
    reader.press(page, "Join")


def writes(reader: Reader, page: Page) -> None:
    """Do steps 1 to 4."""
    reader.sees(page, "Begin a canvas", "People")
    reader.type(page, "What is it about?", "Repair café")
    page.get_by_label(reader.named("Framework")).select_option(label="Lean Canvas")
    reader.press(page, "Begin")
    for name, role in SEGMENTS.items():
        reader.adds(page, "Customer Segments", "Add a segment…", name)
        form = reader.opens(page, name)
        group = form.get_by_role("group", name=reader.named("Buyer, user or target impact"))
        reader.tick(group, role)
        reader.press(form, "Save")
        expect(form).to_be_hidden()
    for need, segment in NEEDS.items():
        reader.adds(page, "Problem", "Add a need…", need)
        form = reader.opens(page, need)
        form.get_by_role("group", name=reader.named("Segments")).get_by_label(segment).check()
        reader.press(form, "Save")
        expect(form).to_be_hidden()
    for block in ("Solution", "Channels", "Cost Structure"):
        reader.adds(page, block, "Add a note…", f"Something of {block}")
    reader.press(page, "Undo")
    expect(page.get_by_role("link", name="Something of Cost Structure")).to_be_hidden()


def gathers(reader: Reader, page: Page, visitor: Visitor, server: Server) -> list[Page]:
    """Do steps 5 and 6; return the phones."""
    reader.press(page, "Exercises")
    rated = page.get_by_role("group", name=reader.named("What is rated"))
    for need in NEEDS:
        expect(rated.get_by_label(need)).to_be_checked()
    for name, text in (("Minutes of the workshop", "30"), ("Minutes of a round", "4")):
        reader.type(page, name, text)
    reader.type(page, "Rounds", "1")
    expect(page.get_by_label(reader.named("Anonymous"))).to_be_checked()
    reader.press(page, "Open")
    reader.sees(page, "Join with a phone")
    assert "127.0.0.1" not in page.locator("#main").inner_text()
    code = page.locator("p.code").inner_text()
    phones = [visitor(f"{server.address}/x", **PHONE) for _ in range(3)]
    for phone in phones:
        reader.type(phone, "Code, as it is shown in the room", code)
        reader.press(phone, "Join")
        reader.sees(phone, "I am one of them", "I speak for them", "I do not rate for them")
        for choice in phone.get_by_label("I speak for them").all():
            choice.check()
        reader.press(phone, "Join")
        assert fits(phone)
    expect(page.get_by_text("3 people take part")).to_be_visible()
    reader.press(page, "Start round 1")
    return phones


def rates(reader: Reader, page: Page, phones: list[Page]) -> None:
    """Do step 7: all want the same, but for the first need; one phone takes all in a list."""
    reader.press(phones[0], "All in a list")
    for phone in phones:
        reader.sees(phone, "don’t know")
        expect(phone.locator(".kept")).to_be_empty()
        for number, card in enumerate(phone.locator(".question").all()):
            if phone != phones[0] and number:
                reader.press(phone, "Next")
            said = card.inner_text()
            apart = "Get it working" in said and "Neighbors" not in said
            card.locator(f'input[value="{-4 if apart else 5}"]').check(force=True)
        assert fits(phone)
    expect(page.get_by_text("3 of 3 have finished")).to_be_visible()
    reader.press(page, "End the round and reveal")


def decides(reader: Reader, page: Page, phone: Page) -> None:
    """Do steps 8 to 10."""
    expect(page.get_by_role("heading", name="One misalignment among 3 items")).to_be_visible()
    reader.sees(page, "Item by item", "What weakens this answer", "What will be done")
    parts = page.get_by_role("heading", level=2).all_inner_texts()
    assert parts.index("Item by item") < parts.index("What will be done")
    form = page.locator("form[hx-post$=strategy]")
    reader.type(form, "What will be done", "The town pays for the afternoon")
    form.get_by_label(reader.named("Where in the model")).select_option(label="Solution")
    reader.type(form, "Who sees to it", "Ana")
    reader.type(form, "By when", "2027-01-31")
    reader.press(form, "Put it on the board")
    expect(page.get_by_text("The town pays for the afternoon · Ana")).to_be_visible()
    reader.press(page, "Close")
    expect(phone.get_by_text("Thank you.")).to_be_visible()
    reader.press(page, "Board")
    reader.sees(page, "What next")
    inside = page.get_by_role("region", name="Solution", exact=True)
    expect(inside.get_by_text("The town pays for the afternoon")).to_be_visible()
    reader.press(page, "Export")
    reader.sees(page, "PDF", "PPTX", "YAML", "Make a link")


def test_the_guide_takes_half_an_hour_and_its_commands_exist() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    minutes = re.findall(r"^## \d+\. .*\((\d+) minutes?\)$", text, re.MULTILINE)
    assert sum(map(int, minutes)) == 30
    said = re.findall(r"^forwhom (.*)$|`forwhom (.*?)`", text, re.MULTILINE)
    whole = cli.make_context("forwhom", [], resilient_parsing=True)
    for command in (shlex.split(one or other) for one, other in said):
        assert cli.commands[command[0]].make_context(command[0], command[1:], parent=whole)
