"""Which words are names of people, or of anything else that has a name of its own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.people.names import given_names
from forwhom.texts.tokens import Tokens
from forwhom.texts.wordlists import Words, known_languages

Bools = NDArray[np.bool_]

#: Written with a capital this often where no sentence begins, a word is a name.
_MOSTLY = 0.8
#: Written small this often, a given name is a word: a jack, where names have capitals at all.
_RARELY, _OFTEN, _CAPITALS = 0.2, 5, 0.02
#: Texts of which more words have a capital than this say nothing by one: "GREAT VALUE".
_SHOUTED = 0.5
#: Titles that are hardly anything else; most are shortened by a stop.
_SHORT = frozenset((
    "dr", "dra", "frau", "herr", "herrn", "mlle", "mme", "mr", "mrs", "ms", "prof", "rev",
    "sr", "sra", "srta",
))  # fmt: skip
#: Languages that write every noun with a capital.
_NOUNS = frozenset({"de"})


def names_in(tokens: Tokens, words: Words) -> Bools:
    """Return which tokens are names, shape (t,).

    A word with a capital after a title is one, and a word that mostly stands after one
    that is nothing else (behind *miss* or *don* there may be any word); so is a
    given name, unless texts that write names with capitals write it small; a word with a capital
    after a given name; and, but in languages that write every noun so, a word that mostly has a
    capital where no sentence begins.
    """
    there = tokens.form >= 0
    of = np.where(there, tokens.form, 0)
    titled = np.array([form[:1].isupper() and not form[1:].isupper() for form in tokens.forms])
    shouted = np.array([len(form) > 1 and form.isupper() for form in tokens.forms])
    if not len(titled):
        return np.zeros(len(of), dtype=bool)
    capital = titled[of] & there
    # A text in capitals, or one in which each word has one, tells nothing of its words.
    n = np.bincount(tokens.text[there], minlength=tokens.texts)
    high = np.bincount(
        tokens.text[there & (capital | shouted[of])], minlength=tokens.texts
    )  # fmt: skip
    plain = (high <= _SHOUTED * np.maximum(n, 1)) | (n < 3)
    inner = there & ~tokens.initial & plain[tokens.text] & ~shouted[of]
    small = [form.casefold() for form in tokens.forms]
    place: dict[str, int] = {}
    word = np.array([place.setdefault(one, len(place)) for one in small])
    seen = np.bincount(word[of[inner]], minlength=len(place))
    high = np.bincount(word[of[inner & capital]], minlength=len(place))
    silent = np.array([one in words.silent for one in place])
    titles, names = frozenset(words.titles), given_names(known_languages())
    title = np.array([one in titles for one in place])
    given = np.array([one in names for one in place])
    careful = high.sum() >= _CAPITALS * seen.sum()
    named = given & ~(careful & (seen >= _OFTEN) & (high <= _RARELY * seen))
    if words.language not in _NOUNS:
        named |= (high >= _MOSTLY * seen) & (seen > 0) & ~silent
    short = there & np.array([one in _SHORT for one in place])[word[of]]
    behind_short = there & _after(short, there, tokens.text)
    after_title = behind_short | (there & np.r_[False, (there & title[word[of]])[:-1]])
    behind = np.bincount(word[of[behind_short]], minlength=len(place))
    often = np.bincount(word[of[there]], minlength=len(place))
    named |= (behind >= _MOSTLY * often) & (behind > 0) & ~silent
    found = np.asarray(there & named[word[of]])
    found |= after_title & (capital | shouted[of])
    after_name = np.r_[False, (found & given[word[of]])[:-1]]
    return np.asarray(found | (there & after_name & capital & ~silent[word[of]]))


def _after(title: Bools, there: Bools, text: NDArray[np.int64]) -> Bools:
    """Return which tokens stand behind a title, or behind the stop that shortens it: Dr. Who."""
    stopped = np.r_[False, title[:-1]] & ~there
    behind = np.r_[False, title[:-1]] | np.r_[False, False, (title[:-1] & stopped[1:])[:-1]]
    begun = np.r_[True, text[1:] != text[:-1]]
    first = begun | np.r_[False, begun[:-1] & stopped[:-1]]
    return np.asarray(behind & ~first)
