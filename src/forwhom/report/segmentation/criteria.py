"""Which variables speak to the criteria by which two segments are worth telling apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from forwhom.documents.base import Criterion
from forwhom.documents.segmentation import Segmentation
from forwhom.documents.separateness import CriterionVerdict, PairVerdict
from forwhom.wording import decimal, listed, lowered, opened

#: What each criterion asks of two segments.
_ASKED: dict[Criterion, str] = {
    "offer": "Do they need another offer?",
    "channel": "Are they reached in another way?",
    "relationship": "Do they want another relationship?",
    "profitability": "Are they worth more or less?",
    "price": "Do they pay for something else?",
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
    sentence = (
        f"Two {segmentation.noun}s are worth telling apart where they need another offer, channel "
        "or relationship, are worth more or less, or pay for something else. "
    )
    if silent:
        sentence += (
            f"Nothing here speaks to {listed(silent)}; a variable does where the study gives "
            "it that criterion."
        )
    else:
        sentence += "Variables speak to all five."
    rows = tuple((opened(c), _ASKED[c], listed(labels) or "–") for c, labels in spoken.items())
    found = segmentation.separateness
    if found is None:
        return Criteria(sentence, rows)
    headings = ("Pair", *(opened(c) for c in get_args(Criterion)))
    pairs = tuple(_row(pair) for pair in found.pairs)
    return Criteria(sentence, rows, tuple(found.sentences), tuple(found.notes), headings, pairs)


def _row(pair: PairVerdict) -> tuple[str, ...]:
    """A pair with what is said of each criterion, and by how much."""
    known = {one.criterion: one for one in pair.criteria}
    return (
        f"{pair.first} and {pair.second}",
        *(_cell(known[c]) if c in known else "–" for c in get_args(Criterion)),
    )


def _cell(one: CriterionVerdict) -> str:
    signed = one.kind in ("d", "h")
    ends = f"{decimal(one.low, sign=signed)} to {decimal(one.high, sign=signed)}"
    formed = "; it formed them" if one.formed else ""
    label = listed([lowered(label) for label in one.leading], most=2)
    effect = f"{one.kind} {decimal(one.effect, sign=signed)}"
    return f"{one.verdict} ({label}: {effect}, {ends}{formed})"
