from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW601")
def proposition_for_nobody(view: View) -> Iterator[Finding]:
    """A proposition is for nobody.

    ## What it checks

    Propositions without `segments`, and propositions all of whose segments are ignored or no
    customers.

    ## Why it matters

    For whom are we creating value? is the first question of every business model. An offer that
    names nobody is a product looking for people. Source: Osterwalder and Pigneur, "Business Model
    Generation" (2010).

    ## Example

    ```yaml
    propositions:
      - {id: course, name: A course in ten evenings}
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents who want their kids to handle money}]
    propositions:
      - {id: course, name: A course in ten evenings, segments: [parents]}
    ```
    """
    wanted = {segment.id for segment in view.in_play}
    for index, proposition in enumerate(view.canvas.propositions):
        if not proposition.segments:
            problem = "is for no segment"
        elif not wanted & set(proposition.segments):
            problem = "is only for segments that the team has left out"
        else:
            continue
        yield Finding(
            ("propositions", index),
            f"the proposition {proposition.name!r} {problem}.",
            "Name a segment that is served, or take the proposition out.",
        )
