"""Words that join what a canvas says into stories: data, one file for each language."""

from functools import cache

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.documents.phrases import language_of, languages, read_words
from forwhom.documents.results.stories import Part

_PACKAGE = "forwhom.documents.storywords"


class StoryWords(Document):
    """What joins the words of a canvas; names in braces stand for them."""

    forwhom: int = Field(description="Version of the format.")
    language: str = Field(description="The language, such as 'en'.")
    headings: dict[Part, str] = Field(description="Headings of the chapters.")
    says: dict[str, str] = Field(description="Sentences around words of the canvas.")
    lacks: dict[str, str] = Field(description="What a story may lack.")
    labels: dict[str, str] = Field(description="Headings and labels of the page.")


@cache
def story_words(language: str) -> StoryWords:
    """Return the words of a language, and English where there are none for it."""
    known = language_of(language)
    return read_words(StoryWords, _PACKAGE, known if known in languages(_PACKAGE) else "en")
