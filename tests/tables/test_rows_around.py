"""Which rows above, under and below the names are part of a table, and which are headings."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest

from forwhom.tables.headings import merged_headings, note_of_merged
from forwhom.tables.labels import (
    note_of,
    note_of_above,
    note_of_below,
    rows_above,
    rows_below,
    rows_of_labels,
    told_by_fields,
    told_by_row,
)

Rows = Sequence[Sequence[str]]
NAMES = ["Customer", "Town", "Sales"]
ROWS = [["Ann", "Rome", "10"], ["Bob", "Oslo", "7"], ["Cy", "Bonn", "3"]]
TITLE = ["Report of May", "", ""]


def numbered(names: Sequence[str], *below: str) -> list[list[str]]:
    """Return a title, names and three rows under them, of which the last column is given."""
    return [TITLE, list(names), *(["Ann", "Rome", cell] for cell in below)]


@pytest.mark.parametrize(
    ("rows", "above"),
    [
        ([TITLE, NAMES, *ROWS], 1),
        ([TITLE, TITLE, NAMES, *ROWS], 2),
        ([*[TITLE] * 19, NAMES, *ROWS * 20], 19),
        ([*[TITLE] * 20, NAMES, *ROWS * 20], 0),
        ([TITLE, NAMES, *ROWS[:2]], 1),
        ([TITLE, NAMES, *ROWS[:1]], 0),
        ([NAMES, *ROWS], 0),
        # The names fill seven of ten columns, and what stands above not more than half.
        ([["a", *[""] * 9], [*"bcdefgh", *[""] * 3], *[[*"12345678", "9", "0"]] * 9], 1),
        ([["a", *[""] * 9], [*"bcdefg", *[""] * 4], *[[*"12345678", "9", "0"]] * 9], 0),
        ([["a", "b", "", ""], ["c", "d", "e", "f"], *[["1", "2", "3", "4"]] * 3], 1),
        ([["a", "b", "z", ""], ["c", "d", "e", "f"], *[["1", "2", "3", "4"]] * 3], 0),
        ([["a", ""], ["Customer", "Sales"], *[["Ann", "3"]] * 3], 0),
        # Names are there once, mostly words, over numbers.
        ([TITLE, ["Town", "Town", "Sales"], *ROWS], 0),
        ([TITLE, NAMES, *[["Ann", "Rome", "many"]] * 3], 0),
        (numbered(NAMES, "1", "many", "7"), 1),
        (numbered(NAMES, "1", "many", "few", "7"), 0),
        (numbered(["Customer", "Town", "2024"], "1", "2", "3"), 1),
        (numbered(["Customer", "2023-07", "2024 Q1"], "1", "2", "3"), 1),
        (numbered(["Customer", "7", "8"], "1", "2", "3"), 0),
        (numbered(["Customer", "Q1", "Q2"], "1", "2", "3"), 1),
        (numbered(["Customer", "Q1", "Q2"], "Q3", "Q4", "Q5"), 0),
        (numbered(["Customer", "Town", "Line 2"], "1", "2", "x"), 1),
        (numbered(["Line 1", "Line 2", "Line 3"], "1", "2", "x"), 0),
    ],
)  # fmt: skip
def test_rows_above_the_names(rows: Rows, above: int) -> None:
    assert rows_above(rows) == above


@pytest.mark.parametrize(
    ("rows", "width", "below"),
    [
        ([["Ann", "7", ""], ["Total", "17", ""]], 3, 1),
        ([["Ann", "7", ""], ["Total: ", "17", ""]], 3, 1),
        ([["Ann", "7", ""], ["Total", "17 EUR", ""]], 3, 1),
        ([["Ann", "7", ""], ["Total", "17 euros", ""]], 3, 0),
        ([["Ann", "7", ""], ["Total", "17", "4"]], 3, 0),
        ([["Ann", "7", ""], ["Total", "", ""]], 3, 0),
        ([["Ann", "7", ""], ["Ann", "17", ""]], 3, 0),
        ([["Total", "7", ""], ["Ann", "17", ""]], 3, 0),
        ([["Ann", "7", ""], ["Total", "17", ""], ["", "", ""]], 3, 2),
        ([["Ann", "7", ""], ["Made in our shop", "", ""]], 3, 1),
        ([["Ann", "7", ""], ["Made here", "", ""]], 3, 0),
        ([["Ann", "7", ""], ["", "Made in our shop", ""]], 3, 0),
        ([["Ann", "7"], ["Made in our shop", ""]], 2, 0),
        ([], 3, 0),
    ],
)
def test_rows_below_the_table(rows: Rows, width: int, below: int) -> None:
    assert rows_below(rows, width) == below


ASKED = ["How old are you?", "Where do you live?", "What do you buy?"]
ANSWERS = [["7", "Rome", "tea"]] * 10


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([ASKED, *ANSWERS], 1),
        ([ASKED, *ANSWERS[:9]], 0),
        ([[*ASKED[:2], "Buys"], *ANSWERS], 0),
        ([[*ASKED, "No", "So", "Go"], *[[*row, "a", "b", "c"] for row in ANSWERS]], 1),
        ([[*ASKED, "No", "So", "Go", "Do"], *[[*row, "a", "b", "c", "d"] for row in ANSWERS]], 0),
        ([ASKED, *ANSWERS, ["7", "Where do you live, then?", "tea"]], 0),
        # Nine of ten questions are longer than every answer to them.
        ([ASKED[:1] * 10, *[["7"] * 10] * 10, ["7"] * 9 + ["What do you live on?"]], 1),
        ([ASKED[:1] * 10, *[["7"] * 10] * 10, ["7"] * 8 + ["What do you live on?"] * 2], 0),
        # A second row for the tool.
        ([ASKED, ['{"ImportId":"1"}', '{"ImportId":"2"}', "x"], *ANSWERS[:1]], 2),
        ([ASKED[:2], ['{"ImportId":"1"}', "x"], *ANSWERS[:1]], 0),
        # Numbers of the rows stand left of what is asked.
        ([["", "Age", "Town", "Tea"], *[[str(i), "7", "Rome", "yes"] for i in range(10)]], 1),
        ([["", "Age", "Town", "Tea"], *[[str(i), "7", "Rome", "yes"] for i in range(9)]], 0),
        ([["", "Age", "Town", "Tea"], *[["x", "7", "Rome", "yes"] for i in range(10)]], 0),
        ([["", "Age", "Town", "yes"], *[[str(i), "7", "Rome", "yes"] for i in range(10)]], 0),
        ([["", "Age", "Town", "3"], *[[str(i), "7", "Rome", "yes"] for i in range(10)]], 0),
        ([["", "Age", "Town", ""], *[[str(i), "7", "Rome", "yes"] for i in range(10)]], 0),
        ([["1", "Age", "Town", "Tea"], *[[str(i), "7", "Rome", "yes"] for i in range(10)]], 0),
        ([], 0),
    ],
)  # fmt: skip
def test_rows_that_say_what_columns_mean(rows: Rows, found: int) -> None:
    assert rows_of_labels(rows) == found


def test_what_is_said_of_rows_that_are_left_out() -> None:
    assert note_of_below(0, "f") == note_of_above(0, "f") == note_of({}, 0, "f") == []
    assert note_of_below(1, "f") == ["f: the last row is a total or a remark and is left out."]
    assert note_of_below(2, "f") == ["f: the last 2 rows are totals or remarks and are left out."]
    (one,), (two,) = note_of_above(1, "f"), note_of_above(2, "f")
    assert one == "f: the first row stands above the names of the columns and is left out."
    assert two == "f: the first 2 rows stand above the names of the columns and are left out."
    (one,), (two,) = note_of({"a": "b"}, 1, "f"), note_of({"a": "b"}, 2, "f")
    assert one.startswith("f: the row under the names says what 1 columns mean")
    assert two.startswith("f: the two rows under the names say what 1 columns mean")
    assert note_of_merged(0, "f") == note_of_merged(3, "f") == []
    assert note_of_merged(1, "f") == ["f: the first two rows were read as one heading."]
    assert note_of_merged(2, "f") == ["f: the first three rows were read as one heading."]


def test_a_label_says_more_than_the_name() -> None:
    row = ["How old? - Selected Choice", "b", " What\n is it? ", ""]
    assert told_by_row(["a", "b", "c", "d", "e"], row) == {"a": "How old?", "c": "What is it?"}


GROUPED = ["Customer", "", "Order", ""]
UNDER = ["No.", "Town", "No.", "Sum"]


@pytest.mark.parametrize(
    ("header", "below", "names", "rows"),
    [
        (GROUPED, [UNDER, *[["1", "Rome", "2", "3"]] * 2],
         ["Customer No.", "Customer Town", "Order No.", "Order Sum"], 1),
        (GROUPED, [UNDER, ["1", "Rome", "2", "3"], ["a", "b", "c", "d"]], [], 0),
        (GROUPED, [UNDER], [], 0),
        (["Customer", "", "Order 2", ""], [UNDER, *[["1", "Rome", "2", "3"]] * 2], [], 0),
        (["", "Customer", "", "Order"], [UNDER, *[["1", "Rome", "2", "3"]] * 2], [], 0),
        (["Customer", "Order", "", ""], [UNDER, *[["1", "Rome", "2", "3"]] * 2], [], 0),
        (GROUPED, [["No.", "Town", "", "Sum"], *[["1", "Rome", "2", "3"]] * 2], [], 0),
        (["Customer", "", "customer", ""], [["No.", "Town", "No.", "Sum"],
                                            *[["1", "Rome", "2", "3"]] * 2], [], 0),
        # Questions, and under them the answers that have a column each.
        (["id", "What do you buy?", "", "Age"], [["", "Tea", "Milk", "Response"], ["1", *"yny"]],
         ["id", "What do you buy? - Tea", "What do you buy? - Milk", "Age"], 1),
        (["id", "Buy?", ""], [["", "Tea", "tea"], ["1", "y", "n"]],
         ["id", "Buy? - Tea", "Buy? - tea (2)"], 1),
        (["id", "Buy?", ""], [["", "Tea", "7"], ["1", "y", "n"]], [], 0),
        (["id", "Buy?", ""], [["", "Tea", "1,5"], ["1", "y", "n"]], [], 0),
        (["id", "Buy?", ""], [["x", "Tea", "Milk"], ["1", "y", "n"]], [], 0),
        (["", "Buy?", ""], [["", "Tea", "Milk"], ["1", "y", "n"]], [], 0),
        (["id", "Buy?", "Why?"], [["", "Tea", "Milk"], ["1", "y", "n"]], [], 0),
        (["id", "Buy?", *[""] * 10], [["", *"abcdefghij", ""], ["1", *"y" * 11]],
         ["id", *(f"Buy? - {letter}" for letter in "abcdefghij"), "Buy?"], 1),
        (["id", "Buy?", *[""] * 10], [["", *"abcdefghi", "", ""], ["1", *"y" * 11]], [], 0),
    ],
)  # fmt: skip
def test_two_rows_of_headings(
    header: Sequence[str], below: Rows, names: Sequence[str], rows: int
) -> None:
    assert merged_headings(header, below) == (names, rows)


def test_stacked_headings_need_ten_answers_and_words_that_no_answer_says() -> None:
    header, under = ["id", "Service", "Service"], ["", "Speed", "Tone"]
    answers = [[str(i), "4", "5"] for i in range(10)]
    told = ["id", "Service - Speed", "Service - Tone"]
    assert merged_headings(header, [under, *answers]) == (told, 1)
    assert merged_headings(header, [under, *answers[:9]]) == ([], 0)
    assert merged_headings(header, [under, *answers, ["11", "Speed", "5"]]) == ([], 0)
    assert merged_headings(header, [["", "4", "Tone"], *answers]) == ([], 0)
    assert merged_headings(header, [["", "Q1_2", "Tone"], *answers])[1] == 1
    assert merged_headings(["id", "Service", "Price"], [under, *answers]) == ([], 0)
    third = ["", "early", "late"]
    assert merged_headings(header, [["", "Speed", "Speed"], third, *answers]) == (
        ["id", "Service - Speed - early", "Service - Speed - late"], 2,
    )  # fmt: skip


def test_codes_over_questions_make_room_for_them() -> None:
    header, under = ["Q1", "Q2", "Q2"], ["Age", "Speed", "Tone"]
    answers = [[str(i), "4", "5"] for i in range(10)]
    assert merged_headings(header, [under, *answers]) == (["Age", "Speed", "Tone"], 1)


def test_what_spans_several_columns_is_said_of_each() -> None:
    answers = [[str(i), "4", "5", "6", "7"] for i in range(10)]
    header = ["id", "Speed", "", "Tone", ""]
    third = ["", "early", "late", "soft", "loud"]
    apart = merged_headings(header, [["", "home", "work", "", ""], third, *answers])
    assert apart == (["id", "Speed - home - early", "Speed - work - late", "Tone - soft",
                      "Tone - loud"], 2)  # fmt: skip
    spread = merged_headings(header, [["", "home", "work", "home", ""], third, *answers])
    assert spread[0][3:] == ["Tone - home - soft", "Tone - home - loud"]


def test_a_title_or_codes_beside_words_are_no_stacked_headings() -> None:
    answers = [[str(i), "4", "5"] for i in range(10)]
    assert merged_headings(["Report", "", ""], [["Nr", "Speed", "Tone"], *answers]) == ([], 0)
    assert merged_headings(["Q1", "Service", "Service"], [["Age", "Speed", "Tone"], *answers]) == (
        ["Q1 - Age", "Service - Speed", "Service - Tone"], 1,
    )  # fmt: skip
    same = [["Age", "Speed", "speed"], *answers]
    assert merged_headings(["Q1", "Q2", "Q2"], same) == ([], 0)


def test_rows_may_be_shorter_than_the_names() -> None:
    short = [["Ann", "Rome", "1"], ["Bob", "Oslo", "2"], ["Cy"]]
    assert rows_above([TITLE, NAMES, *short]) == 1
    assert rows_of_labels([ASKED, *ANSWERS, ["7"]]) == 1
    counted = [[str(i), "7", "Rome", "yes"] for i in range(10)]
    assert rows_of_labels([["", "Age", "Town", "Tea"], *counted, ["11"]]) == 1
    stacked = [["", "Speed", "Tone"], *[[str(i), "4", "5"] for i in range(10)], ["11"]]
    assert merged_headings(["id", "Service", "Service"], stacked)[1] == 1


def test_fields_carry_labels_the_most_telling_first() -> None:
    told = [{"comment": "c", "label": "l"}, {"description": " d\n e "}, {"comment": " "}, None]
    fields = [pa.field(f"x{i}", pa.int64(), metadata=one) for i, one in enumerate(told)]
    assert told_by_fields(pa.schema(fields)) == {"x0": "l", "x1": "d e"}
