"""From a table to a board in a real browser, with what is said while it takes its time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from tests.web.canvas.test_board_live import faults, fits
from tests.web.conftest import Server, Team
from tests.web.data.test_data import shop

Visitor = Callable[..., Page]
#: How long a process may take on a busy machine, in milliseconds.
LONG = 120_000


def is_open_to_all(page: Page) -> bool:
    """Whether a page has no barrier, and is never wider than a phone."""
    page.set_viewport_size({"width": 360, "height": 800})
    found = faults(page)
    assert found == []
    return fits(page)


def test_from_a_table_to_a_board(server: Server, team: Team, visitor: Visitor) -> None:
    page = visitor(f"{server.address}/w/{team.place}")
    page.get_by_role("link", name="Tables of customers").click()
    assert is_open_to_all(page)
    file: Any = {"name": "shop.csv", "mimeType": "text/csv", "buffer": shop()}
    page.get_by_label("Files").set_input_files(file)
    page.get_by_role("button", name="Bring and look").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    heading = page.get_by_role("heading", name="What each column will be used for")
    expect(heading).to_be_visible(timeout=LONG)
    assert is_open_to_all(page)
    note = page.get_by_role("group", name="note")
    expect(note).to_contain_text("it looks like an identifier")
    spend = page.get_by_role("group", name="spend")
    spend.get_by_label("In plain words").fill("Euros a month")
    page.get_by_role("group", name="visits").get_by_label("Use").select_option("active")
    page.get_by_role("button", name="Save what columns are for").click()
    spend.get_by_label("In plain words").fill("Money a month")
    page.get_by_label("Try up to how many segments?").fill("2")
    page.get_by_role("button", name="Discover").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    defended = page.get_by_role("heading", name="Can we defend these segments?")
    expect(defended).to_be_visible(timeout=LONG)
    assert is_open_to_all(page)
    page.get_by_role("link", name="The whole report").first.click()
    expect(page.get_by_text("Money a month").first).to_be_attached()
    page.go_back()
    page.get_by_role("button", name="Seed").click()
    expect(page.get_by_role("region", name="Customer Segments")).to_be_visible()
