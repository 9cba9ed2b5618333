from collections.abc import Iterator

from forwhom.lint.diagnostic import Finding
from forwhom.lint.registry import rule
from forwhom.lint.view import View


@rule("FW304")
def veto_nobody_influences(view: View) -> Iterator[Finding]:
    """Somebody has a veto, and nobody influences them.

    ## What it checks

    Participants with `veto: true` or with `vetoes` who do not support the purchase, and on whom no
    other participant has an influence.

    ## Why it matters

    A veto that nobody works on is found out at the end, when everything else is done. Seen in time,
    it is a person with a reason. Source: the text on customer segments of CANVAS-13, on
    decision-makers who discourage a purchase; Bonoma, "Major Sales: Who Really Does the Buying?"
    (1982).

    ## Example

    ```yaml
    participants:
      - {id: security, name: Head of security, veto: true, stance: opposes}
      - {id: lead, name: Team lead, stance: supports}
    ```

    ## Better

    ```yaml
    participants:
      - {id: security, name: Head of security, veto: true, stance: opposes}
      - {id: lead, name: Team lead, stance: supports, influences: [{on: security}]}
    ```
    """
    influenced = {
        arrow.on for p in view.canvas.participants for arrow in p.influences if arrow.on != p.id
    }
    for index, participant in enumerate(view.canvas.participants):
        if (
            (participant.veto or participant.vetoes)
            and participant.stance != "supports"
            and participant.id not in influenced
        ):
            yield Finding(
                ("participants", index, "veto" if participant.veto else "vetoes"),
                f"{participant.name!r} can stop the purchase, and nobody influences them.",
                "Find out whom they listen to, and add that in 'influences' of that participant.",
            )
