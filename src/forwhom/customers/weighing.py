"""Weights of customers whom an earlier run had, found again in the tables that are given."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from forwhom.customers.joining import positions
from forwhom.customers.opening import Tables, named_tables
from forwhom.customers.pseudonyms import hashed_ids
from forwhom.documents.segmentation import Segmentation
from forwhom.errors import DataError
from forwhom.languages.catalog import tr
from forwhom.tables.collecting import collect_columns
from forwhom.wording import apart

Floats = NDArray[np.float64]


def weights_of(segmentation: Segmentation, data: object, ids: pa.Array) -> tuple[Floats, list[str]]:
    """Return how much each customer counts, as in the segmentation, and what to say of it.

    Without the column of weights, each counts once. A customer without a weight counts 0, as then.
    """
    name, alike = segmentation.weight, np.ones(len(ids))
    if name is None:
        return alike, []
    found = _column(name, segmentation.id_column, data)
    if found is None:
        return alike, [
            tr(
                "The segments weigh customers by {column}, which is in no table with one row per "
                "customer here: each customer counts once. Give the tables of 'forwhom discover', "
                "too.",
                column=apart(repr(name)),
            )
        ]
    own, values = found
    at = positions(ids, own)
    if not (at >= 0).any():
        at = positions(ids, hashed_ids(own))
    weights = np.where(at >= 0, values[at], 0.0)
    if (weights < 0).any() or not weights.any():
        raise DataError(
            f"{name!r} holds no usable weight of the customers who wrote.",
            "Weights are numbers of 0 or more.",
        )
    return weights, []


def _column(name: str, identity: str | None, data: object) -> tuple[pa.Array, Floats] | None:
    """Return ids and weights of the table that has them, with one row per customer."""
    tables = Tables(given=(named := named_tables(data)))
    for one in named:
        table = tables.open(one)
        if not {name, *filter(None, [identity])} <= set(table.columns):
            continue
        try:
            ids, columns = collect_columns(table, {name: "positive"}, id_column=identity)
        except DataError:  # several rows of a customer
            continue
        values = np.nan_to_num(np.asarray(columns[name].values, dtype=np.float64))
        return pa.array(np.arange(1, len(values) + 1)) if ids is None else ids, values
    return None
