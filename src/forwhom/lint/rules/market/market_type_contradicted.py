from collections.abc import Iterator

from forwhom.documents.canvas.people import CanvasSegment
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View

#: Type of market to the least and most segments that it has, and what it means.
_RANGES = {
    "mass": (1, 1, "does not tell segments apart"),
    "niche": (1, 1, "is one specialized segment"),
    "segmented": (2, None, "tells segments apart that differ a little"),
    "diversified": (2, None, "serves segments that have nothing to do with each other"),
}


@rule("FW1002")
def market_type_contradicted(view: View) -> Iterator[Finding]:
    """The type of market does not agree with the number of segments.

    ## What it checks

    Canvases with a `market_type`: a mass or a niche market has one segment, a segmented or a
    diversified one has at least two. Segments that are left out do not count, and neither do those
    with a `market_type` of their own or that somebody else pays for. Buyer, user and target impact
    of one offer count as one segment; buyers with propositions of their own count each.

    ## Why it matters

    The type of market decides whether there is one offer, channel and relationship, or several. If
    word and list disagree, one half of the canvas is built for another market than the other.
    Source: Osterwalder and Pigneur, "Business Model Generation" (2010); the text on customer
    segments of Product Acuity Consulting.

    ## Example

    ```yaml
    market_type: niche
    segments:
      - {id: labs, name: Hospital laboratories}
      - {id: farms, name: Dairy farms}
    ```

    ## Better

    ```yaml
    market_type: diversified
    segments:
      - {id: labs, name: Hospital laboratories}
      - {id: farms, name: Dairy farms}
    ```
    """
    kind = view.canvas.market_type
    if kind not in _RANGES or not view.canvas.segments:
        return
    counted = [s for s in view.in_play if s.sponsor is None and s.market_type in (None, kind)]
    number = len([s for s in counted if not s.buti]) + _models(view, counted)
    least, most, means = _RANGES[kind]
    if number < least or (most is not None and number > most):
        yield Finding(
            ("market_type",),
            f"a {kind} market {means}, and the canvas has {number} segments.".replace(
                "1 segments", "1 segment"
            ),
            "Choose another type, or set the status of segments that are left out.",
        )


def _models(view: View, counted: list[CanvasSegment]) -> int:
    """How many offers there are to buyer, user and target impact: by what buyers are offered."""
    offered = {
        frozenset(p.id for p in view.canvas.propositions if segment.id in p.segments)
        for segment in counted
        if "buyer" in segment.buti
    }
    return max(len(offered), int(any(segment.buti for segment in counted)))
