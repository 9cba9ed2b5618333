"""In which tone something is said: as a pain, a gain, a job or a fear, by words beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from forwhom.texts.tokens import Tokens
from forwhom.texts.wordlists import TONES, Words

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def tones_of(
    tokens: Tokens, word: Ints, vocabulary: Mapping[str, int], negated: Bools, words: Words
) -> Bools:
    """Return which tokens stand beside a cue of each tone, shape (t, 4), in the order of ``TONES``.

    Pains and gains are what is said in the same clause, jobs and fears in the same sentence. What
    is a gain when it is said, is a pain when it is denied; a pain that is denied is neither.

    Parameters
    ----------
    word
        Which word of the vocabulary a token is, shape (t,); -1 for a break.
    negated
        Which tokens are denied, shape (t,).
    """
    found = np.zeros((len(word), len(TONES)), dtype=bool)
    pain, gain, job, fear = (_cued(word, vocabulary, phrases) for phrases in words.cues)
    # A cue that denies something itself is not denied by it: "does not work" is a pain.
    denials = frozenset(words.negations)
    whole = [phrase for phrase in words.pains if denials & set(phrase.split())]
    failed = _cued(word, vocabulary, whole)
    pain, gain = (pain & ~negated) | (gain & negated) | failed, gain & ~negated
    for j, (cue, scope) in enumerate(
        (
            (pain, tokens.clause),
            (gain, tokens.clause),
            (job, tokens.sentence),
            (fear, tokens.sentence),
        )
    ):
        inside = np.zeros(int(scope[-1]) + 1 if len(scope) else 1, dtype=bool)
        inside[scope[cue]] = True
        found[:, j] = inside[scope]
    return found


def _cued(word: Ints, vocabulary: Mapping[str, int], phrases: Sequence[str]) -> Bools:
    """Return at which tokens a phrase begins, shape (t,)."""
    found = np.zeros(len(word), dtype=bool)
    single = [one for one in phrases if " " not in one]
    fits = fitting(vocabulary, single)
    found |= fits[word] & (word >= 0)
    for phrase in phrases:
        parts = phrase.split()
        if len(parts) > 1:
            found |= _begins(word, [fitting(vocabulary, [part]) for part in parts])
    return found


def _begins(word: Ints, fitting: Sequence[Bools]) -> Bools:
    here = fitting[0][word] & (word >= 0)
    at = np.flatnonzero(here)
    for step, fits in enumerate(fitting[1:], 1):
        at = at[at + step < len(word)]
        following = word[at + step]
        at = at[(following >= 0) & fits[following]]
    begins = np.zeros(len(word), dtype=bool)
    begins[at] = True
    return begins


def fitting(vocabulary: Mapping[str, int], patterns: Sequence[str]) -> Bools:
    """Return which words fit one of some patterns of one word; the last is for no word at all."""
    fits = np.zeros(len(vocabulary) + 1, dtype=bool)
    fits[[vocabulary[p] for p in patterns if p in vocabulary]] = True
    open_ones = [re.escape(p).replace(r"\*", r".*") for p in patterns if "*" in p]
    if open_ones:
        found = re.compile("|".join(open_ones)).fullmatch
        fits[[i for word, i in vocabulary.items() if found(word)]] = True
    return fits
