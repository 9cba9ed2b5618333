"""Whether the segments would be found again, in plain words: another question than structure."""

from typing import Literal

from forwhom.documents.nouns import numbered, phrase
from forwhom.documents.stability import LOST, NumberStability, Stability
from forwhom.languages.catalog import later, tr, tr_count
from forwhom.wording import decimal

#: What each reading means, for a reader.
READINGS = {
    "natural": later("Natural segments: clear groups that are found again."),
    "reproducible": later(
        "Reproducible segments: they are found again. Cuts through a sliding scale often are, too, "
        "so that this does not say what lies between them."
    ),
    "constructive": later(
        "Constructive segments: other customers, or another run, would give other borders. Choose "
        "them for their use."
    ),
}


def again_of(stability: Stability, k: int, noun: str) -> str:
    """Return whether ``k`` segments would be found again, in words; empty if unknown."""
    told = told_again(stability, k, noun)
    if not told:
        return ""
    asked = tr("Would we find {parts} again?", parts=phrase("all", noun))
    if stability.reading != "reproducible":
        return f"{asked} {told}"
    alone = tr("That alone does not make them kinds.")
    return f"{asked} {told} {alone}"


def told_again(stability: Stability, k: int, noun: str) -> str:
    """Return the answer alone, in a sentence; empty if unknown."""
    told = stability.of(k)
    if told is None:
        return ""
    times = tr_count("{n} random re-weighting", "{n} random re-weightings", stability.replicates)
    agreement, ends = decimal(told.agreement), _ends(stability, noun)
    if stability.reading == "constructive":
        return tr(
            "Not reliably: in {times} of the customers, what is found agrees with them by only "
            "{agreement} on average ({ends}).",
            times=times,
            agreement=agreement,
            ends=ends,
        )
    return tr(
        "Yes: in {times} of the customers, what is found agrees with them by {agreement} on "
        "average ({ends}).",
        times=times,
        agreement=agreement,
        ends=ends,
    )


def found_again(stability: Stability) -> Literal["yes", "open", "no"]:
    """Whether the segments are found again; ``open`` where some of them are lost."""
    if stability.reading == "constructive":
        return "no"
    return "open" if lost_of(stability) else "yes"


def _ends(stability: Stability, noun: str) -> str:
    """Say between what agreement lies, and which segments are lost where others are found."""
    lost = lost_of(stability)
    if not lost or len(lost) == len(stability.segments):
        return tr("1 is the same, 0 is chance")
    named = numbered(noun, lost)
    if len(lost) == 1:
        return tr("1 is the same, 0 is chance; {one} is mostly lost", one=named)
    return tr("1 is the same, 0 is chance; {several} are mostly lost", several=named)


def lost_of(stability: Stability) -> list[int]:
    """Return the ids of the segments that are found in less than half of the replicates."""
    return [s.segment for s in stability.segments if 2 * s.found < stability.replicates]


def optima_of(told: NumberStability, noun: str) -> str:
    """Say where random starts end in other optima than the customers; empty where they do not."""
    if told.warm - told.agreement < LOST:
        return ""
    return tr(
        "Started from {parts} instead of at random, replicates agree by {agreement}: much of what "
        "differs is which of several nearly equally good solutions a search ends in.",
        parts=phrase("these", noun),
        agreement=decimal(told.warm),
    )
