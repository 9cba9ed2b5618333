"""How often single variables are said to do what they do not: to fall into clumps, to be cut alone.

    .venv/bin/python benchmarks/margins.py --write docs/truth.md
    .venv/bin/python benchmarks/margins.py --limits --replicates 50000  # for evidence/margins.py

Error rates are those of samples whose margins have one mode and whose variables have nothing to do
with each other; power is that of two normals, and of pairs that depend on each other.
"""

import argparse
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

# Kernels that were compiled are kept beside the checkout, as the Makefile does.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

from forwhom.documents.base import Measure
from forwhom.evidence.margins import clumps, dependent, dip_of
from forwhom.mixture import Column
from run import put

Floats = NDArray[np.float64]
#: One variable of n customers.
Draw = Callable[[int, Generator], Floats]

SIZES = (100, 500, 2_000)
LIMIT_SIZES = (20, 50, 100, 200, 500, 1_000, 2_000)
BEGIN, END = "<!-- margins: begin -->\n", "<!-- margins: end -->"


def _lognormal(n: int, rng: Generator, sigma: float) -> Floats:
    return rng.lognormal(4, sigma, n).round(2)


def _zero_inflated(n: int, rng: Generator) -> Floats:
    return rng.negative_binomial(1, 0.05, n) * (rng.random(n) < 0.4)


def _round_sums(n: int, rng: Generator) -> Floats:
    """Gifts as people give them: mostly in steps of 5, 10, 25 and 100."""
    amount = rng.lognormal(3.5, 1, n)
    step = np.array([1, 5, 10, 25])[rng.choice(4, n, p=[0.1, 0.3, 0.4, 0.2])]
    return np.maximum(np.round(amount / step), 1) * step


def _ages(n: int, rng: Generator) -> Floats:
    age = np.clip(rng.normal(45, 15, n), 18, 90)
    return np.where(rng.random(n) < 0.4, (age / 5).round() * 5, age.round())


def two_normals(n: int, rng: Generator, apart: float, share: float = 0.5) -> Floats:
    """Two normals whose means are some standard deviations apart."""
    return rng.normal(size=n) + apart * (rng.random(n) < share)


#: Margins with one mode.
ONE_MODE: dict[str, Draw] = {
    "uniform": lambda n, rng: rng.uniform(size=n),
    "normal": lambda n, rng: rng.normal(size=n),
    "exponential": lambda n, rng: rng.exponential(size=n),
    "t3": lambda n, rng: rng.standard_t(3, n),
    "log-normal, in cents": partial(_lognormal, sigma=1.0),
    "normal, rounded to 1/4 SD": lambda n, rng: (rng.normal(size=n) * 4).round() / 4,
    "uniform, rounded to 40 values": lambda n, rng: rng.integers(0, 40, n).astype(float),
    "Poisson, mean 30": lambda n, rng: rng.poisson(30, n).astype(float),
    "negative binomial, mean 19": lambda n, rng: rng.negative_binomial(1, 0.05, n).astype(float),
    "the same, 60% more zeros": _zero_inflated,
    "round sums of donors": _round_sums,
    "ages, four of ten rounded to 5": _ages,
}
#: Margins with two.
TWO_MODES: dict[str, Draw] = {
    "two normals, 3 SD apart": partial(two_normals, apart=3.0),
    "two normals, 4 SD apart": partial(two_normals, apart=4.0),
    "the same, 10% in one": partial(two_normals, apart=4.0, share=0.1),
    "two normals, 4 SD apart, rounded": lambda n, rng: two_normals(n, rng, 4.0).round(1),
}


def independent(
    n: int, rng: Generator, correlation: float = 0.0
) -> tuple[dict[str, Column], dict[str, Measure]]:
    """Eight variables of all measures; the first two share a factor, a tenth of all is missing."""
    factor = rng.normal(size=(2, n)) * np.sqrt(1 - correlation)
    factor += rng.normal(size=n) * np.sqrt(correlation)
    numbers: dict[str, tuple[Measure, Floats]] = {
        "score": ("continuous", factor[0]),
        "other": ("continuous", factor[1]),
        "spend": ("positive", _lognormal(n, rng, 1.0)),
        "orders": ("count", rng.poisson(4, n).astype(float)),
        "tickets": ("count", _zero_inflated(n, rng)),
    }
    levels: dict[str, tuple[Measure, list[float]]] = {
        "rating": ("ordinal", [0.1, 0.15, 0.3, 0.3, 0.15]),
        "channel": ("nominal", [0.5, 0.3, 0.1, 0.05, 0.02, 0.02, 0.01]),
        "plan": ("binary", [0.9, 0.1]),
    }
    columns = {}
    for name, (_, values) in numbers.items():
        columns[name] = Column(name, np.where(rng.random(n) < 0.1, np.nan, values))
    for name, (_, shares) in levels.items():
        codes = rng.choice(len(shares), n, p=shares)
        codes[rng.random(n) < 0.1] = -1
        columns[name] = Column(name, codes.astype(np.int32), tuple(map(str, range(len(shares)))))
    return columns, {name: m for name, (m, _) in (numbers | levels).items()}


def limits(replicates: int, rng: Generator) -> Iterator[str]:
    """Yield the root of n times the dip that one in a hundred uniform samples exceeds."""
    for n in LIMIT_SIZES:
        found = [dip_of(rng.uniform(size=n), np.ones(n)) for _ in range(replicates)]
        yield f"    {n:_}: {np.sqrt(n) * np.quantile(found, 0.99):.4f},"


def tables(replicates: int, rng: Generator) -> Iterator[str]:
    """Yield the lines of the page."""
    heads = " | ".join(f"n = {n:,}" for n in SIZES)
    yield f"| said to fall into clumps | {heads} |"
    yield "|---" * (len(SIZES) + 1) + "|"
    for weighted, margins in (
        (False, ONE_MODE),
        (True, {"normal": ONE_MODE["normal"]}),
        (False, TWO_MODES),
    ):
        for name, draw in margins.items():
            told = f"{name}, weights with σ(log w) = 1" if weighted else name
            yield f"| {told} | {_row(partial(_clumped, draw, weighted), replicates, rng)} |"
    yield ""
    yield f"| two variables said to depend on each other, of eight | {heads} |"
    yield "|---" * (len(SIZES) + 1) + "|"
    for told, correlation, weighted in (
        ("none does", 0.0, False),
        ("none does, weights with σ(log w) = 1", 0.0, True),
        ("two numbers with r = .2", 0.2, False),
        ("two numbers with r = .4", 0.4, False),
    ):
        yield f"| {told} | {_row(partial(_dependent, correlation, weighted), replicates, rng)} |"


def _row(said: Callable[[int, Generator], bool], replicates: int, rng: Generator) -> str:
    shares = (np.mean([said(n, rng) for _ in range(replicates)]) for n in SIZES)
    return " | ".join(f"{100 * share:.1f}%" for share in shares)


def _clumped(draw: Draw, weighted: bool, n: int, rng: Generator) -> bool:
    columns = {"x": Column("x", draw(n, rng))}
    return bool(clumps(columns, {"x": "continuous"}, _weights(weighted, n, rng)))


def _dependent(correlation: float, weighted: bool, n: int, rng: Generator) -> bool:
    return dependent(*independent(n, rng, correlation), _weights(weighted, n, rng))


def _weights(weighted: bool, n: int, rng: Generator) -> Floats | None:
    return rng.lognormal(0, 1, n) if weighted else None


def main() -> None:
    """Print the tables or the limits, and put the tables into a page when asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replicates", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limits", action="store_true", help="simulate the limits of the dip")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the tables into this page")
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    lines = []
    for line in (limits if options.limits else tables)(options.replicates, rng):
        print(line, flush=True)
        lines.append(line)
    if not options.limits:
        put(options.write, lines, BEGIN, END)


if __name__ == "__main__":
    main()
