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
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.telling import told_segmentation, written_segmentation
from forwhom.languages.catalog import speaking
from forwhom.languages.phrases import label_told, name_told, phrase_told
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
        assert name_told("Not “web”, fairly big orders", ["not “web”", "big orders"]) == (
            "Nicht „web“, eher große Bestellungen"
        )
        assert name_told("High income", ["high income"]) == "Income: hoch"
        assert name_told("Plan: not pro", ["plan: not pro"]) == "Plan: nicht pro"
        # What is no phrase of the segment is somebody's word.
        assert name_told("Frequent", ["big orders"]) == "Frequent"
        assert name_told("Average customers", []) == "Durchschnittliche Kunden"
        assert name_told("All customers", []) == "Alle Kunden"
        assert name_told("Segment 3", []) == "Segment 3"


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
    assert (one.label, one.words) == ("Visits", "von durchschnittlich 12 Tage auf 1,5")
    assert shown.notes == ["Regeln werden nicht neu gesucht: Ein Mensch hat sie geschrieben."]


def test_others_words_stand_apart_in_an_arabic_name_and_not_in_a_canvas() -> None:
    with speaking("ar"):
        said = name_told("Low income", ["low income"])
        assert "\u2068income\u2069" in said
        found = typical()
        first = found.segments[0]
        little = first.distinctions[0].model_copy(update={"phrase": "little deli"})
        named = {"name": "Little deli", "proposed_name": "Little deli", "distinctions": [little]}
        found.segments[0] = first.model_copy(update=named)
        assert "\u2068" in told_segmentation(found).segments[0].name
        assert "\u2068" not in written_segmentation(found).segments[0].name
    assert written_segmentation(found) is found
