"""How far money depends on few organizations."""

from collections.abc import Mapping
from typing import Literal

from forwhom.documents.results.funding import Concentration

#: Bounds of the Merger Guidelines of the United States (2023), in points.
MODERATE, HIGH = 1000.0, 1800.0


def shares_of(amounts: Mapping[str, int]) -> list[tuple[str, float]]:
    """Return the shares of the organizations with a positive amount, the largest first."""
    positive = {name: cents for name, cents in amounts.items() if cents > 0}
    total = sum(positive.values())
    return sorted(
        ((name, cents / total) for name, cents in positive.items()),
        key=lambda pair: (-pair[1], pair[0]),
    )


def gross(amounts: Mapping[str, int]) -> int:
    """Return the sum of what is above 0: what shares are of, where others paid back more."""
    return sum(cents for cents in amounts.values() if cents > 0)


def hhi(amounts: Mapping[str, int]) -> float | None:
    """Return the Herfindahl-Hirschman index; ``None`` where there is no money.

    The sum of squared shares in percent: 10,000 where one gives everything, and 10,000 / n where
    n give the same.
    """
    shares = shares_of(amounts)
    return round(sum((100 * share) ** 2 for _, share in shares), 4) if shares else None


def level(index: float) -> Literal["low", "moderate", "high"]:
    """Return what an index means."""
    return "high" if index > HIGH else "moderate" if index >= MODERATE else "low"


def concentration(
    of: Literal["givers", "receivers"], amounts: Mapping[str, int], everybody: Mapping[str, int]
) -> list[Concentration]:
    """Return the concentration of named organizations; nothing where there is no money."""
    shares, index = shares_of(amounts), hhi(amounts)
    if index is None:
        return []
    named, total = gross(amounts), gross(everybody)
    return [
        Concentration(
            of=of,
            hhi=round(index, 1),
            equal=round(10_000 / index, 2),
            organizations=len(shares),
            largest=shares[0][0],
            largest_share=shares[0][1],
            top_three_share=min(sum(share for _, share in shares[:3]), 1.0),
            named_share=named / total,
            level=level(index),
        )
    ]
