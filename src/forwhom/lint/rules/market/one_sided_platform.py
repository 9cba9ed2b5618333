from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW1001")
def one_sided_platform(view: View) -> Iterator[Finding]:
    """A multi-sided market has fewer than two sides.

    ## What it checks

    Canvases with `market_type: multi-sided`: the sides of the segments that are not left out. A
    segment that names no `side` is a side by itself.

    ## Why it matters

    A multi-sided model serves interdependent segments, and works only when all of them come: card
    holders and merchants, readers and advertisers. Source: the texts on customer segments of
    CANVAS-13 and of Product Acuity Consulting.

    ## Example

    ```yaml
    market_type: multi-sided
    segments: [{id: riders, name: Riders in the city, side: riders}]
    ```

    ## Better

    ```yaml
    market_type: multi-sided
    segments:
      - {id: riders, name: Riders in the city, side: riders}
      - {id: drivers, name: Drivers with a car of their own, side: drivers}
    ```
    """
    if view.canvas.market_type != "multi-sided" or not view.canvas.segments:
        return
    sides = {segment.side.strip() or segment.id for segment in view.in_play}
    if len(sides) < 2:
        number = "one side only" if sides else "no side"
        yield Finding(
            ("market_type",),
            f"the market is multi-sided, and the canvas has {number}.",
            "Add the segments of the other side, or choose another type of market.",
        )
