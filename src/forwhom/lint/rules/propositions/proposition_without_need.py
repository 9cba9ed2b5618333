from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW602")
def proposition_without_need(view: View) -> Iterator[Finding]:
    """A proposition answers no need.

    ## What it checks

    Propositions whose `fit` is empty, or holds only fits of the strength `none`.

    ## Why it matters

    A fit between problem and solution is an important need, not met today, and an offer that meets
    it. Without the need, the offer is a list of features. Source: the UNITE text on customer
    segments; Osterwalder et al., "Value Proposition Design" (2014).

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents}]
    needs: [{id: handle, statement: Teach my kids how to handle money}]
    propositions: [{id: course, name: A course in ten evenings, segments: [parents]}]
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents}]
    needs: [{id: handle, statement: Teach my kids how to handle money}]
    propositions:
      - id: course
        name: A course in ten evenings
        segments: [parents]
        fit: [{need: handle, how: "Kids keep a week's money themselves", strength: partial}]
    ```
    """
    for index, proposition in enumerate(view.canvas.propositions):
        if not any(fit.strength != "none" for fit in proposition.fit):
            yield Finding(
                ("propositions", index),
                f"the proposition {proposition.name!r} answers no need.",
                "Say in 'fit' which need it answers, and how.",
            )
