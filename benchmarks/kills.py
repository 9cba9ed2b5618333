"""Kill the server of the web app while somebody writes: is every acknowledged change there?

Run ``python benchmarks/kills.py 200``: so often the server is killed (SIGKILL) at a random moment
while two editors add notes one after the other, and started again on the same file.
"""

from __future__ import annotations

import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import httpx2

from forwhom.workspace.canvases import Canvases
from forwhom.workspace.database import Database
from forwhom.workspace.files import Files

EDITORS = 2
#: The server is killed within so many seconds after the first change.
WITHIN = 0.7


class Server:
    """The web app as a process of its own, on one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def start(self) -> None:
        command = [
            sys.executable, "-c", "from forwhom.cli.main import main; main()", "serve",
            "--database", str(self.folder / "f.db"), "--port", str(self.port),
        ]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "forwhom is at" in line:
                return
        raise SystemExit("the server did not start")

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def client(self) -> httpx2.Client:
        transport = httpx2.HTTPTransport(retries=50)
        return httpx2.Client(base_url=f"http://127.0.0.1:{self.port}", transport=transport)


def write(server: Server, path: str, name: str, kept: list[str], go: threading.Event) -> None:
    """Add notes one after the other until the server is gone; remember those it said yes to."""
    try:
        with server.client() as client:
            page = client.get(path).text
            secret = re.search(r'name="secret" content="([^"]*)"', page)
            version = re.search(r'data-version="(\d+)"', page)
            assert secret is not None
            assert version is not None
            for number in range(10_000):
                text = f"{name} {number}"
                sent = {"at": "blocks/channels", "version": version[1], "text": text}
                headers = {"x-secret": secret[1], "hx-request": "true"}
                answer = client.post(f"{path}/add", data=sent, headers=headers)
                if answer.status_code == 204:
                    kept.append(text)
                go.set()
    except httpx2.TransportError:
        go.set()


def run(kills: int, folder: Path, seed: int = 0) -> tuple[int, int, bool]:
    """Return how many changes were acknowledged and how many are gone, and if the log agrees."""
    chance = random.Random(seed)
    server = Server(folder)
    server.start()
    with server.client() as client:
        place = client.get("/").headers["location"]
        secret = re.search(r'name="secret" content="([^"]*)"', client.get(place).text)
        assert secret is not None
        sent = {"secret": secret[1], "title": "Killed"}
        path = client.post(f"{place}/canvases", data=sent).headers["location"]
    kept: list[list[str]] = []
    for kill in range(kills):
        go = threading.Event()
        mine: list[list[str]] = [[] for _ in range(EDITORS)]
        writers = [
            threading.Thread(target=write, args=(server, path, f"{kill}.{i}", mine[i], go))
            for i in range(EDITORS)
        ]
        for one in writers:
            one.start()
        go.wait()
        threading.Event().wait(chance.random() * WITHIN)
        server.kill()
        for one in writers:
            one.join()
        kept += mine
        server.start()
    server.kill()
    database = Database(folder / "f.db")
    canvases = Canvases(database, Files(database, folder / "laid"))
    key = path.rsplit("/", 1)[1]
    head = canvases.head(key)
    there = {note.text for note in head.canvas.blocks["channels"]}
    same = canvases.replayed(key) == head.text
    database.close()
    said = [text for texts in kept for text in texts]
    return len(said), len([text for text in said if text not in there]), same


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        said, gone, same = run(kills, Path(folder))
    print(f"{kills} kills: {said} changes acknowledged, {gone} gone")
    print("the log leads to the same canvas" if same else "the log leads to ANOTHER canvas")


if __name__ == "__main__":
    main()
