from collections.abc import Iterator

from forwhom.documents.canvas.kinds import cited
from forwhom.documents.canvas.references import is_about_all
from forwhom.documents.canvas.suspects import GONE, fingerprint_of
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW505", "note")
def unused_evidence(view: View) -> Iterator[Finding]:
    """Evidence is listed that nothing cites.

    ## What it checks

    Evidence whose id stands in no citation. What was found of all segments together
    (`segments.structure`, `fairness.age`) is about the whole canvas and is left alone.

    ## Why it matters

    Somebody went to find it out. Either it says something that no claim says yet, or the claim was
    removed and the evidence forgotten.

    ## Example

    ```yaml
    evidence: [{id: diary, statement: 14 of 20 plan the week's meals on Sunday, fingerprint: a1}]
    segments: [{id: parents, name: Parents}]
    ```

    ## Better

    ```yaml
    evidence: [{id: diary, statement: 14 of 20 plan the week's meals on Sunday, fingerprint: a1}]
    segments:
      - {id: parents, name: Parents, claims: [{text: They plan on Sunday, evidence: [diary@a1]}]}
    ```
    """
    used = {cited(citation)[0] for _, citation in view.citations}
    for index, evidence in enumerate(view.canvas.evidence):
        if evidence.id not in used and not is_about_all(evidence.id):
            gone = fingerprint_of(evidence) == GONE
            yield Finding(
                ("evidence", index),
                f"nothing cites the evidence {evidence.id!r}: {brief(evidence.statement)}.",
                "Remove it: it is gone." if gone else "Cite it where it matters, or remove it.",
            )
