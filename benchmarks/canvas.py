"""A canvas and what is around it: the linter, a refit, an alignment, funding."""

from __future__ import annotations

from collections.abc import Iterator

from measuring import table


def report(scale: float) -> Iterator[str]:
    """Measure, and yield the lines of the page."""
    yield "### Canvases"
    yield ""
    yield from table("lint.py", max(5, round(1000 * scale)), 200)
    yield ""
    yield "### A canvas after a refit"
    yield ""
    yield from table("updating.py", 3)
    yield ""
    yield "### Alignment"
    yield ""
    yield from table("alignment.py", max(10, round(200 * scale)), 100, 2000)
    yield ""
    yield "### Funding"
    yield ""
    yield from table("funding.py", max(2, round(1500 * scale)))
