"""Word lists of a language: data that people can read and correct, in ``words/<language>.yaml``.

A phrase matches whole words, in any case. ``*`` stands for more letters of a word, ``…`` for a few
words between, ``^`` at its start for the beginning of the text, and ``$`` at its end for the end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, cached_property
from importlib import resources

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.mistakes import validated
from forwhom.documents.yamlfile import parse_yaml

Phrases = list[str]


class Words(Document):
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
    having: Phrases = Field(description="Verbs of having something.")
    means: Phrases = Field(description="Words before the means of doing something.")
    solutions: Phrases = Field(description="Things that are solutions, not jobs.")
    after_things: Phrases = Field(description="Words that may follow a thing that is whole.")
    everyone: Phrases = Field(description="Segments that exclude nobody.")
    qualifiers: Phrases = Field(description="Words that exclude somebody after all.")
    demographic: Phrases = Field(description="What says only age, sex, income and the like.")
    protected: Phrases = Field(description="Attributes that law protects.")
    leading: Phrases = Field(description="Beginnings and tags of leading questions.")
    hypothetical: Phrases = Field(description="Questions about what would be.")
    polite: Phrases = Field(description="Polite forms that look hypothetical and are not.")
    pitching: Phrases = Field(description="Questions that sell an idea.")
    numbers: Phrases = Field(description="Words that say how many.")

    @cached_property
    def patterns(self) -> dict[str, re.Pattern[str]]:
        """For each list, a pattern that finds any of its phrases in a text of small letters."""
        lists = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: phrases(value) for name, value in lists.items() if isinstance(value, list)}

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


def in_small_letters(text: str) -> tuple[str, str]:
    """Return a text, and the same in small letters of the same length.

    Examples
    --------
    >>> in_small_letters("Teach my Kids")
    ('Teach my Kids', 'teach my kids')
    """
    small = text.lower()
    return (text, small) if len(small) == len(text) else (small, small)


def phrases(found: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of some phrases in a text of small letters.

    Examples
    --------
    >>> pattern = phrases(["young adult*", "^how … do you like"])
    >>> [bool(pattern.search(t)) for t in ("young adults", "how much do you like it?", "adults")]
    [True, True, False]
    """
    # What all phrases of a kind begin with stands before them all: tried once, not for each.
    kinds: dict[str, list[str]] = {r"^\W*": [], r"(?<![\w-])": [], "": []}
    for phrase in sorted(found, key=len, reverse=True):
        start, body = _phrase(phrase.lower())
        kinds[start].append(body)
    parts = [f"{start}(?:{'|'.join(bodies)})" for start, bodies in kinds.items() if bodies]
    return re.compile(rf"(?:{'|'.join(parts) or '(?!)'})")


def _phrase(phrase: str) -> tuple[str, str]:
    """How a phrase begins (the text, a word, or anything), and the pattern of the rest."""
    start = end = ""
    if phrase.startswith("^"):
        start, phrase = r"^\W*", phrase[1:]
    elif phrase[:1].isalnum() or phrase[:1] == "*":
        start = r"(?<![\w-])"
    if phrase.endswith("$"):
        phrase, end = phrase[:-1], r"\W*$"
    elif phrase[-1:].isalnum() or phrase[-1:] == "*":
        end = r"(?![\w-])"
    words = [re.escape(word).replace(r"\*", r"\w*") for word in phrase.split()]
    between = r"\s+".join(words).replace(r"\s+…\s+", r"\s(?:[^.!?]{0,60}?\s)?")
    return start, between + end


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have word lists.

    Examples
    --------
    >>> languages()
    ('de', 'en')
    """
    files = resources.files("forwhom.lint").joinpath("words").iterdir()
    return tuple(sorted(f.name.removesuffix(".yaml") for f in files if f.name.endswith(".yaml")))


@cache
def words_of(language: str) -> Words | None:
    """Return the word lists of a language; a variant such as ``de-AT`` has its language's.

    Examples
    --------
    >>> words_of("en-US").language, words_of("fr")
    ('en', None)
    """
    name = re.split(r"[-_]", language.lower())[0]
    if name not in languages():
        return None
    file = resources.files("forwhom.lint").joinpath("words", f"{name}.yaml")
    source = parse_yaml(file.read_text(encoding="utf-8"), f"words/{name}.yaml")
    return validated(Words, source, "word lists")
