"""What an experiment shows, drawn and as a page: words escaped, nothing that is withheld."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import forwhom as fw
from forwhom.documents.experiment import Outcome
from forwhom.documents.results.experiment import (
    Allocation,
    Differing,
    Effect,
    ExperimentReading,
    Look,
)
from forwhom.documents.segmentation import Interval
from forwhom.errors import OptionError
from forwhom.report.experiment.forest import forest_svg
from forwhom.report.experiment.page import experiment_html


def effect(segment: str | None, label: str, value: float, verdict: str, **more: object) -> Effect:
    data: dict[str, object] = {
        "segment": segment, "label": label, "customers": (500, 510), "levels": (0.1, 0.1 + value),
        "difference": value, "interval": Interval(low=value - 0.04, high=value + 0.04),
        "sure": Interval(low=value - 0.05, high=value + 0.05), "p": 0.01, "verdict": verdict,
    }  # fmt: skip
    return Effect.model_validate(data | more)


def reading(*segments: Effect, **more: object) -> ExperimentReading:
    data: dict[str, object] = {
        "plan": "letter", "title": "", "statement": "A <b>letter</b> helps", "hypothesis": None,
        "fingerprint": "0123456789abcdef", "sealed": "2026-11-02",
        "outcome": Outcome(column="ordered", kind="share", baseline=0.1),
        "arms": ("control", "letter"), "threshold": 0.02, "alpha": 0.05,
        "overall": effect(None, "All segments together", 0.06, "not enough"),
        "segments": list(segments),
        "allocation": Allocation(customers=(500, 510), expected=(0.5, 0.5), p=0.6),
        "version": "0.1.0",
    }  # fmt: skip
    return ExperimentReading.model_validate(data | more)


POOLED = {"pooled": 0.07, "pooled_interval": Interval(low=0.03, high=0.11)}
FULL = reading(
    effect("a", "Parents & <children>", 0.08, "supported", **POOLED),
    effect("b", "Schools", -0.05, "refuted", **POOLED),
    effect("c", "Few", 0.0, "withheld", customers=None, levels=None, difference=None,
           interval=None, sure=None, p=None),
    differing=Differing(q=9.0, df=1, p=0.003, i2=0.9, i2_interval=Interval(low=0.5, high=1.0),
                        tau=0.05),
    looks=[Look(fraction=0.5, day="2026-12-01", customers=600, difference=0.05,
                interval=Interval(low=-0.02, high=0.12))],
    notes=["One <i>note</i>."],
)  # fmt: skip


def test_the_forest_has_a_row_for_each_segment_and_all_of_them() -> None:
    drawing = ElementTree.fromstring(forest_svg(FULL))
    texts = [e.text or "" for e in drawing.iter() if e.tag.endswith("text")]
    for text in ("Parents & <children>", "Schools", "Few", "All segments together"):
        assert text in texts
    verdicts = [t for t in texts if t in ("supported", "refuted", "withheld", "not enough")]
    assert verdicts == ["supported", "refuted", "withheld", "not enough"]
    assert "too few customers" in texts
    assert "+8 points" in texts
    assert "+3 to +13" in texts
    assert "with the other segments in mind (partly pooled)" in texts


def test_places_follow_numbers() -> None:
    def place(svg: str, of: str) -> float:
        found = re.search(rf'<rect x="([\d.]+)"[^>]* class="dot-{of}"', svg)
        assert found is not None
        return float(found[1])

    svg = forest_svg(FULL)
    asked = re.search(r'<line x1="([\d.]+)"[^>]* class="asked"', svg)
    assert asked is not None
    assert place(svg, "no") < float(asked[1]) < place(svg, "yes")
    money = Outcome(column="spent", kind="money", baseline=10, deviation=3, unit="EUR")
    far = reading(
        effect("a", "A", 1200.0, "supported", levels=(1.0, 2.0)),
        effect("b", "B", 900.0, "not enough", levels=(1.0, 2.0)),
        outcome=money, threshold=0.0,
    )  # fmt: skip
    assert "spent, letter less control (EUR)" in forest_svg(far)
    assert "+1,200 EUR" in forest_svg(far)


def test_the_page_says_how_it_was_computed_and_escapes_words() -> None:
    page = experiment_html(FULL)
    assert "<b>letter" not in page
    assert "One <i>" not in page
    assert "Not enough: +6 points (+1 to +11) in all segments together, where" in page
    assert "By segment: supported in Parents &amp; &lt;children&gt;; refuted in Schools;" in page
    assert "2026-12-01 (50%)" in page
    assert "I² = 90% (50% to 100%)" in page
    assert "10.0% of 500" in page


def test_without_a_verdict_there_is_a_page_and_no_drawing(tmp_path: Path) -> None:
    blocked = reading(blocked="it is too early.")
    page = fw.write_experiment(blocked, tmp_path / "x.html").read_text()
    assert "<h1>No verdict.</h1>" in page
    assert "It is too early." in page
    assert "No verdict: it" not in page
    assert "<svg" not in page
    with pytest.raises(OptionError, match="no effects to draw"):
        fw.write_experiment(blocked, tmp_path / "x.svg")
    with pytest.raises(OptionError, match="read_experiment"):
        fw.write_experiment(3, tmp_path / "x.svg")  # type: ignore[arg-type]
    assert '"plan": "letter"' in fw.write_experiment(FULL, tmp_path / "x.json").read_text()


def test_one_segment_is_the_answer() -> None:
    one = reading(effect("a", "Parents", 0.08, "supported"))
    assert one.effects == one.segments
    assert one.short.startswith("Supported: +8 points (+3 to +13) in Parents, where")
    assert one.sentences == [one.headline]
    assert one.headline.startswith("Parents: with 'letter' 18.0%")


@pytest.mark.parametrize(("language", "words"), [
    ("de", ("Die Wirkungen", "Nach Segmenten: gestützt in", "mindestens +2 Prozentpunkte",
            "Wie gerechnet wurde", "zu wenige Kunden", "versiegelt am", "widerlegt")),
    ("ar", ("الآثار", "حسب الشريحة", '<bdi dir="ltr">+2</bdi> نقطة مئوية على الأقل',
            "عملاء قليلون جدا", "<bdi dir=\"auto\">'letter'</bdi>")),
])  # fmt: skip
def test_the_page_speaks_the_language_of_its_readers(language: str, words: tuple[str, ...]) -> None:
    page = experiment_html(FULL.model_copy(update={"language": language}))
    page = page.replace("&#39;", "'")
    for word in words:
        assert word in page
    side = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{side}">' in page
    own = re.sub(r"<style>.*?</style>|<desc.*?</desc>|<[^>]*>", " ", page, flags=re.DOTALL)
    for english in ("supported", "Verdict", "asked for", "customers", "looks", "of all at once"):
        assert english not in own
    english = experiment_html(FULL)
    assert '<html lang="en" dir="ltr">' in english


def test_a_drawing_for_readers_from_the_right_is_turned() -> None:
    arabic, english = (
        forest_svg(FULL.model_copy(update={"language": language})) for language in ("ar", "en")
    )
    ElementTree.fromstring(arabic)
    assert "تأيّدت" in arabic

    def place(drawing: str) -> float:
        found = re.search(r'<text[^>]*x="([\d.]+)"[^>]*>(?:<[^>]*>)*Schools', drawing)
        assert found is not None
        return float(found[1])

    assert place(english) < 100
    assert place(arabic) > 700
