"""Which protected attribute a column's name, its values or a text tells of."""

import re
from collections.abc import Iterable
from functools import cache, cached_property, lru_cache
from typing import Literal, NamedTuple

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.phrases import (
    Phrases,
    in_small_letters,
    language_of,
    languages,
    phrases,
    read_words,
)

PACKAGE = "forwhom.documents.protected"
#: Where one word of a name ends and the next begins, beside what is no letter.
_SEAMS = re.compile(
    r"(?<=[a-zäöüß\d])(?=[A-ZÄÖÜ])|(?<=[A-ZÄÖÜ])(?=[A-ZÄÖÜ][a-zäöüß])|(?<=[^\W\d_])(?=\d)"
)
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

Kind = Literal["name", "text"]


class Told(NamedTuple):
    """A protected attribute, and the words that tell of it."""

    attribute: str
    audited: bool
    words: str


class Attribute(Document):
    """What tells of one attribute, in one language."""

    audited: bool = Field(default=True, description="Whether a column of it is only audited.")
    words: Phrases = Field(default_factory=list, description="Tell of it anywhere.")
    columns: Phrases = Field(
        default_factory=list, description="Tell of it in names and labels of columns only."
    )
    texts: Phrases = Field(default_factory=list, description="Tell of it in texts only.")
    answers: Phrases = Field(
        default_factory=list, description="Values: two of them in a column tell of it."
    )
    other: Phrases = Field(
        default_factory=list, description="Hold one of the words and mean something else."
    )

    @cached_property
    def patterns(self) -> dict[Kind, re.Pattern[str]]:
        """What is looked for; the words of a name may stand together: ``maritalstatus``."""
        names = [phrase.replace("-", " ") for phrase in [*self.words, *self.columns]]
        names += [name.translate(_PLAIN) for name in names]
        # A text that is nothing but such a word, as a segment named "Veteran", means it.
        alone = [f"^{phrase.strip('^$')}$" for phrase in self.columns]
        return {
            "name": phrases(list(dict.fromkeys(names)), space=r"\s*"),
            "text": phrases([*self.words, *self.texts, *alone]),
        }

    @cached_property
    def elsewhere(self) -> re.Pattern[str]:
        """What is passed over."""
        return phrases(self.other)


class Protected(Document):
    """The protected attributes, by a name in plain English, with the words of one language."""

    forwhom: int = Field(description="Version of the format.")
    language: str = Field(description="The language, such as 'en'.")
    attributes: dict[str, Attribute]


@lru_cache(maxsize=4096)
def named(*names: str) -> Told | None:
    """Return which attribute a column tells of by its name or its label, in any language."""
    said = [_spaced(name) for name in names]
    found = (_found(one, "name", code) for one in said for code in languages(PACKAGE))
    return next((told for told in found if told is not None), None)


def answered(values: Iterable[str]) -> Told | None:
    """Return which attribute a column tells of by its values: two of them must be its answers."""
    held = {value.casefold().strip() for value in values}
    for language in languages(PACKAGE):
        for name, attribute in _protected(language).attributes.items():
            known = sorted(held & {answer.casefold() for answer in attribute.answers})
            if len(known) >= 2:
                return Told(name, attribute.audited, ", ".join(known))
    return None


@lru_cache(maxsize=4096)
def spoken(text: str, language: str = "") -> Told | None:
    """Return which attribute a text speaks of, in one language or in any."""
    for code in [language_of(language)] if language else languages(PACKAGE):
        told = _found(text, "text", code)
        if told is not None:
            return told
    return None


def _found(text: str, kind: Kind, language: str) -> Told | None:
    """Return the first attribute of the file that a text holds, with the words as they stand."""
    if language not in languages(PACKAGE):
        return None
    text, small = in_small_letters(text)
    for name, attribute in _protected(language).attributes.items():
        pattern = attribute.patterns[kind]
        if not pattern.search(small):
            continue
        # What means something else is passed over, and keeps its place.
        rest = attribute.elsewhere.sub(lambda found: "." * len(found[0]), small)
        found = pattern.search(rest)
        if found:
            words = " ".join(text[found.start() : found.end()].split())
            return Told(name, attribute.audited, words)
    return None


def _spaced(name: str) -> str:
    """Return a column's name as words: ``'marital status 2'`` for ``'marital_Status2'``."""
    whole = re.sub("['’]", "", name)
    return " ".join(re.split(r"[\W_]+", _SEAMS.sub(" ", whole))).lower()


@cache
def _protected(language: str) -> Protected:
    return read_words(Protected, PACKAGE, language)
