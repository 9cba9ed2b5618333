"""A canvas of some 400 lines, brought up to date after a refit that changed all of its evidence.

Run it with ``python benchmarks/updating.py [SEGMENTS] [REPEATS]``. Segments are found in simulated
customers, and the canvas is seeded from them. *In the process* is the work alone; *command* is
``forwhom canvas seed`` and ``forwhom canvas accept --all``, from start to exit. Seconds are those
of the processor, the median.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pyarrow as pa

from data import simulate
from forwhom import discover
from forwhom.documents.canvas import accept_claims, seed_canvas
from forwhom.documents.segmentation import Segmentation

CUSTOMERS = 2000


def refit(before: Segmentation) -> Segmentation:
    """Return a run that goes on with the same segments, and says something else of each."""
    changed = [
        one.model_copy(update={"statement": f"{one.statement}, now", "fingerprint": f"{i:016x}"})
        for i, one in enumerate(before.evidence)
    ]
    return before.model_copy(update={"evidence": changed})


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Return processor seconds of this process and of those it waited for."""
    taken = []
    for _ in range(repeats):
        start = _used()
        work()
        taken.append(_used() - start)
    return median(taken)


def _used() -> float:
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def main(segments: int = 3, repeats: int = 5) -> None:
    """Print a table."""
    answers = simulate("mixed", CUSTOMERS)
    table = pa.table({f"item {j}": answers[:, j] for j in range(answers.shape[1])})
    first = discover(table, k=segments).segmentation
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "segmentation.json").write_text(refit(first).model_dump_json(), encoding="utf-8")
        canvas = folder / "canvas.yaml"
        old = seed_canvas(first).text
        after = refit(first)
        seeded = seed_canvas(after, _written(canvas, old))
        print(f"{len(old.splitlines()):,} lines, {len(seeded.suspect)} claims suspect")
        print()
        print("| work | in the process, s | command, s |")
        print("|---|---:|---:|")
        update = ["seed", str(folder), "-o", str(canvas)]
        accept = ["accept", str(canvas), "--all", "--by", "Ada"]
        for name, text, work, arguments in (
            ("seed", old, lambda: seed_canvas(after, canvas), update),
            ("accept", seeded.text, lambda: accept_claims(canvas, by="Ada"), accept),
        ):
            _written(canvas, text)
            inside = seconds(work, repeats)
            command = seconds(
                lambda text=text, told=arguments: _command(canvas, text, told), repeats
            )  # type: ignore[misc]
            print(f"| `canvas {name}` | {inside:.3f} | {command:.2f} |")


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _command(canvas: Path, text: str, arguments: list[str]) -> None:
    _written(canvas, text)
    program = Path(sys.executable).parent / "forwhom"
    subprocess.run([str(program), "canvas", *arguments], check=True, capture_output=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
