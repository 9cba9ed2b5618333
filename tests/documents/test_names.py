"""Names that people type again: capitals and spaces, ids, and names that several things have."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forwhom.documents.names import Names, name_key, one_spelling
from forwhom.errors import DataError

SEGMENTS = Names(
    "segment",
    "in the canvas",
    {"s1": "Busy parents", "s2": "Schools", "buyers": "Those who pay", "s4": "Buyers"},
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("s1", "s1"),
        ("S1", "s1"),
        ("busy  Parents ", "s1"),
        ("BUSYPARENTS", "s1"),
        ("busy\u00a0parents\u200b", "s1"),
        ("those who pay", "buyers"),
        ("buyers", "buyers"),  # an id as it is written goes before the name of another
    ],
)
def test_what_is_meant_is_found_by_id_or_name(typed: str, meant: str) -> None:
    assert SEGMENTS.find(typed) == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Buyers", "'Buyers' may be each of 2 segments in the canvas: 'buyers', 's4'. Write the"),
        ("Bus parents", "there is no segment 'Bus parents' in the canvas. Did you mean 'Busy par"),
        ("x" * 60, "Expected one of: s1, s2, buyers, s4."),
    ],
)
def test_what_is_not_clear_is_refused_with_the_reason(typed: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        SEGMENTS.find(typed)
    assert said in str(caught.value)
    assert "x" * 41 not in str(caught.value)


def test_nothing_to_name_says_what_to_add() -> None:
    with pytest.raises(DataError, match="Add the need"):
        Names("need", "in the canvas", {}).find("sleep")


WORDS = st.text(alphabet="aAbBß éÉ\u00a0", max_size=6)


@settings(max_examples=60)
@given(st.lists(WORDS, max_size=8), st.randoms())
def test_a_spelling_stands_for_all_that_are_alike_in_any_order(names: list[str], random) -> None:
    found = one_spelling(names)
    assert set(found) == set(names)
    for name, usual in found.items():
        assert name_key(name) == name_key(usual)
        assert names.count(usual) >= names.count(name)
    assert len(set(found.values())) == len({name_key(name) for name in names})
    random.shuffle(names)
    assert one_spelling(names) == found


def test_capitals_and_spaces_make_no_other_name() -> None:
    segments = Names("segment", "in the canvas", {"s1": "Busy parents", "s2": "Schools"})
    assert (segments.find("busy Parents"), segments.find("s2")) == ("s1", "s2")
    assert name_key(" Co-op  Players ") == name_key("co-op players") == "co-opplayers"
    names = ["Buyers", "buyers", "users", "buyers"]
    assert one_spelling(names) == {"Buyers": "buyers", "buyers": "buyers", "users": "users"}
