"""What customers were like when segments were found, so that later ones can be held against it."""

from collections.abc import Iterator

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.possibility import ROUNDING


class Reference(Document):
    """One variable among the customers who formed the segments.

    ``inside`` is what other customers of the same kind would show: segments fit the customers who
    formed them a little too well, and each customer's own influence on them is taken back.
    """

    variable: str
    cuts: list[float] = Field(
        default_factory=list, description="Of a number: upper cuts of all bins but the last."
    )
    levels: list[str] = Field(default_factory=list, description="Of levels: their names.")
    shares: list[float | None] = Field(
        description="Share of customers with a value in each bin or level; None where withheld."
    )
    inside: list[list[float | None]] = Field(
        description="Segments × levels: share. Of a number, segments × 1: the mean of the members' "
        "normal scores, in standard deviations of all customers. None where withheld."
    )

    def impossible(self, k: int) -> Iterator[tuple[str, str]]:
        """Yield what no run gives, with the key that holds it."""
        bins = len(self.levels) or len(self.cuts) + 1
        wide = len(self.levels) or 1
        if any(b <= a for a, b in zip(self.cuts, self.cuts[1:], strict=False)):
            yield "cuts", f"{self.variable!r} has cuts that do not ascend."
        if len(self.shares) != bins or not all(map(_is_share, self.shares)):
            yield "shares", f"{self.variable!r} does not have a share for each bin or level."
        if len(self.inside) != k or any(len(row) != wide for row in self.inside):
            yield "inside", f"{self.variable!r} is not described in each of the {k} segments."
        elif self.levels and not all(_is_share(one) for row in self.inside for one in row):
            yield "inside", f"{self.variable!r} has a share that is not within 0 to 1."


def _is_share(value: float | None) -> bool:
    return value is None or -ROUNDING <= value <= 1 + ROUNDING
