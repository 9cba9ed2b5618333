from collections.abc import Iterator

from forwhom.documents.canvas.sides import sides_of
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import listed


@rule("FW1004")
def sides_of_one_market(view: View) -> Iterator[Finding]:
    """The market is not multi-sided, and its segments stand on several sides.

    ## What it checks

    Canvases with another `market_type` than `multi-sided` in which segments that are not left out
    name two or more sides. Segments with a `market_type` of their own are left alone.

    ## Why it matters

    A mass market is one large group with the same needs; sides need each other and want different
    things. With the wrong word, one offer and one price are made for both, and nobody asks what
    happens when one side stays away. Source: the texts on customer segments of CANVAS-13 and of
    Product Acuity Consulting.

    ## Example

    ```yaml
    market_type: mass
    segments:
      - {id: riders, name: Riders in the city, side: riders}
      - {id: drivers, name: Drivers with a car of their own, side: drivers}
    ```

    ## Better

    ```yaml
    market_type: multi-sided
    segments:
      - {id: riders, name: Riders in the city, side: riders}
      - {id: drivers, name: Drivers with a car of their own, side: drivers}
    ```
    """
    kind = view.canvas.market_type
    if kind in (None, "multi-sided"):
        return
    named = [
        side for side, segments in sides_of(view.canvas.segments).items()
        if any(s.side.strip() and s.market_type in (None, kind) for s in segments)
    ]  # fmt: skip
    if len(named) > 1:
        yield Finding(
            ("market_type",),
            f"a {kind} market has one side, and the canvas has {listed(named)}.",
            "Choose 'multi-sided', or take the 'side' away where it means something else.",
        )
