from collections.abc import Iterator

from forwhom.languages.catalog import later
from forwhom.lint.diagnostic import Finding
from forwhom.lint.grammar import outcome_form
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief
from forwhom.wording import listed


@rule("FW109", words=True)
def outcome_without_measure(view: View) -> Iterator[Finding]:
    """An outcome does not say which way is better, or what is measured.

    ## What it checks

    Needs of kind `outcome`: that they hold a direction ("minimize", "increase") and something that
    can be measured ("the time", "the likelihood", "the number", "how often").

    ## Why it matters

    Customers tell a job done well from one done badly by a few numbers, and an outcome names one of
    them, so that any solution can be held against it. "Easy" cannot be: everybody's solution is.
    Source: Ulwick, "What Customers Want" (2005): direction, measure, object, circumstances.

    ## Example

    ```yaml
    needs:
      - {id: easy, statement: Find missing receipts easily, kind: outcome}
    ```

    ## Better

    ```yaml
    needs:
      - {id: time, statement: Minimize the time it takes to find a missing receipt, kind: outcome}
    ```
    """
    for index, need in enumerate(view.canvas.needs):
        if need.kind != "outcome":
            continue
        way, measure, _ = outcome_form(need.statement, view.words)
        lacking = [what for what, said in (
            (later("which way is better"), way), (later("what is measured"), measure),
        ) if not said]  # fmt: skip
        if lacking:
            yield Finding(
                ("needs", index, "statement"),
                f"{brief(need.statement)} does not say {listed(lacking)}.",
                "Say it as 'minimize the time it takes to …' or 'increase the likelihood that …'.",
            )
