"""Numbers and names as they stand in sentences about choices."""

from __future__ import annotations

from collections.abc import Sequence

from forwhom.documents.segmentation import Interval

#: Longer texts are shortened in sentences; tables show them whole.
_LONGEST = 90


def named(text: str) -> str:
    """Return a text of the canvas in quotation marks, shortened when it is very long.

    Examples
    --------
    >>> named("Save time")
    '“Save time”'
    """
    plain = " ".join(text.split())
    return f"“{plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1].rstrip() + '…'}”"


def listed(texts: Sequence[str], most: int = 6) -> str:
    """Return texts as a list in a sentence, and how many more there are.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a", "b", "c"], most=2)
    ('a, b and c', 'a, b and 1 more')
    """
    shown = list(texts[:most])
    if len(texts) > most:
        shown.append(f"{len(texts) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def score(value: float) -> str:
    """Return a score with one decimal.

    Examples
    --------
    >>> score(8.0), score(7.25)
    ('8', '7.2')
    """
    text = f"{value:.1f}"
    return text.removesuffix(".0").replace("-", "−")


def score_range(interval: Interval) -> str:
    """Return an interval of scores.

    Examples
    --------
    >>> score_range(Interval(low=7.0, high=8.5))
    '7 to 8.5'
    """
    return f"{score(interval.low)} to {score(interval.high)}"


def percent(share: float) -> str:
    """Return a share; what is nearly all or nearly nothing is not rounded to it.

    Examples
    --------
    >>> percent(0.834), percent(0.9996), percent(0.0002), percent(1.0)
    ('83%', 'over 99%', 'under 1%', '100%')
    """
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{100 * share:.0f}%"


def percent_range(low: float, high: float) -> str:
    """Return a range of shares, once when both are the same.

    Examples
    --------
    >>> percent_range(0.2, 0.2), percent_range(0.2, 0.6)
    ('20%', '20% to 60%')
    """
    first, last = percent(low), percent(high)
    return first if first == last else f"{first} to {last}"


def count(n: int, noun: str) -> str:
    """Return a count with its noun.

    Examples
    --------
    >>> count(1, "need"), count(3, "need")
    ('1 need', '3 needs')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
