"""What of the variables can be compared: which effect suits which of them, and which none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.base import Criterion, is_number
from forwhom.documents.segmentation import Variable
from forwhom.documents.separateness import EffectKind
from forwhom.evidence import effects
from forwhom.evidence.effects import Measuring
from forwhom.evidence.threestep import Classification, Estimates
from forwhom.tables.columns import Column

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: Effects that matter unless the study says otherwise: those that Cohen called small. As V of two
#: segments is half of d or h where both are defined, they are the same difference.
MINIMUM: dict[EffectKind, float] = {"d": 0.2, "h": 0.2, "V": 0.1, "shape": 0.1}
#: Levels that so few have are one together: a share of nearly none has no normal error.
RARE = 0.02


@dataclass(frozen=True)
class Compared:
    """A variable, or several with one profile, that segments are compared by."""

    criterion: Criterion
    variables: tuple[Variable, ...]
    kind: EffectKind
    values: Floats  # what means are taken of, NaN where missing; (n, C)

    @property
    def formed(self) -> bool:
        """Whether one of them formed the segments."""
        return any(variable.use == "active" for variable in self.variables)

    @property
    def minimum(self) -> float:
        """The smallest effect that matters."""
        said = [v.minimum for v in self.variables if v.minimum is not None]
        return min(said) if said else MINIMUM[self.kind] * (2 if self.is_rated else 1)

    @property
    def is_rated(self) -> bool:
        """Whether its shape is one of ratings, whose means are compared, not their proportions."""
        return self.kind == "shape" and self.values.shape[1] == 2 * len(self.variables)

    def estimates(self, given: Classification) -> Estimates:
        """Return the statistics of all segments: corrected, or by the model that they formed."""
        if not self.formed:
            return given.bch(self.values)
        about = self.variables[0].name if len(self.variables) == 1 else ""
        return given.own(self.values, about)

    def measuring(self, sizes: Floats, pairs: Ints) -> Measuring:
        """Return the effect of pairs."""
        if self.kind == "d":
            return effects.in_deviations(sizes, pairs)
        if self.kind == "h":
            return effects.on_the_arcsine_scale
        if self.kind == "V":
            return effects.of_levels
        return effects.of_profiles(sizes, pairs) if self.is_rated else effects.of_proportions


def compared(
    variables: Sequence[Variable], columns: Mapping[str, Column], threshold: int
) -> tuple[list[Compared], list[str]]:
    """Return what speaks to each criterion, and in words what does not although it should."""
    found, notes = list[Compared](), list[str]()
    tagged = [v for v in variables if v.criterion is not None and v.use in ("active", "descriptor")]
    usable = []
    for variable in tagged:
        why = _unusable(columns[variable.name], threshold)
        if why:
            notes.append(f"{variable.label!r} cannot be compared: {why}.")
        else:
            usable.append(variable)
    priced = [v for v in usable if v.criterion == "price"]
    for together in _profiles(priced):
        found.append(_profile(together, columns))
    alone = {v.name for one in found for v in one.variables}
    found += [_single(v, columns[v.name], threshold) for v in usable if v.name not in alone]
    notes += [
        f"{v.label!r} is the only number of its kind that speaks to what they pay for, and one "
        "aspect has no shape: its level is compared."
        for v in priced
        if v.name not in alone and is_number(v.measure)
    ]
    return found, notes


def _unusable(column: Column, threshold: int) -> str:
    """Return why a column says nothing; empty where it does."""
    values = np.asarray(column.values)[~column.missing]
    if len(values) < max(2, threshold):
        return "hardly anybody has a value" if len(values) else "nobody has a value"
    if column.levels is None:
        return "" if values.min() < values.max() else "everybody has the same value"
    counts = np.bincount(values.astype(np.int64), minlength=len(column.levels))
    often = counts >= max(threshold, 1)
    return "" if often.sum() >= 2 else "nearly everybody has the same level"


def _profiles(variables: Sequence[Variable]) -> Iterator[list[Variable]]:
    """Yield variables that are aspects of one profile: on one scale, two at least."""

    def scale(v: Variable) -> tuple[str, ...]:
        amount = "number" if is_number(v.measure) else v.measure
        return (v.whole or "", v.question, amount, v.unit or "", "|".join(v.levels), v.use)

    for _, group in groupby(sorted(variables, key=scale), key=scale):
        together = list(group)
        named = [v for v in together if v.measure != "nominal"]
        if len(named) > 1:
            yield named


def _profile(variables: Sequence[Variable], columns: Mapping[str, Column]) -> Compared:
    """Amounts are compared by their proportions, ratings by their means."""
    known = [columns[v.name] for v in variables]
    values = np.stack([np.where(c.missing, np.nan, c.values) for c in known], axis=1)
    seen = values[np.isfinite(values).all(axis=1)]
    amounts = all(v.measure in ("count", "positive", "binary") for v in variables)
    if not amounts or not len(seen) or seen.min() < 0:
        values = np.hstack([values, values**2])
    return Compared("price", tuple(variables), "shape", values)


def _single(variable: Variable, column: Column, threshold: int) -> Compared:
    assert variable.criterion is not None
    missing = column.missing
    if column.levels is None:
        number = np.where(missing, np.nan, column.values).astype(np.float64)
        # Means of squares lose no digits where values are far from zero.
        seen = number[~missing]
        number = (number - seen.mean()) / max(float(seen.std()), 1e-300)
        values = np.stack([number, number**2], axis=1)
        return Compared(variable.criterion, (variable,), "d", values)
    codes = _joined(np.asarray(column.values, dtype=np.int64), len(column.levels), threshold)
    hot = (codes[:, None] == np.arange(codes.max() + 1)).astype(np.float64)
    hot[missing] = np.nan
    if hot.shape[1] == 2:
        return Compared(variable.criterion, (variable,), "h", hot[:, 1:])
    return Compared(variable.criterion, (variable,), "V", hot)


def _joined(codes: Ints, n_levels: int, threshold: int) -> Ints:
    """Join the rare levels to one, and that with the rarest other where it is still rare."""
    counts = np.bincount(codes[codes >= 0], minlength=n_levels)
    least = max(threshold, RARE * counts.sum())
    order = np.argsort(-counts, kind="stable")
    often = [level for level in order.tolist() if counts[level] >= least]
    rest = int(counts.sum() - counts[often].sum())
    place = np.full(n_levels, len(often) if rest >= least or len(often) < 2 else len(often) - 1)
    place[often] = np.arange(len(often))
    return np.where(codes >= 0, place[codes], -1)
