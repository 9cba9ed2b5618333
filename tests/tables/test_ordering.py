"""The order of levels."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.tables.ordering import is_no_answer, level_name, natural_order, recognized_order

SCALES = [
    ("Never", "Rarely", "Sometimes", "Often"),
    ("Never, and not open to it", "Never, but open to it", "Rarely", "Sometimes", "Often"),
    ("Not at all important", "Not too important", "Somewhat important", "Very important"),
    ("Not at all masculine", "Not very masculine", "Somewhat masculine", "Very masculine"),
    ("Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"),
    ("Very dissatisfied", "Neutral", "Satisfied", "Very satisfied"),
    ("Very unlikely", "Unlikely", "Likely", "Very likely"),
    ("Poor", "Fair", "Good", "Excellent"),
    ("less than once a year", "Monthly", "Weekly", "Daily"),
    ("XS", "S", "M", "L", "XL", "XXL"),
    ("Low", "Medium", "High"),
    ("Bronze", "Silver", "Gold", "Platinum"),
    ("Basic", "High school", "Bachelor", "Master", "PhD"),
    ("High school or less", "Some college", "College or more"),
    ("19-24", "25-34", "35-44", "45-54", "55-64", "65+"),
    ("18 - 34", "35 - 64", "65 and up"),
    ("Under 15K", "15-24K", "25-34K", "100-124K", "250K+"),
    ("$0-$9,999", "$10,000-$24,999", "$200,000+"),
    ("< 1 year", "1-3 years", "4-5 years", "> 5 years"),
    ("0", "1", "2", "3+"),
    ("None", "1", "2", "3+"),
    ("1 Extremely well", "2 Quite well", "3 Not too well", "4 Not well at all"),
    ("1-9 employees", "10-49 employees", "50-249 employees", "250+ employees"),
    ("less than 100", "100 to 199", "200 or more"),
    # How often: a period and a number, in any words.
    (
        "Never",
        "Once a year",
        "Every three months",
        "Once a month",
        "Once a week",
        "More than once a week",
    ),
    (
        "Less than once a month",
        "1-2 times a month",
        "3-4 times a month",
        "2-3 times per week",
        "Every day",
    ),
    ("Rarely", "every other week", "twice a week", "daily", "several times a day"),
    ("less than monthly", "monthly", "2x per month", "weekly or more"),
    (
        "Nie",
        "Einmal im Jahr",
        "Alle drei Monate",
        "Einmal pro Monat",
        "Mehrmals pro Woche",
        "Täglich",
    ),
    ("seltener", "einmal im Monat", "zweimal im Monat", "mehr als einmal pro Woche"),
    (
        "Jamais",
        "Une fois par an",
        "Tous les trois mois",
        "Une fois par semaine",
        "Plusieurs fois par semaine",
        "Tous les jours",
    ),
    ("Nunca", "Una vez al año", "Cada tres meses", "Una vez por semana", "Todos los días"),
    # Numbers beside words at the ends.
    ("I hate it!-5", "-4", "-3", "-2", "-1", "0", "+1", "+2", "+3", "+4", "I love it!+5"),
    ("1 (not at all)", "2", "3", "4", "5 (very much)"),
    ("1 - gar nicht", "2", "3", "4", "5 - sehr"),
    ("Very poor 1", "2", "3", "4", "Very good 5"),
    ("★", "★★", "★★★", "★★★★"),
    # Bands.
    ("Unter 18", "18 bis 24", "25 bis 34", "65 und älter"),
    ("unter 1.000 €", "1.000–1.999 €", "2.000–2.999 €", "ab 3.000 €"),
    ("Moins de 18 ans", "18 à 24 ans", "25-34 ans", "65 ans et plus"),
    ("Menos de 18 años", "18 a 24 años", "25-34 años", "Más de 64 años"),
    ("(0, 25]", "(25, 50]", "(50, 100]"),
    ("[18, 30)", "[30, 45)", "[45, 99)"),
    ("25 or younger", "26 - 40", "41 or older"),
    ("aged 16-24", "aged 25-44", "aged 45 and over"),
    ("1-5", "6-25", "26-100", "100-500", "500-1000", "More than 1000"),
    ("No children", "1 child", "2 children", "3 or more children"),
    # Scales of other languages, and words that every level has.
    (
        "Stimme überhaupt nicht zu",
        "Stimme eher nicht zu",
        "Teils/teils",
        "Stimme eher zu",
        "Stimme voll und ganz zu",
    ),
    ("trifft gar nicht zu", "trifft eher nicht zu", "trifft eher zu", "trifft voll und ganz zu"),
    ("sehr unzufrieden", "eher unzufrieden", "weder noch", "eher zufrieden", "sehr zufrieden"),
    ("Pas du tout d'accord", "Plutôt pas d'accord", "Plutôt d'accord", "Tout à fait d'accord"),
    ("Très insatisfait", "Insatisfait", "Neutre", "Satisfait", "Très satisfait"),
    ("Totalmente en desacuerdo", "En desacuerdo", "Neutral", "De acuerdo", "Totalmente de acuerdo"),
    ("nunca", "rara vez", "a veces", "a menudo", "siempre"),
    ("nie", "selten", "manchmal", "oft", "immer"),
    ("jamais", "rarement", "parfois", "souvent", "toujours"),
    ("kein Abschluss", "Hauptschule", "Realschule", "Abitur", "Master", "Promotion"),
    ("Brevet", "CAP/BEP", "Bac", "Bac+2", "Bac+3", "Bac+5"),
    ("Primaria", "Secundaria", "Bachillerato", "Universitaria", "Doctorado"),
    ("Low income", "Middle income", "High income"),
    ("Very difficult", "Somewhat difficult", "Somewhat easy", "Very easy"),
    ("7th-8th", "9th", "HS-grad", "Some-college", "Assoc-voc", "Bachelors", "Masters", "Doctorate"),
    ("basic.4y", "basic.6y", "basic.9y", "high.school", "professional.course", "university.degree"),
    ("Month-to-month", "One year", "Two year"),
    ("Fair", "Good", "Very Good", "Premium", "Ideal"),
    ("Gen Z", "Millennial", "Gen X", "Boomer"),
    ("Kleinunternehmen", "Mittelstand", "Konzern"),
]


@pytest.mark.parametrize("scale", SCALES, ids=lambda scale: scale[0])
def test_scales_are_recognized_in_any_order(scale: tuple[str, ...]) -> None:
    mixed = [*scale, "No answer", "Prefer not to say"]
    random.Random(3).shuffle(mixed)
    assert recognized_order(mixed) == scale
    assert recognized_order([level.upper() for level in mixed]) == tuple(
        level.upper() for level in scale
    )


@pytest.mark.parametrize(
    "levels",
    [
        ("Rome", "Oslo", "Bern"),
        ("1", "2", "3"),
        ("Good", "Depends", "Waste"),
        ("White", "Black", "Asian"),
        ("1 Adult Kids", "1 Adult No Kids", "2 Adults Kids"),
        ("Married", "Never married", "Divorced"),
        ("10-20", "15-25", "20-30"),
        ("Often", "Never"),
        ("TYPE A", "TYPE B", "TYPE C"),
        ("Store 1", "Store 2", "Store 3"),
        ("Monday", "Tuesday", "Friday"),
        ("Web", "App", "Branch"),
        ("Visa", "Mastercard", "Amex"),
        ("A", "B", "C"),
    ],
)
def test_no_order_where_there_is_none(levels: tuple[str, ...]) -> None:
    assert recognized_order(levels) is None


def test_two_levels_have_an_order_when_a_person_says_so() -> None:
    assert recognized_order(["Often", "Never"], least=2) == ("Never", "Often")


def test_no_answers() -> None:
    assert is_no_answer("Don’t know")
    assert is_no_answer("  PREFER NOT TO ANSWER. ")
    assert is_no_answer("Keine Angabe")
    assert is_no_answer("k.A.")
    assert is_no_answer("Ne sait pas")
    assert is_no_answer("NS/NC")
    assert not is_no_answer("None")


def test_names_of_levels() -> None:
    assert [level_name(v) for v in (1, 1.0, 1.5, False, "a")] == ["1", "1", "1.5", "false", "a"]


@settings(max_examples=50)
@given(st.lists(st.text(max_size=6), unique=True, max_size=8))
def test_natural_order_is_a_permutation_and_stable(levels: list[str]) -> None:
    ordered = natural_order(levels)
    assert sorted(ordered) == sorted(levels)
    assert natural_order(list(reversed(levels))) == ordered


@settings(max_examples=50)
@given(st.lists(st.text(alphabet="019-+ <>,.kKa$", max_size=8), unique=True, max_size=6))
def test_recognition_never_fails_and_never_invents(levels: list[str]) -> None:
    ordered = recognized_order(levels)
    assert ordered is None or (set(ordered) <= set(levels) and len(set(ordered)) == len(ordered))
