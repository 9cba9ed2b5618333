"""Two editors at random on one canvas: is anything of anybody overwritten in silence?

Run ``python benchmarks/editors.py 60``: for so many seconds two threads change the same canvas,
each from the version that it last looked at, which is often old. Whatever a version lacks that the
one before it had must be what its change was about; and the log must lead to the same canvas.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forwhom.workspace.canvases import Canvases
from forwhom.workspace.changes import Change, Insert, Move, Put, Remove
from forwhom.workspace.conflict import Conflict
from forwhom.workspace.database import Database
from forwhom.workspace.files import Files
from forwhom.workspace.log import Author
from forwhom.workspace.migrating import migrate
from forwhom.workspace.people import People

CANVAS = "forwhom: 1\nkind: canvas\ntitle: T\nblocks:\n  channels:\n" + "".join(
    f"    - text: Note {n}  # comment {n}\n" for n in range(12)
)


@dataclass
class Tally:
    """What happened."""

    written: int = 0
    asked: int = 0
    overwritten: int = 0
    times: list[float] = field(default_factory=list)


def any_change(chance: random.Random, data: Any) -> Change:
    """Return some change of a canvas as somebody sees it."""
    notes = data["blocks"].get("channels") or []
    kind = chance.choice(["set", "set", "insert", "remove", "move", "title"])
    if kind == "title":
        return Put(at=("title",), value=f"T{chance.random()}")
    at = ("blocks", "channels", chance.randrange(len(notes) + 1))
    if kind == "insert" or len(notes) < 4 or at[2] == len(notes):
        return Insert(at=at, value={"text": f"New {chance.random()}"})
    if kind == "set":
        return Put(at=(*at, "text"), value=f"Said {chance.random()}")
    if kind == "remove":
        return Remove(at=at)
    return Move(at=at, to=("blocks", "channels", chance.randrange(len(notes))))


def texts(data: Any) -> list[str]:
    """Return every text that somebody wrote."""
    return [data["title"], *(note["text"] for note in data["blocks"].get("channels") or ())]


def edit(canvases: Canvases, key: str, who: Author, seed: int, until: float, tally: Tally) -> None:
    """Change a canvas at random until the time is over."""
    chance = random.Random(seed)
    seen, mine = canvases.head(key), set[int]()
    while time.monotonic() < until:
        change = any_change(chance, seen.data)
        start = time.perf_counter()
        try:
            done = canvases.edit(key, who, seen.number, [change])
        except Conflict:
            tally.asked += 1
            seen = canvases.head(key)
            continue
        tally.times.append(time.perf_counter() - start)
        is_mine = canvases.events(key)[done.number - 1].who == who and done.number not in mine
        if is_mine:  # a card that is moved to where it is makes no version
            mine.add(done.number)
            before = texts(canvases.at(key, done.number - 1).data)
            gone = [text for text in before if text not in texts(done.data)]
            tally.written += 1
            tally.overwritten += len(gone) > (1 if isinstance(change, Put | Remove) else 0)
        if chance.random() < 0.5:
            seen = done


def run(seconds: float, folder: Path) -> tuple[Tally, bool]:
    """Let two edit for so many seconds; return what happened, and whether the log agrees."""
    database = Database(folder / "f.db")
    migrate(database)
    people = People(database)
    ana, ben = people.enroll("Ana"), people.enroll("Ben")
    canvases = Canvases(database, Files(database, folder / "files"))
    key = canvases.create(people.new_workspace("Ours", ana), ana, CANVAS).document
    tally, until = Tally(), time.monotonic() + seconds
    both = [
        threading.Thread(target=edit, args=(canvases, key, who, seed, until, tally))
        for seed, who in enumerate((ana, ben))
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    same = canvases.replayed(key) == canvases.head(key).text
    database.close()
    return tally, same


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        tally, same = run(seconds, Path(folder))
    times = sorted(tally.times)
    print(f"{seconds:.0f} s: {tally.written} changes, {tally.asked} times both were shown")
    print(f"{tally.overwritten} silent overwrites; the log leads to the same canvas: {same}")
    print(f"a change took {times[len(times) // 2] * 1000:.0f} ms (median)")


if __name__ == "__main__":
    main()
