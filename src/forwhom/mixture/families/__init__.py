"""Families of distributions: one file each, behind one registry."""

from __future__ import annotations

from typing import Any

from forwhom.documents.base import Measure
from forwhom.documents.items import FittedItem
from forwhom.errors import OptionError, nearest
from forwhom.mixture.families.block import Block, TiedBlock
from forwhom.mixture.families.categorical import Categorical
from forwhom.mixture.families.composition import Composition
from forwhom.mixture.families.family import Family
from forwhom.mixture.families.gaussian import Gaussian
from forwhom.mixture.families.ordinal import Ordinal
from forwhom.mixture.families.poisson import Poisson
from forwhom.mixture.families.positive import Positive
from forwhom.mixture.families.tilt import Tilt

#: All families by name. An item of a document is answered for by the first family that writes its
#: kind, and the engine keeps distributions in the order in which they come here.
FAMILIES: dict[str, Family[Any]] = {
    family.name: family
    for family in (
        Categorical(),
        Ordinal(),
        Tilt(),
        Gaussian(),
        Block(),
        TiedBlock(),
        Poisson(),
        Positive(),
        Composition(),
    )
}

#: How a variable was measured suggests a family; a variable may name another one.
DEFAULT: dict[Measure, str] = {
    "binary": "categorical",
    "nominal": "categorical",
    "ordinal": "ordinal",
    "count": "poisson",
    "continuous": "gaussian",
    "positive": "positive",
}

_BY_ITEM: dict[type[FittedItem], Family[Any]] = {}
for _family in FAMILIES.values():
    _BY_ITEM.setdefault(_family.item, _family)


def family_of(item: FittedItem) -> Family[Any]:
    """Return the family that answers for an item of a document."""
    return _BY_ITEM[type(item)]


def family_named(name: str) -> Family[Any]:
    """Return a family; OptionError when there is none of this name."""
    if name not in FAMILIES:
        raise OptionError(
            f"There is no family of distributions {name!r}.",
            nearest(name, FAMILIES) or f"Use one of {', '.join(FAMILIES)}.",
        )
    return FAMILIES[name]
