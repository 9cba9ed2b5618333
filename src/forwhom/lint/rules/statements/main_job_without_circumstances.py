from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief

#: A verb, its article and its object.
_BARE = 3


@rule("FW113", "note", words=True)
def main_job_without_circumstances(view: View) -> Iterator[Finding]:
    """A main job is a verb and an object, without when, where or for whom.

    ## What it checks

    Jobs to which other needs belong (`of`) whose statement has no more than three words after "I
    need to" and the like.

    ## Why it matters

    "Close the books" is one job for a shop that does it at night and another for an accountant who
    does it for forty shops. The circumstances say whose job the map is of. Source: Ulwick, "What
    Customers Want" (2005): one verb, one object, one context.

    ## Example

    ```yaml
    needs:
      - {id: close, statement: Close the books}
      - {id: find, statement: Find the receipts of a month, of: close}
    ```

    ## Better

    ```yaml
    needs:
      - {id: close, statement: Close the books of a month without a bookkeeper}
      - {id: find, statement: Find the receipts of a month, of: close}
    ```
    """
    mains = {need.of for need in view.canvas.needs}
    for job in view.jobs:
        need = view.canvas.needs[int(job.location[1])]
        if need.id in mains and len(job.without_lead_in.split()) <= _BARE:
            yield Finding(
                job.location,
                f"{brief(job.statement)} does not say under which circumstances.",
                "Say when, where, for whom or with what: 'close the books of a month without a "
                "bookkeeper'.",
            )
