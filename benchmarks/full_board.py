"""A board of 500 notes: what a key, a search, an added note and an opened form cost a browser.

Run ``python benchmarks/full_board.py``. Debian's Chromium counts, through its own protocol, the
milliseconds that it spends on scripts, styles and layout; what it takes to paint without a graphics
card says nothing of a machine that has one, and is not counted.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

from forwhom.web.server.services import opened
from forwhom.web.server.settings import Settings
from slow_phone import FLAGS, served

BLOCKS = (
    "key_partners", "key_activities", "key_resources", "value_propositions", "channels",
    "customer_relationships", "customer_segments", "cost_structure", "revenue_streams",
)  # fmt: skip
NOTES, SEGMENTS = 500, 6
#: What the browser counts for us, in seconds.
_COUNTED = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
#: Milliseconds that a page is given to come to rest.
_REST = 600


def full_canvas() -> str:
    """Return a canvas of many notes, as people write them in a workshop."""
    lines = ["forwhom: 1", "kind: canvas", "title: Full", "segments:"]
    lines += [f"  - {{id: s{n}, name: Segment {n}}}" for n in range(SEGMENTS)]
    lines.append("blocks:")
    for at, block in enumerate(BLOCKS):
        lines.append(f"  {block}:")
        lines += [
            f"    - {{text: Note {n} of what was said in the room, segments: [s{n % SEGMENTS}]}}"
            for n in range(at, NOTES, len(BLOCKS))
        ]
    return "\n".join(lines) + "\n"


def counted(wire: CDPSession) -> float:
    """Return the milliseconds that the page has worked so far."""
    found = {one["name"]: one["value"] for one in wire.send("Performance.getMetrics")["metrics"]}
    return 1000 * sum(float(found[name]) for name in _COUNTED)


def measured(page: Page, address: str) -> None:
    """Print what the board costs, step by step."""
    wire = page.context.new_cdp_session(page)
    wire.send("Performance.enable")

    def step(name: str, done: Callable[[], object], times: int = 1) -> None:
        before = counted(wire)
        done()
        page.wait_for_timeout(_REST)
        print(f"{name:32} {(counted(wire) - before) / times:6.1f} ms")

    step("the board, opened", lambda: page.goto(address))
    find, add = page.locator(".finder input").first, page.locator("section textarea").first
    step("a key in Find", lambda: find.press_sequentially("Note 77", delay=100), 7)
    step("Find, emptied", lambda: find.fill(""))
    step("a key in a new note", lambda: add.press_sequentially("A new note", delay=100), 10)
    step("the note, added", lambda: add.press("Enter"))
    page.get_by_text("A new note").first.wait_for()
    step("a note, opened", lambda: page.locator("li.note a.go").nth(100).click())


def main() -> None:
    """Serve a board of many notes, and use it."""
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        database = Path(made) / "forwhom.db"
        parts = opened(Settings(str(database), Path(f"{database}.files")))
        who = parts.people.of_this_machine()
        place = parts.people.new_workspace("Full", who)
        canvas = parts.canvases.create(place, who, full_canvas()).document
        parts.database.close()
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        with served(database) as address:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            measured(page, f"{address}/w/{place}/canvas/{canvas}")
        browser.close()


if __name__ == "__main__":
    main()
