"""What results of choices are called, the same on the page, in Markdown and in the terminal."""

from forwhom.documents.results import RankedNeed
from forwhom.documents.results.fits import Strength
from forwhom.documents.segmentation import Interval
from forwhom.wording import count, percent, score, score_between

HEADLINES = {
    "opportunities": "Which needs are worth an answer",
    "fit": "How far what we offer fits what they need",
    "curves": "What makes ours different",
    "priorities": "Which segments come first",
    "job-maps": "What gets done at each step",
    "separation": "What makes segments separate",
}
#: Who stands behind the numbers of a need.
SOURCES = {
    "respondents": "respondents",
    "stated": "as the canvas states",
    "guess": "the team’s guess",
    "withheld": "withheld",
    "nobody": "nobody",
}
#: How far a need is answered, in a table.
STRENGTHS: dict[Strength, str] = {
    "full": "in full",
    "partial": "in part",
    "unknown": "nobody has said how far",
    "none": "not answered",
}


def scored(value: float | None, interval: Interval | None) -> str:
    """Return a score, with its interval where it has one: ``'14.4 (12 to 16.5)'``."""
    said = score(value)
    return said if interval is None else f"{said} ({score_between(interval.low, interval.high)})"


def standing(row: RankedNeed) -> str:
    """Return in few words who stands behind a need, and how often it is first."""
    missing = {"withheld": "withheld, too few respondents", "nobody": "nobody has rated it"}
    source = missing.get(row.numbers_from, SOURCES[row.numbers_from])
    facts = [count(row.n or 0, "respondent") if row.numbers_from == "respondents" else source]
    if row.first is not None:
        facts.append(f"first in {percent(row.first)}" if row.first else "never first")
    return ", ".join(facts)
