"""Which variables speak to the criteria by which two segments are worth telling apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from forwhom.documents.base import Criterion
from forwhom.documents.nouns import forms_of
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.separateness import CriterionVerdict, PairVerdict
from forwhom.languages.catalog import later, tr
from forwhom.report.segmentation.terms import term
from forwhom.wording import apart, decimal, listed, lowered, opened

#: What each criterion asks of two segments.
_ASKED: dict[Criterion, str] = {
    "offer": later("Do they need another offer?"),
    "channel": later("Are they reached in another way?"),
    "relationship": later("Do they want another relationship?"),
    "profitability": later("Are they worth more or less?"),
    "price": later("Do they pay for something else?"),
}


@dataclass(frozen=True)
class Criteria:
    """What speaks to each criterion: its name, its question, the labels of variables."""

    sentence: str
    rows: tuple[tuple[str, str, str], ...]
    #: What is said of all pairs, and what could not be compared.
    told: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    #: Every pair with its verdicts, and the columns of this table.
    headings: tuple[str, ...] = ()
    pairs: tuple[tuple[str, ...], ...] = ()

    @property
    def briefly(self) -> str:
        """The same for a text: empty where nothing was compared."""
        return " ".join(self.told)


def criteria(segmentation: Segmentation) -> Criteria:
    """Return the five criteria with the variables that speak to them, those that formed first."""
    spoken: dict[Criterion, list[str]] = {criterion: [] for criterion in get_args(Criterion)}
    for variable in sorted(segmentation.variables, key=lambda v: v.use != "active"):
        if variable.criterion is not None and variable.use != "protected":
            spoken[variable.criterion].append(variable.label)
    silent = [criterion for criterion, labels in spoken.items() if not labels]
    sentence = f"{_worth_it(segmentation)} {_speaking(silent)}"
    rows = tuple((_name(c), tr(_ASKED[c]), listed(labels) or "–") for c, labels in spoken.items())
    found = segmentation.separateness
    if found is None:
        return Criteria(sentence, rows)
    headings = (tr("Pair"), *map(_name, get_args(Criterion)))
    pairs = tuple(_row(pair) for pair in found.pairs)
    return Criteria(sentence, rows, tuple(found.sentences), tuple(found.notes), headings, pairs)


def _worth_it(segmentation: Segmentation) -> str:
    return tr(
        "Two {nouns} are worth telling apart where they need another offer, channel or "
        "relationship, are worth more or less, or pay for something else.",
        **forms_of(segmentation.noun),
    )


def _speaking(silent: list[Criterion]) -> str:
    """Say to which criteria nothing speaks."""
    if not silent:
        return tr("Variables speak to all five.")
    return tr(
        "Nothing here speaks to {criteria}; a variable does where the study gives it that "
        "criterion.",
        criteria=listed([term("criterion", one) for one in silent]),
    )


def _name(criterion: Criterion) -> str:
    return opened(term("criterion", criterion))


def _row(pair: PairVerdict) -> tuple[str, ...]:
    """A pair with what is said of each criterion, and by how much."""
    known = {one.criterion: one for one in pair.criteria}
    return (
        tr("{first} and {last}", first=pair.first, last=pair.second),
        *(_cell(known[c]) if c in known else "–" for c in get_args(Criterion)),
    )


def _cell(one: CriterionVerdict) -> str:
    signed = one.kind in ("d", "h")
    ends = {
        "low": apart(decimal(one.low, sign=signed)),
        "high": apart(decimal(one.high, sign=signed)),
    }
    said = {
        "verdict": term("verdict", one.verdict),
        "label": listed([apart(lowered(label)) for label in one.leading], most=2),
        "effect": apart(f"{one.kind} {decimal(one.effect, sign=signed)}"),
        "range": tr("{low} to {high}", **ends),
    }
    if one.formed:
        return tr("{verdict} ({label}: {effect}, {range}; it formed them)", **said)
    return tr("{verdict} ({label}: {effect}, {range})", **said)
