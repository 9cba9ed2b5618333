"""Which numbers a fitted mixture can hold: probabilities, rates and spreads."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from forwhom.documents.models import (
    CategoricalItem,
    GaussianBlock,
    Item,
    MixtureModel,
    PoissonItem,
    PositiveItem,
)
from forwhom.documents.yamlfile import Location

#: Sums of probabilities may miss 1 by the rounding of many small numbers, and no more.
ROUNDING = 1e-6


def impossible_numbers(model: MixtureModel) -> Iterator[tuple[Location, str]]:
    """Find numbers that no fit can give, with which scores would be wrong without a word.

    Yields
    ------
    location, problem
        Key path from the root of the document, and what is wrong in one sentence.

    Examples
    --------
    >>> from forwhom.documents.models import Novelty
    >>> novelty = Novelty(threshold=-3.0, centers=[], spreads=[])
    >>> list(impossible_numbers(MixtureModel(weights=[0.9, 0.9], items=[], novelty=novelty)))
    [(('model', 'weights'), 'the weights are not probabilities that sum to 1.')]
    """
    if not _sums_to_one(model.weights):
        yield ("model", "weights"), "the weights are not probabilities that sum to 1."
    named: set[str] = set()
    for index, item in enumerate(model.items):
        names = item.variables if isinstance(item, GaussianBlock) else [item.variable]
        twice = named.intersection(names)
        if twice:
            yield ("model", "items", index), f"{min(twice)!r} is in a second item."
        named.update(names)
        for key, problem in _of_item(item):
            yield ("model", "items", index, key), problem
    for key, lines in (("centers", model.novelty.centers), ("spreads", model.novelty.spreads)):
        if any(len(line) != len(model.weights) for line in lines):
            yield ("model", "novelty", key), f"{key!r} has a line that is not one per segment."
    if any(spread < 0 for line in model.novelty.spreads for spread in line):
        yield ("model", "novelty", "spreads"), "a spread is negative."


def _of_item(item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(item, CategoricalItem) and not all(map(_sums_to_one, item.probabilities)):
        yield "probabilities", f"{item.variable!r} has probabilities that do not sum to 1."
    if isinstance(item, PoissonItem) and any(rate < 0 for rate in item.rates):
        yield "rates", f"{item.variable!r} has a negative rate."
    if isinstance(item, PositiveItem) and not all(0 <= p <= 1 for p in item.any or ()):
        yield "any", f"{item.variable!r} has a probability outside 0 to 1."


def _sums_to_one(values: Sequence[float]) -> bool:
    return min(values, default=0.0) >= 0 and abs(math.fsum(values) - 1) <= ROUNDING
