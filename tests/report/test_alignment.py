"""An alignment as a page, a drawing and text: whole, escaped, in words as well as colors."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from forwhom.documents.results.alignment import (
    Agreement,
    AlignmentResult,
    Camp,
    Cell,
    Change,
    ClassChange,
    ItemAlignment,
    ProxyError,
    RatedItem,
    RatedSegment,
    Severity,
    VarianceShare,
    View,
)
from forwhom.documents.segmentation import Interval
from forwhom.errors import OutputError
from forwhom.report.alignment import alignment_text, write_alignment
from forwhom.report.alignment.heat import STRONGEST, alignment_svg, heat_map
from forwhom.report.alignment.page import alignment_html
from forwhom.report.alignment.summary import summarize_alignment
from forwhom.report.alignment.terms import chance
from forwhom.report.drawing.palette import drawing_style

EVIL = '<script>alert("1")</script> & \u202e]]>'


def cell(item: str, segment: str, median: float | None, **more) -> Cell:
    n = 0 if median is None else 6
    known = {"n": n, "basis": "proxy" if n else "none", "consensus": 0.9 if n else None} | more
    return Cell(item=item, segment=segment, median=median, **known)


def item(name: str, kind: str, value: float | None = None, level=None, **more) -> ItemAlignment:
    severity = None if value is None else Severity(value=value, level=level, opposed="user")
    return ItemAlignment(
        item=name, segments=["buyer", "user"], gap=9.0, conflict=0.8, alignment=kind,
        severity=severity, **more,
    )  # fmt: skip


def result(statement: str = "Costs little", name: str = "Ministry") -> AlignmentResult:
    items = [
        item("cheap", "misaligned", 0.9, "high", probability=1.0,
             probabilities={"misaligned": 1.0, "strong": 0.0}),
        item("quick", "strong", 0.1, probability=0.6, undecided=True),
        item("safe", "not-compared"),
    ]  # fmt: skip
    return AlignmentResult(
        title="Triage", version="0.1.0", seed=3, replicates=2000, raters=6, ratings=30, rounds=2,
        segments=[
            RatedSegment(id="buyer", name=name, buti=["buyer"], raters=6),
            RatedSegment(id="user", name="Clinics", buti=["user"], raters=6),
            RatedSegment(id="other", name="Nobody asked", raters=0),
        ],
        items=[
            RatedItem(id="cheap", statement=statement, importance=1.0),
            RatedItem(id="quick", statement="Takes a minute", strategies=["s1"], answered=True),
            RatedItem(id="safe", statement="Loses nothing"),
        ],
        cells=[
            cell("cheap", "buyer", 5.0, interval=Interval(low=4, high=5)),
            cell("cheap", "user", -4.0), cell("cheap", "other", None),
            cell("quick", "buyer", 2.5, disagree=True),
            cell("quick", "user", 0.0, camps=[Camp(n=3, median=-4), Camp(n=3, median=4)]),
            cell("quick", "other", None), cell("safe", "buyer", None),
            cell("safe", "user", 1.0), cell("safe", "other", None),
        ],
        views=[
            View(name="all", segments=["buyer", "user"], items=items),
            View(name="adoption", segments=["buyer", "user"], items=items),
        ],
        agreement=[
            Agreement(coefficient="krippendorff-alpha", metric="ordinal", segment=None, value=-0.1,
                      units=5, raters=6, interval=Interval(low=-0.3, high=0.2)),
            Agreement(coefficient="kendall-w", metric="rank", segment="buyer", value=None,
                      units=0, raters=0, note="nothing to agree on"),
        ],
        variance=[VarianceShare(source="rater", variance=0.5, share=1.0)],
        proxies=[ProxyError(segment="user", item=None, items=1, bias=3.0, error=3.0, opposite=1)],
        changes=[Change(item="cheap", segment="user", before_round=1, after_round=2, raters=5,
                        moved=2, before=-5, after=-4, consensus_before=0.8, consensus_after=0.9)],
        class_changes=[ClassChange(item="quick", before="sufficient", after="strong")],
        notes=["Nobody rated for “Nobody asked”."],
    )  # fmt: skip


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.ids: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_says_the_answer_first_and_what_to_do() -> None:
    html = alignment_html(result())
    assert "<h1>One misalignment among 2 items; 1 item is undecided</h1>" in html
    assert html.index("<h1>") < html.index("<svg")
    for said in (
        "Costs little", "Rethink the proposition, or whether one model can serve", "Ministry +5",
        "Clinics −4", "over 99% sure", "undecided, 60%", "3 raters around −4", "none yet",
        "sufficient before, strong now", "nothing to agree on", "−0.10", "2,000 replicates, seed 3",
        "two camps", "divided", "Nobody rated for",
    ):  # fmt: skip
        assert said in html, said
    assert ">Nobody asked<" not in html, "no column for a segment without ratings"


def test_the_page_loads_nothing_and_its_policy_is_strict() -> None:
    html = alignment_html(result())
    found = Tags(html)
    assert not {"script", "link", "img", "iframe", "object"} & set(found.names)
    assert not [a for a, _ in found.attributes if a.startswith("on") or a == "style"]
    assert not re.findall(r"(?:src|href)=\"(?!#)", html)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html.replace("&#39;", "'")
    assert len(found.ids) == len(set(found.ids))
    links = re.findall(r'href="#([\w-]+)"', html)
    assert set(links) <= set(found.ids)


def test_text_of_a_canvas_is_text() -> None:
    evil = result(EVIL, EVIL)
    html, svg, text = alignment_html(evil), alignment_svg(evil), alignment_text(evil)
    for made in (html, svg):
        assert "<script" not in made
    for made in (html, svg, text):
        assert "\u202e" not in made
    assert 'alert("1")' in Tags(html).text


def test_the_drawing_is_whole_and_has_a_text_alternative() -> None:
    svg = alignment_svg(result())
    root = ET.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    assert root.tag == f"{space}svg"
    title, description = root.find(f"{space}title"), root.find(f"{space}desc")
    assert title is not None
    assert title.text == "Triage: One misalignment among 2 items; 1 item is undecided"
    assert description is not None
    assert "Costs little: Ministry +5, Clinics −4; misaligned, severity high." in description.text
    words = [t.text for t in root.iter(f"{space}text")]
    for said in ("+5", "desirable", "−4", "undesirable", "Misaligned", "high (0.90)", "not rated"):
        assert said in words
    assert "url(" not in svg
    assert "@import" not in svg


def test_everything_stands_inside_the_drawing() -> None:
    root = ET.fromstring(alignment_svg(result("A need that is said at length, " * 9)))
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for one in root.iter():
        for name, most in (("x", width), ("y", height), ("x2", width)):
            if name in one.attrib:
                assert 0 <= float(one.attrib[name]) <= most


def test_a_map_of_four_segments_and_two_views_fits_a_page_of_1100_pixels() -> None:
    views = ("Adoption", "Sustainability")
    four = replace(summarize_alignment(result()), segments=tuple("abcd"), view_names=views, rows=())
    width = re.search(r'width="(\d+)"', heat_map(four))
    assert width is not None
    assert int(width[1]) <= 1100 - 2 * 40, "the page has an edge of 40 pixels"


def test_sentences_name_a_few_of_many_segments() -> None:
    many = [f"s{number}" for number in range(20)]
    heavy = item("cheap", "misaligned", 0.9, "high").model_copy(update={"segments": many})
    found = result().model_copy(
        update={
            "segments": [RatedSegment(id=s, name=s.upper(), raters=2) for s in many],
            "cells": [cell("cheap", s, 5.0 - number / 2) for number, s in enumerate(many)],
            "items": result().items[:1],
            "views": [View(name="all", segments=many, items=[heavy])],
            "changes": [], "proxies": [], "agreement": [], "class_changes": [],
        }
    )  # fmt: skip
    said = " ".join(summarize_alignment(found).sentences)
    assert "for S0, S1, S2, S3, S4, S5, S6 and 13 more" in said
    assert "S0 +5, S1 +4.5, S2 +4, 14 between, S17 −3.5, S18 −4, S19 −4.5" in said


def test_the_heaviest_comes_first() -> None:
    rows = summarize_alignment(result()).rows
    assert [row.kind for row in rows] == ["misaligned", "strong", "not-compared"]


def test_few_raters_are_not_called_sure_and_a_fear_is_named() -> None:
    whole = result()
    few = [c.model_copy(update={"n": min(c.n, 3)}) for c in whole.cells]
    items = [i.model_copy(update={"kind": "fear"}) for i in whole.items]
    first = summarize_alignment(whole.model_copy(update={"cells": few, "items": items})).rows[0]
    assert first.sureness == "few raters"
    assert first.statement == "Costs little (fear)"


def test_the_terminal_says_the_same() -> None:
    text = alignment_text(result(), width=60)
    assert text.startswith("Triage\n\nOne misalignment among 2 items; 1 item is undecided\n")
    assert "Misaligned, over 99% sure, severity high (0.90)" in text
    assert "no strategy that says what will be done" in " ".join(text.split())
    assert all(len(line) <= 60 for line in text.splitlines())
    assert text.endswith("\n")


@pytest.mark.parametrize(
    ("kinds", "headline"),
    [
        (["strong", "sufficient"], "No misalignment among 2 items"),
        (["unwanted", "sufficient"], "No misalignment among 2 items, but 1 is unwanted"),
        (["not-compared"], "No item can be compared between segments"),
        (["misaligned"] * 2, "Two misalignments among 2 items"),
    ],
)
def test_the_headline(kinds, headline) -> None:
    items = [item(name, kind, 0.3) for name, kind in zip(("cheap", "quick"), kinds, strict=False)]
    views = [View(name="all", segments=["buyer", "user"], items=items)]
    assert summarize_alignment(result().model_copy(update={"views": views})).headline == headline


def test_a_page_is_not_overwritten_silently(tmp_path: Path) -> None:
    place = write_alignment(result(), tmp_path / "a.html")
    before = place.read_text()
    with pytest.raises(OutputError):
        write_alignment(result("Other"), place)
    assert place.read_text() == before
    assert "Other" in write_alignment(result("Other"), place, overwrite=True).read_text()


Color = tuple[float, ...]


def contrast(first: Color, second: Color) -> float:
    def light(color: Color) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    dark, bright = sorted((light(first), light(second)))
    return (bright + 0.05) / (dark + 0.05)


def colors(css: str, pattern: str) -> dict[str, Color]:
    return {
        name: tuple(int(value[i : i + 2], 16) / 255 for i in (0, 2, 4))
        for name, value in re.findall(pattern, css)
    }


def readable_on(ink: Color, paper: Color, *shades: Color) -> bool:
    for shade in shades:
        for opacity in (0.0, STRONGEST / 2, STRONGEST):
            mixed = tuple(
                opacity * s + (1 - opacity) * p for s, p in zip(shade, paper, strict=True)
            )
            if contrast(ink, mixed) < 4.5:
                return False
    return True


def test_numbers_on_the_map_are_readable_in_light_and_dark() -> None:
    folder = resources.files("forwhom.report") / "templates"
    palette = (folder / "palette.css").read_text("utf-8")
    for block in re.findall(r":root \{([^}]*#[^}]*)\}", palette):
        of = colors(block, r"--([\w-]+): #([0-9a-f]{6});")
        assert readable_on(of["ink"], of["paper"], of["accent-1"], of["accent-2"])
    for part in drawing_style("alignment/drawing.css").split("@media"):
        of = colors(part, r"([\w-]+) \{[^}]*fill: #([0-9a-f]{6});")
        assert readable_on(of["text"], of["paper"], of["cell-wanted"], of["cell-against"])


def test_a_chance_is_never_certain() -> None:
    assert (chance(0.62), chance(1.0)) == ("62%", "over 99%")


def test_adoption_and_sustainability_stand_apart() -> None:
    found = result()
    first = (
        found.views[0]
        .items[0]
        .model_copy(
            update={
                "adoption": Severity(value=0.18, level="low", opposed="user"),
                "sustainability": Severity(value=0.9, level="high", opposed="user"),
            }
        )
    )
    items = [first, *found.views[0].items[1:]]
    views = [found.views[0].model_copy(update={"items": items}), *found.views[1:]]
    apart = found.model_copy(update={"views": views})
    text = " ".join(alignment_text(apart).split())
    assert "severity high (0.90): adoption low (0.18), sustainability high (0.90)" in text
    assert "the harm counts fully" in text
    assert "live with" not in text
    for drawn in (alignment_svg(apart), alignment_html(apart)):
        assert "adoption low" in drawn
        assert "sustainability high" in drawn
