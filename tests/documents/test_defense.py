"""Seven questions about segments, what is known of each, and what is not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.report.judged import judged
from tests.report.made import mass_market, typical

from forwhom.documents.defense import QUESTIONS, Defended, State, defense_of_segmentation, made_on
from forwhom.documents.segmentation import (
    Evidence,
    Interval,
    Segmentation,
    Source,
    Sum,
    TypingStep,
    TypingTool,
    Worth,
)
from forwhom.documents.separateness import Separateness
from forwhom.documents.stability import NumberStability, SegmentStability, Stability
from forwhom.documents.structure import Structure
from forwhom.report.segmentation.fair import fair


def _answer(segmentation: Segmentation, question: str, today: date | None = None) -> Defended:
    found = defense_of_segmentation(segmentation, today or made_on(segmentation))
    return next(q for q in found.questions if q.id == question)


def _state(segmentation: Segmentation, question: str) -> State:
    return _answer(segmentation, question).state


def _with(**parts: object) -> Segmentation:
    return typical().model_copy(update=parts)


def test_every_question_is_answered_of_any_segmentation() -> None:
    for one in (typical(), mass_market()):
        found = defense_of_segmentation(one)
        assert [q.id for q in found.questions] == list(QUESTIONS)
        assert all(q.why for q in found.questions)
        assert str(found).splitlines()[0] == found.headline


@pytest.mark.parametrize(
    ("verdict", "state"),
    [("clear", "yes"), ("likely", "yes"), ("scale", "open"), ("unclear", "open"), ("one", "no")],
)
def test_structure_is_what_the_verdict_says(verdict: str, state: State) -> None:
    found = _with(structure=Structure.model_validate({"verdict": verdict, "rows": 900}))
    assert _state(found, "structure") == state
    assert _state(_with(structure=None), "structure") == "open"


def test_slices_of_one_group_are_no_groups() -> None:
    found = judged("likely")
    k = len(found.segments)
    slices = Structure(verdict="clear", rows=900, islands=[[1], list(range(2, k + 1))])
    assert _state(found.model_copy(update={"structure": slices}), "structure") == "open"


def _stability(reading: str, *found: int) -> Stability:
    return Stability.model_validate(
        {
            "replicates": 20,
            "rows": 900,
            "rows_in_all": 900,
            "reading": reading,
            "numbers": [NumberStability(k=len(found), agreement=0.9, low=0.8, high=1, warm=0.9)],
            "segments": [
                SegmentStability(segment=i, jaccard=0.8, found=n) for i, n in enumerate(found, 1)
            ],
        }
    )


def test_what_is_lost_in_replicates_is_not_stable() -> None:
    k = len(typical().segments)
    kept = [20] * k
    assert _state(_with(stability=_stability("natural", *kept)), "stable") == "yes"
    assert _state(_with(stability=_stability("reproducible", *kept[1:], 9)), "stable") == "open"
    assert _state(_with(stability=_stability("constructive", *kept)), "stable") == "no"
    unknown = _answer(_with(stability=None), "stable")
    assert (unknown.state, "--stability 100" in unknown.why) == ("open", True)


def _compared(
    *pairs: list[tuple[str, bool]], merges: list[list[int]] | None = None
) -> Segmentation:
    told = {
        "merges": merges or [],
        "pairs": [
            {
                "first": 1, "second": i, "sentence": "s",
                "criteria": [
                    {"criterion": "channel", "verdict": verdict, "variables": ["v"],
                     "leading": ["v"], "kind": "V", "effect": 0.3, "low": 0.2, "high": 0.4,
                     "minimum": 0.1, "p": 0.01,
                     "formed": formed}
                    for verdict, formed in pair
                ],
            }
            for i, pair in enumerate(pairs, 2)
        ],
    }  # fmt: skip
    return _with(separateness=Separateness.model_validate(told))


def test_every_two_segments_must_differ_in_what_did_not_form_them() -> None:
    other, formed = ("different", False), ("different", True)
    assert _state(_with(separateness=None), "separate") == "open"
    assert _state(_compared([], []), "separate") == "open"
    assert _state(_compared([other], [formed, other]), "separate") == "yes"
    circular = _answer(_compared([other], [formed]), "separate")
    assert (circular.state, "1 and 3 apart is only what formed them" in circular.why) == (
        "open",
        True,
    )
    unsure = _answer(_compared([other], [("undecided", False)]), "separate")
    assert (unsure.state, unsure.why) == ("open", "Of 1 and 3 we cannot tell.")
    merged = _compared([other], [("equivalent", False)], merges=[[1, 3]])
    assert _answer(merged, "separate").why.startswith("1 and 3 could be one")
    assert _state(merged, "separate") == "no"
    assert _answer(mass_market(), "separate").why == "There is only one."


def _worth(low: float, high: float) -> Worth:
    share = Interval(low=low, high=high)
    return Worth(revenue=Sum(variable="spend", share=(low + high) / 2, interval=share))


@pytest.mark.parametrize(
    ("ends", "state", "told"),
    [
        ((0.2, 0.3), "yes", "Each brings 5% of the revenue or more."),
        ((0.01, 0.04), "no", "brings less than 5% of the revenue."),
        ((0.04, 0.09), "open", "we cannot tell"),
    ],
)
def test_a_segment_matters_by_what_it_brings(
    ends: tuple[float, float], state: State, told: str
) -> None:
    first, *rest = typical().segments
    others = [s.model_copy(update={"worth": _worth(0.3, 0.4)}) for s in rest]
    found = _with(segments=[first.model_copy(update={"worth": _worth(*ends)}), *others])
    said = _answer(found, "matter")
    assert said.state == state
    assert told in said.why


def test_without_money_the_sizes_are_told_and_the_question_stays_open() -> None:
    plain = [s.model_copy(update={"worth": None}) for s in typical().segments]
    said = _answer(_with(segments=plain), "matter")
    assert (said.state, "money is not known" in said.why) == ("open", True)


def _fair(*statements: tuple[str, str, str]) -> Segmentation:
    evidence = [
        Evidence(
            id=f"fairness.{id_}",
            statement=said,
            value=0.1,
            method="m",
            source="s",
            fingerprint="f",
            verdict=verdict,
        )
        for id_, said, verdict in statements
    ]
    variables = typical().variables
    protected = variables[0].model_copy(update={"name": "gender", "use": "protected"})
    return _with(evidence=evidence, variables=[*variables, protected])


@pytest.mark.parametrize(("lacking", "more"), [(4, None), (9, 6)])
def test_of_many_answers_that_one_group_lacks_a_few_are_told(
    lacking: int, more: int | None
) -> None:
    items = [(f"gender.missing.q{i}", f"Gender: q{i} is missing.", "apart") for i in range(lacking)]
    others = [("age.missing.q0", "Age: q0 is missing.", "apart")]
    found = _fair(*items, *others)
    why = _answer(found, "fair").why
    shown = lacking if more is None else 3
    assert why.count("Gender: ") == shown
    assert why.count("Age: ") == 1
    assert ("more answers are missing so" in why) == (more is not None)
    assert more is None or f"And {more} more" in why
    page = fair(found)
    assert page is not None
    assert page.briefly == why
    assert len(_answer(found, "fair").evidence) == lacking + 1


def test_what_gives_an_attribute_away_is_not_fair() -> None:
    even = (
        "gender",
        "Gender is spread about evenly over the segments (V = 0.02, 0.00 to 0.05).",
        "alike",
    )
    uneven = (
        "gender",
        "Gender is not spread evenly over the segments (V = 0.40, 0.30 to 0.50).",
        "apart",
    )
    unsure = (
        "gender",
        "Whether Gender is spread evenly over the segments we cannot tell (V).",
        "unknown",
    )
    proxy = ("gender.proxy.hours", "Hours gives Gender away (V = 0.50, 0.40 to 0.60).", "apart")
    lacks = ("gender.blanks", "Of the answers that form segments, 'm' lack 9%.", "apart")
    moves = ("gender.blanks-move", "Blanks like those of 'm' place 9% elsewhere.", "apart")
    calm = ("gender.blanks-move", "Blanks like those of 'm' place 1% elsewhere.", "alike")
    assert _state(_fair(even), "fair") == "yes"
    assert _state(_fair(uneven), "fair") == "open"
    assert _state(_fair(unsure), "fair") == "open"
    assert _state(_fair(even, proxy), "fair") == "no"
    assert _state(_fair(even, lacks), "fair") == "open"
    assert _state(_fair(even, moves), "fair") == "no"
    assert _state(_fair(even, calm), "fair") == "yes"
    assert _answer(_fair(even, proxy), "fair").why == proxy[1]
    assert "nobody looked" in _answer(_fair(), "fair").why.lower()
    unknown = [v for v in typical().variables if v.use != "protected"]
    assert "No protected attribute" in _answer(_with(variables=unknown), "fair").why


def _reached(right: float | None, criterion: str | None) -> Segmentation:
    told = {d.variable for s in typical().segments for d in s.distinctions}
    variables = [
        v.model_copy(update={"criterion": criterion if v.name in told else None})
        for v in typical().variables
    ]
    step = TypingStep(variable=variables[0].name, accuracy=0.9, right=right)
    surely = Interval(low=0.3, high=0.4)
    tool = TypingTool(steps=[step], recommended=1, majority=0.5, gain=0.35, gain_interval=surely)
    return _with(variables=variables, typing_tool=tool)


def test_segments_are_reached_by_a_channel_and_a_few_questions() -> None:
    assert _state(_reached(0.85, "channel"), "reach") == "yes"
    assert _state(_reached(0.75, "channel"), "reach") == "open"
    assert _state(_reached(None, "channel"), "reach") == "open"
    assert _state(_reached(0.85, None), "reach") == "open"
    assert "no variable tells through which channel" in _answer(_reached(0.85, None), "reach").why


def test_a_segment_that_no_channel_tells_apart_is_named() -> None:
    found = _reached(0.85, "channel")
    first, *rest = found.segments
    alone = found.model_copy(
        update={"segments": [first.model_copy(update={"distinctions": []}), *rest]}
    )
    said = _answer(alone, "reach")
    assert said.state == "open"
    assert f"1 ({first.name}) cannot be told from others by channel" in said.why


@pytest.mark.parametrize(
    ("days", "state"), [(0, "yes"), (90, "yes"), (91, "open"), (365, "open"), (366, "no")]
)
def test_an_answer_grows_old(days: int, state: State) -> None:
    found = typical()
    said = _answer(found, "true", made_on(found) + timedelta(days=days))
    assert said.state == state
    assert ("It is new" in said.why) == (days == 0)


@pytest.mark.parametrize(
    ("until", "state"), [("2026-11", "yes"), ("2026-07", "open"), ("2025-10", "no"), ("", "yes")]
)
def test_an_answer_is_as_old_as_its_data(until: str, state: State) -> None:
    months = ["2020-01", until] if until else []
    source = Source(name="orders", rows=9, columns=3, fingerprint="f", months=months)
    found = _with(created="2026-11-27T10:00:00+00:00", sources=[source])
    said = _answer(found, "true")
    assert said.state == state
    assert (f"The events end in {until}" in said.why) == (state != "yes")
