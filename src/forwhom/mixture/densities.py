"""Log densities of customers under each item of a fitted mixture.

Every item kind of ``documents.models`` has one small class here that evaluates a range of rows
at a time, so that nothing of size rows × variables × segments ever exists. Inside, arrays are
segments × rows: NumPy is fast along the last axis, and there are many more rows than segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.special import gammaln, xlogy

from forwhom.documents.models import (
    CategoricalItem,
    GaussianBlock,
    GaussianItem,
    Item,
    MixtureModel,
    PoissonItem,
    PositiveItem,
)
from forwhom.errors import DataError
from forwhom.tables.columns import Column

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LOG_2PI = float(np.log(2.0 * np.pi))

#: No number that was measured is larger, and its square can still be computed everywhere.
LARGEST = 1e100

#: Rows evaluated at a time: the arrays of one block stay in the processor's cache.
ROWS_AT_A_TIME = 16_384


class ItemDensity(Protocol):
    """An item of the model with the column that it reads."""

    variables: tuple[str, ...]

    def evaluate(self, rows: slice) -> tuple[Floats, list[Bools]]:
        """Return the log densities (segments × rows) and, per term, where it is observed."""
        ...


class CategoricalDensity:
    """The log probability of a level; a level that the model does not know is missing."""

    def __init__(self, item: CategoricalItem, column: Column) -> None:
        codes = {level: code for code, level in enumerate(item.levels)}
        known = [codes.get(level, -1) for level in column.levels or ()]
        with np.errstate(divide="ignore"):
            logs = np.log(np.asarray(item.probabilities, dtype=np.float64))
        # Entry 0 is "missing", the others follow the levels of the column: code + 1 looks up.
        self._table = np.zeros((len(logs), len(known) + 1))
        self._seen = np.zeros(len(known) + 1, dtype=bool)
        for position, code in enumerate(known, start=1):
            if code >= 0:
                self._table[:, position] = logs[:, code]
                self._seen[position] = True
        self._codes = np.asarray(column.values, dtype=np.int32)
        self.variables: tuple[str, ...] = (item.variable,)

    def evaluate(self, rows: slice) -> tuple[Floats, list[Bools]]:
        at = self._codes[rows] + 1
        return np.take(self._table, at, axis=1), [self._seen[at]]


class PoissonDensity:
    """``x log(rate) - rate - log x!``."""

    def __init__(self, item: PoissonItem, values: Floats) -> None:
        self._rates = np.asarray(item.rates, dtype=np.float64)[:, None]
        self._values = values
        self.variables: tuple[str, ...] = (item.variable,)

    def evaluate(self, rows: slice) -> tuple[Floats, list[Bools]]:
        x = self._values[rows]
        observed = is_count(x)
        x = np.where(observed, x, 0.0)
        out = xlogy(x, self._rates) - (gammaln(x + 1.0) + self._rates)
        out[:, ~observed] = 0.0
        return out, [observed]


class GaussianDensity:
    """The normal density."""

    def __init__(self, item: GaussianItem, values: Floats) -> None:
        self._normal = _Normal(item.variable, item.means, item.sds)
        self._values = values
        self.variables: tuple[str, ...] = (item.variable,)

    def evaluate(self, rows: slice) -> tuple[Floats, list[Bools]]:
        x = self._values[rows]
        observed = is_number(x)
        out = self._normal.log_density(np.where(observed, x, 0.0))
        out[:, ~observed] = 0.0
        return out, [observed]


class PositiveDensity:
    """Zero or not, then the log-normal density (with its ``1 / x``) of what is above zero."""

    def __init__(self, item: PositiveItem, values: Floats) -> None:
        self._normal = _Normal(item.variable, item.log_means, item.log_sds)
        # A model that never saw a zero gives zeros no chance at all.
        self._asks_any = item.any is not None
        above = np.asarray(item.any or [1.0] * len(item.log_means), dtype=np.float64)
        with np.errstate(divide="ignore"):
            self._log_any = np.log(above)[:, None]
            self._log_none = np.log1p(-above)[:, None]
        self._values = values
        self.variables: tuple[str, ...] = (item.variable,)

    def evaluate(self, rows: slice) -> tuple[Floats, list[Bools]]:
        x = self._values[rows]
        observed = is_not_negative(x)
        above = observed & (x > 0.0)
        y = np.log(np.where(above, x, 1.0))
        out = self._normal.log_density(y) - y + self._log_any
        if not above.all():
            out = np.where(above, out, np.where(observed, self._log_none, 0.0))
        return out, [observed, above] if self._asks_any else [above]


class BlockDensity:
    """The normal density of several variables at once, marginal over those that are missing."""

    def __init__(self, item: GaussianBlock, columns: Sequence[Floats | None], n: int) -> None:
        self._n = n
        self._columns = columns
        self._means = np.asarray(item.means, dtype=np.float64)
        self._covariances = covariances_of(item)
        self._factors: dict[bytes, tuple[Floats, Floats]] = {}
        self.variables: tuple[str, ...] = tuple(item.variables)

    def evaluate(self, rows: slice) -> tuple[Floats, list[Bools]]:
        x, observed = self.values(rows)
        out = np.zeros((len(self._means), x.shape[1]))
        for where, dims in patterns(observed):
            whitening, log_norms = self.factors(dims)
            for k, (whiten, log_norm) in enumerate(zip(whitening, log_norms, strict=True)):
                z = whiten @ (x[np.ix_(dims, where)] - self._means[k, dims, None])
                out[k, where] = log_norm - 0.5 * np.einsum("ij,ij->j", z, z)
        return out, [np.logical_and.reduce(observed, axis=0)]

    def partial_reference(self, rows: slice) -> tuple[Floats, Floats]:
        """Return center and spread (segments × rows) where some, but not all, are missing."""
        _, observed = self.values(rows)
        centers = np.zeros((len(self._means), observed.shape[1]))
        spreads = np.zeros_like(centers)
        for where, dims in patterns(observed):
            if len(dims) < len(observed):
                centers[:, where] = (self.factors(dims)[1] - 0.5 * len(dims))[:, None]
                spreads[:, where] = 0.5 * len(dims)
        return centers, spreads

    def values(self, rows: slice) -> tuple[Floats, Bools]:
        """Return the values (variables × rows), 0 where missing, and where they are observed."""
        height = len(range(*rows.indices(self._n)))
        x = np.zeros((len(self._columns), height))
        observed = np.zeros(x.shape, dtype=bool)
        for j, column in enumerate(self._columns):
            if column is not None:
                observed[j] = is_number(column[rows])
                x[j] = np.where(observed[j], column[rows], 0.0)
        return x, observed

    def factors(self, dims: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Return, per segment, the inverse Cholesky factor of these variables and log(norm)."""
        key = dims.tobytes()
        if key not in self._factors:
            self._factors[key] = whitening_of(self._covariances, dims, self.variables)
        return self._factors[key]


class _Normal:
    def __init__(self, variable: str, means: Sequence[float], sds: Sequence[float]) -> None:
        self._means = np.asarray(means, dtype=np.float64)[:, None]
        sd = np.asarray(sds, dtype=np.float64)[:, None]
        if not (sd > 0.0).all():
            raise DataError(
                f"The model of {variable!r} has a standard deviation that is not above zero.",
                "Discover the segments again: nothing can be scored with this model.",
            )
        self._scale = 1.0 / (np.sqrt(2.0) * sd)
        self._log_norm = -0.5 * LOG_2PI - np.log(sd)

    def log_density(self, x: Floats) -> Floats:
        z = x - self._means
        z *= self._scale
        z *= z
        return np.subtract(self._log_norm, z, out=z)


def covariances_of(item: GaussianBlock) -> Floats:
    """Return the covariance matrices (K, d, d); a tied model may write its one matrix once."""
    covariances = np.asarray(item.covariances, dtype=np.float64)
    return np.broadcast_to(covariances, (len(item.means), *covariances.shape[1:]))


def whitening_of(
    covariances: Floats, dims: NDArray[np.intp], variables: Sequence[str]
) -> tuple[Floats, Floats]:
    """Return inverse Cholesky factors (K, d, d) and log norming constants (K,) of a margin."""
    margin = covariances[:, dims[:, None], dims]
    try:
        lower = np.linalg.cholesky(margin)
    except np.linalg.LinAlgError as error:
        raise DataError(
            f"The model of {', '.join(variables)} has a covariance matrix that is not "
            "positive definite.",
            "Discover the segments again: nothing can be scored with this model.",
        ) from error
    identity = np.eye(len(dims))
    whitening = np.stack([solve_triangular(low, identity, lower=True) for low in lower])
    log_dets = np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)
    return whitening, -0.5 * len(dims) * LOG_2PI - log_dets


def patterns(observed: Bools) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield the rows and the variables of each pattern of missing values (nothing: no yield)."""
    if observed.all():
        yield np.arange(observed.shape[1]), np.arange(observed.shape[0])
        return
    packed = np.packbits(observed, axis=0)
    unique, which = np.unique(packed, axis=1, return_inverse=True)
    for code in range(unique.shape[1]):
        rows = np.flatnonzero(which.ravel() == code)
        dims = np.flatnonzero(observed[:, rows[0]])
        if len(dims):
            yield rows, dims


def is_count(x: Floats) -> Bools:
    """Return where a value is 0, 1, 2, …: what a count can be."""
    whole: Bools = np.floor(x) == x
    return is_not_negative(x) & whole


def is_number(x: Floats) -> Bools:
    """Return where a value is a finite number that can be computed with."""
    number: Bools = np.abs(x) <= LARGEST
    return number


def is_not_negative(x: Floats) -> Bools:
    """Return where a value is finite and at least 0: what a positive variable can be."""
    positive: Bools = x >= 0.0
    return is_number(x) & positive


def item_density(item: Item, columns: Mapping[str, Column]) -> ItemDensity | None:
    """Return the evaluator of an item, or None when none of its variables is there.

    Raises
    ------
    DataError
        If a column holds numbers where the model has levels, or the other way around.
    """
    if isinstance(item, GaussianBlock):
        found = [number_column(columns, name) for name in item.variables]
        n = row_count(columns)
        return BlockDensity(item, found, n) if any(c is not None for c in found) else None
    if isinstance(item, CategoricalItem):
        levels = _levels(columns, item.variable)
        return CategoricalDensity(item, levels) if levels is not None else None
    numbers = number_column(columns, item.variable)
    if numbers is None:
        return None
    if isinstance(item, PoissonItem):
        return PoissonDensity(item, numbers)
    if isinstance(item, GaussianItem):
        return GaussianDensity(item, numbers)
    return PositiveDensity(item, numbers)


def item_variables(item: Item) -> tuple[str, ...]:
    """Return the variables that an item is about."""
    return tuple(item.variables) if isinstance(item, GaussianBlock) else (item.variable,)


def log_densities(
    model: MixtureModel, columns: Mapping[str, Column]
) -> list[tuple[tuple[str, ...], Floats]]:
    """Return each item's log density of each customer under each segment.

    Parameters
    ----------
    model
        A fitted mixture.
    columns
        Customers' values by variable. A variable that is not here counts as missing.

    Returns
    -------
    list of (variables, densities)
        One entry per item of the model, in its order; densities have shape (n, K) and are 0
        where the variable is missing, ``-inf`` where the segment gives the value no chance.
        Levels are matched by name, and an unknown one counts as missing (`unseen_levels`), as
        does a value that the measure cannot have (`unusable_values`).

    Raises
    ------
    DataError
        If a column holds numbers where the model has levels, or the other way around, or if
        columns differ in length.

    Examples
    --------
    >>> import numpy as np
    >>> from forwhom.documents.models import GaussianItem, MixtureModel, Novelty
    >>> item = GaussianItem(variable="age", means=[30.0, 60.0], sds=[5.0, 5.0])
    >>> novelty = Novelty(threshold=-5.0, centers=[[0.0, 0.0]], spreads=[[0.5, 0.5]])
    >>> model = MixtureModel(weights=[0.6, 0.4], items=[item], novelty=novelty)
    >>> age = Column("age", np.array([30.0, np.nan]))
    >>> [(names, table)] = log_densities(model, {"age": age})
    >>> names, table.round(2).tolist()
    (('age',), [[-2.53, -20.53], [0.0, 0.0]])
    """
    n = row_count(columns)
    result: list[tuple[tuple[str, ...], Floats]] = []
    for item in model.items:
        density = item_density(item, columns)
        table = np.zeros((len(model.weights), n))
        if density is not None:
            for rows in row_blocks(n):
                table[:, rows] = density.evaluate(rows)[0]
        result.append((item_variables(item), table.T))
    return result


def row_count(columns: Mapping[str, Column]) -> int:
    """Return how many customers the columns hold.

    Raises
    ------
    DataError
        If there is no column, or columns differ in length.
    """
    lengths = {name: len(column) for name, column in columns.items()}
    if not lengths:
        raise DataError(
            "There is no column to score.",
            "At least one variable of the segmentation must be in the table.",
        )
    if len(set(lengths.values())) > 1:
        shortest, longest = (
            min(lengths, key=lengths.__getitem__),
            max(lengths, key=lengths.__getitem__),
        )
        raise DataError(
            f"Column {shortest!r} has {lengths[shortest]:,} rows, but {longest!r} has "
            f"{lengths[longest]:,}.",
            "All columns must describe the same customers, in the same order.",
        )
    return next(iter(lengths.values()))


def row_blocks(n: int) -> Iterator[slice]:
    """Yield ranges that cover rows 0 to n."""
    for start in range(0, n, ROWS_AT_A_TIME):
        yield slice(start, min(start + ROWS_AT_A_TIME, n))


def unseen_levels(model: MixtureModel, columns: Mapping[str, Column]) -> dict[str, list[str]]:
    """Return, per variable, the levels that occur but that the model has never seen.

    They count as missing when customers are placed.

    Examples
    --------
    >>> import numpy as np
    >>> from forwhom.documents.models import CategoricalItem, MixtureModel, Novelty
    >>> item = CategoricalItem(variable="pet", levels=["cat", "dog"], probabilities=[[0.5, 0.5]])
    >>> novelty = Novelty(threshold=-5.0, centers=[[-0.69]], spreads=[[0.0]])
    >>> model = MixtureModel(weights=[1.0], items=[item], novelty=novelty)
    >>> pet = Column("pet", np.array([1, 0], dtype=np.int32), levels=("dog", "eel"))
    >>> unseen_levels(model, {"pet": pet})
    {'pet': ['eel']}
    """
    unseen: dict[str, list[str]] = {}
    for item in model.items:
        if not isinstance(item, CategoricalItem):
            continue
        column = _levels(columns, item.variable)
        if column is None or column.levels is None:
            continue
        counts = np.bincount(column.values + 1, minlength=len(column.levels) + 1)[1:]
        new = [
            level
            for level, count in zip(column.levels, counts, strict=True)
            if count and level not in item.levels
        ]
        new += [level for level in column.unseen if level not in item.levels]
        if new:
            unseen[item.variable] = new
    return unseen


def unusable_values(model: MixtureModel, columns: Mapping[str, Column]) -> dict[str, int]:
    """Count, per variable, the numbers that its measure cannot have.

    A count is 0, 1, 2, …; a positive variable is not negative; no number is infinite or above
    1e100. Other numbers are errors in the data rather than unusual customers, so they count as
    missing and the other variables place the customer. (A zero where the model never saw one is
    different: it is a value, which no segment gives any chance.)

    Examples
    --------
    >>> import numpy as np
    >>> from forwhom.documents.models import MixtureModel, Novelty, PoissonItem
    >>> novelty = Novelty(threshold=-5.0, centers=[[-1.3]], spreads=[[0.4]])
    >>> item = PoissonItem(variable="visits", rates=[1.0])
    >>> model = MixtureModel(weights=[1.0], items=[item], novelty=novelty)
    >>> unusable_values(model, {"visits": Column("visits", np.array([0.0, 1.5, -1.0, np.nan]))})
    {'visits': 2}
    """
    counts: dict[str, int] = {}
    for item in model.items:
        if isinstance(item, CategoricalItem):
            continue
        for name in item_variables(item):
            x = number_column(columns, name)
            wrong = 0 if x is None else int((~_usable(item, x) & ~np.isnan(x)).sum())
            if wrong:
                counts[name] = wrong
    return counts


def _usable(item: Item, x: Floats) -> Bools:
    if isinstance(item, PoissonItem):
        return is_count(x)
    if isinstance(item, PositiveItem):
        return is_not_negative(x)
    return is_number(x)


def number_column(columns: Mapping[str, Column], name: str) -> Floats | None:
    """Return a column's numbers, or None when it is not there.

    Raises
    ------
    DataError
        If the column holds levels.
    """
    column = columns.get(name)
    if column is None:
        return None
    if column.levels is not None:
        raise DataError(
            f"Column {name!r} holds levels, but the segmentation was made with numbers.",
            "Give the column as numbers, as it was when the segments were discovered.",
        )
    return np.asarray(column.values, dtype=np.float64)


def _levels(columns: Mapping[str, Column], name: str) -> Column | None:
    column = columns.get(name)
    if column is not None and column.levels is None:
        raise DataError(
            f"Column {name!r} holds numbers, but the segmentation was made with levels.",
            "Give the column as levels, as it was when the segments were discovered.",
        )
    return column
