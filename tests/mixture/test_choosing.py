"""The number of segments is chosen on a sample of many customers, and fitted to all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from forwhom.mixture import Column, Design, FitOptions, build_design, fit_mixture
from forwhom.mixture.choosing import BLOCKS, Choice, _undecided, carried_on, choose
from forwhom.mixture.sampling import apart, customers_of
from forwhom.mixture.selection import Selection, select

OPTIONS = FitOptions(n_starts=12)


def customers(n: int, seed: int = 0, shares: tuple[float, ...] = (0.5, 0.3, 0.2)) -> np.ndarray:
    """Answers to eight questions of three segments."""
    rng = np.random.default_rng(seed)
    segment = rng.choice(len(shares), n, p=shares)
    yes = np.array([[0.9] * 4 + [0.1] * 4, [0.1] * 4 + [0.9] * 4, [0.9, 0.1] * 4])
    return (rng.random((n, 8)) < yes[segment]).astype(np.int32)


def numbers(n: int, seed: int = 0) -> np.ndarray:
    """Return two numbers that no two customers share, in two groups."""
    rng = np.random.default_rng(seed)
    return rng.normal(np.where(rng.random(n) < 0.4, 3.0, 0.0)[:, None], 1.0, (n, 2))


def of_answers(rows: np.ndarray, *, collapse: bool = False) -> Design:
    columns = [Column(f"q{j}", rows[:, j], ("no", "yes")) for j in range(rows.shape[1])]
    return build_design(columns, {c.name: "binary" for c in columns}, collapse=collapse)


def of_numbers(rows: np.ndarray) -> Design:
    columns = [Column(f"x{j}", rows[:, j]) for j in range(rows.shape[1])]
    return build_design(columns, {c.name: "continuous" for c in columns}, collapse=False)


def test_copies_of_a_row_are_drawn_one_by_one() -> None:
    # A tenth of the customers gave one and the same answer.
    drawn = []
    for seed in range(60):
        rows = numbers(3_000, seed)
        rows[:300] = seed
        part, index, n = customers_of(of_numbers(rows), 500)
        assert part.n_rows == len(index) == n == 500
        drawn.append(np.mean(index < 300))
    assert np.mean(drawn) == pytest.approx(0.1, abs=0.01)
    # As much by chance as 500 draws one by one have it: .013; by hashes alone it would be .3.
    assert np.std(drawn) < 0.02


def test_hashes_of_copies_differ_and_belong_to_the_heaviest_first() -> None:
    hashes = np.array([7, 9, 7, 7], dtype=np.uint64)
    found = apart(hashes, np.array([1.0, 1.0, 3.0, 2.0]))
    assert len(set(found.tolist())) == 4
    assert found[1] == 9
    assert found[0] == 7
    other = apart(hashes[::-1], np.array([2.0, 3.0, 1.0, 1.0]))
    assert sorted(other.tolist()) == sorted(found.tolist())
    assert other.tolist() == found[::-1].tolist()


def test_customers_who_share_a_row_are_drawn_one_by_one() -> None:
    rows = customers(12_000)
    shared, alone = of_answers(rows, collapse=True), of_answers(rows)
    part, index, n = customers_of(shared, 120)
    assert part.n_rows == len(index) == 120
    drawn = part.weights
    assert (drawn >= 1).all()
    assert np.array_equal(drawn, drawn.round())
    assert (drawn <= shared.weights[index]).all()
    assert part.n == n == drawn.sum()
    # As often as they are among all customers, but for chance.
    for item in range(8):
        yes = drawn @ (part.item_codes(item) == 1) / part.n
        everybody = (alone.item_codes(item) == 1).mean()
        assert yes == pytest.approx(everybody, abs=4 * np.sqrt(0.25 / part.n))
    # All of them, where the rows are as many.
    whole, _, n = customers_of(shared, shared.n_rows)
    assert 120 < n <= 12_000
    assert whole.n_rows == shared.n_rows


def test_customers_with_weights_keep_them() -> None:
    rows = numbers(3_000)
    weights = np.random.default_rng(3).uniform(0.5, 2.0, len(rows))
    columns = [Column(f"x{j}", rows[:, j]) for j in range(2)]
    design = build_design(columns, {"x0": "continuous", "x1": "continuous"}, weights)
    part, index, _ = customers_of(design, 500)
    assert part.weights == pytest.approx(design.weights[index])
    assert part.n == pytest.approx(design.n / 6, rel=0.1)


def test_the_same_sample_in_any_order_of_rows() -> None:
    rows = customers(4_000)
    order = np.random.default_rng(1).permutation(len(rows))
    for collapse, size in ((False, 1_000), (True, 100)):
        one, other = (
            customers_of(of_answers(table, collapse=collapse), size)
            for table in (rows, rows[order])
        )
        assert np.array_equal(one.design.packed, other.design.packed)
        assert np.array_equal(one.design.weights, other.design.weights)
        assert one.n == other.n


def test_few_customers_are_all_asked() -> None:
    design = of_answers(customers(600))
    choice = choose(design, range(1, 5), OPTIONS, rows=600)
    assert choice.drawn is None
    assert choice.contest == {}
    assert choice.best.k == 3
    assert choice.best.data.design is design
    assert carried_on(choice.best, design, OPTIONS) is choice.best


@pytest.mark.parametrize("collapse", [False, True])
def test_a_sample_chooses_and_everybody_is_fitted(collapse: bool) -> None:
    design = of_answers(customers(12_000), collapse=collapse)
    # Of 256 possible answers the sample takes 120, and all whom it drew.
    choice = choose(design, range(1, 6), OPTIONS, rows=120 if collapse else 1_500)
    assert choice.best.k == 3
    assert choice.drawn is not None
    assert choice.best.data.design is choice.drawn.design
    found = carried_on(choice.best, design, OPTIONS)
    direct = fit_mixture(design, 3, OPTIONS)
    assert found.log_likelihood == pytest.approx(direct.log_likelihood, abs=1e-4)
    assert found.weights == pytest.approx(direct.weights, abs=1e-4)
    assert list(found.weights) == sorted(found.weights, reverse=True)
    assert found.n_starts == choice.best.n_starts


def test_the_choice_is_the_same_in_any_order_of_rows_and_on_any_threads() -> None:
    rows = customers(6_000)
    order = np.random.default_rng(2).permutation(len(rows))
    found = [
        choose(of_answers(table), range(1, 5), replace(OPTIONS, n_threads=threads), rows=1_000)
        for table, threads in ((rows, 1), (rows[order], 2))
    ]
    one, other = (c.selection.candidates for c in found)
    assert [c.model_dump() for c in one] == [c.model_dump() for c in other]
    assert found[0].best.k == found[1].best.k == 3


def test_all_customers_decide_what_a_sample_leaves_open() -> None:
    # The third segment is so small that 1,500 customers hardly show it.
    design = of_answers(customers(40_000, shares=(0.628, 0.36, 0.012)))
    choice = choose(design, range(1, 5), OPTIONS, rows=1_500)
    assert choice.selection.best.k == 2
    assert sorted(choice.contest) == [2, 3]
    assert all(fit.data.design is design for fit in choice.contest.values())
    assert choice.best.k == 3
    assert choice.best.data.design is not design


def test_what_is_far_from_the_best_is_not_asked_again() -> None:
    fits = select(of_answers(customers(3_000)), range(1, 5), OPTIONS)
    assert fits.best.k == 3
    assert _undecided(fits) == []


def test_chance_is_told_from_blocks_of_customers() -> None:
    # One segment against two: the gain of each customer is known, and so is its spread.
    design = of_answers(customers(3_000))
    one, two = select(design, (1, 2), OPTIONS).fits
    each = []
    for fit in (one, two):
        rows = [fit.data.design.take(np.array([i])) for i in range(design.n_rows)]
        each.append([_loglik(fit, row) for row in rows])
    gain = np.subtract(*each)
    error = 2 * 2 * gain.std() * np.sqrt(design.n_rows)  # two standard errors of a difference
    far = 2 * (two.log_likelihood - one.log_likelihood)
    for difference, close in ((0.6 * error, True), (1.4 * error, False)):
        # With another penalty the criteria differ by just so much.
        moved = replace(one, log_likelihood=one.log_likelihood + (far - difference) / 2)
        object.__setattr__(moved, "n_parameters", two.n_parameters)
        pair = Selection((moved, two), "aic")
        assert bool(_undecided(pair)) is close
    assert design.n_rows > 10 * BLOCKS


def _loglik(fit: object, row: Design) -> float:
    from forwhom.mixture.expectation import Expectation

    data = Expectation(row, fit.data.layout.shape, 1)  # type: ignore[attr-defined]
    return float(data.sums(fit.parameters).loglik[0])  # type: ignore[attr-defined]


def test_a_choice_without_a_contest_is_that_of_the_sample() -> None:
    selection = select(of_answers(customers(1_000)), (1, 2, 3), OPTIONS)
    choice = Choice(selection, selection.fits[0].data.design)
    assert choice.best is selection.best
