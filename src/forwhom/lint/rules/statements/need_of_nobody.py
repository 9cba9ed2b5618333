from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW108")
def need_of_nobody(view: View) -> Iterator[Finding]:
    """A need does not say which segment has it.

    ## What it checks

    Needs without `segments`, in a canvas that has at least two segments.

    ## Why it matters

    Groups are separate segments when their needs call for different offers. A need that floats
    above all segments hides the very difference that made them two. Source: the text on customer
    segments of Product Acuity Consulting; Osterwalder and Pigneur, "Business Model Generation"
    (2010).

    ## Example

    ```yaml
    segments: [{id: clients, name: Clients}, {id: talents, name: Freelancers}]
    needs:
      - {id: paid, statement: Get paid on time}
    ```

    ## Better

    ```yaml
    segments: [{id: clients, name: Clients}, {id: talents, name: Freelancers}]
    needs:
      - {id: paid, statement: Get paid on time, segments: [talents]}
    ```
    """
    if len(view.canvas.segments) < 2:
        return
    for index, need in enumerate(view.canvas.needs):
        if not need.segments:
            yield Finding(
                ("needs", index),
                f"no segment has the need {brief(need.statement)}.",
                "Name those who have it in 'segments'; if all do, name all.",
            )
