"""Whether a segmentation can be what it says: checked once, when its file is read.

A file may come from elsewhere, be joined from two, or be edited: what no run gives is refused here,
in words, so that nothing which computes or draws has to ask again. Each part has a function that
finds what is wrong with it; a new part is a function and its name in `PARTS`. What the numbers of a
model must be, each model and item says itself (`impossible`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from itertools import chain, pairwise
from typing import Any

from pydantic import BaseModel, ValidationError

from forwhom.documents.mistakes import Mistake
from forwhom.documents.models import KMeansModel, MixtureModel, RFMModel
from forwhom.documents.possibility import LARGEST_VALUE, ROUNDING, is_spread
from forwhom.documents.segmentation import (
    Distinction,
    Interval,
    NumberSummary,
    Segment,
    Segmentation,
    VariableProfile,
)
from forwhom.documents.study import Study
from forwhom.documents.value import Amount
from forwhom.documents.yamlfile import Location

#: Numbers beyond this cannot be computed with.
LARGEST = 1e250
#: Counts beyond this are no whole numbers to a computer.
LARGEST_COUNT = 2**53

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")

_AGAIN = "The file was changed by hand or damaged; write it again with 'forwhom discover'."


def mistakes_in(segmentation: Segmentation) -> list[Mistake]:
    """Find everything that no run gives."""
    # With numbers beyond all numbers, the other parts cannot be looked at.
    found = list(_numbers(segmentation))
    return found or list(chain.from_iterable(part(segmentation) for part in PARTS))


def _numbers(segmentation: Segmentation) -> Iterator[Mistake]:
    data = segmentation.model_dump(exclude={"study": True, "fit": {"seed"}})
    for location, number in _all_numbers(data, ()):
        if isinstance(number, int) and not 0 <= number <= LARGEST_COUNT:
            # A cell of a grid says itself which segments there are.
            if location[:2] != ("model", "cells"):
                yield Mistake(location, "this is no count, of 0 or more.", _AGAIN)
        elif not abs(number) <= LARGEST:
            yield Mistake(location, "this number is too large to be computed with.", _AGAIN)


def _all_numbers(value: Any, location: Location) -> Iterator[tuple[Location, float]]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield location, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _all_numbers(inner, (*location, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _all_numbers(inner, (*location, index))


def _heading(segmentation: Segmentation) -> Iterator[Mistake]:
    try:
        datetime.fromisoformat(segmentation.created)
    except ValueError:
        what = f"{segmentation.created[:40]!r} is no time such as 2026-11-25T18:00:00Z."
        yield Mistake(("created",), what, _AGAIN)
    for index, source in enumerate(segmentation.sources):
        for month in source.months:
            if not _MONTH.fullmatch(month):
                what = f"{month[:40]!r} is no month such as 2026-11."
                yield Mistake(("sources", index, "months"), what, _AGAIN)
    if segmentation.threshold < 1:
        yield Mistake(("threshold",), "a cell has at least one customer.", _AGAIN)


def _variables(segmentation: Segmentation) -> Iterator[Mistake]:
    names = [variable.name for variable in segmentation.variables]
    for index, variable in enumerate(segmentation.variables):
        place = ("variables", index)
        if variable.name in names[:index]:
            yield Mistake((*place, "name"), f"{variable.name!r} is there twice.", _AGAIN)
        if len(set(variable.levels)) < len(variable.levels):
            yield Mistake((*place, "levels"), f"{variable.name!r} has a level twice.", _AGAIN)
        yield from _shares(variable, place, "missing", "unasked")


def _segments(segmentation: Segmentation) -> Iterator[Mistake]:
    k = len(segmentation.segments)
    if [s.id for s in segmentation.segments] != list(range(1, k + 1)) or k == 0:
        yield Mistake(("segments",), "the ids of the segments are not 1, 2, 3, …", _AGAIN)
    for index, segment in enumerate(segmentation.segments):
        place: Location = ("segments", index)
        if not (0 <= segment.n <= segmentation.n and 0 <= segment.share <= 1):
            what = f"segment {segment.id} has {segment.n} members and a share of {segment.share}."
            yield Mistake(place, what, _AGAIN)
        yield from _interval(segment.share_interval, (*place, "share_interval"), share=True)
        yield from _shares(segment.certainty, (*place, "certainty"), "mean_probability", "sure")
        yield from _profile(segment, place)


def _profile(segment: Segment, place: Location) -> Iterator[Mistake]:
    yield from _once((p.variable for p in segment.profile), (*place, "profile"))
    for index, profile in enumerate(segment.profile):
        yield from _variable_profile(profile, (*place, "profile", index))
    for index, distinction in enumerate(segment.distinctions):
        yield from _distinction(distinction, (*place, "distinctions", index))


def _variable_profile(profile: VariableProfile, place: Location) -> Iterator[Mistake]:
    yield from _shares(profile, place, "missing")
    yield from _once((one.level for one in profile.levels), (*place, "levels"))
    for index, level in enumerate(profile.levels):
        yield from _shares(level, (*place, "levels", index), "inside", "sample")
        yield from _interval(level.interval, (*place, "levels", index, "interval"), share=True)
    for key, summary in (("inside", profile.inside), ("sample", profile.sample)):
        if summary is not None:
            yield from _summary(summary, (*place, key))


def _summary(summary: NumberSummary, place: Location) -> Iterator[Mistake]:
    yield from _shares(summary, place, "zeros")
    yield from _interval(summary.mean_interval, (*place, "mean_interval"))
    if not (summary.sd == 0 or is_spread(summary.sd)):
        yield Mistake((*place, "sd"), f"{summary.sd} is no standard deviation.", _AGAIN)
    if abs(summary.mean) > LARGEST_VALUE:
        yield Mistake((*place, "mean"), f"{summary.mean} is no mean of data.", _AGAIN)
    ascending = (summary.q10, summary.q25, summary.median, summary.q75, summary.q90)
    if any(low > high for low, high in pairwise(ascending)):
        yield Mistake(place, "the quantiles do not ascend.", _AGAIN)


def _distinction(distinction: Distinction, place: Location) -> Iterator[Mistake]:
    yield from _interval(distinction.interval, (*place, "interval"))
    if distinction.kind == "h" and abs(distinction.effect) > math.pi + ROUNDING:
        yield Mistake((*place, "effect"), "no two shares differ by so much.", _AGAIN)


def _overlap(segmentation: Segmentation) -> Iterator[Mistake]:
    k, overlap = len(segmentation.segments), segmentation.overlap
    if any(len(row) != k for row in overlap) or len(overlap) != k:
        yield Mistake(("overlap",), f"'overlap' is not {k} × {k}, one for each segment.", _AGAIN)
    elif not all(_is_share(value) for row in overlap for value in row):
        yield Mistake(("overlap",), "'overlap' holds a number that is no probability.", _AGAIN)


def _structure(segmentation: Segmentation) -> Iterator[Mistake]:
    structure = segmentation.structure
    islands = [] if structure is None else structure.islands
    named = [*islands, *(segment.neighbors for segment in segmentation.segments)]
    known = range(1, len(segmentation.segments) + 1)
    if any(number not in known for number in chain.from_iterable(named)):
        yield Mistake(("structure",), "it names a segment that is not there.", _AGAIN)
    yield from _once(map(str, chain.from_iterable(islands)), ("structure", "islands"))
    for key in ("scale", "style"):
        scale = getattr(structure, key, None)
        yield from _shares(scale, ("structure", key), "reliability", "kept")


def _stability(segmentation: Segmentation) -> Iterator[Mistake]:
    stability, k = segmentation.stability, len(segmentation.segments)
    if stability is None:
        return
    if [s.segment for s in stability.segments] != list(range(1, k + 1)):
        yield Mistake(("stability",), "it is not one of these segments.", _AGAIN)
    for index, segment in enumerate(stability.segments):
        place = ("stability", "segments", index)
        yield from _shares(segment, place, "jaccard")
        if segment.found > stability.replicates:
            yield Mistake(place, "it was found more often than it was sought.", _AGAIN)
    yield from _once((str(one.k) for one in stability.numbers), ("stability", "numbers"))
    for index, number in enumerate(stability.numbers):
        if not -1 <= number.low <= number.high <= 1 + ROUNDING:
            what = f"{number.low} to {number.high} is no agreement."
            yield Mistake(("stability", "numbers", index), what, _AGAIN)


def _reference(segmentation: Segmentation) -> Iterator[Mistake]:
    yield from _once((one.variable for one in segmentation.reference), ("reference",))
    for index, one in enumerate(segmentation.reference):
        for key, what in one.impossible(len(segmentation.segments)):
            yield Mistake(("reference", index, key), what, _AGAIN)


def _value(segmentation: Segmentation) -> Iterator[Mistake]:
    value, here = segmentation.value, {s.id for s in segmentation.segments}
    for name in ("segments", "checked") if value is not None else ():
        told = getattr(value, name)
        yield from _once((str(one.segment) for one in told), ("value", name))
        for index, one in enumerate(told):
            place = ("value", name, index)
            if one.segment not in here:
                yield Mistake(place, f"there is no segment {one.segment}.", _AGAIN)
            if name == "segments":
                shares = [
                    k for k in ("alive", "share", "substantial") if getattr(one, k) is not None
                ]
                yield from _shares(one, place, *shares)
            for key, amount in one:
                if isinstance(amount, Amount) and not amount.low <= amount.value <= amount.high:
                    what = f"{amount.low} to {amount.high} is no interval of {amount.value}."
                    yield Mistake((*place, key), what, _AGAIN)


def _refreshed(segmentation: Segmentation) -> Iterator[Mistake]:
    told, k = segmentation.refreshed, len(segmentation.segments)
    if told is None:
        return
    known = range(1, k + 1)
    named = [one.segment for one in told.sizes] + [one.segment for one in told.moves]
    if [one.segment for one in told.sizes] != list(known) or not set(named) <= set(known):
        yield Mistake(("refreshed",), "it is not one of these segments.", _AGAIN)
    for key in ("created", "day"):
        try:
            datetime.fromisoformat(getattr(told, key))
        except ValueError:
            yield Mistake(("refreshed", key), "this is no time such as 2026-11-25.", _AGAIN)
    went = told.transitions
    if went is not None:
        square = [len(row) for row in (*went.table, went.new, went.left)] == [k + 1] * (k + 3)
        if went.segments != [*known, 0] or not square:
            yield Mistake(("refreshed", "transitions"), "it is not of these segments.", _AGAIN)


def _selection(segmentation: Segmentation) -> Iterator[Mistake]:
    yield from _once((str(c.k) for c in segmentation.selection), ("selection",))
    shares = ("classification_error", "smallest_share", "best_start_share", "entropy_r2", "blrt_p")
    for index, candidate in enumerate(segmentation.selection):
        if candidate.k < 1:
            yield Mistake(("selection", index, "k"), "nothing has 0 segments.", _AGAIN)
        yield from _shares(candidate, ("selection", index), *shares)
    yield from _shares(segmentation.fit, ("fit",), "best_start_share")
    sample = segmentation.fit.sample
    if sample is not None and not 0 < sample.customers <= segmentation.n:
        what = f"{sample.customers} customers of {segmentation.n} chose the number of segments."
        yield Mistake(("fit", "sample", "customers"), what, _AGAIN)


def _everybody(segmentation: Segmentation) -> Iterator[Mistake]:
    told = segmentation.fit.everybody
    if told is None:
        return
    if told.customers < segmentation.n:
        what = f"{segmentation.n:,} customers cannot be drawn from {told.customers:,}."
        yield Mistake(("fit", "everybody", "customers"), what, _AGAIN)
    if len(told.segments) != len(segmentation.segments) or sum(told.segments) > told.customers:
        what = f"they are not the sizes of {len(segmentation.segments)} segments."
        yield Mistake(("fit", "everybody", "segments"), what, _AGAIN)


def _typing_tool(segmentation: Segmentation) -> Iterator[Mistake]:
    tool = segmentation.typing_tool
    if tool is None:
        return
    yield from _once((step.variable for step in tool.steps), ("typing_tool", "steps"))
    for index, step in enumerate(tool.steps):
        yield from _shares(step, ("typing_tool", "steps", index), "accuracy", "right")
    yield from _shares(tool, ("typing_tool",), "majority", "right_by_all")
    yield from _interval(tool.gain_interval, ("typing_tool", "gain_interval"))
    if tool.gain is not None and abs(tool.gain) > 1:
        what = f"{tool.gain} is no difference between two shares."
        yield Mistake(("typing_tool", "gain"), what, _AGAIN)
    if tool.recommended > len(tool.steps):
        what = f"{tool.recommended} of {len(tool.steps)} steps are recommended."
        yield Mistake(("typing_tool", "recommended"), what, _AGAIN)


def _evidence(segmentation: Segmentation) -> Iterator[Mistake]:
    yield from _once((one.id for one in segmentation.evidence), ("evidence",))
    for index, one in enumerate(segmentation.evidence):
        yield from _interval(one.interval, ("evidence", index, "interval"))


def _model(segmentation: Segmentation) -> Iterator[Mistake]:
    model = segmentation.model
    if segmentation.fit.method != model.kind:
        what = f"the model is of the kind {model.kind!r}, and 'fit' says {segmentation.fit.method}."
        yield Mistake(("model", "kind"), what, _AGAIN)
    for keys, what in model.impossible(len(segmentation.segments)):
        yield Mistake(("model", *keys), what, _AGAIN)


def _named(segmentation: Segmentation) -> Iterator[Mistake]:
    known = {variable.name for variable in segmentation.variables}
    for name in sorted(_placed_by(segmentation) - known):
        what = f"the model places by {name!r}, which is not among the variables."
        yield Mistake(("model",), what, _AGAIN)
    for place, name in _told_of(segmentation):
        if name not in known:
            yield Mistake(place, f"{name!r} is not among the variables.", _AGAIN)


def _told_of(segmentation: Segmentation) -> Iterator[tuple[Location, str]]:
    for index, segment in enumerate(segmentation.segments):
        for key in ("profile", "distinctions"):
            for at, one in enumerate(getattr(segment, key)):
                yield ("segments", index, key, at, "variable"), one.variable
    for index, pair in enumerate(segmentation.residuals):
        yield ("residuals", index, "first"), pair.first
        yield ("residuals", index, "second"), pair.second
    for index, one in enumerate(segmentation.reference):
        yield ("reference", index, "variable"), one.variable
    tool = segmentation.typing_tool
    for index, step in enumerate(tool.steps if tool is not None else ()):
        yield ("typing_tool", "steps", index, "variable"), step.variable


def _placed_by(segmentation: Segmentation) -> set[str]:
    """The variables of a model; those of rules stand in their conditions."""
    model = segmentation.model
    if isinstance(model, MixtureModel):
        return {name for item in model.items for name in item.names}
    if isinstance(model, KMeansModel):
        return set(model.variables)
    return (
        {model.recency, model.frequency, model.monetary} if isinstance(model, RFMModel) else set()
    )


def _study(segmentation: Segmentation) -> Iterator[Mistake]:
    if segmentation.study:
        try:
            Study.model_validate(segmentation.study)
        except ValidationError:
            yield Mistake(("study",), "the stored study is not a study.", _AGAIN)


def _is_share(value: float | None) -> bool:
    return value is None or -ROUNDING <= value <= 1 + ROUNDING


def _shares(part: BaseModel | None, place: Location, *keys: str) -> Iterator[Mistake]:
    for key in keys if part is not None else ():
        value = getattr(part, key)
        if not _is_share(value):
            yield Mistake((*place, key), f"{value} is no share: it is not within 0 to 1.", _AGAIN)


def _interval(
    interval: Interval | None, place: Location, *, share: bool = False
) -> Iterator[Mistake]:
    if interval is None:
        return
    ends = (interval.low, interval.high)
    if not (ends[0] <= ends[1] and 0 < interval.level < 1) or (
        share and not all(map(_is_share, ends))
    ):
        yield Mistake(place, f"{ends[0]} to {ends[1]} is no interval.", _AGAIN)


def _once(names: Iterable[str], place: Location) -> Iterator[Mistake]:
    found: Collection[str] = list(names)
    if len(set(found)) < len(found):
        yield Mistake(place, "something is there twice.", _AGAIN)


#: What is looked at, each by its own function.
PARTS: tuple[Callable[[Segmentation], Iterator[Mistake]], ...] = (
    _heading,
    _variables,
    _segments,
    _overlap,
    _structure,
    _stability,
    _value,
    _reference,
    _refreshed,
    _selection,
    _everybody,
    _typing_tool,
    _evidence,
    _model,
    _named,
    _study,
)
