"""Two segmentations side by side."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from forwhom.errors import DataError
from forwhom.evidence import Comparison, compare
from forwhom.languages.catalog import speaking


def spread(table: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Return labels, from 1, with this cross table."""
    counts = np.array(table)
    cells = np.repeat(np.arange(counts.size), counts.ravel())
    return cells // counts.shape[1] + 1, cells % counts.shape[1] + 1


def compared(table: list[list[int]], **options) -> Comparison:
    a, b = spread(table)
    ids = np.arange(len(a))
    order = np.random.default_rng(0).permutation(len(a))
    return compare(ids, a, ids[order], b[order], **options)


def test_customers_are_matched_by_id_and_segments_by_overlap() -> None:
    result = compared([[20, 100, 0], [90, 30, 0], [0, 15, 60]], a_names=["Big", "New", "Rare"])
    assert result.table == [[20, 100, 0], [90, 30, 0], [0, 15, 60]]
    assert [(m.a, m.b, m.n) for m in result.matches] == [(1, 2, 100), (2, 1, 90), (3, 3, 60)]
    assert result.matches[0].jaccard == pytest.approx(100 / (120 + 145 - 100), abs=1e-6)
    assert result.stayed == pytest.approx(250 / 315, abs=1e-6)
    assert [(f.a, f.b, f.n) for f in result.moved] == [(2, 2, 30), (1, 1, 20), (3, 2, 15)]
    assert result.moved[0].share == 0.25
    assert [s.name for s in result.a_segments] == ["Big", "New", "Rare"]
    assert [s.n for s in result.b_segments] == [110, 145, 60]


@given(
    st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4).filter(
        lambda t: np.sum(t) >= 20
    )
)
@settings(max_examples=60)
@example([[0, 0, 1], [0, 0, 19]])
@example([[1, 0, 0], [0, 10, 9]])
def test_the_adjusted_rand_index_is_the_known_one_and_no_small_cell_shows(table) -> None:
    a, b = spread(table)
    result = compared(table)
    assert result.adjusted_rand == pytest.approx(adjusted_rand_score(a, b), abs=6e-4)
    shown = [cell for row in result.table for cell in row if cell is not None]
    shown += [s.n for s in (*result.a_segments, *result.b_segments) if s.n is not None]
    shown += [f.n for f in result.moved] + [m.n for m in result.matches if m.n is not None]
    assert not any(0 < n < 10 for n in shown)
    for segment, row in zip(result.a_segments, result.table, strict=True):
        assert segment.n is None or row.count(None) != 1
    for segments in (result.a_segments, result.b_segments):
        assert [s.n for s in segments].count(None) != 1, "the sum of all is known"


def test_the_same_groups_under_other_labels_agree_perfectly() -> None:
    result = compared([[0, 40], [50, 0]])
    assert (result.adjusted_rand, result.stayed, result.moved) == (1.0, 1.0, [])
    assert result.agreement == "excellent"


def test_one_segment_each_is_the_same_grouping() -> None:
    assert compared([[50]]).adjusted_rand == 1.0


def test_customers_in_only_one_are_counted_and_few_are_not_told() -> None:
    result = compare(range(100), [1] * 100, range(60, 105), [1] * 45)
    assert (result.n, result.only_a, result.only_b) == (40, 60, None)
    assert "60 only in the first, a few only in the second" in str(result)


def test_those_of_no_segment_match_those_of_no_segment() -> None:
    a = [0] * 20 + [1] * 40
    b = [1] * 10 + [0] * 20 + [2] * 30
    result = compare(range(60), a, range(60), b)
    assert {(m.a, m.b) for m in result.matches} == {(1, 2), (0, 0)}
    assert result.a_segments[-1].name == "None of these"


def test_withheld_cells_are_explained_and_do_not_move() -> None:
    result = compared([[90, 3, 12], [4, 80, 20], [40, 15, 70]])
    assert result.table[0][1] is None
    assert result.table[1][0] is None
    assert all(f.n >= 10 for f in result.moved)
    assert "withheld, so that no group under 10 shows" in str(result)
    assert compared([[90, 3], [4, 80]], threshold=1).table == [[90, 3], [4, 80]]


def test_it_shows_itself_as_text_html_and_json() -> None:
    result = compared([[40, 20], [10, 30]], a_names={1: "<Big>", 2: "New"}, a_title="May")
    text = str(result)
    assert "May against B: 100 customers in both" in text
    assert "<Big> → Segment 2: 20 (33% of the first)" in text
    page = result._repr_html_()
    assert "&lt;Big&gt;" in page
    assert "<Big>" not in page
    assert page.count("<tr>") == 4
    assert Comparison.model_validate(json.loads(result.model_dump_json())) == result


@pytest.mark.parametrize(
    "other",
    [
        [str(i) for i in range(40)],
        np.arange(40.0),
        pa.array([str(i) for i in range(40)]),
        pa.chunked_array([list(range(20)), list(range(20, 40))]),
    ],
)
def test_ids_of_other_kinds_are_the_same_customers(other) -> None:
    assert compare(list(range(40)), [1] * 40, other, pa.array([1] * 40)).n == 40


@pytest.mark.parametrize(
    ("ids", "segments", "message"),
    [
        ([1, 1, 2], [1, 1, 1], "An id occurs more than once in B"),
        ([None, "a", "b"], [1, 1, 1], "1 customers of B have no id"),
        ([1.0, float("nan"), 2.0], [1, 1, 1], "1 customers of B have no id"),
        ([7, 8, 9], [1, 1, 1], "A and B have no customer in common"),
        ([1, 2, 3], [1, 1], "B has 2 segments for 3 ids"),
        ([1, 2, 3], [0.5, 1.0, 2.0], "segments of B are not whole numbers"),
    ],
)
def test_what_cannot_be_compared_is_said(ids, segments, message: str) -> None:
    with pytest.raises(DataError, match=message):
        compare([1, 2, 3], [1, 1, 2], ids, segments)


def test_the_whole_text_and_page() -> None:
    table = [[1200, 300], [20, 900], [0, 15]]
    result = compared(table, a_names=["Big", "New"], b_title="June")
    assert str(result).splitlines() == [
        "A against June: 2,435 customers in both, 0 only in the first, 0 only in the second.",
        "Adjusted Rand index 0.53 (poor agreement). 86% are in matching segments.",
        "",
        "             1 Segment 1  2 Segment 2    all",
        "1 Big              1,200          300  1,500",
        "2 New                 20          900    920",
        "3 Segment 3            0           15     15",
        "all                1,220        1,215  2,435",
        "",
        "What moved:",
        "  Big → Segment 2: 300 (20% of the first)",
        "  New → Segment 1: 20 (2% of the first)",
        "  Segment 3 → Segment 2: 15 (100% of the first)",
    ]
    assert result._repr_html_() == (
        "<p>A against June: 2,435 customers in both, 0 only in the first, 0 only in the second.<br>"
        "Adjusted Rand index 0.53 (poor agreement). 86% are in matching segments.</p>"
        f"<table><thead><tr>{header('', '1 Segment 1', '2 Segment 2', 'all', scope='col')}"
        "</tr></thead><tbody>"
        f"<tr>{header('1 Big', scope='row')}{numbers('1,200', '300', '1,500')}</tr>"
        f"<tr>{header('2 New', scope='row')}{numbers('20', '900', '920')}</tr>"
        f"<tr>{header('3 Segment 3', scope='row')}{numbers('0', '15', '15')}</tr>"
        f"<tr>{header('all', scope='row')}{numbers('1,220', '1,215', '2,435')}</tr>"
        "</tbody></table><ul><li>Big → Segment 2: 300 (20% of the first)</li>"
        "<li>New → Segment 1: 20 (2% of the first)</li>"
        "<li>Segment 3 → Segment 2: 15 (100% of the first)</li></ul>"
    )


def header(*texts: str, scope: str) -> str:
    return "".join(f"<th scope='{scope}'>{text}</th>" for text in texts)


def numbers(*texts: str) -> str:
    return "".join(f"<td style='text-align:right'>{text}</td>" for text in texts)


def test_cells_that_are_withheld_are_dots() -> None:
    assert str(compared([[90, 3, 12], [4, 80, 20], [40, 15, 70]])).splitlines()[3:] == [
        "             1 Segment 1  2 Segment 2  3 Segment 3  all",
        "1 Segment 1           90            ·            ·  105",
        "2 Segment 2            ·           80            ·  104",
        "3 Segment 3            ·            ·           70  125",
        "all                  134           98          102  334",
        "",
        "·  withheld, so that no group under 10 shows",
    ]


@pytest.mark.parametrize(
    ("agreement", "word"),
    [(0.9, "excellent"), (0.899, "good"), (0.8, "good"), (0.799, "moderate"), (0.65, "moderate"),
     (0.649, "poor"), (-1.0, "poor")],
)  # fmt: skip
def test_agreement_has_the_words_of_steinley(agreement: float, word: str) -> None:
    result = compared([[50]]).model_copy(update={"adjusted_rand": agreement})
    assert result.agreement == word
    assert f"({word} agreement)" in str(result)


def test_ten_flows_are_told_the_largest_first() -> None:
    table = 10 + np.arange(16).reshape(4, 4) % 5 + 500 * np.eye(4, dtype=int)
    result = compared(table.tolist())
    assert len(result.moved) == 12
    order = [(-f.n, f.a, f.b) for f in result.moved]
    assert order == sorted(order)
    assert str(result).count(" → ") == result._repr_html_().count("<li>") == 10


def test_segments_without_customers_are_there_by_their_name() -> None:
    result = compare(
        range(30), [2] * 30, range(30), [0] * 15 + [4] * 15,
        a_names={2: "Two", 5: "Gone"}, b_names=["One"],
    )  # fmt: skip
    assert [(s.id, s.name, s.n) for s in result.a_segments] == [(2, "Two", 30), (5, "Gone", 0)]
    assert [(s.id, s.name, s.n) for s in result.b_segments] == [
        (1, "One", 0), (4, "Segment 4", 15), (0, "None of these", 15)
    ]  # fmt: skip
    assert result.table == [[0, 15, 15], [0, 0, 0]]
    assert [(m.a, m.b, m.n, m.jaccard) for m in result.matches] == [(2, 4, 15, 0.5)]
    named = compare(range(30), [0] * 30, range(30), [0] * 30, a_names={0: "Nobody's"})
    assert named.a_segments[0].name == "Nobody's"
    assert (named.stayed, named.matches[0].jaccard) == (1.0, 1.0)


def test_none_of_these_match_none_of_these_alone() -> None:
    result = compare(range(40), [0] * 40, range(40), [1] * 40)
    assert result.matches == []
    assert (result.stayed, [f.n for f in result.moved]) == (0.0, [40])


def test_where_a_match_is_withheld_nobody_is_said_to_have_stayed() -> None:
    result = compared([[3, 0], [0, 90]])
    assert result.stayed is None
    assert [(m.a, m.b, m.n, m.jaccard) for m in result.matches] == [
        (1, 1, None, None), (2, 2, None, None)
    ]  # fmt: skip
    assert " are in matching segments" not in str(result)


def test_customers_in_one_alone_are_told_from_the_threshold_on() -> None:
    def only(n: int, threshold: int) -> int | None:
        return compare(
            range(40), [1] * 40, range(40 + n), [1] * (40 + n), threshold=threshold
        ).only_b

    assert [only(n, 10) for n in (0, 1, 9, 10)] == [0, None, None, 10]
    assert only(9, 9) == 9


def test_ids_that_are_no_whole_numbers_stay_what_they_are() -> None:
    halves = np.arange(20) / 2
    assert compare(halves, [1] * 20, halves, [1] * 20).n == 20
    assert compare(halves, [1] * 20, list(range(20)), [1] * 20).n == 10
    assert compare(["1", "2"], [1, 1], [1.0, 2.0], [1, 1], threshold=1).n == 2
    assert compare(["1", "2"], [1, 1], [1, 3], [1, 1], threshold=1).n == 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (([1, 2], [1, 1], ["a", "b"], [1, 1]), "Their ids look like numbers and text."),
        (([1, 2], [1, 1], [3, 4], [1, 1]), "Their ids look like numbers and numbers."),
        (
            (["a", "b"], [1, 1], [float("inf"), 1.0], [1, 1]),
            "Their ids look like text and numbers.",
        ),
        (([1, 2], [1, 1], [1, 2], ["x", "y"]), "Expected 1 to K, or 0 for none"),
        (([1, 1], [1, 1], [1, 2], [1, 1]), "occurs more than once in A"),
        (([1, 2], [1], [1, 2], [1, 1]), "A has 1 segments for 2 ids"),
        (([1, 2], [[1], [1]], [1, 2], [1, 1]), "A has 2 segments for 2 ids"),
        (([1, None, float("nan")], [1] * 3, [1, 2], [1, 1]), "2 customers of A have no id"),
    ],
)
def test_what_is_wrong_is_said_of_the_right_one(given, message: str) -> None:
    with pytest.raises(DataError) as raised:
        compare(*given)
    assert message in str(raised.value)


@pytest.mark.parametrize("kind", [np.int8, np.uint16, np.int64])
def test_segments_may_be_whole_numbers_of_any_kind(kind: type) -> None:
    labels = np.array([1] * 20 + [2] * 20, dtype=kind)
    assert compare(range(40), labels, range(40), labels).adjusted_rand == 1.0


def test_it_is_told_in_the_language_that_is_spoken() -> None:
    result = compared([[90, 3, 12], [4, 80, 20], [40, 15, 70]], a_names={1: "Big"}, a_title="May")
    with speaking("de"):
        said = str(result)
        assert said.startswith("May neben B: 334 Kunden in beiden, 0 nur im ersten, 0 nur im")
        assert "Adjustierter Rand-Index 0,36 (schwache Übereinstimmung)." in said
        assert "·  zurückgehalten, damit sich keine Gruppe unter 10 zeigt" in said
        assert "1 Big" in said
        assert said.splitlines()[3].endswith("alle")
    went = compared([[40, 20], [10, 30]])
    with speaking("de"):
        moved = "Was sich bewegt hat:\n  Segment 1 → Segment 2: 20 (33\u00a0% des ersten)"
        assert moved in str(went)
        assert "70\u00a0% sind in Segmenten, die einander entsprechen." in str(went)
    with speaking("ar"):
        told = str(went) + str(result)
        assert "ما انتقل:" in told
        ours = ("only", "agreement", "withheld", "moved", "Segment", "all")
        assert not any(word in told for word in ours)
    nobody = compare(range(60), [0] * 30 + [1] * 30, range(60), [1] * 60)
    with speaking("de"):
        assert "0 Keines davon" in str(nobody)
    assert "None of these" in [one.name for one in nobody.a_segments]
