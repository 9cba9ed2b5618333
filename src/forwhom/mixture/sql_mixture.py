"""The scoring of a mixture as SQL: the same sums as `forwhom.mixture.novelty.Densities`.

The query goes in steps, each of which reads the one before: the columns as numbers and text;
what of them can be used (NULL is missing); values with 0 for missing (``v``), whether they are
observed (``o``, 0 or 1) and logarithms (``y``); sums of log densities, centers and spreads per
segment; fit and exponents; probabilities. Multiplying by ``o`` is several times as fast as
choosing with CASE.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from forwhom.documents.models import (
    CategoricalItem,
    GaussianBlock,
    GaussianItem,
    Item,
    MixtureModel,
    PoissonItem,
    PositiveItem,
)
from forwhom.errors import OptionError
from forwhom.mixture.densities import LOG_2PI, Floats, covariances_of, whitening_of
from forwhom.mixture.novelty import LEAST_SPREAD, LOWEST_FIT, term_count
from forwhom.mixture.sql_text import (
    LEAST_EXPONENT,
    LOG_ZERO,
    added,
    highest,
    identifier,
    log_factorial,
    logarithm,
    number,
    statement,
    text,
    usable_number,
    when,
)

#: A block of d variables has 2^d - 1 patterns of missing values, each with its own formula.
LARGEST_BLOCK = 4

_ZERO, _ONE = number(0.0), number(1.0)


@dataclass
class _ItemSql:
    """What one item adds to each step; densities, centers and spreads are per segment."""

    names: list[str]
    read: list[str]
    usable: list[str]
    filled: list[str] = field(default_factory=list)
    densities: list[str] = field(default_factory=list)
    centers: list[str] = field(default_factory=list)
    spreads: list[str] = field(default_factory=list)


def mixture_sql(model: MixtureModel, id_sql: str, id_name: str, table: str) -> str:
    """Write the query that scores a mixture.

    Parameters
    ----------
    model
        The mixture.
    id_sql
        Expression for the customer's id.
    id_name, table
        Names of the id in the result and of the table, both quoted.

    Raises
    ------
    OptionError
        If the model has a block of more than four correlated variables.
    """
    items = _items(model)
    k = len(model.weights)
    per_segment = range(1, k + 1)
    columns = [
        *(f"{added([item.densities[s] for item in items])} AS l{s + 1}" for s in range(k)),
        *(f"{added([item.centers[s] for item in items])} AS c{s + 1}" for s in range(k)),
        *(f"{added([item.spreads[s] for item in items])} AS s{s + 1}" for s in range(k)),
    ]
    read = [column for item in items for column in item.read]
    usable = [column for item in items for column in item.usable]
    filled = [column for item in items for column in item.filled]
    known = added([f"o{name[1:]}" for item in items for name in item.names])
    steps = [
        ("forwhom_read", [f"{id_sql} AS id", *read], table),
        ("forwhom_usable", ["id", *usable], "forwhom_read"),
        ("forwhom_filled", ["id", *filled], "forwhom_usable"),
        ("forwhom_sums", ["id", f"{known} AS known", *columns], "forwhom_filled"),
        ("forwhom_fits", _fits(model), "forwhom_sums"),
        (
            "forwhom_exponents",
            ["id", "fit", *(f"{_exponent(s)} AS e{s}" for s in per_segment)],
            "forwhom_fits",
        ),
        (
            "forwhom_total",
            [
                "id, fit",
                *(f"e{s}" for s in per_segment),
                f"{added([f'e{s}' for s in per_segment])} AS total",
                f"{highest([f'e{s}' for s in per_segment])} AS best",
            ],
            "forwhom_exponents",
        ),
    ]
    return statement(steps, _final(model, id_name))


def _fits(model: MixtureModel) -> list[str]:
    segments = range(1, len(model.weights) + 1)
    with np.errstate(divide="ignore"):
        logs = np.log(np.asarray(model.weights, dtype=np.float64))
    joint = [f"l{s} + {number(logs[s - 1])}" for s in segments]
    least = number(LEAST_SPREAD)
    fits = [f"(l{s} - c{s}) / SQRT({when(f's{s} > {least}', f's{s}', least)})" for s in segments]
    return [
        "id",
        *(f"{one} AS a{s}" for s, one in zip(segments, joint, strict=True)),
        f"{highest(joint)} AS highest",
        f"CASE WHEN known > {_ZERO} THEN {highest([*fits, number(LOWEST_FIT)])} END AS fit",
    ]


def _exponent(segment: int) -> str:
    gone = f"a{segment} - highest < {number(LEAST_EXPONENT)} OR highest < {number(LOG_ZERO / 2)}"
    return when(gone, _ZERO, f"EXP(a{segment} - highest)")


def _final(model: MixtureModel, id_name: str) -> list[str]:
    segments = range(1, len(model.weights) + 1)
    choice = " ".join(f"WHEN e{s} >= best THEN {s}" for s in segments)
    novel = f"total <= {_ZERO} OR fit < {number(model.novelty.threshold)}"
    return [
        f"id AS {id_name}",
        f"CASE WHEN {novel} THEN 0 {choice} END AS segment",
        *(f"{when(f'total > {_ZERO}', f'e{s} / total', _ZERO)} AS p{s}" for s in segments),
        f"{when(f'total > {_ZERO}', 'best / total', _ZERO)} AS certainty",
        "fit",
    ]


def _items(model: MixtureModel) -> list[_ItemSql]:
    centers = np.asarray(model.novelty.centers, dtype=np.float64)
    spreads = np.asarray(model.novelty.spreads, dtype=np.float64)
    result: list[_ItemSql] = []
    line, column = 0, 1
    for item in model.items:
        lines = slice(line, line + term_count(item))
        line = lines.stop
        written = _item(item, column, centers[lines], spreads[lines])
        column += len(written.names)
        result.append(written)
    return result


def _item(item: Item, column: int, centers: Floats, spreads: Floats) -> _ItemSql:
    if isinstance(item, GaussianBlock):
        return _block(item, column, centers[0], spreads[0])
    name = f"v{column}"
    if isinstance(item, CategoricalItem):
        written = _categorical(item, name)
    elif isinstance(item, PoissonItem):
        written = _poisson(item, name)
    elif isinstance(item, GaussianItem):
        written = _gaussian(item, name)
    else:
        written = _positive(item, name)
    terms = [f"o{column}"]
    if isinstance(item, PositiveItem):
        terms = [f"o{column}", f"a{column}"] if item.any is not None else [f"a{column}"]
    written.centers = _where_observed(terms, centers)
    written.spreads = _where_observed(terms, spreads)
    return written


def _where_observed(terms: Sequence[str], lines: Floats) -> list[str]:
    return [
        added([f"{term} * {number(value)}" for term, value in zip(terms, segment, strict=True)])
        for segment in lines.T
    ]


def _filled(name: str) -> list[str]:
    return [
        f"COALESCE({name}, {_ZERO}) AS {name}",
        f"{when(f'{name} IS NULL', _ZERO, _ONE)} AS o{name[1:]}",
    ]


def _as_number(variable: str, name: str) -> str:
    return f"CAST({identifier(variable)} AS DOUBLE) AS {name}"


def _categorical(item: CategoricalItem, name: str) -> _ItemSql:
    with np.errstate(divide="ignore"):
        logs = np.log(np.asarray(item.probabilities, dtype=np.float64))
    codes = " ".join(
        f"WHEN {text(spelling)} THEN {code}"
        for code, level in enumerate(item.levels)
        for spelling in _spellings(level, item.levels)
    )
    return _ItemSql(
        names=[name],
        read=[f"CAST({identifier(item.variable)} AS VARCHAR) AS {name}"],
        usable=[f"CASE {name} {codes} END AS {name}"],
        filled=[f"{name} AS {name}", _filled(name)[1]],
        densities=[
            f"CASE {name} "
            + " ".join(f"WHEN {code} THEN {number(value)}" for code, value in enumerate(segment))
            + f" ELSE {_ZERO} END"
            for segment in logs
        ],
    )


def _spellings(level: str, levels: Sequence[str]) -> list[str]:
    # A whole number that a table keeps as a float is written with ".0" by some engines.
    if re.fullmatch(r"-?\d+", level, re.ASCII) and f"{level}.0" not in levels:
        return [level, f"{level}.0"]
    return [level]


def _poisson(item: PoissonItem, name: str) -> _ItemSql:
    observed, factorial = f"o{name[1:]}", f"y{name[1:]}"
    densities = []
    for rate in item.rates:
        if rate > 0.0:
            log = f"{name} * {number(np.log(rate))} - {number(rate)} - {factorial}"
            densities.append(f"{observed} * ({log})")
        else:
            densities.append(when(f"{name} > {_ZERO}", number(LOG_ZERO), _ZERO))
    return _ItemSql(
        names=[name],
        read=[_as_number(item.variable, name)],
        usable=[f"{usable_number(name, positive=True, whole=True)} AS {name}"],
        filled=[*_filled(name), f"COALESCE({log_factorial(name)}, {_ZERO}) AS {factorial}"],
        densities=densities,
    )


def _normal(name: str, mean: float, sd: float) -> str:
    distance = f"({name} - {number(mean)})"
    log_norm = number(-0.5 * LOG_2PI - np.log(sd))
    return f"{log_norm} - {number(0.5 / sd**2)} * {distance} * {distance}"


def _gaussian(item: GaussianItem, name: str) -> _ItemSql:
    return _ItemSql(
        names=[name],
        read=[_as_number(item.variable, name)],
        usable=[f"{usable_number(name)} AS {name}"],
        filled=_filled(name),
        densities=[
            f"o{name[1:]} * ({_normal(name, mean, sd)})"
            for mean, sd in zip(item.means, item.sds, strict=True)
        ],
    )


def _positive(item: PositiveItem, name: str) -> _ItemSql:
    observed, above, log = (f"{letter}{name[1:]}" for letter in "oay")
    shares = item.any or [1.0] * len(item.log_means)
    densities = []
    for share, mean, sd in zip(shares, item.log_means, item.log_sds, strict=True):
        with np.errstate(divide="ignore"):
            log_any, log_none = np.log(share), np.log1p(-share)
        value = f"{number(log_any)} + {_normal(log, mean, sd)} - {log}"
        densities.append(f"({observed} - {above}) * {number(log_none)} + {above} * ({value})")
    return _ItemSql(
        names=[name],
        read=[_as_number(item.variable, name)],
        usable=[f"{usable_number(name, positive=True)} AS {name}"],
        filled=[
            *_filled(name),
            f"{when(f'{name} > {_ZERO}', _ONE, _ZERO)} AS {above}",
            f"COALESCE({logarithm(name)}, {_ZERO}) AS {log}",
        ],
        densities=densities,
    )


def _block(item: GaussianBlock, column: int, center: Floats, spread: Floats) -> _ItemSql:
    d = len(item.variables)
    if d > LARGEST_BLOCK:
        raise OptionError(
            f"The segmentation has {d} correlated variables ({', '.join(item.variables)}), too "
            f"many for SQL: it can hold {LARGEST_BLOCK}.",
            "Score these customers with 'forwhom score', or leave covariances out.",
        )
    names = [f"v{column + j}" for j in range(d)]
    k = len(item.means)
    cases: list[list[str]] = [[] for _ in range(3 * k)]
    for dims in _patterns(d):
        seen = " AND ".join(
            f"o{name[1:]} = {_ONE if j in dims else _ZERO}" for j, name in enumerate(names)
        )
        for position, value in enumerate(_margin(item, names, dims, center, spread)):
            cases[position].append(f"WHEN {seen} THEN {value}")
    written = [f"CASE {' '.join(branches)} ELSE {_ZERO} END" for branches in cases]
    return _ItemSql(
        names=names,
        read=[
            _as_number(variable, name) for variable, name in zip(item.variables, names, strict=True)
        ],
        usable=[f"{usable_number(name)} AS {name}" for name in names],
        filled=[column for name in names for column in _filled(name)],
        densities=written[:k],
        centers=written[k : 2 * k],
        spreads=written[2 * k :],
    )


def _patterns(d: int) -> list[tuple[int, ...]]:
    sizes = range(d, 0, -1)
    return [dims for size in sizes for dims in itertools.combinations(range(d), size)]


def _margin(
    item: GaussianBlock, names: Sequence[str], dims: tuple[int, ...], center: Floats, spread: Floats
) -> list[str]:
    """Write densities, centers and spreads of all segments for one pattern of missing values."""
    whole = len(dims) == len(names)
    whitening, log_norms = whitening_of(covariances_of(item), np.asarray(dims), item.variables)
    densities = []
    for whiten, log_norm, mean in zip(whitening, log_norms, item.means, strict=True):
        squares = []
        for row in whiten:
            parts = [
                f"{number(weight)} * ({names[j]} - {number(mean[j])})"
                for j, weight in zip(dims, row, strict=True)
                if weight != 0.0
            ]
            squares.append(f"POWER({' + '.join(parts)}, 2)")
        densities.append(f"{number(log_norm)} - {number(0.5)} * ({' + '.join(squares)})")
    centers = center if whole else log_norms - 0.5 * len(dims)
    spreads = spread if whole else np.full(len(log_norms), 0.5 * len(dims))
    return [*densities, *map(number, centers), *map(number, spreads)]
