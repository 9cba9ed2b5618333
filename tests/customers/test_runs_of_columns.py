"""Rankings, shares and grids of columns by hand, on and beside each bound."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from forwhom.customers.quality import _grids
from forwhom.customers.rankings import _may_be_rank, _ranked, _runs, _spans
from forwhom.customers.wholes import _counting, _may_be_share, found_shares
from forwhom.tables import VariableProfile, open_table, profile_table


def profiled(name: str, **more: Any) -> VariableProfile:
    """Return what is known of a column of a hundred different numbers from 0 to 1."""
    given: dict[str, Any] = {
        "type": "number", "n": 100, "missing": 0.0, "distinct": 100, "minimum": 0.0,
        "maximum": 1.0, "mean": 0.5, "sd": 0.1, "quantiles": {}, "zeros": 0.0, "negatives": 0,
        "shape": "", "top": [], "measure": "continuous", "basis": None, "use": "active", "why": "",
        "label": name,
    }  # fmt: skip
    return VariableProfile(name=name, **given | more)


def test_a_run_of_three_to_sixty_columns_may_be_a_ranking() -> None:
    def rank(name: str, low: float = 1, high: float = 3, **more: Any) -> VariableProfile:
        return profiled(name, minimum=low, maximum=high, **more)

    assert _may_be_rank(rank("a", 0, 60))
    for other in (rank("a", 2), rank("a", 1, 61), rank("a", type="text"), rank("a", low=-1)):
        assert not _may_be_rank(other)
    columns = [rank("a"), rank("b"), profiled("x", minimum=5.0), rank("c"), rank("d"), rank("e")]
    assert [[c.name for c in run] for run in _runs(columns)] == [["c", "d", "e"]]
    assert list(_runs([rank(str(i)) for i in range(61)])) == []
    assert [len(run) for run in _runs([rank(str(i)) for i in range(60)])] == [60]
    assert list(_spans(5)) == [(0, 5), (0, 4), (1, 5), (0, 3), (1, 4), (2, 5)]
    assert list(_spans(3)) == [(0, 3)]
    assert min(stop - start for start, stop in _spans(9)) == 6


def test_ranks_are_each_once_in_nearly_every_row() -> None:
    rng = np.random.default_rng(1)
    rows = np.array([rng.permutation(4) + 1.0 for _ in range(100)]).T
    assert _ranked(rows)
    wrong = rows.copy()
    wrong[:, :2] = 1.0
    assert _ranked(wrong)
    wrong[:, 2] = 1.0
    assert not _ranked(wrong)
    first_two = np.where(rows > 2, np.nan, rows)
    assert _ranked(first_two)
    assert not _ranked(rows[:, :9])
    assert _ranked(rows[:, :10])
    assert not _ranked(np.where(rows > 1, 0.0, rows))  # only one of them is ever named
    assert not _ranked(rows + 0.5)
    assert not _ranked(np.zeros((4, 20)))
    assert not _ranked(np.where(rows > 3, 5.0, rows))
    sparse = rows.copy()
    sparse[:, 49:] = 0.0
    sparse[0, 49:] = 1.0
    assert not _ranked(sparse)
    sparse[:, 49] = rows[:, 49]
    assert _ranked(sparse)


def shares_in(**columns: list[float]) -> list[tuple[tuple[str, ...], int, str | None]]:
    table = open_table(pd.DataFrame(columns))
    found = found_shares(table, profile_table(table))
    return [(one.parts, one.total, one.items) for one in found]


def test_columns_beside_each_other_that_add_up_are_shares_of_one_whole() -> None:
    rng = np.random.default_rng(1)
    a, b, c = rng.dirichlet([2, 2, 2], 40).T
    orders, spend = (rng.integers(1, 9, 40)).tolist(), rng.normal(50, 9, 40).tolist()
    parts = {"a": a.tolist(), "b": b.tolist(), "c": c.tolist()}
    assert shares_in(**parts) == [(("a", "b", "c"), 1, None)]
    hundred = {name: [100 * x for x in values] for name, values in parts.items()}
    assert shares_in(spend=spend, **hundred) == [(("a", "b", "c"), 100, None)]
    assert shares_in(orders=orders, **parts) == [(("a", "b", "c"), 1, "orders")]
    assert shares_in(orders=orders, n_items=orders, **parts)[0][2] == "n_items"
    halves = [x / 2 for x in orders]
    assert shares_in(orders=halves, **parts)[0][2] is None
    rounded = {name: [round(x, 2) for x in values] for name, values in parts.items()}
    assert shares_in(**rounded) == [(("a", "b", "c"), 1, None)]
    broken = {**parts, "a": [*parts["a"][:-1], parts["a"][-1] + 0.1]}
    assert shares_in(**broken) == []
    assert shares_in(a=parts["a"], b=parts["b"]) == []


def test_what_may_be_a_share_or_count_items() -> None:
    assert _may_be_share(profiled("a"), 1)
    for other in (
        profiled("a", type="text"), profiled("a", n=0), profiled("a", negatives=1),
        profiled("a", distinct=2), profiled("a", maximum=1.01), profiled("a", maximum=None),
    ):  # fmt: skip
        assert not _may_be_share(other, 1)
    assert _may_be_share(profiled("a", maximum=100.0, distinct=3), 100)
    ranks = {"items": 0, "number_of_orders": 1, "n_lines": 0, "order_value": None, "spend": None}
    assert {name: _counting(profiled(name)) for name in ranks} == ranks
    for other in (
        profiled("items", type="text"), profiled("items", negatives=1), profiled("items", use="id"),
        profiled("items", use="weight"),
    ):  # fmt: skip
        assert _counting(other) is None


def test_a_grid_is_five_neighbors_on_one_scale() -> None:
    scale = [profiled(f"q{i}", measure="ordinal", levels=("no", "yes")) for i in range(5)]
    assert list(_grids(scale)) == [["q0", "q1", "q2", "q3", "q4"]]
    assert list(_grids(scale[:4])) == []
    assert list(_grids([*scale[:3], profiled("x"), *scale[3:]])) == []
    assert list(_grids([profiled(f"x{i}") for i in range(9)])) == []
