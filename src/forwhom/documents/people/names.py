"""Names of people by which they are known among other words, a file of them for each language."""

from collections.abc import Iterable
from functools import cache

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.phrases import Phrases, languages, read_words

PACKAGE = "forwhom.documents.people"


class Names(Document):
    """Frequent names in one language."""

    forwhom: int = Field(description="Version of the format.")
    language: str = Field(description="The language, such as 'en'.")
    given: Phrases = Field(default_factory=list, description="Given names, in small letters.")
    family: Phrases = Field(
        default_factory=list, description="Family names that others follow without a blank."
    )


def given_names(of: Iterable[str] = ()) -> frozenset[str]:
    """Return given names of some languages, or of every one: people move."""
    return frozenset(name for one in of or languages(PACKAGE) for name in _names(one).given)


def family_names() -> frozenset[str]:
    """Return the family names that others follow without a blank."""
    return frozenset(name for one in languages(PACKAGE) for name in _names(one).family)


@cache
def _names(language: str) -> Names:
    return read_words(Names, PACKAGE, language)
