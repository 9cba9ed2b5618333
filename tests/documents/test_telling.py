"""A segmentation as its reader's language has it: what a run kept in English is said again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from tests.documents.test_refresh import move
from tests.documents.test_refresh import told as later_period
from tests.report.made import typical
from tests.report.test_kept import EXAMPLES

from forwhom.documents import dump_segmentation, read_segmentation
from forwhom.documents.models import RulesModel
from forwhom.documents.segmentation import Segmentation, TypicalMember, Variable
from forwhom.documents.telling import told_segmentation, written_segmentation
from forwhom.languages.catalog import speaking
from forwhom.languages.phrases import About, label_told, name_told, phrase_told
from forwhom.languages.retelling import told
from forwhom.personas.vocabulary import CONCEPTS, PARTS

LANGUAGES = ("de", "ar")
#: Words that no English sentence does without.
ENGLISH = re.compile(
    r"\b(the|of|or|is|are|were|with|from|which|that|this|these|each|every|than|not|by|how|what|"
    r"who|they|them|it|has|have|be|as|on|to|for|more|less|most|only|nothing|customers?|segments|"
    r"groups?|share|all|average|rest|times|days|orders|lines|items|spend|trips per month)\b"
)


@pytest.fixture(scope="module")
def groceries() -> Segmentation:
    return read_segmentation(EXAMPLES / "complete-journey" / "segmentation.json")


def texts(found: Segmentation) -> Iterator[str]:
    """Yield what a report shows of what a run kept, its notes aside."""
    for segment in found.segments:
        yield segment.name
        yield from (one.statement for one in segment.distinctions)
        yield from (one.phrase for one in segment.distinctions)
    for variable in found.variables:
        yield variable.definition
    for one in found.evidence:
        yield one.statement
        yield one.method
    assert found.separateness is not None
    yield from (pair.sentence for pair in found.separateness.pairs)
    yield from (*found.separateness.sentences, *found.separateness.notes)
    yield from (*found.quality.warnings, *(one.why for one in found.quality.left_out))


def of_others(found: Segmentation) -> list[str]:
    """Return what the data and their people call things, the longest first."""
    study = found.study or {}
    named = study["variables"]
    assert isinstance(named, dict)
    words = [one[key] for one in named.values() for key in ("label", "unit") if one.get(key)]
    words += [word.rsplit(": ", 1)[-1] for word in words] + ["trips to other stores"]
    words += [level for one in found.variables for level in one.levels]
    words += [one.split(" per ")[0] for one in words if " per " in one]
    words += ["stores", "departments", "department", "brand"]
    return sorted(words, key=len, reverse=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_ours_stays_english(language: str, groceries: Segmentation) -> None:
    theirs = re.compile("|".join(map(re.escape, of_others(groceries))), re.IGNORECASE)
    with speaking(language):
        shown = list(texts(told_segmentation(groceries)))
    bare = [theirs.sub("", re.sub("[\u2068\u2069]", "", text)) for text in shown]
    assert [text for text in bare if ENGLISH.search(text)] == []


def test_a_file_stays_as_it_is(groceries: Segmentation) -> None:
    before = dump_segmentation(groceries)
    assert told_segmentation(groceries) is groceries
    with speaking("de"):
        shown = told_segmentation(groceries)
    assert dump_segmentation(groceries) == before
    assert shown.segments[0].name == "Kauft oft, große Bestellungen"
    assert [one.fingerprint for one in shown.evidence] == [
        one.fingerprint for one in groceries.evidence
    ]


def test_what_a_person_named_stays() -> None:
    found = typical()
    found.segments[0] = found.segments[0].model_copy(
        update={"name": "Frequent", "proposed_name": "Small orders"}
    )
    with speaking("de"):
        assert told_segmentation(found).segments[0].name == "Frequent"
        assert told_segmentation(found).segments[0].proposed_name == "Small orders"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_a_name_is_told(language: str) -> None:
    phrases = [phrase for one in CONCEPTS for _, phrase in (one.high, one.low)]
    phrases += [phrase for both in PARTS.values() for phrase in both]
    leads = [lead for one in CONCEPTS for lead, _ in (one.high, one.low)]
    with speaking(language):
        assert [one for one in phrases if phrase_told(one) == one] == []
        assert [one for one in phrases if phrase_told(f"fairly {one}").startswith("fairly")] == []
        assert [one for one in leads if told(one) == one] == []


def test_names_are_told_by_their_phrases() -> None:
    with speaking("de"):
        both: dict[str, About] = {"not “web”": "level", "big orders": "number"}
        assert name_told("Not “web”, fairly big orders", both) == (
            "Nicht „web“, eher große Bestellungen"
        )
        assert name_told("High income", {"high income": "number"}) == "Income: hoch"
        assert name_told("Plan: not pro", {"plan: not pro": "level"}) == "Plan: nicht pro"
        # An answer of the data may read as a form of ours, and stays.
        for answer in ("high school", "never married", "with children", "more than 2", "frequent"):
            assert phrase_told(answer, "level") == answer
        assert phrase_told("travel: not frequent", "level") == "travel: nicht frequent"
        assert phrase_told("never married", "answer") == "nie married"
        # What is no phrase of the segment is somebody's word.
        assert name_told("Private", {"big orders": "number"}) == "Private"
        assert name_told("Average customers", {}) == "Durchschnittliche Kunden"
        assert name_told("Champions", {}) == "Die Besten"


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Number of purchase days", "Anzahl Kauftage"),
        ("Orders per month", "Bestellungen im Monat"),
        ("Share of spend: deli (department)", "Anteil (Ausgaben): deli (department)"),
        # Somebody's own label is nobody's to translate, also where it begins as ours do.
        ("Number of children", "Number of children"),
        ("Visits per month", "Visits per month"),
        ("Customers", "Customers"),
    ],
)
def test_only_labels_of_what_was_computed_are_told(label: str, said: str) -> None:
    with speaking("de"):
        assert label_told(label) == said


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (
            "Which do you use?: Web: 64% yes, 43% of the rest",
            "Which do you use?: Web: 64 % ja, von den übrigen 43 %",
        ),
        (
            "71% chose 'selected' (Came by the web), over 99.9% of the rest",
            "71 % wählten 'selected' (Came by the web), von den übrigen über 99,9 %",
        ),
        (
            "Bought over a longer time: 228.5 days on average, the rest 117 (twice as long; 89% "
            "have any, 61% of the rest)",
            "Kaufte über längere Zeit: im Mittel 228,5 Tage, die übrigen 117 (doppelt so lang; "
            "überhaupt etwas: 89 %, von den übrigen 61 %)",
        ),
        (
            "Spends more: €1,250 on average, the rest €98 (13 times as much)",
            "Gibt mehr aus: im Mittel €1.250, die übrigen €98 (13-mal so viel)",
        ),
        (
            "Group 2 is 7.9% of the customers (6.9% to 9.1%)",
            "Gruppe 2 umfasst 7,9 % der Kunden (6,9 % bis 9,1 %)",
        ),
        (
            "A customer of segment 1 is expected to bring 2,077 USD in the next 365 days (1,978 "
            "USD to 2,181 USD)",
            "Ein Kunde (Segment 1) bringt voraussichtlich 2.077 USD (1.978 USD bis 2.181 USD; "
            "Zeitraum: nächste 365 Tage)",
        ),
        (
            "shop.csv: rows without a customer: 71,821 (22.4%), left out.",
            "shop.csv: Zeilen ohne Kunden: 71.821 (22,4 %), weggelassen.",
        ),
        (
            "2 levels of 'region' and 1 level of 'plan' that fewer than 10 customers have count "
            "as missing.",
            "2 Stufen von 'region' und 1 Stufe von 'plan' gelten als fehlend, weil je weniger als "
            "10 Kunden sie haben.",
        ),
    ],
)
def test_sentences_keep_their_numbers_and_the_words_of_others(kept: str, said: str) -> None:
    with speaking("de"):
        assert told(kept).replace("\u00a0", " ") == said


def test_a_later_period_is_told(groceries: Segmentation) -> None:
    moved = move(0.9, 0.1, words="from 12 days on average to 1.5")
    later = later_period(moves=[moved], notes=["Rules are not refitted: a person wrote them."])
    found = groceries.model_copy(update={"refreshed": later})
    with speaking("de"):
        shown = told_segmentation(found).refreshed
    assert shown is not None
    (one,) = shown.moves
    assert (one.label, one.words) == ("Visits", "im Mittel zuerst 12 Tage, jetzt 1,5")
    assert shown.notes == ["Regeln werden nicht neu gesucht: Ein Mensch hat sie geschrieben."]


def test_others_words_stand_apart_in_an_arabic_name_and_not_in_a_canvas() -> None:
    with speaking("ar"):
        said = name_told("Low income", {"low income": "number"})
        assert "\u2068income\u2069" in said
        found = typical()
        first = found.segments[0]
        little = first.distinctions[0].model_copy(update={"phrase": "little deli"})
        named = {"name": "Little deli", "proposed_name": "Little deli", "distinctions": [little]}
        found.segments[0] = first.model_copy(update=named)
        assert "\u2068" in told_segmentation(found).segments[0].name
        assert "\u2068" not in written_segmentation(found).segments[0].name
    assert written_segmentation(found) is found


def test_what_is_of_the_data_stays_whatever_it_reads_like() -> None:
    """Levels, names of rules and labels of people are told by no message that has their words."""
    found = typical()
    variables = {one.name: one for one in found.variables}
    plan = next(name for name, one in variables.items() if one.levels)
    amount = next(name for name, one in variables.items() if one.measure == "positive")
    labels = {plan: "Offer", amount: "Number of children"}
    said = found.segments[0].distinctions[0].model_copy(
        update={"variable": amount, "level": None, "phrase": "", "statement":
                "Number of children: 1,203.5 on average, the rest 2 (over 100 times as much)"}
    )  # fmt: skip
    typical_member = TypicalMember(based_on=20, values={plan: "Private", amount: "1,203 days"})
    first = found.segments[0].model_copy(
        update={"distinctions": [said], "typical_member": typical_member}
    )
    found = found.model_copy(
        update={
            "segments": [first, *found.segments[1:]],
            "variables": [
                one.model_copy(update={"label": labels.get(one.name, one.label)})
                for one in found.variables
            ],
        }
    )
    with speaking("de"):
        shown = told_segmentation(found)
    assert shown.segments[0].typical_member is not None
    assert shown.segments[0].typical_member.values == {plan: "Private", amount: "1.203 Tage"}
    assert shown.segments[0].distinctions[0].statement == (
        "Number of children: im Mittel 1.203,5, die übrigen 2 (über 100-mal so viel)"
    )


def test_steps_that_are_numbers_are_more_or_less() -> None:
    found = typical()
    steps = Variable(
        name="nps", label="Would recommend", measure="ordinal", use="active",
        levels=[str(i) for i in range(11)],
    )  # fmt: skip
    said = (
        found.segments[0]
        .distinctions[0]
        .model_copy(update={"variable": "nps", "level": "9", "phrase": "high would recommend"})
    )
    named = {"name": "High would recommend", "proposed_name": "High would recommend"}
    first = found.segments[0].model_copy(update={"distinctions": [said], **named})
    found = found.model_copy(
        update={"variables": [*found.variables, steps], "segments": [first, *found.segments[1:]]}
    )
    with speaking("de"):
        assert told_segmentation(found).segments[0].name == "Would recommend: hoch"


def test_a_number_alone_is_a_name_in_every_language() -> None:
    found = typical()
    first = found.segments[0]
    found.segments[0] = first.model_copy(update={"name": "Band 12", "proposed_name": "Band 12"})
    with speaking("de"):
        assert told_segmentation(found).segments[0].name == "Abschnitt 12"
    rules = found.model_copy(update={"model": RulesModel(rules=[])})
    rules.segments[1] = rules.segments[1].model_copy(
        update={"name": "Frequent", "proposed_name": "Frequent"}
    )
    with speaking("de"):
        assert told_segmentation(rules).segments[1].name == "Frequent"
