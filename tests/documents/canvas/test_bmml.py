from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.canvas import Canvas, parse_canvas
from forwhom.documents.canvas.exchange.bmml.reading import parse_bmml
from forwhom.documents.canvas.exchange.bmml.writing import bmml_text
from forwhom.documents.yamlfile import parse_yaml
from forwhom.documents.yamlwriting import dump_yaml
from forwhom.errors import DocumentError

from .strategies import TEXTS, canvases

CALM = settings(max_examples=15)

#: For each list of bmml: how ids begin, the keys it must have, and those it may have.
RULES: dict[str, tuple[str, set[str], set[str]]] = {
    "customer_segments": ("cs", {"name"}, {"description", "jobs", "pains", "gains"}),
    "jobs": ("job", {"description"}, set()),
    "pains": ("pain", {"description"}, set()),
    "gains": ("gain", {"description"}, set()),
    "value_propositions": (
        "vp", {"name"}, {"description", "products_services", "pain_relievers", "gain_creators"},
    ),
    "products_services": ("ps", {"name"}, set()),
    "pain_relievers": ("pr", {"name"}, set()),
    "gain_creators": ("gc", {"name"}, set()),
    "fits": ("fit", {"for"}, {"mappings"}),
    "channels": ("ch", {"name"}, {"for"}),
    "customer_relationships": ("cr", {"name"}, {"for"}),
    "revenue_streams": ("rs", {"name"}, {"from", "for"}),
    "key_resources": ("kr", {"name"}, {"for"}),
    "key_activities": ("ka", {"name"}, {"for"}),
    "key_partnerships": ("kp", {"name"}, {"for"}),
    "costs": ("cost", {"name"}, {"for"}),
}  # fmt: skip
#: What each list may name in 'for' and 'from'.
NAMES = {
    "fits": {"value_propositions", "customer_segments"},
    "channels": {"value_propositions", "customer_segments"},
    "customer_relationships": {"customer_segments"},
    "revenue_streams": {"value_propositions", "customer_segments"},
    "key_resources": {"value_propositions"},
    "key_activities": {"value_propositions"},
    "key_partnerships": {"key_resources", "key_activities"},
    "costs": {"key_resources", "key_activities"},
}
STAGES = {
    "explore": {"ideation", "discovery", "validation", "acceleration", "transfer"},
    "exploit": {"improve", "grow", "sustain", "retire", "transfer"},
}
META = {"name", "tagline", "created", "updated", "portfolio", "stage", "derived_from"}


def check_bmml(data: dict[str, Any]) -> None:
    """The rules of bmml 2.0 that its schema states."""
    assert data["version"] == "2.0"
    assert {"name", "portfolio", "stage"} <= set(data["meta"]) <= META
    assert data["meta"]["stage"] in STAGES[data["meta"]["portfolio"]]
    ids: list[str] = []
    for key, items in data.items():
        if key not in ("version", "meta"):
            for item in items:
                check_item(key, item, ids)
    assert len(ids) == len(set(ids))


def check_item(key: str, item: dict[str, Any], ids: list[str]) -> None:
    start, required, optional = RULES[key]
    assert {"id", *required} <= set(item) <= {"id", *required, *optional}, (key, item)
    assert re.fullmatch(f"{start}-[a-z0-9-]+", item["id"])
    ids.append(item["id"])
    for name, value in item.items():
        if name in RULES:
            for inner in value:
                check_item(name, inner, ids)
        elif name in ("for", "from"):
            assert set(value) <= NAMES[key]
            for named, ends in value.items():
                assert all(re.fullmatch(f"{RULES[named][0]}-[a-z0-9-]+", end) for end in ends)
        elif name == "mappings":
            kinds = [(a.split("-")[0], b.split("-")[0]) for a, b in value]
            assert set(kinds) <= {("pr", "pain"), ("gc", "gain")}
        else:
            assert isinstance(value, str)


SMALL = st.integers(0, 3)


@st.composite
def models(draw: Any) -> dict[str, Any]:
    """Any bmml file: ids in order, references that lead somewhere."""
    names: dict[str, list[str]] = {}

    def items(key: str, most: int = 3) -> list[dict[str, Any]]:
        start, (text,) = RULES[key][0], RULES[key][1]
        made = []
        for _ in range(draw(st.integers(0, most))):
            names.setdefault(start, []).append(f"{start}-{len(names.get(start, ())) + 1}")
            made.append({"id": names[start][-1], text: draw(TEXTS)})
        return made

    def some(start: str) -> list[str]:
        known = names.get(start, [])
        return draw(st.lists(st.sampled_from(known), unique=True, max_size=3)) if known else []

    data: dict[str, Any] = {"version": "2.0"}
    portfolio = draw(st.sampled_from(sorted(STAGES)))
    data["meta"] = {
        "name": draw(TEXTS.filter(bool)),
        "portfolio": portfolio,
        "stage": draw(st.sampled_from(sorted(STAGES[portfolio]))),
    }
    home, owner = {}, {}
    data["customer_segments"] = items("customer_segments")
    for segment in data["customer_segments"]:
        for key in ("jobs", "pains", "gains"):
            segment[key] = items(key, 2)
            home |= {need["id"]: segment["id"] for need in segment[key]}
    data["value_propositions"] = items("value_propositions")
    for proposition in data["value_propositions"]:
        for key in ("products_services", "pain_relievers", "gain_creators"):
            proposition[key] = items(key, 2)
            owner |= {offer["id"]: proposition["id"] for offer in proposition[key]}
    data["fits"] = []
    for number in range(draw(SMALL)):
        ends = {"value_propositions": some("vp"), "customer_segments": some("cs")}
        if all(ends.values()):
            pairs = [
                [offer, need]
                for offer in owner
                for need in home
                if (offer[:2], need[:4]) in {("pr", "pain"), ("gc", "gain")}
                and owner[offer] in ends["value_propositions"]
                and home[need] in ends["customer_segments"]
            ]
            chosen = draw(st.lists(st.sampled_from(pairs), max_size=4)) if pairs else []
            data["fits"].append({"id": f"fit-{number}", "for": ends, "mappings": chosen})
    for key in ("channels", "customer_relationships", "key_resources", "key_activities",
                "revenue_streams", "key_partnerships", "costs"):  # fmt: skip
        data[key] = items(key)
        for item in data[key]:
            named = NAMES[key]
            if key == "revenue_streams":
                item["from"] = {"customer_segments": some("cs")}
                named = {"value_propositions"}
            item["for"] = {name: some(RULES[name][0]) for name in sorted(named)}
    return data


@CALM
@given(models())
def test_any_bmml_survives_the_way_to_a_canvas_and_back(data: dict[str, Any]) -> None:
    check_bmml(data)
    canvas = parse_bmml(dump_yaml(data)).canvas
    done = bmml_text(canvas)
    assert (done.lost, done.changed) == ([], [])
    written = parse_yaml(done.text, "x").data
    check_bmml(written)
    assert parse_bmml(done.text).canvas == canvas
    assert said(written) == said(data)


def said(data: dict[str, Any]) -> Any:
    """What a bmml file says: without the ids of fits, and without what is empty."""
    pairs = {
        (tuple(pair), s) for fit in data.get("fits", ()) for pair in fit.get("mappings", ())
        for s in fit["for"]["customer_segments"] if any(
            need["id"] == pair[1] for c in data["customer_segments"] if c["id"] == s
            for key in ("pains", "gains") for need in c.get(key, ())
        )
    }  # fmt: skip
    ends = {
        (p, s) for fit in data.get("fits", ())
        for p in fit["for"]["value_propositions"] for s in fit["for"]["customer_segments"]
    }  # fmt: skip
    return pairs, ends, full({key: value for key, value in data.items() if key != "fits"})


def full(value: Any) -> Any:
    if isinstance(value, list):
        return [full(one) for one in value]
    if isinstance(value, dict):
        filled = {key: full(inner) for key, inner in value.items()}
        return {key: inner for key, inner in filled.items() if inner or key == "name"}
    return value


@CALM
@given(canvases())
def test_any_canvas_becomes_valid_bmml_that_says_what_it_lost(canvas: Canvas) -> None:
    done = bmml_text(canvas)
    check_bmml(parse_yaml(done.text, "x").data)
    back = parse_bmml(done.text).canvas
    assert [s.name for s in back.segments] == [s.name for s in canvas.segments]
    assert [p.name for p in back.propositions] == [p.name for p in canvas.propositions]
    stated = {n.statement for n in canvas.needs if n.segments}
    assert {n.statement for n in back.needs} == stated
    lost = {line.split(" (")[0] for line in done.lost}
    for part in ("participants", "personas", "competitors", "hypotheses", "questions", "kpis",
                 "evidence", "not_for", "history", "alignment"):  # fmt: skip
        assert (part in lost) == bool(getattr(canvas, part)), part
    # What came out of bmml is a fixed point.
    again = bmml_text(back)
    assert (again.text, again.lost, again.changed) == (done.text, [], [])


OURS = """\
forwhom: 1
kind: canvas
segments:
  - {id: Parents_1, name: Parents, bases: [behavioral]}
  - {id: schools, name: Schools}
needs:
  - {id: less-waste, statement: Waste less, kind: pain, segments: [Parents_1, schools]}
  - {id: worry, statement: Do the wrong thing, kind: fear, segments: [schools], importance: 3}
  - {id: alone, statement: Nobody's, segments: []}
propositions:
  - id: kit
    name: Kit
    features: [{id: small, text: Small boxes}]
    relieves: [{id: exact, text: Exact portions}]
    fit: [{need: less-waste, by: [exact], strength: full}, {need: worry, by: [small]}]
blocks:
  channels: [{text: 'Écoles & Cafés', segments: [schools], detail: In June}]
  key_resources: [{id: team, text: Team}]
  key_partners: [{text: Farms, supports: [team]}]
  kpi: [{text: Members}]
"""


def test_what_bmml_wants_otherwise_is_changed_and_said() -> None:
    done = bmml_text(parse_canvas(OURS))
    data = parse_yaml(done.text, "x").data
    check_bmml(data)
    assert data["customer_segments"][0]["id"] == "cs-parents-1"
    assert [s["pains"][0]["id"] for s in data["customer_segments"]] == [
        "pain-less-waste", "pain-less-waste-schools",
    ]  # fmt: skip
    assert data["fits"] == [
        {
            "id": f"fit-kit-{who}",
            "for": {"value_propositions": ["vp-kit"], "customer_segments": [f"cs-{who}"]},
            "mappings": [["pr-exact", pain]],
        }
        for who, pain in (
            ("parents-1", "pain-less-waste"), ("schools", "pain-less-waste-schools"),
        )
    ]  # fmt: skip
    assert data["channels"] == [
        {
            "id": "ch-ecoles-cafes",
            "name": "Écoles & Cafés",
            "for": {"customer_segments": ["cs-schools"]},
        }
    ]
    assert data["key_partnerships"][0]["for"] == {"key_resources": ["kr-team"]}
    assert done.lost[:6] == [
        "segments.bases (1)", "needs.importance (1)", "propositions.fit.strength (1)",
        "blocks.channels.detail (1)", "blocks.kpi (1)", "needs of no segment (1)",
    ]  # fmt: skip
    assert done.lost[6].startswith("pairs of an offer and a need other than")
    changed = "\n".join(done.changed)
    for word in (
        "Parents_1 → cs-parents-1", "'explore'", "'ideation'", "'Untitled'", "'less-waste' stands",
        "the fear 'worry' is a pain", "features of 'kit'", "answers a need of 'schools'",
    ):  # fmt: skip
        assert word in changed


def test_ids_that_fit_stay_and_others_do_not_collide_with_them() -> None:
    text = OURS.replace("id: schools,", "id: parents-1,").replace("[schools]", "[parents-1]")
    text = text.replace(", schools]", ", parents-1]")
    ids = [
        s["id"]
        for s in parse_yaml(bmml_text(parse_canvas(text)).text, "x").data["customer_segments"]
    ]
    assert ids == ["cs-parents-1", "cs-parents-1-2"]


def test_a_stage_and_a_portfolio_that_disagree() -> None:
    start = "forwhom: 1\nkind: canvas\ntitle: A\n"
    done = bmml_text(parse_canvas(start + "portfolio: explore\nstage: grow\n"))
    assert "portfolio: explore, stage: ideation" in done.text
    assert done.lost == ["stage 'grow' (1)"]
    done = bmml_text(parse_canvas(start + "stage: sustain\n"))
    assert "portfolio: exploit, stage: sustain" in done.text
    assert (done.lost, len(done.changed)) == ([], 1)


HEAD = 'version: "2.0"\nmeta: {name: A, portfolio: explore, stage: ideation}\n'
SEGMENT = "customer_segments: [{id: cs-a, name: A, pains: [{id: pain-a, description: D}]}]\n"
OFFER = "value_propositions: [{id: vp-a, name: V, pain_relievers: [{id: pr-a, name: R}]}]\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "m.bmml:1:1: the file is empty. Expected a bmml file"),
        ("[1]", "m.bmml:1:1: found a list"),
        ("meta: {}\n", "m.bmml:1:1: the key 'version' is missing"),
        ('version: "1.0"\n', "m.bmml:1:1: this is bmml '1.0'. Expected version 2.0"),
        ("version: [2]\n", "m.bmml:1:1: this is bmml"),
        ('version: "2.0"\n', "m.bmml:1:1: the key 'meta' is missing"),
        (HEAD.replace("explore", "explor"), "m.bmml:2:17: 'meta.portfolio' cannot be 'explor'"),
        (HEAD.replace("ideation", "grow"), "m.bmml:2:37: 'grow' is no stage of 'explore'"),
        (HEAD.replace("name", "nam"), "m.bmml:2:8: there is no key 'nam'.*Did you mean 'name'"),
        (HEAD + "chanels: []\n", "m.bmml:3:1: there is no key 'chanels'. Did you mean 'channels'"),
        (HEAD + "costs: [{id: cost-a, name: A, to: {}}]\n", "m.bmml:3:31: there is no key 'to'"),
        (HEAD + "customer_segments: [{id: a, name: A}]\n",
         r"m.bmml:3:22: 'customer_segments\[1\].id' is 'a'. Expected text of the form \^cs-"),
        (HEAD + f"customer_segments: [{{id: cs-{'a' * 99}, name: A}}]\n", "at most 80 characters"),
        (HEAD + SEGMENT.replace("pain-a", "cs-a"), "m.bmml:3:50: .*pain-"),
        (HEAD + SEGMENT + "costs: [{id: cost-a, name: A}, {id: cost-a, name: B}]\n",
         "m.bmml:4:33: the id 'cost-a' is here twice"),
        (HEAD + SEGMENT + "channels: [{id: ch-a, name: A, for: {customer_segments: [cs-a, cs-b]}}"
         "]\n", "m.bmml:4:64: there is no segment 'cs-b'. Did you mean 'cs-a'"),
        (HEAD + "costs: [{id: cost-a, name: A, for: {key_resources: [kr-x]}}]\n",
         "m.bmml:3:53: there is no note 'kr-x'"),
        (HEAD + "costs: [{id: cost-a, name: A, for: {customer_segments: [cs-a]}}]\n",
         "m.bmml:3:37: there is no key 'customer_segments'"),
        (HEAD + SEGMENT + OFFER + "fits: [{id: fit-a, for: {value_propositions: [vp-b], "
         "customer_segments: [cs-a]}}]\n", "m.bmml:5:47: there is no 'vp-b'. Did you mean 'vp-a'"),
        (HEAD + SEGMENT + OFFER + "fits: [{id: fit-a, for: {value_propositions: [vp-a], "
         "customer_segments: [cs-a]}, mappings: [[pr-a, pain-b]]}]\n",
         "m.bmml:5:100: there is no 'pain-b'. Did you mean 'pain-a'"),
        (HEAD + SEGMENT + OFFER + "fits: [{id: fit-a, for: {value_propositions: [vp-a], "
         "customer_segments: [cs-a]}, mappings: [[pr-a, gain-b]]}]\n",
         r"m.bmml:5:93: \[pr-a, gain-b\] is no pair of bmml"),
        (HEAD + SEGMENT + OFFER + "fits: [{id: fit-a, for: {value_propositions: [vp-a]}}]\n",
         "the key 'customer_segments' of .* is missing"),
        (HEAD + "fits: [{id: fit-a, for: {}, mappings: [[a]]}]\n", "mappings"),
        (HEAD.replace("meta", "\tmeta"), "m.bmml:2:.*tab"),
    ],
)  # fmt: skip
def test_bad_bmml_is_said_with_line_and_column(text: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        parse_bmml(text, "m.bmml")
    assert re.match(r"m\.bmml:\d+:\d+: ", str(caught.value))


def test_a_pair_of_others_is_refused() -> None:
    segments = SEGMENT.replace("]}]", "]}, {id: cs-b, name: B}]")
    text = (
        HEAD + segments + OFFER + "fits: [{id: fit-a, for: {value_propositions: [vp-a], "
        "customer_segments: [cs-b]}, mappings: [[pr-a, pain-a]]}]\n"
    )
    with pytest.raises(DocumentError, match="'pain-a' belongs to 'cs-a', and this fit is for oth"):
        parse_bmml(text)


def test_what_people_leave_open_or_write_without_quotes_is_fine() -> None:
    text = (
        "version: 2.0\nmeta: {name: 2024, portfolio: exploit, stage: grow, created: 2024-03-01}\n"
        "customer_segments:\nchannels:\n- {id: ch-a, name: yes, for: }\n"
    )
    canvas = parse_bmml(text).canvas
    assert (canvas.title, canvas.created) == ("2024", "2024-03-01")
    assert canvas.blocks["channels"][0].text == "yes"


def test_a_file_without_fits_has_propositions_for_nobody() -> None:
    done = parse_bmml(HEAD + SEGMENT + OFFER)
    assert done.canvas.propositions[0].segments == []
    assert done.lost == []
    assert parse_bmml(HEAD + "fits:\n").lost == []
