"""Does a segment bring enough of the revenue? How often the interval of its part is wrong.

    .venv/bin/python benchmarks/revenue.py --replicates 2000 --write docs/truth.md

A tenth or a fiftieth of the customers bring 5 % of the revenue, which is the border, or less, or
more; amounts are log-normal. Who is in the segment is known. Then how often the interval of the
mean of a segment holds it.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

from forwhom.documents.value import SUBSTANTIAL
from forwhom.personas.profiles import interval_of_mean
from forwhom.personas.summaries import summarize_numbers
from forwhom.personas.worth import share_interval
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column
from run import put

Floats = NDArray[np.float64]
BEGIN, END = "<!-- revenue: begin -->\n", "<!-- revenue: end -->"
SIZES, SPREADS, PARTS = (500, 2000, 10_000), (0.7, 1.0, 1.5), (0.1, 0.02)
BRINGS = (0.05, 0.02, 0.1)


def interval(
    n: int, part: float, brings: float, spread: float, rng: np.random.Generator
) -> tuple[float, float]:
    """Draw customers, and return the interval of what a part of them brings of the revenue."""
    inside = rng.random(n) < part
    more = brings * (1 - part) / (part * (1 - brings))
    amounts = rng.lognormal(0, spread, n) * np.where(inside, more, 1.0)
    member = Membership.of(np.eye(2)[inside.astype(np.intp)])
    total = float(amounts.sum())
    share = float(amounts[inside].sum()) / total
    return share_interval("amount", amounts, share, total, member, 1)


def lines(replicates: int) -> Iterator[str]:
    yield (
        "| brings | customers in it | amounts, σ(log) | customers | interval holds it | less than "
        "5 % | 5 % or more | we cannot tell |"
    )
    yield "|---:|---:|---:|---:|---:|---:|---:|---:|"
    for brings in BRINGS:
        for part in PARTS:
            for spread in SPREADS if brings == SUBSTANTIAL else SPREADS[1:2]:
                for n in SIZES:
                    rng = np.random.default_rng([n, round(100 * part)])
                    drawn = [interval(n, part, brings, spread, rng) for _ in range(replicates)]
                    low, high = np.array(drawn).T
                    less, more = high < SUBSTANTIAL, low >= SUBSTANTIAL
                    held = (low <= brings) & (brings <= high)
                    rates = (held, less, more, ~less & ~more)
                    cells = " | ".join(f"{np.mean(rate):.1%}" for rate in rates)
                    yield f"| {brings:.0%} | {part:.0%} | {spread} | {n:,} | {cells} |"


#: Numbers with their mean: how they are drawn.
NUMBERS: dict[str, tuple[Callable[[np.random.Generator, int], Floats], float]] = {
    "normal": (lambda rng, n: rng.normal(0, 1, n), 0.0),
    "counts (Poisson, 1)": (lambda rng, n: rng.poisson(1, n).astype(np.float64), 1.0),
    "exponential": (lambda rng, n: rng.exponential(1, n), 1.0),
    "log-normal, σ = 0.7": (lambda rng, n: rng.lognormal(0, 0.7, n), float(np.exp(0.245))),
    "log-normal, σ = 1": (lambda rng, n: rng.lognormal(0, 1, n), float(np.exp(0.5))),
    "log-normal, σ = 1.5": (lambda rng, n: rng.lognormal(0, 1.5, n), float(np.exp(1.125))),
}
MEMBERS = (20, 50, 200, 1000)


def means(replicates: int) -> Iterator[str]:
    yield f"| numbers | {' | '.join(f'{n:,} in the segment' for n in MEMBERS)} |"
    yield "|---|" + "---:|" * len(MEMBERS)
    for name, (draw, truth) in NUMBERS.items():
        cells = []
        for n in MEMBERS:
            rng, member = np.random.default_rng(n), Membership.of(np.eye(2)[np.arange(2 * n) % 2])
            held = []
            for _ in range(replicates):
                values = draw(rng, 2 * n)
                numbers = summarize_numbers(values, member, 1)
                told = interval_of_mean(Column("x", values), numbers, member, 0)
                held.append(told.low <= truth <= told.high)
            cells.append(f"{np.mean(held):.1%}")
        yield f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=2000)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    table = [*lines(options.replicates), "", *means(options.replicates)]
    print("\n".join(table))
    put(options.write, table, BEGIN, END)


if __name__ == "__main__":
    main()
