"""Two versions of a canvas in words: nothing is silent, what was reworded is not told as gone."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.report.canvases import FULL

from forwhom.documents.base import Document
from forwhom.documents.canvas import Canvas, parse_canvas, read_canvas
from forwhom.documents.canvas.comparing import Difference, compare_canvases, comparison_of
from forwhom.documents.canvas.comparing.matching import out_of_order
from forwhom.documents.canvas.comparing.texts import CALLED, rewording
from forwhom.documents.canvas.fieldnames import field_name, item_name, value_name
from forwhom.errors import OptionError
from forwhom.languages.catalog import speaking

EXAMPLES = Path(__file__).parents[3] / "examples"
HEAD = "forwhom: 1\nkind: canvas\n"


def canvas(text: str) -> Canvas:
    return parse_canvas(HEAD + text)


def said(before: str, after: str) -> list[str]:
    return [one.sentence for one in compare_canvases(canvas(before), canvas(after))]


# Words for everything


def models(
    kind: Any, found: dict[type[Document], None] | None = None
) -> dict[type[Document], None]:
    """Every part that a canvas may hold."""
    found = {} if found is None else found
    if isinstance(kind, type) and issubclass(kind, Document):
        if kind in found:
            return found
        found[kind] = None
        kind = tuple(get_type_hints(kind).values())
    for inner in kind if isinstance(kind, tuple) else get_args(kind):
        models(inner, found)
    return found


MODELS = tuple(models(Canvas))


def literals(kind: Any) -> Iterator[Any]:
    if get_origin(kind) is Literal:
        yield from get_args(kind)
    else:
        for inner in get_args(kind):
            yield from literals(inner)


@pytest.mark.parametrize("model", MODELS, ids=lambda one: one.__name__)
def test_every_field_and_each_of_its_words_is_said_in_words(model: type[Document]) -> None:
    for code in ("en", "de", "ar"):
        with speaking(code):
            for name, kind in get_type_hints(model).items():
                if name.startswith("_") or name == "model_config":
                    continue
                assert field_name(model, name)
                inside = [m for m in models(kind) if get_origin(kind) is list]
                for part in inside[:1]:
                    assert part in CALLED, "by what is it known?"
                    assert item_name(name)
                if model is Canvas and name in ("forwhom", "kind"):
                    continue  # one word each, which never changes
                for word in literals(kind):
                    assert value_name(name, word) != "" or word == ""


def test_there_are_many_parts() -> None:
    assert len(MODELS) > 40


# Nothing is silent


def originals() -> dict[str, Canvas]:
    found = {"full": parse_canvas(FULL)}
    for name in ("penny-path", "clinic-notes", "shared-harvest"):
        found[name] = read_canvas(EXAMPLES / name)
    return found


ORIGINALS = originals()
DATA = {name: one.model_dump(by_alias=True) for name, one in ORIGINALS.items()}


def changed(data: Any, chance: random.Random) -> Any:
    """The data of a canvas with one change somewhere inside, as often deep as not."""
    data = copy.deepcopy(data)
    holder = data
    while True:
        steps = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not steps:
            holder.append("new") if isinstance(holder, list) else holder.update(new=1)
            return data
        step = chance.choice(steps)
        value = holder[step]
        if isinstance(value, dict | list) and value and chance.random() < 0.85:
            holder = value
            continue
        change_at(holder, step, chance)
        return data


def change_at(holder: Any, step: Any, chance: random.Random) -> None:
    value = holder[step]
    if isinstance(holder, list) and chance.random() < 0.6:
        other = chance.randrange(len(holder))
        match chance.randrange(4):
            case 0:
                del holder[step]
            case 1:
                holder[step], holder[other] = holder[other], holder[step]
            case 2:
                holder.insert(other, holder.pop(step))
            case 3:
                holder.insert(other, copy.deepcopy(value))
        return
    match value:
        case bool():
            holder[step] = not value
        case int() | float():
            holder[step] = chance.choice([value + 1, value / 2, 0, value + 1e-9, None])
        case str():
            more = ["", value + " x", "other", value.upper(), None, "serve", "2026-01-02"]
            holder[step] = chance.choice(more)
        case None:
            holder[step] = chance.choice(["", "other", 1, 0, "2026-01-02", {"text": "x"}, "pays"])
        case dict() | list():
            holder[step] = type(value)()


def places(found: list[Difference], *, back: bool = False) -> list[tuple[Any, ...]]:
    both = [(tuple(one.path), tuple(one.path_before)) for one in found]
    return sorted((two[::-1] if back else two for two in both), key=repr)


@settings(max_examples=30)
@given(seed=st.integers(0, 10**6), name=st.sampled_from(sorted(ORIGINALS)), n=st.integers(1, 4))
def test_no_change_is_silent_and_places_are_the_same_both_ways(
    seed: int, name: str, n: int
) -> None:
    chance, data = random.Random(seed), DATA[name]
    for _ in range(n):
        data = changed(data, chance)
    try:
        after = Canvas.model_validate(data)
    except ValidationError:
        return
    before = ORIGINALS[name]
    there, back = compare_canvases(before, after), compare_canvases(after, before)
    assert bool(there) == (before != after)
    assert places(there) == places(back, back=True)
    assert all(one.sentence.strip() for one in there)


def test_the_same_canvas_differs_in_nothing() -> None:
    for one in ORIGINALS.values():
        assert compare_canvases(one, one) == []
    assert said("segments: []\n", "# a comment\ntitle:\n") == []


# What a person would look for


SEGMENT = "segments: [{{id: a, name: Busy parents{}}}, {{id: b, name: Students}}]\n"


def segment(more: str = "") -> str:
    return SEGMENT.format(more)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("", ", status: serve, decision: {reason: They plan., by: Ada, date: 2026-10-01}",
         "candidate → serve, because “They plan.” (Ada, 2026-10-01)"),
        (", status: serve, decision: {reason: They plan.}", "", "serve → candidate"),
        (", status: ignore, decision: {reason: Too few.}",
         ", status: not-a-customer, decision: {reason: Too few.}",
         "ignore → not a customer, because “Too few.”"),
        (", status: serve, decision: {reason: They plan.}",
         ", status: serve, decision: {reason: They pay.}",
         ""),
        (", power: 1", ", power: 0.5", "power 1 → 0.5"),
        (", buti: [buyer]", ", buti: [user, target-impact]",
         "buyer, user or target impact: new: user and target impact; no longer: buyer"),
        (", size: {share: 0.3, low: 0.2}", ", size: {share: 0.345, low: 0.25, customers: 1200}",
         ""),
        ("", ", size: {customers: 12}", "size: new: number of customers 12"),
        (", open_questions: [Who pays for it?]", ", open_questions: [Who pays for it now?]",
         "open questions: “Who pays for it?” → “Who pays for it now?”"),
        (", open_questions: [Who pays?, Who asks?]", ", open_questions: [Who asks?, Who pays?]",
         "open questions: in another order, with “Who asks?” elsewhere"),
        (", sponsor: b", "", "sponsor: no longer: “Students”"),
        (", claims: [{text: They shop on Monday}]",
         ", claims: [{id: mon, text: They shop on Monday}]", ""),
        (", revenue: sponsored", ", revenue: none", "who pays somebody else pays → nobody pays"),
    ],
)  # fmt: skip
def test_what_changed_of_a_segment(before: str, after: str, sentence: str) -> None:
    known = {
        ", status: serve, decision: {reason: They pay.}":
            "segment “Busy parents”, decision: reason: “They plan.” → “They pay.”",
        ", size: {share: 0.345, low: 0.25, customers: 1200}":
            "segment “Busy parents”, size: number of customers: new: 1,200; share 30% → 34.5%; "
            "lower end 20% → 25%",
        ", claims: [{id: mon, text: They shop on Monday}]":
            "segment “Busy parents”, claim “They shop on Monday”: id: new: mon",
    }  # fmt: skip
    wanted = f"segment “Busy parents”: {sentence}" if sentence else known[after]
    assert said(segment(before), segment(after)) == [wanted]
    assert len(said(segment(after), segment(before))) == 1


def test_a_renamed_segment_is_renamed_and_others_name_it_anew() -> None:
    before = segment() + "needs: [{id: n, statement: Park, segments: [a], importance: 6}]\n"
    after = before.replace("Busy parents", "Parents in a hurry").replace(
        "importance: 6", "importance: 8"
    )
    assert said(before, after) == [
        "segment “Busy parents” is now called “Parents in a hurry”",
        "need “Park”: importance 6 → 8",
    ]


def test_an_id_that_changed_is_one_difference_wherever_it_is_named() -> None:
    before = segment() + "needs: [{id: n, statement: Park, segments: [a]}]\n" + (
        "blocks: {channels: [{text: School news, segments: [a, b]}]}\n"
        "decision: {criteria: [{id: big, name: Big}], scores: {a: {big: 6}, b: {big: 1}}}\n"
    )  # fmt: skip
    after = before.replace("id: a", "id: p").replace("[a]", "[p]").replace("[a, b]", "[p, b]")
    found = compare_canvases(canvas(before), canvas(after.replace("a: {big", "p: {big")))
    assert [one.sentence for one in found] == ["segment “Busy parents”: id a → p"]
    assert (found[0].path, found[0].item) == (["segments", 0, "id"], "p")


def test_two_items_with_ids_are_two_whatever_they_say() -> None:
    before, after = (f"segments: [{{id: {i}, name: Parents of {n}}}]\n" for i, n in ("ax", "by"))
    assert said(before, after) == [
        "segment “Parents of x” was removed", "segment “Parents of y” was added"
    ]  # fmt: skip


NOTES = """
blocks:
  channels: [{text: Instagram ads, segments: [a]}, {text: School news, detail: Weekly}]
  key_activities: [{text: Write one task a week for every class}]
"""


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        ("{text: Instagram ads, segments: [a]}, ", "", [
            "note “Instagram ads” in Channels was removed"]),
        ("{text: Instagram ads, segments: [a]}", "{text: Instagram ads, segments: [a, b]}", [
            "note “Instagram ads” in Channels: segments: new: “Students”"]),
        ("{text: Instagram ads", "{text: Instagram ads and posts", [
            "note “Instagram ads” was reworded: “Instagram ads” → “Instagram ads and posts”"]),
        ("one task a week", "two tasks a week", [
            "note “Write one task a week for every class” was reworded: “one task” → “two tasks”"]),
        ("{text: Instagram ads", "{text: The doctor asks", [
            "note “Instagram ads” in Channels was removed",
            "note “The doctor asks” in Channels was added"]),
        ("Weekly", "Monthly", [
            "note “School news” in Channels: detail: “Weekly” → “Monthly”"]),
        ("{text: Instagram ads, segments: [a]}, {text: School news, detail: Weekly}",
         "{text: School news, detail: Weekly}, {text: Instagram ads, segments: [a]}", [
            "Channels: in another order, with “School news” elsewhere"]),
        ("  key_activities", "  team: []\n  key_activities", ["topics without a note: new: Team"]),
    ],
)  # fmt: skip
def test_what_became_of_notes(old: str, new: str, sentences: list[str]) -> None:
    before = segment() + NOTES
    assert said(before, before.replace(old, new)) == sentences


def test_a_note_that_moved_is_not_gone() -> None:
    before = segment() + NOTES
    moved = before.replace("{text: Instagram ads, segments: [a]}, ", "").replace(
        "key_activities: [", "key_activities: [{text: Instagram ads, segments: [a]}, "
    )
    found = compare_canvases(canvas(before), canvas(moved))
    assert [(one.kind, one.sentence) for one in found] == [
        ("moved", "note “Instagram ads” moved from Channels to Key activities")
    ]
    assert found[0].path == ["blocks", "key_activities", 0]
    assert found[0].path_before == ["blocks", "channels", 0]
    assert (found[0].before, found[0].after) == ("Channels", "Key activities")
    both = compare_canvases(canvas(before), canvas(moved.replace("Instagram ads", "Instagram ad")))
    assert [one.kind for one in both] == ["moved", "changed"]


def test_notes_that_say_the_same_stay_apart_by_what_else_they_say() -> None:
    before = (
        segment() + "blocks: {channels: [{text: Web, segments: [a]}, {text: Web, segments: [b]}]}\n"
    )
    after = segment() + "blocks: {channels: [{text: Web, segments: [b]}]}\n"
    found = compare_canvases(canvas(before), canvas(after))
    assert [(one.kind, one.path_before) for one in found] == [
        ("removed", ["blocks", "channels", 0])
    ]


def test_an_offer_and_a_claim_may_move_between_lists() -> None:
    before = canvas(
        segment() + "propositions: [{id: p, name: Box, products: [{id: o, text: Lid}]}]\n"
        "personas: [{id: q, name: Ana, segment: a, goals: [{text: Sleep more}]}]\n"
    )
    data = before.model_dump(by_alias=True)
    offer, claim = data["propositions"][0], data["personas"][0]
    offer["features"], offer["products"] = offer["products"], []
    claim["barriers"], claim["goals"] = claim["goals"], []
    assert [one.sentence for one in compare_canvases(before, Canvas.model_validate(data))] == [
        "persona “Ana”: claim “Sleep more” moved from goals to barriers",
        "proposition “Box”: offer “Lid” moved from products and services to features",
    ]


def test_another_framework_keeps_notes_and_says_so() -> None:
    before = segment() + NOTES
    assert said(before, "framework: lean-canvas\n" + before) == [
        "the framework changed from Business Model Canvas to Lean Canvas; every note is kept"
    ]
    fewer = before.replace("{text: Instagram ads, segments: [a]}, ", "")
    assert said(before, "framework: lean-canvas\n" + fewer)[0] == (
        "the framework changed from Business Model Canvas to Lean Canvas"
    )


# What nobody wrote one by one


def evidence(n: int, print_: str) -> str:
    rows = (
        f"  - {{id: e{i}, statement: Share {i} is {print_}, n: 9, fingerprint: {print_}{i}}}"
        for i in range(n)
    )
    return "evidence:\n" + "\n".join(rows) + "\n"


def test_computed_evidence_is_told_in_one_sentence() -> None:
    before = segment(", claims: [{text: X, evidence: [e1@old1]}, {text: Y, evidence: [e2@old2]}]")
    after = before.replace("@old", "@new")
    assert said(before + evidence(12, "old"), after + evidence(14, "new")) == [
        "segment “Busy parents”: 2 citations were brought up to date with their evidence",
        "evidence was brought up to date: 12 statements",
        "computed evidence: 2 statements are new",
    ]
    assert said(evidence(1, "old"), "") == ["computed evidence: 1 statement is gone"]


def test_a_citation_is_new_gone_renewed_or_called_otherwise() -> None:
    known = evidence(3, "old")
    before, after = (
        segment(f", claims: [{{text: X, evidence: [{cites}]}}]") + known
        for cites in ("e0@a, e1@a", "e1@b, e2")
    )
    assert said(before, after) == [
        "segment “Busy parents”, claim “X”: evidence: new: “Share 2 is old”; "
        "no longer: “Share 0 is old”",
        "segment “Busy parents”, claim “X”: 1 citation was brought up to date with its evidence",
    ]
    assert said(before, before.replace("e0@a", "f0@a").replace("id: e0", "id: f0")) == [
        "evidence was brought up to date: 1 statement"
    ]


def test_evidence_that_somebody_wrote_is_told_field_by_field() -> None:
    before, after = (
        f"evidence: [{{id: i, statement: Nine of {n} said so, n: {n}}}]\n" for n in (12, 14)
    )
    assert said(before, after) == [
        "evidence “Nine of 12 said so” was reworded: “Nine of 12 said so” → “Nine of 14 said so”",
        "evidence “Nine of 14 said so”: number behind it 12 → 14",
    ]


def rated(n: int) -> str:
    rows = (f"{{rater: r{i}, segment: a, item: n, value: {i % 5}}}" for i in range(n))
    return (
        segment() + "needs: [{id: n, statement: Park}]\n"
        f"alignment: {{ratings: [{', '.join(rows)}]}}\n"
    )


def test_ratings_are_counted_and_nobody_is_told_with_what_they_rated() -> None:
    assert said(rated(2), rated(40)) == ["ratings: 38 are new"]
    assert said(rated(2), "") == [
        *said(segment("") + "needs: [{id: n, statement: Park}]\n", "")[:3],
        "ratings: 2 are gone",
    ]
    (one,) = compare_canvases(canvas(rated(2)), canvas(rated(2).replace("value: 1", "value: -3")))
    assert one.sentence == "ratings: 1 changed"
    assert "r1" not in one.model_dump_json()
    assert "−3" not in one.model_dump_json()


def test_keys_of_scores_and_typical_values_are_named() -> None:
    before = segment() + (
        "decision: {criteria: [{id: big, name: Large enough}], scores: {a: {big: 6}}}\n"
        "personas: [{id: p, name: Ana, segment: a, typical: {Visits: '4'}}]\n"
    )
    after = before.replace("big: 6", "big: 7").replace("Visits: '4'", "Visits: '5', Basket: 30")
    assert said(before, after.replace("30", "'30'")) == [
        "persona “Ana”, typical values, “Visits”: “4” → “5”",
        "persona “Ana”, typical values, “Basket”: new: “30”",
        "choice of segments, scores, “Busy parents”, “Large enough”: 6 → 7",
    ]


# In the language of the canvas


def test_sentences_are_in_the_language_of_the_later_canvas() -> None:
    before = segment() + "needs: [{id: n, statement: Parken, importance: 6}]\n"
    after = "language: de\n" + segment(", status: serve, decision: {reason: Sie planen.}") + (
        "needs: [{id: n, statement: Parken, importance: 7.5}]\n"
    )  # fmt: skip
    assert said(before, after) == [
        "Sprache en → de",
        "Segment „Busy parents“: Kandidat → bedienen, weil „Sie planen.“",
        "Bedürfnis „Parken“: Wichtigkeit 6 → 7,5",
    ]
    french = after.replace("language: de", "language: fr")
    assert said(after, french) == ["language de → fr"]  # whole in English, where words lack


def test_a_comparison_knows_its_files(tmp_path: Path) -> None:
    for name, text in (("old", "title: Old\n"), ("new", "title: New\n")):
        (tmp_path / f"{name}.yaml").write_text(HEAD + text)
    found = comparison_of(tmp_path / "old.yaml", str(tmp_path / "new.yaml"))
    assert (found.title, found.before[-8:], found.after[-8:]) == ("New", "old.yaml", "new.yaml")
    assert [one.sentence for one in found.differences] == ["title: “Old” → “New”"]
    with pytest.raises(OptionError, match="A canvas was expected"):
        compare_canvases(canvas(""), None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "how"),
    [
        ("Two words", "Two  words", "only spaces or line breaks"),
        ("a b c d e f g h", "a b X d e f g h", "“c” → “X”"),
        ("a b c d e f g h i", "a X c d e f g h Y", "“b” → “X”; “i” → “Y”"),
        ("a b c d e f g h", "a X c Y e f g h", "“b c d” → “X c Y”"),
        ("a b c d e f g h", "a b c d e f g h and more", "new: “and more”"),
        ("a b c d e f g h", "c d e f g h", "no longer: “a b”"),
        ("a 1 b b b 2 c c c 3 d d d 4", "a 5 b b b 6 c c c 7 d d d 8",
         "“a 1 b b b 2 c c c 3 d d d 4” → “a 5 b b b 6 c c c 7 d d d 8”"),
        ("word " * 60 + "1 b b b 2 c c c 3 d d d 4", "word " * 60 + "5 b b b 6 c c c 7 d d d 8",
         "“1” → “5”; “2” → “6”; “3” → “7”; 1 more"),
    ],
)  # fmt: skip
def test_of_a_text_the_words_that_changed_are_told(old: str, new: str, how: str) -> None:
    assert rewording(old, new) == how


@pytest.mark.parametrize(
    ("order", "moved"),
    [([], []), ([0, 1, 2], []), ([2, 0, 1], [0]), ([1, 2, 0], [2]), ([3, 2, 1, 0], [0, 1, 2]),
     ([0, 4, 1, 2, 3], [1])],
)  # fmt: skip
def test_the_fewest_stand_elsewhere(order: list[int], moved: list[int]) -> None:
    assert list(out_of_order(order)) == moved
