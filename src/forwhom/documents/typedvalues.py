"""What a person meant who typed a number, a day, or a yes in their own way."""

import re
from datetime import date

#: Yes and no, as people write them: English, German, French, Spanish, Italian, Portuguese, Dutch,
#: Polish.
_YES = set("yes y true on ja wahr oui vrai si sí sì sim tak x ✓".split())  # noqa: SIM905
_NO = {"no", "n", "false", "off", "nein", "falsch", "non", "faux", "não", "nao", "nee", "nie"}
#: Months by their first letters in English, German, French, Spanish.
_MONTHS = (
    ("jan", "ene"), ("feb", "fév", "fev"), ("mar", "mär", "mrz"), ("apr", "avr", "abr"),
    ("may", "mai"), ("jun", "juin"), ("jul", "juil"), ("aug", "aoû", "aou", "ago"), ("sep",),
    ("oct", "okt"), ("nov",), ("dec", "dez", "déc", "dic"),
)  # fmt: skip


def yes_or_no(text: str) -> str:
    """Return ``true`` or ``false`` for a word that says it; empty where nobody can say."""
    word = text.strip().casefold()
    return "true" if word in _YES else "false" if word in _NO else ""


def number_in(text: str, whole: bool = False) -> str:
    """Return the number that is meant, as YAML writes it; empty where nobody can say."""
    text = text.strip().replace("\u2212", "-")
    percent = re.fullmatch(r"(-?\d+(?:[.,]\d+)?)\s*%", text)
    if percent:
        return f"{float(percent[1].replace(',', '.')) / 100:.6g}"
    of = re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(?:/|of|von|out of)\s*\d+", text)
    if of:
        return of[1].replace(",", ".")
    # A single group of three behind a comma is thousands where parts are not counted.
    if re.fullmatch(r"-?\d{1,3}([., '’\u00a0\u202f]\d{3})+", text) and (
        whole or len(re.findall(r"[., '’\u00a0\u202f]", text)) > 1
    ):
        return re.sub(r"[., '’\u00a0\u202f]", "", text)
    comma = re.fullmatch(r"(-?\d+),(\d+)", text)
    if comma:
        return f"{comma[1]}.{comma[2]}"
    around = re.fullmatch(r"[^\d-]{0,12}?(-?\d+(?:\.\d+)?)[^\d]{0,24}", text)
    return around[1] if around else ""


def day_in(text: str) -> str:
    """Return the day that is meant in the form 2026-12-31; empty where it may be another."""
    text = text.strip().removesuffix(".")
    match = re.fullmatch(
        r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ].*)?|(\d{4})(\d\d)(\d\d)", text
    )
    if match:
        year, month, day = match.groups()[:3] if match[1] else match.groups()[3:]
        return _day(year, month, day)
    match = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", text)
    if match:
        return _day(match[3], match[2], match[1])
    match = re.fullmatch(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})", text)
    if match:
        found = {_day(match[3], match[1], match[2]), _day(match[3], match[2], match[1])} - {""}
        return found.pop() if len(found) == 1 else ""
    words = re.findall(r"[^\W\d_]+|\d+", text)
    days = [word for word in words if word.isdigit() and len(word) < 3]
    years = [word for word in words if word.isdigit() and len(word) == 4]
    months = [month for word in words if (month := _month(word))]
    if len(days) == len(years) == len(months) == 1:
        return _day(years[0], months[0], days[0])
    return ""


def _month(word: str) -> str:
    word = word.casefold()
    found = [i for i, names in enumerate(_MONTHS, start=1) if word.startswith(names)]
    return str(found[0]) if found else ""


def _day(year: str, month: str, day: str) -> str:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""
