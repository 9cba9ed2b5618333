from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW705")
def critical_and_untested(view: View) -> Iterator[Finding]:
    """A critical hypothesis is not tested.

    ## What it checks

    Hypotheses that are `critical`, have no `learning`, and either no `test` is planned, or another
    hypothesis that is not critical was tested already.

    ## Why it matters

    What the model falls with is to be tested first: a test that fails early costs least. Source:
    Bland and Osterwalder, "Testing Business Ideas" (2019); Ries, "The Lean Startup" (2011), on
    leaps of faith.

    ## Example

    ```yaml
    hypotheses:
      - {id: pay, statement: Parents pay, metric: Orders, threshold: 5 of 100, critical: true}
    ```

    ## Better

    ```yaml
    hypotheses:
      - id: pay
        statement: Parents pay
        test: Offer it on a page before it exists
        metric: Orders
        threshold: 5 of 100
        critical: true
    ```
    """
    hypotheses = view.canvas.hypotheses
    others = [h.id for h in hypotheses if h.learning is not None and not h.critical]
    for index, hypothesis in enumerate(hypotheses):
        if not hypothesis.critical or hypothesis.learning is not None:
            continue
        if not hypothesis.test.strip():
            problem = "is critical, and no test of it is planned"
        elif others:
            problem = f"is critical and untested, while {others[0]!r} was tested before it"
        else:
            continue
        yield Finding(
            ("hypotheses", index),
            f"the hypothesis {brief(hypothesis.statement)} {problem}.",
            "Test first what the model falls with.",
        )
