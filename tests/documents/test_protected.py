"""Protected attributes: what tells of one, what does not, and that all who ask get one answer."""

from __future__ import annotations

import re

import pytest

from forwhom.documents.canvas import parse_canvas
from forwhom.documents.phrases import languages
from forwhom.documents.protected import answered, named, spoken
from forwhom.documents.protected.attributes import PACKAGE, _protected
from forwhom.documents.segmentation import Variable
from forwhom.lint import lint_canvas
from forwhom.personas.concepts import is_nameable
from forwhom.tables import Summary, infer


def listed(text: str) -> list[str]:
    return text.split()


def variable(name: str, label: str = "") -> Variable:
    return Variable(name=name, label=label or name, measure="count", use="descriptor")


#: Words that tell of an attribute as the name of a column, and as what a segment is about.
ANYWHERE = listed(
    """
    gender sex women female transgender race racial ethnicity ethnic caste hispanic latino caucasian
    indigenous religion religious muslim christian jewish hindu buddhist atheist catholic gay
    lesbian bisexual homosexual heterosexual lgbt queer pregnant pregnancy breastfeeding
    disability disabled handicap wheelchair deaf autistic hiv nationality citizenship immigrant
    migrant foreigner refugee displaced_people asylum_seeker stateless returnee marital_status
    married divorced widow unmarried veteran_status trade_union union_member political_party
    party_member criminal_record ex-offender sexual_orientation mental_illness chronic_disease
    diabetic food_stamps gbv domestic_violence
    """
)
#: Names of columns that tell of one; as words of a text most would mean too much.
COLUMNS = listed(
    """
    sex Sex1 HH_gender is_female isPregnant raceEthn racethn tribe minority asian skin_color
    skinColour faith denomination church political politics voted_for union veteran is_veteran
    marital maritalStatus MaritalStatus maritalstatus marstat spouse health health_status
    healthStatus diagnosis diagnosis_code HIVStatus isHIVPositive medication cancer bmi
    country_of_birth CountryOfBirth birthplace mother_tongue immigration_status citizen
    orientation sexuality biometric_id dna displaced idp_status asylum convicted arrests
    salutation maternity union_membership2 Geschlecht geschlecht Familienstand
    Religionszugehoerigkeit staatsangehoerigkeit Behinderung grad_der_behinderung
    Schwangerschaft Migrationshintergrund Anrede Konfession Hautfarbe Krankheit gewerkschaft
    maennlich
    """
)
#: Names that hold such a word, or a part of one, and tell of nothing.
OTHERS = listed(
    """
    race_time RaceTime race_distance horse_race racetrack trace embrace sussex essex middlesex
    sextant unisex sexton health_insurance_plan healthcare_visits health_and_beauty healthy_food
    health_score customer_health account_health credit_union_member western_union_transfers
    screen_orientation page_orientation origin origin_airport skincare skin_type party_size
    gift_card_denomination womens_shoes women_shoes MntWomenClothes disabled_at account_disabled
    faithful castelli contribute attribute blind_date blinds veterinary diagnostics native_app
    male_connector golf_handicap minority_stake engine_displacement language income education
    household_size children straight_lines white black orders visits spend region channel usage
    page percentage manager management human mankind segment womanizer_index germany ethnography
    mention german_speaking christian_dior_spend agnostic_devices citizens_bank convictional
    medical_device patients hospital clinic vehicle_diagnosis hunderasse alternative
    gesund_essen
    """
)


def use_of(name: str) -> str:
    """The use that a study would be drafted with, judged from the name alone."""
    return infer(Summary(name, "number", 200, 200, 100)).use


@pytest.mark.parametrize("word", ANYWHERE)
def test_all_who_ask_agree(word: str) -> None:
    assert use_of(word) == "protected"
    assert not is_nameable(variable(word))
    text = (
        f"forwhom: 1\nkind: canvas\nsegments: [{{id: s, name: Some {word.replace('_', ' ')} x}}]\n"
    )
    assert lint_canvas(parse_canvas(text), select=["FW209"]).diagnostics


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_that_tells_of_one(name: str) -> None:
    assert use_of(name) == "protected"
    assert not is_nameable(variable(name))
    assert not is_nameable(variable("q1", name))


@pytest.mark.parametrize("word", ["veteran", "health", "diagnosis", "faith", "citizen", "asylum"])
def test_a_word_alone_means_it_and_within_a_text_it_may_not(word: str) -> None:
    assert spoken(word.capitalize())
    assert spoken(f"Those who talk about {word} plans") is None


@pytest.mark.parametrize("name", OTHERS)
def test_a_name_that_means_something_else(name: str) -> None:
    assert named(name) is None
    assert is_nameable(variable(name))


@pytest.mark.parametrize(
    "text",
    [
        "Health workers who visit villages", "People who interpret a diagnosis", "Divorce lawyers",
        "Managers of payments", "Citizens who report potholes", "Members of a credit union",
        "Runners who train for a race", "They religiously check prices", "Veterans of the trade",
        "Buyers of man-made fibers", "Teams with faith in their product",
    ],
)  # fmt: skip
def test_a_text_about_something_else(text: str) -> None:
    assert spoken(text, "en") is None


def test_values_tell_when_two_of_them_do() -> None:
    assert answered(["Refugee", "Host community"])
    assert answered(["Married", "Single", "Other"])
    assert answered(["ledig", "verheiratet"])
    assert not answered(["white", "blue", "red"])
    assert not answered(["S", "M", "L", "F"])


def test_age_describes_segments_and_names_none() -> None:
    told = named("birthYear")
    assert told is not None
    assert (told.attribute, told.audited) == ("age", False)
    assert use_of("age") == "descriptor"
    assert not is_nameable(variable("age"))
    assert is_nameable(variable("account_age"))
    text = "forwhom: 1\nkind: canvas\nsegments: [{id: s, name: People aged 60 and more}]\n"
    assert not lint_canvas(parse_canvas(text), select=["FW209"]).diagnostics


@pytest.mark.parametrize("language", languages(PACKAGE))
def test_every_language_has_every_attribute_and_every_phrase_finds_itself(language: str) -> None:
    words = _protected(language)
    assert words.language == language
    assert list(words.attributes) == list(_protected("en").attributes)
    for name, one in words.attributes.items():
        for kind, lists in (("name", one.words + one.columns), ("text", one.words + one.texts)):
            for phrase in lists:
                said = re.sub(r"[$^*]", "", phrase).replace("…", "so").lower()
                said = said.replace("-", " ") if kind == "name" else said
                assert one.patterns[kind].search(said), f"{language}: {name}: {phrase}"


def test_the_linter_has_word_lists_for_none_but_these_languages() -> None:
    from forwhom.lint import vocabulary

    # Columns are told apart in more languages than texts.
    assert set(languages(vocabulary.PACKAGE)) < set(languages(PACKAGE))


def test_an_attribute_is_told_with_the_words_that_name_it() -> None:
    marital = named("hh_maritalStatus")
    assert (marital.attribute, marital.audited) == ("marital status", True)
    assert marital.words == "marital status"
    assert [named(name) for name in ("race_time", "sussex", "credit_union")] == [None] * 3
    told = answered(["Refugee", "Host community"])
    assert told.attribute == "refugee or displacement status"
    assert spoken("Widows in villages", "en").words == "Widows"
    assert spoken("Managers of payments") is None
    assert languages(PACKAGE) == ("de", "en", "es", "fr", "it", "nl", "pl", "pt")
