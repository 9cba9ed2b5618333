"""What people say as an outline: a section for each segment, a table for what sets it apart."""

from __future__ import annotations

from collections.abc import Callable

from forwhom.documents.results.voices import Saying, SegmentVoices, Voices
from forwhom.languages.catalog import speaking
from forwhom.report.outline import Line, Outline, Section, Table, Theirs
from forwhom.wording import count, listed, number, percent

#: What each tone is called in a table.
_TONES = {"pain": "pain", "gain": "gain", "job": "job", "fear": "fear", None: "–"}


def outline_of(found: Voices) -> Outline:
    """Return what people say, in the words of reports: they speak English."""
    with speaking("en"):
        apart = sum(bool(one.sayings) for one in found.segments)
        opening = (
            f"{count(found.texts, 'text')} of {count(found.customers, 'customer')}; "
            f"{count(found.statements, 'statement')} compared, each by how many customers of a "
            f"{found.noun} make it.",
            f"Something sets {apart} of {count(len(found.segments), found.noun)} apart.",
        )
        return Outline(
            title=found.column,
            headline="What they say",
            language="en",
            sections=(
                Section(sentences=opening, opens=True),
                *(_of_segment(one, found) for one in found.segments),
                *_common(found),
                _how(found),
            ),
            notes=tuple(found.notes),
            foot="Made by forwhom. This page holds no text that anybody wrote, only phrases that "
            f"{found.threshold} customers or more said, and loads nothing from elsewhere.",
        )


def _of_segment(one: SegmentVoices, found: Voices) -> Section:
    said = [] if one.customers is None else [f"Up to {count(one.customers, 'customer')} wrote."]
    if not one.sayings:
        said.append(f"Nothing surely sets this {found.noun} apart.")
    if one.more:
        said.append(f"And {count(one.more, 'more statement')}, which are not shown.")
    rated = [
        (heading, rating)
        for heading, rating in (("Importance", "importance"), ("Satisfaction", "satisfaction"))
        if any(getattr(saying, rating) is not None for saying in one.sayings)
    ]
    columns: list[tuple[str, Callable[[Saying], Line]]] = [
        ("What they say", lambda saying: Theirs(listed([saying.phrase, *saying.also], most=None))),
        ("As", lambda saying: _TONES[saying.tone]),
        ("Here", lambda saying: percent(saying.share)),
        ("All others", _others),
        ("Times as often (95%)", _times),
        *((heading, _rating(key)) for heading, key in rated),
    ]
    return Section(
        name=("", Theirs(f"{one.segment} {one.name}")),
        sentences=tuple(said),
        table=Table.of(
            one.sayings, columns, label=f"What sets {one.name} apart",
            words=("What they say", "As"),
            briefly=tuple(str(saying) for saying in one.sayings),
        ) if one.sayings else None,
    )  # fmt: skip


def _others(saying: Saying) -> str:
    return "hardly anybody" if saying.others is None else percent(saying.others)


def _times(saying: Saying) -> str:
    low, high = number(saying.interval.low, 2), number(saying.interval.high, 2)
    return f"{number(saying.ratio, 2)} ({low} to {high})"


def _rating(key: str) -> Callable[[Saying], Line]:
    def told(saying: Saying) -> str:
        rating = getattr(saying, key)
        return "–" if rating is None else str(rating)

    return told


def _common(found: Voices) -> list[Section]:
    if not found.common:
        return []
    return [
        Section(
            name="Said by all",
            sentences=(f"Said in every {found.noun}, and setting none apart.",),
            table=Table.of(
                found.common,
                [
                    ("What they say", lambda one: Theirs(one.phrase)),
                    ("Of all customers", lambda one: percent(one.share)),
                ],
                label="Said by all",
                words=("What they say",),
            ),
        )
    ]


def _how(found: Voices) -> Section:
    return Section(
        name="How it was computed",
        paragraphs=(
            f"The texts are of the column {found.column!r} ({found.language}). Customers are "
            "counted, not words; whoever says something often counts once.",
            "Of all that is told here, not more than one of twenty is expected to be false. How "
            "many times as often is free of wrong assignments to segments and drawn towards no "
            "difference, so that the interval holds although the largest were picked.",
        ),
    )
