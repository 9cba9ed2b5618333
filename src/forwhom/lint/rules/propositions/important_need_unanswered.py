from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief

#: From this importance (0 to 10) a need is important.
_IMPORTANT = 7.0


@rule("FW605")
def important_need_unanswered(view: View) -> Iterator[Finding]:
    """An important need is answered by no proposition.

    ## What it checks

    Needs with an importance of at least 7 that are important by more than they are satisfied, of a
    segment that is not left out, when the canvas has propositions and none of them answers the need
    in its `fit`.

    ## Why it matters

    An important need that is badly met is an opportunity: importance + (importance - satisfaction).
    Source: Ulwick, "What Customers Want" (2005). To leave it is a decision; to overlook it is none.

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents}]
    needs: [{id: debt, statement: Keep my kids out of debt, importance: 9, rated_by: 40 parents}]
    propositions: [{id: course, name: A course in ten evenings, segments: [parents]}]
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents}]
    needs: [{id: debt, statement: Keep my kids out of debt, importance: 9, rated_by: 40 parents}]
    propositions:
      - {id: course, name: A course in ten evenings, segments: [parents], fit: [{need: debt}]}
    ```
    """
    if not view.canvas.propositions:
        return
    answered = {f.need for p in view.canvas.propositions for f in p.fit if f.strength != "none"}
    wanted = {segment.id for segment in view.in_play}
    for index, need in enumerate(view.canvas.needs):
        important = need.importance is not None and need.importance >= _IMPORTANT
        met = need.satisfaction is not None and need.satisfaction >= (need.importance or 0)
        ours = not need.segments or bool(wanted & set(need.segments))
        if important and not met and ours and need.id not in answered:
            yield Finding(
                ("needs", index),
                f"the need {brief(need.statement)} has importance {need.importance:g}, and no "
                "proposition answers it.",
                "Answer it in the 'fit' of a proposition, or write down why not.",
            )
