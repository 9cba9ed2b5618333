"""An attack on what is written: no count under the threshold, no level, no value of few people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from forwhom.customers.drafting import draft_study
from forwhom.customers.rare import without_rare_levels
from forwhom.documents import dump_segmentation
from forwhom.documents.items import TiltItem
from forwhom.errors import DataError
from forwhom.mixture.baselines import fit_rfm, rfm_segment_names, without_small
from forwhom.mixture.coarsening import coarse, coarse_bins
from forwhom.mixture.scoring import score
from forwhom.mixture.sql import scoring_sql
from forwhom.pipeline.discovery import Result, discover
from forwhom.tables.columns import Column

THRESHOLD = 10
N = 600
RARE, SMALLEST, LARGEST = "onlyAda", 17.12345, 99817.54321


def shop(seed: int = 3) -> pa.Table:
    """Two kinds of customers, with few of one kind who do as the other does, and one outlier."""
    rng = np.random.default_rng(seed)
    often = np.arange(N) < 240
    region = np.where(often, "north", "south").astype(object)
    region[rng.choice(240, 4, replace=False)] = "south"
    region[np.flatnonzero(~often)[:120]] = "east"
    region[5] = RARE
    plan = np.where(often, "pro", "free").astype(object)
    plan[rng.choice(240, 3, replace=False)] = "free"
    spend = np.round(rng.lognormal(np.where(often, 4.0, 2.5), 0.4) + 20, 2)
    spend[7], spend[8] = LARGEST, SMALLEST
    return pa.table({
        "visits": rng.poisson(np.where(often, 14, 2)),
        "spend": spend,
        "region": region.astype(str),
        "plan": plan.astype(str),
        "online": rng.random(N) < np.where(often, 0.9, 0.1),
    })  # fmt: skip


@pytest.fixture(scope="module")
def result() -> Result:
    """Two segments of the shop."""
    return discover(shop(), k=2, n_starts=5, stability=0)


@pytest.fixture(scope="module")
def published(result: Result) -> str:
    """Everything that is written but the members."""
    found = result.segmentation
    sql = scoring_sql(found, "shop", dialect="duckdb")
    return dump_segmentation(found) + str(found) + sql


def test_no_level_of_few_customers_is_named(published: str) -> None:
    assert RARE not in published
    assert "fewer than 10 customers have" in published


def test_no_value_of_a_single_customer_is_written(published: str) -> None:
    for value in (SMALLEST, LARGEST):
        assert f"{value:.5g}" not in published.replace(",", "")


def test_the_draft_names_neither_the_smallest_nor_the_largest() -> None:
    text = draft_study(shop()).text
    for value in (SMALLEST, LARGEST):
        assert f"{value:.3g}" not in text
        assert f"{value:.6g}" not in text


def test_small_cells_do_not_come_back_from_the_model(result: Result) -> None:
    """Probability x weight x n was the exact count: of 3 and 4 customers in one segment."""
    found, table = result.segmentation, shop()
    segment = np.asarray(result.members["segment"])
    small = 0
    for item in found.model.items:
        if item.kind != "categorical":
            continue
        values = np.asarray(table[item.variable].to_pylist()).astype(str)
        values = np.char.lower(values) if item.variable == "online" else values
        for level, name in enumerate(item.levels):
            for k, weight in enumerate(found.model.weights):
                true = int(np.sum((segment == k + 1) & (values == name)))
                told = item.probabilities[k][level] * weight * found.n
                if 0 < true < THRESHOLD:
                    small += 1
                    assert abs(told - THRESHOLD / 2) < 1.5, (item.variable, name, true, told)
    assert small >= 1


def test_what_is_known_of_all_does_not_give_small_cells_away() -> None:
    """A total less the other cells of its level leaves several small counts possible."""
    sizes = np.array([237.0, 363.0])

    def seen(few: int) -> np.ndarray:
        counts = np.array([[237.0 - few, few], [2.0 + few, 361.0 - few]])  # totals 239 and 361
        return coarse(counts / sizes[:, None], sizes, THRESHOLD) * sizes[:, None]

    told = {few: tuple(np.round(seen(few), 6).ravel()) for few in range(1, 8)}
    alike = [sum(other == one for other in told.values()) for one in told.values()]
    assert min(alike) >= 2, told


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_coarse_probabilities_are_probabilities(k: int) -> None:
    rng = np.random.default_rng(k)
    for _ in range(50):
        sizes = rng.integers(5, 300, k).astype(float)
        p = rng.dirichlet(np.full(4, 0.3), k)
        found = coarse(p, sizes, THRESHOLD)
        assert np.allclose(found.sum(axis=1), 1.0)
        assert (found >= 0).all()
    plain = np.array([[0.5, 0.5], [0.3, 0.7]])
    assert np.array_equal(coarse(plain, np.array([100.0, 200.0]), THRESHOLD), plain)


@pytest.mark.parametrize("threshold", [10, 25])
def test_bins_hold_enough_and_their_numbers_are_nobodys(threshold: int) -> None:
    values = np.random.default_rng(0).lognormal(3, 1, 70)
    levels = np.sort(values)[[3, 9, 20, 34, 60, 66]]
    item = TiltItem(
        variable="x",
        cuts=(levels + 1e-9).tolist(),
        centers=[*levels.tolist(), 99.0],
        probabilities=[np.full(7, 1 / 7).tolist(), np.linspace(1, 7, 7).tolist()],
    )
    found = coarse_bins(item, values, threshold)
    placed = np.bincount(np.searchsorted(found.cuts, values))
    assert placed.min() >= threshold
    assert len(placed) == len(found.centers) > 1
    assert not {*found.cuts, *found.centers} & {*values.tolist()}
    assert np.allclose(np.sum(found.probabilities, axis=1), [1.0, 28.0])
    whole = coarse_bins(item, values[values <= found.cuts[0]], threshold)
    assert whole.cuts == []


def test_a_few_customers_of_much_weight_are_few() -> None:
    probabilities = np.array([[0.7, 0.3], [0.5, 0.5]])
    sizes, people = np.array([100.0, 100.0]), np.array([[90.0, 2.0], [50.0, 50.0]])
    assert np.array_equal(coarse(probabilities, sizes, THRESHOLD), probabilities)
    found = coarse(probabilities, sizes, THRESHOLD, people)
    assert found[0, 1] * sizes[0] == pytest.approx(THRESHOLD / 2)


def test_members_are_those_of_the_model_that_is_written(result: Result) -> None:
    again = discover(shop(), k=2, n_starts=5, stability=0)
    assert again.segmentation.model == result.segmentation.model
    table = shop()
    columns = {
        v.name: Column(v.name, np.asarray(table[v.name], dtype=float))
        for v in result.segmentation.variables
        if v.name in ("visits", "spend")
    }
    assert score(result.segmentation.model, columns).probabilities.shape == (N, 2)


@pytest.mark.parametrize("method", ["mixture", "kmeans"])
def test_no_segment_has_fewer_customers_than_the_threshold(method: str) -> None:
    table = shop()
    spend = np.asarray(table["spend"]).copy()
    spend[:3] = 1e6  # three customers whom every method puts apart
    table = table.set_column(table.column_names.index("spend"), "spend", pa.array(spend))
    table = table.select(["visits", "spend"])
    found = discover(table, k=3, method=method, n_starts=5, stability=0, numbers="measured")
    assert all(segment.n >= THRESHOLD for segment in found.segmentation.segments)
    if method == "kmeans":
        assert len(found.segmentation.segments) < 3
        assert any("fewer than 10 customers" in note for note in found.segmentation.quality.notes)


RULES = """rules:
  - {name: Ada, when: region = 'onlyAda' OR visits = 9999}
  - {name: Nine, when: spend <= %s}
  - {name: Most, when: visits < 8}
"""


def test_no_rule_singles_out_a_few(tmp_path: Path) -> None:
    table = shop()
    ninth = np.sort(np.asarray(table["spend"]))[8]  # nine are one fewer than the threshold
    (tmp_path / "rules.yaml").write_text(RULES % ninth)
    found = discover(table, rules=tmp_path / "rules.yaml").segmentation
    sizes = {segment.name: segment.n for segment in found.segments}
    few = int(np.sum(np.asarray(table["visits"]) < 8))
    assert sizes == {"Ada": 0, "Most": few, "Everyone else": N - few}
    assert any("'Nine'" in warning for warning in found.quality.warnings)
    every = discover(table, rules=tmp_path / "rules.yaml", threshold=9).segmentation
    assert {s.n for s in every.segments if s.name == "Nine"} == {9}


def test_who_are_left_over_by_rules_are_not_few_either(tmp_path: Path) -> None:
    table = shop()
    high = np.sort(np.asarray(table["spend"]))[-5]
    rules = f"rules:\n  - {{name: Low, when: spend < 30}}\n  - {{name: Mid, when: spend < {high}}}"
    (tmp_path / "rules.yaml").write_text(rules)
    found = discover(table, rules=tmp_path / "rules.yaml").segmentation
    assert [segment.name for segment in found.segments] == ["Low", "Everyone else"]
    assert min(segment.n for segment in found.segments) >= THRESHOLD


def test_cells_of_a_grid_with_few_customers_join_the_nearest() -> None:
    rng = np.random.default_rng(0)
    recency = np.concatenate([rng.uniform(0, 100, 200), np.zeros(4)])
    spend = np.concatenate([200 - 2 * recency[:200] + rng.uniform(0, 9, 200), np.ones(4)])
    columns = {
        "r": Column("r", recency),
        "f": Column("f", np.ceil(np.maximum(spend, 1) / 10)),
        "m": Column("m", spend),
    }
    model, chances = fit_rfm(columns, "r", "f", "m")
    sizes = chances.sum(axis=0).astype(int).tolist()
    assert min(sizes) < THRESHOLD
    names = rfm_segment_names(model)
    joined, kept, gone = without_small(model, names, sizes, THRESHOLD)
    few = [name for name, n in zip(names, sizes, strict=True) if n < THRESHOLD]
    assert sorted(gone) == sorted(few)
    after = np.bincount(score(joined, columns).segment, minlength=len(kept) + 1)[1:]
    assert after.min() >= THRESHOLD
    assert after.sum() == sum(sizes)
    assert list(after) == sorted(after, reverse=True)
    assert without_small(model, names, sizes, 1)[0] is model


def test_nobody_is_told_of_where_all_are_few() -> None:
    with pytest.raises(DataError, match="9 customers, fewer than the 10"):
        discover(shop().slice(0, 9))


def test_who_asks_for_it_gets_everything() -> None:
    found = discover(shop(), k=2, n_starts=5, stability=0, threshold=1).segmentation
    assert RARE in dump_segmentation(found)


def test_rare_levels_are_no_answer_and_others_stay() -> None:
    codes = np.repeat([0, 1, 2, 3], [50, 12, 3, 40]).astype(np.int32)
    column = Column("c", codes, ("a", "b", "few", "d"), unseen={"x": 1})
    found, [note] = without_rare_levels({"c": column}, THRESHOLD)
    assert found["c"].levels == ("a", "b", "d")
    assert np.bincount(found["c"].values + 1).tolist() == [3, 50, 12, 40]
    assert "few'" not in note
    assert without_rare_levels({"c": replace(column)}, 1) == ({"c": column}, [])
    plain = Column("c", codes[:62], ("a", "b"))
    assert without_rare_levels({"c": plain}, THRESHOLD)[0]["c"] is plain
