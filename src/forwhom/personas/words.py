"""Numbers, ratios and labels in plain words."""

from __future__ import annotations

import math
import re

#: Currency signs, which stand before the number.
SYMBOLS = {"$", "€", "£", "¥", "₹", "US$"}
_SHARES = {"share", "shares", "proportion", "fraction"}
_TIMES = {"day", "days", "week", "weeks", "month", "months", "year", "years", "hours", "minutes"}
_FRACTIONS = ((1 / 2, "half"), (1 / 3, "a third"), (1 / 4, "a quarter"), (1 / 5, "a fifth"),
              (1 / 10, "a tenth"))  # fmt: skip
#: Words of a question that say nothing in a name.
_ASKING = (
    "a an and any are as at be been being by can did do does for from had has have he her his how "
    "i if in is it its me my of on or our she so some that the their them there these they this to "
    "us was we were what when where which who why will with would you your yourself"
)
_EMPTY_WORDS = frozenset(_ASKING.split())


def is_share(unit: str | None) -> bool:
    """Return whether values with this unit are shares between 0 and 1."""
    return unit is not None and unit.strip().lower() in _SHARES


def is_time(unit: str | None) -> bool:
    """Return whether values with this unit are lengths of time."""
    return unit is not None and unit.strip().lower() in _TIMES


def number(value: float, digits: int = 2) -> str:
    """Return a number with as many digits as a reader needs.

    Examples
    --------
    >>> number(1234.5), number(41.26), number(5.234), number(0.0349)
    ('1,234', '41', '5.2', '0.035')
    """
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    decimals = 0 if size == 0 else max(0, digits - 1 - math.floor(math.log10(size)))
    text = f"{value:,.{min(decimals, 8)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text.replace("-", "−", 1)


def percent(share: float, decimals: int = 0) -> str:
    """Return a share as a percentage: ``0.342`` is ``'34%'``."""
    text = f"{100 * share:.{decimals}f}"
    if float(text) == 0 and share > 0:
        return f"under {10**-decimals:g}%"
    if float(text) == 100 and share < 1:
        return f"over {100 - 10**-decimals:g}%"
    return f"{text}%".replace("-", "−", 1)


def quantity(value: float, unit: str | None, digits: int = 2) -> str:
    """Return a number with its unit: ``'12 days'``, ``'$1,234'``, ``'34%'`` for a share."""
    if is_share(unit):
        return percent(value, max(0, digits - 2))
    text = number(value, digits)
    if not unit:
        return text
    if unit in SYMBOLS:
        return f"−{unit}{text[1:]}" if text.startswith("−") else f"{unit}{text}"
    if unit == "%":
        return f"{text}%"
    singular = text == "1" and unit.endswith("s") and not unit.endswith("ss") and " " not in unit
    return f"{text} {unit[:-1] if singular else unit}"


def pair(first: float, second: float, unit: str | None) -> tuple[str, str]:
    """Return two numbers with enough digits to tell them apart."""
    texts = ("", "")
    for digits in (2, 3, 4, 5):
        texts = quantity(first, unit, digits), quantity(second, unit, digits)
        if texts[0] != texts[1]:
            break
    return texts


def bare(text: str, unit: str) -> str:
    """Return a quantity without its unit, where the sentence has said it already."""
    singular = unit.removesuffix("s")
    return text.removesuffix(f" {unit}").removesuffix(f" {singular}")


def percent_pair(first: float, second: float) -> tuple[str, str]:
    """Return two shares with enough decimals to tell them apart."""
    texts = ("", "")
    for decimals in (0, 1, 2):
        texts = percent(first, decimals), percent(second, decimals)
        if texts[0] != texts[1]:
            break
    return texts


def ratio(inside: float, rest: float, unit: str | None = None) -> str:
    """Return a ratio in words where that helps, or ``''``.

    Examples
    --------
    >>> ratio(5.2, 1.4), ratio(10, 5, "days"), ratio(5, 10), ratio(11, 10)
    ('3.7 times as much', 'twice as long', 'half as much', '')
    """
    if inside <= 0 or rest <= 0:
        return ""
    times = inside / rest
    what = "as long" if is_time(unit) else "as much"
    if times >= 1.5:
        if 1.9 <= times < 2.1:
            return f"twice {what}"
        if times > 100:
            return f"over 100 times {what}"
        return f"{times:.0f} times {what}" if times >= 9.95 else f"{number(times)} times {what}"
    near = [word for fraction, word in _FRACTIONS if abs(times / fraction - 1) <= 0.08]
    return f"{near[0]} {what}" if near else ""


def lower_first(text: str) -> str:
    """Lower the first letter, unless the first word is an acronym or a name with capitals."""
    head = text.split(maxsplit=1)[0] if text.split() else ""
    return text if any(c.isupper() for c in head[1:]) else text[:1].lower() + text[1:]


def calm(text: str) -> str:
    """Return a text without brackets, and without the capitals of words that are all capitals.

    Examples
    --------
    >>> calm("DRUG GM (department)"), calm("MEAT"), calm("USA"), calm("Fresh Milk")
    ('drug GM', 'meat', 'USA', 'Fresh Milk')
    """
    plain = " ".join(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text).split()) or text.strip()
    return " ".join(w.lower() if w.isupper() and len(w) > 3 else w for w in plain.split())


def upper_first(text: str) -> str:
    """Raise the first letter and leave the others as they are."""
    return text[:1].upper() + text[1:]


def short_label(label: str, limit: int = 26) -> str:
    """Return the words of a label that carry its meaning, for a name.

    Examples
    --------
    >>> short_label("Support calls (per year)"), short_label("How often do you cook at home?")
    ('support calls', 'often cook home')
    """
    plain = calm(label.replace("_", " ")).strip(" .:;?!–-")
    if len(plain) > limit:
        words = [w.strip(",.;:?!\"'“”") for w in plain.split()]
        telling = [w for w in words if w.lower() not in _EMPTY_WORDS]
        plain = fit(" ".join((telling or words)[:3]), limit)
    return lower_first(plain or label.strip())


def fit(text: str, limit: int) -> str:
    """Cut a text to a length, between words where there are some."""
    if len(text) <= limit:
        return text
    cut = text[: limit + 1].rsplit(" ", 1)[0] if " " in text[: limit + 1] else text[:limit]
    cut = cut.rstrip(" ,;:–-")
    # A cut in the middle of "risk of being accused" leaves no dangling "of being".
    while " " in cut and cut.rsplit(" ", 1)[1].lower() in _EMPTY_WORDS:
        cut = cut.rsplit(" ", 1)[0].rstrip(" ,;:–-")
    return cut
