"""Whether chance put customers into the arms of an experiment: if not, nothing can be read from it.

Source: A. Fabijan et al., *Diagnosing Sample Ratio Mismatch in Online Controlled Experiments*, KDD
2019, 2156-2164.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from forwhom.documents.experiment import ExperimentPlan
from forwhom.documents.results.experiment import Allocation
from forwhom.languages.catalog import tr, whole
from forwhom.statistics.dominance import pulled_in
from forwhom.statistics.membership import Membership
from forwhom.wording import percent

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: Arms that are so unlike their parts by chance are a fault, and nothing is read.
UNEQUAL = 0.001
#: The same of arms that have other parts in some segments: looked at beside, and seldom wrong.
UNEQUAL_SEGMENTS = 0.0001


@dataclass(frozen=True)
class Trial:
    """The customers of an experiment, each an element of arrays of shape (n,).

    Parameters
    ----------
    outcome
        What was measured; NaN where it is missing.
    treated
        Whether they are in the other arm than the control.
    segment
        Which planned segment they are of, from 0.
    day
        The day they came in, as an ordinal number; None where no days are known.
    """

    outcome: Floats
    treated: Bools
    segment: Ints
    day: Ints | None = None

    def pick(self, where: Bools) -> Trial:
        """Return some of the customers."""
        day = None if self.day is None else self.day[where]
        return Trial(self.outcome[where], self.treated[where], self.segment[where], day)

    def without_dominating(self, threshold: int) -> Trial:
        """Return a trial in which nobody has so much that a mean of an arm would tell of it.

        Who has far more than all others of the same arm and segment counts as the next one does.
        """
        if threshold <= 1:
            return self
        cells = np.eye(2 * (int(self.segment.max(initial=0)) + 1))
        member = Membership.of(cells[2 * self.segment + self.treated])
        outcome = pulled_in(self.outcome, member, 1)
        return self if outcome is self.outcome else replace(self, outcome=outcome)

    def arms(self) -> tuple[int, int]:
        """Return how many customers each arm has."""
        treated = int(self.treated.sum())
        return len(self.treated) - treated, treated


def allocation_of(plan: ExperimentPlan, trial: Trial) -> Allocation:
    """Return how many customers each arm has, and how likely that is by chance."""
    found, total = trial.arms(), len(trial.treated)
    due = [total * share for share in plan.shares]
    square = sum((n - d) ** 2 / d for n, d in zip(found, due, strict=True) if d > 0)
    table = np.zeros((max(len(plan.segments), 1), 2))
    np.add.at(table, (trial.segment, trial.treated.astype(int)), 1)
    table = table[table.sum(axis=1) > 0]
    several = None
    if len(table) > 1 and min(found) > 0:
        several = _by_chance(table)
    return Allocation(
        customers=found, expected=plan.shares, p=float(chdtrc(1, square)), p_segments=several
    )


def _by_chance(table: Floats) -> float:
    """Return how likely chance makes rows of counts differ so much (Pearson)."""
    from scipy.stats import chi2_contingency  # not loaded by commands that do not ask

    return float(chi2_contingency(table, correction=False)[1])


def unequal(plan: ExperimentPlan, found: Allocation) -> str:
    """Say what is wrong with the arms; empty where chance may have made them."""
    if found.p < UNEQUAL:
        total = sum(found.customers)
        parts = [
            tr(
                "{arm} has {share} of the customers instead of {due}",
                arm=repr(arm),
                share=percent(n / total, 1),
                due=percent(due, 1),
            )
            for arm, n, due in zip(plan.arms, found.customers, found.expected, strict=True)
        ]
        return tr(
            "{part}, which chance would do in fewer than 1 of {n} experiments. Something puts "
            "customers into arms, or loses them, other than by chance: find out what, and "
            "begin again.",
            part=parts[0],
            n=whole(round(1 / UNEQUAL)),
        )
    if found.p_segments is not None and found.p_segments < UNEQUAL_SEGMENTS:
        return tr(
            "the arms have other parts of the customers in some segments than in others, which "
            "chance would hardly do. Was the segment known before the arm, and for everybody?"
        )
    return ""


def lost(plan: ExperimentPlan, trial: Trial) -> str:
    """Say that one arm lost more outcomes than the other; empty where it did not."""
    missing = np.isnan(trial.outcome)
    if not missing.any() or missing.all() or min(trial.arms()) == 0:
        return ""
    table = np.zeros((2, 2))
    np.add.at(table, (missing.astype(int), trial.treated.astype(int)), 1)
    if _by_chance(table) >= UNEQUAL:
        return ""
    rates = [percent(float(missing[trial.treated == side].mean()), 1) for side in (False, True)]
    return tr(
        "{column} is missing for {one} of {control} and {other} of {treated}, which chance would "
        "hardly do: those that are left are not alike.",
        column=repr(plan.outcome.column),
        one=rates[0],
        control=repr(plan.control),
        other=rates[1],
        treated=repr(plan.treated),
    )
