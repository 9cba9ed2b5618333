"""The type of the market: segments, interactions and a canvas brought together."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from forwhom.documents import AnySegmentation, segmentation_of
from forwhom.documents.canvas import AnyCanvas, canvas_of
from forwhom.documents.market import RANGES, Market, Sides, market_of, market_of_canvas
from forwhom.errors import DataError, OptionError, nearest
from forwhom.evidence.market import market_evidence, sides_of_interactions
from forwhom.languages.catalog import SOURCE, speaking
from forwhom.tables import Table, collect, open_table


@speaking(SOURCE)  # what is kept is English, whoever reads it
def market_type(
    segmentation: AnySegmentation | None = None,
    *,
    canvas: AnyCanvas | None = None,
    interactions: object = None,
    sides: tuple[str, str] | None = None,
    part: float | None = None,
) -> Market:
    """Say what kind of market it is: mass, niche, segmented, diversified or multi-sided.

    Parameters
    ----------
    segmentation
        A Segmentation, its file, or the folder of a run.
    canvas
        A canvas: what it claims stands beside what data say; by itself, what it says of segments
        and sides.
    interactions
        A table with a row for each time that two customers dealt with each other.
    sides
        Its two columns with who they were, such as ``("rider", "driver")``.
    part
        Which part of the whole market these customers stand for, 0 to 1; their own data cannot
        tell it.

    Returns
    -------
    Market
        The type, or what is still possible, with the numbers that led there and how near the next
        type is.

    Raises
    ------
    DataError
        The table has no such columns, or nothing in them.
    OptionError
        Nothing was given, or an option has no usable value.

    Examples
    --------
    >>> from forwhom.documents.canvas import parse_canvas
    >>> canvas = parse_canvas("{forwhom: 1, kind: canvas, market_type: mass, segments: ["
    ...                       "{id: a, name: Parents who plan}, {id: b, name: Shops nearby}]}")
    >>> print(market_type(canvas=canvas).headline)
    Whether it is a segmented or diversified market we cannot tell. The canvas says mass, which does
    not agree.
    """
    _check(segmentation, canvas, interactions, sides, part)
    told = None
    threshold = 10
    found = None if segmentation is None else segmentation_of(segmentation)
    if found is not None:
        threshold = found.threshold
    if interactions is not None and sides is not None:
        told = _sides(open_table(interactions), sides, threshold)
    known = None if canvas is None else canvas_of(canvas)
    if found is None:
        if known is None:
            raise OptionError("no segments were given.", "Give a segmentation or a canvas.")
        claimed = market_of_canvas(known)
        return claimed if told is None else _with_sides(claimed, told)
    market = market_of(found, sides=told, part=part)
    source = "; ".join(one.fingerprint for one in found.sources)
    evidence = market_evidence(market, n=found.n, source=source)
    claim = None if known is None else known.market_type
    return market.model_copy(update={"claimed": claim, "evidence": evidence})


def _check(
    segmentation: object, canvas: object, interactions: object,
    sides: tuple[str, str] | None, part: float | None,
) -> None:  # fmt: skip
    if (interactions is None) != (sides is None):
        raise OptionError(
            "interactions and the columns of their sides go together.",
            "Such as: --interactions rides.csv --sides rider driver.",
        )
    if sides is not None and sides[0] == sides[1]:
        raise OptionError(f"both sides are the column {sides[0]!r}.", "Name the other one, too.")
    if part is not None and not 0 < part <= 1:
        raise OptionError(f"part is {part:g}.", "Give a part of the whole market, such as 0.02.")
    if segmentation is None and canvas is None:
        raise OptionError("no segments were given.", "Give a segmentation or a canvas.")


def _with_sides(claimed: Market, sides: Sides) -> Market:
    """Return what a canvas says, with what interactions say beside it."""
    why = [*claimed.why, sides.why]
    if sides.verdict == "yes":
        return claimed.model_copy(
            update={"type": "multi-sided", "possible": ["multi-sided"], "why": why, "sides": sides}
        )
    if sides.verdict == "no" and claimed.type == "multi-sided":
        return claimed.model_copy(
            update={"type": None, "possible": list(RANGES), "why": why, "sides": sides}
        )
    return claimed.model_copy(update={"why": why, "sides": sides})


def _sides(table: Table, columns: tuple[str, str], threshold: int) -> Sides:
    """Read who dealt with whom: the same id on both sides is the same person."""
    for column in columns:
        if column not in table.columns:
            raise DataError(
                f"{table.name}: there is no column {column!r}.",
                nearest(column, table.columns) or "It says who took part, on one side.",
            )
    rows = collect(table).select(list(columns)).drop_null()
    if not rows.num_rows:
        raise DataError(
            f"{table.name}: no row has both {columns[0]!r} and {columns[1]!r}.",
            "A row is one time that two customers dealt with each other.",
        )
    texts = [rows[column].cast(pa.string()).combine_chunks() for column in columns]
    codes = pa.concat_arrays(texts).dictionary_encode().indices.to_numpy().astype(np.int64)
    m = rows.num_rows
    return sides_of_interactions(codes[:m], codes[m:], columns, threshold=threshold)
