"""Strategies to fill in, for misalignments that have none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from forwhom.documents.base import expect
from forwhom.documents.canvas import Canvas
from forwhom.documents.canvas.file import AnyCanvas, canvas_of, edited, edits_of
from forwhom.documents.canvas.references import items
from forwhom.documents.ids import unused
from forwhom.documents.results.alignment import AlignmentResult


@dataclass(frozen=True)
class WrittenStrategies:
    """A canvas with a strategy to fill in for every misalignment that had none."""

    text: str  # the canvas, as YAML; every other character is as it was
    added: list[str]  # ids of the strategies that are new


def write_strategies(canvas: AnyCanvas, result: AlignmentResult) -> WrittenStrategies:
    r"""Give every misalignment of medium or high severity a strategy to fill in.

    Parameters
    ----------
    canvas
        A canvas, or the path of one; nothing is written into its file.
    result
        What :func:`forwhom.align` found in it.

    Returns
    -------
    WrittenStrategies
        Items with a strategy that was not dropped get no other one.

    Raises
    ------
    OptionError
        This is no canvas, or no alignment.
    SourceMissing
        There is no such canvas.
    DocumentError
        It is not a sound canvas, or has none of the needs.

    Examples
    --------
    >>> import forwhom
    >>> canvas = forwhom.parse_canvas('''
    ... forwhom: 1
    ... kind: canvas
    ... segments: [{id: buyer, name: Buyer}, {id: user, name: User}]
    ... needs: [{id: low-price, statement: Pay little}]
    ... alignment:
    ...   ratings:
    ...     - {rater: ada, segment: buyer, item: low-price, value: 5}
    ...     - {rater: ada, segment: user, item: low-price, value: -4}
    ... ''')
    >>> done = write_strategies(canvas, forwhom.align(canvas, replicates=200))
    >>> done.added
    ['align-low-price']
    >>> print(done.text[done.text.index("  strategies"):])
      strategies:
        - id: align-low-price
          item: low-price
          block: ""
          action: ""
          owner: ""
          due: null
          status: open
    """
    expect(result, AlignmentResult, "An alignment", "forwhom.align")
    before = canvas_of(canvas)
    strategies = before.strategies
    has = {strategy.item for strategy in strategies if strategy.status != "dropped"}
    edits, added = edits_of(before), list[str]()
    for item in result.pressing:
        if item.item not in has:
            new = new_strategy(before, item.item, added)
            added.append(new["id"])
            edits.append(("alignment", "strategies"), new)
    return WrittenStrategies(edited(before, edits)[1], added)


def new_strategy(canvas: Canvas, item: str, taken: Collection[str] = ()) -> dict[str, Any]:
    """Return a strategy to fill in for an item, with an id that nothing else has."""
    name = unused(f"align-{item}", {one.id for one in items(canvas)} | set(taken))
    new = {"id": name, "item": item, "block": "", "action": "", "owner": "", "due": None}
    return new | {"status": "open"}
