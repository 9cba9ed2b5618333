from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW1003", "note")
def segment_without_side(view: View) -> Iterator[Finding]:
    """A segment of a multi-sided market does not say on which side it stands.

    ## What it checks

    Canvases with `market_type: multi-sided`: that segments that are not left out name their `side`.
    A segment with a `market_type` of its own is left alone, and so is one that is only target
    impact: it benefits from the platform and trades with nobody there.

    ## Why it matters

    Each side comes for the other, so a model must say who they are. A segment without a side is
    counted as one of its own, and a second segment of buyers then passes for the sellers. Source:
    the texts on customer segments of CANVAS-13 and of Product Acuity Consulting.

    ## Example

    ```yaml
    market_type: multi-sided
    segments:
      - {id: riders, name: Riders in the city, side: riders}
      - {id: drivers, name: Drivers with a car of their own}
    ```

    ## Better

    ```yaml
    market_type: multi-sided
    segments:
      - {id: riders, name: Riders in the city, side: riders}
      - {id: drivers, name: Drivers with a car of their own, side: drivers}
    ```
    """
    if view.canvas.market_type != "multi-sided":
        return
    for index, segment in enumerate(view.canvas.segments):
        ours = segment.status in ("serve", "candidate") and segment.market_type in (
            None,
            "multi-sided",
        )
        if ours and not segment.side.strip() and segment.buti != ["target-impact"]:
            yield Finding(
                ("segments", index),
                f"the market is multi-sided, and nobody says on which side {segment.id!r} stands.",
                "Name its 'side'; segments that come for the same reason share one.",
            )
