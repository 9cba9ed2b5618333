from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.models import KMeansModel, MixtureModel, Model, RFMModel, RulesModel
from forwhom.mixture.densities import log_densities, unusable_values
from forwhom.mixture.novelty import Densities, novelty, novelty_reference
from forwhom.mixture.shape import added_up
from forwhom.mixture.values import Floats, is_number, number_column, row_blocks, row_count
from forwhom.tables.columns import Column

__all__ = [
    "Scores",
    "log_densities",
    "novelty",
    "novelty_reference",
    "score",
    "unusable_values",
]


@dataclass(frozen=True)
class Scores:
    """Where each of n customers belongs."""

    #: probability of each segment, shape (n, K). Rows sum to 1, or are 0 when no segment gives
    #: the customer any chance.
    probabilities: NDArray[np.float64]
    #: most likely segment, 1 to K; 0 where the customer is like none of them. Shape (n,).
    segment: NDArray[np.int32]
    #: how like the best-fitting segment's members the customer is, in standard deviations (0 is
    #: as expected, far below 0 is unlike), at least -1,000,000; NaN where nothing is known of
    #: the customer, or where the method has no such measure. Shape (n,).
    fit: NDArray[np.float64]
    #: whether the customer has a value in any of the variables; without one, the probabilities
    #: are the shares of the segments and the segment is the largest. Shape (n,).
    known: NDArray[np.bool_]
    #: where the customer stands on the scale of the model, in standard deviations from its mean;
    #: None where the model has no scale, NaN where nothing is known of the customer. Shape (n,).
    place: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.segment)


def score(model: Model, columns: Mapping[str, Column]) -> Scores:
    """Place customers into the segments of a model.

    Variables of the model that are not among the columns count as missing, and others are ignored;
    see `log_densities` about unknown levels and unusable values.

    - mixture: posterior probabilities, and the place on its scale, if it has one; segment 0 when
      the best fit is under the novelty threshold or no segment gives the customer any chance.
    - k-means: the nearest center (missing values take the mean); fit is minus the root mean
      squared standardized distance to it.
    - RFM: the segment of the cell; 0 when one of the three values is missing.
    - rules: the segment of the first rule that holds, the last segment when none does.

    Examples
    --------
    >>> import numpy as np
    >>> from forwhom.documents.items import GaussianItem
    >>> from forwhom.documents.models import Novelty
    >>> item = GaussianItem(variable="age", means=[30.0, 60.0], sds=[5.0, 5.0])
    >>> _, centers, spreads = novelty_reference([0.6, 0.4], [item])
    >>> novel = Novelty(threshold=-8.0, centers=centers.tolist(), spreads=spreads.tolist())
    >>> model = MixtureModel(weights=[0.6, 0.4], items=[item], novelty=novel)
    >>> scores = score(model, {"age": Column("age", np.array([31.0, 58.0, 200.0, np.nan]))})
    >>> scores.segment.tolist(), scores.known.tolist()
    ([1, 2, 0, 1], [True, True, True, False])
    """
    if isinstance(model, MixtureModel):
        return _score_mixture(model, columns)
    if isinstance(model, KMeansModel):
        return _score_kmeans(model, columns)
    if isinstance(model, RFMModel):
        return _score_rfm(model, columns)
    return _score_rules(model, columns)


def one_hot(segment: NDArray[np.int32], k: int) -> Floats:
    """Return probabilities of 0 and 1, shape (n, K); a row of zeros where segment is 0."""
    return np.asarray(segment[:, None] == np.arange(1, k + 1), dtype=np.float64)


def _score_mixture(model: MixtureModel, columns: Mapping[str, Column]) -> Scores:
    reference = model.novelty
    densities = Densities(model.weights, model.items, columns, reference.centers, reference.spreads)
    n, parts = densities.n, np.array(model.parts)
    probabilities = np.empty((n, parts.max() + 1))
    segment = np.empty(n, dtype=np.int32)
    places = None if model.classes is None else np.array(model.classes.place)
    place = np.full(n, np.nan)
    best, has_value = np.empty(n), np.empty(n, dtype=bool)
    with np.errstate(divide="ignore"):
        log_weights = np.log(np.asarray(model.weights, dtype=np.float64))[:, None]
    for rows in row_blocks(n):
        total, fit, known = densities.evaluate(rows)
        classes = _softmax(total + log_weights)
        posterior = classes if places is None else added_up(classes.T, parts).T
        probabilities[rows] = posterior.T
        best[rows] = np.where(known, fit.max(axis=0), np.nan)
        # NaN compares as not novel: nothing speaks against the largest segment.
        novel = (best[rows] < reference.threshold) | (posterior.max(axis=0) == 0.0)
        segment[rows] = np.where(novel, 0, posterior.argmax(axis=0) + 1)
        has_value[rows] = known
        if places is not None:
            place[rows] = np.where(known, places @ classes, np.nan)
    return Scores(probabilities, segment, best, has_value, None if places is None else place)


def _softmax(logs: Floats) -> Floats:
    highest = logs.max(axis=0)
    possible = ~np.isneginf(highest)
    logs -= np.where(possible, highest, 0.0)
    np.exp(logs, out=logs)
    logs /= np.where(possible, logs.sum(axis=0), 1.0)
    return logs


def _score_kmeans(model: KMeansModel, columns: Mapping[str, Column]) -> Scores:
    n, d = row_count(columns), len(model.variables)
    centers = np.asarray(model.centers, dtype=np.float64)
    segment = np.empty(n, dtype=np.int32)
    fit, has_value = np.empty(n), np.empty(n, dtype=bool)
    for rows in row_blocks(n):
        z, observed = _standardized(model, columns, rows)
        distances = np.stack([np.square(z - center).sum(axis=1) for center in centers])
        segment[rows] = distances.argmin(axis=0) + 1
        has_value[rows] = observed
        fit[rows] = np.where(observed, -np.sqrt(distances.min(axis=0) / d), np.nan)
    return Scores(one_hot(segment, len(centers)), segment, fit, has_value)


def _standardized(
    model: KMeansModel, columns: Mapping[str, Column], rows: slice
) -> tuple[Floats, NDArray[np.bool_]]:
    height = len(range(*rows.indices(row_count(columns))))
    z = np.zeros((height, len(model.variables)))
    known = np.zeros(height, dtype=bool)
    for j, name in enumerate(model.variables):
        x = number_column(columns, name)
        if x is not None:
            observed = is_number(x[rows])
            filled = np.where(observed, x[rows], model.means[j])
            z[:, j] = (filled - model.means[j]) / model.sds[j]
            known |= observed
    return z, known


def _score_rfm(model: RFMModel, columns: Mapping[str, Column]) -> Scores:
    n = row_count(columns)
    known = np.ones(n, dtype=bool)
    cell = np.zeros(n, dtype=np.int64)
    bins = [len(model.cuts[name]) + 1 for name in rfm_variables(model)]
    for name, height in zip(rfm_variables(model), bins, strict=True):
        x = number_column(columns, name)
        x = np.full(n, np.nan) if x is None else x
        known &= is_number(x)
        above = np.searchsorted(np.asarray(model.cuts[name]), x, side="left")
        position = height - 1 - above if name == model.recency else above
        cell = cell * height + position
    grid = np.zeros(bins, dtype=np.int32)
    for scores, number in model.cells.items():
        grid[tuple(int(part) - 1 for part in scores.split("-"))] = number
    segment = np.where(known, grid.ravel()[cell], 0).astype(np.int32)
    return Scores(one_hot(segment, max(model.cells.values())), segment, np.full(n, np.nan), known)


def _score_rules(model: RulesModel, columns: Mapping[str, Column]) -> Scores:
    # DuckDB takes a moment to load, and only rules need it.
    from forwhom.tables.rules import evaluate_rules

    n = row_count(columns)
    segment = (evaluate_rules(columns, model.rules) + 1).astype(np.int32)
    probabilities = one_hot(segment, len(model.rules) + 1)
    return Scores(probabilities, segment, np.full(n, np.nan), np.ones(n, dtype=bool))


def rfm_variables(model: RFMModel) -> tuple[str, str, str]:
    """Return recency, frequency and monetary value, in the order of the cells' scores."""
    return model.recency, model.frequency, model.monetary
