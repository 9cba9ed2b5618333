"""Whether segments are found again: agreement, overlap, and how it is read."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from forwhom.documents.again import again_of, lost_of, optima_of
from forwhom.documents.stability import NumberStability
from forwhom.documents.structure import Structure, Verdict
from forwhom.evidence import stability_evidence, stability_of, tempered
from forwhom.mixture.replicates import Refits


def refits(cold: list[list[int]], warm: list[list[int]] | None = None) -> Refits:
    found = np.repeat([0, 1, 2], [50, 30, 20])
    labels = np.array([np.repeat(one, [10] * 10) for one in cold])
    other = labels if warm is None else np.array([np.repeat(one, [10] * 10) for one in warm])
    return Refits(100, np.ones(100), np.arange(100), found, labels, other)


SAME = [2, 2, 2, 2, 2, 0, 0, 0, 1, 1]
#: The second and the third segment are one, and the first is two.
OTHER = [0, 0, 0, 0, 1, 2, 2, 2, 2, 2]


def test_agreement_is_the_adjusted_rand_index_and_overlap_that_of_jaccard() -> None:
    some = refits([SAME, OTHER])
    stability = stability_of({3: some}, 3, None)
    assert stability is not None
    (number,) = stability.numbers
    expected = [adjusted_rand_score(some.found, labels) for labels in some.cold]
    assert expected[0] == 1.0
    assert number.agreement == pytest.approx(np.mean(expected))
    assert number.low < number.agreement < number.high
    assert [s.jaccard for s in stability.segments] == pytest.approx([0.9, 0.8, 0.7])
    assert [s.found for s in stability.segments] == [2, 1, 1]


def test_weights_count() -> None:
    weights = np.where(np.arange(100) < 50, 3.0, 1.0)
    found, labels = np.repeat([0, 1, 2], [50, 30, 20]), np.repeat(OTHER, 10)
    weighted = stability_of(
        {3: Refits(100, weights, np.arange(100), found, labels[None], labels[None])}, 3, None
    )
    times = weights.astype(int)
    copies = [np.repeat(one, times) for one in (found, labels)]
    counted = Refits(200, np.ones(200), np.arange(200), copies[0], copies[1][None], copies[1][None])
    assert weighted is not None
    plain = stability_of({3: counted}, 3, None)
    assert plain is not None
    assert weighted.numbers == plain.numbers
    assert weighted.segments == plain.segments


@pytest.mark.parametrize(
    ("cold", "verdict", "reading", "said"),
    [
        ([SAME], "clear", "natural", "Yes: "),
        ([SAME], "likely", "reproducible", "Yes: "),
        ([SAME], "scale", "reproducible", "Yes: "),
        ([SAME], None, "reproducible", "That alone does not make them kinds."),
        ([OTHER], "clear", "constructive", "Not reliably: "),
    ],
)
def test_how_it_is_read(
    cold: list[list[int]], verdict: Verdict | None, reading: str, said: str
) -> None:
    structure = None if verdict is None else Structure(verdict=verdict, rows=100)
    stability = stability_of({3: refits(cold)}, 3, structure)
    assert stability is not None
    assert stability.reading == reading
    assert said in again_of(stability, 3, "group")
    (item,) = stability_evidence(stability, 3, noun="group", source="s")
    assert item.id == "segments.stability"
    assert item.value == stability.numbers[0].agreement


def test_lost_segments_are_named_where_the_others_are_found() -> None:
    stability = stability_of({3: refits([SAME, OTHER, OTHER])}, 3, None)
    assert stability is not None
    assert lost_of(stability) == [2, 3]
    assert "segments 2 and 3 are mostly lost" in again_of(stability, 3, "segment")


def test_groups_of_which_one_is_mostly_lost_are_not_clear() -> None:
    clear = Structure(verdict="clear", rows=100)
    again, lost = refits([SAME, SAME, OTHER]), refits([SAME, OTHER, OTHER])
    assert tempered(clear, {3: again}, 3) == clear
    assert tempered(clear, {3: lost}, 3) == Structure(verdict="likely", rows=100)
    scale = Structure(verdict="scale", rows=100)
    assert tempered(scale, {3: lost}, 3) == scale
    assert tempered(clear, {}, 3) == clear


def test_several_optima_are_told() -> None:
    stability = stability_of({3: refits([OTHER], [SAME])}, 3, None)
    assert stability is not None
    assert "replicates agree by 1.00" in optima_of(stability.numbers[0], "band")
    near = NumberStability(k=3, agreement=0.9, low=0.8, high=1.0, warm=0.95)
    assert optima_of(near, "band") == ""


def test_one_segment_has_no_stability() -> None:
    assert stability_of({}, 1, None) is None
    assert stability_of({3: refits([SAME])}, 1, None) is None
    assert stability_evidence(None, 1, noun="segment", source="s") == []


def test_other_numbers_stand_beside() -> None:
    two = refits([[0] * 4 + [1] * 6])
    two = replace(two, found=np.minimum(two.found, 1))
    stability = stability_of({3: refits([SAME]), 2: two}, 3, None)
    assert stability is not None
    assert [one.k for one in stability.numbers] == [2, 3]
    assert stability.of(2) is not None
    assert stability.of(4) is None


def test_its_figures_are_those_of_the_replicates() -> None:
    some = replace(refits([SAME, OTHER, SAME, OTHER], [SAME] * 4), rows_in_all=700)
    stability = stability_of({3: some}, 3, None)
    assert stability is not None
    assert (stability.replicates, stability.rows, stability.rows_in_all) == (4, 100, 700)
    (number,) = stability.numbers
    lower = adjusted_rand_score(some.found, np.repeat(OTHER, 10))
    assert number.warm == 1.0
    low, high = np.quantile([1.0, lower, 1.0, lower], (0.05, 0.95))
    assert (number.low, number.high) == pytest.approx((low, high))
    (item,) = stability_evidence(stability, 3, noun="segment", source="abc")
    assert item.interval is not None
    assert (item.interval.low, item.interval.high) == (number.low, number.high)
    assert item.interval.level == pytest.approx(0.9)
    assert (item.n, item.source) == (100, "abc")
    assert item.method == (
        "mean adjusted Rand index over bootstrap replicates of the customers, cold starts"
    )
    assert stability_evidence(stability, 2, noun="segment", source="abc") == []


def test_other_replicates_that_say_the_same_are_the_same_content() -> None:
    def mark(cold: list[list[int]], verdict: Verdict = "likely") -> str:
        found = stability_of({3: refits(cold)}, 3, Structure(verdict=verdict, rows=100))
        return stability_evidence(found, 3, noun="segment", source="s")[0].fingerprint

    assert mark([SAME]) == mark([SAME] * 9 + [OTHER])
    assert len({mark([SAME]), mark([SAME], "clear"), mark([OTHER])}) == 3


def test_half_of_the_replicates_are_enough_for_a_segment() -> None:
    clear = Structure(verdict="clear", rows=100)
    assert tempered(clear, {3: refits([SAME, OTHER])}, 3) == clear
    assert tempered(None, {3: refits([OTHER])}, 3) is None


def test_customers_without_weight_are_no_pairs() -> None:
    some = refits([SAME])
    stability = stability_of({3: replace(some, weights=np.zeros(100))}, 3, None)
    assert stability is not None
    assert stability.numbers[0].agreement == 1.0
    assert [s.jaccard for s in stability.segments] == [0, 0, 0]


def test_agreement_enough_is_reached_at_eight_tenths(monkeypatch: pytest.MonkeyPatch) -> None:
    some = {3: refits([OTHER])}
    stability = stability_of(some, 3, None)
    assert stability is not None
    reached = stability.numbers[0].agreement
    for least, reading in ((reached, "reproducible"), (reached + 1e-9, "constructive")):
        monkeypatch.setattr("forwhom.evidence.stability.AGREES", least)
        told = stability_of(some, 3, None)
        assert told is not None
        assert told.reading == reading
    shares = [s.jaccard for s in stability.segments]
    for least, found in ((max(shares), 1), (max(shares) + 1e-9, 0)):
        monkeypatch.setattr("forwhom.evidence.stability.FOUND", least)
        told = stability_of(some, 3, None)
        assert told is not None
        assert sum(s.found for s in told.segments) == found
