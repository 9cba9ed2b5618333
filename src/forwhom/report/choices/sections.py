from collections.abc import Iterator

from forwhom.documents.canvas.keynames import POSITIONING
from forwhom.documents.results import (
    Choices,
    CriticalWeight,
    Curves,
    Fits,
    Frequency,
    JobMaps,
    JudgedSegment,
    NeedRanking,
    Opportunities,
    PositioningPart,
    Priorities,
    RankedNeed,
    SegmentCurves,
    SegmentFit,
    Separation,
)
from forwhom.documents.results.priorities import Axis
from forwhom.languages.catalog import later, tr, tr_in, whole
from forwhom.report.choices.curves import curve_chart
from forwhom.report.choices.fit import fit_drawing
from forwhom.report.choices.jobmaps import job_map_sections
from forwhom.report.choices.opportunities import opportunity_plot
from forwhom.report.choices.priorities import STATUS, priorities_chart, priorities_points
from forwhom.report.choices.separation import separation_sections
from forwhom.report.choices.terms import (
    HEADLINES,
    SOURCES,
    STRENGTHS,
    respondents,
    scored,
    standing,
)
from forwhom.report.needkinds import KINDS
from forwhom.report.outline import Line, Outline, Section, Table, Theirs, around
from forwhom.wording import (
    beside,
    clean,
    joined,
    lowered,
    opened,
    percent,
    percent_between,
    score,
    score_between,
)

_NUMBERS = later("All numbers as a table")
_COMPUTED = later("How it was computed")
_AXES: dict[Axis, str] = {"attractiveness": later("Attractiveness"), "ability": later("Ability")}
_FIRST_ON: dict[Axis, str] = {
    "attractiveness": later("First on attractiveness alone"),
    "ability": later("First on ability alone"),
}


def outline_of(found: Choices) -> Outline:
    """Return what a result says."""
    match found:
        case Opportunities():
            sections = [*_rankings(found), _opportunities_computed(found)]
        case Fits():
            sections = [*(_fit(fit, i) for i, fit in enumerate(found.fits, 1)), *_unmatched(found)]
        case Curves():
            sections = [_curves(one, i) for i, one in enumerate(found.segments, 1)]
        case Priorities():
            sections = list(_priorities(found))
        case JobMaps():
            sections = list(job_map_sections(found))
        case Separation():
            sections = list(separation_sections(found))
    return Outline(
        title=clean(found.title),
        headline=tr(HEADLINES[found.kind]),
        language=found.language,
        sections=tuple(sections),
        notes=() if isinstance(found, Curves) else tuple(found.notes),
        foot=tr(
            "Made by forwhom. This page holds no respondent’s answer and loads nothing from "
            "elsewhere."
        ),
    )


def _rankings(found: Opportunities) -> Iterator[Section]:
    for index, ranking in enumerate([found.everybody, *found.segments], 1):
        everybody = ranking.segment is None
        yield Section(
            name=ranking.name if everybody else Theirs(ranking.name),
            sentences=tuple(ranking.sentences),
            opens=everybody,
            picture=opportunity_plot(ranking, f"plot-{index}"),
            pictured=tr("Plot of opportunities"),
            table=_needs(ranking),
        )


def _needs(ranking: NeedRanking) -> Table:
    rows = ranking.needs
    return Table.of(
        rows,
        [
            (tr("Need"), lambda row: Theirs(row.statement)),
            (tr("Opportunity"), lambda row: scored(row.opportunity, row.opportunity_interval)),
            (tr("Importance"), lambda row: scored(row.importance, row.importance_interval)),
            (tr("Satisfaction"), lambda row: scored(row.satisfaction, row.satisfaction_interval)),
            (tr("First"), lambda row: percent(row.first)),
            (tr("In the first three"), lambda row: percent(row.top_three)),
            (tr("Numbers from"), _source),
        ],
        label=tr("Needs by opportunity"),
        folded=tr(_NUMBERS),
        caption=tr(
            "Opportunity is importance plus what is missing in satisfaction, 0 to 20. In brackets: "
            "95% intervals over respondents."
        ),
        words=(tr("Numbers from"),),
        ranks=tuple(_rank(row.rank) for row in rows),
        briefly=tuple(_need_briefly(row) for row in rows),
    )


def _rank(rank: int | None) -> str:
    return "–" if rank is None else str(rank)


def _source(row: RankedNeed) -> Line:
    if row.numbers_from == "respondents":
        return respondents(row.n)
    source = tr(SOURCES[row.numbers_from])
    named = row.rated_by and row.numbers_from != "withheld"
    return (f"{source}: ", Theirs(row.rated_by)) if named else source


def _need_briefly(row: RankedNeed) -> str:
    facts = [] if row.opportunity is None else [scored(row.opportunity, row.opportunity_interval)]
    return f"{row.statement}: {joined([*facts, standing(row)])}"


def _opportunities_computed(found: Opportunities) -> Section:
    drawn = tr("There are no answers of respondents, so nothing says how sure these numbers are.")
    if found.draws:
        drawn = tr(
            "Numbers of respondents are means of those who gave both numbers. Intervals come from "
            "{draws} bootstrap samples of respondents (expanded percentiles, seed {seed}); “first” "
            "is the share of these samples in which a need has the largest opportunity, among the "
            "needs with respondents. Numbers of fewer than {least} respondents are withheld.",
            draws=whole(found.draws),
            seed=found.seed,
            least=found.threshold,
        )
    formula = tr(
        "Opportunity = importance + max(importance − satisfaction, 0), both from 0 to 10. What "
        "matters and is not met stands high; what is met better than it matters gets only its "
        "importance."
    )
    return Section(name=tr(_COMPUTED), paragraphs=(formula, drawn))


def _fit(fit: SegmentFit, index: int) -> Section:
    proposition, segment = Theirs(fit.proposition_name), Theirs(fit.segment_name)
    offers = {offer.id: offer.text for offer in fit.offers}
    table = Table.of(
        fit.needs,
        [
            (tr("Need"), lambda need: Theirs(need.statement)),
            (tr("Kind"), lambda need: tr(KINDS[need.kind])),
            (tr("Importance"), lambda need: score(need.importance)),
            (tr_in("of numbers", "From"), lambda need: tr(SOURCES[need.importance_from])),
            (tr("Answered"), lambda need: tr(STRENGTHS[need.strength])),
            (tr("By"), lambda need: Theirs(beside(offers.get(one, one) for one in need.by))),
            (tr("How"), lambda need: Theirs(need.how)),
            (
                tr("Evidence"),
                lambda need: tr("cited") if need.backed else tr_in("evidence", "none"),
            ),
        ],
        label=tr("Needs and how they are answered"),
        folded=tr("All needs as a table"),
        words=(
            tr("Kind"),
            tr_in("of numbers", "From"),
            tr("Answered"),
            tr("By"),
            tr("How"),
            tr("Evidence"),
        ),
    )
    return Section(
        name=around(tr("{proposition} for {segment}"), proposition=proposition, segment=segment),
        heading=around(tr("For {segment}"), segment=segment),
        over=proposition,
        sentences=tuple(fit.sentences),
        picture=fit_drawing(fit, f"fit-{index}"),
        pictured=tr("Needs and what answers them"),
        statement=tuple((piece.text, piece.missing) for piece in fit.positioning.pieces),
        gaps=tuple(_gap(gap) for gap in fit.positioning.gaps),
        table=table if fit.needs else None,
    )


def _gap(gap: PositioningPart) -> Line:
    part = tr(POSITIONING[gap.part])
    if not gap.could_be:
        return tr("Missing: {part}.", part=part)
    known: list[str] = []
    for one in gap.could_be[:8]:
        known += [beside(("", "")), Theirs(one)] if known else [Theirs(one)]
    said = tr("Missing: {part}. The canvas has, to choose from: {choices}.")
    return around(said, part=part, choices=tuple(known))


def _unmatched(found: Fits) -> Iterator[Section]:
    said: list[Line] = [
        around(tr("Nothing is offered to {segment}."), segment=Theirs(one.name))
        for one in found.without_proposition
    ]
    said += [
        around(tr("{proposition} is for no segment."), proposition=Theirs(one.name))
        for one in found.without_segment
    ]
    if not found.fits:
        said.insert(0, tr("No proposition of this canvas is for one of its segments."))
    yield from (Section(sentences=(sentence,), opens=True) for sentence in said)


def _curves(found: SegmentCurves, index: int) -> Section:
    segment = Theirs(found.segment_name)
    return Section(
        name=segment,
        heading=around(tr("For {segment}"), segment=segment),
        sentences=tuple(found.sentences),
        notes=tuple(found.notes),
        picture=curve_chart(found, f"curves-{index}"),
        pictured=tr("Value curves"),
        table=Table(
            label=tr("Scores by criterion"),
            folded=tr("All scores as a table"),
            caption=tr("0 is bad, 10 is excellent."),
            headings=(tr("Criterion"), *(Theirs(curve.name) for curve in found.curves)),
            rows=tuple(
                (Theirs(criterion), *(score(curve.scores[row]) for curve in found.curves))
                for row, criterion in enumerate(found.criteria)
            ),
        ),
    )


def _priorities(found: Priorities) -> Iterator[Section]:
    yield Section(sentences=tuple(found.sentences), opens=True)
    yield Section(
        heading=tr("Attractive, and within our ability"),
        picture=priorities_chart(found, "priorities"),
        pictured=tr("Attractiveness and ability of the segments"),
        chart=priorities_points(found),
        table=_segments(found),
    )
    yield Section(name=tr("What was decided"), table=_decided(found))
    yield Section(
        name=tr("Whose weights"),
        paragraphs=(
            tr(
                "Weights of each axis add up to 100%. “Changes at” is the weight at which another "
                "segment would win, all other weights keeping their proportions."
            ),
        ),
        table=_weights(found),
    )
    names = {segment.segment: Theirs(segment.name) for segment in found.segments}
    criteria = {criterion.id: Theirs(criterion.name) for criterion in found.criteria}
    if found.agreement and found.agreement.differ_most:
        yield Section(
            name=tr("Where judges differ"),
            items=tuple(
                around(
                    tr("{segment}, {criterion}: from {low} to {high}."),
                    segment=names[one.segment],
                    criterion=criteria[one.criterion],
                    low=score(one.low),
                    high=score(one.high),
                )
                for one in found.agreement.differ_most
            ),
        )
    yield _priorities_computed(found)


def _priorities_computed(found: Priorities) -> Section:
    return Section(
        name=tr(_COMPUTED),
        paragraphs=(
            tr(
                "A segment’s score on an axis is the weighted mean of its scores; both axes count "
                "the same. Random weights are drawn so that every set of weights is as likely as "
                "every other (Dirichlet, all ones, for the criteria of each axis), with any "
                "balance of the two axes. Weights near the judges’ are random mixtures of the "
                "judges’ own weights, moved a quarter of the way towards random ones. Each judge’s "
                "scores are used in every draw. {draws} draws, seed {seed}.",
                draws=whole(found.draws),
                seed=found.seed,
            ),
        ),
    )


def _segments(found: Priorities) -> Table:
    axes = found.axes if len(found.axes) > 1 else []
    near = any(segment.near_judges is not None for segment in found.segments)
    often = (tr("First two"), tr("Expected rank"))
    close = (tr("First, near the judges’"), *often) if near else ()
    return Table(
        label=tr("Segments by rank"),
        folded=tr(_NUMBERS),
        caption=tr(
            "Scores from 0 to 10, with the mean weights and mean scores of the judges. Shares of "
            "{draws} draws of weights.",
            draws=whole(found.draws),
        ),
        headings=(
            tr("Segment"), tr("Together"), *(tr(_AXES[axis]) for axis in found.axes),
            tr("First, random weights"), *often, *close, *(tr(_FIRST_ON[axis]) for axis in axes),
        ),
        rows=tuple(
            (
                Theirs(one.name), score(one.combined),
                *(score(getattr(one, axis)) for axis in found.axes),
                *_frequencies(one.any_weights), *_frequencies(one.near_judges),
                *(_frequencies(one.by_axis[axis])[0] for axis in axes),
            )
            for one in found.segments
        ),
        ranks=tuple(_rank(one.rank) for one in found.segments),
        numbers=tuple(one.number for one in found.segments),
        briefly=tuple(_segment_briefly(one) for one in found.segments),
    )  # fmt: skip


def _decided(found: Priorities) -> Table:
    return Table.of(
        found.segments,
        [
            (tr("Segment"), lambda one: Theirs(one.name)),
            (tr("Decision"), lambda one: opened(tr(STATUS[one.status]))),
            (tr("Why"), lambda one: Theirs(one.reason) if one.reason else "–"),
            (tr("Evidence"), lambda one: Theirs(" ".join(one.evidence)) if one.evidence else "–"),
        ],
        label=tr("What was decided"),
        words=(tr("Decision"), tr("Why"), tr("Evidence")),
        numbers=tuple(one.number for one in found.segments),
    )


def _frequencies(found: Frequency | None) -> tuple[str, ...]:
    if found is None:
        return ()
    return (
        percent_between(found.first_low, found.first_high),
        percent_between(found.top_two_low, found.top_two_high),
        score_between(found.rank_low, found.rank_high),
    )


def _segment_briefly(segment: JudgedSegment) -> str:
    facts = [] if segment.combined is None else [score(segment.combined)]
    for frequency, said in (
        (segment.any_weights, later("first in {share} of random weights")),
        (segment.near_judges, later("first in {share} of weights near the judges’")),
    ):
        if frequency is not None:
            facts.append(tr(said, share=_frequencies(frequency)[0]))
    return tr(
        "{name} (segment {number}): {facts}",
        name=segment.name,
        number=segment.number,
        facts=joined(facts),
    )


def _weights(found: Priorities) -> Table:
    names = {segment.segment: Theirs(segment.name) for segment in found.segments}
    turns = {one.criterion: one for one in found.critical}
    judges = [judge for judge in found.judges if judge.weights]

    def turn(one: CriticalWeight | None) -> tuple[Line, Line]:
        if one is None:
            return tr("never"), ""
        at = tr("never") if one.needed is None else percent(one.needed)
        return at, names[one.winner] if one.winner else ""

    rows: list[tuple[Line, ...]] = [
        (
            Theirs(criterion.name),
            lowered(tr(_AXES[criterion.axis])),
            *(percent(judge.weights.get(criterion.id)) for judge in judges),
            percent(criterion.weight),
            *turn(turns.get(criterion.id)),
        )
        for criterion in found.criteria
    ]
    if "balance" in turns:
        empty = [""] * len(judges)
        balance = turn(turns["balance"])
        both = tr("Attractiveness against ability"), tr("both")
        rows.append((*both, *empty, percent(0.5), *balance))
    return Table(
        label=tr("Weights of the judges"),
        headings=(
            tr("Criterion"), tr("Axis"), *(Theirs(judge.judge) for judge in judges), tr("Mean"),
            tr("Changes at"), tr("Then first"),
        ),
        words=(tr("Axis"), tr("Then first")),
        rows=tuple(rows),
    )  # fmt: skip
