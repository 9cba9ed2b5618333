"""The political economy: actors, how money is given, what that means for the model."""

from __future__ import annotations

import pytest

from forwhom.documents.canvas import parse_canvas, read_framework
from forwhom.errors import DocumentError
from forwhom.report.canvas import board_of
from forwhom.report.canvas.sections import sections_of

TEXT = """\
forwhom: 1
kind: canvas
framework: aid-sustainability
segments: [{id: d, name: Donors, buti: [buyer]}]
needs: [{id: n, statement: See numbers, segments: [d]}]
kpis: [{id: k, name: Reports in time}]
actors: [{id: fund, name: Fund, interest: Numbers, power: high, rules: [Two years], segments: [d]}]
funding:
  - {from: Fund, to: Us, amount: 5, instrument: grant, earmarked: softly-earmarked, term: short,
     route: bilateral, decided_by: The country office}
funding_features:
  - {id: f, feature: Ends early, means: Begin to sell, block: revenue_streams, actors: [fund]}
"""


def test_how_money_is_given_stands_on_the_board_with_needs_and_kpis() -> None:
    panels = {panel.id: panel for panel in board_of(parse_canvas(TEXT)).panels}
    money = panels["political_economy"].cards[0].texts
    assert "Grant, softly earmarked, short-term, bilateral" in money
    assert "Decided by The country office" in money
    assert panels["key_needs"].cards[0].texts[0] == "See numbers"
    assert panels["kpi"].cards[0].texts[0] == "Reports in time"
    frame = read_framework("aid-sustainability")
    taken = {cell for block in frame.blocks for cell in block.place.cells()}
    assert len(taken) == frame.columns * frame.rows


def test_actors_and_what_features_mean_stand_in_a_section() -> None:
    found = next(s for s in sections_of(parse_canvas(TEXT)) if s.id == "political-economy")
    actor, feature = found.entries
    assert actor.subtitle == "High power · nobody knows whether they are for it"
    assert actor.lists == (("Lives by", ("Two years",)),)
    assert dict(feature.facts) == {
        "Means": "Begin to sell", "In the model": "Revenue streams", "Money of": "Fund",
    }  # fmt: skip


def test_a_feature_names_an_actor_that_is_there() -> None:
    with pytest.raises(DocumentError, match=r"canvas:12:\d+: there is no actor 'fun'"):
        parse_canvas(TEXT.replace("actors: [fund]", "actors: [fun]"))
