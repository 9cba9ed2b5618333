from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW110", "note")
def outcome_of_no_job(view: View) -> Iterator[Finding]:
    """An outcome does not say of which job.

    ## What it checks

    Needs of kind `outcome` without `of`.

    ## Why it matters

    An outcome says by what a job is done well. Without the job, nobody knows what takes the time
    that should be shorter, and whose it is. Source: Ulwick, "What Customers Want" (2005).

    ## Example

    ```yaml
    needs:
      - {id: close, statement: Close the books of a month}
      - {id: time, statement: Minimize the time to find a receipt, kind: outcome}
    ```

    ## Better

    ```yaml
    needs:
      - {id: close, statement: Close the books of a month}
      - {id: time, statement: Minimize the time to find a receipt, kind: outcome, of: close}
    ```
    """
    for index, need in enumerate(view.canvas.needs):
        if need.kind == "outcome" and need.of is None:
            yield Finding(
                ("needs", index),
                f"the outcome {brief(need.statement)} belongs to no job.",
                "Name the job that is done better by it: 'of'.",
            )
