"""An order or one choice, in several columns: they rule each other out, so they only describe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.drafting import draft_study

N = 400
Columns = dict[str, list[Any]]
THINGS = np.array(["price", "quality", "service", "brand", "delivery"])


def order(things: int = 5, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.array([rng.permutation(things) + 1 for _ in range(N)])


def answers(levels: int = 5, columns: int = 4, seed: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, levels + 1, (N, columns))


def table(stem: str, values: np.ndarray, how: Callable[[int], object] = int) -> Columns:
    return {f"{stem}_{i}": [how(v) for v in column] for i, column in enumerate(values.T)}


def active(columns: Columns) -> set[str]:
    said = draft_study({"people": pa.table(columns)}).study.variables
    return {name for name, one in said.items() if one.use == "active"}


@pytest.mark.parametrize(
    "how",
    [
        lambda v: {1: "1st", 2: "2nd", 3: "3rd"}.get(v, f"{v}th"),
        {1: "1st", 2: "2nd", 3: "3rd"}.get,
        lambda v: {1: "1st", 2: "2nd", 3: "3rd"}.get(v, "Not ranked"),
        lambda v: ("First", "Second", "Third", "Fourth", "Fifth")[v - 1],
        lambda v: f"Platz {v}",
        str,
        lambda v: v if v < 4 else 99,
        lambda v: min(v, 4),
        lambda v: {1: 10, 2: 6, 3: 3}.get(v, 0),
    ],
)
def test_ranks_in_any_spelling_describe(how: Callable[[int], object]) -> None:
    ratings = table("agree", answers())
    assert active(table("rank", order(), how) | ratings) == set(ratings)


def test_columns_of_a_ranking_may_stand_anywhere() -> None:
    ranks, ratings = table("rank", order()), table("agree", answers())
    mixed = {k: v for pair in zip(ranks.items(), ratings.items(), strict=False) for k, v in pair}
    assert active(mixed | ranks) == set(ratings)
    two = table("wish", order()) | table("fear", order(4, 3)) | table("rank", order(4, 4))
    assert active(two | ratings) == set(ratings)


@pytest.mark.parametrize("form", ["min", "max", "average", "dense"])
def test_ranks_with_ties_describe(form: str) -> None:
    x = answers(columns=5)[:, :, None]
    less, same = (x > x.swapaxes(1, 2)).sum(axis=2), (x == x.swapaxes(1, 2)).sum(axis=2)
    steps = [[sorted(set(row)).index(v) + 1 for v in row] for row in x[:, :, 0].tolist()]
    ranks = {"min": less + 1, "max": less + same, "average": less + (same + 1) / 2}
    values = np.array(steps) if form == "dense" else ranks[form]
    ratings = table("agree", answers(seed=4, columns=2))
    assert active(table("rank", values, float) | ratings) == set(ratings)


def test_some_make_mistakes_and_many_skip() -> None:
    values = order().astype(float)
    values[:20] = answers(columns=5)[:20]
    values[200:] = np.nan
    ranks = table("rank", values, lambda v: None if np.isnan(v) else v)
    assert active(ranks | table("agree", answers())) == {f"agree_{i}" for i in range(4)}


def test_of_choices_in_order_the_first_forms_segments() -> None:
    chosen = THINGS[order() - 1]
    ratings = table("agree", answers())
    names = ["first_choice", "second_choice", "third_choice"]
    for n in (2, 3):
        columns = {name: chosen[:, i].tolist() for i, name in enumerate(names[:n])}
        assert active(columns | ratings) == {"first_choice", *ratings}


def test_one_answer_in_a_column_for_each_level_describes() -> None:
    one = order(8)[:, 0]
    for yes, no in ((1, 0), (True, False), ("yes", "no"), ("x", None)):
        flags: Columns = {f"plan_{i}": [yes if v == i else no for v in one] for i in range(1, 8)}
        assert active(flags | table("agree", answers())) == {f"agree_{i}" for i in range(4)}, yes
    said = draft_study({"people": pa.table(flags)}).decisions[0]
    assert "make one column that holds this answer" in said.why


def test_answers_that_do_not_rule_each_other_out_form_segments() -> None:
    rng = np.random.default_rng(5)
    kind = rng.integers(0, 3, N)
    # What people own tells three kinds of them apart, and nothing is ruled out.
    owns = {f"owns_{i}": (rng.random(N) < np.where(kind == i, 0.85, 0.1)) for i in range(3)}
    rare = {f"rare_{i}": (rng.random(N) < 0.03) for i in range(12)}
    five = table("agree", answers())
    reverse = {f"disagree_{i}": [5 - v for v in five[f"agree_{i}"]] for i in range(1)}
    some = {name: values.tolist() for name, values in (owns | rare).items()} | five | reverse
    assert set(owns) | set(five) <= active(some)
    assert len(active(some) & set(rare)) == len(rare)


def test_questions_that_are_asked_of_some_rule_nothing_out() -> None:
    asked = np.random.default_rng(6).integers(0, 4, N)
    values = np.where(asked[:, None] == np.arange(4), answers(), 0)
    some = table("plan", values, lambda v: v or None)
    assert active(some | table("agree", answers(seed=7))) == {*some, *table("agree", answers())}


def test_what_marks_kinds_of_customers_is_no_order_with_a_count_beside_it() -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        kind = rng.integers(0, 6, 1000)
        marks = {
            f"bought {c}{i}": [int(x) for x in rng.random(1000) < np.where(kind == c, 0.99, 0.01)]
            for c in range(6)
            for i in range(2)
        }
        visits = rng.poisson(3 + 3 * kind)
        assert "visits" in active({**marks, "visits": visits.tolist()})
