"""Numbers as a model may know them: nobody dominates a mean or a spread that is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from forwhom.customers.preparation import Customers
from forwhom.documents.base import is_number
from forwhom.documents.items import (
    GaussianBlock,
    GaussianItem,
    Item,
    PoissonItem,
    PositiveItem,
    TiltItem,
)
from forwhom.documents.models import MixtureModel
from forwhom.documents.segmentation import Variable
from forwhom.mixture.fitted import FittedMixture, fit_from_responsibilities
from forwhom.mixture.scoring import score
from forwhom.personas import settled
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column

#: Items with means and spreads of numbers as they were measured.
_MEASURED = (GaussianItem, GaussianBlock, PoissonItem, PositiveItem)


def calm_customers(customers: Customers, threshold: int) -> Customers:
    """Return the customers as numbers that are measured are fitted to: nobody dominates those.

    Bins need no such care: nobody's value is in them.
    """
    names = [v.name for v in customers.active if is_number(v.measure) and _is_measured(v)]
    everybody = Membership.of(np.ones((len(customers), 1)), customers.weights)
    return _settled(customers, names, everybody, threshold)


def _is_measured(variable: Variable) -> bool:
    return variable.whole is None and variable.family != "tilt"


def _settled(
    customers: Customers, names: Sequence[str], member: Membership, threshold: int
) -> Customers:
    """Return customers with settled numbers; the same where nothing is to be settled."""
    some = {name: customers.columns[name] for name in names}
    some = {name: column for name, column in some.items() if column.levels is None}
    calm = settled(some, member, threshold)
    if all(calm[name] is some[name] for name in some):
        return customers
    return replace(customers, columns={**customers.columns, **calm})


def written_model(
    best: FittedMixture,
    fitted: Customers,
    columns: Mapping[str, Column],
    threshold: int,
    prior: float,
) -> tuple[MixtureModel, NDArray[np.float64]]:
    """Return the model as it is written, and where it places the customers with these columns.

    ``fitted`` are the same customers, as it was fitted to them.
    """
    items, responsibilities = best.items(), best.responsibilities()
    names = [name for item in items if isinstance(item, _MEASURED) for name in item.names]
    member = Membership.of(responsibilities, fitted.weights)
    calm = _settled(fitted, names, member, threshold)
    told = items
    if calm is not fitted:
        again = fit_from_responsibilities(
            calm.design(collapse=False), responsibilities, prior=prior
        )
        pairs = zip(items, again.items(), strict=True)
        told = [new if isinstance(old, _MEASURED) else old for old, new in pairs]
    model = best.document(calm.columns, threshold, told)
    if columns is not fitted.columns or [_unlimited(item) for item in model.items] != items:
        # Members are those of the model that others can read.
        return model, score(model, columns).probabilities
    return model, responsibilities


def _unlimited(item: Item) -> Item:
    if isinstance(item, TiltItem):
        return item.model_copy(update={"low": None, "high": None})
    return item
