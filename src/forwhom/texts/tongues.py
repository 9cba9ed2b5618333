"""In which language texts are written, by the small words that every sentence has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forwhom.texts.tokens import Tokens
from forwhom.texts.wordlists import known_languages, words_of

#: Fewer of the words of a text are small words of its language than this in no language that we
#: know; lists of catchwords have fewer than sentences, so it is low.
LEAST = 0.08
#: Words of a language must be so many times as many as those of the next, to be sure of it.
_AHEAD = 1.25


@dataclass(frozen=True)
class Tongue:
    """The language that most texts are written in."""

    language: str  # "" where it is none that is known
    #: share of the words that are small words of each known language
    shares: dict[str, float]
    #: share of the texts that tell, in which another language has more of them
    others: float


def tongue_of(tokens: Tokens) -> Tongue:
    """Return the language of texts.

    Words that several languages have count for none of them.
    """
    known = known_languages()
    lists = {one: frozenset(words_of(one).stop) for one in known}
    small = [form.casefold() for form in tokens.forms]
    counts = np.zeros((tokens.texts, len(known)))
    words = tokens.form >= 0
    for j, one in enumerate(known):
        others = frozenset().union(*(lists[other] for other in known if other != one))
        own = np.array([w in lists[one] and w not in others for w in small], dtype=bool)
        here = words.copy()
        here[words] = own[tokens.form[words]]
        counts[:, j] = np.bincount(tokens.text[here], minlength=tokens.texts)
    total = max(int(words.sum()), 1)
    shares = counts.sum(axis=0) / total
    best = int(shares.argmax())
    second = float(np.delete(shares, best).max())
    sure = shares[best] >= LEAST and shares[best] >= _AHEAD * second
    tells = counts.max(axis=1) >= 2
    off = float((counts[tells].argmax(axis=1) != best).mean()) if tells.any() else 0.0
    told = dict(zip(known, shares.tolist(), strict=True))
    return Tongue(known[best] if sure else "", told, off)
