"""What segments are called in a sentence: groups, bands, cuts, or only segments.

Each word stands in whole phrases, since languages decline it: a phrase has one place in a sentence,
and a message that holds it is translated so that the phrase fits there. A report has the word
itself in many places; there a translation takes the form that its sentence needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from forwhom.languages.catalog import later, later_count, later_in, tr, tr_count, tr_in
from forwhom.wording import begun, listed, lowered

#: A phrase that a sentence holds.
Phrase: TypeAlias = Literal[
    "all",
    "these",
    "none",
    "not every",
    "most likely",
    "in the right",
    "in the same",
    "in another",
    "in which",
    "some",
]

#: The word alone, where an English sentence is told again.
ALONE = (later("group"), later("band"), later("cut"), later("segment"))
_COUNTED: Mapping[str, tuple[str, str]] = {
    "group": later_count("{n} group", "{n} groups"),
    "band": later_count("{n} band", "{n} bands"),
    "cut": later_count("{n} cut", "{n} cuts"),
    "segment": later_count("{n} segment", "{n} segments"),
}
_NUMBERED: Mapping[str, tuple[str, str]] = {
    "group": (later("group {id}"), later("groups {ids}")),
    "band": (later("band {id}"), later("bands {ids}")),
    "cut": (later("cut {id}"), later("cuts {ids}")),
    "segment": (later("segment {id}"), later("segments {ids}")),
}
_PHRASES: Mapping[Phrase, Mapping[str, str]] = {
    "all": {
        "group": later("the groups"),
        "band": later("the bands"),
        "cut": later("the cuts"),
        "segment": later("the segments"),
    },
    "these": {
        "group": later("these groups"),
        "band": later("these bands"),
        "cut": later("these cuts"),
        "segment": later("these segments"),
    },
    "none": {
        "group": later("no group"),
        "band": later("no band"),
        "cut": later("no cut"),
        "segment": later("no segment"),
    },
    "not every": {
        "group": later("not every group"),
        "band": later("not every band"),
        "cut": later("not every cut"),
        "segment": later("not every segment"),
    },
    "most likely": {
        "group": later("a customer’s most likely group"),
        "band": later("a customer’s most likely band"),
        "cut": later("a customer’s most likely cut"),
        "segment": later("a customer’s most likely segment"),
    },
    "in the right": {
        "group": later("in the right group"),
        "band": later("in the right band"),
        "cut": later("in the right cut"),
        "segment": later("in the right segment"),
    },
    "in the same": {
        "group": later("in the same group"),
        "band": later("in the same band"),
        "cut": later("in the same cut"),
        "segment": later("in the same segment"),
    },
    "in another": {
        "group": later("in another group"),
        "band": later("in another band"),
        "cut": later("in another cut"),
        "segment": later("in another segment"),
    },
    "some": {
        "group": later("some groups"),
        "band": later("some bands"),
        "cut": later("some cuts"),
        "segment": later("some segments"),
    },
    "in which": {
        "group": later("in which group"),
        "band": later("in which band"),
        "cut": later("in which cut"),
        "segment": later("in which segment"),
    },
}
#: The word at the front and inside a sentence, alone and of several; then the forms in which a
#: language has cases and genders, where English has one. A translation takes any of them.
_FORMS: Mapping[str, Mapping[str, str]] = {
    "Noun": {
        "group": later_in("Noun", "Group"), "band": later_in("Noun", "Band"),
        "cut": later_in("Noun", "Cut"), "segment": later_in("Noun", "Segment"),
    },
    "Nouns": {
        "group": later_in("Nouns", "Groups"), "band": later_in("Nouns", "Bands"),
        "cut": later_in("Nouns", "Cuts"), "segment": later_in("Nouns", "Segments"),
    },
    "noun": {
        "group": later_in("noun", "group"), "band": later_in("noun", "band"),
        "cut": later_in("noun", "cut"), "segment": later_in("noun", "segment"),
    },
    "nouns": {
        "group": later_in("nouns", "groups"), "band": later_in("nouns", "bands"),
        "cut": later_in("nouns", "cuts"), "segment": later_in("nouns", "segments"),
    },
    "a_noun": {
        "group": later_in("a_noun", "group"), "band": later_in("a_noun", "band"),
        "cut": later_in("a_noun", "cut"), "segment": later_in("a_noun", "segment"),
    },
    "of_a_noun": {
        "group": later_in("of_a_noun", "group"), "band": later_in("of_a_noun", "band"),
        "cut": later_in("of_a_noun", "cut"), "segment": later_in("of_a_noun", "segment"),
    },
    "to_a_noun": {
        "group": later_in("to_a_noun", "group"), "band": later_in("to_a_noun", "band"),
        "cut": later_in("to_a_noun", "cut"), "segment": later_in("to_a_noun", "segment"),
    },
    "each_noun": {
        "group": later_in("each_noun", "group"), "band": later_in("each_noun", "band"),
        "cut": later_in("each_noun", "cut"), "segment": later_in("each_noun", "segment"),
    },
    "to_each_noun": {
        "group": later_in("to_each_noun", "group"), "band": later_in("to_each_noun", "band"),
        "cut": later_in("to_each_noun", "cut"), "segment": later_in("to_each_noun", "segment"),
    },
    "no_noun": {
        "group": later_in("no_noun", "group"), "band": later_in("no_noun", "band"),
        "cut": later_in("no_noun", "cut"), "segment": later_in("no_noun", "segment"),
    },
    "this_noun": {
        "group": later_in("this_noun", "group"), "band": later_in("this_noun", "band"),
        "cut": later_in("this_noun", "cut"), "segment": later_in("this_noun", "segment"),
    },
    "same_noun": {
        "group": later_in("same_noun", "group"), "band": later_in("same_noun", "band"),
        "cut": later_in("same_noun", "cut"), "segment": later_in("same_noun", "segment"),
    },
    "right_noun": {
        "group": later_in("right_noun", "group"), "band": later_in("right_noun", "band"),
        "cut": later_in("right_noun", "cut"), "segment": later_in("right_noun", "segment"),
    },
    "to_another_noun": {
        "group": later_in("to_another_noun", "group"),
        "band": later_in("to_another_noun", "band"),
        "cut": later_in("to_another_noun", "cut"),
        "segment": later_in("to_another_noun", "segment"),
    },
    "to_nouns": {
        "group": later_in("to_nouns", "groups"), "band": later_in("to_nouns", "bands"),
        "cut": later_in("to_nouns", "cuts"), "segment": later_in("to_nouns", "segments"),
    },
}  # fmt: skip


def so_many(noun: str, n: int) -> str:
    """Return a number of them, as a sentence goes on: ``'three bands'``.

    Examples
    --------
    >>> so_many("band", 3), so_many("group", 1), so_many("cut", 20)
    ('three bands', 'one group', '20 cuts')
    """
    return lowered(begun(n, in_digits(noun, n)))


def in_digits(noun: str, n: int) -> str:
    """Return a number of them, in digits: ``'3 bands'``."""
    return tr_count(*_COUNTED[noun], n)


def numbered(noun: str, ids: Sequence[int], most: int | None = None) -> str:
    """Return one or several of them by their numbers: ``'band 2'``, ``'bands 2 and 4'``."""
    one, several = _NUMBERED[noun]
    if len(ids) == 1:
        return tr(one, id=ids[0])
    return tr(several, ids=listed([str(i) for i in ids], most=most))


def phrase(which: Phrase, noun: str) -> str:
    """Return a phrase with the word.

    Examples
    --------
    >>> phrase("these", "band"), phrase("none", "cut"), phrase("in the same", "group")
    ('these bands', 'no cut', 'in the same group')
    """
    return tr(_PHRASES[which][noun])


def forms_of(noun: str) -> dict[str, str]:
    """Return the word for a segment in every form that a message may have a place for.

    Examples
    --------
    >>> forms_of("band")["nouns"], forms_of("band")["Noun"]
    ('bands', 'Band')
    """
    return {form: tr_in(form, words[noun]) for form, words in _FORMS.items()}
