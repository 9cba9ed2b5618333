"""How often what is said of margins per segment is wrong, and how often differences are seen.

Customers of several segments with skewed revenue and cost; a margin is told as more where the two
95 % intervals do not overlap. Printed are the share of runs in which equal margins were told apart
(any pair), the share in which a segment that leaves more by half a standard deviation was told from
all others, and how often intervals hold the mean of the population.

    .venv/bin/python benchmarks/leftovers.py --replicates 1000
"""

import argparse
import sys

import numpy as np

from forwhom.documents.segmentation import Variable
from forwhom.personas.margins import margins
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column

VARIABLES = [
    Variable(name=name, label=name, measure="positive", use="descriptor", role=role)
    for name, role in (("spend", "revenue"), ("cost", "cost"))
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=1_000)
    asked = parser.parse_args()
    for k in (2, 4):
        for n in (200, 1_000, 5_000):
            equal, held = run(k, n, 0.0, asked.replicates)
            apart, _ = run(k, n, 0.5, asked.replicates)
            print(f"{k} segments, {n} customers: equal told apart {equal:.1%}, apart seen "
                  f"{apart:.1%}, intervals hold {held:.1%}")  # fmt: skip


def run(k: int, n: int, apart: float, replicates: int) -> tuple[float, float]:
    told, held = 0, []
    for seed in range(replicates):
        rng = np.random.default_rng(seed)
        segment = np.arange(n) % k
        spend, cost = rng.gamma(2, 40, n), rng.gamma(3, 10, n)
        spend += apart * np.hypot(40 * 2**0.5, 10 * 3**0.5) * (segment == k - 1)
        columns = {"spend": Column("spend", spend), "cost": Column("cost", cost)}
        found = margins(VARIABLES, columns, Membership.of(np.eye(k)[segment]), 10)
        known = [one for one in found if one is not None]
        if apart:
            told += len(known[-1].more_than) == k - 1
        else:
            told += any(one.more_than for one in known)
            held += [one.interval.low <= 50 <= one.interval.high for one in known]
    return told / replicates, float(np.mean(held)) if held else 0.0


if __name__ == "__main__":
    sys.exit(main())
