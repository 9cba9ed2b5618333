"""Which column says who the customer is, and whether a table has a row for each of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.drafting import draft_study

N = 200
DAYS = [date(2024, 1, 1) + timedelta(days=i % 300) for i in range(N)]


def test_of_two_names_that_say_customer_the_one_that_joins_the_tables_is_taken() -> None:
    ids = [f"c{i:04d}" for i in range(N)]
    old = [f"o{i:04d}" for i in range(N)]
    people = pa.table(
        {"client_id": old, "customer_id": ids, "age": [20 + i % 60 for i in range(N)]}
    )
    sales = pa.table(
        {"customer_id": ids * 2, "day": DAYS * 2, "amount": [1.5 + i for i in range(2 * N)]}
    )
    for tables in ({"people": people, "sales": sales}, {"sales": sales, "people": people}):
        study = draft_study(tables).study
        assert study.customers is not None
        assert (study.customers.table, study.customers.id) == ("people", "customer_id")
        assert study.events[0].customer == "customer_id"


@pytest.mark.parametrize(
    ("more", "customers"),
    [
        ({}, True),
        ({"day": DAYS}, True),
        ({"day": DAYS, "amount": [1.5 + i for i in range(N)]}, False),
    ],
)
def test_ids_that_nearly_never_repeat_are_customers_unless_lines_have_days_and_money(
    more: dict[str, Any], customers: bool
) -> None:
    ids = np.arange(N)
    ids[1] = ids[0]
    study = draft_study(
        {"t": pa.table({"customer_id": ids, "height": np.arange(N) % 7, **more})}
    ).study
    assert (study.customers is not None) == customers
    assert bool(study.events) != customers
