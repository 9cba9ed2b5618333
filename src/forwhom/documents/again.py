"""Whether the segments would be found again, in plain words: another question than structure."""

from typing import Literal

from forwhom.documents.stability import LOST, NumberStability, Stability
from forwhom.wording import count, decimal, listed

#: What each reading means, for a reader.
READINGS = {
    "natural": "Natural segments: clear groups that are found again.",
    "reproducible": "Reproducible segments: they are found again. Cuts through a sliding scale "
    "often are, too, so that this does not say what lies between them.",
    "constructive": "Constructive segments: other customers, or another run, would give other "
    "borders. Choose them for their use.",
}


def again_of(stability: Stability, k: int, noun: str) -> str:
    """Return whether ``k`` segments would be found again, in a sentence; empty if unknown."""
    told = stability.of(k)
    if told is None:
        return ""
    again = stability.reading != "constructive"
    alone = " That alone does not make them kinds." if stability.reading == "reproducible" else ""
    return (
        f"Would we find the {noun}s again? {'Yes' if again else 'Not reliably'}: in "
        f"{count(stability.replicates, 'random re-weighting')} of the customers, what is found "
        f"agrees with them by {'' if again else 'only '}{decimal(told.agreement)} on average (1 is "
        f"the same, 0 is chance{_but(stability, noun)}).{alone}"
    )


def found_again(stability: Stability) -> Literal["yes", "open", "no"]:
    """Whether the segments are found again; ``open`` where some of them are lost."""
    if stability.reading == "constructive":
        return "no"
    return "open" if lost_of(stability) else "yes"


def _but(stability: Stability, noun: str) -> str:
    """Name the segments that are lost in most replicates, where the others are found."""
    lost = lost_of(stability)
    if not lost or len(lost) == len(stability.segments):
        return ""
    names = listed([str(i) for i in lost], most=None)
    several = len(lost) > 1
    return f"; {noun}{'s' if several else ''} {names} {'are' if several else 'is'} mostly lost"


def lost_of(stability: Stability) -> list[int]:
    """Return the ids of the segments that are found in less than half of the replicates."""
    return [s.segment for s in stability.segments if 2 * s.found < stability.replicates]


def optima_of(told: NumberStability, noun: str) -> str:
    """Say where random starts end in other optima than the customers; empty where they do not."""
    if told.warm - told.agreement < LOST:
        return ""
    return (
        f"Started from these {noun}s instead of at random, replicates agree by "
        f"{decimal(told.warm)}: much of what differs is which of several nearly equally good "
        "solutions a search ends in."
    )
