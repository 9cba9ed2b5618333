"""How often 95 % intervals of sizes and effects hold the truth.

Customers of four segments with nine variables of four measures are drawn, the right number of
segments is fitted, and every size and every effect is compared with that of the population.
Numbers are of the family that they were drawn from, or with ``--numbers tilts`` what ``discover``
makes of them.

    .venv/bin/python benchmarks/intervals.py --replicates 25
"""

import argparse
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Kernels that were compiled are kept beside the checkout, as the Makefile does.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".numba-cache"))

from forwhom.mixture import Column, FitOptions, build_design, fit_mixture
from forwhom.mixture.information import Information
from forwhom.mixture.matching import match_segments
from forwhom.personas.sizes import size
from forwhom.statistics.effects import (
    Z95,
    Moments,
    cohens_d,
    cohens_h,
    influence_on_d,
    influence_on_h,
)
from forwhom.statistics.membership import Membership

Floats = NDArray[np.float64]

SHARES = np.array([0.45, 0.30, 0.15, 0.10])
SEPARATIONS = {"easy": 1.2, "medium": 0.8, "hard": 0.55}
MEASURES: dict[str, Any] = {
    **dict.fromkeys(("age", "score"), "continuous"),
    "spend": "positive",
    "visits": "count",
    **dict.fromkeys(("online", "card", "news"), "binary"),
    **dict.fromkeys(("brand", "region"), "nominal"),
}
LEVELS = 4
#: Prior customers of the fits, as by default.
PRIOR = 1.0


@dataclass(frozen=True)
class Population:
    """Segments: means, rates and probabilities, each with a column per segment."""

    means: Floats  # (3, K) of age, score and the logarithm of spend, in standard deviations
    rates: Floats  # (K,)
    yes: Floats  # (3, K)
    levels: Floats  # (2, LEVELS, K)

    @classmethod
    def at(cls, separation: float) -> "Population":
        """Draw segments once; the separation moves them apart."""
        rng, k = np.random.default_rng(20), len(SHARES)
        places = rng.permuted(np.tile(np.arange(k) - 1.5, (4, 1)), axis=1)
        signs = rng.permuted(np.tile([-1.0, -1.0, 1.0, 1.0], (3, 1)), axis=1)
        logits = 1.2 * separation * rng.standard_normal((2, LEVELS, k))
        probabilities = np.exp(logits)
        return cls(
            separation * places[:3],
            np.exp(1.5 + 0.35 * separation * places[3]),
            1 / (1 + np.exp(-1.2 * separation * signs)),
            probabilities / probabilities.sum(axis=1, keepdims=True),
        )

    def draw(self, n: int, rng: np.random.Generator) -> tuple[dict[str, Column], NDArray[Any]]:
        """Draw customers, and the segment of each."""
        z = rng.choice(len(SHARES), n, p=SHARES)
        values = self.means[:, z] + rng.standard_normal((3, n))
        columns = [
            Column("age", values[0]),
            Column("score", values[1]),
            Column("spend", np.exp(4 + 0.7 * values[2])),
            Column("visits", rng.poisson(self.rates[z]).astype(np.float64)),
        ]
        for name, yes in zip(("online", "card", "news"), self.yes, strict=True):
            codes = (rng.random(n) < yes[z]).astype(np.int32)
            columns.append(Column(name, codes, ("no", "yes")))
        for name, levels in zip(("brand", "region"), self.levels, strict=True):
            edges = levels.cumsum(axis=0)[:-1, z]
            codes = (rng.random(n) > edges).sum(axis=0).astype(np.int32)
            columns.append(Column(name, codes, tuple("abcd")))
        return {column.name: column for column in columns}, z

    def moments(self) -> dict[str, tuple[Floats, Floats]]:
        """Mean and variance of each number in each segment."""
        one = np.ones(len(SHARES))
        return {
            "age": (self.means[0], one),
            "score": (self.means[1], one),
            "spend": (4 + 0.7 * self.means[2], 0.49 * one),
            "visits": (self.rates, self.rates),
        }

    def shares(self) -> dict[str, Floats]:
        """Probability of each level in each segment."""
        both = [np.stack([1 - yes, yes]) for yes in self.yes]
        return dict(zip(list(MEASURES)[4:], [*both, *self.levels], strict=True))

    def effects(self, k: int) -> list[float]:
        """The true effects of a segment, in the order in which they are estimated."""
        others = np.delete(SHARES, k)
        others = others / others.sum()
        found = []
        for means, variances in self.moments().values():
            mean = others @ np.delete(means, k)
            rest = others @ (np.delete(variances, k) + (np.delete(means, k) - mean) ** 2)
            pooled = SHARES[k] * variances[k] + (1 - SHARES[k]) * rest
            found.append(float((means[k] - mean) / np.sqrt(pooled)))
        for levels in self.shares().values():
            angles = 2 * np.arcsin(
                np.sqrt(np.stack([levels[:, k], np.delete(levels, k, 1) @ others]))
            )
            found += (angles[0] - angles[1])[1 if len(levels) == 2 else 0 :].tolist()
        return found


def sample(
    population: Population, n: int, rng: np.random.Generator, *, weighted: bool, missing: bool
) -> tuple[dict[str, Column], NDArray[Any], Floats | None]:
    """Draw n customers: old ones less often where they are weighted, a fifth of values missing."""
    weights = None
    columns, z = population.draw(5 * n if weighted else n, rng)
    if weighted:
        chance = 0.2 + 0.8 / (1 + np.exp(columns["age"].values))
        taken = np.flatnonzero(rng.random(len(z)) < chance)[:n]
        z, weights = z[taken], np.exp(rng.normal(0, 0.5, n)) / chance[taken]
        columns = {name: Column(name, c.values[taken], c.levels) for name, c in columns.items()}
    if missing:
        for column in columns.values():
            column.values[rng.random(n) < 0.2] = -1 if column.levels else np.nan
    return columns, z, weights


def estimated(
    columns: dict[str, Column], member: Membership, k: int
) -> Iterator[tuple[float, float]]:
    """Yield each effect of a segment with its standard error."""
    for name, column in columns.items():
        seen = ~column.missing
        w, r = member.weights * seen, member.responsibilities[:, k]
        inside, outside = w * r, w * (1 - r)
        if column.levels is None:
            values = np.log(column.values) if name == "spend" else column.values.astype(np.float64)
            group, rest = (
                _moments(np.where(seen, values, 0.0), side) for side in (inside, outside)
            )
            effect = cohens_d(group, rest)
            assert effect is not None
            influence = influence_on_d(values[member.sampled], group, rest, effect.value)
            yield effect.value, float(member.errors(k, *influence, name)[0])
            continue
        chosen = np.where(
            seen[:, None], column.values[:, None] == np.arange(len(column.levels)), np.nan
        )
        chosen = chosen[:, 1:] if len(column.levels) == 2 else chosen
        known = np.nan_to_num(chosen)
        p, q = inside @ known / inside.sum(), outside @ known / outside.sum()
        influence = influence_on_h(chosen[member.sampled], p, q, (inside.sum(), outside.sum()))
        for c, error in enumerate(member.errors(k, *influence, name).tolist()):
            sides = [float(side.sum() ** 2 / (side @ member.weights)) for side in (inside, outside)]
            effect = cohens_h(float(p[c]), float(q[c]), *sides)
            assert effect is not None
            yield effect.value, max(error, effect.error)


def _moments(values: Floats, w: Floats) -> Moments:
    mean = float(w @ values / w.sum())
    return Moments(float(w.sum()), mean, float(w @ (values - mean) ** 2 / w.sum()), float(w.sum()))


@dataclass
class Found:
    """What the replicates of one cell say."""

    sizes: list[bool]
    effects: list[bool]
    said: list[bool]  # of the effects that are large and credible
    worth: list[tuple[float, bool]]  # of each size: how many sure customers tell as much


def replicate(
    population: Population, n: int, seed: int, found: Found, *, tilts: bool, **how: bool
) -> None:
    """Fit one sample and compare."""
    columns, z, weights = sample(population, n, np.random.default_rng([n, seed]), **how)
    families = dict.fromkeys(("age", "score", "spend", "visits"), "tilt") if tilts else {}
    design = build_design(list(columns.values()), MEASURES, weights, families=families)
    fitted = fit_mixture(design, len(SHARES), FitOptions(n_starts=20, prior=PRIOR))
    order, _ = match_segments(np.eye(len(SHARES))[z], fitted.responsibilities())
    fitted = fitted.ordered(np.asarray(order))
    information = Information(fitted, weights, prior=PRIOR)
    member = Membership.of(fitted.responsibilities(), weights, information)
    for k, share in enumerate(SHARES):
        _, interval = size(member, k)
        held = interval.low <= share <= interval.high
        found.sizes.append(held)
        found.worth.append((float(member.worth[k]), held))
        pairs = zip(estimated(columns, member, k), population.effects(k), strict=True)
        for (effect, error), truth in pairs:
            inside = abs(effect - truth) <= Z95 * error
            found.effects.append(inside)
            if abs(effect) >= max(0.2, Z95 * error):
                found.said.append(inside)


def main() -> None:
    """Print a row for each cell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=25)
    parser.add_argument("--customers", type=int, nargs="+", default=[1000, 5000])
    parser.add_argument("--overlap", nargs="+", choices=SEPARATIONS, default=list(SEPARATIONS))
    parser.add_argument("--numbers", choices=("measured", "tilts"), default="measured")
    options = parser.parse_args()
    print("| overlap | customers | sample | sizes | effects | effects that are said | worth |")
    print("|---|---|---|---|---|---|---|")
    ways = {
        "complete": {"weighted": False, "missing": False},
        "weighted": {"weighted": True, "missing": False},
        "20 % missing": {"weighted": False, "missing": True},
        "weighted, 20 % missing": {"weighted": True, "missing": True},
    }
    tilts = options.numbers == "tilts"
    for overlap in options.overlap:
        population = Population.at(SEPARATIONS[overlap])
        for n in options.customers:
            for way, how in ways.items():
                found = Found([], [], [], [])
                for seed in range(options.replicates):
                    replicate(population, n, seed, found, tilts=tilts, **how)
                shares = [f"{np.mean(x):.3f}" for x in (found.sizes, found.effects, found.said)]
                least = np.median([value for value, _ in found.worth])
                print(
                    f"| {overlap} | {n:,} | {way} | {' | '.join(shares)} | {least:,.0f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
