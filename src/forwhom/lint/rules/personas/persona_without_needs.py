from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW403", "note")
def persona_without_needs(view: View) -> Iterator[Finding]:
    """A persona wants nothing, and nobody asks what.

    ## What it checks

    Personas whose segment has no needs, and that have no open questions either.

    ## Why it matters

    What does this person want to get done, what stands in the way, what is a good day? Without
    that, a persona is a portrait. Source: the UNITE text on customer segments, on goals and
    barriers; Cooper, "The Inmates Are Running the Asylum" (1999).

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents}]
    personas:
      - {id: weekly, name: Weekly planner, segment: parents, typical: {trips a week: "1"}}
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents}]
    personas:
      - id: weekly
        name: Weekly planner
        segment: parents
        typical: {trips a week: "1"}
        open_questions: [What do they want to achieve on that one trip?]
    ```
    """
    for index, persona in enumerate(view.canvas.personas):
        if not view.needs_of[persona.segment] and not persona.open_questions:
            yield Finding(
                ("personas", index),
                f"the persona {persona.name!r} wants nothing: its segment has no needs.",
                "Add needs of the segment, or say in 'open_questions' what nobody knows yet.",
            )
