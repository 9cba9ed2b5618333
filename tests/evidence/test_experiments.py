"""What is read of an experiment: verdicts, looks, arms that are not as they should be, privacy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from forwhom.documents.experiment import ExperimentPlan
from forwhom.documents.experimentfile import parse_plan, sealed
from forwhom.documents.results.experiment import ExperimentReading
from forwhom.evidence.allocation import Trial
from forwhom.evidence.experiments import experiment_evidence, read_arms

DAY = date(2026, 11, 2)
PLAN = """\
forwhom: 1
kind: plan
id: letter
statement: A letter helps
outcome: {column: ordered, kind: share, baseline: 0.1}
arms: {control: 1, letter: 1}
threshold: 0.02
effect: 0.1
segments: [{id: a, name: Anna, customers: 1000}, {id: b, customers: 1000}]
overall: {customers: 2000}
"""

WHOLE = PLAN.split("segments:", maxsplit=1)[0] + "overall: {customers: 1000}\n"


def planned(text: str = PLAN, **changes: Any) -> ExperimentPlan:
    plan = parse_plan(text).model_copy(update=changes)
    return sealed(plan, plan, DAY)[0]


def shares(*arms: tuple[int, int, int, int], day: bool = False) -> Trial:
    """Segments in turn, each so many of so many in the control arm and in the other."""
    rows = []
    for segment, (k0, n0, k1, n1) in enumerate(arms):
        for treated, k, n in ((False, k0, n0), (True, k1, n1)):
            rows += [(float(i < k), treated, segment) for i in range(n)]
    order = np.random.default_rng(1).permutation(len(rows))
    outcome, treated, segment = (np.array(x)[order] for x in zip(*rows, strict=True))
    days = DAY.toordinal() + np.arange(len(rows)) // 100 if day else None
    return Trial(outcome, treated, segment.astype(np.int64), days)


def test_a_verdict_is_an_interval_against_the_threshold() -> None:
    found = read_arms(planned(), shares((50, 500, 90, 500), (60, 500, 25, 500)))
    a, b = found.segments
    assert (a.verdict, b.verdict, found.overall.verdict) == ("supported", "refuted", "not enough")
    assert a.difference == pytest.approx(0.08)
    assert a.levels == (0.1, 0.18)
    assert a.customers == (500, 500)
    assert a.sure is not None
    assert a.sure.low >= 0.02
    assert found.sentence(a).startswith(
        "Anna: with 'letter' 18.0%, with 'control' 10.0%: +8 points (+3.7 to +12.3, 95% sure of "
        "all segments at once). Supported: at least +2 points was asked for"
    )
    assert "By segment: supported in Anna; refuted in b." in found.sentences
    assert "may be reached or not" in found.headline


def test_segments_share_the_chance_of_a_wrong_verdict_by_holms_steps() -> None:
    found = read_arms(planned(), shares((50, 500, 90, 500), (50, 500, 70, 500)))
    a, b = found.segments
    assert a.sure is not None
    assert b.sure is not None
    assert (a.sure.level, b.sure.level) == (0.975, 0.95)  # the first passed, the second is alone
    weak = read_arms(planned(), shares((50, 500, 62, 500), (50, 500, 64, 500)))
    assert [s.sure.level for s in weak.segments if s.sure] == [0.975, 0.975]
    assert all(s.verdict == "not enough" for s in weak.segments)
    assert all(s.p is not None and s.p > 0.05 for s in weak.segments)
    assert a.interval is not None
    assert a.interval.level == 0.95
    assert a.interval.low > a.sure.low


def test_less_can_be_better_and_a_threshold_can_allow_a_loss() -> None:
    text = PLAN.replace("baseline: 0.1}", "baseline: 0.2, better: less}")
    found = read_arms(planned(text), shares((100, 500, 40, 500), (100, 500, 130, 500)))
    assert [s.verdict for s in found.segments] == ["supported", "refuted"]
    assert found.threshold == -0.02
    assert "at most −2 points was asked for" in found.sentence(found.segments[0])
    harm = read_arms(
        planned(threshold=-0.05, effect=0.0), shares((100, 500, 102, 500), (100, 500, 99, 500))
    )
    assert harm.overall.verdict == "supported"


def test_pooled_effects_stand_beside_and_differing_ones_are_said() -> None:
    found = read_arms(planned(), shares((50, 500, 120, 500), (50, 500, 52, 500)))
    a, b = found.segments
    assert a.pooled is not None
    assert b.pooled is not None
    assert b.difference is not None
    assert a.difference is not None
    assert b.difference < b.pooled < a.pooled < a.difference
    assert found.differing is not None
    assert found.differing.p < 0.001
    assert "not the same in all segments" in str(found.differing)
    alike = read_arms(planned(), shares((50, 500, 60, 500), (50, 500, 60, 500)))
    assert "we cannot tell" in str(alike.differing)


def test_means_and_money_are_read_as_differences_of_means() -> None:
    text = PLAN.replace(
        "column: ordered, kind: share, baseline: 0.1",
        "column: spent, kind: money, unit: EUR, baseline: 10, deviation: 4",
    ).replace("threshold: 0.02\neffect: 0.1", "threshold: 0.5\neffect: 1")
    rng = np.random.default_rng(4)
    treated, segment = np.arange(2000) % 2 == 1, (np.arange(2000) // 2 % 2).astype(np.int64)
    outcome = rng.gamma(6, 10 / 6, 2000) + np.where(treated & (segment == 0), 2.0, 0.0)
    found = read_arms(planned(text), Trial(outcome, treated, segment))
    assert [s.verdict for s in found.segments] == ["supported", "refuted"]
    said = found.sentence(found.segments[0])
    assert "EUR" in said
    assert "at least +0.5 EUR was asked for" in said
    control = outcome[~treated & (segment == 0)]
    assert found.segments[0].levels is not None
    assert found.segments[0].levels[0] == pytest.approx(control.mean())


@pytest.mark.parametrize(
    ("trial", "words"),
    [
        (shares((60, 600, 60, 400), (60, 600, 60, 400)), "60.0% of the customers instead of 50.0%"),
        (shares((60, 600, 60, 400), (60, 400, 60, 600)), "in some segments than in others"),
    ],
)
def test_arms_that_chance_would_not_make_are_not_read(trial: Trial, words: str) -> None:
    found = read_arms(planned(), trial)
    assert words in found.blocked
    assert found.headline.startswith("No verdict: ")
    assert found.sentences == [found.headline]
    assert all(one.difference is None and one.verdict == "none" for one in found.effects)
    assert experiment_evidence(found, source="x") == []


def test_outcomes_that_one_arm_loses_are_not_read() -> None:
    trial = shares((60, 500, 60, 500), (60, 500, 60, 500))
    lost = trial.treated & (np.arange(2000) % 10 == 0)
    outcome = np.where(lost, np.nan, trial.outcome)
    found = read_arms(planned(), Trial(outcome, trial.treated, trial.segment), closed=True)
    assert "'ordered' is missing for 0.0% of 'control' and" in found.blocked
    both = np.where(np.arange(2000) % 20 == 0, np.nan, trial.outcome)
    told = read_arms(planned(), Trial(both, trial.treated, trial.segment), closed=True)
    assert not told.blocked
    assert any("missing for 5.0% of the customers" in note for note in told.notes)


def test_nobody_looks_before_a_planned_look() -> None:
    few = shares((40, 400, 80, 400), (40, 400, 40, 400))
    early = read_arms(planned(), few)
    assert (
        "too early. The only look is planned at 2,000 customers. 1,600 came so far" in early.blocked
    )
    closed = read_arms(planned(), few, closed=True)
    assert not closed.blocked
    assert any("Closed with 80% of the planned customers" in note for note in closed.notes)
    many = read_arms(planned(), shares((60, 600, 60, 600), (60, 600, 60, 600)))
    assert any("1.2 times as many customers" in note for note in many.notes)


def test_looks_see_what_they_were_planned_to_see_and_no_more() -> None:
    plan = planned(looks=[0.5, 1.0])
    trial = shares((60, 500, 110, 500), (50, 500, 60, 500), day=True)
    assert trial.day is not None

    def until(days: int) -> ExperimentReading:
        assert trial.day is not None
        return read_arms(plan, trial.pick(trial.day < DAY.toordinal() + days))

    assert "The first look is planned at 1,000 customers. 900 came so far" in until(9).blocked
    first, later, last = until(10), until(17), until(20)
    assert [look.customers for look in first.looks] == [1000]
    # Between the looks nothing new is seen.
    assert later.overall == first.overall
    assert later.segments == first.segments
    assert any(
        "2026-11-11, the day of the last planned look, do not count" in n for n in later.notes
    )
    assert later.last == "2026-11-11"
    assert [look.customers for look in last.looks] == [1000, 2000]
    one = first.overall
    assert one.interval is not None
    alone = read_arms(planned(), trial.pick(trial.day < DAY.toordinal() + 10), closed=True)
    assert alone.overall.interval is not None
    width, once = (x.high - x.low for x in (one.interval, alone.overall.interval))
    assert width / once == pytest.approx(2.963 / 1.960, rel=0.02)
    # What a look made sure stays so.
    assert last.overall.interval is not None
    assert last.overall.interval.low >= one.interval.low


def test_customers_after_the_planned_number_do_not_count() -> None:
    trial = shares((60, 550, 110, 550), (50, 550, 60, 550), day=True)
    found = read_arms(planned(), trial)
    assert found.overall.customers is not None
    assert sum(found.overall.customers) == 2000
    assert any("planned number of customers, do not count: 9.1%" in note for note in found.notes)


def test_an_arm_with_few_customers_is_withheld_and_no_part_of_all() -> None:
    found = read_arms(planned(), shares((100, 990, 150, 991), (1, 9, 5, 12)))
    a, b = found.segments
    assert b.verdict == "withheld"
    assert (b.customers, b.difference, b.levels) == (None, None, None)
    assert "too few customers to be told" in found.sentence(b)
    assert found.overall.customers == a.customers
    assert found.allocation.customers == a.customers  # or the rest could be computed
    nobody = read_arms(planned(), shares((1, 9, 5, 9), (1, 9, 5, 9)), closed=True)
    assert "too few customers" in nobody.blocked


def test_shares_of_few_are_not_told_and_neither_is_what_gives_them_away() -> None:
    found = read_arms(planned(), shares((4, 500, 60, 500), (50, 500, 60, 500)))
    a, b = found.segments
    assert a.levels is None
    assert [b.levels, found.overall.levels].count(None) == 1
    assert a.verdict == "supported"
    assert found.sentence(a).startswith("Anna: a number would tell of a few customers")
    open_ = read_arms(planned(), shares((4, 500, 60, 500), (50, 500, 60, 500)), threshold=1)
    assert open_.segments[0].levels == (0.008, 0.12)


def told_of(trial: Trial, threshold: int = 10, **changes: Any) -> str:
    """Return what is written of customers without segments, evidence included."""
    found = read_arms(planned(WHOLE, **changes), trial, closed=True, threshold=threshold)
    items = experiment_evidence(found, source="x")
    return found.model_dump_json() + "".join(item.model_dump_json() for item in items)


def test_a_difference_and_its_interval_do_not_give_a_count_of_few_back() -> None:
    """With the sizes of both arms, four digits of them are two whole numbers."""
    one, other = shares((3, 500, 60, 500)), shares((4, 500, 60, 500))
    assert told_of(one) == told_of(other)
    assert "supported" in told_of(one)
    assert told_of(one, 1) != told_of(other, 1)
    assert told_of(shares((13, 500, 60, 500))) != told_of(shares((14, 500, 60, 500)))


def test_a_mean_that_few_make_is_not_told() -> None:
    money = planned().outcome.model_copy(update=MONEY)

    def paid(amounts: list[float]) -> Trial:
        outcome = np.zeros(400)
        outcome[: 2 * len(amounts) : 2] = amounts
        outcome[1::2] = np.arange(200)
        return Trial(outcome, np.arange(400) % 2 == 1, np.zeros(400, dtype=np.int64))

    few = [told_of(paid([20.0, 30.0, last]), outcome=money) for last in (30.0, 40.0)]
    assert few[0] == few[1]
    many = [told_of(paid([20.0] * 10 + [30.0, last]), outcome=money) for last in (30.0, 40.0)]
    assert many[0] != many[1]


@pytest.mark.parametrize("paid", [False, True])
@pytest.mark.parametrize("more", [1, 2, 9])
def test_two_looks_do_not_differ_by_few_customers(more: int, paid: bool) -> None:
    """What one look tells less what the one before told would be those who came between."""
    trial = shares((50, 500, 90, 500), (50, 500, 60, 500))
    what = planned().outcome
    if paid:
        what = what.model_copy(update=MONEY)
        trial = replace(trial, outcome=np.random.default_rng(4).gamma(2.0, 20.0, 2000))
    days = np.full(2000, DAY.toordinal())
    days[1000:], days[2000 - more :] = days[0] + 1, days[0] + 2
    trial = Trial(trial.outcome, trial.treated, trial.segment, days)
    plan = planned(looks=[0.5, (2000 - more) / 2000, 1.0], outcome=what)
    for threshold, looks in ((10, [1000, 2000]), (1, [1000, 2000 - more, 2000])):
        found = read_arms(plan, trial, threshold=threshold)
        assert [one.customers for one in found.looks] == looks


def test_how_few_are_left_out_follows_from_no_probability() -> None:
    """Of how uneven arms are, six digits tell the counts: they are those of who is told."""
    told = set()
    for missing in (0, 1, 4):
        trial = shares((50, 500, 60, 505))
        outcome = np.append(trial.outcome, [np.nan] * missing)
        treated = np.append(trial.treated, np.ones(missing, dtype=bool))
        more = Trial(outcome, treated, np.zeros(len(outcome), dtype=np.int64))
        told.add(read_arms(planned(WHOLE), more, closed=True).allocation.p)
    assert len(told) == 1


def test_how_few_came_too_late_is_not_told() -> None:
    for late, said in ((3, "under 0.5% of all"), (40, "2.0% of all")):
        trial = shares((50, 500, 90, 500), (50, 500, 60 + late, 500 + late))
        days = DAY.toordinal() + (np.arange(2000 + late) >= 2000)
        more = Trial(trial.outcome, trial.treated, trial.segment, days)
        found = read_arms(planned(), more)
        [note] = found.notes
        assert said in note
        told = sum(found.allocation.customers) - sum(found.overall.customers)
        assert told == (late if late >= 10 else 0)


def test_what_few_came_after_the_last_look_hides_no_look() -> None:
    trial = shares((50, 500, 90, 500), (50, 500, 60, 503))
    days = DAY.toordinal() + np.array([0, 1])[(np.arange(2003) >= 1000).astype(int)]
    days[2000:] += 1
    trial = Trial(trial.outcome, trial.treated, trial.segment, days)
    assert [one.customers for one in read_arms(planned(looks=[0.5, 1.0]), trial).looks] == [
        1000,
        2000,
    ]


def test_one_plan_without_segments_is_read_as_one() -> None:
    found = read_arms(planned(WHOLE), shares((50, 500, 90, 500)))
    assert found.segments == []
    assert found.headline.startswith("All customers: ")
    assert found.differing is None
    [item] = experiment_evidence(found, source="x")
    assert item.id == "experiment.letter"


def test_evidence_has_the_interval_of_the_verdict_and_the_plan() -> None:
    plan = planned()
    found = read_arms(plan, shares((50, 500, 90, 500), (50, 500, 60, 500)))
    items = experiment_evidence(found, source="abc")
    assert [one.id for one in items] == [
        "experiment.letter.a",
        "experiment.letter.b",
        "experiment.letter",
    ]
    first = items[0]
    assert first.verdict == "supported"
    assert first.interval == found.segments[0].sure
    assert plan.fingerprint in first.method
    assert first.n == 1000
    again = experiment_evidence(
        read_arms(plan, shares((50, 500, 90, 500), (50, 500, 60, 500))), source="abc"
    )
    assert again == items
    other = experiment_evidence(
        read_arms(plan, shares((50, 500, 95, 500), (50, 500, 60, 500))), source="abc"
    )
    assert other[0].fingerprint != first.fingerprint


def test_the_order_of_customers_changes_nothing() -> None:
    trial = shares((50, 500, 90, 500), (50, 500, 60, 500), day=True)
    order = np.random.default_rng(9).permutation(2000)
    plan = planned(looks=[0.5, 1.0])
    assert trial.day is not None
    mixed = Trial(
        trial.outcome[order], trial.treated[order], trial.segment[order], trial.day[order]
    )
    assert read_arms(plan, mixed) == read_arms(plan, trial)


def test_wrong_verdicts_at_the_threshold_are_as_rare_as_said() -> None:
    rng = np.random.default_rng(11)
    plan = planned()
    wrong = []
    for _ in range(80):
        k0, k1 = rng.binomial(500, 0.1, 2), rng.binomial(500, 0.12, 2)
        arms = [(int(a), 500, int(b), 500) for a, b in zip(k0, k1, strict=True)]
        found = read_arms(plan, shares(*arms), threshold=1)
        wrong.append([s.verdict != "not enough" for s in found.segments])
        wrong[-1].append(found.overall.verdict != "not enough")
    anywhere = np.array(wrong)[:, :2].any(axis=1).mean()
    assert anywhere < 0.13
    assert 0 < np.array(wrong)[:, 2].mean() < 0.13


MONEY = {"kind": "money", "unit": "EUR", "baseline": 30.0, "deviation": 12.0}


def spent(most: float, n: int = 400) -> Trial:
    """Two segments of two arms, in one of which a customer spends far more."""
    rng = np.random.default_rng(5)
    outcome, at = rng.gamma(6.0, 5.0, n), np.arange(n)
    outcome[8] = most
    days = DAY.toordinal() + at // 20
    return Trial(outcome, at % 2 == 1, (at // 2 % 2).astype(np.int64), days)


@pytest.mark.parametrize("looks", [[1.0], [0.25, 0.5, 1.0]])
def test_who_has_far_more_than_an_arm_comes_back_from_no_number(looks: list[float]) -> None:
    outcome = planned().outcome.model_copy(update=MONEY)
    text = PLAN.replace("overall: {customers: 2000}", "overall: {customers: 400}")
    plan = planned(text, outcome=outcome, threshold=1.0, effect=5.0, looks=looks)

    def told(most: float, threshold: int = 10) -> str:
        found = read_arms(plan, spent(most), threshold=threshold)
        assert any("count as the next ones do" in note for note in found.notes) == (threshold > 1)
        assert (found.looks != []) == (len(looks) > 1)
        return found.model_dump_json()

    assert told(5_000.0) == told(50_000.0)
    assert told(5_000.0, 1) != told(50_000.0, 1)


def test_of_how_few_the_outcome_is_missing_is_not_told() -> None:
    trial = shares((50, 500, 60, 500), (60, 500, 70, 500))
    for missing, n in ((4, 1996), (12, 2000)):
        outcome = trial.outcome.copy()
        outcome[:missing] = np.nan
        found = read_arms(planned(), Trial(outcome, trial.treated, trial.segment), closed=True)
        assert sum(found.allocation.customers) == n
        said = "for fewer than 10 customers" if missing < 10 else "for 0.6% of the customers"
        assert said in found.notes[0]
