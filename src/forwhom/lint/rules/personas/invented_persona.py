from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW402")
def invented_persona(view: View) -> Iterator[Finding]:
    """A persona rests on nothing.

    ## What it checks

    Personas that have neither claims nor typical values. A persona of open questions only, without
    a summary, is left alone.

    ## Why it matters

    A persona with a name and a story is remembered, and believed. The UNITE text on customer
    segments says that personas must represent reality, and names inventing them the common mistake.

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents}]
    personas:
      - {id: anna, name: Anna, segment: parents, summary: Anna loves to plan and hates to waste.}
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents}]
    evidence: [{id: diary, statement: 14 of 20 plan on Sunday, fingerprint: a1}]
    personas:
      - id: weekly
        name: Weekly planner
        segment: parents
        claims: [{text: Plans the week on Sunday, evidence: [diary@a1]}]
    ```
    """
    for index, persona in enumerate(view.canvas.personas):
        told = bool(persona.summary.strip()) or not persona.open_questions
        if told and not any(persona.said()) and not persona.typical:
            yield Finding(
                ("personas", index),
                f"the persona {persona.name!r} rests on nothing: no claims, no typical values.",
                "Add claims that cite evidence, or 'open_questions' only, without a story.",
            )
