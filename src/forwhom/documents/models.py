"""The fitted models that a Segmentation can hold: everything needed to place a new customer.

All lists over segments are in the order of the segments (largest first). Each model says which
numbers it can hold: with others, scores would be wrong without a word.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.items import Item
from forwhom.documents.possibility import Problem, is_spread, lengths, sums_to_one, unless


class FittedModel(Document, ABC):
    """A model that places customers into k segments."""

    @abstractmethod
    def impossible(self, k: int) -> Iterator[Problem]:
        """Find numbers that no fit of k segments can give, with their key paths in the model."""


class Novelty(Document):
    """When a customer fits no segment.

    For segment k the score is ``sum_j (log f_jk(x_j) - center_jk) / sqrt(sum_j spread_jk)``
    over the variables j that the customer has; a customer whose best score is under
    ``threshold`` is like nobody seen before.
    """

    threshold: float
    centers: list[list[float]] = Field(description="Terms × segments: expected log density.")
    spreads: list[list[float]] = Field(description="Terms × segments: its variance.")


class ClassesAlong(Document):
    """Classes that segments consist of: each is a place on a scale that moves the variables.

    A customer's probability of a segment is that of its classes, added up, and the customer's
    place on the scale is the mean of the places, weighted by these probabilities.
    """

    segment: list[int] = Field(description="Which segment each class is part of, from 1.")
    place: list[float] = Field(
        description="Where each class stands on the scale, in standard deviations from its mean."
    )


class MixtureModel(FittedModel):
    """A finite mixture: segment weights and one item per variable."""

    kind: Literal["mixture"] = "mixture"
    weights: list[float] = Field(description="Shares of the segments, or of the classes.")
    classes: ClassesAlong | None = Field(
        default=None,
        description="Where there are classes, what is said of each segment in weights, items and "
        "novelty is said of each class instead.",
    )
    items: list[Item]
    novelty: Novelty

    @property
    def parts(self) -> list[int]:
        """Segment of each class, from 0: every class is one, unless segments consist of classes."""
        if self.classes is None:
            return list(range(len(self.weights)))
        return [segment - 1 for segment in self.classes.segment]

    def impossible(self, k: int) -> Iterator[Problem]:
        """Shares that sum to 1, possible items of different variables, a line for each term."""
        if self.classes is not None:
            yield from self._impossible_classes(self.classes, k)
            k = len(self.classes.segment)
        if len(self.weights) != k:
            yield ("weights",), f"there are not {k} weights."
        elif not sums_to_one(self.weights):
            yield ("weights",), "the weights are not probabilities that sum to 1."
        named: set[str] = set()
        for index, item in enumerate(self.items):
            twice = named.intersection(item.names)
            if twice:
                yield ("items", index), f"{min(twice)!r} is in a second item."
            named.update(item.names)
            for keys, problem in item.impossible(k):
                yield ("items", index, *keys), problem
        terms = sum(len(item.terms) for item in self.items)
        for key, lines in (("centers", self.novelty.centers), ("spreads", self.novelty.spreads)):
            if any(len(line) != k for line in lines):
                yield ("novelty", key), f"{key!r} has a line that is not one per segment."
            if len(lines) != terms:
                yield ("novelty", key), f"{key!r} has {len(lines)} lines for {terms} terms."
        if any(spread < 0 for line in self.novelty.spreads for spread in line):
            yield ("novelty", "spreads"), "a spread is negative."

    def _impossible_classes(self, classes: ClassesAlong, k: int) -> Iterator[Problem]:
        if set(classes.segment) != set(range(1, k + 1)):
            yield ("classes", "segment"), f"the classes are not those of segments 1 to {k}."
        if len(classes.place) != len(classes.segment):
            yield ("classes", "place"), f"there are not {len(classes.segment)} places."


class KMeansModel(FittedModel):
    """k-means on standardized variables; missing values take the mean."""

    kind: Literal["kmeans"] = "kmeans"
    variables: list[str]
    means: list[float]
    sds: list[float]
    centers: list[list[float]] = Field(description="Segments × variables, standardized.")

    def reads(self, variable: str) -> bool:
        """Whether centers have a number for it."""
        return variable in self.variables

    def impossible(self, k: int) -> Iterator[Problem]:
        """A center per segment, and all numbers for each variable."""
        yield from lengths(k, centers=self.centers)
        d = len(self.variables)
        for key, rows in (("means", [self.means]), ("sds", [self.sds]), ("centers", self.centers)):
            if any(len(row) != d for row in rows):
                yield (key,), f"{key!r} does not have a number for each of the {d} variables."
        what = "a standard deviation is not above zero, or beyond all data."
        yield from unless(is_spread, what, sds=self.sds)


class RFMModel(FittedModel):
    """A grid of recency, frequency and monetary value: cut points and the cells' segments."""

    kind: Literal["rfm"] = "rfm"
    recency: str
    frequency: str
    monetary: str
    cuts: dict[str, list[float]] = Field(description="Upper cut points per variable, ascending.")
    cells: dict[str, int] = Field(description="'r-f-m' scores, such as '3-1-2', to segment id.")

    def reads(self, variable: str) -> bool:
        """Whether it is an axis of the grid."""
        return variable in (self.recency, self.frequency, self.monetary)

    def impossible(self, k: int) -> Iterator[Problem]:
        """Ascending cuts, and cells of the grid in segments 1 to k."""
        scores = []
        for name in (self.recency, self.frequency, self.monetary):
            cuts = self.cuts.get(name, [])
            scores.append([str(score) for score in range(1, len(cuts) + 2)])
            if not cuts or any(b <= a for a, b in pairwise(cuts)):
                yield ("cuts",), f"{name!r} has no cut points in ascending order."
        for cell, segment in self.cells.items():
            parts = cell.split("-")
            if len(parts) != len(scores) or any(
                part not in known for part, known in zip(parts, scores, strict=True)
            ):
                yield ("cells", cell), f"the grid has no cell {cell!r}."
            if not 1 <= segment <= k:
                yield ("cells", cell), f"the cell {cell!r} is in segment {segment}, of {k}."


class Rule(Document):
    """One segment as a condition in SQL on the variables."""

    name: str
    when: str


class RulesModel(FittedModel):
    """Rules that a person wrote; the first that holds decides."""

    kind: Literal["rules"] = "rules"
    rules: list[Rule]
    otherwise: str = Field(default="Everyone else", description="Name of those no rule takes.")

    def reads(self, variable: str) -> bool:
        """Whether a condition names it."""
        return any(variable in rule.when for rule in self.rules)

    def impossible(self, k: int) -> Iterator[Problem]:
        """A segment for each rule, and one for everyone else."""
        if len(self.rules) + 1 != k:
            yield ("rules",), f"{len(self.rules)} rules do not make {k} segments."


Model = MixtureModel | KMeansModel | RFMModel | RulesModel
