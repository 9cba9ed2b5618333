"""What forwhom and its peers say about customers: groups or none, how many, who is in which."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from populations import WEIGHT, is_scale

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

#: The most segments that anybody may say, as `forwhom.discover` has it.
K_MAX = 8
#: A partition whose silhouette is lower says "no groups": the most generous rule in use.
CLEAR_SILHOUETTE = 0.25
#: Customers that a silhouette is averaged over.
SILHOUETTE_ROWS = 2000
#: The smallest cluster of HDBSCAN, as a share of the customers.
SMALLEST_CLUSTER = 0.05
STARTS = 3
#: Verdicts of forwhom that say that there are groups.
GROUPS_SAID = ("clear", "likely")


@dataclass(frozen=True)
class Answer:
    """What was said: whether there are groups, how many segments, and who is in which."""

    groups: bool
    k: int
    labels: Labels
    #: forwhom's own word, where it says one.
    verdict: str | None = None


def ask_forwhom(table: pd.DataFrame) -> Answer:
    """Ask forwhom as a person does: a table, and nothing else."""
    from forwhom import discover

    result = discover(table)
    k = len(result.segmentation.segments)
    structure = getattr(result.segmentation, "structure", None)
    verdict = None if structure is None else str(structure.verdict)
    groups = k > 1 if verdict is None else verdict in GROUPS_SAID
    labels = np.asarray(result.members["segment"].to_numpy(), dtype=np.int64)
    return Answer(groups, k, labels, verdict)


def ask_kmeans(table: pd.DataFrame) -> Answer:
    """k-means for 2 to 8 segments, the number with the best silhouette."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    rows = standardized(table)
    weights = _weights(table)
    best = (-1.0, 1, np.zeros(len(rows), dtype=np.int64))
    for k in range(2, K_MAX + 1):
        labels = KMeans(k, n_init=STARTS, random_state=0).fit_predict(rows, sample_weight=weights)
        if len(np.unique(labels)) < 2:
            continue
        size = min(SILHOUETTE_ROWS, len(rows))
        score = silhouette_score(rows, labels, sample_size=size, random_state=0)
        best = max(best, (float(score), k, labels), key=lambda found: found[0])
    score, k, labels = best
    return Answer(score >= CLEAR_SILHOUETTE, k, labels)


def ask_gaussian_mixture(table: pd.DataFrame) -> Answer:
    """A mixture of normals with full covariances, 1 to 8 components by BIC."""
    from sklearn.mixture import GaussianMixture

    rows = standardized(table)
    fits = [
        GaussianMixture(k, n_init=STARTS, random_state=0).fit(rows) for k in range(1, K_MAX + 1)
    ]
    best = min(fits, key=lambda fit: fit.bic(rows))
    return Answer(best.n_components > 1, best.n_components, best.predict(rows))


def ask_hdbscan(table: pd.DataFrame) -> Answer:
    """HDBSCAN; two clusters or more with less than half of the customers as noise are groups."""
    from sklearn.cluster import HDBSCAN

    rows = standardized(table)
    smallest = max(5, round(SMALLEST_CLUSTER * len(rows)))
    labels = HDBSCAN(min_cluster_size=smallest, copy=True).fit_predict(rows)
    clusters = int(labels.max()) + 1
    groups = clusters >= 2 and float((labels < 0).mean()) < 0.5
    return Answer(groups, max(clusters, 1), labels)


def ask_stepmix(table: pd.DataFrame) -> Answer:
    """A latent class model of StepMix with each column as it was measured, 1 to 8 by BIC."""
    from stepmix.stepmix import StepMix
    from stepmix.utils import get_mixed_descriptor

    coded, kinds = measured(table)
    rows, measurement = get_mixed_descriptor(coded, **kinds)
    weights = _weights(table)
    fits = []
    for k in range(1, K_MAX + 1):
        model = StepMix(
            k, measurement=measurement, n_init=STARTS, random_state=0, progress_bar=0, verbose=0
        )
        fits.append(model.fit(rows, sample_weight=weights))

    def bic(model: Any) -> float:
        # Its own bic(X) knows no weights.
        loglik = len(rows) * model.score(rows, sample_weight=weights)
        return float(model.n_parameters * np.log(len(rows)) - 2 * loglik)

    best = min(fits, key=bic)
    labels = np.asarray(best.predict(rows), dtype=np.int64)
    return Answer(best.n_components > 1, best.n_components, labels)


ANSWERERS: dict[str, Callable[[pd.DataFrame], Answer]] = {
    "forwhom": ask_forwhom,
    "k-means": ask_kmeans,
    "GaussianMixture": ask_gaussian_mixture,
    "StepMix": ask_stepmix,
    "HDBSCAN": ask_hdbscan,
}


def ask(answerer: str, table: pd.DataFrame) -> Answer:
    """Ask one of them, on one thread, without the warnings that peers give on data like these."""
    with warnings.catch_warnings(), threadpool_limits(1):
        if answerer != "forwhom":
            warnings.simplefilter("ignore")
        return ANSWERERS[answerer](table)


def standardized(table: pd.DataFrame) -> Floats:
    """Return numbers with mean 0 and spread 1, and a column for each category but the first.

    Peers that take numbers know no missing value: the mean stands there.
    """
    numbers = pd.get_dummies(
        table.drop(columns=WEIGHT, errors="ignore"), drop_first=True, dtype=float
    )
    spread = numbers.std().replace(0.0, 1.0)
    return np.asarray(((numbers - numbers.mean()) / spread).fillna(0.0), dtype=np.float64)


def measured(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Return standardized numbers and categories from 0, and the columns of StepMix's kinds."""
    kinds: dict[str, list[str]] = {}
    coded = {}
    for name, column in table.drop(columns=WEIGHT, errors="ignore").items():
        if is_scale(str(name)) or not pd.api.types.is_numeric_dtype(column):
            kind = "categorical"
            codes = pd.Series(pd.factorize(column, sort=True)[0], index=column.index, dtype=float)
            coded[name] = codes.where(codes >= 0)
        else:
            kind = "continuous"
            coded[name] = (column - column.mean()) / column.std()
        suffix = "_nan" if column.isna().any() else ""
        kinds.setdefault(kind + suffix, []).append(str(name))
    return pd.DataFrame(coded), kinds


def _weights(table: pd.DataFrame) -> Floats | None:
    """Return sampling weights with mean 1, where there are any."""
    if WEIGHT not in table:
        return None
    weights = np.asarray(table[WEIGHT], dtype=np.float64)
    return np.asarray(weights / weights.mean())
