from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

import numpy as np

from forwhom.alignment.coefficients import (
    ac2_replicates,
    alpha_replicates,
    complete,
    unit_weights,
    w_replicates,
)
from forwhom.alignment.ratings import Flags, Numbers, Ratings
from forwhom.alignment.resampling import intervals
from forwhom.documents.canvas.ratings import HIGHEST, LOWEST
from forwhom.documents.results.alignment import Agreement
from forwhom.languages.catalog import tr

Name: TypeAlias = Literal["krippendorff-alpha", "gwet-ac2", "kendall-w"]
Metric: TypeAlias = Literal["ordinal", "interval", "nominal", "quadratic", "rank"]


@dataclass(frozen=True)
class _Part:
    """The units that one coefficient can use, and how it is computed from them."""

    coefficient: Name
    metric: Metric
    table: Numbers
    compute: Callable[[Numbers, Numbers | None], Numbers]
    missing: str


def agreements(ratings: Ratings, replicates: int, seed: int) -> list[Agreement]:
    """Return every coefficient, with its interval, for all items and for those of each segment."""
    table = ratings.table()
    scale = _scale(ratings.value)
    column = np.arange(ratings.n_cells) % len(ratings.segments)
    rated = np.unique(ratings.segment)
    scopes: list[tuple[str | None, Flags]] = [(None, np.ones(ratings.n_cells, dtype=bool))]
    if len(rated) > 1:
        scopes += [(ratings.segments[s], column == s) for s in rated]
    return [
        _agreement(part, segment, replicates, seed, number)
        for number, (segment, kept) in enumerate(scopes)
        for part in _parts(table[:, kept], scale)
    ]


def _scale(values: Numbers) -> Numbers:
    """All points of the scale when ratings are whole numbers, else the values that occur."""
    if np.all(values == np.round(values)):
        return np.arange(LOWEST, HIGHEST + 1)
    return np.unique(values)


def _parts(table: Numbers, scale: Numbers) -> Iterator[_Part]:
    known = ~np.isnan(table)
    paired = table[:, known.sum(axis=0) >= 2]
    rated = table[:, known.any(axis=0)]
    no_pair = tr("no item was rated by two raters")
    metrics: tuple[Literal["ordinal", "interval", "nominal"], ...] = (
        "ordinal", "interval", "nominal",
    )  # fmt: skip
    for metric in metrics:
        alpha = partial(_alpha, metric=metric)
        yield _Part("krippendorff-alpha", metric, paired, alpha, no_pair)
    ac2 = partial(_ac2, scale=scale)
    yield _Part("gwet-ac2", "quadratic", rated, ac2, no_pair)
    raters, units = complete(table)
    whole = table[np.ix_(raters, units)]
    no_two = tr("no two raters rated two items that are the same")
    yield _Part("kendall-w", "rank", whole, w_replicates, no_two)


def _alpha(
    table: Numbers, weights: Numbers | None, *, metric: Literal["ordinal", "interval", "nominal"]
) -> Numbers:
    return alpha_replicates(table, metric, weights)


def _ac2(table: Numbers, weights: Numbers | None, *, scale: Numbers) -> Numbers:
    return ac2_replicates(table, "quadratic", scale, weights)


def _agreement(
    part: _Part, segment: str | None, replicates: int, seed: int, number: int
) -> Agreement:
    raters = int((~np.isnan(part.table)).any(axis=1).sum())
    units = part.table.shape[1]
    value = float(part.compute(part.table, None)[0]) if units and raters > 1 else float("nan")
    interval, note = None, ""
    if np.isnan(value):
        alone = units == 0 or raters < 2 or (part.coefficient == "kendall-w" and units < 2)
        same = tr("all ratings are equal: there is nothing to agree on")
        note = part.missing if alone else same
    elif units > 1:
        blocks = unit_weights(units, replicates, seed, number)
        drawn = np.concatenate([part.compute(part.table, weights) for weights in blocks])
        interval = intervals(drawn[None, :])[0]
    return Agreement(
        coefficient=part.coefficient,
        metric=part.metric,
        segment=segment,
        value=None if np.isnan(value) else value,
        interval=interval,
        units=units,
        raters=raters,
        note=note,
    )
