"""What people say as an outline: a section for each segment, a table for what sets it apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from forwhom.documents.results.voices import NOTHING, Rating, Saying, SegmentVoices, Voices
from forwhom.languages.catalog import later, later_count, tr, tr_count
from forwhom.report.outline import Line, Outline, Section, Table, Theirs, around
from forwhom.wording import apart, listed, number, percent

#: What each tone is called in a table.
_TONES = {
    "pain": later("pain"), "gain": later("gain"), "job": later("job"), "fear": later("fear"),
    None: "–",
}  # fmt: skip
#: What is said of all segments, by what they may be called.
_COMPARED: Mapping[str, str] = {
    "segment": later(
        "{texts} {customers}; {compared}, each by how many customers of a segment make it."
    ),
    "group": later(
        "{texts} {customers}; {compared}, each by how many customers of a group make it."
    ),
    "band": later("{texts} {customers}; {compared}, each by how many customers of a band make it."),
    "cut": later("{texts} {customers}; {compared}, each by how many customers of a cut make it."),
}
_APART: Mapping[str, tuple[str, str]] = {
    "segment": later_count(
        "Something sets {apart} of {n} segment apart.",
        "Something sets {apart} of {n} segments apart.",
    ),
    "group": later_count(
        "Something sets {apart} of {n} group apart.", "Something sets {apart} of {n} groups apart."
    ),
    "band": later_count(
        "Something sets {apart} of {n} band apart.", "Something sets {apart} of {n} bands apart."
    ),
    "cut": later_count(
        "Something sets {apart} of {n} cut apart.", "Something sets {apart} of {n} cuts apart."
    ),
}
_COMMON: Mapping[str, str] = {
    "segment": later("Said in every segment, and setting none apart."),
    "group": later("Said in every group, and setting none apart."),
    "band": later("Said in every band, and setting none apart."),
    "cut": later("Said in every cut, and setting none apart."),
}


def outline_of(found: Voices) -> Outline:
    """Return what people say, in the words of reports."""
    return Outline(
        title=found.column,
        headline=tr("What they say"),
        language=found.told_in,
        written=found.language,
        sections=(
            Section(sentences=_opening(found), opens=True),
            *(_of_segment(one, found) for one in found.segments),
            *_common(found),
            _how(found),
        ),
        notes=tuple(found.notes),
        foot=tr_count(
            "Made by forwhom. This page holds no text that anybody wrote, only phrases that {n} "
            "customer or more said, and loads nothing from elsewhere.",
            "Made by forwhom. This page holds no text that anybody wrote, only phrases that {n} "
            "customers or more said, and loads nothing from elsewhere.",
            found.threshold,
        ),
    )


def _opening(found: Voices) -> tuple[Line, ...]:
    """Return how much was compared, and how many segments something sets apart."""
    unlike = sum(bool(one.sayings) for one in found.segments)
    return (
        tr(_COMPARED[found.noun], **found.counts),
        tr_count(*_APART[found.noun], len(found.segments), apart=unlike),
    )


def _of_segment(one: SegmentVoices, found: Voices) -> Section:
    said = []
    if one.customers is not None:
        said.append(
            tr_count("Up to {n} customer wrote.", "Up to {n} customers wrote.", one.customers)
        )
    if not one.sayings:
        said.append(tr(NOTHING[found.noun]))
    if one.more:
        said.append(
            tr_count(
                "And {n} more statement, which are not shown.",
                "And {n} more statements, which are not shown.",
                one.more,
            )
        )
    return Section(
        name=("", Theirs(f"{one.segment} {one.name}")),
        sentences=tuple(said),
        table=Table.of(
            one.sayings,
            [*_columns(one.sayings)],
            label=tr("What sets {segment} apart", segment=apart(one.name)),
            words=(tr("What they say"), tr("As")),
            briefly=tuple(str(saying) for saying in one.sayings),
        )
        if one.sayings
        else None,
    )


def _columns(sayings: Sequence[Saying]) -> Iterator[tuple[str, Callable[[Saying], Line]]]:
    """Yield the columns of a table; those of ratings where there are any."""
    yield tr("What they say"), _phrases
    yield tr("As"), lambda saying: tr(_TONES[saying.tone])
    yield tr("Here"), lambda saying: percent(saying.share)
    yield tr("All others"), _others
    yield tr("Times as often (95%)"), _times
    if any(saying.importance for saying in sayings):
        yield tr("Importance"), lambda saying: _rating(saying.importance)
    if any(saying.satisfaction for saying in sayings):
        yield tr("Satisfaction"), lambda saying: _rating(saying.satisfaction)


def _phrases(saying: Saying) -> Line:
    """Return the phrases of a statement, each in the language of the texts."""
    told = [saying.phrase, *saying.also]
    places = listed([f"{{p{i}}}" for i in range(len(told))], most=None)
    return around(places, **{f"p{i}": Theirs(phrase) for i, phrase in enumerate(told)})


def _others(saying: Saying) -> str:
    return tr("hardly anybody") if saying.others is None else percent(saying.others)


def _times(saying: Saying) -> str:
    low, high = number(saying.interval.low, 2), number(saying.interval.high, 2)
    return tr("{value} ({low} to {high})", value=number(saying.ratio, 2), low=low, high=high)


def _rating(rating: Rating | None) -> str:
    return "–" if rating is None else str(rating)


def _common(found: Voices) -> list[Section]:
    if not found.common:
        return []
    return [
        Section(
            name=tr("Said by all"),
            sentences=(tr(_COMMON[found.noun]),),
            table=Table.of(
                found.common,
                [
                    (tr("What they say"), lambda one: Theirs(one.phrase)),
                    (tr("Of all customers"), lambda one: percent(one.share)),
                ],
                label=tr("Said by all"),
                words=(tr("What they say"),),
            ),
        )
    ]


def _how(found: Voices) -> Section:
    return Section(
        name=tr("How it was computed"),
        paragraphs=(
            tr(
                "The texts are of the column {column} ({language}). Customers are counted, not "
                "words; whoever says something often counts once.",
                column=apart(repr(found.column)),
                language=apart(found.language),
            ),
            tr(
                "Of all that is told here, not more than one of twenty is expected to be false. "
                "How many times as often is free of wrong assignments to segments and drawn "
                "towards no difference, so that the interval holds although the largest were "
                "picked."
            ),
        ),
    )
