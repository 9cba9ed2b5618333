from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW606", "note")
def offer_for_no_need(view: View) -> Iterator[Finding]:
    """A benefit or a relief is promised that answers no need.

    ## What it checks

    Offers under `benefits` and `relieves` that no fit of their proposition names in `by`, where at
    least one fit names some.

    ## Why it matters

    A relief relieves a pain and a benefit creates a gain; one that does neither is a feature in
    disguise. Source: Osterwalder et al., "Value Proposition Design" (2014).

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents}]
    needs: [{id: debt, statement: My kids end up in debt, kind: pain}]
    propositions:
      - id: course
        name: A course in ten evenings
        segments: [parents]
        relieves: [{id: budget, text: They run a budget}, {id: badge, text: They earn badges}]
        fit: [{need: debt, by: [budget]}]
    ```

    ## Better

    ```yaml
    segments: [{id: parents, name: Parents}]
    needs: [{id: debt, statement: My kids end up in debt, kind: pain}]
    propositions:
      - id: course
        name: A course in ten evenings
        segments: [parents]
        relieves: [{id: budget, text: They run a budget}]
        fit: [{need: debt, by: [budget]}]
    ```
    """
    for index, proposition in enumerate(view.canvas.propositions):
        used = {offer for fit in proposition.fit for offer in fit.by}
        if not used:
            continue
        for part in ("benefits", "relieves"):
            for position, offer in enumerate(getattr(proposition, part)):
                if offer.id not in used:
                    yield Finding(
                        ("propositions", index, part, position),
                        f"{brief(offer.text)} answers no need.",
                        "Name it in 'by' of the fit that it serves, or move it to 'features'.",
                    )
