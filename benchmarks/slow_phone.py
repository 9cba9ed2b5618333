"""A slow phone on a slow network: what a page costs over the wire, and when it can be used.

Run ``python benchmarks/slow_phone.py``. Debian's Chromium is told, through its own protocol, to be
four times slower than this machine and to stand behind a slow 4G network (1.6 Mbit/s down, 150 ms).
Bytes are those of the wire, headers included, with nothing kept from before; a page is usable once
all of its scripts have run. Times say something only where nothing else runs.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from forwhom.web.server.services import opened
from forwhom.web.server.settings import Settings
from workshop import prepare, wait_for

#: Slow 4G as the tools of browsers have it: bytes a second, and milliseconds there and back.
NETWORK = {
    "offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750,
}  # fmt: skip
SLOWER = 4
PHONE = {"width": 360, "height": 740}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def visited(browser: Browser, address: str, known: dict[str, str]) -> tuple[int, float, float]:
    """Return bytes over the wire, and milliseconds until a page is seen and can be used."""
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    cookies: Any = [{"name": name, "value": value, "url": address} for name, value in known.items()]
    context.add_cookies(cookies)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda one: sizes.append(one["encodedDataLength"]))
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", NETWORK)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    times: Any = page.evaluate(
        "() => ({seen: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,"
        " usable: performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd})"
    )
    context.close()
    return sum(sizes), times["seen"], times["usable"]


def measured(address: str, pages: dict[str, tuple[str, dict[str, str]]]) -> None:
    """Print what each page costs, with the cookies of who has been there before."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for name, (path, known) in pages.items():
            size, seen, usable = visited(browser, address + path, known)
            print(f"{name:10} {size / 1000:6.1f} kB  seen {seen:5.0f} ms  usable {usable:5.0f} ms")
        browser.close()


@contextmanager
def served(database: Path) -> Iterator[str]:
    """Serve a database, and yield where."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("forwhom")), "serve", "--database", str(database),
        "--port", str(port),
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    """Serve a workshop, and look at its pages."""
    with tempfile.TemporaryDirectory() as made:
        database = Path(made) / "forwhom.db"
        parts = opened(Settings(str(database), Path(f"{database}.files")))
        board, found = prepare(parts)
        token, _ = parts.exercises.join(found, {one.id: "proxy" for one in found.setup.sides}, "")
        parts.database.close()
        exercise = f"/x/{found.code}"
        pages: dict[str, tuple[str, dict[str, str]]] = {
            "a code": ("/x", {}), "joining": (exercise, {}),
            "rating": (exercise, {f"x-{found.id}": token}), "the board": (board, {}),
        }  # fmt: skip
        with served(database) as address:
            measured(address, pages)


if __name__ == "__main__":
    main()
