"""Verdicts on a later period: how often they are wrong, and what they can tell.

    .venv/bin/python benchmarks/drift.py --fits 300 --write docs/over-time.md

Segments of three kinds of customers are fitted to an earlier period (three numbers, three questions
of three answers), and later periods are held against them: with the same kinds, with the same
customers, with a kind that grew, with one that moved, with a new one. Nominal is 5 % of alarms
where the kinds are as they were, however much they grew. Nothing is refitted.
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Kernels that were compiled are kept beside the checkout, as the Makefile does.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

from forwhom.documents.fitting import Fit
from forwhom.documents.refresh import LEVEL, verdict_of
from forwhom.documents.segmentation import Segmentation, Variable
from forwhom.evidence.overtime import Held, Later, hold_against
from forwhom.evidence.reference import references_of
from forwhom.mixture import Column, FitOptions, build_design, fit_mixture
from forwhom.mixture.information import Information
from forwhom.mixture.scoring import score
from forwhom.personas import describe_segments
from forwhom.statistics.membership import Membership
from run import put

Floats = NDArray[np.float64]
Columns = dict[str, Column]
BEGIN, END = "<!-- drift: begin -->\n", "<!-- drift: end -->"
SIZES = (300, 1000, 3000)
SHARES = np.array([0.5, 0.3, 0.2, 0.0])
#: Means of the three numbers by kind, in standard deviations; the last kind is new.
MEANS = np.array([[0.0, 1.5, 3.0, 6.0], [0.0, 1.5, -1.5, 5.0], [0.0, 1.5, 3.0, -5.0]])
ANSWERS = np.array([[0.6, 0.3, 0.1], [0.2, 0.6, 0.2], [0.1, 0.3, 0.6], [0.1, 0.1, 0.8]])
#: What happens: shares of the kinds, how far the second moves in one number, repeats of a fit.
CHANGES: dict[str, tuple[Floats, float, int]] = {
    "nothing": (SHARES, 0.0, 4),
    "nothing, the same customers": (SHARES, 0.0, 2),
    "a segment grows from 20 to 30 %": (np.array([0.44, 0.26, 0.3, 0.0]), 0.0, 2),
    "a segment moves by 0.5 in one of six": (SHARES, 0.5, 1),
    "a segment moves by 1 in one of six": (SHARES, 1.0, 1),
    "a new one of 8 % appears": (np.array([0.46, 0.276, 0.184, 0.08]), 0.0, 1),
}  # fmt: skip


def kinds(n: int, shares: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    return rng.choice(4, n, p=shares)


def drawn(z: NDArray[np.int64], moved: float, rng: np.random.Generator) -> Columns:
    """Draw what customers of these kinds have: an amount among the numbers."""
    found = {}
    for j in range(3):
        x = rng.normal(MEANS[j][z] + moved * ((z == 1) & (j == 0)))
        found[f"x{j}"] = Column(f"x{j}", np.exp(x) if j == 1 else x)
    for j in range(3):
        codes = (rng.random(len(z))[:, None] > ANSWERS[z].cumsum(axis=1)[:, :2]).sum(axis=1)
        found[f"c{j}"] = Column(f"c{j}", codes.astype(np.int32), ("a", "b", "c"))
    return found


def segmented(columns: Columns, seed: int) -> Segmentation:
    """Find three segments, and write of them what a refresh needs."""
    measures = {"x0": "continuous", "x1": "positive", "x2": "continuous"}
    measures |= dict.fromkeys(("c0", "c1", "c2"), "nominal")
    design = build_design(
        list(columns.values()), measures, families={f"x{j}": "tilt" for j in range(3)}
    )  # type: ignore[arg-type]
    fit = fit_mixture(design, 3, FitOptions(n_starts=5, seed=seed))
    model = fit.document(columns, 10)
    member = Membership.of(score(model, columns).probabilities, None, Information(fit, prior=1.0))
    variables = [
        Variable(
            name=name, label=name, measure=measure, use="active",
            levels=list(columns[name].levels or ()),
        )  # type: ignore[arg-type]
        for name, measure in measures.items()
    ]  # fmt: skip
    segments = describe_segments(
        columns, variables, member.responsibilities, learned=member.learned, seed=seed
    )
    return Segmentation(
        created="2026-01-01T00:00:00+00:00",
        version="",
        n=member.n,
        variables=variables,
        model=model,
        fit=Fit(method="mixture", seed=seed),
        segments=segments,
        reference=references_of(columns, variables, member, segments, 10),
        overlap=np.eye(3).tolist(),
    )


def held(found: Segmentation, columns: Columns) -> Held:
    """Hold a later period against segments."""
    scores = score(found.model, columns)
    return hold_against(found, Later(columns, scores.probabilities, scores.segment, scores.known))


def verdicts(n: int, fits: int) -> dict[str, Counter[str]]:
    """Return how often each thing was said of each change."""
    told = {change: Counter[str]() for change in CHANGES}
    for seed in range(fits):
        rng = np.random.default_rng([n, seed])
        z = kinds(n, SHARES, rng)
        found = segmented(drawn(z, 0.0, rng), seed)
        for change, (shares, moved, times) in CHANGES.items():
            for _ in range(times):
                now = z if "same customers" in change else kinds(n, shares, rng)
                one = held(found, drawn(now, moved, rng))
                verdict = verdict_of(one.alarm, one.moves, one.unfit, one.complete)
                shift = min((shift.p for shift in one.shifts), default=1.0)
                told[change].update(
                    {
                        "n": 1,
                        "alarm": int(one.alarm < LEVEL),
                        "sizes": int(one.changed.p < LEVEL),
                        "psi": int(shift < LEVEL),
                        verdict: 1,
                    }
                )
    return told


def lines(fits: int) -> Iterator[str]:
    yield (
        "| what happened | customers | sign of change | sizes changed | a variable changed (PSI) | "
        "keep | watch | refit | cannot tell |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    every = {n: verdicts(n, fits) for n in SIZES}
    for change in CHANGES:
        for n in SIZES:
            told = every[n][change]
            keys = ("alarm", "sizes", "psi", "keep", "watch", "refit", "unknown")
            shares = " | ".join(f"{told[key] / told['n']:.1%}" for key in keys)
            yield f"| {change} | {n:,} | {shares} |"
    yield ""
    yield (
        f"{fits:,} earlier periods for each number of customers, and one to four later ones for "
        "each of them; both periods have as many customers."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fits", type=int, default=300)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    table = list(lines(options.fits))
    print("\n".join(table))
    put(options.write, table, BEGIN, END)


if __name__ == "__main__":
    main()
