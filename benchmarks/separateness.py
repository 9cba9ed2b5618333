"""Verdicts on pairs of segments: how often they are wrong, how often they are made, and how fast.

    .venv/bin/python benchmarks/separateness.py --replicates 2000 --write docs/separateness.md
    .venv/bin/python benchmarks/separateness.py --speed

Two segments of equal size are compared by a number, a yes or no, levels, and the shape of what
four amounts are of their sum. The truth is no difference, half the minimum, the minimum, twice
and three times it. At the minimum both verdicts are wrong: nominal is 2.5 % for each; with
``--at-minimum 2000``, more draws look there alone, also at segments that overlap.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

# Kernels that were compiled are kept beside the checkout, as the Makefile does.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

from forwhom.documents.segmentation import Variable
from forwhom.evidence.effects import (
    Apart,
    apart,
    in_deviations,
    of_levels,
    of_proportions,
    on_the_arcsine_scale,
)
from forwhom.evidence.separateness import separateness_of
from forwhom.evidence.threestep import Classification
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column
from run import put

Floats = NDArray[np.float64]
BEGIN, END = "<!-- verdicts: begin -->\n", "<!-- verdicts: end -->"
SIZES = (200, 1000, 5000)
TIMES = (0.0, 0.5, 1.0, 2.0, 3.0)
#: What is compared at the minimum with more draws: for how many customers the likelier of two
#: segments is right, and how many there are.
AT_MINIMUM = (
    ("yes or no (h)", 1.0, 5000), ("levels (V)", 1.0, 200), ("levels (V)", 1.0, 5000),
    ("shape", 1.0, 200),
    *((kind, right, 1000) for right in (0.9, 0.8)
      for kind in ("number (d)", "yes or no (h)", "levels (V)")),
)  # fmt: skip
PAIR = np.array([[0, 1]])
LEVELS = np.array([0.4, 0.3, 0.2, 0.1])


def tilted(size: float) -> Floats:
    """Shares of levels in two segments whose V is this large."""
    low, high = 0.0, 0.0999
    found = np.stack([LEVELS, LEVELS])
    for _ in range(60):
        step = (low + high) / 2
        found = np.stack([LEVELS, LEVELS]) + np.outer([1, -1], step * np.array([1, 1, -1, -1]))
        far = np.linalg.norm(of_levels(found[:1], found[1:])) >= size
        low, high = (low, step) if far else (step, high)
    return found


def number(size: float, z: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    x = rng.normal(size * z, 1.0)
    return np.stack([x, x**2], axis=1)


def yes(size: float, z: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    share = np.sin((2 * np.arcsin(np.sqrt(0.3)) + np.array([0.0, size])) / 2) ** 2
    return (rng.random(len(z)) < share[z])[:, None].astype(np.float64)


def level(size: float, z: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    edges = tilted(size / 2)[z].cumsum(axis=1)[:, :3]
    codes = (rng.random(len(z))[:, None] > edges).sum(axis=1)
    return (codes[:, None] == np.arange(4)).astype(np.float64)


def shape(size: float, z: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    means = tilted(size / 2)[z] * np.where(z == 1, 200.0, 100.0)[:, None]
    return rng.gamma(4.0, means / 4)


def chances(right: float, z: NDArray[np.int64], rng: np.random.Generator) -> Floats:
    """Probabilities of membership where the likelier segment is right for so many; shape (n, 2)."""
    if right == 1:
        return np.eye(2)[z]
    far = 2 * float(ndtri(right))
    other = np.exp(-far * rng.normal(far * (z - 0.5)))
    return np.stack([other / (1 + other), 1 / (1 + other)], axis=1)


def compare(kind: str, values: Floats, of: Floats) -> Apart:
    given = Classification.of(Membership.of(of), cautious=True)
    found = given.bch(values)
    measuring, minimum = {
        "number (d)": (in_deviations(given.sizes, PAIR), 0.2),
        "yes or no (h)": (on_the_arcsine_scale, 0.2),
        "levels (V)": (of_levels, 0.1),
        "shape": (of_proportions, 0.1),
    }[kind]
    return apart(measuring, found.values, found.covariance, PAIR, minimum)


DRAWS: dict[str, Callable[..., Floats]] = {
    "number (d)": number, "yes or no (h)": yes, "levels (V)": level, "shape": shape,
}  # fmt: skip


def rates(replicates: int) -> Iterator[str]:
    yield "| compared | customers | truth, × minimum | different | equivalent | open | coverage |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for kind in DRAWS:
        for n in SIZES:
            for times in TIMES:
                told = shares(kind, 1.0, n, times, replicates)
                yield f"| {kind} | {n:,} | {times:g} | {told} |"


def at_minimum(replicates: int) -> Iterator[str]:
    """Yield the rates where both verdicts are wrong, also of segments that overlap."""
    yield "| compared | placed right | customers | different | equivalent | open | coverage |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for kind, right, n in AT_MINIMUM:
        told = shares(kind, right, n, 1.0, replicates)
        yield f"| {kind} | {right:.0%} | {n:,} | {told} |"


def shares(kind: str, right: float, n: int, times: float, replicates: int) -> str:
    rng = np.random.default_rng(n)
    truth = 0.2 * times * (1 if kind[-3:] in ("(d)", "(h)") else 0.5)
    counts = np.zeros(3)
    for _ in range(replicates):
        z = rng.integers(0, 2, n)
        values = DRAWS[kind](0.2 * times, z, rng)
        found = compare(kind, values, chances(right, z, rng))
        inside = found.low[0] <= truth <= found.high[0]
        inside |= -found.high[0] <= truth <= -found.low[0]
        counts += [found.p_different[0] < 0.05, found.p_equivalent[0] < 0.05, inside]
    a, b, c = counts / replicates
    return " | ".join(f"{share:.1%}" for share in (a, b, 1 - a - b, c))


def speed() -> Iterator[str]:
    rng, n, k = np.random.default_rng(0), 100_000, 8
    z = rng.integers(0, k, n)
    chances = 0.3 * rng.dirichlet(np.full(k, 0.2), n) + 0.7 * np.eye(k)[z]
    criteria = ("offer", "channel", "relationship", "profitability", "price")
    columns, variables = {}, []
    for j in range(20):
        name, is_number = f"v{j}", j % 2 == 1
        values = rng.normal(0.1 * z) if is_number else rng.integers(0, 5, n).astype(np.int32)
        columns[name] = Column(name, values, None if is_number else tuple("abcde"))
        measure = "continuous" if is_number else "nominal"
        variables.append(
            Variable(
                name=name, label=name, measure=measure, use="descriptor", criterion=criteria[j % 5]
            )  # type: ignore[arg-type]
        )
    begun, processor = time.perf_counter(), time.process_time()
    separateness_of(columns, variables, chances)
    yield (
        f"{k} segments, 20 descriptors, {n:,} customers: {time.perf_counter() - begun:.2f} s, "
        f"{time.process_time() - processor:.2f} s of processor"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=0)
    parser.add_argument("--at-minimum", type=int, default=0)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    if options.speed:
        print("\n".join(speed()))
    if options.at_minimum:
        print("\n".join(at_minimum(options.at_minimum)))
    if options.replicates:
        lines = [*rates(options.replicates), "", f"{options.replicates:,} draws for each line."]
        print("\n".join(lines))
        put(options.write, lines, BEGIN, END)


if __name__ == "__main__":
    main()
