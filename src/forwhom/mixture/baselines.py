"""Simple segmentations that people expect, fitted to the same documents as the mixture.

They are here to be compared with: k-means, the grid of recency, frequency and monetary value, and
rules that a person wrote. All give the same answer for the same customers in any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.models import KMeansModel, RFMModel, Rule, RulesModel
from forwhom.errors import ColumnMissing, DataError, OptionError
from forwhom.languages.catalog import later_in
from forwhom.mixture.coarsening import between, coarse_scales, cuts_between
from forwhom.mixture.scoring import rfm_variables, score
from forwhom.mixture.values import Floats, is_number, number_column, row_count
from forwhom.tables.columns import Column

#: Starts of k-means are compared on at most this many customers, evenly spread over the data.
ROWS_PER_START = 20_000

#: What the cells of the grid are called: how recent the last purchase is, and how much the
#: customer buys (the mean of the frequency and monetary scores), each low, middle or high.
RFM_SEGMENTS: dict[tuple[str, str], str] = {
    ("high", "high"): later_in("phrase", "Champions"),
    ("high", "middle"): later_in("phrase", "Loyal customers"),
    ("high", "low"): later_in("phrase", "New customers"),
    ("middle", "high"): later_in("phrase", "Loyal customers"),
    ("middle", "middle"): later_in("phrase", "Need attention"),
    ("middle", "low"): later_in("phrase", "Hibernating"),
    ("low", "high"): later_in("phrase", "At risk"),
    ("low", "middle"): later_in("phrase", "At risk"),
    ("low", "low"): later_in("phrase", "Hibernating"),
}


def fit_kmeans(
    columns: Mapping[str, Column],
    names: Sequence[str],
    k: int,
    seed: int = 0,
    weights: NDArray[np.float64] | None = None,
    *,
    n_init: int = 20,
    threshold: int = 1,
) -> tuple[KMeansModel, Floats]:
    """Fit k-means on standardized variables; the best of ``n_init`` starts is kept.

    Missing values take the mean of the variable. A skewed variable, such as spending, weighs
    heavily: give its logarithm when that is not meant. On more than 20,000 customers the starts run
    on that many of them, and the best goes on with all. Segments come in the order of their size,
    with responsibilities of 0 and 1, shape (n, K).

    Examples
    --------
    >>> age = Column("age", np.array([20.0, 21.0, 22.0, 60.0, 61.0]))
    >>> model, responsibilities = fit_kmeans({"age": age}, ["age"], 2)
    >>> responsibilities.argmax(axis=1).tolist()
    [0, 0, 0, 1, 1]
    """
    if k < 1:
        raise OptionError(f"The number of segments cannot be {k}.", "Give a whole number from 1.")
    values = np.column_stack([_required(columns, name) for name in names])
    sample = _sample_weights(weights, len(values))
    # Sums depend on the order of what is added, and starts on the order of rows: sort first.
    order = np.lexsort((sample, *values.T))
    order = order[sample[order] > 0.0]
    means, sds = _moments(values[order], sample[order], names)
    if threshold > 1:
        means, sds = map(np.asarray, coarse_scales(means.tolist(), sds.tolist()))
    z = np.where(is_number(values[order]), (values[order] - means) / sds, 0.0)
    centers = _kmeans_centers(z, sample[order], k, seed, n_init)
    model = KMeansModel(
        variables=list(names), means=means.tolist(), sds=sds.tolist(), centers=centers.tolist()
    )
    return model, score(model, columns).probabilities


def _kmeans_centers(z: Floats, sample: Floats, k: int, seed: int, n_init: int) -> Floats:
    """Return the centers, largest segment first."""
    # scikit-learn takes a second to load, and only this function needs it.
    from sklearn.cluster import KMeans

    step = -(-len(z) // ROWS_PER_START)
    some = slice(step // 2, None, step)
    if _distinct(z[some]) < k:
        step, some = 1, slice(None)
        _check_distinct(z, k)
    start = KMeans(k, n_init=n_init, random_state=seed).fit(z[some], sample_weight=sample[some])
    labels = start.labels_
    if step > 1:
        going_on = KMeans(k, init=start.cluster_centers_, n_init=1)
        labels = going_on.fit(z, sample_weight=sample).labels_
    # Threads add up in any order; adding up once more here makes the centers the same everywhere.
    sizes: Floats = np.bincount(labels, weights=sample, minlength=k).astype(np.float64)
    sums = [np.bincount(labels, weights=sample * column, minlength=k) for column in z.T]
    centers: Floats = np.column_stack(sums) / sizes[:, None]
    return centers[np.lexsort((*centers.T[::-1], -np.round(sizes, 9)))]


def _distinct(z: Floats) -> int:
    return len(np.unique(z, axis=0))


def _check_distinct(z: Floats, k: int) -> None:
    distinct = _distinct(z)
    if distinct < k:
        raise DataError(
            f"There are {distinct} different customers, fewer than {k} segments.",
            f"Ask for at most {distinct} segments, or use more variables.",
        )


def fit_rfm(
    columns: Mapping[str, Column],
    recency: str,
    frequency: str,
    monetary: str,
    *,
    bins: int = 5,
    weights: NDArray[np.float64] | None = None,
    threshold: int = 1,
) -> tuple[RFMModel, Floats]:
    """Cut recency, frequency and monetary value at quantiles, and group the cells of the grid.

    Recency is the time since the last purchase: low is recent, and gets the highest score. There
    are fewer than ``bins`` scores where many customers share a value, because equal values always
    get the same one. A customer without one of the three values belongs to no segment. Segments
    come in the order of their size, with responsibilities of 0 and 1, shape (n, K). With a
    ``threshold``, a cut is no single customer's value.

    Examples
    --------
    >>> values = np.arange(1.0, 10.0)
    >>> columns = {
    ...     "days": Column("days", values[::-1]),
    ...     "orders": Column("orders", values),
    ...     "spend": Column("spend", 10 * values),
    ... }
    >>> model, responsibilities = fit_rfm(columns, "days", "orders", "spend", bins=3)
    >>> model.cuts["orders"], rfm_segment_names(model)
    ([3.0, 6.0], ['Champions', 'Need attention', 'Hibernating'])
    """
    if not 2 <= bins <= 9:
        raise OptionError(f"A variable cannot have {bins} scores.", "Give 2 to 9, such as 5.")
    names = (recency, frequency, monetary)
    values = {name: _required(columns, name) for name in names}
    sample = _sample_weights(weights, row_count(columns))
    cuts = {name: _cuts(values[name], sample, bins, name, threshold) for name in names}
    cells = [
        "-".join(map(str, cell)) for cell in product(*(range(1, len(cuts[n]) + 2) for n in names))
    ]
    whole = RFMModel(
        recency=recency,
        frequency=frequency,
        monetary=monetary,
        cuts=cuts,
        cells={cell: position for position, cell in enumerate(cells, 1)},
    )
    group_of = {cell: _rfm_name(whole, cell) for cell in cells}
    segment = score(whole, columns).segment
    sizes = np.bincount(segment, weights=sample, minlength=len(cells) + 1)[1:]
    groups = _by_size(group_of, dict(zip(cells, sizes.tolist(), strict=True)))
    numbers = {group: number for number, group in enumerate(groups, 1)}
    taken = {cell: numbers[group] for cell, group in group_of.items() if group in numbers}
    model = whole.model_copy(update={"cells": taken})
    return model, score(model, columns).probabilities


def rfm_segment_names(model: RFMModel) -> list[str]:
    """Return what the segments of a grid are called, in their order.

    The names are the usual ones of `RFM_SEGMENTS`.
    """
    names = {segment: _rfm_name(model, cell) for cell, segment in model.cells.items()}
    return [names[segment] for segment in sorted(names)]


def without_small(
    model: RFMModel, names: Sequence[str], sizes: Sequence[int], least: int
) -> tuple[RFMModel, list[str], list[str]]:
    """Let segments of a grid with fewer customers than ``least`` join the nearest one.

    ``sizes`` are the customers of each segment. Returned are the model, the names of its segments,
    and those of the segments that joined others.
    """
    places = {
        cell: np.array([int(part) for part in cell.split("-")]) for cell in model.cells
    }  # fmt: skip
    members = {name: [c for c, s in model.cells.items() if names[s - 1] == name] for name in names}
    left, gone = dict(zip(names, sizes, strict=True)), list[str]()
    while len(left) > 1 and min(left.values()) < least:
        small = min(left, key=lambda name: (left[name], name))
        own = [places[cell] for cell in members[small]]

        def apart(name: str, own: list[NDArray[np.int64]] = own) -> tuple[int, int]:
            steps = (int(np.abs(a - places[b]).sum()) for a in own for b in members[name])
            return min(steps), -left[name]

        near = min((name for name in left if name != small), key=apart)
        members[near] += members.pop(small)
        left[near] += left.pop(small)
        gone.append(small)
    kept = sorted(left, key=lambda name: -left[name])
    cells = {cell: n for n, name in enumerate(kept, 1) for cell in members[name]}
    ordered = {cell: cells[cell] for cell in model.cells}
    return (model.model_copy(update={"cells": ordered}) if gone else model), kept, gone


def _rfm_name(model: RFMModel, cell: str) -> str:
    highest = [len(model.cuts[name]) for name in rfm_variables(model)]
    recency, frequency, monetary = (
        (int(part) - 1) / top for part, top in zip(cell.split("-"), highest, strict=True)
    )
    return RFM_SEGMENTS[_height(recency), _height((frequency + monetary) / 2)]


def _height(position: float) -> str:
    """Return where a position from 0 to 1 is; of five scores, only the third is the middle."""
    return "low" if position < 0.4 else "high" if position > 0.6 else "middle"


def _by_size(group_of: Mapping[str, str], sizes: Mapping[str, float]) -> list[str]:
    totals: dict[str, float] = dict.fromkeys(RFM_SEGMENTS.values(), 0.0)
    for cell, group in group_of.items():
        totals[group] += sizes[cell]
    # Nobody is in the others: a customer who comes there later fits no segment.
    return sorted(
        (group for group in totals if totals[group] > 0.0),
        key=lambda group: -round(totals[group], 9),
    )


def _cuts(values: Floats, sample: Floats, bins: int, name: str, threshold: int) -> list[float]:
    """Return the cut points: each is the highest value of its bin, and the maximum is none."""
    used = is_number(values) & (sample > 0.0)
    order = np.argsort(values[used], kind="stable")
    sorted_values = values[used][order]
    _check_varies(sorted_values, name)
    shares = np.cumsum(sample[used][order])
    shares /= shares[-1]
    # A hair less than the share: sums of weights are rounded, and 0.2 must be reached by 0.2.
    wanted = np.arange(1, bins) / bins - 1e-9
    at = np.searchsorted(shares, wanted).tolist()
    near = (
        sorted_values[at].tolist() if threshold <= 1 else cuts_between(sorted_values, at, threshold)
    )
    low, high = float(sorted_values[0]), float(sorted_values[-1])
    cuts = sorted(cut for cut in set(near) if low <= cut < high)
    # Most customers share the highest value: what is below it is one bin.
    top = int(np.searchsorted(sorted_values, high))
    lower = float(sorted_values[top - 1])
    return cuts or [lower if threshold <= 1 else between(lower, sorted_values, top, threshold)]


def fit_rules(
    columns: Mapping[str, Column], rules: Sequence[Rule], otherwise: str = "Everyone else"
) -> tuple[RulesModel, Floats]:
    """Make segments of rules that a person wrote.

    A rule is a condition in SQL; the first that holds decides. Segments keep the order of the
    rules, because it has a meaning; ``otherwise`` is the last one. Responsibilities are 0 and 1,
    shape (n, number of rules + 1).

    Examples
    --------
    >>> spend = Column("spend", np.array([5.0, 500.0]))
    >>> _, responsibilities = fit_rules({"spend": spend}, [Rule(name="Big", when="spend > 100")])
    >>> responsibilities.tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    if not rules:
        raise OptionError("There are no rules.", "Give at least one, such as 'spend > 100'.")
    names = [*(rule.name for rule in rules), otherwise]
    twice = [name for position, name in enumerate(names) if name in names[:position]]
    if twice:
        raise OptionError(f"Two segments are called {twice[0]!r}.", "Give each its own name.")
    model = RulesModel(rules=list(rules), otherwise=otherwise)
    return model, score(model, columns).probabilities


def _required(columns: Mapping[str, Column], name: str) -> Floats:
    values = number_column(columns, name)
    if values is None:
        raise ColumnMissing.of(name, "the customers", columns)
    return values


def _sample_weights(weights: NDArray[np.float64] | None, n: int) -> Floats:
    return np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)


def _moments(values: Floats, sample: Floats, names: Sequence[str]) -> tuple[Floats, Floats]:
    means, sds = np.empty(len(names)), np.empty(len(names))
    for j, name in enumerate(names):
        used = is_number(values[:, j])
        x, w = values[used, j], sample[used]
        _check_varies(x, name)
        means[j] = np.average(x, weights=w)
        sds[j] = np.sqrt(np.average((x - means[j]) ** 2, weights=w))
    return means, sds


def _check_varies(values: Floats, name: str) -> None:
    if not len(values) or values.min() == values.max():
        what = "has no values" if not len(values) else f"is {values[0]:g} for every customer"
        raise DataError(f"{name!r} {what}, so it cannot tell segments apart.", "Leave it out.")
