"""What a column is in the business, and which criterion of separate segments it speaks to."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from forwhom.documents.base import Criterion, Measure, Role, is_number
from forwhom.tables import lexicon


@dataclass(frozen=True)
class Meaning:
    """A role and a criterion, as far as a name tells them, and why."""

    role: Role | None = None
    criterion: Criterion | None = None
    why: str = ""


def meaning_of(tokens: Sequence[str], measure: Measure) -> Meaning:
    """Return what the words of a name say about the business."""
    said = _with_pairs(tokens)
    role, word = _role(said, set(tokens), measure)
    told = next((w for w in reversed(said) if w in _CRITERIA), "")
    criterion = _CRITERIA.get(told)
    shown = repr((word or told).replace("_", " "))
    called = f"{_ARTICLES.get(role, '')}{role}" if role else ""
    if role and criterion:
        return Meaning(role, criterion, f"{shown} makes it {called} and speaks to {criterion}")
    if role:
        return Meaning(role, criterion, f"{shown} makes it {called}")
    return Meaning(role, criterion, f"{shown} speaks to {criterion}" if criterion else "")


_ARTICLES: dict[Role, str] = {"channel": "a ", "outcome": "an "}
_CRITERIA = {word: name for name, known in lexicon.CRITERION_WORDS.items() for word in known}


def _role(said: Sequence[str], tokens: set[str], measure: Measure) -> tuple[Role | None, str]:
    for role, known in lexicon.ROLE_WORDS.items():
        found = [word for word in said if word in known]
        others = tokens - {token for word in found for token in word.split("_")}
        if found and others <= lexicon.ROLE_BESIDE and _fits(role, measure):
            return role, found[0]
    return None, ""


def _fits(role: Role, measure: Measure) -> bool:
    if role == "channel":
        return measure in ("nominal", "binary")
    return measure == "binary" if role == "outcome" else is_number(measure)


def _with_pairs(tokens: Sequence[str]) -> list[str]:
    """Words, and pairs of words that stand side by side, in the order of their ends."""
    pairs = ((after, f"{before}_{after}") for before, after in pairwise(tokens))
    return [*tokens[:1], *(word for both in pairs for word in both)]
