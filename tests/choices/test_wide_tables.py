"""Wide tables of answers, and answers on another scale than 0 to 10."""

from __future__ import annotations

from pathlib import Path

import pytest

from forwhom.choices.exercise import exercise_of
from forwhom.choices.questions import rank_needs
from forwhom.choices.raters import table_lines
from forwhom.documents.canvas import parse_canvas, read_canvas
from forwhom.errors import DataError, DocumentError
from forwhom.tables import open_table

CANVAS = """forwhom: 1
kind: canvas
segments: [{id: a, name: Buyers}, {id: b, name: Users}]
needs:
  - {id: n1, statement: Sleep well, segments: [a, b]}
  - {id: n2, statement: Wake rested, segments: [a, b]}
"""


def file(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_one_row_for_each_rater_is_read_like_one_for_each_rating(tmp_path: Path) -> None:
    wide = file(
        tmp_path, "wide.csv",
        "Rater,Segment,Mode,sleep well,N2,Comment\nR1,buyers,direct,5,-2.5,nice\nR2,Users,,,3,\n",
    )  # fmt: skip
    long = file(
        tmp_path, "long.csv",
        "rater,segment,mode,item,value\nR1,a,direct,n1,5\nR1,a,direct,n2,-2.5\nR2,b,,n2,3\n",
    )  # fmt: skip
    found = []
    for name in (wide.name, long.name):
        file(tmp_path, "canvas.yaml", f"{CANVAS}alignment: {{file: {name}}}\n")
        exercise = exercise_of(tmp_path / "canvas.yaml")
        found.append([(x.rater, x.segment, x.item, x.value, x.direct) for x in exercise.lines])
    assert found[0] == found[1] != []


def test_without_a_canvas_columns_of_numbers_are_items(tmp_path: Path) -> None:
    path = file(tmp_path, "r.csv", "rater,segment,price,speed,comment\nR1,a,5,-2,x\nR2,b,1,0,y\n")
    found = table_lines(open_table(path))
    assert [(x.rater, x.item, x.value, x.place) for x in found.lines] == [
        ("R1", "price", 5, "row 1"), ("R1", "speed", -2, "row 1"),
        ("R2", "price", 1, "row 2"), ("R2", "speed", 0, "row 2"),
    ]  # fmt: skip
    assert "r.csv: one row for each rater; 2 columns are items." in found.notes
    assert "r.csv: these columns are no items and were not read: 'comment'." in found.notes


def test_a_mistake_in_a_wide_table_names_the_row_of_the_file(tmp_path: Path) -> None:
    path = file(tmp_path, "r.csv", "rater,segment,price,speed\nR1,a,5,-2\nR2,b,1,9\n")
    with pytest.raises(DataError, match=r"r\.csv, row 2: value is 9\. Expected -5 to 5"):
        table_lines(open_table(path))


def test_a_table_without_items_still_asks_for_them(tmp_path: Path) -> None:
    path = file(tmp_path, "r.csv", "rater,segment,comment\nR1,a,x\n")
    with pytest.raises(DataError, match="no columns 'item' and 'value'"):
        table_lines(open_table(path))


def test_needs_in_columns_are_read_like_needs_in_rows(tmp_path: Path) -> None:
    canvas = parse_canvas(CANVAS)
    whom = ("a", "Users")
    rows = [(f"p{i}", whom[i % 2], i % 11, (i * 3) % 11, (i * 7) % 11) for i in range(30)]
    wide = "Respondent,Segment,Sleep well (importance),Sleep well – Zufriedenheit,Importance: n2\n"
    wide += "".join(f"{p},{s},{i},{j},{k}\n" for p, s, i, j, k in rows)
    long = "respondent,segment,need,importance,satisfaction\n"
    long += "".join(f"{p},{s},n1,{i},{j}\n{p},{s},n2,{k},\n" for p, s, i, j, k in rows)
    answers = [
        rank_needs(canvas, file(tmp_path, name, text)).model_copy(update={"source": ""})
        for name, text in (("w.csv", wide), ("l.csv", long))
    ]
    assert answers[0] == answers[1]
    assert answers[0].everybody.needs[0].n == 30


def answers(tmp_path: Path, low: int, high: int, n: int = 12) -> str:
    values = range(low, high + 1)
    rows = [
        f"p{i},a,n{k},{values[(i * k) % len(values)]},{values[(i + k) % len(values)]}"
        for i in range(n)
        for k in (1, 2)
    ]
    head = "respondent,segment,need,importance,satisfaction"
    return file(tmp_path, "r.csv", "\n".join([head, *rows]) + "\n").name


@pytest.mark.parametrize(("low", "high", "top"), [(1, 5, 5), (0, 5, 5), (1, 7, 7), (1, 6, 7)])
def test_a_scale_is_asked_for_when_answers_fit_two(
    tmp_path: Path, low: int, high: int, top: int
) -> None:
    name = answers(tmp_path, low, high)
    place = file(tmp_path, "canvas.yaml", f"{CANVAS}need_ratings: {name}\n")
    with pytest.raises(DataError) as caught:
        rank_needs(place)
    assert f"no answer is above {top}, so they fit a scale that ends at {top}" in str(caught.value)
    assert f"need_scale: [1, {top}], or need_scale: [0, 10]" in caught.value.advice
    # With the scale said, its ends are 0 and 10.
    file(tmp_path, "canvas.yaml", f"{CANVAS}need_ratings: {name}\nneed_scale: [{low}, {high}]\n")
    found = rank_needs(place)
    rows = [line.split(",") for line in (tmp_path / name).read_text().splitlines()[1:]]
    mean = sum(float(row[3]) for row in rows if row[2] == "n1") / 12
    (need,) = (row for row in found.everybody.needs if row.need == "n1")
    assert need.importance == pytest.approx((mean - low) / (high - low) * 10)
    assert f"Answers from {low} to {high} were brought to 0 to 10, in equal steps." in found.notes
    # 0 to 10 may have been the scale after all.
    file(tmp_path, "canvas.yaml", f"{CANVAS}need_ratings: {name}\nneed_scale: [0, 10]\n")
    (need,) = (row for row in rank_needs(place).everybody.needs if row.need == "n1")
    assert need.importance == pytest.approx(mean)


@pytest.mark.parametrize(("low", "high", "n"), [(0, 10, 12), (1, 8, 12), (1, 5, 4)])
def test_a_scale_is_not_asked_for_when_answers_fit_one(
    tmp_path: Path, low: int, high: int, n: int
) -> None:
    name = answers(tmp_path, low, high, n)
    place = file(tmp_path, "canvas.yaml", f"{CANVAS}need_ratings: {name}\n")
    assert rank_needs(read_canvas(place)).everybody.needs


def test_answers_outside_of_the_scale_are_told_with_it(tmp_path: Path) -> None:
    name = answers(tmp_path, 1, 5)
    place = file(tmp_path, "canvas.yaml", f"{CANVAS}need_ratings: {name}\nneed_scale: [1, 4]\n")
    with pytest.raises(DataError, match=r"Expected 1 to 4\. Say another scale as need_scale"):
        rank_needs(place)
    file(tmp_path, "canvas.yaml", f"{CANVAS}need_ratings: {name}\nneed_scale: [5, 1]\n")
    with pytest.raises(DocumentError, match=r"canvas\.yaml:8:1: 'need_scale' is not two numbers"):
        rank_needs(place)
