from collections.abc import Iterator

from forwhom.documents.canvas.kinds import cited
from forwhom.documents.canvas.suspects import GONE, fingerprint_of
from forwhom.documents.mistakes import path_of
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW508", "error")
def evidence_gone(view: View) -> Iterator[Finding]:
    """The evidence behind a statement is gone.

    ## What it checks

    Citations of evidence whose fingerprint is `gone`: a later segmentation no longer has it. They
    are found with any fingerprint, with none, and when they cite `@gone` themselves.

    ## Why it matters

    A changed number can be looked at again; here there is nothing left to look at. Nobody can
    accept such a statement, so it needs other evidence, or must become a question or go.

    ## Example

    ```yaml
    evidence: [{id: segment-2.size, statement: It has 31% of customers, fingerprint: gone}]
    segments:
      - {id: parents, name: Parents, claims: [{text: A third is here, evidence: [segment-2.size]}]}
    ```

    ## Better

    ```yaml
    evidence: [{id: tills, statement: 33% of baskets are theirs, fingerprint: b7}]
    segments:
      - {id: parents, name: Parents, claims: [{text: A third is here, evidence: [tills@b7]}]}
    ```
    """
    gone = {name for name, one in view.evidence.items() if fingerprint_of(one) == GONE}
    for location, citation in view.citations:
        name = cited(citation)[0]
        if name in gone:
            yield Finding(
                location,
                f"the evidence {name!r} behind {path_of(location[:-2])} is gone.",
                "Cite other evidence, make it an open question or a hypothesis, or take it away.",
            )
