"""Themes: statements that the same customers make, put together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_array
from scipy.spatial.distance import squareform

Ints = NDArray[np.int64]

#: Statements that are looked at: those of most customers.
MOST = 400
#: Customers who make both of two statements, by the geometric mean of those who make each: from so
#: many on, on average, statements are one theme.
TOGETHER = 0.15


def themes_of(statement: Ints, customer: Ints, counts: Ints) -> list[Ints]:
    """Return themes, each with the indexes of its two or more statements, in ascending order.

    Clusters of average linkage by how far the customers of two statements are the same (the cosine
    of Ochiai). Who is in which segment is not looked at, so that comparing segments by themes is as
    sound as by statements.

    Parameters
    ----------
    statement, customer
        Who said what, once each; shape (m,).
    counts
        Customers of each statement, shape (R,).
    """
    chosen = np.sort(np.argsort(-counts, kind="stable")[:MOST])
    if len(chosen) < 2:
        return []
    shape = (len(counts), int(customer.max(initial=0)) + 1)
    said = csr_array((np.ones(len(statement)), (statement, customer)), shape=shape)[chosen]
    both = (said @ said.T).toarray()
    size = np.sqrt(np.diag(both))
    apart = np.clip(1 - both / np.outer(size, size), 0.0, 1.0)
    np.fill_diagonal(apart, 0.0)
    tree = linkage(squareform(apart, checks=False), "average")
    cluster = fcluster(tree, 1 - TOGETHER, "distance")
    found = [chosen[cluster == one] for one in np.unique(cluster)]
    return sorted((one for one in found if len(one) > 1), key=lambda one: int(one[0]))
