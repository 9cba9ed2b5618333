from collections.abc import Iterator

from forwhom.documents.canvas.kinds import cited
from forwhom.documents.canvas.suspects import GONE, fingerprint_of
from forwhom.documents.mistakes import path_of
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, brief


@rule("FW502", "error")
def suspect_evidence(view: View) -> Iterator[Finding]:
    """The evidence behind a statement has changed since somebody looked.

    ## What it checks

    Citations with a fingerprint (`diary@a1`) that is not the fingerprint of the evidence any more.
    Evidence that is gone is another rule's.

    ## Why it matters

    The statement was true of numbers that are no longer there. It may still hold; a person has to
    look. `forwhom canvas accept` clears it.

    ## Example

    ```yaml
    evidence: [{id: tills, statement: 38% of their trips are on Saturdays, fingerprint: c2}]
    segments:
      - {id: parents, name: Parents, claims: [{text: They shop on Saturdays, evidence: [tills@b7]}]}
    ```

    ## Better

    ```yaml
    evidence: [{id: tills, statement: 38% of their trips are on Saturdays, fingerprint: c2}]
    segments:
      - {id: parents, name: Parents, claims: [{text: Many shop on Saturdays, evidence: [tills@c2]}]}
    ```
    """
    now = {name: fingerprint_of(one) for name, one in view.evidence.items()}
    for location, citation in view.citations:
        name, fingerprint = cited(citation)
        if not fingerprint or now.get(name, GONE) in (GONE, fingerprint):
            continue
        yield Finding(
            location,
            f"the evidence {name!r} behind {path_of(location[:-2])} now says "
            f"{brief(view.evidence[name].statement)}.",
            "Look whether the statement still holds; then: forwhom canvas accept.",
        )
