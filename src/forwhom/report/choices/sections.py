from collections.abc import Iterator

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
from forwhom.report.choices.curves import curve_chart
from forwhom.report.choices.fit import fit_drawing
from forwhom.report.choices.jobmaps import job_map_sections
from forwhom.report.choices.opportunities import opportunity_plot
from forwhom.report.choices.priorities import priorities_chart
from forwhom.report.choices.separation import separation_sections
from forwhom.report.choices.terms import HEADLINES, SOURCES, STRENGTHS, scored, standing
from forwhom.report.outline import Line, Outline, Section, Table, Theirs
from forwhom.wording import clean, count, percent, percent_between, score, score_between

_NUMBERS = "All numbers as a table"
_COMPUTED = "How it was computed"


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
        headline=HEADLINES[found.kind],
        language=found.language,
        sections=tuple(sections),
        notes=() if isinstance(found, Curves) else tuple(found.notes),
        withheld="respondent’s answer",
    )


def _rankings(found: Opportunities) -> Iterator[Section]:
    for index, ranking in enumerate([found.everybody, *found.segments], 1):
        everybody = ranking.segment is None
        yield Section(
            name=ranking.name if everybody else Theirs(ranking.name),
            sentences=tuple(ranking.sentences),
            opens=everybody,
            picture=opportunity_plot(ranking, f"plot-{index}"),
            pictured="Plot of opportunities",
            table=_needs(ranking),
        )


def _needs(ranking: NeedRanking) -> Table:
    rows = ranking.needs
    return Table.of(
        rows,
        [
            ("Need", lambda row: Theirs(row.statement)),
            ("Opportunity", lambda row: scored(row.opportunity, row.opportunity_interval)),
            ("Importance", lambda row: scored(row.importance, row.importance_interval)),
            ("Satisfaction", lambda row: scored(row.satisfaction, row.satisfaction_interval)),
            ("First", lambda row: percent(row.first)),
            ("In the first three", lambda row: percent(row.top_three)),
            ("Numbers from", _source),
        ],
        label="Needs by opportunity",
        folded=_NUMBERS,
        caption="Opportunity is importance plus what is missing in satisfaction, 0 to 20. In "
        "brackets: 95% intervals over respondents.",
        words=("Numbers from",),
        ranks=tuple(_rank(row.rank) for row in rows),
        briefly=tuple(_need_briefly(row) for row in rows),
    )


def _rank(rank: int | None) -> str:
    return "–" if rank is None else str(rank)


def _source(row: RankedNeed) -> Line:
    if row.numbers_from == "respondents":
        return count(row.n or 0, "respondent")
    source = SOURCES[row.numbers_from]
    named = row.rated_by and row.numbers_from != "withheld"
    return (f"{source}: ", Theirs(row.rated_by)) if named else source


def _need_briefly(row: RankedNeed) -> str:
    facts = [] if row.opportunity is None else [scored(row.opportunity, row.opportunity_interval)]
    return f"{row.statement}: {', '.join([*facts, standing(row)])}"


def _opportunities_computed(found: Opportunities) -> Section:
    drawn = "There are no answers of respondents, so nothing says how sure these numbers are."
    if found.draws:
        drawn = (
            "Numbers of respondents are means of those who gave both numbers. Intervals come from "
            f"{found.draws:,} bootstrap samples of respondents (expanded percentiles, seed "
            f"{found.seed}); “first” is the share of these samples in which a need has the largest "
            "opportunity, among the needs with respondents. Numbers of fewer than "
            f"{found.threshold} respondents are withheld."
        )
    return Section(
        name=_COMPUTED,
        paragraphs=(
            "Opportunity = importance + max(importance − satisfaction, 0), both from 0 to 10. What "
            "matters and is not met stands high; what is met better than it matters gets only its "
            "importance.",
            drawn,
        ),
    )


def _fit(fit: SegmentFit, index: int) -> Section:
    proposition, segment = Theirs(fit.proposition_name), Theirs(fit.segment_name)
    offers = {offer.id: offer.text for offer in fit.offers}
    table = Table.of(
        fit.needs,
        [
            ("Need", lambda need: Theirs(need.statement)),
            ("Kind", lambda need: need.kind),
            ("Importance", lambda need: score(need.importance)),
            ("From", lambda need: SOURCES[need.importance_from]),
            ("Answered", lambda need: STRENGTHS[need.strength]),
            ("By", lambda need: Theirs("; ".join(offers.get(one, one) for one in need.by))),
            ("How", lambda need: Theirs(need.how)),
            ("Evidence", lambda need: "cited" if need.backed else "none"),
        ],
        label="Needs and how they are answered",
        folded="All needs as a table",
        words=("Kind", "From", "Answered", "By", "How", "Evidence"),
    )
    return Section(
        name=(proposition, " for ", segment),
        heading=("For ", segment),
        over=proposition,
        sentences=tuple(fit.sentences),
        picture=fit_drawing(fit, f"fit-{index}"),
        pictured="Needs and what answers them",
        statement=tuple((piece.text, piece.missing) for piece in fit.positioning.pieces),
        gaps=tuple(_gap(gap) for gap in fit.positioning.gaps),
        table=table if fit.needs else None,
    )


def _gap(gap: PositioningPart) -> Line:
    if not gap.could_be:
        return f"Missing: {gap.part}."
    known: list[str] = []
    for one in gap.could_be[:8]:
        known += ["; ", Theirs(one)] if known else [Theirs(one)]
    return (f"Missing: {gap.part}. The canvas has, to choose from: ", *known, ".")


def _unmatched(found: Fits) -> Iterator[Section]:
    said: list[Line] = [
        ("Nothing is offered to ", Theirs(one.name), ".") for one in found.without_proposition
    ]
    said += [(Theirs(one.name), " is for no segment.") for one in found.without_segment]
    if not found.fits:
        said.insert(0, "No proposition of this canvas is for one of its segments.")
    yield from (Section(sentences=(sentence,), opens=True) for sentence in said)


def _curves(found: SegmentCurves, index: int) -> Section:
    segment = Theirs(found.segment_name)
    return Section(
        name=segment,
        heading=("For ", segment),
        sentences=tuple(found.sentences),
        notes=tuple(found.notes),
        picture=curve_chart(found, f"curves-{index}"),
        pictured="Value curves",
        table=Table(
            label="Scores by criterion",
            folded="All scores as a table",
            caption="0 is bad, 10 is excellent.",
            headings=("Criterion", *(Theirs(curve.name) for curve in found.curves)),
            rows=tuple(
                (Theirs(criterion), *(score(curve.scores[row]) for curve in found.curves))
                for row, criterion in enumerate(found.criteria)
            ),
        ),
    )


def _priorities(found: Priorities) -> Iterator[Section]:
    yield Section(sentences=tuple(found.sentences), opens=True)
    yield Section(
        heading="Attractive, and within our ability",
        picture=priorities_chart(found, "priorities"),
        pictured="Attractiveness and ability of the segments",
        table=_segments(found),
    )
    yield Section(
        name="Whose weights",
        paragraphs=(
            "Weights of each axis add up to 100%. “Changes at” is the weight at which another "
            "segment would win, all other weights keeping their proportions.",
        ),
        table=_weights(found),
    )
    names = {segment.segment: Theirs(segment.name) for segment in found.segments}
    criteria = {criterion.id: Theirs(criterion.name) for criterion in found.criteria}
    if found.agreement and found.agreement.differ_most:
        yield Section(
            name="Where judges differ",
            items=tuple(
                (names[one.segment], ", ", criteria[one.criterion],
                 f": from {score(one.low)} to {score(one.high)}.")
                for one in found.agreement.differ_most
            ),
        )  # fmt: skip
    yield Section(
        name=_COMPUTED,
        paragraphs=(
            "A segment’s score on an axis is the weighted mean of its scores; both axes count the "
            "same. Random weights are drawn so that every set of weights is as likely as every "
            "other (Dirichlet, all ones, for the criteria of each axis), with any balance of the "
            "two axes. Weights near the judges’ are random mixtures of the judges’ own weights, "
            "moved a quarter of the way towards random ones. Each judge’s scores are used in every "
            f"draw. {found.draws:,} draws, seed {found.seed}.",
        ),
    )


def _segments(found: Priorities) -> Table:
    axes = found.axes if len(found.axes) > 1 else []
    near = any(segment.near_judges is not None for segment in found.segments)
    often = ("First two", "Expected rank")
    return Table(
        label="Segments by rank",
        folded=_NUMBERS,
        caption="Scores from 0 to 10, with the mean weights and mean scores of the judges. Shares "
        f"of {found.draws:,} draws of weights.",
        headings=(
            "Segment", "Together", *(axis.capitalize() for axis in found.axes),
            "First, random weights", *often, *(("First, near the judges’", *often) if near else ()),
            *(f"First on {axis} alone" for axis in axes),
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
    for frequency, what in (
        (segment.any_weights, "random weights"),
        (segment.near_judges, "weights near the judges’"),
    ):
        if frequency is not None:
            facts.append(f"first in {_frequencies(frequency)[0]} of {what}")
    return f"{segment.name} (segment {segment.number}): {', '.join(facts)}"


def _weights(found: Priorities) -> Table:
    names = {segment.segment: Theirs(segment.name) for segment in found.segments}
    turns = {one.criterion: one for one in found.critical}
    judges = [judge for judge in found.judges if judge.weights]

    def turn(one: CriticalWeight | None) -> tuple[Line, Line]:
        if one is None:
            return "never", ""
        at = "never" if one.needed is None else percent(one.needed)
        return at, names[one.winner] if one.winner else ""

    rows: list[tuple[Line, ...]] = [
        (
            Theirs(criterion.name),
            criterion.axis,
            *(percent(judge.weights.get(criterion.id)) for judge in judges),
            percent(criterion.weight),
            *turn(turns.get(criterion.id)),
        )
        for criterion in found.criteria
    ]
    if "balance" in turns:
        empty = [""] * len(judges)
        balance = turn(turns["balance"])
        rows.append(("Attractiveness against ability", "both", *empty, "50%", *balance))
    return Table(
        label="Weights of the judges",
        headings=(
            "Criterion", "Axis", *(Theirs(judge.judge) for judge in judges), "Mean", "Changes at",
            "Then first",
        ),
        words=("Axis", "Then first"),
        rows=tuple(rows),
    )  # fmt: skip
