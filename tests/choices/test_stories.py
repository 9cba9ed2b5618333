"""Stories of segments: told from the canvas alone, every sentence with where it comes from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import forwhom as fw
from forwhom.choices.storyphrases import SAYS
from forwhom.documents.canvas import parse_canvas
from forwhom.documents.results.stories import PARTS, Stories
from forwhom.errors import DataError, DocumentError, OptionError
from forwhom.languages.catalog import catalogs
from forwhom.report.stories import FORMS, stories_text

EXAMPLES = Path(__file__).parents[2] / "examples"
BARE = "forwhom: 1\nkind: canvas\nsegments: [{id: a, name: Students}]\n"
FULL = """
forwhom: 1
kind: canvas
title: Penny Path
names: {ours: [Penny Path]}
segments:
  - id: planners
    name: Parents who plan the month
    description: They keep a budget and shop on one day
    status: serve
    revenue: sponsored
    sponsor: bank
    separate: {price: [{aspect: Tasks for a year, worth: 16, low: 13, high: 19, unit: EUR}]}
    digital_literacy: {level: basic, messages: [One envelope a month]}
    claims: [{text: They shop on Saturday, evidence: [diary@old]}]
    open_questions: [Who decides?]
  - {id: bank, name: Savings banks}
  - {id: no, name: Investors, status: not-a-customer}
needs:
  - {id: teach, statement: Teach my children about money, segments: [planners], importance: 9,
    evidence: [diary], quotes: [{text: "I say no {and} feel mean", source: Interview 3}]}
  - {id: quarrel, statement: Quarrels about allowance, kind: fear, segments: [planners, bank]}
  - {id: small, statement: Find an envelope, segments: [planners], importance: 1}
  - {id: calm, statement: Eat in peace, segments: [planners], importance: 2}
  - {id: sleep, statement: Sleep before midnight, segments: [planners], importance: 3}
personas:
  - {id: monday, name: Monday planner, segment: planners, summary: Plans on Sunday night.,
    behaviors: [{text: They shop on Saturday}], barriers: [{text: Ten minutes are all there is}]}
propositions:
  - id: tasks
    name: A year of small tasks
    segments: [planners, bank]
    products: [{id: envelope, text: Monthly envelope}]
    benefits: [{id: real, text: Children decide}, {id: seen, text: The bank is seen}]
    outreach: School newsletters
    positioning: {alternative: saying no}
    fit:
      - {need: teach, by: [envelope, real], how: One task a week., strength: partial}
      - {need: quarrel, strength: none}
competitors: [{id: as-is, name: Saying no, kind: nothing, segments: [planners]}]
blocks: {customer_relationships: [{text: A call in May, segments: [planners]}]}
hypotheses: [{id: keep, statement: They keep it, segments: [planners]}]
kpis: [{id: third, name: Third envelope, target: 60, segments: [planners]}]
evidence: [{id: diary, statement: 14 of 20 shop on Saturday, n: 20, fingerprint: new}]
"""


@pytest.fixture(scope="module")
def told() -> Stories:
    return fw.tell_stories(parse_canvas(FULL))


def said(found: Stories, segment: str) -> dict[str, list[str]]:
    """Chapter to its sentences, of the story of one segment."""
    (story,) = [one for one in found.stories if one.segment == segment]
    return {one.part: [it.text for it in one.sentences] for one in story.chapters}


def test_a_story_is_told_from_needs_and_words_of_the_segment(told: Stories) -> None:
    assert said(told, "planners") == {
        "day": [
            "They keep a budget and shop on one day.",
            "They shop on Saturday.",
            "One of them is “Monday planner”: Plans on Sunday night.",
        ],
        "needs": [
            "They need to teach their children about money.",
            "In their words: “I say no {and} feel mean” (Interview 3)",
            "They need to eat in peace.",
            "They need to sleep before midnight.",
        ],
        "obstacles": [
            "They fear: “Quarrels about allowance”",
            "Ten minutes are all there is.",
        ],
        "today": ["Some do nothing about it: Saying no.", "Instead of ours: saying no."],
        "hears": [
            "They will hear of it: School newsletters.",
            "They are told, in words for them: “One envelope a month”",
        ],
        "offer": ["A year of small tasks."],
        "use": [
            "For “Teach my children about money” there is, in part: Monthly envelope; "
            "Children decide.",
            "How: One task a week.",
            "For “Quarrels about allowance” there is nothing yet.",
        ],
        "gets": ["They get: Children decide."],
        "pays": [
            "They do not pay for it themselves. Who does: Savings banks.",
            "They would pay for: Tasks for a year (16 (13 to 19) EUR).",
        ],
        "after": [
            "Afterwards: A call in May.",
            "What tells whether it works: Third envelope (target: 60).",
        ],
        "open": ["We believe, and have not tested: “They keep it”", "Who decides?"],
    }
    story = told.stories[0]
    assert (story.lacks, story.untold, story.title) == (
        [], 1, "How this segment would use Penny Path",
    )  # fmt: skip


def test_every_sentence_cites_items_that_hold_its_words() -> None:
    ours = {
        word
        for text in SAYS.values()
        for word in re.findall(r"\w+", re.sub(r"\{\w+\}", " ", text).lower())
    } | {"their", "them", "they"}
    for example in ("clinic-notes", "penny-path", "shared-harvest"):
        text = (EXAMPLES / example / "canvas.yaml").read_text(encoding="utf-8").lower()
        theirs = set(re.findall(r"\w+", text))
        for story in fw.tell_stories(EXAMPLES / example).stories:
            cited = {n for c in story.chapters for it in c.sentences for n in it.cites}
            assert cited == set(range(1, len(story.sources) + 1))
            for it in (it for c in story.chapters for it in c.sentences):
                # No word that neither the canvas nor the phrases around it have.
                assert set(re.findall(r"\w+", it.text.lower())) <= theirs | ours, it.text


def test_sources_say_the_evidence_and_whether_it_changed(told: Stories) -> None:
    sources = {one.item: one for one in told.stories[0].sources}
    claim = sources["segment: planners claims"]
    assert (claim.evidence, claim.changed) == (["14 of 20 shop on Saturday (n = 20)"], True)
    assert (sources["need: teach"].changed, sources["segment: planners"].changed) == (False, False)
    # What the segment and its persona both say is told once, and cites both.
    (twice,) = [it for it in told.stories[0].chapters[0].sentences if it.text.endswith("Saturday.")]
    assert [told.stories[0].sources[n - 1].item for n in twice.cites] == [
        "segment: planners claims", "persona: monday behaviors",
    ]  # fmt: skip


def test_a_story_of_nothing_lists_all_that_it_lacks() -> None:
    (story,) = fw.tell_stories(parse_canvas(BARE)).stories
    assert story.chapters == []
    assert [one.part for one in story.lacks] == [p for p in PARTS if p != "open"] + ["day"]
    known = fw.Canvas.model_json_schema()["properties"]
    assert all(re.split("[: ]", one.key)[0] in known for one in story.lacks)


@pytest.mark.parametrize(
    ("more", "lacking"),
    [
        ("needs: [{id: n, statement: Read, segments: [a]}]", "Their own words"),
        ("", "Proof"),
        ("", "What is there for them"),
    ],
)
def test_what_is_lacking_is_said(more: str, lacking: str) -> None:
    (story,) = fw.tell_stories(parse_canvas(BARE + more)).stories
    assert any(one.text.startswith(lacking) for one in story.lacks)


@pytest.mark.parametrize(
    ("revenue", "sentence"),
    [
        ("pays", "They pay for it."), ("none", "Nobody pays for it."),
        ("sponsored", "Somebody else pays for it."),
        ("sponsored, sponsor: b", "They do not pay for it themselves. Who does: Banks."),
    ],
)  # fmt: skip
def test_who_pays_is_said(revenue: str, sentence: str) -> None:
    canvas = parse_canvas(
        "{forwhom: 1, kind: canvas, segments: ["
        f"{{id: a, name: Adam, revenue: {revenue}}}, {{id: b, name: Banks}}]}}"
    )
    assert said(fw.tell_stories(canvas), "a")["pays"] == [sentence]


def test_low_skills_without_a_message_are_a_lack() -> None:
    def lacks(level: str) -> bool:
        text = BARE.replace("Students", f"S, digital_literacy: {{level: {level}}}")
        (story,) = fw.tell_stories(parse_canvas(text)).stories
        return "low digital level" in " ".join(one.text for one in story.lacks)

    assert [lacks(level) for level in ("none", "basic", "advanced")] == [True, True, False]


def test_who_is_told_of_can_be_chosen() -> None:
    canvas = parse_canvas(FULL)

    def told_of(*names: str) -> list[str]:
        return [one.segment for one in fw.tell_stories(canvas, segments=names).stories]

    assert told_of() == ["planners", "bank"]
    assert told_of("no", "savings banks") == ["bank", "no"]
    with pytest.raises(DataError, match="no segment 'benk'"):
        told_of("benk")


@pytest.mark.parametrize("language", catalogs())
def test_a_story_is_told_in_the_language_of_the_canvas(language: str) -> None:
    found = fw.tell_stories(parse_canvas(f"{FULL}\nlanguage: {language}\n"))
    english = fw.tell_stories(parse_canvas(FULL)).stories[0].chapters
    assert (found.told_in, len(found.stories[0].chapters)) == (language, 11)
    for one, other in zip(found.stories[0].chapters, english, strict=True):
        assert one.heading != other.heading
        assert len(one.sentences) == len(other.sentences)
    assert "Teach my children about money" in " ".join(
        it.text for c in found.stories[0].chapters for it in c.sentences if c.part == "use"
    )
    assert found.stories[0].title in str(FORMS.made(found, "html"))


def test_a_language_without_words_is_told_in_english() -> None:
    assert fw.tell_stories(parse_canvas(f"{BARE}language: sw\n")).told_in == "en"


def test_all_forms_say_all_sentences(told: Stories, tmp_path: Path) -> None:
    texts = {form: FORMS.made(told, form) for form in FORMS if form != "pdf"}
    texts["txt"] = stories_text(told, 60)
    for form, text in texts.items():
        assert isinstance(text, str)
        plain = re.sub(r"\W+", " ", re.sub(r"<[^>]+>", " ", text.replace("&#34;", '"')))
        for story in told.stories:
            for it in (it for c in story.chapters for it in c.sentences):
                assert re.sub(r"\W+", " ", it.text).strip() in plain, (form, it.text)
    assert "diary" not in texts["html"]
    assert "14 of 20 shop on Saturday" in texts["html"]
    written = fw.write_stories(told, tmp_path / "stories.json")
    assert Stories.model_validate_json(written.read_text(encoding="utf-8")) == told


def test_words_of_a_canvas_are_never_markup() -> None:
    text = BARE.replace("Students", '"<b>*x* [y](z)</b>"')
    found = fw.tell_stories(parse_canvas(text))
    assert "&lt;b&gt;*x*" in str(FORMS.made(found, "html"))
    assert "\\<b\\>\\*x\\*" in str(FORMS.made(found, "md"))


def test_a_page_of_paper_for_each_story(told: Stories) -> None:
    pytest.importorskip("typst")
    made = FORMS.made(told, "pdf")
    assert isinstance(made, bytes)
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == len(told.stories)
    nobody = told.model_copy(update={"stories": []})
    with pytest.raises(DocumentError, match="nobody to tell of"):
        FORMS.made(nobody, "pdf")
    assert "nobody to tell of" in stories_text(nobody)


def test_other_things_and_other_forms_are_refused(told: Stories, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="tell_stories"):
        fw.write_stories("canvas.yaml", tmp_path / "a.html")  # type: ignore[arg-type]
    with pytest.raises(OptionError, match=r"docx"):
        fw.write_stories(told, tmp_path / "a.docx")
