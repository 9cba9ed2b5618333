"""Do the few questions place customers better than guessing? How often the answer is wrong.

    .venv/bin/python benchmarks/guessing.py --replicates 200 --write docs/truth.md

Customers of three kinds answer questions that tell nothing, little or much of their kind; three
segments are found in every sample, and what the questions gain over always saying the largest
segment is measured on 20,000 more customers, whose kinds are known.
"""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

from forwhom.documents.placing import HARDLY
from forwhom.mixture import Column, FitOptions, build_design, fit_mixture
from forwhom.mixture.information import Information
from forwhom.mixture.replicates import refit, replicate
from forwhom.mixture.scoring import log_densities
from forwhom.personas.typing_tool import typing_tool_of
from run import put

BEGIN, END = "<!-- guessing: begin -->\n", "<!-- guessing: end -->"
SIZES, LATER, REPLICATES = (500, 2000), 20_000, 30
ORDERS = np.array(list(permutations(range(3))))
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Population:
    """Shares of three kinds, and how many standard deviations lie between two in each variable."""

    shares: tuple[float, float, float]
    apart: float


#: Six variables, every third a yes or no.
POPULATIONS = {
    "nothing": Population((0.5, 0.3, 0.2), 0.0),
    "little, and one kind is nearly all": Population((0.85, 0.1, 0.05), 0.9),
    "little": Population((0.5, 0.3, 0.2), 0.7),
    "something": Population((0.5, 0.3, 0.2), 1.1),
    "a lot": Population((0.5, 0.3, 0.2), 2.5),
}


def drawn(one: Population, n: int, rng: np.random.Generator) -> tuple[Ints, dict[str, Column]]:
    kind = rng.choice(3, n, p=one.shares)
    columns = {}
    for j, order in enumerate(ORDERS):
        values = rng.normal(one.apart * order[kind])
        yes = (values > one.apart * order.mean()).astype(np.int32)
        name = f"x{j}"
        columns[name] = Column(name, yes, ("no", "yes")) if j % 3 == 2 else Column(name, values)
    return kind, columns


def gained(one: Population, n: int, seed: int) -> tuple[float, float, float, float]:
    """Return what questions gain in truth, and as it is told: value, low, high."""
    rng = np.random.default_rng([n, seed])
    _, columns = drawn(one, n, rng)
    measures = {name: "nominal" if c.levels else "continuous" for name, c in columns.items()}
    tilts = {name: "tilt" for name, c in columns.items() if not c.levels}
    design = build_design(list(columns.values()), measures, families=tilts)  # type: ignore[arg-type]
    options = FitOptions(n_starts=5, seed=seed)
    fit = fit_mixture(design, 3, options)
    model, chances = fit.document(columns, 10), fit.responsibilities()
    refits = refit(fit, replicate(design, REPLICATES, seed), options)
    learned = Information(fit, prior=1.0)
    tool = typing_tool_of(model, columns, chances, learned=learned, refits=refits, seed=seed)
    assert tool is not None
    assert tool.gain is not None
    assert tool.gain_interval is not None
    kind, later = drawn(one, LATER, rng)
    densities = {names[0]: values for names, values in log_densities(model, later)}
    prior = np.log(np.asarray(model.weights))
    asked = [step.variable for step in tool.steps[: tool.asked]]
    placed = (prior + sum(densities[name] for name in asked)).argmax(axis=1)
    by_all = (prior + sum(densities.values())).argmax(axis=1)
    # Which segment is which kind: as most customers are, by all variables.
    segment = max(ORDERS, key=lambda order: float((order[kind] == by_all).mean()))[kind]
    truth = float((placed == segment).mean() - (segment == chances.mean(axis=0).argmax()).mean())
    return truth, tool.gain, tool.gain_interval.low, tool.gain_interval.high


def lines(replicates: int) -> Iterator[str]:
    yield (
        "| questions tell | customers | gain, in truth | gain, told | interval holds the truth | "
        "better | cannot tell | hardly better | wrong |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    for name, one in POPULATIONS.items():
        for n in SIZES:
            told = np.array([gained(one, n, seed) for seed in range(replicates)])
            truth, value, low, high = told.T
            held = (low <= truth) & (truth <= high)
            better, hardly = low > HARDLY, high <= HARDLY
            wrong = (better & (truth <= HARDLY)) | (hardly & (truth > HARDLY))
            shares = (held, better, ~better & ~hardly, hardly, wrong)
            cells = " | ".join(f"{np.mean(share):.1%}" for share in shares)
            yield f"| {name} | {n:,} | {truth.mean():.1%} | {value.mean():.1%} | {cells} |"
    yield ""
    yield f"{replicates:,} samples for each row."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    table = list(lines(options.replicates))
    print("\n".join(table))
    put(options.write, table, BEGIN, END)


if __name__ == "__main__":
    main()
