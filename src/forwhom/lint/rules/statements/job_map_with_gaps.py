from collections.abc import Iterator
from typing import get_args

from forwhom.documents.canvas.kinds import JobStep
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief
from forwhom.wording import listed


@rule("FW112", "note")
def job_map_with_gaps(view: View) -> Iterator[Finding]:
    """The map of a job has steps of which nobody said anything.

    ## What it checks

    Jobs with needs at some of the eight steps (define, locate, prepare, confirm, execute, monitor,
    modify, conclude): that every step has one.

    ## Why it matters

    Teams know the step in which their product is used, and not what comes before and after it.
    That is where people wait, search and start over, and where others come in. Source: Bettencourt
    and Ulwick, "The Customer-Centered Innovation Map" (2008).

    ## Example

    ```yaml
    needs:
      - {id: close, statement: Close the books of a month}
      - {id: find, statement: Find the receipts of a month, of: close, step: locate}
    ```

    ## Better

    ```yaml
    needs:
      - {id: close, statement: Close the books of a month}
      - {id: which, statement: Know which month is due, of: close, step: define}
      - {id: find, statement: Find the receipts of a month, of: close, step: locate}
      - {id: sort, statement: Sort receipts by day, of: close, step: prepare}
      - {id: all, statement: Be sure that none is missing, of: close, step: confirm}
      - {id: enter, statement: Enter each receipt, of: close, step: execute}
      - {id: sums, statement: See early that a sum is wrong, of: close, step: monitor}
      - {id: mend, statement: Mend an entry without starting over, of: close, step: modify}
      - {id: hand, statement: Hand the month in, of: close, step: conclude}
    ```
    """
    for index, job in enumerate(view.canvas.needs):
        said = {need.step for need in view.canvas.needs if need.of == job.id} - {None}
        missing = [step for step in get_args(JobStep) if step not in said]
        if said and missing:
            yield Finding(
                ("needs", index),
                f"nobody has said what happens at {listed(missing, most=None)} of "
                f"{brief(job.statement)}.",
                "Ask how they did it the last time, from beginning to end, and add needs with "
                "'of' and 'step'.",
            )
