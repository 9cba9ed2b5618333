"""Boards, persona sheets, maps and heat maps speak German; heat maps also what raters read."""

from __future__ import annotations

import re
from typing import Any

import pypdfium2
import pytest

import forwhom
from forwhom.documents.canvas import Canvas
from forwhom.report.alignment.heat import alignment_svg
from forwhom.report.canvas.writing import draw_canvas

GERMAN = {
    "forwhom": 1, "kind": "canvas", "title": "Klinikheft", "language": "de",
    "market_type": "niche", "framework": "aid-sustainability", "updated": "2026-11-01",
    "segments": [
        {"id": "d", "name": "Geldgeber", "buti": ["buyer"], "revenue": "pays",
         "size": {"share": 0.255, "customers": 12500}},
        {"id": "n", "name": "Pflegekräfte", "buti": ["user"],
         "digital_literacy": {"level": "basic"}},
    ],
    "participants": [
        {"id": "p", "name": "Leitung", "segments": ["d"], "roles": ["donor", "decision-maker"],
         "stance": "supports", "veto": True},
    ],
    "needs": [
        {"id": "once", "statement": "Nur einmal schreiben", "segments": ["n"], "job": "functional",
         "importance": 9.4, "satisfaction": 2, "rated_by": "31 Pflegekräfte"},
        {"id": "pain", "statement": "Alles doppelt", "segments": ["n"], "kind": "pain"},
    ],
    "personas": [{"id": "p", "name": "Ada", "segment": "n", "customer": "current",
                  "goals": [{"text": "Früh zu Hause"}]}],
    "propositions": [{"id": "b", "name": "Heft", "segments": ["n"], "values": ["social"],
                      "fit": [{"need": "once", "strength": "full"}]}],
    "hypotheses": [{"id": "h", "statement": "Es spart Zeit", "segments": ["n"]}],
    "alignment": {"ratings": [
        {"rater": "r1", "segment": "n", "item": "once", "value": 5},
        {"rater": "r2", "segment": "d", "item": "once", "value": -3},
    ]},
    "blocks": {"channels": [{"text": "Treffen", "segments": ["n"]}]},
}  # fmt: skip

#: Words of ours that would show that something is said in English.
ENGLISH = re.compile(
    r"\b(the|of|and|what|who|nobody|with|for|not|is|are|needs?|segments? of|buyer|importance|"
    r"candidate|evidence|open|market|value|job)\b",
    re.IGNORECASE,
)


def german(**more: Any) -> Canvas:
    return Canvas.model_validate(GERMAN | more)


@pytest.mark.parametrize(
    "framework",
    ["aid-sustainability", "business-model-canvas", "canvas-13", "lean-canvas", "unite",
     "unite-team", "unite-metrics"],
)  # fmt: skip
def test_a_german_board_says_nothing_in_english(framework: str) -> None:
    made = str(draw_canvas(german(framework=framework), "md"))
    board = made.rpartition("\n---\n")[0]  # credits are said as their licence has them
    names = ("Business Model Canvas", "Lean Canvas")
    for name in names:
        board = board.replace(name, "")
    assert ENGLISH.findall(board) == []


def test_a_german_board_has_numbers_lists_and_words_of_german() -> None:
    made = str(draw_canvas(german(), "md"))
    for said in (
        "Kandidat · 26 % · 12.500 Kunden", "Nischenmarkt", "Stand 2026-11-01",
        "Wichtigkeit 9,4, heute erfüllt 2 von 10, laut 31 Pflegekräfte", "Funktionale Aufgabe",
        "Sozialer Wert", "Gegensätzlich, Schwere hoch", "Nichts sagt, was getan wird",
        "Kein Beleg ist genannt.", "Geldgeber, Entscheider", "ein Kunde von heute",
    ):  # fmt: skip
        assert said in made.replace("\u00a0", " "), said


def test_the_language_of_a_board_can_be_another_one() -> None:
    assert "Candidate" in str(draw_canvas(german(), "svg", language="en"))
    assert "Kandidat" in str(draw_canvas(german(language="en"), "svg", language="de"))
    with pytest.raises(forwhom.errors.OptionError, match="does not say this in 'fr'"):
        draw_canvas(german(), "svg", language="fr")


def test_persona_sheets_and_maps_of_purchases_are_german() -> None:
    pdf = draw_canvas(german(), "pdf")
    assert isinstance(pdf, bytes)
    sheet = pypdfium2.PdfDocument(pdf)[1].get_textpage().get_text_range()
    assert "Was sie erreichen wollen" in sheet
    assert "Offen: weiß noch niemand" in sheet
    drawn = str(forwhom.draw_purchase_map(forwhom.purchase_map(german())))
    for said in ("Zahlen und unterschreiben", "+ Dafür", "Veto: kann den Kauf stoppen"):
        assert said in drawn
    assert "Pay and sign" not in drawn


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Gegensätzlich", "Übereinstimmung", "wünschenswert", "1 Gegensatz (1 Punkt)")),
        ("fr", ("Divergent", "Alignement", "souhaitable", "1 divergence sur 1 point")),
        ("es", ("Desalineado", "Alineación", "deseable", "1 desalineación en 1 punto")),
        ("ar", ("متعارض", "التوافق", "مستحسن")),
        ("it", ("Misaligned", "Alignment", "One misalignment among 1 item")),
    ],
)
def test_the_heat_map_is_read_by_those_who_rated(language: str, words: tuple[str, ...]) -> None:
    svg = alignment_svg(forwhom.align(german(language=language), replicates=50))
    assert [one for one in words if one not in svg] == []
