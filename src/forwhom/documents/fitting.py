"""How a segmentation was fitted: the numbers of segments that were tried, and how sure it is."""

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document

#: The criteria of a candidate, lower is better.
CRITERIA = ("bic", "aic", "aic3", "caic", "sabic", "icl")


#: What a mixture consists of.
Form = Literal["segments", "segments and scale", "scale"]


class Certainty(Document):
    """How sure membership is."""

    mean_probability: float = Field(description="Members' mean probability of this segment.")
    sure: float = Field(description="Share of members with a probability of at least 0.8.")


class Candidate(Document):
    """One number of segments that was tried, with its criteria."""

    k: int
    form: Form = Field(
        default="segments",
        description="Whether it has segments alone, segments with a scale that is common to all of "
        "them, or a scale that k bands are cut out of.",
    )
    log_likelihood: float
    n_parameters: int
    bic: float
    aic: float
    aic3: float
    caic: float
    sabic: float
    icl: float
    entropy_r2: float | None = Field(description="None for one segment.")
    classification_error: float
    smallest_share: float
    converged: bool
    n_iter: int
    best_start_share: float = Field(description="Share of completed starts at the best optimum.")
    n_starts: int
    degree: int | None = Field(
        default=None,
        description="What segments differ in on numbers and ratings that are tilts: 1 is where "
        "they stand, 2 is how far they spread as well. None without such, and for one segment.",
    )
    blrt_p: float | None = Field(default=None, description="Bootstrapped LRT of k-1 against k.")


class ChoiceSample(Document):
    """The customers that numbers of segments were tried on, where these are not all of them."""

    customers: int = Field(description="How many; the criteria of all candidates are of these.")
    all_customers: list[Candidate] = Field(
        default=[],
        description="Numbers between which the sample did not decide, fitted to all customers: "
        "the criterion chooses among these.",
    )


class Everybody(Document):
    """All customers, where everything else is told of those that were drawn from them."""

    customers: int = Field(description="How many there are.")
    segments: list[int] = Field(
        description="How many of them are most likely in each segment, in the order of these."
    )
    log_likelihood: float | None = Field(
        default=None,
        description="Of all of them. None where the model is that of the drawn customers: with "
        "weights, numbers as they were measured, or shares of a whole.",
    )


class Fit(Document):
    """How the model was computed."""

    method: Literal["mixture", "kmeans", "rfm", "rules"]
    criterion: str = Field(default="", description="What chose the number of segments.")
    sample: ChoiceSample | None = Field(
        default=None,
        description="What the number of segments was chosen on. None: all customers, or no choice.",
    )
    everybody: Everybody | None = Field(
        default=None,
        description="All customers, where those of this document were drawn from them. None: "
        "nobody was left out.",
    )
    seed: int
    n_starts: int = 0
    tol: float = 0.0
    max_iter: int = 0
    prior: float = 0.0
    converged: bool = True
    n_iter: int = 0
    best_start_share: float | None = None
    log_likelihood: float | None = None
    n_parameters: int | None = None
    degree: int | None = Field(
        default=None, description="What segments differ in on tilts, as in the candidate."
    )
    n_effective: float | None = Field(
        default=None,
        description="Equally weighted customers that say as much as the weighted ones; the "
        "criteria, the prior and the intervals count these. None without weights.",
    )
