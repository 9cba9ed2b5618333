from collections.abc import Iterator

from forwhom.documents.canvas.kinds import cited
from forwhom.documents.canvas.suspects import GONE, fingerprint_of
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW503", "note")
def citation_without_fingerprint(view: View) -> Iterator[Finding]:
    """Evidence is cited without its fingerprint.

    ## What it checks

    Citations that name evidence alone (`diary`), and not the state that somebody looked at
    (`diary@a1`). Evidence that is gone has no such state, and is another rule's.

    ## Why it matters

    Only a citation with a fingerprint becomes suspect when the evidence changes. Without it, a
    refit or a new round of interviews leaves the statement standing.

    ## Example

    ```yaml
    evidence: [{id: tills, statement: 61% of their trips are on Saturdays, fingerprint: b7}]
    segments:
      - {id: parents, name: Parents, claims: [{text: They shop on Saturdays, evidence: [tills]}]}
    ```

    ## Better

    ```yaml
    evidence: [{id: tills, statement: 61% of their trips are on Saturdays, fingerprint: b7}]
    segments:
      - {id: parents, name: Parents, claims: [{text: They shop on Saturdays, evidence: [tills@b7]}]}
    ```
    """
    for location, citation in view.citations:
        name, fingerprint = cited(citation)
        if not fingerprint and name in view.evidence:
            now = fingerprint_of(view.evidence[name])
            if now == GONE:
                continue
            yield Finding(
                location,
                f"the evidence {name!r} is cited without its fingerprint.",
                f"Write {name}@{now}, if you have looked at it as it is now.",
            )
