"""Segments are found by what they are called, wherever an id is asked for."""

from __future__ import annotations

import pytest

from forwhom.documents.canvas import edited, edits_of, parse_canvas
from forwhom.documents.canvas.exchange.table.reading import parse_csv
from forwhom.errors import DocumentError

TEXT = """forwhom: 1
kind: canvas
segments:
  - {id: bp, name: Busy parents}
  - {id: st, name: "Students, first year", sponsor: BUSY PARENTS}
needs:
  - {id: n, statement: S, segments: [busy  Parents, "students, first year", bp]}
personas:
  - {id: p, name: P, segment: " Busy parents "}
blocks: {channels: [{text: Web, segments: [BP]}]}
decision:
  criteria: [{id: c, name: C, axis: attractiveness}]
  scores: {Busy parents: {c: 3}}
  judges: [{id: j, scores: {BUSY PARENTS: {c: 4}}}]
alignment:
  ratings: [{rater: r, segment: busy parents, item: n, value: 3}]
"""


def test_a_name_stands_for_the_id_whatever_its_capitals_and_spaces() -> None:
    canvas = parse_canvas(TEXT)
    assert canvas.segments[1].sponsor == "bp"
    assert canvas.needs[0].segments == ["bp", "st", "bp"]
    assert canvas.personas[0].segment == "bp"
    assert canvas.blocks["channels"][0].segments == ["bp"]
    assert canvas.decision is not None
    assert list(canvas.decision.scores) == list(canvas.decision.judges[0].scores) == ["bp"]
    assert canvas.alignment is not None
    assert canvas.alignment.ratings[0].segment == "bp"


def test_the_file_keeps_its_names_when_something_else_is_edited() -> None:
    canvas = parse_canvas(TEXT)
    edits = edits_of(canvas)
    edits.set(("title",), "Plan")
    again, text = edited(canvas, edits)
    assert again.title == "Plan"
    assert "segments: [busy  Parents" in text


@pytest.mark.parametrize(
    ("segments", "named", "said"),
    [
        ("{id: a, name: Buyers}, {id: b, name: buyers}", "BUYERS",
         "'BUYERS' may be each of 2 segments: 'a' and 'b'. Write the id of the one that is meant."),
        ("{id: a, name: Buyers}, {id: b, name: Users}", "Byers",
         "there is no segment 'Byers'. Did you mean 'Buyers'?"),
    ],
)  # fmt: skip
def test_a_name_of_nobody_or_of_two_is_told_with_its_place(
    segments: str, named: str, said: str
) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_canvas(
            f"forwhom: 1\nkind: canvas\nsegments: [{segments}]\n"
            f"needs: [{{id: n, statement: S, segments: [{named}]}}]\n"
        )
    assert str(caught.value).startswith(f"canvas:4:42: {said}")


def test_an_id_as_it_is_written_goes_before_every_name() -> None:
    canvas = parse_canvas(
        "forwhom: 1\nkind: canvas\nsegments: [{id: a, name: b}, {id: b, name: a}]\n"
        "needs: [{id: n, statement: S, segments: [a]}]\n"
    )
    assert canvas.needs[0].segments == ["a"]


@pytest.mark.parametrize(
    ("cell", "ids"),
    [
        ("Busy parents", ["busy-parents"]),
        ("students, BUSY PARENTS", ["students", "busy-parents"]),
        ("Students; Farmers, north", ["students", "farmers-north"]),
        ("Farmers, north, Students", ["farmers-north", "students"]),
        ("students busy-parents", ["students", "busy-parents"]),
        ("Busy parents\nStudents", ["busy-parents", "students"]),
    ],
)
def test_a_cell_of_a_board_lists_segments_by_name(cell: str, ids: list[str]) -> None:
    table = (
        "kind,text,block,segments\n"
        f'job,Sleep,,"{cell}"\n'
        'segment,Busy parents,,\nsegment,Students,,\nsegment,"Farmers, north",,\n'
    )
    assert parse_csv(table).canvas.needs[0].segments == ids


def test_a_part_of_a_proposition_finds_it_by_its_name() -> None:
    table = "kind,text,of\nproposition,Meal plan,\nbenefit,Less waste,meal Plan\n"
    assert parse_csv(table).canvas.propositions[0].benefits[0].text == "Less waste"


@pytest.mark.parametrize(
    ("heading", "topic"),
    [
        ("Key Partnerships", "key_partners"), ("Costs", "cost_structure"),
        ("2. Customer Segment:", "customer_segments"), ("(3) Kanäle", "channels"),
        ("Unique Value Proposition (UVP)", "value_propositions"), ("Key Metrics", "kpi"),
        ("Unfair Advantage", "unfair_advantage"), ("④ Schlüsselpartner", "key_partners"),
        ("Structure des coûts", "cost_structure"), ("Relations clients", "customer_relationships"),
        ("Fuentes de ingresos", "revenue_streams"), ("ACTIVIDADES CLAVE", "key_activities"),
        ("9 Key Partners", "key_partners"), ("key_resources", "key_resources"),
        ("Proposition de valeur", "value_propositions"), ("Kundensegmente", "customer_segments"),
        ("Cost structure & expenses", "cost_structure"), ("Revenue / pricing", "revenue_streams"),
    ],
)  # fmt: skip
def test_blocks_are_known_by_what_others_call_them(heading: str, topic: str) -> None:
    table = f'kind,text,block\nnote,Something,"{heading}"\n'
    assert list(parse_csv(table).canvas.blocks) == [topic]


def test_a_heading_of_two_blocks_is_neither() -> None:
    with pytest.raises(DocumentError, match="there is no topic 'Channels and costs'"):
        parse_csv("kind,text,block\nnote,x,Channels and costs\n")
