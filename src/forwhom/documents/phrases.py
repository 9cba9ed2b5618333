"""Phrases that are data: files of words, one a language, and how they are found in a text.

A phrase matches whole words, in any case. ``*`` stands for more letters of a word, ``…`` for a few
words between, ``^`` at its start for the beginning of the text, and ``$`` at its end for the end.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TypeVar

from forwhom.documents.base import Document
from forwhom.documents.mistakes import validated
from forwhom.documents.yamlfile import parse_yaml

Phrases = list[str]
Lists = TypeVar("Lists", bound=Document)


@cache
def languages(package: str) -> tuple[str, ...]:
    """Return the languages that have a file of words in a package."""
    names = (path.name for path in resources.files(package).iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in names if n.endswith(".yaml")))


def language_of(text: str) -> str:
    """Return the language of a variant: ``'de'`` for ``'de-AT'``."""
    return re.split(r"[-_]", text.lower())[0]


def read_words(kind: type[Lists], package: str, language: str) -> Lists:
    """Return the words of a language that has a file of them."""
    text = resources.files(package).joinpath(f"{language}.yaml").read_text(encoding="utf-8")
    return validated(kind, parse_yaml(text, f"{language}.yaml"), "word lists")


def in_small_letters(text: str) -> tuple[str, str]:
    """Return a text, and the same in small letters of the same length."""
    small = text.lower()
    return (text, small) if len(small) == len(text) else (small, small)


def phrases(found: Sequence[str], space: str = r"\s+") -> re.Pattern[str]:
    """Return a pattern that finds any of some phrases in a text of small letters.

    ``space`` is what may stand between the words of a phrase.
    """
    # What all phrases of a kind begin with stands before them all: tried once, not for each.
    kinds: dict[str, list[str]] = {r"^\W*": [], r"(?<![\w-])": [], "": []}
    for phrase in sorted(found, key=len, reverse=True):
        start, body = _phrase(phrase.lower(), space)
        kinds[start].append(body)
    parts = [f"{start}(?:{'|'.join(bodies)})" for start, bodies in kinds.items() if bodies]
    return re.compile(rf"(?:{'|'.join(parts) or '(?!)'})")


def _phrase(phrase: str, space: str) -> tuple[str, str]:
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
    between = space.join(words).replace(f"{space}…{space}", r"\s(?:[^.!?]{0,60}?\s)?")
    return start, between + end
