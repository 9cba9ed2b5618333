"""The items of a mixture: what is known of a variable, or of several, in each segment.

Each item says which numbers it can hold. All lists over segments are in the order of the segments.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.possibility import (
    Problem,
    is_covariance,
    is_spread,
    lengths,
    sums_to_one,
    unless,
)


class FittedItem(Document, ABC):
    """What a family of distributions writes, and everything that it scores with."""

    @property
    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """The variables that it is about."""

    @property
    @abstractmethod
    def terms(self) -> tuple[str, ...]:
        """The parts of its log density, of which each can be missing by itself."""

    @abstractmethod
    def impossible(self, k: int) -> Iterator[Problem]:
        """Find numbers that no fit of k segments can give."""


class VariableItem(FittedItem, ABC):
    """An item of one variable."""

    kind: str
    variable: str

    @property
    def names(self) -> tuple[str, ...]:
        """The variable."""
        return (self.variable,)


class CategoricalItem(VariableItem):
    """A binary, nominal or ordinal variable: a probability per segment and level."""

    kind: Literal["categorical"] = "categorical"
    variable: str
    levels: list[str]
    probabilities: list[list[float]] = Field(description="Segments × levels; rows sum to 1.")

    terms: ClassVar[tuple[str, ...]] = ("level",)

    def impossible(self, k: int) -> Iterator[Problem]:
        """Rows of probabilities of each level once."""
        yield from lengths(k, probabilities=self.probabilities)
        if any(len(row) != len(self.levels) for row in self.probabilities):
            what = f"{self.variable!r} does not have a probability for each of its levels."
            yield ("probabilities",), what
        elif not all(map(sums_to_one, self.probabilities)):
            yield ("probabilities",), f"{self.variable!r} has probabilities that do not sum to 1."
        if len(set(self.levels)) < len(self.levels):
            yield ("levels",), f"{self.variable!r} has a level twice."


class TiltItem(VariableItem):
    """A number in bins: a probability per segment and bin."""

    kind: Literal["tilt"] = "tilt"
    variable: str
    cuts: list[float] = Field(description="Upper cuts of all bins but the last, ascending.")
    centers: list[float] = Field(description="Middle value in each bin.")
    probabilities: list[list[float]] = Field(description="Segments × bins; rows sum to 1.")
    low: float | None = Field(default=None, description="A smaller value is unlike any seen.")
    high: float | None = Field(default=None, description="A larger value is unlike any seen.")

    terms: ClassVar[tuple[str, ...]] = ("bin",)

    def impossible(self, k: int) -> Iterator[Problem]:
        """Ascending cuts, and probabilities of each bin."""
        yield from lengths(k, probabilities=self.probabilities)
        bins = len(self.cuts) + 1
        if any(b <= a for a, b in pairwise(self.cuts)):
            yield ("cuts",), f"{self.variable!r} has cuts that do not ascend."
        if self.low is not None and self.high is not None and self.low > self.high:
            yield ("low",), f"{self.variable!r} has a lowest value above its highest."
        if len(self.centers) != bins:
            yield ("centers",), f"{self.variable!r} does not have a center for each of its bins."
        if any(len(row) != bins for row in self.probabilities):
            what = f"{self.variable!r} does not have a probability for each of its bins."
            yield ("probabilities",), what
        elif not all(map(sums_to_one, self.probabilities)):
            yield ("probabilities",), f"{self.variable!r} has probabilities that do not sum to 1."


class PoissonItem(VariableItem):
    """A count: a Poisson rate per segment."""

    kind: Literal["poisson"] = "poisson"
    variable: str
    rates: list[float]

    terms: ClassVar[tuple[str, ...]] = ("count",)

    def impossible(self, k: int) -> Iterator[Problem]:
        """Rates from 0."""
        yield from lengths(k, rates=self.rates)
        what = f"{self.variable!r} has a negative rate."
        yield from unless(lambda rate: rate >= 0, what, rates=self.rates)


class GaussianItem(VariableItem):
    """A continuous variable: mean and standard deviation per segment."""

    kind: Literal["gaussian"] = "gaussian"
    variable: str
    means: list[float]
    sds: list[float]

    terms: ClassVar[tuple[str, ...]] = ("value",)

    def impossible(self, k: int) -> Iterator[Problem]:
        """Standard deviations above 0."""
        yield from lengths(k, means=self.means, sds=self.sds)
        yield from _spread(self.variable, sds=self.sds)


class PositiveItem(VariableItem):
    """A positive variable: log-normal, with the probability of being above zero."""

    kind: Literal["positive"] = "positive"
    variable: str
    any: list[float] | None = Field(
        description="Probability of a value above zero; None when zeros never occurred."
    )
    log_means: list[float]
    log_sds: list[float]

    @property
    def terms(self) -> tuple[str, ...]:
        """Whether it is above zero, where zeros occurred, and its value where it is."""
        value = "value above zero"
        return (value,) if self.any is None else ("above zero", value)

    def impossible(self, k: int) -> Iterator[Problem]:
        """Probabilities, and standard deviations above 0."""
        yield from lengths(k, any=self.any, log_means=self.log_means, log_sds=self.log_sds)
        what = f"{self.variable!r} has a probability outside 0 to 1."
        yield from unless(lambda share: 0 <= share <= 1, what, any=self.any)
        yield from _spread(self.variable, log_sds=self.log_sds)


class GaussianBlock(FittedItem):
    """Continuous or positive variables with a full covariance matrix per segment."""

    kind: Literal["gaussian-block"] = "gaussian-block"
    variables: list[str]
    tied: bool = Field(description="One covariance matrix for all segments.")
    means: list[list[float]] = Field(description="Segments × variables.")
    covariances: list[list[list[float]]] = Field(description="Segments × variables × variables.")

    @property
    def names(self) -> tuple[str, ...]:
        """The variables of the block."""
        return tuple(self.variables)

    terms: ClassVar[tuple[str, ...]] = ("block",)

    def impossible(self, k: int) -> Iterator[Problem]:
        """Covariance matrices; tied ones may be written once."""
        yield from lengths(k, means=self.means)
        if not (self.tied and len(self.covariances) == 1):
            yield from lengths(k, covariances=self.covariances)
        d, named = len(self.variables), ", ".join(map(repr, self.variables))
        if len(set(self.variables)) < d:
            yield ("variables",), f"{named}: a variable is there twice."
        if any(len(row) != d for row in self.means):
            yield ("means",), f"{named} do not have a mean each."
        if any(len(one) != d or any(len(row) != d for row in one) for one in self.covariances):
            yield ("covariances",), f"a covariance matrix of {named} is not {d} × {d}."
        elif not all(map(is_covariance, self.covariances)):
            what = f"a covariance matrix of {named} is not symmetric and positive definite."
            yield ("covariances",), what


class DirichletMultinomialItem(FittedItem):
    """Shares of one whole: where the items of a customer fall, so many of ten at most.

    Within a segment the shares of customers vary around those of the segment, the less the higher
    the precision is.
    """

    kind: Literal["dirichlet-multinomial"] = "dirichlet-multinomial"
    whole: str = Field(description="What the variables are the parts of.")
    variables: list[str]
    items: str = Field(description="The variable that holds the number of items.")
    shares: list[list[float]] = Field(description="Segments × variables; rows sum to 1.")
    precision: float
    sizes: list[float] = Field(
        description="Share of the customers with 1, 2, … 10 items; those with more have 10."
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The parts of the whole."""
        return tuple(self.variables)

    @property
    def terms(self) -> tuple[str, ...]:
        """The whole, by the number of items: what can be expected depends on it."""
        return tuple(f"{n} item{'s' if n > 1 else ''}" for n in range(1, len(self.sizes) + 1))

    def impossible(self, k: int) -> Iterator[Problem]:
        """Rows of shares, a precision above 0, and shares of ten numbers of items."""
        yield from lengths(k, shares=self.shares)
        if len(set(self.variables)) < len(self.variables):
            yield ("variables",), f"{self.whole!r} has a part twice."
        if any(len(row) != len(self.variables) for row in self.shares):
            yield ("shares",), f"{self.whole!r} does not have a share for each of its parts."
        elif not all(map(sums_to_one, self.shares)):
            yield ("shares",), f"{self.whole!r} has shares that do not sum to 1."
        if not 0 < self.precision < math.inf:
            yield ("precision",), f"{self.whole!r} has a precision that is not above zero."
        if len(self.sizes) != 10 or not sums_to_one(self.sizes):
            yield ("sizes",), f"{self.whole!r} does not have shares of ten numbers of items."


Item = Annotated[
    CategoricalItem
    | TiltItem
    | PoissonItem
    | GaussianItem
    | PositiveItem
    | GaussianBlock
    | DirichletMultinomialItem,
    Field(discriminator="kind"),
]


def _spread(variable: str, **sds: list[float]) -> Iterator[Problem]:
    what = f"{variable!r} has a standard deviation that is not above zero, or beyond all data."
    return unless(is_spread, what, **sds)
