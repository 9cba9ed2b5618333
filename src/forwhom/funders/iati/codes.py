"""Codes of IATI 2.0x that decide what a transaction and an organization are."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

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
    "5": "interest payments",
    "6": "loan repayments",
    "9": "sales of equity",
    "10": "credit guarantees",
    "12": "pledges",
    "13": "pledges",
}

#: Roles of participating organizations.
FUNDING, ACCOUNTABLE, EXTENDING, IMPLEMENTING = "1", "2", "3", "4"

#: Types of organizations, in words.
ORGANIZATION_TYPES = {
    "10": "government",
    "11": "local government",
    "15": "other public sector",
    "21": "international NGO",
    "22": "national NGO",
    "23": "regional NGO",
    "24": "NGO of the partner country",
    "30": "public-private partnership",
    "40": "multilateral",
    "60": "foundation",
    "70": "private sector",
    "71": "private sector",
    "72": "private sector",
    "73": "private sector",
    "80": "academia, training and research",
    "90": "other",
}

#: Collaboration types: from one government, or through an organization of many.
CHANNELS = {
    "1": "bilateral",
    "2": "multilateral",
    "3": "bilateral",
    "4": "multilateral",
    "6": "private",
    "7": "bilateral",
    "8": "bilateral",
}


#: Aid types of the DAC, by their beginning: whether the giver says what the money is for. A code
#: that begins otherwise, such as one of debt relief, says nothing of it.
EARMARKING = {
    "A": "unearmarked",
    "B01": "unearmarked",
    "B02": "unearmarked",
    "B03": "softly earmarked",
    "B04": "softly earmarked",
    "C": "earmarked",
    "D": "earmarked",
}
#: Categories of the Grand Bargain, a vocabulary of its own.
EARMARKING_CATEGORIES = {
    "1": "unearmarked",
    "2": "softly earmarked",
    "3": "earmarked",
    "4": "earmarked",
}
#: Modalities of the Grand Bargain: letters that stand in the order of its four categories.
EARMARKING_MODALITIES = {
    **dict.fromkeys("ABC", "unearmarked"),
    **dict.fromkeys("DEFG", "softly earmarked"),
    **dict.fromkeys("HIJKL", "earmarked"),
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
    return "long-term" if days > ONE_YEAR else "short-term"


def form_of(finance_type: str) -> str:
    """Return the form of money that a finance type says: grant, loan, equity or other."""
    if not finance_type:
        return ""
    if finance_type in ("1", "110", "111"):
        return "grant"
    if finance_type[:2] in ("41", "42", "45") or finance_type in ("451", "452", "453"):
        return "loan"
    return "equity" if finance_type[:2] == "51" else "other"
