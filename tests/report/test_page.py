"""The page: valid, self-contained, escaped, honest about what it hides."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from forwhom.documents.segmentation import Segmentation
from forwhom.errors import OutputError
from forwhom.report.segmentation import report_html, write_report

VOID = {"meta", "br", "link", "img", "hr", "input"}
LOADING = {"script", "img", "link", "iframe", "object", "embed", "video", "audio", "base", "form"}


class Page(HTMLParser):
    """Collects what the tests ask about, and fails on a tag that does not match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[int] = []
        self.children: list[tuple[str, list[str]]] = []
        self._inside: list[list[str]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} repeats an attribute"
        self.tags.append((tag, dict(attrs)))
        if self._inside:
            self._inside[-1].append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)
            self._inside.append([])

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag
        self.children.append((tag, self._inside.pop()))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="session")
def html(segmentation: Segmentation) -> str:
    return report_html(segmentation)


@pytest.fixture(scope="session")
def page(html: str) -> Page:
    return Page(html)


def test_tags_match_and_ids_are_unique(page: Page) -> None:
    assert page.open == []
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    targets = {f"#{i}" for i in ids}
    assert {a["href"] for a in page.all("a")} <= targets
    for _, attributes in page.tags:
        for reference in ("aria-labelledby", "aria-describedby"):
            assert attributes.get(reference, ids[0]) in ids


def test_headings_are_in_order(page: Page) -> None:
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    steps = zip(page.headings, page.headings[1:], strict=False)
    assert all(after - before <= 1 for before, after in steps)


def test_every_picture_has_a_text_alternative(page: Page) -> None:
    pictures = page.all("svg")
    assert pictures
    assert all(a["role"] == "img" for a in pictures)
    assert all(inside[:2] == ["title", "desc"] for tag, inside in page.children if tag == "svg")


def test_every_table_has_a_caption_and_scopes(page: Page) -> None:
    tables = [inside for tag, inside in page.children if tag == "table"]
    assert tables
    assert all(inside[0] == "caption" for inside in tables)
    assert all(a.get("scope") in ("col", "row", "rowgroup") for a in page.all("th"))


def test_scrolling_parts_can_be_reached_with_the_keyboard(page: Page) -> None:
    regions = [a for a in page.all("div") if a.get("class") == "scroll"]
    assert regions
    assert all(a["tabindex"] == "0" and a["aria-label"] for a in regions)
    assert page.all("a")[0] == {"class": "skip", "href": "#answer"}


def test_nothing_is_loaded_from_anywhere(page: Page, html: str) -> None:
    assert not LOADING & {tag for tag, _ in page.tags}
    names = {name for _, attributes in page.tags for name in attributes}
    assert not {n for n in names if n.startswith("on")} | (names & {"src", "style", "srcset"})
    style = html.split("<style>")[1].split("</style>", maxsplit=1)[0]
    assert not re.search(r"url\(|@import|@font-face|https?:", style)


def test_the_policy_allows_exactly_this_style(page: Page, html: str) -> None:
    (policy,) = [
        a["content"] for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy"
    ]
    style = html.split("<style>")[1].split("</style>", maxsplit=1)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy is not None
    assert policy.split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]
    assert "unsafe" not in policy


def test_language_and_phone_are_declared(page: Page) -> None:
    assert page.all("html") == [{"lang": "en"}]
    viewports = [a["content"] for a in page.all("meta") if a.get("name") == "viewport"]
    assert viewports == ["width=device-width, initial-scale=1"]


def test_the_same_document_gives_the_same_page(segmentation: Segmentation, html: str) -> None:
    again = Segmentation.model_validate_json(segmentation.model_dump_json())
    assert report_html(again) == html


def test_the_page_stays_small(html: str) -> None:
    assert len(html.encode()) < 1_000_000


def test_injected_text_is_only_text(worst_case: Segmentation) -> None:
    html = report_html(worst_case)
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>weight" not in html
    assert "&lt;script&gt;alert(" in html
    # Control characters and marks that reverse text reach neither page nor reader.
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", html)


def test_numbers_on_the_page_are_those_of_the_document(grocery: Segmentation) -> None:
    html = report_html(grocery)
    page = Page(html)
    assert "Four segments among 2,469 customers" in page.text
    for segment in grocery.segments:
        assert f"{100 * segment.share:.0f}%" in page.text
        assert f"{segment.n:,} customers" in page.text
        assert segment.name in page.text
        for told in segment.distinctions:
            assert told.statement in page.text
            assert f"{told.effect:+.2f}".replace("-", "−") in page.text
    for candidate in grocery.selection:
        assert f"{candidate.bic:,.1f}" in page.text
    for warning in grocery.quality.warnings:
        assert warning in page.text
    # (148 - 84) / 30: the standardized difference of segment 1 on trips.
    assert "+2.13" in page.text


def test_hidden_cells_are_words_and_nothing_else(grocery: Segmentation) -> None:
    page = Page(report_html(grocery))
    # Three levels of income, the age and one store type of segment 4.
    assert page.text.count("withheld") == 5
    assert page.text.count("“Withheld” stands where fewer than 10 customers") == 1
    # The share of missing values of a hidden cell would give its count away.
    assert "98.765" not in page.text
    assert "99%" not in page.text


def test_one_segment_is_a_mass_market(one_segment: Segmentation) -> None:
    page = Page(report_html(one_segment))
    assert "One mass market: no evidence of separate segments" in page.text
    assert "Where segments overlap" not in page.text
    assert "What sets the segments apart" not in page.text
    assert "Who these customers are" in page.text


def test_folded_parts_open_in_print(html: str) -> None:
    assert "details::details-content { content-visibility: visible; display: block" in html
    assert "prefers-reduced-motion" in html


def test_paper_leaves_out_what_is_for_looking_closer(grocery: Segmentation) -> None:
    html = report_html(grocery)
    assert "details.closer { display: none; }" in html
    closer = re.findall(r"<details class=\"closer\">\s*<summary>(.*?)</summary>", html)
    assert {"These sizes as a table", "This overlap as a table"} <= set(closer)
    # Tables that say what no picture says are printed.
    assert not any(told.startswith("Variables that") for told in closer)


def test_a_report_is_written_and_never_silently_replaced(
    grocery: Segmentation, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    assert write_report(grocery, path) == path
    assert path.read_text(encoding="utf-8") == report_html(grocery)
    with pytest.raises(OutputError, match=r"report\.html"):
        write_report(grocery, path)
    write_report(grocery, path, overwrite=True)
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]
