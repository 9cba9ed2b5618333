from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW1006", "note")
def exchange_without_effect(view: View) -> Iterator[Finding]:
    """Nobody says what happens on one side when the other is missing.

    ## What it checks

    `exchanges` whose `without` is empty.

    ## Why it matters

    Both sides are needed for the model to work. Which of them can be missing for a while, and which
    cannot, says where to begin and what to pay for. Source: the text on customer segments of
    Product Acuity Consulting; Rochet and Tirole, "Platform Competition in Two-Sided Markets"
    (2003).

    ## Example

    ```yaml
    segments: [{id: readers, name: Readers}, {id: shops, name: Shops that advertise}]
    exchanges: [{from: readers, to: shops, brings: People who live around the corner}]
    ```

    ## Better

    ```yaml
    segments: [{id: readers, name: Readers}, {id: shops, name: Shops that advertise}]
    exchanges:
      - from: readers
        to: shops
        brings: People who live around the corner
        without: They put a sign into the window and stop paying
    ```
    """
    for index, one in enumerate(view.canvas.exchanges):
        if not one.without.strip():
            yield Finding(
                ("exchanges", index),
                f"nobody says what happens to {one.receiver!r} when {one.giver!r} is missing.",
                "Say it in 'without': who leaves, and how soon.",
            )
