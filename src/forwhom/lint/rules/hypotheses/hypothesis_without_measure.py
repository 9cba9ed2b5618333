from collections.abc import Iterator

from forwhom.languages.catalog import later
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief
from forwhom.wording import listed


@rule("FW701")
def hypothesis_without_measure(view: View) -> Iterator[Finding]:
    """A hypothesis has no metric or no threshold.

    ## What it checks

    Hypotheses without `metric` or without `threshold`.

    ## Why it matters

    Without saying beforehand what is measured and from which value on we are right, every result
    confirms what we believed. Source: the test card of Strategyzer (we believe, to verify, and
    measure, right if); the text on customer segments of CANVAS-13, on testing hypotheses.

    ## Example

    ```yaml
    hypotheses:
      - {id: pay, statement: Parents pay for lessons about money}
    ```

    ## Better

    ```yaml
    hypotheses:
      - id: pay
        statement: Parents pay for lessons about money
        metric: Orders among visitors of the page
        threshold: at least 5 of 100
    ```
    """
    for index, hypothesis in enumerate(view.canvas.hypotheses):
        missing = [
            n for n in (later("metric"), later("threshold")) if not getattr(hypothesis, n).strip()
        ]
        if missing:
            yield Finding(
                ("hypotheses", index),
                f"the hypothesis {brief(hypothesis.statement)} has no "
                f"{listed(missing, last='or')}.",
                "Say what is measured, and from which value on we are right.",
            )
