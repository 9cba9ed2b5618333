"""What the decision matrix says, in sentences."""

from collections.abc import Sequence

import numpy as np

from forwhom.choices.ballots import Ballots
from forwhom.documents.canvas import Canvas
from forwhom.documents.results import Frequency, JudgedSegment, Priorities
from forwhom.wording import count, decimal, listed, percent, percent_between, quoted, score

#: From this share of draws on, the choice hardly depends on the weights; from the second, mostly.
_HARDLY, _MOSTLY = 0.9, 0.65


def said_of(found: Priorities) -> list[str]:
    """Return what the priorities say: who leads, how robustly, what would change it."""
    ranked = [segment for segment in found.segments if segment.rank is not None]
    if not ranked:
        return ["Every segment lacks a score, so none can be ranked."]
    leaders = [segment for segment in ranked if segment.rank == 1]
    said = [_leaders(leaders), _robustness(found, leaders)]
    if found.judges:
        said.append(_by_judges(found))
    said.append(_turning(found, leaders))
    agreement = _agreement(found)
    return [sentence for sentence in (*said, agreement) if sentence]


def _leaders(leaders: Sequence[JudgedSegment]) -> str:
    first = leaders[0]
    total = score(first.combined)
    if len(leaders) > 1:
        return f"{listed([quoted(s.name) for s in leaders])} tie for the first place, with {total}."
    axes = [
        f"{axis} {score(value)}"
        for axis, value in (("attractiveness", first.attractiveness), ("ability", first.ability))
        if value is not None
    ]
    return f"{quoted(first.name)} ranks first, with {total} of 10 ({listed(axes)})."


def _robustness(found: Priorities, leaders: Sequence[JudgedSegment]) -> str:
    if len(leaders) > 1:
        parts = [f"{quoted(s.name)} in {_share(s.any_weights)} of draws" for s in leaders]
        return f"With weights drawn at random, first is {listed(parts)}."
    leader = leaders[0]
    near = leader.near_judges
    close = f", and first in {_share(near)} of draws near the judges’ weights" if near else ""
    share = _share(leader.any_weights)
    return f"With weights drawn at random it is first in {share} of draws{close}. " + _verdict(
        found, leader
    )


def _share(frequency: Frequency) -> str:
    return percent_between(frequency.first_low, frequency.first_high)


def _verdict(found: Priorities, leader: JudgedSegment) -> str:
    least = leader.any_weights.first_low
    if least >= _HARDLY:
        return "The choice hardly depends on anybody’s weights."
    near = leader.near_judges
    if near is not None and near.first_low >= _HARDLY:
        return "The choice holds near these judges’ weights; people who weigh otherwise may differ."
    if least >= _MOSTLY:
        return "The choice holds for most weights, not for all."
    rivals = [s for s in found.segments if s.segment != leader.segment]
    rival = max(rivals, key=lambda s: (s.any_weights.first_high, s.segment))
    return (
        f"The choice depends on whose weights count: {quoted(rival.name)} is first in "
        f"{_share(rival.any_weights)} of random draws."
    )


def _by_judges(found: Priorities) -> str:
    names = {segment.segment: quoted(segment.name) for segment in found.segments}
    decided = [judge for judge in found.judges if judge.first]
    if not decided:
        return ""
    votes: dict[str, int] = {}
    for judge in decided:
        for segment in judge.first:
            votes[segment] = votes.get(segment, 0) + 1
    order = sorted(votes, key=lambda s: (-votes[s], s))
    if len(decided) == 1:
        return f"By the only judge with weights, {listed([names[s] for s in order])} is first."
    if len(order) == 1:
        return f"All {len(decided)} judges put {names[order[0]]} first."
    parts = [f"{names[s]} by {votes[s]}" for s in order]
    return f"Of {len(decided)} judges, first is {listed(parts)}."


def _turning(found: Priorities, leaders: Sequence[JudgedSegment]) -> str:
    if len(leaders) > 1 or not found.critical:
        return ""
    smallest = found.critical[0]
    if smallest.needed is None:
        return "Changing the weight of one criterion alone never changes the winner."
    names = {segment.segment: quoted(segment.name) for segment in found.segments}
    axis = {criterion.id: criterion.axis for criterion in found.criteria}
    if smallest.criterion == "balance":
        what = "attractiveness counts"
        whole = "both axes together"
    else:
        what = f"{quoted(smallest.name)} weighs"
        whole = axis[smallest.criterion]
    more = "more" if smallest.needed > smallest.weight else "less"
    return (
        f"The smallest change of one weight that changes the winner: when {what} {more} than "
        f"{percent(smallest.needed)} of {whole} instead of {percent(smallest.weight)}, "
        f"{names[smallest.winner]} leads."
    )


def _agreement(found: Priorities) -> str:
    agreement = found.agreement
    if agreement is None:
        return ""
    parts = []
    if agreement.alpha is not None:
        parts.append(f"Krippendorff’s alpha of their scores is {decimal(agreement.alpha)}")
    if agreement.concordance is not None:
        parts.append(f"Kendall’s W of their rankings is {decimal(agreement.concordance)}")
    if not parts:
        return ""
    return f"How far the judges agree (1 is fully): {listed(parts)}."


def notes_on(canvas: Canvas, ballots: Ballots, found: Priorities) -> list[str]:
    """Return what weakens the priorities: one person's weights, missing scores, contradictions."""
    return [
        *_about_weights(ballots),
        *_about_scores(canvas, ballots, found),
        *_about_status(found),
    ]


def _about_weights(ballots: Ballots) -> list[str]:
    notes = []
    weighed = [
        judge
        for index, judge in enumerate(ballots.judges)
        if not any(np.isnan(rows[index]).any() for rows in ballots.weights.values())
    ]
    if not weighed:
        notes.append("Nobody gave weights on every axis; in the ranking criteria count the same.")
    elif len(weighed) == 1:
        notes.append(f"These are the weights of one person, {weighed[0].id}; ask more people.")
    names = {criterion.id: criterion.name for criterion in ballots.criteria}
    for judge in ballots.judges:
        left = [quoted(names[c]) for c in sorted(names) if judge.weights and c not in judge.weights]
        if left:
            notes.append(f"{judge.id} gives no weight to {listed(left)}; that counts as 0.")
    if len(ballots.weights) == 1:
        axis, other = next(iter(ballots.weights)), {"attractiveness": "ability"}
        missing = other.get(axis, "attractiveness")
        notes.append(f"No criterion is about {missing}, so only {axis} is judged.")
    return notes


def _about_scores(canvas: Canvas, ballots: Ballots, found: Priorities) -> list[str]:
    notes = []
    names = {criterion.id: criterion.name for criterion in ballots.criteria}
    gaps = [
        f"{quoted(segment.name)} on {quoted(names[criterion])}"
        for segment in found.segments
        for criterion in segment.missing
    ]
    partly = any(bool(np.isnan(scores).any()) for scores in ballots.scores) and not gaps
    if gaps:
        notes.append(
            f"Nobody scored {listed(gaps)}. Such a score can be anything from 0 to 10, so shares "
            "are ranges, and a segment without all scores has no rank."
        )
    elif partly:
        notes.append(
            "Some judges left out scores that others gave. In their view such a score can be "
            "anything from 0 to 10, so shares are ranges."
        )
    if len(ballots.judges) > 1 and not ballots.own_scores:
        notes.append(
            "All judges share the same scores, so nobody knows whether they would score alike."
        )
    if found.agreement is not None and ballots.own_scores and canvas.decision is not None:
        own = sum(len(row) for j in ballots.judges for row in j.scores.values())
        if canvas.decision.scores:
            notes.append(
                f"Judges gave {count(own, 'score')} of their own; for the rest they count as "
                "agreeing with the shared ones."
            )
    judged = {segment.segment for segment in found.segments}
    left = [
        quoted(s.name)
        for s in canvas.segments
        if s.id not in judged and s.status in ("candidate", "serve")
    ]
    if left:
        notes.append(f"Not judged at all: {listed(left)}.")
    return notes


def _about_status(found: Priorities) -> list[str]:
    """Say where what the team decided and what the matrix says differ."""
    ranked = [segment for segment in found.segments if segment.rank is not None]
    served = [segment for segment in ranked if segment.status == "serve"]
    passed = [segment for segment in ranked if segment.status in ("ignore", "not-a-customer")]
    notes = []
    for segment in served:
        above = [o for o in passed if (o.rank or 0) < (segment.rank or 0)]
        if above:
            others = listed([quoted(other.name) for other in above])
            notes.append(
                f"{quoted(segment.name)} is to be served, but {others}, decided against, "
                f"{'rank' if len(above) > 1 else 'ranks'} above it."
            )
        near = segment.near_judges or segment.any_weights
        if near.top_two_high < 0.05 and (segment.rank or 0) > len(served):
            notes.append(
                f"{quoted(segment.name)} is to be served, but is among the first two in only "
                f"{percent(near.top_two_high)} of draws."
            )
    if served and ranked[0].status == "candidate":
        notes.append(
            f"{quoted(ranked[0].name)} ranks first, and the canvas has not decided about it."
        )
    return notes
