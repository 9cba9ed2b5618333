"""Evidence has stable ids, and fingerprints that change when what it says changes."""

from __future__ import annotations

import numpy as np

from forwhom.documents.fitting import Candidate, Certainty
from forwhom.documents.segmentation import Distinction, Interval, Segment, Variable
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
