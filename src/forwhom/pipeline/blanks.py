"""Missing answers of the people of protected groups, and whom such blanks place elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forwhom.customers.newcomers import placed
from forwhom.customers.preparation import Customers
from forwhom.documents.fairness import Blanks
from forwhom.documents.models import Model
from forwhom.documents.segmentation import deciding_of
from forwhom.evidence.blanks import Placing, blanks
from forwhom.evidence.fairness import Groups
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column


def blanks_of(
    customers: Customers, model: Model, member: Membership, noun: str, threshold: int
) -> list[Blanks]:
    """Return what missing answers do, by each protected attribute of which groups may be told."""
    there = [v for v in customers.variables if v.use == "protected" and v.name in customers.columns]
    placing = _placing(customers, model, member) if there else None
    if placing is None:
        return []
    return [
        blanks(
            Groups.of(v, customers.columns[v.name], threshold),
            customers.columns[v.name].missing, placing, noun=noun, threshold=threshold,
        )
        for v in there
    ]  # fmt: skip


def _placing(customers: Customers, model: Model, member: Membership) -> Placing | None:
    """Return who is placed where, and what places customers again without some answers."""
    named = [v.name for v in deciding_of(model, customers.variables) if v.name in customers.columns]
    if not named:
        return None
    columns = {name: customers.columns[name] for name in named}
    missing = np.stack([columns[name].missing for name in named], axis=1)

    def again(rows: NDArray[np.int64], taken: NDArray[np.bool_]) -> NDArray[np.int64]:
        some = {}
        for j, (name, column) in enumerate(columns.items()):
            values = column.values[rows]
            values[taken[:, j]] = -1 if column.levels is not None else np.nan
            some[name] = Column(name, values, column.levels)
        scores = placed(model, customers.variables, some, len(rows))
        return scores.segment.astype(np.int64) - 1

    mode = np.where(member.responsibilities.sum(axis=1) > 0, member.mode, -1)
    return Placing(mode, member.k, member.weights, missing, again)
