from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View

#: A longer claim says more than the word of a census that it holds.
_WORDS = 12


@rule("FW401", words=True)
def demographic_persona(view: View) -> Iterator[Finding]:
    """A persona says only demographics.

    ## What it checks

    Personas all of whose typical values and claims speak of age, sex, income, education, family or
    the like, or stand under `demographics`.

    ## Why it matters

    Demographics do not tell how a person behaves. The UNITE text on customer segments calls them
    the least useful part of a persona, and asks for the parameters that matter for the design:
    goals, barriers, routines.

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents}]
    personas:
      - {id: anna, name: Anna, segment: parents, typical: {age: "38", household income: "52,000"}}
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents}]
    personas:
      - {id: weekly, name: Weekly planner, segment: parents, typical: {age: "38", trips: "1"}}
    ```
    """
    for index, persona in enumerate(view.canvas.personas):
        said = list(persona.said())
        facts = [*persona.typical, *(c.text for part, _, c in said if part != "demographics")]
        known = [f for f in facts if len(f.split()) <= _WORDS and view.words.find("demographic", f)]
        if (facts or said) and len(known) == len(facts):
            yield Finding(
                ("personas", index),
                f"the persona {persona.name!r} says only demographics.",
                "Add what this person does, wants and cannot do, from evidence.",
            )
