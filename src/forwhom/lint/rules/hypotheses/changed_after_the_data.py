from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief, day


@rule("FW703", "error")
def changed_after_the_data(view: View) -> Iterator[Finding]:
    """A hypothesis was stated or changed after its data were in.

    ## What it checks

    Hypotheses whose `stated` or `changed` is later than the date of their `learning`.

    ## Why it matters

    A threshold that is set when the result is known always fits. What was learned is then a new
    hypothesis, to be tested on new data. Source: Kerr, "HARKing: Hypothesizing After the Results
    are Known" (1998).

    ## Example

    ```yaml
    hypotheses:
      - id: pay
        statement: Parents pay
        metric: Orders
        threshold: 2 of 100
        changed: "2026-03-09"
        learning: {date: "2026-03-01", observed: 2 of 80, result: supported, data_points: 80}
    ```

    ## Better

    ```yaml
    hypotheses:
      - id: pay
        statement: Parents pay
        metric: Orders
        threshold: 5 of 100
        stated: "2026-02-01"
        learning: {date: "2026-03-01", observed: 2 of 80, result: refuted, data_points: 80}
    ```
    """
    for index, hypothesis in enumerate(view.canvas.hypotheses):
        seen = day(hypothesis.learning.date) if hypothesis.learning is not None else None
        for field in ("stated", "changed"):
            when = day(getattr(hypothesis, field))
            if seen is not None and when is not None and when > seen:
                yield Finding(
                    ("hypotheses", index, field),
                    f"the hypothesis {brief(hypothesis.statement)} was "
                    f"{'stated' if field == 'stated' else 'changed'} on {when}, and its data were "
                    f"in on {seen}.",
                    "Keep what was tested, and state what you think now as a new hypothesis.",
                )
