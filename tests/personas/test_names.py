"""Names are plain, short, different from each other, and never about a protected attribute."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.segmentation import Distinction, Variable
from forwhom.personas.concepts import any_words, concept_of, is_nameable, level_words, number_words
from forwhom.personas.contrasts import Contrast
from forwhom.personas.distinctions import _best_level, _Trend
from forwhom.personas.labels import fit, short_label
from forwhom.personas.names import propose_names
from forwhom.statistics.effects import cohens_h


def variable(name: str, label: str = "", use: str = "active", **more) -> Variable:
    return Variable(name=name, label=label or name, measure=more.pop("measure", "positive"),
                    use=use, **more)  # fmt: skip


def said(name: str, phrase: str, effect: float = 1.0) -> Distinction:
    return Distinction(variable=name, statement=phrase, effect=effect, kind="d", inside=1, rest=0,
                       phrase=phrase)  # fmt: skip


def names_of(found: list[list[Distinction]], *variables: Variable) -> list[str]:
    return propose_names(found, {v.name: v for v in variables})


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from("abcdef"), st.text("ab, -é", max_size=60)), max_size=5),
        max_size=8,
    )
)
@settings(max_examples=100)
def test_names_are_always_there_short_and_different(found: list[list[tuple[str, str]]]) -> None:
    names = names_of(
        [[said(v, phrase) for v, phrase in one] for one in found], *map(variable, "abcdef")
    )
    assert len(names) == len(found)
    assert len({n.lower() for n in names}) == len(names)
    assert all(0 < len(n) <= 45 and n.strip() for n in names)


def test_two_strong_differences_make_a_name() -> None:
    found = [[said("pace", "frequent", 2.0), said("size", "big baskets", -1.5)]]
    assert names_of(found, variable("pace"), variable("size")) == ["Frequent, big baskets"]


def test_a_weak_second_difference_is_not_dragged_in() -> None:
    found = [[said("pace", "frequent", 2.0), said("size", "big baskets", 0.3)]]
    assert names_of(found, variable("pace"), variable("size")) == ["Frequent"]


def test_what_two_segments_share_names_only_the_one_that_it_fits_best() -> None:
    mild = [said("a", "frequent", 1.0), said("b", "big baskets", 0.9), said("c", "recent", 0.8)]
    strong = [said("b", "big baskets", 3.0), said("a", "frequent", 2.5)]
    names = names_of([mild, strong], variable("a"), variable("b"), variable("c"))
    assert names == ["Recent", "Big baskets, frequent"]


def test_the_second_highest_is_fairly_high_and_others_are_not_called_so() -> None:
    found = [[said("a", "high income", effect)] for effect in (2.0, 1.0, 0.5)]
    found[2].append(said("b", "much tea", 0.4))
    given = {v.name: v for v in (variable("a"), variable("b"))}
    names = propose_names(found, given, farther=[[0], [1], [2, 0]])
    assert names == ["High income", "Fairly high income", "Much tea"]


def test_a_name_does_not_leave_out_the_main_differences() -> None:
    coded = variable("q5", "q5", measure="ordinal", levels=["1", "2"])
    found = [said("q5", "", 1.6), said("q5b", "", 1.2), said("tea", "much tea", 0.5)]
    shown = names_of([found, []], coded, variable("q5b"), variable("tea"))
    assert shown[0] == "Segment 1"


def test_a_name_says_one_lack_at_most_and_not_first_when_something_is_there() -> None:
    found = [
        [said("a", "little meat", 1.2), said("b", "little fish", 1.1), said("c", "bread", 1.0)]
    ]
    names = names_of(found, variable("a"), variable("b"), variable("c"))
    assert names == ["Bread, little meat"]


def test_active_variables_come_before_descriptors() -> None:
    found = [[said("d", "high income", 2.0), said("a", "frequent", 0.5)]]
    assert names_of(found, variable("d", use="descriptor"), variable("a")) == ["Frequent"]
    only = [[said("d", "high income", 2.0)], []]
    assert names_of(only, variable("d", use="descriptor")) == ["High income", "Average customers"]


@pytest.mark.parametrize(
    "hidden",
    [
        variable("x", "Anything", use="protected"),
        variable("age", "Age"),
        variable("HH_gender"),
        variable("q7", "What is your religion?"),
        variable("maritalStatus"),
        variable("group", "Group", levels=["male", "female"], measure="nominal"),
        variable("skin_color"),
        variable("disability"),
        variable("ethnicity"),
    ],
)
def test_a_protected_attribute_names_nobody(hidden: Variable) -> None:
    assert not is_nameable(hidden)
    assert names_of([[said(hidden.name, "such people")], []], hidden) == [
        "Segment 1",
        "Average customers",
    ]


def test_nor_does_a_level_that_tells_of_one() -> None:
    status = variable("q26", "Status", measure="nominal")
    found = [[said("q26", "Gay").model_copy(update={"level": "Gay"})], []]
    assert names_of(found, status)[0] == "Segment 1"


@pytest.mark.parametrize(
    ("meaning", "concept", "more", "less"),
    [
        (("recency", "Time since last purchase", "days"), "recency", "less recent", "recent"),
        (("orders_per_week", "Orders per week", None), "frequency", "frequent", "occasional"),
        (("mean_gap", "Mean time between orders", "days"), "pace", "occasional", "frequent"),
        (("clv_recency", "Time from first to last purchase", "days"), "lifetime", "long active",
         "briefly active"),
        (("monetary_value", "Total spend", "$"), "spend", "big spenders", "small spenders"),
        (("average_order_value", "Average basket value", "$"), "order value", "big orders",
         "small orders"),
        (("lines_per_order", "Lines per basket", "lines"), "basket",
         "big baskets", "small baskets"),
        (("distinct_items", "Distinct items", "items"), "breadth", "broad range", "narrow range"),
        (("return_share", "Share of lines returned", None), "returns",
         "many returns", "few returns"),
        (("weekend_share", "Weekend share", None), None, "more on weekends", "more on weekdays"),
        (("s", "Share of spend: FRESH MEAT (dept)", None), None, "fresh meat", "little fresh meat"),
        (("s", "Share outside main channel", None), None, "outside main channel",
         "rarely outside main channel"),
        (("s", "Spending on delicatessen", "$"), "spend",
         "much delicatessen", "little delicatessen"),
        (("income", "Income", "$"), None, "high income", "low income"),
        (("od", "Od280/od315 of diluted wines", None), None, "high Od280/od315 of diluted wines",
         "low Od280/od315 of diluted wines"),
        (("q", "What is your satisfaction with the quality?", None), None,
         "high satisfaction with quality", "low satisfaction with quality"),
    ],
)  # fmt: skip
def test_phrases_are_what_a_merchant_would_say(meaning, concept, more, less) -> None:
    name, label, unit = meaning
    one = variable(name, label, unit=unit)
    found = concept_of(one)
    assert (found.name if found else None) == concept
    assert (number_words(one, True)[1], number_words(one, False)[1]) == (more, less)


@pytest.mark.parametrize(
    ("more", "inside", "phrase"),
    [
        (True, 0.5, "growing"),
        (True, -0.1, "declining less"),
        (False, 0.0, "growing less"),
        (False, -1.0, "declining"),
    ],
)
def test_only_who_declines_is_called_declining(more, inside, phrase) -> None:
    assert number_words(variable("trend", "Trend"), more, inside)[1] == phrase


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (variable("r", "Time from first to last visit", unit="days"),
         "Came back after the first day"),
        (variable("t", "Time on hold", unit="minutes"), "Time on hold above zero"),
        (variable("m", "Morning share"), "Ever in the morning"),
        (variable("w", "Weekend share"), "Ever on weekends"),
        (variable("s", "Share of spend: FRESH MEAT (dept)"), "Any fresh meat"),
        (variable("c", "Coupons redeemed"), "Any coupons redeemed"),
    ],
)  # fmt: skip
def test_having_any_is_said_in_plain_words(one, words) -> None:
    assert any_words(one) == words


@pytest.mark.parametrize(
    ("label", "more"),
    [
        ("Number of children", "many children"),
        ("Anzahl Besuche", "many Besuche"),
        ("Zahl der Kinder im Haushalt", "many Kinder im Haushalt"),
        ("Nombre d’achats", "many achats"),
        ("Número de visitas", "many visitas"),
        ("Aantal bestellingen", "many bestellingen"),
        ("How many children do you have?", "many children"),
        ("Calls a month", "many calls a month"),
        ("People in the household", "many people in the household"),
        ("Campaign", "high campaign"),
        ("Previous", "high previous"),
        ("X", "high X"),
        ("No. of pets", "many pets"),
        ("Number of the contract", "high contract"),
    ],
)
def test_only_things_are_many_or_few(label: str, more: str) -> None:
    less = more.replace("many", "few").replace("high", "low")
    counted = variable("v", label, measure="count")
    assert [number_words(counted, more=each)[1] for each in (True, False)] == [more, less]


def test_a_long_label_keeps_what_links_its_words() -> None:
    assert short_label("Likelihood of the purchase in the year") == "likelihood of purchase in year"
    assert (
        short_label("Satisfaction with the quality of our service") == "satisfaction with quality"
    )
    assert short_label("The risk of being accused of something") == "risk accused of something"


@pytest.mark.parametrize(
    "denied", ["not “no children”", "q: not none", "never without a car", "not not sure"]
)
def test_a_denied_denial_names_nobody(denied: str) -> None:
    found = [said("v1", denied, 0.9), said("v2", "very young", 0.8)]
    assert names_of([found, []], variable("v1"), variable("v2"))[0] == "Very young"


def test_a_code_of_one_letter_keeps_its_capital() -> None:
    assert [short_label(label) for label in ("A", "GPA", "Age", "IT costs")] == [
        "A", "GPA", "age", "IT costs",
    ]  # fmt: skip


def test_a_cut_leaves_no_dangling_words() -> None:
    assert fit("greater risk of being accused", 24) == "greater risk"


def test_a_segment_that_nothing_may_be_shown_of_is_not_called_average() -> None:
    assert propose_names([[], []], {}, [1]) == ["Average customers", "Segment 2"]


@pytest.mark.parametrize(
    ("one", "level", "more", "less"),
    [
        (variable("r", "Ever returned something", measure="binary"), "1", "ever returned something",
         "never returned something"),
        (variable("c", "Car", measure="binary"), "yes", "car", "no car"),
        (variable("c", "Car", measure="binary"), "no", "no car", "car"),
        (variable("c", "Channel", measure="binary", levels=["1", "2"]), "1", "channel: 1",
         "channel: not 1"),
        (variable("q", "q11_2", measure="binary", levels=["Not selected", "Risk of being blamed"]),
         "Not selected", "not “risk of being blamed”", "chose “risk of being blamed”"),
        (variable("q", "q8_1", measure="binary", levels=["Your money, now or later", "Unselected"]),
         "Unselected", "not “money”", "chose “money”"),
        (variable("t", "Town", measure="nominal", basis="geographic"), "Bonn", "Bonn", "not Bonn"),
        (variable("m", "Month", measure="nominal"), "feb", "month: feb", "month: not feb"),
        (variable("c", "Contact", measure="nominal"), "unknown", "contact unknown",
         "contact known"),
        (variable("A3", measure="ordinal"), "6", "", ""),
        (variable("q", "q0007: 0010", measure="ordinal", question="q0007"), "Often", "", ""),
        (variable("q", "Chores: 0010", measure="ordinal", question="Chores"), "Often",
         "chores: 0010: often", "chores: 0010: not often"),
        (variable("LEADG", measure="ordinal"), "2 Quite well", "LEADG: quite well",
         "LEADG: not quite well"),
        (variable("q", "Taste matters", measure="ordinal"), "Often", "taste matters: often",
         "taste matters: not often"),
        (variable("q", "Cry", measure="ordinal"), "Never, but open to it", "cry: never",
         "cry: not never"),
        (variable("q", "Drink", measure="nominal", basis="psychographic"), "Tea", "drink: tea",
         "drink: not tea"),
    ],
)  # fmt: skip
def test_levels_make_phrases(one, level, more, less) -> None:
    assert (level_words(one, level, True), level_words(one, level, False)) == (more, less)


def test_a_name_prefers_words_to_codes_and_to_answers_that_say_nothing() -> None:
    coded = variable("q0005", "q0005", measure="binary", levels=["No", "Yes"])
    rest = variable("q7_1", "q7_1", measure="binary", levels=["None of the above", "Not selected"])
    money = variable("q8_1", "q8_1", measure="binary", levels=["Your money", "Not selected"])
    found = [
        said("q0005", "q0005", 1.6),
        said("q7_1", "none of the above", 1.2).model_copy(update={"level": "None of the above"}),
        said("q8_1", "chose “money”", 1.1),
    ]
    assert names_of([found, []], coded, rest, money)[0] == "Chose “money”"


@pytest.mark.parametrize(
    ("level", "inside", "rest", "phrase"),
    [
        ("Interested", 0.68, 0.88, ""),  # not interested? most of them are
        ("Interested", 0.40, 0.88, "cooperates: not interested"),
        ("Interested", 0.88, 0.68, "cooperates: interested"),
        ("no", 0.40, 0.15, ""),  # no car? most of them have one
        ("no", 0.60, 0.15, "no cooperates"),
        ("no", 0.60, 0.90, ""),
    ],
)
def test_a_name_does_not_deny_what_most_are(
    level: str, inside: float, rest: float, phrase: str
) -> None:
    levels = ["no", "yes"] if level == "no" else ["Interested", "Impatient"]
    one = variable("c", "Cooperates", measure="binary", levels=levels)
    effect = cohens_h(inside, rest, 100, 100)
    assert effect is not None
    found = _best_level(one, {level: Contrast(effect, inside, rest)}, _Trend({}, 0.0), ())
    assert found.phrase == phrase


def test_what_nothing_names_is_called_what_it_may_be_called() -> None:
    assert propose_names([[], []], {}, withheld=[0, 1], noun="band") == ["Band 1", "Band 2"]


@pytest.mark.parametrize(
    ("label", "question", "level", "more", "phrase"),
    [
        ("Do you own a car?", "", "Yes", True, "own a car"),
        ("Do you own a car?", "", "Yes", False, "do not own a car"),
        ("Have you ever been abroad?", "", "No", True, "have not been abroad"),
        ("How important is it? Speed", "How important is it?", "Very", True, "speed: very"),
    ],
)
def test_questions_are_said_as_answers(
    label: str, question: str, level: str, more: bool, phrase: str
) -> None:
    levels = ["No", "Yes"] if level in ("Yes", "No") else ["Hardly", "Rather", "Very"]
    measure = "binary" if len(levels) == 2 else "ordinal"
    one = variable("q", label, measure=measure, levels=levels, question=question)
    assert level_words(one, level, more, levels) == phrase
