"""The summary: what the page says, before any markup."""

from __future__ import annotations

import html

import pytest

from forwhom.documents.fitting import Fit
from forwhom.documents.segmentation import Interval, Residual, Segmentation, Sum, Worth
from forwhom.report.segmentation import report_html, summarize, summary_text
from forwhom.report.segmentation.background import Data, computation, pairs
from forwhom.wording import clean


def test_the_variables_that_separate_most_come_first(grocery: Segmentation) -> None:
    contrasts = summarize(grocery).contrasts
    assert [c.variable for c in contrasts[:2]] == ["frequency", "recency"]
    assert {c.variable for c in contrasts} == {
        v.name for v in grocery.variables if v.use == "active"
    }
    trips = contrasts[0].values
    assert trips == pytest.approx(((148 - 84) / 30, (61 - 84) / 30, (38.2 - 84) / 30, -74.6 / 30))


def test_ordinal_levels_become_ranks(grocery: Segmentation) -> None:
    price = next(c for c in summarize(grocery).contrasts if c.variable == "price")
    # Ranks 0, 1, 2 with shares .31, .30, .39: mean 1.08, variance 0.6936.
    assert price.values[1] == pytest.approx((1.57 - 1.08) / 0.6936**0.5)


def test_a_hidden_level_has_no_difference(grocery: Segmentation) -> None:
    segment = grocery.segments[3]
    hidden = [
        p.model_copy(update={"n": None}) if p.variable == "frequency" else p
        for p in segment.profile
    ]
    changed = grocery.model_copy(
        update={"segments": [*grocery.segments[:3], segment.model_copy(update={"profile": hidden})]}
    )
    summary = summarize(changed)
    trips = next(c for c in summary.contrasts if c.variable == "frequency")
    assert trips.values[3] is None
    row = summary.profiles.groups[0].blocks[0].rows[0]
    assert [c.value for c in row.cells] == ["84", "148", "61", "38.2", "withheld"]


def test_the_threshold_of_the_document_is_used(grocery: Segmentation) -> None:
    profiles = summarize(grocery.model_copy(update={"threshold": 25})).profiles
    assert profiles.hidden
    assert profiles.threshold == 25


def test_many_levels_are_cut_and_said(worst_case: Segmentation) -> None:
    blocks = [b for g in summarize(worst_case).profiles.groups for b in g.blocks]
    longest = max(blocks, key=lambda b: len(b.rows))
    assert len(longest.rows) == 21
    assert longest.rows[-1].label == "40 rarer levels, not shown"


def test_a_proposed_name_is_told_only_when_it_was_changed(grocery: Segmentation) -> None:
    proposed = [c.proposed_name for c in summarize(grocery).cards]
    assert proposed == [None, None, "Weekend shoppers", None]


def test_one_line_says_what_the_name_leaves_out(grocery: Segmentation) -> None:
    lines = [c.tagline for c in summarize(grocery).cards]
    assert lines[0] == "Frequent shoppers, big spenders and recent buyers"
    named = grocery.segments[1].model_copy(update={"name": "Price-minded, little fresh produce"})
    changed = grocery.model_copy(update={"segments": [named]})
    assert summarize(changed).cards[0].tagline == ("68% agree that price matters most; others 28%.")
    numbered = grocery.segments[0].model_copy(
        update={"name": "Segment 1", "proposed_name": "Segment 1"}
    )
    changed = grocery.model_copy(update={"segments": [numbered, *grocery.segments[1:]]})
    told = summarize(changed).cards[0]
    assert told.tagline == told.first[0].statement


def test_a_share_without_a_unit_is_still_a_percentage(grocery: Segmentation) -> None:
    variables = [v.model_copy(update={"unit": None}) for v in grocery.variables]
    changed = grocery.model_copy(update={"variables": variables})
    blocks = {b.label: b for g in summarize(changed).profiles.groups for b in g.blocks}
    assert blocks["Share of money on fresh produce"].rows[0].cells[0].value == "12%"
    assert blocks["Money per basket"].rows[0].cells[0].value == "28.4"


def test_a_number_of_segments_at_the_edge_is_said(grocery: Segmentation) -> None:
    few = grocery.model_copy(update={"selection": grocery.selection[:4]})
    selection = summarize(few).selection
    assert selection is not None
    assert any("largest one tried" in s for s in selection.sentences)


def test_the_chosen_row_is_marked(grocery: Segmentation) -> None:
    selection = summarize(grocery).selection
    assert selection is not None
    assert [r.k for r in selection.rows if r.chosen] == [4]
    assert [c.name for c in selection.curves if c.main] == ["BIC"]


@pytest.mark.parametrize("method", ["kmeans", "rfm", "rules"])
def test_baselines_promise_no_certainty(grocery: Segmentation, method: str) -> None:
    fit = Fit.model_validate({"method": method, "seed": 1})
    other = grocery.model_copy(update={"fit": fit, "selection": []})
    summary = summarize(other)
    assert "entropy" not in " ".join(summary.answer.sentences)
    assert all(card.certainty == "" for card in summary.cards)
    assert summary.selection is None
    assert "very sure" not in summary_text(other)


def test_one_segment_that_was_not_tested_is_no_finding(one_segment: Segmentation) -> None:
    untested = one_segment.model_copy(update={"selection": one_segment.selection[:1]})
    assert summarize(untested).answer.headline == "One segment of 2,469 customers"


def test_a_number_that_a_person_chose_is_not_called_best(grocery: Segmentation) -> None:
    forced = grocery.model_copy(
        update={"selection": [c.model_copy(update={"bic": c.k * 10.0}) for c in grocery.selection]}
    )
    selection = summarize(forced).selection
    assert selection is not None
    assert "4 was chosen, although 1 does better by BIC" in selection.sentences[0]


def test_one_segment_that_a_person_chose_is_no_mass_market(one_segment: Segmentation) -> None:
    better = [c.model_copy(update={"bic": -1.0 * c.k}) for c in one_segment.selection]
    told = summarize(one_segment.model_copy(update={"selection": better})).answer
    assert told.headline == "One segment of 2,469 customers"
    assert told.sentences == (
        "One was asked for; by BIC, 6 segments describe the customers better.",
    )


def test_the_size_of_a_difference_follows_its_bounds(grocery: Segmentation) -> None:
    sizes = {d.briefly: d.size for card in summarize(grocery).cards for d in card.first}
    assert sizes["d = +1.71"] == "large difference"
    assert sizes["d = −0.61"] == "medium difference"
    assert sizes["d = +0.36"] == "small difference"


def test_only_notable_pairs_are_told(grocery: Segmentation) -> None:
    pairs = summarize(grocery).pairs
    assert pairs is not None
    assert [(p[0], p[2]) for p in pairs.pairs] == [
        ("Shopping trips", "strongly"),
        ("Money per basket", "somewhat"),
    ]


def test_text_has_the_answer_and_what_weakens_it(grocery: Segmentation) -> None:
    text = summary_text(grocery)
    assert text.startswith("Grocery households, 2017\n\nFour segments among 2,469 customers\n")
    assert (
        "  1  Frequent big spenders\n     34% (31–37%), 845 customers most likely here; very sure\n"
        in text
    )
    assert "What weakens this answer:\n  - 68% of the households" in text


def test_every_face_says_the_answer(segmentation: Segmentation) -> None:
    summary, told = summarize(segmentation), segmentation.answer
    text = "".join(summary_text(segmentation, 80).split())
    for sentence in (told.headline, *told.sentences, *told.warnings):
        assert "".join(clean(sentence).split()) in text
    for remark in (*summary.remarks, *summary.asides):
        assert "".join(clean(remark).split()) in text
    for face in (report_html(segmentation), segmentation._repr_html_(), str(segmentation)):
        shown = clean(html.unescape(face))
        for sentence in (told.headline, *told.sentences):
            assert clean(sentence) in shown


@pytest.mark.parametrize("width", [40, 80, 120])
def test_text_fits_the_terminal_and_controls_nothing(
    segmentation: Segmentation, width: int
) -> None:
    text = summary_text(segmentation, width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.endswith("\n")


def test_text_of_one_segment_says_mass_market(one_segment: Segmentation) -> None:
    assert "One mass market: no evidence of separate segments" in summary_text(one_segment)


def test_customers_are_most_likely_here_only_where_somebody_is_in_doubt(
    grocery: Segmentation,
) -> None:
    assert summarize(grocery).members == "Most likely here"
    assert "845 customers most likely here" in [c.customers for c in summarize(grocery).cards]
    fit = grocery.fit.model_copy(update={"method": "kmeans"})
    sure = grocery.model_copy(update={"fit": fit})
    assert summarize(sure).members == "Customers"
    assert "845 customers" in [c.customers for c in summarize(sure).cards]
    assert "<th style='text-align:left'>Customers</th>" in sure._repr_html_()


def test_the_criteria_name_what_speaks_to_them_and_what_nothing_speaks_to(
    grocery: Segmentation, one_segment: Segmentation
) -> None:
    first, second, *others = grocery.variables
    said = [
        first.model_copy(update={"use": "descriptor", "criterion": "offer", "label": "Tea"}),
        second.model_copy(update={"use": "active", "criterion": "offer", "label": "Ink"}),
        *(v.model_copy(update={"criterion": None}) for v in others),
    ]
    found = summarize(grocery.model_copy(update={"variables": said})).criteria
    assert found is not None
    assert [row[2] for row in found.rows] == ["Ink and Tea", "–", "–", "–", "–"]
    assert "Nothing here speaks to channel, relationship, profitability and price" in found.sentence
    assert summarize(one_segment).criteria is None


def test_a_fit_with_a_prior_is_not_called_maximum_likelihood(grocery: Segmentation) -> None:
    def paragraph(prior: float) -> str:
        fit = grocery.fit.model_copy(update={"method": "mixture", "prior": prior})
        return computation(grocery.model_copy(update={"fit": fit})).paragraph

    assert "estimated by maximum likelihood" in paragraph(0.0)
    assert "penalized likelihood (posterior mode), as if 1 more customer," in paragraph(1.0)
    assert "maximum likelihood" not in paragraph(2.5)


def _bringing(grocery: Segmentation) -> Segmentation:
    """The segments bring half, three tenths and a fifth of the money; the last is withheld."""
    money = next(v for v in grocery.variables if v.measure == "positive")
    found = []
    for segment, share in zip(grocery.segments, (0.2, 0.5, 0.3), strict=False):
        interval = Interval(low=share - 0.05, high=share + 0.05)
        part = Sum(variable=money.name, share=share, interval=interval, total=1000 * share)
        found.append(segment.model_copy(update={"worth": Worth(revenue=part)}))
    return grocery.model_copy(update={"segments": [*found, *grocery.segments[3:]]})


def test_who_matters_most_is_said_everywhere(grocery: Segmentation) -> None:
    found = _bringing(grocery)
    summary = summarize(found)
    assert "50% of it (45% to 55%), with" in " ".join(summary.answer.sentences)
    assert summary.cards[1].brings.revenue == "50% (45–55%)"
    assert summary.cards[1].brings.sentence.startswith("Brings 50% (45–55%) of ")
    assert summary.worth_headings[:3] == ("Segment", "Customers", "Of the revenue")
    assert [row[2] for row in summary.worth_rows][:3] == ["20% (15–25%)", "50% (45–55%)",
                                                         "30% (25–35%)"]  # fmt: skip
    assert summary.worth_rows[3][2] == "withheld"
    page = report_html(found)
    assert page.count(summary.cards[1].brings.sentence) == 1
    assert "and what they bring" in page
    assert summary.cards[1].brings.sentence[:20] in summary_text(found)
    assert "what they bring" not in report_html(grocery)


def test_what_was_left_out_is_named_up_to_six() -> None:
    def briefly(n: int) -> str:
        return Data((), (), (), tuple((f"v{i}", "") for i in range(n))).briefly

    assert briefly(0) == ""
    for n, end in ((6, "v5."), (7, "v5 and 1 more."), (9, "v5 and 3 more.")):
        assert end in briefly(n), n


@pytest.mark.parametrize(
    ("value", "strength"),
    [(3.84, None), (3.85, "somewhat"), (10.0, "somewhat"), (10.1, "strongly")],
)
def test_a_pair_that_segments_do_not_explain_is_told_from_chance_on(
    grocery: Segmentation, value: float, strength: str | None
) -> None:
    first, second = (v.name for v in grocery.variables[:2])
    found = Residual(first=first, second=second, value=value)
    told = pairs(grocery.model_copy(update={"residuals": [found]})).pairs
    assert [one[2] for one in told] == ([strength] if strength else [])
