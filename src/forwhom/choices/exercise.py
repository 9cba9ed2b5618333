"""An alignment exercise as it is known before anything is computed: raters, segments, items."""

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike

from forwhom.alignment import Ratings, coded
from forwhom.choices.raters import Line, canvas_lines, table_lines
from forwhom.documents.canvas import Canvas, is_canvas, named_file, read_canvas
from forwhom.documents.canvas.ratings import Alignment, Rating, Strategy, Thresholds
from forwhom.documents.canvas.value import TOP, Need
from forwhom.documents.names import Names
from forwhom.documents.results.alignment import RatedItem, RatedSegment
from forwhom.documents.segmentation import Source
from forwhom.errors import DataError, DocumentError, ForwhomError
from forwhom.languages.catalog import speaking, tr, tr_count
from forwhom.tables import open_table
from forwhom.wording import apart

#: What to do where a canvas has no ratings.
_RATE = "Write ratings under alignment.ratings, or name a table of ratings in alignment.file."


@dataclass(frozen=True)
class Exercise:
    """Who rated what for whom, and what the canvas says about segments and items."""

    lines: list[Line]
    segments: list[RatedSegment]
    items: list[RatedItem]
    thresholds: Thresholds
    title: str
    language: str
    sources: list[Source]
    notes: list[str]

    def coded(self) -> Ratings:
        """Return the ratings as arrays."""
        return coded(
            [line.rater for line in self.lines],
            [line.segment for line in self.lines],
            [line.item for line in self.lines],
            [line.value for line in self.lines],
            direct=[line.direct for line in self.lines],
            round=[line.round for line in self.lines],
            segments=[segment.id for segment in self.segments],
            items=[item.id for item in self.items],
        )


def exercise_of(source: object) -> Exercise:
    """Return the exercise of a canvas, its path or folder, or of a table of ratings alone."""
    if isinstance(source, Canvas):
        return _of_canvas(source)
    if isinstance(source, str | PathLike) and is_canvas(source):
        return _of_canvas(read_canvas(source))
    found = table_lines(open_table(source))
    segments = sorted({line.segment for line in found.lines})
    items = sorted({line.item for line in found.lines})
    return Exercise(
        found.lines,
        [RatedSegment(id=one, name=one) for one in segments],
        [RatedItem(id=one, statement=one) for one in items],
        Thresholds(),
        found.source.name,
        "en",
        [found.source],
        found.notes,
    )


def _of_canvas(canvas: Canvas) -> Exercise:
    if canvas.alignment is None:
        raise DataError(
            f"{canvas.place() or 'The canvas'}: there are no ratings: the canvas has no "
            "'alignment'.",
            _RATE,
        )
    _check_thresholds(canvas, canvas.alignment.thresholds)
    lines, sources, notes = _lines(canvas, canvas.alignment)
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
        with speaking(canvas.language):
            notes.append(
                tr_count(
                    "Ratings of {n} need that is not listed in alignment.items were left out.",
                    "Ratings of {n} needs that are not listed in alignment.items were left out.",
                    left_out,
                )
            )
    return Exercise(
        lines,
        [RatedSegment(id=s.id, name=s.name, buti=s.buti, power=s.power) for s in canvas.segments],
        [_item(need, canvas.alignment.strategies) for need in needs],
        canvas.alignment.thresholds,
        canvas.title,
        canvas.language,
        sources,
        notes,
    )


def ratings_of(canvas: Canvas) -> tuple[list[Rating], list[str]]:
    """Return the ratings of a canvas wherever they stand, and what could not be read of them."""
    alignment = canvas.alignment
    if alignment is None or not alignment.file:
        return ([] if alignment is None else alignment.ratings), []
    try:
        lines, _, _ = _lines(canvas, alignment)
    except ForwhomError as error:
        said = tr(
            "The ratings in {file} could not be read: {problem}",
            file=apart(repr(alignment.file)), problem=apart(error.problem),
        )  # fmt: skip
        return alignment.ratings, [said]
    return [
        Rating(
            rater=line.rater, mode="direct" if line.direct else "proxy", segment=line.segment,
            item=line.item, value=line.value, round=line.round,
        )
        for line in lines
    ], []  # fmt: skip


def _lines(canvas: Canvas, alignment: Alignment) -> tuple[list[Line], list[Source], list[str]]:
    """Return the ratings in a canvas and in the table that it names."""
    lines = canvas_lines(canvas)
    if not alignment.file:
        return lines, [], []
    with named_file(canvas, alignment.file, "alignment", "file") as path:
        table = open_table(path)
    with speaking(canvas.language):
        found = table_lines(
            table,
            Names("segment", "in the canvas", {s.id: s.name for s in canvas.segments}),
            Names("item", "in the canvas", {need.id: need.statement for need in canvas.needs}),
            lines,
            quoting=False,
        )
    return [*lines, *found.lines], [found.source], found.notes


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
