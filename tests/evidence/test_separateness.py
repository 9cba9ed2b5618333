"""Verdicts on pairs of segments: right about known populations, wrong as rarely as they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import threadpoolctl

from forwhom.documents.segmentation import Variable
from forwhom.evidence import separateness
from forwhom.evidence.effects import (
    apart,
    in_deviations,
    of_levels,
    of_profiles,
    of_proportions,
    on_the_arcsine_scale,
)
from forwhom.evidence.separateness import separateness_evidence, separateness_of
from forwhom.tables.columns import Column

PAIR = np.array([[0, 1]])


def variable(
    name: str, criterion: str | None, measure: str = "continuous", **more: Any
) -> Variable:
    use = more.pop("use", "descriptor")
    told = {"name": name, "label": name, "measure": measure, "use": use, "criterion": criterion}
    return Variable.model_validate(told | more)


def levels(name: str, codes: np.ndarray, names: str = "abc") -> Column:
    return Column(name, codes.astype(np.int32), tuple(names))


def customers(n: int = 4000, seed: int = 0) -> tuple[dict[str, Column], np.ndarray]:
    """Segments 1 and 2 are alike but for help; 3 differs by channel, spend and the mix of spend."""
    rng = np.random.default_rng(seed)
    z = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    channel = np.array([[0.6, 0.3, 0.1], [0.6, 0.3, 0.1], [0.2, 0.3, 0.5]])[z].cumsum(axis=1)
    twice = np.where(z == 1, 2.0, 1.0)  # another level of the same shape
    columns = [
        levels("channel", (rng.random(n)[:, None] > channel[:, :2]).sum(axis=1)),
        Column("spend", rng.normal(np.where(z == 2, 60.0, 50.0), 10.0)),
        levels("help", rng.random(n) < np.where(z == 1, 0.5, 0.3), "ny"),
        Column("meat", twice * rng.gamma(4, np.where(z == 2, 20.0, 10.0) / 4)),
        Column("fish", twice * rng.gamma(4, np.where(z == 2, 10.0, 20.0) / 4)),
    ]
    return {c.name: c for c in columns}, np.eye(3)[z]


VARIABLES = [
    variable("channel", "channel", "nominal"),
    variable("spend", "profitability", use="active"),
    variable("help", "relationship", "binary"),
    variable("meat", "price", "positive", unit="EUR"),
    variable("fish", "price", "positive", unit="EUR"),
]


def test_known_differences_are_told_and_known_likeness_is() -> None:
    columns, chances = customers()
    found = separateness_of(columns, VARIABLES, chances)
    assert found is not None
    verdicts = {
        (p.first, p.second): {c.criterion: c.verdict for c in p.criteria} for p in found.pairs
    }
    assert verdicts[1, 2] == {
        "channel": "equivalent", "relationship": "different", "profitability": "equivalent",
        "price": "equivalent",
    }  # fmt: skip
    assert verdicts[1, 3] == {
        "channel": "different", "relationship": "equivalent", "profitability": "different",
        "price": "different",
    }  # fmt: skip
    assert found.pairs[0].sentence.startswith("Segments 1 and 2 are separate: they have different")
    assert (
        "do not differ in profitability (spend, which formed them: d =" in found.pairs[0].sentence
    )
    assert found.notes[0] == "Nothing speaks to offer."
    assert found.merges == []
    shape = next(c for c in found.pairs[1].criteria if c.criterion == "price")
    assert shape.kind == "shape"
    assert shape.leading == ["meat", "fish"]
    assert shape.low < 1 / 3 < shape.high  # V of (1/3, 2/3) and (2/3, 1/3)
    assert shape.effect == pytest.approx(1 / 3, abs=0.03)


def test_evidence_has_an_id_and_changes_its_fingerprint_with_the_verdict() -> None:
    columns, chances = customers()
    found = separateness_of(columns, VARIABLES, chances)
    sizes = {1: 100, 2: 60, 3: 40}
    items = separateness_evidence(found, sizes, noun="segment", source="s")
    assert items[0].id == "segments-1-2.channel"
    assert items[0].verdict == "equivalent"
    assert items[0].n == 160
    assert items[0].statement.startswith("Segments 1 and 2 are reached through the same channels (")
    assert len({i.fingerprint for i in items}) == len(items) == 12
    assert separateness_evidence(None, sizes, noun="segment", source="s") == []


def test_alike_segments_are_proposed_to_be_one_and_few_customers_tell_nothing() -> None:
    rng = np.random.default_rng(1)
    for n, alike in ((6000, True), (120, False)):
        columns = {
            "spend": Column("spend", rng.normal(50, 10, n)),
            "web": levels("web", rng.random(n) < 0.4, "ny"),
        }
        told = [variable("spend", "profitability"), variable("web", "channel", "binary")]
        chances = np.eye(2)[rng.integers(0, 2, n)]
        found = separateness_of(columns, told, chances)
        assert found is not None
        assert found.merges == ([[1, 2]] if alike else [])
        verdicts = {c.verdict for c in found.pairs[0].criteria}
        assert verdicts == ({"equivalent"} if alike else {"undecided"})
        assert ("could be one" in found.sentences[-1]) == alike
        if not alike:
            assert "are not shown to be separate: open is whether" in found.pairs[0].sentence


def test_the_study_says_what_matters() -> None:
    columns, chances = customers()
    strict = [v.model_copy(update={"minimum": 1.5}) if v.name == "spend" else v for v in VARIABLES]
    found = separateness_of(columns, strict, chances)
    assert found is not None
    one = next(c for c in found.pairs[1].criteria if c.criterion == "profitability")
    assert (one.verdict, one.minimum) == ("equivalent", 1.5)


def test_what_cannot_be_compared_is_said() -> None:
    columns, chances = customers(600)
    n = len(chances)
    chances = np.hstack([chances, np.zeros((n, 1))])
    chances[:6] = np.eye(4)[3]  # a segment of six
    columns |= {
        "empty": Column("empty", np.full(n, np.nan)),
        "same": Column("same", np.ones(n)),
        "one level": levels("one level", np.zeros(n)),
        "lost": levels("lost", np.full(n, -1)),
        "price": Column("price", columns["spend"].values),
    }
    told = [*VARIABLES, *(variable(name, "offer") for name in ("empty", "same"))]
    told += [variable(name, "offer", "nominal") for name in ("one level", "lost")]
    told += [variable("price", "price"), variable("untagged", None)]
    found = separateness_of(columns, told, chances)
    assert found is not None
    notes = " ".join(found.notes)
    for said in ("Nothing speaks to offer", "'empty' cannot be compared: nobody has a value",
                 "everybody has the same value", "nearly everybody has the same level",
                 "one aspect has no shape", "Too few customers to compare: segment 4"):  # fmt: skip
        assert said in notes
    assert all(p.criteria == [] for p in found.pairs if p.second == 4)
    assert "3 other pairs could not be compared." in found.sentences
    assert separateness_of(columns, VARIABLES, np.ones((n, 1))) is None
    assert separateness_of(columns, [variable("spend", None)], chances) is None
    same = separateness_of(columns, VARIABLES, np.full((n, 2), 0.5))
    assert same is not None  # they overlap wholly: only what formed them is left
    assert any("overlap so much" in note for note in same.notes)


def test_protected_variables_never_speak() -> None:
    columns, chances = customers(600)
    assert separateness_of(columns, [variable("spend", "offer", use="protected")], chances) is None


def test_order_weights_and_labels_change_nothing() -> None:
    columns, chances = customers(1500)
    found = separateness_of(columns, VARIABLES, chances, np.ones(1500))
    order = np.random.default_rng(0).permutation(1500)
    moved = {n: Column(n, c.values[order], c.levels) for n, c in columns.items()}
    again = separateness_of(moved, VARIABLES, chances[order][:, ::-1])
    assert found is not None
    assert again is not None
    effects = [[abs(c.effect) for c in p.criteria] for p in found.pairs]
    turned = [[abs(c.effect) for c in p.criteria] for p in again.pairs]
    assert turned[2] == pytest.approx(effects[0], abs=2e-4)
    assert turned[1] == pytest.approx(effects[1], abs=2e-4)


SHARES = np.array([[0.4, 0.3, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1]])


def moved(effect: float) -> np.ndarray:
    """Shares of levels whose V is this large."""
    low, high = 0.0, 0.09
    for _ in range(60):
        step = (low + high) / 2
        found = SHARES + np.outer([1, -1], [step, step, -step, -step])
        size = np.sqrt((of_levels(found[:1], found[1:]) ** 2).sum())
        low, high = (step, high) if size < effect else (low, step)
    return found


@pytest.mark.parametrize("n", [400, 1000, 4000])
def test_verdicts_at_the_minimum_are_wrong_as_rarely_as_they_say(n: int) -> None:
    rng = np.random.default_rng(n)
    truth = moved(0.1)
    wrong, covered, draws = [0, 0], 0, 1500
    for _ in range(draws):
        counts = np.stack([rng.multinomial(n, p) for p in truth]) / n
        covariance = np.zeros((8, 8))
        for k in range(2):
            at = slice(4 * k, 4 * k + 4)
            covariance[at, at] = (np.diag(counts[k]) - np.outer(counts[k], counts[k])) / n
        found = apart(of_levels, counts, covariance, PAIR, 0.1)
        wrong[0] += found.p_different[0] < 0.05
        wrong[1] += found.p_equivalent[0] < 0.05
        covered += found.low[0] <= 0.1 <= found.high[0]
    assert wrong[0] / draws < 0.035
    assert wrong[1] / draws < 0.035
    assert 0.94 <= covered / draws <= 0.965


def test_effects_are_what_textbooks_say() -> None:
    a, b = np.array([[2.0, 5.0]]), np.array([[1.0, 2.0]])  # means 2 and 1, variances 1
    sizes = np.array([3.0, 1.0])
    assert in_deviations(sizes, PAIR)(a, b) == pytest.approx(np.array([[1.0]]))
    half, tenth = np.array([[0.5]]), np.array([[0.1]])
    assert on_the_arcsine_scale(half, tenth)[0, 0] == pytest.approx(0.9273, abs=1e-4)
    one, other = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    assert np.linalg.norm(of_levels(one, other)) == pytest.approx(1.0)
    assert np.linalg.norm(of_proportions(3 * one + 1, one + 1 / 3)) == pytest.approx(0.0)
    level = np.array([[5.0, 3.0, 26.0, 10.0]])  # two aspects with variance 1, one unit lower
    lower = np.array([[4.0, 2.0, 17.0, 5.0]])
    assert of_profiles(sizes, PAIR)(level, lower) == pytest.approx(0.0)
    turned = np.array([[3.0, 5.0, 10.0, 26.0]])
    assert np.linalg.norm(of_profiles(sizes, PAIR)(level, turned)) == pytest.approx(2.0)


def test_an_interval_of_very_many_customers_is_the_normal_one() -> None:
    truth = moved(0.3)
    found = []
    for n in (90_000, 110_000):  # on both sides of the approximation
        covariance = np.zeros((8, 8))
        for k in range(2):
            at = slice(4 * k, 4 * k + 4)
            covariance[at, at] = (np.diag(truth[k]) - np.outer(truth[k], truth[k])) / n
        one = apart(of_levels, truth, covariance, PAIR, 0.1)
        found.append((one.high[0] - one.low[0]) * np.sqrt(n))
        assert one.low[0] < 0.3 < one.high[0]
        assert one.p_different[0] < 1e-6
    assert found[0] == pytest.approx(found[1], rel=0.02)


def test_narrow_matrices_are_kept_to_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    columns, chances = customers(300)
    seen: list[int] = []

    def looked(*_: object) -> None:
        libraries = threadpoolctl.threadpool_info()
        seen.extend(one["num_threads"] for one in libraries if one["user_api"] == "blas")

    monkeypatch.setattr(separateness, "_separateness", looked)
    with threadpoolctl.threadpool_limits(limits=2, user_api="blas"):
        separateness_of(columns, [variable("help", "offer")], chances)
    assert seen
    assert set(seen) == {1}
