"""Which sectors and places are asked for, and how an amount divides among all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forwhom.documents.aid.names import place_code, place_name, place_names, sector_name
from forwhom.funders.iati.shares import Shares

#: Sector and place.
Cell = tuple[str, str]


@dataclass(frozen=True, eq=False, slots=True)
class Division:
    """How an amount divides: cells, each with the weight of all up to and with it, and those asked.

    The last weight is 1, so that the parts sum to the amount. Two are the same only if they are one
    object, which makes them quick keys.
    """

    steps: tuple[tuple[Cell, float, bool], ...]
    asked: frozenset[Cell]


class Scope:
    """Sectors and places that a person asks for; none means all."""

    def __init__(
        self, sectors: str | Sequence[str] = (), countries: str | Sequence[str] = ()
    ) -> None:
        self.sectors = [" ".join(word.split()) for word in _words(sectors)]
        self.countries = [place_code(word) for word in _words(countries)]
        self.everything = not self.sectors and not self.countries
        #: What was there and what of it was kept, to say when nothing was.
        self.seen_sectors: dict[str, bool] = {}
        self.seen_countries: dict[str, bool] = {}
        self._divisions: dict[tuple[Shares, Shares], Division] = {}

    def keeps(self, sector: str, country: str) -> bool:
        """Return whether a sector and a place are asked for."""
        asked = self._sector(sector)  # both are looked at, to know in the end what was there
        return self._country(country) and asked

    def _sector(self, code: str) -> bool:
        found = self.seen_sectors.get(code)
        if found is None:
            found = not self.sectors or any(_is_sector(word, code) for word in self.sectors)
            self.seen_sectors[code] = found
        return found

    def _country(self, code: str) -> bool:
        found = self.seen_countries.get(code)
        if found is None:
            found = not self.countries or any(_is_place(word, code) for word in self.countries)
            self.seen_countries[code] = found
        return found

    def division(self, sectors: Shares, places: Shares) -> Division:
        """Return how an amount divides among sectors and places."""
        key = (sectors, places)
        found = self._divisions.get(key)
        if found is None:
            if len(self._divisions) > 20_000:
                self._divisions.clear()
            steps = tuple(self._steps(sectors, places))
            asked = frozenset(cell for cell, _, kept in steps if kept)
            found = self._divisions[key] = Division(steps, asked)
        return found

    def _steps(self, sectors: Shares, places: Shares) -> Iterator[tuple[Cell, float, bool]]:
        weight, last = 0.0, len(sectors) * len(places) - 1
        pairs = ((s, p, a * b) for s, a in sectors for p, b in places)
        for index, (sector, place, part) in enumerate(pairs):
            weight = 1.0 if index == last else min(weight + part, 1.0)
            yield (sector, place), weight, self.everything or self.keeps(sector, place)

    def share(self, division: Division) -> float:
        """Return the part of an amount that is asked for."""
        if self.everything:
            return 1.0
        before = share = 0.0
        for _, weight, kept in division.steps:
            share += weight - before if kept else 0.0
            before = weight
        return share


def _is_sector(word: str, code: str) -> bool:
    if word.isdecimal():
        return bool(code) and code.startswith(word[:3])
    return bool(code) and word.casefold() in sector_name(code).casefold()


def _is_place(word: str, code: str) -> bool:
    if word in place_names():
        return code == word
    return bool(code) and word.casefold() in place_name(code).casefold()


def _words(given: str | Sequence[str]) -> list[str]:
    return [word for word in ([given] if isinstance(given, str) else given) if word.strip()]
