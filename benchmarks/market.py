"""The type of a market: how often it is wrong at the border, and how often it is told.

.venv/bin/python benchmarks/market.py --replicates 400 --write docs/market-type.md
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np

os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

from forwhom.documents.market import market_of
from forwhom.documents.segmentation import Segmentation, Variable
from forwhom.documents.structure import Structure
from forwhom.evidence.market import sides_of_interactions
from forwhom.evidence.separateness import separateness_of
from forwhom.tables.columns import Column
from run import put

SIZES = (200, 1000, 5000)
BORDER = 1.35  # standard deviations at which half is in common


def kind(rng: np.random.Generator, n: int, k: int, needs: int, times: float) -> str:
    """Draw segments along a line, neighbors so many times the border apart in each need."""
    z = rng.integers(0, k, n)
    columns, variables = {}, []
    for name in ("first", "second")[:needs]:
        columns[name] = Column(name, rng.normal(BORDER * times * z, 1.0))
        variables.append(
            Variable(
                name=name, label=name, measure="continuous", use="descriptor", criterion="offer"
            )
        )
    found = SimpleNamespace(
        structure=Structure(verdict="clear", rows=n, islands=[[i + 1] for i in range(k)]),
        segments=[SimpleNamespace(id=i + 1) for i in range(k)],
        separateness=separateness_of(columns, variables, np.eye(k)[z]),
    )
    return market_of(cast(Segmentation, found)).type or "open"


def sides(rng: np.random.Generator, n: int, faithful: float) -> str:
    """Draw riders who come three times, some always to the same driver."""
    who = np.repeat(np.arange(n), 3)
    always = np.repeat(rng.random(n) < faithful, 3)
    one = np.repeat(rng.integers(0, n // 3, n), 3)
    driver = np.where(always, one, (one + np.tile([0, 1, 2], n)) % (n // 3)) + n
    return sides_of_interactions(who, driver, ("rider", "driver")).verdict


def rates(replicates: int) -> Iterator[str]:
    yield "| groups | needs | customers | unlike | segmented | diversified | open |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    for k, needs in ((2, 1), (3, 2)):
        for n in SIZES:
            for times in (0.5, 0.8, 1.0, 1.2, 1.5):
                rng = np.random.default_rng([k, n])
                said = Counter(kind(rng, n, k, needs, times) for _ in range(replicates))
                told = (
                    f"{said[one] / replicates:.1%}" for one in ("segmented", "diversified", "open")
                )
                yield f"| {k} | {needs} | {n:,} | {times:g} | {' | '.join(told)} |"
    yield ""
    yield "| riders | always the same driver | two sides | one | open |"
    yield "|---:|---:|---:|---:|---:|"
    for n in SIZES:
        for faithful in (0.2, 0.4, 0.5, 0.6, 0.8):
            rng = np.random.default_rng(n)
            said = Counter(sides(rng, n, faithful) for _ in range(replicates))
            told = (f"{said[one] / replicates:.1%}" for one in ("yes", "no", "unknown"))
            yield f"| {n:,} | {faithful:.0%} | {' | '.join(told)} |"
    yield ""
    yield f"{replicates:,} draws for each line."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=400)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    lines = list(rates(options.replicates))
    print("\n".join(lines))
    marks = "<!-- market: begin -->\n", "<!-- market: end -->"
    put(options.write, lines, *marks)


if __name__ == "__main__":
    main()
