"""The three-step method: beside published values, and how often its intervals hold the truth.

    .venv/bin/python benchmarks/threestep.py --published ../data/latent-class
    .venv/bin/python benchmarks/threestep.py --simulate 400 --write docs/separateness.md

The published values are those that StepMix 3.0.0 computes from the simulated data of Bakk and
Kuha (``bakk_response_2000_sep09_seed42.csv``). The simulation draws customers of three segments
with six yes-or-no answers, whose overlap is that of the chance of a wrong answer, and a number
with means 0, 1 and -1 that is compared.
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

# Kernels that were compiled are kept beside the checkout, as the Makefile does.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

from forwhom.documents.base import Measure
from forwhom.evidence.threestep import Classification, Estimates, likeliest
from forwhom.mixture import Column, FitOptions, FittedMixture, build_design, fit_mixture
from forwhom.mixture.fitted import converge_from_responsibilities
from forwhom.mixture.information import Information
from forwhom.statistics.effects import Z95
from forwhom.statistics.membership import Membership
from run import put

Floats = NDArray[np.float64]
BEGIN, END = "<!-- three-step: begin -->\n", "<!-- three-step: end -->"
#: What StepMix 3.0.0 gives, by method and assignment, in the order of the means.
PUBLISHED = {
    ("uncorrected", "modal"): (-0.96526, -0.01642, 0.88592),
    ("uncorrected", "proportional"): (-0.92736, 0.00859, 0.81512),
    ("BCH", "modal"): (-1.02625, -0.04140, 0.95711),
    ("BCH", "proportional"): (-1.02474, -0.03727, 0.95162),
    ("ML", "modal"): (-1.01116, -0.03967, 0.95400),
}
SHARES, MEANS = np.array([0.5, 0.3, 0.2]), np.array([0.0, 1.0, -1.0])
ANSWERS = np.array([[0, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0], [1, 1, 1, 1, 1, 1]])
#: Chances of the answer that a segment stands for: little overlap, some, much.
CHANCES = (0.9, 0.8, 0.75)
SIZE = 1000
CAUTIOUS = "BCH, cautious"
COMPARED = (*PUBLISHED, (CAUTIOUS, "modal"))


def measures(columns: list[Column]) -> dict[str, Measure]:
    return dict.fromkeys((c.name for c in columns), "binary")


def estimated(method: str, given: Classification, values: Floats) -> Estimates:
    if method == "uncorrected":
        return given.plain(values)
    return given.bch(values) if method == "BCH" else likeliest(given, values, 1.0)


def member_of(fit: FittedMixture) -> Membership:
    return Membership.of(fit.responsibilities(), None, Information(fit))


def published(folder: Path) -> Iterator[str]:
    table = pl.read_csv(folder / "bakk_response_2000_sep09_seed42.csv")
    columns = [
        Column(f"y{j}", table[f"y{j}"].to_numpy().astype(np.int32), ("no", "yes")) for j in range(6)
    ]
    options = FitOptions(prior=0.0, n_starts=20, seed=1, tol=1e-12)
    fit = fit_mixture(build_design(columns, measures(columns)), 3, options)
    yield f"log-likelihood {fit.log_likelihood:.4f} (published -5743.5641)"
    member, values = member_of(fit), table["z"].to_numpy()[:, None]
    for (method, assignment), known in PUBLISHED.items():
        given = Classification.of(member, assignment)  # type: ignore[arg-type]
        found = estimated(method, given, values).values[:, 0]
        told = " ".join(f"{v:9.5f}" for v in np.sort(found))
        off = np.abs(np.sort(found) - known).max()
        yield f"{method:>11} {assignment:<12} {told}  largest difference {off:.6f}"


def draw(chance: float, rng: np.random.Generator) -> tuple[list[Column], Floats, NDArray[np.int64]]:
    z = rng.choice(3, SIZE, p=SHARES)
    yes = rng.random((SIZE, 6)) < np.where(ANSWERS[z] == 1, chance, 1 - chance)
    columns = [Column(f"y{j}", yes[:, j].astype(np.int32), ("no", "yes")) for j in range(6)]
    return columns, rng.normal(MEANS[z], 1.0)[:, None], z


def simulated(replicates: int) -> Iterator[str]:
    yield "| right answers | assigned right | method | assignment | mean of B less A | coverage |"
    yield "|---:|---:|---|---|---:|---:|"
    for chance in CHANCES:
        inside: dict[tuple[str, str], list[bool]] = {key: [] for key in COMPARED}
        means: dict[tuple[str, str], list[float]] = {key: [] for key in COMPARED}
        right = []
        for seed in range(replicates):
            columns, values, z = draw(chance, np.random.default_rng(seed))
            design = build_design(columns, measures(columns))
            options = FitOptions(prior=0.0, tol=1e-9)
            member = member_of(converge_from_responsibilities(design, np.eye(3)[z], options))
            right.append(float((member.mode == z).mean()))
            for method, assignment in COMPARED:
                given = Classification.of(member, assignment, cautious=method == CAUTIOUS)  # type: ignore[arg-type]
                found = estimated(method.split(",")[0], given, values)
                off = np.abs(found.values[:, 0] - MEANS) <= Z95 * found.errors[:, 0]
                inside[method, assignment] += off.tolist()
                means[method, assignment].append(float(found.values[1, 0] - found.values[0, 0]))
        for method, assignment in COMPARED:
            key = method, assignment
            yield (
                f"| {chance:.0%} | {np.mean(right):.0%} | {method} | {assignment} | "
                f"{np.mean(means[key]):.3f} | {np.mean(inside[key]):.1%} |"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--published", type=Path, help="folder with the data")
    parser.add_argument("--simulate", type=int, default=0, help="replicates")
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    if options.published:
        print("\n".join(published(options.published)))
    if options.simulate:
        lines = list(simulated(options.simulate))
        lines += [
            "",
            f"{options.simulate} draws of {SIZE:,} customers each; the truth of B less A is 1.",
        ]
        print("\n".join(lines))
        put(options.write, lines, BEGIN, END)


if __name__ == "__main__":
    main()
