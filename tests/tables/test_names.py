"""Names of columns and their values, as words, in SQL and in messages."""

from __future__ import annotations

import pytest

from forwhom.tables.business import meaning_of
from forwhom.tables.columns import shortened
from forwhom.tables.delimited import usable_names
from forwhom.tables.engine import literal, quoted, without_password
from forwhom.tables.frames import addressable
from forwhom.tables.ordering import level_name, natural_order
from forwhom.tables.profile import label_of
from forwhom.tables.summaries import name_words


@pytest.mark.parametrize(
    ("rule", "name", "said"),
    [
        (addressable, "Sepal.Length", "Sepal_Length"),
        (addressable, "*", "star"),
        (label_of, "home_ownership", "Home ownership"),
        (label_of, "CustomerID", "Customer ID"),
        (label_of, "q0007_0001", "q0007_0001"),
        (name_words, "CustomerID", ("customer", "id")),
        (name_words, "home_zip code2", ("home", "zip", "code")),
        (quoted, 'the "best" shop', '"the ""best"" shop"'),
        (literal, "it's", "'it''s'"),
        (without_password, "postgresql://ann:secret@host/shop", "postgresql://ann:***@host/shop"),
        (shortened, "x" * 50, "x" * 37 + "..."),
        (level_name, 2.0, "2"),
        (level_name, True, "true"),
        (usable_names, ["", "age", ""], ["row", "age", "column_3"]),
        (natural_order, ["10", "9", "-1"], ("-1", "9", "10")),
        (natural_order, ["week 10", "Week 2"], ("Week 2", "week 10")),
    ],
)
def test_names_and_values_as_they_are_written(rule, name, said) -> None:
    assert rule(name) == said


def test_what_a_name_says_about_the_business() -> None:
    spend = meaning_of(("total", "spend"), "positive")
    assert spend.why == "'spend' makes it revenue and speaks to profitability"
    assert meaning_of(("wine", "spend"), "positive").role is None, "a part of the revenue"
