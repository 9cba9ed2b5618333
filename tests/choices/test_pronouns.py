"""Needs in the words of those who have them, said of others."""

from __future__ import annotations

import pytest

from forwhom.choices.pronouns import in_third_person


@pytest.mark.parametrize(
    ("said", "others"),
    [
        ("teach my children", "teach their children"),
        ("agree on our budget before we shop", "agree on their budget before they shop"),
        ("sleep when I am worried about me", "sleep when they are worried about them"),
        ("know what I’ve spent", "know what they’ve spent"),
        ("keep what I was given, by myself", "keep what they were given, by themselves"),
        ("find a plan that's ours", "find a plan that's theirs"),
        ("teach my children before they buy", "teach their children before they buy"),
        ("show visitors where they are", "show visitors where they are"),
        ("sell in the US", "sell in the US"),
        ("know what was spent", "know what was spent"),
        ("keep the word economy", "keep the word economy"),
        ("say “no” to a child", "say “no” to a child"),
    ],
)
def test_a_need_is_said_of_others(said: str, others: str) -> None:
    assert in_third_person(said) == others


@pytest.mark.parametrize(
    "doubtful",
    [
        "live with type I diabetes",
        "teach about World War I",
        "tell parents what they owe me",
        "get your money back",
        "close the mine",
        "know who am I",
        "say “my money” aloud",
    ],
)
def test_what_is_not_clear_is_left_alone(doubtful: str) -> None:
    assert in_third_person(doubtful) is None
