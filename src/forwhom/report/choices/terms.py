"""What results of choices are called, the same on the page, in Markdown and in the terminal."""

from forwhom.documents.canvas.kinds import NeedKind
from forwhom.documents.results import RankedNeed
from forwhom.documents.results.fits import Strength
from forwhom.documents.segmentation import Interval
from forwhom.languages.catalog import later, later_in, tr, tr_count
from forwhom.wording import joined, percent, score, score_between

HEADLINES = {
    "opportunities": later("Which needs are worth an answer"),
    "fit": later("How far what we offer fits what they need"),
    "curves": later("What makes ours different"),
    "priorities": later("Which segments come first"),
    "job-maps": later("What gets done at each step"),
    "separation": later("What makes segments separate"),
}
#: Who stands behind the numbers of a need.
SOURCES = {
    "respondents": later("respondents"),
    "stated": later("as the canvas states"),
    "guess": later("the team’s guess"),
    "withheld": later("withheld"),
    "nobody": later("nobody"),
}
#: How far a need is answered, in a table.
STRENGTHS: dict[Strength, str] = {
    "full": later("in full"),
    "partial": later("in part"),
    "unknown": later("nobody has said how far"),
    "none": later("not answered"),
}
#: How far a need is answered, on its own.
ANSWERED: dict[Strength, str] = {
    "full": later("answered in full"),
    "partial": later("answered in part"),
    "unknown": later("nobody has said how far"),
    "none": later("not answered"),
}
#: Kinds of needs, as headings over several.
KINDS: dict[NeedKind, str] = {
    "job": later_in("needs", "Jobs"),
    "want": later_in("needs", "Wants"),
    "fear": later_in("needs", "Fears"),
    "pain": later_in("needs", "Pains"),
    "gain": later_in("needs", "Gains"),
    "outcome": later_in("needs", "Outcomes"),
}


def scored(value: float | None, interval: Interval | None) -> str:
    """Return a score, with its interval where it has one: ``'14.4 (12 to 16.5)'``."""
    said = score(value)
    return said if interval is None else f"{said} ({score_between(interval.low, interval.high)})"


def standing(row: RankedNeed) -> str:
    """Return in few words who stands behind a need, and how often it is first."""
    if row.numbers_from == "respondents":
        source = respondents(row.n)
    elif row.numbers_from == "withheld":
        source = tr("withheld, too few respondents")
    elif row.numbers_from == "nobody":
        source = tr("nobody has rated it")
    else:
        source = tr(SOURCES[row.numbers_from])
    if row.first is None:
        return source
    often = tr("first in {share}", share=percent(row.first)) if row.first else tr("never first")
    return joined([source, often])


def respondents(n: int | None) -> str:
    """Return a number of respondents."""
    return tr_count("{n} respondent", "{n} respondents", n or 0)
