"""An exercise with everything that ratings may hold: rounds, members and proxies, gaps, camps."""

from __future__ import annotations

from collections.abc import Iterator

from forwhom.alignment import analyze, coded
from forwhom.documents.results.alignment import AlignmentResult, RatedItem, RatedSegment

SEGMENTS = [
    RatedSegment(id="ministry", name="Ministry", buti=["buyer"]),
    RatedSegment(id="clinics", name="Clinics", buti=["user"], power=0.6),
    RatedSegment(id="patients", name="Patients", buti=["target-impact"], power=0.2),
    RatedSegment(id="donors", name="Donors", buti=["buyer"], power=0.9),
    RatedSegment(id="press", name="Newspapers", power=0.1),
    RatedSegment(id="nobody", name="Nobody rated for them"),
]
#: What the segments want of each item, in order; the press rates only the first.
WANTED = {
    "cheap": (5, 4, -4, 3, 1), "quick": (4, 4, 4, 3, 0), "open": (-2, -3, -1, 0, 0),
    "safe": (1, 2, 5, 2, 0), "proud": (5, -1, 0, 5, 0), "new": (3, 5, 4, 4, 0),
}  # fmt: skip
IMPORTANCE = (1.0, 0.8, None, 0.5, 0.7, 0.2)
#: How raters differ from what their segment wants, in halves: some cells are two camps.
MOODS = (0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -7.0, 0.0, 1.5, 0.0, -2.0)


def _rows() -> Iterator[tuple[str, str, str, float, bool, int]]:
    moods = 0
    for place, segment in enumerate(SEGMENTS[:5]):
        for rater in range((6, 5, 8, 3, 1)[place]):
            name = "team" if rater == 0 and place < 3 else f"{segment.id} {rater}"
            for number, (item, wants) in enumerate(WANTED.items()):
                if (segment.id == "press" and number > 2) or (rater == 2 and number == place):
                    continue
                for turn in (1, 2, 3):
                    # All rate in the first round, some again what was talked about.
                    if turn > 1 and (rater % turn or number not in (0, turn)):
                        continue
                    moods += 1
                    value = wants[place] + MOODS[moods % len(MOODS)] + (turn - 1) * 0.5
                    direct = rater > (1, 3, 2, 5, 0)[place]
                    yield name, segment.id, item, min(max(value, -5.0), 5.0), direct, turn


def exercise(**more: str) -> AlignmentResult:
    """The answer to it."""
    rater, segment, item, value, direct, turn = zip(*_rows(), strict=True)
    items = [
        RatedItem(id=name, statement=f"It is {name}", importance=importance)
        for name, importance in zip([*WANTED, "unrated"], (*IMPORTANCE, None), strict=True)
    ]
    ratings = coded(
        rater, segment, item, value, direct=direct, round=turn,
        segments=[s.id for s in SEGMENTS], items=[i.id for i in items],
    )  # fmt: skip
    return analyze(ratings, SEGMENTS, items, replicates=200, seed=3, title="Care", **more)
