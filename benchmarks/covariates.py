"""Membership by covariates, beside what poLCA and StepMix compute from published data.

    .venv/bin/python benchmarks/covariates.py --published ../data/latent-class

poLCA 1.6.0.2 fits ``cheating.csv`` by GPA and ``election.csv`` by PARTY in one step, StepMix 3.0.0
``bakk_covariate_2000_sep09_seed42.csv`` in one and in three. poLCA takes errors from the scores of
customers alone; ours are robust, and both are shown.
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

# Kernels that were compiled are kept beside the checkout, as the Makefile does.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

import forwhom as fw
from forwhom.mixture.concomitant import fit_concomitant
from forwhom.mixture.reopened import reopened

#: Slope and intercept of the low and of the high segment against the middle one.
BAKK: list[tuple[dict[str, Any], tuple[float, ...]]] = [
    ({"n_steps": 1}, (-1.0605, 2.3980, 1.0263, -3.7353)),
    ({"n_steps": 3, "correction": None}, (-0.8601, 2.0006, 0.9000, -3.2190)),
    ({"n_steps": 3, "correction": "BCH"}, (-1.0815, 2.4709, 1.0284, -3.7321)),
    (
        {"n_steps": 3, "correction": "BCH", "assignment": "proportional"},
        (-1.0568, 2.4198, 1.0149, -3.6772),
    ),
    ({"n_steps": 3, "correction": "ML"}, (-1.0702, 2.4548, 1.0397, -3.7826)),
]


def one_step(table: pl.DataFrame, items: list[str], covariate: str, k: int) -> Iterator[str]:
    known = table.drop_nulls([*items, covariate])
    X, z = known.select(items), known[covariate].to_numpy().astype(float)
    segments = fw.LatentSegments(k, measures="nominal", prior=0.0, n_starts=20).fit(X)
    model = fw.MembershipModel(segments).fit(X, z)
    yield f"log-likelihood {model.log_likelihood_:.6f}, {model.n_parameters_} parameters"
    design = np.stack([np.ones(len(z)), z], axis=1)
    found = fit_concomitant(reopened(segments, X), design, prior=0.0)
    scores, _ = found.scores(design, 0.0)
    simple = np.sqrt(np.diagonal(np.linalg.pinv(scores.T @ scores)))
    for one in model.odds_ratios():
        at = 2 * (one.segment - 1) + (one.covariate != "intercept")
        yield (
            f"  segment {one.segment} against 0, {one.covariate}: {one.coefficient:.6f}, "
            f"error {one.error:.5f}, from scores alone {simple[at]:.5f}"
        )


def three_steps(table: pl.DataFrame) -> Iterator[str]:
    X, z = table.select([f"y{j}" for j in range(6)]), table["z"].to_numpy().astype(float)
    segments = fw.LatentSegments(3, measures="binary", prior=0.0, n_starts=20).fit(X)
    for how, published in BAKK:
        model = fw.MembershipModel(segments, **how).fit(X, z)
        order = np.argsort(model.coef_[:, 0])  # the middle one is what others are compared with
        found = {(o.segment, o.covariate): o for o in model.odds_ratios(int(order[1]))}
        ends = [found[int(s), name] for s in order[[0, 2]] for name in ("x0", "intercept")]
        told = " ".join(f"{one.coefficient:8.4f} ({one.error:.4f})" for one in ends)
        off = max(abs(o.coefficient - p) for o, p in zip(ends, published, strict=True))
        yield f"{how}: {told}; largest difference {off:.5f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--published", type=Path, required=True, help="folder with the data")
    folder = parser.parse_args().published
    cheating = pl.read_csv(folder / "cheating.csv", null_values="NA")
    election = pl.read_csv(folder / "election.csv", null_values="NA")
    print("cheating by GPA; poLCA: -429.638384, 10 parameters, 0.1134235, -0.8424847")
    print("\n".join(one_step(cheating, cheating.columns[:4], "GPA", 2)))
    print(
        "election by PARTY; poLCA: -16222.323348, 112 parameters; PARTY 1.367624 and 0.574359 with"
    )
    print("errors .08081 and .06401, against another segment")
    print("\n".join(one_step(election, election.columns[:12], "PARTY", 3)))
    print("\n".join(three_steps(pl.read_csv(folder / "bakk_covariate_2000_sep09_seed42.csv"))))


if __name__ == "__main__":
    main()
