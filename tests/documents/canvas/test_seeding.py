from __future__ import annotations

import difflib
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from forwhom.documents import yamlfile
from forwhom.documents.canvas import Canvas, canvas_text, cited, parse_canvas, seed_canvas
from forwhom.documents.canvas.references import citations
from forwhom.documents.canvas.seeding import PERSONA_QUESTIONS, SEGMENT_QUESTIONS
from forwhom.documents.models import RulesModel
from forwhom.documents.segmentation import Segmentation, TypicalMember
from forwhom.documents.separateness import CriterionVerdict, PairVerdict, Separateness
from forwhom.documents.structure import Structure
from forwhom.errors import DocumentError, OptionError, OutputError

from .segmentations import OFTEN, OLD, RARE, accepted_in, evidence, first, refit, seeded
from .strategies import canvases


def test_a_new_canvas_says_what_the_segmentation_says_and_nothing_else() -> None:
    done = seeded(first(), source="segments")
    canvas = parse_canvas(done.text)
    assert (done.added, done.changed, done.gone, done.suspect) == (
        ["Regulars", "Others"],
        [],
        [],
        [],
    )
    assert (canvas.title, canvas.created) == ("Café: 'ours' # 1", "2026-11-25")
    one, other = canvas.segments
    assert (one.id, one.name, one.discovered, one.bases) == (
        "segment-1", "Regulars", 1, ["behavioral"],
    )  # fmt: skip
    assert one.size is not None
    assert (one.size.customers, one.size.share, one.size.low) == (None, 0.6, 0.3)
    assert [claim.text for claim in one.claims] == [OFTEN, OLD]
    # A distinction without evidence is no claim.
    assert [claim.text for claim in other.claims] == [RARE]
    assert one.open_questions == list(SEGMENT_QUESTIONS)
    assert (one.description, one.status, one.decision, one.revenue) == ("", "candidate", None, None)
    assert canvas.personas[0].typical == {"Visits per month": "8 visits"}
    assert canvas.personas[0].open_questions == list(PERSONA_QUESTIONS)
    assert canvas.needs == canvas.propositions == canvas.hypotheses == []
    assert canvas.blocks == {}


def test_a_canvas_is_seeded_in_its_language() -> None:
    found = first()
    said = (
        "Segment 1 brings 70% of the revenue (total spend; 60% to 80%), with 60% of the customers"
    )
    told = [*found.evidence, evidence("segment-1.revenue", said, "abcd")]
    found = found.model_copy(update={"evidence": told})
    made = seed_canvas(found, language="de")
    canvas = parse_canvas(made.text)
    assert canvas.language == "de"
    assert canvas.segments[0].open_questions[0] == "Welche Aufgabe wollen sie erledigen?"
    claim = canvas.segments[0].claims[0]
    assert claim.text == (
        "Segment 1 bringt einen Anteil von 70 % (Umsatz: Gesamtausgaben; 60 % bis 80 %), bei 60 % "
        "der Kunden"
    )
    # It keeps its language, and what did not move changes nothing.
    again = seed_canvas(found, canvas)
    assert (again.text, again.changed, again.suspect) == (made.text, [], [])
    # Another language of a canvas that exists changes no word whose evidence did not move.
    english = seed_canvas(found).text.replace("framework:", "language: de\nframework:")
    assert seed_canvas(found, parse_canvas(english)).text == english
    with pytest.raises(OptionError, match="is written in 'de', not in 'ar'"):
        seed_canvas(found, canvas, language="ar")
    with pytest.raises(OptionError, match="'german' is no code of a language"):
        seed_canvas(found, language="german")


def test_what_a_segment_brings_of_the_revenue_is_its_first_claim() -> None:
    said = (
        "Segment 1 brings 70% of the revenue (total spend; 60% to 80%), with 60% of the customers"
    )
    found = first()
    told = [*found.evidence, evidence("segment-1.revenue", said, "abcd")]
    done = seeded(found.model_copy(update={"evidence": told}))
    one, other = parse_canvas(done.text).segments
    assert [claim.text for claim in one.claims] == [said, OFTEN, OLD]
    assert one.claims[0].evidence == ["segment-1.revenue@abcd"]
    assert [claim.text for claim in other.claims] == [RARE]


def test_every_claim_cites_evidence_as_it_is() -> None:
    canvas = parse_canvas(seeded(first()).text)
    known = {e.id: e for e in first().evidence}
    found = list(citations(canvas))
    assert len(found) == 2 + 3 + 3  # sizes, claims of segments, claims of personas
    for _, citation in found:
        name, fingerprint = cited(citation)
        assert known[name].fingerprint == fingerprint
    # Only what is cited is there, and the number of segments.
    assert {e.id for e in canvas.evidence} == set(known) - {"segment-1.certainty"}
    for one in canvas.evidence:
        assert one.statement == known[one.id].statement
        assert one.fingerprint == known[one.id].fingerprint
    for segment in canvas.segments:
        for claim in segment.claims:
            assert known[cited(claim.evidence[0])[0]].statement == claim.text


def test_claims_can_be_fewer_and_the_framework_another() -> None:
    canvas = parse_canvas(seeded(first(), claims=1, framework="lean-canvas").text)
    assert [claim.text for claim in canvas.segments[0].claims] == [OFTEN]
    assert canvas.framework == "lean-canvas"
    with pytest.raises(OptionError, match="Did you mean 'lean-canvas'"):
        seeded(first(), framework="lean-canvs")


def touched(text: str) -> str:
    """A canvas that people worked in: comments, words, and a segment of their own."""
    text = text.replace("name: Regulars", "name: Our regulars  # renamed by Ada", 1)
    text = text.replace(f'"{OFTEN}"', f"'{OFTEN[:-1]}, and we like it.'   # said by Ada", 1)
    text = text.replace("segments:\n", "# For whom?\nsegments:\n", 1)
    text = text.replace(
        "personas:\n",
        "  - id: schools   # ours\n    name: Schools\n    description: >-\n"
        "      They have\n      no time.\n\n    # more to come\n\npersonas:\n",
        1,
    )
    return (
        text + "# The end.\n\nneeds:\n  - {id: n, statement: Wait less, segments: [segment-1]}\n\n"
    )


def test_a_refit_brings_evidence_up_to_date_and_changes_no_word() -> None:
    before = touched(seeded(first(), source="segments").text)
    done = seeded(refit(), before, source="segments")
    assert done.added == ["Newcomers"]
    assert done.changed == ["segments.number", "segment-1.size", "segment-1.distinction.visits"]
    assert done.gone == ["segment-1.distinction.age"]
    assert done.suspect == [
        "segment-1.size", "c-segment-1.distinction.visits", "c-segment-1.distinction.age",
        "p-segment-1.distinction.visits", "p-segment-1.distinction.age",
    ]  # fmt: skip
    # To the letter: only lines of evidence are other than they were.
    lines = list(difflib.ndiff(before.splitlines(), done.text.splitlines()))
    taken = [line[2:] for line in lines if line.startswith("- ")]
    evidence = before[before.index("\nevidence:") : before.index("\nhistory:")].splitlines()
    assert taken
    assert set(taken) <= set(evidence)
    canvas, old = parse_canvas(done.text), parse_canvas(before)
    assert canvas.segments[0].name == "Our regulars"
    assert [c.id for c in canvas.segments[0].claims] == [
        "c-segment-1.distinction.visits", "c-segment-1.distinction.age",
        "c-segment-1.distinction.weekend",
    ]  # fmt: skip
    assert canvas.segments[0].size == old.segments[0].size
    assert canvas.segments[1:3] == old.segments[1:]
    assert (canvas.segments[3].id, canvas.personas[2].id) == ("segment-3", "persona-3")
    assert canvas.needs == old.needs
    known = {e.id: e for e in canvas.evidence}
    assert known["segment-1.distinction.age"].fingerprint == "gone"
    assert known["segment-1.distinction.age"].statement == OLD
    for fresh in refit().evidence:
        if fresh.id in known:
            assert known[fresh.id].fingerprint == fresh.fingerprint
            assert known[fresh.id].statement == fresh.statement
            assert known[fresh.id].date == "2026-12-24" or fresh.fingerprint in ("s2", "d3")
    assert [(h.date, h.what) for h in canvas.history] == [
        ("2026-11-25", "seeded"), ("2026-12-24", "seeded"),
    ]  # fmt: skip


def test_again_with_the_same_segmentation_changes_nothing() -> None:
    text = touched(seeded(first()).text)
    assert seeded(first(), text).text == text
    later = seeded(refit(), text)
    again = seeded(refit(), later.text)
    assert again.text == later.text
    assert (again.added, again.changed, again.gone) == ([], [], [])
    assert again.suspect == later.suspect


def test_evidence_that_comes_back_clears_the_suspicion() -> None:
    text = seeded(first()).text
    back = seeded(first(), seeded(refit(), text).text)
    assert "segment-1.distinction.age" in back.changed
    # What the refit added is gone with it, and only that.
    assert back.suspect == [
        "c-segment-1.distinction.weekend", "segment-3.size", "c-segment-3.distinction.visits",
        "p-segment-3.distinction.visits",
    ]  # fmt: skip


def test_what_a_person_took_away_does_not_come_back() -> None:
    text = seeded(first()).text
    lines = [line for line in text.splitlines(keepends=True) if "id: c-segment-2" not in line]
    without = "".join(lines)
    without = re.sub(r"(claims:\n)(\s+text:.*\n\s+evidence:.*\n)", r"claims: []\n", without)
    assert parse_canvas(without).segments[1].claims == []
    assert seeded(first(), without).text == without


def test_evidence_of_interviews_is_left_alone() -> None:
    text = seeded(first()).text.replace(
        "evidence:\n  - id", "evidence:\n  - {id: segment-talks, statement: Talks}\n  - id", 1
    )
    done = seeded(refit(), text)
    assert "{id: segment-talks, statement: Talks}" in done.text
    assert "segment-talks" not in done.gone


@pytest.mark.parametrize("taken", ["segment-3", "persona-3", "c-segment-1.distinction.weekend"])
def test_an_id_that_somebody_took_is_theirs(taken: str) -> None:
    text = seeded(first()).text + f"needs: [{{id: {taken}, statement: Ours}}]\n"
    done = seeded(refit(), text)
    canvas = parse_canvas(done.text)
    assert canvas.needs[0].id == taken
    assert done.added == ([] if taken == "segment-3" else ["Newcomers"])
    assert seeded(refit(), done.text).text == done.text


def test_windows_line_ends_stay() -> None:
    text = touched(seeded(first()).text).replace("\n", "\r\n")
    done = seeded(refit(), text).text
    assert "\n" not in done.replace("\r\n", "")
    assert parse_canvas(done) == parse_canvas(seeded(refit(), text.replace("\r\n", "\n")).text)


def test_an_alias_is_no_way_to_damage() -> None:
    text = seeded(first()).text
    assert 'statement: "60 % of customers."' in text
    # The words of a person repeat those of the evidence, which a refit changes.
    shared = text.replace('statement: "60 % of customers."', 'statement: &s "60 % of customers."')
    shared += "needs: [{id: n, statement: *s}]\n"
    with pytest.raises(OutputError, match=r"touching something else: 'needs\[1\].statement'"):
        seeded(refit(), shared)
    # An alias that repeats something else does no harm.
    repeated = text.replace("title:", "summary: &t Two\ntitle:", 1) + "not_for: [*t]\n"
    canvas = parse_canvas(seeded(refit(), repeated).text)
    assert (canvas.summary, canvas.not_for) == ("Two", ["Two"])


def test_a_bad_canvas_is_refused_with_its_name() -> None:
    with pytest.raises(DocumentError, match=r"ours.yaml:3:1: there is no key 'segmnts'"):
        seeded(first(), "forwhom: 1\nkind: canvas\nsegmnts: []\n", path="ours.yaml")


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(canvases())
def test_any_canvas_keeps_everything_it_says(canvas: Canvas) -> None:
    text = canvas_text(canvas)
    after = parse_canvas(seeded(first(), text).text)
    ours = {"segments", "personas", "evidence", "history", "seeded_from"}
    assert after.model_dump(exclude=ours) == canvas.model_dump(exclude=ours)
    assert [s.id for s in canvas.segments] == [s.id for s in after.segments][: len(canvas.segments)]
    assert after.personas[: len(canvas.personas)] == canvas.personas
    assert after.evidence[: len(canvas.evidence)] == canvas.evidence
    again = seeded(first(), canvas_text(after))
    assert again.text == canvas_text(after)


def with_typical(run: Segmentation, value: str, fingerprint: str) -> Segmentation:
    """A run whose typical member is evidence."""
    told = f"Visits per month: {value}"
    found = [e for e in run.evidence if not e.id.endswith(".typical")]
    member = TypicalMember(based_on=12, values={"visits": value})
    segments = [s.model_copy(update={"typical_member": member}) for s in run.segments]
    typical = evidence("segment-1.typical", told, fingerprint)
    return run.model_copy(update={"segments": segments, "evidence": [*found, typical]})


def test_typical_values_that_nobody_touched_follow_their_evidence() -> None:
    text = seeded(with_typical(first(), "8 visits", "t1")).text
    persona = parse_canvas(text).personas[0]
    assert persona.evidence == ["segment-1.typical@t1"]
    later = with_typical(first(), "9 visits", "t2")
    done = seeded(later, text)
    persona = parse_canvas(done.text).personas[0]
    assert (persona.typical, persona.evidence) == (
        {"Visits per month": "9 visits"}, ["segment-1.typical@t2"],
    )  # fmt: skip
    assert done.suspect == []
    own = text.replace('"8 visits"', "about eight", 1)
    done = seeded(later, own)
    assert parse_canvas(done.text).personas[0].typical == {"Visits per month": "about eight"}
    assert done.suspect == ["persona-1.typical"]


def test_segments_that_are_numbered_anew_are_refused() -> None:
    text = seeded(first()).text
    other = refit().model_copy(update={"model": RulesModel(rules=[], otherwise="Everybody else")})
    assert other.lineage != first().lineage
    with pytest.raises(OptionError, match=r"does not continue the one .* --like"):
        seeded(other, text)
    done = seeded(other, text, same_numbers=True)
    assert parse_canvas(done.text).seeded_from == other.lineage
    kept = other.model_copy(update={"like": first().lineage})
    assert seeded(kept, text).text == done.text


def test_another_framework_is_a_matter_of_converting() -> None:
    text = seeded(first()).text
    with pytest.raises(OptionError, match="convert"):
        seeded(refit(), text, framework="lean-canvas")
    assert seeded(refit(), text, framework="business-model-canvas").text


def test_evidence_remembers_what_it_said_before() -> None:
    done = seeded(refit(), seeded(first()).text)
    known = {e.id: e for e in parse_canvas(done.text).evidence}
    assert known["segment-1.distinction.visits"].previous == OFTEN
    assert known["segment-2.size"].previous == ""


def test_what_is_no_segmentation_or_no_canvas_is_refused() -> None:
    with pytest.raises(OptionError, match="A segmentation was expected, and this is a NoneType"):
        seed_canvas(None)  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="A canvas was expected"):
        seed_canvas(first(), 3)  # type: ignore[arg-type]


def test_text_is_parsed_once_before_its_edits_and_once_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = seeded(first()).text
    parsed: list[str] = []
    compose = yamlfile._compose
    monkeypatch.setattr(yamlfile, "_compose", lambda text: parsed.append(text) or compose(text))
    done = seeded(refit(), text)
    assert parsed == [text, done.text]
    accepted = accepted_in(done.text)
    assert parsed[2:] == [done.text, accepted.text]


def judged(run: Segmentation, verdict: str, said: str = "A verdict.", **more: Any) -> Segmentation:
    """A run with a verdict on its structure, and the evidence for it."""
    structure = Structure.model_validate({"verdict": verdict, "rows": 100, **more})
    segments = []
    for one in run.segments:
        standing, neighbors = structure.standing(one.id)
        segments.append(one.model_copy(update={"standing": standing, "neighbors": neighbors}))
    told = evidence("segments.structure", said, f"v-{verdict}")
    return run.model_copy(
        update={
            "structure": structure, "segments": segments, "evidence": [told, *run.evidence],
        }
    )  # fmt: skip


def standings(text: str) -> list[str | None]:
    return [segment.standing for segment in parse_canvas(text).segments]


ONE_LINE = {"scale": {"dimensions": 1}}
TWO_LINES = {"scale": {"dimensions": 2}}


@pytest.mark.parametrize(
    ("verdict", "more", "expected"),
    [
        ("clear", {}, ["group", "group"]),
        ("likely", {"islands": [[1], [2]]}, ["group", "group"]),
        ("clear", {"islands": [[1, 2]]}, ["slice", "slice"]),
        ("scale", ONE_LINE, ["band", "band"]),
        ("scale", TWO_LINES, ["cut", "cut"]),
        ("unclear", {}, ["unproven", "unproven"]),
        ("unclear", {"islands": [[1], [2]]}, ["unproven", "unproven"]),
        ("unclear", {"islands": [[1, 2]]}, ["unproven", "unproven"]),
        ("one", {}, ["unproven", "unproven"]),
    ],
)
def test_a_canvas_says_what_its_segments_are(verdict: str, more: Any, expected: list[str]) -> None:
    text = seeded(judged(first(), verdict, **more)).text
    canvas = parse_canvas(text)
    assert standings(text) == expected
    assert canvas.summary == "A verdict."
    assert canvas.evidence[0].id == "segments.structure"
    assert standings(seeded(first()).text) == [None, None]
    assert parse_canvas(seeded(first()).text).summary == ""


def test_a_refit_brings_the_verdict_up_to_date_and_no_word_of_a_person() -> None:
    before = seeded(judged(first(), "clear")).text
    scale = judged(first(), "scale", "Now a scale.", **ONE_LINE)
    done = seeded(scale, before)
    assert done.changed == ["segments.structure"]
    assert standings(done.text) == ["band", "band"]
    assert parse_canvas(done.text).summary == "Now a scale."
    own = before.replace("summary: A verdict.", "summary: What Ada wrote.")
    assert parse_canvas(seeded(scale, own).text).summary == "What Ada wrote."
    # A run without a verdict takes back what was said, and one with it adds it to an older canvas.
    untold = seeded(first(), before)
    assert untold.gone == ["segments.structure"]
    assert standings(untold.text) == [None, None]
    older = seeded(scale, seeded(first()).text)
    assert standings(older.text) == ["band", "band"]
    assert parse_canvas(older.text).evidence[-1].id == "segments.structure"
    assert parse_canvas(older.text).summary == ""
    assert seeded(scale, older.text).text == older.text


def _compared(run: Segmentation, *said: tuple[int, int, str, str]) -> Segmentation:
    """A run in which pairs were compared by channel: numbers, verdict, fingerprint."""
    pairs, items = [], list(run.evidence)
    for one, other, verdict, mark in said:
        criterion = CriterionVerdict(
            criterion="channel", verdict=verdict, variables=["way"], leading=["Way"], kind="V",
            effect=0.4, low=0.3, high=0.5, minimum=0.1, p=0.01, formed=False,
        )  # fmt: skip
        pairs.append(PairVerdict(first=one, second=other, criteria=[criterion], sentence="So."))
        item = evidence(f"segments-{one}-{other}.channel", f"They are {verdict}.", mark)
        items.append(item.model_copy(update={"verdict": verdict}))
    told = {"separateness": Separateness(pairs=pairs), "evidence": items}
    return run.model_copy(update=told)


def _pairs(text: str) -> list[tuple[list[str], list[str]]]:
    return [(pair.segments, pair.evidence) for pair in parse_canvas(text).pairs]


def test_pairs_cite_what_was_measured_and_follow_it() -> None:
    text = seeded(_compared(first(), (1, 2, "different", "v1"))).text
    assert _pairs(text) == [(["segment-1", "segment-2"], ["segments-1-2.channel@v1"])]
    # A person calls a segment otherwise, and cites something of their own.
    data = parse_canvas(re.sub(r"\bsegment-1(?=[,\n])", "regulars", text)).model_dump()
    data["pairs"][0]["evidence"].append("letters")
    data["evidence"].append({"id": "letters", "statement": "They write letters"})
    own = canvas_text(Canvas.model_validate(data))
    newer = _compared(refit(), (1, 2, "equivalent", "v2"), (2, 3, "different", "v3"))
    done = seeded(newer, own)
    assert _pairs(done.text) == [
        (["regulars", "segment-2"], ["segments-1-2.channel@v2", "letters"]),
        (["segment-2", "segment-3"], ["segments-2-3.channel@v3"]),
    ]
    assert not [one for one in done.suspect if "pairs" in one]
    assert seeded(newer, done.text).text == done.text


def test_a_pair_that_a_person_took_away_stays_away() -> None:
    run = _compared(first(), (1, 2, "different", "v1"))
    text = seeded(run).text
    without = re.sub(r"pairs:\n.*?(?=\nevidence:)", "pairs: []", text, flags=re.DOTALL)
    assert _pairs(without) == []
    assert _pairs(seeded(run, without).text) == []
