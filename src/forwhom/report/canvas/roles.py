"""Words of the field that a canvas holds as keys: roles, bases, strengths, criteria."""

from collections.abc import Iterable

from forwhom.languages.catalog import later, tr

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


def roles_of(roles: Iterable[str]) -> list[str]:
    """Return roles in words."""
    return [tr(ROLES[role]) for role in roles]
