"""Simulate customers from a model, and test K - 1 against K segments with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.base import Measure
from forwhom.documents.fitting import Candidate
from forwhom.documents.items import DirichletMultinomialItem, Item
from forwhom.mixture.design import Whole
from forwhom.mixture.encoding import build_design
from forwhom.mixture.expectation import available_threads, in_order
from forwhom.mixture.families import family_of
from forwhom.mixture.families.composition import divided
from forwhom.mixture.fitted import FittedMixture, fit_mixture
from forwhom.mixture.fitting import FitOptions, Progress
from forwhom.mixture.selection import Selection
from forwhom.progress import share
from forwhom.tables.columns import Column

Floats = NDArray[np.float64]

#: A test with a larger p-value says that one more segment adds nothing.
LEVEL = 0.05
#: Replicates of a test, which give p-values in steps of 0.01; and those between two tidings.
REPLICATES, TOGETHER = 99, 8
#: Starts of each model in a replicate: the data come from a known model, so few are enough.
REPLICATE_STARTS = 20


def simulate(
    items: Sequence[Item], weights: Sequence[float], n: int, seed: int
) -> tuple[dict[str, Column], NDArray[np.int64]]:
    """Draw n customers without missing values; return columns and their segments, from 0.

    Examples
    --------
    >>> from forwhom.documents.items import PoissonItem
    >>> visits = PoissonItem(variable="visits", rates=[1.0, 9.0])
    >>> columns, segments = simulate([visits], [0.5, 0.5], 1000, seed=0)
    >>> bool(columns["visits"].values[segments == 1].mean() > 8)
    True
    """
    rng = np.random.default_rng(seed)
    z = rng.choice(len(weights), size=n, p=np.array(weights) / np.sum(weights))
    columns: dict[str, Column] = {}
    # A number of items that is a variable by itself comes first: the shares are of these items.
    for item in sorted(items, key=lambda item: isinstance(item, DirichletMultinomialItem)):
        if isinstance(item, DirichletMultinomialItem) and item.items in columns:
            columns |= divided(item, z, np.asarray(columns[item.items].values, float), rng)
        else:
            columns |= family_of(item).draw(item, z, rng)
    return columns, z


def bootstrap_lrt(
    columns: Mapping[str, Column],
    measures: Mapping[str, Measure],
    smaller: FittedMixture,
    larger: FittedMixture,
    options: FitOptions,
    *,
    weights: Floats | None = None,
    wholes: Sequence[Whole] = (),
    families: Mapping[str, str] | None = None,
    replicates: int | None = None,
    progress: Progress | None = None,
) -> float:
    """Test whether the larger model fits better than chance (bootstrapped likelihood ratio).

    Customers are simulated from the smaller model, with the answers missing that are missing in the
    data, and both models are fitted to them, with fewer starts than ``options`` say. The p-value is
    the share of replicates, the real data among them, whose gain in likelihood is at least the
    observed one (McLachlan 1987; Nylund et al. 2007): 99 give steps of 0.01.
    """
    observed = larger.log_likelihood - smaller.log_likelihood
    items, shares = smaller.items(), smaller.weights.tolist()
    n = len(next(iter(columns.values())))
    n_threads = options.n_threads or available_threads()
    names = dict.fromkeys([*measures, *(whole.items for whole in wholes)])
    replicates = REPLICATES if replicates is None else replicates

    def gain(b: int) -> float:
        """What the larger model gains on customers that the smaller one gives."""
        drawn, _ = simulate(items, shares, n, seed=options.seed * 1_000_003 + b)
        ready = [with_holes(drawn[name], columns[name]) for name in names]
        quick = replace(options, n_starts=REPLICATE_STARTS, tol=1e-7, seed=options.seed + b)
        design = build_design(ready, measures, weights, wholes=wholes, families=families)
        small, large = (
            fit_mixture(design, fit.k, replace(quick, degree=fit.degree or 1)).log_likelihood
            for fit in (smaller, larger)
        )
        return large - small

    beyond = 0
    for begin in range(0, replicates, TOGETHER):
        if progress is not None:
            progress(f"testing {smaller.k} against {larger.k} segments", begin / replicates)
        some = range(begin, min(begin + TOGETHER, replicates))
        found = in_order(lambda i, some=some: gain(some[i]), len(some), n_threads)  # type: ignore[misc]
        beyond += sum(one >= observed for one in found)
    return (1 + beyond) / (1 + replicates)


def bootstrap_each(
    columns: Mapping[str, Column],
    measures: Mapping[str, Measure],
    selection: Selection,
    options: FitOptions,
    weights: Floats | None = None,
    wholes: Sequence[Whole] = (),
    families: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> list[Candidate]:
    """Test each number of segments against one less, up to the first that adds nothing."""
    tested = list(selection.candidates)
    pairs = list(pairwise(selection.fits))
    for i, (smaller, larger) in enumerate(pairs):
        told = progress and share(progress, i / len(pairs), (i + 1) / len(pairs))
        p = bootstrap_lrt(
            columns,
            measures,
            smaller,
            larger,
            options,
            weights=weights,
            wholes=wholes,
            families=families,
            progress=told,
        )
        tested[i + 1] = tested[i + 1].model_copy(update={"blrt_p": p})
        if p > LEVEL:
            break
    return tested


def with_holes(drawn: Column, like: Column) -> Column:
    """Take out of the simulated column what is missing in the real one."""
    hole = -1 if drawn.levels is not None else np.nan
    values = drawn.values.copy()
    values[like.missing] = hole
    return replace(drawn, values=values)
