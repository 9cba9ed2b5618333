"""The plan of an experiment: what it must say, its seal, and what a change of it does."""

from __future__ import annotations

from datetime import date

import pytest

from forwhom.documents.experiment import ExperimentPlan
from forwhom.documents.experimentfile import parse_plan, plan_of, plan_text, sealed
from forwhom.errors import DocumentError, OptionError

PLAN = """\
forwhom: 1
kind: plan
id: reminder   # stays
statement: A reminder brings them back
outcome: {column: ordered, kind: share, baseline: 0.12}
arms: {control: 1, reminder: 3}
threshold: 0.01
effect: 0.04
segments: [parents, {id: teachers, baseline: 0.2}]   # both of them
"""
DAY = date(2026, 11, 2)


def seal(text: str = PLAN) -> tuple[ExperimentPlan, str]:
    plan = parse_plan(text)
    segments = [
        one.model_copy(update={"customers": 500 + i, "power": 0.8})
        for i, one in enumerate(plan.segments)
    ]
    return sealed(plan, plan.model_copy(update={"segments": segments}), DAY)


def test_a_plan_reads_as_people_write_it() -> None:
    plan = parse_plan(PLAN)
    assert (plan.control, plan.treated) == ("control", "reminder")
    assert plan.shares == (0.25, 0.75)
    assert [one.id for one in plan.segments] == ["parents", "teachers"]
    assert parse_plan(PLAN + "looks: 4\n").looks == [0.25, 0.5, 0.75, 1.0]
    assert parse_plan(plan_text(plan)) == plan
    numbers = parse_plan(PLAN.replace("{control: 1, reminder: 3}", "{0: 1, 1: 1}"))
    assert (numbers.control, numbers.treated) == ("0", "1")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kind: plan", "kind: canvas", ("plan:2:", "a canvas, not a plan")),
        ("effect: 0.04", "effect: 0.01", ("plan:8:", "not above the threshold")),
        ("reminder: 3}", "reminder: 3, letter: 1}", ("plan:6:", "3 arms", "another experiment")),
        ("{control: 1, reminder: 3}", "{control: 1}", ("plan:6:", "1 arms")),
        ("{control: 1,", "{control: 0,", ("plan:6:", "control")),
        ("[parents, {id: teachers", "[teachers, {id: teachers", ("plan:9:", "twice")),
        ("baseline: 0.12", "baseline: 12", ("plan:5:", "0.12", "share of 12")),
        ("kind: share", "kind: money", ("plan:5:", "standard deviation")),
        ("kind: share, baseline: 0.12", "kind: count, baseline: 0", ("plan:5:", "count")),
        ("baseline: 0.12", "baseline: 0.12, deviation: 1", ("plan:5:", "of its own")),
        ("threshold: 0.01", "treshold: 0.01", ("plan:7:", "threshold")),
        ("threshold: 0.01", "looks: [0.5, 0.2, 1]", ("plan:7:", "looks")),
        ("threshold: 0.01", "looks: [0.5, 0.8]", ("plan:7:", "looks")),
        ("threshold: 0.01", "alpha: 5", ("plan:7:", "alpha")),
        ("effect: 0.04", "effect: .inf", ("plan:5:",)),
    ],
)
def test_what_is_wrong_is_said_with_its_place(old: str, new: str, words: tuple[str, ...]) -> None:
    assert old in PLAN
    with pytest.raises(DocumentError) as caught:
        parse_plan(PLAN.replace(old, new))
    for word in words:
        assert word in str(caught.value)


def test_a_seal_leaves_what_a_person_wrote_and_adds_what_was_computed() -> None:
    plan, text = seal()
    assert text.startswith(PLAN.split("segments:", maxsplit=1)[0])
    assert "# both of them" in text
    assert "{id: parents, customers: 500, power: 0.8}" in text
    assert plan.sealed is not None
    assert plan.sealed.fingerprint == plan.fingerprint
    assert plan.sealed.date == "2026-11-02"
    assert plan.changes() == []
    again, same = sealed(plan, plan, date(2027, 1, 1))
    assert (again, same) == (plan, text)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("threshold: 0.01", "threshold: 0.02", "threshold was 0.01 and is 0.02"),
        ("customers: 500", "customers: 400", "segments.parents.customers was 500 and is 400"),
        ("column: ordered", "column: clicked", 'outcome.column was "ordered" and is "clicked"'),
        ("{id: parents", "{id: pupils", 'segments.parents.id was "parents" and is "pupils"'),
        (
            "{control: 1, reminder: 3}",
            "{reminder: 3, control: 1}",
            'control was "control" and is "reminder"',
        ),
    ],
)
def test_a_change_of_what_matters_is_named(old: str, new: str, said: str) -> None:
    _, text = seal()
    assert said in parse_plan(text.replace(old, new, 1)).changes()


def test_words_and_places_may_change_and_the_seal_may_not() -> None:
    plan, text = seal()
    freely = text.replace(
        "id: reminder   # stays", "id: reminder\ntitle: T\nnote: N\ncolumns: {customer: client}"
    )
    assert parse_plan(freely).changes() == []
    both = text.replace("threshold: 0.01", "threshold: 0.0")
    assert both.count("threshold: 0.0\n") == 2
    assert parse_plan(both).changes() == ["the seal itself was changed"]
    assert plan.sealed is not None
    unmarked = text.replace(plan.sealed.fingerprint, "0" * 16)
    assert parse_plan(unmarked).changes() == ["the seal itself was changed"]


def test_a_changed_plan_is_sealed_again_only_when_asked_and_keeps_the_earlier_seal() -> None:
    plan, text = seal()
    changed = parse_plan(text.replace("threshold: 0.01", "threshold: 0.02", 1))
    with pytest.raises(OptionError, match=r"threshold was 0.01 and is 0.02.*--again"):
        sealed(changed, changed, DAY)
    anew, _ = sealed(changed, changed, date(2026, 11, 5), again=True)
    assert anew.changes() == []
    assert anew.sealed is not None
    assert plan.sealed is not None
    assert [one.fingerprint for one in anew.sealed.before] == [plan.sealed.fingerprint]


def test_what_is_no_plan_is_refused() -> None:
    with pytest.raises(OptionError, match="plan_experiment"):
        plan_of(3)  # type: ignore[arg-type]
    with pytest.raises(DocumentError, match="the file is empty"):
        parse_plan("")


@pytest.mark.parametrize(
    ("outcome", "value", "level", "difference", "between"),
    [
        ({"kind": "share"}, 0.0241, "2.4%", "+2.4 points", "−1 to +2.4"),
        ({"kind": "share"}, 0.01, "1.0%", "+1 point", "−1 to +1"),
        ({"kind": "money", "unit": "EUR"}, 2.5, "2.5 EUR", "+2.5 EUR", "−0.01 to +2.5"),
        ({"kind": "count"}, 0.3, "0.3", "+0.3", "−0.01 to +0.3"),
    ],
)
def test_amounts_are_said_as_people_read_them(
    outcome: dict[str, str], value: float, level: str, difference: str, between: str
) -> None:
    text = PLAN.replace("segments: [parents, {id: teachers, baseline: 0.2}]", "")
    plan = parse_plan(text)
    told = type(plan.outcome)(column="x", baseline=0.1, **outcome)  # type: ignore[arg-type]
    assert told.level(value) == level
    assert told.difference(value) == difference
    assert told.between(-0.01, value) == between
