from collections.abc import Iterator

from forwhom.languages.catalog import later
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View

_SAID = {
    "serve": later("served"),
    "ignore": later("ignored"),
    "not-a-customer": later("no customer"),
}


@rule("FW204")
def unexplained_decision(view: View) -> Iterator[Finding]:
    """A segment is decided, and reason or date are missing.

    ## What it checks

    Segments whose status is not `candidate`: that they have a `decision` with a reason and a date.

    ## Why it matters

    A decision whose reason is lost can neither be defended nor be revised when the reason is gone.
    The text on customer segments of Product Acuity Consulting asks for a conscious decision; a date
    tells which evidence it can have rested on.

    ## Example

    ```yaml
    segments:
      - {id: schools, name: Schools, status: ignore}
    ```

    ## Better

    ```yaml
    segments:
      - id: schools
        name: Schools
        status: ignore
        decision: {reason: They buy once a year through a tender., date: "2026-03-01", by: Ada}
    ```
    """
    for index, segment in enumerate(view.canvas.segments):
        if segment.status == "candidate":
            continue
        decision = segment.decision
        if decision is None or not decision.reason.strip():
            missing = "nobody says why"
        elif decision.date is None:
            missing = "nobody says since when"
        else:
            continue
        yield Finding(
            ("segments", index, "status" if decision is None else "decision"),
            f"the segment {segment.id!r} is {_SAID[segment.status]}, and {missing}.",
            "Add a 'decision' with 'reason' and 'date'.",
        )
