"""What sets segments apart by what they say: errors, power, intervals, and what changes nothing."""

import numpy as np
import pytest
from scipy.stats import hypergeom

from forwhom.evidence.sayings import Setting, Statements
from forwhom.evidence.shrinkage import Effects
from forwhom.evidence.themes import themes_of
from forwhom.evidence.voices import _mid_p, discoveries, sets_apart


def draw(seed: int, times: float, n: int = 1500, statements: int = 120, overlap: float = 0.0):
    """Draw three segments; the first tenth of statements is said ``times`` as often in one."""
    rng = np.random.default_rng(seed)
    z = rng.integers(0, 3, n)
    chances = np.eye(3)[z]
    if overlap:  # posterior chances of what is drawn from them are right by construction
        chances = rng.dirichlet(np.full(3, overlap), n)
        z = (rng.random(n)[:, None] > chances.cumsum(axis=1)[:, :2]).sum(axis=1)
    share = rng.uniform(0.02, 0.2, statements)
    rates = np.repeat(share[:, None], 3, axis=1)
    rates[: statements // 10, 0] *= times
    told = rng.random((statements, n)) < rates[:, z]
    statement, customer = np.nonzero(told)
    return statement, customer, statements, chances, rates


def test_nothing_is_told_where_nothing_differs() -> None:
    wrong = [sets_apart(*draw(seed, 1.0)[:4]).told.any() for seed in range(100, 125)]
    assert sum(wrong) <= 4  # one expected; 4 or fewer in 99 of 100 runs


@pytest.mark.parametrize("overlap", [0.0, 0.15])
def test_what_differs_is_found_with_its_ratio_also_where_segments_overlap(overlap: float) -> None:
    inside, plain = [], []
    for seed in range(6):
        *given, rates = draw(seed, 2.5, overlap=overlap)
        found = sets_apart(*given)
        assert found.told[:12, 0].mean() > 0.5
        assert found.told[12:].sum() + found.told[:12, 1:].sum() <= 3
        true = rates[:, 0] / rates[:, 1:].mean(axis=1)
        kept = found.told[:, 0] & (np.arange(len(rates)) < 12)
        inside += list((found.low[kept, 0] <= true[kept]) & (true[kept] <= found.high[kept, 0]))
        sizes = np.bincount(given[3].argmax(axis=1), minlength=3)
        shares = found.counts[kept] / sizes
        plain += list(shares[:, 0] / shares[:, 1:].mean(axis=1))
    assert np.mean(inside) > 0.88
    if overlap:
        assert np.mean(plain) < 2.2  # what plain assignment makes of 2.5


def test_the_order_of_customers_and_the_labels_of_segments_change_nothing() -> None:
    statement, customer, n, chances, _ = draw(3, 2.5, overlap=0.15)
    found = sets_apart(statement, customer, n, chances)
    shuffled = np.random.default_rng(1).permutation(len(chances))
    place = np.argsort(shuffled)
    other = sets_apart(statement, place[customer], n, chances[shuffled][:, [2, 0, 1]])
    assert np.array_equal(found.told, other.told[:, [1, 2, 0]])
    assert np.allclose(found.ratios, other.ratios[:, [1, 2, 0]], equal_nan=True)
    assert np.allclose(found.p, other.p[:, [1, 2, 0]])


def test_few_are_not_told_and_hide_among_so_many() -> None:
    chances = np.eye(2)[np.arange(200) % 2]
    mostly = np.arange(0, 80, 2)
    rare = np.arange(0, 18, 2)
    statement = np.concatenate([np.zeros(40, dtype=int), np.ones(9, dtype=int)])
    found = sets_apart(statement, np.concatenate([mostly, rare]), 2, chances)
    assert found.told.tolist() == [[True, False], [False, False]]
    assert found.others[0, 0] == pytest.approx(0.1)  # nobody, counted as ten of a hundred
    assert found.ratios[0, 0] < 4.1


def test_one_segment_or_nobody_in_one_is_no_reason_to_fail() -> None:
    statement, customer = np.zeros(30, dtype=int), np.arange(30)
    assert not sets_apart(statement, customer, 1, np.ones((40, 1))).told.any()
    assert not sets_apart(statement, customer, 1, np.tile([1.0, 0.0], (40, 1))).told.any()
    none = np.zeros(0, dtype=int)
    assert sets_apart(none, none, 0, np.eye(2)).told.shape == (0, 2)
    assert not sets_apart(statement, customer, 1, np.zeros((40, 2))).told.any()


def test_discoveries_are_those_of_benjamini_and_hochberg() -> None:
    p = np.array([0.01, 0.041, 0.02, 0.9])
    assert discoveries(p).tolist() == [True, False, True, False]
    assert not discoveries(np.array([0.2, 0.3])).any()
    assert discoveries(np.zeros(0)).shape == (0,)


def test_intervals_hold_for_what_was_picked() -> None:
    rng = np.random.default_rng(0)
    truth = np.where(rng.random(4000) < 0.2, rng.normal(0, 0.8, 4000), 0.0)
    error = rng.uniform(0.1, 0.3, 4000)
    seen = rng.normal(truth, error)
    known = Effects.learned(seen, error)
    low, middle, high = known.quantiles(seen, error, np.array([0.025, 0.5, 0.975])).T
    picked = seen / error > 3
    assert ((low <= truth) & (truth <= high))[picked].mean() > 0.92
    assert np.abs(middle - truth)[picked].mean() < np.abs(seen - truth)[picked].mean()


def test_statements_of_the_same_customers_are_a_theme() -> None:
    said = {0: range(40), 1: range(5, 45), 2: range(50, 90), 3: range(100, 120), 4: range(48, 85)}
    statement = np.concatenate([np.full(len(who), s) for s, who in said.items()])
    customer = np.concatenate([np.array(who) for who in said.values()])
    found = themes_of(statement, customer, np.bincount(statement))
    assert [one.tolist() for one in found] == [[0, 1], [2, 4]]
    order = np.random.default_rng(0).permutation(120)
    again = themes_of(statement, order[customer], np.bincount(statement))
    assert [one.tolist() for one in again] == [[0, 1], [2, 4]]
    assert themes_of(np.zeros(3, dtype=int), np.arange(3), np.array([3])) == []


def test_weights_that_are_copies_say_what_copies_say() -> None:
    rng = np.random.default_rng(5)
    copies = rng.integers(1, 4, 300)
    says = rng.random((6, 300)) < np.where(np.arange(300) % 2, 0.5, 0.15)
    statement, customer = np.nonzero(says)
    chances = np.eye(2)[np.arange(300) % 2]
    weighed = sets_apart(statement, customer, 6, chances, copies.astype(float))
    many = np.repeat(np.arange(300), copies)
    again, whose = np.nonzero(says[:, many])
    copied = sets_apart(again, whose, 6, chances[many])
    np.testing.assert_allclose(weighed.shares, copied.shares)
    np.testing.assert_allclose(weighed.p, copied.p)
    np.testing.assert_allclose(weighed.common, says[:, many].mean(axis=1))


def test_one_customer_of_great_weight_is_no_evidence() -> None:
    n = 400
    segment = np.arange(n) % 2
    says = np.arange(40)  # as many of either segment
    weights = np.full(n, 1.5)
    even = sets_apart(np.zeros(40, int), says, 1, np.eye(2)[segment], weights)
    weights[0] = 60.0
    found = sets_apart(np.zeros(40, int), says, 1, np.eye(2)[segment], weights)
    # It makes half of what the 40 weigh; of so few, a half may be in either segment.
    assert found.p[0, 0] > 0.1
    assert not found.told.any()
    assert even.p[0, 0] == 1.0  # no more than expected


def test_sampling_weights_move_shares_and_make_less_sure() -> None:
    rng = np.random.default_rng(6)
    says = rng.random((5, 400)) < np.where(np.arange(400) % 2, 0.5, 0.25)
    statement, customer = np.nonzero(says)
    chances = np.eye(2)[np.arange(400) % 2]
    weights = np.exp(rng.normal(0, 1, 400))
    plain = sets_apart(statement, customer, 5, chances)
    found = sets_apart(statement, customer, 5, chances, weights)
    same = sets_apart(statement, customer, 5, chances, 7.3 * weights)
    np.testing.assert_allclose(found.p, same.p)
    odd = np.arange(400) % 2 == 1
    expected = [np.average(row[odd], weights=weights[odd]) for row in says]
    np.testing.assert_allclose(found.shares[:, 1], expected, atol=0.01)
    assert np.median(found.p[:, 1]) > np.median(plain.p[:, 1])
    np.testing.assert_array_equal(found.counts, plain.counts)


def test_customers_of_no_weight_say_nothing() -> None:
    says = np.ones((1, 40), bool)
    statement, customer = np.nonzero(says)
    weights = np.where(np.arange(40) < 20, 0.5, 0.0)
    found = sets_apart(statement, customer, 1, np.eye(2)[np.arange(40) % 2], weights)
    assert found.common[0] == pytest.approx(1.0)
    assert not found.told.any()


def test_chances_are_half_of_what_is_seen_and_all_that_is_more() -> None:
    counts, total = np.array([3.0, 8, 20, 5]), np.array([10.0, 10, 40, 5])
    size, n = np.array([20.0, 20, 30, 60]), 100.0
    known = hypergeom(n, total, size)
    expected = known.sf(counts) + known.pmf(counts) / 2
    assert _mid_p(counts, total, size, n) == pytest.approx(expected, rel=1e-6)


def setting(*sayers: list[int], ratings: dict[str, np.ndarray] | None = None) -> Setting:
    """Return what is told of 400 customers in two segments; customers of each statement."""
    n, assigned = 400, np.arange(400) % 2
    statement = np.concatenate([np.full(len(one), s) for s, one in enumerate(sayers)])
    customer = np.concatenate([np.array(one) for one in sayers])
    phrases = tuple(f"phrase {chr(97 + i)}" for i in range(len(sayers)))
    tones, text = np.zeros((len(statement), 4), dtype=bool), customer
    said = Statements.of(phrases, statement, customer, text, tones, [])
    apart = sets_apart(statement, customer, len(sayers), np.eye(2)[assigned])
    return Setting(
        said=said, apart=apart, assigned=assigned, customers=n, ratings=ratings or {},
        weights=np.ones(n), lengths=np.full(n, 80), column="text", noun="segment", least=10,
        source="",
    )  # fmt: skip


@pytest.mark.parametrize(("fewer", "multiples"), [(4, True), (14, False)])
def test_who_says_a_part_of_a_phrase_alone_does_not_follow(fewer: int, multiples: bool) -> None:
    """Shares of *slow* and of *very slow*, both exact, are those who say it is slow, not very."""
    slow = [*range(0, 134, 2), *range(1, 27, 2)]
    found = setting(slow, slow[fewer:]).of_segment(0, 1, set())
    counts = [one.saying.share * 200 for one in found]
    assert len(counts) == 2
    assert all(c == round(c / 10) * 10 for c in counts) == multiples


def test_a_mean_of_ratings_that_few_make_is_not_told() -> None:
    said = [*range(0, 134, 2), *range(1, 27, 2)]
    for few, told in ((3, False), (20, True)):
        stars = np.full(400, 10.0)
        stars[said[:few]] = np.arange(few) % 7
        [one] = setting(said, ratings={"satisfaction": stars}).of_segment(0, 1, set())
        assert (one.saying.satisfaction is not None) == told


def test_one_rating_far_from_all_others_does_not_come_back() -> None:
    said, told = [*range(0, 134, 2), *range(1, 27, 2)], []
    for stars_of_one in (0.0, 4.0):
        stars = np.where(np.arange(400) % 4 == 0, 9.9, 10.0)
        stars[0] = stars_of_one
        [one] = setting(said, ratings={"satisfaction": stars}).of_segment(0, 1, set())
        told.append(one.saying.satisfaction)
    assert told[0] is not None
    assert told[0] == told[1]
