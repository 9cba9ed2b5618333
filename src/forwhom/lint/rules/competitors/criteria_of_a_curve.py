from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import count

_LEAST, _MOST = 5, 10


@rule("FW1102", "note")
def criteria_of_a_curve(view: View) -> Iterator[Finding]:
    """A value curve has fewer than five or more than ten criteria.

    ## What it checks

    The number of `points` of each value curve.

    ## Why it matters

    With few criteria everybody looks alike; with many, nobody sees the shape that makes an offer
    different. Source: Kim and Mauborgne, "Blue Ocean Strategy" (2005), on the strategy canvas.

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents}]
    value_curves:
      - {id: v, segment: parents, points: [{criterion: price, scores: {ours: 4}}]}
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents}]
    value_curves:
      - id: v
        segment: parents
        points:
          - {criterion: price, scores: {ours: 4}}
          - {criterion: fun, scores: {ours: 8}}
          - {criterion: time for parents, scores: {ours: 7}}
          - {criterion: what is learned, scores: {ours: 8}}
          - {criterion: privacy, scores: {ours: 9}}
    ```
    """
    for index, curve in enumerate(view.canvas.value_curves):
        number = len(curve.points)
        if not _LEAST <= number <= _MOST:
            said = count(number, "criterion", "criteria")
            yield Finding(
                ("value_curves", index),
                f"the value curve {curve.id!r} has {said}, not {_LEAST} to {_MOST}.",
                "Keep the criteria that matter to this segment, and add those that are missing.",
            )
