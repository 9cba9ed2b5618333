"""How many customers choose the number of segments: from the same population, the same number?

Run it with ``python benchmarks/choosing.py [REPLICATES] [SIZE ...]``. Samples of each size are
drawn anew, as the hashed sample of a large table is, and numbers from 1 to 8 are tried on them as
``discover`` does on a sample. A segment of half a percent shows how small a group may be and still
be found. Stopping early, as on a sample, is held against running every number to its end.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import numpy as np
from numpy.random import Generator

from forwhom import select_segments
from forwhom.mixture.choosing import LOOSE_PASSES, LOOSE_TOL
from populations import POPULATIONS, WEIGHT, Customers, Population
from populations.groups import four_mixed

SIZES = (5_000, 10_000, 20_000, 50_000)
NAMES = (
    "four, 0.8", "four, 1.2", "four, missing", "four, together", "attitudes", "five normals",
    "shapes", "three buyers", "few large", "normal", "one factor", "mixed",
)  # fmt: skip


def with_a_rare_one(n: int, rng: Generator) -> Customers:
    """Four groups, and half a percent of the customers far from all of them."""
    table, segment = four_mixed(n, rng, distance=1.2)
    assert segment is not None
    rare = rng.random(n) < 0.005
    numbers = table.select_dtypes("number").columns
    table[numbers] = table[numbers].astype(float)
    table.loc[rare, numbers] = table.loc[rare, numbers] + 6 * table[numbers].std()
    return Customers(table, np.where(rare, 4, segment))


def chosen(population: Population, n: int, replicate: int, *, loose: bool = True) -> int:
    """Return the number of segments that n customers choose."""
    table = population.draw(n, replicate).table
    early = {"tol": LOOSE_TOL, "max_iter": LOOSE_PASSES} if loose else {}
    found = select_segments(
        table.drop(columns=WEIGHT, errors="ignore"), range(1, 9), numbers="tilts", random_state=0,
        **early,
    )  # fmt: skip
    return found.chosen


def main(replicates: int = 3, sizes: Sequence[int] = SIZES) -> None:
    """Print a table."""
    known = [POPULATIONS[name] for name in NAMES if name in POPULATIONS]
    rare = Population("four and a rare one", "groups", "0.5 % far from all others", with_a_rare_one)
    print(f"Numbers of segments chosen in {replicates} samples of each size")
    print()
    print("| population | groups | " + " | ".join(f"{n:,}" for n in sizes) + " | to the end |")
    print("|---|---:|" + "---:|" * (len(sizes) + 1))
    for population in (*known, rare):
        drawn = population.draw(1_000, 0).segment
        groups = "" if drawn is None else str(len(np.unique(drawn)))
        cells = [[chosen(population, n, r) for r in range(replicates)] for n in sizes]
        cells.append([chosen(population, sizes[0], r, loose=False) for r in range(replicates)])
        told = " | ".join(", ".join(map(str, one)) for one in cells)
        print(f"| {population.name} | {groups} | {told} |", flush=True)
        print(f"  {population.name} {time.process_time():.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    given = [int(x) for x in sys.argv[1:]]
    main(*given[:1], *([given[1:]] if given[1:] else []))
