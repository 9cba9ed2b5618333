"""A small segmentation, as discovery writes it, and what a refit makes of it."""

from __future__ import annotations

from typing import Any

from forwhom.documents.canvas import accept_claims, parse_canvas, seed_canvas
from forwhom.documents.canvas.seeding import Seeded
from forwhom.documents.canvas.suspects import Accepted
from forwhom.documents.fitting import Certainty, Fit
from forwhom.documents.models import RFMModel
from forwhom.documents.segmentation import (
    Distinction,
    Evidence,
    Interval,
    Segment,
    Segmentation,
    TypicalMember,
    Variable,
)

BETWEEN = Interval(low=0.3, high=0.5)


def evidence(name: str, statement: str, fingerprint: str, value: float = 0.4) -> Evidence:
    return Evidence(
        id=name, statement=statement, value=value, interval=BETWEEN, n=100, method="counted",
        source="ab12", fingerprint=fingerprint,
    )  # fmt: skip


def distinction(variable: str, statement: str) -> Distinction:
    return Distinction(
        variable=variable, statement=statement, effect=0.8, kind="d", inside=2.0, rest=1.0,
        phrase=statement,
    )  # fmt: skip


def segment(number: int, name: str, *said: tuple[str, str], n: int = 40) -> Segment:
    return Segment(
        id=number, name=name, proposed_name=name, n=n, share=n / 100, share_interval=BETWEEN,
        certainty=Certainty(mean_probability=0.9, sure=0.8),
        distinctions=[distinction(variable, statement) for variable, statement in said],
        typical_member=TypicalMember(based_on=12, values={"visits": "8 visits"}),
    )  # fmt: skip


#: A model that any number of segments may have: runs with the same one continue each other.
GRID = RFMModel(
    recency="visits", frequency="visits", monetary="visits", cuts={"visits": [4.0]}, cells={}
)


def segmentation(
    segments: list[Segment], items: list[Evidence], created: str = "2026-11-25T10:00:00Z"
) -> Segmentation:
    return Segmentation(
        title="Café: 'ours' # 1", created=created, version="0.1.0", n=100,
        variables=[
            Variable(name="visits", label="Visits per month", measure="count", use="active",
                     basis="behavioral"),
            Variable(name="age", label="Age", measure="ordinal", use="descriptor",
                     basis="demographic"),
            Variable(name="weekend", label="Weekend share", measure="positive",
                     use="descriptor"),
        ],
        model=GRID, fit=Fit(method="rfm", seed=1), segments=segments,
        overlap=[[float(i == j) for j in segments] for i in segments], evidence=items,
    )  # fmt: skip


OFTEN = "They come 8 times a month, others 2 times."
OLD = 'They are 61 years old: others "40".'
RARE = "They come once a month."


def first() -> Segmentation:
    return segmentation(
        [
            segment(1, "Regulars", ("visits", OFTEN), ("age", OLD), n=60),
            segment(2, "Others", ("visits", RARE), ("age", "A distinction without evidence.")),
        ],
        [
            evidence("segments.number", "There are two segments.", "n1", 2),
            evidence("segment-1.size", "60 % of customers.", "s1", 0.6),
            evidence("segment-1.distinction.visits", OFTEN, "d1", 8),
            evidence("segment-1.distinction.age", OLD, "d2", 61),
            evidence("segment-1.certainty", "Sure.", "c1"),
            evidence("segment-2.size", "40 % of customers.", "s2"),
            evidence("segment-2.distinction.visits", RARE, "d3", 1),
        ],
    )


def refit() -> Segmentation:
    """Segment 1 changed, and has a new distinction; segment 2 is as it was; segment 3 is new."""
    more = "They come 9 times a month, others 2 times."
    weekend = "They come on weekends."
    return segmentation(
        [
            segment(1, "Weekend regulars", ("weekend", weekend), ("visits", more), n=50),
            segment(2, "Others", ("visits", RARE)),
            segment(3, "Newcomers", ("visits", "They came first this month."), n=10),
        ],
        [
            evidence("segments.number", "There are three segments.", "n2", 3),
            evidence("segment-1.size", "50 % of customers.", "s9", 0.5),
            evidence("segment-1.distinction.visits", more, "d9", 9),
            evidence("segment-1.distinction.weekend", weekend, "d8", 0.7),
            evidence("segment-2.size", "40 % of customers.", "s2"),
            evidence("segment-2.distinction.visits", RARE, "d3", 1),
            evidence("segment-3.size", "10 % of customers.", "s3", 0.1),
            evidence("segment-3.distinction.visits", "They came first this month.", "d7", 1),
        ],
        created="2026-12-24T10:00:00Z",
    )


def seeded(
    run: Segmentation, text: str | None = None, path: str | None = None, **more: Any
) -> Seeded:
    """What seeding makes of a canvas that is given as text."""
    return seed_canvas(run, None if text is None else parse_canvas(text, path), **more)


def accepted_in(text: str, *names: Any, **more: Any) -> Accepted:
    """What accepting makes of a canvas that is given as text."""
    return accept_claims(parse_canvas(text), *names, **more)
