"""Word lists of a language: data that people can read and correct, in ``words/<language>.yaml``."""

import re
from functools import cache, cached_property

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

PACKAGE = "forwhom.lint.words"
_EVERYONE = "forwhom.lint.everyone"


class _Lists(Document):
    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        """For each list, a pattern that finds any of its phrases in a text of small letters."""
        lists = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: phrases(value) for name, value in lists.items() if isinstance(value, list)}


class Everyone(_Lists):
    """Segments that exclude nobody, as a language names them."""

    forwhom: int = Field(description="Version of the format.")
    language: str = Field(description="The language, such as 'en'.")
    everyone: Phrases = Field(description="Segments that exclude nobody.")
    boundless: Phrases = Field(description="Bounds that exclude nobody: of all sizes.")
    shared: Phrases = Field(
        description="What nearly everybody has, so that it excludes nobody either."
    )
    qualifiers: Phrases = Field(description="Words that exclude somebody after all.")


class Words(_Lists):
    """What the rules on texts know of a language."""

    forwhom: int = Field(description="Version of the format.")
    language: str = Field(description="The language, such as 'en'.")
    lead_ins: Phrases = Field(description="What a statement may begin with before its verb.")
    context: Phrases = Field(description="Words that begin the circumstances of a job.")
    conjunctions: Phrases = Field(description="Words that join two jobs.")
    pairs: Phrases = Field(description="Two verbs that are one job.")
    verbs: Phrases = Field(default_factory=list, description="Verbs that jobs begin with.")
    verbs_or_nouns: Phrases = Field(
        default_factory=list, description="Words that are verbs before a determiner only."
    )
    determiners: Phrases = Field(
        default_factory=list, description="Words that tell a verb before them from a noun."
    )
    last_verb: str = Field(
        default="", description="Pattern of a verb at the end, where the language has it there."
    )
    not_verbs: Phrases = Field(
        default_factory=list, description="Words that look like such a verb and are none."
    )
    not_a_job: Phrases = Field(
        default_factory=list, description="Beginnings that show that there is no verb."
    )
    directions: Phrases = Field(
        default_factory=list, description="Words by which an outcome says which way is better."
    )
    measures: Phrases = Field(
        default_factory=list, description="What outcomes measure: time, likelihood, number."
    )
    having: Phrases = Field(description="Verbs of having something.")
    means: Phrases = Field(description="Words before the means of doing something.")
    solutions: Phrases = Field(description="Things that are solutions, not jobs.")
    after_things: Phrases = Field(description="Words that may follow a thing that is whole.")
    acts: Phrases = Field(
        default_factory=list, description="Words that begin what somebody does or thinks."
    )
    types: Phrases = Field(description="What claims that customers are it or not: types, kinds.")
    demographic: Phrases = Field(description="What says only age, sex, income and the like.")
    leading: Phrases = Field(description="Beginnings and tags of leading questions.")
    hypothetical: Phrases = Field(description="Questions about what would be.")
    polite: Phrases = Field(description="Polite forms that look hypothetical and are not.")
    pitching: Phrases = Field(description="Questions that sell an idea.")
    numbers: Phrases = Field(description="Words that say how many.")

    @cached_property
    def verb_set(self) -> frozenset[str]:
        """Verbs, to look words up in."""
        return frozenset(self.verbs)

    @cached_property
    def ambiguous_set(self) -> frozenset[str]:
        """Words that may be verbs, to look words up in."""
        return frozenset(self.verbs_or_nouns)

    @cached_property
    def determiner_set(self) -> frozenset[str]:
        """Determiners, to look words up in."""
        return frozenset(self.determiners)

    def find(self, name: str, text: str) -> str:
        """Return the first phrase of a list that a text holds, as it stands there; or ""."""
        text, small = in_small_letters(text)
        found = self.patterns[name].search(small)
        return " ".join(text[found.start() : found.end()].split()) if found else ""


@cache
def words_of(language: str) -> Words | None:
    """Return the word lists of a language; a variant such as ``de-AT`` has its language's."""
    name = language_of(language)
    return read_words(Words, PACKAGE, name) if name in languages(PACKAGE) else None


@cache
def everyone_in(language: str) -> tuple[Everyone, ...]:
    """Return who excludes nobody, of every language that is known; that of a canvas first.

    Few canvases say their language, and what names everybody in one names nobody in another.
    """
    known = languages(_EVERYONE)
    first = language_of(language)
    order = sorted(known, key=lambda name: (name != first, name))
    return tuple(read_words(Everyone, _EVERYONE, name) for name in order)
