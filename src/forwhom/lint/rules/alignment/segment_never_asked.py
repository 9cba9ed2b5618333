from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View
from forwhom.wording import listed


@rule("FW903", "note")
def segment_never_asked(view: View) -> Iterator[Finding]:
    """A segment was rated by others only.

    ## What it checks

    Segments with ratings, in the canvas or in `alignment.file`, none of which is `mode: direct`;
    one finding for the whole canvas.

    ## Why it matters

    The exercise is often done by the team alone. Its guess about those who have least say, the
    people of the target impact, is the one that is most often wrong, and the cheapest to check.
    Source: the UNITE text on customer segments: perceived wants are not wants.

    ## Example

    ```yaml
    segments: [{id: pupils, name: Pupils}]
    needs: [{id: faces, statement: See characters that look like us}]
    alignment:
      ratings: [{rater: r1, mode: proxy, segment: pupils, item: faces, value: 5}]
    ```

    ## Better

    ```yaml
    segments: [{id: pupils, name: Pupils}]
    needs: [{id: faces, statement: See characters that look like us}]
    alignment:
      ratings: [{rater: p7, mode: direct, segment: pupils, item: faces, value: 3}]
    ```
    """
    alignment = view.canvas.alignment
    if alignment is None or (alignment.file and view.ratings is None):
        return
    ratings = alignment.ratings if view.ratings is None else view.ratings
    asked = {r.segment for r in ratings if r.mode == "direct"}
    guessed = dict.fromkeys(r.segment for r in ratings if r.segment not in asked)
    if guessed:
        yield Finding(
            ("alignment", "ratings"),
            f"others rated for {listed(list(guessed))}; nobody of them was asked.",
            "Let some of them rate for themselves ('mode: direct').",
        )
