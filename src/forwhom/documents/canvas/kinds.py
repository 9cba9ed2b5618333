"""Kinds of values that more than one part of the canvas holds."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from forwhom.documents.base import (
    CITATION_PATTERN,
    DAY_PATTERN,
    ID_PATTERN,
    LANGUAGE_PATTERN,
    LONGEST_ID,
)
from forwhom.languages.codes import written_code


def _in_the_calendar(day: str) -> str:
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError:
        raise ValueError(f"{day!r} is not in the calendar") from None


#: A name that stays when texts change: letters, digits, ``-``, ``_`` and ``.``.
Id = Annotated[str, Field(pattern=ID_PATTERN, max_length=LONGEST_ID)]
#: A segment that something names: its id, or what it is called.
SegmentName = str

#: Evidence that a statement cites: its id, and the fingerprint that it had when a person looked.
Citation = Annotated[str, Field(pattern=CITATION_PATTERN, max_length=160)]

#: A day, such as 2026-11-25; kept as text so that a file says what a person wrote.
Day = Annotated[str, Field(pattern=DAY_PATTERN), AfterValidator(_in_the_calendar)]

#: A language by its code, such as ``de`` or ``pt-BR``.
Language = Annotated[str, Field(pattern=LANGUAGE_PATTERN), AfterValidator(written_code)]

#: What kind of market the business model addresses.
MarketType = Literal["mass", "niche", "segmented", "diversified", "multi-sided"]

#: Buyer, user, target impact: who pays and decides, who works with it, who benefits in the end.
Buti = Literal["buyer", "user", "target-impact"]

#: What the team has decided about a segment.
Status = Literal["candidate", "serve", "ignore", "not-a-customer"]

#: How well people handle digital things: nothing at all, then the levels of DigComp. What its
#: version 2 calls highly specialized is highly advanced in version 3.
DigitalLevel = Literal[
    "unknown", "none", "basic", "intermediate", "advanced", "highly-advanced", "highly-specialized"
]

#: What the data say that a segment is; ``unproven``: they do not show that it is a group.
Standing = Literal["group", "slice", "band", "cut", "unproven"]

#: Roles of the purchase process, of the aid sector, and of the classic buying center.
Role = Literal[
    "user",
    "influencer",
    "recommender",
    "buyer",
    "decision-maker",
    "donor",
    "purchaser",
    "target-impact",
    "initiator",
    "gatekeeper",
    "approver",
]

#: What kind of need; an outcome says by what a job is done well, as its customers measure it.
NeedKind = Literal["job", "want", "fear", "pain", "gain", "outcome"]
JobKind = Literal["functional", "emotional", "social"]

#: The steps of a job map, in order (Bettencourt and Ulwick 2008).
JobStep = Literal[
    "define", "locate", "prepare", "confirm", "execute", "monitor", "modify", "conclude"
]

#: The four kinds of value that a proposition can have.
Value = Literal["functional", "monetary", "social", "psychological"]


def cited(citation: str) -> tuple[str, str]:
    """Split a citation into the id and the fingerprint of the evidence; "" for no fingerprint."""
    evidence, _, fingerprint = citation.partition("@")
    return evidence, fingerprint
