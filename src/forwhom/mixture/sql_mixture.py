"""The scoring of a mixture as SQL: the same sums as `forwhom.mixture.novelty.Densities`.

The query goes in steps, each of which reads the one before: the columns as numbers and text;
what of them can be used (NULL is missing); values with 0 for missing (``v``), whether they are
observed (``o``, 0 or 1) and logarithms (``y``); sums of log densities, centers and spreads per
segment; fit and exponents; probabilities. Multiplying by ``o`` is several times as fast as
choosing with CASE.
"""

from __future__ import annotations

import numpy as np

from forwhom.documents.models import MixtureModel
from forwhom.mixture.families import family_of
from forwhom.mixture.novelty import LEAST_SPREAD, LOWEST_FIT
from forwhom.mixture.sql_text import (
    LEAST_EXPONENT,
    LOG_ZERO,
    ItemSql,
    added,
    highest,
    number,
    statement,
    when,
)

_ZERO = number(0.0)


def mixture_sql(model: MixtureModel, id_sql: str, id_name: str, table: str) -> str:
    """Write the query that scores a mixture; ``id_name`` and ``table`` are quoted already."""
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
    beyond = [condition for item in items for condition in item.outside]
    far = [f"{when(' OR '.join(beyond), '1', '0')} AS far"] if beyond else []
    known = added([f"o{name[1:]}" for item in items for name in item.names])
    steps = [
        ("forwhom_read", [f"{id_sql} AS id", *read], table),
        ("forwhom_usable", ["id", *usable], "forwhom_read"),
        ("forwhom_filled", ["id", *filled], "forwhom_usable"),
        ("forwhom_sums", ["id", f"{known} AS known", *far, *columns], "forwhom_filled"),
        ("forwhom_fits", _fits(model, limited=bool(far)), "forwhom_sums"),
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


def _fits(model: MixtureModel, *, limited: bool) -> list[str]:
    segments = range(1, len(model.weights) + 1)
    with np.errstate(divide="ignore"):
        logs = np.log(np.asarray(model.weights, dtype=np.float64))
    joint = [f"l{s} + {number(logs[s - 1])}" for s in segments]
    least = number(LEAST_SPREAD)
    fits = [f"(l{s} - c{s}) / SQRT({when(f's{s} > {least}', f's{s}', least)})" for s in segments]
    best = highest([*fits, number(LOWEST_FIT)])
    if limited:
        best = when("far = 1", number(LOWEST_FIT), best)
    return [
        "id",
        *(f"{one} AS a{s}" for s, one in zip(segments, joint, strict=True)),
        f"{highest(joint)} AS highest",
        f"CASE WHEN known > {_ZERO} THEN {best} END AS fit",
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
        f"{when(novel, _ZERO, 'best / total')} AS certainty",
        "fit",
    ]


def _items(model: MixtureModel) -> list[ItemSql]:
    centers = np.asarray(model.novelty.centers, dtype=np.float64)
    spreads = np.asarray(model.novelty.spreads, dtype=np.float64)
    written: list[ItemSql] = []
    line, column = 0, 1
    for item in model.items:
        lines = slice(line, line + len(item.terms))
        names = [f"v{column + j}" for j in range(len(item.names))]
        written.append(family_of(item).sql(item, names, centers[lines], spreads[lines]))
        line, column = lines.stop, column + len(names)
    return written
