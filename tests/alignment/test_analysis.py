"""The whole exercise: what must always hold, and what is said when something is missing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.alignment import analyze, coded
from forwhom.documents.canvas.ratings import Thresholds
from forwhom.documents.results.alignment import AlignmentResult, RatedItem, RatedSegment
from forwhom.errors import DataError, OptionError

SEGMENTS = [
    RatedSegment(id="buyer", name="Ministry", buti=["buyer"]),
    RatedSegment(id="user", name="Clinics", buti=["user"], power=0.5),
    RatedSegment(id="impact", name="Patients", buti=["target-impact"], power=0.25),
]
ITEMS = [
    RatedItem(id="cheap", statement="Costs little", importance=1.0),
    RatedItem(id="quick", statement="Takes a minute", importance=0.5),
]

Row = tuple[str, str, str, float, bool, int]


def run(rows: list[Row], **options) -> AlignmentResult:
    options.setdefault("replicates", 200)
    rater, segment, item, value, direct, turn = zip(*rows, strict=True) if rows else ((),) * 6
    ratings = coded(
        rater, segment, item, value, direct=direct, round=turn,
        segments=[s.id for s in SEGMENTS], items=[i.id for i in ITEMS],
    )  # fmt: skip
    return analyze(ratings, SEGMENTS, ITEMS, **options)


def full(*medians: tuple[float, float, float], raters: int = 6, turn: int = 1) -> list[Row]:
    """Raters who all say the same: one tuple (buyer, user, impact) for each item."""
    return [
        (f"r{r}", segment.id, item.id, value, False, turn)
        for r in range(raters)
        for item, values in zip(ITEMS, medians, strict=False)
        for segment, value in zip(SEGMENTS, values, strict=True)
    ]


rows = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.sampled_from([s.id for s in SEGMENTS]),
        st.sampled_from([i.id for i in ITEMS]),
        st.integers(-10, 10).map(lambda v: v / 2),
        st.booleans(),
        st.integers(1, 2),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda row: (row[0], row[1], row[2], row[5]),
)


@settings(max_examples=40)
@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(given_rows, random) -> None:
    shuffled = list(given_rows)
    random.shuffle(shuffled)
    assert run(given_rows, replicates=40) == run(shuffled, replicates=40)


@settings(max_examples=40)
@given(rows)
def test_what_always_holds(given_rows) -> None:
    found = run(given_rows, replicates=40)
    assert sum(cell.n for cell in found.cells) <= found.ratings
    for view in found.views:
        for item in view.items:
            if item.probabilities:
                assert sum(item.probabilities.values()) == pytest.approx(1)
                assert item.undecided == (item.probability < 0.8)
            if item.severity is not None:
                assert 0 <= item.severity.value <= 1
                assert (item.severity.level is not None) == (item.alignment == "misaligned")
    for agreement in found.agreement:
        assert (agreement.value is None) == bool(agreement.note)
    assert AlignmentResult.model_validate_json(found.model_dump_json()) == found


@settings(max_examples=25)
@given(rows)
def test_a_copy_of_every_rater_changes_no_class(given_rows) -> None:
    plain = [(*row[:4], False, 1) for row in {(r[0], r[1], r[2]): r for r in given_rows}.values()]
    copies = plain + [(f"{row[0]}2", *row[1:]) for row in plain]
    once, twice = run(plain, replicates=40), run(copies, replicates=40)
    for first, second in zip(once.cells, twice.cells, strict=True):
        assert first.median == second.median
        assert first.consensus == pytest.approx(second.consensus)
        assert 2 * first.n == second.n
    classes = [[item.alignment for item in found.overall.items] for found in (once, twice)]
    assert classes[0] == classes[1]


@settings(max_examples=25)
@given(rows)
def test_turning_all_signs_around_keeps_gap_and_conflict(given_rows) -> None:
    turned = [(*row[:3], -row[3], *row[4:]) for row in given_rows]
    for first, second in zip(
        run(given_rows, replicates=40).overall.items, run(turned, replicates=40).overall.items,
        strict=True,
    ):  # fmt: skip
        assert first.gap == second.gap
        assert first.conflict == second.conflict


def test_views_stay_apart() -> None:
    found = run(full((5, 4, -4), (4, -3, 5)))
    assert [view.name for view in found.views] == ["all", "adoption", "sustainability"]
    alignment = {view.name: [item.alignment for item in view.items] for view in found.views}
    assert alignment == {
        "all": ["misaligned", "misaligned"],
        "adoption": ["strong", "misaligned"],
        "sustainability": ["misaligned", "strong"],
    }
    assert [view.segments for view in found.views[1:]] == [["buyer", "user"], ["buyer", "impact"]]


def test_severity_by_hand() -> None:
    first, second = run(full((5, 4, -4), (4, -3, 5))).overall.items
    assert first.severity is not None
    assert second.severity is not None
    # max(conflict 0.8, gap 9 / 10) x importance 1 x power 0.25; the gap weighs more.
    assert first.adoption.value == pytest.approx(0.9 * 1 * 0.25)
    # Patients are to benefit: harm to them counts fully, however little they can stop.
    assert first.sustainability.value == first.severity.value == pytest.approx(0.9)
    assert (first.severity.opposed, first.severity.level) == ("impact", "high")
    assert second.severity.value == pytest.approx(0.8 * 0.5 * 0.5)
    assert (second.severity.opposed, second.severity.level) == ("user", "medium")


def test_a_class_that_other_raters_would_change_is_undecided() -> None:
    rows = full((4, 4, 4), (4, 4, 4), raters=7)
    rows = [
        (r, s, i, -1.0 if s == "user" and i == "cheap" and r in ("r0", "r1", "r2") else v, d, t)
        for r, s, i, v, d, t in rows
    ]
    cheap, quick = run(rows, replicates=500).overall.items
    assert cheap.alignment == "strong"
    assert cheap.undecided
    assert 0.5 < cheap.probability < 0.8
    assert cheap.probabilities["misaligned"] > 0.2
    assert quick.probability == 1
    assert not quick.undecided


def test_one_rater_gets_classes_and_no_probability() -> None:
    found = run(full((5, -4, 1), (4, 4, 4), raters=1))
    assert [item.alignment for item in found.overall.items] == ["misaligned", "strong"]
    assert all(item.probability is None and not item.undecided for item in found.overall.items)
    assert all(cell.interval is None for cell in found.cells)
    assert any("one rater" in note for note in found.notes)
    assert all(a.value is None for a in found.agreement)


def test_all_equal_ratings_are_said() -> None:
    found = run(full((3, 3, 3), (3, 3, 3)))
    assert [item.alignment for item in found.overall.items] == ["strong", "strong"]
    assert any("All ratings are equal" in note for note in found.notes)
    assert found.variance == []
    assert {a.value for a in found.agreement if a.coefficient == "krippendorff-alpha"} == {None}


def test_a_segment_and_an_item_that_nobody_rated() -> None:
    rows = [row for row in full((5, 4, 0)) if row[1] != "impact"]
    found = run(rows)
    assert any("Nobody rated for “Patients”" in note for note in found.notes)
    assert any("Nobody rated “Takes a minute”" in note for note in found.notes)
    assert [item.alignment for item in found.overall.items] == ["strong", "not-compared"]
    assert [view.name for view in found.views] == ["all", "adoption"]
    assert found.overall.segments == ["buyer", "user"]


def test_a_single_rated_segment_is_compared_with_nothing() -> None:
    found = run([row for row in full((5, 4, 0)) if row[1] == "user"])
    assert {item.alignment for item in found.overall.items} == {"not-compared"}
    assert found.pressing == []


def test_few_raters_are_said() -> None:
    assert any("fewer than 5 raters" in note for note in run(full((5, 4, 3), raters=3)).notes)
    assert not any("fewer than 5" in n for n in run(full((5, 4, 3), (1, 1, 1), raters=5)).notes)


def test_no_rating_is_an_error() -> None:
    with pytest.raises(DataError, match="no rating"):
        run([])
    for replicates, word in ((0, "few"), (39, "few"), (100_001, "many")):
        with pytest.raises(OptionError, match=f"{replicates} replicates are too {word}"):
            run(full((5, 4, 3)), replicates=replicates)
    with pytest.raises(OptionError, match="seed"):
        run(full((5, 4, 3)), seed=-1)


def test_the_seed_decides() -> None:
    rng = np.random.default_rng(0)
    rows = [(*row[:3], float(rng.integers(-5, 6)), *row[4:]) for row in full((0, 0, 0), (0, 0, 0))]
    assert run(rows, seed=1) == run(rows, seed=1)
    first, other = (run(rows, seed=s).overall.items[0].probabilities for s in (1, 2))
    assert first != other


def test_members_count_alone_where_two_of_them_rated() -> None:
    rows = full((5, 4, 3), (5, 4, 3))
    rows += [(f"m{i}", "user", "cheap", -2.0, True, 1) for i in range(2)]
    rows += [("m0", "user", "quick", -2.0, True, 1)]
    found = run(rows)
    cells = {(c.item, c.segment): c for c in found.cells}
    assert (cells["cheap", "user"].basis, cells["cheap", "user"].median) == ("direct", -2)
    assert (cells["quick", "user"].basis, cells["quick", "user"].n) == ("both", 7)
    whole, cheap, quick = found.proxies
    assert (whole.item, whole.items, whole.bias, whole.opposite) == (None, 2, 6.0, 2)
    assert (cheap.bias, cheap.error, cheap.opposite) == (6.0, 6.0, 1)
    assert cheap.interval is not None
    assert quick.interval is None, "a single member says nothing of how members differ"


def test_no_side_is_not_the_opposite_of_one() -> None:
    rows = full((5, 0, 3), (5, 4, 3))
    rows += [
        (f"m{i}", "user", item, -2.0, True, 1) for i in range(2) for item in ("cheap", "quick")
    ]
    whole, cheap, quick = run(rows).proxies
    assert (whole.opposite, cheap.opposite, quick.opposite) == (1, 0, 1)


def test_a_later_round_replaces_only_what_was_rated_again() -> None:
    rows = full((5, -4, 5), (4, 4, 4))
    rows += [(f"r{i}", "user", "cheap", 3.0, False, 2) for i in range(5)]
    found = run(rows)
    cells = {(c.item, c.segment): c for c in found.cells}
    assert (cells["cheap", "user"].median, cells["cheap", "user"].round) == (3, 2)
    assert (cells["cheap", "buyer"].median, cells["cheap", "buyer"].round) == (5, 1)
    [change] = found.changes
    assert (change.before, change.after, change.raters, change.moved) == (-4, 3, 5, 5)
    assert (change.before_round, change.after_round) == (1, 2)
    [turned] = found.class_changes
    assert (turned.item, turned.before, turned.after) == ("cheap", "misaligned", "strong")


def test_what_members_said_once_stays_when_the_team_rates_again() -> None:
    rows = full((5, 4, 3)) + full((5, 4, 3), turn=2)
    rows += [(f"m{i}", "user", "cheap", -2.0, True, 1) for i in range(3)]
    cells = {(c.item, c.segment): c for c in run(rows).cells}
    assert cells["cheap", "user"].median == -2


def test_two_camps_within_a_segment() -> None:
    rows = full((5, 4, 3), raters=8)
    rows = [
        (r, s, i, v if s != "user" else (5.0 if r in "r0r1r2r3" else -5.0), d, t)
        for r, s, i, v, d, t in rows
    ]
    cell = next(c for c in run(rows).cells if c.segment == "user" and c.item == "cheap")
    assert [(camp.n, camp.median) for camp in cell.camps] == [(4, -5), (4, 5)]
    assert cell.consensus == 0
    assert cell.disagree


def test_thresholds_of_the_team_count() -> None:
    strict = Thresholds(strong=5, sufficient=1)
    found = run(full((4, 4, 4), (4, 4, 0)), thresholds=strict)
    assert [item.alignment for item in found.overall.items] == ["sufficient", "weak"]
    assert found.thresholds == strict
    agreed = run(full((4, 4, 4)), thresholds=Thresholds(consensus=1.0))
    assert [(c.consensus, c.disagree) for c in agreed.cells if c.n] == [(1.0, False)] * 3


def test_many_items_are_compared_in_blocks(monkeypatch) -> None:
    rows = full((5, -4, 3), (4, 4, 4))
    whole = run(rows)
    monkeypatch.setattr("forwhom.alignment.views._HELD", 10)
    assert run(rows) == whole


def test_it_prints_as_its_items() -> None:
    assert str(run(full((5, -4, 3), (4, 4, 4)))).splitlines() == [
        "2 items rated by 6 raters",
        "Costs little: misaligned, severity medium",
        "Takes a minute: strong",
    ]
