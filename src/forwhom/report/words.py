"""Numbers and judgments in plain words, the same on the page and in the terminal."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

_COUNTS = (
    "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
    "Eleven", "Twelve",
)  # fmt: skip
_SYMBOLS = {"$", "€", "£", "¥", "₹", "US$"}
_SHARES = {"share", "shares", "proportion", "fraction"}
#: Marks that reverse or hide the text after them; a name has no use for them.
_HIDDEN = {"Cc", "Cs", "Co", "Cn"}
_BIDI_CONTROLS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def clean(text: str) -> str:
    """Return the text without control characters, so that it cannot disturb page or terminal."""
    if text.isascii() and text.isprintable():
        return text
    spaced = (" " if c in "\t\n\r\v\f" else c for c in text)
    return "".join(
        c for c in spaced if c not in _BIDI_CONTROLS and unicodedata.category(c) not in _HIDDEN
    )


def number(value: float | None) -> str:
    """Return a number with as many digits as a reader needs: ``1234.5`` is ``'1,235'``."""
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    # Beyond nine digits there is only the noise of the arithmetic.
    size = abs(value) if abs(value) >= 1e-9 else 0.0
    if size >= 1e6:
        power, word = (1e9, "billion") if size >= 1e9 else (1e6, "million")
        text = f"{_trimmed(value / power, 2)} {word}"
    elif size >= 100:
        text = f"{value:,.0f}"
    elif size >= 10:
        text = _trimmed(value, 1)
    elif size >= 1 or size == 0:
        text = _trimmed(value, 2)
    elif size >= 0.001:
        text = f"{value:.2g}"
    else:
        text = f"{value:.0e}".replace("e-0", "e-")
    return "0" if text == "-0" else text.replace("-", "−", 1) if text[0] == "-" else text


def _trimmed(value: float, digits: int) -> str:
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".")


def signed(value: float) -> str:
    """Return a difference with its sign and two digits: ``'+0.52'``, ``'−1.10'``."""
    return f"{value:+.2f}".replace("-", "−")


def percent(share: float | None) -> str:
    """Return a share as a percentage: ``0.342`` is ``'34%'``, ``0.0042`` is ``'0.4%'``."""
    if share is None or math.isnan(share):
        return "–"
    value = 100 * share
    if 0 < value < 0.1:
        return "under 0.1%"
    if 99.9 < value < 100:
        return "over 99.9%"
    if 0 < value < 1 or 99 < value < 100:
        return f"{_trimmed(value, 1)}%"
    return f"{value:.0f}%".replace("-", "−")


def percent_range(low: float, high: float) -> str:
    """Return an interval of shares: ``'31–37%'``."""
    start, end = percent(max(low, 0.0)), percent(min(high, 1.0))
    if start == end:
        return start
    if start.startswith(("under", "over")) or end.startswith(("under", "over")):
        return f"{start} to {end}"
    return f"{start.removesuffix('%')}–{end}"


def is_spoken(unit: str | None) -> bool:
    """Return whether a unit is a word, such as ``'days'``, and not a sign or a share."""
    return bool(unit) and unit not in _SYMBOLS and unit != "%" and not _is_share(unit)


def _is_share(unit: str | None) -> bool:
    return unit is not None and unit.lower() in _SHARES


def quantity(value: float | None, unit: str | None) -> str:
    """Return a number with its unit: ``'12 days'``, ``'$1,234'``, ``'34%'`` for a share."""
    if value is None or math.isnan(value):
        return "–"
    if not unit:
        return number(value)
    if _is_share(unit):
        return percent(value)
    text = number(value)
    if unit in _SYMBOLS:
        return f"−{unit}{text[1:]}" if text.startswith("−") else f"{unit}{text}"
    if unit == "%":
        return f"{text}%"
    singular = text == "1" and unit.endswith("s") and not unit.endswith("ss")
    return f"{text} {unit[:-1] if singular else unit}"


def quantity_range(low: float, high: float, unit: str | None) -> str:
    """Return the range between two numbers, the unit once: ``'3–12 days'``."""
    if _is_share(unit) and low >= 0 and high <= 1:
        return percent_range(low, high)
    start, end = quantity(low, unit), quantity(high, unit)
    if start == end:
        return end
    if is_spoken(unit):
        start = number(low)
    if start.startswith("−") or end.startswith("−") or " " in start:
        return f"{start} to {end}"
    return f"{start}–{end}"


def count(n: int, noun: str) -> str:
    """Return a count with its noun: ``'1 customer'``, ``'2,469 customers'``."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def counted(n: int, noun: str) -> str:
    """Return a count that starts a sentence: ``'Four segments'``."""
    word = _COUNTS[n] if 0 < n < len(_COUNTS) else f"{n:,}"
    return f"{word} {noun}" if n == 1 else f"{word} {noun}s"


def listed(parts: Sequence[str]) -> str:
    """Return the parts as a list in a sentence: ``'a, b and c'``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def span(numbers: Sequence[int]) -> str:
    """Return ascending whole numbers in few words: ``'1 to 8'``, ``'2, 4 and 8'``."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]} to {numbers[-1]}"
    return listed([str(n) for n in numbers])


def opened(text: str) -> str:
    """Return the text with a capital at its start, as a sentence has it."""
    return text[:1].upper() + text[1:]


def how_sure(probability: float) -> str:
    """Return how sure membership is, in words, from the mean probability of the own segment."""
    for least, word in ((0.9, "very sure"), (0.8, "sure"), (0.7, "fairly sure")):
        if probability >= least:
            return word
    return "unsure"


def how_separate(entropy_r2: float) -> str:
    """Return how far apart the segments are, in words, from the entropy R²."""
    bounds = ((0.8, "clearly separated"), (0.6, "fairly well separated"), (0.4, "overlapping"))
    for least, word in bounds:
        if entropy_r2 >= least:
            return word
    return "strongly overlapping"


def how_large(effect: float) -> str:
    """Return the size of a difference in words, by Cohen's bounds 0.2, 0.5 and 0.8."""
    for least, word in ((0.8, "large"), (0.5, "medium"), (0.2, "small")):
        if abs(effect) >= least:
            return f"{word} difference"
    return "very small difference"
