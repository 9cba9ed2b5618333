"""From a canvas or a table of ratings to where buyer, user and target impact want the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike

from forwhom.alignment import analyze, coded
from forwhom.alignment.ratingsfile import Line, canvas_lines, named_table, table_lines
from forwhom.documents.base import expect
from forwhom.documents.canvas import (
    AnyCanvas,
    Canvas,
    canvas_of,
    canvas_path,
    edited,
    edits_of,
    read_canvas,
)
from forwhom.documents.canvas import items as ids_of
from forwhom.documents.canvas.ratings import Alignment, Strategy, Thresholds
from forwhom.documents.canvas.value import TOP, Need
from forwhom.documents.results.alignment import AlignmentResult, RatedItem, RatedSegment
from forwhom.documents.segmentation import Source
from forwhom.errors import DataError, DocumentError
from forwhom.tables import open_table
from forwhom.version import __version__

_CANVASES = (".yaml", ".yml")
#: What to do where a canvas has no ratings.
_RATE = "Write ratings under alignment.ratings, or name a table of ratings in alignment.file."
#: Longest id that a canvas takes.
_LONGEST = 80


@dataclass(frozen=True)
class WrittenStrategies:
    """A canvas with a strategy to fill in for every misalignment that had none.

    Parameters
    ----------
    text
        The canvas, as YAML; every other character is as it was.
    added
        Ids of the strategies that are new.
    """

    text: str
    added: list[str]


@dataclass(frozen=True)
class _Gathered:
    """What is known of an exercise before anything is computed."""

    lines: list[Line]
    segments: list[RatedSegment]
    items: list[RatedItem]
    thresholds: Thresholds
    title: str
    sources: list[Source]
    notes: list[str]


def align(source: object, *, replicates: int = 2000, seed: int = 0) -> AlignmentResult:
    """Say where segments want the same, where they do not, and how sure that is.

    Parameters
    ----------
    source
        A canvas, its path or folder, or a table of ratings: a path or a data frame with columns
        rater, mode (direct or proxy), segment, item, value (-5 to 5) and, if there were several
        rounds, round. A canvas holds its ratings in ``alignment.ratings`` and in the table that
        ``alignment.file`` names.
    replicates
        How often raters are drawn anew for intervals and probabilities.
    seed
        The same seed gives the same answer, whatever the order of the ratings.

    Returns
    -------
    AlignmentResult
        Medians, classes with their probabilities, severity, agreement, and notes in words.

    Raises
    ------
    SourceMissing
        There is no such file.
    DocumentError
        It is not a sound canvas.
    DataError
        There is no rating, or some rows cannot be used: each is said.
    OptionError
        ``replicates`` or ``seed`` has no usable value.

    Examples
    --------
    >>> import pyarrow as pa
    >>> ratings = pa.table({
    ...     "rater": ["ada", "bo", "ada", "bo"], "segment": ["buyer", "buyer", "user", "user"],
    ...     "item": ["low-price"] * 4, "value": [5, 4, -3, -4],
    ... })
    >>> print(align(ratings, replicates=200))
    the table: 1 item rated by 2 raters
    low-price: misaligned, severity high
    """
    gathered = _of_canvas(source) if isinstance(source, Canvas) else _of_path(source)
    lines = gathered.lines
    ratings = coded(
        [line.rater for line in lines],
        [line.segment for line in lines],
        [line.item for line in lines],
        [line.value for line in lines],
        direct=[line.direct for line in lines],
        round=[line.round for line in lines],
        segments=[segment.id for segment in gathered.segments],
        items=[item.id for item in gathered.items],
    )
    return analyze(
        ratings,
        gathered.segments,
        gathered.items,
        gathered.thresholds,
        replicates=replicates,
        seed=seed,
        title=gathered.title,
        version=__version__,
        sources=gathered.sources,
        notes=gathered.notes,
    )


def is_canvas(source: str | PathLike[str]) -> bool:
    """Return whether a path stands for a canvas, and not for a table of ratings."""
    return canvas_path(source).suffix.lower() in _CANVASES


def _of_path(source: object) -> _Gathered:
    if isinstance(source, str | PathLike) and is_canvas(source):
        return _of_canvas(read_canvas(source))
    found = table_lines(open_table(source))
    segments = sorted({line.segment for line in found.lines})
    items = sorted({line.item for line in found.lines})
    return _Gathered(
        found.lines,
        [RatedSegment(id=one, name=one) for one in segments],
        [RatedItem(id=one, statement=one) for one in items],
        Thresholds(),
        found.source.name,
        [found.source],
        found.notes,
    )


def _of_canvas(canvas: Canvas) -> _Gathered:
    if canvas.alignment is None:
        raise DataError(
            f"{canvas.place() or 'The canvas'}: there are no ratings: the canvas has no "
            "'alignment'.",
            _RATE,
        )
    _check_thresholds(canvas, canvas.alignment.thresholds)
    lines, sources, notes = canvas_lines(canvas), list[Source](), list[str]()
    if canvas.alignment.file:
        table = named_table(canvas, canvas.alignment.file, "alignment", "file")
        found = table_lines(
            table, [s.id for s in canvas.segments], [n.id for n in canvas.needs], lines
        )
        lines, sources, notes = [*lines, *found.lines], [found.source], found.notes
    if not lines:
        raise DataError(f"{canvas.place('alignment') or 'The canvas'}: there is no rating.", _RATE)
    needs = _needs(canvas, canvas.alignment, lines)
    if not {line.item for line in lines} & {need.id for need in needs}:
        raise DataError(
            f"{canvas.place('alignment', 'items') or 'The canvas'}: no need that is listed here "
            "has a rating.",
            "List needs that were rated, or leave 'items' out to take all that were.",
        )
    left_out = len({line.item for line in lines} - {need.id for need in needs})
    if left_out:
        items = "1 need that is" if left_out == 1 else f"{left_out} needs that are"
        notes.append(f"Ratings of {items} not listed in alignment.items were left out.")
    return _Gathered(
        lines,
        [RatedSegment(id=s.id, name=s.name, buti=s.buti, power=s.power) for s in canvas.segments],
        [_item(need, canvas.alignment.strategies) for need in needs],
        canvas.alignment.thresholds,
        canvas.title,
        sources,
        notes,
    )


def _check_thresholds(canvas: Canvas, given: Thresholds) -> None:
    """Refuse ends of classes that are the wrong way round."""
    for low, high in (("sufficient", "strong"), ("medium", "high")):
        lower, upper = getattr(given, low), getattr(given, high)
        if lower > upper:
            where = canvas.place("alignment", "thresholds", low) or "alignment.thresholds"
            raise DocumentError(
                f"{where}: {low!r} is {lower:g}, above {high!r}, which is {upper:g}.",
                f"Expected it to be at most {upper:g}, or {high!r} to be more.",
            )


def _needs(canvas: Canvas, alignment: Alignment, lines: Sequence[Line]) -> list[Need]:
    by_id = {need.id: need for need in canvas.needs}
    if alignment.items:
        return [by_id[one] for one in dict.fromkeys(alignment.items)]
    rated = {line.item for line in lines}
    return [need for need in canvas.needs if need.id in rated]


def _item(need: Need, strategies: Sequence[Strategy]) -> RatedItem:
    own = [s for s in strategies if s.item == need.id and s.status != "dropped"]
    return RatedItem(
        id=need.id,
        statement=need.statement,
        kind=need.kind,
        importance=None if need.importance is None else need.importance / TOP,
        strategies=[s.id for s in own],
        answered=any(s.action.strip() for s in own),
    )


def write_strategies(canvas: AnyCanvas, result: AlignmentResult) -> WrittenStrategies:
    r"""Give every misalignment of medium or high severity a strategy to fill in.

    Parameters
    ----------
    canvas
        A canvas, or the path of one; nothing is written into its file.
    result
        What :func:`align` found in it.

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
    >>> canvas = parse_canvas('''
    ... forwhom: 1
    ... kind: canvas
    ... segments: [{id: buyer, name: Buyer}, {id: user, name: User}]
    ... needs: [{id: low-price, statement: Pay little}]
    ... alignment:
    ...   ratings:
    ...     - {rater: ada, segment: buyer, item: low-price, value: 5}
    ...     - {rater: ada, segment: user, item: low-price, value: -4}
    ... ''')
    >>> done = write_strategies(canvas, align(canvas, replicates=200))
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
    strategies = before.alignment.strategies if before.alignment is not None else []
    has = {strategy.item for strategy in strategies if strategy.status != "dropped"}
    taken = {item.id for item in ids_of(before)}
    edits, added = edits_of(before), list[str]()
    for item in result.pressing:
        if item.item in has:
            continue
        name = _free(f"align-{item.item}", taken)
        taken.add(name)
        added.append(name)
        new = {"id": name, "item": item.item, "block": "", "action": "", "owner": "", "due": None}
        edits.append(("alignment", "strategies"), new | {"status": "open"})
    return WrittenStrategies(edited(before, edits)[1], added)


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted[:_LONGEST], 2
    while name in taken:
        end = f"-{number}"
        name, number = wanted[: _LONGEST - len(end)] + end, number + 1
    return name
