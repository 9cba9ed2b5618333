"""Segments that a person can understand: everything that is said about them, put together."""

from collections.abc import Callable, Mapping, Sequence

from forwhom.documents.segmentation import (
    Distinction,
    Segment,
    TypicalMember,
    Variable,
    VariableProfile,
    Worth,
)
from forwhom.errors import DataError
from forwhom.personas.contrasts import farther, is_average
from forwhom.personas.distinctions import find_distinctions
from forwhom.personas.margins import margins
from forwhom.personas.names import propose_names
from forwhom.personas.profiles import Summary, described, profile, summarize
from forwhom.personas.sizes import certainty, size
from forwhom.personas.typical import typical_members
from forwhom.personas.worth import worths
from forwhom.statistics.membership import Floats, Learned, Membership
from forwhom.statistics.sampling import sample_rows
from forwhom.tables.columns import Column

Progress = Callable[[str, float], None]


def describe_segments(
    columns: Mapping[str, Column],
    variables: Sequence[Variable],
    responsibilities: Floats,
    weights: Floats | None = None,
    *,
    learned: Learned | None = None,
    seed: int = 0,
    threshold: int = 10,
    noun: str = "segment",
    progress: Progress | None = None,
) -> list[Segment]:
    """Describe each segment: size, what distinguishes it, profile, typical member, certainty.

    ``learned`` is what intervals need where the segments were learned from these customers.

    Responsibilities have shape (n, K); a row of zeros belongs to no segment.
    """
    member = Membership.of(responsibilities, weights, learned)
    chosen = described(variables, columns)
    _check_lengths(columns, chosen, member.n)
    summaries: dict[str, Summary] = {}
    for i, variable in enumerate(chosen):
        _tell(progress, "Profiling segments", 0.05 * i / len(chosen))
        summaries[variable.name] = summarize(columns[variable.name], member, threshold)
    _tell(progress, "Finding what distinguishes segments", 0.05)
    values = [columns[variable.name].values for variable in chosen]
    rows = sample_rows(member.responsibilities, member.weights, *values, seed=seed)
    distinctions = find_distinctions(
        chosen, columns, summaries, member, threshold=threshold, rows=rows
    )
    _tell(progress, "Building typical members", 0.55)
    typical = typical_members(chosen, columns, summaries, member, threshold)
    profiles = [profile(columns[name], one, member, threshold) for name, one in summaries.items()]
    names = propose_names(
        distinctions,
        {v.name: v for v in chosen},
        [k for k in range(member.k) if not _known_average(k, chosen, profiles, summaries)],
        noun,
        [[farther(d, summaries[d.variable], k) for d in distinctions[k]] for k in range(member.k)],
    )
    left = margins(chosen, columns, member, threshold)
    worth = worths(chosen, columns, summaries, member, left)
    _tell(progress, "Describing segments", 1.0)
    return [
        _segment(
            member,
            k,
            name=names[k],
            distinctions=distinctions[k],
            profiles=[found[k] for found in profiles],
            typical=typical[k],
            worth=worth[k],
        )
        for k in range(member.k)
    ]


def _known_average(
    k: int,
    variables: Sequence[Variable],
    profiles: Sequence[Sequence[VariableProfile]],
    summaries: Mapping[str, Summary],
) -> bool:
    """Return whether a segment may be called average: what formed segments is there, and near."""
    shown = any(found[k].n is not None for found in profiles)
    formed = [summaries[v.name] for v in variables if v.use == "active"]
    return shown and all(is_average(summary, k) for summary in formed)


def _segment(
    member: Membership,
    k: int,
    *,
    name: str,
    distinctions: list[Distinction],
    profiles: list[VariableProfile],
    typical: TypicalMember | None,
    worth: Worth | None,
) -> Segment:
    share, interval = size(member, k)
    return Segment(
        id=k + 1,
        name=name,
        proposed_name=name,
        n=int(member.sizes[k]),
        share=share,
        share_interval=interval,
        certainty=certainty(member, k),
        distinctions=distinctions,
        profile=profiles,
        typical_member=typical,
        worth=worth,
    )


def _check_lengths(columns: Mapping[str, Column], variables: Sequence[Variable], n: int) -> None:
    for variable in variables:
        if len(columns[variable.name]) != n:
            raise DataError(
                f"{variable.name!r} has {len(columns[variable.name])} values for {n} customers.",
                "Expected one value per customer, missing ones included.",
            )


def _tell(progress: Progress | None, what: str, fraction: float) -> None:
    if progress is not None:
        progress(what, fraction)


def renamed(
    segments: list[Segment], names: Sequence[str] | None, kept: Sequence[str | None] | None
) -> list[Segment]:
    """Put the names of a method, and those that a person gave earlier, over proposed ones."""
    if names is not None:
        segments = [
            s.model_copy(update={"name": name, "proposed_name": name})
            for s, name in zip(segments, names, strict=True)
        ]
    if kept is not None:
        segments = [
            s if name is None else s.model_copy(update={"name": name})
            for s, name in zip(segments, kept, strict=True)
        ]
    return segments
