from collections.abc import Iterator

from forwhom.documents.market import RANGES, counted_segments, fits
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import count


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
    if kind is None or kind not in RANGES or not view.canvas.segments:
        return
    number = counted_segments(view.canvas, kind)
    if not fits(kind, number):
        yield Finding(
            ("market_type",),
            f"a {kind} market {RANGES[kind][2]}, and the canvas has {count(number, 'segment')}.",
            "Choose another type, or set the status of segments that are left out.",
        )
