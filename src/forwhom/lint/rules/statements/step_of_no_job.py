from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW111")
def step_of_no_job(view: View) -> Iterator[Finding]:
    """A need stands at a step of no job, or belongs to something that is no job.

    ## What it checks

    Needs with a `step` and without `of`; and needs whose `of` names a need that is not of the kind
    `job`.

    ## Why it matters

    The steps of a map (define, locate, prepare and so on) are those of one job. A step of nothing,
    or of a fear, stands on no map and is never looked at. Source: Bettencourt and Ulwick, "The
    Customer-Centered Innovation Map" (2008). `forwhom canvas job-map` draws the maps.

    ## Example

    ```yaml
    needs:
      - {id: close, statement: Close the books of a month}
      - {id: find, statement: Find the receipts of a month, step: locate}
    ```

    ## Better

    ```yaml
    needs:
      - {id: close, statement: Close the books of a month}
      - {id: find, statement: Find the receipts of a month, of: close, step: locate}
    ```
    """
    for index, need in enumerate(view.canvas.needs):
        if need.of is None and need.step is not None:
            yield Finding(
                ("needs", index, "step"),
                f"{brief(need.statement)} stands at the step {need.step!r} of no job.",
                "Name the job whose step that is: 'of'.",
            )
        elif need.of is not None and view.needs[need.of].kind != "job":
            yield Finding(
                ("needs", index, "of"),
                f"{need.of!r} is a {view.needs[need.of].kind}, and only a job has parts.",
                "Name a job under 'of', or leave it out.",
            )
