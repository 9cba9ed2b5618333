"""What the decision matrix says, in sentences."""

from collections.abc import Sequence

import numpy as np

from forwhom.choices.ballots import Ballots
from forwhom.documents.canvas import Canvas
from forwhom.documents.results import Frequency, JudgedSegment, Priorities
from forwhom.documents.results.priorities import Axis
from forwhom.languages.catalog import later, tr, tr_count, whole
from forwhom.wording import decimal, listed, percent, percent_between, quoted, score

#: From this share of draws on, the choice hardly depends on the weights; from the second, mostly.
_HARDLY, _MOSTLY = 0.9, 0.65
#: The axes, as a sentence and a table name them.
AXES: dict[Axis, str] = {"attractiveness": later("attractiveness"), "ability": later("ability")}
#: What would change the winner: more of a weight (True), or less.
_BALANCE = {
    True: later(
        "The smallest change of one weight that changes the winner: when attractiveness counts "
        "more than {limit} of both axes together instead of {now}, {winner} leads."
    ),
    False: later(
        "The smallest change of one weight that changes the winner: when attractiveness counts "
        "less than {limit} of both axes together instead of {now}, {winner} leads."
    ),
}
_WEIGHT = {
    True: later(
        "The smallest change of one weight that changes the winner: when {criterion} weighs more "
        "than {limit} of {axis} instead of {now}, {winner} leads."
    ),
    False: later(
        "The smallest change of one weight that changes the winner: when {criterion} weighs less "
        "than {limit} of {axis} instead of {now}, {winner} leads."
    ),
}
#: What is said where criteria are about one axis only.
_ONE_AXIS = {
    "attractiveness": later("No criterion is about ability, so only attractiveness is judged."),
    "ability": later("No criterion is about attractiveness, so only ability is judged."),
}


def said_of(found: Priorities) -> list[str]:
    """Return what the priorities say: who leads, how robustly, what would change it."""
    ranked = [segment for segment in found.segments if segment.rank is not None]
    if not ranked:
        return [tr("Every segment lacks a score, so none can be ranked.")]
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
        names = listed([quoted(s.name) for s in leaders])
        return tr("{names} tie for the first place, with {total}.", names=names, total=total)
    axes = [
        tr(said, value=score(value))
        for said, value in (
            (later("attractiveness {value}"), first.attractiveness),
            (later("ability {value}"), first.ability),
        )
        if value is not None
    ]
    return tr(
        "{name} ranks first, with {total} of 10 ({axes}).",
        name=quoted(first.name),
        total=total,
        axes=listed(axes),
    )


def _robustness(found: Priorities, leaders: Sequence[JudgedSegment]) -> str:
    if len(leaders) > 1:
        parts = [
            tr("{name} in {share} of draws", name=quoted(s.name), share=_share(s.any_weights))
            for s in leaders
        ]
        return tr("With weights drawn at random, first is {segments}.", segments=listed(parts))
    leader = leaders[0]
    share, near = _share(leader.any_weights), leader.near_judges
    if near is None:
        said = tr("With weights drawn at random it is first in {share} of draws.", share=share)
    else:
        said = tr(
            "With weights drawn at random it is first in {share} of draws, and first in {near} of "
            "draws near the judges’ weights.",
            share=share,
            near=_share(near),
        )
    return f"{said} {_verdict(found, leader)}"


def _share(frequency: Frequency) -> str:
    return percent_between(frequency.first_low, frequency.first_high)


def _verdict(found: Priorities, leader: JudgedSegment) -> str:
    least = leader.any_weights.first_low
    if least >= _HARDLY:
        return tr("The choice hardly depends on anybody’s weights.")
    near = leader.near_judges
    if near is not None and near.first_low >= _HARDLY:
        return tr(
            "The choice holds near these judges’ weights; people who weigh otherwise may differ."
        )
    if least >= _MOSTLY:
        return tr("The choice holds for most weights, not for all.")
    rivals = [s for s in found.segments if s.segment != leader.segment]
    rival = max(rivals, key=lambda s: (s.any_weights.first_high, s.segment))
    return tr(
        "The choice depends on whose weights count: {name} is first in {share} of random draws.",
        name=quoted(rival.name),
        share=_share(rival.any_weights),
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
        first = listed([names[s] for s in order])
        return tr("By the only judge with weights, {names} is first.", names=first)
    n = whole(len(decided))
    if len(order) == 1:
        return tr("All {n} judges put {name} first.", n=n, name=names[order[0]])
    parts = [tr("{name} by {n}", name=names[s], n=whole(votes[s])) for s in order]
    return tr("Of {n} judges, first is {names}.", n=n, names=listed(parts))


def _turning(found: Priorities, leaders: Sequence[JudgedSegment]) -> str:
    if len(leaders) > 1 or not found.critical:
        return ""
    smallest = found.critical[0]
    if smallest.needed is None:
        return tr("Changing the weight of one criterion alone never changes the winner.")
    names = {segment.segment: quoted(segment.name) for segment in found.segments}
    values = {
        "limit": percent(smallest.needed),
        "now": percent(smallest.weight),
        "winner": names[smallest.winner],
    }
    more = smallest.needed > smallest.weight
    if smallest.criterion == "balance":
        return tr(_BALANCE[more], **values)
    axis = {criterion.id: criterion.axis for criterion in found.criteria}
    of = tr(AXES[axis[smallest.criterion]])
    return tr(_WEIGHT[more], criterion=quoted(smallest.name), axis=of, **values)


def _agreement(found: Priorities) -> str:
    agreement = found.agreement
    if agreement is None:
        return ""
    parts = []
    if agreement.alpha is not None:
        alpha = decimal(agreement.alpha)
        parts.append(tr("Krippendorff’s alpha of their scores is {value}", value=alpha))
    if agreement.concordance is not None:
        w = decimal(agreement.concordance)
        parts.append(tr("Kendall’s W of their rankings is {value}", value=w))
    if not parts:
        return ""
    return tr("How far the judges agree (1 is fully): {values}.", values=listed(parts))


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
        notes.append(
            tr("Nobody gave weights on every axis; in the ranking criteria count the same.")
        )
    elif len(weighed) == 1:
        who = weighed[0].id
        notes.append(tr("These are the weights of one person, {who}; ask more people.", who=who))
    names = {criterion.id: criterion.name for criterion in ballots.criteria}
    for judge in ballots.judges:
        left = [quoted(names[c]) for c in sorted(names) if judge.weights and c not in judge.weights]
        if left:
            notes.append(
                tr(
                    "{judge} gives no weight to {criteria}; that counts as 0.",
                    judge=judge.id,
                    criteria=listed(left),
                )
            )
    if len(ballots.weights) == 1:
        notes.append(tr(_ONE_AXIS[next(iter(ballots.weights))]))
    return notes


def _about_scores(canvas: Canvas, ballots: Ballots, found: Priorities) -> list[str]:
    notes = []
    names = {criterion.id: criterion.name for criterion in ballots.criteria}
    gaps = [
        tr(
            "{name} on {criterion}",
            name=quoted(segment.name),
            criterion=quoted(names[criterion]),
        )
        for segment in found.segments
        for criterion in segment.missing
    ]
    if gaps:
        notes.append(
            tr(
                "Nobody scored {gaps}. Such a score can be anything from 0 to 10, so shares are "
                "ranges, and a segment without all scores has no rank.",
                gaps=listed(gaps),
            )
        )
    elif any(np.isnan(scores).any() for scores in ballots.scores):
        notes.append(
            tr(
                "Some judges left out scores that others gave. In their view such a score can be "
                "anything from 0 to 10, so shares are ranges."
            )
        )
    return [*notes, *_about_own_scores(canvas, ballots, found), *_not_judged(canvas, found)]


def _about_own_scores(canvas: Canvas, ballots: Ballots, found: Priorities) -> list[str]:
    notes = []
    if len(ballots.judges) > 1 and not ballots.own_scores:
        notes.append(
            tr("All judges share the same scores, so nobody knows whether they would score alike.")
        )
    if found.agreement is not None and ballots.own_scores and canvas.decision is not None:
        own = sum(len(row) for j in ballots.judges for row in j.scores.values())
        if canvas.decision.scores:
            notes.append(
                tr_count(
                    "Judges gave {n} score of their own; for the rest they count as agreeing with "
                    "the shared ones.",
                    "Judges gave {n} scores of their own; for the rest they count as agreeing with "
                    "the shared ones.",
                    own,
                )
            )
    return notes


def _not_judged(canvas: Canvas, found: Priorities) -> list[str]:
    judged = {segment.segment for segment in found.segments}
    left = [
        quoted(s.name)
        for s in canvas.segments
        if s.id not in judged and s.status in ("candidate", "serve")
    ]
    return [tr("Not judged at all: {names}.", names=listed(left))] if left else []


def _about_status(found: Priorities) -> list[str]:
    """Say where what the team decided and what the matrix says differ."""
    ranked = [segment for segment in found.segments if segment.rank is not None]
    served = [segment for segment in ranked if segment.status == "serve"]
    passed = [segment for segment in ranked if segment.status in ("ignore", "not-a-customer")]
    notes = []
    for segment in served:
        above = [o for o in passed if (o.rank or 0) < (segment.rank or 0)]
        if above:
            notes.append(
                tr_count(
                    "{name} is to be served, but {others}, decided against, ranks above it.",
                    "{name} is to be served, but {others}, decided against, rank above it.",
                    len(above),
                    name=quoted(segment.name),
                    others=listed([quoted(other.name) for other in above]),
                )
            )
        near = segment.near_judges or segment.any_weights
        if near.top_two_high < 0.05 and (segment.rank or 0) > len(served):
            notes.append(
                tr(
                    "{name} is to be served, but is among the first two in only {share} of draws.",
                    name=quoted(segment.name),
                    share=percent(near.top_two_high),
                )
            )
    if served and ranked[0].status == "candidate":
        notes.append(
            tr(
                "{name} ranks first, and the canvas has not decided about it.",
                name=quoted(ranked[0].name),
            )
        )
    return notes
