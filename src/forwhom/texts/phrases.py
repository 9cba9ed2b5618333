"""Phrases of one to three words, who said them, and in which tone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from forwhom.texts.persons import names_in
from forwhom.texts.tokens import Tokens
from forwhom.texts.tones import fitting, tones_of
from forwhom.texts.wordlists import Words

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: How far a word of denial reaches, in words, and how many words that say something it denies.
_REACH, _DENIED = 4, 2
#: So near behind another one, a word of denial closes it.
_CLOSES = 3
#: A phrase of which so many sayers say it in one longer phrase is that one.
_SAME = 0.9
#: Letters that a word needs, so that a form of it is not another word.
_STEM = 3


@dataclass(frozen=True)
class Spoken:
    """Phrases, and the customers who said each.

    A pair of ``phrase`` and ``customer`` stands once, however often it was said, in ascending
    order of the phrase, then of the customer. Phrases stand in the order of their words.
    """

    phrases: tuple[str, ...]
    phrase: Ints  # (m,) index of the phrase
    customer: Ints  # (m,) index of the customer
    text: Ints  # (m,) a text of that customer that says it: the shortest
    tones: Bools  # (m, 4) in which tones that customer said it

    @cached_property
    def counts(self) -> Ints:
        """Customers who said each phrase, shape (R,)."""
        return np.bincount(self.phrase, minlength=len(self.phrases))


@dataclass(frozen=True)
class _Words:
    """Tokens as words without their forms: what may stand in a phrase."""

    vocabulary: dict[str, int]
    word: Ints  # (t,) index of the word, that of its shorter form; -1 for a break
    spoken: Ints  # (t,) the same, with each form by itself
    speaks: Bools  # (t,) may begin and end a phrase
    negated: Bools  # (t,)
    denies: Bools  # (t,) is a word of denial


def spoken(tokens: Tokens, whose: Ints, words: Words, least: int) -> Spoken:
    """Return the phrases that at least so many customers said.

    Parameters
    ----------
    tokens
        The words of all texts.
    whose
        The customer of each text, shape (texts,).
    words
        Words of their language.
    least
        Customers that a phrase needs; 1 or more.
    """
    read = _read(tokens, words)
    n = int(whose.max(initial=-1)) + 1
    often = _often(read, whose[tokens.text], n, least)
    code, begin, length = _candidates(read, often)
    customer = whose[tokens.text[begin]]
    kept, code = _common(code, customer, n, least)
    begin, length, customer = begin[kept], length[kept], customer[kept]
    parts = _parts(read, code, begin, length)
    keep = _whole(parts, code, customer, n)
    place = np.cumsum(keep) - 1
    chosen = keep[code]
    code, begin, length, customer = (
        place[code[chosen]],
        begin[chosen],
        length[chosen],
        customer[chosen],
    )
    names = _names(read, tokens, code, begin, length, frozenset(words.elisions))
    order = {name: i for i, name in enumerate(sorted(set(names)))}
    code = np.array([order[name] for name in names], dtype=np.int64)[code]
    tones = tones_of(tokens, read.spoken, read.vocabulary, read.negated, words)
    return _gathered(tuple(order), code, customer, begin, tokens, tones)


def _gathered(
    names: tuple[str, ...], code: Ints, customer: Ints, begin: Ints, tokens: Tokens, tones: Bools
) -> Spoken:  # fmt: skip
    lengths = np.bincount(tokens.text, minlength=tokens.texts)
    order = np.lexsort((tokens.text[begin], lengths[tokens.text[begin]], customer, code))
    code, customer, begin = code[order], customer[order], begin[order]
    new = np.ones(len(code), dtype=bool)
    new[1:] = (code[1:] != code[:-1]) | (customer[1:] != customer[:-1])
    starts = np.flatnonzero(new)
    heard = tones[begin].astype(np.int8)
    return Spoken(
        phrases=names,
        phrase=code[starts],
        customer=customer[starts],
        text=tokens.text[begin[starts]],
        tones=np.maximum.reduceat(heard, starts, axis=0) > 0 if len(starts) else heard > 0,
    )


def _read(tokens: Tokens, words: Words) -> _Words:
    place: dict[str, int] = {}
    of_form = np.array(
        [place.setdefault(form.casefold(), len(place)) for form in tokens.forms] + [-1]
    )
    word = of_form[tokens.form]
    name = names_in(tokens, words)
    word = np.where(name, -1, word)
    silent = np.array([one in words.silent or len(one) < 2 for one in place] + [True])
    denying, contrast = fitting(place, words.negations), fitting(place, words.contrasts)
    denies = denying[word] & (word >= 0)
    speaks = ~silent[word] & (word >= 0) & ~denies
    counts = np.bincount(word[word >= 0], minlength=len(place))
    shorter = np.array([*_shorter(place, counts, words.endings), -1])
    negated = _negated(word, denies, speaks, contrast[word] & (word >= 0))
    return _Words(place, shorter[word], word, speaks, negated, denies)


def _shorter(place: Mapping[str, int], counts: Ints, endings: Mapping[str, str]) -> list[int]:
    """Return the word that each word is a form of: the shorter one where both are said."""
    found = list(range(len(place)))
    for word, i in place.items():
        for ending, instead in endings.items():
            stem = word.removesuffix(ending) + instead
            other = place.get(stem, i)
            if other != i and word.endswith(ending) and len(stem) >= _STEM and counts[other] > 0:
                found[i] = other
                break
    for i in range(len(found)):  # endings of endings: a form of a form
        while found[found[i]] != found[i]:
            found[i] = found[found[i]]
    return found


def _negated(word: Ints, denies: Bools, speaks: Bools, contrast: Bools) -> Bools:
    """Return which tokens are denied: what follows a word of denial, or else what stands before."""
    n = len(word)
    found = np.zeros(n, dtype=bool)
    at = _first_of_two(np.flatnonzero(denies), word)
    alive, denied = np.ones(len(at), dtype=bool), np.zeros(len(at), dtype=np.int64)
    for step in range(1, _REACH + 1):
        here = np.minimum(at + step, n - 1)
        alive &= (at + step < n) & (word[here] >= 0) & ~contrast[here] & (denied < _DENIED)
        hit = alive & speaks[here]
        found[here[hit]] = True
        denied += hit
    left = at[denied == 0]
    alive = np.ones(len(left), dtype=bool)
    for step in (1, 2, 3):
        here = np.maximum(left - step, 0)
        alive &= (left - step >= 0) & (word[here] >= 0) & ~contrast[here]
        hit = alive & speaks[here]
        found[here[hit]] = True
        alive &= ~hit
    return found


def _often(read: _Words, customer: Ints, n: int, least: int) -> Bools:
    """Return which words may be in a phrase: those that enough customers said, shape (t,)."""
    there = (read.word >= 0) & (customer >= 0)
    pairs = _distinct(read.word[there] * max(n, 1) + customer[there])
    said = np.bincount(pairs // max(n, 1), minlength=len(read.vocabulary) + 1)
    return np.asarray((said >= least)[read.word] & (read.word >= 0))


def _first_of_two(at: Ints, word: Ints) -> Ints:
    """Return words of denial without those that close one: the pas of ne marche pas."""
    breaks = np.cumsum(word < 0)
    closes = np.zeros(len(at), dtype=bool)
    closes[1:] = (np.diff(at) <= _CLOSES) & (breaks[at[1:]] == breaks[at[:-1]])
    return at[~closes]


def _candidates(read: _Words, often: Bools) -> tuple[Ints, Ints, Ints]:
    """Return a code of each run of one to three words that may be a phrase; place and length."""
    size = 2 * len(read.vocabulary) + 2
    code = np.where(read.word >= 0, read.word + 1 + (size // 2) * read.negated, 0)
    speaks = read.speaks & often
    begins = np.flatnonzero(speaks)
    found = [(code[begins], begins, np.ones_like(begins))]
    n = len(code)
    two = begins[begins + 1 < n]
    same = read.negated[two] == read.negated[two + 1]
    two = two[same & speaks[two + 1] & (code[two] != code[two + 1])]
    found.append((code[two] * size + code[two + 1], two, np.full_like(two, 2)))
    three = begins[begins + 2 < n]
    same = read.negated[three] == read.negated[three + 2]
    three = three[same & often[three + 1] & ~read.denies[three + 1] & speaks[three + 2]]
    triple = (code[three] * size + code[three + 1]) * size + code[three + 2]
    found.append((triple, three, np.full_like(three, 3)))
    # Codes of different lengths differ: what begins a phrase is no 0.
    joined = [np.concatenate(one) for one in zip(*found, strict=True)]
    return joined[0], joined[1], joined[2]


def _common(code: Ints, customer: Ints, n: int, least: int) -> tuple[Ints, Ints]:
    """Return which occurrences are of phrases that so many customers said, and codes from 0 on."""
    there = np.flatnonzero(customer >= 0)
    dense = np.searchsorted(_distinct(code[there]), code[there])
    pairs = _distinct(dense * max(n, 1) + customer[there])
    said = np.bincount(pairs // max(n, 1)) if len(pairs) else np.zeros(0, dtype=np.int64)
    often = said >= least
    kept = often[dense] if len(dense) else np.zeros(0, dtype=bool)
    place = np.cumsum(often) - 1
    return there[kept], place[dense[kept]] if len(dense) else dense


def _parts(read: _Words, code: Ints, begin: Ints, length: Ints) -> list[tuple[int, ...]]:
    """Return the words of each phrase, denied ones with a sign of their own."""
    _, first = np.unique(code, return_index=True)
    size = len(read.vocabulary)
    return [
        tuple(
            int(read.word[begin[i] + s] + size * read.negated[begin[i] + s])
            for s in range(length[i])
        )
        for i in first
    ]


def _whole(parts: Sequence[tuple[int, ...]], code: Ints, customer: Ints, n: int) -> Bools:
    """Return which phrases are not nearly always a part of one longer phrase."""
    pairs = _distinct(code * max(n, 1) + customer)
    counts = np.bincount(pairs // max(n, 1), minlength=len(parts))
    place = {part: i for i, part in enumerate(parts)}
    keep = np.ones(len(parts), dtype=bool)
    for i, part in enumerate(parts):
        for start in range(len(part)):
            for stop in range(start + 1, len(part) + 1):
                shorter = place.get(part[start:stop])
                if shorter is not None and shorter != i and counts[i] >= _SAME * counts[shorter]:
                    keep[shorter] = False
    return keep


def _names(
    read: _Words, tokens: Tokens, code: Ints, begin: Ints, length: Ints, elided: frozenset[str]
) -> list[str]:
    """Return each phrase as it is said most often, with the word that denies it."""
    if not len(code):
        return []
    start = begin.copy()
    denied = np.flatnonzero(read.negated[begin])
    for step in range(_REACH, 0, -1):  # the nearest last, so that it stays
        here = np.maximum(begin[denied] - step, 0)
        same = (begin[denied] >= step) & read.denies[here]
        same &= tokens.clause[here] == tokens.clause[begin[denied]]
        start[denied[same]] = here[same]
    stop = begin + length
    for step in (3, 2, 1):  # nothing before denies it, or what follows closes that: does not work
        here = np.minimum(begin[denied] + length[denied] - 1 + step, len(read.word) - 1)
        same = ((start[denied] == begin[denied]) | (step == 1)) & read.denies[here]
        same &= tokens.clause[here] == tokens.clause[begin[denied]]
        stop[denied[same]] = here[same] + 1
    # What stands between the two is told only where it says nothing: one customer may have said it.
    own = np.zeros(len(read.word), dtype=bool)
    for step in range(int(length.max())):
        own[(begin + step)[length > step]] = True
    told = own | read.denies | ~read.speaks
    said, vocabulary = np.where(told, read.spoken, -1).tolist(), list(read.vocabulary)
    heard: list[Counter[tuple[int, ...]]] = [Counter() for _ in range(int(code.max()) + 1)]
    for one, a, b in zip(code.tolist(), start.tolist(), stop.tolist(), strict=True):
        heard[one][tuple(said[a:b])] += 1
    return [_usual(one, vocabulary, elided) for one in heard]


def _usual(
    heard: Counter[tuple[int, ...]], vocabulary: Sequence[str], elided: frozenset[str]
) -> str:
    """Return what was said most often; of several, the shortest."""
    texts: Counter[str] = Counter()
    for one, n in heard.items():
        words = [vocabulary[w] for w in one if w >= 0]
        texts["".join(w + ("'" if w in elided else " ") for w in words).strip()] += n
    return min(texts, key=lambda text: (-texts[text], len(text), text))


def _distinct(values: Ints) -> Ints:
    """Return each value once, in ascending order: faster than NumPy, which hashes."""
    ordered = np.sort(values)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]] if len(ordered) else ordered
