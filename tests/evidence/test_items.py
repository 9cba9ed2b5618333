"""Evidence has stable ids, and fingerprints that change when what it says changes."""

from __future__ import annotations

import numpy as np
import pytest

from forwhom.documents.fitting import Candidate, Certainty
from forwhom.documents.segmentation import (
    Distinction,
    Interval,
    Segment,
    Sum,
    TypicalMember,
    Variable,
    Worth,
)
from forwhom.documents.structure import Structure
from forwhom.evidence import collect_evidence, overlap_matrix, verdict_evidence
from forwhom.evidence.items import fingerprint


def segment(number: int, n: int = 120, effect: float = 0.812345, **more) -> Segment:
    difference = Distinction(
        variable="Recency (days)",
        statement="Bought more recently: 3 days, the rest 9",
        effect=effect,
        interval=Interval(low=effect - 0.2, high=effect + 0.2),
        kind="d",
        inside=3.0,
        rest=9.0,
        phrase="recent",
    )
    return Segment(
        id=number,
        name="Any name",
        proposed_name="Any name",
        n=n,
        share=0.4,
        share_interval=Interval(low=0.35, high=0.45),
        certainty=Certainty(mean_probability=0.9, sure=0.8),
        distinctions=more.get("distinctions", [difference]),
    )


def candidate(k: int, bic: float) -> Candidate:
    return Candidate(
        k=k, log_likelihood=-bic / 2, n_parameters=k, bic=bic, aic=0, aic3=0, caic=0, sabic=0,
        icl=0, entropy_r2=None, classification_error=0, smallest_share=0.1, converged=True,
        n_iter=5, best_start_share=1.0, n_starts=1,
    )  # fmt: skip


def test_every_finding_is_an_item_with_an_id_of_its_own() -> None:
    candidates = [candidate(1, 2000.0), candidate(2, 1500.0), candidate(3, 1600.0)]
    items = collect_evidence([segment(1), segment(2, 80)], candidates, source="abc")
    assert [i.id for i in items] == [
        "segments.number",
        "segment-1.size",
        "segment-1.distinction.recency-days",
        "segment-1.certainty",
        "segment-2.size",
        "segment-2.distinction.recency-days",
        "segment-2.certainty",
    ]
    assert items[0].value == 500.0
    assert items[0].statement == (
        "The Bayesian information criterion favors 2 segments over 1 segment: "
        "1,500.0 against 2,000.0 (very strong evidence)"
    )
    assert items[1].statement == "Segment 1 is 40% of the customers (35% to 45%)"
    assert items[1].n == 200
    assert items[5].n == 80
    assert {i.source for i in items} == {"abc"}
    assert len({i.fingerprint for i in items}) == len(items)


def test_one_segment_is_compared_with_the_best_of_the_others() -> None:
    candidates = [candidate(1, 1000.0), candidate(2, 1005.0), candidate(3, 1100.0)]
    (number, size) = collect_evidence([segment(1, distinctions=[])], candidates, source="s")
    assert "favors 1 segment over 2 segments" in number.statement
    assert number.value == 5.0
    assert size.id == "segment-1.size"


def test_a_number_that_the_criterion_does_not_favor_is_said() -> None:
    candidates = [candidate(1, 1000.0), candidate(2, 1005.0)]
    number = collect_evidence([segment(1), segment(2)], candidates, source="s")[0]
    assert "does not favor 2 segments over 1 segment" in number.statement
    assert number.value == -5.0


def test_methods_without_probabilities_have_no_certainty() -> None:
    items = collect_evidence([segment(1), segment(2)], source="s", method="kmeans")
    assert not [i for i in items if i.id.endswith("certainty")]
    assert items[0].method == "share of customers nearest to the center"


def test_noise_of_the_arithmetic_does_not_change_a_fingerprint_but_a_change_does() -> None:
    def of(effect: float) -> str:
        return collect_evidence([segment(1, effect=effect)], source="s")[1].fingerprint

    assert of(0.812345) == of(0.812345 + 1e-9)
    assert of(0.812345) != of(0.912345)
    renamed = segment(1).model_copy(update={"name": "Other"})
    first, other = (collect_evidence([s], source=s.name) for s in (segment(1), renamed))
    assert [i.fingerprint for i in first] == [i.fingerprint for i in other]


def test_a_fingerprint_does_not_change_between_versions() -> None:
    # Canvases cite fingerprints; another hash would make every claim suspect.
    assert (
        fingerprint("segment-1.size", 0.25, Interval(low=0.2, high=0.3), 100, "m")
        == "32d402a1607f2d48"
    )


def test_variables_that_are_written_alike_keep_ids_of_their_own() -> None:
    one = segment(1).distinctions[0]
    both = [one, one.model_copy(update={"variable": "recency days"})]
    items = collect_evidence([segment(1, distinctions=both)], source="s")
    assert [i.id for i in items[1:]] == [
        "segment-1.distinction.recency-days",
        "segment-1.distinction.recency-days-2",
    ]
    assert items[1].fingerprint != items[2].fingerprint


def test_what_others_found_gets_ids_of_its_own_as_well() -> None:
    own = collect_evidence([segment(1)], source="s")
    other = own[0].model_copy(update={"statement": "Something else"})
    first = other.model_copy(update={"id": "structure.verdict"})
    items = collect_evidence([segment(1)], source="s", more=iter([first, other, other]))
    assert items[: len(own) + 1] == [*own, first]
    assert [i.id for i in items[len(own) + 1 :]] == ["segment-1.size-2", "segment-1.size-3"]
    assert len({i.fingerprint for i in items[-2:]} | {own[0].fingerprint}) == 3


def test_few_members_are_not_counted_out() -> None:
    assert [i.n for i in collect_evidence([segment(1, 4)], source="s", n=500)] == [500, None]


def test_overlap_is_the_mean_probability_among_members() -> None:
    probabilities = np.array([[0.9, 0.1, 0], [0.7, 0.3, 0], [0.2, 0.8, 0], [0, 0, 0]])
    assert overlap_matrix(probabilities) == [[0.8, 0.2, 0], [0.2, 0.8, 0], [0, 0, 0]]
    weighted = overlap_matrix(probabilities, np.array([3.0, 1, 1, 1]))
    assert weighted[0] == [0.85, 0.15, 0.0]
    assert overlap_matrix(np.ones((4, 1))) == [[1.0]]


def test_statements_call_a_segment_what_it_may_be_called() -> None:
    items = collect_evidence([segment(1), segment(2)], source="s", noun="band")
    told = {item.id: item.statement for item in items}
    assert told["segment-1.size"].startswith("Band 1 is 40% of the customers")
    assert told["segment-2.certainty"].startswith("Members of band 2 belong to it")


def test_the_verdict_is_evidence_whose_content_is_the_verdict() -> None:
    spend = Variable(name="spend", label="Money spent", measure="positive", use="active")

    def item(verdict: str = "scale", **more):
        structure = Structure.model_validate({"verdict": verdict, "rows": 90, **more})
        (made,) = verdict_evidence(
            structure, 3, n=100, variables={"spend": spend}, source="s"
        )  # fmt: skip
        return made

    told = item(difference=-40.0, scale={"dimensions": 1})
    assert told.id == "segments.structure"
    assert told.statement.startswith("A sliding scale of 100 customers, in three bands. A sliding")
    assert (told.value, told.n) == (-40.0, 90)
    # Figures may move with the customers; the verdict and what hangs together may not.
    assert item(difference=-41.0).fingerprint == told.fingerprint
    assert item("unclear").fingerprint != told.fingerprint
    assert item("clear", islands=[[1], [2, 3]]).fingerprint != item("clear").fingerprint
    assert "“Money spent”" in item("unclear", cut="spend").statement
    assert verdict_evidence(None, 3, n=100, variables={}, source="s") == []


@pytest.mark.parametrize(
    ("difference", "word"),
    [(10, "very strong"), (9.9, "strong"), (6, "strong"), (5.9, "positive"), (2, "positive"),
     (1.9, "weak"), (0.1, "weak")],
)  # fmt: skip
def test_differences_have_the_words_of_kass_and_raftery(difference: float, word: str) -> None:
    candidates = [candidate(1, 1000.0 + difference), candidate(2, 1000.0)]
    (number, *_) = collect_evidence([segment(1), segment(2)], candidates, source="s")
    assert number.statement.endswith(f" ({word} evidence)")
    assert number.method == "BIC of 1 segment minus BIC of 2 segments"
    assert number.n == 240


def test_equal_criteria_favor_nothing() -> None:
    candidates = [candidate(1, 1000.0), candidate(2, 1000.0)]
    (number, *_) = collect_evidence([segment(1), segment(2)], candidates, source="s")
    assert number.statement == (
        "The Bayesian information criterion does not favor 2 segments over 1 segment: "
        "1,000.0 against 1,000.0"
    )


def test_the_rival_is_one_segment_or_the_best_of_the_others() -> None:
    three = [segment(i) for i in (1, 2, 3)]

    def rival(*candidates: Candidate) -> list[str]:
        items = collect_evidence(three, candidates, source="s")
        return [i.method for i in items if i.id == "segments.number"]

    fits = candidate(2, 900.0), candidate(3, 1000.0), candidate(4, 900.0)
    assert rival(*fits) == ["BIC of 2 segments minus BIC of 3 segments"]
    assert rival(candidate(1, 2000.0), *fits) == ["BIC of 1 segment minus BIC of 3 segments"]
    assert rival(candidate(1, float("inf")), *fits) == ["BIC of 2 segments minus BIC of 3 segments"]
    assert rival(candidate(3, 1000.0)) == []
    assert rival(candidate(2, 1000.0)) == []
    assert rival(candidate(2, 1000.0), candidate(3, float("nan"))) == []


def brings(share: float, variable: str) -> Sum:
    interval = Interval(low=share - 0.02, high=share + 0.05)
    return Sum(variable=variable, share=share, interval=interval)


def test_what_a_segment_brings_is_evidence() -> None:
    worth = Worth(revenue=brings(0.08, "spend"), orders=brings(0.25, "n"))
    rich = segment(1).model_copy(update={"worth": worth, "distinctions": []})
    items = collect_evidence(
        [rich, segment(2)], source="s", labels={"spend": "Money spent"}, noun="group"
    )
    told = {i.id: i for i in items}
    revenue = told["segment-1.revenue"]
    assert revenue.statement == (
        "Group 1 brings 8.0% of the revenue (money spent; 6.0% to 13%), with 40% of the customers"
    )
    assert (revenue.value, revenue.interval, revenue.n) == (0.08, worth.revenue.interval, 120)
    assert revenue.method == "share of the sum over all customers, interval by the delta method"
    assert told["segment-1.orders"].statement.startswith(
        "Group 1 brings 25% of the orders (n; 23% to 30%)"
    )
    assert "segment-2.revenue" not in told
    half = rich.model_copy(update={"worth": Worth(orders=brings(0.2, "n"))})
    ids = [i.id for i in collect_evidence([half, segment(2)], source="s")]
    assert "segment-1.orders" in ids
    assert "segment-1.revenue" not in ids
    plain = collect_evidence([rich, segment(2)], source="s")
    assert [i.statement[:40] for i in plain if i.id.endswith("revenue")] == [
        "Segment 1 brings 8.0% of the revenue (sp"
    ]
    # One segment brings everything, which says nothing.
    assert [i.id for i in collect_evidence([rich], source="s")] == ["segment-1.size"]


def test_a_typical_member_is_evidence_whose_content_are_its_values() -> None:
    def item(values: dict[str, str]):
        member = TypicalMember(based_on=17, values=values)
        told = segment(1).model_copy(update={"typical_member": member, "distinctions": []})
        return collect_evidence([told], source="s", labels={"a": "Age"})[-1]

    first = item({"a": "40 years", "plan": "basic"})
    assert first.id == "segment-1.typical"
    assert first.statement == "Age: 40 years; plan: basic"
    assert (first.value, first.n, first.source) == (None, 17, "s")
    assert first.method == "medians and modes of near-typical members"
    assert item({"a": "41 years", "plan": "basic"}).fingerprint != first.fingerprint


def test_numbers_of_few_customers_are_not_told() -> None:
    for n, shown in ((10, 10), (9, None), (1, None), (0, 0)):
        items = collect_evidence([segment(1, n), segment(2)], source="s")
        assert {i.n for i in items if i.id.startswith("segment-1.d")} == {shown}
        assert {i.n for i in items if i.id.endswith("1.certainty")} == {shown}
    items = collect_evidence([segment(1, 9), segment(2)], source="s", threshold=9)
    assert [i.n for i in items if i.id == "segment-1.certainty"] == [9]


def test_each_item_says_how_it_was_computed() -> None:
    shares = segment(1).distinctions[0].model_copy(update={"kind": "h", "variable": "Plan"})
    items = collect_evidence(
        [segment(1, distinctions=[*segment(1).distinctions, shares]), segment(2)], source="s"
    )
    size, means, plan, certainty = items[:4]
    assert size.method == "mean posterior probability of a finite mixture model"
    assert means.method == "Cohen's d against all other customers (difference of means)"
    assert plan.method == "Cohen's h against all other customers (difference of shares)"
    assert means.statement == "Bought more recently: 3 days, the rest 9"
    assert (means.value, means.interval) == (0.812345, segment(1).distinctions[0].interval)
    assert certainty.method == "mean posterior probability of the most likely segment"
    assert certainty.statement == (
        "Members of segment 1 belong to it with a probability of 90% on average; 80% of them with "
        "at least 80%"
    )
    assert certainty.value == 0.9
    (other, _) = collect_evidence([segment(1)], source="s", method="my own")
    assert other.method == "my own"


def test_small_shares_have_a_decimal() -> None:
    small = segment(1, distinctions=[]).model_copy(
        update={"share": 0.0999, "share_interval": Interval(low=0.052, high=0.1)}
    )
    (size,) = collect_evidence([small], source="s", method="rfm")
    assert size.statement == "Segment 1 is 10.0% of the customers (5.2% to 10%)"
    assert size.method == "share of customers in the cells of the grid"


@pytest.mark.parametrize(
    ("name", "slug"),
    [(" Größe (cm) ", "größe-cm"), ("a_b-c", "a_b-c"), ("€", "variable"), ("--x--", "x")],
)
def test_ids_are_variables_written_plainly(name: str, slug: str) -> None:
    one = segment(1).distinctions[0].model_copy(update={"variable": name})
    items = collect_evidence([segment(1, distinctions=[one])], source="s")
    assert items[1].id == f"segment-1.distinction.{slug}"


def test_what_counts_of_a_number_are_three_digits() -> None:
    def of(value: float | None, low: float = 0.0, level: float = 0.95, n: int | None = 5) -> str:
        return fingerprint("a", value, Interval(low=low, high=1.0, level=level), n, "m")

    assert of(0.1234) == of(0.1231)
    assert of(0.123) != of(0.124)
    assert of(1e-7) == of(0.0) == of(-9e-7) != of(2e-6)
    assert of(0.1, low=-3e-7) == of(0.1, low=0.0) != of(0.1, low=0.2)
    assert of(0.1, level=0.9) != of(0.1)
    assert len({of(None), of(0.0), of(0.1, n=None), of(0.1), of(0.1, n=6)}) == 5


def test_the_verdict_says_where_it_comes_from() -> None:
    structure = Structure(verdict="one", rows=90)
    (item,) = verdict_evidence(structure, 3, n=100, variables={}, source="abc")
    assert item.source == "abc"
    assert item.method == (
        "BIC of the best continuum minus BIC of the best groups, on the same bins"
    )
    (cut,) = verdict_evidence(
        structure.model_copy(update={"cut": "x"}), 3, n=100, variables={}, source="abc"
    )
    assert cut.fingerprint != item.fingerprint
