from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW704")
def learning_without_evidence(view: View) -> Iterator[Finding]:
    """Something was learned, and nothing shows from what.

    ## What it checks

    Learnings whose result is `supported` or `refuted`, and that have neither evidence nor
    `data_points`.

    ## Why it matters

    How strong a result is depends on the kind of evidence and on how many observations it rests on:
    five friends and five hundred orders are not the same. Source: the learning card of Strategyzer;
    Bland and Osterwalder, "Testing Business Ideas" (2019).

    ## Example

    ```yaml
    hypotheses:
      - id: pay
        statement: Parents pay
        metric: Orders
        threshold: 5 of 100
        learning: {date: "2026-03-01", observed: They liked it, result: supported}
    ```

    ## Better

    ```yaml
    hypotheses:
      - id: pay
        statement: Parents pay
        metric: Orders
        threshold: 5 of 100
        learning: {date: "2026-03-01", observed: 9 ordered, result: supported, data_points: 140}
    ```
    """
    for index, hypothesis in enumerate(view.canvas.hypotheses):
        learning = hypothesis.learning
        if learning is None or learning.result == "unclear":
            continue
        if not learning.evidence and not learning.data_points:
            yield Finding(
                ("hypotheses", index, "learning"),
                f"nothing shows from what {brief(hypothesis.statement)} is {learning.result}.",
                "Cite evidence, or say in 'data_points' how many observations there were.",
            )
