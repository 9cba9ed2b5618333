"""The agenda: what happens when, in minutes that add up to the time there is."""

import math

from pydantic import Field

from forwhom.documents.base import Document
from forwhom.errors import OptionError
from forwhom.languages.catalog import later, tr

#: The exercise needs this long at least, and tires people after this.
SHORTEST, LONGEST = 30, 90

#: What happens, how, and its part of an hour. Discussion gets most: that is what people meet for.
_PARTS = (
    (later("Welcome"), later("Say the purpose and the rules. Hand out codes and sheets."), 5),
    (
        later("Read the items"),
        later("Read every item aloud. Clarify words, do not defend or judge yet."),
        7,
    ),
    (
        later("Round 1, in private"),
        later("Everybody rates alone and in silence; nobody shows their sheet."),
        10,
    ),
    (
        later("Reveal"),
        later("Collect the sheets, read the numbers aloud by code, write down the medians."),
        8,
    ),
    (
        later("Discuss"),
        later(
            "Start with the widest gaps. Ask the highest and the lowest rater for a reason "
            "from something that happened, not for an opinion."
        ),
        14,
    ),
    (
        later("Round 2, in private"),
        later("Give the sheets back. Everybody rates again; staying is fine."),
        6,
    ),
    (
        later("Decide"),
        later("Name class and impact of every item; an owner and a date for each action."),
        8,
    ),
    (
        later("Close"),
        later("Read the decisions aloud. Say who types the answers in, and when."),
        2,
    ),
)
#: The step in which people rate for the first time.
FIRST_ROUND = 2


class Step(Document):
    """One step of the agenda."""

    name: str = Field(description="What happens.")
    how: str = Field(description="How it is done.")
    start: int = Field(description="Minutes after the beginning.")
    minutes: int = Field(description="How long it takes.")


def agenda(minutes: int) -> list[Step]:
    """Return the steps of the exercise, in whole minutes that add up to the time there is."""
    if not SHORTEST <= minutes <= LONGEST:
        raise OptionError(
            f"a workshop of {minutes} minutes is outside {SHORTEST} to {LONGEST}.",
            "With less time, rate fewer items; with more, take two sessions.",
        )
    shares = [minutes * weight / sum(p[2] for p in _PARTS) for _, _, weight in _PARTS]
    given = [math.floor(share) for share in shares]
    # The minutes that rounding left go where it took most.
    order = sorted(range(len(shares)), key=lambda i: given[i] - shares[i])
    for index in order[: minutes - sum(given)]:
        given[index] += 1
    starts = [sum(given[:i]) for i in range(len(given))]
    return [
        Step(name=tr(name), how=tr(how), start=start, minutes=long)
        for (name, how, _), start, long in zip(_PARTS, starts, given, strict=True)
    ]
