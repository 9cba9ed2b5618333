"""The scoring of a mixture as SQL: the same sums as `forwhom.mixture.novelty.Densities`.

The query goes in steps, each of which reads the one before: the columns as numbers and text;
what of them can be used (NULL is missing); values with 0 for missing (``v``), whether they are
observed (``o``, 0 or 1) and logarithms (``y``); sums of log densities, centers and spreads per
class; fit and exponents; those of the classes of a segment; probabilities. Multiplying by ``o`` is
several times as fast as choosing with CASE.
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
    share_unmatched,
    statement,
    when,
)

_ZERO = number(0.0)
_PLACE = f"CASE WHEN fit IS NOT NULL AND total > {_ZERO} THEN moment / total END"


def mixture_sql(model: MixtureModel, id_sql: str, id_name: str, table: str) -> str:
    """Write the query that scores a mixture; ``id_name`` and ``table`` are quoted already."""
    items = _items(model)
    classes = range(len(model.weights))
    columns = [
        *(f"{added([item.densities[c] for item in items])} AS l{c + 1}" for c in classes),
        *(f"{added([item.centers[c] for item in items])} AS c{c + 1}" for c in classes),
        *(f"{added([item.spreads[c] for item in items])} AS s{c + 1}" for c in classes),
    ]
    read = [column for item in items for column in item.read]
    usable = [column for item in items for column in item.usable]
    filled = [column for item in items for column in item.filled]
    beyond = [condition for item in items for condition in item.outside]
    far = [f"{when(' OR '.join(beyond), '1', '0')} AS far"] if beyond else []
    known = added([f"o{name[1:]}" for item in items for name in item.names])
    levels = [name for item in items for name in item.levels]
    unmatched = [f"{share_unmatched(levels)} AS unmatched"] if levels else []
    kept = ["unmatched"] if levels else []
    steps = [
        ("forwhom_read", [f"{id_sql} AS id", *read], table),
        ("forwhom_usable", ["id", *usable], "forwhom_read"),
        ("forwhom_filled", ["id", *filled], "forwhom_usable"),
        ("forwhom_sums", ["id", f"{known} AS known", *far, *unmatched, *columns], "forwhom_filled"),
        ("forwhom_fits", [*_fits(model, limited=bool(far)), *kept], "forwhom_sums"),
        *_exponents(model, ["id", "fit", *kept]),
    ]
    return statement(steps, [*_final(model, id_name), *kept])


def _exponents(model: MixtureModel, kept: list[str]) -> list[tuple[str, list[str], str]]:
    """Write the steps from the fits to the weight of each segment and of all of them."""
    each = [f"e{s}" for s in range(1, max(model.parts) + 2)]
    total = [f"{added(each)} AS total", f"{highest(each)} AS best"]
    if model.classes is None:
        exponents = [*kept, *(f"{_exponent(s)} AS e{s}" for s in range(1, len(each) + 1))]
        return [
            ("forwhom_exponents", exponents, "forwhom_fits"),
            ("forwhom_total", [*kept, *each, *total], "forwhom_exponents"),
        ]
    of_class = [f"x{c}" for c in range(1, len(model.weights) + 1)]
    exponents = [f"{_exponent(c)} AS {name}" for c, name in enumerate(of_class, 1)]
    of_segment = {name: list[str]() for name in each}
    for part, name in zip(model.parts, of_class, strict=True):
        of_segment[each[part]].append(name)
    places = zip(of_class, model.classes.place, strict=True)
    moment = added([f"{name} * {number(place)}" for name, place in places])
    segments = [f"{added(names)} AS {name}" for name, names in of_segment.items()]
    return [
        ("forwhom_exponents", [*kept, *exponents], "forwhom_fits"),
        (
            "forwhom_segments",
            [*kept, f"{moment} AS moment", *segments],
            "forwhom_exponents",
        ),
        ("forwhom_total", [*kept, "moment", *each, *total], "forwhom_segments"),
    ]


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
    segments = range(1, max(model.parts) + 2)
    choice = " ".join(f"WHEN e{s} >= best THEN {s}" for s in segments)
    novel = f"total <= {_ZERO} OR fit < {number(model.novelty.threshold)}"
    return [
        f"id AS {id_name}",
        f"CASE WHEN {novel} THEN 0 {choice} END AS segment",
        *(f"{when(f'total > {_ZERO}', f'e{s} / total', _ZERO)} AS p{s}" for s in segments),
        f"{when(novel, _ZERO, 'best / total')} AS certainty",
        "fit",
        *([] if model.classes is None else [f"{_PLACE} AS scale"]),
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
