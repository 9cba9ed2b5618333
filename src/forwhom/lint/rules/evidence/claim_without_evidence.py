from collections.abc import Iterator

from forwhom.documents.canvas.references import claims
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW501")
def claim_without_evidence(view: View) -> Iterator[Finding]:
    """A claim cites no evidence.

    ## What it checks

    Claims of segments and personas that have no `evidence`.

    ## Why it matters

    A claim without evidence is an assumption, which is fine under its own name: an open question or
    a hypothesis. As a claim it is repeated until it is true. Source: the UNITE text on customer
    segments: firms base solutions on a perceived understanding of their customers.

    ## Example

    ```yaml
    segments: [{id: parents, name: Parents, claims: [{text: They shop on Saturdays}]}]
    ```

    ## Better

    ```yaml
    evidence: [{id: tills, statement: 61% of their trips are on Saturdays, fingerprint: b7}]
    segments:
      - {id: parents, name: Parents, claims: [{text: They shop on Saturdays, evidence: [tills@b7]}]}
    ```
    """
    for location, claim in claims(view.canvas):
        if not claim.evidence:
            yield Finding(
                location,
                f"the claim {brief(claim.text)} cites no evidence.",
                "Cite some, or make it an open question or a hypothesis.",
            )
