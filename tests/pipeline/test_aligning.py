"""From canvases and tables to an alignment, and back: mistakes, sources, strategies."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from forwhom.choices.strategies import write_strategies
from forwhom.documents.canvas import parse_canvas, read_canvas
from forwhom.errors import ColumnMissing, DataError, DocumentError, SourceMissing
from forwhom.pipeline.aligning import align

CANVAS = """\
forwhom: 1   # of the format
kind: canvas
title: Triage
segments:
  - {id: ministry, name: Ministry, buti: [buyer]}
  - {id: clinics,  name: Clinics,  buti: [user], power: 0.9}   # aligned by hand
needs:
  - {id: cheap, statement: Costs little, importance: 10}
  - {id: quick, statement: Takes a minute, importance: 5}
  - {id: safe,  statement: Loses nothing}
alignment:
  file: ratings.csv
  # what we do
  strategies: []
"""
HEAD = "rater,mode,segment,item,value,round"
ROWS = [
    f"{rater},proxy,{segment},{item},{value},1"
    for rater in "abcde"
    for segment, item, value in (
        ("ministry", "cheap", 5),
        ("clinics", "cheap", -4),
        ("ministry", "quick", 4),
        ("clinics", "quick", 3),
    )
]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "canvas.yaml").write_text(CANVAS)
    (tmp_path / "ratings.csv").write_text("\n".join([HEAD, *ROWS]) + "\n")
    return tmp_path


def rated(place: Path, *rows: str, head: str = HEAD) -> Path:
    (place / "ratings.csv").write_text("\n".join([head, *rows]) + "\n")
    return place / "canvas.yaml"


def test_a_canvas_its_path_and_its_folder_say_the_same(place) -> None:
    whole = align(place, replicates=50)
    assert whole == align(place / "canvas.yaml", replicates=50)
    assert whole == align(read_canvas(place), replicates=50)
    assert whole.title == "Triage"
    assert [item.id for item in whole.items] == ["cheap", "quick"]
    assert [item.importance for item in whole.items] == [1.0, 0.5]
    assert [segment.name for segment in whole.segments] == ["Ministry", "Clinics"]
    assert whole.sources[0].rows == 20
    first = whole.overall.items[0]
    assert (first.alignment, first.severity.level) == ("misaligned", "high")
    assert first.severity.value == pytest.approx(0.9 * 0.9)


def test_a_table_alone_is_enough_and_can_be_a_data_frame(place) -> None:
    found = align(place / "ratings.csv", replicates=50)
    assert [item.alignment for item in found.overall.items] == ["misaligned", "strong"]
    assert any("buti" in note for note in found.notes)
    frame = pl.read_csv(place / "ratings.csv")
    shuffled = frame.sample(fraction=1, shuffle=True, seed=1)
    plain = {"title", "sources", "notes"}
    for one in (frame, shuffled, pd.DataFrame(frame.to_dict(as_series=False))):
        same = align(one, replicates=50)
        assert same.model_dump(exclude=plain) == found.model_dump(exclude=plain)


def test_inline_ratings_and_the_file_are_joined(place) -> None:
    inline = "  ratings:\n    - {rater: z, segment: clinics, item: safe, value: 2}\n"
    (place / "canvas.yaml").write_text(CANVAS + inline)
    found = align(place, replicates=50)
    assert [item.id for item in found.items] == ["cheap", "quick", "safe"]
    assert found.raters == 6


def test_listed_items_come_in_their_order_and_others_are_left_out(place) -> None:
    text = CANVAS.replace("  file:", "  items: [safe, quick]\n  file:")
    (place / "canvas.yaml").write_text(text)
    found = align(place, replicates=50)
    assert [item.id for item in found.items] == ["safe", "quick"]
    assert any("left out" in note for note in found.notes)
    assert any("Nobody rated “Loses nothing”" in note for note in found.notes)


def test_signs_of_spreadsheets_are_read(place) -> None:
    path = rated(
        place, "a,,ministry,cheap,'+3,", "b,Direct,ministry,cheap,−2,", "c,,clinics,cheap,x,"
    )
    with pytest.raises(DataError) as caught:
        align(path)
    assert "row 3: value is not a number. Expected -5 to 5." in str(caught.value)
    assert "row 1" not in caught.value.problem


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,proxy,ministry,cheap,7,1", "row 1: value is too large. Expected -5 to 5."),
        ("a,proxy,ministry,cheap,inf,1", "row 1: value is not a number."),
        (
            "a,proxy,ministri,cheap,3,1",
            "segment names no segment in the canvas. Did you mean 'ministry'?",
        ),
        (
            "a,proxy,ministry,speed,3,1",
            "item names no item in the canvas. Expected one of: cheap, quick, safe.",
        ),
        (
            "a,prox,ministry,cheap,3,1",
            "mode is another word. Expected direct or proxy. Did you mean",
        ),
        ("a,proxy,ministry,cheap,3,0", "round is too small. Expected a whole number from 1 to"),
        ("a,proxy,ministry,cheap,3,1e30", "round is too large."),
        ("a,proxy,ministry,cheap,3,99999999999999999999", "round is too large."),
        ("a,proxy,ministry,cheap,3,1.5", "round is not a whole number."),
        (",proxy,ministry,cheap,3,1", "row 1: rater is empty."),
        ("  ,proxy,ministry,cheap,3,1", "row 1: rater is empty."),
    ],
)
def test_a_row_that_cannot_be_used_is_said(place, row, said) -> None:
    path = rated(place, row)
    with pytest.raises(DataError) as caught:
        align(path)
    assert "ratings.csv, row 1" in str(caught.value)
    assert said in str(caught.value)


def test_segments_and_items_are_named_as_people_write_them(place) -> None:
    found = align(place, replicates=50)
    rows = [
        row.replace("ministry", "MINISTRY ")
        .replace("cheap", "costs  little")
        .replace("-4", '"−4,0"')
        for row in ROWS
    ]
    again = align(rated(place, *rows, head=" Rater ,Mode,SEGMENT,Item,Value,round"), replicates=50)
    assert again.overall == found.overall
    assert again.segments == found.segments
    text = CANVAS.replace("name: Clinics", "name: ministry")
    (place / "canvas.yaml").write_text(text)
    rated(place, "a,proxy,Ministry,cheap,3,1")
    with pytest.raises(
        DataError, match=r"segment may be each of several segments. Write the id of the one"
    ):
        align(place)


def test_without_a_canvas_capitals_and_spaces_make_no_other_segment(place) -> None:
    head = "rater,segment,item,value"
    rows = [
        "a,Buyers ,fast,3",
        "a,users,Fast,1",
        "b,buyers,fast,-3",
        "b,users,fast,3",
        "c,buyers,f ast,1",
    ]
    for order in (rows, rows[::-1]):
        rated(place, *order, head=head)
        found = align(place / "ratings.csv", replicates=50)
        assert [segment.id for segment in found.segments] == ["buyers", "users"]
        assert [item.id for item in found.items] == ["fast"]
        assert (
            "ratings.csv: the segment 'Buyers' counts as 'buyers': they differ in capitals or "
            "spaces only." in found.notes
        )


def test_all_wrong_rows_are_said_at_once(place) -> None:
    path = rated(place, *[f"r{i},proxy,ministry,cheap,9,1" for i in range(14)])
    with pytest.raises(DataError) as caught:
        align(path)
    assert "14 rows cannot be used" in caught.value.problem
    assert "and 4 more" in caught.value.problem


def test_a_rating_may_be_there_once(place) -> None:
    twice = "a,proxy,ministry,cheap,3,1"
    with pytest.raises(DataError, match=r"row 21: the same rater, segment, item and round as in"):
        align(rated(place, *ROWS, twice))
    inline = "  ratings:\n    - {rater: a, segment: ministry, item: cheap, value: 2}\n"
    rated(place, *ROWS)
    (place / "canvas.yaml").write_text(CANVAS + inline)
    with pytest.raises(DataError, match=r"row 1: the same .* as in .*canvas.yaml:16:7"):
        align(place)
    again = "    - {rater: a, segment: ministry, item: cheap, value: 3}\n"
    (place / "canvas.yaml").write_text(
        CANVAS.replace("file: ratings.csv", 'file: ""') + inline + again
    )
    with pytest.raises(DocumentError, match=r"canvas.yaml:17:7: this rater rates 'cheap' .* twice"):
        align(place)


def test_missing_columns_and_files_are_said(place) -> None:
    with pytest.raises(ColumnMissing, match=r"no column 'value' in ratings.csv."):
        align(rated(place, "a,ministry,cheap,3", head="rater,segment,item,valu"))
    (place / "ratings.csv").unlink()
    with pytest.raises(SourceMissing, match=r"ratings.csv"):
        align(place)
    with pytest.raises(SourceMissing):
        align(place / "nothing.yaml")


def test_mode_and_round_may_be_left_out(place) -> None:
    rows = [",".join((r.split(",")[0], *r.split(",")[2:5])) for r in ROWS]
    found = align(rated(place, *rows, head="rater,segment,item,value"), replicates=50)
    assert found.rounds == 1
    assert any("no column 'mode'" in note for note in found.notes)


def test_an_empty_value_is_a_missing_rating(place) -> None:
    found = align(rated(place, *ROWS, "f,,ministry,cheap,,1"), replicates=50)
    assert found.ratings == 20
    assert any("1 row has no value" in note for note in found.notes)


def test_an_empty_mode_counts_as_proxy_and_is_said(place) -> None:
    found = align(rated(place, *ROWS, "f,,ministry,cheap,5,1"), replicates=50)
    assert [s.direct for s in found.segments] == [0, 0]
    assert "ratings.csv: 1 row has no mode; it counts as a proxy rating." in found.notes
    rated(place, *[row.replace("proxy", "") for row in ROWS])
    assert (
        "ratings.csv: 20 rows have no mode; they count as proxy ratings."
        in align(place, replicates=50).notes
    )
    rated(place, *ROWS, "f,,ministry,cheap,,1")
    assert not any("no mode" in note for note in align(place, replicates=50).notes)


def test_raters_of_a_canvas_have_a_name_without_spaces_around_it(place) -> None:
    rating = "{{rater: '{}', segment: {}, item: cheap, value: 3{}}}"
    blank = CANVAS.replace("file: ratings.csv", f"ratings: [{rating.format('  ', 'clinics', '')}]")
    with pytest.raises(DocumentError, match=r"canvas:12:14: the rater is empty. Give every"):
        align(parse_canvas(blank))
    twice = ", ".join(rating.format(name, "clinics", "") for name in ("a", " a "))
    with pytest.raises(DocumentError, match=r"this rater rates 'cheap' for 'clinics' twice"):
        align(parse_canvas(CANVAS.replace("file: ratings.csv", f"ratings: [{twice}]")))
    late = rating.format("a", "clinics", ", round: 99999999999999999999")
    with pytest.raises(DocumentError, match="round"):
        parse_canvas(CANVAS.replace("file: ratings.csv", f"ratings: [{late}]"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{medium: 0.9, high: 0.1}", r"13:16: 'medium' is 0.9, above 'high', which is 0.1"),
        ("{sufficient: 4}", r"13:16: 'sufficient' is 4, above 'strong', which is 3"),
        ("{misaligned_gap: -1}", r"13:16: 'alignment.thresholds.misaligned_gap' is '-1'"),
    ],
)
def test_thresholds_contradict_each_other_never(place, given, said) -> None:
    there = CANVAS.replace("  # what we do\n", f"  thresholds: {given}\n")
    (place / "canvas.yaml").write_text(there)
    with pytest.raises(DocumentError, match=said):
        align(place)


def test_items_without_ratings_are_said_where_they_are_listed(place) -> None:
    (place / "canvas.yaml").write_text(CANVAS + "  items: [safe]\n")
    with pytest.raises(DataError, match=r"canvas.yaml:15:3: no need that is listed here has a"):
        align(place)


def test_a_file_that_a_canvas_names_is_said_with_the_place_of_its_name(place) -> None:
    (place / "ratings.csv").unlink()
    with pytest.raises(SourceMissing, match=r"canvas.yaml:12:3: there is no file .*ratings.csv"):
        align(place)
    (place / "ratings.csv").write_text("")
    with pytest.raises(DataError, match=r"canvas.yaml:12:3: .*ratings.csv is empty"):
        align(place)


def test_a_canvas_without_ratings_is_said() -> None:
    with pytest.raises(DataError, match=r"no ratings.*'alignment'"):
        align(parse_canvas("{forwhom: 1, kind: canvas}"))
    with pytest.raises(DataError, match=r"canvas:1:28: there is no rating\. Write ratings"):
        align(parse_canvas("{forwhom: 1, kind: canvas, alignment: {}}"))
    with pytest.raises(DocumentError, match="no file"):
        align(parse_canvas("{forwhom: 1, kind: canvas, alignment: {file: x.csv}}"))


def test_numbers_as_names_are_names(place) -> None:
    rows = [f"{r},7,{item},{v}" for r in (1, 2) for item, v in ((10, 3), (11, -2))]
    found = align(rated(place, *rows, head="rater,segment,item,value").parent / "ratings.csv")
    assert [item.id for item in found.items] == ["10", "11"]
    assert [segment.id for segment in found.segments] == ["7"]


def test_a_strategy_is_written_and_nothing_else_changes(place) -> None:
    result = align(place, replicates=50)
    done = write_strategies(parse_canvas(CANVAS), result)
    assert done.added == ["align-cheap"]
    kept = done.text.splitlines()
    for line in CANVAS.splitlines():
        if "strategies" not in line:
            assert line in kept
    canvas = parse_canvas(done.text)
    [strategy] = canvas.alignment.strategies
    assert (strategy.item, strategy.action, strategy.status) == ("cheap", "", "open")
    again = write_strategies(parse_canvas(done.text), result)
    assert (again.text, again.added) == (done.text, [])


def test_text_around_a_list_of_strategies_stays(place) -> None:
    own = "  strategies:\n    # ours\n    - {id: s1, item: quick, action: Train}   # by Ada\n"
    text = CANVAS.replace("  strategies: []\n", own)
    done = write_strategies(parse_canvas(text), align(place, replicates=50))
    assert done.text.startswith(text.rstrip("\n"))
    assert done.added == ["align-cheap"]


def test_ids_of_strategies_are_free_and_short_enough(place) -> None:
    long = "c" * 80
    text = CANVAS.replace("id: cheap", f"id: {long}").replace("id: safe", f"id: align-{'c' * 74}")
    (place / "canvas.yaml").write_text(text)
    rated(place, *[row.replace("cheap", long) for row in ROWS])
    [name] = write_strategies(parse_canvas(text), align(place, replicates=50)).added
    assert name == f"align-{'c' * 72}-2"


@pytest.mark.parametrize(
    ("strategy", "open_ones", "added"),
    [
        ("{id: s1, item: cheap, action: Lend it}", 0, 0),
        ("{id: s1, item: cheap, action: ' '}", 1, 0),
        ("{id: s1, item: cheap, action: Lend it, status: done}", 0, 0),
        ("{id: s1, item: cheap, action: Lend it, status: dropped}", 1, 1),
        ("{id: s1, item: quick, action: Lend it}", 1, 1),
    ],
)
def test_what_counts_as_a_strategy(place, strategy, open_ones, added) -> None:
    text = CANVAS.replace("strategies: []", f"strategies: [{strategy}]")
    (place / "canvas.yaml").write_text(text)
    result = align(place, replicates=50)
    assert len(result.unanswered) == open_ones
    assert len(write_strategies(parse_canvas(text), result).added) == added


def test_needs_that_the_canvas_lacks_get_no_strategy(place) -> None:
    result = align(place / "ratings.csv", replicates=50)
    with pytest.raises(DocumentError, match="there is no need 'cheap'"):
        write_strategies(parse_canvas("{forwhom: 1, kind: canvas}"), result)


def test_a_round_that_nobody_has_begun_is_waiting_and_not_missing(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    rows = ["a,buyer,cheap,5,1", "b,buyer,cheap,4,1", "a,user,cheap,-4,1", "b,user,cheap,,1"]
    rows += ["a,buyer,cheap,,2", "b,buyer,cheap,,2", "a,user,cheap,,2", "b,user,cheap,,2"]
    path.write_text("\n".join(["rater,segment,item,value,round", *rows]) + "\n")
    notes = " ".join(align(path, replicates=50).notes)
    assert "round 2 has no values yet" in notes
    assert "1 row has no value" in notes
    assert "5 rows" not in notes
