"""What is counted and said of pairs, markets and numbers that nobody gave."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import pytest

from forwhom.documents import results
from forwhom.documents.base import Document
from forwhom.documents.canvas import parse_canvas
from forwhom.documents.experiment import Outcome, _differences
from forwhom.documents.market import counted_segments
from forwhom.documents.phrases import phrases
from forwhom.documents.repairs import quoted
from forwhom.documents.separateness import CriterionVerdict, PairVerdict
from forwhom.documents.separating import measured, pair_sentence, sentences_of, statement_of

#: What counts once, or is usual, where nobody says another number.
USUAL = {"forwhom", "threshold", "power", "level"}


def test_a_number_that_nobody_counted_is_nothing() -> None:
    kinds = [
        kind
        for one in pkgutil.iter_modules(results.__path__, f"{results.__name__}.")
        for kind in vars(importlib.import_module(one.name)).values()
        if isinstance(kind, type)
        and issubclass(kind, Document)
        and kind.__module__.startswith(results.__name__)
    ]
    told = {
        f"{kind.__name__}.{name}": info.default
        for kind in kinds
        for name, info in kind.model_fields.items()
        if type(info.default) in (int, float, bool) and name not in USUAL
    }
    assert len(told) > 20
    assert {name: value for name, value in told.items() if value} == {}


def market(*segments: str, propositions: str = "") -> int:
    text = f"forwhom: 1\nkind: canvas\nsegments: [{', '.join(segments)}]\n"
    return counted_segments(parse_canvas(text + propositions), "segmented")


def segment(name: str, more: str = "") -> str:
    return f"{{id: {name}, name: {name.upper()}{more}}}"


def test_which_segments_make_a_market() -> None:
    assert market(segment("a"), segment("b", ", status: serve")) == 2
    assert market(segment("a"), segment("b", ", status: ignore")) == 1
    assert market(segment("a"), segment("b", ", market_type: niche")) == 1
    assert market(segment("a"), segment("b", ", market_type: segmented")) == 2
    assert market(segment("a"), segment("b", ", revenue: sponsored, sponsor: a")) == 1
    buyer, user = segment("a", ", buti: [buyer]"), segment("b", ", buti: [user]")
    assert market(buyer, user) == 1
    assert market(user) == 1
    second = segment("c", ", buti: [buyer]")
    assert market(buyer, user, second) == 1
    two = ("propositions: [{id: p, name: P, segments: [a, b]}, "
           "{id: q, name: Q, segments: [c]}]\n")  # fmt: skip
    assert market(buyer, user, second, propositions=two) == 2
    same = "propositions: [{id: p, name: P, segments: [a, c]}]\n"
    assert market(buyer, user, second, propositions=same) == 1


def one(verdict: str, *, formed: bool = False, **more: Any) -> CriterionVerdict:
    given = {"criterion": "channel", "verdict": verdict, "variables": ["x"], "leading": ["Shop"],
             "kind": "V", "effect": 0.31, "low": 0.27, "high": 0.36, "minimum": 0.1, "p": 0.01,
             "formed": formed}  # fmt: skip
    return CriterionVerdict.model_validate(given | more)


def pair(*told: CriterionVerdict, second: int = 2) -> PairVerdict:
    return PairVerdict(first=1, second=second, criteria=list(told), sentence="")


def test_what_is_said_of_all_pairs() -> None:
    different, formed = one("different"), one("different", formed=True)
    offer = one("different", formed=True, criterion="offer")
    (nothing,) = sentences_of([pair()], [], "segment")
    assert nothing.endswith("Nothing that speaks to a criterion could be compared.")
    assert len(sentences_of([pair(different)], [], "segment")) == 1
    assert len(sentences_of([pair(formed, offer)], [], "segment")) == 2
    assert len(sentences_of([pair(formed, different)], [], "segment")) == 1
    assert len(sentences_of([pair(one("undecided", formed=True))], [], "segment")) == 1
    told = sentences_of([pair(formed), pair(second=3), pair(second=4)], [[1, 2]], "segment")
    assert told[1].startswith("1 of them only in what formed the segments")
    assert told[2] == "2 other pairs could not be compared."
    assert "1 and 2" in told[3]
    assert "1 other pair could not be compared." in sentences_of(
        [pair(different), pair(second=3)], [], "segment"
    )


def test_what_is_said_of_one_pair() -> None:
    assert "may be one" in pair_sentence(1, 2, [one("equivalent")], "segment")
    assert "are separate" in pair_sentence(1, 2, [one("equivalent"), one("different")], "segment")
    unsure = pair_sentence(1, 2, [one("equivalent"), one("undecided")], "segment")
    assert "are not shown to be separate" in unsure
    assert "open is whether" in unsure
    assert "nothing that speaks to a criterion" in pair_sentence(1, 2, [], "segment")
    assert measured(one("different")) == "shop: V = 0.31 [0.27, 0.36]"
    assert ", which formed them: V" in measured(one("different", formed=True))
    assert "d = +0.31 [+0.27, +0.36]" in measured(one("different", kind="d"))
    said = statement_of(pair(one("different")), one("different"), "segment")
    assert said.startswith("Segments 1 and 2 are reached through different channels (")
    assert "0.1 or more matters" in said
    assert statement_of(pair(), one("undecided"), "segment").startswith("Whether segments 1 and 2")


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("we", "we are", True), ("we", "web", False), ("we", "a-we", False), ("we", "awe", False),
        ("we", "we-all", False), ("^we", "  we", True), ("^we", "all we", False),
        ("we$", "so we.", True), ("we$", "we all", False), ("peop*", "people", True),
        ("peop*", "peop", True), ("*ing", "buying", True), ("to be", "to  be", True),
        ("to be", "to-be", False), ("not … so", "not very much so", True),
        ("not … so", "not. very so", False), ("not … so", "not so", True), ("%", "5%", True),
    ],
)  # fmt: skip
def test_phrases_are_whole_words(phrase: str, text: str, found: bool) -> None:
    assert (phrases([phrase]).search(text) is not None) is found


def test_any_of_several_phrases_is_found_and_of_none_nothing() -> None:
    assert [phrases(["^so", "we", "*ing"]).search(t) is not None for t in ("so", "we", "x so")] == [
        True, True, False,
    ]  # fmt: skip
    assert phrases([]).search("anything") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [("a", '"a"'), ('"a"', '"a"'), ("'a'", '"a"'), ('"a', "'\"a'"), ("it's", '"it\'s"'),
     ('a "b"', "'a \"b\"'"), ("a\\b", "'a\\b'"), ('"', "'\"'"), ('say "it\'s"', "'say \"it''s\"'")],
)  # fmt: skip
def test_a_text_in_quotes_as_yaml_reads_it(text: str, told: str) -> None:
    assert quoted(text) == told


def planned(**more: Any) -> Any:
    given = {"column": "y", "kind": "share", "baseline": 0.1}
    return Outcome.model_validate(given | more)


@pytest.mark.parametrize(
    ("outcome", "value", "level", "difference"),
    [
        (planned(), 0.124, "12.4%", "+12.4 points"),
        (planned(), 0.01, "1.0%", "+1 point"),
        (planned(), -0.01, "−1.0%", "−1 point"),
        (planned(), 0.0004, "0.0%", "+0.04 points"),
        (planned(kind="count", unit="orders"), 2.5, "2.5 orders", "+2.5 orders"),
        (planned(kind="count"), -2.5, "−2.5", "−2.5"),
    ],
)
def test_how_outcomes_are_told(outcome: Any, value: float, level: str, difference: str) -> None:
    assert outcome.difference(value) == difference
    if value > 0.001 or outcome.kind == "count":
        assert outcome.level(value).replace("-", "−") == level


def test_ends_of_a_difference_and_what_nobody_knows() -> None:
    assert planned().between(-0.003, 0.045) == "−0.3 to +4.5"
    assert planned(kind="count").between(-0.3, 4.5) == "−0.3 to +4.5"
    unit = planned(kind="count", unit="EUR")
    assert unit.level(None) == planned().difference(None) == planned().level(None)
    assert "EUR" not in unit.difference(None)


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, ["p.a was 1 and is 2"]),
        ({"a": 1}, {}, ["p.a was 1 and is not there"]),
        ([1, 2], [1, 3], ["p.2 was 2 and is 3"]),
        ([{"id": "x", "n": 1}], [{"id": "x", "n": 2}], ["p.x.n was 1 and is 2"]),
        ([1], [1, 2], ["p was [1] and is [1, 2]"]),
        ("a" * 58, "b", [f'p was "{"a" * 58}" and is "b"']),
        ("a" * 59, "b", [f'p was "{"a" * 56}... and is "b"']),
    ],
)
def test_what_changed_is_told_down_to_the_key(then: Any, now: Any, told: list[str]) -> None:
    assert list(_differences(then, now, "p")) == told
