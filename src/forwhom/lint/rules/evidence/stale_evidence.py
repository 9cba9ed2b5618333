from collections.abc import Iterator

from forwhom.documents.canvas.kinds import cited
from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View, day


@rule("FW504")
def stale_evidence(view: View) -> Iterator[Finding]:
    """Evidence that something rests on is old.

    ## What it checks

    Evidence that is cited and whose `date` is longer ago than `lint: stale_after_days` (365 days
    when nothing is said).

    ## Why it matters

    Customers change, and what was true of them two years ago is a hypothesis today. The date makes
    that visible only if somebody looks at it.

    ## Example

    ```yaml
    evidence: [{id: diary, statement: 14 of 20 plan on Sunday, date: "2019-05-01", fingerprint: a1}]
    segments:
      - {id: parents, name: Parents, claims: [{text: They plan on Sunday, evidence: [diary@a1]}]}
    ```

    ## Better

    ```yaml
    evidence: [{id: diary, statement: 12 of 20 plan on Sunday, date: "2026-01-10", fingerprint: a2}]
    segments:
      - {id: parents, name: Parents, claims: [{text: They plan on Sunday, evidence: [diary@a2]}]}
    ```
    """
    used = {cited(citation)[0] for _, citation in view.citations}
    for index, evidence in enumerate(view.canvas.evidence):
        when = day(evidence.date)
        if when is None or evidence.id not in used:
            continue
        age = (view.today - when).days
        if age > view.stale_after_days:
            yield Finding(
                ("evidence", index, "date"),
                f"the evidence {evidence.id!r} is {age} days old; stale after "
                f"{view.stale_after_days}.",
                "Ask or measure again, or say in 'lint: stale_after_days' how long it holds.",
            )
