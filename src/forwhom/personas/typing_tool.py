"""The typing tool: the few variables that place a new customer.

A mixture places a customer with whatever is known: the posterior from some of the items alone is
the same model with the others missing. So the tool needs no second model, only a choice of items.
They are chosen one after the other on one half of the customers, and how often they agree with
the placement by all variables is measured on the other half. How often they are right is another
question, since not even all variables tell for sure: that is the mean probability of the segment
where they place a customer, over what is not known of the parameters. What that gains over always
saying the largest segment is told with an interval.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from forwhom.documents.models import MixtureModel
from forwhom.documents.segmentation import Interval, TypingStep, TypingTool
from forwhom.errors import DataError
from forwhom.mixture.replicates import Refits
from forwhom.mixture.scoring import log_densities
from forwhom.mixture.shape import added_up
from forwhom.personas.guessing import Judged, again, interval_of_gain
from forwhom.statistics.membership import Floats, Learned
from forwhom.statistics.sampling import sample_rows
from forwhom.tables.columns import Column

#: More questions than this are no short questionnaire.
MOST = 12
#: Densities are computed of this many customers at most.
_ASKED = 40_000
#: Enough customers to choose and to measure with.
_SIZE = 20_000
#: Accuracy that is good enough, and how near to the best is near enough.
_GOOD, _NEAR = 0.9, 0.02
#: Beyond this, another variable adds nothing.
_PERFECT = 0.995
#: Stands for the log of zero, with which no arithmetic is possible.
_LEAST = -1e9
_TINY = 1e-300
#: Densities (items × customers × classes) held of each half.
_MOST_HELD = 20_000_000


@dataclass(frozen=True)
class _Half:
    """Half of the customers: which, densities (items × m × classes), placement and weights."""

    rows: NDArray[np.intp]
    densities: list[Floats]
    assignment: NDArray[np.intp]
    weights: Floats
    chances: Floats | None  # probability of each segment by all variables (m, K), where known
    parts: NDArray[np.intp] | None  # segment of each class, where segments consist of classes

    def by_segment(self, scores: Floats) -> Floats:
        """Turn log weights of the classes (m, classes) into those of segments (m, K)."""
        if self.parts is None:
            return scores
        top = scores.max(axis=1, keepdims=True)
        return np.asarray(np.log(added_up(np.exp(scores - top), self.parts) + _TINY) + top)

    def placed(self, scores: Floats) -> NDArray[np.intp]:
        """Segment with the highest score."""
        return np.asarray(np.argmax(self.by_segment(scores), axis=1))

    def right(self, placed: NDArray[np.intp]) -> float | None:
        """Share of the weight that is expected in the segment where it is placed."""
        if self.chances is None:
            return None
        own = self.chances[np.arange(len(placed)), placed]
        return round(float(self.weights @ own / self.weights.sum()), 4)

    def accuracy(self, scores: Floats) -> float:
        """Share of the weight that these scores place as all variables do."""
        hit = self.placed(scores) == self.assignment
        return float(self.weights @ hit / self.weights.sum())

    def surprise(self, scores: Floats) -> float:
        """Mean negative log probability of the placement by all variables."""
        scores = self.by_segment(scores)
        top = scores.max(axis=1, keepdims=True)
        logs = scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
        own = np.maximum(logs[np.arange(len(logs)), self.assignment], -50.0)
        return -float(self.weights @ own / self.weights.sum())


@dataclass(frozen=True)
class Sure:
    """What says how sure the gain over guessing is, where segments were learned."""

    learned: Learned
    at: NDArray[np.intp]  # place of each customer of the tool among those that are looked at
    factor: float  # customers of the sample behind each of those
    refits: Refits
    densities: Callable[[], list[Floats]]  # of the customers that were replicated


def typing_tool_of(
    model: MixtureModel,
    columns: Mapping[str, Column],
    responsibilities: Floats,
    weights: Floats | None = None,
    *,
    learned: Learned | None = None,
    refits: Refits | None = None,
    seed: int = 0,
) -> TypingTool | None:
    """Return the typing tool of a mixture; None where there is only one segment.

    ``learned`` is how the segments were learned from these customers, if they were: it says how
    often a placement is right; with ``refits`` to replicates, also how sure that is.
    """
    if responsibilities.shape[1] < 2:
        return None
    known = None if learned is None else learned.averaged(seed)
    asked = np.arange(len(responsibilities)) if learned is None else learned.customers
    held = max(len(model.items) * len(model.weights), 1)
    size = min(_ASKED, 2 * _MOST_HELD // held)
    chosen = sample_rows(responsibilities[asked], size=size, seed=seed)
    rows = asked[chosen]
    chances = responsibilities[rows]
    placed = np.where(chances.max(axis=1) > 0, chances.argmax(axis=1), -1)
    with np.errstate(divide="ignore"):
        log_weights = np.log(np.asarray(model.weights))
    sure = None
    if learned is not None and refits is not None:
        w = np.ones(len(responsibilities)) if weights is None else weights
        factor = float(w.sum() / w[asked].sum())
        replicated = refits.customers
        sure = Sure(
            learned, chosen, factor, refits,
            lambda: [values for _, values in log_densities(model, _rows(columns, replicated))],
        )  # fmt: skip
    return build_typing_tool(
        log_densities(model, _rows(columns, rows)),
        log_weights,
        placed,
        None if weights is None else weights[rows],
        None if known is None else known[chosen],
        parts=None if model.classes is None else model.parts,
        sure=sure,
        seed=seed,
    )


def _rows(columns: Mapping[str, Column], rows: NDArray[np.int64]) -> dict[str, Column]:
    return {name: replace(column, values=column.values[rows]) for name, column in columns.items()}


def build_typing_tool(
    log_densities: Sequence[tuple[Sequence[str], Floats]],
    log_weights: Floats,
    assignment: NDArray[np.integer],
    weights: Floats | None = None,
    chances: Floats | None = None,
    *,
    parts: Sequence[int] | None = None,
    sure: Sure | None = None,
    seed: int = 0,
) -> TypingTool:
    """Choose the few variables that place customers as all variables do.

    ``log_densities`` are, for each item of the model, its variables and the log density of every
    customer's value in each segment, shape (n, K), 0 where missing; ``assignment`` is the segment
    by all variables, 0 to K - 1, or negative for none of them. Where segments consist of classes,
    densities and weights are those of the classes, and ``parts`` says of which segment each is.
    """
    placed = np.asarray(assignment)
    given = np.ones(len(placed)) if weights is None else np.asarray(weights, dtype=np.float64)
    _check_shapes(log_densities, len(log_weights), len(placed))
    usable = np.flatnonzero((placed >= 0) & (given > 0))
    if not len(usable):
        return TypingTool(steps=[], recommended=0, majority=0.0)
    own = None if parts is None else np.array(parts, dtype=np.intp)
    k = len(log_weights) if own is None else int(own.max()) + 1
    chooser, judge = _halves(log_densities, placed, given, chances, usable, own, seed)
    majority = round(_majority(judge, k), 4)
    if k == 1 or not log_densities:
        return TypingTool(steps=[], recommended=0, majority=majority)
    names = [tuple(variables) for variables, _ in log_densities]
    prior = np.asarray(log_weights, dtype=np.float64)
    steps = _choose(names, prior, chooser, judge, majority)
    tool = TypingTool(
        steps=steps,
        recommended=_recommended(steps, majority),
        majority=majority,
        right_by_all=judge.right(judge.assignment),
    )
    return tool.model_copy(update=_gain(tool, names, prior, judge, k, sure)) if steps else tool


def _gain(
    tool: TypingTool, names: Sequence[tuple[str, ...]], prior: Floats, judge: _Half, k: int,
    sure: Sure | None,
) -> dict[str, float | Interval]:  # fmt: skip
    """Return what the questions that are told gain over guessing, and its interval."""
    asked = {step.variable for step in tool.steps[: tool.asked]}
    used = [j for j, of in enumerate(names) if asked.issuperset(of)]

    def placed(half: _Half) -> NDArray[np.intp]:
        start = np.tile(prior, (len(half.weights), 1))
        return half.placed(start + sum(half.densities[j] for j in used))

    known = np.eye(k)[judge.assignment] if judge.chances is None else judge.chances
    judged = Judged(placed(judge), int(np.argmax(judge.weights @ known)), judge.weights)
    value = judged.among(known)
    told: dict[str, float | Interval] = {"gain": round(value, 4)}
    if judge.chances is None:
        return told | {
            "gain_interval": interval_of_gain(value, judged.error_of_rules(judge.assignment, k))
        }
    if sure is None:
        return told
    error = judged.error_of_learned(known, sure.learned, sure.at[judge.rows], sure.factor)
    found = sure.refits
    rows = np.arange(len(found.weights))
    held = [np.maximum(values, _LEAST) for values in sure.densities()]
    everybody = _Half(rows, held, found.found, found.weights, None, judge.parts)
    other = Judged(placed(everybody), judged.largest, found.weights)
    return told | {"gain_interval": interval_of_gain(value, error, again(other, found, k))}


def _check_shapes(log_densities: Sequence[tuple[Sequence[str], Floats]], k: int, n: int) -> None:
    for variables, values in log_densities:
        if values.shape != (n, k):
            raise DataError(
                f"The log densities of {', '.join(variables)} have the shape {values.shape}.",
                f"Expected {(n, k)}: one row per customer, one column per segment.",
            )


def _halves(
    log_densities: Sequence[tuple[Sequence[str], Floats]],
    assignment: NDArray[np.integer],
    weights: Floats,
    chances: Floats | None,
    usable: NDArray[np.intp],
    parts: NDArray[np.intp] | None,
    seed: int,
) -> tuple[_Half, _Half]:
    """Split a sample of the customers in two, whatever the order of the rows."""
    # A random-looking mix of densities tells rows apart without holding all of them twice.
    content = np.zeros(len(usable))
    for i, (_, values) in enumerate(log_densities):
        content += np.sin(i + 1.0) * np.maximum(values[usable, 0], _LEAST)
        content += np.cos(i + 1.0) * np.maximum(values[usable, -1], _LEAST)
    size = min(_SIZE, _MOST_HELD // max(sum(v.shape[1] for _, v in log_densities), 1))
    rows = usable[sample_rows(content, assignment[usable], weights[usable], size=size, seed=seed)]
    halves = (rows, rows) if len(rows) < 2 else (rows[::2], rows[1::2])
    first, second = (
        _Half(
            half,
            [np.maximum(values[half], _LEAST) for _, values in log_densities],
            assignment[half].astype(np.intp),
            weights[half],
            None if chances is None else chances[half],
            parts,
        )
        for half in halves
    )
    return first, second


def _majority(half: _Half, k: int) -> float:
    return float(np.bincount(half.assignment, half.weights, k).max() / half.weights.sum())


def _choose(
    names: list[tuple[str, ...]], log_weights: Floats, chooser: _Half, judge: _Half, start: float
) -> list[TypingStep]:
    left = list(range(len(names)))
    scores = np.tile(log_weights, (len(chooser.assignment), 1))
    judged = np.tile(log_weights, (len(judge.assignment), 1))
    steps: list[TypingStep] = []
    accuracy = start
    right = judge.right(judge.placed(judged))
    while left and len(steps) + min(len(names[j]) for j in left) <= MOST:
        fitting = [j for j in left if len(steps) + len(names[j]) <= MOST]
        best = _best_item(fitting, scores, chooser)
        left.remove(best)
        scores += chooser.densities[best]
        judged += judge.densities[best]
        # A variable that others must join tells nothing until they are there.
        *joined, last = names[best]
        steps += [TypingStep(variable=v, accuracy=round(accuracy, 4), right=right) for v in joined]
        accuracy, right = judge.accuracy(judged), judge.right(judge.placed(judged))
        steps.append(TypingStep(variable=last, accuracy=round(accuracy, 4), right=right))
        if chooser.accuracy(scores) >= _PERFECT:
            break
    return steps


def _best_item(left: list[int], scores: Floats, chooser: _Half) -> int:
    """Return the item that gives the highest accuracy, and of equals the least surprise."""
    accuracies = [round(chooser.accuracy(scores + chooser.densities[j]), 9) for j in left]
    top = max(accuracies)
    equals = [j for j, accuracy in zip(left, accuracies, strict=True) if accuracy == top]
    if len(equals) == 1:
        return equals[0]
    return min(equals, key=lambda j: (chooser.surprise(scores + chooser.densities[j]), j))


def _recommended(steps: list[TypingStep], majority: float) -> int:
    """Return the fewest steps that are good enough, or nearly as good as the best."""
    plateau = max([majority, *(step.accuracy for step in steps)])
    enough = min(_GOOD, plateau - _NEAR)
    accuracies = [majority, *(step.accuracy for step in steps)]
    return next(i for i, accuracy in enumerate(accuracies) if accuracy >= enough)
