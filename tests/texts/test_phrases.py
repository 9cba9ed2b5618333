"""Phrases, who said them and in which tone; names, numbers and small words are none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.people.names import given_names
from forwhom.texts import known_languages, masked, spoken, tokens_of, tongue_of, words_of
from forwhom.texts.wordlists import TONES


def said(texts: list[str], language: str = "en", least: int = 1) -> dict[str, set[str]]:
    """Return each phrase with the tones that anybody says it in."""
    words = words_of(language)
    found = spoken(tokens_of(texts, words.elisions), np.arange(len(texts)), words, least)
    tones: dict[str, set[str]] = {phrase: set() for phrase in found.phrases}
    for one, heard in zip(found.phrase, found.tones, strict=True):
        tones[found.phrases[one]] |= {t for t, yes in zip(TONES, heard, strict=True) if yes}
    return tones


def counts(texts: list[str], customers: list[int], least: int) -> dict[str, int]:
    found = spoken(tokens_of(texts), np.array(customers), words_of("en"), least)
    return dict(zip(found.phrases, found.counts.tolist(), strict=True))


def test_phrases_have_up_to_three_words_and_end_with_one_that_says_something() -> None:
    found = said(["The battery of the tablet is dead.", "battery, tablet", "battery dead tablet"])
    assert {"battery", "tablet", "dead"} <= found.keys()
    assert "battery dead tablet" in found
    assert not [p for p in found if p.split()[0] in ("the", "of", "is") or p.endswith(" is")]
    assert "battery, tablet" not in found  # nothing goes over a mark


def test_a_part_that_is_said_in_nothing_else_is_no_phrase_of_its_own() -> None:
    texts = ["easy to use"] * 9 + ["use"] * 9
    assert counts(texts, list(range(18)), 2).keys() == {"easy to use", "use"}


def test_customers_count_and_not_words() -> None:
    texts = ["battery battery", "battery", "screen", "battery"]
    assert counts(texts, [0, 0, 1, 1], 2) == {"battery": 2}
    assert counts(texts, [0, 0, 0, 0], 2) == {}
    assert counts(texts, [0, -1, 1, -1], 1) == {"battery": 1, "screen": 1}


def test_forms_of_a_word_are_one_only_where_both_are_said() -> None:
    assert counts(["battery", "batteries", "batteries"], [0, 1, 2], 1) == {"batteries": 3}
    assert counts(["news", "news"], [0, 1], 1) == {"news": 2}


@pytest.mark.parametrize(
    ("language", "text", "phrase", "tones"),
    [
        ("en", "It is not easy.", "not easy", {"pain"}),
        ("en", "It is easy.", "easy", {"gain"}),
        ("en", "There is no problem with it.", "no problem", set()),
        ("en", "The printer does not work.", "not work", {"pain"}),
        ("en", "I am worried about hidden fees.", "hidden fees", {"fear", "pain"}),
        ("en", "I want to print photos.", "photos", {"job"}),
        ("en", "The food was great, but the waiter was slow.", "waiter", {"pain"}),
        ("de", "Die Bedienung ist nicht einfach.", "nicht einfach", {"pain"}),
        ("de", "Der Drucker funktioniert nicht.", "funktioniert nicht", {"pain"}),
        ("de", "Ich habe Angst vor versteckten Kosten.", "versteckten kosten", {"fear"}),
        ("fr", "L'écran n'est pas facile à lire.", "pas facile", {"pain"}),
        ("fr", "Le lecteur ne marche pas sur ce quai.", "ne marche pas", {"pain"}),
        ("fr", "L'écran est très lent.", "écran", {"pain"}),
        ("fr", "Le colis n'arrive pas.", "n'arrive pas", set()),
        ("fr", "J'ai peur des frais cachés.", "frais cachés", {"fear"}),
        ("es", "La batería no dura.", "no dura", set()),
        ("es", "Quiero imprimir fotos.", "imprimir fotos", {"job"}),
        ("es", "El envío fue lento.", "envío", {"pain"}),
    ],
)  # fmt: skip
def test_tones_and_denials_in_every_language(
    language: str, text: str, phrase: str, tones: set[str]
) -> None:
    found = said([text], language)
    assert [tones for p in found if f" {phrase} " in f" {p} "], found
    assert {frozenset(own) for p, own in found.items() if f" {phrase} " in f" {p} "} == {
        frozenset(tones)
    }


@pytest.mark.parametrize(
    "text",
    [
        "Kevin was rude", "Ask Mrs Okonkwo about it", "kevin was rude", "Anna Zwieback helped me",
        "write to ada@example.org now", "call +49 170 1234567", "see https://example.org/kevin now",
        "order 4711 came", "paid 19,99 twice", "thanks @zwieback and #okonkwo",
    ],
)  # fmt: skip
def test_nobody_is_named_and_no_number_told(text: str) -> None:
    for phrase in said([text] * 12):
        assert not set(phrase.split()) & {
            "kevin", "okonkwo", "zwieback", "ada", "example", "org", "anna",
        }  # fmt: skip
        assert not any(sign.isdigit() or sign == "@" for sign in phrase)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Das sagte Dr. Zwieback sehr lustlos"), ("de", "frau zwieback war unfreundlich"),
        ("en", "my mr. zwieback was rude"), ("en", "THE DR. ZWIEBACK WAS RUDE"),
        ("fr", "le conseil de mme zwieback était mauvais"), ("es", "la sra. zwieback fue lenta"),
    ],
)  # fmt: skip
def test_who_has_a_title_is_named_in_no_spelling(language: str, text: str) -> None:
    found = said([text] * 12, language)
    assert found
    assert not any("zwieback" in phrase for phrase in found)


@pytest.mark.parametrize(
    ("language", "texts", "kept"),
    [
        ("fr", ["cette application m'énerve beaucoup"], "énerve"),
        ("en", ["I miss features that were there"], "features"),
        ("es", ["tiene un don natural para todo"], "natural"),
        ("en", ["time to see a dr", "Waiting here is too long"], "waiting"),
    ],
)
def test_what_stands_behind_a_word_that_may_be_a_title_is_a_word(
    language: str, texts: list[str], kept: str
) -> None:
    assert any(kept in phrase for phrase in said(texts * 12, language))


def test_what_one_says_between_a_denial_and_a_phrase_is_not_told() -> None:
    """Ten customers deny a word, each with another one before it: each of these is one's own."""
    own = [f"w{chr(97 + i)}rdle" for i in range(12)]
    assert set(said([f"It is not {word} reliable" for word in own], least=10)) == {"not reliable"}
    told = said([f"La cena {word} no fue buena" for word in own], "es", least=10)
    assert told
    assert not any(word in phrase for phrase in told for word in own)


def test_a_word_that_mostly_has_a_capital_is_a_name_and_a_jack_is_none() -> None:
    texts = ["I met Brigadoon there", "we saw Brigadoon again", "the audio jack broke", "a jack"]
    found = said(texts + ["my jack is loose"] * 4)
    assert "brigadoon" not in found
    assert "jack" in found
    assert "kürbis" in said(["Der Kürbis schmeckt", "Ein Kürbis"], "de")  # every noun has one


def test_each_language_is_recognized_by_its_small_words() -> None:
    texts = {
        "en": "The screen is too dark and I could not read what it says about the order.",
        "de": "Der Bildschirm ist zu dunkel und ich konnte nicht lesen, was er zum Preis sagt.",
        "fr": "L'écran est trop sombre et je ne pouvais pas lire ce qu'il dit sur la commande.",
        "es": "La pantalla es muy oscura y no pude leer lo que dice sobre el pedido.",
    }
    assert set(texts) == set(known_languages())
    for language, text in texts.items():
        assert tongue_of(tokens_of([text] * 5)).language == language
    both = tongue_of(tokens_of([texts["en"]] * 8 + [texts["de"]] * 2))
    assert (both.language, both.others) == ("en", 0.2)
    for other in ("Skærmen er for mørk, jeg kunne slet ikke læse", "屏幕太暗了", "", "12 34"):
        assert tongue_of(tokens_of([other])).language == ""


def test_word_lists_are_small_letters_without_repetition() -> None:
    for language in known_languages():
        words = words_of(language)
        names = sorted(given_names([language]))
        lists = [words.stop, words.negations, words.titles, names, *words.cues]
        for one in lists:
            assert one == [word.lower() for word in one]
            assert not {w for w in one if one.count(w) > 1} - {"worden", "mal", "am", "was", "else"}
    assert len(given_names(known_languages())) > 700


def test_what_a_quote_does_not_show() -> None:
    assert masked("mail a.b@example.org or +1 (555) 010-9999, 3 days") == "mail […] or […], 3 days"


@settings(max_examples=25)
@given(st.lists(st.text(max_size=40), max_size=8), st.integers(1, 3))
def test_any_text_is_read(texts: list[str], least: int) -> None:
    found = spoken(tokens_of(texts), np.arange(len(texts)) % 3, words_of("en"), least)
    assert (found.counts >= least).all()
    assert list(found.phrases) == sorted(set(found.phrases))
    assert len(found.tones) == len(found.text) == len(found.phrase)
    assert len({*zip(found.phrase.tolist(), found.customer.tolist(), strict=True)}) == len(
        found.text
    )
