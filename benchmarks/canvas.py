"""A canvas and what is around it: the linter, an alignment, funding from IATI activities."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from measuring import HERE


def report(scale: float) -> Iterator[str]:
    """Measure, and yield the lines of the page."""
    yield "### Canvases"
    yield ""
    yield from _table("lint.py", max(5, round(1000 * scale)), 200)
    yield ""
    yield "### Alignment"
    yield ""
    yield from _table("alignment.py", max(10, round(200 * scale)), 100, 2000)
    yield ""
    yield "### Funding"
    yield ""
    yield from _table("funding.py", max(2, round(1500 * scale)))


def _table(script: str, *given: int) -> list[str]:
    """The table that a script prints, after its first line as a sentence."""
    command = [sys.executable, str(HERE / script), *map(str, given)]
    print(f"  {' '.join(command[1:])}", file=sys.stderr, flush=True)
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    first, *table = done.stdout.splitlines()
    return [f"{first}.", *table]
