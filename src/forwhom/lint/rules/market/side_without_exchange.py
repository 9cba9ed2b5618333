from collections.abc import Iterator

from forwhom.documents.canvas.sides import sides_of
from forwhom.documents.names import name_key
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW1005")
def side_without_exchange(view: View) -> Iterator[Finding]:
    """A side of a multi-sided market brings nothing to another, or comes for nothing.

    ## What it checks

    Canvases with `market_type: multi-sided` and at least two sides: that `exchanges` say of each
    side what it brings to another, and what it gets from one.

    ## Why it matters

    Sides are interdependent: readers come for the paper, advertisers for the readers, and the paper
    needs the advertisers. A side that brings nothing is a cost, and one that gets nothing stays
    away. Source: the texts on customer segments of CANVAS-13 and of Product Acuity Consulting.

    ## Example

    ```yaml
    market_type: multi-sided
    segments: [{id: riders, name: Riders}, {id: drivers, name: Drivers}]
    ```

    ## Better

    ```yaml
    market_type: multi-sided
    segments: [{id: riders, name: Riders}, {id: drivers, name: Drivers}]
    exchanges:
      - {from: drivers, to: riders, brings: A car within minutes, without: They take the bus}
      - {from: riders, to: drivers, brings: Trips all evening, without: They switch off}
    ```
    """
    sides = sides_of(view.canvas.segments)
    if view.canvas.market_type != "multi-sided" or len(sides) < 2:
        return
    numbers = {segment.id: i for i, segment in enumerate(view.canvas.segments)}
    for side, segments in sides.items():
        own = {name_key(side), *(name_key(segment.id) for segment in segments)}
        brings = any(name_key(one.giver) in own for one in view.canvas.exchanges)
        gets = any(name_key(one.receiver) in own for one in view.canvas.exchanges)
        if brings and gets:
            continue
        lacks = "brings to another" if gets else "gets from another"
        if not brings and not gets:
            lacks = "brings to another, and what it gets"
        yield Finding(
            ("segments", numbers[segments[0].id]),
            f"nobody says what the side {side!r} {lacks}.",
            f"Write it under 'exchanges': {{from: {side}, to: …, brings: …, without: …}}.",
        )
