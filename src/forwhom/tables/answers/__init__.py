"""How people word their answers, by language: data in ``<language>.toml`` beside this file."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

#: English first: where two languages share a word, its order counts.
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt")

#: Steps of a scale, lowest first; each step holds words that say the same.
Scale = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Wording:
    """What is known of answers in one language."""

    no_answer: frozenset[str]  # answers that are none
    intensity: Scale  # words before one and the same word, weakest first
    bands: dict[str, tuple[str, ...]]  # words around the bounds of a band, such as "under"
    often: dict[str, tuple[str, ...]]  # words of how often, such as "every" and "week"
    scales: dict[str, Scale]  # by what they are about


@cache
def wordings() -> tuple[Wording, ...]:
    """Return what is known of answers, one language after the other."""
    return tuple(_read(language) for language in LANGUAGES)


def _read(language: str) -> Wording:
    told = tomllib.loads((files(__name__) / f"{language}.toml").read_text(encoding="utf-8"))
    return Wording(
        frozenset(word for step in _steps(told["no_answer"]) for word in step),
        _steps(told["intensity"]),
        {key: _steps(lines)[0] for key, lines in told["bands"].items()},
        {key: _steps(lines)[0] for key, lines in told["often"].items()},
        {key: _steps(lines) for key, lines in told["scales"].items()},
    )


def _steps(lines: Sequence[str]) -> Scale:
    return tuple(tuple(line.casefold().split(" | ")) for line in lines)


def any_of(words: Sequence[str]) -> str:
    """Return a pattern for any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) + ")"
