"""Numbers, shares, counts and lists as people read them, the same wherever forwhom speaks.

They are spelled as in the language that is being spoken (`forwhom.languages.catalog`).
"""

import math
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

from forwhom.languages.catalog import SOURCE, language, percent_sign, spelled, tr, tr_count, whole
from forwhom.languages.codes import is_right_to_left
from forwhom.languages.units import measured, times_as

#: Currency signs, which stand before the number.
SYMBOLS = frozenset({"$", "€", "£", "¥", "₹", "US$"})
_SHARES = frozenset({"share", "shares", "proportion", "fraction"})
_TIMES = frozenset(
    {"day", "days", "week", "weeks", "month", "months", "year", "years", "hours", "minutes"}
)
_COUNTS = (
    "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten",
    "Eleven", "Twelve",
)  # fmt: skip
#: A sentence that lists more is no sentence any more.
MOST_LISTED = 6
#: Marks that reverse or hide the text after them; a name has no use for them.
_HIDDEN = frozenset({"Cc", "Cs", "Co", "Cn"})
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def clean(text: str) -> str:
    """Return the text without control characters, so that it cannot disturb page or terminal."""
    if text.isascii() and text.isprintable():
        return text
    told = {
        ord(c): " " if c in "\t\n\r\v\f" else None
        for c in set(text)
        if c in _BIDI_CONTROLS or unicodedata.category(c) in _HIDDEN
    }
    return text.translate(told) if told else text


def typed(text: str) -> str:
    """Return what we say as people type it into a file: without marks and spaces of pages."""
    return clean(text).replace("\u00a0", " ")


def apart(text: str) -> str:
    """Return a name or a number that stands apart in a sentence that is read from the right."""
    return f"\u2068{clean(text)}\u2069" if is_right_to_left(language()) else text


def opened(text: str) -> str:
    """Return the text with a capital at its start, as a sentence has it."""
    return text[:1].upper() + text[1:]


#: What German alone writes, as in "Ausgaben im letzten Jahr".
_GERMAN = re.compile(r"[äöß]|\b(?:im|der|und|ist|Sie|Ihr|Ihnen)\b")


def lowered(text: str) -> str:
    """Return the text as it goes on in a sentence; acronyms, names and codes stay as they are.

    Examples
    --------
    >>> lowered("Orders a month"), lowered("IT costs"), lowered("Q1 sales"), lowered("A")
    ('orders a month', 'IT costs', 'Q1 sales', 'A')
    >>> lowered("Ausgaben im letzten Jahr")
    'Ausgaben im letzten Jahr'
    """
    if language() == "de" or _GERMAN.search(text):  # nouns keep their capital
        return text
    head = text.split(maxsplit=1)[0] if text.split() else ""
    named = len(text) == 1 or any(c.isupper() or c.isdigit() for c in head[1:])
    return text if named else text[:1].lower() + text[1:]


def cut(text: str, width: int) -> str:
    """Return a text on one line, shortened to a width.

    Examples
    --------
    >>> cut("Teach my kids how to handle money", 20)
    'Teach my kids how t…'
    """
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1].rstrip()}…"


def quoted(text: str, width: int = 90) -> str:
    """Return a text in quotation marks, shortened when it is very long: ``'“Save time”'``."""
    return tr("“{text}”", text=cut(text, width))


def folded(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Return a text in lines of a width; the first and the others begin with what is given."""
    made = textwrap.wrap(clean(text), width, initial_indent=first, subsequent_indent=rest)
    return made or [first.rstrip()]


def listed(
    parts: Sequence[str], most: int | None = MOST_LISTED, last: Literal["and", "or"] = "and"
) -> str:
    """Return the parts as a list in a sentence, and how many more there are.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a", "b", "c", "d"], most=2), listed(["a", "b"], last="or")
    ('a, b and c', 'a, b and 2 more', 'a or b')
    """
    # One more part takes no more room than "1 more".
    shown = list(parts if most is None or len(parts) <= most + 1 else parts[:most])
    if len(shown) < len(parts):
        shown.append(tr("{n} more", n=whole(len(parts) - len(shown))))
    if len(shown) < 2:
        return "".join(shown)
    first = joined(shown[:-1])
    if last == "or":
        return tr("{first} or {last}", first=first, last=shown[-1])
    return tr("{first} and {last}", first=first, last=shown[-1])


def joined(parts: Sequence[str]) -> str:
    """Return the parts with what the language writes between them: a comma, or its own."""
    return tr("{first}, {next}", first="", next="").join(parts)


def beside(parts: Iterable[str]) -> str:
    """Return parts that may hold commas, with a semicolon between them, or the language's own."""
    return tr("{first}; {next}", first="", next="").join(parts)


def count(n: int, one: str, several: str = "") -> str:
    """Return a count with its noun, and its verb where there is one.

    Examples
    --------
    >>> count(1, "customer"), count(2469, "customer"), count(2, "country is", "countries are")
    ('1 customer', '2,469 customers', '2 countries are')
    """
    return f"{whole(n)} {one if n == 1 else several or f'{one}s'}"


def few(n: int, least: int = 10) -> str:
    """Return a number of customers or of their rows, which is not told where it is small.

    Examples
    --------
    >>> few(3), few(1200), few(3, least=1)
    ('fewer than 10', '1,200', '3')
    """
    return f"fewer than {least}" if 0 < n < least else f"{n:,}"


def few_of(n: int, one: str, several: str = "", least: int = 10) -> str:
    """Return a count with its noun and verb, which is not told where it is small.

    Examples
    --------
    >>> few_of(1, "row is", "rows are"), few_of(12, "row is", "rows are")
    ('fewer than 10 rows are', '12 rows are')
    """
    if 0 < n < least:
        return f"{few(n, least)} {several or one + 's'}"
    return count(n, one, several)


def tr_few(one: str, several: str, n: int, least: int, **values: object) -> str:
    """Return what is said of a number of customers, which is not told where it is small.

    Examples
    --------
    >>> tr_few("{n} row is empty.", "{n} rows are empty.", 4, 10)
    'fewer than 10 rows are empty.'
    """
    if 0 < n < least:
        # A language with words of its own for one and two has them for no number below those.
        hidden = tr("fewer than {n}", n=whole(least))
        return tr_count(one, several, max(least, 3), **values | {"n": hidden})
    return tr_count(one, several, n, **values)


def counted(n: int, one: str, several: str = "") -> str:
    """Return a count that starts a sentence: ``'Four segments'``."""
    return begun(n, count(n, one, several))


def begun(n: int, said: str) -> str:
    """Return a sentence that begins with a count: English begins with its word."""
    named = 0 < n < len(_COUNTS) and language() == SOURCE
    return f"{_COUNTS[n]}{said[len(str(n)) :]}" if named else said


def tr_counted(one: str, several: str, n: int, **values: object) -> str:
    """Return a sentence that begins with a count, in the language that is spoken.

    Examples
    --------
    >>> tr_counted("{n} segment has no persona.", "{n} segments have no persona.", 4)
    'Four segments have no persona.'
    """
    return begun(n, tr_count(one, several, n, **values))


def span(numbers: Sequence[int]) -> str:
    """Return ascending whole numbers in few words: ``'1 to 8'``, ``'2, 4 and 8'``."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return between(str(numbers[0]), str(numbers[-1]))
    return listed([str(n) for n in numbers], most=None)


def between(low: str, high: str) -> str:
    """Return a range of what is said already, once where both are the same: ``'2 to 4'``."""
    return low if low == high else tr("{low} to {high}", low=low, high=high)


def number(value: float | None, digits: int | None = None) -> str:
    """Return a number with as many digits as a reader needs, or with so many that count.

    Examples
    --------
    >>> number(1234.56), number(41.26), number(5.234), number(0.0349), number(-2.5e6)
    ('1,235', '41.3', '5.23', '0.035', '−2.5 million')
    >>> number(41.26, digits=2), number(1234.56, digits=2), number(None)
    ('41', '1,235', '–')
    """
    if value is None or math.isnan(value):
        return "–"
    if math.isinf(value):
        return "−∞" if value < 0 else "∞"
    # Beyond nine digits there is only the noise of the arithmetic.
    size = abs(value) if abs(value) >= 1e-9 else 0.0
    digits = digits or (3 if size >= 1 else 2)
    if size >= 1e15 or 0 < size < 0.001:
        text = spelled(f"{value:.{max(digits - 2, 0)}e}".replace("e+", "e").replace("e-0", "e-"))
    elif size >= 1e6:
        places = max(digits - 1, 2)
        if size >= 1e9:
            text = tr("{n} billion", n=_trimmed(value / 1e9, places))
        else:
            text = tr("{n} million", n=_trimmed(value / 1e6, places))
    else:
        decimals = digits - 1 - math.floor(math.log10(size)) if size else 0
        text = _trimmed(value, max(decimals, 0))
    return _minus(text)


def decimal(value: float | None, places: int = 2, *, sign: bool = False) -> str:
    """Return a number with its decimals, also those that are zero, as columns of numbers have it.

    Examples
    --------
    >>> decimal(-0.5), decimal(0.5, sign=True), decimal(-0.001), decimal(1234.5, 1), decimal(None)
    ('−0.50', '+0.50', '0.00', '1,234.5', '–')
    """
    if value is None or math.isnan(value):
        return "–"
    text = f"{value:,.{places}f}"
    nothing = not text.strip("-0.,")
    said = text.lstrip("-") if nothing else _minus(f"+{text}" if sign and value > 0 else text)
    return spelled(said)


def score(value: float | None) -> str:
    """Return a score or a rank with one decimal at most: ``'8'``, ``'7.2'``."""
    return number(None if value is None else round(value, 1))


def score_between(low: float, high: float) -> str:
    """Return a range of scores or ranks: ``'7 to 8.5'``."""
    return between(score(low), score(high))


def signed(value: float | None) -> str:
    """Return a number that says on which side of zero it is: ``'+4'``, ``'−2.5'``, ``'0'``."""
    text = number(value)
    return text if text in ("0", "–") or text.startswith("−") else f"+{text}"


def percent(share: float | None, decimals: int = 0) -> str:
    """Return a share in percent, which is never 0% of something nor 100% of a part.

    Examples
    --------
    >>> percent(0.342), percent(0.0042), percent(0.0002), percent(0.0), percent(0.342, decimals=1)
    ('34%', '0.4%', 'under 0.1%', '0%', '34.2%')
    >>> percent(0.993), percent(0.9996), percent(1.0), percent(None)
    ('99.3%', 'over 99.9%', '100%', '–')
    """
    if share is None or math.isnan(share):
        return "–"
    if math.isinf(share):
        return f"{number(share)}{percent_sign()}"
    if share < 0:
        said = percent(-share, decimals)
        return f"−{said}" if said[0].isdigit() else _near(abs(share), decimals, negative=True)
    value = abs(100 * share)
    near = 0 < value < 1 or 99 < value < 100
    places = max(decimals, 1) if near else decimals
    least = 10.0**-places
    if near and (value < least or value > 100 - least):
        return _near(share, decimals)
    text = spelled(f"{value:.{places}f}") if decimals else _trimmed(value, places)
    return f"{text}{percent_sign()}"


def _near(share: float, decimals: int, *, negative: bool = False) -> str:
    """Return a share that is almost nothing or almost everything."""
    places = max(decimals, 1)
    least = 10.0**-places
    low = share < 0.5
    limit = f"{spelled(f'{least if low else 100 - least:.{places}f}')}{percent_sign()}"
    if negative:
        limit = f"−{limit}"
        return tr("above {limit}", limit=limit) if low else tr("below {limit}", limit=limit)
    return tr("under {limit}", limit=limit) if low else tr("over {limit}", limit=limit)


def percent_range(low: float, high: float) -> str:
    """Return an interval of shares where there is little room: ``'31–37%'``."""
    start, end = percent(max(low, 0.0)), percent(min(high, 1.0))
    if start == end or not (start[0].isdigit() and end[0].isdigit()):
        return between(start, end)
    return f"{start.removesuffix(percent_sign())}–{end}"


def percent_between(low: float, high: float) -> str:
    """Return a range of shares as a sentence says it: ``'20% to 60%'``."""
    return between(percent(low), percent(high))


def is_share(unit: str | None) -> bool:
    """Return whether values with this unit are shares between 0 and 1."""
    return unit is not None and unit.strip().lower() in _SHARES


def is_time(unit: str | None) -> bool:
    """Return whether values with this unit are lengths of time."""
    return unit is not None and unit.strip().lower() in _TIMES


def is_spoken(unit: str | None) -> bool:
    """Return whether a unit is a word, such as ``'days'``, and not a sign or a share."""
    return bool(unit) and unit not in SYMBOLS and unit != "%" and not is_share(unit)


def quantity(value: float | None, unit: str | None, digits: int | None = None) -> str:
    """Return a number with its unit.

    Examples
    --------
    >>> quantity(12, "days"), quantity(1, "days"), quantity(-1234, "$"), quantity(0.34, "share")
    ('12 days', '1 day', '−$1,234', '34%')
    >>> quantity(1, "orders per month")
    '1 order per month'
    """
    if is_share(unit):
        return percent(value, max((digits or 2) - 2, 0))
    text = number(value, digits)
    if not unit or text == "–":
        return text
    if unit in SYMBOLS:
        return f"−{unit}{text[1:]}" if text.startswith("−") else f"{unit}{text}"
    if unit == "%":
        return f"{text}{percent_sign()}"
    return measured(text, _of_one(unit) if text == "1" else unit)


def _of_one(unit: str) -> str:
    """Return the unit of one, where a word can tell: ``'day'``, ``'order per month'``."""
    counted, per, rest = unit.partition(" per ")
    plural = counted.endswith("s") and not counted.endswith("ss") and " " not in counted
    return f"{counted[:-1] if plural else counted}{per}{rest}"


def quantity_range(low: float, high: float, unit: str | None) -> str:
    """Return the range between two numbers, the unit once: ``'3–12 days'``."""
    if is_share(unit) and low >= 0 and high <= 1:
        return percent_range(low, high)
    start, end = quantity(low, unit), quantity(high, unit)
    if start == end:
        return end
    if is_spoken(unit):
        start = number(low)
    if start.startswith("−") or end.startswith("−") or " " in start:
        return between(start, end)
    return f"{start}–{end}"


def pair(first: float, second: float, unit: str | None) -> tuple[str, str]:
    """Return two quantities with enough digits to tell them apart.

    Examples
    --------
    >>> pair(41, 12, "days"), pair(41.2, 41.4, "days"), pair(0.342, 0.341, "share")
    (('41 days', '12 days'), ('41.2 days', '41.4 days'), ('34.2%', '34.1%'))
    """
    tried = [(quantity(first, unit, n), quantity(second, unit, n)) for n in (2, 3, 4, 5)]
    return next((texts for texts in tried if texts[0] != texts[1]), tried[0])


def bare(text: str, unit: str) -> str:
    """Return a quantity without its unit, where the sentence has said it already."""
    return text.removesuffix(f" {unit}").removesuffix(f" {_of_one(unit)}")


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
    return times_as(times, number(times, 2), long=is_time(unit))


def money(amount: float, currency: str, *, exact: bool = False) -> str:
    """Return an amount with its currency.

    Examples
    --------
    >>> money(1_234_567, "EUR"), money(1_234_567, "EUR", exact=True)
    ('EUR 1.23 million', 'EUR 1,234,567')
    """
    said = decimal(amount, 0) if exact else number(amount)
    return tr("{currency} {amount}", currency=currency, amount=said)


def amount_words(value: float | None, low: float | None, high: float | None, unit: str) -> str:
    """Return an amount with its range and unit: ``'16 (13 to 19) EUR'``; empty where unknown."""
    if value is None:
        return ""
    ends = low is not None and high is not None
    within = f" ({between(number(low), number(high))})" if ends else ""
    return f"{number(value)}{within} {unit}".rstrip()


def _trimmed(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    return spelled(text.rstrip("0").rstrip(".") if "." in text else text)


def _minus(text: str) -> str:
    negative = text.startswith("-") and text != "-0"
    return f"−{text[1:]}" if negative else text.removeprefix("-")
