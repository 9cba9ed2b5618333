"""Stability: would the same segments be found again? It is no test of structure."""

from typing import Literal

from pydantic import Field

from forwhom.documents.base import Document

#: Mean agreement from which segments are found again: "good recovery" of Steinley (2004).
AGREES = 0.8
#: Overlap from which a segment is found again in a replicate (Hennig 2007).
FOUND = 0.75
#: Agreement that random starts lose, beyond which several optima are told.
LOST = 0.1

#: How segments may be read (Dolnicar, Grün and Leisch 2018): ``natural``: clear groups that are
#: found again; ``reproducible``: found again, whatever they are; ``constructive``: drawn elsewhere
#: each time, so that they are made rather than found.
Reading = Literal["natural", "reproducible", "constructive"]


class NumberStability(Document):
    """How well replicates agree with what was found, for one number of segments."""

    k: int
    agreement: float = Field(
        description="Mean adjusted Rand index of the segments found in the replicates, from random "
        "starts, with those found: 1 is the same, 0 is chance."
    )
    low: float = Field(description="5 % of the replicates agree less.")
    high: float = Field(description="5 % of the replicates agree more.")
    warm: float = Field(
        description="The mean when replicates start from the segments found; far above "
        "'agreement', it says that there are several optima."
    )


class SegmentStability(Document):
    """How well one segment is found again."""

    segment: int = Field(description="Id of the segment.")
    jaccard: float = Field(
        description="Customers in both over customers in either, with the most alike segment of a "
        "replicate; the mean over all replicates."
    )
    found: int = Field(description="Replicates in which it is 0.75 or more.")


class Stability(Document):
    """Whether the segments are found again in bootstrap replicates of the customers."""

    replicates: int
    rows: int = Field(
        description="Customers that were replicated; those with the same values may be one row."
    )
    rows_in_all: int = Field(
        description="Rows of all customers; where fewer were replicated, segments seem rather "
        "less stable than they are."
    )
    reading: Reading
    numbers: list[NumberStability] = Field(
        default_factory=list, description="Those segments, and other numbers where asked for."
    )
    segments: list[SegmentStability] = Field(default_factory=list)

    def of(self, k: int) -> NumberStability | None:
        """Return how stable ``k`` segments are."""
        return next((one for one in self.numbers if one.k == k), None)
