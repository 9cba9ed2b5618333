"""Notes of one kind are one note."""

from __future__ import annotations

from forwhom.report.segmentation.notes import gathered


def test_the_same_remark_on_many_variables_is_one_note() -> None:
    notes = [f"'q{i}': {n:,} rows hold a level that is not known ('No answer')."
             for i, n in enumerate((14, 9, 1200, 16, 19, 14, 91, 9))]  # fmt: skip
    other = "'q9': 211 rows hold a level that is not known ('Prefer not to answer')."
    assert gathered([notes[0], "Weights were scaled to 526.", *notes[1:], other]) == (
        "'q0', 'q1', 'q2', 'q3', 'q4', 'q5' and 2 more: 9 to 1,200 rows hold a level that is not "
        "known ('No answer').",
        "Weights were scaled to 526.",
        other,
    )


def test_columns_that_take_no_part_for_one_reason_are_one_note() -> None:
    why = "takes no part. A date; what counts is the time since then."
    assert gathered([f"shop.csv: Start {why}", f"shop.csv: End {why}"]) == (
        "shop.csv: Start and End take no part. A date; what counts is the time since then.",
    )


def test_notes_of_other_kinds_and_names_with_digits_stay_as_they_are() -> None:
    notes = ("a.csv: 3 rows have no id.", "b.csv: 3 rows have no id.", "'x' is as good as 'y2'.",
             "'x' is as good as 'y3'.", "")  # fmt: skip
    assert gathered(notes) == notes
    assert gathered(["'v1' of q7: 2 of 3", "'v2' of q7: 2 of 30"]) == (
        "'v1' and 'v2' of q7: 2 of 3 to 30",
    )
