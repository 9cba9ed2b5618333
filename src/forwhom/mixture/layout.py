"""Which distributions hold the columns of a design, and where their statistics stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from forwhom.documents.items import Item
from forwhom.mixture.design import Design, Modeled
from forwhom.mixture.families import FAMILIES
from forwhom.mixture.families.distribution import Arrays, Distribution, Ints
from forwhom.mixture.families.shares import Shares
from forwhom.mixture.shape import PLAIN, Covariance, Shape

#: Families whose variables a covariance matrix joins, and the family that they become.
_JOINED = ("gaussian", "gaussian-block", "tied-gaussian-block")
_BLOCK: dict[Covariance, str] = {"full": "gaussian-block", "tied": "tied-gaussian-block"}


class Layout:
    """The distributions of a design: the shares of the segments, then one of each kind."""

    def __init__(self, design: Design, shape: Shape = PLAIN) -> None:
        self.design = design
        self.shape = shape
        self.modeled = _joined(design.modeled, shape.covariance)
        self.distributions = tuple(self._distributions())

    def _distributions(self) -> list[Distribution]:
        kinds: dict[type[Distribution], list[int]] = {
            kind: [] for f in FAMILIES.values() for kind in (f.coded, f.numeric) if kind
        }
        for one in self.modeled:
            family = FAMILIES[one.family]
            for kind, own in ((family.coded, one.items), (family.numeric, one.numerics)):
                if kind is not None:
                    kinds[kind] += own
        found: list[Distribution] = [Shares(self.design, (), 0, self.shape)]
        first = 0
        for kind, columns in kinds.items():
            if columns:
                found.append(kind(self.design, sorted(columns), first, self.shape))
                first += len(found[-1].statistics)
        return found

    @cached_property
    def statistics(self) -> tuple[Ints, Ints]:
        """Source column and power of every sufficient statistic, both of shape (Q,)."""
        pairs = [pair for d in self.distributions for pair in d.statistics]
        table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return np.ascontiguousarray(table[:, 0]), np.ascontiguousarray(table[:, 1])

    @property
    def binds(self) -> bool:
        """Whether classes along a scale can take the place of segments."""
        return all(d.binds for d in self.distributions)

    @cached_property
    def dense(self) -> int | None:
        """Which distribution gives a log density for each row, if any."""
        dense = [i for i, d in enumerate(self.distributions) if d.dense]
        return dense[0] if dense else None

    def items(self, parameters: Sequence[Arrays]) -> list[Item]:
        """Write what the first start knows of each variable as items of a document."""
        kinds = {type(d): (d, a) for d, a in zip(self.distributions, parameters, strict=True)}
        found = []
        for one in self.modeled:
            family = FAMILIES[one.family]
            told: list[Arrays] = []
            for kind, columns in ((family.coded, one.items), (family.numeric, one.numerics)):
                if kind is None or not columns:
                    told.append(())
                else:
                    distribution, arrays = kinds[kind]
                    told.append(distribution.estimates(arrays, columns))
            found.append(family.write(one, self.design, *told))
        return found


def _joined(modeled: tuple[Modeled, ...], covariance: Covariance) -> tuple[Modeled, ...]:
    """Join all continuous variables in one block, after the others, where it is asked for."""
    together = [one for one in modeled if one.family in _JOINED]
    if covariance == "diagonal" or not together:
        return modeled
    block = replace(
        together[0],
        family=_BLOCK[covariance],
        variables=tuple(name for one in together for name in one.variables),
        numerics=tuple(j for one in together for j in one.numerics),
    )
    return (*(one for one in modeled if one.family not in _JOINED), block)
