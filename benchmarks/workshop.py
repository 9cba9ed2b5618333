"""A workshop on one server: phones that rate, editors on the board, connections that break.

    .venv/bin/python benchmarks/workshop.py [--seconds 60] [--phones 30] [--editors 5]

A server of its own listens on this machine alone. Every phone gives a rating each two seconds, and
holds a stream; some requests are cut before, in the middle or before the answer, and sent again
with the same id, as the page does. Every editor adds a note each four seconds; the others have seen
it when they were told, have fetched the board and it is there. Load and server share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import resource
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
from sqlalchemy import select

from forwhom.web.server.services import Services, opened
from forwhom.web.server.settings import Settings
from forwhom.workspace.exercise import Setup, items_of, sides_of
from forwhom.workspace.exercises import Opened
from forwhom.workspace.shape import rating

CANVAS = Path(__file__).parents[1] / "examples" / "clinic-notes" / "canvas.yaml"
#: How often a phone rates and an editor writes, in seconds; what share of requests is cut.
PACE, WRITES, CUT = 2.0, 4.0, 0.15
#: How long what waits may take to arrive at the end, in seconds.
PATIENCE = 20.0


@dataclass
class Counts:
    """What was measured."""

    accepted: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    #: Why a note of an editor was refused.
    refused: list[str] = field(default_factory=list)
    cut: int = 0
    broken: int = 0
    sent: dict[str, tuple[str, int]] = field(default_factory=dict)
    last: dict[tuple[int, str], int] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where it takes place."""

    port: int
    board: str
    exercise: str
    code: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def prepare(parts: Services) -> tuple[str, Opened]:
    """Make a workspace with a canvas, and an exercise in its first round."""
    who = parts.people.of_this_machine()
    place = parts.people.new_workspace("Workshop", who)
    files = {one.name: one.read_bytes() for one in CANVAS.parent.glob("*.csv")}
    text = CANVAS.read_text(encoding="utf-8")
    key = parts.canvases.create(place, who, text, files).document
    canvas = parts.canvases.head(key).canvas
    setup = Setup(
        canvas=key, kind="alignment", title=canvas.title, language="en",
        items=tuple(items_of(canvas, "alignment")), sides=tuple(sides_of(canvas)),
    )  # fmt: skip
    found = parts.exercises.open(place, who, setup)
    return f"/w/{place}/canvas/{key}", parts.exercises.step(found.id, who, found.version, "rate")


async def phone(
    number: int, place: Place, counts: Counts, seconds: float, start: asyncio.Barrier
) -> None:
    """Join; when all are there, rate at a steady pace. What was not acknowledged is sent again."""
    rng = random.Random(number)
    async with httpx2.AsyncClient(base_url=place.address, timeout=PATIENCE) as client:
        page = await client.get(f"/x/{place.code}")
        sides = re.findall(r'name="(speaks:[^"]+)"', page.text)
        await client.post(f"/x/{place.code}/join", data=dict.fromkeys(sides, "proxy"))
        page = await client.get(f"/x/{place.code}")
        secret = re.findall(r'data-secret="([^"]+)"', page.text)[0]
        cells = re.findall(r'data-segment="([^"]*)" data-item="([^"]*)"', page.text)
        listening = asyncio.create_task(listen(client, f"/x/{place.code}/live", rng))
        box: list[dict[str, object]] = []
        await start.wait()
        until = time.monotonic() + seconds
        await asyncio.sleep(rng.random() * PACE)
        while time.monotonic() < until:
            segment, item = rng.choice(cells)
            key, value = secrets.token_hex(12), rng.randint(-5, 5)
            counts.sent[key] = (f"{segment} {item}", value)
            counts.last[number, f"{segment} {item}"] = value
            box.append({
                "id": key, "round": 1, "segment": segment, "item": item, "measure": "desirable",
                "value": value,
            })  # fmt: skip
            await send(client, place, secret, box, counts, rng)
            await asyncio.sleep(PACE * rng.uniform(0.8, 1.2))
        while box:
            await send(client, place, secret, box, counts, rng)
        listening.cancel()


async def send(
    client: httpx2.AsyncClient, place: Place, secret: str, box: list[dict[str, object]],
    counts: Counts, rng: random.Random,
) -> None:  # fmt: skip
    """Send what waits; sometimes the connection is cut, and everything goes on waiting."""
    path, body = f"/x/{place.code}/ratings", json.dumps({"ratings": box}).encode()
    if rng.random() < CUT:
        counts.cut += 1
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        await cut(place.port, path, body, secret, cookie, rng)
        return
    start = time.perf_counter()
    headers = {"content-type": "application/json", "x-secret": secret}
    try:
        answer = await client.post(path, content=body, headers=headers)
    except httpx2.TransportError:
        counts.broken += (
            1  # nobody cut it: the server had closed what stood idle; it goes on waiting
        )
        return
    answer.raise_for_status()
    counts.accepted.append(time.perf_counter() - start)
    said = answer.json()
    done = {*said["kept"], *(one["id"] for one in said["refused"])}
    box[:] = [one for one in box if one["id"] not in done]


async def cut(
    port: int, path: str, body: bytes, secret: str, cookie: str, rng: random.Random
) -> None:
    """Send all or a part of a request, and be gone before the answer."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"X-Secret: {secret}\r\nCookie: {cookie}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    whole = head.encode() + body
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(whole if rng.random() < 0.6 else whole[: rng.randrange(len(whole))])
    await writer.drain()
    await asyncio.sleep(rng.choice([0.0, 0.005, 0.02]))
    writer.transport.abort()


async def listen(client: httpx2.AsyncClient, path: str, rng: random.Random) -> None:
    """Hold a stream as a phone does, and open it again when it breaks."""
    while True:
        with suppress(httpx2.TransportError):
            async for _ in events(client, path):
                if rng.random() < CUT:
                    break
        await asyncio.sleep(1)


async def events(client: httpx2.AsyncClient, path: str) -> AsyncIterator[str]:
    """Yield what a stream tells."""
    async with client.stream("GET", path, timeout=None) as answer:
        async for line in answer.aiter_lines():
            if line.startswith("data:"):
                yield line


async def editor(
    number: int, place: Place, counts: Counts, seconds: float, start: asyncio.Barrier,
    written: dict[str, float],
) -> None:  # fmt: skip
    """Write notes, and look for those of the others."""
    rng = random.Random(1000 + number)
    async with httpx2.AsyncClient(base_url=place.address, timeout=PATIENCE) as client:
        page = await client.get(place.board)
        secret = re.findall(r'name="secret" content="([^"]+)"', page.text)[0]
        looking = asyncio.create_task(look(number, client, place, counts, written))
        await start.wait()
        until = time.monotonic() + seconds
        await asyncio.sleep(rng.random() * WRITES)
        while time.monotonic() < until:
            page = await client.get(f"{place.board}/board")
            version = re.findall(r'data-version="(\d+)"', page.text)[0]
            text = f"note {number} {secrets.token_hex(6)}"
            written[text] = time.perf_counter()
            with suppress(httpx2.TransportError):
                answer = await client.post(
                    f"{place.board}/add",
                    data={"at": "blocks/channels", "version": version, "text": text},
                    headers={"x-secret": secret, "hx-request": "true"},
                )
                if answer.is_error:
                    counts.refused.append(" ".join(re.sub(r"<[^>]+>", " ", answer.text).split()))
            await asyncio.sleep(WRITES * rng.uniform(0.8, 1.2))
        await asyncio.sleep(1)
        looking.cancel()


async def look(
    number: int, client: httpx2.AsyncClient, place: Place, counts: Counts, written: dict[str, float]
) -> None:
    """Fetch the board whenever the stream tells of something new, and note what is there."""
    known: set[str] = set()
    async for _ in events(client, f"{place.board.rpartition('/canvas')[0]}/live"):
        page = await client.get(f"{place.board}/board")
        found = set(re.findall(r"note \d+ [0-9a-f]{12}", page.text)) - known
        known |= found
        moment = time.perf_counter()
        counts.seen += [
            moment - written[text] for text in found if not text.startswith(f"note {number} ")
        ]


async def workshop(place: Place, seconds: float, phones: int, editors: int) -> Counts:
    """Let everybody work for some time."""
    counts, written = Counts(), dict[str, float]()
    start = asyncio.Barrier(phones + editors)
    async with asyncio.timeout(seconds + 3 * PATIENCE):
        await asyncio.gather(
            *(phone(number, place, counts, seconds, start) for number in range(phones)),
            *(editor(number, place, counts, seconds, start, written) for number in range(editors)),
        )
    return counts


def measure(
    database: str, seconds: float, phones: int, editors: int
) -> tuple[Counts, int, int, int]:
    """Run a workshop; return what was measured, and how many ratings are lost, doubled, wrong."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        database = database or str(folder / "forwhom.db")
        parts = opened(Settings(database, folder / "forwhom-files"))
        board, found = prepare(parts)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        place = Place(port, board, found.id, found.code)
        command = [
            str(Path(sys.executable).with_name("forwhom")), "serve", "--database", database,
            "--port", str(port),
        ]  # fmt: skip
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=folder)
        try:
            wait_for(port)
            counts = asyncio.run(workshop(place, seconds, phones, editors))
        finally:
            server.terminate()
            server.wait()
        return counts, *compare(parts, found, counts)


def compare(parts: Services, found: Opened, counts: Counts) -> tuple[int, int, int]:
    """Return how many ratings are lost, how many are there twice, and how many count wrongly."""
    with parts.database.reading() as connection:
        of_it = select(rating.c.id).where(rating.c.exercise == found.id)
        rows = connection.execute(of_it).scalars().all()
    lost = len(set(counts.sent) - set(rows))
    counting = sorted((f"{r.cell.segment} {r.cell.item}", r.value) for r in
                      parts.exercises.ratings(found.id))  # fmt: skip
    said = sorted((cell, value) for (_, cell), value in counts.last.items())
    wrong = sum(one != other for one, other in zip(counting, said, strict=False))
    parts.database.close()
    return lost, len(rows) - len(set(rows)), wrong + abs(len(counting) - len(said))


def wait_for(port: int) -> None:
    """Wait until a server answers."""
    for _ in range(300):
        try:
            httpx2.get(f"http://127.0.0.1:{port}/x", timeout=1)
        except httpx2.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not start.")


def at(values: list[float], share: float) -> str:
    """Return a quantile in milliseconds."""
    if not values:
        return "–"
    ordered = sorted(values)
    return f"{1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]:.0f} ms"


def main() -> None:
    """Print what was measured."""
    wanted = argparse.ArgumentParser(description="A workshop on one server.")
    wanted.add_argument(
        "--database", default="", help="postgresql://…; left out: SQLite in a folder that goes"
    )
    wanted.add_argument("--seconds", type=float, default=60)
    wanted.add_argument("--phones", type=int, default=30)
    wanted.add_argument("--editors", type=int, default=5)
    asked = wanted.parse_args()
    counts, lost, doubled, wrong = measure(
        asked.database, asked.seconds, asked.phones, asked.editors
    )
    accepted, seen = counts.accepted, counts.seen
    print(f"rating accepted   p50 {at(accepted, 0.5)}   p95 {at(accepted, 0.95)}")
    print(f"seen by others    p50 {at(seen, 0.5)}   p95 {at(seen, 0.95)}")
    print(f"ratings {len(counts.sent)}, requests cut {counts.cut}, broken {counts.broken}")
    print(f"notes refused {len(counts.refused)}", *dict.fromkeys(counts.refused), sep="\n  ")
    print(f"lost {lost}, doubled {doubled}, counted wrongly {wrong}")
    server = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = (server.ru_utime + server.ru_stime) / asked.seconds
    load = (os.getloadavg()[0], os.cpu_count())
    print(f"the server used {busy:.0%} of a processor, its start and the joining included")
    print(f"load of the machine {load[0]:.1f} on {load[1]} processors")
    if lost or doubled or wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
