"""Which names and references mean the same organization."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from forwhom.documents.results.funding import DIRECT, UNKNOWN_GIVER, UNKNOWN_RECEIVER
from forwhom.funders.iati.activities import Organization
from forwhom.funders.iati.codes import ORGANIZATION_TYPES

#: Numbers of the nodes that are no organization.
NOBODY, SPENT_DIRECTLY, NO_GIVER = -1, -2, -3

_SPECIAL = {NOBODY: UNKNOWN_RECEIVER, SPENT_DIRECTLY: DIRECT, NO_GIVER: UNKNOWN_GIVER}


@dataclass(frozen=True)
class Named:
    """An organization: the id that stands for it, its name and its type in words."""

    id: str
    name: str
    type: str


class Organizations:
    """Gives each way to name an organization a number, and says in the end which are the same."""

    def __init__(self) -> None:
        self._numbers: dict[Organization, int] = {}
        self._uses: list[int] = []
        self._own: set[int] = set()

    def number(self, organization: Organization) -> int | None:
        """Return the number of an organization; None where it has neither name nor reference."""
        found = self._numbers.get(organization)
        if found is None:
            if not organization.ref and not organization.name:
                return None
            found = self._numbers[organization] = len(self._uses)
            self._uses.append(0)
        self._uses[found] += 1
        return found

    def reports(self, number: int) -> None:
        """Remember that an organization wrote this about itself."""
        self._own.add(number)

    def merged(self) -> tuple[dict[int, str], dict[str, Named]]:
        """Return the id that each number stands for, and the organizations by their ids.

        Equal references are one organization. A reference without any letter is often a number of
        the reporter's own, so there the name decides. A name without reference is the organization
        that has this name and a reference, where there is just one.
        """
        listed = list(self._numbers)
        keys = self._keys(listed)
        groups: dict[str, list[int]] = {}
        for number, key in enumerate(keys):
            groups.setdefault(key, []).append(number)
        ids, named = dict(_SPECIAL), {}
        for numbers in groups.values():
            one = self._named(listed, numbers)
            named[one.id] = one
            ids.update(dict.fromkeys(numbers, one.id))
        return ids, named

    def _keys(self, listed: list[Organization]) -> list[str]:
        refs: dict[str, set[str]] = {}
        names: dict[str, set[str]] = {}
        for one in listed:
            if one.name and _has_letter(one.ref):
                refs.setdefault(plain(one.name), set()).add(one.ref.upper())
            elif one.name and one.ref:
                names.setdefault(one.ref, set()).add(plain(one.name))
        keys = []
        for one in listed:
            known = names.get(one.ref, set()) if not one.name and not _has_letter(one.ref) else ()
            name = plain(one.name) or (min(known) if len(known) == 1 else "")
            same = refs.get(name, set())
            if _has_letter(one.ref):
                keys.append(f"ref {one.ref.upper()}")
            elif len(same) == 1:
                keys.append(f"ref {min(same)}")
            else:
                keys.append(f"name {name}" if name else f"ref {one.ref}")
        return keys

    def _named(self, listed: list[Organization], numbers: list[int]) -> Named:
        own = [n for n in numbers if n in self._own]
        name = self._most((listed[n].name, n) for n in own) or self._most(
            (listed[n].name, n) for n in numbers
        )
        ref = self._most((listed[n].ref, n) for n in numbers if _has_letter(listed[n].ref))
        ref = ref or ("" if name else self._most((listed[n].ref, n) for n in numbers))
        kind = self._most((listed[n].type, n) for n in own) or self._most(
            (listed[n].type, n) for n in numbers
        )
        identity = ref or name
        if identity.startswith("?"):  # such ids are of nodes that are no organization
            identity = f"'{identity}"
        return Named(identity, name or ref, ORGANIZATION_TYPES.get(kind, ""))

    def _most(self, words: Iterable[tuple[str, int]]) -> str:
        counts: Counter[str] = Counter()
        for word, number in words:
            if word:
                counts[word] += self._uses[number]
        return min(counts, key=lambda word: (-counts[word], word), default="")


def _has_letter(ref: str) -> bool:
    return any(sign.isalpha() for sign in ref)


def plain(name: str) -> str:
    """Return a name without capitals, punctuation and doubled spaces, to compare it."""
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold()).split())
