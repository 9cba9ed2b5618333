"""What keys of a canvas are called in words: roles, bases, strengths, criteria, steps, values."""

from collections.abc import Iterable

from forwhom.languages.catalog import later, later_in, tr
from forwhom.wording import opened

ROLES = {
    "user": later("user"),
    "influencer": later("influencer"),
    "recommender": later("recommender"),
    "buyer": later("buyer"),
    "decision-maker": later("decision-maker"),
    "donor": later("donor"),
    "purchaser": later("purchaser"),
    "target-impact": later("target-impact"),
    "initiator": later("initiator"),
    "gatekeeper": later("gatekeeper"),
    "approver": later("approver"),
}
BASES = {
    "behavioral": later("behavioral"),
    "psychographic": later("psychographic"),
    "demographic": later("demographic"),
    "geographic": later("geographic"),
    "firmographic": later("firmographic"),
}
#: How much somebody who influences counts.
STRENGTHS = {"weak": later("weak"), "medium": later("medium"), "strong": later("strong")}
CRITERIA = {
    "offer": later("Offer"),
    "channel": later("Channel"),
    "relationship": later("Relationship"),
    "profitability": later("Profitability"),
}

MARKETS = {
    "mass": later("Mass market"),
    "niche": later("Niche market"),
    "segmented": later("Segmented market"),
    "diversified": later("Diversified market"),
    "multi-sided": later("Multi-sided market"),
}
#: How well people handle digital things.
SKILLS = {
    "unknown": later("unknown"),
    "none": later("none"),
    "basic": later("basic"),
    "intermediate": later("intermediate"),
    "advanced": later("advanced"),
    "highly-advanced": later("highly advanced"),
    "highly-specialized": later("highly specialized"),
}
#: How severe a misalignment is, and how much power somebody has.
LEVELS = {"low": later("low"), "medium": later("medium"), "high": later("high")}
#: What a test of a hypothesis says.
RESULTS = {
    "supported": later("supported"),
    "refuted": later("refuted"),
    "unclear": later("unclear"),
}
#: The eight steps of a job.
STEPS = {
    "define": later("Define"),
    "locate": later("Locate"),
    "prepare": later("Prepare"),
    "confirm": later("Confirm"),
    "execute": later("Execute"),
    "monitor": later("Monitor"),
    "modify": later("Modify"),
    "conclude": later("Conclude"),
}
#: Kinds of value, on their own; cards say "functional value".
VALUES = {
    "functional": later_in("kind of value", "functional"),
    "monetary": later_in("kind of value", "monetary"),
    "social": later_in("kind of value", "social"),
    "psychological": later_in("kind of value", "psychological"),
}
#: Parts of a positioning statement.
POSITIONING = {
    "target": later("target"),
    "need": later("need"),
    "product": later("product"),
    "category": later("category"),
    "benefit": later("benefit"),
    "alternative": later("alternative"),
    "difference": later("difference"),
}


def roles_of(roles: Iterable[str]) -> list[str]:
    """Return roles in words."""
    return [tr(ROLES[role]) for role in roles]


def topic_name(topic: str) -> str:
    """Return the name of a topic or block in words: ``'Key partners'``, ``'KPI'``."""
    return tr(topic.upper() if len(topic) <= 3 else opened(topic.replace("_", " ")))
