"""Sides of a multi-sided market: who stands on each, and what each brings to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import Field

from forwhom.documents.base import Form
from forwhom.documents.canvas.kinds import Citation
from forwhom.documents.canvas.people import CanvasSegment
from forwhom.documents.mistakes import Mistake
from forwhom.documents.names import name_key
from forwhom.errors import nearest


class Exchange(Form):
    """What one side of a multi-sided market brings to another, which comes for it."""

    giver: str = Field(
        alias="from", description="The side that brings it, or a segment that names no side."
    )
    receiver: str = Field(alias="to", description="The side that comes for it.")
    brings: str = Field(description="What it brings to the other side.")
    without: str = Field(
        default="", description="What happens on the other side when this one is missing."
    )
    first: str = Field(
        default="", description="How this side is won while the other one is still small."
    )
    evidence: list[Citation] = Field(default_factory=list, description="Evidence that it cites.")


def side_of(segment: CanvasSegment) -> str:
    """Return the side of a segment; one that names none is a side by itself."""
    return segment.side.strip() or segment.id


def sides_of(segments: Sequence[CanvasSegment]) -> dict[str, list[CanvasSegment]]:
    """Return each side of a market with its segments, without those that are left out.

    Who only benefits from a platform, and trades with nobody there, is no side unless named one.
    """
    found: dict[str, list[CanvasSegment]] = {}
    for segment in segments:
        beside = segment.buti == ["target-impact"] and not segment.side.strip()
        if segment.status in ("serve", "candidate") and not beside:
            found.setdefault(name_key(side_of(segment)), []).append(segment)
    return {side_of(members[0]): members for members in found.values()}


def brought_by(segment: CanvasSegment, exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Return what the side of a segment brings to others."""
    own = {name_key(side_of(segment)), name_key(segment.id)}
    return [one for one in exchanges if name_key(one.giver) in own]


def exchange_mistakes(
    segments: Sequence[CanvasSegment], exchanges: Sequence[Exchange]
) -> Iterator[Mistake]:
    """Yield the exchanges that name no side of the canvas, or only one."""
    known = list(dict.fromkeys([
        *(side_of(segment) for segment in segments), *(s.id for s in segments)
    ]))  # fmt: skip
    keys = {name_key(one) for one in known}
    for index, one in enumerate(exchanges):
        for key, side in (("from", one.giver), ("to", one.receiver)):
            if name_key(side) not in keys:
                some = f"Expected one of: {', '.join(known[:10])}."
                yield Mistake(
                    ("exchanges", index, key),
                    f"there is no side {side!r}: no segment stands on it.",
                    nearest(side, known) or (some if known else "Add a segment with this 'side'."),
                )
        if name_key(one.giver) == name_key(one.receiver):
            yield Mistake(
                ("exchanges", index, "to"),
                f"{one.giver!r} brings something to itself.",
                "Name the other side.",
            )
