"""Measure everything, and write the tables of the page on benchmarks.

``make bench`` runs it whole: about ten minutes, on a machine with nothing else to do.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import canvas
import mixture
import pipeline
from measuring import keep_to_cores, machine

PARTS = ("mixture", "pipeline", "canvas")
BEGIN, END = "<!-- benchmarks: begin -->\n", "<!-- benchmarks: end -->"


def main() -> None:
    """Measure, print the tables, and put them into a page when asked."""
    options = _options()
    keep_to_cores()
    # Kernels that were compiled are kept beside the checkout, as the Makefile does.
    os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))
    lines = []
    for line in _report(options):
        print(line, flush=True)
        lines.append(line)
    put(options.write, lines)


def put(page: Path | None, lines: Sequence[str], begin: str = BEGIN, end: str = END) -> None:
    """Put lines between the two markers of a page, where one is named."""
    if page is not None:
        text = between(page.read_text(encoding="utf-8"), lines, begin, end)
        page.write_text(text, encoding="utf-8")


def between(page: str, lines: Sequence[str], begin: str = BEGIN, end: str = END) -> str:
    """Return the page with these lines between its two markers."""
    before, rest = page.split(begin)
    after = rest.split(end)[1]
    body = "\n".join(lines).strip()
    return f"{before}{begin}\n{body}\n\n{end}{after}"


def _report(options: argparse.Namespace) -> Iterator[str]:
    peer = None if options.no_peer else mixture.peer_version()
    compared = f", StepMix {peer}" if peer else ""
    scaled = "" if options.scale == 1 else f" Rows: {options.scale:g} of those named."
    today = datetime.datetime.now(tz=datetime.UTC).date()
    yield f"Measured on {today}: {machine()}{compared}.{scaled}"
    yield ""
    if "mixture" in options.only:
        yield from mixture.report(
            mixture.Settings(options.scale, options.full, options.passes, peer is not None)
        )
        yield ""
    if "pipeline" in options.only:
        yield from pipeline.report(options.scale)
        yield ""
    if "canvas" in options.only:
        yield from canvas.report(options.scale)
        yield ""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    parser.add_argument(
        "--full", action="store_true", help="run the peer to the end on a million rows (17 min)"
    )
    parser.add_argument(
        "--passes", type=int, default=10, help="passes of the peer that are timed instead"
    )
    parser.add_argument("--scale", type=float, default=1.0, help="share of the rows, to try it out")
    parser.add_argument("--no-peer", action="store_true", help="measure forwhom alone")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    options = parser.parse_args()
    if options.write is not None and BEGIN not in options.write.read_text(encoding="utf-8"):
        sys.exit(f"{options.write} has no line {BEGIN.strip()!r} to write after.")
    return options


if __name__ == "__main__":
    main()
