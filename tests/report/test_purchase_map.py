"""The map: boxes and arrows where they belong, nothing outside, everything in words as well."""

from __future__ import annotations

import json
import random
import re
from itertools import combinations
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.report.canvases import missing
from tests.report.test_canvas_drawing import NASTY, overlap, rects, shown, texts

from forwhom.choices.purchase.tracing import purchase_map
from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.people import CanvasSegment, Influence, Participant
from forwhom.documents.participants import Person, PurchaseMap
from forwhom.errors import OptionError
from forwhom.report.canvas import draw_purchase_map
from forwhom.report.canvas.map import THICKNESS
from forwhom.report.canvas.network import network_of
from forwhom.report.canvas.routes import arrows_of, streets_of

ROLES = ["user", "influencer", "recommender", "buyer", "decision-maker", "donor", "gatekeeper"]
STANCES = ["supports", "neutral", "opposes", "unknown"]


def drawn(found: PurchaseMap) -> etree._Element:
    made = draw_purchase_map(found)
    assert isinstance(made, str)
    return etree.fromstring(made.encode())


def map_of(people: list[Person], **more: Any) -> PurchaseMap:
    segments = {"a": "Clinics", "b": "District offices"}
    return PurchaseMap(people=people, segments=segments, purchases=[], **more)


def crowd(size: int, seed: int = 0) -> list[Person]:
    rng = random.Random(seed)
    return [
        Person(
            id=f"p{i}",
            name=f"Person {i} " + "with a long title " * rng.randrange(4),
            organization=rng.choice(["", "Ministry of Health"]),
            roles=rng.sample(ROLES, rng.randrange(3)),
            segments=rng.choice([["a"], ["b"], ["a", "b"], []]),
            stance=rng.choice(STANCES),
            veto=rng.random() < 0.3,
            influences=[
                Influence(on=f"p{rng.randrange(size)}", strength=rng.choice([*THICKNESS]))  # type: ignore[arg-type]
                for _ in range(rng.randrange(4))
            ],
        )
        for i in range(size)
    ]


@settings(max_examples=30)
@given(st.integers(1, 15), st.integers(0, 10**6), st.booleans())
def test_nothing_overlaps_and_no_arrow_crosses_a_box(size: int, seed: int, right: bool) -> None:
    found = map_of(crowd(size, seed), right_to_left=right, language="ar" if right else "en")
    streets = streets_of(network_of(found), 0.0, 0.0)
    boxes = [(b.x, b.y, b.width, b.height) for _, b in streets.boxes]
    assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]
    for route in streets.routes:
        for (ax, ay), (bx, by) in zip(route.corners, route.corners[1:], strict=False):
            assert ax == bx or ay == by, "arrows run along the axes"
            piece = (min(ax, bx), min(ay, by), abs(ax - bx), abs(ay - by))
            assert not [box for box in boxes if overlap(piece, box)]
    root = drawn(found)
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    for x, y, w, h in rects(root, "lane") + rects(root, "box"):
        assert x >= 0
        assert y >= 0
        assert x + w <= width
        assert y + h <= height
    assert all(0 < float(t.get("y", 0)) < height for t in texts(root))
    assert all(0 <= float(t.get("x", 0)) <= width for t in texts(root))
    assert missing((p.name for p in found.people), shown(root)) == []


@settings(max_examples=30)
@given(st.integers(2, 15), st.integers(0, 10**6))
def test_no_two_arrows_lie_on_each_other(size: int, seed: int) -> None:
    streets = streets_of(network_of(map_of(crowd(size, seed))), 0.0, 0.0)
    pieces = []
    for index, route in enumerate(streets.routes):
        for (ax, ay), (bx, by) in zip(route.corners, route.corners[1:], strict=False):
            upright = ax == bx
            start, end = sorted((ay, by) if upright else (ax, bx))
            pieces.append((index, upright, round(ax if upright else ay, 3), start, end))
    for one, other in combinations(pieces, 2):
        if one[0] != other[0] and one[1:3] == other[1:3]:
            assert one[4] <= other[3] + 1e-6 or other[4] <= one[3] + 1e-6


def test_stance_veto_and_strength_are_words_and_signs() -> None:
    people = [
        Person(id="a", name="Ada", roles=["user"], stance="supports",
               influences=[Influence(on="b", strength="strong", note="same office")]),
        Person(id="b", name="Bo", roles=["decision-maker"], stance="opposes", veto=True),
        Person(id="c", name="Cy", stance="neutral", veto=True, vetoes=["b"]),
        Person(id="d", name="Di"),
    ]  # fmt: skip
    root = drawn(map_of(people))
    said = [t.text for t in texts(root)]
    for words in ("+ For it", "− Against it", "± Neutral", "? Not known", "strong",
                  "Veto: can stop the purchase", "Veto: can stop Bo", "No role said",
                  "Ada on Bo: strong, same office", "Nobody is named"):  # fmt: skip
        assert words in said
    assert len(rects(root, "veto")) == 2
    (arrow,) = root.findall(".//{*}path[@class='arrow']")
    assert float(arrow.get("stroke-width", 0)) == THICKNESS["strong"]
    description = root.findtext("{*}desc")
    assert description == "Four participants, 1 arrow of influence. Can stop it: Bo and Cy."


def test_arrows_end_at_the_box_that_they_name() -> None:
    found = map_of(crowd(12, 5))
    network = network_of(found)
    streets = streets_of(network, 0.0, 0.0)
    boxes = {one.person.id: box for one, box in streets.boxes}
    assert len(streets.routes) == len(arrows_of(network)) > 5
    for route in streets.routes:
        for place, one in ((0, route.arrow.source), (-1, route.arrow.target)):
            x, y = route.corners[place]
            box = boxes[one.person.id]
            assert x in (pytest.approx(box.x), pytest.approx(box.right))
            assert box.y < y < box.bottom


def test_nobody_influences_themselves_on_the_map() -> None:
    ada = Person(id="a", name="Ada", influences=[Influence(on="a"), Influence(on="elsewhere")])
    assert arrows_of(network_of(map_of([ada]))) == []


def test_a_role_done_by_somebody_elsewhere_is_not_missing() -> None:
    ada = Person(id="a", name="Ada", roles=["user", "buyer", "decision-maker"])
    said = [t.text for t in texts(drawn(map_of([ada])))]
    assert said.count("Also done by Ada") == 2
    assert said.count("Nobody is named") == 1


def test_a_column_without_a_box_says_which_segment_does_it() -> None:
    ada = Participant(id="a", name="Ada", roles=["decision-maker"])
    for revenue, said in (("pays", "Done by the segment: Clinics"), ("none", "that is decided")):
        segment = CanvasSegment.model_validate({"id": "c", "name": "Clinics", "revenue": revenue})
        canvas = Canvas(forwhom=1, kind="canvas", segments=[segment], participants=[ada])
        assert said in shown(drawn(purchase_map(canvas)))


def test_a_map_without_anybody_is_still_a_picture() -> None:
    assert "Who takes part" in shown(drawn(map_of([])))


def test_a_mirrored_map() -> None:
    people = crowd(5, 2)
    left, right = drawn(map_of(people)), drawn(map_of(people, right_to_left=True, language="he"))
    width = float(left.get("width", 0))
    for (x, y, w, h), other in zip(rects(left, "box"), rects(right, "box"), strict=True):
        assert (width - x - w, y, w, h) == pytest.approx(other, abs=0.6)
    assert {t.get("text-anchor") for t in texts(right)} <= {"end", "middle"}


def test_markup_in_names_is_text() -> None:
    ada = Person(id="a", name=NASTY, organization=NASTY, roles=["user"])
    made = draw_purchase_map(map_of([ada], title=NASTY))
    assert isinstance(made, str)
    assert not re.search(r"<(script|b)\b", made)
    assert "\u202e" not in made


def test_formats() -> None:
    found = map_of(crowd(6, 1), title="Who buys")
    assert draw_purchase_map(found) == draw_purchase_map(
        PurchaseMap.model_validate(json.loads(found.model_dump_json()))
    )
    png, pdf = draw_purchase_map(found, "png"), draw_purchase_map(found, "pdf")
    assert isinstance(png, bytes)
    assert png.startswith(b"\x89PNG")
    assert isinstance(pdf, bytes)
    document = pypdfium2.PdfDocument(pdf)
    assert (
        missing(iter(["Who buys", "Person 3"]), document[0].get_textpage().get_text_bounded()) == []
    )
    with pytest.raises(OptionError, match="There is no form 'html' for this"):
        draw_purchase_map(found, "html")


def test_one_person_sits_in_the_first_column() -> None:
    ada = Person(id="ada", name="Ada", roles=["user"])
    made = network_of(PurchaseMap(people=[ada], segments={}, purchases=[]))
    assert [(one.person.name, one.column, one.row) for one in made.seated] == [("Ada", 0, 0)]
