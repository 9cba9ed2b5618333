"""Log densities of customers under a fitted mixture, and values that it cannot place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from forwhom.documents.models import MixtureModel
from forwhom.mixture.families import family_of
from forwhom.mixture.values import Floats, row_blocks, row_count
from forwhom.tables.columns import Column


def log_densities(
    model: MixtureModel, columns: Mapping[str, Column]
) -> list[tuple[tuple[str, ...], Floats]]:
    """Return each item's variables and its log density of each customer under each segment.

    Densities have shape (n, K) and are 0 where the variable is missing, ``-inf`` where the segment
    gives the value no chance. A variable that is not among the columns is missing. Levels are
    matched by name; an unknown one counts as missing, as does a value that the measure cannot have
    (`unusable_values`).

    Examples
    --------
    >>> import numpy as np
    >>> from forwhom.documents.items import GaussianItem
    >>> from forwhom.documents.models import MixtureModel, Novelty
    >>> item = GaussianItem(variable="age", means=[30.0, 60.0], sds=[5.0, 5.0])
    >>> novelty = Novelty(threshold=-5.0, centers=[[0.0, 0.0]], spreads=[[0.5, 0.5]])
    >>> model = MixtureModel(weights=[0.6, 0.4], items=[item], novelty=novelty)
    >>> age = Column("age", np.array([30.0, np.nan]))
    >>> [(names, table)] = log_densities(model, {"age": age})
    >>> names, table.round(2).tolist()
    (('age',), [[-2.53, -20.53], [0.0, 0.0]])
    """
    n = row_count(columns)
    result: list[tuple[tuple[str, ...], Floats]] = []
    for item in model.items:
        density = family_of(item).density(item, columns)
        table = np.zeros((len(model.weights), n))
        if density is not None:
            for rows in row_blocks(n):
                table[:, rows] = density.evaluate(rows)[0]
        result.append((item.names, table.T))
    return result


def unusable_values(model: MixtureModel, columns: Mapping[str, Column]) -> dict[str, int]:
    """Count, per variable, the numbers that its measure cannot have.

    A count is 0, 1, 2, …; a positive variable is not negative; no number is infinite or above
    1e100. Other numbers are errors in the data rather than unusual customers, so they count as
    missing and the other variables place the customer. (A zero where the model never saw one is
    different: it is a value, which no segment gives any chance.)

    Examples
    --------
    >>> import numpy as np
    >>> from forwhom.documents.items import PoissonItem
    >>> from forwhom.documents.models import MixtureModel, Novelty
    >>> novelty = Novelty(threshold=-5.0, centers=[[-1.3]], spreads=[[0.4]])
    >>> item = PoissonItem(variable="visits", rates=[1.0])
    >>> model = MixtureModel(weights=[1.0], items=[item], novelty=novelty)
    >>> unusable_values(model, {"visits": Column("visits", np.array([0.0, 1.5, -1.0, np.nan]))})
    {'visits': 2}
    """
    counts: dict[str, int] = {}
    for item in model.items:
        counts |= family_of(item).unusable(item, columns)
    return counts
