"""How customers differ: the picture of each verdict, and words that claim no groups of bands."""

from __future__ import annotations

import html
import itertools
import re
from statistics import NormalDist

import numpy as np
import pytest
from tests.report.conftest import BUILDERS
from tests.report.judged import STRUCTURES, judged

from forwhom.documents.canvas import parse_canvas, seed_canvas
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.structure import Scale, ScaleVariable, Structure
from forwhom.evidence import collect_evidence, verdict_evidence
from forwhom.lint import lint_canvas
from forwhom.lint.texts import texts as texts_of
from forwhom.report.canvas import draw_canvas
from forwhom.report.canvas.people import STANDINGS
from forwhom.report.segmentation import charts, report_html, summarize, summary_text
from forwhom.report.segmentation.structure import _links

#: What bands, cuts and segments that nothing proved must never be called.
CLAIMS = re.compile(r"\b(sub)?(groups?|types?|kinds?|clusters?)\b", re.IGNORECASE)


def own_words(segmentation: Segmentation, page: str) -> str:
    """What a page says itself, without the verdict (which denies groups) and words of the data."""
    visible = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
    text = " ".join(html.unescape(visible).split())
    summary = summarize(segmentation)
    assert summary.differences is not None
    told = [summary.answer.headline, *summary.answer.sentences, *summary.differences.sentences]
    figures = [name for name, _ in summary.differences.figures]
    known = [*told, *figures, *(v.label for v in segmentation.variables)]
    for said in sorted(known, key=len, reverse=True):
        text = text.replace(" ".join(said.split()), " ")
    return text


@pytest.mark.parametrize("name", ["scale", "scales", "unclear", "cut", "one_divided"])
def test_what_is_no_group_is_never_called_one(name: str) -> None:
    segmentation = judged(name)
    for page in (report_html(segmentation), summary_text(segmentation, 100_000),
                 str(segmentation), segmentation._repr_html_()):  # fmt: skip
        words = own_words(segmentation, page)
        assert not CLAIMS.search(words), CLAIMS.search(words)


@pytest.mark.parametrize(
    ("name", "noun"),
    [
        ("clear", "group"), ("likely", "group"), ("scale", "band"), ("scales", "cut"),
        ("clear_slices", "segment"), ("unclear", "segment"), ("cut", "segment"),
    ],
)  # fmt: skip
def test_the_word_for_a_segment_goes_along(name: str, noun: str) -> None:
    segmentation = judged(name)
    page = report_html(segmentation)
    for heading in (f"The {noun}s, one by one", f"What sets the {noun}s apart",
                    f"Where {noun}s overlap", f"Why this number of {noun}s"):  # fmt: skip
        assert heading in page
    assert f"<dt>{noun.capitalize()}</dt>" in page
    assert f"Share of {noun} 1" in page
    assert f"Number of {noun}s by BIC" in summary_text(segmentation)
    assert f">{noun.capitalize()}</th>" in segmentation._repr_html_()


@pytest.mark.parametrize("name", STRUCTURES)
def test_the_verdict_comes_first(name: str) -> None:
    segmentation = judged(name)
    headline, first = segmentation.answer.headline, segmentation.answer.sentences[0]
    for face in (report_html(segmentation), summary_text(segmentation, 500), str(segmentation)):
        # Each face begins with it: on the page, before what weakens the answer or any segment.
        text = html.unescape(face).partition("<header")[2] or html.unescape(face)
        start = text.index(headline)
        assert start < text.index(first)
        assert all(s.name not in text[:start] for s in segmentation.segments)


def test_bands_lie_along_the_scale_from_low_to_high() -> None:
    segmentation = judged("scale")
    found = summarize(segmentation).differences
    assert found is not None
    # Trips and spending rise along the scale: those who lapse are low, big spenders are high.
    assert [band.card.id for band in found.bands] == [4, 3, 2, 1]
    borders = [band.high for band in found.bands]
    assert borders == pytest.approx([0.153, 0.377, 0.658, 1.0])
    picture = charts.scale_picture(found)
    lines = re.findall(r'<line x1="([\d.]+)%"[^>]*class="border"', picture)
    expected = [50 + 50 * NormalDist().inv_cdf(b) / 2.6 for b in borders[:-1]]
    assert [float(x) for x in lines] == pytest.approx(expected, abs=0.01)
    assert "from low to high: 4 Lapsing convenience shoppers, from 0% to 15%" in picture
    assert "Shopping trips (trips) 9.4 at the lower tenth, 61 in the middle, 151" in picture
    # The columns of a band are as many as its part of the curve needs, in the color of its number.
    colors = re.findall(r'class="fill a(\d)"', picture)
    assert colors == sorted(colors, reverse=True)
    assert set(colors) == {"1", "2", "3", "4"}


def test_a_scale_that_runs_the_other_way_turns_the_bands() -> None:
    turned = [
        ScaleVariable(variable="recency", loading=0.9, low=1.0, middle=8.0, high=60.0),
        ScaleVariable(
            variable="channel", level="convenience", loading=0.5, low=0.1, middle=0.2, high=0.6
        ),
        ScaleVariable(variable="gone", loading=0.9, low=0.0, middle=1.0, high=2.0),
    ]
    structure = Structure(verdict="scale", rows=2000, scale=Scale(variables=turned))
    found = summarize(judged("scale").model_copy(update={"structure": structure})).differences
    assert found is not None
    assert found.bands[-1].card.id == 4
    assert found.moves[0].values == ("1", "8", "60")
    assert found.moves[1].label == "Main store type: “convenience”"
    assert found.moves[1].values == ("10%", "20%", "60%")
    assert found.moves[2].label == "gone"


def test_numbers_of_narrow_bands_give_way() -> None:
    found = summarize(BUILDERS["worst_scale"]()).differences
    assert found is not None
    picture = charts.scale_picture(found)
    places = [float(x) for x in re.findall(r'<circle cx="([\d.]+)%"', picture)]
    assert len(found.bands) == 12
    assert 6 <= len(places) < 12
    assert all(b - a > 5.5 for a, b in itertools.pairwise(places))
    assert all(f"; {band.card.id} " in picture or f": {band.card.id} " in picture
               for band in found.bands)  # fmt: skip


def test_slices_are_joined_and_groups_stand_in_frames_of_their_own() -> None:
    found = summarize(judged("clear_slices")).differences
    assert found is not None
    assert [[card.id for card in island] for island in found.islands] == [[1, 2, 3], [4]]
    # The strongest overlaps join the three: 2 with 3 (.075), 1 with 2 (.04), not 1 with 3 (.03).
    assert [(link.first, link.second) for link in found.links] == [(2, 3), (1, 2)]
    assert all(link.joined for link in found.links)
    picture = charts.island_picture(found)
    assert picture.count('class="frame"') == 2
    assert picture.count('class="link"') == 2
    assert "hang together; 4 Lapsing convenience shoppers stands alone" in picture
    assert "slices of one continuum" in found.caption
    unclear = summarize(judged("unclear")).differences
    assert unclear is not None
    assert "Circles joined in one frame are not told apart." in unclear.caption
    apart = summarize(judged("likely")).differences
    assert apart is not None
    assert [(link.first, link.second, link.joined) for link in apart.links] == [(2, 3, False)]
    assert "stroke-dasharray" in charts.island_picture(apart)
    assert "overlap all the same" in apart.caption


def test_the_strongest_lines_join_an_island_and_others_are_told_from_a_twentieth_on() -> None:
    overlap = np.zeros((4, 4))
    for i, j, there, back in (
        (1, 2, 0.2, 0.4), (1, 3, 0.1, 0.1), (2, 3, 0.3, 0.3), (1, 4, 0.1, 0.0), (2, 4, 0.0, 0.098),
    ):  # fmt: skip
        overlap[i - 1, j - 1], overlap[j - 1, i - 1] = there, back
    found = list(_links(overlap.tolist(), [(1, 2, 3), (4,)]))
    assert [(link.first, link.second, link.joined) for link in found] == [
        (1, 2, True), (2, 3, True), (1, 4, False),
    ]  # fmt: skip
    assert [link.overlap for link in found] == pytest.approx([0.3, 0.3, 0.05])


@pytest.mark.parametrize("k", [2, 5, 9, 14])
def test_circles_fit_the_narrowest_screen(k: int, worst_case: Segmentation) -> None:
    segments = [worst_case.segments[i % 12].model_copy(update={"id": i + 1}) for i in range(k)]
    structure = Structure(verdict="unclear", rows=9, islands=[[i + 1] for i in range(k)])
    overlap = [[1 / k] * k for _ in range(k)]
    changed = worst_case.model_copy(
        update={"segments": segments, "structure": structure, "overlap": overlap}
    )
    found = summarize(changed).differences
    assert found is not None
    picture = charts.island_picture(found)
    circles = re.findall(r'<circle cx="([\d.]+)%" cy="([\d.]+)" r="([\d.]+)"', picture)
    assert len(circles) == k
    wide = 330 if k <= 9 else 560
    edges = [(float(x) * wide / 100, float(r)) for x, _, r in circles]
    assert all(b - s > a + r for (a, r), (b, s) in itertools.pairwise(edges))
    assert edges[0][0] > edges[0][1]
    assert edges[-1][0] + edges[-1][1] < wide


def test_figures_are_said_with_what_they_mean() -> None:
    found = summarize(judged("clear")).differences
    assert found is not None
    text = " ".join(found.sentences)
    assert "2,000 customers were looked at" in text
    assert "It is 214.3." in text
    assert "6.2 standard deviations surer, and 4.1 farther apart, than there" in text
    assert dict(found.figures)["Nearest continuum"] == "two factors"
    assert "whether the same segments would be found in other data" in text
    assert summarize(judged("one")).differences is not None


def test_without_a_verdict_nothing_is_drawn_or_claimed(grocery: Segmentation) -> None:
    assert summarize(grocery).differences is None
    page = report_html(grocery)
    assert "How these customers differ" not in page
    assert "separated" not in page
    assert all(card.standing == "" for card in summarize(grocery).cards)


def test_a_limit_that_only_cuts_finer_is_no_reason_to_try_more() -> None:
    for name, said in (("scale", "more would only cut finer"), ("clear", "more groups might do")):
        base = judged(name)
        few = base.model_copy(update={"selection": base.selection[:4]})
        selection = summarize(few).selection
        assert selection is not None
        assert any(said in sentence for sentence in selection.sentences)


@pytest.mark.parametrize("name", ["scale", "scales", "unclear", "cut", "one_divided"])
def test_a_canvas_never_calls_what_is_no_group_a_group(name: str) -> None:
    base = judged(name)
    assert base.structure is not None
    known = {v.name: v for v in base.variables}
    k = len(base.segments)
    items = [
        *verdict_evidence(base.structure, k, n=base.n, variables=known, source="s"),
        *collect_evidence(base.segments, source="s", noun=base.noun),
    ]
    canvas = parse_canvas(seed_canvas(base.model_copy(update={"evidence": items})).text)
    assert {segment.standing for segment in canvas.segments} <= {"band", "cut", "slice", "unproven"}
    assert canvas.summary.startswith(base.answer.headline)
    assert f"{base.noun.capitalize()} 1 is 34% of the customers" in str(canvas.evidence)
    assert lint_canvas(canvas, select=["FW212"]).diagnostics == []
    texts = [text for place, text in texts_of(canvas) if place[-1] not in ("kind", "method")]
    for verdict in (canvas.summary, base.segments[0].name):
        texts = [text for text in texts if text != verdict]
    assert len(texts) > 40
    data = {d.statement for segment in base.segments for d in segment.distinctions}
    data |= {v.label for v in base.variables}
    assert not [text for text in texts if CLAIMS.search(text) and text not in data]
    page = draw_canvas(canvas, "html")
    assert isinstance(page, str)
    standing = canvas.segments[0].standing
    assert standing is not None
    assert f"In the data</dt><dd>{STANDINGS[standing]}" in re.sub(r"</?bdi>", "", page)
