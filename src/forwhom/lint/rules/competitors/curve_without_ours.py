from collections.abc import Iterator

from forwhom.documents.canvas.strategy import OURS
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import listed


@rule("FW1103")
def curve_without_ours(view: View) -> Iterator[Finding]:
    """A value curve lacks our score on some criterion.

    ## What it checks

    Points of value curves whose `scores` do not hold `ours`.

    ## Why it matters

    The curve shows where we differ from others; where our own point is missing, it shows a gap that
    may be one of the drawing only. Source: Kim and Mauborgne, "Blue Ocean Strategy" (2005), on the
    strategy canvas.

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents}]
    competitors: [{id: bank, name: The app of the bank}]
    value_curves:
      - {id: v, segment: parents, points: [{criterion: price, scores: {bank: 9}}]}
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents}]
    competitors: [{id: bank, name: The app of the bank}]
    value_curves:
      - {id: v, segment: parents, points: [{criterion: price, scores: {ours: 4, bank: 9}}]}
    ```
    """
    for index, curve in enumerate(view.canvas.value_curves):
        missing = [point.criterion for point in curve.points if OURS not in point.scores]
        if missing:
            yield Finding(
                ("value_curves", index),
                f"the value curve {curve.id!r} has no score of ours for {listed(missing)}.",
                "Add 'ours' to the scores; 0 where we offer nothing.",
            )
