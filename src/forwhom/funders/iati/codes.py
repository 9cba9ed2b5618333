"""Codes of IATI 2.0x that decide what a transaction and an organization are."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from forwhom.languages.catalog import later

#: What a transaction says: money that was paid, or that was promised with binding force.
Measure = Literal["spent", "committed"]
#: Who reports it: the one who gives, or the one who receives.
Side = Literal["giver", "receiver"]

#: Code of a transaction type to what it counts as, and whose report it is.
COUNTED: dict[str, tuple[Measure, Side]] = {
    "1": ("spent", "receiver"),
    "2": ("committed", "giver"),
    "3": ("spent", "giver"),
    "4": ("spent", "giver"),
    "7": ("spent", "giver"),
    "8": ("spent", "giver"),
    "11": ("committed", "receiver"),
}
EXPENDITURE = "4"

#: Transaction types that are no funding of an organization, and what they are.
NOT_COUNTED = {
    "5": later("interest payments"),
    "6": later("loan repayments"),
    "9": later("sales of equity"),
    "10": later("credit guarantees"),
    "12": later("pledges"),
    "13": later("pledges"),
}

#: Roles of participating organizations.
FUNDING, ACCOUNTABLE, EXTENDING, IMPLEMENTING = "1", "2", "3", "4"

#: Types of organizations, in words.
ORGANIZATION_TYPES = {
    "10": later("government"),
    "11": later("local government"),
    "15": later("other public sector"),
    "21": later("international NGO"),
    "22": later("national NGO"),
    "23": later("regional NGO"),
    "24": later("NGO of the partner country"),
    "30": later("public-private partnership"),
    "40": later("multilateral"),
    "60": later("foundation"),
    "70": later("private sector"),
    "71": later("private sector"),
    "72": later("private sector"),
    "73": later("private sector"),
    "80": later("academia, training and research"),
    "90": later("other"),
}

#: Collaboration types: from one government, or through an organization of many.
CHANNELS = {
    "1": later("bilateral"),
    "2": later("multilateral"),
    "3": later("bilateral"),
    "4": later("multilateral"),
    "6": later("private"),
    "7": later("bilateral"),
    "8": later("bilateral"),
}

_FREE, _SOFT, _TIED = later("unearmarked"), later("softly earmarked"), later("earmarked")
#: Aid types of the DAC, by their beginning: whether the giver says what the money is for. A code
#: that begins otherwise, such as one of debt relief, says nothing of it.
EARMARKING = {
    "A": _FREE,
    "B01": _FREE,
    "B02": _FREE,
    "B03": _SOFT,
    "B04": _SOFT,
    "C": _TIED,
    "D": _TIED,
}
#: Categories of the Grand Bargain, a vocabulary of its own.
EARMARKING_CATEGORIES = {
    "1": _FREE,
    "2": _SOFT,
    "3": _TIED,
    "4": _TIED,
}
#: Modalities of the Grand Bargain: letters that stand in the order of its four categories.
EARMARKING_MODALITIES = {
    **dict.fromkeys("ABC", _FREE),
    **dict.fromkeys("DEFG", _SOFT),
    **dict.fromkeys("HIJKL", _TIED),
}
#: An activity of more days than these is funded for more than one budget year.
ONE_YEAR = 400


def earmarking_of(codes: Sequence[tuple[str, str]]) -> str:
    """Return how far money is earmarked, from pairs of vocabulary and code; empty: not said.

    What speaks of earmarking alone counts before the aid types of the DAC, where it follows.
    """
    said = dict(codes)
    found = EARMARKING_CATEGORIES.get(said.get("2", "")) or EARMARKING_MODALITIES.get(
        said.get("3", "").upper()
    )
    aid = said.get("1", "").upper()
    return found or EARMARKING.get(aid[:3]) or EARMARKING.get(aid[:1]) or ""


def term_of(start: str, end: str) -> str:
    """Return whether money is for one budget year or for several; empty where days are missing."""
    if not start or not end or end < start:
        return ""
    days = (date.fromisoformat(end) - date.fromisoformat(start)).days
    return later("long-term") if days > ONE_YEAR else later("short-term")


def form_of(finance_type: str) -> str:
    """Return the form of money that a finance type says: grant, loan, equity or other."""
    if not finance_type:
        return ""
    if finance_type in ("1", "110", "111"):
        return later("grant")
    if finance_type[:2] in ("41", "42", "45"):
        return later("loan")
    return later("equity") if finance_type[:2] == "51" else later("other")
