"""What segments are called in a sentence: groups, bands, cuts, or only segments.

Each word stands in whole phrases, since languages decline it: a phrase has one place in a sentence,
and a message that holds it is translated so that the phrase fits there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from forwhom.languages.catalog import later, later_count, tr, tr_count
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
