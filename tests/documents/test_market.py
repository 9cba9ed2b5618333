"""The type of a market: what leads to it, what is not known, and what a canvas claims."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from forwhom.documents.canvas import parse_canvas
from forwhom.documents.market import Market, Sides, market_of, market_of_canvas
from forwhom.documents.segmentation import Interval, Segmentation
from forwhom.documents.separateness import CriterionVerdict, PairVerdict, Separateness, Verdict
from forwhom.documents.structure import Structure


def offer(low: float, high: float, verdict: Verdict = "different") -> CriterionVerdict:
    return CriterionVerdict(
        criterion="offer", verdict=verdict, variables=["x"], leading=["x"], kind="d", effect=1.0,
        low=0.5, high=1.5, minimum=0.2, p=0.01, formed=False,
        unlike=(low + high) / 2, unlike_low=low, unlike_high=high,
    )  # fmt: skip


def found(
    k: int, verdict: str | None = "clear",
    offers: dict[tuple[int, int], CriterionVerdict] | None = None,
    islands: list[list[int]] | None = None,
) -> Segmentation:  # fmt: skip
    structure = (
        None if verdict is None else Structure(verdict=verdict, rows=90, islands=islands or [])
    )  # type: ignore[arg-type]
    pairs = [
        PairVerdict(first=a, second=b, criteria=[one], sentence="")
        for (a, b), one in (offers or {}).items()
    ]
    told = Separateness(pairs=pairs) if pairs else None
    segments = [SimpleNamespace(id=i + 1) for i in range(k)]
    return cast(
        Segmentation, SimpleNamespace(structure=structure, segments=segments, separateness=told)
    )


def sides(verdict: str) -> Sides:
    near = Interval(low=0.6, high=0.7)
    return Sides(
        names=("rider", "driver"), members=(100, 50), interactions=900, both=0.0,
        both_interval=Interval(low=0, high=0.02), chooses=(0.65, 0.65),
        chooses_intervals=(near, near),
        dominated=(False, False), verdict=verdict, why="They choose.",  # type: ignore[arg-type]
    )  # fmt: skip


RELATED, UNLIKE, UNSURE = offer(0.2, 0.6), offer(1.2, 1.9), offer(0.7, 1.3)


@pytest.mark.parametrize(
    ("given", "options", "kind", "possible"),
    [
        (found(1, "one"), {}, None, ["mass", "niche"]),
        (found(3, "one"), {"part": 0.4}, "mass", ["mass"]),
        (found(3, "scale"), {"part": 0.02}, "niche", ["niche"]),
        (found(1, None), {"part": 0.1}, "niche", ["niche"]),
        (found(3, "unclear"), {}, None, ["mass", "niche", "segmented", "diversified"]),
        (found(3, None), {}, None, ["mass", "niche", "segmented", "diversified"]),
        (found(2, islands=[[1, 2]]), {"part": 0.5}, "mass", ["mass"]),
        (found(2), {}, None, ["segmented", "diversified"]),
        (found(2, offers={(1, 2): RELATED}), {}, "segmented", ["segmented"]),
        (found(2, offers={(1, 2): UNLIKE}), {}, "diversified", ["diversified"]),
        (found(2, offers={(1, 2): UNSURE}), {}, None, ["segmented", "diversified"]),
        (found(2, offers={(1, 2): offer(0, 0.1, "equivalent")}), {}, None, ["mass", "niche"]),
        # a chain of related segments is one market; one that nothing joins is another business
        (found(3, offers={(1, 2): RELATED, (2, 3): RELATED, (1, 3): UNLIKE}), {}, "segmented",
         ["segmented"]),
        (found(3, offers={(1, 2): RELATED, (2, 3): UNLIKE, (1, 3): UNLIKE}), {}, "diversified",
         ["diversified"]),
        (found(3, offers={(1, 2): RELATED, (2, 3): UNLIKE}), {}, None,
         ["segmented", "diversified"]),
        (found(2, offers={(1, 2): RELATED}), {"sides": sides("yes")}, "multi-sided",
         ["multi-sided"]),
        (found(2, offers={(1, 2): RELATED}), {"sides": sides("no")}, "segmented", ["segmented"]),
        (found(2, offers={(1, 2): RELATED}), {"sides": sides("unknown")}, None,
         ["segmented", "multi-sided"]),
    ],
)  # fmt: skip
def test_what_leads_to_a_type(
    given: Segmentation, options: dict[str, Any], kind: str | None, possible: list[str]
) -> None:
    market = market_of(given, **options)
    assert (market.type, market.possible) == (kind, possible)
    assert market.why
    assert ("cannot tell" in market.headline) == (kind is None)


def test_the_pair_that_decides_says_how_near_the_next_type_is() -> None:
    offers = {(1, 2): RELATED, (2, 3): offer(0.6, 0.9), (1, 3): offer(0.8, 0.95)}
    market = market_of(found(3, offers=offers))
    assert str(market.near[0]) == (
        "How unlike 2 and 3 are in what they need (1: half in common): 0.75 (0.60 to 0.90); "
        "diversified from 1.00."
    )
    part = market_of(found(1, "one"), part=0.3).near[0]
    assert (part.value, part.border, part.beyond) == (0.3, 0.1, "a niche up to")


def claimed(kind: str, market: Market) -> str:
    return market.model_copy(update={"claimed": kind}).headline


def test_a_claim_agrees_may_be_or_does_not() -> None:
    segmented = market_of(found(2, offers={(1, 2): RELATED}))
    assert claimed("segmented", segmented).endswith("The canvas says the same.")
    assert claimed("mass", segmented).endswith("which does not agree.")
    unsure = market_of(found(2))
    assert claimed("diversified", unsure).endswith("which may be.")


def test_a_canvas_by_itself() -> None:
    head = "forwhom: 1\nkind: canvas\n"
    two = "segments:\n  - {id: a, name: A}\n  - {id: b, name: B}\n"
    plain = market_of_canvas(parse_canvas(f"{head}market_type: mass\n{two}"))
    assert plain.possible == ["segmented", "diversified"]
    assert "does not agree" in plain.headline
    out = two.replace("name: B", "name: B, status: ignore, decision: {reason: Too few.}")
    assert market_of_canvas(parse_canvas(head + out)).possible == ["mass", "niche"]
    both = two.replace("name: A", "name: A, side: riders").replace("name: B", "name: B, side: cars")
    text = f"{head}{both}exchanges:\n  - {{from: riders, to: cars, brings: Money}}\n"
    platform = market_of_canvas(parse_canvas(text))
    assert platform.type == "multi-sided"
    assert "what cars brings" in platform.why[-1]
    lonely = market_of_canvas(parse_canvas(f"{head}market_type: multi-sided\n{two}"))
    assert "fewer than two sides" in " ".join(lonely.why)
    assert "does not agree" in lonely.headline
    assert len(market_of_canvas(parse_canvas(head)).possible) == 5
