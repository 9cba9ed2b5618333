from typing import Literal

import numpy as np
from numpy.typing import NDArray

from forwhom.alignment.ratings import Codes, Numbers, Ratings
from forwhom.documents.results.alignment import VarianceShare

Source = Literal["item", "segment", "segment-by-item", "rater", "rest"]

#: Sources are told apart in this order; one that cannot be told from those before is left out.
_ORDER: tuple[Source, ...] = ("rest", "item", "segment", "rater", "segment-by-item")
_SHOWN: tuple[Source, ...] = ("item", "segment", "segment-by-item", "rater", "rest")
#: Below this angle two sources look the same.
_ALIKE = 1e-8


def variance_shares(ratings: Ratings) -> tuple[list[VarianceShare], list[str]]:
    """Return how much of the variance of ratings comes from items, segments, raters and the rest.

    A rating is seen as mean + item + segment + segment-by-item + rater + rest, each a random
    effect of its own. The components are those for which the sums of squared totals of every
    source are what is expected of them (MINQUE(0); Rao CR (1971), Journal of Multivariate Analysis
    1(4), 445-456): unbiased however unbalanced the ratings are, and equal to the analysis of
    variance when nothing is missing.
    """
    n = len(ratings)
    if n < 3 or np.ptp(ratings.value) == 0:
        return [], []
    factors: dict[Source, Codes] = {
        "item": ratings.item,
        "segment": ratings.segment,
        "segment-by-item": ratings.cell,
        "rater": ratings.rater,
    }
    codes = {
        source: np.unique(code, return_inverse=True)[1]
        for source, code in factors.items()
        if len(np.unique(code)) > 1
    }
    if len(np.unique(ratings.segment)) < 2 or len(np.unique(ratings.item)) < 2:
        codes.pop("segment-by-item", None)
    sources = [s for s in _ORDER if s == "rest" or s in codes]
    gram = _gram(sources, codes, n)
    kept = _told_apart(gram)
    totals = _squared_totals(sources, codes, ratings.value)
    solved = np.linalg.solve(gram[np.ix_(kept, kept)], totals[kept])
    found = {sources[index]: float(v) for index, v in zip(kept, solved, strict=True)}
    total = sum(max(v, 0.0) for v in found.values()) or 1.0
    shares = [
        VarianceShare(source=s, variance=found[s], share=max(found[s], 0.0) / total)
        for s in _SHOWN
        if s in found
    ]
    return shares, [s for s in sources if s not in found]


def _gram(sources: list[Source], codes: dict[Source, Codes], n: int) -> Numbers:
    """What each component adds to the expected squared totals of each source."""
    gram = np.empty((len(sources), len(sources)))
    for i, first in enumerate(sources):
        for j, second in enumerate(sources[: i + 1]):
            gram[i, j] = gram[j, i] = _inner(codes.get(first), codes.get(second), n)
    return gram


def _inner(first: Codes | None, second: Codes | None, n: int) -> float:
    if first is None and second is None:
        return n - 1.0
    if first is None or second is None:
        code = first if first is not None else second
        assert code is not None
        return float(n - np.sum(np.bincount(code).astype(float) ** 2) / n)
    width = int(second.max()) + 1
    joint = np.bincount(first * width + second, minlength=(int(first.max()) + 1) * width)
    counts = joint.reshape(-1, width).astype(np.float64)
    apart = counts - np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    return float(np.sum(apart**2))


def _squared_totals(
    sources: list[Source], codes: dict[Source, Codes], value: Numbers
) -> NDArray[np.float64]:
    off = value - value.mean()
    totals = [
        off if source == "rest" else np.bincount(codes[source], weights=off) for source in sources
    ]
    return np.array([np.sum(total**2) for total in totals])


def _told_apart(gram: Numbers) -> list[int]:
    size = np.sqrt(np.diag(gram))
    kept: list[int] = []
    for index in range(len(gram)):
        chosen = [*kept, index]
        if size[index] == 0:
            continue
        part = gram[np.ix_(chosen, chosen)] / np.outer(size[chosen], size[chosen])
        if np.linalg.eigvalsh(part)[0] > _ALIKE:
            kept.append(index)
    return kept
