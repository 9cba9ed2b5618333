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
from forwhom.documents.items import (
    CategoricalItem,
    DirichletMultinomialItem,
    GaussianItem,
    PoissonItem,
    PositiveItem,
    TiltItem,
)
from forwhom.documents.models import KMeansModel
from forwhom.errors import DataError
from forwhom.mixture.baselines import fit_rfm, rfm_segment_names, without_small
from forwhom.mixture.coarsening import coarse, coarse_bins, coarse_items, coarse_limits
from forwhom.mixture.residuals import bivariate_residuals
from forwhom.mixture.scoring import score
from forwhom.mixture.sql import scoring_sql
from forwhom.pipeline.discovery import Result, discover
from forwhom.tables.columns import Column

pytestmark = pytest.mark.usefixtures("swift")

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


def spenders(n: int = 240) -> tuple[pa.Table, np.ndarray]:
    """Two kinds of customers by two numbers, one who spends as much as all others together."""
    rng = np.random.default_rng(5)
    kind = np.arange(n) % 2
    spend = np.round(rng.normal(40 + 60 * kind, 6), 2)
    spend[3] = LARGEST
    return pa.table({"visits": rng.poisson(3 + 20 * kind), "spend": spend}), spend


@pytest.mark.parametrize(("method", "numbers"), [("kmeans", "tilts"), ("mixture", "measured")])
def test_a_model_does_not_give_the_largest_back(method: str, numbers: str) -> None:
    """A mean times a number of customers, less the others, was the value of the one."""
    table, spend = spenders()
    found = discover(table, k=2, method=method, numbers=numbers, n_starts=3, stability=0)
    model = found.segmentation.model
    sizes = [segment.n for segment in found.segmentation.segments]
    assert min(sizes) >= 110  # nobody is a segment
    told = []
    if isinstance(model, KMeansModel):
        at = model.variables.index("spend")
        told += [
            n * (model.means[at] + model.sds[at] * c[at])
            for n, c in zip(sizes, model.centers, strict=True)
        ]
        told += [sum(sizes) * model.means[at], model.sds[at] * len(spend) ** 0.5]
        assert all(round(one, 2) == one for center in model.centers for one in center)
    else:
        [item] = [i for i in model.items if isinstance(i, PositiveItem | GaussianItem)]
        for n, mean, sd in zip(sizes, *_moments(item), strict=True):
            told += [n * mean, sd * n**0.5]
        assert abs(model.novelty.threshold) < 30
    assert max(told) < 0.3 * LARGEST
    segment = np.asarray(found.members["segment"])
    again = score(
        model, {n: Column(n, np.asarray(table[n], dtype=float)) for n in table.column_names}
    )
    assert (
        again.probabilities.argmax(axis=1) + 1 == segment
    ).all()  # members are those of the model that is written


def _moments(item: PositiveItem | GaussianItem) -> tuple[list[float], list[float]]:
    if isinstance(item, GaussianItem):
        return item.means, item.sds
    means = [float(np.exp(m + s**2 / 2)) for m, s in zip(item.log_means, item.log_sds, strict=True)]
    return means, [m * (np.exp(s**2) - 1) ** 0.5 for m, s in zip(means, item.log_sds, strict=True)]


def test_what_few_have_otherwise_is_no_number_for_k_means() -> None:
    table, _ = spenders()
    late = np.zeros(len(table))
    late[:9] = np.linspace(31.25, 90.75, 9)
    table = table.append_column("returned_amount", pa.array(late))
    found = discover(table, k=2, method="kmeans").segmentation
    assert found.model.variables == ["visits", "spend"]
    assert any("than 10 customers have otherwise" in told for told in found.quality.warnings)


def callers(few: int) -> pa.Table:
    """Half call and pay, but for a few who call and do not pay, or pay and do not call."""
    rng = np.random.default_rng(2)
    kind = np.repeat([0, 1], 150)
    calls = np.where(kind == 1, rng.poisson(6, 300), 0)
    calls[:few] = 1
    paid = np.where(kind == 1, rng.lognormal(3, 0.4, 300), 0.0)
    paid[150 : 150 + few] = 0.0
    return pa.table({"calls": calls, "paid": paid, "plan": np.where(kind == 1, "pro", "free")})


def test_a_count_of_few_does_not_come_back_from_the_rate_or_the_chance_of_any() -> None:
    told = []
    for few in (2, 7):
        found = discover(callers(few), k=2, numbers="measured", n_starts=3, stability=0)
        items = {item.variable: item for item in found.segmentation.model.items}
        calls, paid = items["calls"], items["paid"]
        assert isinstance(calls, PoissonItem)
        assert isinstance(paid, PositiveItem)
        told.append([150 * min(calls.rates), 150 * (1 - max(paid.any))])
    assert told[0] == pytest.approx(told[1], abs=0.2)  # two and seven say the same
    assert told[0][1] == pytest.approx(THRESHOLD / 2, abs=0.6)


def test_cuts_of_a_grid_are_nobodys_value() -> None:
    rng = np.random.default_rng(1)
    values = np.round(rng.lognormal(4, 1, 300), 2)
    columns = {
        "r": Column("r", np.round(rng.uniform(1, 900, 300), 3)),
        "f": Column("f", rng.poisson(3, 300).astype(float)),
        "m": Column("m", values),
    }
    model, chances = fit_rfm(columns, "r", "f", "m", threshold=THRESHOLD)
    assert not {*model.cuts["m"]} & {*values.tolist()}
    assert not {*model.cuts["r"]} & {*columns["r"].values.tolist()}
    exact, _ = fit_rfm(columns, "r", "f", "m")
    for name in ("r", "m"):
        ranks = [
            np.searchsorted(np.sort(columns[name].values), m.cuts[name]) for m in (model, exact)
        ]
        assert np.abs(ranks[0] - ranks[1]).max() <= THRESHOLD // 2 + 1
    assert model.cuts["f"] == exact.cuts["f"]  # many share each of these
    assert chances.sum() == 300
    top = np.where(np.arange(300) < 40, values / 1000, 500.0)  # most have the highest value
    few, _ = fit_rfm({**columns, "m": Column("m", top)}, "r", "f", "m", threshold=THRESHOLD)
    assert not {*few.cuts["m"]} & {*top.tolist()}


@pytest.mark.parametrize("few", [1, 3, 7])
def test_a_pair_that_few_have_does_not_come_back_from_what_goes_together(few: int) -> None:
    """Of two by two cells, Pearson's measure and the margins gave every count."""

    def told(joint: list[int], threshold: int) -> float:
        codes = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], joint, axis=0).T.astype(np.int32)
        columns = {n: Column(n, c, ("no", "yes")) for n, c in zip("ab", codes, strict=True)}
        shares = [float(np.mean(c)) for c in codes]
        items = [
            CategoricalItem(variable=n, levels=["no", "yes"], probabilities=[[1 - p, p]])
            for n, p in zip("ab", shares, strict=True)
        ]
        [pair] = bivariate_residuals(items, np.ones(1), columns, None, threshold)
        return pair.value

    joint = [200 + few, 60 - few, 40 - few, few]  # always the same margins
    one = [201, 59, 39, 1]
    assert told(joint, THRESHOLD) == told(one, THRESHOLD)
    assert few == 1 or told(joint, 1) != told(one, 1)
    assert told([150, 60, 60, 30], THRESHOLD) == pytest.approx(told([150, 60, 60, 30], 1), rel=0.05)


def test_shares_of_a_whole_do_not_tell_what_few_of_a_segment_bought() -> None:
    def told(few: int) -> DirichletMultinomialItem:
        wine = np.zeros(200)
        wine[100:160], wine[:few] = 0.5, 1.0  # of the first hundred, few bought wine
        columns = {"bread": Column("bread", 1 - wine), "wine": Column("wine", wine)}
        columns["n"] = Column("n", np.where(np.arange(200) < 196, 2.0, 3.0))
        item = DirichletMultinomialItem(
            whole="bought", variables=["bread", "wine"], items="n", precision=5.0,
            shares=[[1 - few / 100, few / 100], [0.7, 0.3]],
            sizes=[0.0, 0.98, 0.02, *[0.0] * 7],
        )  # fmt: skip
        chances = np.repeat(np.eye(2), 100, axis=0)
        [found] = coarse_items([item], [100.0, 100.0], THRESHOLD, columns, chances)
        assert isinstance(found, DirichletMultinomialItem)
        return found

    found = told(3)
    assert found.shares[0] == pytest.approx(told(8).shares[0], abs=0.005)
    assert found.shares[1] == pytest.approx([0.7, 0.3])
    assert found.sizes[2] * 200 == pytest.approx(THRESHOLD / 2)
    assert not list(found.impossible(2))


def test_limits_are_rounded_outwards_by_the_width_between_them() -> None:
    def limits(low: float, high: float) -> tuple[float | None, float | None]:
        item = TiltItem(
            variable="x", cuts=[], centers=[0.0], probabilities=[[1.0]], low=low, high=high
        )
        [found] = coarse_limits([item])
        assert isinstance(found, TiltItem)
        return found.low, found.high

    assert limits(-2.369, 28004.8016) == (-100.0, 28100.0)
    assert limits(1987.31, 2031.27) == (1987.3, 2031.3)
    assert limits(0.0, 1.0) == (0.0, 1.0)


def test_rare_levels_of_several_variables_are_one_note() -> None:
    two = Column("two", np.r_[np.zeros(20), [1, 2]].astype(np.int32), ("a", "b", "c"))
    one = Column("one", np.r_[np.zeros(21), [1]].astype(np.int32), ("a", "b"))
    said = "that fewer than 10 customers have count"
    assert without_rare_levels({"one": one}, 10)[1] == [f"1 level of 'one' {said}s as missing."]
    assert without_rare_levels({"two": two, "one": one}, 10)[1] == [
        f"2 levels of 'two' and 1 level of 'one' {said} as missing."
    ]
