from dataclasses import dataclass
from typing import ClassVar

from forwhom.documents.base import Basis, Criterion, Measure, Role, Use


@dataclass(frozen=True)
class Feature:
    """One column of the features, in words."""

    name: str  # name of the column
    label: str  # plain words for charts and sentences
    #: unit of the values, such as ``"days"``; ``None`` for shares, ratios and yes or no
    unit: str | None
    measure: Measure  # how it was measured, which decides its distribution in the mixture
    use: Use  # ``"active"`` if it should form segments unless the study says otherwise
    criterion: Criterion | None  # which of the five criteria of separate segments it speaks to
    definition: str  # exactly how it is computed, and when it is missing
    role: Role | None = None  # what it is in the business
    basis: Basis = "behavioral"  # what it says about a customer; features of events are behavior
    whole: str | None = None  # what it is a share of, together with others
    items: str | None = None  # the feature with the number of items that are so divided
    type: ClassVar[str] = "number"  # what it holds

    @property
    def why(self) -> str:
        """Why it takes part."""
        return self.definition
