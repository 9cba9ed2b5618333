"""Names of sectors and places, and the code that a word means."""

from functools import cache
from importlib import resources

from forwhom.documents.yamlfile import parse_yaml
from forwhom.languages.catalog import SOURCE, language, later, tr

#: What a region is called, where more than its name is not known.
_WITHOUT_COUNTRY = later("{region}, no country said")


@cache
def _names(file: str) -> dict[str, dict[str, str]]:
    text = (resources.files(__package__) / file).read_text(encoding="utf-8")
    data: dict[str, dict[str, str]] = parse_yaml(text, file).data
    return data


@cache
def sector_names() -> dict[str, str]:
    """Return the code of each category of sectors (DAC, three digits) and its name."""
    return _names("sectors.yaml")["sectors"]


@cache
def place_names() -> dict[str, str]:
    """Return the code of each country (ISO 3166) and region (DAC) and its name."""
    regions = _names("places.yaml")["regions"]
    return _countries() | {code: _WITHOUT_COUNTRY.format(region=n) for code, n in regions.items()}


def _countries() -> dict[str, str]:
    return _names("places.yaml")["countries"]


def _region(code: str) -> str:
    return tr(_WITHOUT_COUNTRY, region=tr(_names("places.yaml")["regions"][code]))


def sector_name(code: str) -> str:
    """Return the name of a sector; a word that is no code is its own name."""
    return sector_names().get(code, code)


def place_name(code: str) -> str:
    """Return the name of a country or region."""
    return place_names().get(code, code)


def said_sector(code: str) -> str:
    """Return the name of a sector in the language that is spoken."""
    return tr(sector_names()[code]) if code in sector_names() else code


def said_place(code: str) -> str:
    """Return the name of a country or region in the language that is spoken."""
    if code not in place_names() or language() == SOURCE:
        return place_name(code)
    if code not in _countries():
        return _region(code)
    from babel import Locale

    return str(Locale(language()).territories.get(code, place_name(code)))


def sector_code(word: str) -> str:
    """Return the code that a person means by a word; the word itself where there is none."""
    word = " ".join(word.split())
    if word.isdecimal() and len(word) in (3, 5):
        return word[:3]
    return _by_name(tuple(sector_names().items())).get(word.casefold(), word)


def place_code(word: str) -> str:
    """Return the code of a country or region that a person means by a word."""
    word = " ".join(word.split())
    if word.upper() in place_names():
        return word.upper()
    return _by_name(tuple(place_names().items())).get(word.casefold(), word)


@cache
def _by_name(names: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return {name.casefold(): code for code, name in names}
