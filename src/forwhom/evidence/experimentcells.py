"""Which numbers of an experiment tell of few: a difference with its interval gives counts back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.experiment import ExperimentPlan
from forwhom.documents.privacy import is_small, withheld_cells
from forwhom.evidence.allocation import Trial

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: What is not told where few would show; the verdict is.
UNTOLD = dict.fromkeys(
    ("levels", "difference", "interval", "sure", "pooled", "pooled_interval", "p")
)


def open_cells(plan: ExperimentPlan, trial: Trial, k: int, threshold: int) -> list[bool]:
    """Return whether what is told of each of k segments, and of all, tells of no few.

    Few are the customers of an arm who have a share, or have it not, or who have another number
    than the middle one.
    """
    if threshold < 2:
        return [True] * (k + 1)
    arm = 2 * trial.segment + trial.treated
    shares = plan.outcome.is_share
    differs = trial.outcome > 0 if shares else trial.outcome != _medians(trial.outcome, arm)[arm]
    counts = np.zeros((k, 4), dtype=np.int64)
    np.add.at(counts, (trial.segment, 2 * trial.treated.astype(int) + differs), 1)
    if not shares:  # how many have the middle number follows from no mean
        counts = counts[:, 1::2]
    hidden = withheld_cells(counts.tolist(), threshold, totals=True)
    return [not any(row) for row in hidden] if k > 1 else [not any(hidden[0])] * 2


def is_open(plan: ExperimentPlan, trial: Trial, threshold: int) -> bool:
    """Return the same of all customers together, where their segments are not told.

    Of one in an arm, the middle number is their own.
    """
    if any(is_small(n, threshold) for n in trial.arms()):
        return False
    together = replace(trial, segment=np.zeros_like(trial.segment))
    return open_cells(plan, together, 1, threshold)[-1]


def _medians(values: Floats, group: Ints) -> Floats:
    own = [values[group == g] for g in range(int(group.max(initial=-1)) + 1)]
    return np.array([np.median(one) if len(one) else np.nan for one in own])
