"""Experiments planned and read: sizes, canvases and data, with a known answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import forwhom as fw
from forwhom.documents.experimentfile import parse_plan
from forwhom.errors import DocumentError, OptionError

DAY = date(2026, 11, 2)
PLAN = """\
forwhom: 1
kind: plan
id: reminder
statement: A reminder brings them back
hypothesis: come-back
outcome: {column: ordered, kind: share, baseline: 0.1}
arms: {control: 1, reminder: 1}
effect: 0.05
"""
CANVAS = """\
forwhom: 1
kind: canvas
segments:
  - {id: parents, name: Parents, discovered: 2}
  - {id: schools, name: Schools}
hypotheses:
  - {id: come-back, statement: They come back, segments: [parents, schools], metric: Orders}  # ours
seeded_from: abc
"""


def test_sizes_are_computed_and_given_sizes_get_their_power() -> None:
    alone = fw.plan_experiment(parse_plan(PLAN), today=DAY)
    assert alone.sizes.overall.arms == (686, 686)
    assert alone.plan.overall.customers == 1372
    assert alone.plan.overall.power == pytest.approx(0.8, abs=0.001)
    two = parse_plan(PLAN + "segments: [{id: a, customers: 600}, {id: b, baseline: 0.3}]\n")
    found = fw.plan_experiment(two, today=DAY)
    given, computed = found.sizes.segments
    assert given.customers == 600
    assert given.power < 0.5
    # Half of alpha for each of the two segments.
    assert given.needed == pytest.approx(686 * 2 * 1.21, rel=0.01)
    assert computed.power == pytest.approx(0.8, abs=0.001)
    assert computed.needed > given.needed
    assert found.sizes.overall.customers == given.customers + computed.customers
    assert "600" not in [s.split()[1] for s in found.sentences if "needed" not in s]
    said = str(found)
    assert f"{given.needed:,} in all are needed for 80%" in said
    assert found.plan.sealed is not None
    assert found.plan.sealed.fingerprint in said


def test_counts_are_as_if_by_chance_and_money_takes_its_deviation() -> None:
    text = PLAN.replace("effect: 0.05", "effect: 1")
    counts = parse_plan(text.replace("share, baseline: 0.1", "count, baseline: 4"))
    assert fw.plan_experiment(counts, today=DAY).sizes.overall.arms[0] == pytest.approx(72, abs=2)
    money = text.replace("kind: share, baseline: 0.1", "kind: money, baseline: 4, deviation: 2")
    one = fw.plan_experiment(parse_plan(money), today=DAY).sizes.overall
    assert one.arms == (64, 64)  # d = 0.5
    less = parse_plan(money.replace("baseline: 4,", "baseline: 4, better: less,"))
    assert fw.plan_experiment(less, today=DAY).sizes.overall.arms == (64, 64)
    # What differs between segments is part of how all customers differ.
    apart = money + "segments: [{id: a, baseline: 0, customers: 64}, {id: b, customers: 64}]\n"
    both = fw.plan_experiment(parse_plan(apart), today=DAY).sizes.overall
    assert both.baseline == 2
    assert both.power < one.power - 0.2


def test_the_canvas_says_which_segments_and_gets_the_test_card(tmp_path: Path) -> None:
    from forwhom.documents.testcards import with_test

    done = fw.plan_experiment(parse_plan(PLAN), canvas=fw.parse_canvas(CANVAS), today=DAY)
    assert [(s.id, s.name, s.number) for s in done.plan.segments] == [
        ("parents", "Parents", 2),
        ("schools", "Schools", None),
    ]
    assert done.plan.lineage == "abc"
    text = with_test(fw.parse_canvas(CANVAS), done.plan)
    card = fw.parse_canvas(text).hypotheses[0]
    assert card.metric == "Orders"
    assert card.threshold == "more than control, a difference above 0"
    assert card.stated == "2026-11-02"
    assert card.test.startswith("Experiment reminder: reminder against control, ")
    assert "# ours" in text


def test_segments_are_found_by_name_and_number_and_missed_in_words() -> None:
    canvas = fw.parse_canvas(CANVAS)
    named = parse_plan(PLAN + "segments: [2, Schools]\n")
    assert [s.id for s in fw.plan_experiment(named, canvas=canvas, today=DAY).plan.segments] == [
        "parents",
        "schools",
    ]
    with pytest.raises(
        DocumentError, match=r"plan:9:12: there is no segment 'parent'.*'[Pp]arents'"
    ):
        fw.plan_experiment(parse_plan(PLAN + "segments: [parent]\n"), canvas=canvas)
    with pytest.raises(OptionError, match=r"no hypothesis 'comeback'.*'come-back'"):
        fw.plan_experiment(parse_plan(PLAN.replace("come-back", "comeback")), canvas=canvas)
    with pytest.raises(OptionError, match="another segmentation"):
        fw.plan_experiment(parse_plan(PLAN + "lineage: xyz\n"), canvas=canvas)
