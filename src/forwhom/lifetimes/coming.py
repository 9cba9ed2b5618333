"""The models of when customers come back, by the names that options have, with one face.

Each knows a customer by three columns: how often it came back, when for the last time, and how long
it was observed; its docstring says what they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from forwhom.documents.value import ModelName
from forwhom.lifetimes import buying, opportunities, renewals
from forwhom.lifetimes.maximum import Floats, Maximum, Prior
from forwhom.lifetimes.rows import Rows

#: Returns a number for each customer, given parameters and the three columns.
OfEach: TypeAlias = Callable[[Floats, Floats, Floats, Floats], Floats]


class Expecting(Protocol):
    """Returns what is expected of each customer until t, given parameters and a discount."""

    def __call__(
        self, parameters: Floats, t: float, discount: float,
        frequency: Floats, recency: Floats, T: Floats, /,
    ) -> Floats: ...  # fmt: skip


@dataclass(frozen=True)
class Coming:
    """A model of when customers come back."""

    name: ModelName
    label: str  # as the field calls it
    size: int  # parameters
    fit: Callable[[Rows], Maximum]
    refit: Callable[[Rows, Floats, Floats, Prior | None], Maximum]
    alive: OfEach  # the chance that each still is a customer
    scores: OfEach  # slopes over the logarithms of parameters, (n, p)
    expected: Expecting
    drawn: Callable[[Floats, float, tuple[Floats, ...], Floats, np.random.Generator], Floats]
    periods: bool = False  # time counts in whole periods, in each of which they come or do not
    priced: bool = False  # what a customer pays each time is known, and not learned


BG_NBD = Coming(
    "bg-nbd", "BG/NBD", 4, buying.fit_purchases, buying.refit_purchases, buying.alive,
    buying.purchase_scores, buying.discounted_purchases, buying.drawn_purchases,
)  # fmt: skip
BG_BB = Coming(
    "bg-bb", "BG/BB", 4, opportunities.fit_opportunities, opportunities.refit_opportunities,
    opportunities.alive_in_next, opportunities.opportunity_scores, opportunities.periods_ahead,
    opportunities.drawn_periods, periods=True,
)  # fmt: skip
SBG = Coming(
    "sbg", "Shifted beta-geometric", 2, renewals.fit_renewals, renewals.refit_renewals,
    renewals.has_contract, renewals.renewal_scores, renewals.renewals_ahead,
    renewals.drawn_renewals, periods=True, priced=True,
)  # fmt: skip
#: All models, by name.
MODELS: dict[ModelName, Coming] = {one.name: one for one in (BG_NBD, BG_BB, SBG)}
