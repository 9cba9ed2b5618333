"""Word lists of a language: data that people can read and correct, in ``words/<language>.yaml``."""

from functools import cache, cached_property

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.phrases import Phrases, languages, read_words

PACKAGE = "forwhom.texts.words"

#: Tones in which something is said, in the order of the columns of what counts them.
TONES = ("pain", "gain", "job", "fear")


class Words(Document):
    """What reading texts needs to know of a language."""

    forwhom: int = Field(description="Version of the format.")
    language: str = Field(description="The language, such as 'en'.")
    stop: Phrases = Field(description="Words that say nothing by themselves.")
    negations: Phrases = Field(description="Words that turn round what follows.")
    contrasts: Phrases = Field(description="Words after which something else is meant.")
    endings: dict[str, str] = Field(
        description="Endings of forms of a word, and what stands there in the other form."
    )
    elisions: Phrases = Field(description="What is written before an apostrophe: l'écran.")
    titles: Phrases = Field(description="Words before a name.")
    jobs: Phrases = Field(description="Words before what somebody tries to do.")
    pains: Phrases = Field(description="Words by which something is a pain.")
    gains: Phrases = Field(description="Words by which something is a gain.")
    fears: Phrases = Field(description="Words by which something is feared.")

    @cached_property
    def silent(self) -> frozenset[str]:
        """Words that neither begin nor end a phrase."""
        return frozenset(self.stop) | frozenset(self.titles)

    @property
    def cues(self) -> tuple[Phrases, ...]:
        """What tells each tone, in the order of ``TONES``."""
        return self.pains, self.gains, self.jobs, self.fears


def known_languages() -> tuple[str, ...]:
    """Return the languages that texts can be read in."""
    return languages(PACKAGE)


@cache
def words_of(language: str) -> Words:
    """Return the word lists of one of the known languages."""
    return read_words(Words, PACKAGE, language)
