"""How many new customers like those seen fit no segment: 1 in 1,000 is promised.

``python benchmarks/false_alarms.py`` prints the table of ``docs/how-the-engine-works.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.base import Measure
from forwhom.mixture import Column, FitOptions, build_design, fit_mixture
from forwhom.mixture.scoring import score

Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]

SHAPES: dict[str, tuple[Measure, Draw]] = {
    "normal": ("continuous", lambda rng, n: rng.normal(size=n)),
    "log-normal": ("positive", lambda rng, n: rng.lognormal(3, 1, n)),
    "t with 3 degrees": ("continuous", lambda rng, n: rng.standard_t(3, n)),
    "Poisson": ("count", lambda rng, n: rng.poisson(3, n).astype(float)),
}
NEW = 50_000


def rate(shape: str, n: int, p: int, seed: int, numbers: str) -> float:
    """Share of new customers who fit no segment, of a model of n others like them."""
    rng = np.random.default_rng([seed, n, p])
    measure, draw = SHAPES[shape]
    names = [f"x{j}" for j in range(p)]

    def columns(size: int) -> dict[str, Column]:
        return {name: Column(name, draw(rng, size)) for name in names}

    seen = columns(n)
    families = dict.fromkeys(names, "tilt") if numbers == "tilts" else {}
    design = build_design(list(seen.values()), dict.fromkeys(names, measure), families=families)
    model = fit_mixture(design, 1, FitOptions(n_starts=1)).document(seen)
    return float((score(model, columns(NEW)).segment == 0).mean())


def rows(replicates: int) -> Iterator[tuple[str, int, int, float, float]]:
    """Yield shape, n, p and the mean rates with tilts and with the family of the measure."""
    for shape in SHAPES:
        for n in (500, 5000):
            for p in (5, 20):
                tilts, measured = (
                    float(np.mean([rate(shape, n, p, seed, kind) for seed in range(replicates)]))
                    for kind in ("tilts", "measured")
                )
                yield shape, n, p, tilts, measured


def main(arguments: Any = None) -> None:
    """Print the table."""
    replicates = int((arguments or sys.argv[1:] or ["10"])[0])
    print("| variables | customers | number | tilts | by measure |\n|---|---|---|---|---|")
    for shape, n, p, tilts, measured in rows(replicates):
        print(f"| {shape} | {n:,} | {p} | {tilts:.2%} | {measured:.2%} |", flush=True)


if __name__ == "__main__":
    main()
