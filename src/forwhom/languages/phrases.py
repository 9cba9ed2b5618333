"""Names that a run proposed, and labels of what it computed, said in the language of a reader.

A name is made of short phrases, such as “big orders” or “little fresh meat”. Nothing but a phrase
is looked for in it, and what people wrote stays theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

from forwhom.languages.catalog import (
    SOURCE,
    language,
    later,
    later_in,
    messages_of,
    tr,
    tr_in,
)
from forwhom.languages.retelling import NAMED, apart, pattern_of, value_told

#: Sentences that begin as a label does, and are recognized by their words.
SENTENCES = (
    later("Any {label}: {percent_here}, {percent_rest} of the rest"),
    later("Share of spend on {name}"),
    later("Share of lines on {name}"),
)
#: What more, less or none of something is called in a name.
_OF_LABELS = (
    later_in("phrase", "fairly high {label}"),
    later_in("phrase", "fairly low {label}"),
    later_in("phrase", "fairly many {label}"),
    later_in("phrase", "fairly few {label}"),
    later_in("phrase", "fairly much {label}"),
    later_in("phrase", "high {label}"),
    later_in("phrase", "low {label}"),
    later_in("phrase", "many {label}"),
    later_in("phrase", "few {label}"),
    later_in("phrase", "much {label}"),
    later_in("phrase", "little {label}"),
    later_in("phrase", "more {label}"),
    later_in("phrase", "less {label}"),
    later_in("phrase", "rarely {label}"),
    later_in("phrase", "with {label}"),
    later_in("phrase", "no {label}"),
)
#: What is said of a yes or no, and of any other answer: the answer itself is of the data.
_OF_ANSWERS = (
    later_in("phrase", "never {label}"),
    later_in("phrase", "no {label}"),
    later_in("phrase", "chose {level}"),
    later_in("phrase", "not {level}"),
)
_OF_LEVELS = (
    later_in("phrase", "chose {level}"),
    later_in("phrase", "not {level}"),
    later_in("phrase", "{label}: not {level}"),
    later_in("phrase", "{label} unknown"),
    later_in("phrase", "{label} known"),
)
#: What a phrase is about, and the forms that it may have.
About: TypeAlias = Literal["number", "answer", "level"]
_FORMS: Mapping[About, Sequence[str]] = {
    "number": _OF_LABELS, "answer": _OF_ANSWERS, "level": _OF_LEVELS,
}  # fmt: skip
#: Phrases with a verb in some languages, which need an own word for “fairly”.
_WITH_VERBS = (
    later_in("phrase", "fairly frequent"),
    later_in("phrase", "fairly occasional"),
    later_in("phrase", "fairly recent"),
    later_in("phrase", "fairly new"),
    later_in("phrase", "fairly long-standing"),
)
_FAIRLY = later_in("phrase", "fairly {phrase}")
#: Where the labels of what is computed stand, and their rates.
_COMPUTED = ("features/definitions.py", "languages/units.py")
#: Longer labels are questions of somebody.
_LONGEST = 120
#: What a number is about, in a name.
_TOPICS = (
    later_in("phrase", "main channel"),
    later_in("phrase", "outside main channel"),
    later_in("phrase", "lines returned"),
    later_in("phrase", "money returned"),
    later_in("phrase", "orders"),
    later_in("phrase", "items"),
)


def name_told(name: str, phrases: Mapping[str, About]) -> str:
    """Return a proposed name in the language that is spoken; ``phrases`` are what it may hold.

    Examples
    --------
    >>> from forwhom.languages.catalog import speaking
    >>> with speaking("de"):
    ...     name_told("Frequent, little deli", {"little deli": "number", "frequent": "number"})
    'Kauft oft, wenig deli'
    """
    if language() == SOURCE:
        return name
    known = {one.casefold(): one for phrase in phrases for one in (phrase, f"fairly {phrase}")}
    whole = name.casefold()
    found = [known[one] for one in ([whole] if whole in known else _two(whole, known))]
    if not found:
        return tr_in("phrase", name)
    about = {**phrases, **{f"fairly {phrase}": what for phrase, what in phrases.items()}}
    parts = [phrase_told(phrase, about[phrase]) for phrase in found]
    said = tr("{first}, {next}", first="", next="").join(parts)
    return said[:1].upper() + said[1:]


def _two(name: str, known: Iterable[str]) -> list[str]:
    """Return the two phrases that a name is made of; none where it is not."""
    both = (
        [first, second]
        for first in known
        if name.startswith(f"{first}, ")
        for second in known
        if name == f"{first}, {second}"
    )
    return next(both, [])


def phrase_told(phrase: str, about: About = "number") -> str:
    """Return a phrase of a name in the language that is spoken; others' words stay."""
    return phrase if language() == SOURCE else _phrase(language(), phrase, about)


@lru_cache(maxsize=4096)
def _phrase(code: str, phrase: str, about: About) -> str:
    said = tr_in("phrase", phrase) if about == "number" else phrase
    if said != phrase:
        return said
    for form in _FORMS[about] if len(phrase) <= _LONGEST else ():
        found = pattern_of(form).fullmatch(phrase)
        if found is not None:
            values = {
                name: _answer(code, value) if name == "level" else _own(code, value)
                for name, value in found.groupdict().items()
            }
            return tr_in("phrase", form, **values)
    if about == "number" and phrase.startswith("fairly "):
        rest = phrase.removeprefix("fairly ")
        return tr_in("phrase", _FAIRLY, phrase=_phrase(code, rest, about))
    return _answer(code, phrase) if about == "level" else _own(code, phrase)


def _answer(code: str, words: str) -> str:
    """Return an answer of the data, in the quotation marks of the language where it has some."""
    if words.startswith("“") and words.endswith("”"):
        return tr("“{text}”", text=words[1:-1])
    return apart(code, words)


def _own(code: str, words: str) -> str:
    """Return a label, or somebody's own words so that they stand apart in a name."""
    said = tr_in("phrase", words)
    said = _label(code, words) if said == words else said
    return apart(code, words) if said == words else said


def label_told(label: str) -> str:
    """Return the label of what a run computed in the language that is spoken; others stay.

    A label is ours only where all that stands in it is known, or a name of the data.
    """
    return label if language() == SOURCE else _label(language(), label)


@lru_cache(maxsize=4096)
def _label(code: str, label: str) -> str:
    for one in (label, label[:1].upper() + label[1:]):
        for message in (m for place in _COMPUTED for m in messages_of(code, place)):
            found = _fits(message, one)
            if found is not None:
                return tr(message, **found)
    return label


def _fits(message: str, label: str) -> dict[str, str] | None:
    """Return what stands in the places of a message, where all of that is known."""
    found = pattern_of(message).fullmatch(label) if len(label) <= _LONGEST else None
    if found is None:
        return None
    said = {
        name: value if re.fullmatch(NAMED, name) else value_told(value)
        for name, value in found.groupdict().items()
    }
    known = {name: one for name, one in said.items() if one is not None}
    return known if len(known) == len(said) else None
