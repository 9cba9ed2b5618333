"""The fitted models that a Segmentation can hold: everything needed to place a new customer.

All lists over segments are in the order of the segments (largest first).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from forwhom.documents.base import Document


class CategoricalItem(Document):
    """A binary, nominal or ordinal variable: a probability per segment and level."""

    kind: Literal["categorical"] = "categorical"
    variable: str
    levels: list[str]
    probabilities: list[list[float]] = Field(description="Segments × levels; rows sum to 1.")


class PoissonItem(Document):
    """A count: a Poisson rate per segment."""

    kind: Literal["poisson"] = "poisson"
    variable: str
    rates: list[float]


class GaussianItem(Document):
    """A continuous variable: mean and standard deviation per segment."""

    kind: Literal["gaussian"] = "gaussian"
    variable: str
    means: list[float]
    sds: list[float]


class PositiveItem(Document):
    """A positive variable: log-normal, with the probability of being above zero."""

    kind: Literal["positive"] = "positive"
    variable: str
    any: list[float] | None = Field(
        description="Probability of a value above zero; None when zeros never occurred."
    )
    log_means: list[float]
    log_sds: list[float]


class GaussianBlock(Document):
    """Continuous or positive variables with a full covariance matrix per segment."""

    kind: Literal["gaussian-block"] = "gaussian-block"
    variables: list[str]
    tied: bool = Field(description="One covariance matrix for all segments.")
    means: list[list[float]] = Field(description="Segments × variables.")
    covariances: list[list[list[float]]] = Field(description="Segments × variables × variables.")


Item = Annotated[
    CategoricalItem | PoissonItem | GaussianItem | PositiveItem | GaussianBlock,
    Field(discriminator="kind"),
]


class Novelty(Document):
    """When a customer fits no segment.

    For segment k the score is ``sum_j (log f_jk(x_j) - center_jk) / sqrt(sum_j spread_jk)``
    over the variables j that the customer has; a customer whose best score is under
    ``threshold`` is like nobody seen before.
    """

    threshold: float
    centers: list[list[float]] = Field(description="Terms × segments: expected log density.")
    spreads: list[list[float]] = Field(description="Terms × segments: its variance.")


class MixtureModel(Document):
    """A finite mixture: segment weights and one item per variable."""

    kind: Literal["mixture"] = "mixture"
    weights: list[float]
    items: list[Item]
    novelty: Novelty


class KMeansModel(Document):
    """k-means on standardized variables; missing values take the mean."""

    kind: Literal["kmeans"] = "kmeans"
    variables: list[str]
    means: list[float]
    sds: list[float]
    centers: list[list[float]] = Field(description="Segments × variables, standardized.")


class RFMModel(Document):
    """A grid of recency, frequency and monetary value: cut points and the cells' segments."""

    kind: Literal["rfm"] = "rfm"
    recency: str
    frequency: str
    monetary: str
    cuts: dict[str, list[float]] = Field(description="Upper cut points per variable, ascending.")
    cells: dict[str, int] = Field(description="'r-f-m' scores, such as '3-1-2', to segment id.")


class Rule(Document):
    """One segment as a condition in SQL on the variables."""

    name: str
    when: str


class RulesModel(Document):
    """Rules that a person wrote; the first that holds decides."""

    kind: Literal["rules"] = "rules"
    rules: list[Rule]
    otherwise: str = Field(default="Everyone else", description="Name of those no rule takes.")


Model = MixtureModel | KMeansModel | RFMModel | RulesModel
