"""Shares of a whole as whole items: the method of the largest remainder (Hamilton)."""

from collections.abc import Sequence

import numpy as np

from forwhom.mixture.sql_text import added, number, usable_number, when
from forwhom.mixture.values import Bools, Floats, is_count, is_not_negative

#: More items than this do not make a share more telling of a customer.
MOST_ITEMS = 10
#: Remainders are compared in units of this part of an item, so that equal ones are equal in every
#: engine.
GRAINS = 1_000_000


def can_apportion(parts: Floats, items: Floats) -> Bools:
    """Return where parts (C, n) and the number of items (n,) are there and make a whole."""
    possible: Bools = is_not_negative(parts).all(axis=0) & is_count(items) & (items >= 1)
    some: Bools = np.where(possible, parts, 0.0).sum(axis=0) > 0
    return possible & some


def apportion(parts: Floats, items: Floats) -> Floats:
    """Divide items (n,), ``MOST_ITEMS`` at most, over parts (C, n) in their proportions.

    >>> apportion(np.array([[50.0], [30.0], [20.0]]), np.array([4.0])).ravel().tolist()
    [2.0, 1.0, 1.0]
    """
    sizes = np.minimum(items, MOST_ITEMS)
    quotas = np.floor(parts / parts.sum(axis=0) * sizes * GRAINS + 0.5)
    whole = np.floor(quotas / GRAINS)
    # The largest remainders first; of equal ones, the first part.
    order = np.argsort(whole * GRAINS - quotas, axis=0, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(len(parts))[:, None], axis=0)
    return np.asarray(whole + (rank < sizes - whole.sum(axis=0)))


def quotas_sql(names: Sequence[str], items: str) -> list[str]:
    """Write the quotas of the parts, in grains, and the number of items; NULL where impossible."""
    whole = usable_number(items, positive=True, whole=True)
    total = added([usable_number(name, positive=True) for name in names])
    total = f"({total})"  # NULL as soon as one part is
    sizes = when(f"{items} > {number(MOST_ITEMS)}", number(MOST_ITEMS), items)
    possible = f"{whole} >= {number(1)} AND {total} > {number(0)}"
    share = f"CASE WHEN {total} > {number(0)} THEN {total} END"
    return [
        *(
            f"CASE WHEN {possible} THEN FLOOR({name} / {share} * {sizes} * {number(GRAINS)}"
            f" + {number(0.5)}) END AS {name}"
            for name in names
        ),
        f"CASE WHEN {possible} THEN {sizes} END AS {items}",
    ]


def apportion_sql(names: Sequence[str], items: str) -> list[str]:
    """Write the items of each part and of all, from quotas; 0 where they are missing."""
    floors = {name: f"FLOOR({name} / {number(GRAINS)})" for name in names}
    rests = {name: f"({name} - {number(GRAINS)} * {floors[name]})" for name in names}
    left = f"({items} - ({added(list(floors.values()))}))"
    columns = []
    for c, name in enumerate(names):
        before = [
            when(f"{rests[d]} {'>=' if i < c else '>'} {rests[name]}", number(1), number(0))
            for i, d in enumerate(names)
            if d != name
        ]
        more = when(f"{added(before)} < {left}", number(1), number(0))
        columns.append(f"COALESCE({floors[name]} + {more}, {number(0)}) AS {name}")
    return [*columns, f"COALESCE({items}, {number(0)}) AS {items}"]
