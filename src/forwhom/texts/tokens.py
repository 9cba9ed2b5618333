"""Texts as rows of words: one array for all, so that whatever follows is arithmetic on numbers."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

#: What no phrase goes over: an address, a number, a mark. Words keep hyphens and apostrophes.
_TOKEN = re.compile(
    r"(?P<hidden>(?:https?://|www\.)\S+|\S+@\S+|[@#]\w+|\w*\d[\w.,:/-]*)"
    r"|(?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*)"
    r"|(?P<end>[.!?…\n]+)|(?P<mark>[,;:()\[\]{}\"“”„«»‹›/|–—*•&+=<>~_-])"
)
#: What a quote does not show.
_PERSONAL = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|@\w+|\+?\d(?:[ ()/.-]{0,2}\d){5,}")
#: Of what is found by these, a word begins a sentence; a mark is only a pause.
_END, _PAUSE = "\n", ","


@dataclass(frozen=True)
class Tokens:
    """All words of all texts, one after another, with breaks between what is not said together."""

    forms: tuple[str, ...]  # words as they are written, small letters and capitals apart
    form: Ints  # (t,) which form; -1 is a break
    text: Ints  # (t,) which text
    clause: Ints  # (t,) goes up at every break
    sentence: Ints  # (t,) goes up at the end of a sentence, and of a text
    texts: int

    @property
    def initial(self) -> Bools:
        """Whether a word begins a sentence or a clause, where a capital says nothing."""
        before = np.r_[-1, self.form[:-1]]
        return np.asarray(before < 0)


def tokens_of(texts: Sequence[str], elisions: Sequence[str] = ()) -> Tokens:
    """Take texts apart. ``elisions`` are what the language writes before an apostrophe."""
    cut = _elided(elisions)
    known: dict[str, int] = {_END: -2, _PAUSE: -1}
    found: list[int] = []
    lengths = np.empty(len(texts), dtype=np.int64)
    for i, text in enumerate(texts):
        plain = text if text.isascii() else unicodedata.normalize("NFC", text)
        if "&" in plain:
            plain = html.unescape(plain)
        if cut is not None:
            plain = cut.sub(r"\1 ", plain)
        own = [known.setdefault(_kept(m), len(known) - 2) for m in _TOKEN.finditer(plain)]
        found += own
        found.append(-2)
        lengths[i] = len(own) + 1
    code = np.array(found, dtype=np.int64)
    text_of = np.repeat(np.arange(len(texts)), lengths)
    return Tokens(
        forms=tuple(known)[2:],
        form=np.maximum(code, -1),
        text=text_of,
        clause=np.cumsum(code < 0),
        sentence=np.cumsum(code == -2),
        texts=len(texts),
    )


def _kept(match: re.Match[str]) -> str:
    """Return a word, or what stands for a break: what was hidden is gone for good."""
    kind = match.lastgroup
    if kind == "word":
        return match[0].replace("’", "'")
    return _END if kind == "end" else _PAUSE


def _elided(elisions: Sequence[str]) -> re.Pattern[str] | None:
    if not elisions:
        return None
    return re.compile(rf"\b({'|'.join(elisions)})['’](?=\w)", re.IGNORECASE)


def masked(text: str) -> str:
    """Return a text without e-mail addresses, links and long numbers.

    Examples
    --------
    >>> masked("Call +49 170 1234567 or write to ada@example.org, I waited 3 weeks")
    'Call […] or write to […] I waited 3 weeks'
    """
    return _PERSONAL.sub("[…]", text)
