from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW406", "note")
def design_fact_without_reason(view: View) -> Iterator[Finding]:
    """A fact is called relevant to the design, and nobody says why.

    ## What it checks

    `design_relevant` of personas: that each fact has a `why`.

    ## Why it matters

    Nearly every fact of a persona can be true and change nothing. What makes one relevant is the
    decision that it leads to; without that decision it is decoration. Source: the UNITE text on
    customer segments, on design-relevant parameters.

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents}]
    personas:
      - id: weekly
        name: Weekly planner
        segment: parents
        design_relevant: [{text: Has fifteen minutes on a weekday}]
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents}]
    personas:
      - id: weekly
        name: Weekly planner
        segment: parents
        design_relevant: [{text: Has fifteen minutes on a weekday, why: No task takes longer}]
    ```
    """
    for index, persona in enumerate(view.canvas.personas):
        for position, fact in enumerate(persona.design_relevant):
            if not fact.why.strip():
                yield Finding(
                    ("personas", index, "design_relevant", position),
                    f"{brief(fact.text)} matters for the design, and nobody says why.",
                    "Say under 'why' what will be built otherwise because of it.",
                )
