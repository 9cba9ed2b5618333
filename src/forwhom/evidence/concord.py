"""How far judges agree: Krippendorff's alpha of scores, Kendall's W of rankings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Numbers = NDArray[np.float64]


def interval_alpha(scores: Numbers) -> float | None:
    """Return Krippendorff's alpha for interval data.

    Parameters
    ----------
    scores
        Shape (judges, cells); NaN where a judge gave no score.

    Returns
    -------
    float or None
        1 is full agreement, 0 what chance would give; ``None`` when no cell has two scores, or
        all scores are the same.

    References
    ----------
    K. Krippendorff, *Content Analysis* (2018), chapter 12.

    Examples
    --------
    >>> interval_alpha(np.array([[1.0, 5.0, 9.0], [1.0, 5.0, 9.0]]))
    1.0
    """
    paired = scores[:, (~np.isnan(scores)).sum(axis=0) >= 2]
    values = paired[~np.isnan(paired)]
    n = len(values)
    if n == 0 or np.ptp(values) == 0:
        return None
    within = 0.0
    for cell in paired.T:
        known = cell[~np.isnan(cell)]
        within += _squares(known) / (len(known) - 1)
    return float(1 - (within / n) / (_squares(values) / (n * (n - 1))))


def _squares(values: Numbers) -> float:
    """Return the sum of squared differences of all ordered pairs."""
    n = len(values)
    return float(2 * n * np.square(values - values.mean()).sum())


def concordance(totals: Numbers) -> float | None:
    """Return Kendall's W of the rankings that judges give, corrected for ties.

    Parameters
    ----------
    totals
        Shape (judges, segments), larger is better; without NaN.

    Returns
    -------
    float or None
        1 is the same order by all; ``None`` with fewer than two judges or segments, or when
        every judge ties all segments.

    Examples
    --------
    >>> concordance(np.array([[9.0, 5.0, 1.0], [8.0, 4.0, 2.0]]))
    1.0
    """
    m, n = totals.shape
    if m < 2 or n < 2:
        return None
    ranks = stats.rankdata(-totals, axis=1)
    spread = np.square(ranks.sum(axis=0) - m * (n + 1) / 2).sum()
    ties = sum(
        int((times**3 - times).sum())
        for times in (np.unique(row, return_counts=True)[1] for row in ranks)
    )
    most = m**2 * (n**3 - n) - m * ties
    return None if most == 0 else float(12 * spread / most)
