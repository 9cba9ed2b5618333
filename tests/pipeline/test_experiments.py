"""Experiments planned and read: sizes, canvases and data, with a known answer."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

import forwhom as fw
from forwhom.documents.canvas.file import edited, edits_of
from forwhom.documents.experimentfile import parse_plan
from forwhom.errors import DataError, DocumentError, OptionError

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


def test_the_canvas_says_which_segments_and_gets_the_test_card() -> None:
    done = fw.plan_experiment(parse_plan(PLAN), canvas=fw.parse_canvas(CANVAS), today=DAY)
    assert [(s.id, s.name, s.number) for s in done.plan.segments] == [
        ("parents", "Parents", 2),
        ("schools", "Schools", None),
    ]
    assert done.plan.lineage == "abc"
    text = done.on_canvas(fw.parse_canvas(CANVAS))
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


READ = """\
forwhom: 1
kind: plan
id: letter
statement: A letter helps
hypothesis: come-back
outcome: {column: ordered, kind: share, baseline: 0.1}
arms: {control: 1, letter: 1}
effect: 0.1
segments: [{id: parents, name: Parents, number: 2, customers: 400}, {id: schools, customers: 400}]
"""


def sealed_plan(text: str = READ) -> fw.ExperimentPlan:
    return fw.plan_experiment(parse_plan(text), today=DAY).plan


def rows(n: int = 800) -> dict[str, list[object]]:
    """Customers by turns in both arms and segments; the letter works for parents."""
    arm = ["letter" if i % 2 else "control" for i in range(n)]
    segment = ["Parents" if i // 2 % 2 else "schools" for i in range(n)]
    yes = [
        i // 4 % (3 if a == "letter" and s == "Parents" else 10) == 0
        for i, (a, s) in enumerate(zip(arm, segment, strict=True))
    ]
    return {
        "customer": [f"c{i:04d}" for i in range(n)],
        "arm": list(arm),
        "segment": list(segment),
        "ordered": [int(one) for one in yes],
    }


def test_it_is_told_in_a_language_with_its_notes_and_its_learning() -> None:
    found = fw.read_experiment(sealed_plan(), pa.table(rows()), language="de")
    assert found.reading.language == "de"
    plain = fw.read_experiment(sealed_plan(), pa.table(rows()))
    assert found.reading.overall.difference == plain.reading.overall.difference
    assert "gefordert war" in str(found) or "Gefordert war" in str(found)
    assert "asked for" in str(plain)
    assert "Gefordert" in found.learning["observed"]
    with pytest.raises(OptionError, match="tlh"):
        fw.read_experiment(sealed_plan(), pa.table(rows()), language="tlh")


def test_a_table_is_read_by_its_plan() -> None:
    found = fw.read_experiment(sealed_plan(), pa.table(rows()))
    parents, schools = found.reading.segments
    assert parents.levels == (0.1, 0.335)
    assert parents.verdict == "supported"
    assert schools.verdict == "not enough"
    assert [one.id for one in found.evidence][-1] == "experiment.letter"
    words = pa.table(rows() | {"ordered": ["yes" if x else "no" for x in rows()["ordered"]]})
    assert fw.read_experiment(sealed_plan(), words).reading == found.reading
    spelled = pa.table(rows() | {"arm": [str(a).upper() for a in rows()["arm"]]})
    assert fw.read_experiment(sealed_plan(), spelled).reading == found.reading


def test_customers_of_other_segments_are_left_out_and_named() -> None:
    data = rows(1200)
    for i in range(0, 1200, 3):
        data["segment"][i] = "pupils" if i % 2 else "pensioners"
    found = fw.read_experiment(sealed_plan(), pa.table(data)).reading
    [note] = [n for n in found.notes if "left out" in n]
    assert note.startswith("400 customers are of no planned segment ('pensioners' and 'pupils')")
    assert found.allocation.customers == (400, 400)


def changed(**columns: object) -> pa.Table:
    return pa.table(rows() | columns)


def without(name: str) -> pa.Table:
    return pa.table({k: v for k, v in rows().items() if k != name})


def doubled(arm: str) -> pa.Table:
    data = rows()
    for key, values in data.items():
        values.append(arm if key == "arm" else values[0])
    return pa.table(data)


WRONG = [
    ("no arms", without("arm"), ("no column 'arm'", "Rename the column of the data")),
    ("one arm", changed(arm=["letter"] * 800), ("one arm alone, 'letter'",)),
    (
        "in two arms",
        doubled("letter"),
        ("fewer than 10 customers are in more than one arm", "saw both"),
    ),
    ("twice", doubled("control"), ("more than once", "one row for each customer")),
    (
        "another arm",
        changed(arm=["leter" if i % 2 else "control" for i in range(800)]),
        ("an arm ('leter') that is not in the plan, for 400 customers", "'control' and 'letter'"),
    ),
    ("no arm", changed(arm=[None, *rows()["arm"][1:]]), ("'arm' is empty for fewer than 10",)),
    (
        "another segment",
        changed(segment=["parent" if i % 3 else "schools" for i in range(800)]),
        ("no customer is of the segment 'Parents'", "Did you mean 'parent'"),
    ),
    ("no segment", without("segment"), ("no column 'segment'",)),
    ("no outcome", without("ordered"), ("no column 'ordered'",)),
    ("no id", without("customer"), ("no column 'customer'",)),
    (
        "a number for a share",
        changed(ordered=[i % 3 for i in range(800)]),
        ("is a share in the plan, and has a value other than 0 and 1",),
    ),
    ("nothing measured", changed(ordered=pa.array([None] * 800, pa.int8())), ("empty",)),
    (
        "before the plan",
        changed(date=[date(2026, 10, 31) if i < 20 else date(2026, 11, 3) for i in range(800)]),
        ("20 customers are of a day before 2026-11-02", "before the plan cannot test it"),
    ),
    (
        "no day",
        changed(date=[None if i < 20 else date(2026, 11, 3) for i in range(800)]),
        ("20 customers have no day",),
    ),
]


@pytest.mark.parametrize(("what", "table", "words"), WRONG, ids=[w for w, _, _ in WRONG])
def test_data_that_do_not_fit_the_plan_are_refused_in_words(
    what: str, table: pa.Table, words: tuple[str, ...]
) -> None:
    with pytest.raises(DataError) as caught:
        fw.read_experiment(sealed_plan(), table)
    for word in words:
        assert word in str(caught.value)
    assert "c0000" not in str(caught.value)


def test_looks_and_a_first_day_need_days() -> None:
    looks = sealed_plan(READ + "looks: 2\n")
    with pytest.raises(DataError, match=r"no column 'date'.*planned look"):
        fw.read_experiment(looks, pa.table(rows()))
    starts = sealed_plan(READ + "starts: 2026-12-01\n")
    with pytest.raises(DataError, match="before 2026-12-01, on which it starts"):
        fw.read_experiment(starts, changed(date=[date(2026, 11, 20)] * 800))
    text = changed(date=["03.11.2026" if i < 400 else "28.11.2026" for i in range(800)])
    assert len(fw.read_experiment(looks, text).reading.looks) == 2


def test_there_is_no_verdict_on_a_plan_that_changed_or_was_never_sealed() -> None:
    with pytest.raises(OptionError, match="not sealed"):
        fw.read_experiment(parse_plan(READ), pa.table(rows()))
    plan = sealed_plan()
    changed = plan.model_copy(update={"threshold": -0.05})
    with pytest.raises(OptionError, match=r"threshold was 0.0 and is -0.05. There is no verdict"):
        fw.read_experiment(changed, pa.table(rows()))
    assert plan.sealed is not None
    dated = plan.model_copy(
        update={"sealed": plan.sealed.model_copy(update={"date": "2026-10-01"})}
    )
    with pytest.raises(OptionError, match="the seal itself was changed"):
        fw.read_experiment(dated, pa.table(rows()))


def members(n: int = 800) -> pa.Table:
    return pa.table({"customer_id": rows(n)["customer"], "segment": [2, 2, 1, 1] * (n // 4)})


def test_members_say_who_is_in_which_segment() -> None:
    plan = sealed_plan(READ.replace("{id: schools,", "{id: schools, number: 1,"))
    table = without("segment")
    found = fw.read_experiment(plan, table, members=members()).reading
    assert [one.customers for one in found.segments] == [(200, 200), (200, 200)]
    fewer = fw.read_experiment(plan, table, members=members().slice(0, 700), closed=True).reading
    assert any("100 customers are not among the members" in note for note in fewer.notes)
    upper = pa.table({"customer": [f"C{i:04d}" for i in range(800)], "segment": [1] * 800})
    with pytest.raises(DataError, match=r"no customer is among the members.*capitals"):
        fw.read_experiment(plan, table, members=upper)
    with pytest.raises(DataError, match="'schools' of the plan has no number"):
        fw.read_experiment(sealed_plan(), table, members=members())
    none = pa.table({"customer": rows()["customer"], "segment": [2] * 800})
    with pytest.raises(DataError, match="no customer is a member of the segment 'schools'"):
        fw.read_experiment(plan, table, members=none)
    with pytest.raises(OptionError, match="no table of members"):
        fw.read_experiment(plan, table, members=3)
    with pytest.raises(OptionError, match="--segmentation"):
        fw.read_experiment(plan, table, customers=table)


def bought() -> pa.Table:
    """What customers did before the experiment: two kinds of them."""
    visits, spend = [9, 8, 1, 2] * 200, [50.0, 52.0, 9.0, 8.0] * 200
    return pa.table({"customer": rows()["customer"], "visits": visits, "spend": spend})


def test_members_of_another_model_are_refused_and_those_of_the_model_are_placed() -> None:
    segmentation = fw.discover(bought(), method="kmeans", k=2).segmentation
    text = READ.replace("{id: parents, name: Parents, number: 2,", "{id: 2,")
    plan = fw.plan_experiment(
        parse_plan(text.replace("{id: schools,", "{id: 1,")), segmentation=segmentation, today=DAY
    ).plan
    assert plan.lineage == segmentation.lineage
    assert [one.number for one in plan.segments] == [2, 1]
    table = without("segment")
    found = fw.read_experiment(plan, table, segmentation=segmentation, customers=bought())
    assert found.reading.blocked == ""
    assert [one.customers for one in found.reading.segments] == [(200, 200), (200, 200)]
    model = segmentation.model.model_copy(update={"sds": [1.0, 1.0]})
    other = segmentation.model_copy(update={"model": model})
    with pytest.raises(DataError, match="another model"):
        fw.read_experiment(plan, table, members=members(), segmentation=other)


def test_the_learning_card_is_written_by_citation_and_never_over_another() -> None:
    found = fw.read_experiment(sealed_plan(), pa.table(rows()))
    text = found.on_canvas(fw.parse_canvas(CANVAS))
    assert "# ours" in text
    canvas = fw.parse_canvas(text)
    learning = canvas.hypotheses[0].learning
    assert learning is not None
    assert learning.result == "supported"
    assert learning.data_points == 800
    assert learning.observed.startswith("All segments together: with 'letter' 21.8%")
    assert learning.observed.endswith("supported in Parents; not enough in schools.")
    assert len(learning.evidence) == 3
    assert {one.id for one in canvas.evidence} == {e.partition("@")[0] for e in learning.evidence}
    assert found.on_canvas(canvas) == text
    place = ("hypotheses", 0, "learning", "learned")
    edits = edits_of(canvas)
    edits.set(place, "Parents read")
    mine, _ = edited(canvas, edits)
    more = rows(1200)
    again = fw.read_experiment(sealed_plan(), pa.table(more)).on_canvas(mine)
    kept = fw.parse_canvas(again)
    assert kept.hypotheses[0].learning is not None
    assert kept.hypotheses[0].learning.learned == "Parents read"
    assert kept.hypotheses[0].learning.data_points == 1200
    assert all(one.previous for one in kept.evidence)
    own = CANVAS.replace(
        "metric: Orders}",
        'metric: Orders, learning: {date: "2026-10-01", observed: x, result: unclear}}',
    )
    with pytest.raises(DocumentError, match="has a learning already"):
        found.on_canvas(fw.parse_canvas(own))
    blocked = fw.read_experiment(sealed_plan(), pa.table(rows(400)))
    with pytest.raises(OptionError, match=r"no verdict.*too early"):
        blocked.on_canvas(fw.parse_canvas(CANVAS))
