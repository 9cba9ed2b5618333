"""The verdict in words: what each says, what it never says, and what segments may be called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

import pytest

from forwhom.documents.structure import Scale, ScaleVariable, Structure, Verdict
from forwhom.documents.verdict import (
    MEANINGS,
    cuts_only,
    headline_of,
    noun_of,
    sentences_of,
    standing_of,
)

VERDICTS: tuple[Verdict, ...] = ("clear", "likely", "scale", "unclear", "one")


@dataclass(frozen=True)
class Named:
    label: str
    unit: str | None = None


@dataclass(frozen=True)
class Placed:
    standing: Literal["own", "slice"] | None = None
    neighbors: tuple[int, ...] = ()


VARIABLES = {
    "visits": Named("Visits", "visits"),
    "spend": Named("Money spent", "$"),
    "city": Named("City"),
}
SCALE = Scale(
    reliability=0.84,
    kept=0.86,
    variables=[
        ScaleVariable(variable="visits", loading=0.8, low=2.0, middle=5.0, high=9.0),
        ScaleVariable(variable="spend", loading=-0.6, low=410.0, middle=200.0, high=41.0),
        ScaleVariable(variable="city", level="Köln", loading=0.3, low=0.1, middle=0.2, high=0.42),
    ],
)


def judged(verdict: Verdict, **more: Any) -> Structure:
    return Structure(verdict=verdict, rows=2000, **more)


def said(structure: Structure, k: int = 3) -> list[str]:
    return [headline_of(structure, k, 1200), *sentences_of(structure, k, VARIABLES)]


def test_clear_groups_stand_apart() -> None:
    assert said(judged("clear")) == [
        "Three clear groups among 1,200 customers",
        "Clear groups: they stand apart more clearly than a sliding scale would.",
    ]


def test_slices_of_one_group_are_no_groups() -> None:
    structure = judged("clear", islands=[[1], [3, 2]])
    assert noun_of(structure, 3) == "segment"
    assert said(structure) == [
        "Two clear groups among 1,200 customers, in three segments",
        "Clear groups: they stand apart more clearly than a sliding scale would.",
        "Segments 2 and 3 are slices of one continuum.",
    ]


def test_several_groups_of_slices_are_told_apart() -> None:
    told = said(judged("likely", islands=[[4, 2], [1, 3, 5], [6]]), k=6)
    assert told[0] == "Three likely groups among 1,200 customers, in six segments"
    assert told[2] == "Segments 2 and 4; 1, 3 and 5 are slices of one continuum each."


def test_likely_groups_overlap() -> None:
    headline, sentence = said(judged("likely"))
    assert headline == "Three likely groups among 1,200 customers"
    assert sentence.startswith("Groups are likely, but they overlap")


def test_a_scale_says_what_moves_and_what_bands_lose() -> None:
    assert said(judged("scale", scale=SCALE)) == [
        "A sliding scale of 1,200 customers, in three bands",
        "A sliding scale describes these customers better than groups would: the three bands are "
        "useful cuts, not natural kinds.",
        "From the lower tenth of the scale to the upper tenth: “Visits” from 2 visits to 9 visits; "
        "“Money spent” from $410 to $41; “City” (“Köln”) from 10% to 42%.",
        "The bands keep 86% of the differences along the scale; 14% is lost against using the "
        "score of a customer itself.",
    ]


def test_borders_of_bands_are_said_in_units_of_the_data() -> None:
    visits = SCALE.variables[0].model_copy(update={"borders": [3.51, 7.0]})
    scale = SCALE.model_copy(update={"borders": [-0.6, 0.6], "variables": [visits]})
    assert said(judged("scale", scale=scale))[3] == (
        "The borders between the bands lie where “Visits” is 3.51 visits and 7 visits on average."
    )
    two = scale.model_copy(update={"variables": [visits.model_copy(update={"borders": [5.0]})]})
    assert "The border lies where “Visits” is 5 visits on average." in said(
        judged("scale", scale=two), 2
    )


def test_a_scale_of_two_dimensions_has_cuts() -> None:
    visits, spend, city = SCALE.variables
    variables = [visits, city, spend.model_copy(update={"dimension": 2})]
    scale = SCALE.model_copy(update={"dimensions": 2, "kept": None, "variables": variables})
    headline, first, moves, loss = said(judged("scale", scale=scale))
    assert moves == (
        "From the lower tenth of each scale to its upper tenth, scale 1: “Visits” from 2 visits to "
        "9 visits; “City” (“Köln”) from 10% to 42%. Scale 2: “Money spent” from $410 to $41."
    )
    assert headline == "Two sliding scales of 1,200 customers, in three cuts"
    assert "the three cuts are useful divisions, not natural kinds" in first
    assert "use the score of a customer: cuts treat alike what differs by degrees" in loss


def test_a_scale_that_nobody_cut_has_no_bands() -> None:
    told = said(judged("scale", scale=SCALE), k=1)
    assert told[:2] == [
        "A sliding scale of 1,200 customers",
        "A sliding scale describes these customers better than groups would.",
    ]
    assert "lost" not in " ".join(told)


def test_a_curved_scale_says_where_it_bends() -> None:
    bent = ScaleVariable(variable="visits", loading=0.1, low=3.0, middle=9.0, high=4.0)
    scale = Scale(curved=True, variables=[bent, SCALE.variables[0]])
    (told,) = [one for one in said(judged("scale", scale=scale)) if one.startswith("From")]
    assert "“Visits” from 3 visits over 9 visits to 4 visits; “Visits” from 2 visits to" in told
    assert told.endswith("It bends: not everything rises or falls all the way.")


def test_unclear_says_that_we_cannot_tell() -> None:
    headline, sentence = said(judged("unclear", difference=3.0, islands=[[1, 2], [3]]))
    assert headline == "No evidence of separate groups: three segments of 1,200 customers"
    assert sentence.startswith("There is no evidence for separate groups: we cannot tell.")
    assert said(judged("unclear"), k=1)[0] == "No evidence of separate groups: 1,200 customers"


def test_one_kind_is_one_kind_however_often_it_is_divided() -> None:
    assert said(judged("one"), k=1)[0] == "One kind of customer among 1,200"
    headline, sentence = said(judged("one"))
    assert headline == "One kind of customer among 1,200, divided into three segments"
    assert "The three segments were cut out of them; nothing else sets them apart." in sentence


def test_one_variable_that_is_cut_is_named_by_its_label() -> None:
    told = said(judged("unclear", cut="spend", clumps=["spend"]))
    assert told == [
        "Three segments of 1,200 customers, cut along one variable",
        "Only the values of “Money spent” are being cut: no two variables depend on each other, so "
        "that the segments say nothing beyond this one.",
        "“Money spent” falls into two clumps by itself: a fact about this one variable, which says "
        "nothing about the others.",
    ]
    several = said(judged("clear", clumps=["spend", "visits"]))[-1]
    assert several.startswith("“Money spent” and “Visits” fall into two clumps each")


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("k", [1, 3])
def test_clumps_of_a_variable_are_said_whatever_the_verdict(verdict: Verdict, k: int) -> None:
    told = said(judged(verdict, clumps=["spend"]), k)
    assert sum("“Money spent” falls into two clumps by itself" in one for one in told) == 1


def test_a_style_is_described_beside_the_groups() -> None:
    (*_, style) = said(judged("likely", style=SCALE))
    assert "goes up and down together in all of them" in style
    assert "“Visits” from 2 visits to 9 visits" in style


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("k", [1, 3])
def test_only_a_finding_of_groups_makes_groups(verdict: Verdict, k: int) -> None:
    structure = judged(verdict, scale=SCALE if verdict == "scale" else None)
    noun = noun_of(structure, k)
    assert (noun == "group") == (verdict in ("clear", "likely"))
    # The headline counts groups only where they were found.
    counted = re.search(r"\b(one|two|three|clear|likely) groups?\b", said(structure, k)[0].lower())
    assert bool(counted) == (noun == "group")
    assert noun in MEANINGS
    assert noun_of(None, k) == "segment"


def test_how_a_segment_stands() -> None:
    own, slice_ = Placed("own"), Placed("slice", (4, 2))
    clear = judged("clear", islands=[[1, 2, 4], [3]])
    assert standing_of(clear, own, 4) == "A group of its own."
    assert standing_of(clear, slice_, 4) == "A slice of one continuum with segments 2 and 4."
    scale = judged("scale", scale=SCALE)
    assert standing_of(scale, Placed("slice", (2,)), 4) == "A slice of one continuum with band 2."
    # Where nothing is known of kinds or degrees, joining two says only that.
    assert standing_of(judged("unclear"), slice_, 4) == "Not told apart from segments 2 and 4."
    # What stands alone without evidence of groups is no group.
    assert standing_of(judged("unclear"), own, 4) == ""
    assert standing_of(None, own, 4) == standing_of(clear, Placed(), 4) == ""


def test_more_segments_only_cut_finer_where_there_are_no_groups() -> None:
    assert [v for v in VERDICTS if cuts_only(judged(v))] == ["scale", "unclear"]
    assert cuts_only(judged("one", cut="spend"))
    assert not cuts_only(None)
