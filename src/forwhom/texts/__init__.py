"""From what people say to phrases: texts in; phrases, who said them and in which tone out."""

from forwhom.texts.phrases import Spoken, spoken
from forwhom.texts.tokens import Tokens, masked, tokens_of
from forwhom.texts.tongues import Tongue, tongue_of
from forwhom.texts.wordlists import Words, known_languages, words_of

__all__ = [
    "Spoken",
    "Tokens",
    "Tongue",
    "Words",
    "known_languages",
    "masked",
    "spoken",
    "tokens_of",
    "tongue_of",
    "words_of",
]
