"""How well segments are found again, where there are groups and where there are none.

.venv/bin/python benchmarks/stability.py --draws 3 --replicates 50
.venv/bin/python benchmarks/stability.py --seconds
"""

import argparse
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

# Kernels that were compiled are kept beside the checkout, as the Makefile does.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

from forwhom.customers.inputs import read_inputs
from forwhom.customers.preparation import prepare
from forwhom.documents.stability import NumberStability, Stability
from forwhom.evidence import stability_of
from forwhom.mixture import Column, Design, FitOptions, build_design, select
from forwhom.mixture.replicates import refit, replicate
from forwhom.progress import silent
from populations import POPULATIONS

#: Populations that are asked about, and how many groups they have (3 where there are none).
ASKED = {
    "normal": 3,
    "binary": 3,
    "one factor": 3,
    "two factors": 3,
    "ring": 3,
    "RFM": 3,
    "Rasch": 3,
    "four, 1.2": 4,
    "four, 0.8": 4,
    "two normals, 3": 2,
    "tastes, 1.2": 3,
    "classes, 0.85": 4,
}
SIZES = (500, 2000)
#: Segments that are sought besides the right number.
MANY = 6


def main() -> None:
    """Print the table of rates, or the seconds that every number of segments takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--replicates", type=int, default=50)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--seconds", action="store_true", help="10,000 × 20, 2 to 8 segments")
    options = parser.parse_args()
    table = rates(options.draws, options.replicates, options.sizes)
    for line in seconds() if options.seconds else table:
        print(line, flush=True)


def rates(draws: int, replicates: int, sizes: list[int]) -> Iterator[str]:
    """Yield a row for each population, size and number of segments."""
    yield "| population | customers | segments | agreement | warm | found again | overlap |"
    yield "|---|---|---|---|---|---|---|"
    for name, k in ASKED.items():
        for n in sizes:
            found = [stabilities(name, n, draw, (k, MANY), replicates) for draw in range(draws)]
            for i, wanted in enumerate((k, MANY)):
                yield f"| {name} | {n:,} | {wanted} | {_row([one[i] for one in found])} |"


def stabilities(
    name: str, n: int, draw: int, ks: tuple[int, int], replicates: int
) -> list[Stability]:
    """Return the stability of each number of segments in one draw of customers."""
    design = designed(name, n, draw)
    options = FitOptions(n_starts=40, seed=draw)
    sample = replicate(design, replicates, options.seed)
    found = []
    for fit in select(design, ks, options, degrees=(1, 2)).fits:
        told = stability_of({fit.k: refit(fit, sample, options)}, fit.k, None)
        assert told is not None
        found.append(told)
    return found


def designed(name: str, n: int, draw: int) -> Design:
    """Return customers of a population as forwhom models them."""
    inputs = read_inputs(POPULATIONS[name].draw(n, draw).table, None, silent)
    return prepare(inputs.study, inputs.tables).with_numbers("tilts").design()


def _row(found: list[Stability]) -> str:
    numbers: list[NumberStability] = [one.numbers[0] for one in found]
    agreement = np.mean([one.agreement for one in numbers])
    warm = np.mean([one.warm for one in numbers])
    again = np.mean([one.reading != "constructive" for one in found])
    overlap = np.mean([s.jaccard for one in found for s in one.segments])
    return f"{agreement:.2f} | {warm:.2f} | {again:.0%} | {overlap:.2f}"


def seconds() -> Iterator[str]:
    """Yield the seconds of 100 replicates for 2 to 8 segments of 10,000 customers."""
    rng = np.random.default_rng(0)
    group = rng.integers(0, 4, 10_000)
    numbers = rng.normal(0, 0.8, (4, 20))[group] + rng.normal(size=(10_000, 20))
    columns = [Column(f"v{j}", numbers[:, j].copy()) for j in range(20)]
    measures = dict.fromkeys((c.name for c in columns), "continuous")
    for family in ("tilt", "gaussian"):
        families = dict.fromkeys(measures, family)
        design = build_design(columns, measures, families=families)
        fits = select(design, range(2, 9), FitOptions(n_starts=12)).fits
        refit(fits[0], replicate(design, 2, 0), FitOptions())  # compile
        begin, processor = time.perf_counter(), time.process_time()
        sample = replicate(design, 100, 0)
        for fit in fits:
            refit(fit, sample, FitOptions())
        wall, used = time.perf_counter() - begin, time.process_time() - processor
        yield f"{family}: {wall:.0f} s, {used:.0f} s of the processors"


if __name__ == "__main__":
    main()
