"""What a feature means: the entries of the dictionary that goes with the features."""

from __future__ import annotations

from dataclasses import dataclass

from forwhom.documents.base import Basis, Criterion, Measure, Use


@dataclass(frozen=True)
class Feature:
    """One column of the features, in words.

    Parameters
    ----------
    name
        Name of the column.
    label
        Plain words for charts and sentences.
    unit
        Unit of the values, such as ``"days"``; ``None`` for shares, ratios and yes or no.
    measure
        How it was measured, which decides its distribution in the mixture.
    use
        ``"active"`` if it should form segments unless the study says otherwise.
    criterion
        Which of the five separateness criteria it measures.
    definition
        Exactly how it is computed, and when it is missing.
    basis
        What it says about a customer; features of events are behavior.
    """

    name: str
    label: str
    unit: str | None
    measure: Measure
    use: Use
    criterion: Criterion | None
    definition: str
    basis: Basis = "behavioral"
