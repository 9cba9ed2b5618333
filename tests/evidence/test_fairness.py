"""Whom segments and decisions favor, by protected attributes."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.documents.canvas import CanvasEvidence
from forwhom.documents.segmentation import Variable
from forwhom.errors import DataError
from forwhom.evidence.fairness import Groups, _rates, audit, fairness_evidence, selection
from forwhom.evidence.raking import margins_of, rake, raked_of
from forwhom.statistics.membership import Membership
from forwhom.tables.columns import Column

N = 1000


def _variable(name: str, use: str = "protected", measure: str = "nominal") -> Variable:
    return Variable(name=name, label=name.capitalize(), measure=measure, use=use)


def _levels(name: str, codes, *levels: str) -> Column:
    return Column(name, np.asarray(codes, dtype=np.int32), levels)


@pytest.fixture
def half() -> Column:
    return _levels("gender", np.arange(N) % 2, "woman", "man")


def _member(segment) -> Membership:
    return Membership.of(np.eye(segment.max() + 1)[segment])


def _audit(columns: list[Column], variables: list[Variable], member: Membership, **more):
    return audit({c.name: c for c in columns}, variables, member, **more)


def test_an_attribute_that_goes_with_segments_is_told(half) -> None:
    segment = np.where(np.arange(N) % 10 < 8, np.arange(N) % 2, 1 - np.arange(N) % 2)
    found = _audit([half], [_variable("gender")], _member(segment))
    [one] = found.associations
    assert one.verdict == "apart"
    assert one.value == pytest.approx(0.6)
    assert str(one).startswith("Gender is not spread evenly over the segments (V = 0.60, 0.5")


def test_an_attribute_that_does_not_go_with_segments_is_told_where_many_say_so(half) -> None:
    segment = np.arange(N) // 2 % 2
    [one] = _audit([half], [_variable("gender")], _member(segment)).associations
    assert (one.value, one.verdict) == (0.0, "alike")
    few = _levels("gender", half.values[:60], "woman", "man")
    [one] = _audit([few], [_variable("gender")], _member(segment[:60])).associations
    assert one.verdict == "unknown"
    assert "we cannot tell" in str(one)


def test_variables_that_give_an_attribute_away_are_named(half) -> None:
    rng = np.random.default_rng(1)
    height = Column("height", np.where(half.values == 0, 165.0, 178.0) + rng.normal(0, 5, N))
    noise = Column("visits", rng.poisson(5, N).astype(float))
    variables = [
        _variable("gender"),
        _variable("height", "active", "continuous"),
        _variable("visits", "active", "count"),
    ]
    found = _audit([half, height, noise], variables, _member(np.arange(N) % 2))
    assert [(p.other, p.verdict) for p in found.proxies] == [
        ("height", "apart"),
        ("visits", "alike"),
    ]
    ids = [e.id for e in fairness_evidence(found, n=N, source="f")]
    assert ids == ["fairness.gender", "fairness.gender.proxy.height"]
    assert all(e.fingerprint for e in fairness_evidence(found, n=N, source="f"))


def test_a_canvas_can_cite_what_is_found_of_any_column(half) -> None:
    gender = Column("Gender (m/f)", half.values, half.levels)
    spread = np.random.default_rng(1).normal(0, 5, N)
    height = Column("Height in cm", np.where(half.values == 0, 165.0, 178.0) + spread)
    variables = [_variable(gender.name), _variable(height.name, "active", "continuous")]
    found = _audit([gender, height], variables, _member(np.arange(N) % 2))
    several = fairness_evidence(found, n=N, source="f")
    assert [e.id for e in several] == [
        "fairness.Gender-m-f",
        "fairness.Gender-m-f.proxy.Height-in-cm",
    ]
    for one in several:
        CanvasEvidence.model_validate({"id": one.id, "statement": one.statement})


def test_answers_that_one_group_does_not_give_are_named(half) -> None:
    income = np.full(N, 1000.0)
    income[(half.values == 0) & (np.arange(N) % 5 < 3)] = np.nan
    variables = [_variable("gender"), _variable("income", "active", "continuous")]
    [one] = _audit([half, Column("income", income)], variables, _member(np.arange(N) % 2)).answers
    assert (one.most, one.least, one.rates) == ("woman", "man", (0.6, 0.0))
    assert one.difference_interval.low > 0.5
    assert str(one) == (
        "Gender: Income is missing for 60% of 'woman' and 0% of 'man'; what is said of the first "
        "rests on fewer."
    )


def test_groups_of_few_are_not_told() -> None:
    codes = np.zeros(N, dtype=int)
    codes[:9] = 1
    column = _levels("gender", codes, "woman", "man")
    found = _audit([column], [_variable("gender")], _member(np.arange(N) % 2))
    assert found.associations == []
    assert "fewer than two groups have 10 people" in found.notes[0]
    assert "man" not in found.model_dump_json()


def test_no_measure_is_taken_of_a_cell_of_few() -> None:
    rng = np.random.default_rng(4)
    codes = rng.integers(0, 3, N)
    segment = np.where(codes == 2, 0, rng.integers(0, 2, N))
    segment[np.flatnonzero(codes == 2)[:4]] = 1
    groups = Groups.of(_variable("origin"), _levels("origin", codes, "a", "b", "c"), 10)
    everybody = np.ones(N)
    assert groups.counted(segment, 2, everybody).shape == (3, 2)
    told = groups.counted(segment, 2, everybody, 10)
    assert told.tolist() == groups.counted(segment, 2, everybody)[:2].tolist()
    one = Groups.of(_variable("origin"), _levels("origin", codes // 2, "ab", "c"), 10)
    assert one.counted(segment, 2, everybody, 10).shape == (1, 2)


def test_a_number_is_cut_into_bands_that_hold_about_as_many() -> None:
    age = Column("age", np.arange(N) / N * 60 + 18)
    groups = Groups.of(_variable("age", measure="continuous"), age, 10)
    assert groups.names == ("up to 33", "over 33 to 48", "over 48 to 63", "over 63")
    assert np.bincount(groups.codes).tolist() == [251, 250, 250, 249]


def test_weights_count_as_many_customers(half) -> None:
    segment = (np.arange(N) % 3 == 0).astype(int)
    weights = 1.0 + (np.arange(N) % 4)
    twice = np.repeat(np.arange(N), weights.astype(int))
    one = Groups.of(_variable("gender"), half, 10)
    table = one.counted(segment, 2, weights)
    repeated = Groups.of(
        _variable("gender"), _levels("gender", half.values[twice], "woman", "man"), 10
    ).counted(segment[twice], 2, np.ones(len(twice)))
    assert table / table.sum() == pytest.approx(repeated / repeated.sum())
    assert table.sum() == pytest.approx(weights.sum() ** 2 / (weights @ weights))


def test_four_fifths_have_three_ends(half) -> None:
    groups = Groups.of(_variable("gender"), half, 10)
    place = np.arange(N) // 2
    everybody = np.ones(N)
    apart = selection(
        groups, np.where(half.values == 0, place % 4 == 0, place % 2 == 0), everybody, "served"
    )
    assert (apart.verdict, apart.least, apart.most) == ("apart", "woman", "man")
    assert apart.ratio == 0.5
    assert apart.difference == -0.25
    assert "less than four fifths." in str(apart)
    alike = selection(groups, place % 10 < 7, everybody, "served")
    assert (alike.verdict, alike.ratio) == ("alike", 1.0)
    few = Groups(groups.variable, groups.names, groups.codes[:80])
    unknown = selection(few, (place % 10 < 6)[:80], everybody[:80], "served")
    assert unknown.verdict == "unknown"
    assert "we cannot tell" in str(unknown)


def test_rates_of_few_people_are_withheld(half) -> None:
    groups = Groups.of(_variable("gender"), half, 10)
    chosen = (half.values == 0) & (np.arange(N) < 8)
    found = selection(groups, chosen, np.ones(N), "served")
    assert [r.rate for r in found.rates] == [None, 0.0]
    assert found.least is None
    assert "too few people" in str(found)


def test_nobody_served_is_said_to_tell_nothing(half) -> None:
    groups = Groups.of(_variable("gender"), half, 10)
    assert selection(groups, np.zeros(N, dtype=bool), np.ones(N), "served").verdict == "unknown"


def test_the_order_of_customers_changes_nothing(half) -> None:
    rng = np.random.default_rng(3)
    segment, order = rng.integers(0, 3, N), rng.permutation(N)
    visits = rng.poisson(3, N).astype(float)
    variables = [_variable("gender"), _variable("visits", "active", "count")]
    one = _audit([half, Column("visits", visits)], variables, _member(segment))
    turned = [
        _levels("gender", half.values[order], "woman", "man"),
        Column("visits", visits[order]),
    ]
    assert _audit(turned, variables, _member(segment[order])) == one


def test_a_sample_is_held_against_known_shares(half) -> None:
    groups = Groups.of(_variable("gender"), half, 10)
    found = margins_of(groups, {"woman": 0.7, "man": 0.3}, np.ones(N))
    assert [(m.group, m.sample, m.verdict) for m in found] == [
        ("woman", 0.5, "apart"),
        ("man", 0.5, "apart"),
    ]
    fair = margins_of(groups, {"woman": 0.5, "man": 0.5}, np.ones(N))
    assert {m.verdict for m in fair} == {"alike"}
    nearly = margins_of(groups, {"woman": 0.55, "man": 0.45}, np.ones(N))
    assert {m.verdict for m in nearly} == {"unknown"}


def test_raking_gives_every_group_its_share(half) -> None:
    region = _levels("region", np.arange(N) % 3, "North", "South", "West")
    several = [Groups.of(_variable(c.name), c, 10) for c in (half, region)]
    known = [{"woman": 0.6, "man": 0.4}, {"North": 0.5, "South": 0.2, "West": 0.3}]
    raked = rake(several, known, np.ones(N))
    assert raked.mean() == pytest.approx(1.0)
    for groups, shares in zip(several, known, strict=True):
        found = np.bincount(groups.codes, raked) / raked.sum()
        assert found == pytest.approx([shares[name] for name in groups.names], abs=1e-8)
    told = raked_of(raked, _member(np.arange(N) % 2))
    assert told.n == N
    assert told.effective == pytest.approx(raked.sum() ** 2 / (raked @ raked), abs=0.05)
    assert told.shares[1] == (0.5, 0.6)
    assert told.largest == pytest.approx(raked.max(), abs=0.005)


def test_raking_leaves_out_who_gave_no_answer(half) -> None:
    codes = half.values.copy()
    codes[:100] = -1
    groups = Groups.of(_variable("gender"), _levels("gender", codes, "woman", "man"), 10)
    raked = rake([groups], [{"woman": 0.6, "man": 0.4}], np.ones(N))
    assert raked[:100].tolist() == [0.0] * 100
    assert raked[100:].mean() == pytest.approx(1.0)


def test_margins_that_contradict_each_other_are_refused(half) -> None:
    twin = _levels("sex", half.values, "f", "m")
    several = [Groups.of(_variable(c.name), c, 10) for c in (half, twin)]
    known = [{"woman": 0.6, "man": 0.4}, {"f": 0.3, "m": 0.7}]
    with pytest.raises(DataError, match="No weights give all margins at once"):
        rake(several, known, np.ones(N))


@pytest.mark.parametrize(
    ("shares", "empty"),
    [
        ({"woman": 0.5, "man": 0.4, "other": 0.1}, "other"),
        ({"woman": 0.5, "man": 0.4, "diverse": 0.1}, "diverse"),
        ({"woman": 0.6, "man": 0.4, "other": 0.0, "diverse": 0.0}, None),
    ],
)
def test_a_group_that_weights_need_and_nobody_is_in_is_refused(
    half, shares: dict[str, float], empty: str | None
) -> None:
    groups = Groups(_variable("gender"), ("woman", "man", "other"), half.values)
    if empty is None:
        assert rake([groups], [shares], np.ones(N)).mean() == pytest.approx(1.0)
        return
    with pytest.raises(DataError, match=f"too few people are in the group '{empty}'"):
        rake([groups], [shares], np.ones(N))


def test_a_group_without_weight_has_no_rate() -> None:
    groups = Groups(_variable("gender"), ("woman", "man"), np.array([0, 0, 1, 1]))
    chosen, weights = np.array([True, False, True, True]), np.array([1.0, 3.0, 0.0, 0.0])
    found = _rates(groups, chosen, weights, 1)
    assert {name: (rate.share, rate.n) for name, rate in found.items()} == {"woman": (0.25, 1.6)}


def test_margins_without_anybody_are_refused(half) -> None:
    nobody = Groups(_variable("gender"), ("woman", "man"), np.full(N, -1))
    with pytest.raises(DataError, match="Nobody has an answer"):
        rake([nobody], [{"woman": 0.5, "man": 0.5}], np.ones(N))
